"""What a decision about rows in quarantine comes to: its subjects, or why it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.printable import printable
from pipelines.quality.decisions import Subject
from pipelines.quarantined import Filters, Record, found, listed

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyConnection


class RefusedError(ValueError):
    """A decision that would mean nothing for that row; the message says what would."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, and the days that it touches."""

    subjects: list[Subject]
    days: list[date]


def plan_release(
    connection: DuckDBPyConnection, key: str, asset: str | None, reason: str | None
) -> Plan:
    """Releases a row from one rule, or from all that it breaks.

    Raises RefusedError, and UnknownRowError as ``found``.
    """
    rows = _in_quarantine(found(connection, key, asset))
    if unread := [row for row in rows if row["effect"] == "held" and not row["archive_path"]]:
        raise RefusedError(
            f"{unread[0]['row_key']}: its bytes could not be had, so no rule is wrong about them:"
            " hand the input in again (newsledger ingest), and drop this one"
        )
    broken = [(row, name) for row in rows for name in row["reasons"]]
    chosen = [(row, name) for row, name in broken if reason in (None, name)]
    if not chosen:
        names = ", ".join(name for _, name in broken)
        raise RefusedError(f"{rows[0]['row_key']}: {reason} does not hold it; it breaks {names}")
    subjects = [Subject(row["asset_key"], row["row_key"], name) for row, name in chosen]
    return Plan(subjects, _days(connection, rows))


def plan_drop(connection: DuckDBPyConnection, key: str, asset: str | None) -> Plan:
    """Drops a held capture. Raises RefusedError, and UnknownRowError as ``found``."""
    rows = _in_quarantine(found(connection, key, asset))
    held = [row for row in rows if row["effect"] == "held"]
    if not held:
        raise RefusedError(
            f"{rows[0]['row_key']} is not held but in the warehouse ({rows[0]['effect']}), so it"
            " cannot be dropped: release it where the rule is wrong about it"
        )
    subjects = [Subject(row["asset_key"], row["fetch_id"]) for row in held]
    return Plan(subjects, _days(connection, held))


def plan_retry(
    connection: DuckDBPyConnection, key: str | None, asset: str | None, filters: Filters
) -> Plan:
    """Has captures read again: that of a row, or those of all open rows that the filters mean.

    Raises RefusedError, and UnknownRowError as ``found``.
    """
    rows = found(connection, key, asset) if key else listed(connection, filters, None)
    if not rows:
        raise RefusedError(
            "no row in quarantine is meant by that; newsledger quarantine lists them"
        )
    captured = {
        fetch_id
        for (fetch_id,) in connection.execute(
            "SELECT fetch_id FROM raw.fetches WHERE outcome = 'captured'"
            " AND kind NOT IN ('feed', 'sitemap') AND list_contains(?, fetch_id)",
            [[row["fetch_id"] for row in rows]],
        ).fetchall()
    }
    readable = [row for row in rows if row["fetch_id"] in captured]
    if not readable:
        raise RefusedError(
            f"{rows[0]['row_key']}: there are no bytes of it to be read again: hand the input in"
            " again (newsledger ingest)"
            if rows[0]["fetch_id"]
            else f"{rows[0]['row_key']} comes from no single capture that could be read again"
        )
    subjects = [Subject(row["asset_key"], row["fetch_id"]) for row in readable]
    return Plan(list(dict.fromkeys(subjects)), _days(connection, readable))


def plan_undo(connection: DuckDBPyConnection, key: str, asset: str | None) -> Plan:
    """The keys that decisions about a row may bear. Raises UnknownRowError as ``found``."""
    rows = found(connection, key, asset)
    keys = {k for row in rows for k in (row["row_key"], row["fetch_id"]) if k}
    return Plan([Subject(rows[0]["asset_key"], k) for k in sorted(keys)], _days(connection, rows))


def _in_quarantine(rows: Sequence[Record]) -> list[Record]:
    there = [row for row in rows if row["left_at"] is None]
    if not there:
        raise RefusedError(
            f"{printable(rows[0]['row_key'])} left quarantine on"
            f" {rows[0]['left_at']:%Y-%m-%d}: {rows[0]['resolution']}"
        )
    return there


def _days(connection: DuckDBPyConnection, rows: Sequence[Record]) -> list[date]:
    """Days of the rows; of rows of a whole table the latest day, whose run audits those as well."""
    days = {row["fetch_date"] for row in rows if row["fetch_date"]}
    if not days:
        latest = connection.execute("SELECT max(fetch_date) FROM raw.fetches").fetchone()
        days = {latest[0]} if latest and latest[0] else set()
    return sorted(days)
