"""Where words begin and end, in scripts with spaces and without."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

# Unicode blocks of scripts that are written without spaces between words.
_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
    "\U00020000-\U0003ffff"
)
_HANGUL = "\uac00-\ud7af"
_JOINERS = "\u200c\u200d"
# What Arabic and Hebrew write together with the next word: and, so; in, as, to, from, the, that.
_PROCLITICS = re.compile("[وف][بكل]?|[بكل]|ו[בהכלמש]?|[בהכלמש]")
FIRST_JOINED = "\u05d0"
"""No word that begins with an earlier letter, as in Latin, Greek and Cyrillic, has such a sign."""
SHORTEST_BEHIND = 4
"""Letters behind such a sign: fewer are a part of many words that begin with the same letter."""
LONGEST_STEM = 24
_LAST_MARK = 0xE01EF

_unspaced_char = re.compile(f"[{_UNSPACED}]")
_hangul_char = re.compile(f"[{_HANGUL}]")


def starts_word(text: str, at: int) -> bool:
    """True where a name may begin at ``at``: no word runs across that place."""
    if at <= 0 or at >= len(text):
        return True
    if _is_mark(text[at]):
        return False
    word = _word_char()
    if not (word.match(text, at - 1) and word.match(text, at)):
        return True
    return bool(_unspaced_char.match(text, at - 1) or _unspaced_char.match(text, at))


def ends_word(text: str, at: int) -> bool:
    """True where a name may end before ``at``.

    Korean particles follow a name without a space, so a name may end inside a Hangul run.
    """
    if starts_word(text, at):
        return True
    return bool(_hangul_char.match(text, at - 1) and _hangul_char.match(text, at))


def places_behind(word: str) -> Iterator[int]:
    """Offsets in a word where a name may begin behind what is written together with it.

    "وأنقرة" is "and Ankara". The name still has to end where the word does.
    """
    found = _PROCLITICS.match(word)
    last = min(found.end(), len(word) - SHORTEST_BEHIND) if found else 0
    yield from range(1, last + 1)


def stems(word: str) -> Iterator[str]:
    """The word itself and, for Korean, what particles may have been added to, longest first."""
    yield word
    if _hangul_char.match(word):
        for end in range(min(len(word) - 1, LONGEST_STEM), 0, -1):
            yield word[:end]


@functools.cache
def word_pattern() -> re.Pattern[str]:
    """Match one word: letters, digits and marks, or one character of an unspaced script."""
    marks = _marks()
    spaced = f"(?![{_UNSPACED}])"
    return re.compile(f"[{_UNSPACED}][{marks}]*|{spaced}\\w(?:{spaced}[\\w{marks}])*")


@functools.cache
def _word_char() -> re.Pattern[str]:
    return re.compile(f"[\\w{_marks()}]")


@functools.cache
def _marks() -> str:
    """All combining marks and joiners as the inside of a character class.

    Python's word class leaves them out, which would end most Indic words in their middle.
    """
    points = [p for p in range(0x300, _LAST_MARK + 1) if unicodedata.category(chr(p))[0] == "M"]
    ranges = [_JOINERS]
    start = previous = points[0]
    for point in [*points[1:], -1]:
        if point != previous + 1:
            ranges.append(f"{chr(start)}-{chr(previous)}")
            start = point
        previous = point
    return "".join(ranges)


def _is_mark(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char)[0] == "M"
