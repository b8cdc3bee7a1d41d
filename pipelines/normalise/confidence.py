"""How sure a span is: the share of such spans that are right, measured on labelled news.

``data/confidence.csv`` holds the counts, by what is known of a span before it is judged: who found
it, whether catalogue and model agree, its type and length. ``evals/fit_confidence.py`` writes it
and reports how far the shares of one half of the labels hold on the other.
"""

from __future__ import annotations

import bisect
import functools
from collections.abc import Mapping

from pipelines.normalise.recognise import Passage
from pipelines.normalise.rule_words import word_rows
from pipelines.normalise.spans import Span

PSEUDO_COUNT = 8
"""Laplace smoothing: a bucket's parent counts as so many labels, so that few labels say little."""
PRIOR = 0.75
"""The parent of the first level: about the share of all spans that are right on the dev sets."""

Bucket = tuple[str, ...]
Counts = Mapping[Bucket, tuple[int, int]]
"""Right spans and all spans of each bucket and of each of its beginnings."""


def bucket(span: Span, passage: Passage) -> Bucket:
    """What is known of a span, from what tells most to what tells least.

    Its source, its type, one word or more, headline or body.
    """
    words = "several" if " " in passage.text[span.start : span.end] else "one"
    where = "headline" if passage.in_headline else "body"
    return _source(span, passage), span.entity_type, words, where


def calibrated(span: Span, passage: Passage) -> float:
    """The share of spans like this one that are right in span and type, 0 to 1."""
    return _fitted()[bucket(span, passage)]


def probability(found: Bucket, counts: Counts) -> float:
    """The smoothed share of a bucket: each level leans on the one before it."""
    share = PRIOR
    for level in range(1, len(found) + 1):
        right, total = counts.get(found[:level], (0, 0))
        share = (right + PSEUDO_COUNT * share) / (total + PSEUDO_COUNT)
    return round(share, 3)


def _source(span: Span, passage: Passage) -> str:
    """Who found the span: a rule, or the catalogue and the model by themselves or together."""
    if span.recognizer != "catalogue":
        return span.recognizer
    first = bisect.bisect_left(passage.votes, span.start, key=lambda vote: vote.start)
    vote = passage.votes[first] if first < len(passage.votes) else None
    if vote is None or (vote.start, vote.end) != (span.start, span.end):
        return "catalogue"
    return "agreed" if vote.entity_type == span.entity_type else "disputed"


class _Fitted(dict[Bucket, float]):
    """Each bucket's probability, computed once."""

    def __init__(self, counts: Counts) -> None:
        super().__init__()
        self._counts = counts

    def __missing__(self, found: Bucket) -> float:
        share = self[found] = probability(found, self._counts)
        return share


@functools.cache
def _fitted() -> _Fitted:
    return _Fitted(
        {
            tuple(row["bucket"].split("|")): (int(row["right"]), int(row["total"]))
            for row in word_rows("confidence")
        }
    )
