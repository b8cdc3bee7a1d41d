"""Revisit records: captures whose payload an archive holds once, in another record."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.warehouse.connection import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def resolve_revisits(connection: DuckDBPyConnection) -> dict[date, int]:
    """Gives revisits the payload of the captures they refer to, wherever that is known by now.

    In one transaction, over all of ``raw.fetches``, in the database's memory rather than Python's.
    The others say in ``outcome_reason`` that it is not. Returns how many it resolved, by day.
    """
    with transaction(connection):
        connection.execute(project.sql_text("load/resolve_revisits.sql"))
        rows = connection.execute(
            "SELECT fetch_date, count(*) FROM resolved GROUP BY fetch_date"
        ).fetchall()
    return dict(rows)
