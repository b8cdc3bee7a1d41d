"""Sources with weeks of history, written as rows: what a crawl of so many days would have left."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.quality.measures import measure_day
from pipelines.quality.suites import load_suites
from pipelines.settings import Settings
from pipelines.warehouse.connection import connect, writing
from tests.quality.seeding import Seeded

JUDGED = date(2026, 3, 31)
"""A Tuesday; the day that tests judge."""
WEEKS = 7
LATER = datetime(2026, 4, 2, tzinfo=UTC)
"""When all is over and every source was asked again."""
SUITES = ("source_days", "source_names", "source_requests")


@dataclass(frozen=True, slots=True)
class Day:
    """What a source gave on one day: so many documents, evenly over its hours."""

    count: int
    held: int = 0
    """Of them, quarantined."""
    undated: int = 0
    french: int = 0
    """The others are English."""
    words: int = 400
    failed: int = 0
    """Requests without an answer, besides."""
    unlinked: int = 1
    """Of the ten names in each article, those without an entity."""
    new: int = 1
    """Of them, those never named before."""
    until: int = 24
    """Hour from which nothing came."""
    outage: tuple[int, int] = (0, 0)
    """Hours between which nothing came."""


def before(weeks: int = WEEKS, until: date = JUDGED) -> list[date]:
    """The days of so many weeks that end on the day before ``until``."""
    return [until - timedelta(n) for n in range(weeks * 7, 0, -1)]


def wobbling(day: date, size: int, by: float = 0.08) -> int:
    """A count that differs from day to day as a newsroom's does, the same at each call."""
    step = (day.toordinal() * 7919) % 11 - 5
    return round(size * (1 + by * step / 5))


class Recorded(Seeded):
    """A home without samples, to which histories are written."""

    def __init__(self, folder: Path, like: Recorded | None = None) -> None:
        self.settings = Settings(home=folder / "home")
        if like:
            self.settings.warehouse_file.parent.mkdir(parents=True)
            shutil.copy(like.settings.warehouse_file, self.settings.warehouse_file)
        else:
            with writing(self.settings):
                pass

    def source(
        self,
        name: str,
        days: dict[date, Day],
        *,
        kind: str = "page",
        asked: datetime | None = LATER,
        names: bool = False,
    ) -> None:
        """Writes a source with what it gave on each day.

        ``asked``: when its feed was polled last; None: it has none. ``names``: its articles name
        ten entities each.
        """
        given = {day: each for day, each in days.items() if each.count or each.failed}
        columns = {
            "day": list(given),
            "count": [d.count for d in given.values()],
            "held": [d.held for d in given.values()],
            "undated": [d.undated for d in given.values()],
            "french": [d.french for d in given.values()],
            "words": [d.words for d in given.values()],
            "failed": [d.failed for d in given.values()],
            "until": [d.until for d in given.values()],
            "outage_from": [d.outage[0] for d in given.values()],
            "outage_to": [d.outage[1] for d in given.values()],
            "unlinked": [d.unlinked for d in given.values()],
            "new": [d.new for d in given.values()],
        }
        unnested = ", ".join(f'unnest(${key}) AS "{key}"' for key in columns)
        with writing(self.settings) as connection:
            connection.execute(f"CREATE TEMP TABLE given AS SELECT {unnested}", columns)
            connection.execute(_DOCUMENTS, {"source": name, "kind": kind})
            for statement in _ROWS:
                connection.execute(statement)
            connection.execute(_FAILURES, {"source": name})
            if names:
                for statement in _NAMES:
                    connection.execute(statement)
            if asked:
                connection.execute(
                    "INSERT INTO raw.feeds (feed_id, source_id, kind, url, polled_at)"
                    " VALUES ($name, $name, 'feed', 'https://' || $name || '.example/feed', $asked)",
                    {"name": name, "asked": asked},
                )

    def measure(self, *days: date, now: datetime = LATER) -> None:
        """Measures days as the audits of their assets do."""
        with writing(self.settings) as connection:
            for day in days:
                for asset in ("fetches", "articles", "mentions"):
                    measure_day(connection, asset, day, now=now)

    def judge(self, day: date = JUDGED, now: datetime = LATER) -> dict[str, list[tuple[Any, ...]]]:
        """Rows that break the rules which compare with history, by check.

        Their queries are run plainly: Great Expectations runs the same ones in ``audit``.
        """
        self.measure(day, now=now)
        with connect(self.settings.warehouse_file, read_only=True) as connection:
            return {
                check.name: connection.execute(suite.rule_sql(check, day)).fetchall()
                for suite in load_suites()
                if suite.name in SUITES
                for check in suite.checks
                if check.query
            }

    def volume(self, source: str, day: date = JUDGED) -> tuple[float | None, ...]:
        """Value, least, low, high of a source's volume."""
        with writing(self.settings) as connection:
            row = connection.execute(
                "SELECT value, least, low, high FROM ops.source_days"
                " WHERE source_id = ? AND day = ? AND measure = 'volume'",
                [source, day],
            ).fetchone()
        return row or ()


def steady(days: Sequence[date], size: int, **changes: int) -> dict[date, Day]:
    """A regular source's days."""
    return {day: Day(wobbling(day, size), **changes) for day in days}


_DOCUMENTS = """
    CREATE TEMP TABLE documents AS
    SELECT
        $source AS source_id, $kind AS kind, given.*, d.i,
        $source || '-' || day || '-' || d.i AS id,
        day::TIMESTAMPTZ + to_seconds(floor(86400 * d.i / "count")::BIGINT) AS fetched_at
    FROM given, LATERAL (SELECT unnest(range("count")) AS i) AS d
    WHERE
        floor(24 * d.i / "count") < until
        AND NOT (floor(24 * d.i / "count") >= outage_from AND floor(24 * d.i / "count") < outage_to)
"""
_ROWS = (
    """
    INSERT INTO raw.fetches BY NAME
    SELECT
        id AS fetch_id, source_id, kind, 'https://' || source_id || '.example/' || id AS target_uri,
        fetched_at, day AS fetch_date, id AS payload_sha256, 1000 AS payload_bytes,
        id AS archive_path, 'captured' AS outcome, 'crawl' AS run_id
    FROM documents
    """,
    """
    INSERT INTO ops.extractions BY NAME
    SELECT
        id AS fetch_id, day AS fetch_date, fetched_at, id AS payload_sha256,
        '1' AS extractor_version, CASE WHEN i < held THEN 'quarantined' ELSE 'kept' END AS outcome,
        id AS article_id, id AS content_sha256, fetched_at AS extracted_at
    FROM documents
    """,
    """
    INSERT INTO article_versions BY NAME
    SELECT
        id AS article_id, 1 AS version, source_id, id AS headline, id AS article_body,
        CASE WHEN i >= undated THEN fetched_at END AS date_published,
        CASE WHEN i < french THEN 'fr' ELSE 'en' END AS in_language, words AS word_count,
        id AS content_sha256, id AS fetch_id, day AS fetch_date, 'html' AS extractor,
        '1' AS extractor_version, 'first' AS change_kind, fetched_at AS valid_from
    FROM documents
    WHERE i >= held
    """,
)
_FAILURES = """
    INSERT INTO raw.fetches BY NAME
    SELECT
        $source || '-failed-' || day || '-' || d.i AS fetch_id, $source AS source_id, 'page' AS kind,
        day::TIMESTAMPTZ AS fetched_at, day AS fetch_date, 'failed' AS outcome,
        'http_500: it says so' AS outcome_reason
    FROM given, LATERAL (SELECT unnest(range(failed)) AS i) AS d
"""
_NAMES = (
    """
    CREATE TEMP TABLE spans AS
    SELECT
        documents.*, n.j, id || '-' || n.j AS mention_id,
        CASE
            WHEN n.j < unlinked THEN NULL
            WHEN n.j < unlinked + "new" THEN 'new-' || id || '-' || n.j
            ELSE 'known-' || source_id || '-' || (i * 10 + n.j) % 200
        END AS entity_id
    FROM documents, LATERAL (SELECT unnest(range(10)) AS j) AS n
    WHERE i >= held
    """,
    """
    INSERT INTO mentions BY NAME
    SELECT
        mention_id, id AS article_id, 1 AS version, entity_id, 'person' AS mention_type, 'x' AS exact,
        0 AS start_char, 1 AS end_char, 0 AS sentence_no, false AS in_headline, 'rule' AS recognizer,
        '1' AS recognizer_version
    FROM spans
    """,
    """
    INSERT INTO entities BY NAME
    SELECT
        entity_id, 'person' AS entity_type, entity_id AS name, 'local' AS origin,
        min(fetched_at) AS first_seen
    FROM spans
    WHERE entity_id IS NOT NULL
    GROUP BY entity_id
    """,
)
