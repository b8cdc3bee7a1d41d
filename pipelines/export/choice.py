"""Which tables are exported, in which order of rows, and which of their columns are text."""

from __future__ import annotations

import csv
import functools
from typing import TYPE_CHECKING

from pipelines.export.records import DATA, Column, ExportError, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNEXPORTED = frozenset({"staging", "search", "information_schema", "pg_catalog"})
"""Schemas that are not handed on: work in progress, and indices that hold the texts' words."""

_ENTITY_COLUMNS = ("entity_id", "left_id", "right_id", "with_id", "old_id", "any_id")

_DESCRIBE = (
    "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns()"
    " WHERE database_name = current_database() AND schema_name = ? AND table_name = ?"
    " ORDER BY column_index"
)
_FIND = (
    "SELECT schema_name, table_name, comment, 'table' FROM duckdb_tables()"
    " WHERE database_name = current_database() AND NOT internal AND NOT temporary"
    " UNION ALL SELECT schema_name, view_name, comment, 'view' FROM duckdb_views()"
    " WHERE database_name = current_database() AND NOT internal AND NOT temporary"
)


@functools.cache
def declared() -> dict[str, dict[str, str]]:
    """The rows of ``data/tables.csv`` by table."""
    with (DATA / "tables.csv").open(encoding="utf-8", newline="") as file:
        return {row["table"]: row for row in csv.DictReader(file)}


@functools.cache
def column_kinds() -> dict[str, str]:
    """``text`` or ``fact`` by column, as ``data/columns.csv`` judges them.

    A key is the name of a column in any table (``headline``) or in one (``ops.quarantine.detail``).
    """
    with (DATA / "columns.csv").open(encoding="utf-8", newline="") as file:
        return {row["column"]: row["kind"] for row in csv.DictReader(file)}


def default_tables() -> tuple[str, ...]:
    """Tables that an export holds where none are named."""
    return tuple(name for name, row in declared().items() if row["is_default"] == "yes")


def chosen_tables(connection: DuckDBPyConnection, names: tuple[str, ...]) -> list[Table]:
    """The tables of these names, or the default ones, as the snapshot has them.

    A default table that an older snapshot lacks is left out. Raises ExportError for an unknown
    name.
    """
    there = {
        (name if schema == "main" else f"{schema}.{name}"): (schema, name, comment or "", kind)
        for schema, name, comment, kind in connection.execute(_FIND).fetchall()
        if schema not in UNEXPORTED and not schema.startswith("fts_")
    }
    wanted = dict.fromkeys(name.removeprefix("main.") for name in names or default_tables())
    unknown = [name for name in wanted if name not in there]
    if names and unknown:
        raise ExportError(
            f"--tables: {', '.join(unknown)}: no such table or view to export; newsledger describe"
            " lists them (staging and search are not handed on)"
        )
    return [_table(connection, name, *there[name]) for name in wanted if name in there]


def _table(
    connection: DuckDBPyConnection, full_name: str, schema: str, name: str, comment: str, kind: str
) -> Table:
    row = declared().get(full_name, {})
    rows = connection.execute(_DESCRIBE, [schema, name]).fetchall()
    names = {column for column, *_ in rows}
    by_article = "article_id" in names
    base = row.get("base") or full_name
    # A plain view says no more of its columns than their names: its table describes them.
    described = _descriptions(connection, base) if kind == "view" else {}
    columns = tuple(
        Column(
            name=column,
            data_type=data_type,
            description=said or described.get(column, ""),
            is_nullable=bool(nullable)
            or _is_text(full_name, column, data_type, by_article=by_article),
            is_text=_is_text(full_name, column, data_type, by_article=by_article),
        )
        for column, data_type, nullable, said in rows
    )
    return Table(
        name=full_name,
        kind=kind,
        description=comment,
        columns=columns,
        key=tuple(row.get("key", "").split()),
        is_keyed=row.get("is_unique") == "yes",
        base=base,
        condition=row.get("condition", ""),
        references=_references(row.get("references", "")),
        by_article=by_article,
        by_capture=by_article and "fetch_id" in names,
        entity_columns=() if by_article else tuple(c for c in _ENTITY_COLUMNS if c in names),
        has_day=any(c.name == "day" and c.data_type == "DATE" for c in columns),
    )


def _descriptions(connection: DuckDBPyConnection, table: str) -> dict[str, str]:
    schema, _, name = table.rpartition(".")
    rows = connection.execute(_DESCRIBE, [schema or "main", name]).fetchall()
    return {column: said or "" for column, _, _, said in rows}


def _is_text(table: str, column: str, data_type: str, *, by_article: bool) -> bool:
    """True for expression. What tells of articles in words that nobody judged counts as text."""
    kinds = column_kinds()
    kind = kinds.get(f"{table}.{column}") or kinds.get(column)
    return kind == "text" or (kind is None and by_article and "VARCHAR" in data_type)


def _references(
    declared_keys: str,
) -> tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]:
    """``article_id,version=article_versions.article_id,version`` as columns, table, columns."""
    found = []
    for key in declared_keys.split():
        ours, _, theirs = key.partition("=")
        table, _, columns = theirs.partition(".")
        found.append((tuple(ours.split(",")), table, tuple(columns.split(","))))
    return tuple(found)
