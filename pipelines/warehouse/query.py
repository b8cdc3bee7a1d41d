"""Read-only queries on the published snapshot: nothing here can write, nothing here can wait."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Sequence
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

_SIMPLE = frozenset({
    "VARCHAR", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
    "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
})  # fmt: skip
"""Types whose values Python, JSON and CSV have alike."""
_SIMPLE_IN_CSV = frozenset({"FLOAT", "DOUBLE", "DATE"})


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

    relation = None
    try:
        for statement in refusals.readable_statements(connection, query):
            relation = connection.sql(statement)
    except duckdb.Error as error:
        raise QueryError(refusals.why_refused(connection, query, error)) from error
    except RuntimeError as error:
        refusals.stopped_or_raise(error)
    return relation


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
    rows = _rows(relation, _text, as_they_are=_SIMPLE | _SIMPLE_IN_CSV)
    if file.isatty():
        # On a terminal nothing of a page may act; a file or a pipe gets the text as it is.
        from pipelines.printable import printable

        writer.writerow([printable(name) for name in relation.columns])
        rows = ([printable(v) if isinstance(v, str) else v for v in row] for row in rows)
    else:
        writer.writerow(relation.columns)
    writer.writerows(rows)


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

    columns = _told_apart(relation.columns)
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    for row in _rows(relation, plain, as_they_are=_SIMPLE):
        yield escaped(encode(dict(zip(columns, row, strict=True))))


def _told_apart(names: Sequence[str]) -> list[str]:
    """Each name once: a second ``n`` becomes ``n_1``, as DuckDB has it in Parquet."""
    found: dict[str, None] = {}
    for name in names:
        tried, number = name, 0
        while tried in found:
            number += 1
            tried = f"{name}_{number}"
        found[tried] = None
    return list(found)


def write_parquet(relation: DuckDBPyRelation, path: Path) -> None:
    """A Parquet file, zstd-compressed."""
    relation.write_parquet(str(path), compression="zstd")


def _rows(
    relation: DuckDBPyRelation, convert: Callable[[Any], Any], *, as_they_are: frozenset[str]
) -> Iterator[Sequence[Any]]:
    """Rows, with the values of the columns of all but some types converted.

    To look at every value would take longer than the query and the writing together.
    """
    columns = [i for i, kind in enumerate(relation.types) if str(kind) not in as_they_are]
    while batch := relation.fetchmany(FETCH):
        for row in batch:
            if columns:
                values = list(row)
                for i in columns:
                    values[i] = convert(values[i])
                yield values
            else:
                yield row


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
    if isinstance(value, float | Decimal):
        # CSV has room for every digit, and for NaN and infinity.
        return value
    simple = plain(value)
    return json.dumps(simple, ensure_ascii=False) if isinstance(simple, list | dict) else simple
