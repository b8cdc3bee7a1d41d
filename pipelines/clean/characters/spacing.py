"""Characters and spaces of a paragraph as the ledger stores them."""

from __future__ import annotations

import re
import unicodedata

# C0 controls, soft hyphen, zero-width space, word joiner, byte order mark, bidi embeddings,
# overrides and isolates, interlinear marks, noncharacters, C1 controls that stand for nothing. ZWJ
# and ZWNJ stay: they shape emoji and Persian or Indic words. LRM and RLM go: they are invisible and
# split tokens.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)
# What browsers show for them: pages name Windows-1252 by its bytes ("&#147;"), and the HTML
# standard reads such references so.
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_WINDOWS = {chr(byte): bytes((byte,)).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}


def strip_invisible(text: str) -> str:
    """``text`` in NFC without characters that show nothing and only break matching.

    C1 controls are the quotes and dashes of Windows-1252; U+0085 stays, a line end of plain text.
    """
    text = _C1.sub(lambda found: _WINDOWS[found[0]], text)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def fold(text: str) -> str:
    """One paragraph: NFC, invisible characters out, a run of spaces (NBSP, newlines) one space.

    C1 controls are the quotes and dashes of Windows-1252, U+0085 its ellipsis.
    """
    if "\x85" in text:
        text = text.replace("\x85", "…")
    folded = " ".join(text.split())
    if not folded.isprintable():
        folded = " ".join(strip_invisible(text).split())
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


_NOT_WORD = re.compile(r"[\W_]+")


def match_key(text: str) -> str:
    """What two printings of the same words share: NFKC, case folded, letters and digits only."""
    if text.isascii():
        return _NOT_WORD.sub("", text.lower())
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())
