"""Descriptions of tables and columns as text, JSON and Markdown."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipelines.describe import (
    SCHEMAS,
    Catalogue,
    Field,
    Table,
    checks_on,
    examples,
    origins,
)
from pipelines.printable import printable
from pipelines.warehouse.result_table import markdown_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WIDTH = 100
"""Columns that words are folded at where the output is no terminal."""


def list_lines(catalogue: Catalogue, width: int = WIDTH) -> Iterator[str]:
    """All tables and views, by schema, with what one row is."""
    for schema, tables in itertools.groupby(catalogue.values(), key=lambda t: t.schema):
        yield f"{schema}: {SCHEMAS.get(schema, 'tables')}"
        group = list(tables)
        wide = max(len(table.name) for table in group)
        for table in group:
            yield from _hung(f"  {table.name:{wide}}  ", table.description, width)
        yield ""
    yield "newsledger describe TABLE lists its columns; TABLE.COLUMN says all of one."


def table_lines(table: Table, width: int = WIDTH) -> Iterator[str]:
    """One table with its columns, and the checks that look at it."""
    yield from _hung(f"{table.name} ({table.kind})  ", table.description, width, indent=2)
    yield ""
    name_wide = max(len(f.name) for f in table.columns)
    type_wide = min(max(len(_type(f)) for f in table.columns), 24)
    for field in table.columns:
        begin = f"  {field.name:{name_wide}}  {_type(field):{type_wide}}  "
        yield from _hung(begin, field.description, width, indent=name_wide + type_wide + 6)
    checks = checks_on(table.name)
    if checks:
        yield ""
        yield from _hung("checks  ", ", ".join(c.name for c in checks), width)


def field_lines(
    field: Field, connection: DuckDBPyConnection | None, width: int = WIDTH
) -> Iterator[str]:
    """All that is known of one column."""
    yield f"{field.table}.{field.name}"
    yield from _hung("  meaning   ", field.description, width)
    yield f"  type      {field.data_type}{_nullability(field)}"
    sources = origins(field)
    if sources:
        yield from _hung("  from      ", ", ".join(sources), width)
    for check in checks_on(field.table, field.name):
        text = f"{check.name} ({check.severity}): {check.description}"
        yield from _hung("  check     ", text, width)
    if connection is not None:
        found = examples(connection, field)
        yield from _hung("  examples  ", " | ".join(found) or "none in this snapshot", width)


def fields_lines(fields: list[Field], width: int = WIDTH) -> Iterator[str]:
    """The columns of one name, in whatever table."""
    wide = max(len(f"{f.table}.{f.name}") for f in fields)
    type_wide = max(len(f.data_type) for f in fields)
    for f in fields:
        begin = f"{f'{f.table}.{f.name}':{wide}}  {f.data_type:{type_wide}}  "
        yield from _hung(begin, f.description, width)


def _type(field: Field) -> str:
    return f"{field.data_type} NOT NULL" if field.is_nullable is False else field.data_type


def _nullability(field: Field) -> str:
    return {True: ", may be NULL", False: ", never NULL", None: ""}[field.is_nullable]


def _hung(begin: str, words: str, width: int, indent: int | None = None) -> list[str]:
    """Words after a beginning, folded so that the lines hang below their first one."""
    hang = " " * (len(begin) if indent is None else indent)
    if width - len(hang) < 30:
        hang = "    "
    text = printable(words) or "(no description)"
    return textwrap.wrap(
        f"{begin}{text}",
        max(width, 30),
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
        replace_whitespace=False,
    )


def table_record(table: Table, *, with_columns: bool) -> dict[str, Any]:
    """One table as JSON has it."""
    record: dict[str, Any] = {
        "table": table.name,
        "schema": table.schema,
        "kind": table.kind,
        "one_row_is": table.description,
    }
    if with_columns:
        record["columns"] = [field_record(field, None) for field in table.columns]
        record["checks"] = [check.name for check in checks_on(table.name)]
    return record


def field_record(field: Field, connection: DuckDBPyConnection | None) -> dict[str, Any]:
    """One column as JSON has it; examples where there is a snapshot."""
    record: dict[str, Any] = {
        "table": field.table,
        "column": field.name,
        "type": field.data_type,
        "nullable": field.is_nullable,
        "description": field.description,
        "from": origins(field),
        "checks": [
            {"check": c.name, "severity": c.severity, "description": c.description}
            for c in checks_on(field.table, field.name)
        ],
    }
    if connection is not None:
        record["examples"] = examples(connection, field)
    return record


def markdown_page(catalogue: Catalogue) -> Iterator[str]:
    """The dictionary as a page: each schema, each table with an anchor, each column."""
    yield "# Dictionary"
    yield ""
    yield (
        "Every table, view and column of the warehouse. This page is made from the comments in"
        " `sql/schema` and `sql/marts`; do not edit it: `newsledger describe --format markdown >"
        " docs/dictionary.md` writes it anew. In the warehouse itself the same is in"
        " `mart.data_dictionary`, and on the command line `newsledger describe TABLE.COLUMN` adds"
        " checks, origins and example values."
    )
    for schema, tables in itertools.groupby(catalogue.values(), key=lambda t: t.schema):
        yield ""
        yield f"## Schema {schema}"
        yield ""
        yield f"{SCHEMAS.get(schema, 'Tables')}."
        for table in tables:
            yield ""
            yield from markdown_table(table, level=3)


def markdown_table(table: Table, level: int = 1) -> Iterator[str]:
    """One table as a section with an anchor."""
    yield f'<a id="{anchor(table)}"></a>'
    yield ""
    yield f"{'#' * level} {markdown_text(table.name)}"
    yield ""
    yield f"{markdown_text(table.description)} ({table.kind.capitalize()}.)"
    yield ""
    yield from markdown_fields(list(table.columns))


def markdown_fields(fields: list[Field]) -> Iterator[str]:
    """Columns as rows of a Markdown table."""
    several = len({field.table for field in fields}) > 1
    yield "| column | type | what it holds |"
    yield "| --- | --- | --- |"
    for field in fields:
        name = f"{field.table}.{field.name}" if several else field.name
        yield f"| `{name}` | `{_type(field)}` | {markdown_text(printable(field.description))} |"


def anchor(table: Table) -> str:
    """The anchor of a table on the page: its name, the dot as a hyphen."""
    return table.name.replace(".", "-")
