"""``newsledger status``: which snapshot is live, what ran, what waits, what stands failed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.warehouse.lock import holder, is_free
from pipelines.warehouse.query import SnapshotError, snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.settings import Settings


def print_status(settings: Settings) -> None:
    """Writes the status to standard output. Never waits for a run, never fails for lack of data."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)

    def say(text: str) -> None:
        console.print(text, markup=False)

    say(f"home         {settings.home}")
    try:
        with snapshot(settings.published_file) as connection:
            _say_snapshot(connection, settings, say)
    except SnapshotError as error:
        say(f"snapshot     {error}")
    if not is_free(settings.lock_file):
        say(f"writing now  {holder(settings.lock_file)}; what it has done is seen when it ends")
    elif settings.warehouse_file.exists():
        _say_working_state(settings, say)


def _say_snapshot(connection: DuckDBPyConnection, settings: Settings, say: Any) -> None:
    row = connection.execute(
        "SELECT published_at, article_count, mention_count, entity_count FROM ops.snapshots"
        " ORDER BY published_at DESC LIMIT 1"
    ).fetchone()
    if not row:
        return
    age = datetime.now(UTC) - row[0]
    hours, minutes = divmod(int(age.total_seconds()) // 60, 60)
    size = settings.published_file.stat().st_size / 1e6
    say(f"snapshot     {settings.published_file} ({size:.1f} MB)")
    say(f"published    {row[0]:%Y-%m-%d %H:%M} UTC, {hours} h {minutes} min ago")
    say(f"holds        {row[1]:,} articles, {row[2]:,} mentions, {row[3]:,} entities")


def _say_working_state(settings: Settings, say: Any) -> None:
    from pipelines.quality.results import blocking_failures
    from pipelines.runner import pending_days
    from pipelines.warehouse.connection import writing

    waiting = pending_days(settings)
    with writing(settings) as connection:
        runs = connection.execute(project.sql_text("load/last_runs.sql")).fetchall()
        held = connection.execute(
            "SELECT reason, count(*) FROM ops.quarantine"
            " WHERE resolved_at IS NULL AND effect = 'held' GROUP BY reason ORDER BY 2 DESC, 1"
        ).fetchall()
        failures = blocking_failures(connection)
    say("last runs")
    for started, day, state, taken, written, quarantined in runs:
        say(
            f"  {started:%Y-%m-%d %H:%M}  day {day}  {state:<11} in {taken or 0:,},"
            f" versions {written or 0:,}, quarantined {quarantined or 0:,}"
        )
    say("quarantine   " + (", ".join(f"{reason}: {n}" for reason, n in held) or "empty"))
    say(
        "waiting      "
        + (", ".join(str(day) for day in waiting) + " (newsledger run)" if waiting else "nothing")
    )
    if failures:
        say("not publishable: these blocking checks stand failed")
        for day, asset, check, why in failures:
            say(f"  {day} {asset}.{check}: {why}")
    else:
        say("blocking     no check stands failed")
