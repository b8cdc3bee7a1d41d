"""JSON Feed 1 and 1.1 (jsonfeed.org) to the same records as other feeds."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pipelines.ingest.web import feeds
from pipelines.ingest.web.feed_text import (
    MAX_DATE_TEXT,
    MAX_SUMMARY,
    MAX_TITLE,
    address,
    author,
    fold,
    moment,
    plain,
)
from pipelines.ingest.web.records import Entry, Feed, FeedError

MAX_ENTRIES = 1_000
_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/\d", re.IGNORECASE)


def read_json_feed(payload: bytes, *, url: str) -> Feed:
    """What a JSON Feed states; relative links are resolved against ``url``.

    An item's address is its ``url``, else its ``external_url``, else an ``id`` that is an
    address. Raises FeedError: ``ill_formed`` where it is no JSON, ``not_a_feed`` without a
    version and items of a JSON Feed.
    """
    try:
        feed = json.loads(payload.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise FeedError(f"ill_formed: no JSON: {str(error)[:200]}") from error
    version = feed.get("version") if isinstance(feed, dict) else None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(version, str) or not _VERSION.match(version) or not isinstance(items, list):
        raise FeedError("not_a_feed: JSON, but no JSON Feed")
    known = [item for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    remarks = []
    if len(items) > MAX_ENTRIES:
        remarks.append(f"entries_cut: the first {MAX_ENTRIES:,} of {len(items):,}")
    if len(known) < min(len(items), MAX_ENTRIES):
        remarks.append(f"ill_formed: {min(len(items), MAX_ENTRIES) - len(known):,} items are none")
    left_out: Counter[str] = Counter()
    entries = tuple(_entry(item, url, left_out) for item in known)
    remarks.extend(f"{code}: {count:,} entries" for code, count in sorted(left_out.items()))
    return Feed(
        kind="json",
        entries=entries,
        title=plain(feed.get("title"), MAX_TITLE, markup=False),
        remarks=tuple(remarks),
    )


def _entry(item: dict[str, Any], base: str, left_out: Counter[str]) -> Entry:
    guid = item.get("id")
    guid = str(guid) if isinstance(guid, str | int | float) else None
    candidates = (address(item.get(key), base) for key in ("url", "external_url"))
    printed = item.get("date_published")
    return Entry(
        url=next((link for link in candidates if link), None) or address(guid),
        guid=fold(guid, feeds.MAX_GUID) if guid else None,
        title=plain(item.get("title"), MAX_TITLE, markup=False),
        summary=plain(item.get("summary"), MAX_SUMMARY, markup=False),
        authors=_authors(item),
        published=moment(printed),
        published_text=fold(printed, MAX_DATE_TEXT) if isinstance(printed, str) else None,
        modified=moment(item.get("date_modified")),
        content=feeds.full_text(_contents(item), left_out),
    )


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    stated = item.get("authors")
    # Version 1 had one author; feeds that serve both give the same one twice.
    people = stated if isinstance(stated, list) and stated else [item.get("author")]
    names = [author(person.get("name")) for person in people if isinstance(person, dict)]
    return tuple(dict.fromkeys(name for name in names if name))[: feeds.MAX_AUTHORS]


def _contents(item: dict[str, Any]) -> Iterator[str]:
    markup, text = item.get("content_html"), item.get("content_text")
    if isinstance(markup, str):
        yield feeds.storable(markup)
    if isinstance(text, str):
        yield feeds.as_markup(feeds.storable(text))
