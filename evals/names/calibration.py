"""Whether a mention's confidence is what it says: the share of such mentions that are right.

On sets whose labels are exhaustive: the seeds (span and type), the labelled paragraphs of
news_paragraphs (span alone: their types are others), the places of local_news (the spans that are called
places). Optional spans count neither way. The expected
calibration error is the mean distance of stated and right over the bins, weighted by mentions
(Naeini and others, 2015). Beside it the raw model: bare spaCy's spans, each as sure as its label is
in the model's own evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evals.names.bare import BARE_SPACY, ents
from evals.names.documents import Document, Place
from evals.readers import OURS

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Bins from each edge up to the next; the last has 1 in it. Narrow at the top, where most mentions are."""


@dataclass(frozen=True, slots=True)
class Sure:
    """One mention: how sure it is said to be, and whether it is right."""

    stated: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Mentions of about one confidence."""

    low: float
    high: float
    mentions: int
    stated: float
    """Their mean confidence."""
    right: float
    """Their share that is right."""


def judged(document: Document, *, typed: bool, only: str | None = None) -> dict[str, list[Sure]]:
    """Every mention of the labelled part, by reader; of one type, where only that is labelled."""
    ours = [(document.place(m), m.mention_type, m.confidence) for m in document.annotation.mentions]
    bare = [(place, ent.entity_type, ent.precision) for place, ent in ents(document).items()]
    return {
        reader: [
            Sure(stated, _is_right(document, place, kind if typed else None))
            for place, kind, stated in found
            if document.labelled(place) and only in (None, kind)
        ]
        for reader, found in ((OURS, ours), (BARE_SPACY, bare))
    }


def _is_right(document: Document, place: Place, kind: str | None) -> bool:
    return place in document.gold and kind in (None, document.gold[place])


def reliability(mentions: Iterable[Sure], edges: Sequence[float] = EDGES) -> list[Bin]:
    """The bins that have mentions, lowest first."""
    every = list(mentions)
    bins = []
    for low, high in pairwise(edges):
        inside = [m for m in every if low <= m.stated < high or (m.stated == high == edges[-1])]
        if inside:
            n = len(inside)
            stated = sum(m.stated for m in inside) / n
            bins.append(Bin(low, high, n, stated, sum(m.is_right for m in inside) / n))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """Mean distance of stated and right, weighted by mentions; 0 of nothing."""
    total = sum(b.mentions for b in bins)
    return sum(b.mentions * abs(b.stated - b.right) for b in bins) / (total or 1)
