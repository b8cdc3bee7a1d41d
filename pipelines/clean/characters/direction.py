"""The direction that a text runs in, by its own letters: templates rarely declare it."""

from __future__ import annotations

import re
import unicodedata

# Where letters of the bidirectional classes R and AL are in Unicode: a text without any of these
# needs no count.
_MAYBE_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_LETTERS_READ = 5_000
"""Letters of a text are alike: so many of them tell."""


def text_direction(body: str) -> str | None:
    """``ltr`` or ``rtl``: the direction of most letters (Unicode Annex 9: L against R and AL).

    None where there is no letter at all. Equal counts are ``ltr``: so are digits and Latin names.
    """
    if body.isascii() or not _MAYBE_RIGHT.search(body):
        return "ltr" if any(map(str.isalpha, body)) else None
    sample = _even_sample(body)
    classes = [unicodedata.bidirectional(character) for character in sample]
    right = classes.count("R") + classes.count("AL")
    left = classes.count("L")
    if not right and not left:
        return None
    return "rtl" if right > left else "ltr"


def _even_sample(body: str) -> str:
    """All of a text, or of a long one every n-th character."""
    return body[:: 1 + len(body) // _LETTERS_READ]
