"""What lasts and people should know of: told once by webhook or mail, and again when it is over.

A check that stops the publish, a snapshot that is old, a source that gives nothing new: each is a
row of ``ops.alerts`` from its beginning to its end, whether or not there is anybody to tell. A
failed run is told by the sensor ``failed_runs``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.alerts import Alert, one_line, send, without_long_quotes
from pipelines.ids import stable_id
from pipelines.quality.live import live_snapshot, unless_written
from pipelines.warehouse.connection import transaction, writing
from pipelines.warehouse.lock import LockTimeoutError, holder, writer_lock
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from pipelines.settings import Settings

MESSAGES_AT_ONCE = 4
"""A look sends no more, since a server that hangs costs 10 s each and a sensor has 60; the rest
comes with the next look."""
LISTED = 10
"""Subjects that a message lists."""
LONGEST_QUERY = 2000
FORGOTTEN_AFTER = timedelta(days=3)
"""That something is over is news for so long: addresses that are set later are not told."""

_one_at_a_time = threading.Lock()
"""Sensors are threads of one process, where a file lock lets everybody in who comes second."""

_OVERRIDDEN = """
    SELECT override_by || ' decided to publish all the same: ' || override_note
    FROM ops.standing_results
    WHERE
        asset_key || '.' || check_name || coalesce('@' || partition_key, '') = ?
        AND override_id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that lasts at this moment."""

    kind: str
    """``blocked``, ``stale`` or ``quiet``."""
    subject: str
    """``asset.check@day``, ``snapshot`` or a source_id; with the kind its key."""
    message: str
    query: str
    """Query that shows it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of ``ops.alerts``."""

    alert_id: str
    kind: str
    subject_key: str
    message: str
    query: str | None
    opened_at: datetime
    told_at: datetime | None = None
    cleared_at: datetime | None = None
    cleared_told_at: datetime | None = None

    @property
    def is_due(self) -> bool:
        """True where people do not know yet that it began, or that it is over."""
        if self.cleared_at is None:
            return self.told_at is None
        return self.told_at is not None and self.cleared_told_at is None


@dataclass(frozen=True, slots=True)
class Look:
    """What a look gave."""

    lasting: tuple[str, ...] = ()
    """Messages of what lasts, as far as it could be seen."""
    told: tuple[str, ...] = ()
    """Subjects of the messages that were sent."""
    undelivered: tuple[str, ...] = ()
    """Why a message did not reach an address, a line each; it is sent again with the next look
    where it reached none."""
    remark: str | None = None
    """What could not be looked at, and why."""


def watch(settings: Settings, now: datetime | None = None) -> Look:
    """Looks at what lasts, notes it in ``ops.alerts`` and tells what people do not know yet.

    Never waits for a run. While one writes, only the age of the snapshot can be seen, and that is
    told all the same: a run that hangs is what makes it old.
    """
    now = now or datetime.now(UTC)
    if not settings.warehouse_file.exists():
        return Look(remark="there is no warehouse yet")
    lock = settings.home / "work" / "alerts.lock"
    try:
        with _one_at_a_time, writer_lock(lock, timeout=0, say=lambda _: None):
            return _look(settings, now)
    except LockTimeoutError:
        return Look(remark="another process looks at this moment")


def _look(settings: Settings, now: datetime) -> Look:
    journal = _Journal(settings.home / "work" / "alerts.json")
    remark = None
    try:
        with unless_written(settings), writing(settings) as connection:
            entries, remark = _reconciled(connection, settings, journal, now)
    except LockTimeoutError:
        remark = f"being written by {holder(settings.lock_file)}: only the snapshot's age is seen"
        known = [entry for entry in journal.entries if entry.kind == "stale"]
        entries = known or [_opened(problem, now) for problem in _stale(settings, now)]
    told, undelivered = [], []
    for alert, group in _messages(settings, entries):
        problems = send(settings, alert)
        undelivered.extend(problems)
        if len(problems) == _addresses(settings):
            break
        told.append(alert.subject)
        journal.note([_told(entry, now) for entry in group])
    _store(settings, journal)
    lasting = [entry.message for entry in entries if entry.cleared_at is None]
    return Look(tuple(lasting), tuple(told), tuple(undelivered), remark)


def _reconciled(
    connection: DuckDBPyConnection, settings: Settings, journal: _Journal, now: datetime
) -> tuple[list[Entry], str | None]:
    """Entries that last or ended a short while ago, brought up to date in ``ops.alerts``."""
    problems = [*_blocked(connection), *_stale(settings, now)]
    quiet, remark = _quiet(connection, settings)
    lasting = {(p.kind, p.subject): p for p in [*problems, *(quiet or ())]}
    journal.write_to(connection)
    with transaction(connection):
        entries = _due(connection, now)
        open_ones = {(e.kind, e.subject_key): e for e in entries if e.cleared_at is None}
        for key, entry in open_ones.items():
            # Where the list of sources cannot be read, nothing is known of them.
            if key not in lasting and not (entry.kind == "quiet" and quiet is None):
                _clear(connection, entry, now)
        new = [_opened(problem, now) for key, problem in lasting.items() if key not in open_ones]
        insert_rows(connection, "ops.alerts", [asdict(entry) for entry in new])
        return _due(connection, now), remark


def _due(connection: DuckDBPyConnection, now: datetime) -> list[Entry]:
    query = project.sql_text("load/alerts_due.sql")
    rows = connection.execute(query, {"since": now - FORGOTTEN_AFTER}).fetchall()
    return [Entry(*row) for row in rows]


def _opened(problem: Problem, now: datetime) -> Entry:
    key = stable_id(problem.kind, problem.subject, now.isoformat())
    return Entry(key, problem.kind, problem.subject, problem.message, problem.query, now)


def _clear(connection: DuckDBPyConnection, entry: Entry, now: datetime) -> None:
    """Ends an entry. Its message says from then on how it ended, where that is a decision."""
    row = connection.execute(_OVERRIDDEN, [entry.subject_key]).fetchone()
    decided = f"; {row[0]}" if row and entry.kind == "blocked" else ""
    connection.execute(
        "UPDATE ops.alerts SET cleared_at = ?, message = ? WHERE alert_id = ?",
        [now, one_line(entry.message + decided), entry.alert_id],
    )


def _blocked(connection: DuckDBPyConnection) -> Iterator[Problem]:
    """Checks that stop the publish.

    Days that were not audited follow from those, or from a run that died, which is told already.
    """
    rows = connection.execute(project.sql_text("load/alerts_blocked.sql")).fetchall()
    for subject, why, query in rows:
        words = without_long_quotes(f"{subject} does not hold, so nothing is published: {why}")
        yield Problem("blocked", subject, one_line(words), query)


def _stale(settings: Settings, now: datetime) -> Iterator[Problem]:
    live = live_snapshot(settings, now)
    if live.is_stale and live.published_at:
        yield Problem(
            "stale",
            "snapshot",
            f"the snapshot is of {live.published_at:%Y-%m-%d %H:%M} UTC, older than"
            f" {settings.stale_hours:g} hours",
            "SELECT * FROM ops.snapshots ORDER BY published_at DESC LIMIT 10",
        )


def _quiet(
    connection: DuckDBPyConnection, settings: Settings
) -> tuple[list[Problem] | None, str | None]:
    """Web sources that gave no article for longer than their ``fresh_hours``, by what was asked.

    None, with the reason, where the list of sources cannot be read.
    """
    from pipelines.ingest.records import SourceError
    from pipelines.ingest.sources import load_sources

    try:
        sources = load_sources(settings.sources_file)
    except SourceError as error:
        return None, one_line(f"sources are not watched: {error}")
    watched = [source for source in sources if source.enabled and source.is_web]
    if not watched:
        return [], None
    rows = connection.execute(
        project.sql_text("load/quiet_sources.sql"),
        {
            "source_ids": [source.id for source in watched],
            "fresh_hours": [float(source.fresh_hours) for source in watched],
        },
    ).fetchall()
    return [
        Problem(
            "quiet",
            name,
            f"source {name} gives nothing new: its last article came"
            f" {f'{last:%Y-%m-%d %H:%M} UTC' if last else 'never'}, though something is expected"
            f" every {hours:g} hours and it was asked {asked:%Y-%m-%d %H:%M} UTC",
            f"SELECT * FROM mart.source_health WHERE source_id = '{name}'",  # noqa: S608  # for people
        )
        for name, hours, last, asked in rows
    ], None


def _messages(
    settings: Settings, entries: Iterable[Entry]
) -> Iterator[tuple[Alert, Sequence[Entry]]]:
    """One message for all days of a check, and one for all sources; the oldest first."""
    if not _addresses(settings):
        return

    def about(entry: Entry) -> tuple[bool, str, str]:
        check = entry.subject_key.partition("@")[0] if entry.kind == "blocked" else ""
        return (entry.cleared_at is not None, entry.kind, check)

    due = sorted((entry for entry in entries if entry.is_due), key=about)
    groups = [(key, list(group)) for key, group in groupby(due, key=about)]
    for (is_over, kind, check), group in groups[:MESSAGES_AT_ONCE]:
        yield _alert(kind, check, group, is_over=is_over), group


def _alert(kind: str, check: str, entries: Sequence[Entry], *, is_over: bool) -> Alert:
    what = {
        "blocked": f"{check} stops the publish",
        "stale": "the snapshot is old",
        "quiet": f"sources that give nothing new: {len(entries)}",
    }[kind]
    lines = [entry.message for entry in entries[:LISTED]]
    if len(entries) > LISTED:
        lines.append(f"and {len(entries) - LISTED} more")
    query = (entries[0].query or "")[:LONGEST_QUERY]
    if is_over:
        text = ["newsledger: this is over:", *lines]
    else:
        where = "the working file" if kind == "blocked" else "the snapshot (newsledger sql)"
        text = [*lines, f"This query shows it, on {where}:", query, "See also: newsledger status"]
    return Alert(
        subject=one_line(f"newsledger: {'over: ' * is_over}{what}"),
        text="\n".join(text),
        fields={
            "event": "cleared" if is_over else "opened",
            "kind": kind,
            "subjects": ", ".join(entry.subject_key for entry in entries[:LISTED]),
            "query": query,
        },
    )


def _addresses(settings: Settings) -> int:
    return bool(settings.alert_webhook) + bool(settings.alert_mail)


def _told(entry: Entry, now: datetime) -> Entry:
    if entry.cleared_at is None:
        return replace(entry, told_at=now)
    return replace(entry, cleared_told_at=now)


def _store(settings: Settings, journal: _Journal) -> None:
    """Brings what was told to the warehouse, unless a run writes: the next look does it then."""
    if not journal.entries:
        return
    try:
        with unless_written(settings), writing(settings) as connection:
            journal.write_to(connection)
    except LockTimeoutError:
        return


class _Journal:
    """What people were told, beside the warehouse: a run may write there just then.

    It keeps that they know of an old snapshot, since that is also looked at while a run writes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: dict[str, Entry] = {}
        if path.exists():
            for row in json.loads(path.read_text(encoding="utf-8")):
                entry = Entry(**{field.name: _read(row, field.name) for field in fields(Entry)})
                self._entries[entry.alert_id] = entry

    @property
    def entries(self) -> list[Entry]:
        """What it has, oldest first."""
        return list(self._entries.values())

    def note(self, entries: Iterable[Entry]) -> None:
        """Adds entries that people were told of; on disk at once."""
        self._entries |= {entry.alert_id: entry for entry in entries}
        self._save()

    def write_to(self, connection: DuckDBPyConnection) -> None:
        """Brings the entries to ``ops.alerts``, and keeps those of a snapshot that is old still."""
        with transaction(connection):
            done = [entry for entry in self.entries if _write(connection, entry)]
        for entry in done:
            del self._entries[entry.alert_id]
        self._save()

    def _save(self) -> None:
        if not self._entries:
            self._path.unlink(missing_ok=True)
            return
        rows = [asdict(entry) for entry in self.entries]
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_text(json.dumps(rows, default=str), encoding="utf-8")
        fresh.replace(self._path)


def _write(connection: DuckDBPyConnection, entry: Entry) -> bool:
    """Brings an entry to ``ops.alerts``. False where the journal must go on to keep it."""
    known = connection.execute(
        "SELECT cleared_at FROM ops.alerts WHERE alert_id = ?", [entry.alert_id]
    ).fetchone()
    if known is None:
        insert_rows(connection, "ops.alerts", [asdict(entry)])
    connection.execute(
        "UPDATE ops.alerts SET told_at = coalesce(told_at, ?),"
        " cleared_told_at = coalesce(cleared_told_at, ?) WHERE alert_id = ?",
        [entry.told_at, entry.cleared_told_at, entry.alert_id],
    )
    return entry.kind != "stale" or bool(known and known[0])


def _read(row: dict[str, Any], name: str) -> Any:
    value = row[name]
    return datetime.fromisoformat(value) if name.endswith("_at") and value else value
