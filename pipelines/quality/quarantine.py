"""Failing rows, once each with every reason: held back by the same queries that the checks run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.quality.suites import Suite
from pipelines.warehouse.schema import declared_columns

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.quality.records import CheckResult


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
        "SELECT count(DISTINCT fetch_id) FROM ops.quarantine"
        " WHERE resolved_at IS NULL AND effect = 'held'"
    ).fetchone()
    return int(row[0]) if row else 0


def held_keys(
    connection: DuckDBPyConnection, asset: str, partition: date | None
) -> dict[str, tuple[str, ...]]:
    """Keys of the partition's rows that an asset's rules hold at present, by check."""
    rows = connection.execute(
        """
        SELECT reason, list(row_key ORDER BY row_key)
        FROM ops.quarantine
        WHERE asset_key = ? AND fetch_date = ? AND resolved_at IS NULL AND effect = 'held'
        GROUP BY reason
        """,
        [asset, partition],
    ).fetchall()
    return {reason: tuple(keys) for reason, keys in rows}


def without_released(connection: DuckDBPyConnection, suites: Iterable[Suite]) -> tuple[Suite, ...]:
    """Suites whose row rules let those rows pass that people released from them."""
    return tuple(suites)


def list_failing(
    connection: DuckDBPyConnection, suite: Suite, results: Iterable[CheckResult], run_id: str
) -> None:
    """Brings ``ops.quarantine`` up to date with a suite's results, but for rows that are held.

    Rows that break a rule are there once each, with its name, their capture and the run; those
    that no longer do leave it, with their history kept. Results have keys up to a bound only, so
    each failing query is run here once more, whole.
    """
    evaluated = [
        r for r in results if r.check.names_rows and not r.check.on_failure and not r.error
    ]
    if not evaluated:
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE failing (row_key VARCHAR, reason VARCHAR, effect VARCHAR)"
    )
    for result in evaluated:
        if result.success or not result.sql:
            continue
        effect = "blocks" if result.check.stops else "flagged"
        connection.execute(
            f"INSERT INTO failing SELECT DISTINCT CAST({suite.key} AS VARCHAR), ?, ?"  # noqa: S608
            f" FROM ({result.sql}) WHERE {suite.key} IS NOT NULL",  # the rule is our own JSON
            [result.check.name, effect],
        )
    partition = evaluated[0].partition
    variables = {
        "run_id": run_id,
        "asset": suite.asset,
        "table_name": suite.table,
        "partition": partition,
        "checks": [result.check.name for result in evaluated],
    }
    for name, value in variables.items():
        kind = "::DATE" if name == "partition" else ""
        connection.execute(f"SET VARIABLE {name} = ?{kind}", [value])
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE provenance AS {_provenance(suite, partition)}"
    )
    connection.execute(project.sql_text("load/list_failing.sql"))


def _provenance(suite: Suite, partition: date | None) -> str:
    """SELECT of the capture and the article of each failing row, where its table knows them."""
    columns = {column.name for column in declared_columns()[suite.table]}
    key, batch = f"CAST({suite.key} AS VARCHAR)", suite.batch_sql(partition)
    wanted = f"{key} IN (SELECT row_key FROM failing)"
    if "fetch_id" in columns:
        article = "article_id" if "article_id" in columns else "NULL"
        return (
            f"SELECT {key} AS row_key, any_value(fetch_id) AS fetch_id,"  # noqa: S608
            f" any_value({article})::VARCHAR AS article_id FROM ({batch}) WHERE {wanted} GROUP BY 1"
        )
    if {"article_id", "version"} <= columns:
        return (
            f"SELECT CAST(b.{suite.key} AS VARCHAR) AS row_key,"  # noqa: S608
            " any_value(v.fetch_id) AS fetch_id, any_value(b.article_id) AS article_id"
            f" FROM ({batch}) AS b LEFT JOIN article_versions AS v"
            " ON b.article_id = v.article_id AND b.version = v.version"
            f" WHERE CAST(b.{suite.key} AS VARCHAR) IN (SELECT row_key FROM failing) GROUP BY 1"
        )
    return "SELECT NULL::VARCHAR AS row_key, NULL::VARCHAR AS fetch_id, NULL::VARCHAR AS article_id"
