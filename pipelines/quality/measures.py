"""Figures of a day that rules compare with the days before it: volumes, shares, new names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def measure_day(connection: DuckDBPyConnection, asset: str, day: date | None) -> None:
    """Brings the day's figures up to date that the rules of ``asset`` read."""
