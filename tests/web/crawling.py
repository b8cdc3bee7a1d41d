"""Runs of the command line over the small web, and what they left in the tables."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from tests.factories import newsledger

GAP = 0.3
"""Seconds between two requests to a host (NEWSLEDGER_GAP_SECONDS)."""
REQUEST_SECONDS = 3
CONTACT = "mailto:desk@crawl.example"
STATE = ("raw.feeds", "raw.pages", "raw.sites", "raw.origins")
"""What the crawl remembers from one run to the next."""


def settings(sources: Path, allowed: str) -> dict[str, str]:
    """Environment of a crawl of the small web."""
    return {
        "NEWSLEDGER_SOURCES": str(sources),
        "NEWSLEDGER_CONTACT": CONTACT,
        "NEWSLEDGER_ALLOW_ADDRESSES": allowed,
        "NEWSLEDGER_GAP_SECONDS": str(GAP),
        "NEWSLEDGER_REQUEST_SECONDS": str(REQUEST_SECONDS),
        "NEWSLEDGER_CRAWL_MINUTES": "3",
    }


def crawl(
    home: Path, sources: Path, *arguments: str, allowed: str = "127.0.0.0/8"
) -> subprocess.CompletedProcess[str]:
    """``newsledger run`` with ``arguments``."""
    return newsledger(home, "run", *arguments, **settings(sources, allowed))


def working_file(home: Path) -> Path:
    """The warehouse that runs write, whatever was published."""
    return home / "work" / "warehouse.duckdb"


def rows(file: Path, sql: str, *parameters: object) -> list[dict[str, Any]]:
    """Rows of a warehouse that no run writes at the moment."""
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        cursor = connection.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def let_time_pass(home: Path, by: timedelta) -> None:
    """Moves everything that the crawl remembers into the past: what was to come later is due."""
    with duckdb.connect(str(working_file(home))) as connection:
        for table in STATE:
            schema, name = table.split(".")
            columns = connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = ?"
                " AND table_name = ? AND data_type = 'TIMESTAMP WITH TIME ZONE'",
                [schema, name],
            ).fetchall()
            changes = ", ".join(f"{column} = {column} - $by" for (column,) in columns)
            connection.execute(f"UPDATE {table} SET {changes}", {"by": by})
