"""The passage of a text in which the words that were asked for stand closest together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pipelines.phrases import WORD, folded

LENGTH = 240
"""Characters of a passage: two or three lines of a terminal."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage on one line, and where in it words asked for stand (0-based, end-exclusive)."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def marked(self, before: str, after: str) -> str:
        """The passage with ``before`` and ``after`` set around the words."""
        pieces, last = [], 0
        for start, end in self.marks:
            pieces += [self.text[last:start], before, self.text[start:end], after]
            last = end
        return "".join([*pieces, self.text[last:]])


def snippet(text: str, words: Collection[str], length: int = LENGTH) -> Snippet:
    """The passage of at most some ``length`` characters with the most different words.

    ``words`` are in small letters without accents, as in ``search.words``. Without any of them in
    the text: its beginning.
    """
    text = " ".join(text.split())
    spots = list(_spots(text, words))
    start = _best_start(spots, length)
    start = _word_begins(text, max(0, start - length // 5))
    end = _word_ends(text, start + length)
    marks = [(a - start, b - start) for a, b, _ in spots if start <= a and b <= end]
    lead, tail = ("… " if start else ""), (" …" if end < len(text) else "")
    shifted = tuple((a + len(lead), b + len(lead)) for a, b in _joined(marks))
    return Snippet(lead + text[start:end] + tail, shifted)


def _spots(text: str, words: Collection[str]) -> Iterator[tuple[int, int, str]]:
    pairs = {word for word in words if len(word) <= 2 and not word.isascii()}
    for match in WORD.finditer(text):
        word = folded(match[0])
        if word in words:
            yield match.start(), match.end(), word
        elif pairs:
            yield from _pairs(match[0], match.start(), pairs)


def _pairs(run: str, offset: int, pairs: Collection[str]) -> Iterator[tuple[int, int, str]]:
    for index in range(len(run) - 1):
        if (pair := run[index : index + 2]) in pairs:
            yield offset + index, offset + index + 2, pair


def _best_start(spots: Sequence[tuple[int, int, str]], length: int) -> int:
    """Where the span with the most different words begins; the first of equals."""
    best, best_start, first = 0, 0, 0
    counts: dict[str, int] = {}
    for start, _, word in spots:
        counts[word] = counts.get(word, 0) + 1
        while start - spots[first][0] > length * 3 // 5:
            gone = spots[first][2]
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
            first += 1
        if len(counts) > best:
            best, best_start = len(counts), spots[first][0]
    return best_start


def _joined(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping pairs of characters become one mark."""
    joined: list[tuple[int, int]] = []
    for start, end in marks:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _word_begins(text: str, start: int) -> int:
    """The nearest place after ``start`` where a word begins, if there is one soon."""
    if start == 0:
        return 0
    gap = re.compile(r"\s\S").search(text, start - 1, start + 30)
    return gap.start() + 1 if gap else start


def _word_ends(text: str, end: int) -> int:
    """The nearest place before ``end`` where a word ends, if there is one soon."""
    if end >= len(text):
        return len(text)
    gap = text.rfind(" ", end - 30, end + 1)
    return gap if gap > 0 else end
