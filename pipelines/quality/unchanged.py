"""What was audited last: rows that did not change since are not audited again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

from pipelines import __version__
from pipelines.ids import stable_id
from pipelines.quality.decisions import excepted
from pipelines.quality.quarantine import held_keys
from pipelines.quality.reads import (
    SHAPE,
    UnknownReadError,
    make_shape,
    read_on_empty,
    rules,
    tables_read,
)
from pipelines.quality.records import CheckResult
from pipelines.quality.suites import Suite, load_suites
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from duckdb import DuckDBPyConnection

EVALUATED_BY = ("great-expectations", "duckdb")
"""Packages whose version belongs to a state, as ours does: another may judge a rule otherwise."""
_SHAPED = f"{SHAPE} AS batch"
OF_AUDITS = frozenset({"ops.quality_checks", "ops.quality_results", "ops.audits", "ops.alerts"})
"""Tables that audits write themselves: with them in it, no state would be the same twice."""


@dataclass(frozen=True, slots=True)
class State:
    """What a suite was run on."""

    key: str
    """Hash of the rows under audit, of what the rules read besides, of the rules and held rows."""
    of_no_rows: str | None
    """For a batch without rows, whose rules then read nothing: the hash with no row held, the same
    for every day. None otherwise."""


def state_of(connection: DuckDBPyConnection, suite: Suite, partition: date | None) -> State | None:
    """The state of a suite on a day, or on the whole table; None where it cannot be told.

    That is so where a table or a column is gone, or a rule reads what is no table: such a suite is
    run each time, and says itself what is wrong.
    """
    import duckdb

    try:
        return _state(connection, suite, partition)
    except (duckdb.Error, UnknownReadError):
        return None


def _state(connection: DuckDBPyConnection, suite: Suite, partition: date | None) -> State:
    day = f"DATE '{partition}'"
    shape = make_shape(connection, suite.batch_sql(partition))
    fixed = [suite.name, _declared(suite), json.dumps(shape)]
    # Released from rules that are no queries, rows are taken out of the results.
    decisions = excepted(connection)
    fixed += [str(decisions.of(c.asset, c.name, c.on_failure)) for c in suite.checks]
    held = held_keys(connection, suite.asset, partition) if partition else {}
    held = {check.name: held[check.name] for check in suite.checks if check.name in held}
    if not partition:
        batch, found = "", tables_read(connection, _questions(suite, day))
        sources = {table: [table] for table in found}
    else:
        rows = _fingerprint(connection, suite.batch_sql(partition), [name for name, _ in shape])
        reads_day = any("{partition}" in (check.query or "") for check in suite.checks)
        if rows.startswith("0 ") and not reads_day and not read_on_empty(connection, suite, day):
            empty = stable_id(*fixed, rows)
            return State(stable_id(empty, json.dumps(held)) if held else empty, empty)
        batch, found = f"{partition} {rows}", tables_read(connection, rules(suite, _SHAPED, day))
        sources = {table: _rows_beside(suite, table, partition) for table in found}
    beside = [
        f"{table} {','.join(sorted(columns))} {_fingerprint(connection, _counted(source), columns)}"
        for table, columns in sorted(found.items())
        if table not in OF_AUDITS
        for source in sources[table]
    ]
    return State(stable_id(*fixed, batch, *beside, json.dumps(held)), None)


def _questions(suite: Suite, day: str) -> list[str]:
    """What a suite asks of a whole table: of the columns that no rule reads none counts."""
    asked = [f"SELECT count(*) FROM ({suite.batch})"]  # noqa: S608  # from our JSON
    asked += rules(suite, f"({suite.batch}) AS batch", day)
    for check in suite.checks:
        if check.query or check.expectation.startswith("expect_table_"):
            continue
        columns = [check.column] if check.column else check.kwargs.get("column_list")
        names = ", ".join(f'"{name}"' for name in [*columns, suite.key]) if columns else "*"
        asked.append(f"SELECT {names} FROM ({suite.batch})")  # noqa: S608  # from our JSON
    return asked


def _declared(suite: Suite) -> str:
    """The rules as they will run, thresholds and releases filled in, and what would run them."""
    checks = [
        [c.name, c.expectation, c.kwargs, c.severity, c.stops, c.on_failure, c.key, c.names_rows]
        for c in suite.checks
    ]
    versions = [__version__, *(metadata.version(package) for package in EVALUATED_BY)]
    return json.dumps([suite.batch, suite.key, checks, versions], default=str, sort_keys=True)


def _rows_beside(suite: Suite, table: str, partition: date) -> list[str]:
    """Which rows of a table can bear on a day's results: FROM items.

    Rows of other tables that are audited by the day count by that day, since an article, its blocks
    and its mentions lie in one. Whoever reads the suite's own table besides the batch wants other
    days; it counts whole, as do tables without days.
    """
    own = suite.table == table
    batches = {s.batch_sql(partition) for s in load_suites() if s.table == table and s.is_daily}
    return sorted(f"({batch})" for batch in batches) if batches and not own else [table]


def _counted(source: str) -> str:
    """Rows of a FROM item that count: what audits list in the quarantine by themselves does not."""
    if source == "ops.quarantine":
        return "SELECT * FROM ops.quarantine WHERE effect = 'held'"
    return f"FROM {source}"


def _fingerprint(connection: DuckDBPyConnection, query: str, columns: Iterable[str]) -> str:
    """Number of rows and a hash of them that does not depend on their order.

    A sum, where a bitwise XOR would let two equal rows cancel each other.
    """
    names = ", ".join(f'"{name}"' for name in sorted(columns))
    digest = f"sum(hash({names}))" if names else "NULL"
    row = connection.execute(f"SELECT count(*), {digest} FROM ({query})").fetchone()  # noqa: S608
    return f"{row[0]} {row[1]}" if row else ""


def carried(
    connection: DuckDBPyConnection, suite: Suite, partition: date | None, state: State | None
) -> list[CheckResult] | None:
    """The results that the suite gave on this very state; None where it has to be run.

    Those of this partition are marked ``carried``. An empty batch that is new on its day has the
    results that another day's empty batch gave; they are not marked, so that they are written.
    Rules that broke are run again.
    """
    if state is None:
        return None
    last = connection.execute(
        "SELECT 1 FROM ops.audits"
        " WHERE suite = ? AND partition_key IS NOT DISTINCT FROM ? AND state = ?",
        [suite.name, partition, state.key],
    ).fetchone()
    if last:
        return _stored(connection, suite, partition, partition)
    if state.of_no_rows is None:
        return None
    other = connection.execute(
        "SELECT partition_key FROM ops.audits WHERE suite = ? AND state = ?"
        " ORDER BY confirmed_at DESC LIMIT 1",
        [suite.name, state.of_no_rows],
    ).fetchone()
    return _stored(connection, suite, partition, other[0]) if other else None


def _stored(
    connection: DuckDBPyConnection, suite: Suite, partition: date | None, origin: date | None
) -> list[CheckResult] | None:
    rows = connection.execute(
        """
        SELECT
            check_name, success, observed, element_count, unexpected_count, failing_keys,
            failing_query, samples, error, checked_at
        FROM ops.quality_results
        WHERE
            asset_key = ? AND partition_key IS NOT DISTINCT FROM ?
            AND list_contains(?, check_name)
        QUALIFY row_number() OVER (PARTITION BY check_name ORDER BY checked_at DESC) = 1
        """,
        [suite.asset, origin, [check.name for check in suite.checks]],
    ).fetchall()
    by_name: dict[str, tuple[Any, ...]] = {row[0]: row for row in rows}
    if len(by_name) < len(suite.checks) or any(row[8] for row in rows):
        return None
    here = origin == partition
    results = []
    for check in suite.checks:
        _, success, observed, elements, unexpected, keys, query, samples, _, at = by_name[
            check.name
        ]
        shown = query if here or not check.query else suite.rule_sql(check, partition)
        results.append(
            CheckResult(
                check,
                partition,
                success,
                json.loads(observed) if observed else None,
                elements,
                unexpected,
                tuple(keys or ()),
                sql=shown,
                samples=tuple(json.loads(samples)) if samples else (),
                checked_at=at if here else None,
                carried=here,
            )
        )
    return results


def note_audit(
    connection: DuckDBPyConnection,
    suite: Suite,
    partition: date | None,
    state: State | None,
    *,
    run_id: str,
    begun: datetime,
    seconds: float | None,
    is_carried: bool,
) -> None:
    """Notes what was audited, or that it is as it was when it was audited last.

    ``begun``: when the state was read. ``seconds``: what the rules took; None where they were not
    run.
    """
    mine = "WHERE suite = ? AND partition_key IS NOT DISTINCT FROM ?"
    if is_carried:
        connection.execute(
            f"UPDATE ops.audits SET confirmed_at = ? {mine}",  # noqa: S608  # a constant
            [begun, suite.name, partition],
        )
        return
    connection.execute(f"DELETE FROM ops.audits {mine}", [suite.name, partition])  # noqa: S608
    row = {
        "asset_key": suite.asset,
        "suite": suite.name,
        "partition_key": partition,
        "state": state.key if state else "unknown",
        "audited_at": begun,
        "confirmed_at": begun,
        "seconds": seconds,
        "run_id": run_id,
    }
    insert_rows(connection, "ops.audits", [row])
