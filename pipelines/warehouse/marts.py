"""Views for analysts, from ``sql/marts``: a file a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import project

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def build_marts(connection: DuckDBPyConnection) -> dict[str, int]:
    """Makes every mart anew. Returns the rows of each, by name."""
    counts = {}
    for path in project.sql_files("marts"):
        connection.execute(path.read_text(encoding="utf-8"))
        name = f"mart.{path.stem}"
        row = connection.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608  # file name
        counts[name] = int(row[0]) if row else 0
    return counts
