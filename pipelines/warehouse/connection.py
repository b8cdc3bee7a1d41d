"""Opens the working warehouse: the only place that opens it for writing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.schema import apply_schema

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from pipelines.settings import Settings

MEMORY_LIMIT = "2GB"
"""Bound on DuckDB's buffers while writing; beyond it DuckDB spills to disk."""


def connect(path: Path, *, read_only: bool = False) -> DuckDBPyConnection:
    """A connection in UTC with bounded memory. Raises duckdb.IOException where it cannot be had."""
    import duckdb

    connection = duckdb.connect(
        str(path), read_only=read_only, config={"memory_limit": MEMORY_LIMIT}
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextlib.contextmanager
def writing(settings: Settings) -> Iterator[DuckDBPyConnection]:
    """The working warehouse, open for writing under the writer lock, its schema up to date.

    Closed at the end, so that others (the audit, the publish) can open the file.
    """
    with writer_lock(settings.lock_file):
        path = settings.warehouse_file
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = connect(path)
        try:
            apply_schema(connection)
            yield connection
        finally:
            connection.close()


@contextlib.contextmanager
def transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: commits at the end, rolls back where anything is raised."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
