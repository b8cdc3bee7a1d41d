"""What ``newsledger status`` tells: which snapshot is live, why it is not newer, what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.quality.live import LiveSnapshot, live_snapshot, unless_written
from pipelines.warehouse.lock import LockTimeoutError, holder

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from pipelines.settings import Settings

Record = dict[str, Any]

_ALERTS = "SELECT * FROM ops.alerts WHERE cleared_at IS NULL ORDER BY opened_at, kind, subject_key"


@dataclass(frozen=True, slots=True)
class Working:
    """The state of the working warehouse."""

    runs: list[Record]
    """The last ten, newest first."""
    waiting: list[date]
    """Days with work left."""
    unaudited: list[date]
    """Days that were written after their last audit: no override lets them be published."""
    failures: list[Record]
    """Checks that do not hold by their latest result, worst first; the columns are those of
    sql/load/standing_failures.sql, and ``is_new``: it held at the last good run."""
    missing: list[Record]
    """Articles and mentions that analysts do not see yet, by source and day."""
    quarantine: list[Record]
    """Rows in quarantine by effect and reason."""
    overrides: list[Record]
    """Decisions in force; ``covers``: false where more fails now than was accepted."""
    alerts: list[Record]
    """What lasts and people were told, or would have been."""


@dataclass(frozen=True, slots=True)
class Status:
    """What there is to know at this moment."""

    home: Path
    snapshot_file: Path
    live: LiveSnapshot
    writing: str | None
    """Who writes; then the working state is not known until it ends."""
    working: Working | None


def read_status(settings: Settings, now: datetime | None = None) -> Status:
    """The status. Never waits for a run, never fails for lack of data."""
    live = live_snapshot(settings, now or datetime.now(UTC))
    writing, working = None, None
    if settings.warehouse_file.exists():
        try:
            with unless_written(settings):
                working = _working(settings, live)
        except LockTimeoutError:
            writing = holder(settings.lock_file)
    return Status(settings.home, settings.published_file, live, writing, working)


def _working(settings: Settings, live: LiveSnapshot) -> Working:
    from pipelines.quality.overrides import in_force
    from pipelines.quality.results import unaudited_days
    from pipelines.runner import pending_days
    from pipelines.warehouse.connection import writing

    waiting = pending_days(settings)
    with writing(settings) as connection:
        failures = _records(connection, project.sql_text("load/standing_failures.sql"))
        unaudited = unaudited_days(connection)
        good = _last_good(connection, blocked=unaudited or any(f["blocks"] for f in failures))
        return Working(
            runs=_records(connection, project.sql_text("load/last_runs.sql")),
            waiting=waiting,
            unaudited=unaudited,
            failures=[f | {"is_new": good is None or f["failing_since"] > good} for f in failures],
            missing=_missing(connection, settings, live),
            quarantine=_records(connection, project.sql_text("load/quarantine_counts.sql")),
            overrides=[
                {
                    "check": str(override.target),
                    "note": override.note,
                    "decided_by": override.decided_by,
                    "decided_at": override.decided_at,
                    "covers": any(f["override_id"] == override.override_id for f in failures),
                }
                for override in in_force(connection)
            ],
            alerts=_records(connection, _ALERTS),
        )


def _last_good(connection: DuckDBPyConnection, *, blocked: object) -> datetime | None:
    """When a run last published, before the last one; that one itself where publishing is blocked.

    So what is new after a good run is what it found, and after a bad one what has failed since.
    """
    rows = connection.execute(
        "SELECT published_at FROM ops.snapshots ORDER BY published_at DESC LIMIT 2"
    ).fetchall()
    wanted = rows[:1] if blocked else rows[1:]
    return wanted[0][0] if wanted else None


def _missing(
    connection: DuckDBPyConnection, settings: Settings, live: LiveSnapshot
) -> list[Record]:
    with _attached(connection, None if live.problem else settings.published_file):
        return _records(connection, project.sql_text("load/missing_rows.sql"))


@contextmanager
def _attached(connection: DuckDBPyConnection, published: Path | None) -> Iterator[None]:
    """The snapshot as ``live``, or an empty one where there is none."""
    if published is None:
        connection.execute("ATTACH ':memory:' AS live")
        connection.execute("CREATE SCHEMA live.ops")
        for table in ("main.article_versions", "ops.recognitions"):
            connection.execute(f"CREATE TABLE live.{table} AS FROM {table} LIMIT 0")
    else:
        quoted = str(published).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS live (READ_ONLY)")
    try:
        yield
    finally:
        connection.execute("DETACH live")


def _records(connection: DuckDBPyConnection, sql: str) -> list[Record]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
