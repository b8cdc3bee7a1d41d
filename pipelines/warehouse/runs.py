"""The run log: ``ops.runs`` and ``ops.snapshots``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pipelines.warehouse.connection import transaction
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COUNTS = """
    UPDATE ops.runs SET
        rows_in = (SELECT count(*) FROM raw.fetches WHERE run_id = $run_id),
        rows_out = (SELECT count(*) FROM article_versions WHERE run_id = $run_id),
        rows_quarantined = (
            SELECT count(DISTINCT fetch_id) FROM ops.quarantine
            WHERE run_id = $run_id AND effect = 'held'),
        rows_skipped = (
            SELECT count(*) FROM ops.extractions WHERE run_id = $run_id AND outcome = 'skipped')
    WHERE run_id = $run_id
"""


def start_run(
    connection: DuckDBPyConnection, run_id: str, partition: date, code_version: str
) -> None:
    """Opens the run's row. Runs found open belong to processes that are gone: one writes."""
    now = datetime.now(UTC)
    with transaction(connection):
        connection.execute(
            "UPDATE ops.runs SET status = 'interrupted', ended_at = ?"
            " WHERE status = 'started' AND run_id <> ?",
            [now, run_id],
        )
        connection.execute("DELETE FROM ops.runs WHERE run_id = ?", [run_id])
        row = {"run_id": run_id, "partition_key": partition, "started_at": now}
        row |= {"status": "started", "code_version": code_version}
        insert_rows(connection, "ops.runs", [row])


def end_run(connection: DuckDBPyConnection, run_id: str, status: str) -> None:
    """Closes the run's row with its counts; ``status`` is ``success`` or ``failed``."""
    with transaction(connection):
        connection.execute(COUNTS, {"run_id": run_id})
        connection.execute(
            "UPDATE ops.runs SET status = ?, ended_at = ? WHERE run_id = ?",
            [status, datetime.now(UTC), run_id],
        )


def record_snapshot(connection: DuckDBPyConnection, run_id: str) -> None:
    """Notes what the snapshot that is about to be published holds, and by which overrides it is."""
    connection.execute(
        """
        INSERT INTO ops.snapshots BY NAME
        SELECT
            $run_id AS snapshot_id,
            $now AS published_at,
            (SELECT count(*) FROM articles) AS article_count,
            (SELECT count(*) FROM mentions) AS mention_count,
            (SELECT count(*) FROM entities) AS entity_count,
            $run_id AS run_id,
            (SELECT coalesce(list(DISTINCT override_id ORDER BY override_id), [])
             FROM ops.standing_results WHERE override_id IS NOT NULL) AS override_ids
        """,
        {"run_id": run_id, "now": datetime.now(UTC)},
    )
