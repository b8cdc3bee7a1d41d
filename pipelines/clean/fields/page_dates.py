"""Dates of an HTML page as candidates: every stamp and print, with what speaks against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pipelines.clean.characters.spacing import fold, match_key
from pipelines.clean.fields.candidates import Candidate, source_of_meta
from pipelines.clean.fields.dates import (
    MAX_AHEAD,
    Stamp,
    first_printed,
    iso_text,
    machine_date,
    url_date,
    url_month,
    url_stamp,
)
from pipelines.clean.fields.facts import PageFacts
from pipelines.clean.fields.json_ld import PAGE_TYPES, text_of, type_name, types_of
from pipelines.clean.fields.microdata import value_of
from pipelines.clean.page.blocks import PageBlock, is_heading
from pipelines.clean.records import PrintedDate
from pipelines.clean.text.labels import opening

_OTHER_PIECES = frozenset({"nav", "footer", "aside", "li"})
_OWN_PLACES = frozenset({"article", "main"})
_BEFORE_HEADING, _AFTER_HEADING = 3, 25
"""Blocks around the headline among which a printed date can be the article's."""
_HEADER_BLOCKS = 40
"""Blocks from the top in which a page prints the day it is read on."""
_FOOTER_BLOCKS = 40
_LONGEST_DATE_BLOCK = 100
_LEAST_SHARE = 0.4
"""Share of a block that its date makes up, where nothing else says that it is a date's."""
_MOST_TIMES = 60
_DIGITS = re.compile(r"\d\d|\d[./-]\d|[०-९০-৯٠-٩۰-۹]")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)[^\d]{0,40}(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_CHANGED = re.compile(r"updat|modif|chang")
_READ_ON = timedelta(days=1)
"""How far a page's own today may be from the day of its capture, in whatever zone."""


def published_candidates(
    page: PageFacts, canonical_url: str | None, headline: str | None
) -> list[Candidate]:
    """Dates of publication that the page shows, in order of trust.

    JSON-LD, meta elements, microdata, ``<time>``, the address, print near the headline, then a
    number or a month in the address. Dates that cannot be carry the rule that says why.
    """
    address = page.url or canonical_url
    found = [*_stamped(page), *_meta(page, "published"), *_microdata(page, "datepublished")]
    found += [*_page_nodes(page), *_times(page)]
    day = url_date(address) if address else None
    found += [*_candidate(page, day, "url", "url", "path"), *_printed(page, headline)]
    if address and day is None:
        found += _candidate(page, url_stamp(address), "url", "url", "serial number")
        found += _candidate(page, url_month(address), "url", "url", "month in path")
    return [*found, *_founding_year(page)]


def modified_candidates(page: PageFacts) -> list[Candidate]:
    """When the article says it was last changed, in order of trust."""
    told = text_of(page.node.get("dateModified"))
    found = _candidate(page, _read(page, told), "json_ld", "json_ld", _of(page, "dateModified"))
    for name, contents in page.meta_named("modified"):
        source = source_of_meta(name)
        found += _candidate(page, _read(page, contents[0]), "meta", source, name)
    return [*found, *_microdata(page, "datemodified")]


def _read(page: PageFacts, text: str | None) -> Stamp | None:
    return machine_date(text, page.locale)


def _candidate(
    page: PageFacts,
    stamp: Stamp | None,
    kind: str,
    source: str,
    detail: str | None,
    set_aside: str | None = None,
) -> list[Candidate]:
    """``stamp`` as a candidate, set aside where it lies after the capture; empty for None."""
    if stamp is None:
        return []
    moment = PrintedDate(stamp.value, stamp.precision, kind, stamp.zone)
    if stamp.value > page.fetched_at + MAX_AHEAD:
        set_aside = "date.future"
    return [Candidate(iso_text(moment), source, detail, set_aside, moment)]


def _of(page: PageFacts, name: str) -> str:
    kinds = page.node.get("@type")
    kind = kinds[0] if isinstance(kinds, list) and kinds else kinds
    return f"{type_name(kind)}.{name}" if isinstance(kind, str) else name


def _stamped(page: PageFacts) -> Iterator[Candidate]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        stamp = _read(page, text_of(page.node.get(name)))
        yield from _candidate(page, stamp, "json_ld", "json_ld", _of(page, name))


def _page_nodes(page: PageFacts) -> Iterator[Candidate]:
    """The date of the page around the article, for articles that state none of their own."""
    for node in page.nodes[:_MOST_TIMES]:
        if "datePublished" in node and types_of(node) & PAGE_TYPES:
            stamp = _read(page, text_of(node["datePublished"]))
            yield from _candidate(page, stamp, "json_ld", "json_ld", "WebPage.datePublished")


def _microdata(page: PageFacts, name: str) -> Iterator[Candidate]:
    for element in page.items.get(name, ())[:_MOST_TIMES]:
        stamp = _read(page, value_of(element))
        yield from _candidate(page, stamp, "time", "microdata", f"itemprop={name}")


def _meta(page: PageFacts, field: str) -> Iterator[Candidate]:
    for name, contents in page.meta_named(field):
        for content in contents[:_MOST_TIMES]:
            stamp = _read(page, content)
            yield from _candidate(page, stamp, "meta", source_of_meta(name), name)


def _times(page: PageFacts) -> list[Candidate]:
    """``<time>`` elements: those called published, then the article's own, then all the others."""
    told: list[Candidate] = []
    own: list[Candidate] = []
    others: list[Candidate] = []
    times = page.elements.get("time", [])[:_MOST_TIMES]
    near = [e for e in times if not _inside(e, _OTHER_PIECES)]
    for element in times:
        text = value_of(element)
        stamp = _read(page, text) if _DIGITS.search(text) else None
        if stamp is None:
            continue
        names = " ".join(v for k, v in element.items() if k != "datetime").lower()
        published = element.get("pubdate") is not None or "publi" in names
        ruled_out = _against_time(page, element, stamp, names, published=published)
        kept = told if published else own
        if element not in near:
            ruled_out, kept = ruled_out or "date.other_piece", others
        elif not published and len(near) > 1 and not _inside(element, _OWN_PLACES):
            ruled_out, kept = ruled_out or "date.unplaced", others
        kept += _candidate(page, stamp, "time", "time", "time", ruled_out)
    return [*told, *own, *others]


def _against_time(
    page: PageFacts, element: Any, stamp: Stamp, names: str, *, published: bool
) -> str | None:
    parent = element.getparent()
    before = fold((parent.text or "")[:_LONGEST_DATE_BLOCK]) if parent is not None else ""
    label = opening(before) if before else None
    if not published and (_CHANGED.search(names) or (label and label.role == "modified")):
        return "date.modified_not_published"
    at_top = _inside(element, frozenset({"header", "nav"})) and not _inside(element, _OWN_PLACES)
    return "date.today_in_header" if at_top and _is_today(page, stamp) else None


def _is_today(page: PageFacts, stamp: Stamp) -> bool:
    return abs(stamp.value.date() - page.fetched_at.date()) <= _READ_ON


def _inside(element: Any, tags: frozenset[str]) -> bool:
    return any(ancestor.tag in tags for ancestor in element.iterancestors())


def _printed(page: PageFacts, headline: str | None) -> Iterator[Candidate]:
    """Short blocks that are a date and little else: near the headline, and in the page's header."""
    anchor = _anchor(page.blocks, match_key(headline or ""))
    start = max(0, anchor - _BEFORE_HEADING)
    top = range(min(start, _HEADER_BLOCKS))
    for index in (*range(start, anchor + _AFTER_HEADING), *top):
        block = page.blocks[index] if index < len(page.blocks) else None
        stamp = _date_of(page, block) if block else None
        if block is None or stamp is None:
            continue
        ruled_out = _against_print(page, block, stamp, index, anchor)
        found = _candidate(page, stamp, "text", "text", block.tag, ruled_out)
        yield from found
        if found and found[0].set_aside is None:
            return


def _date_of(page: PageFacts, block: PageBlock) -> Stamp | None:
    if len(block.text) > _LONGEST_DATE_BLOCK or block.link_share > 0.5:
        return None
    stamp = first_printed(block.text, page.locale) if _DIGITS.search(block.text) else None
    if stamp is None or stamp.precision == "month":
        return None
    mostly = stamp.end - stamp.start >= _LEAST_SHARE * len(block.text)
    return stamp if mostly or block.around.hint == "date" else None


def _against_print(
    page: PageFacts, block: PageBlock, stamp: Stamp, index: int, anchor: int
) -> str | None:
    label = opening(block.text)
    if label is not None and label.role == "modified":
        return "date.modified_not_published"
    above = index < anchor and not block.around.in_article
    if (block.around.in_chrome or (above and stamp.precision == "day")) and _is_today(page, stamp):
        return "date.today_in_header"
    if block.around.in_chrome:
        return "date.in_chrome"
    return "date.far_from_headline" if index < anchor - _BEFORE_HEADING else None


def _anchor(blocks: list[PageBlock], headline: str) -> int:
    """The block that prints the headline, alone or with its kicker; else the first ``h1``."""
    places = [i for i, b in enumerate(blocks) if headline and headline in b.key]
    places = [i for i in places if not blocks[i].around.in_chrome]
    whole = [i for i in places if blocks[i].key == headline]
    headed = [i for i in places if is_heading(blocks[i].tag)]
    for found in ([i for i in whole if i in headed], whole, headed):
        if found:
            return found[0]
    return next((i for i, b in enumerate(blocks) if b.tag == "h1"), 0)


def _founding_year(page: PageFacts) -> list[Candidate]:
    """The year of the copyright line: the site's age, kept to show that it was seen."""
    for block in reversed(page.blocks[-_FOOTER_BLOCKS:]):
        found = _COPYRIGHT.search(block.text[:200])
        if found:
            return [Candidate(found["year"], "text", block.tag, "date.site_founding_year")]
    return []
