"""The ledger of people's judgements about entities: a file that outlives the warehouse.

JSON lines, each one row of a judgement or the undoing of one. Lines are only ever appended: what
was decided, by whom and why stays readable, and two copies of a ledger can be joined line by line.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.ids import stable_id
from pipelines.warehouse.lock import writer_lock

logger = logging.getLogger(__name__)

SAME, NOT_THE_SAME, UNSURE = "positive", "negative", "unsure"
JUDGEMENTS = (SAME, NOT_THE_SAME, UNSURE)
REFERENT, NAME = "referent:", "name:"
"""How ``right_id`` begins where something is taken out of an entity: one article's referent, or
what bears a printed name (``name:<type>|<key>``)."""
ID_DIGITS = 12
"""Hex digits of a judgement's id: people type it, and a ledger has thousands at most."""
SHORTEST_ID = 4
"""Characters that an abbreviated id has at least."""
LOCK_SECONDS = 30.0
"""An append takes milliseconds; who waits longer waits for a process that hangs."""

_MARK = "damaged_line"
_TEXTS = ("judgement_id", "left_id", "right_id", "judgement")
_OPTIONAL_TEXTS = ("user", "reason", "left_anchor", "right_anchor", "left_name", "right_name")


class LedgerError(ValueError):
    """A ledger that cannot be read or written; the message names the file, the line, the mend."""


class UnknownJudgementError(LookupError):
    """No judgement in force goes by that id."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One row of ``entity_judgements``; the comments in sql/schema say what the columns mean."""

    judgement_id: str
    left_id: str
    right_id: str
    judgement: str
    created_at: datetime
    user: str | None = None
    reason: str | None = None
    score: float | None = None
    left_anchor: str | None = None
    right_anchor: str | None = None
    """Beside ``referent:`` the article's id, which finds what is meant where its id changed."""
    deleted_at: datetime | None = None
    stayed: tuple[str, ...] = ()
    """Where something is taken out: beginnings of the ids of the referents that were seen and left
    in. What is in neither part came later. In the ledger only, no column."""
    left_name: str | None = None
    """What the entity was called when it was judged, for who reads the ledger; no column either."""
    right_name: str | None = None

    @property
    def order(self) -> tuple[datetime, str, str, str]:
        """Oldest first; of equal times, an order that the ledger's lines have no part in."""
        return self.created_at, self.judgement_id, self.left_id, self.right_id

    @property
    def takes_out(self) -> bool:
        """True where it takes referents or a name out of ``left_id``."""
        return self.judgement == NOT_THE_SAME and self.right_id.startswith((REFERENT, NAME))


def read_judgements(ledger: Path) -> list[Judgement]:
    """Every judgement, oldest first, undone ones with their ``deleted_at``; none without a ledger.

    A last line that a crash cut short is left out, with a warning that names it.

    Raises LedgerError for any other line that is no judgement.
    """
    rows: list[Judgement] = []
    undone: dict[str, datetime] = {}
    for number, record in _records(ledger):
        try:
            if "undo" in record:
                at = _time(record["created_at"])
                undone[record["undo"]] = min(at, undone.get(record["undo"], at))
            else:
                rows.append(_judgement(record))
        except (KeyError, TypeError, ValueError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else error
            raise LedgerError(f"{ledger}:{number}: no judgement: {what}; {_MEND}") from error
    for judgement_id in sorted(undone.keys() - {row.judgement_id for row in rows}):
        logger.warning("%s undoes %s, which it does not hold", ledger, judgement_id)
    rows = [replace(row, deleted_at=undone.get(row.judgement_id)) for row in rows]
    # A line that was copied twice is one row.
    return sorted(dict.fromkeys(rows), key=lambda row: row.order)


_MEND = "correct the line by hand, or restore the file from a copy"


def _records(ledger: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The ledger's objects with their line numbers, from 1; damage that is known is left out."""
    if not ledger.exists():
        return
    lines = ledger.read_bytes().split(b"\n")
    last = max((n for n, line in enumerate(lines, 1) if line.strip()), default=0)
    parsed = {n: _object(line) for n, line in enumerate(lines, 1) if line.strip()}
    known = {record[_MARK] for record in parsed.values() if record and _MARK in record}
    for number, record in parsed.items():
        if number in known or (record and _MARK in record):
            continue
        if record is None and number == last:
            logger.warning("%s:%d: the last line is cut short and left out", ledger, number)
        elif record is None:
            raise LedgerError(f"{ledger}:{number}: the line is damaged; {_MEND}")
        else:
            yield number, record


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _judgement(record: Mapping[str, Any]) -> Judgement:
    for name in (*_TEXTS, *_OPTIONAL_TEXTS):
        value = record[name] if name in _TEXTS else record.get(name)
        if not isinstance(value, str) and (name in _TEXTS or value is not None):
            raise ValueError(f"{name} is {value!r}")
    if record["judgement"] not in JUDGEMENTS:
        raise ValueError(f"judgement is {record['judgement']!r}; it is one of {JUDGEMENTS}")
    score = record.get("score")
    return Judgement(
        judgement_id=record["judgement_id"],
        left_id=record["left_id"],
        right_id=record["right_id"],
        judgement=record["judgement"],
        created_at=_time(record["created_at"]),
        user=record.get("user"),
        reason=record.get("reason"),
        score=None if score is None else float(score),
        left_anchor=record.get("left_anchor"),
        right_anchor=record.get("right_anchor"),
        stayed=tuple(str(part) for part in record.get("stayed", ())),
        left_name=record.get("left_name"),
        right_name=record.get("right_name"),
    )


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"created_at is {text!r}, without a time zone")
    return time.astimezone(UTC)


@contextlib.contextmanager
def writing_ledger(ledger: Path) -> Iterator[None]:
    """Keeps others from judging within the block, so that what it read stays true as it writes.

    The lock is the ledger's own: nobody waits for a run. Raises LockTimeoutError.
    """
    with writer_lock(ledger.with_name(ledger.name + ".lock"), LOCK_SECONDS, lambda _: None):
        yield


def judge_rows(
    ledger: Path,
    rows: Sequence[Judgement],
    *,
    user: str | None,
    reason: str | None,
    now: datetime | None = None,
) -> str:
    """Appends the rows of one decision, which will be undone together. Returns its id.

    Id, time, user and reason of ``rows`` are set here. A decision is later than all before it,
    whatever the clock says: of two that contradict each other the later counts.

    Raises LedgerError, LockTimeoutError.
    """
    with writing_ledger(ledger):
        before = read_judgements(ledger)
        at = _after(before, now)
        taken = {row.judgement_id for row in before}
        parts = [str(part) for row in rows for part in (row.left_id, row.right_id, row.judgement)]
        judgement_id = stable_id(at.isoformat(), user, *parts)
        while judgement_id[:ID_DIGITS] in taken:
            judgement_id = stable_id(judgement_id)
        judgement_id = judgement_id[:ID_DIGITS]
        _append(
            ledger,
            [
                _line(
                    replace(row, judgement_id=judgement_id, created_at=at, user=user, reason=reason)
                )
                for row in rows
            ],
        )
    return judgement_id


def undo_judgement(
    ledger: Path,
    judgement_id: str,
    *,
    user: str | None,
    reason: str | None = None,
    now: datetime | None = None,
) -> None:
    """Appends that a decision is undone. Raises UnknownJudgementError, and as ``judge_rows``."""
    with writing_ledger(ledger):
        before = read_judgements(ledger)
        if not any(r.judgement_id == judgement_id and r.deleted_at is None for r in before):
            raise UnknownJudgementError(f"no judgement in force has the id {judgement_id}")
        at = _after(before, now)
        _append(
            ledger,
            [{"undo": judgement_id, "created_at": at.isoformat(), "user": user, "reason": reason}],
        )


def chosen_judgement(judgements: Sequence[Judgement], name: str | None) -> str:
    """The id of the judgement in force that an id or its beginning means; None: the latest.

    Raises UnknownJudgementError.
    """
    whole = name is not None and len(name) < SHORTEST_ID
    named = [
        row
        for row in judgements
        if (row.judgement_id == name if whole else row.judgement_id.startswith(name or ""))
    ]
    ids = list(dict.fromkeys(row.judgement_id for row in named if row.deleted_at is None))
    if name is None and ids:
        return ids[-1]
    if name is not None and name in ids:
        return name
    if len(ids) == 1:
        return ids[0]
    if ids:
        raise UnknownJudgementError(f"{name!r} may be any of {', '.join(ids)}; give more of it")
    if named and name:
        raise UnknownJudgementError(f"judgement {named[0].judgement_id} is undone already")
    what = f"no judgement has the id {name!r}" if name else "no judgement is in force"
    raise UnknownJudgementError(f"{what}; newsledger entities judgements lists them")


def current_user() -> str | None:
    """Who is logged in, by the environment or the system; None where neither knows."""
    with contextlib.suppress(OSError, KeyError):
        return getpass.getuser()
    return None


def _after(before: Sequence[Judgement], now: datetime | None) -> datetime:
    times = [time for row in before for time in (row.created_at, row.deleted_at) if time]
    at = now or datetime.now(UTC)
    return max([at, *(time + timedelta(microseconds=1) for time in times)])


def _line(row: Judgement) -> dict[str, Any]:
    record = asdict(row) | {"created_at": row.created_at.isoformat(), "stayed": list(row.stayed)}
    del record["deleted_at"]
    return {name: value for name, value in record.items() if value not in (None, [])}


def _append(ledger: Path, records: Sequence[Mapping[str, Any]]) -> None:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    try:
        ledger.parent.mkdir(parents=True, exist_ok=True)
        before = ledger.read_bytes() if ledger.exists() else b""
        if before and not before.endswith(b"\n"):
            # A crash cut the last line short. It stays; the line after it says that it is known.
            tail, number = before.rpartition(b"\n")[2], before.count(b"\n") + 1
            mark = "" if _object(tail) else json.dumps({_MARK: number}) + "\n"
            text = "\n" + mark + text
        is_new = not ledger.exists()
        handle = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            # A reason typed in another encoding reaches Python as surrogates, which are no text.
            _write_all(handle, text.encode("utf-8", "replace"))
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            folder = os.open(ledger.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise LedgerError(f"{ledger}: {error.strerror or error}") from error


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]
