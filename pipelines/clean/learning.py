"""Lines that sources repeat, in the warehouse: seen, learnt, and what is to be read again for them.

``learnt_chrome`` says what a document tells; here it is counted. Costs follow new captures: a run
without any reads one small table.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.address import site
from pipelines.clean.extract import EXTRACTOR_VERSION
from pipelines.warehouse.connection import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.clean.learnt_chrome import Sightings


def carrier(row: dict[str, Any]) -> str:
    """Whose chrome a capture's lines are: its site's, or its source's where it has no address."""
    return site(row["url"]) or str(row["source_id"])


def learnt_lines(connection: DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """Names of the learnt lines (see ``learnt_chrome.learnt_name``) by carrier."""
    from pipelines.clean.learnt_chrome import learnt_name

    names: dict[str, set[str]] = defaultdict(set)
    rows = connection.execute(
        "SELECT source_id, side, line_key FROM ops.learnt_lines WHERE extractor_version = ?",
        [EXTRACTOR_VERSION],
    ).fetchall()
    for source_id, side, key in rows:
        names[source_id].add(learnt_name(side, key))
    return {source_id: frozenset(found) for source_id, found in names.items()}


def sighting_rows(
    row: dict[str, Any], sightings: Sightings | None, article_id: str
) -> list[dict[str, Any]]:
    """Rows of ``ops.line_sightings`` for one capture, without its run and extractor version.

    Lines that were learnt already need no witness; a capture that is read again was one before.
    """
    if sightings is None or row.get("is_rereading"):
        return []
    learnt = row.get("learnt_lines", frozenset())
    return [
        {
            "source_id": carrier(row),
            "side": line.side,
            "line_key": line.line_key,
            "line_text": line.text,
            "counts": line.counts,
            "document_key": sightings.document_key,
            "article_id": article_id,
            "fetch_id": row["fetch_id"],
            "fetch_date": row["fetch_date"],
            "is_weighed": False,
        }
        for line in sightings.lines
        if line.name not in learnt
    ]


def learn(connection: DuckDBPyConnection, run_id: str) -> None:
    """Learns the lines that have been seen often enough, and notes what is to be read again.

    Sightings wait until they are weighed: what a killed run saw is weighed by the next.
    """
    waiting = "SELECT 1 FROM ops.line_sightings WHERE NOT is_weighed LIMIT 1"
    if connection.execute(waiting).fetchone() is None:
        return
    connection.execute("SET VARIABLE run_id = ?", [run_id])
    connection.execute("SET VARIABLE extractor_version = ?", [EXTRACTOR_VERSION])
    with transaction(connection):
        connection.execute(project.sql_text("load/learn_lines.sql"))


def forget_readings(connection: DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    """Makes room for the captures' new readings: those that wait in staging are replaced."""
    fetches = [row["fetch_id"] for row in rows]
    if not fetches:
        return
    for table in ("staging.article_blocks", "staging.article_evidence", "staging.articles"):
        connection.execute(f"DELETE FROM {table} WHERE list_contains(?, fetch_id)", [fetches])  # noqa: S608  # our own names
    connection.execute(
        "DELETE FROM ops.rereadings WHERE list_contains(?, fetch_id)",
        [fetches],
    )
