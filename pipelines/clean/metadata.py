"""What an HTML page says about its article: headline, dates, authors, names, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipelines.clean.dates import first_printed, machine_date, stated, url_date
from pipelines.clean.json_ld import Node, article_node, boolean_of, names_of, text_of
from pipelines.clean.page_blocks import PageBlock
from pipelines.clean.records import PrintedDate
from pipelines.clean.spacing import fold, match_key

_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "article.published", "published_time", "published-date", "publish-date", "publishdate", "publish_date",
    "pubdate", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "date", "article_date_original",
    "originalpublicationdate", "cdate", "datecreated", "rnews:datepublished", "citation_publication_date",
    "bt:pubdate", "vr:published_time", "last-modified-date-original", "shareaholic:article_published_time",
)  # fmt: skip
_MODIFIED_META = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "dcterms.modified",
    "dc.date.modified", "last-modified", "lastmod", "modified_time", "article.updated", "cxenseparse:recs:modifiedtime",
)  # fmt: skip
_TITLE_META = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "headline", "title")
_AUTHOR_META = (
    "author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
    "cxenseparse:author", "byl", "article:author", "og:article:author", "citation_author", "vr:author",
)  # fmt: skip
_SITE_META = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "apple-mobile-web-app-title", "twitter:site")
_SECTION_META = ("article:section", "og:article:section", "parsely-section", "cxenseparse:recs:category")
_DESCRIPTION_META = ("description", "og:description", "twitter:description", "dc.description", "sailthru.description")
_TITLE_BREAK = re.compile(r"\s+(?:[|–—·»«:•]|-{1,2}|\|\|)\s+|\s*[|｜]\s*|(?<=\w):\s+(?=\w)")


@dataclass(slots=True)
class Metadata:
    """What the page states; None or empty where it states nothing."""

    headline: str | None = None
    canonical_url: str | None = None
    authors: tuple[str, ...] = ()
    published: PrintedDate | None = None
    modified: PrintedDate | None = None
    section: str | None = None
    description: str | None = None
    is_accessible_for_free: bool | None = None
    publisher_name: str | None = None
    site_name: str | None = None
    language: str | None = None


def read_metadata(
    root: Any, blocks: list[PageBlock], url: str | None, fetched_at: datetime
) -> Metadata:
    """Metadata of a parsed page.

    Args:
        root: the lxml tree.
        blocks: its visible blocks, for what only print shows.
        url: the page's address, if known.
        fetched_at: bounds what a date may be.
    """
    metas = _metas(root)
    node = article_node([s.text or "" for s in root.iterfind(".//script[@type='application/ld+json']")], url) or {}
    site = text_of(node.get("publisher")) or _first(metas, _SITE_META)
    meta_site = _first(metas, _SITE_META)
    canonical = _canonical(root, metas, url)
    return Metadata(
        headline=_headline(root, node, metas, [site, meta_site]),
        canonical_url=canonical,
        authors=_authors(root, node, metas, blocks, {match_key(s) for s in (site, meta_site) if s}),
        published=_published(root, node, metas, blocks, url or canonical, fetched_at),
        modified=_modified(root, node, metas, fetched_at),
        section=text_of(node.get("articleSection")) or _first(metas, _SECTION_META),
        description=text_of(node.get("description")) or _first(metas, _DESCRIPTION_META),
        is_accessible_for_free=boolean_of(node.get("isAccessibleForFree")),
        publisher_name=_name(text_of(node.get("publisher")) or meta_site),
        site_name=_name(meta_site or site),
        language=_language(root, node, metas),
    )


def _metas(root: Any) -> dict[str, list[str]]:
    """Contents of the meta elements by lower-case property, name or itemprop."""
    metas: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = fold(element.get("content") or element.get("value") or "")
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for name in (element.get(attribute) or "").lower().split():
                metas.setdefault(name, []).append(content)
    return metas


def _first(metas: dict[str, list[str]], names: Iterable[str]) -> str | None:
    return next((metas[name][0] for name in names if name in metas), None)


def _name(text: str | None) -> str | None:
    text = (text or "").lstrip("@").strip()
    return text if text and not text.startswith(("http://", "https://", "//")) else None


def _headline(root: Any, node: Node, metas: dict[str, list[str]], sites: list[str | None]) -> str | None:
    title = root.find(".//head/title")
    title = root.find(".//title") if title is None else title
    page_title = fold(title.text_content()) if title is not None else None
    shown = [fold(" ".join(h.itertext())) for h in root.iter("h1")]
    shown = [text for text in shown if len(match_key(text)) >= 3]
    stated_one = text_of(node.get("headline"))
    told = [stated_one, *(metas.get(n, [None])[0] for n in _TITLE_META), page_title]
    named = [without_site_name(text, sites) for text in told if text]
    keys = [match_key(text) for text in named]
    for heading in shown:
        key = match_key(heading)
        if key in keys[:1] or (not stated_one and key in keys) or _is_cut(keys[:1], key):
            return heading
    if stated_one:
        return named[0]
    if named and shown:
        heading = max(shown, key=lambda text: _shared(match_key(text), keys))
        if len(shown) == 1 or _shared(match_key(heading), keys) >= _SAME_TITLE:
            return heading
    return (named or shown or [None])[0]


_SAME_TITLE = 0.6


def _is_cut(keys: list[str], printed: str) -> bool:
    """True where the stated headline is the printed one cut off, as length limits cut it."""
    return any(len(key) >= 40 and len(key) < len(printed) and printed.startswith(key) for key in keys)


def _shared(key: str, others: list[str]) -> float:
    """Largest share of common leading-to-trailing text between ``key`` and one of ``others``."""
    from difflib import SequenceMatcher

    return max((SequenceMatcher(None, key[:300], o[:300], autojunk=False).ratio() for o in others), default=0)


def without_site_name(title: str, sites: Iterable[str | None]) -> str:
    """``title`` less a leading or trailing part that names one of ``sites``."""
    keys = {match_key(s) for s in sites if s}
    breaks = list(_TITLE_BREAK.finditer(title))
    for found in reversed(breaks):
        if _names_site(title[found.end() :], keys):
            title = title[: found.start()]
    if breaks and _names_site(title[: breaks[0].start()], keys):
        title = title[breaks[0].end() :]
    return title.strip() or title


def _names_site(text: str, keys: set[str]) -> bool:
    key = match_key(text)
    return bool(key) and any(key == k or (len(k) > 3 and len(key) > 3 and (key in k or k in key and len(key) < 2 * len(k))) for k in keys)


def _canonical(root: Any, metas: dict[str, list[str]], url: str | None) -> str | None:
    base = root.find(".//base[@href]")
    base_url = urljoin(url or "", base.get("href")) if base is not None else (url or "")
    links = [e.get("href") for e in root.iter("link") if "canonical" in (e.get("rel") or "").lower().split()]
    for address in (*links, *metas.get("og:url", ())):
        try:
            absolute = urljoin(base_url, (address or "").strip())
            parts = urlsplit(absolute)
        except ValueError:
            continue
        if parts.scheme in {"http", "https"} and parts.hostname:
            return absolute
    return None


def _authors(
    root: Any, node: Node, metas: dict[str, list[str]], blocks: list[PageBlock], sites: set[str]
) -> tuple[str, ...]:
    """Authors as stated in JSON-LD, meta elements, marked-up or printed bylines; persons first.

    The site's own name counts only where JSON-LD names it as author and no person is named.
    """
    marked = root.xpath(".//*[@rel='author' or contains(@itemprop, 'author')]")[:12]
    told = [names_of(node.get("author")), names_of(node.get("creator"))]
    for names in (
        *told,
        *(metas.get(name, []) for name in _AUTHOR_META),
        [fold(" ".join(element.itertext())) for element in marked],
        _printed_bylines(blocks),
    ):
        people = [p for name in names for p in _people(name) if match_key(p) not in sites]
        if people:
            return tuple(dict.fromkeys(people))
    return tuple(dict.fromkeys(p for names in told for name in names for p in _people(name)))


def _printed_bylines(blocks: list[PageBlock]) -> list[str]:
    """Short blocks near the headline that the template calls byline and that look like names."""
    start = next((i for i, b in enumerate(blocks) if b.tag == "h1"), None)
    if start is None:
        return []
    near = blocks[max(0, start - 4) : start + 14]
    texts = [b.text for b in near if b.around.hint == "byline" and len(b.text) <= 80]
    return [text for text in texts if _NAME.fullmatch(_BY.sub("", text))][:4]


_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]+(?:\s+(?:[a-z]{1,3}\s+)?[^\W\d_a-z][\w.'’-]*){1,3}(?:\s*(?:,|&|und|and|et|y|e)\s+[^\W\d_a-z][\w.'’-]+(?:\s+[^\W\d_a-z][\w.'’-]*){1,3})*")


_BY = re.compile(r"^\s*(?:by|von|par|por|door|av|af|di|de|od|text|autor|autore|auteur|author)\s*:?\s+", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[;|]\s*|\s*(?:[,/&]|\b(?:and|und|et|y|e|en|och|og|i|oraz)\b)\s+")
_NOTE = re.compile(r"\s*\([^()]*\)")


def _people(text: str) -> Iterator[str]:
    if text.startswith(("http://", "https://", "@")) or "@" in text or len(text) > 200:
        return
    for part in _SEVERAL.split(_BY.sub("", _NOTE.sub("", text))):
        part = part.strip(" .,;")
        if 2 <= len(part) <= 60 and not any(c.isdigit() for c in part):
            yield part


def _published(
    root: Any, node: Node, metas: dict[str, list[str]], blocks: list[PageBlock], url: str | None, fetched_at: datetime
) -> PrintedDate | None:
    for value in (node.get("datePublished"), node.get("dateCreated"), node.get("uploadDate")):
        if found := stated(machine_date(text_of(value)), "json_ld", fetched_at):
            return found
    for name in _PUBLISHED_META:
        for content in metas.get(name, ()):
            if found := stated(machine_date(content), "meta", fetched_at):
                return found
    for found in _time_elements(root, fetched_at):
        return found
    if url and (found := stated(url_date(url), "url", fetched_at)):
        return found
    return _printed_date(blocks, fetched_at)


def _time_elements(root: Any, fetched_at: datetime) -> Iterator[PrintedDate]:
    """Dates of ``<time>`` and microdata, those that call themselves published first."""
    elements = [e for e in root.iter("time") if not _in_chrome(e)]
    marked = root.xpath(".//*[contains(@itemprop, 'datePublished')]")
    told = [e for e in elements if e.get("pubdate") is not None or "publi" in " ".join(e.values()).lower()]
    for element in (*marked, *told, *elements):
        value = element.get("datetime") or element.get("content") or " ".join(element.itertext())
        if found := stated(machine_date(fold(value)), "time", fetched_at):
            yield found


_CHROME_TAGS = frozenset({"nav", "footer", "aside", "li"})


def _in_chrome(element: Any) -> bool:
    return any(a.tag in _CHROME_TAGS for a in element.iterancestors())


def _printed_date(blocks: list[PageBlock], fetched_at: datetime) -> PrintedDate | None:
    """A short block inside the article that is a date and little else, from its heading on."""
    start = next((i for i, b in enumerate(blocks) if b.tag == "h1"), 0)
    for block in blocks[max(0, start - 3) : start + 25]:
        if len(block.text) > 100 or block.around.in_chrome or block.link_share > 0.5:
            continue
        stamp = first_printed(block.text)
        if stamp is None or stamp.precision == "month":
            continue
        if block.around.hint == "date" or stamp.end - stamp.start >= 0.4 * len(block.text):
            if found := stated(stamp, "text", fetched_at):
                return found
    return None


def _modified(root: Any, node: Node, metas: dict[str, list[str]], fetched_at: datetime) -> PrintedDate | None:
    if found := stated(machine_date(text_of(node.get("dateModified"))), "json_ld", fetched_at):
        return found
    for name in _MODIFIED_META:
        if found := stated(machine_date(_first(metas, (name,))), "meta", fetched_at):
            return found
    for element in root.xpath(".//*[contains(@itemprop, 'dateModified')]"):
        value = element.get("datetime") or element.get("content") or ""
        if found := stated(machine_date(value), "time", fetched_at):
            return found
    return None


def _language(root: Any, node: Node, metas: dict[str, list[str]]) -> str | None:
    """The declared language as ISO 639-1; pages often declare their template's, so it is a hint."""
    for value in (text_of(node.get("inLanguage")), root.get("lang"), _first(metas, ("og:locale", "content-language", "language"))):
        found = re.match(r"([a-z]{2})(?:[-_]|$)", (value or "").lower())
        if found:
            return found[1]
    return None
