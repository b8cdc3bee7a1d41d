"""Failing rows, once each with every reason: held back by the same queries that the checks run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.quality.decisions import excepted
from pipelines.quality.suites import MAX_KEYS, Suite
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
    """Keys of the partition's rows that an asset's rules on staging list at present, by check.

    Staging has only what is new: these are rows of before. Those that are staged again, were taken
    for no article since, or were released are left out: the rules say what they are now.
    """
    rows = connection.execute(
        project.sql_text("load/held_keys.sql"), {"asset": asset, "day": partition}
    ).fetchall()
    return {reason: tuple(keys) for reason, keys in rows}


def retire_rules(connection: DuckDBPyConnection, run_id: str) -> None:
    """Lets rows go whose rule is gone from ``ops.quality_checks``, or no longer lists such."""
    connection.execute("SET VARIABLE run_id = ?", [run_id])
    connection.execute(project.sql_text("load/retire_rules.sql"))


def without_released(connection: DuckDBPyConnection, suites: Iterable[Suite]) -> tuple[Suite, ...]:
    """Suites whose row rules let those rows pass that people released from them, or dropped.

    Rules that nobody decided about stay as they are, so that their queries stay readable. Rules
    that are no queries are not changed: ``except_released`` takes the rows from their results.
    """
    decisions = excepted(connection)
    if not decisions:
        return tuple(suites)
    changed = []
    for suite in suites:
        checks = tuple(
            check.without(_decided(suite.key, ids))
            if check.query and (ids := decisions.of(check.asset, check.name, check.on_failure))
            else check
            for check in suite.checks
        )
        changed.append(replace(suite, checks=checks))
    return tuple(changed)


def except_released(
    connection: DuckDBPyConnection, suite: Suite, results: Iterable[CheckResult]
) -> list[CheckResult]:
    """Results of rules that are no queries, without the rows that people released from them."""
    decisions = excepted(connection)
    found = []
    for result in results:
        check = result.check
        ids = decisions.of(check.asset, check.name, check.on_failure)
        if ids and check.names_rows and not check.query and result.sql and not result.success:
            result = _fewer(connection, suite, result, ids)
        found.append(result)
    return found


def _fewer(
    connection: DuckDBPyConnection, suite: Suite, result: CheckResult, ids: tuple[str, ...]
) -> CheckResult:
    sql = (
        f"SELECT failing.* FROM ({result.sql}) AS failing"  # noqa: S608  # from our JSON
        f" WHERE NOT ({_decided(suite.key, ids)})"
    )
    row = connection.execute(f"SELECT count(*) FROM ({sql})").fetchone()  # noqa: S608
    count = int(row[0]) if row else 0
    keys = connection.execute(
        f"SELECT DISTINCT CAST({suite.key} AS VARCHAR) AS key FROM ({sql})"  # noqa: S608
        f" ORDER BY key LIMIT {MAX_KEYS}"
    ).fetchall()
    known = {key for (key,) in keys}
    return replace(
        result,
        success=count == 0,
        unexpected_count=count,
        failing_keys=tuple(key for (key,) in keys),
        sql=sql if count else None,
        samples=tuple(s for s in result.samples if str(s.get(suite.key)) in known),
    )


def _decided(key: str, decision_ids: tuple[str, ...]) -> str:
    """Condition on ``failing`` that is true for the rows that the decisions speak of.

    By the decisions' ids, which we made: a row's key may be a text of whoever printed the page. And
    so the rule's text changes with each decision, and a day is audited anew for it.
    """
    ids = ", ".join(f"'{decision_id}'" for decision_id in decision_ids)
    return (
        f"coalesce(CAST(failing.{key} AS VARCHAR) IN (SELECT d.row_key"  # noqa: S608  # hex digits
        f" FROM ops.row_decisions AS d WHERE d.decision_id IN ({ids})), FALSE)"
    )


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
    temporary = {
        "provenance": _provenance(suite, partition),
        "gone": _gone(suite),
        "unstaged": _unstaged(suite),
    }
    for name, query in temporary.items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
    connection.execute(project.sql_text("load/list_failing.sql"))


NO_KEYS = "SELECT NULL::VARCHAR AS row_key WHERE FALSE"
OPEN_KEYS = (
    "SELECT DISTINCT q.row_key FROM ops.quarantine AS q WHERE q.asset_key = getvariable('asset')"
    " AND q.table_name = getvariable('table_name') AND q.resolved_at IS NULL AND q.effect <> 'held'"
)


def _gone(suite: Suite) -> str:
    """SELECT of the listed keys that the table no longer has: a version was replaced, say."""
    if _is_staged(suite):
        return NO_KEYS
    return (
        f"{OPEN_KEYS} AND q.row_key NOT IN (SELECT CAST({suite.key} AS VARCHAR) FROM {suite.table}"  # noqa: S608
        f" WHERE {suite.key} IS NOT NULL)"
    )


def _unstaged(suite: Suite) -> str:
    """SELECT of the listed keys that no rule judges now: staging is empty but for what is new.

    Rows that block are not among them: what lies downstream of them was not made, or was by a
    person's decision.
    """
    if not _is_staged(suite):
        return NO_KEYS
    return (
        f"{OPEN_KEYS} AND q.effect = 'flagged' AND q.row_key NOT IN"  # noqa: S608  # our own names
        f" (SELECT CAST({suite.key} AS VARCHAR) FROM {suite.table} WHERE {suite.key} IS NOT NULL)"
    )


def _is_staged(suite: Suite) -> bool:
    return suite.table.startswith("staging.")


def _provenance(suite: Suite, partition: date | None) -> str:
    """SELECT of the capture, article and source of each failing row, where its table knows them."""
    columns = {column.name for column in declared_columns()[suite.table]}
    key, version, join = f"CAST(b.{suite.key} AS VARCHAR)", "NULL", ""
    if "fetch_id" in columns:
        version = "b.fetch_id"
    elif {"article_id", "version"} <= columns:
        version = "v.fetch_id"
        join = "LEFT JOIN article_versions AS v USING (article_id, version)"
    article = "b.article_id" if "article_id" in columns else "NULL"
    source = "b.source_id" if "source_id" in columns else "NULL"
    return (
        f"SELECT {key} AS row_key, any_value({version})::VARCHAR AS fetch_id,"  # noqa: S608
        f" any_value({article})::VARCHAR AS article_id, any_value({source})::VARCHAR AS source_id"
        f" FROM ({suite.batch_sql(partition)}) AS b {join}"
        f" WHERE {key} IN (SELECT row_key FROM failing) GROUP BY 1"
    )
