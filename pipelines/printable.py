"""Text from pages, made safe to show: no page may drive a terminal or reorder what it shows."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date, datetime
from typing import Any

_SPACES = dict.fromkeys(map(ord, "\t\n\r\v\f\x85\u2028\u2029"), " ")
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c")
"""Format characters that Persian, Indic and Arabic spelling and bidirectional text need."""
_SUSPECT = re.compile(r"[^\x20-\x7e\xa1-\xac\xae-\u05ff]")
_JSON_SUSPECT = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """The text on one line, with whatever a terminal would act on made visible.

    Line breaks and tabs become spaces; control characters (the ESC of an escape sequence among
    them), overrides of direction, other unseen format characters and lone surrogates become their
    code point in angle brackets (``<U+001B>``). ECMA-48 names the controls; Unicode's categories
    Cc, Cf and Cs are what is replaced, but for the joiners and marks that scripts need.
    """
    return _SUSPECT.sub(_visible, text.translate(_SPACES))


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    if unicodedata.category(character) not in ("Cc", "Cf", "Cs") or character in _JOINERS:
        return character
    return f"<U+{ord(character):04X}>"


def printable_json(value: Any) -> str:
    """JSON, indented, nothing lost, in which control and override characters stand as escapes.

    ``value`` holds what JSON knows, and times, which become ISO 8601. The standard's escapes cover
    C0 alone; C1 controls (an 8-bit CSI among them), line separators, overrides of direction and
    surrogates are added.
    """
    return escaped(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1, default=_iso))


def escaped(text: str) -> str:
    """JSON with those characters as escapes; a reader of JSON gets the same values."""
    return _JSON_SUSPECT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _iso(value: date | datetime) -> str:
    return value.isoformat()
