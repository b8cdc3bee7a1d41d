"""Bounds on one page's cost: a page over one is skipped with its reason, not read in part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reader accepts from one payload."""

    max_page_bytes: int = 10 * 2**20
    """Bytes of a payload: 10 MiB, the bound that Media Cloud uses for HTML."""
    max_elements: int = 100_000
    """Start tags of a page. News pages have 500 to 20,000; 100,000 take 9 s and 200 MB to read."""
    max_depth: int = 250
    """Nested elements. libxml2 drops what lies below 256: a deeper tree would lose text unseen."""
    max_lines: int = 50_000
    """Lines of a plain text page."""


DEFAULT_LIMITS = Limits()
