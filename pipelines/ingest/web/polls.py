"""Polls of feeds and sitemaps: what an answer states, and when to ask again."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.ingest.web import answers
from pipelines.ingest.web.frontier import FeedRow, PageRow, Statement, feed_id_of, statements_of
from pipelines.ingest.web.polling import Poll, PollState, fresh_minutes, next_poll, outcome_of
from pipelines.ingest.web.records import Entry, Feed

if TYPE_CHECKING:
    from pipelines.compute import Compute
    from pipelines.ingest.sources import Source
    from pipelines.ingest.web.crawl import Crawl
    from pipelines.ingest.web.visit import Visit

MAX_DEPTH = 3
"""Sitemap indexes below one another; the protocol knows one level."""
MAX_CHILDREN = 50
"""Sitemaps of one index that are read: the newest. An outlet's archive has thousands."""


def read_answer(item: tuple[str, bytes, str, str | None, str | None]) -> Feed:
    """Reads (kind, payload, address, media type, charset), in a worker. Raises FeedError."""
    kind, payload, url, content_type, charset = item
    if kind == "sitemap":
        from pipelines.ingest.web.sitemaps import read_sitemap

        return read_sitemap(payload, url=url)
    from pipelines.ingest.web.feeds import read_feed

    return read_feed(payload, url=url, content_type=content_type, charset=charset)


_STATE = tuple(field.name for field in fields(PollState))
_EVER = datetime(1, 1, 2, tzinfo=UTC)
"""Before every date that is stated."""


def _warm_up() -> None:
    import feedparser  # noqa: F401


class Polls:
    """Takes the answers of one crawl's polls."""

    def __init__(self, crawl: Crawl, compute: Compute) -> None:
        self._crawl = crawl
        self._compute = compute
        self._reading = asyncio.Lock()

    async def take(self, feed: FeedRow, visit: Visit) -> None:
        """Writes what a poll gave: the capture, its statements, the feed's next turn."""
        crawl = self._crawl
        row = None
        if not visit.unchanged:
            row = await crawl.archived(answers.candidate_of(feed, feed.kind, visit))
        if visit.problem and row is not None:
            with crawl.written(feed.url):
                crawl.add(row)
                self._put(feed, visit, _failure(visit.problem, visit))
            return
        if row is None or row["payload_sha256"] == feed.payload_sha256:
            crawl.report.unchanged += 1
            with crawl.written(feed.url):
                self._put(feed, visit, Poll("unchanged", known_entries=feed.entry_count or 0))
            return
        await self._take_payload(feed, visit, row)

    async def _take_payload(self, feed: FeedRow, visit: Visit, row: dict[str, Any]) -> None:
        crawl = self._crawl
        problem = row["outcome_reason"] if row["outcome"] != "captured" else None
        read = None
        if problem is None:
            read, problem = await self._read(feed.kind, visit)
        if read is None:
            # The payload is archived, and no page: it must not be taken for one.
            failed = row | {"outcome": "failed", "outcome_reason": problem}
            with crawl.written(feed.url):
                crawl.add(failed)
                self._put(feed, visit, _failure(str(problem), visit))
            return
        source = crawl.sources[feed.source_id]
        statements, remarks = self._wanted(source, feed, read.entries)
        statements = await self._with_contents(statements, read.entries)
        now = _now()
        with crawl.written(feed.url):
            crawl.add(row)
            taken = crawl.frontier.take_statements(feed, statements, str(row["fetch_id"]), now)
            remarks += self._list_children(feed, read, now)
            crawl.report.entries_new += taken.new
            feed.title = read.title or feed.title
            feed.entry_count = len(read.entries)
            feed.payload_sha256 = str(row["payload_sha256"])
            poll = Poll(
                "ok",
                new_entries=taken.new,
                known_entries=taken.overlap,
                wish_minutes=read.poll_minutes,
                remarks=(*read.remarks, *remarks),
            )
            self._put(feed, visit, poll)
        if read.children:
            crawl.start_feeds()
        crawl.start_pages()

    def _put(self, feed: FeedRow, visit: Visit, poll: Poll) -> None:
        """Writes the feed's row: its validators, and when it is polled next."""
        now = _now()
        answer = visit.response
        if answer is not None:
            poll = replace(
                poll,
                fresh_minutes=fresh_minutes(
                    answer.header("cache-control"),
                    answer.header("expires"),
                    answer.header("date"),
                    now,
                ),
            )
        state = next_poll(PollState(**{name: getattr(feed, name) for name in _STATE}), poll, now)
        for name in _STATE:
            setattr(feed, name, getattr(state, name))
        if poll.outcome == "ok" and answer is not None:
            # Of an answer that could not be read nothing is kept: it is asked for in full again.
            feed.etag, feed.last_modified = answer.header("etag"), answer.header("last-modified")
        self._crawl.frontier.put_feed(feed)

    async def _read(self, kind: str, visit: Visit) -> tuple[Feed | None, str | None]:
        """The answer as a feed, or why it is none. One at a time: reading takes milliseconds."""
        if visit.response is None:
            return None, visit.problem
        item = (kind, visit.response.body, visit.url, *answers.media_type(visit))
        async with self._reading:
            outcome = await asyncio.to_thread(self._compute.one, read_answer, item, _warm_up)
        return outcome.result, (outcome.error or "").removeprefix("FeedError: ") or None

    def _wanted(
        self, source: Source, feed: FeedRow, entries: Iterable[Entry]
    ) -> tuple[list[Statement], tuple[str, ...]]:
        """The statements to act on: of a sitemap not what is old, of either not too many."""
        statements = statements_of(feed, entries)
        remarks = []
        if feed.kind == "sitemap":
            oldest = _now() - timedelta(days=source.max_age_days)
            recent = [s for s in statements if (_stated_at(s) or oldest) >= oldest]
            if len(recent) < len(statements):
                remarks.append(
                    f"old: {len(statements) - len(recent):,} pages of more than"
                    f" {source.max_age_days:g} days left out (max_age_days)"
                )
            statements = recent
        known = self._crawl.frontier.known_pages(s.page_id for s in statements)
        new = [s for s in statements if s.page_id not in known]
        if len(new) > source.max_pages:
            new.sort(key=lambda s: (_stated_at(s) or _EVER).timestamp(), reverse=True)
            left_out = {s.page_id for s in new[source.max_pages :]}
            statements = [s for s in statements if s.page_id not in left_out]
            remarks.append(
                f"many: {len(left_out):,} of the older pages left for later polls (max_pages)"
            )
        return statements, tuple(remarks)

    async def _with_contents(
        self, statements: list[Statement], entries: Iterable[Entry]
    ) -> list[Statement]:
        """The statements, full texts that are new archived."""
        contents: dict[str | None, str] = {}
        for entry in entries:
            if entry.content and entry.url:
                contents.setdefault(entry.url, entry.content)
        if not contents:
            return statements
        known = self._crawl.frontier.known_statements(statements)
        done = []
        for statement in statements:
            content = contents.get(statement.url)
            if content is None or statement.entry_id in known:
                done.append(statement)
                continue
            payload = await asyncio.to_thread(
                self._crawl.archive.put,
                io.BytesIO(content.encode("utf-8", "replace")),
                self._crawl.settings.max_response_bytes,
            )
            done.append(
                replace(statement, content_sha256=payload.sha256, content_path=payload.path)
            )
        return done

    def _list_children(self, feed: FeedRow, read: Feed, now: datetime) -> tuple[str, ...]:
        """The sitemaps that an index names, the newest of them, due where they changed."""
        if not read.children:
            return ()
        crawl = self._crawl
        if crawl.frontier.depth(feed) >= MAX_DEPTH:
            return (f"deep: sitemaps below {MAX_DEPTH} indexes are not read",)
        newest = sorted(read.children, key=lambda child: child[1] or _EVER, reverse=True)
        chosen = [
            (feed_id_of(feed.source_id, url), url, changed)
            for url, changed in newest[:MAX_CHILDREN]
        ]
        crawl.frontier.list_feeds(
            FeedRow(feed_id, feed.source_id, "sitemap", url, feed.feed_id, next_fetch_at=now)
            for feed_id, url, _ in chosen
        )
        crawl.frontier.poll_changed([(feed_id, changed) for feed_id, _, changed in chosen], now)
        left = len(newest) - len(chosen)
        return (f"many: {left:,} older sitemaps of the index left out",) if left else ()

    async def is_feed(self, visit: Visit) -> bool:
        """True where an address that a person gave turns out to be a feed's."""
        kind, _ = answers.media_type(visit)
        if kind not in answers.FEED_TYPES | answers.XML:
            return False
        read, _ = await self._read("feed", visit)
        return read is not None

    async def take_listed(self, page: PageRow, visit: Visit) -> None:
        """Takes the entries of a feed whose address a person gave."""
        feed = FeedRow(feed_id_of(page.source_id, page.url), page.source_id, "feed", page.url)
        self._crawl.begun.add(feed.feed_id)
        row = await self._crawl.archived(answers.candidate_of(feed, "feed", visit))
        await self._take_payload(feed, visit, row)


def _failure(problem: str, visit: Visit) -> Poll:
    return Poll(outcome_of(problem), problem=problem, retry_at=visit.retry_at)


def _stated_at(statement: Statement) -> datetime | None:
    """The latest time that a statement gives for its page."""
    dates = (statement.date_published, statement.date_modified)
    return max((date for date in dates if date is not None), default=None)


def _now() -> datetime:
    return datetime.now(UTC)
