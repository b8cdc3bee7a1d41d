"""Sentence starts without a model: for languages other than English, and where spaCy is missing."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

# The end marks of Latin, Arabic, Devanagari, Armenian, Ethiopic, Burmese and East Asian scripts.
_BREAK = re.compile(
    r"(?<![.!?…])[.!?…؟۔।॥։።၊။]++[\"'”’»)\]]*+\s++(?=[^a-z])"  # no small letter may follow
    r"|[。！？｡]++[」』”’）]*+"
    r"|\n\s*\n"
)


def sentence_starts(text: str) -> tuple[int, ...]:
    """Offsets where sentences begin, ascending; the first is 0."""
    return (0, *(found.end() for found in _BREAK.finditer(text) if 0 < found.end() < len(text)))


def with_paragraphs(text: str, starts: Sequence[int]) -> tuple[int, ...]:
    """Add a start after each blank line: a paragraph's end is a sentence's end."""
    breaks = (found.end() for found in re.finditer(r"\n\s*\n", text))
    return tuple(sorted({0, *starts, *(at for at in breaks if at < len(text))}))


def sentence_number(starts: Sequence[int], offset: int) -> int:
    """0-based number of the sentence in which ``offset`` lies."""
    return bisect.bisect_right(starts, offset) - 1
