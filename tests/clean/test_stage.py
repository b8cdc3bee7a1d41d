"""Captures from the warehouse to staging, with what their feeds said of them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import project
from pipelines.archive import Archive
from pipelines.clean.extract import EXTRACTOR_VERSION
from pipelines.clean.stage import ExtractionReport, extract_pending
from pipelines.compute import Outcome
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema
from tests.clean.pages import HEADLINE, PARAGRAPHS
from tests.factories import DAY, fetch_row

URL = "https://lantern.example/pier"
BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])
PAGE = f"<html><body><article>{BODY}</article></body></html>"


class InProcess:
    """Stands in for ``Compute``: no worker processes."""

    def run(
        self, task: Callable[[Any], Any], items: Iterable[Any], _warm_up: object = None
    ) -> Iterator[Outcome[Any, Any]]:
        for item in items:
            yield Outcome(item, task(item), None)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        apply_schema(connection)
        yield connection


def captured(archive: Archive, name: str, payload: str, **columns: Any) -> dict[str, Any]:
    kept = archive.put(io.BytesIO(payload.encode()), 10**6)
    place = {"payload_sha256": kept.sha256, "archive_path": kept.path, "content_type": "text/html"}
    return fetch_row(name, kind="page", target_uri=URL) | place | columns


def statement(name: str, **columns: Any) -> dict[str, Any]:
    return {
        "entry_id": name,
        "feed_id": "feed",
        "source_id": "harbour",
        "page_id": "page",
        "url": URL,
        "first_seen_at": datetime(2026, 3, 2, tzinfo=UTC),
    } | columns


STATED = statement(
    "e1",
    title=HEADLINE,
    summary="Ferries leave from the south quay.",
    authors=["Tove Askeland", "Jon Reyes"],
    date_published=datetime(2026, 3, 1, 8, 42, 17, tzinfo=UTC),
    date_published_text="Sun, 01 Mar 2026 09:42:17 +0100",
    date_modified=datetime(2026, 3, 2, 7, tzinfo=UTC),
)


def extracted(
    connection: duckdb.DuckDBPyConnection,
    archive: Archive,
    fetches: list[dict[str, Any]],
    entries: list[dict[str, Any]],
) -> ExtractionReport:
    insert_rows(connection, "raw.fetches", fetches)
    insert_rows(connection, "raw.feed_entries", entries)
    return extract_pending(connection, archive, InProcess(), day=DAY, run_id="run")  # type: ignore[arg-type]


def staged(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[Any, ...]]:
    rows = connection.execute(
        """
        SELECT fetch_id, headline, authors, description, date_published, date_published_precision,
            date_published_source, date_modified
        FROM staging.articles ORDER BY fetch_id
        """
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


def test_a_capture_is_read_beside_the_statement_that_it_names(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    archive = Archive(str(tmp_path))
    fetches = [
        captured(archive, "told", PAGE, entry_id="e1"),
        captured(archive, "alone", PAGE),
        captured(archive, "lost", PAGE, entry_id="not there"),
    ]
    later = statement("e2", title="Another title", date_published=datetime(2026, 3, 2, tzinfo=UTC))
    report = extracted(warehouse, archive, fetches, [STATED, later])
    assert (report.pending, report.staged, report.failed) == (3, 3, 0)
    rows = staged(warehouse)
    assert rows["told"] == (
        HEADLINE,
        ["Tove Askeland", "Jon Reyes"],
        "Ferries leave from the south quay.",
        datetime(2026, 3, 1, 8, 42, 17, tzinfo=UTC),
        "second",
        "feed",
        None,
    )
    assert rows["alone"] == rows["lost"] == (None, [], None, None, None, None, None)


def test_a_feeds_text_is_an_article(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    markup = f"{BODY}<p><a href='{URL}'>Continue reading</a></p>"
    text = captured(
        archive, "text", markup, kind="feed_entry", location=URL, entry_id="e1", charset="utf-8"
    )
    assert extracted(warehouse, archive, [text], [STATED]).staged == 1
    rows = staged(warehouse)
    assert rows["text"][0] == HEADLINE
    assert rows["text"][-1] == datetime(2026, 3, 2, 7, tzinfo=UTC)
    body, extractor, article_id = warehouse.execute(
        "SELECT article_body, extractor, article_id FROM staging.articles"
    ).fetchall()[0]
    assert (body, extractor) == ("\n\n".join(PARAGRAPHS[1:]), "html")
    page = captured(archive, "page", PAGE)
    extracted(warehouse, archive, [page], [])
    ids = warehouse.execute("SELECT DISTINCT article_id FROM staging.articles").fetchall()
    assert ids == [(article_id,)]


def test_what_lists_pages_is_a_recorded_skip(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    archive = Archive(str(tmp_path))
    robots = {"kind": "file", "content_type": "text/plain"}
    fetches = [
        captured(archive, "feed", "<rss version='2.0'/>", kind="feed"),
        captured(archive, "feed as a page", PAGE, kind="feed"),
        captured(archive, "sitemap", "\x1f\x8b\x08", kind="sitemap"),
        captured(archive, "feed in a folder", "<rss version='2.0'/>", kind="file"),
        captured(archive, "json", '{"a": 1}', content_type="application/json"),
        captured(archive, "robots", "User-agent: *\nDisallow:\n", **robots),
    ]
    report = extracted(warehouse, archive, fetches, [])
    assert (report.staged, report.failed) == (0, 0)
    skips = warehouse.execute(
        "SELECT fetch_id, outcome, outcome_reason FROM ops.extractions ORDER BY fetch_id"
    ).fetchall()
    assert skips == [
        ("feed", "skipped", "is_feed"),
        ("feed as a page", "skipped", "is_feed"),
        ("feed in a folder", "skipped", "is_feed: rss"),
        ("json", "skipped", "not_text: json"),
        ("robots", "skipped", "is_robots_rules"),
        ("sitemap", "skipped", "is_sitemap"),
    ]
    assert extracted(warehouse, archive, [], []).pending == 0


def test_the_order_of_arrival_does_not_count(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    fetches = [
        captured(archive, f"f{n}", PAGE, entry_id=f"e{n}", target_uri=f"{URL}/{n}")
        for n in range(6)
    ]
    entries = [STATED | {"entry_id": f"e{n}", "title": f"{HEADLINE}, part {n}"} for n in range(6)]
    results = []
    for seed in range(3):
        order = random.Random(seed)
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            apply_schema(connection)
            order.shuffle(fetches)
            order.shuffle(entries)
            extracted(connection, archive, fetches, entries)
            results.append(
                connection.execute(
                    "SELECT fetch_id, headline, content_sha256 FROM staging.articles ORDER BY ALL"
                ).fetchall()
            )
    assert results[0] == results[1] == results[2]
    assert len(results[0]) == 6


def test_a_visit_that_brought_nothing_is_a_skip_and_no_work_for_later(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    nothing = {"kind": "page", "payload_sha256": None, "archive_path": None}
    why = {"failed": "timeout: 30 s", "refused": "robots_disallowed: its rules"}
    visits = [fetch_row(o, outcome=o, outcome_reason=why[o], **nothing) for o in why]
    report = extracted(warehouse, Archive(str(tmp_path)), visits, [])
    assert report.pending == 0
    skips = warehouse.execute("SELECT fetch_id, outcome, outcome_reason FROM ops.extractions")
    assert sorted(skips.fetchall()) == [(o, "skipped", why[o]) for o in sorted(why)]
    assert pending_days(warehouse) == []


def pending_days(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    versions = {"extractor_version": EXTRACTOR_VERSION, "recognizer_version": "r"}
    rows = connection.execute(project.sql_text("load/pending_days.sql"), versions).fetchall()
    return [day for (day,) in rows]
