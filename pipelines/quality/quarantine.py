"""Holds failing rows back, with every reason, by the same queries that the checks run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.quality.suites import Suite

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def find_held(connection: DuckDBPyConnection, suites: Iterable[Suite], partition: date) -> None:
    """Fills the temporary table ``held (asset_key, row_key, reason)``: a row a key and rule.

    Great Expectations cuts its lists of keys, so the queries are run here once more, whole.
    Raises duckdb.Error where a rule's SQL does: nothing passes because its rule broke.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE held (asset_key VARCHAR, row_key VARCHAR, reason VARCHAR)"
    )
    for suite in suites:
        for check in suite.checks:
            if check.on_failure != "quarantine":
                continue
            connection.execute(
                f"INSERT INTO held SELECT DISTINCT ?, CAST({suite.key} AS VARCHAR), ?"  # noqa: S608
                f" FROM ({suite.rule_sql(check, partition)})",  # the rule is our own JSON
                [check.asset, check.name],
            )


def hold(connection: DuckDBPyConnection, run_id: str) -> int:
    """Writes ``held`` to ``ops.quarantine``; a row held already for that reason is not doubled.

    Returns the number of captures newly held.
    """
    connection.execute("SET VARIABLE run_id = ?", [run_id])
    before = _captures_held(connection)
    connection.execute(project.sql_text("load/quarantine.sql"))
    return _captures_held(connection) - before


def _captures_held(connection: DuckDBPyConnection) -> int:
    row = connection.execute(
        "SELECT count(DISTINCT fetch_id) FROM ops.quarantine WHERE resolved_at IS NULL"
    ).fetchone()
    return int(row[0]) if row else 0


def held_keys(
    connection: DuckDBPyConnection, asset: str, partition: date
) -> dict[str, tuple[str, ...]]:
    """Keys of the partition's rows that an asset's rules hold at present, by check."""
    rows = connection.execute(
        """
        SELECT reason, list(row_key ORDER BY row_key)
        FROM ops.quarantine
        WHERE asset_key = ? AND fetch_date = ? AND resolved_at IS NULL
        GROUP BY reason
        """,
        [asset, partition],
    ).fetchall()
    return {reason: tuple(keys) for reason, keys in rows}
