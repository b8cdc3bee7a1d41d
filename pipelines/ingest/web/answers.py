"""Answers of the web as candidates for capture: what came, what was stated, or why nothing did."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from datetime import datetime
from email.message import Message
from typing import IO, TYPE_CHECKING
from urllib.parse import urljoin

from pipelines.address import site
from pipelines.ingest.records import Candidate, Opener
from pipelines.ingest.web.frontier import page_id_of
from pipelines.ingest.web.guard import printable
from pipelines.ingest.web.reservations import (
    Statements,
    combined,
    header_statements,
    page_statements,
)

if TYPE_CHECKING:
    from pipelines.ingest.web.frontier import FeedRow, PageRow
    from pipelines.ingest.web.visit import Visit

MARKUP = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
XML = frozenset({"application/xml", "text/xml"})
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
    }
)
PAGE_TYPES = MARKUP | XML
"""What a page may come as; of anything else not a byte of the body is read."""
PAGE_ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5,*/*;q=0.1"
FEED_ACCEPT = (
    "application/atom+xml,application/rss+xml,application/feed+json,application/rdf+xml;q=0.9,"
    "application/xml;q=0.8,text/xml;q=0.8,*/*;q=0.1"
)
SITEMAP_ACCEPT = "application/xml,text/xml,text/plain;q=0.5,*/*;q=0.1"
REASON_LENGTH = 500


def media_type(visit: Visit) -> tuple[str | None, str | None]:
    """Media type and charset of an answer, lower case; None where it states none."""
    declared = visit.response.header("content-type") if visit.response else None
    if not declared or "/" not in declared:
        return None, None
    message = Message()
    message["Content-Type"] = printable(declared, 200)
    return message.get_content_type(), message.get_content_charset()


def stated_by(
    visit: Visit, *, tdmrep: str | None = None, robots_usage: str | None = None
) -> Statements:
    """What is stated about an answer's use: in the page, its headers, its origin's files."""
    if visit.response is None:
        return Statements()
    kind, charset = media_type(visit)
    page = None
    if kind in MARKUP or kind is None:
        page = page_statements(visit.response.body, charset)
    return combined(tdmrep, header_statements(visit.response.headers), page, robots_usage)


def candidate_of(
    row: FeedRow | PageRow,
    kind: str,
    visit: Visit,
    stated: Statements | None = None,
) -> Candidate:
    """A visit as a candidate for capture."""
    stated = stated or stated_by(visit)
    content_type, charset = media_type(visit)
    response = visit.response
    reason = visit.problem
    return Candidate(
        row.source_id,
        kind,
        row.url,
        open=_opener(response.body) if response else None,
        target_uri=row.url,
        final_uri=visit.url if visit.url != row.url else None,
        fetched_at=visit.at,
        http_status=response.status if response else _status(visit.problem),
        content_type=content_type,
        charset=charset,
        etag=response.header("etag") if response else None,
        last_modified=response.header("last-modified") if response else None,
        problem=printable(reason, REASON_LENGTH) if reason else None,
        outcome=("refused" if visit.refused else "failed") if reason else None,
        robots_verdict=visit.robots,
        tdm_reservation=stated.tdm_reservation,
        usage_preference=stated.usage_preference,
        robots_meta=stated.robots_meta,
        entry_id=getattr(row, "entry_id", None),
    )


def text_candidate(page: PageRow, content: bytes, at: datetime) -> Candidate:
    """The text that a feed carries of a page, as a candidate for capture."""
    return Candidate(
        page.source_id,
        "feed_entry",
        page.url,
        open=_opener(content),
        target_uri=page.url,
        fetched_at=at,
        content_type="text/html",
        charset="utf-8",
        entry_id=page.entry_id,
    )


def canonical_page(page: PageRow, visit: Visit, named: str | None) -> str | None:
    """The page that this one names as canonical on its own site, where that is another one."""
    if not named:
        return None
    url = urljoin(visit.url, named)
    other = page_id_of(url)
    if other is None or other == page.page_id or site(url) != site(page.url):
        return None
    return other


def _status(problem: str | None) -> int | None:
    code = (problem or "").partition(":")[0]
    number = code.removeprefix("http_status_")
    return int(number) if number != code and number.isdecimal() else None


def _opener(body: bytes) -> Opener:
    @contextlib.contextmanager
    def opened() -> Iterator[IO[bytes]]:
        yield io.BytesIO(body)

    return opened
