"""Character references that were escaped once more: ``&amp;rsquo;`` shows as ``&rsquo;``.

Certain where the reference stands in a word or at its edge (``d&eacute;j&agrave;``, ``&quot;No``):
text about HTML sets them apart. Those between spaces are resolved only on a page that has certain
ones. ``&lt;`` and ``&gt;`` stay, and so does all of a page that shows markup or code.
"""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import Any

from pipelines.clean.fields.candidates import confidence_of
from pipelines.clean.records import Evidence

_RULE = "text.references_resolved"
_LONGEST_VALUE = 500
"""Characters of a value that evidence keeps."""
_ESCAPED = re.compile(r"&amp;(?:[A-Za-z]{2,8}[0-9]{0,2}|#[0-9]{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_REFERENCE = re.compile(r"&(?:[A-Za-z]{2,8}[0-9]{0,2}|#[0-9]{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_SHOWN_MARKUP = re.compile(r"&(?:amp;){0,4}(?:lt|gt);|</?[a-z][a-z0-9]{0,9}[ />]")
_CODE = "boolean(//code | //pre | //kbd | //samp | //xmp | //tt)"
_TEXTS = (
    "//text()[contains(., '&')]"
    "[not(parent::script or parent::style or parent::textarea or parent::noscript)]"
)
_VALUES = "//meta/@content[contains(., '&')]"


def unescape_doubled(root: Any, text: str) -> tuple[Evidence, ...]:
    """Resolves, in place, the references that a page shows instead of characters.

    Args:
        root: the page as an lxml tree: its texts and the contents of its ``meta`` are changed.
        text: the page's markup, for a quick look.

    Returns:
        The first such text as it was, as evidence; empty where there is none.

    """
    if not _ESCAPED.search(text):
        return ()
    shown = [node for node in root.xpath(_TEXTS) if _REFERENCE.search(node)]
    values = [node for node in root.xpath(_VALUES) if _REFERENCE.search(node)]
    if not any(map(_is_certain, [*shown, *values])) or _shows_markup(root, shown):
        return ()
    for node in shown:
        parent, resolved = node.getparent(), _REFERENCE.sub(_resolved, node)
        if node.is_tail:
            parent.tail = resolved
        else:
            parent.text = resolved
    for value in values:
        value.getparent().set("content", _REFERENCE.sub(_resolved, value))
    if not shown:
        return ()
    found = Evidence(
        field="article_body",
        value=" ".join(shown[0].split())[:_LONGEST_VALUE],
        source="text",
        detail=f"{len(shown)} text{'s' if len(shown) > 1 else ''}",
        rule_id=_RULE,
        is_chosen=False,
        confidence=confidence_of(_RULE),
    )
    return (found,)


def _shows_markup(root: Any, shown: list[Any]) -> bool:
    return any(map(_SHOWN_MARKUP.search, shown)) or bool(root.xpath(_CODE))


def _is_certain(text: str) -> bool:
    """True where a reference to a letter or mark touches a word."""
    return any(
        _is_known(found[0]) and (_touches(text, found.start() - 1) or _touches(text, found.end()))
        for found in _REFERENCE.finditer(text)
    )


def _touches(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isalnum()


def _is_known(reference: str) -> bool:
    return reference[1] == "#" or reference[1:] in html5


def _resolved(found: re.Match[str]) -> str:
    character = html.unescape(found[0]) if _is_known(found[0]) else found[0]
    return found[0] if character in {"<", ">"} else character
