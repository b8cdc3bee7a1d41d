"""Read-only queries on the published snapshot: nothing here can write, nothing here can wait."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from pipelines.warehouse import refusals
from pipelines.warehouse.refusals import QueryError, SnapshotError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

__all__ = [
    "QueryError",
    "SnapshotError",
    "run_query",
    "snapshot",
    "write_csv",
    "write_json",
    "write_json_lines",
    "write_parquet",
    "write_table",
]

FETCH = 1000
"""Rows read at a time, so that a large result is written in bounded memory."""


@contextmanager
def snapshot(
    path: Path, *, may_write: Path | None = None, with_search: bool = False
) -> Iterator[DuckDBPyConnection]:
    """The published file, read-only, without access to anything outside it.

    ``may_write`` names the one file that a query may be exported to. ``with_search`` loads what
    full text search needs (``warehouse.stemming``). Raises SnapshotError.
    """
    import duckdb

    try:
        there = path.exists()
    except OSError as error:
        raise SnapshotError(f"{path}: {error.strerror or error}") from error
    if not there:
        raise SnapshotError(
            f"{path}: nothing is published yet; newsledger run makes the first snapshot"
        )
    with ExitStack() as stack:
        try:
            connection = duckdb.connect(str(path), read_only=True)
        except duckdb.Error as error:
            raise SnapshotError(refusals.why_not_opened(path, error)) from error
        stack.callback(connection.close)
        # A query that was stopped still has tasks under way, and closing waits for them.
        stack.callback(connection.interrupt)
        connection.execute("SET TimeZone = 'UTC'")
        if not os.access(path.parent, os.W_OK):
            # DuckDB spills beside the file; an analyst may read a folder that they cannot write to.
            from tempfile import TemporaryDirectory

            spill = stack.enter_context(TemporaryDirectory(prefix="newsledger-"))
            quoted = spill.replace("'", "''")
            connection.execute(f"SET temp_directory = '{quoted}'")
        if with_search:
            from pipelines.warehouse.stemming import extension_file, load_stemmer

            load_stemmer(connection, extension=extension_file())
        if may_write is not None:
            quoted = str(may_write).replace("'", "''")
            connection.execute(f"SET allowed_paths = ['{quoted}']")
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection


def run_query(connection: DuckDBPyConnection, query: str) -> DuckDBPyRelation | None:
    """The result of one query or of the last of several. None where it gives no rows.

    Raises QueryError, with what helps: statements that write are refused before anything runs.
    """
    import duckdb

    try:
        statements = connection.extract_statements(query)
        refusals.refuse_writing(statements)
        return connection.sql(query) if statements else None
    except duckdb.Error as error:
        raise QueryError(refusals.why_refused(connection, query, error)) from error
    except RuntimeError as error:
        refusals.stopped_or_raise(error)


def write_table(relation: DuckDBPyRelation, width: int | None, out: Callable[[str], Any]) -> None:
    """An aligned table, as wide as the terminal, or in full where ``width`` is None.

    Raises duckdb.Error where the query fails on the way.
    """
    from pipelines.warehouse.result_table import ON_SCREEN, as_table, read_rows

    rows = read_rows(relation)
    lines = as_table(rows, width=width, at_most=None if width is None else ON_SCREEN)
    out("\n".join(lines) + "\n")


def write_csv(relation: DuckDBPyRelation, file: TextIO) -> None:
    """RFC 4180 with a header line; times in ISO 8601, NULL as an empty field."""
    writer = csv.writer(file, lineterminator="\n")
    safe = _shown_safely(file)
    writer.writerow([safe(name) for name in relation.columns])
    for row in _rows(relation):
        writer.writerow([safe(_text(value)) for value in row])


def _shown_safely(file: TextIO) -> Callable[[Any], Any]:
    """On a terminal nothing of a page may act; a file or a pipe gets the text as it is."""
    if not file.isatty():
        return lambda value: value
    from pipelines.printable import printable

    return lambda value: printable(value) if isinstance(value, str) else value


def write_json(relation: DuckDBPyRelation, file: TextIO) -> None:
    """One array of objects, an object a line; times in ISO 8601."""
    file.write("[")
    for number, line in enumerate(_objects(relation)):
        file.write(",\n" if number else "\n")
        file.write(line)
    file.write("\n]\n")


def write_json_lines(relation: DuckDBPyRelation, file: TextIO) -> None:
    """An object a line, without an array around them; times in ISO 8601."""
    for line in _objects(relation):
        file.write(f"{line}\n")


def _objects(relation: DuckDBPyRelation) -> Iterator[str]:
    from pipelines.printable import escaped

    columns = relation.columns
    for row in _rows(relation):
        record = {name: plain(value) for name, value in zip(columns, row, strict=True)}
        yield escaped(json.dumps(record, ensure_ascii=False, allow_nan=False))


def write_parquet(relation: DuckDBPyRelation, path: Path) -> None:
    """A Parquet file, zstd-compressed."""
    relation.write_parquet(str(path), compression="zstd")


def _rows(relation: DuckDBPyRelation) -> Iterator[tuple[Any, ...]]:
    while batch := relation.fetchmany(FETCH):
        yield from batch


def plain(value: Any) -> Any:
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
            return [plain(item) for item in value]
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case bytes():
            return value.hex()
        case _:
            return str(value)


def _text(value: Any) -> Any:
    simple = plain(value)
    return json.dumps(simple, ensure_ascii=False) if isinstance(simple, list | dict) else simple
