"""HTML pages: trafilatura decides what is article text, the page's own blocks become the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.clean.dateline import dateline_date, first_dateline
from pipelines.clean.html_body import judge_blocks
from pipelines.clean.language import language_of
from pipelines.clean.ledger import Judged, build
from pipelines.clean.limits import Limits
from pipelines.clean.metadata import read_metadata
from pipelines.clean.page_blocks import page_blocks
from pipelines.clean.records import Article, Capture, Skip
from pipelines.clean.spacing import fold
from pipelines.clean.stated_date import published_of
from pipelines.clean.stated_text import byline_of

_TAG = re.compile(r"<[a-zA-Z]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Formatting that old templates leave unclosed paragraph after paragraph: no block structure.
_FORMATTING = (
    "b",
    "i",
    "u",
    "font",
    "span",
    "strong",
    "em",
    "small",
    "big",
    "center",
    "tt",
    "s",
    "strike",
)
_KEPT_INLINE = frozenset({"hi", "ref", "lb", "del", "graphic", "code", "span"})
_CUT = "\x00"


def read_html(text: str, capture: Capture, limits: Limits) -> Article | Skip:
    """An HTML page as an article with its ledger.

    Args:
        text: the decoded page.
        capture: for its address and time.
        limits: bounds on elements and depth.

    Returns:
        The article (with an empty body where the page has none), or a Skip.

    """
    root = parse_html(text, limits)
    if isinstance(root, Skip):
        return root
    blocks = page_blocks(root)
    meta = read_metadata(root, blocks, capture.target_uri, capture.fetched_at, capture.stated)
    paragraphs = _kept_paragraphs(root, capture.target_uri)
    judged = judge_blocks(blocks, paragraphs, meta)
    body, ledger = build(judged)
    language = language_of(b.text for b in judged if b.keep) or meta.language
    dateline = first_dateline(b.text for b in judged if b.keep)
    return Article(
        headline=meta.headline,
        article_body=body,
        blocks=ledger,
        extractor="html",
        canonical_url=meta.canonical_url,
        byline=first_byline(judged) or byline_of(capture.stated, meta.authors),
        authors=meta.authors,
        dateline=dateline.text if dateline else None,
        published=published_of(
            meta.published or dateline_date(dateline, language, capture.fetched_at),
            capture.stated,
            capture.fetched_at,
        ),
        modified=meta.modified,
        in_language=language,
        article_section=meta.section,
        description=meta.description,
        is_accessible_for_free=meta.is_accessible_for_free,
        publisher_name=meta.publisher_name,
        site_name=meta.site_name,
    )


def parse_html(text: str, limits: Limits) -> Any:
    """Markup as an lxml tree, or a Skip: empty, too_many_elements, too_deep."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    if text.count("<") > limits.max_elements:
        elements = len(_TAG.findall(text))
        if elements > limits.max_elements:
            return Skip("too_many_elements", f"{elements}; the bound is {limits.max_elements}")
    data = _ILLEGAL.sub("", text).encode("utf-8")
    for huge in (False, True):
        parser = HTMLParser(
            encoding="utf-8",
            collect_ids=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=huge,
        )
        try:
            root = document_fromstring(data, parser=parser)
        except etree.ParserError:
            return Skip("empty")
        if not any("depth" in entry.message for entry in parser.error_log):
            if huge:
                etree.strip_tags(root, *_FORMATTING)
            return root if not huge or _depth(root) <= limits.max_depth else Skip("too_deep")
    return Skip("too_deep")


def _depth(root: Any) -> int:
    depth = deepest = 0
    from lxml import etree

    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _kept_paragraphs(root: Any, url: str | None) -> list[str]:
    """Trafilatura's body as folded paragraphs in its order."""
    from trafilatura import bare_extraction

    document = bare_extraction(root, url=url, include_comments=False, with_metadata=False)
    if document is None or document.body is None:
        return []
    parts: list[str] = []
    for event, element in _events(document.body):
        inline = element.tag in _KEPT_INLINE
        if not inline:
            parts.append(_CUT)
        elif element.tag == "lb" and event == "start":
            parts.append("\n")
        parts.append((element.text if event == "start" else element.tail) or "")
    return [text for part in "".join(parts).split(_CUT) if (text := fold(part))]


def _events(root: Any) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    yield from etree.iterwalk(root, events=("start", "end"))


def first_byline(judged: list[Judged]) -> str | None:
    """The first printed byline, or None."""
    return next((b.text for b in judged if b.role == "byline" and len(b.text) <= 200), None)
