"""Which names of a long list mean their entity by themselves, and which need support."""

from __future__ import annotations

import functools
import re
from pathlib import Path

COMMON_WORDS = Path(__file__).parent / "imports" / "common_words.txt"
SHORTEST_WORD = 4
"""Letters. Of shorter single words most are acronyms of several things, or words."""
SHORTEST_UNSPACED = 3
"""Signs. Where words are not parted, two signs may well be the end of one and the start of another;
a Chinese or Japanese full name has three and more, a family name one or two."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_ONLY = re.compile(f"[{_HAN}]+")
# Scripts without spaces, and Hangul, in which particles follow a name at once.
_UNPARTED = re.compile(f"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\uac00-\ud7af{_HAN}]")
# Dots that part the words of foreign names in Japanese and Chinese.
_MIDDLE_DOTS = re.compile("[\u30fb\u00b7\u2022]")
_ARTICLE = re.compile(r"the ", re.IGNORECASE)


def weakness(entity_type: str, name: str) -> str | None:
    """Why a name needs support from the text around it; None where it stands for itself.

    A person's lone word is a surname or a first name, shared by many. Other lone words are names
    unless they are short, or words of the language that a sentence may begin with. What has a
    case, but no capital, would be found in running text.
    """
    words = _MIDDLE_DOTS.sub(" ", _ARTICLE.sub("", name, count=1)).split()
    word = words[0] if len(words) == 1 else ""
    if name.islower():
        return "no capital"
    if not word:
        return None
    if entity_type == "person":
        full = len(word) >= SHORTEST_UNSPACED and _HAN_ONLY.fullmatch(word)
        return None if full else "one word of a person's name"
    if len(word) < (SHORTEST_UNSPACED if _UNPARTED.match(word) else SHORTEST_WORD):
        return "short"
    return "common word" if word.casefold() in _common_words() else None


@functools.cache
def _common_words() -> frozenset[str]:
    lines = COMMON_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
