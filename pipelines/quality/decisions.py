"""What people decide about rows in quarantine: rows of ``ops.row_decisions``, which runs apply.

A decision outlives runs, new extractor versions and ``newsledger rebuild``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipelines.ids import stable_id
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RELEASE, DROP, RETRY = "release", "drop", "retry"
ID_DIGITS = 12
"""Hex digits of a decision's id: people read it, and a warehouse has thousands at most."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a decision is about: a row, and the check that it is released from."""

    asset_key: str
    row_key: str
    """Of a drop and a retry the fetch_id of the row's capture."""
    reason: str | None = None
    """Name of the check; None: whatever check."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of ``ops.row_decisions``; the comments in sql/schema say what the columns mean."""

    decision_id: str
    subject: Subject
    decision: str
    note: str | None
    decided_by: str
    decided_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def record(self) -> dict[str, Any]:
        """The row, by column."""
        return {
            "decision_id": self.decision_id,
            "asset_key": self.subject.asset_key,
            "row_key": self.subject.row_key,
            "reason": self.subject.reason,
            "decision": self.decision,
            "note": self.note,
            "decided_by": self.decided_by,
            "decided_at": self.decided_at,
            "withdrawn_at": self.withdrawn_at,
        }


@dataclass(frozen=True, slots=True)
class Excepted:
    """Ids of the decisions in force that take rows out of rules."""

    released: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """By asset and check."""
    dropped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By asset."""

    def __bool__(self) -> bool:
        return bool(self.released or self.dropped)

    def of(self, asset: str, check: str, on_failure: str | None) -> tuple[str, ...]:
        """Ids that a check is to respect. A dropped capture is held by no rule."""
        dropped = self.dropped.get(asset, ()) if on_failure else ()
        return self.released.get((asset, check), ()) + dropped


def decide(
    connection: DuckDBPyConnection,
    subjects: Iterable[Subject],
    decision: str,
    *,
    note: str | None,
    user: str | None,
    now: datetime | None = None,
) -> list[Decision]:
    """Writes one decision a subject; the next run applies them. Returns them.

    The same decision about the same subject that is in force already is not written again, but for
    a retry, which asks for another reading. ``now``: default is the present.
    """
    at = now or datetime.now(UTC)
    known = {(d.subject, d.decision) for d in decisions(connection) if d.withdrawn_at is None}
    made = [
        Decision(
            stable_id(subject.asset_key, subject.row_key, subject.reason, decision, at.isoformat())[
                :ID_DIGITS
            ],
            subject,
            decision,
            note,
            user or "unknown",
            at,
        )
        for subject in dict.fromkeys(subjects)
        if decision == RETRY or (subject, decision) not in known
    ]
    insert_rows(connection, "ops.row_decisions", [row.record for row in made])
    _unstage(connection, [row.subject.row_key for row in made])
    return made


def _unstage(connection: DuckDBPyConnection, row_keys: Sequence[str]) -> None:
    """What a run that was cut short had read of them before is read again."""
    for table in ("staging.article_blocks", "staging.article_evidence", "staging.articles"):
        connection.execute(
            f"DELETE FROM {table} WHERE list_contains(?, fetch_id)",  # noqa: S608  # our own names
            [list(row_keys)],
        )


def withdraw(
    connection: DuckDBPyConnection,
    row_keys: Sequence[str],
    decision: str,
    *,
    reason: str | None = None,
    now: datetime | None = None,
) -> list[Decision]:
    """Takes decisions in force back; the next run restores what would be without them.

    ``reason``: of releases, those from this check only. Returns the decisions as they were.
    """
    found = [
        row
        for row in decisions(connection, row_keys)
        if row.decision == decision
        and row.withdrawn_at is None
        and reason in (None, row.subject.reason)
    ]
    connection.execute(
        "UPDATE ops.row_decisions SET withdrawn_at = ? WHERE list_contains(?, decision_id)",
        [now or datetime.now(UTC), [row.decision_id for row in found]],
    )
    return found


def decisions(
    connection: DuckDBPyConnection, row_keys: Sequence[str] | None = None
) -> list[Decision]:
    """Decisions about these rows or captures (None: all), oldest first, those taken back too."""
    rows = connection.execute(
        """
        SELECT
            decision_id, asset_key, row_key, reason, decision, note, decided_by, decided_at,
            withdrawn_at
        FROM ops.row_decisions
        WHERE $keys IS NULL OR list_contains($keys, row_key)
        ORDER BY decided_at, asset_key, row_key, reason
        """,
        {"keys": None if row_keys is None else list(row_keys)},
    ).fetchall()
    return [Decision(row[0], Subject(*row[1:4]), *row[4:]) for row in rows]


def excepted(connection: DuckDBPyConnection) -> Excepted:
    """The decisions in force that take rows out of rules."""
    released: dict[tuple[str, str], list[str]] = defaultdict(list)
    dropped: dict[str, list[str]] = defaultdict(list)
    for row in decisions(connection):
        if row.withdrawn_at is not None:
            continue
        if row.decision == RELEASE and row.subject.reason is not None:
            released[row.subject.asset_key, row.subject.reason].append(row.decision_id)
        elif row.decision == DROP:
            dropped[row.subject.asset_key].append(row.decision_id)
    return Excepted(
        {key: tuple(sorted(ids)) for key, ids in released.items()},
        {key: tuple(sorted(ids)) for key, ids in dropped.items()},
    )
