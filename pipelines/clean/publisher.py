"""Who carries a page and who wrote it: two questions with two answers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipelines.address import site
from pipelines.clean.records import Article
from pipelines.reference.outlets import Outlet, load_outlets


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
