"""What an HTML page says about its article besides the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipelines.clean.json_ld import boolean_of, text_of
from pipelines.clean.page_authors import authors
from pipelines.clean.page_blocks import PageBlock
from pipelines.clean.page_dates import modified, published
from pipelines.clean.page_facts import PageFacts, page_facts
from pipelines.clean.page_title import headline
from pipelines.clean.records import PrintedDate, Statement
from pipelines.clean.spacing import match_key
from pipelines.clean.stated_text import people_of, site_names, summary_of

_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_]|$)")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page states, and its feed where the page is silent; None or empty for neither."""

    headline: str | None = None
    canonical_url: str | None = None
    authors: tuple[str, ...] = ()
    published: PrintedDate | None = None
    """The page's own; ``stated_date`` weighs it against the feed's."""
    modified: PrintedDate | None = None
    section: str | None = None
    description: str | None = None
    is_accessible_for_free: bool | None = None
    publisher_name: str | None = None
    site_name: str | None = None
    language: str | None = None
    """As declared. Templates often declare another language than the article's: a hint at most."""


def read_metadata(
    root: Any,
    blocks: list[PageBlock],
    url: str | None,
    fetched_at: datetime,
    stated: Statement | None = None,
) -> Metadata:
    """Metadata of a parsed page.

    Args:
        root: the lxml tree.
        blocks: its visible blocks, for what only print shows.
        url: the page's address, if known.
        fetched_at: bounds what a date may be.
        stated: what a feed or sitemap said of the page.

    """
    page = page_facts(root, blocks, url, fetched_at, stated)
    publisher, site = text_of(page.node.get("publisher")), page.meta("site")
    sites = [name for name in (publisher, site) if name]
    named = people_of(stated, (*sites, *site_names(url))) if stated else ()
    canonical = _canonical(page)
    return Metadata(
        headline=headline(page, sites),
        canonical_url=canonical,
        authors=authors(page, {match_key(name) for name in sites}, named),
        published=published(page, canonical),
        modified=modified(page),
        section=text_of(page.node.get("articleSection")) or page.meta("section"),
        description=text_of(page.node.get("description"))
        or page.meta("description")
        or summary_of(stated),
        is_accessible_for_free=boolean_of(page.node.get("isAccessibleForFree")),
        publisher_name=_name(publisher) or _name(site),
        site_name=_name(site) or _name(publisher),
        language=_declared_language(page),
    )


def _name(text: str | None) -> str | None:
    text = (text or "").lstrip("@").strip()
    return text if text and "//" not in text else None


def _canonical(page: PageFacts) -> str | None:
    """The page's own address as it states it: absolute, http or https."""
    base = page.root.find(".//base[@href]")
    links = [
        element.get("href") or ""
        for element in page.root.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split()
    ]
    for address in (*links, *page.metas.get("og:url", ())):
        try:
            start = urljoin(page.url or "", base.get("href") if base is not None else "")
            absolute = str(urljoin(start, address.strip()))
            parts = urlsplit(absolute)
            host = parts.hostname
        except ValueError:
            continue
        if parts.scheme in {"http", "https"} and host:
            return absolute
    return None


def _declared_language(page: PageFacts) -> str | None:
    """ISO 639-1 code."""
    declared = (text_of(page.node.get("inLanguage")), page.root.get("lang"), page.meta("language"))
    for value in declared:
        found = _LANGUAGE.match((value or "").lower())
        if found:
            return str(found[1])
    return None
