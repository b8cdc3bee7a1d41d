"""Visits of pages: each is asked for once, and ends captured, unchanged or with a reason."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.ingest.records import Candidate
from pipelines.ingest.web import answers
from pipelines.ingest.web.gate import BudgetOverError, ParkedError
from pipelines.ingest.web.records import Request
from pipelines.ingest.web.revisits import after_answer, after_problem

if TYPE_CHECKING:
    from pipelines.ingest.sources import Source
    from pipelines.ingest.web.crawl import Crawl
    from pipelines.ingest.web.frontier import PageRow
    from pipelines.ingest.web.visit import Visit


class Pages:
    """Visits the pages of one crawl."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl

    async def visit(self, page: PageRow) -> None:
        """Asks for a page, and writes what came of it."""
        source = self._crawl.sources.get(page.source_id) or self._crawl.asked[page.page_id]
        if source.content == "feed" and page.feed_id:
            await self._take_text(page, source)
            return
        types = answers.PAGE_TYPES if page.feed_id else answers.PAGE_TYPES | answers.FEED_TYPES
        request = Request(
            page.url,
            accept=answers.PAGE_ACCEPT,
            media_types=types,
            etag=page.etag,
            last_modified=page.last_modified,
            max_bytes=self._crawl.settings.max_response_bytes,
        )
        try:
            visit = await self._crawl.visitor.visit(request)
        except ParkedError as parked:
            page.next_fetch_at, page.last_status = parked.until, f"parked: {parked.reason}"
            with self._crawl.written(page.url):
                self._crawl.frontier.put_page(page)
            return
        except BudgetOverError:
            self._crawl.report.left += 1
            return
        next(self._crawl.progress, None)
        if visit.problem:
            await self._take_problem(page, source, visit)
        elif visit.unchanged:
            self._take_unchanged(page, source)
        else:
            await self._take_answer(page, source, visit)

    async def _take_answer(self, page: PageRow, source: Source, visit: Visit) -> None:
        kind = "page"
        if page.feed_id is None and await self._crawl.polls.is_feed(visit):
            kind = "feed"
        tdmrep, usage = await self._crawl.origins.reservations(visit.url)
        stated = answers.stated_by(visit, tdmrep=tdmrep, robots_usage=usage)
        candidate = answers.candidate_of(page, kind, visit, stated)
        row = await self._crawl.archived(candidate)
        if row["payload_sha256"] is not None and row["payload_sha256"] == page.payload_sha256:
            self._take_unchanged(page, source)
            return
        if row["outcome"] == "captured":
            after_answer(page, source.revisit_hours, _now(), "ok")
            page.capture_count += 1
            page.etag, page.last_modified = candidate.etag, candidate.last_modified
            page.payload_sha256 = row["payload_sha256"]
            page.canonical_page_id = answers.canonical_page(page, visit, stated.canonical)
        else:
            page.state, page.next_fetch_at = "given_up", None
            page.last_status, page.checked_at = row["outcome_reason"], _now()
        with self._crawl.written(page.url):
            self._crawl.add(row)
            self._crawl.frontier.put_page(page)
        if kind == "feed":
            await self._crawl.polls.take_listed(page, visit)

    def _take_unchanged(self, page: PageRow, source: Source) -> None:
        self._crawl.report.unchanged += 1
        after_answer(page, source.revisit_hours, _now(), "unchanged")
        with self._crawl.written(page.url):
            self._crawl.frontier.put_page(page)

    async def _take_problem(self, page: PageRow, source: Source, visit: Visit) -> None:
        row = await self._crawl.archived(answers.candidate_of(page, "page", visit))
        after_problem(page, visit, source.revisit_hours, _now())
        with self._crawl.written(page.url):
            self._crawl.add(row)
            self._crawl.frontier.put_page(page)
        if page.state in ("given_up", "refused") and page.content_path:
            await self._take_text(page, source)

    async def _take_text(self, page: PageRow, source: Source) -> None:
        """The text that the feed carries, where the page is not to be had or not wanted."""
        now = _now()
        if page.content_path is None:
            candidate = Candidate(
                page.source_id,
                "feed_entry",
                page.url,
                target_uri=page.url,
                fetched_at=now,
                problem="no_content: its feed carries no full text",
                outcome="failed",
                entry_id=page.entry_id,
            )
        else:
            content = await asyncio.to_thread(self._crawl.archive.get, page.content_path)
            candidate = answers.text_candidate(page, content, now)
        row = await self._crawl.archived(candidate)
        if page.content_path is None:
            page.state, page.next_fetch_at = "given_up", None
            page.last_status, page.checked_at = candidate.problem, now
        elif row["payload_sha256"] == page.payload_sha256:
            self._take_unchanged(page, source)
            return
        else:
            after_answer(page, (), now, "ok: text of its feed")
            page.capture_count += 1
            page.payload_sha256 = row["payload_sha256"]
        with self._crawl.written(page.url):
            self._crawl.add(row)
            self._crawl.frontier.put_page(page)


def _now() -> datetime:
    return datetime.now(UTC)
