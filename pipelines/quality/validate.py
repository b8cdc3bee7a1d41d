"""Staged articles -> the warehouse or quarantine: row rules decide, nothing is lost between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.quality.quarantine import find_held, hold, without_released
from pipelines.quality.suites import suites_of
from pipelines.warehouse.connection import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HOLDING_ASSETS = ("fetches", "extracted_articles")
"""Assets whose row rules hold captures back before they become articles."""


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What one pass over a day gave."""

    staged: int
    versions: int
    """Article versions written."""
    quarantined: int
    """Captures newly held."""


def validate_staged(connection: DuckDBPyConnection, *, day: date, run_id: str) -> ValidationReport:
    """Promotes the staged rows that every rule accepts and holds the others, in one transaction.

    What people released from a rule passes it; what they dropped is held by none.

    Raises duckdb.Error where a rule's SQL does; then nothing has changed.
    """
    connection.execute("SET VARIABLE day = ?", [day])
    connection.execute("SET VARIABLE run_id = ?", [run_id])
    staged = _count(connection, "staging.articles WHERE fetch_date = getvariable('day')")
    mine = "article_versions WHERE run_id = getvariable('run_id')"
    before = _count(connection, mine)
    with transaction(connection):
        suites = [suite for asset in HOLDING_ASSETS for suite in suites_of(asset)]
        find_held(connection, without_released(connection, suites), day)
        quarantined = hold(connection, run_id)
        connection.execute(project.sql_text("load/promote_articles.sql"))
    return ValidationReport(staged, _count(connection, mine) - before, quarantined)


def _count(connection: DuckDBPyConnection, what: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {what}").fetchone()  # noqa: S608  # see callers
    return int(row[0]) if row else 0
