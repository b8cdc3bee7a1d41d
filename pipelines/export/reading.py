"""The snapshot opened for an export: read-only, in bounded memory, writing to one folder alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.export.records import ExportError
from pipelines.warehouse.query import SnapshotError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "2GB"
"""What DuckDB may hold; what needs more (sorting a large view) goes to files in the folder."""


@contextmanager
def reading(path: Path, folder: Path, scratch: Path) -> Iterator[DuckDBPyConnection]:
    """The published file; queries may write below ``folder`` and spill to ``scratch``.

    Raises SnapshotError where there is nothing to open.
    """
    import duckdb

    if not path.exists():
        raise SnapshotError(
            f"{path}: nothing is published yet; newsledger run makes the first snapshot"
        )
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        first_line = (str(error).splitlines() or ["cannot be opened"])[0]
        raise SnapshotError(f"{path}: {first_line}") from error
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = '{_quoted(scratch)}'")
        connection.execute(f"SET allowed_directories = ['{_quoted(folder)}/']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def snapshot_row(connection: DuckDBPyConnection) -> dict[str, Any]:
    """The row of ``ops.snapshots`` that describes the file. Raises ExportError without one."""
    result = connection.execute("SELECT * FROM ops.snapshots ORDER BY published_at DESC LIMIT 1")
    names = [column[0] for column in result.description or ()]
    row = result.fetchone()
    if row is None:
        raise ExportError(
            "the snapshot does not say what it is: newsledger publish makes a new one"
        )
    return dict(zip(names, row, strict=True))
