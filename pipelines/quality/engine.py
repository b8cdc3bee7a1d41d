"""Runs suites with Great Expectations, pushed down to DuckDB. The only module that imports it.

Importing it costs seconds and 250 MB: import it inside the step that needs it, never at the top of
another module (a test watches this).
"""

from __future__ import annotations

import functools
import json
import logging
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import great_expectations as gx
import sqlalchemy as sa
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from pipelines.quality.records import LONGEST_VALUE, SAMPLE, CheckResult
from pipelines.quality.suites import MAX_KEYS, QUERY, ROW_RULE, Check, Suite, SuiteError
from pipelines.warehouse.connection import MEMORY_LIMIT

UNIQUE = "expect_column_values_to_be_unique"
MEMORY = "250MB"
"""Bound on DuckDB's buffers: with Great Expectations' 250 MB and Python's own an audit stays below
700 MB. A suite that cannot do with it is run once more under the bound of the writers."""


def audit(
    warehouse: Path, suites: Iterable[tuple[Suite, date | None]]
) -> dict[tuple[str, date | None], tuple[list[CheckResult], float]]:
    """Results of each suite and partition, and the seconds that they took, by name and partition.

    A suite that cannot be run is a result like any other: every check of it is an error, since
    nothing was checked, and the publish must not go on as if it had been.
    """
    wanted = {(suite.name, partition): suite for suite, partition in suites}
    found: dict[tuple[str, date | None], tuple[list[CheckResult], float]] = {}
    for memory in (MEMORY, MEMORY_LIMIT):
        with _opened(warehouse, memory) as session:
            found |= {
                (name, day): _timed(session, suite, day) for (name, day), suite in wanted.items()
            }
        wanted = {
            place: wanted[place] for place, (results, _) in found.items() if _lacked_memory(results)
        }
        if not wanted:
            break
    return found


def run_suite(warehouse: Path, suite: Suite, partition: date | None) -> list[CheckResult]:
    """Evaluates every check of a suite on the partition's rows, in the suite's order.

    The warehouse is opened read-only: an audit can change nothing. Raises SuiteError for an
    expectation that Great Expectations does not know or whose arguments it refuses, since it would
    silently leave such an entry out.
    """
    with _opened(warehouse) as session:
        return _run(session, suite, partition)


@dataclass(slots=True)
class _Session:
    """The warehouse, open for one audit."""

    connection: Any
    """DuckDB's own connection; as long as it is open the file stays loaded."""
    source: Any
    """Great Expectations' datasource on the same file."""
    engines: tuple[Any, ...]
    views: dict[str, str]
    """The batch in force: name of its temporary view -> SELECT. A view belongs to a connection."""


def _timed(
    session: _Session, suite: Suite, partition: date | None
) -> tuple[list[CheckResult], float]:
    begun = time.monotonic()
    try:
        results = _run(session, suite, partition)
    except Exception as error:  # noqa: BLE001  # whatever a suite raises is what came of its checks
        lines = str(error).strip() or type(error).__name__
        results = [CheckResult(check, partition, False, error=lines) for check in suite.checks]
    return results, time.monotonic() - begun


def _lacked_memory(results: Iterable[CheckResult]) -> bool:
    return any(result.error and "Out of Memory" in result.error for result in results)


def _run(session: _Session, suite: Suite, partition: date | None) -> list[CheckResult]:
    expectations = {check.name: _expectation(check) for check in suite.checks}
    with _batch(session, suite, partition) as batch:
        reports = _validated(batch, suite, expectations)
        # A column that is gone breaks the metrics of other columns too, where they are asked for
        # together: each rule that broke is asked for once more, by itself.
        for check in suite.checks:
            if len(expectations) > 1 and _exception(reports[check.name].exception_info):
                reports |= _validated(batch, suite, {check.name: _expectation(check)})
    rows = session.connection.execute(
        f"SELECT count(*) FROM ({suite.batch_sql(partition)})"  # noqa: S608  # from our JSON
    ).fetchone()
    return [
        _evaluated(session.connection, suite, check, partition, reports[check.name], rows[0])
        for check in suite.checks
    ]


def _validated(batch: Any, suite: Suite, expectations: dict[str, Any]) -> dict[str, Any]:
    """Great Expectations' reports, by rule. Raises SuiteError where it left a rule out."""
    gx_suite = gx.ExpectationSuite(name=suite.name)
    for expectation in expectations.values():
        gx_suite.add_expectation(expectation)
    if len(gx_suite.expectations) != len(expectations):
        raise SuiteError(
            f"expectations/{suite.name}.json: {len(expectations)} entries gave"
            f" {len(gx_suite.expectations)} expectations; two of them are the same"
        )
    report = batch.validate(
        gx_suite,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": [suite.key],
            "partial_unexpected_count": SAMPLE,
        },
    )
    reports = {r.expectation_config.meta["check"]: r for r in report.results}
    if missing := sorted(expectations.keys() - reports.keys()):
        raise SuiteError(f"expectations/{suite.name}.json: not evaluated: {', '.join(missing)}")
    return reports


def _expectation(check: Check) -> Any:
    place = f"expectations/{check.suite}.json: check {check.name!r}"
    if check.expectation.startswith("expect_column_values_to_match_"):
        raise SuiteError(f"{place}: {check.expectation} is not supported on DuckDB; use {ROW_RULE}")
    try:
        return ExpectationConfiguration(
            type=check.expectation,
            kwargs=_gx_kwargs(check),
            severity=check.severity,
            description=check.description,
            meta={"check": check.name},
        ).to_domain_obj()
    except Exception as error:
        # Whatever Great Expectations raises here means that the entry cannot be used as written.
        raise SuiteError(f"{place}: {check.expectation}: {error}") from error


def _gx_kwargs(check: Check) -> dict[str, Any]:
    """Arguments as Great Expectations takes them: it formats queries and names the batch itself."""
    if check.query is None:
        return dict(check.kwargs)
    # Only keys are fetched: a rule that every row breaks would else load the whole table.
    narrowed = f"SELECT {check.key} FROM (\n{check.query}\n) AS failing"  # noqa: S608
    escaped = narrowed.replace("{", "{{").replace("}", "}}")
    query = escaped.replace("{{batch}}", "(SELECT * FROM {batch}) AS batch")
    return {**check.kwargs, QUERY: query}


@functools.cache
def _context() -> Any:
    """One ephemeral context a process: making one costs as much as a small suite."""
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


@contextmanager
def _opened(warehouse: Path, memory: str = MEMORY) -> Iterator[_Session]:
    """One datasource for all suites of an audit, on a read-only connection."""
    context = _context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it advises datasource types that do not exist for DuckDB
        source = context.data_sources.add_or_update_sql(
            "warehouse",
            connection_string=f"duckdb:///{warehouse}",
            kwargs={"connect_args": {"read_only": True, "config": {"memory_limit": memory}}},
        )
        engines = (source.get_engine(), source.get_execution_engine().engine)
        views: dict[str, str] = {}
        for engine in engines:
            _prepare(engine, views)
        # Of the same engine, since DuckDB refuses a second configuration of a file that is open.
        connection = engines[0].raw_connection()
        connection.detach()  # or closing it would only give it back to a pool
        try:
            yield _Session(connection, source, engines, views)
        finally:
            connection.close()
            # A pooled connection would keep the file open read-only, and no writer could have it.
            for engine in engines:
                engine.dispose()


@contextmanager
def _batch(session: _Session, suite: Suite, partition: date | None) -> Iterator[Any]:
    """The partition's rows as a batch: a temporary view of each connection."""
    view = _view(suite)
    session.views.clear()
    session.views[view] = suite.batch_sql(partition)
    for engine in session.engines:
        engine.dispose()  # connections that have the view of the batch before
    asset = session.source.add_table_asset(view, table_name=view)
    try:
        yield asset.get_batch(asset.build_batch_request())
    finally:
        session.source.delete_asset(view)


def _prepare(engine: Any, views: dict[str, str]) -> None:
    def make_view(connection: Any, _record: Any) -> None:
        connection.execute("SET TimeZone = 'UTC'")
        for name, query in views.items():
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")

    def buffer_result(
        _connection: Any, cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any
    ) -> None:
        # Great Expectations reads results after its connection went back to the pool, where DuckDB
        # has dropped them ("list index out of range"): so they are read at once.
        if cursor.description is not None:
            context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                cursor, cursor.description, cursor.fetchall()
            )

    sa.event.listen(engine, "connect", make_view)
    sa.event.listen(engine, "after_cursor_execute", buffer_result)
    engine.dispose()  # connections made before the listeners were there


def _evaluated(
    connection: Any, suite: Suite, check: Check, partition: date | None, report: Any, rows: int
) -> CheckResult:
    """A check's result; what cannot be had of it (a key that is no column) makes it an error."""
    try:
        return _result(connection, suite, check, partition, report, rows)
    except duckdb.Error as error:
        return CheckResult(check, partition, False, error=str(error))


def _result(
    connection: Any,
    suite: Suite,
    check: Check,
    partition: date | None,
    report: Any,
    element_count: int,
) -> CheckResult:
    sql = suite.rule_sql(check, partition) if check.query else None
    if error := _exception(report.exception_info):
        return CheckResult(check, partition, False, error=error, sql=sql)
    result = dict(report.result)
    if check.query:
        count: int | None = int(result["observed_value"])
        observed: Any = count
        success = count == 0
    else:
        success = bool(report.success)
        count = result.get("unexpected_count")
        observed = result.get("observed_value")
        if observed is None:
            observed = {k: result[k] for k in ("unexpected_percent",) if k in result}
        sql = _index_sql(suite, check, partition, result) if count else None
    shows = bool(count and sql and not success)
    return CheckResult(
        check,
        partition,
        success,
        json.loads(json.dumps(observed, default=str)),
        result.get("element_count", element_count),
        count,
        _keys(connection, check, sql) if shows else (),
        sql=sql,
        samples=_samples(connection, sql) if shows else (),
    )


def _index_sql(
    suite: Suite, check: Check, partition: date | None, result: dict[str, Any]
) -> str | None:
    """A query for the failing rows of a column rule that runs on a plain connection.

    It is Great Expectations' own, with our temporary view in it, but for uniqueness: that one has
    parameters whose values it does not tell.
    """
    if columns := _unique_columns(check):
        names = ", ".join(f'"{name}"' for name in columns)
        present = " OR ".join(f'"{name}" IS NOT NULL' for name in columns)
        return (
            f"SELECT * FROM ({suite.batch_sql(partition)}) WHERE {present}"  # noqa: S608  # our JSON
            f" QUALIFY count(*) OVER (PARTITION BY {names}) > 1"
        )
    query = result.get("unexpected_index_query")
    if not query:
        return None
    return f"WITH {_view(suite)} AS ({suite.batch_sql(partition)})\n{query.rstrip().rstrip(';')}"


def _unique_columns(check: Check) -> list[str]:
    if check.expectation == "expect_compound_columns_to_be_unique":
        return list(check.kwargs["column_list"])
    return [check.kwargs["column"]] if check.expectation == UNIQUE else []


def _view(suite: Suite) -> str:
    return f"batch_of_{suite.name}"


def _keys(connection: Any, check: Check, sql: str | None) -> tuple[str, ...]:
    rows = connection.execute(
        f"SELECT DISTINCT CAST({check.key} AS VARCHAR) AS key FROM ({sql})"  # noqa: S608
        f" ORDER BY key LIMIT {MAX_KEYS}"
    ).fetchall()
    return tuple(key for (key,) in rows)


def _samples(connection: Any, sql: str | None) -> tuple[dict[str, str | None], ...]:
    rows = connection.execute(
        f"SELECT left(CAST(COLUMNS(*) AS VARCHAR), {LONGEST_VALUE}) FROM ({sql})"  # noqa: S608
        f" ORDER BY ALL LIMIT {SAMPLE}"
    )
    names = [column[0] for column in rows.description]
    return tuple(dict(zip(names, row, strict=True)) for row in rows.fetchall())


def _exception(info: Any) -> str | None:
    """The message of what a rule raised: Great Expectations reports it flat or metric by metric."""
    if not info:
        return None
    for entry in [info, *(v for v in info.values() if isinstance(v, dict))]:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message") or "raised without a message").strip()
    return None
