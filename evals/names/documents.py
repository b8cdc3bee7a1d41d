"""Texts with labelled names: one shape for every set, whatever its file looks like.

* seeds: span, type, canonical name, Wikidata id where known; optional spans count neither way. Five
  documents that rules were written on: a development figure.
* news_paragraphs, rss_sentences, kore50: span of any type, Wikidata id or none. Gold is what is
  printed with a capital and is no pronoun, quantity or date; nested labels count neither way.
  Labels of ``rss_sentences`` are not exhaustive: its precision is only good for comparison.
* local_news: spans of places.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.normalise.annotate import annotate
from pipelines.normalise.records import Annotation, Mention, Text

GEOGRAPHIC = "Q27096213"
"""Wikidata's geographic entity, as the entity-linking sets type their labels."""
TYPES = {
    "PERSON": "person",
    "ORG": "organization",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "nationality",
    "EVENT": "event",
}
"""OntoNotes' labels, which the seeds and spaCy's models bear, as mention types; dates, amounts, works,
laws and languages are no mentions."""
LINKED_SETS = ("news_paragraphs", "rss_sentences", "kore50")

Place = tuple[str, bool, int, int]
"""Document, in the headline, start, end."""


@dataclass(frozen=True, slots=True)
class Canonical:
    """Whom or what a label of the seeds means."""

    label: str
    """PERSON, GPE, NORP, …"""
    name: str
    country: str | None
    """Of a nationality: the country's name."""


@dataclass
class Document:
    """One labelled text."""

    key: str
    text: Text
    gold: dict[Place, str]
    """Span and type; the type is empty where the set has none."""
    optional: set[Place] = field(default_factory=set)
    links: dict[Place, str] = field(default_factory=dict)
    """Wikidata ids of labels, optional ones too."""
    unknown: set[Place] = field(default_factory=set)
    """Labels that say: Wikidata does not have it."""
    not_places: set[Place] = field(default_factory=set)
    """Labels whose entity is no place, whatever is printed."""
    window: tuple[int, int] | None = None
    """The labelled part of the body; None: all of it."""
    canonical: dict[Place, Canonical] = field(default_factory=dict)

    @functools.cached_property
    def annotation(self) -> Annotation:
        """What ``annotate`` makes of the text."""
        return annotate(self.text)

    def place(self, mention: Mention) -> Place:
        """Where a mention stands."""
        return self.key, mention.in_headline, mention.start_char, mention.end_char

    def labelled(self, place: Place) -> bool:
        """Whether a span lies in the labelled part and is not optional."""
        if place in self.optional:
            return False
        return self.window is None or (self.window[0] <= place[2] and place[3] <= self.window[1])


def overlap(one: Place, other: Place) -> int:
    """Code points that two spans of one document share."""
    if one[:2] != other[:2]:
        return 0
    return max(0, min(one[3], other[3]) - max(one[2], other[2]))


def seeds(gold: Path) -> Iterator[Document]:
    """The labelled documents of a folder, body and headline."""
    for path in sorted(gold.glob("*.json")):
        row = json.loads(path.read_text("utf-8"))
        document = Document(
            path.stem, Text(path.stem, 1, row["title"], row["body"], row["language"]), {}
        )
        for in_headline, key in ((False, "mentions"), (True, "title_mentions")):
            for label in row[key]:
                if label["type"] in TYPES:
                    place = path.stem, in_headline, label["start"], label["end"]
                    document.gold[place] = TYPES[label["type"]]
                    document.canonical[place] = Canonical(
                        label["type"], label["canonical"], label.get("country_or_region")
                    )
                    if label.get("qid"):
                        document.links[place] = label["qid"]
        document.optional = {
            (path.stem, False, s["start"], s["end"]) for s in row["optional_spans"]
        }
        yield document


def linked(path: Path) -> Iterator[Document]:
    """One of the entity-linking sets."""
    for row in rows(path):
        key = str(row["id"])
        document = Document(key, Text(key, 1, None, row["text"], "en"), {})
        document.window = tuple(row["evaluation_span"])
        for label in row["labels"]:
            if not label.get("coref") and label["type"] not in ("QUANTITY", "DATETIME"):
                _add_linked(document, label)
        yield document


def _add_linked(document: Document, label: dict[str, Any]) -> None:
    place = document.key, False, *label["span"]
    if label["entity_id"].startswith("Q"):
        document.links[place] = label["entity_id"]
        if GEOGRAPHIC not in label["type"].split("|"):
            document.not_places.add(place)
    else:
        document.unknown.add(place)
    nested = label.get("children") or label.get("parent") is not None
    printed = document.text.article_body[label["span"][0]]
    if nested or label.get("optional") or not printed.isupper():
        document.optional.add(place)
    else:
        document.gold[place] = ""


def local_news(path: Path) -> Iterator[Document]:
    """Local news with labelled places."""
    for number, row in enumerate(rows(path)):
        key = str(number)
        gold = {
            (key, False, t["start"], t["end"]): "place" for t in row["toponyms"] if t["span_ok"]
        }
        yield Document(key, Text(key, 1, None, row["text"], "en"), gold)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
