"""The text that a feed carries: markup of the article alone, less what feed systems add to it.

All of it is the article's, so that no extractor has to look for it; metadata come from the feed's
statement. What feed systems put below the text (a line with the article's title and links, a link
that leads on to the page) is known by its links and its place, in whatever language it is written.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from pipelines.address import normalise
from pipelines.clean.authors.authorship import text_authorship
from pipelines.clean.authors.dateline import dateline_date, first_dateline
from pipelines.clean.authors.publisher import publisher_evidence
from pipelines.clean.authors.stated_text import (
    ADDED,
    LEAST_TITLE,
    site_names,
    summary_of,
)
from pipelines.clean.characters.direction import text_direction
from pipelines.clean.characters.language import language_of
from pipelines.clean.characters.spacing import fold, match_key
from pipelines.clean.fields.judgement import text_evidence
from pipelines.clean.fields.stated_date import feed_modified, published_of
from pipelines.clean.fields.title import feed_title
from pipelines.clean.ledger import Judged, build
from pipelines.clean.limits import Limits
from pipelines.clean.page.blocks import PageBlock, page_blocks
from pipelines.clean.page.body import body_role
from pipelines.clean.page.character_references import unescape_doubled
from pipelines.clean.page.reader import parse_html
from pipelines.clean.page.reading import cut_of
from pipelines.clean.records import Article, Capture, Skip, Statement
from pipelines.clean.text.line_rules import Verdict, classify
from pipelines.clean.text.lines import Line, make_line

_TAG = re.compile(r"<[a-zA-Z/!]")
_ESCAPED_TAG = re.compile(
    r"&lt;/?(?:p|br|div|a|img|ul|li|h[1-6]|strong|em|figure)\b", re.IGNORECASE
)
_BLOCK_TAG = re.compile(r"<(?:p|div|li|td|h[1-6]|blockquote|article|section)\b", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_TWO_BREAKS = re.compile(r"<br\b[^<>]*>\s*<br\b", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")
_BLANK_LINE = re.compile(r"(?:\r\n?|\n)[^\S\r\n]*(?:\r\n?|\n)")
_ELLIPSIS = re.compile(r"\s*[\[(]\s*(?:…|\.{3})\s*[\])]\s*$")
_ARROWS = " \u00a0.…:»›→⟶>]"
_STOP = re.compile(r"[.!?…\]\"”»。！？।؟]\s")
_LINKED = 0.8
_LEAST_SHARE = 0.4
"""Share of a line that the article's title makes up where the line is about its publication."""
_LAST_LINKS = 20
"""Links from the end that can lead on to the page."""
_MOST_LINK_WORDS = 25
"""Words of a link that is a pointer to another piece, as headlines are long."""


def read_feed_text(text: str, capture: Capture, limits: Limits) -> Article | Skip:
    """A feed's text as an article with its ledger.

    Args:
        text: the decoded markup, or plain text.
        capture: for its address, its time and what the feed states beside the text.
        limits: bounds on elements and depth.

    Returns:
        The article (with an empty body where the feed carries links only), or a Skip.

    """
    root = parse_html(_paragraphs(text), limits)
    if isinstance(root, Skip):
        return root
    resolved = unescape_doubled(root, text)
    told = capture.stated or Statement()
    title = feed_title(told.title, capture.target_uri)
    blocks = page_blocks(root)
    own_links = _links_to(root, capture.target_uri)
    judged = _judge(blocks, title or "", own_links)
    body, ledger = build(judged)
    language = language_of(b.text for b in judged if b.keep)
    dateline = first_dateline(b.text for b in judged if b.keep)
    who = text_authorship(judged, told, site_names(capture.target_uri), language, dateline)
    summary = summary_of(told)
    article = Article(
        headline=title,
        article_body=body,
        blocks=ledger,
        extractor="html",
        byline=who.byline,
        authors=who.authors,
        agencies=who.agencies,
        dateline=dateline.text if dateline else None,
        dateline_place=dateline.place if dateline else None,
        published=published_of(
            dateline_date(dateline, language, capture.fetched_at), told, capture.fetched_at
        ),
        modified=feed_modified(told, capture.fetched_at),
        in_language=language,
        description=None if summary and match_key(summary) == match_key(body) else summary,
        text_direction=text_direction(body),
    )
    carried = publisher_evidence(article, capture.target_uri, None, dateline)
    evidence = (*text_evidence(article, capture), *who.evidence, *carried, *resolved)
    return replace(article, evidence=evidence)


def _paragraphs(text: str) -> str:
    """Markup whose paragraphs are marked: without elements for them, breaks and lines are."""
    if not _TAG.search(text) and _ESCAPED_TAG.search(text):
        text = html.unescape(text)  # escaped once more than its feed's format asks for
    if _BLOCK_TAG.search(text) or _TWO_BREAKS.search(text):
        return text
    if _BREAK.search(text):
        return _BREAK.sub("<br><br>", text)
    if _BLANK_LINE.search(text):
        return _BLANK_LINE.sub("<br><br>", text)
    return text if _TAG.search(text) else _LINE_END.sub("<br><br>", text)


def _links_to(root: Any, url: str | None) -> tuple[str, ...]:
    """Texts of the last links that lead to the page itself, the longest first."""
    here = normalise(url) if url else None
    if url is None or here is None:
        return ()
    texts = set()
    for link in list(root.iter("a"))[-_LAST_LINKS:]:
        try:
            target = urljoin(url, (link.get("href") or "#").strip())
        except ValueError:
            continue
        if normalise(target) == here:
            texts.add(fold(" ".join(link.itertext())).strip(_ARROWS))
    return tuple(sorted(texts - {""}, key=lambda text: (-len(text), text)))


def _judge(blocks: list[PageBlock], title: str, own_links: tuple[str, ...]) -> list[Judged]:
    """The verdict on every block; where names of templates would drop all, they count for none."""
    lines = [make_line(block.text, isolated=True) for block in blocks]
    first = next((i for i, line in enumerate(lines) if line.prose), 0)
    for hints in (True, False):
        dropped: list[Verdict | None] = [
            _dropped(block, line, title, hints=hints) or (classify(line) if i < first else None)
            for i, (block, line) in enumerate(zip(blocks, lines, strict=True))
        ]
        for index in reversed(range(len(blocks))):
            if _trailer(blocks[index], title, own_links):
                dropped[index] = _TRAILER
            elif dropped[index] is None:
                break
        if None in dropped:
            break
    return _without_tail(list(map(_judged, blocks, dropped)), own_links)


_TRAILER = Verdict("navigation", "html.feed_trailer", 0.8)


def _judged(block: PageBlock, dropped: Verdict | None) -> Judged:
    if dropped is None:
        return Judged(block.text, body_role(block), "html.feed_text", 0.85, keep=True)
    return Judged(block.text, dropped.role, dropped.rule_id, dropped.confidence, keep=False)


def _trailer(block: PageBlock, title: str, own_links: tuple[str, ...]) -> bool:
    """True for what a feed system puts below the text: links, or the title in a few words."""
    if not block.key:
        return True
    unlinked = len(block.text) * (1 - block.link_share)
    if unlinked <= ADDED and any(link in block.text for link in own_links):
        return True
    if block.link_share >= _LINKED and len(block.text.split()) <= _MOST_LINK_WORDS:
        return True
    rest = len(block.text) - len(title)
    return (
        len(match_key(title)) >= LEAST_TITLE
        and title in block.text
        and 0 < rest <= ADDED
        and len(title) >= _LEAST_SHARE * len(block.text)
    )


def _dropped(block: PageBlock, line: Line, title: str, *, hints: bool) -> Verdict | None:
    """Why a block above the trailer is no text of the article, or None."""
    around = block.around
    if block.key == match_key(title) and block.key:
        return Verdict("headline", "html.headline", 0.95)
    telling = hints and around.hint not in {None, "standfirst"}
    if telling and (around.in_chrome or around.hint in {"caption", "credit"} or not line.prose):
        return Verdict(around.hint or "other", around.hint_rule or "html.hint", 0.7)
    if block.link_share >= _LINKED and line.words <= _MOST_LINK_WORDS:
        return Verdict("navigation", "html.links", 0.6)
    return cut_of(line)


def _without_tail(judged: list[Judged], own_links: tuple[str, ...]) -> list[Judged]:
    """The blocks, what leads on to the page at the end of the last kept one split off."""
    last = max((i for i, block in enumerate(judged) if block.keep), default=None)
    if last is None:
        return judged
    text = judged[last].text
    end = _text_end(text, own_links)
    if end == len(text):
        return judged
    head, tail = text[:end].rstrip(), text[end:].strip()
    kept, cut = judged[last], _TRAILER
    parts = [
        Judged(head, kept.role, kept.rule_id, kept.confidence, keep=True),
        Judged(tail, cut.role, cut.rule_id, cut.confidence, keep=False),
    ]
    return judged[:last] + [part for part in parts if part.text] + judged[last + 1 :]


def _text_end(text: str, own_links: tuple[str, ...]) -> int:
    """Where the last paragraph's own words end: before a link to the page and ``[…]``."""
    bare = text.rstrip(_ARROWS)
    link = next((link for link in own_links if bare.endswith(link)), None)
    end = len(text)
    if link is not None and len(link) <= ADDED:
        end = len(bare) - len(link)
        stops = [found.end() for found in _STOP.finditer(text, 0, end)]
        if stops and end - stops[-1] <= ADDED:
            end = stops[-1]
    marker = _ELLIPSIS.search(text[:end])
    return marker.start() if marker else end
