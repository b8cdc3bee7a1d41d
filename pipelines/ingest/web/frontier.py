"""What is to be asked for, and what became of it: ``raw.feeds``, ``raw.pages`` and their kin.

All state of the crawl is in these tables; each poll and each visit is one transaction, so that a
killed run loses at most what was under way, and asks for that again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from courlan import clean_url

from pipelines import project
from pipelines.address import normalise, site
from pipelines.ids import stable_id
from pipelines.ingest.web.gate import SiteState
from pipelines.ingest.web.records import Entry
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


MAX_CAPTURES = 12
"""Captures of one page that a restless feed may ask for; a person may ask for more."""
REFETCH_AGE = timedelta(days=7)
"""Older pages are left alone by ``--refetch``: their edits are corrections, not news."""


@dataclass(slots=True)
class FeedRow:
    """A row of ``raw.feeds``."""

    feed_id: str
    source_id: str
    kind: str
    url: str
    parent_id: str | None = None
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    payload_sha256: str | None = None
    polled_at: datetime | None = None
    next_fetch_at: datetime | None = None
    failures: float | None = None
    poll_minutes: int | None = None
    new_per_day: float | None = None
    entry_count: int | None = None
    last_status: str | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None


@dataclass(slots=True)
class PageRow:
    """A row of ``raw.pages``, and where the text lies that its feed carries."""

    page_id: str
    source_id: str
    url: str
    site: str
    feed_id: str | None
    entry_id: str | None
    state: str
    attempts: int
    first_seen_at: datetime
    next_fetch_at: datetime | None
    checked_at: datetime | None
    captured_at: datetime | None
    capture_count: int
    etag: str | None
    last_modified: str | None
    payload_sha256: str | None
    canonical_page_id: str | None
    last_status: str | None
    content_path: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A row of ``raw.feed_entries`` to be: what a feed states of a page."""

    entry_id: str
    feed_id: str
    source_id: str
    page_id: str
    url: str
    """As stated."""
    page_url: str
    """As asked for: without tracking parameters."""
    site: str
    guid: str | None = None
    title: str | None = None
    summary: str | None = None
    authors: tuple[str, ...] = ()
    date_published: datetime | None = None
    date_published_text: str | None = None
    date_modified: datetime | None = None
    content_sha256: str | None = None
    content_path: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What the entries of one poll came to."""

    entries: int
    new: int
    """Pages that this feed had not named before."""
    overlap: int
    """Pages that it had."""


def page_id_of(url: str) -> str | None:
    """The id of a page by its normalised address; None where it is no http(s) address."""
    address = normalise(url)
    return stable_id("page", address) if address else None


def feed_id_of(source_id: str, url: str) -> str:
    """The id of a feed or sitemap of a source."""
    return stable_id("feed", source_id, url)


class Frontier:
    """Reads and writes the crawl's tables; the caller holds the transactions."""

    def __init__(self, connection: DuckDBPyConnection, run_id: str) -> None:
        self._connection = connection
        self._run_id = run_id

    def list_feeds(self, feeds: Iterable[FeedRow]) -> int:
        """Adds the feeds that are not known yet; returns how many."""
        known = {i for (i,) in self._connection.execute("SELECT feed_id FROM raw.feeds").fetchall()}
        new = {feed.feed_id: feed for feed in feeds if feed.feed_id not in known}
        rows = [asdict(feed) | {"run_id": self._run_id} for feed in new.values()]
        return insert_rows(self._connection, "raw.feeds", rows)

    def unlist_feeds(self, feed: FeedRow, now: datetime) -> None:
        """Polls no more what a source named before; ``feed`` is what it names now."""
        self._connection.execute(
            project.sql_text("load/unlist_feeds.sql"),
            {"source": feed.source_id, "feed": feed.feed_id, "now": now},
        )

    def depth(self, feed: FeedRow) -> int:
        """How many sitemap indexes lie above a sitemap."""
        depth, parent = 0, feed.parent_id
        while parent is not None and depth < 10:
            row = self._connection.execute(
                "SELECT parent_id FROM raw.feeds WHERE feed_id = ?", [parent]
            ).fetchone()
            parent = row[0] if row else None
            depth += 1
        return depth

    def poll_changed(self, feeds: Iterable[tuple[str, datetime | None]], now: datetime) -> None:
        """Makes those of the feeds due that changed, as their index says, since the last poll."""
        for feed_id, changed in feeds:
            if changed is not None:
                self._connection.execute(
                    "UPDATE raw.feeds SET next_fetch_at = least(next_fetch_at, $now)"
                    " WHERE feed_id = $feed AND polled_at < $changed",
                    {"now": now, "feed": feed_id, "changed": changed},
                )

    def list_pages(self, source_id: str, urls: Iterable[str], now: datetime) -> list[str]:
        """Adds the addresses of a list that are not known yet.

        Returns those that are no addresses to ask for; they are recorded by the caller.
        """
        unusable = []
        rows = {}
        for url in urls:
            row = _page(source_id, url)
            if row is None:
                unusable.append(url)
            else:
                rows[row["page_id"]] = row
        known = self.known_pages(rows)
        insert_rows(
            self._connection,
            "raw.pages",
            [
                row
                | {
                    "state": "waiting",
                    "attempts": 0,
                    "capture_count": 0,
                    "first_seen_at": now,
                    "next_fetch_at": now,
                    "run_id": self._run_id,
                }
                for page_id, row in rows.items()
                if page_id not in known
            ],
        )
        return unusable

    def due_feeds(self, sources: Iterable[str], now: datetime, *, force: bool) -> list[FeedRow]:
        """Feeds and sitemaps that may be polled; all of them where the user asks for it."""
        cursor = self._connection.execute(
            project.sql_text("load/due_feeds.sql"),
            {"sources": list(sources), "now": now, "force": force},
        )
        return [FeedRow(*row) for row in cursor.fetchall()]

    def due_pages(
        self, sources: Iterable[str], pages: Iterable[str], now: datetime, per_site: int
    ) -> list[PageRow]:
        """Pages that may be asked for, at most ``per_site`` of one site, in the order to ask.

        Those of ``sources``, and of ``pages`` (ids) whatever their source.
        """
        cursor = self._connection.execute(
            project.sql_text("load/due_pages.sql"),
            {"sources": list(sources), "pages": list(pages), "now": now, "per_site": per_site},
        )
        return [PageRow(*row) for row in cursor.fetchall()]

    def ask_again(
        self, now: datetime, *, sources: Iterable[str] = (), pages: Iterable[str] = ()
    ) -> None:
        """Makes pages due now: the recent ones of the sources, and those named."""
        self._connection.execute(
            """
            UPDATE raw.pages
            SET next_fetch_at = $now, attempts = 0, state = if(capture_count > 0, state, 'waiting')
            WHERE
                list_contains($pages, page_id)
                OR (
                    state = 'captured' AND captured_at > $since
                    AND list_contains($sources, source_id)
                )
            """,
            {
                "now": now,
                "pages": list(pages),
                "since": now - REFETCH_AGE,
                "sources": list(sources),
            },
        )

    def known_statements(self, statements: Iterable[Statement]) -> set[str]:
        """Ids of those statements that were written already."""
        rows = self._connection.execute(
            "SELECT entry_id FROM raw.feed_entries WHERE list_contains(?, entry_id)",
            [[statement.entry_id for statement in statements]],
        ).fetchall()
        return {entry_id for (entry_id,) in rows}

    def known_pages(self, page_ids: Iterable[str]) -> set[str]:
        """Those of the pages that have a row already."""
        rows = self._connection.execute(
            "SELECT page_id FROM raw.pages WHERE list_contains(?, page_id)", [list(page_ids)]
        ).fetchall()
        return {page_id for (page_id,) in rows}

    def take_statements(
        self, feed: FeedRow, statements: Sequence[Statement], fetch_id: str | None, now: datetime
    ) -> Taken:
        """Writes what a poll stated; pages that are new are to be asked for."""
        seen = self._connection.execute(
            "SELECT DISTINCT page_id FROM raw.feed_entries WHERE feed_id = ?"
            " AND list_contains(?, page_id)",
            [feed.feed_id, [statement.page_id for statement in statements]],
        ).fetchall()
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE stated AS SELECT * EXCLUDE (first_seen_at, run_id),"
            " '' AS site, '' AS page_url FROM raw.feed_entries LIMIT 0"
        )
        rows = [asdict(statement) | {"fetch_id": fetch_id} for statement in statements]
        insert_rows(self._connection, "stated", rows)
        self._connection.execute("SET VARIABLE now = ?::TIMESTAMPTZ", [now])
        self._connection.execute("SET VARIABLE run_id = ?", [self._run_id])
        self._connection.execute("SET VARIABLE max_captures = ?", [MAX_CAPTURES])
        self._connection.execute(project.sql_text("load/take_entries.sql"))
        return Taken(len(statements), len(statements) - len(seen), len(seen))

    def put_feed(self, feed: FeedRow) -> None:
        """Writes a feed's row as it now is."""
        self._put("raw.feeds", "feed_id", asdict(feed) | {"run_id": self._run_id})

    def put_page(self, page: PageRow) -> None:
        """Writes a page's row as it now is."""
        row = asdict(page) | {"run_id": self._run_id}
        del row["content_path"]
        self._put("raw.pages", "page_id", row)

    def put_site(self, state: SiteState) -> None:
        """Writes when a site may be asked again."""
        self._put("raw.sites", "site", asdict(state))

    def sites(self) -> list[SiteState]:
        """What is remembered of all sites."""
        cursor = self._connection.execute(
            "SELECT site, last_request_at, not_before, gap_seconds, failures, reason FROM raw.sites"
        )
        return [SiteState(*row) for row in cursor.fetchall()]

    def _put(self, table: str, key: str, row: dict[str, Any]) -> None:
        self._connection.execute(f"DELETE FROM {table} WHERE {key} = ?", [row[key]])  # noqa: S608
        insert_rows(self._connection, table, [row])


def _page(source_id: str, url: str) -> dict[str, Any] | None:
    """Columns of a page's row that its address decides."""
    page_id = page_id_of(url)
    if page_id is None:
        return None
    return {
        "page_id": page_id,
        "source_id": source_id,
        "url": clean_url(url) or url,
        "site": site(url) or url,
    }


def statements_of(feed: FeedRow, entries: Iterable[Entry]) -> list[Statement]:
    """What a poll states of pages, a page once, in the feed's order.

    An entry without an address of its own is none: it stays in the feed's archived payload.
    """
    found: dict[str, Statement] = {}
    for entry in entries:
        page = _page(feed.source_id, entry.url) if entry.url else None
        if page is None or entry.url is None or page["page_id"] in found:
            continue
        found[page["page_id"]] = Statement(
            # Summary and content are left out of the id: in many feeds they carry counters.
            entry_id=stable_id(
                feed.feed_id,
                page["page_id"],
                entry.guid,
                entry.title,
                *entry.authors,
                entry.published.isoformat() if entry.published else None,
                entry.modified.isoformat() if entry.modified else None,
            ),
            feed_id=feed.feed_id,
            guid=entry.guid,
            title=entry.title,
            summary=entry.summary,
            authors=entry.authors,
            date_published=entry.published,
            date_published_text=entry.published_text,
            date_modified=entry.modified,
            source_id=feed.source_id,
            page_id=page["page_id"],
            url=entry.url,
            page_url=page["url"],
            site=page["site"],
        )
    return list(found.values())
