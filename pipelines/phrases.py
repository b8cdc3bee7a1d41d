"""Words in a row, found in texts as printed: case, accents and punctuation don't count."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

NO_LETTER = r"[^\p{L}\p{N}\p{M}]"
_WRITTEN_OUT = {"æ": "ae", "œ": "oe", "ß": "ss"}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ς": "σ", **_WRITTEN_OUT})
_BLOCKS = (range(0xC0, 0x530), range(0x600, 0x700), range(0x1E00, 0x2000))
"""Latin to Cyrillic; Arabic; more Latin and Greek: their accents may be left out."""
WORD = re.compile(
    "[\\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u109f\u1780-\u17d3]+"
)
"""Letters, digits and marks: Python's word characters leave out marks, vowel signs among them."""
_WITH_VOWEL_MARKS = re.compile("[\u0590-\u06ff]")
"""Hebrew and Arabic: vowels are marks after the letter, and mostly not written."""


def folded(word: str) -> str:
    """In small letters, without accents: as ``search.words`` has it, but for rare characters."""
    letters = unicodedata.normalize("NFKD", word.lower())
    bare = "".join(c for c in letters if not unicodedata.combining(c) or "\u0900" <= c < "\u1100")
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row."""

    words: str
    in_pairs: bool = False
    """Of a script without spaces: no space need stand before, within and after it."""
    is_excluded: bool = False

    def patterns(self) -> tuple[str, ...]:
        """Regular expressions (RE2) that must all match; the first one is quick to fail."""
        words = [_word_pattern(word) for word in WORD.findall(folded(self.words))]
        if self.in_pairs:
            return ("(?i)" + f"{NO_LETTER}*".join(words),)
        in_row = f"{NO_LETTER}+".join(words)
        return f"(?i){in_row}", f"(?i)(?:^|{NO_LETTER}){in_row}(?:{NO_LETTER}|$)"


def _word_pattern(word: str) -> str:
    """Each letter, with or without accents; written out or as one (ss, ß)."""
    letters = _accented()
    pattern = "".join(
        f"[{letters[c]}]" + ("\\p{Mn}*" if _WITH_VOWEL_MARKS.match(c) else "")
        if c in letters
        else re.escape(c) + ("\\p{Mn}*" if _WITH_VOWEL_MARKS.match(c) else "")
        for c in word
    )
    for letter, written_out in _WRITTEN_OUT.items():
        spelt = "".join(f"[{letters[c]}]" for c in written_out)
        pattern = pattern.replace(spelt, f"(?:{spelt}|{letter})")
    return pattern


@functools.cache
def _accented() -> dict[str, str]:
    """A letter without accents to itself and the small letters that it stands for."""
    letters: dict[str, str] = {}
    for block in _BLOCKS:
        for code in block:
            letter = chr(code)
            bare = folded(letter)
            if letter.isalpha() and letter == letter.lower() and len(bare) == 1 and bare != letter:
                letters[bare] = letters.get(bare, bare) + letter
    return letters
