"""What analysts read beside the tables: rollups, views (``sql/marts``, a file each), dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.warehouse.rollups import refresh_rollups
from pipelines.warehouse.search import refresh_search

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SLOW_TO_COUNT = frozenset({"mart.co_mentions", "mart.fct_mention", "mart.who_with_whom"})
"""Marts with millions of rows, each made by joins: counting them takes longer than all others."""


@dataclass(frozen=True, slots=True)
class Marts:
    """What build_marts made."""

    names: tuple[str, ...]
    """Every mart: mart.entity_daily, …"""
    rows: dict[str, int]
    """Rows of each, but for those of SLOW_TO_COUNT."""
    days_counted: int
    """Days whose mentions were counted anew, since they had changed."""
    texts_indexed: int
    """Articles whose words were indexed, since they are new or changed."""


def build_marts(connection: DuckDBPyConnection) -> Marts:
    """Counts the days that changed, indexes new texts, makes every mart and the dictionary anew.

    Raises duckdb.Error where one cannot be made.
    """
    names = make_views(connection)
    days = refresh_rollups(connection)
    texts = refresh_search(connection)
    connection.execute(project.sql_text("load/data_dictionary.sql"))
    rows = {name: _rows(connection, name) for name in names if name not in SLOW_TO_COUNT}
    return Marts(tuple(names), rows, days, texts)


def make_views(connection: DuckDBPyConnection) -> list[str]:
    """Makes every view of ``sql/marts`` anew, one that reads another after it. Returns their names.

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
    return names


def _rows(connection: DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608  # file name
    return int(row[0]) if row else 0
