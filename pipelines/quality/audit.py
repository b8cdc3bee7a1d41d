"""One audit of an asset: what changed is checked, results become rows, failing rows are listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pipelines.quality.measures import measure_day
from pipelines.quality.overrides import with_overrides
from pipelines.quality.quarantine import (
    except_released,
    held_keys,
    list_failing,
    retire_rules,
    without_released,
)
from pipelines.quality.results import declare, record, with_held
from pipelines.quality.suites import Suite, suites_of
from pipelines.quality.unchanged import State, carried, note_audit, state_of
from pipelines.warehouse.connection import transaction, writing

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.quality.records import CheckResult
    from pipelines.settings import Settings

MEMORY_LIMIT = "300MB"
"""Bound on DuckDB's buffers while states are read: with Great Expectations' 250 MB and Python's own
an audit stays below 700 MB. Nothing is sorted or joined here that would need more."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One suite on one day, or on a whole table."""

    suite: Suite
    partition: date | None
    state: State | None
    known: list[CheckResult] | None
    """Results that need no run of the rules."""

    @property
    def is_carried(self) -> bool:
        """True where nothing has to be written: it stands as it was."""
        return self.known is not None and all(result.carried for result in self.known)


def audit_asset(settings: Settings, asset: str, day: date | None, run_id: str) -> list[CheckResult]:
    """Every check of an asset on a day, or on whole tables; in the suites' order.

    A suite whose rows are as they were when it was last run gives its results of then, and Great
    Expectations is imported only where one has to run. Results that are new are written to
    ``ops.quality_results``, and failing rows to ``ops.quarantine``.

    Other days whose rows changed since their audit (``ops.unaudited``) are audited besides, so that
    no publish goes past them. Their results are written under their days, and not returned.
    """
    with writing(settings) as connection:
        begun = datetime.now(UTC)
        parts = _plan(connection, asset, day, begun)
        if all(part.known is not None for part in parts):
            return _conclude(connection, asset, day, parts, {}, run_id=run_id, begun=begun)
    from pipelines.quality import engine

    wanted = [(part.suite, part.partition) for part in parts if part.known is None]
    fresh = engine.audit(settings.warehouse_file, wanted)
    with writing(settings) as connection:
        return _conclude(connection, asset, day, parts, fresh, run_id=run_id, begun=begun)


def _plan(
    connection: DuckDBPyConnection, asset: str, day: date | None, now: datetime
) -> list[_Part]:
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    declare(connection)
    suites = without_released(connection, suites_of(asset))
    days = [day, *_other_days(connection, asset, day)]
    # As rules do (``Suite.at``): by the minute, no audit would find the figures as they were.
    hour = now.replace(minute=0, second=0, microsecond=0)
    for changed in days:
        measure_day(connection, asset, changed, now=hour)
    parts = []
    for place, changed in enumerate(days):
        for declared in suites:
            if place and not declared.is_daily:
                continue
            partition = declared.partition(changed)
            suite = declared.at(partition, now)
            state = state_of(connection, suite, partition)
            known = carried(connection, suite, partition, state)
            parts.append(_Part(suite, partition, state, known))
    return parts


def _other_days(connection: DuckDBPyConnection, asset: str, day: date | None) -> list[date]:
    rows = connection.execute(
        "SELECT DISTINCT partition_key FROM ops.unaudited"
        " WHERE asset_key = ? AND partition_key IS DISTINCT FROM ? ORDER BY partition_key",
        [asset, day],
    ).fetchall()
    return [changed for (changed,) in rows]


def _conclude(
    connection: DuckDBPyConnection,
    asset: str,
    day: date | None,
    parts: list[_Part],
    fresh: dict[tuple[str, date | None], tuple[list[CheckResult], float]],
    *,
    run_id: str,
    begun: datetime,
) -> list[CheckResult]:
    """Writes what is new, in one transaction; returns the results of the day and whole tables."""
    results: list[CheckResult] = []
    with transaction(connection):
        retire_rules(connection, run_id)
        for part in parts:
            found, seconds = part.known or [], None
            if part.known is None:
                found, seconds = fresh[part.suite.name, part.partition]
                found = except_released(connection, part.suite, found)
            if not part.is_carried:
                if part.partition:
                    found = with_held(found, held_keys(connection, asset, part.partition))
                list_failing(connection, part.suite, found, run_id)
            found = with_overrides(connection, found)
            record(connection, found, run_id)
            note_audit(
                connection,
                part.suite,
                part.partition,
                part.state,
                run_id=run_id,
                begun=begun,
                seconds=seconds,
                is_carried=part.is_carried,
            )
            if part.partition in (None, day):
                results.extend(found)
        audited = [part.partition for part in parts if part.partition]
        connection.execute(
            "DELETE FROM ops.unaudited"
            " WHERE asset_key = ? AND list_contains(?::DATE[], partition_key) AND changed_at <= ?",
            [asset, audited, begun],
        )
    return results
