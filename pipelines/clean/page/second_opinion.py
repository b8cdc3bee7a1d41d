"""What trafilatura takes for the article: asked where our own reading is in doubt."""

from __future__ import annotations

from typing import Any

from pipelines.clean.characters.spacing import fold

_KEPT_INLINE = frozenset({"hi", "ref", "lb", "del", "graphic", "code", "span"})
_CUT = "\x00"
_MOST_PARAGRAPHS = 1_500
"""Elements from which trafilatura's own second opinion is not asked: justext looks for the
neighbours of each short paragraph among all of them: 65 s for 8,000. News pages have hundreds."""
_MOST_READ = 5_000
"""Elements from which trafilatura is not asked at all: it counts what it has kept for each element,
3 s for 8,000 and four times that for twice as many."""
_PARAGRAPH_TAGS = (
    "p", "div", "li", "td", "th", "tr", "dd", "dt", "br", "option", "h1", "h2", "h3", "h4", "h5",
    "h6", "ul", "ol", "dl", "table", "form", "blockquote", "pre", "legend", "textarea", "caption",
    "col", "fieldset", "tbody",
)  # fmt: skip


def trafilatura_paragraphs(root: Any, url: str | None) -> list[str]:
    """Trafilatura's body as folded paragraphs in its order; empty where it finds none.

    Empty too for pages of more than 5,000 blocks: its time grows with their square.
    """
    from lxml import etree
    from trafilatura import bare_extraction

    elements = _block_elements(root)
    if elements > _MOST_READ:
        return []
    document = bare_extraction(
        root,
        url=url,
        fast=elements > _MOST_PARAGRAPHS,
        include_comments=False,
        with_metadata=False,
    )
    if document is None or document.body is None:
        return []
    parts: list[str] = []
    for event, element in etree.iterwalk(document.body, events=("start", "end")):
        if element.tag not in _KEPT_INLINE:
            parts.append(_CUT)
        elif element.tag == "lb" and event == "start":
            parts.append("\n")
        parts.append((element.text if event == "start" else element.tail) or "")
    return [text for part in "".join(parts).split(_CUT) if (text := fold(part))]


def _block_elements(root: Any) -> int:
    return sum(1 for _ in root.iter(*_PARAGRAPH_TAGS))
