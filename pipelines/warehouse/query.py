"""Read-only queries on the published snapshot: nothing here can write, nothing here can wait."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

FETCH = 1000
"""Rows read at a time, so that a large result is written in bounded memory."""


class SnapshotError(RuntimeError):
    """The snapshot cannot be opened; the message says what to do."""


class QueryError(ValueError):
    """A query that DuckDB refuses; the message is DuckDB's."""


@contextmanager
def snapshot(path: Path, *, may_write: Path | None = None) -> Iterator[DuckDBPyConnection]:
    """The published file, read-only, without access to anything outside it.

    ``may_write`` names the one file that a query may be exported to. Raises SnapshotError.
    """
    import duckdb

    if not path.exists():
        raise SnapshotError(
            f"{path}: nothing is published yet; newsledger run makes the first snapshot"
        )
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise SnapshotError(f"{path}: {_first_line(error)}") from error
    try:
        connection.execute("SET TimeZone = 'UTC'")
        if may_write is not None:
            quoted = str(may_write).replace("'", "''")
            connection.execute(f"SET allowed_paths = ['{quoted}']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def run_query(connection: DuckDBPyConnection, query: str) -> DuckDBPyRelation | None:
    """The result of one query or of the last of several. None where it gives no rows.

    Raises QueryError.
    """
    import duckdb

    try:
        return connection.sql(query)
    except duckdb.Error as error:
        raise QueryError(str(error)) from error


def write_table(relation: DuckDBPyRelation, width: int | None, out: Callable[[str], Any]) -> None:
    """An aligned table, as wide as the terminal, or in full where ``width`` is None."""
    import contextlib
    import io

    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        if width is None:
            relation.show(max_width=100_000, max_rows=100_000, max_col_width=1000)
        else:
            relation.show(max_width=width, max_rows=60)
    out(text.getvalue().rstrip() + "\n")


def write_csv(relation: DuckDBPyRelation, file: TextIO) -> None:
    """RFC 4180 with a header line; times in ISO 8601, NULL as an empty field."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(relation.columns)
    for row in _rows(relation):
        writer.writerow([_text(value) for value in row])


def write_json(relation: DuckDBPyRelation, file: TextIO) -> None:
    """One array of objects, an object a line; times in ISO 8601."""
    columns = relation.columns
    file.write("[")
    for number, row in enumerate(_rows(relation)):
        file.write(",\n" if number else "\n")
        record = {name: _plain(value) for name, value in zip(columns, row, strict=True)}
        json.dump(record, file, ensure_ascii=False, allow_nan=False)
    file.write("\n]\n")


def write_parquet(relation: DuckDBPyRelation, path: Path) -> None:
    """A Parquet file, zstd-compressed."""
    relation.write_parquet(str(path), compression="zstd")


def _rows(relation: DuckDBPyRelation) -> Iterator[tuple[Any, ...]]:
    while batch := relation.fetchmany(FETCH):
        yield from batch


def _plain(value: Any) -> Any:
    """A value as JSON has it: no NaN, times as ISO 8601, decimals as numbers."""
    match value:
        case bool() | None | str() | int():
            return value
        case float():
            return value if value - value == 0 else None
        case Decimal():
            return float(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case bytes():
            return value.hex()
        case _:
            return str(value)


def _text(value: Any) -> Any:
    plain = _plain(value)
    return json.dumps(plain, ensure_ascii=False) if isinstance(plain, list | dict) else plain


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["cannot be opened"])[0]
