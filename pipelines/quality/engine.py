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
from datetime import date
from pathlib import Path
from typing import Any

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from pipelines.quality.records import LONGEST_VALUE, SAMPLE, CheckResult
from pipelines.quality.suites import MAX_KEYS, QUERY, ROW_RULE, Check, Suite, SuiteError
from pipelines.warehouse.connection import MEMORY_LIMIT, connect


def audit(
    warehouse: Path, suites: Iterable[tuple[Suite, date | None]]
) -> dict[str, tuple[list[CheckResult], float]]:
    """Results of each suite, and the seconds that it took, by its name.

    A suite that cannot be used is a result like any other: every check of it is an error, since
    nothing was checked, and the publish must not go on as if it had been.
    """
    return {suite.name: _timed(warehouse, suite, partition) for suite, partition in suites}


def _timed(
    warehouse: Path, suite: Suite, partition: date | None
) -> tuple[list[CheckResult], float]:
    begun = time.monotonic()
    try:
        results = run_suite(warehouse, suite, partition)
    except SuiteError as error:
        results = [CheckResult(check, partition, False, error=str(error)) for check in suite.checks]
    return results, time.monotonic() - begun


def run_suite(warehouse: Path, suite: Suite, partition: date | None) -> list[CheckResult]:
    """Evaluates every check of a suite on the partition's rows, in the suite's order.

    The warehouse is opened read-only: an audit can change nothing. Raises SuiteError for an
    expectation that Great Expectations does not know or whose arguments it refuses, since it would
    silently leave such an entry out.
    """
    expectations = [_expectation(check) for check in suite.checks]
    with _batch(warehouse, suite, partition) as batch:
        gx_suite = gx.ExpectationSuite(name=suite.name)
        for expectation in expectations:
            gx_suite.add_expectation(expectation)
        if len(gx_suite.expectations) != len(suite.checks):
            raise SuiteError(
                f"expectations/{suite.name}.json: {len(suite.checks)} entries gave"
                f" {len(gx_suite.expectations)} expectations; two of them are the same"
            )
        report = batch.validate(
            gx_suite,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": [suite.key],
                "partial_unexpected_count": 20,
            },
        )
    by_name = {r.expectation_config.meta["check"]: r for r in report.results}
    missing = [check.name for check in suite.checks if check.name not in by_name]
    if missing:
        raise SuiteError(f"expectations/{suite.name}.json: not evaluated: {', '.join(missing)}")
    with connect(warehouse, read_only=True) as connection:
        rows = connection.execute(
            f"SELECT count(*) FROM ({suite.batch_sql(partition)})"  # noqa: S608  # from our JSON
        ).fetchone()
        element_count = rows[0] if rows else 0
        return [
            _result(connection, suite, check, partition, by_name[check.name], element_count)
            for check in suite.checks
        ]


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
    escaped = check.query.replace("{", "{{").replace("}", "}}")
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
def _batch(warehouse: Path, suite: Suite, partition: date | None) -> Iterator[Any]:
    """The partition's rows as a batch: a temporary view on a read-only connection."""
    context = _context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it advises datasource types that do not exist for DuckDB
        source = context.data_sources.add_or_update_sql(
            "warehouse",
            connection_string=f"duckdb:///{warehouse}",
            kwargs={
                "connect_args": {"read_only": True, "config": {"memory_limit": MEMORY_LIMIT}},
            },
        )
        view = _view(suite)
        engines = (source.get_engine(), source.get_execution_engine().engine)
        for engine in engines:
            _prepare(engine, f"CREATE OR REPLACE TEMP VIEW {view} AS {suite.batch_sql(partition)}")
        try:
            asset = source.add_table_asset(suite.name, table_name=view)
            yield asset.add_batch_definition_whole_table("partition").get_batch()
        finally:
            # A pooled connection would keep the file open read-only, and no writer could have it.
            for engine in engines:
                engine.dispose()


def _prepare(engine: Any, view_sql: str) -> None:
    def make_view(connection: Any, _record: Any) -> None:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(view_sql)

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
    return CheckResult(
        check,
        partition,
        success,
        json.loads(json.dumps(observed, default=str)),
        result.get("element_count", element_count),
        count,
        _keys(connection, check, sql) if count and sql else (),
        sql=sql,
        samples=_samples(connection, sql) if count and sql else (),
    )


def _index_sql(
    suite: Suite, check: Check, partition: date | None, result: dict[str, Any]
) -> str | None:
    """Great Expectations' own query for the failing rows, which reads our temporary view.

    That for keys of several columns has a parameter whose value it does not tell.
    """
    if columns := check.kwargs.get("column_list"):
        names = ", ".join(columns)
        return (
            f"SELECT * FROM ({suite.batch_sql(partition)})"  # noqa: S608  # from our JSON
            f" QUALIFY count(*) OVER (PARTITION BY {names}) > 1"
        )
    query = result.get("unexpected_index_query")
    if not query:
        return None
    return f"WITH {_view(suite)} AS ({suite.batch_sql(partition)})\n{query.rstrip().rstrip(';')}"


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
