"""The snapshot that analysts read at this moment: how old it is, and why it is not newer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.warehouse.lock import LockTimeoutError, holder, writer_lock
from pipelines.warehouse.query import SnapshotError, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from duckdb import DuckDBPyConnection

    from pipelines.settings import Settings

_LAST = """
    SELECT published_at, article_count, mention_count, entity_count, run_id{more}
    FROM ops.snapshots ORDER BY published_at DESC LIMIT 1
"""
_AGAINST = """
    SELECT asset_key, check_name, partition_key, note, decided_by, decided_at
    FROM ops.overrides WHERE list_contains(?, override_id)
    ORDER BY asset_key, check_name, partition_key
"""


@dataclass(frozen=True, slots=True)
class PublishedAgainst:
    """A blocking check that failed when the snapshot was published, and who let that be."""

    check: str
    """``asset.check``, with ``@day`` where it is on a day."""
    note: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class LiveSnapshot:
    """What analysts read."""

    published_at: datetime | None
    """None: nothing was published yet, or the file cannot be opened (``problem``)."""
    age: timedelta | None
    why_not_newer: tuple[str, ...]
    """What stops the next publish, a line each; empty where nothing does, as far as is known."""
    overrides: tuple[PublishedAgainst, ...]
    """Checks that it was published against."""
    is_stale: bool = False
    """Older than NEWSLEDGER_STALE_HOURS."""
    articles: int = 0
    mentions: int = 0
    entities: int = 0
    run_id: str | None = None
    """Run that published it."""
    problem: str | None = None
    """Why there is nothing to read."""


def live_snapshot(settings: Settings, now: datetime | None = None) -> LiveSnapshot:
    """The live snapshot. Never waits and never fails for lack of data.

    While another process writes, the line of ``why_not_newer`` names that process: what it has done
    is known when it ends.
    """
    now = now or datetime.now(UTC)
    why = tuple(_why_not_newer(settings))
    try:
        with snapshot(settings.published_file) as connection:
            row, against = _last(connection)
    except SnapshotError as error:
        return LiveSnapshot(None, None, why, (), problem=str(error))
    if row is None:
        return LiveSnapshot(None, None, why, (), problem="it does not say when it was published")
    age = now - row[0]
    return LiveSnapshot(
        row[0],
        age,
        why,
        against,
        age > timedelta(hours=settings.stale_hours),
        *row[1:5],
    )


def unless_written(settings: Settings) -> AbstractContextManager[None]:
    """The writer lock at once; LockTimeoutError where another process has it."""
    return writer_lock(settings.lock_file, timeout=0, say=lambda _: None)


def _last(
    connection: DuckDBPyConnection,
) -> tuple[tuple[Any, ...] | None, tuple[PublishedAgainst, ...]]:
    """The snapshot's own row and the overrides it names; one from before 0.5 knows of none."""
    described = connection.execute("SELECT column_name FROM (DESCRIBE ops.snapshots)").fetchall()
    knows = ("override_ids",) in described
    row = connection.execute(_LAST.format(more=", override_ids" if knows else "")).fetchone()
    if row is None or not knows or not row[5]:
        return row, ()
    found = connection.execute(_AGAINST, [row[5]]).fetchall()
    return row, tuple(PublishedAgainst(_named(*entry[:3]), *entry[3:]) for entry in found)


def _why_not_newer(settings: Settings) -> Iterator[str]:
    if not settings.warehouse_file.exists():
        return
    from pipelines.quality.results import blocking_failures
    from pipelines.warehouse.connection import writing

    try:
        with unless_written(settings), writing(settings) as connection:
            failures = blocking_failures(connection)
    except LockTimeoutError:
        yield f"being written by {holder(settings.lock_file)}"
        return
    for day, asset, check, why in failures:
        yield f"{_named(asset, check, day)}: {why}"


def _named(asset: str, check: str, day: date | None) -> str:
    return f"{asset}.{check}" + (f"@{day}" if day else "")
