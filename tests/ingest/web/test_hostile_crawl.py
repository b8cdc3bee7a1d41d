"""The attack list through the whole crawl: each address ends as a row with its reason, or a page."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.archive import Archive
from pipelines.ingest.sources import Source
from pipelines.ingest.web.crawl import crawl
from pipelines.settings import Settings
from pipelines.warehouse.schema import apply_schema
from tests.ingest.web.attacks import CASES
from tests.ingest.web.hostile import Script, Site, Talk, answer, says, serve
from tests.ingest.web.test_crawl import Inline

FORBIDDEN = "127.2.0.1"
INNER = (
    "http://127.2.0.1:{port}/",
    "http://2130837505:{port}/",
    "http://0x7f020001:{port}/",
    "http://0177.2.0.1:{port}/",
    "http://[::ffff:127.2.0.1]:{port}/",
    "http://127.2.1:{port}/",
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]:{port}/",
    "http://[64:ff9b::7f02:1]:{port}/",
    "http://user:word@127.2.0.1:{port}/",
    "http://localhost:{port}/",
)


def after_the_rules(script: Script) -> Script:
    """Has no robots rules, and attacks whoever asks for more."""

    connections = itertools.count()

    async def whole(talk: Talk) -> None:
        begin = next(connections) == 0
        await (says(answer(status="404 Not Found")) if begin else script)(talk)

    return whole


@contextlib.contextmanager
def hostile_web(scripts: list[Script]) -> Iterator[tuple[list[Site], Site]]:
    """A site of its own for each script, and the one that must not be reached, in a thread."""
    ready: threading.Event = threading.Event()
    loop = asyncio.new_event_loop()
    sites: list[Site] = []
    inner: list[Site] = []
    stop = asyncio.Event()

    async def run() -> None:
        async with contextlib.AsyncExitStack() as stack:
            for number, script in enumerate(scripts):
                host = f"127.1.{number // 250}.{number % 250 + 1}"
                sites.append(await stack.enter_async_context(serve(script, host)))
            inner.append(await stack.enter_async_context(serve(says(answer()), FORBIDDEN)))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    ready.wait(10)
    try:
        yield sites, inner[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()


@pytest.mark.parametrize("at", ["page", "rules"])
def test_every_attack_ends_as_a_row(tmp_path: Path, at: str) -> None:
    scripts = [after_the_rules(c.script) if at == "page" else c.script for c in CASES]
    with hostile_web(scripts) as (sites, inner), duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        apply_schema(connection)
        urls = [f"{site.url}story" for site in sites]
        urls += [url.format(port=inner.port) for url in INNER]
        (tmp_path / "list.txt").write_text("".join(f"{url}\n" for url in urls))
        settings = Settings(
            home=tmp_path,
            contact="desk@crawl.example",
            allow_addresses="127.1.0.0/16",
            gap_seconds=0,
            request_seconds=1.0,
            max_response_bytes=1 << 20,
            connections=64,
            crawl_minutes=1,
        )
        crawl(
            connection,
            Archive(str(tmp_path / "archive")),
            Inline(),
            [Source("list", "pages", "list.txt", "List", base=tmp_path)],
            settings,
            run_id="run",
        )
        assert inner.connections == 0
        rows = connection.execute(
            "SELECT target_uri, outcome, outcome_reason, payload_bytes FROM raw.fetches"
        ).fetchall()
        (without,) = connection.execute(
            "SELECT count(*) FROM raw.pages AS p WHERE NOT EXISTS"
            " (SELECT 1 FROM raw.fetches AS f WHERE f.target_uri = p.url)"
        ).fetchone() or (None,)
    assert without == 0
    assert len(rows) >= len(urls) - 4, "spellings of one address are one page"
    for target, outcome, reason, size in rows:
        if outcome == "captured":
            assert (size or 0) <= settings.max_response_bytes, target
            continue
        assert outcome in ("failed", "refused"), (target, reason)
        code, _, words = reason.partition(":")
        assert code.replace("_", "").isalnum(), (target, reason)
        assert len(words) <= 500
        assert reason.isprintable(), (target, reason)
