"""Candidates into the archive and ``raw``: archive first, then rows, in small transactions."""

from __future__ import annotations

import itertools
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pipelines.archive import Archive, Payload, PayloadTooLargeError
from pipelines.ids import stable_id
from pipelines.ingest.records import Candidate
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 200
"""Captures a transaction: what a crash may cost is the reading of so many files again."""


FIRST_DAY = date(1996, 1, 1)
"""Public web archives begin in 1996; the partitions do too. A capture that claims to be older, or
to come from the future, is rejected: no day's run would ever work on it."""


@dataclass(slots=True)
class CaptureReport:
    """What one pass over the sources gave."""

    seen: int = 0
    unchanged: int = 0
    """Inputs or captures that were there already."""
    captured: int = 0
    rejected: int = 0
    days: set[date] = field(default_factory=set)
    """Partitions that got new captures."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Codes of rejected captures."""


def capture(
    connection: DuckDBPyConnection,
    archive: Archive,
    candidates: Iterable[Candidate],
    *,
    run_id: str,
    now: datetime,
    max_payload_bytes: int,
) -> CaptureReport:
    """Captures every candidate that is new. Reading it twice, or after a crash, adds nothing.

    ``now`` (aware) dates the captures whose source states no time.
    """
    report = CaptureReport()
    read = _Reading(connection, report)
    rows = (
        _row(archive, candidate, run_id, now, max_payload_bytes)
        for candidate in read.fresh(candidates)
    )
    while batch := list(itertools.islice(rows, BATCH)):
        with transaction(connection):
            new = _new_rows(connection, batch)
            insert_rows(connection, "raw.fetches", new)
            read.remember(run_id, now)
        report.unchanged += len(batch) - len(new)
        _count(report, new)
    return report


class _Reading:
    """Which inputs were read before, and which have now been read to their end."""

    def __init__(self, connection: DuckDBPyConnection, report: CaptureReport) -> None:
        self._connection = connection
        self._report = report
        self._known = {
            (source_id, location): validator
            for source_id, location, validator in connection.execute(
                "SELECT source_id, location, validator FROM raw.inputs"
            ).fetchall()
        }
        self._finished: list[tuple[Candidate, int]] = []

    def fresh(self, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
        """The candidates to be read, containers opened into their records."""
        for candidate in candidates:
            known = self._known.get((candidate.source_id, candidate.location))
            if candidate.validator and candidate.validator == known:
                self._report.seen += 1
                self._report.unchanged += 1
                continue
            count = 0
            for record in candidate.records() if candidate.records else (candidate,):
                count += 1
                self._report.seen += 1
                yield record
            # Only now is the input read to its end: a crash before this reads it again.
            self._finished.append((candidate, count))

    def remember(self, run_id: str, now: datetime) -> None:
        """Notes the inputs that are finished, so that unchanged ones are not read again."""
        for candidate, count in self._finished:
            if candidate.validator is None:
                continue
            self._connection.execute(
                "DELETE FROM raw.inputs WHERE source_id = ? AND location = ?",
                [candidate.source_id, candidate.location],
            )
            row = [candidate.source_id, candidate.location, candidate.validator, now, count, run_id]
            self._connection.execute("INSERT INTO raw.inputs VALUES (?, ?, ?, ?, ?, ?)", row)
        self._finished.clear()


def _row(
    archive: Archive, candidate: Candidate, run_id: str, now: datetime, limit: int
) -> dict[str, Any]:
    payload, problem = _archived(archive, candidate, limit)
    fetched_at = (candidate.fetched_at or now).astimezone(UTC)
    if not FIRST_DAY <= fetched_at.date() <= now.astimezone(UTC).date():
        problem = problem or f"capture_date: {fetched_at.isoformat()} is no day of the web so far"
        fetched_at = now.astimezone(UTC)
    identity = stable_id(
        candidate.source_id,
        candidate.target_uri or candidate.location,
        payload.sha256 if payload else None,
        # A revisit has no payload: its time tells one from another.
        candidate.fetched_at.astimezone(UTC).isoformat() if candidate.fetched_at else None,
        problem,
    )
    return {
        "fetch_id": identity,
        "source_id": candidate.source_id,
        "kind": candidate.kind,
        "location": candidate.location,
        "target_uri": candidate.target_uri,
        "fetched_at": fetched_at,
        "fetch_date": fetched_at.date(),
        "http_status": candidate.http_status,
        "content_type": candidate.content_type,
        "charset": candidate.charset,
        "etag": candidate.etag,
        "last_modified": candidate.last_modified,
        "payload_sha256": payload.sha256 if payload else None,
        "payload_bytes": payload.size if payload else None,
        "archive_path": payload.path if payload else None,
        "outcome": "rejected" if problem else "captured",
        "outcome_reason": problem,
        "run_id": run_id,
    }


def _archived(
    archive: Archive, candidate: Candidate, limit: int
) -> tuple[Payload | None, str | None]:
    """The archived payload and the problem, either of which may be None."""
    if candidate.problem or candidate.open is None:
        return None, candidate.problem
    try:
        with candidate.open() as stream:
            payload = archive.put(stream, limit)
    except PayloadTooLargeError as error:
        return None, f"too_large: {error}"
    except (EOFError, zlib.error, OSError) as error:
        problem = f"unreadable: {type(error).__name__}: {error}"
        if candidate.open_raw is None:
            return None, problem
        return _archived_raw(archive, candidate, limit), problem
    if payload.size == 0:
        return payload, "empty: the payload has no bytes"
    return payload, None


def _archived_raw(archive: Archive, candidate: Candidate, limit: int) -> Payload | None:
    """The bytes as they lie on disk, where the payload in them cannot be read."""
    if candidate.open_raw is None:
        return None
    try:
        with candidate.open_raw() as stream:
            return archive.put(stream, limit)
    except (OSError, PayloadTooLargeError):
        return None


def _new_rows(connection: DuckDBPyConnection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    unique = {row["fetch_id"]: row for row in reversed(rows)}
    known = {
        fetch_id
        for (fetch_id,) in connection.execute(
            "SELECT fetch_id FROM raw.fetches WHERE list_contains(?, fetch_id)", [list(unique)]
        ).fetchall()
    }
    return [row for row in rows if row["fetch_id"] not in known and unique[row["fetch_id"]] is row]


def _count(report: CaptureReport, new: list[dict[str, Any]]) -> None:
    for row in new:
        report.days.add(row["fetch_date"])
        if row["outcome"] == "captured":
            report.captured += 1
        else:
            report.rejected += 1
            report.reasons[row["outcome_reason"].partition(":")[0]] += 1
