"""What the parts of the crawl hand each other: plain records, no network, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Request:
    """One request, one hop: redirects are the caller's."""

    url: str
    accept: str = "*/*"
    """Value of the Accept header."""
    media_types: frozenset[str] | None = None
    """Types whose body is read; another one ends the request with ``content_type``. None: any.
    A body without a declared type is always read."""
    etag: str | None = None
    """Validators of the last answer, sent back byte for byte."""
    last_modified: str | None = None
    max_bytes: int = 20 * 1024 * 1024
    """Bound on the decoded body."""
    truncate: bool = False
    """True: a longer body is cut at ``max_bytes`` (robots rules); False: it fails as too_large."""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, whatever its status; of 304 and of redirects the body is empty."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, values as sent (latin-1), in order, repeated ones repeated."""
    body: bytes
    """Content encodings undone."""
    started_at: datetime
    """Aware, UTC."""

    def header(self, name: str) -> str | None:
        """The values of a header joined with ``, ``; None where it is absent."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None


class FetchError(Exception):
    """A request that gave no answer to use.

    ``code`` is one of ``address_scheme, address_invalid, address_credentials, address_private``
    (never sent), ``dns, connect, tls, reset, timeout, protocol, headers_too_large, too_large,
    compression_ratio, content_encoding, content_type, truncated``; ``detail`` says more in words.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as a feed or sitemap states it. Text is plain, NFC, spaces folded; absent is None."""

    url: str | None
    """Absolute http(s) address; None where the entry has no usable one."""
    guid: str | None = None
    title: str | None = None
    summary: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    """Aware, UTC."""
    published_text: str | None = None
    """As printed."""
    modified: datetime | None = None
    content: str | None = None
    """Markup of the full text that a feed carries."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed or sitemap, read."""

    kind: str
    """rss, atom, rdf, cdf, json, sitemap, sitemap_index, or what the reader calls it."""
    entries: tuple[Entry, ...]
    title: str | None = None
    poll_minutes: int | None = None
    """How often the feed itself asks to be polled (ttl, ``sy:update*``)."""
    children: tuple[tuple[str, datetime | None], ...] = ()
    """Of a sitemap index: address and last change of each sitemap."""
    remarks: tuple[str, ...] = ()
    """What was left out or mended, each a code, a colon and words."""


class FeedError(ValueError):
    """A payload that is no feed or sitemap, or over its bounds; a code, a colon and words."""
