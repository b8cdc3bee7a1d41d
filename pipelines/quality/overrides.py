"""Decisions to publish though a blocking check fails: ``ops.overrides``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.ids import stable_id
from pipelines.quality.suites import MAX_KEYS
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.quality.records import CheckResult

_TARGET = re.compile(r"([a-z0-9_]+)\.([a-z0-9_]+)(?:@(\d{4}-\d{2}-\d{2}))?")


class OverrideError(ValueError):
    """A decision that cannot be recorded; the message names the check and the mend."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an override is about: one check on one day or whole table."""

    asset: str
    check: str
    day: date | None

    def __str__(self) -> str:
        return f"{self.asset}.{self.check}" + (f"@{self.day}" if self.day else "")


@dataclass(frozen=True, slots=True)
class Failure:
    """What a check gave where it does not hold: what an override accepts, or what it must cover."""

    unexpected_count: int | None
    failing_keys: frozenset[str]
    """MAX_KEYS of them at most."""
    error: str | None
    observed: str | None
    """As JSON."""

    def covers(self, other: Failure) -> bool:
        """True where whoever accepted this failure has accepted ``other`` too.

        Not where it has more failing rows or other ones, as far as keys are known; a rule that
        broke with another message is another failure, and so is another observed value of a rule
        that counts no rows.
        """
        if self.error != other.error:
            return False
        if self.error is not None:
            return True
        if self.unexpected_count is None or other.unexpected_count is None:
            return (self.unexpected_count, self.observed) == (
                other.unexpected_count,
                other.observed,
            )
        if other.unexpected_count > self.unexpected_count:
            return False
        return len(self.failing_keys) >= MAX_KEYS or other.failing_keys <= self.failing_keys


@dataclass(frozen=True, slots=True)
class Override:
    """A decision that is in force."""

    override_id: str
    target: Target
    accepted: Failure
    note: str
    decided_by: str
    decided_at: datetime


def read_target(text: str) -> Target:
    """``ASSET.CHECK`` or ``ASSET.CHECK@YYYY-MM-DD``. Raises OverrideError for anything else."""
    match = _TARGET.fullmatch(text.strip())
    try:
        day = date.fromisoformat(match[3]) if match and match[3] else None
    except ValueError:
        match = None
    if not match:
        raise OverrideError(
            f"{text!r}: name a check as ASSET.CHECK, or ASSET.CHECK@YYYY-MM-DD for one of a day"
        )
    return Target(match[1], match[2], day)


def in_force(connection: DuckDBPyConnection) -> list[Override]:
    """Overrides that have not ended, oldest first."""
    return [
        Override(
            key,
            Target(asset, check, day),
            _failure(count, keys, error, observed),
            note,
            who,
            at,
        )
        for key, asset, check, day, count, keys, error, observed, note, who, at in (
            connection.execute(project.sql_text("load/overrides_in_force.sql")).fetchall()
        )
    ]


def with_overrides(
    connection: DuckDBPyConnection, results: Iterable[CheckResult]
) -> list[CheckResult]:
    """Results with the id of the override that covers each failure, where one does.

    An override whose check passes has done its work and ends here. One that does not cover what
    fails now stays, and covers it again once the rows that came since are mended.
    """
    known = {override.target: override for override in in_force(connection)}
    marked: list[CheckResult] = []
    for result in results:
        target = Target(result.check.asset, result.check.name, result.partition)
        override = known.get(target)
        if override and result.success:
            _end(connection, override.override_id)
        covered = override and not result.success and override.accepted.covers(_of(result))
        marked.append(
            replace(result, override_id=override.override_id if override and covered else None)
        )
    return marked


def decide(
    connection: DuckDBPyConnection, targets: Sequence[Target], note: str, who: str
) -> list[Override]:
    """Records that what fails on ``targets`` may be published, all of them or none.

    What stands failed at this moment is what is accepted. An earlier override of the same check
    and day is replaced. Raises OverrideError where the note is empty, or a target does not stop the
    publish at present.
    """
    if not note.strip():
        raise OverrideError("say why: --note TEXT is kept beside the data for whoever reads it")
    found = [_blocking(connection, target) for target in dict.fromkeys(targets)]
    with transaction(connection):
        return [_insert(connection, target, row, note.strip(), who) for target, row in found]


def take_back(connection: DuckDBPyConnection, targets: Sequence[Target]) -> list[Override]:
    """Ends the overrides of ``targets``, all of them or none; what they covered blocks again.

    Raises OverrideError where none is in force for a target.
    """
    known = {override.target: override for override in in_force(connection)}
    for target in targets:
        if target not in known:
            others = ", ".join(map(str, known)) or "none"
            raise OverrideError(f"{target}: no override is in force for it; in force: {others}")
    ended = [known[target] for target in dict.fromkeys(targets)]
    with transaction(connection):
        for override in ended:
            _end(connection, override.override_id)
    return ended


def _blocking(connection: DuckDBPyConnection, target: Target) -> tuple[Target, dict[str, Any]]:
    """The standing failure that a target names; the day may be left out where one alone fails."""
    cursor = connection.execute(
        project.sql_text("load/overridable.sql"),
        {"asset": target.asset, "check_name": target.check},
    )
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if not rows:
        raise OverrideError(
            f"{target}: there is no result of such a check. Only a check that was run and failed"
            " can be overridden; a day that was not audited, or whose run was killed, cannot:"
            " newsledger run finishes it"
        )
    stops = [row for row in rows if row["stops"]]
    if target.day is None and len(stops) > 1:
        days = ", ".join(f"{target}@{row['partition_key']}" for row in stops)
        raise OverrideError(f"{target} fails on several days, name each: {days}")
    wanted = [row for row in stops if target.day in (None, row["partition_key"])]
    if not wanted:
        raise OverrideError(
            f"{target}: it does not stop the publish, so there is nothing to override"
            + (
                "; it is on a whole table, without a day"
                if rows[0]["partition_key"] is None
                else ""
            )
        )
    return replace(target, day=wanted[0]["partition_key"]), wanted[0]


def _insert(
    connection: DuckDBPyConnection, target: Target, row: dict[str, Any], note: str, who: str
) -> Override:
    now = datetime.now(UTC)
    for before in in_force(connection):
        if before.target == target:
            _end(connection, before.override_id)
    key = stable_id(str(target), now.isoformat())
    keys = row["failing_keys"] or []
    accepted = _failure(row["unexpected_count"], keys, row["error"], row["observed"])
    insert_rows(
        connection,
        "ops.overrides",
        [
            {
                "override_id": key,
                "asset_key": target.asset,
                "check_name": target.check,
                "partition_key": target.day,
                "unexpected_count": row["unexpected_count"],
                "failing_keys": keys,
                "error": row["error"],
                "observed": row["observed"],
                "note": note,
                "decided_by": who,
                "decided_at": now,
            }
        ],
    )
    connection.execute(
        project.sql_text("load/override_result.sql"),
        {"override_id": key, "asset": target.asset, "check_name": target.check, "day": target.day},
    )
    return Override(key, target, accepted, note, who, now)


def _end(connection: DuckDBPyConnection, override_id: str) -> None:
    connection.execute(
        "UPDATE ops.overrides SET ended_at = ? WHERE override_id = ?",
        [datetime.now(UTC), override_id],
    )


def _of(result: CheckResult) -> Failure:
    from pipelines.quality.results import observed_json

    return _failure(
        result.unexpected_count, result.failing_keys, result.error, observed_json(result)
    )


def _failure(
    count: int | None, keys: Iterable[str] | None, error: str | None, observed: str | None
) -> Failure:
    return Failure(count, frozenset(keys or ()), error, observed)
