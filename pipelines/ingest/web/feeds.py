"""Readers of feeds: RSS 0.9x to 2.0, Atom, RDF, CDF and JSON Feed to plain records.

No network, no files: bytes in, records out. What is slow or large is bounded here; the caller
bounds the payload and the time.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from pipelines.ingest.web.feed_text import (
    MAX_DATE_TEXT,
    MAX_SUMMARY,
    MAX_TITLE,
    address,
    author,
    fold,
    plain,
)
from pipelines.ingest.web.records import Entry, Feed, FeedError

MAX_AUTHORS = 20
MAX_GUID = 1_000
MAX_CONTENT = 1_000_000
"""Characters of a full text's markup: a long read has 100,000."""
FULL_TEXT = 1_000
"""Characters of text from which a description is taken for the article itself. RSS 2.0 says that
a complete item has its text there; excerpts have 55 words where WordPress makes them, and
standfirsts stay below 500 characters."""
_END = 2_000
POLL_MINUTES = (5, 7 * 1440)
"""Bounds of what is believed of a feed's own interval."""

_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
"""RDF Site Summary 1.0 Modules: Syndication."""
_FEED_MARK = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel|item|entry)[\s/>]", re.I)
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[(?:…|\.\.\.|&hellip;)\])\s*\Z")
_PARAGRAPH = re.compile(r"\n\s*\n")
_STORED_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def read_feed(
    payload: bytes, *, url: str, content_type: str | None = None, charset: str | None = None
) -> Feed:
    """What a feed states, in its own order.

    ``url`` is the address of the answer, against which relative links are resolved (``xml:base``
    first). ``charset`` may also stand in ``content_type``. The bytes decide what the feed is;
    servers send feeds under any type.

    Of an entry:
    * the address is the page's own where a feed service names it (``feedburner:origLink``), else
      the link to the page (``rel=alternate``), else a guid that is a permalink and an address;
      never that of a source, a comment form, an enclosure;
    * ``published`` is what the feed calls so, or ``dc:date`` ("typically creation or
      availability"), never a date of change; zones that are not stated are UTC;
    * authors are the entry's own. The feed's are not handed down, though Atom would: they are
      the outlet more often than a person;
    * ``content`` is markup of the full text where the feed carries one: content elements, or a
      description of FULL_TEXT characters and more; neither where it ends in an ellipsis.

    Raises FeedError: ``empty``, ``not_a_feed``. A damaged feed gives the entries that could be
    read and a remark ``ill_formed``; other remarks are ``entries_cut, content_too_long,
    unknown_format, encoding, entities, control_characters``.
    """
    if not payload.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise FeedError("empty: nothing in the answer")
    if payload.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        from pipelines.ingest.web.json_feed import read_json_feed

        return read_json_feed(payload, url=url)
    return _read_xml(payload, url, _charset(content_type, charset))


def _charset(content_type: str | None, charset: str | None) -> str | None:
    stated = re.search(r"charset\s*[=:]\s*[\"'\s]*([\w.:-]{2,40})", content_type or "", re.I)
    return charset or (stated.group(1) if stated else None)


def _read_xml(payload: bytes, url: str, charset: str | None) -> Feed:
    from pipelines.ingest.web.feed_document import MAX_ENTRIES, read_document
    from pipelines.ingest.web.xml_text import root_name, xml_text

    source = xml_text(payload, charset)
    name = root_name(source.text)
    if name == "html" or not _FEED_MARK.search(source.text):
        raise FeedError(f"not_a_feed: {f'its root is <{name}>' if name else 'no XML'}")
    document = read_document(source.text, url)
    if not document.version and not document.entries:
        raise FeedError(f"not_a_feed: {document.problem or f'its root is <{name}>'}")
    remarks = list(source.remarks)
    if document.problem:
        remarks.append(f"ill_formed: {document.problem}")
    if document.cut:
        remarks.append(f"entries_cut: the first {MAX_ENTRIES:,} of more")
    kind = _kind(document.version, name)
    if kind == "unknown":
        remarks.append(f"unknown_format: its root is <{name}>")
    left_out: Counter[str] = Counter()
    entries = tuple(_entry(entry, url, left_out) for entry in document.entries)
    remarks.extend(f"{code}: {count:,} entries" for code, count in sorted(left_out.items()))
    return Feed(
        kind=kind,
        entries=entries,
        title=_plain_of(document.feed, "title", MAX_TITLE),
        poll_minutes=_poll_minutes(document.feed),
        remarks=tuple(remarks),
    )


def _kind(version: str, root: str) -> str:
    if version in ("rss090", "rss10"):
        return "rdf"
    if not version and root == "channel":
        return "cdf"
    return next((kind for kind in ("rss", "atom", "cdf") if version.startswith(kind)), "unknown")


def _entry(entry: dict[str, Any], base: str, left_out: Counter[str]) -> Entry:
    # dict.get: feedparser's own look-up gives "published" where "updated" is asked for.
    stated = {key: dict.get(entry, key) for key in dict.keys(entry)}
    published, published_text = _published(stated)
    return Entry(
        url=_link(stated, base),
        guid=fold(_string(stated.get("id")), MAX_GUID),
        title=_plain_of(stated, "title", MAX_TITLE),
        summary=_summary(stated),
        authors=_authors(stated),
        published=published,
        published_text=published_text,
        modified=_utc(stated.get("updated_parsed")),
        content=_content(stated, left_out),
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _plain_of(values: dict[str, Any], key: str, limit: int) -> str | None:
    detail = dict.get(values, f"{key}_detail")
    kind = _string(detail.get("type")) if isinstance(detail, dict) else ""
    return plain(dict.get(values, key), limit, markup=kind != "text/plain")


def _link(entry: dict[str, Any], base: str) -> str | None:
    return next((url for value in _links(entry) if (url := address(value, base))), None)


def _links(entry: dict[str, Any]) -> Iterator[object]:
    """Candidates for the page's address, best first."""
    yield from (
        url for key in ("feedburner_origlink", "pheedo_origlink") if (url := entry.get(key))
    )
    links = [link for link in entry.get("links") or () if isinstance(link, dict)]
    pages = [link.get("href") for link in links if link.get("rel") == "alternate"]
    if pages:
        yield entry.get("link")
        yield from pages
    guid = _string(entry.get("guid_stated"))
    # A guid is a permalink unless it says otherwise, which makes addresses of bare numbers.
    if re.match(r"https?://", guid, re.IGNORECASE):
        yield guid


def _published(entry: dict[str, Any]) -> tuple[datetime | None, str | None]:
    for key in ("published", "dc_date"):
        text = fold(_string(entry.get(key)), MAX_DATE_TEXT)
        if text:
            return _utc(entry.get(f"{key}_parsed")), text
    return None, None


def _utc(parsed: object) -> datetime | None:
    """A tuple of feedparser's, which is in UTC, as a time; None where there is no such day."""
    if not isinstance(parsed, tuple) or len(parsed) < 6:
        return None
    try:
        # A leap second is kept as the second before it.
        year, month, day, hour, minute, second = parsed[:6]
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _authors(entry: dict[str, Any]) -> tuple[str, ...]:
    details = [detail for detail in entry.get("authors") or () if isinstance(detail, dict)]
    names = [author(detail.get("name")) for detail in details[: 5 * MAX_AUTHORS]]
    if not any(names):
        names = [author(entry.get("author"))]
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_AUTHORS]


def _summary(entry: dict[str, Any]) -> str | None:
    # Without its detail, feedparser made the summary of the content.
    if "summary_detail" in entry and (text := _plain_of(entry, "summary", MAX_SUMMARY)):
        return text
    described = (plain(entry.get(k), MAX_SUMMARY, markup=True) for k in _DESCRIPTIONS)
    return next((text for text in described if text), None)


_DESCRIPTIONS = ("dc_description", "itunes_summary")


def _content(entry: dict[str, Any], left_out: Counter[str]) -> str | None:
    details = [detail for detail in entry.get("content") or () if isinstance(detail, dict)]
    contents = [markup for detail in details if (markup := _markup(detail))]
    if contents:
        return full_text(contents, left_out)
    detail = entry.get("summary_detail")
    markup = _markup(detail) if isinstance(detail, dict) else ""
    text = plain(markup, 2 * FULL_TEXT, markup=True) if len(markup) >= FULL_TEXT else None
    return full_text([markup], left_out) if text and len(text) >= FULL_TEXT else None


def full_text(contents: Iterable[str], left_out: Counter[str]) -> str | None:
    """The longest markup that is a whole text: with words in it, and not ending in an ellipsis.

    Markup over MAX_CONTENT characters is left out and counted as ``content_too_long``.
    """
    for markup in sorted(contents, key=len, reverse=True):
        if len(markup) > MAX_CONTENT:
            left_out["content_too_long"] += 1
            continue
        # Its end shows whether it was cut, and either end whether it has words at all.
        end = plain(markup[-_END:], _END, markup=True)
        if end and _CUT_OFF.search(end):
            continue
        if end or plain(markup, MAX_SUMMARY, markup=True):
            return markup
    return None


def _markup(detail: dict[str, Any]) -> str:
    """A text construct as HTML; empty where it is of another type, a picture perhaps."""
    value = storable(_string(detail.get("value")))
    kind = _string(detail.get("type")) or "text/html"
    if kind == "text/plain":
        return as_markup(value)
    return value if kind in ("text/html", "application/xhtml+xml") else ""


def storable(markup: str) -> str:
    """Markup without characters that no store or parser takes: controls, lone surrogates."""
    return _STORED_NEVER.sub("", markup)


def as_markup(text: str) -> str:
    """Plain text as HTML: empty lines part paragraphs."""
    paragraphs = (part.strip() for part in _PARAGRAPH.split(text))
    return "\n".join(f"<p>{html.escape(part, quote=False)}</p>" for part in paragraphs if part)


def _poll_minutes(feed: dict[str, Any]) -> int | None:
    """Minutes between polls by ``ttl``, else by ``sy:updatePeriod`` and ``updateFrequency``."""
    minutes = _number(dict.get(feed, "ttl"))
    if not minutes:
        period = _string(dict.get(feed, "sy_updateperiod")).strip().lower()
        frequency = _number(dict.get(feed, "sy_updatefrequency"))
        minutes = _PERIODS.get(period, 0) / (frequency or 1.0)
    if not minutes:
        return None
    return round(min(max(minutes, POLL_MINUTES[0]), POLL_MINUTES[1]))


def _number(value: object) -> float | None:
    found = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,6})?)\s*", _string(value))
    return float(found.group(1)) if found else None
