"""What an HTML page says about its article besides the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipelines.address import site
from pipelines.clean.authors.stated_text import site_names, summary_of
from pipelines.clean.characters.spacing import match_key
from pipelines.clean.fields.candidates import Candidate, evidence_rows, single, source_of_meta
from pipelines.clean.fields.facts import PageFacts, locale_of, page_facts
from pipelines.clean.fields.json_ld import boolean_of, text_of, types_of
from pipelines.clean.fields.judgement import (
    judge_first,
    judge_headline,
    judge_own_date,
    judge_published,
)
from pipelines.clean.fields.microdata import value_of
from pipelines.clean.fields.page_dates import modified_candidates, published_candidates
from pipelines.clean.fields.title import names_site, printed_titles, told_titles
from pipelines.clean.page.blocks import PageBlock
from pipelines.clean.records import Evidence, PrintedDate, Statement

_SITE_WORDS = 6
_SECTION_WORDS = 5
_LONGEST_SECTION = 80
_MOST_STATEMENTS = 4
"""Statements of one name on a page that are weighed."""
_TIERS = {"free": "true", "locked": "false"}
"""Values of ``article:content_tier`` (Open Graph of Facebook) that settle who may read."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page states, and its feed where the page is silent; None or empty for neither."""

    headline: str | None = None
    canonical_url: str | None = None
    published: PrintedDate | None = None
    """The page's own; ``settle`` weighs it against the dateline's and the feed's."""
    modified: PrintedDate | None = None
    section: str | None = None
    description: str | None = None
    is_accessible_for_free: bool | None = None
    publisher_name: str | None = None
    site_name: str | None = None
    language: str | None = None
    """As declared. Templates often declare another language than the article's: a hint at most."""
    dates: tuple[Candidate, ...] = field(default=(), repr=False)
    """Dates of publication in order of trust, to be judged when the body is known."""
    languages: tuple[Candidate, ...] = field(default=(), repr=False)
    """Languages as declared, in order of trust."""
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)
    """What was weighed for the fields that are settled here."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the page's metadata, its body and its feed give together."""

    published: PrintedDate | None
    in_language: str | None
    evidence: tuple[Evidence, ...]
    """For every field, those of ``Metadata.evidence`` among them."""


def read_metadata(
    root: Any,
    blocks: list[PageBlock],
    url: str | None,
    fetched_at: datetime,
    stated: Statement | None = None,
    facts: PageFacts | None = None,
) -> Metadata:
    """Metadata of a parsed page.

    Args:
        root: the lxml tree.
        blocks: its visible blocks, for what only print shows.
        url: the page's address, if known.
        fetched_at: bounds what a date may be.
        stated: what a feed or sitemap said of the page.
        facts: the page's index, where it is made already.

    """
    page = facts or page_facts(root, blocks, url, fetched_at, stated)
    publisher, site_told = text_of(page.node.get("publisher")), page.meta("site")
    # Some templates write the page's own title where the site's name belongs.
    told_names = [name for name in (publisher, site_told) if name]
    sites = [n for n in told_names if n != page.title or len(n.split()) <= _SITE_WORDS]
    every = (*sites, *site_names(url))
    headline = judge_headline(
        told_titles(page, sites),
        printed_titles(page, "h1"),
        lambda: printed_titles(page, "h2"),
        every,
        url,
        stated,
    )
    canonical = judge_first("canonical_url", list(_canonical(page)))
    dates = published_candidates(page, canonical.value, headline.value)
    changed = modified_candidates(page)
    own, _ = judge_own_date(dates)
    last = next((c for c in changed if c.set_aside is None), None)
    section = judge_first("article_section", _sections(page, headline.value))
    description = judge_first("description", _descriptions(page, headline.value, every))
    free = judge_first("is_accessible_for_free", list(_access(page)))
    languages = tuple(_languages(page))
    return Metadata(
        headline=headline.value,
        canonical_url=canonical.value,
        published=own.date if own else None,
        modified=last.date if last else None,
        section=section.value,
        description=description.value,
        is_accessible_for_free=free.value == "true" if free.value else None,
        publisher_name=_name(publisher) or _name(site_told),
        site_name=_name(site_told) or _name(publisher),
        language=languages[0].value if languages else None,
        dates=tuple(dates),
        languages=languages,
        evidence=(
            *headline.evidence,
            *canonical.evidence,
            *evidence_rows("date_modified", changed, last, _rule_of_change(last)),
            *section.evidence,
            *description.evidence,
            *free.evidence,
        ),
    )


def settle(
    meta: Metadata,
    language: str | None,
    dateline: PrintedDate | None,
    stated: Statement | None,
    fetched_at: datetime,
) -> Settled:
    """Date and language, when the body is known, with all evidence.

    Args:
        meta: what the page states.
        language: of the body's words, or None where they do not tell.
        dateline: the day that the dateline names.
        stated: what a feed or sitemap said of the page.
        fetched_at: bounds what a date may be.

    """
    dates = (*meta.dates, *dateline_candidate(dateline))
    published = judge_published(dates, stated, fetched_at, meta.modified)
    spoken = single(language, "model", "body") + list(meta.languages)
    judged = judge_first("in_language", spoken)
    evidence = (*meta.evidence, *published.evidence, *judged.evidence)
    return Settled(published.value, judged.value, evidence)


def dateline_candidate(dateline: PrintedDate | None) -> list[Candidate]:
    """The dateline's day as a candidate; empty for None."""
    from pipelines.clean.fields.dates import iso_text

    if dateline is None:
        return []
    return [Candidate(iso_text(dateline), "dateline", "body", None, dateline)]


def _rule_of_change(candidate: Candidate | None) -> str:
    if candidate is None or candidate.date is None:
        return ""
    return f"date.{'microdata' if candidate.source == 'microdata' else candidate.date.source}"


def _name(text: str | None) -> str | None:
    text = (text or "").lstrip("@").strip()
    return text if text and "//" not in text else None


def _canonical(page: PageFacts) -> Iterator[Candidate]:
    """The page's own address as it states it: absolute, http or https.

    A front page's address on another page is a template's slip, and would make one article of all
    of a site's. JSON-LD's addresses count on the page's own site.
    """
    base = next((e.get("href") for e in page.elements.get("base", ()) if e.get("href")), "")
    links = [
        (element.get("href") or "", "link", "canonical")
        for element in page.elements.get("link", ())
        if "canonical" in (element.get("rel") or "").lower().split()
    ]
    shared = [(text, "open_graph", "og:url") for text in page.metas.get("og:url", ())]
    entity = page.node.get("mainEntityOfPage")
    entity = entity.get("@id") if isinstance(entity, dict) else entity
    own = [(text, "json_ld", "url") for text in (page.node.get("url"), entity)]
    for address, source, detail in (*links[:4], *shared[:4], *own):
        if not isinstance(address, str) or not address.strip():
            continue
        absolute = _absolute(address, base, page.url)
        if absolute is None:
            yield Candidate(address.strip()[:500], source, detail, "canonical_url.no_address")
            continue
        rule = None
        if _is_front(absolute) and page.url and not _is_front(page.url):
            rule = "canonical_url.front_page"
        elif source == "json_ld" and site(absolute) != site(page.url):
            rule = "canonical_url.other_site"
        yield Candidate(absolute, source, detail, rule)


def _absolute(address: str, base: str, url: str | None) -> str | None:
    try:
        absolute = str(urljoin(urljoin(url or "", base), address.strip()))
        parts = urlsplit(absolute)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return absolute if sound else None


def _is_front(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path in {"", "/"} and not parts.query


def _texts(page: PageFacts, name: str, field_: str) -> list[Candidate]:
    """What JSON-LD, microdata and meta elements state under one name, in this order."""
    found = single(text_of(page.node.get(name)), "json_ld", name)
    for name_, contents in page.meta_named(field_):
        found += single(contents[0], source_of_meta(name_), name_)
    for element in page.items.get(name.lower(), ())[:_MOST_STATEMENTS]:
        found += single(value_of(element), "microdata", f"itemprop={name}")
    return found


def _sections(page: PageFacts, headline: str | None) -> list[Candidate]:
    """Sections as stated; without one, the breadcrumb's step below the front page."""
    judged = []
    for candidate in _texts(page, "articleSection", "section"):
        value = candidate.value
        word = value[:1] != "/" and "://" not in value and len(value) <= _LONGEST_SECTION
        rule = None if word else "article_section.no_name"
        judged.append(Candidate(value, candidate.source, candidate.detail, rule))
    steps = _breadcrumb(page)
    section = steps[1] if len(steps) > 2 else None
    if section and match_key(section) != match_key(headline or ""):
        word = "/" not in section and len(section.split()) <= _SECTION_WORDS
        rule = None if word else "article_section.no_name"
        judged.append(Candidate(section, "json_ld", "BreadcrumbList", rule))
    return judged


def _breadcrumb(page: PageFacts) -> list[str]:
    for node in page.nodes:
        items = node.get("itemListElement")
        if isinstance(items, list) and "breadcrumblist" in types_of(node):
            names = (text_of(_step(item)) for item in items[:10] if isinstance(item, dict))
            return [name for name in names if name]
    return []


def _step(item: dict[str, Any]) -> Any:
    inner = item.get("item")
    return item.get("name") or (inner.get("name") if isinstance(inner, dict) else None)


def _descriptions(page: PageFacts, headline: str | None, sites: tuple[str, ...]) -> list[Candidate]:
    found = _texts(page, "description", "description")
    key = match_key(headline or "")
    judged = []
    for candidate in found:
        rule = "description.repeats_headline" if key and candidate.key == key else None
        rule = "description.names_site" if names_site(candidate.value, sites) else rule
        judged.append(Candidate(candidate.value, candidate.source, candidate.detail, rule))
    return judged + single(summary_of(page.stated), "feed", "summary")


def _access(page: PageFacts) -> Iterator[Candidate]:
    """Whether the article may be read without paying; a closed part closes the article."""
    yield from _boolean(page.node.get("isAccessibleForFree"), "json_ld", "isAccessibleForFree")
    parts = page.node.get("hasPart")
    for part in (parts if isinstance(parts, list) else [parts])[:_MOST_STATEMENTS]:
        if isinstance(part, dict) and boolean_of(part.get("isAccessibleForFree")) is False:
            yield Candidate("false", "json_ld", "hasPart.isAccessibleForFree")
    for element in page.items.get("isaccessibleforfree", ())[:_MOST_STATEMENTS]:
        yield from _boolean(value_of(element), "microdata", "itemprop=isAccessibleForFree")
    for tier in page.metas.get("article:content_tier", ())[:1]:
        value = _TIERS.get(tier.lower())
        rule = None if value else "is_accessible_for_free.metered"
        yield Candidate(value or tier, "open_graph", "article:content_tier", rule)


def _boolean(value: Any, source: str, detail: str) -> Iterator[Candidate]:
    answer = boolean_of(value)
    if answer is not None:
        yield Candidate("true" if answer else "false", source, detail)


def _languages(page: PageFacts) -> Iterator[Candidate]:
    """ISO 639-1 codes as declared."""
    declared = [(text_of(page.node.get("inLanguage")), "json_ld", "inLanguage")]
    declared.append((page.root.get("lang"), "meta", "html lang"))
    for name, contents in page.meta_named("language"):
        declared.append((contents[0], source_of_meta(name), name))
    for text, source, detail in declared:
        code = locale_of(text)
        if code:
            yield Candidate(code[:2], source, detail)
