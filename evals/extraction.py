"""Scores of labelled HTML pages, page by page: what each reading adds to each measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals import measures
from evals.bootstrap import Contribution
from evals.pages import PageSet
from evals.readers import READERS, Read, Reading, taking_turns

UNCOUNTED: Contribution = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of the tables."""

    name: str
    title: str
    contrast: str = "difference"
    """How two readers are compared: ``difference`` or ``ratio``."""


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("body_token_f1", "body token F1"),
        Measure("body_shingle_f1", "body shingle F1"),
        Measure("title", "title"),
        Measure("date", "date"),
        Measure("authors", "authors"),
        Measure("kept", "wanted kept"),
        Measure("left_out", "unwanted out"),
        Measure("line_roles", "line roles"),
        Measure("line_kept", "lines kept or cut"),
        Measure("mentions", "mentions F1"),
        Measure("speed", "pages/CPU s", "ratio"),
    )
}
"""Every measure of a set of pages, in the order of the tables."""


@dataclass(slots=True)
class Scored:
    """Scores of one set: for each reader and measure a contribution a page, None: no such label."""

    name: str
    digest: str
    ids: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    scores: dict[str, dict[str, list[Contribution | None]]] = field(default_factory=dict)

    def add(
        self, page: str, language: str, found: Mapping[str, Mapping[str, Contribution]]
    ) -> None:
        """One page's contributions, by reader and measure."""
        for reader, contributions in found.items():
            columns = self.scores.setdefault(reader, {})
            for measure in {*columns, *contributions}:
                column = columns.setdefault(measure, [None] * len(self.ids))
                column.append(contributions.get(measure))
        self.ids.append(page)
        self.languages.append(language)


def score_set(pages: PageSet, readers: Mapping[str, Read] = READERS) -> Scored:
    """Every reader's scores on a set, the readers taking turns page by page."""
    scored = Scored(pages.name, pages.digest)
    for page, readings in taking_turns(pages.pages, dict(readers)):
        scored.add(
            page.id,
            page.language,
            {
                reader: contributions(reading, page.truth) | {"speed": (1.0, seconds)}
                for reader, (reading, seconds) in readings.items()
            },
        )
    return scored


def contributions(reading: Reading, truth: Mapping[str, Any]) -> dict[str, Contribution]:
    """What one reading adds to each measure that the page has a label for."""
    found: dict[str, Contribution] = {}
    if "body" in truth:
        found["body_token_f1"] = (measures.token_f1(truth["body"], reading.body), 1.0)
        found["body_shingle_f1"] = tuple(
            number
            for score in measures.shingle_scores(truth["body"], reading.body)
            for number in (UNCOUNTED if score is None else (score, 1.0))
        )
    if "title" in truth:
        found["title"] = (float(measures.same_title(truth["title"], reading.title or "")), 1.0)
    if "published" in truth:
        right = reading.published is not None and measures.same_day(
            truth["published"], reading.published
        )
        found["date"] = (float(right), 1.0)
    if "authors" in truth:
        f1 = measures.author_f1(truth["authors"], reading.authors)
        found["authors"] = UNCOUNTED if f1 is None else (f1, 1.0)
    # In the body alone: so the published figures of trafilatura come out (its title is no segment).
    body = measures.folded(reading.body)
    for measure, label, wanted in (
        ("kept", "must_contain", True),
        ("left_out", "must_not_contain", False),
    ):
        if label in truth:
            hits = sum(is_in(text, body) is wanted for text in truth[label])
            found[measure] = (float(hits), float(len(truth[label])))
    return found


def is_in(segment: str, folded_body: str) -> bool:
    """Whether a labelled string is printed in a body, white space aside."""
    return measures.folded(segment) in folded_body


def unlabelled(pages: PageSet) -> Sequence[str]:
    """Labels that no page of a set has."""
    labels = ("body", "title", "published", "authors", "must_contain", "must_not_contain")
    return [label for label in labels if not pages.labelled(label)]
