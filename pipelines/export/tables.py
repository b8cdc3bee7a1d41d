"""Tables as Parquet, CSV or JSON lines, a day at a time: memory does not grow with the table."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.export.files import file_of, output
from pipelines.export.records import Column, Options, Table, Written
from pipelines.export.rights import is_text_handed_on

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NO_DAY = "__HIVE_DEFAULT_PARTITION__"
"""Hive's name for the partition of rows without a value."""
_SPREAD = 4
"""A table whose days lie mingled is sorted first; below so many reads of it that costs more."""
_ISO = "'%Y-%m-%dT%H:%M:%S.%fZ'"


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one day, or all of a table without days."""

    day: date | None
    first: int
    last: int
    """Range of row numbers that holds them all, and maybe others."""


def write_table(
    connection: DuckDBPyConnection, table: Table, root: Path, options: Options
) -> Written:
    """Writes a table below ``root`` and counts what was left out.

    Needs ``rights.judge_articles``. Parquet: a folder with a file a day
    (``day=2026-03-01/``), or one file where the table has no day. CSV and JSON
    lines: one file, days in order.
    """
    written = Written(table)
    _count(connection, table, options, written)
    source = _source(connection, table, options)
    try:
        if options.table_format == "parquet":
            _write_parquet(connection, table, source, root, options, written)
        else:
            _write_lines(connection, table, source, root, options, written)
    finally:
        connection.execute("DROP TABLE IF EXISTS sorted_rows")
    written.exported = sum(file.rows for file in written.files)
    return written


def exported_columns(table: Table, options: Options) -> list[Column]:
    """Columns of the files: Parquet has the day in the folder's name, the others as a column."""
    if not table.by_day or options.table_format == "parquet":
        return [c for c in table.columns if not (table.has_day and c.name == "day")]
    if table.has_day:
        return list(table.columns)
    return [*table.columns, day_column()]


def day_column() -> Column:
    """The day of an article's rows."""
    return Column(
        "day",
        "DATE",
        "UTC day of the first capture, of the article or of what became none.",
        False,
        False,
    )


def _count(
    connection: DuckDBPyConnection, table: Table, options: Options, written: Written
) -> None:
    """Rows by what becomes of them."""
    if table.by_article:
        fate = (
            f"CASE WHEN NOT ({_asked(table, options)}) THEN 'outside'"
            f" WHEN {_withheld(table)} THEN 'withheld'"
            f" WHEN NOT {is_text_handed_on(options)} THEN 'without_text' ELSE 'whole' END"
        )
        why = "coalesce(CASE WHEN r.effect = 'open' THEN 'not_asked_for' ELSE r.reason END, '')"
    else:
        # Nobody knows whose the texts of such a table are: none is handed on.
        fate = (
            f"CASE WHEN NOT ({_asked(table, options)}) THEN 'outside'"
            f" WHEN {_withheld(table)} THEN 'withheld' ELSE 'without_text' END"
        )
        why = f"CASE WHEN {_withheld(table)} THEN 'only_withheld' ELSE 'no_article' END"
    rows = connection.execute(
        f"SELECT {fate} AS fate, {why} AS why, count(*) FROM {_joined(table, table.base)}"  # noqa: S608
        f" WHERE {table.condition or 'true'} GROUP BY ALL ORDER BY ALL",
        _days(table, options),
    ).fetchall()
    has_text = any(column.is_text for column in table.columns)
    for what, reason, count in rows:
        if not count:
            continue  # the one row that a grouping by constants gives of an empty table
        written.in_snapshot += count
        if what == "outside":
            written.outside_days += count
        elif what == "withheld":
            written.withheld[reason] = count
        elif what == "without_text" and has_text:
            written.without_text[reason or "no_article"] = count


def _days(table: Table, options: Options) -> dict[str, date]:
    """The parameters of ``_asked``."""
    if not table.by_day:
        return {}
    named = {"since": options.since, "until": options.until}
    return {name: day for name, day in named.items() if day is not None}


def _asked(table: Table, options: Options) -> str:
    """SQL: true for rows of the days that were asked for; tables without days are whole."""
    if not table.by_day:
        return "true"
    tests = [
        test
        for test, day in ((">= $since", options.since), ("<= $until", options.until))
        if day is not None
    ]
    return " AND ".join(f"coalesce({_day(table)} {test}, false)" for test in tests) or "true"


def _day(table: Table) -> str:
    return 't."day"' if table.has_day else "r.day"


def _joined(table: Table, source: str) -> str:
    if not table.by_article:
        return f"{source} AS t"
    key = "coalesce(t.article_id, t.fetch_id)" if table.by_capture else "t.article_id"
    return f"{source} AS t LEFT JOIN article_rights AS r ON {key} = r.article_id"


def _withheld(table: Table) -> str:
    """SQL: true for rows of which nothing is handed on."""
    if table.by_article:
        return "coalesce(r.effect = 'row', false)"
    tests = [
        f't."{column}" IN (SELECT entity_id FROM withheld_entities)'  # noqa: S608
        for column in table.entity_columns
    ]
    if {"entity_id", "name", "name_kind"} <= {column.name for column in table.columns}:
        tests.append("(t.entity_id, t.name) IN (SELECT (entity_id, name) FROM withheld_names)")
    # An id that is not there is none that is withheld.
    return f"coalesce({' OR '.join(tests)}, false)" if tests else "false"


def _source(connection: DuckDBPyConnection, table: Table, options: Options) -> str:
    """What to read slices from: the table, or a sorted copy of what has no row numbers in order."""
    if not table.by_day:
        return table.base
    if table.kind == "table" or table.base != table.name:
        ranges, rows = 0, 0
        for piece, count in slices(connection, table, table.base, options):
            ranges += piece.last - piece.first + 1
            rows += count
        if ranges <= _SPREAD * rows + 1_000_000:
            return table.base
    connection.execute(
        f"CREATE TEMP TABLE sorted_rows AS SELECT t.* FROM {_joined(table, table.base)}"  # noqa: S608
        f" WHERE ({table.condition or 'true'}) AND {_asked(table, options)} ORDER BY {_day(table)}",
        _days(table, options),
    )
    return "sorted_rows"


def slices(
    connection: DuckDBPyConnection, table: Table, source: str, options: Options
) -> Iterator[tuple[Slice, int]]:
    """The days of a table that have rows to export, each with the row numbers that hold them.

    ``source`` is the table's base, or a sorted copy of it. Beside each slice stands its row count.
    """
    kept = f"AND NOT {_withheld(table)}"
    condition = table.condition if source == table.base and table.condition else "true"
    yield from (
        (Slice(day, first, last), count)
        for day, first, last, count in connection.execute(
            f"SELECT {_day(table)} AS the_day, min(t.rowid), max(t.rowid), count(*)"  # noqa: S608
            f" FROM {_joined(table, source)}"
            f" WHERE ({condition}) AND {_asked(table, options)} {kept}"
            " GROUP BY the_day ORDER BY the_day NULLS LAST",
            _days(table, options),
        ).fetchall()
    )


def _write_parquet(
    connection: DuckDBPyConnection,
    table: Table,
    source: str,
    root: Path,
    options: Options,
    written: Written,
) -> None:
    how = "(FORMAT parquet, COMPRESSION zstd)"
    if not table.by_day:
        path = root / f"{table.name}.parquet"
        rows = _copy(connection, table, source, None, path, how, options)
        written.files.append(file_of(root, path, rows))
        return
    for piece, _ in slices(connection, table, source, options):
        name = NO_DAY if piece.day is None else piece.day.isoformat()
        path = root / table.name / f"day={name}" / "part-0.parquet"
        path.parent.mkdir(parents=True)
        rows = _copy(connection, table, source, piece, path, how, options)
        written.files.append(file_of(root, path, rows))
    if not written.files:
        # No day has rows: a file without any tells the columns.
        path = root / f"{table.name}.parquet"
        nothing = Slice(None, -1, -1)
        rows = _copy(connection, table, source, nothing, path, how, options)
        written.files.append(file_of(root, path, rows))


def _write_lines(
    connection: DuckDBPyConnection,
    table: Table,
    source: str,
    root: Path,
    options: Options,
    written: Written,
) -> None:
    is_csv = options.table_format == "csv"
    how = "(FORMAT csv, HEADER false)" if is_csv else "(FORMAT json)"
    target = root / f"{table.name}.{options.table_format}{'.gz' if options.gzip else ''}"
    piece_file = root / ".piece"
    pieces: list[Slice | None] = [None]
    if table.by_day:
        pieces = [piece for piece, _ in slices(connection, table, source, options)]
    rows = 0
    with output(target, compressed=options.gzip) as file:
        if is_csv:
            names = (column.name for column in exported_columns(table, options))
            file.write(",".join(names).encode() + b"\n")
        for piece in pieces:
            rows += _copy(connection, table, source, piece, piece_file, how, options)
            with piece_file.open("rb") as part:
                shutil.copyfileobj(part, file, 1 << 20)
            piece_file.unlink()
    written.files.append(file_of(root, target, rows))


def _copy(
    connection: DuckDBPyConnection,
    table: Table,
    source: str,
    piece: Slice | None,
    path: Path,
    how: str,
    options: Options,
) -> int:
    """Writes the rows of a slice in order; how many."""
    tests, values = ["true"], {}
    if source == table.base and table.condition:
        tests.append(f"({table.condition})")
    tests.append(f"NOT {_withheld(table)}")
    if piece is not None:
        tests.append("t.rowid BETWEEN $first AND $last")
        tests.append(f"{_day(table)} IS NOT DISTINCT FROM $day::DATE")
        values = {"first": piece.first, "last": piece.last, "day": piece.day}
    order = ", ".join(f't."{name}"' for name in _order(table))
    quoted = str(path).replace("'", "''")
    row = connection.execute(
        f"COPY (SELECT {_selected(table, options)} FROM {_joined(table, source)}"  # noqa: S608
        f" WHERE {' AND '.join(tests)} ORDER BY {order}) TO '{quoted}' {how}",
        values,
    ).fetchone()
    return int(row[0]) if row else 0


def _order(table: Table) -> list[str]:
    """Columns that leave no two different rows in chance's order."""
    if table.is_keyed:
        return list(table.key)
    return list(dict.fromkeys([*table.key, *(column.name for column in table.columns)]))


def _selected(table: Table, options: Options) -> str:
    handed_on = is_text_handed_on(options) if table.by_article else "false"
    parts = []
    for column in exported_columns(table, options):
        name = f't."{column.name}"'
        if column.name == "day" and not table.has_day:
            name = "r.day"
        value = _value(name, column.data_type, options.table_format)
        if column.is_text:
            value = f"CASE WHEN {handed_on} THEN {value} END"
        parts.append(f'{value} AS "{column.name}"')
    return ", ".join(parts)


def _value(name: str, data_type: str, table_format: str) -> str:
    """SQL of a column's value as the format has it."""
    if data_type == "HUGEINT":
        # Parquet has no such type; DuckDB would write a floating point number.
        return f"{name}::DECIMAL(38, 0)"
    if data_type == "INTERVAL":
        # A type of Parquet's that few readers know.
        return f"{name}::VARCHAR"
    if table_format == "parquet":
        return name
    if data_type == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({name}, {_ISO})"
    if table_format == "csv" and (
        data_type.endswith("]") or data_type.startswith(("STRUCT", "MAP"))
    ):
        return f"to_json({name})::VARCHAR"
    return name
