"""``newsledger sources``: the list with what each source gave, and a trial of one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipelines.ingest.records import SourceError
from pipelines.ingest.sources import load_sources
from pipelines.warehouse.query import SnapshotError, snapshot

if TYPE_CHECKING:
    from pipelines.ingest.sources import Source
    from pipelines.ingest.web.records import Feed
    from pipelines.ingest.web.visit import Visit, Visitor
    from pipelines.settings import Settings

SHOWN = 3
"""Entries of a feed that a check shows."""

PIPED_WIDTH = 240
"""Columns of the list where no terminal sets them."""

_COLUMNS = ("source", "kind", "state", "articles", "last day / usual", "last success", "next poll",
            "failed")  # fmt: skip

HEALTH = """
    SELECT
        source_id, articles, failed + refused AS failed, last_success_at, last_article_at,
        expected_per_day, seen_last_day, next_poll_at, failure_score, last_poll_status,
        pages_waiting
    FROM mart.source_health
"""


def print_sources(settings: Settings) -> None:
    """Writes a line a source to standard output. Raises SourceError where the list is wrong."""
    from rich.console import Console
    from rich.table import Table

    sources = load_sources(settings.sources_file)
    health = _health(settings)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in _COLUMNS:
        table.add_column(name, no_wrap=True)
    table.add_column("remark", overflow="fold")
    for source in sources:
        table.add_row(*_line(source, health.get(source.id)))
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    console.print(table)


def _health(settings: Settings) -> dict[str, dict[str, Any]]:
    """What the snapshot knows of each source; nothing where there is no snapshot yet."""
    try:
        with snapshot(settings.published_file) as connection:
            cursor = connection.execute(HEALTH)
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except SnapshotError:
        return {}
    return {row["source_id"]: row for row in rows}


def _line(source: Source, health: dict[str, Any] | None) -> list[str]:
    state = "on" if source.enabled else "off"
    if health is None:
        return [source.id, source.kind, state, "", "", "never read", "", "", ""]
    usual = health["expected_per_day"]
    if source.enabled and source.is_web:
        state = _state(source, health)
    return [
        source.id,
        source.kind,
        state,
        f"{health['articles']:,}",
        f"{health['seen_last_day']:,} / {'-' if usual is None else f'{usual:g}'}",
        _moment(health["last_success_at"]),
        _moment(health["next_poll_at"]),
        f"{health['failed']:,}",
        _remark(health),
    ]


def _state(source: Source, health: dict[str, Any]) -> str:
    if health["failure_score"]:
        return "failing"
    latest = health["last_article_at"]
    age = datetime.now(UTC) - latest if latest else None
    return "quiet" if age and age.total_seconds() > source.fresh_hours * 3600 else "ok"


def _remark(health: dict[str, Any]) -> str:
    from pipelines.ingest.web.guard import printable

    said = health["last_poll_status"] or ""
    words = [printable(said, 120)] if said not in ("", "ok", "unchanged") else []
    if health["pages_waiting"]:
        words.append(f"{health['pages_waiting']:,} pages wait")
    return "; ".join(words)


def _moment(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if value else "never"


def check_source(settings: Settings, source_id: str) -> bool:
    """Asks a source now and says what it gives; nothing is stored. True where all went well.

    Raises SourceError where there is no such source, or it lies on the web and the settings name
    no contact.
    """
    known = {source.id: source for source in load_sources(settings.sources_file)}
    source = known.get(source_id)
    if source is None:
        raise SourceError(f"there is no source {source_id!r}; known are: {', '.join(known)}")
    say = _printer()
    say(f"source       {source.id} ({source.kind}, {'on' if source.enabled else 'off'})")
    say(f"location     {source.location}")
    if not source.is_web:
        return _check_files(source, say)
    if settings.contact is None:
        raise SourceError("set NEWSLEDGER_CONTACT first: the web is not asked without a contact")
    return asyncio.run(_check_web(settings, source, say))


def _printer() -> Callable[[str], None]:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    return lambda text: console.print(text, markup=False)


def _check_files(source: Source, say: Callable[[str], None]) -> bool:
    found = problems = 0
    for candidate in source.candidates():
        found += 1
        if candidate.problem:
            problems += 1
            say(f"problem      {candidate.problem}")
    say(f"inputs       {found:,}, {problems:,} of them with a problem")
    return found > 0 and not problems


async def _check_web(settings: Settings, source: Source, say: Callable[[str], None]) -> bool:
    import duckdb

    from pipelines.ingest.web.client import Client
    from pipelines.ingest.web.crawl import user_agent
    from pipelines.ingest.web.gate import Gates, TurnRefusedError
    from pipelines.ingest.web.origins import Origins
    from pipelines.ingest.web.visit import Visitor
    from pipelines.warehouse.schema import apply_schema

    say(f"user agent   {user_agent(settings)}")
    with duckdb.connect() as scratch:
        apply_schema(scratch)
        gates = Gates(settings.gap_seconds, connections=1, budget_seconds=300)
        async with Client(
            user_agent(settings),
            settings.allowed_networks,
            total_seconds=settings.request_seconds,
            connections=1,
        ) as client:
            origins = Origins(scratch, client, gates)
            try:
                return await _try(source, Visitor(client, gates, origins), origins, say)
            except TurnRefusedError as error:
                say(f"problem      {error}")
                return False


async def _try(source: Source, visitor: Visitor, origins: Any, say: Callable[[str], None]) -> bool:
    """Asks for the source itself, and for the newest page that it names."""
    from pipelines.ingest.web import answers
    from pipelines.ingest.web.records import Request

    url = next(iter(source.addresses()), source.location) if source.kind == "pages" else None
    visit = await visitor.visit(Request(url or source.location, accept=answers.FEED_ACCEPT))
    rules, _ = await origins.rules(visit.url)
    delay = f", Crawl-delay {rules.crawl_delay:g} s" if rules.crawl_delay else ""
    say(f"robots.txt   {rules.status}{delay}")
    if not _say_visit(visit, say):
        return False
    if source.kind == "pages":
        return True
    feed = _read(source, visit, say)
    if feed is None:
        return False
    _say_feed(feed, say)
    page = next((entry.url for entry in feed.entries if entry.url), None)
    if page is None or source.content == "feed":
        return bool(feed.entries or feed.children)
    say(f"first page   {page}")
    return _say_visit(await visitor.visit(Request(page, accept=answers.PAGE_ACCEPT)), say)


def _say_visit(visit: Visit, say: Callable[[str], None]) -> bool:
    from pipelines.ingest.web import answers

    if visit.problem or visit.response is None:
        say(f"problem      {visit.problem}")
        return False
    kind, charset = answers.media_type(visit)
    moved = f", now at {visit.url}" if visit.url != visit.asked else ""
    size = len(visit.response.body)
    say(f"answer       {visit.response.status}, {kind} {charset or ''}, {size:,} bytes{moved}")
    stated = answers.stated_by(visit)
    for name, value in (
        ("mining", stated.tdm_reservation),
        ("usage", stated.usage_preference),
        ("robots meta", stated.robots_meta),
    ):
        if value:
            say(f"{name:<12} {value}")
    return True


def _read(source: Source, visit: Visit, say: Callable[[str], None]) -> Feed | None:
    from pipelines.ingest.web import answers
    from pipelines.ingest.web.polls import read_answer
    from pipelines.ingest.web.records import FeedError

    if visit.response is None:
        return None
    kind, charset = answers.media_type(visit)
    try:
        return read_answer((source.kind, visit.response.body, visit.url, kind, charset))
    except FeedError as error:
        say(f"problem      {error}")
        return None


def _say_feed(feed: Feed, say: Callable[[str], None]) -> None:
    from pipelines.ingest.web.guard import printable

    dated = sum(1 for entry in feed.entries if entry.published)
    full = sum(1 for entry in feed.entries if entry.content)
    say(f"read as      {feed.kind}, {printable(feed.title or 'without a title', 100)}")
    say(f"entries      {len(feed.entries):,}, {dated:,} dated, {full:,} with full text")
    if feed.children:
        say(f"sitemaps     {len(feed.children):,} below it")
    for remark in feed.remarks:
        say(f"remark       {printable(remark, 200)}")
    for entry in feed.entries[:SHOWN]:
        when = f"{entry.published:%Y-%m-%d %H:%M}" if entry.published else "no date"
        say(f"  {when}  {printable(entry.title or 'without a title', 100)}")
