"""The schema as declared in ``sql/schema``: applied, compared, described."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines import project

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class SchemaError(RuntimeError):
    """A table on disk that differs from its declaration in a way that cannot be mended."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as declared."""

    name: str
    data_type: str
    nullable: bool
    description: str


@functools.cache
def _declaration() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in project.sql_files("schema"))


@functools.cache
def declared_tables() -> dict[str, tuple[Column, ...]]:
    """Columns by table (``raw.fetches``; ``mentions`` for those in main), views left out."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(_declaration())
        return _tables(connection)


@contextmanager
def declared_database() -> Iterator[DuckDBPyConnection]:
    """An empty database in memory as sql/schema and sql/marts declare it."""
    import duckdb

    from pipelines.warehouse.marts import make_views

    with duckdb.connect() as connection:
        _make(connection)
        make_views(connection)
        yield connection


@functools.cache
def declared_columns() -> dict[str, tuple[Column, ...]]:
    """The same for tables and views, those of ``sql/marts`` included."""
    with declared_database() as connection:
        return _tables(connection, views=True)


@functools.cache
def declared_comments() -> dict[str, str]:
    """What one row of each declared table or view is, by name."""
    with declared_database() as connection:
        rows = connection.execute(
            "SELECT schema_name, table_name, comment FROM duckdb_tables()"
            " UNION ALL SELECT schema_name, view_name, comment FROM duckdb_views()"
            " WHERE NOT internal"
        ).fetchall()
    return {_qualified(schema, name): comment or "" for schema, name, comment in rows}


def present_columns(connection: DuckDBPyConnection) -> dict[str, tuple[Column, ...]]:
    """The same for the tables and views of an open file."""
    return _tables(connection, views=True)


def _qualified(schema: str, table: str) -> str:
    return table if schema == "main" else f"{schema}.{table}"


def _tables(
    connection: DuckDBPyConnection, *, views: bool = False
) -> dict[str, tuple[Column, ...]]:
    rows = connection.execute(
        """
        SELECT
            c.schema_name, c.table_name, c.column_name, c.data_type, c.is_nullable, c.comment,
            t.table_name IS NULL AS is_view
        FROM duckdb_columns() AS c
        LEFT JOIN duckdb_tables() AS t USING (database_name, schema_name, table_name)
        WHERE NOT c.internal AND c.database_name = current_database()
        ORDER BY c.schema_name, c.table_name, c.column_index
        """
    ).fetchall()
    tables: dict[str, list[Column]] = {}
    for schema, table, name, data_type, nullable, comment, is_view in rows:
        if is_view and not views:
            continue
        column = Column(name, data_type, nullable, comment or "")
        tables.setdefault(_qualified(schema, table), []).append(column)
    return {table: tuple(columns) for table, columns in tables.items()}


def apply_schema(connection: DuckDBPyConnection) -> None:
    """Brings the warehouse to the declared schema; does nothing where it is there already.

    New tables are made, new columns added (empty). Raises SchemaError where a column changed its
    type or is gone from the declaration: that needs a migration, or a rebuild from the archive.
    """
    digest = hashlib.sha256(_declaration().encode()).hexdigest()
    if _applied_digest(connection) == digest:
        return
    existing = _tables(connection)
    if existing:
        _add_columns(connection, existing)
    connection.execute("BEGIN TRANSACTION")
    _make(connection)
    connection.execute("DELETE FROM ops.schema_state")
    connection.execute("INSERT INTO ops.schema_state VALUES (?)", [digest])
    connection.execute("COMMIT")


def _make(connection: DuckDBPyConnection) -> None:
    connection.execute(_declaration())
    connection.execute("CREATE TABLE IF NOT EXISTS ops.schema_state (digest VARCHAR)")
    connection.execute("COMMENT ON TABLE ops.schema_state IS 'Digest of the schema in force.'")
    connection.execute("COMMENT ON COLUMN ops.schema_state.digest IS 'SHA-256 of sql/schema.'")


def _applied_digest(connection: DuckDBPyConnection) -> str | None:
    known = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'ops' AND table_name = 'schema_state'"
    ).fetchone()
    if not known:
        return None
    row = connection.execute("SELECT digest FROM ops.schema_state").fetchone()
    return row[0] if row else None


def _add_columns(connection: DuckDBPyConnection, existing: dict[str, tuple[Column, ...]]) -> None:
    for table, declared in declared_tables().items():
        if table not in existing:
            continue
        there = {column.name: column for column in existing[table]}
        for column in declared:
            if column.name not in there:
                connection.execute(
                    f'ALTER TABLE {table} ADD COLUMN "{column.name}" {column.data_type}'
                )
            elif there[column.name].data_type != column.data_type:
                raise SchemaError(
                    f"{table}.{column.name} is {there[column.name].data_type} on disk and"
                    f" {column.data_type} in sql/schema: write a migration, or move the home's"
                    " work folder away and run again to rebuild from the archive"
                )
