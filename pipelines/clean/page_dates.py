"""Dates of an HTML page that carry evidence; never the capture's day, never another piece's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.clean.dates import first_printed, machine_date, stated, url_date
from pipelines.clean.json_ld import text_of
from pipelines.clean.page_facts import PageFacts
from pipelines.clean.records import PrintedDate
from pipelines.clean.spacing import fold

_OTHER_PIECES = frozenset({"nav", "footer", "aside", "li"})
_BEFORE_HEADING, _AFTER_HEADING = 3, 25
"""Blocks around the first ``h1`` among which a printed date can be the article's."""
_LONGEST_DATE_BLOCK = 100


def published(page: PageFacts, canonical_url: str | None) -> PrintedDate | None:
    """When the article says it was published: JSON-LD, meta, ``<time>``, the address, print."""
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if found := _stated(page, text_of(page.node.get(key)), "json_ld"):
            return found
    for contents in page.meta_all("published"):
        for content in contents:
            if found := _stated(page, content, "meta"):
                return found
    if found := next(_time_elements(page), None):
        return found
    url = page.url or canonical_url
    if url and (found := stated(url_date(url), "url", page.fetched_at)):
        return found
    return _printed(page)


def modified(page: PageFacts) -> PrintedDate | None:
    """When the article says it was last changed."""
    if found := _stated(page, text_of(page.node.get("dateModified")), "json_ld"):
        return found
    for contents in page.meta_all("modified"):
        if found := _stated(page, contents[0], "meta"):
            return found
    for element in page.root.xpath(".//*[contains(@itemprop, 'dateModified')]"):
        if found := _stated(page, _value(element), "time"):
            return found
    return None


def _stated(page: PageFacts, text: str | None, source: str) -> PrintedDate | None:
    return stated(machine_date(text), source, page.fetched_at)


def _value(element: Any) -> str:
    return fold(element.get("datetime") or element.get("content") or " ".join(element.itertext()))


def _time_elements(page: PageFacts) -> Iterator[PrintedDate]:
    """Dates of microdata and ``<time>``: those called published, else the article's own first."""
    times = [e for e in page.root.iter("time") if not _inside(e, _OTHER_PIECES)]
    marked = page.root.xpath(".//*[contains(@itemprop, 'datePublished')]")
    told = [e for e in times if _says_published(e)]
    own = [e for e in times if len(times) == 1 or _inside(e, frozenset({"article", "main"}))]
    for element in (*marked, *told, *own):
        if found := _stated(page, _value(element), "time"):
            yield found


def _says_published(element: Any) -> bool:
    return element.get("pubdate") is not None or "publi" in " ".join(element.values()).lower()


def _inside(element: Any, tags: frozenset[str]) -> bool:
    return any(ancestor.tag in tags for ancestor in element.iterancestors())


def _printed(page: PageFacts) -> PrintedDate | None:
    """A short block near the heading that is a date and little else."""
    start = next((i for i, b in enumerate(page.blocks) if b.tag == "h1"), 0)
    for block in page.blocks[max(0, start - _BEFORE_HEADING) : start + _AFTER_HEADING]:
        long = len(block.text) > _LONGEST_DATE_BLOCK
        if long or block.around.in_chrome or block.link_share > 0.5:
            continue
        stamp = first_printed(block.text)
        if stamp is None or stamp.precision == "month":
            continue
        mostly = stamp.end - stamp.start >= 0.4 * len(block.text)
        if (mostly or block.around.hint == "date") and (
            found := stated(stamp, "text", page.fetched_at)
        ):
            return found
    return None
