"""Who carries a page and who wrote it: two questions with two answers.

The host is whose address the page lies at, the publisher whose piece it is. An agency credited for
the text (``agency_credits``) is neither: the outlet that took it over is its publisher.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.address import site
from pipelines.clean.authors.byline_words import opener
from pipelines.clean.authors.dateline import Dateline
from pipelines.clean.fields.candidates import Candidate, evidence_rows, source_of_meta
from pipelines.clean.fields.facts import PageFacts
from pipelines.clean.fields.json_ld import text_of
from pipelines.clean.records import Article, Evidence
from pipelines.reference.outlets import Outlet, load_outlets

_LAST_BLOCKS = 40
_LONGEST_CREDIT = 120


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of ``sources`` that an article refers to."""

    source_id: str
    name: str
    domain: str | None
    country: str | None
    in_language: str | None
    source_role: str | None
    wikidata_id: str | None
    origin: str
    """``catalogue`` or ``observed``."""


def host_of(url: str | None) -> SourceRow | None:
    """Who carries the page at ``url``: a known outlet, else the site itself."""
    domain = site(url)
    if domain is None:
        return None
    outlet = load_outlets().at(domain)
    if outlet:
        return _known(outlet)
    return SourceRow(domain, domain, domain, None, None, None, None, "observed")


def publisher_of(article: Article, url: str | None) -> SourceRow | None:
    """Who wrote the article, by the best evidence there is, or None.

    In this order: an outlet that the page names and that is known; the outlet of a canonical
    address on another site; the page's own site, unless that is known to carry others' pages;
    a name that only the page knows; the name of the site.
    """
    outlets = load_outlets()
    named = outlets.named(article.publisher_name) if article.publisher_name else None
    if named:
        return _known(named)
    host = host_of(url)
    home = host_of(article.canonical_url)
    if home and (host is None or home.source_id != host.source_id):
        return home
    if host and host.source_role not in ("aggregator", "social"):
        return host
    for name in (article.publisher_name, article.site_name if host is None else None):
        known = outlets.named(name) if name else None
        if known:
            return _known(known)
        if name and (row := _observed(name)):
            return row
    return None


def publisher_evidence(
    article: Article, url: str | None, page: PageFacts | None, dateline: Dateline | None
) -> tuple[Evidence, ...]:
    """Every statement of whose piece it is, the one that ``publisher_of`` goes by first.

    Args:
        article: as read.
        url: the page's address.
        page: the parsed page, or None for a text without one.
        dateline: the text's dateline: the outlet or agency that it names filed the report.

    """
    found = list(_statements(article, url, page, dateline))
    row = publisher_of(article, url)
    chosen, rule = None, ""
    if row is not None:
        same = [c for c in found if _row_id(c) == row.source_id]
        chosen = next((c for c in same if c.source != "url"), next(iter(same), None))
        rule = f"publisher.{_rule(chosen, row)}" if chosen else ""
    return evidence_rows("publisher", found, chosen, rule, row.name if row and chosen else None)


def _statements(
    article: Article, url: str | None, page: PageFacts | None, dateline: Dateline | None
) -> Iterator[Candidate]:
    if page is not None:
        if told := text_of(page.node.get("publisher")):
            yield Candidate(told, "json_ld", "publisher")
        for name, contents in page.meta_named("site"):
            yield Candidate(contents[0], source_of_meta(name), name)
    elif article.publisher_name:
        yield Candidate(article.publisher_name, "text", "outlet line")
    host, home = host_of(url), host_of(article.canonical_url)
    if home and (host is None or home.source_id != host.source_id):
        yield Candidate(home.name, "link", "canonical")
    if host:
        yield Candidate(host.name, "url", "host")
    if dateline is not None and dateline.outlet:
        yield Candidate(dateline.outlet, "dateline", "dateline")
    for block in article.blocks[-_LAST_BLOCKS:]:
        told_by = opener(block.text[:_LONGEST_CREDIT], None)
        if told_by and told_by.kind == "source" and load_outlets().named(told_by.rest.strip(" .")):
            yield Candidate(told_by.rest.strip(" ."), "text", "credit line")


def _row_id(candidate: Candidate) -> str | None:
    known = load_outlets().named(candidate.value)
    row = _known(known) if known else _observed(candidate.value)
    if candidate.source in {"url", "link"} and not known:
        return candidate.value
    return row.source_id if row else None


def _rule(candidate: Candidate, row: SourceRow) -> str:
    if candidate.source == "url":
        return "host"
    if candidate.source == "link":
        return "canonical"
    return "named" if row.origin == "catalogue" else "observed"


def _known(outlet: Outlet) -> SourceRow:
    return SourceRow(
        outlet.source_id,
        outlet.name,
        outlet.domains[0] if outlet.domains else None,
        outlet.country,
        outlet.in_language,
        outlet.role,
        outlet.wikidata_id,
        "catalogue",
    )


def _observed(name: str) -> SourceRow | None:
    plain = unicodedata.normalize("NFKD", name).casefold()
    slug = re.sub(r"[^\w]+", "-", "".join(c for c in plain if not unicodedata.combining(c)))
    slug = slug.strip("-")[:60]
    return SourceRow(slug, name, None, None, None, None, None, "observed") if slug else None
