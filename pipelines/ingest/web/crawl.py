"""The crawl: due feeds are polled, their pages fetched once, each result written as it comes."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipelines import __version__
from pipelines.ingest.capture import add_fetches, capture_row
from pipelines.ingest.records import Candidate
from pipelines.ingest.web import answers
from pipelines.ingest.web.client import Client
from pipelines.ingest.web.frontier import FeedRow, Frontier, feed_id_of, page_id_of
from pipelines.ingest.web.gate import BudgetOverError, Gates, ParkedError
from pipelines.ingest.web.guard import printable
from pipelines.ingest.web.origins import Origins
from pipelines.ingest.web.pages import Pages
from pipelines.ingest.web.polls import Polls
from pipelines.ingest.web.records import Request
from pipelines.ingest.web.visit import Visitor, site_of
from pipelines.progress import track
from pipelines.warehouse.connection import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.archive import Archive
    from pipelines.compute import Compute
    from pipelines.ingest.sources import Source
    from pipelines.settings import Settings

AHEAD = 1000
"""Pages of one site that are held ready at most, whatever the time left would allow."""
MAX_FEED_BYTES = 10 * 1024 * 1024
"""Largest feed: a hostile one of this size is read within the time that a worker has."""


@dataclass(slots=True)
class CrawlReport:
    """What one crawl gave."""

    polled: int = 0
    entries_new: int = 0
    captured: int = 0
    unchanged: int = 0
    """Answers that said, or showed, that nothing changed."""
    problems: Counter[str] = field(default_factory=Counter)
    """Codes of what failed or was refused."""
    left: int = 0
    """Feeds and pages whose turn did not come; they wait for the next run."""
    days: set[date] = field(default_factory=set)
    captured_of: Counter[str] = field(default_factory=Counter)
    """Pages captured, by source."""
    failed_of: Counter[str] = field(default_factory=Counter)
    """Requests without an answer to use, by source."""


class ContactMissingError(ValueError):
    """The web is not asked without an address at which the asker can be reached."""


def user_agent(settings: Settings) -> str:
    """Product, version and contact. Raises ContactMissingError where the settings name none."""
    if not settings.contact:
        raise ContactMissingError(
            "NEWSLEDGER_CONTACT is not set: the web is not asked without an address at which sites"
            " can reach you; set it to a mail address or the address of a page about you"
        )
    return f"newsledger/{__version__} (+{settings.contact})"


def crawl(
    connection: DuckDBPyConnection,
    archive: Archive,
    compute: Compute,
    sources: Iterable[Source],
    settings: Settings,
    *,
    run_id: str,
    force: bool = False,
    refetch: bool = False,
) -> CrawlReport:
    """Polls the feeds of ``sources`` that are due and visits their pages that are.

    ``force`` polls what is not due as well; ``refetch`` asks again for the pages captured in the
    last week. What the settings' time does not suffice for waits for the next run.

    Raises ContactMissingError, SourceError, ArchiveError, duckdb.Error; what the web does is data.
    """
    work = Crawl(connection, archive, compute, list(sources), settings, run_id)
    try:
        return asyncio.run(work.run(force=force, refetch=refetch))
    except BaseExceptionGroup as group:
        raise _cause(group) from group


def _cause(error: BaseException) -> BaseException:
    """What ended the crawl: the visits under way were cancelled by it. A user's interruption, in
    whatever visit it was raised, comes before faults.
    """
    while isinstance(error, BaseExceptionGroup):
        error = min(error.exceptions, key=lambda e: isinstance(e, Exception))
    return error


class Crawl:
    """One crawl: its budget, its state, and the visits under way."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        archive: Archive,
        compute: Compute,
        sources: list[Source],
        settings: Settings,
        run_id: str,
    ) -> None:
        self.agent = user_agent(settings)
        self.connection = connection
        self.archive = archive
        self.settings = settings
        self.sources = {source.id: source for source in sources}
        self.listed = sources
        self.run_id = run_id
        self.report = CrawlReport()
        self.frontier = Frontier(connection, run_id)
        self.ends_at = _now() + timedelta(minutes=settings.crawl_minutes)
        self.polls = Polls(self, compute)
        self.pages = Pages(self)
        self.begun: set[str] = set()
        """Feeds and pages that this crawl has begun with: none is asked for twice in one run."""
        self.asked: dict[str, Source] = {}
        """Pages named on the command line, which may be another source's already."""

    async def run(self, *, force: bool, refetch: bool) -> CrawlReport:
        """Polls and visits until nothing is due any more, or the time is over."""
        self.gates = Gates(
            self.settings.gap_seconds,
            connections=self.settings.connections,
            budget_seconds=(self.ends_at - _now()).total_seconds(),
        )
        self.gates.restore(self.frontier.sites())
        async with Client(
            self.agent,
            self.settings.allowed_networks,
            total_seconds=self.settings.request_seconds,
            connections=self.settings.connections,
        ) as client:
            origins = Origins(self.connection, client, self.gates)
            self.origins = origins
            self.visitor = Visitor(client, self.gates, origins)
            self.progress = track(iter(int, 1), "ask the web")
            with contextlib.closing(self.progress):  # type: ignore[type-var]
                async with asyncio.TaskGroup() as self.group:
                    self._list_sources(refetch=refetch)
                    for source in self.listed:
                        if _names_a_site(source):
                            self.group.create_task(self._discover(source))
                    self.start_feeds(force=force)
                    self.start_pages()
            with transaction(self.connection):
                for state in self.gates.states():
                    self.frontier.put_site(state)
        return self.report

    def _list_sources(self, *, refetch: bool) -> None:
        now = _now()
        with transaction(self.connection):
            named = [
                FeedRow(
                    feed_id_of(source.id, source.location),
                    source.id,
                    source.kind,
                    source.location,
                    next_fetch_at=now,
                )
                for source in self.listed
                if source.kind != "pages" and not _names_a_site(source)
            ]
            self.frontier.list_feeds(named)
            for feed in named:
                self.frontier.unlist_feeds(feed, now)
            for source in self.listed:
                if source.kind == "pages":
                    self._list_addresses(source, now)
            if refetch:
                self.frontier.ask_again(now, sources=self.sources)

    def _list_addresses(self, source: Source, now: datetime) -> None:
        urls = list(source.addresses())
        unusable = self.frontier.list_pages(source.id, urls, now)
        if source.by_name:
            self.asked.update((page_id, source) for url in urls if (page_id := page_id_of(url)))
            self.frontier.ask_again(now, pages=self.asked)
        rows = [
            capture_row(
                self.archive,
                Candidate(
                    source.id,
                    "page",
                    url,
                    problem=f"address_invalid: {printable(url, 300)} is no http(s) address",
                    outcome="refused",
                ),
                run_id=self.run_id,
                now=now,
                limit=self.settings.max_response_bytes,
            )
            for url in unusable
        ]
        # Such a line has no time of its own: it is one row, however often the list is read.
        add_fetches(self.connection, rows)

    async def _discover(self, source: Source) -> None:
        """The sitemaps that a site's robots.txt names, else the customary one."""
        try:
            rules, _ = await self.origins.rules(source.location)
        except (ParkedError, BudgetOverError):
            self.report.left += 1
            return
        root = source.location.rstrip("/")
        named = rules.sitemaps[:20] or (f"{root}/sitemap.xml",)
        with transaction(self.connection):
            self.frontier.list_feeds(
                FeedRow(feed_id_of(source.id, url), source.id, "sitemap", url, next_fetch_at=_now())
                for url in named
            )
        self.start_feeds()

    def start_feeds(self, *, force: bool = False) -> None:
        """Begins with the feeds that are due."""
        for feed in self.frontier.due_feeds(self.sources, _now(), force=force):
            if feed.feed_id not in self.begun:
                self.begun.add(feed.feed_id)
                self.group.create_task(self._poll(feed))

    def start_pages(self) -> None:
        """Begins with the pages that are due, no more of a site than there is time for."""
        left = (self.ends_at - _now()).total_seconds()
        per_site = min(AHEAD, math.ceil(left / max(self.settings.gap_seconds, 0.01)))
        if per_site <= 0:
            return
        for page in self.frontier.due_pages(self.sources, self.asked, _now(), per_site):
            if page.page_id not in self.begun:
                self.begun.add(page.page_id)
                self.group.create_task(self.pages.visit(page))

    async def _poll(self, feed: FeedRow) -> None:
        accept, most = answers.SITEMAP_ACCEPT, self.settings.max_response_bytes
        if feed.kind == "feed":
            accept, most = answers.FEED_ACCEPT, min(most, MAX_FEED_BYTES)
        request = Request(
            feed.url,
            accept=accept,
            etag=feed.etag,
            last_modified=feed.last_modified,
            max_bytes=most,
        )
        try:
            visit = await self.visitor.visit(request)
        except ParkedError as parked:
            feed.next_fetch_at, feed.last_status = parked.until, f"parked: {parked.reason}"
            with self.written(feed.url):
                self.frontier.put_feed(feed)
            return
        except BudgetOverError:
            self.report.left += 1
            return
        next(self.progress, None)
        self.report.polled += 1
        await self.polls.take(feed, visit)

    async def archived(self, candidate: Candidate) -> dict[str, Any]:
        """A candidate's row of ``raw.fetches``, its payload in the archive already."""
        row = await asyncio.to_thread(
            capture_row,
            self.archive,
            candidate,
            run_id=self.run_id,
            now=_now(),
            limit=self.settings.max_response_bytes,
        )
        if row["outcome"] == "rejected":
            # What the web does is no fault of an input that somebody gave.
            row["outcome"] = "failed"
        return row

    def add(self, row: dict[str, Any]) -> None:
        """Writes a capture inside the caller's transaction, and counts it."""
        add_fetches(self.connection, [row])
        source = row["source_id"]
        if row["outcome"] != "captured":
            self.report.problems[str(row["outcome_reason"]).partition(":")[0]] += 1
            self.report.failed_of[source] += 1
            return
        self.report.days.add(row["fetch_date"])
        if row["kind"] in ("page", "feed_entry"):
            self.report.captured += 1
            self.report.captured_of[source] += 1

    @contextlib.contextmanager
    def written(self, url: str) -> Iterator[None]:
        """One transaction: what the block writes, and when the site may be asked again."""
        with transaction(self.connection):
            yield
            self.frontier.put_site(self.gates.of(site_of(url)).state())


def _names_a_site(source: Source) -> bool:
    """True for a sitemap source whose location is a site's root: robots.txt names the sitemaps."""
    return source.kind == "sitemap" and urlsplit(source.location).path in ("", "/")


def _now() -> datetime:
    return datetime.now(UTC)
