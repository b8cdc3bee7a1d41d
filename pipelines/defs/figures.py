"""Figures of a day's rows for the Dagster UI, and the data version that tells whether they changed.

The queries are ``sql/load/figures_ASSET.sql``: one row, whose column names are the labels of the
plots. Imported by asset modules: it imports no DuckDB.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipelines import project
from pipelines.defs.lineage import column_lineage, declared_lineage

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STATE = "state"
"""Column of a figures' query that becomes the data version."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a figures' query gave."""

    metadata: dict[str, Any]
    """Numbers by label, but for those that the query gave NULL for: a plot has a gap there. And
    the lineage of the columns, which Dagster looks for in what a run made."""
    data_version: dg.DataVersion


def figures_of(connection: DuckDBPyConnection, asset: str, day: date | None = None) -> Figures:
    """The figures of an asset's rows on a day, or of all where ``day`` is None.

    The same rows give the same data version, whoever wrote them and when.
    """
    query = project.sql_text(f"load/figures_{asset}.sql")
    cursor = connection.execute(query, {"day": day} if day else None)
    names = [column[0] for column in cursor.description or ()]
    found = dict(zip(names, cursor.fetchone() or (), strict=True))
    state = found.pop(STATE)
    if day and "rows" in found:
        found["dagster/partition_row_count"] = found.pop("rows")
    metadata = {name: _plotted(value) for name, value in found.items() if value is not None}
    if asset in declared_lineage():
        metadata["dagster/column_lineage"] = column_lineage(asset)
    return Figures(metadata, dg.DataVersion(state))


def _plotted(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else int(value)


def stopwatch() -> Callable[[], float]:
    """Starts to measure; what it returns gives the seconds since."""
    begun = time.monotonic()
    return lambda: round(time.monotonic() - begun, 2)


def per_second(count: int, seconds: float) -> dict[str, float]:
    """A pace as metadata; nothing where there was nothing to do."""
    return {"words_per_second": round(count / seconds, 1)} if count and seconds else {}
