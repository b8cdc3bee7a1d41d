"""Records into tables, in bulk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duckdb import DuckDBPyConnection


def insert_rows(
    connection: DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]]
) -> int:
    """Inserts rows given as mappings from column to value; absent columns are NULL.

    Values go in as one JSON document that DuckDB unnests by the table's types: ten times faster
    than ``executemany``, without pandas. Returns the number of rows.

    Raises KeyError for a key that is no column of ``table``.
    """
    batch = list(rows)
    if not batch:
        return 0
    described = connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})")  # noqa: S608
    types: dict[str, str] = dict(described.fetchall())
    unknown = {key for row in batch for key in row} - types.keys()
    if unknown:
        raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
    used = [name for name in types if any(name in row for row in batch)]
    document = json.dumps([{name: _plain(row.get(name)) for name in used} for row in batch])
    structure = json.dumps([{name: _json_type(types[name]) for name in used}])
    names = ", ".join(f'"{name}"' for name in used)
    connection.execute(
        f"INSERT INTO {table} ({names}) SELECT {names}"  # noqa: S608  # names of our own schema
        " FROM (SELECT unnest(from_json(?::JSON, ?), recursive := true))",
        [document, structure],
    )
    return len(batch)


def _json_type(data_type: str) -> Any:
    if data_type.endswith("[]"):
        return [data_type.removesuffix("[]")]
    return "TIMESTAMPTZ" if data_type == "TIMESTAMP WITH TIME ZONE" else data_type


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
