"""The labelled HTML pages as plain text, all of their visible lines, through the plain text reader.

The rendering is that of a naive text extractor: a line a block. Beside our reader ``all text``:
every line kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from evals.extraction import contributions
from evals.pages import LATE, PageSet
from evals.readers import OURS, Reading, reading_of
from evals.scores import Scored
from pipelines.clean.characters.decoding import decode
from pipelines.clean.extract import extract
from pipelines.clean.records import Article, Capture

ALL_TEXT = "all text"
_MEASURES = ("body_token_f1", "body_shingle_f1")
_UNSEEN = frozenset(
    {
        "head", "script", "style", "noscript", "template", "iframe", "object", "svg", "math",
        "canvas", "audio", "video", "select", "textarea", "input", "datalist",
    }
)  # fmt: skip
_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i",
        "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub",
        "sup", "time", "tt", "u", "var", "wbr", "picture", "source", "del", "data", "button",
    }
)  # fmt: skip
_APART = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "figure", "table"}
)
"""Elements that every browser sets off by a margin: a blank line in text."""


def score_rendered(pages: PageSet) -> Scored:
    """Body scores on the pages of a set that have a body label."""
    scored = Scored(f"text/{pages.name}", pages.digest)
    for page in pages.pages:
        if "body" not in page.truth:
            continue
        text = visible_text(page.payload)
        ours = reading_of(read_text(text, None, LATE))
        found = {
            reader: contributions(reading, page.truth)
            for reader, reading in ((OURS, ours), (ALL_TEXT, Reading(text)))
        }
        scored.add(
            page.id,
            page.language,
            {reader: {m: every[m] for m in _MEASURES} for reader, every in found.items()},
        )
    return scored


def visible_text(payload: bytes) -> str:
    """A page's visible text, a line a block.

    Args:
        payload: the page's bytes.

    Returns:
        Text without markup; paragraphs, headings, lists and figures are set off by blank lines.

    """
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=False)
    root = html.document_fromstring(decode(payload, None).encode("utf-8", "replace"), parser)
    lines: list[str] = []
    run: list[str] = []

    def flush() -> None:
        text = " ".join("".join(run).split())
        run.clear()
        if text:
            lines.append(text)

    def gap() -> None:
        flush()
        if lines and lines[-1]:
            lines.append("")

    for event, element in _walk(root):
        tag = element.tag
        if event == "tail":
            run.append(element.tail or "")
            continue
        if tag == "br":
            flush()
        elif tag not in _INLINE:
            gap() if tag in _APART else flush()
        if event == "start":
            run.append(element.text or "")
    flush()
    return "\n".join(lines)


def _walk(root: Any) -> Iterator[tuple[str, Any]]:
    """Shown elements: their start, their end and, shown or not, the text after them."""
    stack: list[tuple[str, Any]] = [("start", root)]
    while stack:
        event, element = stack.pop()
        if event == "start":
            if not isinstance(element.tag, str) or element.tag in _UNSEEN or _hidden(element):
                continue
            stack.append(("end", element))
            for child in reversed(element):
                stack += [("tail", child), ("start", child)]
        yield event, element


def _hidden(element: Any) -> bool:
    if element.tag in {"html", "body"}:
        return False  # hidden only until a script shows the page
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style


def read_text(text: str, url: str | None, fetched_at: datetime) -> Article | None:
    """The text through our reader as a ``.txt`` file; None where it is skipped."""
    capture = Capture("eval", "eval", url, "text/plain", "utf-8", text.encode(), fetched_at)
    article = extract(capture)
    return article if isinstance(article, Article) else None
