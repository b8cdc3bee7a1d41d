"""Candidates into the archive and ``raw``: archive first, then rows, in small transactions."""

from __future__ import annotations

import itertools
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pipelines.archive import Archive, ArchiveError, Payload, PayloadTooLargeError, Store
from pipelines.ids import stable_id
from pipelines.ingest.records import Candidate, DamagedPayloadError, Verdict
from pipelines.ingest.stored_text import URI_LIMIT, stored_text, stored_uri
from pipelines.ingest.warc_revisits import resolve_revisits
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 500
"""Captures a transaction: what a crash may cost is the reading of so many files again. A
transaction of DuckDB costs 20 ms, however few its rows."""

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
    """Rows without a payload to use, whatever their outcome is called."""
    resolved: int = 0
    """Revisits whose payload became known."""
    days: set[date] = field(default_factory=set)
    """Partitions that got new captures, or payloads for old ones."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Codes of rejected captures."""
    remarks: Counter[str] = field(default_factory=Counter)
    """Codes of what is wrong with captures that can be read all the same."""
    passed_over: Counter[str] = field(default_factory=Counter)
    """Records that are no captures, by type."""

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Counts rows that were written."""
        for row in rows:
            self.days.add(row["fetch_date"])
            code = (row["outcome_reason"] or "").partition(":")[0]
            if row["outcome"] == "captured":
                self.captured += 1
                if code:
                    self.remarks[code] += 1
            else:
                self.rejected += 1
                self.reasons[code] += 1


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

    ``now`` (aware) dates the captures whose source states no time. To be called under the writer
    lock. Raises ArchiveError, or what DuckDB raises, where they cannot store more (a full disk):
    what was not recorded is captured by a later call.
    """
    archive.sweep()
    report = CaptureReport()
    read = _Reading(connection, report)
    records = read.fresh(candidates)
    while True:
        # The rows are written when their payloads are on disk, not before.
        with archive.batch() as store:
            rows = [
                capture_row(store, record, run_id=run_id, now=now, limit=max_payload_bytes)
                for record in itertools.islice(records, BATCH)
            ]
        with transaction(connection):
            new = add_fetches(connection, rows)
            read.remember(run_id, now)
        report.unchanged += len(rows) - len(new)
        report.add(new)
        if len(rows) < BATCH:
            break
    days = resolve_revisits(connection)
    report.resolved = sum(days.values())
    report.days.update(days)
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
            known = self._known.get((candidate.source_id, stored_text(candidate.location)))
            if candidate.validator and candidate.validator == known:
                self._report.seen += 1
                self._report.unchanged += 1
                continue
            count = 0
            for record in candidate.records() if candidate.records else (candidate,):
                if record.passed_over:
                    self._report.passed_over[record.passed_over] += 1
                    continue
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
            location = stored_text(candidate.location)
            self._connection.execute(
                "DELETE FROM raw.inputs WHERE source_id = ? AND location = ?",
                [candidate.source_id, location],
            )
            row = [candidate.source_id, location, candidate.validator, now, count, run_id]
            self._connection.execute("INSERT INTO raw.inputs VALUES (?, ?, ?, ?, ?, ?)", row)
        self._finished.clear()


def capture_row(
    store: Store, candidate: Candidate, *, run_id: str, now: datetime, limit: int
) -> dict[str, Any]:
    """The candidate's row of ``raw.fetches``, its payload put into ``store``.

    ``store`` is an archive, or a batch of one: then the row may be written only when that has
    ended. ``limit`` bounds the payload in bytes. Text is stored printable and bounded. Raises
    ArchiveError; whatever else goes wrong is the row's ``outcome_reason``.
    """
    payload, problem, verdict = _archived(store, candidate, limit)
    now = now.astimezone(UTC)
    try:
        fetched_at = candidate.fetched_at.astimezone(UTC) if candidate.fetched_at else now
    except OverflowError:  # a day before the year 1
        fetched_at = datetime.min.replace(tzinfo=UTC)
    stated_at = fetched_at.isoformat() if candidate.fetched_at else None
    if not FIRST_DAY <= fetched_at.date() <= now.date():
        problem = problem or f"capture_date: {fetched_at.isoformat()} is no day of the web so far"
        fetched_at = now
    target_uri = stored_uri(candidate.target_uri) if candidate.target_uri else None
    if target_uri and len(target_uri) > URI_LIMIT:
        problem = problem or f"address_too_long: {len(target_uri):,} characters"
    identity = stable_id(
        candidate.source_id,
        candidate.target_uri or candidate.location,
        payload.sha256 if payload else None,
        # A revisit has no payload of its own: its time tells one from another.
        stated_at,
        problem,
    )
    return {
        "fetch_id": identity,
        "source_id": candidate.source_id,
        "kind": candidate.kind,
        "location": stored_text(candidate.location),
        "target_uri": _uri(target_uri),
        "final_uri": _uri(stored_uri(candidate.final_uri) if candidate.final_uri else None),
        "fetched_at": fetched_at,
        "fetch_date": fetched_at.date(),
        "http_status": candidate.http_status,
        "content_type": _text(candidate.content_type),
        "charset": _text(candidate.charset),
        "etag": _text(candidate.etag),
        "last_modified": _text(candidate.last_modified),
        "payload_sha256": payload.sha256 if payload else None,
        "payload_bytes": payload.size if payload else None,
        "archive_path": payload.path if payload else None,
        "payload_digest": verdict.payload_digest,
        "robots_verdict": candidate.robots_verdict,
        "tdm_reservation": _text(candidate.tdm_reservation),
        "usage_preference": _text(candidate.usage_preference),
        "robots_meta": _text(candidate.robots_meta),
        "entry_id": candidate.entry_id,
        **_revisit(candidate),
        "outcome": (candidate.outcome or "rejected") if problem else "captured",
        "outcome_reason": _text(problem or verdict.remark),
        "run_id": run_id,
    }


def add_fetches(
    connection: DuckDBPyConnection, rows: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Writes the rows that are not in ``raw.fetches`` yet, and returns those.

    Part of the caller's transaction. The payloads must be on disk.
    """
    unique: dict[str, dict[str, Any]] = {}
    for row in rows:
        unique.setdefault(row["fetch_id"], row)
    if not unique:
        return []
    known = {
        fetch_id
        for (fetch_id,) in connection.execute(
            "SELECT fetch_id FROM raw.fetches WHERE fetch_id IN (SELECT unnest(?))", [list(unique)]
        ).fetchall()
    }
    new = [row for fetch_id, row in unique.items() if fetch_id not in known]
    insert_rows(connection, "raw.fetches", new)
    return new


def _archived(
    store: Store, candidate: Candidate, limit: int
) -> tuple[Payload | None, str | None, Verdict]:
    """The archived payload and the problem, either of which may be None."""
    problem = candidate.problem
    if candidate.open is None:
        return _archived_raw(store, candidate, limit) if problem else None, problem, Verdict()
    try:
        with candidate.open() as stream:
            payload = store.put(stream, limit)
    except ArchiveError:
        raise  # an OSError too, but not the candidate's
    except PayloadTooLargeError as error:
        return None, problem or f"too_large: {error}", Verdict()
    except DamagedPayloadError as error:
        return _archived_raw(store, candidate, limit), problem or str(error), Verdict()
    except (EOFError, zlib.error, OSError) as error:
        problem = problem or f"unreadable: {type(error).__name__}: {error}"
        return _archived_raw(store, candidate, limit), problem, Verdict()
    if payload.size == 0 and _is_good(candidate.http_status):
        problem = problem or "empty: the payload has no bytes"
    verdict = candidate.verdict() if candidate.verdict else Verdict()
    if verdict.problem:
        evidence = _archived_raw(store, candidate, limit)
        return evidence or payload, problem or verdict.problem, verdict
    return payload, problem, verdict


def _is_good(http_status: int | None) -> bool:
    """True unless the answer says that it is not the page: a redirect needs no body."""
    return http_status is None or 200 <= http_status < 300


def _archived_raw(store: Store, candidate: Candidate, limit: int) -> Payload | None:
    """The bytes as they lie on disk, where the payload in them cannot be read."""
    if candidate.open_raw is None:
        return None
    try:
        with candidate.open_raw() as stream:
            return store.put(stream, limit)
    except ArchiveError:
        raise
    except (OSError, PayloadTooLargeError):
        return None


def _revisit(candidate: Candidate) -> dict[str, Any]:
    """What tells the capture that a revisit refers to; nothing for what is none."""
    revisit = candidate.revisit
    if revisit is None:
        return {}
    uri = stored_uri(revisit.uri) if revisit.uri else None
    return {
        "payload_digest": revisit.payload_digest,
        "refers_to_uri": uri if uri and len(uri) <= URI_LIMIT else None,
        "refers_to_at": revisit.at,
    }


def _text(value: str | None) -> str | None:
    return None if value is None else stored_text(value)


def _uri(uri: str | None) -> str | None:
    """The address, or as much of it as is kept."""
    return uri if uri is None or len(uri) <= URI_LIMIT else uri[: URI_LIMIT - 1] + "…"
