"""A small warehouse in which checks have results, without anything being checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.quality.records import CheckResult
from pipelines.quality.results import declare, record
from pipelines.quality.suites import Check, find_check
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAY = date(2026, 3, 2)
NEXT = DAY + timedelta(days=1)
BEGIN = datetime(2026, 3, 2, 10, tzinfo=UTC)
CRITICAL = Check(
    suite="mentions",
    asset="mentions",
    table="mentions",
    name="spans_hold",
    expectation="unexpected_rows_expectation",
    kwargs={},
    severity="critical",
    description="Every span holds.",
    on_failure=None,
    key="mention_id",
    names_rows=True,
    owner="team:names",
    stops="downstream",
    is_daily=True,
)
WARNING = replace(CRITICAL, name="spans_are_short", severity="warning", stops=None)
WHOLE = replace(
    CRITICAL, suite="entities", asset="entities", table="entities", name="entities_unique",
    key="entity_id", is_daily=False,
)  # fmt: skip


def home(folder: Path, **settings: Any) -> Settings:
    """Settings of a home below ``folder``."""
    return Settings(home=folder / "home", **settings)


@contextmanager
def warehouse(settings: Settings) -> Iterator[DuckDBPyConnection]:
    """The working warehouse, in which exactly CRITICAL, WARNING and WHOLE are declared."""
    with writing(settings) as connection:
        declare(connection)
        connection.execute("DELETE FROM ops.quality_checks")
        insert_rows(
            connection,
            "ops.quality_checks",
            [_declared(check) for check in (CRITICAL, WARNING, WHOLE)],
        )
        yield connection


def _declared(check: Check) -> dict[str, Any]:
    assert find_check(check.asset, check.name) is None, "a name that no suite has"
    return {
        "asset_key": check.asset,
        "check_name": check.name,
        "suite": check.suite,
        "table_name": check.table,
        "key_name": check.key,
        "expectation": check.expectation,
        "severity": check.severity,
        "stops": check.stops or "nothing",
        "on_failure": "report",
        "is_daily": check.is_daily,
        "names_rows": check.names_rows,
        "owner": check.owner,
        "description": check.description,
        "thresholds": json.dumps({}),
    }


def failing(
    *keys: str, check: Check = CRITICAL, day: date | None = DAY, **more: Any
) -> CheckResult:
    """A result with these failing keys; one that holds where there are none."""
    return CheckResult(
        check,
        day if check.is_daily else None,
        success=not keys and not more.get("error"),
        observed=more.pop("observed", len(keys)),
        element_count=10,
        unexpected_count=more.pop("count", len(keys)),
        failing_keys=tuple(keys),
        sql="SELECT 1",
        **more,
    )


def note(
    connection: DuckDBPyConnection, result: CheckResult, hour: float = 0, run_id: str = "run"
) -> None:
    """Records a result, checked ``hour`` hours after BEGIN."""
    record(connection, [result], run_id)
    connection.execute(
        "UPDATE ops.quality_results SET checked_at = ? WHERE checked_at > ?",
        [BEGIN + timedelta(hours=hour), datetime(2026, 6, 1, tzinfo=UTC)],
    )
