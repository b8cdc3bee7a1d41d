"""Check results as rows of ``ops.quality_results``, beside the data they speak of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.quality.suites import MAX_KEYS, load_suites
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.quality.records import CheckResult


def declare(connection: DuckDBPyConnection) -> None:
    """Brings ``ops.quality_checks`` to what ``expectations/`` declares.

    Overrides of checks that are gone end: a check of that name that comes later is another one.
    """
    rows = [
        {
            "asset_key": check.asset,
            "check_name": check.name,
            "suite": suite.name,
            "table_name": suite.table,
            "key_name": check.key,
            "expectation": check.expectation,
            "severity": check.severity,
            "stops": check.stops or "nothing",
            "on_failure": check.on_failure or "report",
            "is_daily": check.is_daily,
            "names_rows": check.names_rows,
            "owner": check.owner,
            "description": check.description,
            "thresholds": json.dumps(
                {t.name: {"value": t.value, "reason": t.reason} for t in check.thresholds},
                ensure_ascii=False,
            ),
            "query": check.query,
        }
        for suite in load_suites()
        for check in suite.checks
    ]
    connection.execute("DELETE FROM ops.quality_checks")
    insert_rows(connection, "ops.quality_checks", rows)
    connection.execute(
        "UPDATE ops.overrides SET ended_at = ? WHERE ended_at IS NULL AND NOT EXISTS ("
        " SELECT 1 FROM ops.quality_checks AS c"
        " WHERE c.asset_key = overrides.asset_key AND c.check_name = overrides.check_name)",
        [datetime.now(UTC)],
    )


def record(connection: DuckDBPyConnection, results: Iterable[CheckResult], run_id: str) -> None:
    """Writes one row a result, but for those that were written before (``carried``)."""
    now = datetime.now(UTC)
    insert_rows(
        connection,
        "ops.quality_results",
        [
            {
                "run_id": run_id,
                "partition_key": result.partition,
                "asset_key": result.check.asset,
                "check_name": result.check.name,
                "expectation": result.check.expectation,
                "column_name": result.check.column,
                "severity": result.check.severity,
                "success": result.success,
                "observed": observed_json(result),
                "element_count": result.element_count,
                "unexpected_count": result.unexpected_count,
                "failing_keys": list(result.failing_keys),
                "error": result.error,
                "checked_at": now,
                "table_name": result.check.table,
                "key_name": result.check.key,
                "failing_query": None if result.success else result.sql,
                "samples": json.dumps(list(result.samples), default=str, ensure_ascii=False),
                "override_id": result.override_id,
            }
            for result in results
            if not result.carried
        ],
    )


def observed_json(result: CheckResult) -> str:
    """What was observed, as ``ops.quality_results`` has it."""
    return json.dumps(result.observed, default=str, ensure_ascii=False)


def with_held(results: list[CheckResult], held: dict[str, tuple[str, ...]]) -> list[CheckResult]:
    """Results that also count the rows a rule holds in quarantine from earlier runs.

    Staging only has what is new: without this, a day with held rows would look clean to the next
    run, half an hour later. ``held`` has the keys by check.
    """
    combined = []
    for result in results:
        known = set(result.failing_keys)
        more = [key for key in held.get(result.check.name, ()) if key not in known]
        if more and result.error is None:
            keys = tuple(sorted(known.union(more)))[:MAX_KEYS]
            count = (result.unexpected_count or 0) + len(more)
            result = replace(
                result, success=False, unexpected_count=count, observed=count, failing_keys=keys
            )
        combined.append(result)
    return combined


def blocking_failures(connection: DuckDBPyConnection) -> list[tuple[date | None, str, str, str]]:
    """What stops the publish: day (None: a whole table), asset, check and why, of each.

    Of every partition the latest result of each critical check counts, and of each rule that broke,
    where the check is still declared and no override in force covers it: a day that failed
    yesterday is not published by today's run. A day that was written after its last audit counts
    as well, and nobody can override that: nothing is known of it.
    """
    failed = connection.execute(project.sql_text("load/blocking_failures.sql")).fetchall()
    unaudited = [
        (day, "articles", "audit", "written, but not audited since: newsledger run finishes it")
        for day in unaudited_days(connection)
    ]
    return failed + unaudited


def unaudited_days(connection: DuckDBPyConnection) -> list[date]:
    """Days that were written after their last audit, oldest first."""
    assets = sorted({suite.asset for suite in load_suites()})
    query = project.sql_text("load/unaudited_days.sql")
    return [day for (day,) in connection.execute(query, {"assets": assets}).fetchall()]
