"""Reader of sitemaps (sitemaps.org 0.9, news sitemaps, indexes, lists of addresses, feeds).

lxml's parser reads them event by event. ultimate-sitemap-parser was tried and does not serve: it
takes decoded text only, drops the dates of an index's sitemaps, loses all that follows one
undeclared entity, has no bound on pages and writes them to temporary files.
"""

from __future__ import annotations

import html
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from pipelines.address import site
from pipelines.ingest.web.feed_text import MAX_DATE_TEXT, MAX_TITLE, address, fold, moment, plain
from pipelines.ingest.web.feeds import read_feed
from pipelines.ingest.web.records import Entry, Feed, FeedError
from pipelines.ingest.web.xml_text import root_name, xml_text

MAX_BYTES = 50 * 2**20
MAX_ENTRIES = 50_000
"""The sitemap protocol's own bounds, uncompressed."""
MAX_RATIO = 200
"""Bytes that a compressed byte may become: repetitive sitemaps reach 50, deflate ends at 1,032."""
MAX_TEXT = 4_096
"""Characters of one element that are kept; its longest field is an address of 2,048."""

_GZIP = b"\x1f\x8b"
_CHUNK = 2**16
_MAX_EVENTS = 80 * MAX_ENTRIES
"""Begins and ends of elements: twenty pictures for each page."""
_MAX_MEMBERS = 1_000
_FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_ROOTS = {"urlset": "sitemap", "sitemapindex": "sitemap_index"}
_ITEMS = frozenset({"url", "sitemap"})
_FIELDS = frozenset({"loc", "lastmod"})
_NEWS_FIELDS = frozenset({"title", "publication_date", "name"})
_LATE_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)[\s>]")
_LATE = 10_000
"""Characters of something else (a script's warnings) behind which a sitemap is looked for."""
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_ITEM = re.compile(r"<(?:[\w.-]{1,40}:)?(?:url|sitemap)(?:\s[^<>]{0,200})?>")
_FIELD = re.compile(
    r"<(?:(?P<prefix>[\w.-]{1,40}):)?(?P<name>loc|lastmod|title|publication_date|name)\s*>\s*"
    r"(?P<value>(?:<!\[CDATA\[)?[^<>]{1,4096})"
)
_MEDIA = frozenset({"image", "video", "xhtml", "mobile"})


@dataclass(slots=True)
class _Reading:
    """A sitemap while it is read."""

    url: str
    kind: str = "sitemap"
    entries: list[Entry] = field(default_factory=list)
    children: list[tuple[str, datetime | None]] = field(default_factory=list)
    publications: set[str] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)
    seen: int = 0
    full: bool = False
    _sites: dict[str, str | None] = field(default_factory=dict)

    @property
    def taken(self) -> int:
        """Pages and sitemaps that were kept."""
        return len(self.entries) + len(self.children)

    def take(self, facts: dict[str, str]) -> None:
        """Adds a page, or a sitemap of an index, where its address may be followed."""
        self.seen += 1
        if self.taken >= MAX_ENTRIES or self.seen > 2 * MAX_ENTRIES:
            self.full = True
            return
        location = address(facts.get("loc"), self.url)
        if location is None:
            self.left_out["no_address"] += 1
            return
        # A sitemap speaks for its own site (sitemaps.org, "Sitemap file location").
        if self._site(location) != self._site(self.url):
            self.left_out["other_site"] += 1
            return
        changed = moment(facts.get("lastmod"))
        if self.kind == "sitemap_index":
            self.children.append((location, changed))
            return
        if name := fold(facts.get("name", ""), MAX_TITLE):
            self.publications.add(name)
        printed = fold(facts.get("publication_date", ""), MAX_DATE_TEXT)
        self.entries.append(
            Entry(
                url=location,
                title=plain(facts.get("title"), MAX_TITLE, markup=False),
                published=_news_date(printed),
                published_text=printed,
                modified=changed,
            )
        )

    def feed(self, remarks: list[str]) -> Feed:
        """What was read; what was left out is added to ``remarks``."""
        cut = (f"entries_cut: the first {self.taken:,} of more",) if self.full else ()
        counts = tuple(f"{code}: {n:,} left out" for code, n in sorted(self.left_out.items()))
        return Feed(
            kind=self.kind,
            entries=tuple(self.entries),
            title=next(iter(self.publications)) if len(self.publications) == 1 else None,
            children=tuple(self.children),
            remarks=(*remarks, *cut, *counts),
        )

    def _site(self, location: str) -> str | None:
        host = urlsplit(location).netloc
        if host not in self._sites:
            self._sites[host] = site(f"http://{host}/")
        return self._sites[host]


def read_sitemap(payload: bytes, *, url: str) -> Feed:
    """What a sitemap states, in its own order; ``url`` is the address of the answer.

    A page's ``lastmod`` becomes ``modified``; ``published`` and ``title`` are a news sitemap's,
    whose publication, where it is one, is the feed's title. Of an index, ``children`` are its
    sitemaps. Gzip is undone, twice over where it is there twice. RSS and Atom are read as feeds.

    Only addresses of the sitemap's own registrable domain are kept; others are counted in a
    remark (``other_site``), as are entries without an address (``no_address``). A damaged sitemap
    gives what could be read and a remark ``ill_formed``; further remarks: ``entries_cut``,
    ``truncated`` (of gzip), ``encoding, entities, control_characters``.

    Raises FeedError: ``empty, not_a_sitemap, too_large, compression_ratio``.
    """
    payload, damaged = _uncompressed(payload)
    if len(payload) > MAX_BYTES:
        raise FeedError(f"too_large: more than {MAX_BYTES:,} bytes")
    if not payload.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise FeedError("empty: nothing in the answer")
    source = xml_text(payload)
    text, name = source.text, root_name(source.text)
    remarks = [*damaged, *source.remarks]
    if name in _FEED_ROOTS:
        feed = _own_site(read_feed(payload, url=url), url)
        return replace(feed, remarks=(*damaged, *feed.remarks))
    if name not in _ROOTS and (late := _LATE_ROOT.search(text, 0, _LATE)):
        remarks.append(f"ill_formed: {late.start():,} characters before the root")
        text = text[late.start() :]
        name = root_name(text)
    if name in _ROOTS:
        reading, problem = _read_tree(text, url, _ROOTS[name])
        return reading.feed([*remarks, f"ill_formed: {problem}"] if problem else remarks)
    if text.startswith("<"):
        raise FeedError(f"not_a_sitemap: its root is <{name}>" if name else "not_a_sitemap: no XML")
    reading = _read_lines(text, url)
    if not reading.entries and not reading.left_out["other_site"]:
        raise FeedError("not_a_sitemap: neither XML nor a list of addresses")
    return reading.feed(remarks)


def _uncompressed(payload: bytes) -> tuple[bytes, tuple[str, ...]]:
    for _ in range(2):
        if not payload.startswith(_GZIP):
            break
        payload, whole = _gunzip(payload)
        if not whole:
            return payload, ("truncated: the gzip stream ends early or is damaged",)
    return payload, ()


def _gunzip(payload: bytes) -> tuple[bytes, bool]:
    """The bytes within, as far as they can be had, and whether that was all."""
    pieces: list[bytes] = []
    size = place = members = 0
    while payload.startswith(_GZIP, place) and members < _MAX_MEMBERS:
        members += 1
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            data = payload[place : place + _CHUNK]
            try:
                piece = member.decompress(data, _CHUNK)
            except zlib.error:
                return b"".join(pieces), False
            used = len(data) - len(member.unconsumed_tail) - len(member.unused_data)
            if not used and not piece:
                return b"".join(pieces), False
            place += used
            pieces.append(piece)
            size += len(piece)
            if size > MAX_BYTES:
                raise FeedError(f"too_large: more than {MAX_BYTES:,} bytes when uncompressed")
            if size > MAX_RATIO * len(payload) + _CHUNK:
                raise FeedError(f"compression_ratio: more than {MAX_RATIO} to 1")
    return b"".join(pieces), not payload.startswith(_GZIP, place)


def _own_site(feed: Feed, url: str) -> Feed:
    """A feed that stands for a sitemap, without the entries that a sitemap may not have."""
    kept = tuple(e for e in feed.entries if e.url is not None and site(e.url) == site(url))
    nowhere = sum(entry.url is None for entry in feed.entries)
    counts = {"no_address": nowhere, "other_site": len(feed.entries) - len(kept) - nowhere}
    remarks = tuple(f"{code}: {count:,} left out" for code, count in counts.items() if count)
    return replace(feed, entries=kept, remarks=(*feed.remarks, *remarks))


def _read_lines(text: str, url: str) -> _Reading:
    reading = _Reading(url)
    for line in text.splitlines():
        if reading.full:
            break
        if line.strip():
            # Resolved against nothing: a line of prose is no relative address.
            stated = address(line)
            reading.take({"loc": stated} if stated else {})
    return reading


def _read_tree(text: str, url: str, kind: str) -> tuple[_Reading, str | None]:
    """Reads an XML sitemap; the second is why it is not well-formed."""
    # libxml2 mends a bare ampersand by dropping what follows it, which makes another address.
    text, bare = _BARE_AMPERSAND.subn("&amp;", text)
    reading = _Reading(url, kind)
    problem = _read_elements(text, reading)
    if problem:
        # What is mended into a tree ends where a stray end tag closes its root.
        scanned = _Reading(url, kind)
        _scan(text, scanned)
        reading = max(reading, scanned, key=lambda one: one.taken)
    return reading, problem or (f"{bare:,} bare ampersands" if bare else None)


def _read_elements(text: str, reading: _Reading) -> str | None:
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("start", "end"), recover=True, resolve_entities=False, no_network=True,
        load_dtd=False, dtd_validation=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    data = text.encode("utf-8", "ignore")
    facts: dict[str, str] = {}
    count = 0
    problem = None
    try:
        for place in range(0, len(data), _CHUNK):
            parser.feed(data[place : place + _CHUNK])
            events = list(parser.read_events())
            count += len(events)
            for item in _items(events, facts):
                reading.take(item)
            if reading.full or count > _MAX_EVENTS:
                reading.full = True
                return None
        parser.close()
    except etree.XMLSyntaxError as error:
        problem = str(error)
    for item in _items(parser.read_events(), facts):
        reading.take(item)
    log = parser.feed_error_log
    if problem is None and len(log):
        problem = f"{log[0].message}, line {log[0].line}"
    return problem and " ".join(problem.split())[:200]


def _items(events: Iterable[tuple[str, Any]], facts: dict[str, str]) -> Iterator[dict[str, str]]:
    """Pages as their elements end, or as the next one's begins; read elements are let go of."""
    for event, element in events:
        name, news = _name(element.tag)
        if event == "start":
            if name in _ITEMS and facts:
                yield dict(facts)
                facts.clear()
            continue
        if name in (_NEWS_FIELDS if news else _FIELDS):
            facts.setdefault(name, (element.text or "")[:MAX_TEXT])
        elif name in _ITEMS and not news:
            yield dict(facts)
            facts.clear()
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _name(tag: object) -> tuple[str, bool]:
    """Local name, and whether it is of the news extension; a name of images or videos is none."""
    space, _, local = str(tag).rpartition("}")
    if "/sitemap-" in space:
        return (local, True) if "/sitemap-news/" in space else ("", False)
    prefix, colon, bare = local.rpartition(":")
    if colon:
        return (bare, True) if prefix == "news" else ("", False)
    return local.lower(), False


def _scan(text: str, reading: _Reading) -> None:
    """Reads pages out of a document that is no tree, from one ``<url>`` to the next."""
    begins = [found.end() for found in _ITEM.finditer(text)]
    for begin, end in pairwise([*begins, len(text)]):
        facts: dict[str, str] = {}
        for found in _FIELD.finditer(text, begin, min(end, begin + 4 * MAX_TEXT)):
            known = _NEWS_FIELDS if found["prefix"] == "news" else _FIELDS
            if found["name"] in known and found["prefix"] not in _MEDIA:
                value = found["value"].removeprefix("<![CDATA[").removesuffix("]]")
                facts.setdefault(found["name"], html.unescape(value))
        reading.take(facts)
        if reading.full:
            return


def _news_date(printed: str | None) -> datetime | None:
    if printed is None:
        return None
    if found := moment(printed):
        return found
    try:
        # Some publishers print dates as RSS has them.
        found = parsedate_to_datetime(printed)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, IndexError, OverflowError):
        return None
