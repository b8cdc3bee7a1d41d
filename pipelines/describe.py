"""What tables and columns hold: of a snapshot, or as declared where there is none."""

from __future__ import annotations

import difflib
import functools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines import project

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.quality.suites import Check

SCHEMAS = {
    "main": "For analysts: articles, their parts, entities and mentions",
    "mart": "For analysts: ready-made views, and the star for BI tools",
    "raw": "What was captured, as it arrived",
    "ops": "What the pipeline did: runs, checks, quarantine, decisions",
    "rollups": "Counts that marts read, kept day by day",
    "search": "The index of words behind newsledger search",
    "staging": "Work in progress of one run; empty in a snapshot",
}
"""Schemas in the order in which they are shown, with what is in them."""

ASSET_TABLES = {
    "fetches": "raw.fetches",
    "extracted_articles": "staging.articles",
    "articles": "article_versions",
    "mentions": "mentions",
    "entities": "entities",
}
"""The table of each asset that sql/lineage.json has."""

SAME_COLUMNS = {"articles": "article_versions"}
"""Views that have the columns of one table as they are."""

EXAMPLES, SAMPLED = 5, 10_000
"""Example values of a column, and the rows that they are looked for in."""


class UnknownNameError(LookupError):
    """No table or column has that name; the message gives the nearest."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column; ``is_nullable`` is None in a view, whose columns do not say."""

    table: str
    name: str
    data_type: str
    is_nullable: bool | None
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table or view; ``description`` says what one row is."""

    name: str
    kind: str
    description: str
    columns: tuple[Field, ...]

    @property
    def schema(self) -> str:
        """The schema that it lies in; queries leave main out."""
        return self.name.partition(".")[0] if "." in self.name else "main"


Catalogue = dict[str, Table]
"""Tables and views by the name that queries use, in the order in which they are shown."""


def catalogue_of(connection: DuckDBPyConnection) -> Catalogue:
    """What is in an open file."""
    found: dict[str, tuple[str, str, list[Field]]] = {}
    rows = connection.execute(project.sql_text("load/catalogue_of_file.sql")).fetchall()
    for table, kind, one_row_is, name, data_type, nullable, description in rows:
        fields = found.setdefault(table, (kind, one_row_is, []))[2]
        fields.append(Field(table, name, data_type, nullable, description))
    tables = [Table(name, kind, text, tuple(fs)) for name, (kind, text, fs) in found.items()]
    order = list(SCHEMAS)
    tables.sort(key=lambda t: order.index(t.schema) if t.schema in order else len(order))
    return {table.name: table for table in tables}


@functools.cache
def declared_catalogue() -> Catalogue:
    """What sql/schema and sql/marts declare."""
    from pipelines.warehouse.schema import declared_database

    with declared_database() as connection:
        return catalogue_of(connection)


def find(catalogue: Catalogue, name: str) -> Table | Field | list[Field]:
    """What a name stands for: a table, a column as TABLE.COLUMN, or all columns of that name.

    Raises UnknownNameError, with the nearest names.
    """
    wanted = name.strip().rstrip(";").replace('"', "").lower().removeprefix("main.")
    by_name = {known.lower(): table for known, table in catalogue.items()}
    if wanted in by_name:
        return by_name[wanted]
    bare = [t for t in catalogue.values() if t.name.rpartition(".")[2].lower() == wanted]
    if len(bare) == 1:
        return bare[0]
    fields = [f for t in catalogue.values() for f in t.columns if f.name.lower() == wanted]
    if fields:
        return fields
    if bare:
        names = " or ".join(table.name for table in bare)
        raise UnknownNameError(f"{name}: say which: {names}")
    before, dot, column = wanted.rpartition(".")
    table = by_name.get(before) or next(
        (t for t in catalogue.values() if dot and t.name.rpartition(".")[2].lower() == before), None
    )
    if table is not None:
        for field in table.columns:
            if field.name.lower() == column:
                return field
        near = nearest(column, (f.name for f in table.columns))
        hint = near or f"newsledger describe {table.name} lists its columns"
        raise UnknownNameError(f"{table.name} has no column {column}; {hint}")
    hint = nearest(wanted, _all_names(catalogue)) or "newsledger describe lists the tables"
    raise UnknownNameError(f"there is no table or column {name}; {hint}")


def _all_names(catalogue: Catalogue) -> list[str]:
    names = {*catalogue, *(name.rpartition(".")[2] for name in catalogue)}
    return [*sorted(names), *sorted({f.name for t in catalogue.values() for f in t.columns})]


def nearest(name: str, known: Iterable[str]) -> str:
    """``did you mean …?`` with the nearest names; empty where none is near."""
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(near)}?" if near else ""


def origins(field: Field) -> list[str]:
    """Columns that a column's values come from, as TABLE.COLUMN; none where they come from outside.

    From sql/lineage.json.
    """
    table = SAME_COLUMNS.get(field.table, field.table)
    asset = next((a for a, t in ASSET_TABLES.items() if t == table), None)
    sources = _lineage().get(asset or "", {}).get(field.name, [])
    return [f"{ASSET_TABLES.get(asset, asset)}.{column}" for asset, column in sources]


@functools.cache
def _lineage() -> dict[str, dict[str, list[tuple[str, str]]]]:
    text = (project.ROOT / "sql" / "lineage.json").read_text(encoding="utf-8")
    lineage: dict[str, dict[str, list[tuple[str, str]]]] = json.loads(text)
    return lineage


def checks_on(table: str, column: str | None = None) -> list[Check]:
    """The declared checks that look at a table, or at a column of it; in the suites' order."""
    from pipelines.quality.suites import load_suites

    wanted = SAME_COLUMNS.get(table, table)
    return [
        check
        for suite in load_suites()
        for check in suite.checks
        if check.table == wanted and (column is None or _looks_at(check, column))
    ]


def _looks_at(check: Check, column: str) -> bool:
    kwargs = check.kwargs
    if column in (kwargs.get("column"), kwargs.get("column_A"), kwargs.get("column_B")):
        return True
    if column in (kwargs.get("column_list") or ()):
        return True
    query = str(kwargs.get("unexpected_rows_query", ""))
    # Qualified with another table's name it is another table's column.
    return any(
        match[1] in (None, "batch.")
        for match in re.finditer(rf"(?<![\w.])(\w+\.)?{re.escape(column)}\b", query)
    )


def examples(connection: DuckDBPyConnection, field: Field) -> list[str]:
    """The values that are most frequent among the first rows, as text, safe to show and clipped."""
    import duckdb

    from pipelines.warehouse.result_table import cell, clipped

    table = ".".join(f'"{part}"' for part in field.table.split("."))
    column = '"' + field.name.replace('"', '""') + '"'
    try:
        rows = connection.execute(
            f"SELECT v FROM (SELECT {column} AS v FROM {table} LIMIT {SAMPLED})"  # noqa: S608  # names of the catalogue
            f" WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT {EXAMPLES}"
        ).fetchall()
    except duckdb.Error:
        # A view of an older file may no longer bind; its description stands without examples.
        return []
    return [clipped(cell(value), 60) for (value,) in rows]
