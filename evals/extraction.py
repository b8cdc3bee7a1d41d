"""Scores of labelled HTML pages, page by page: what each reading adds to each measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals import measures
from evals.bootstrap import Contribution
from evals.pages import PageSet
from evals.readers import READERS, Read, Reading, taking_turns
from evals.scores import UNCOUNTED, Scored


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
