"""Counts that marts read, kept day by day: a run counts only the days that changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.warehouse.connection import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SLICE_MENTIONS = 1_500_000
"""Mentions counted at a time, whole days: bounds the memory. A day with more is counted alone."""


def refresh_rollups(connection: DuckDBPyConnection, *, slice_mentions: int = SLICE_MENTIONS) -> int:
    """Counts anew the days whose articles or mentions changed since they were counted.

    Whatever changed them (new articles, edits, another reading, a merge of entities): a day is
    known by a hash of all that is counted, and of the scripts that count it. All or nothing.
    Returns the number of days; where it is 0, nothing is written.
    """
    scripts = {
        path.stem.split("_", 1)[1]: path.read_text(encoding="utf-8")
        for path in project.sql_files("rollups")
    }
    counted_by = hashlib.sha256("\n".join(scripts.values()).encode()).hexdigest()[:12]
    connection.execute("SET VARIABLE counted_by = ?", [counted_by])
    connection.execute("SET VARIABLE slice_mentions = ?", [slice_mentions])
    with transaction(connection):
        connection.execute(scripts["articles"])
        connection.execute(scripts["changed_days"])
        slices = connection.execute(
            "SELECT slice, count(*) FROM changed_days GROUP BY slice ORDER BY slice"
        ).fetchall()
        for number, _ in slices:
            connection.execute("SET VARIABLE slice = ?", [number])
            connection.execute(scripts["count_days"])
        if slices:
            connection.execute(scripts["sums"])
    return sum(days for _, days in slices)
