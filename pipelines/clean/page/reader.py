"""HTML pages: trafilatura decides what is article text, the page's own blocks become the ledger."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Any

from pipelines.clean.authors.authorship import authorship
from pipelines.clean.authors.dateline import dateline_date, first_dateline
from pipelines.clean.authors.publisher import publisher_evidence
from pipelines.clean.authors.stated_text import site_names
from pipelines.clean.characters.direction import text_direction
from pipelines.clean.characters.language import language_of
from pipelines.clean.fields.facts import page_facts
from pipelines.clean.fields.metadata import read_metadata, settle
from pipelines.clean.ledger import Judged, build
from pipelines.clean.limits import Limits, most_attributes
from pipelines.clean.page.blocks import page_blocks
from pipelines.clean.page.body import judge_blocks
from pipelines.clean.page.character_references import unescape_doubled
from pipelines.clean.page.kind import page_type
from pipelines.clean.page.script_state import script_paragraphs
from pipelines.clean.page.second_opinion import trafilatura_paragraphs
from pipelines.clean.records import Article, Capture, Skip

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
    resolved = unescape_doubled(root, text)
    blocks = page_blocks(root)
    known = (capture.target_uri, capture.fetched_at, capture.stated)
    facts = page_facts(root, blocks, *known)
    meta = read_metadata(root, blocks, *known, facts)
    page = judge_blocks(
        blocks,
        meta,
        partial(trafilatura_paragraphs, root, capture.target_uri),
        partial(script_paragraphs, root, f"{meta.headline or ''} {meta.description or ''}"),
    )
    judged = page.judged
    if (kind := page_type(facts, blocks, judged)) is not None:
        return kind
    language = language_of((b.text for b in judged if b.keep), meta.language)
    dateline = first_dateline(b.text for b in judged if b.keep)
    settled = settle(
        meta,
        language,
        dateline_date(dateline, language, capture.fetched_at),
        capture.stated,
        capture.fetched_at,
    )
    sites = (meta.publisher_name or "", meta.site_name or "", *site_names(capture.target_uri))
    who = authorship(facts, judged, capture.stated, sites, language, dateline)
    body, ledger = build(_with_byline(judged, who.byline))
    article = Article(
        headline=meta.headline,
        article_body=body,
        blocks=ledger,
        extractor="html",
        canonical_url=meta.canonical_url,
        byline=who.byline,
        authors=who.authors,
        agencies=who.agencies,
        dateline=dateline.text if dateline else None,
        dateline_place=dateline.place if dateline else None,
        published=settled.published,
        modified=meta.modified,
        in_language=settled.in_language,
        article_section=meta.section,
        description=meta.description,
        is_accessible_for_free=meta.is_accessible_for_free,
        publisher_name=meta.publisher_name,
        site_name=meta.site_name,
        evidence=(*settled.evidence, *who.evidence, *page.evidence, *resolved),
        text_direction=text_direction(body),
    )
    carried = publisher_evidence(article, capture.target_uri, facts, dateline)
    return replace(article, evidence=(*article.evidence, *carried))


def _with_byline(judged: list[Judged], byline: str | None) -> list[Judged]:
    """The blocks, the one that was read as the byline called so, and no text of the article."""
    return [
        replace(block, role="byline", rule_id="html.read_as_byline", confidence=0.8, keep=False)
        if block.text == byline and block.role in {"other", "body", "heading", "standfirst"}
        else block
        for block in judged
    ]


def parse_html(text: str, limits: Limits) -> Any:
    """Markup as an lxml tree, or a Skip: empty, too_deep, too_many_elements, …_attributes."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    if text.count("<") > limits.max_elements:
        elements = len(_TAG.findall(text))
        if elements > limits.max_elements:
            return Skip("too_many_elements", f"{elements}; the bound is {limits.max_elements}")
    attributes = most_attributes(text, limits.max_attributes)
    if attributes > limits.max_attributes:
        return Skip("too_many_attributes", f"{attributes}; the bound is {limits.max_attributes}")
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
