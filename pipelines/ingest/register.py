"""Configured sources into the table ``sources``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.warehouse.connection import transaction
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from pipelines.ingest.sources import Source


def register_sources(connection: DuckDBPyConnection, sources: Iterable[Source]) -> None:
    """Writes what the list says of each source; the list wins over what pages or catalogue say."""
    rows: list[dict[str, Any]] = [
        {
            "source_id": source.id,
            "name": source.name,
            "domain": source.domain,
            "homepage": source.homepage,
            "country": source.country,
            "in_language": source.language,
            "source_role": source.role,
            "usage_terms": source.usage_terms,
            "origin": "configured",
        }
        for source in sources
    ]
    # Several paths or addresses of one command may belong to one source.
    rows = list({row["source_id"]: row for row in rows}.values())
    with transaction(connection):
        connection.execute(
            "DELETE FROM sources WHERE list_contains(?, source_id)",
            [[row["source_id"] for row in rows]],
        )
        insert_rows(connection, "sources", rows)
