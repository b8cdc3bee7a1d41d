"""One audit of an asset: what changed is checked, results become rows, failing rows are listed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pipelines.quality.measures import measure_day
from pipelines.quality.overrides import with_overrides
from pipelines.quality.quarantine import held_keys, list_failing, without_released
from pipelines.quality.results import declare, record, with_held
from pipelines.quality.suites import Suite, suites_of
from pipelines.quality.unchanged import carried, note_audit, state_of
from pipelines.warehouse.connection import transaction, writing

if TYPE_CHECKING:
    from pipelines.quality.records import CheckResult
    from pipelines.settings import Settings


def audit_asset(settings: Settings, asset: str, day: date | None, run_id: str) -> list[CheckResult]:
    """Every check of an asset on a day, or on whole tables; in the suites' order.

    A suite whose rows are as they were when it was last run gives its results of then, and Great
    Expectations is imported only where one has to run. Results that are new are written to
    ``ops.quality_results``, and failing rows to ``ops.quarantine``.
    """
    with writing(settings) as connection:
        declare(connection)
        measure_day(connection, asset, day)
        planned: list[tuple[Suite, date | None, str, list[CheckResult] | None]] = []
        for declared in without_released(connection, suites_of(asset)):
            partition = declared.partition(day)
            suite = declared.at(partition, datetime.now(UTC))
            state = state_of(connection, suite, partition)
            planned.append((suite, partition, state, carried(connection, suite, partition, state)))
    fresh = _run(settings, [(s, p) for s, p, _, known in planned if known is None])
    results: list[CheckResult] = []
    with writing(settings) as connection, transaction(connection):
        held = held_keys(connection, asset, day)
        for suite, partition, state, known in planned:
            found, seconds = (known, None) if known is not None else fresh[suite.name]
            if known is None:
                found = with_held(found, held) if partition else found
                list_failing(connection, suite, found, run_id)
            found = with_overrides(connection, found)
            record(connection, found, run_id)
            note_audit(connection, suite, partition, state, run_id, seconds)
            results.extend(found)
    return results


def _run(
    settings: Settings, suites: list[tuple[Suite, date | None]]
) -> dict[str, tuple[list[CheckResult], float]]:
    """Results and seconds of each suite, by name. Great Expectations is imported for none."""
    if not suites:
        return {}
    from pipelines.quality import engine

    return engine.audit(settings.warehouse_file, suites)
