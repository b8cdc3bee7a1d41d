"""Bounds on one page's cost: a page over one is skipped with its reason, not read in part."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reader accepts from one payload."""

    max_page_bytes: int = 10 * 2**20
    """Bytes of a payload: 10 MiB, the bound that Media Cloud uses for HTML."""
    max_elements: int = 50_000
    """Start tags of a page. News pages have 500 to 20,000; 50,000 of one kind take 5 s to read."""
    max_attributes: int = 1_000
    """Attributes of one element. libxml2 compares each with all others: 20,000 take 5 s."""
    max_depth: int = 250
    """Nested elements. libxml2 drops what lies below 256: a deeper tree would lose text unseen."""
    max_lines: int = 50_000
    """Lines of a plain text page."""


DEFAULT_LIMITS = Limits()


def most_attributes(text: str, bound: int) -> int:
    """Attributes of the element that has most; 0 where none can have more than ``bound``.

    Args:
        text: markup; what stands in scripts is no element.
        bound: fewer need not be counted.

    """
    pieces = text.split("<")
    crowded = {
        place: count
        for place, piece in enumerate(pieces)
        if len(piece) > 2 * bound
        and piece[0].isalpha()
        and piece[:6].lower() != "script"
        and (count := len(_QUOTED.sub("", piece).partition(">")[0].split()) - 1) > bound
    }
    in_script = False
    for place in range(1, max(crowded, default=0) + 1):
        name = pieces[place][:8].lower()
        if in_script or name.startswith("script"):
            crowded.pop(place, None)
            in_script = not name.startswith("/script")
    return max(crowded.values(), default=0)
