"""Views for analysts, from ``sql/marts``: a file a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import project

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def build_marts(connection: DuckDBPyConnection) -> dict[str, int]:
    """Makes every mart anew, one that reads another after it. Returns the rows of each, by name.

    Raises duckdb.Error where one cannot be made.
    """
    import duckdb

    waiting = project.sql_files("marts")
    names = [f"mart.{path.stem}" for path in waiting]
    while waiting:
        later = []
        for path in waiting:
            try:
                connection.execute(path.read_text(encoding="utf-8"))
            except duckdb.CatalogException:
                later.append(path)
        if len(later) == len(waiting):
            connection.execute(later[0].read_text(encoding="utf-8"))
        waiting = later
    return {name: _rows(connection, name) for name in names}


def _rows(connection: DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608  # file name
    return int(row[0]) if row else 0
