"""The index of words that ``newsledger search`` and SQL look up: kept as articles come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import project
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.stemming import STEMMERS, extension_file, load_stemmer

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

SLICE = 40_000_000
"""Characters indexed at a time, some 15,000 articles: bounds the memory."""
LONGEST_WORD = 64
"""Characters. What is longer is no word but an address or encoded data, and cannot be found."""


def refresh_search(
    connection: DuckDBPyConnection, *, extension: Path | str | None = "installed"
) -> int:
    """Indexes the articles whose current version is not in the index; takes out what is no more.

    Reads no text where nothing changed. An index that was made without stems is made anew once
    the extension can be loaded. Each slice is all or nothing, and the next call goes on.
    ``extension`` is the fts extension's file, None to do without. Returns the articles indexed.
    """
    file = extension_file() if isinstance(extension, str) else extension
    loaded = load_stemmer(connection, extension=file)
    connection.execute("SET VARIABLE stemmers = ?::MAP(VARCHAR, VARCHAR)", [_map(loaded)])
    connection.execute("SET VARIABLE slice_length = ?", [SLICE])
    connection.execute("SET VARIABLE longest_word = ?", [LONGEST_WORD])
    connection.execute(project.sql_text("load/search_stale.sql"))
    if _count(connection, "SELECT count(*) FROM gone_documents"):
        with transaction(connection):
            connection.execute(project.sql_text("load/search_remove.sql"))
    slices = connection.execute("SELECT DISTINCT slice FROM fresh_documents ORDER BY 1").fetchall()
    for (number,) in slices:
        connection.execute("SET VARIABLE slice = ?", [number])
        with transaction(connection):
            connection.execute(project.sql_text("load/search_slice.sql"))
    return _count(connection, "SELECT count(*) FROM fresh_documents")


def _map(loaded: bool) -> dict[str, list[str]]:
    """As DuckDB takes a MAP."""
    known = STEMMERS if loaded else {}
    return {"key": list(known), "value": list(known.values())}


def _count(connection: DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
