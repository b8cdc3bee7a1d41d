"""What the rules of a suite read besides the rows under audit: tables, and which of their columns.

DuckDB's own plan of a rule says it, through views, subqueries and joins. The plan is made with one
optimizer alone, the one that drops columns that nobody reads: the others would leave scans out by
what the tables happen to hold at the time.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from duckdb import DuckDBPyConnection

    from pipelines.quality.suites import Suite

SHAPE = "temp.batch_shape"
"""Stands for the rows under audit while a rule is planned: their columns, and no rows."""
_PLANNED_WITH = "unused_columns"
_FIXED = frozenset({"RANGE", "GENERATE_SERIES", "UNNEST", "REPEAT"})
"""Functions that give the same rows whatever the database holds."""


class UnknownReadError(ValueError):
    """A rule reads what is no table, so that nobody can tell whether it changed."""


def make_shape(connection: DuckDBPyConnection, batch_sql: str) -> list[tuple[str, str]]:
    """Makes the temporary table ``SHAPE`` of a batch; returns its columns with their types."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE batch_shape AS FROM ({batch_sql}) LIMIT 0")
    described = connection.execute(
        f"SELECT column_name, column_type FROM (DESCRIBE {SHAPE})"  # noqa: S608  # a constant
    )
    return described.fetchall()


def tables_read(connection: DuckDBPyConnection, queries: Iterable[str]) -> Mapping[str, set[str]]:
    """Columns that queries read, by table (``mentions``, ``raw.fetches``); ``SHAPE`` left out.

    Raises duckdb.Error for a query that cannot be planned, and UnknownReadError for one that reads
    something else than tables.
    """
    found: dict[str, set[str]] = defaultdict(set)
    with _planned_plainly(connection):
        for query in queries:
            for leaf in _leaves(connection, query):
                info = leaf["extra_info"]
                if name := info.get("Table"):
                    catalog, schema, table = name.split(".")
                    if catalog.strip('"') != "temp":
                        found[table if schema == "main" else f"{schema}.{table}"].update(
                            _projections(info)
                        )
                elif "Function" in info and info["Function"].upper() not in _FIXED:
                    raise UnknownReadError(f"{info['Function']}() is no table")
    return found


def read_on_empty(connection: DuckDBPyConnection, suite: Suite, day: str) -> bool:
    """True where the suite's row rules read tables even if the batch has no row.

    Most don't: what they join to no rows is no rows, which DuckDB sees while it plans.
    """
    empty = f"(SELECT * FROM {SHAPE} WHERE false) AS batch"  # noqa: S608  # a constant
    return any(
        leaf["name"] not in ("EMPTY_RESULT", "DUMMY_SCAN", "COLUMN_DATA_SCAN")
        for query in rules(suite, empty, day)
        for leaf in _leaves(connection, query)
    )


def rules(suite: Suite, batch: str, day: str) -> Iterator[str]:
    """The suite's row rules over ``batch``, a FROM item."""
    for check in suite.checks:
        if check.query:
            yield check.query.replace("{partition}", day).replace("{batch}", batch)


@contextmanager
def _planned_plainly(connection: DuckDBPyConnection) -> Iterator[None]:
    names = connection.execute("SELECT name FROM duckdb_optimizers()").fetchall()
    others = ",".join(name for (name,) in names if name != _PLANNED_WITH)
    connection.execute("SET disabled_optimizers = ?", [others])
    try:
        yield
    finally:
        connection.execute("RESET disabled_optimizers")


def _leaves(connection: DuckDBPyConnection, query: str) -> Iterator[dict[str, Any]]:
    explained = connection.execute(f"EXPLAIN (FORMAT JSON) {query}").fetchall()
    waiting = [node for _, plan in explained for node in json.loads(plan)]
    while waiting:
        node = waiting.pop()
        if children := node.get("children"):
            waiting.extend(children)
        else:
            yield node


def _projections(info: Mapping[str, Any]) -> set[str]:
    """One column is given as text, several as a list, none as an empty text."""
    given = info.get("Projections") or []
    return {given} if isinstance(given, str) else set(given)
