"""Article text that a page carries only in its scripts' data, for a browser to draw.

Pages of client-side frameworks hold their state as JSON strings, some as strings inside strings;
the text in it is markup or plain paragraphs. Nothing is run: strings are found by their quotes and
decoded as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pipelines.clean.limits import DEFAULT_LIMITS
from pipelines.clean.page.blocks import page_blocks
from pipelines.clean.records import Skip
from pipelines.clean.text.lines import make_line

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_MARKUP = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)
_LEAST = 400
"""Characters of a string that may be an article."""
_MOST = 3_000_000
"""Characters of scripts that are read."""
_DEPTH = 3
_CONTAINERS = ("{", "[")
"""What a string of JSON inside a string begins with: the text is further in."""
_LEAST_WORDS = 60
_LEAST_PARAGRAPHS = 2


def script_paragraphs(root: Any, told: str) -> list[str]:
    """Paragraphs of the longest text in the page's scripts that speaks of ``told``.

    Args:
        root: the lxml tree.
        told: headline and description; a text that shares few of their words is another piece's.

    Returns:
        The paragraphs, folded; empty where there is no such text.

    """
    from pipelines.clean.page.choice import speaks_of

    best: list[str] = []
    for text in _long_strings(root):
        paragraphs = _paragraphs(text)
        joined = " ".join(paragraphs)
        if len(joined) > len(" ".join(best)) and speaks_of(joined, told):
            best = paragraphs
    return best


def _long_strings(root: Any) -> Iterator[str]:
    left = _MOST
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) < _LEAST or left <= 0:
            continue
        yield from _strings(text[:left], _DEPTH)
        left -= len(text)


def _strings(text: str, depth: int) -> Iterator[str]:
    """Long JSON strings in ``text``, and those inside them."""
    for found in _STRING.finditer(text):
        if len(found.group()) < _LEAST:
            continue
        try:
            value = json.loads(found.group(), strict=False)
        except ValueError:
            continue
        if not value.lstrip().startswith(_CONTAINERS):
            yield value
        if depth > 1 and '"' in value:
            yield from _strings(value, depth - 1)


def _paragraphs(text: str) -> list[str]:
    """A string's paragraphs where it is prose, as markup or as plain lines."""
    from pipelines.clean.page.reader import parse_html

    if not _MARKUP.search(text):
        return []
    root = parse_html(text, DEFAULT_LIMITS)
    if isinstance(root, Skip):
        return []
    blocks = page_blocks(root)
    lines = [make_line(block.text, isolated=True) for block in blocks]
    prose = [line for line in lines if line.prose or line.sentence]
    if len(prose) < _LEAST_PARAGRAPHS or sum(line.words for line in prose) < _LEAST_WORDS:
        return []
    return [line.text for line in lines if line.sentence or line.words > 2]
