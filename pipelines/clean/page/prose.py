"""How much a block says, and whether it is prose: what the kinds of pages are told apart by."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipelines.clean.page.blocks import PageBlock

LINKED = 0.6
"""A line that is a link to such a share points elsewhere; a date or a label may stand in it."""
PROSE_WIDTH = 70
"""A sentence of a dozen words: what is shorter may be a title, a label or a byline."""
_SENTENCE_WIDTH = 20
_STOPS = ".!?…。！？।॥۔؟"
_UNCOUNTED = frozenset({"navigation", "share", "comment", "paywall", "note", "caption", "credit"})
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def width(text: str) -> int:
    """Length in Latin letters: a Han, kana or hangul character says as much as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


def is_wide(text: str) -> bool:
    """True where ``text`` has letters of a script that puts no or few spaces between words."""
    return _WIDE.search(text) is not None


def is_text(block: PageBlock, kept: Collection[str]) -> bool:
    """True for text of the page's own: what the body would hold, and any other prose shown.

    Args:
        block: a block outside the page's chrome.
        kept: the texts that the body would hold.

    """
    if block.link_share >= LINKED / 2:
        return False
    if block.text in kept:
        return True
    if block.around.hint in _UNCOUNTED:
        return False
    size = width(block.text)
    return size >= PROSE_WIDTH or (size >= _SENTENCE_WIDTH and block.text[-1] in _STOPS)


def is_prose(block: PageBlock, kept: Collection[str]) -> bool:
    """True for text (see ``is_text``) of a sentence's length or more."""
    return is_text(block, kept) and width(block.text) >= PROSE_WIDTH
