"""Characters and spaces of a paragraph as the ledger stores them."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 controls, soft hyphen, zero-width space, word joiner, byte order mark, bidi embeddings,
# overrides and isolates, interlinear marks, noncharacters. ZWJ and ZWNJ stay: they shape emoji and
# Persian or Indic words. LRM and RLM go: they are invisible and split tokens.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")


def strip_invisible(text: str) -> str:
    """``text`` in NFC without characters that show nothing and only break matching."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def fold(text: str) -> str:
    """One paragraph: NFC, invisible characters out, a run of spaces (NBSP, newlines) one space."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip())


_NOT_WORD = re.compile(r"[\W_]+")


def match_key(text: str) -> str:
    """What two printings of the same words share: NFKC, case folded, letters and digits only."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())
