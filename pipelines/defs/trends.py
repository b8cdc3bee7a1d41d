"""What checks gave before, read from the warehouse for the Dagster UI."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import dagster as dg

from pipelines import project
from pipelines.defs.check_view import Earlier, observation_of
from pipelines.quality.records import CheckResult
from pipelines.settings import Settings
from pipelines.warehouse.connection import connect


def earlier_results(settings: Settings, results: Sequence[CheckResult]) -> dict[str, list[Earlier]]:
    """Of each check that does not pass its latest results by day, newest first, by its name."""
    failing = [result.check for result in results if not result.success]
    if not failing:
        return {}
    with connect(settings.warehouse_file, read_only=True) as connection:
        rows = connection.execute(
            project.sql_text("load/recent_results.sql"),
            {"asset": failing[0].asset, "checks": [check.name for check in failing]},
        ).fetchall()
    found: dict[str, list[Earlier]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Earlier(*row))
    return found


def observation(
    settings: Settings, day: date | None, results: Sequence[CheckResult]
) -> dg.AssetObservation:
    """What the audit of one asset gave in all; see ``check_view.observation_of``."""
    with connect(settings.warehouse_file, read_only=True) as connection:
        (in_quarantine, failed_of_late) = connection.execute(
            project.sql_text("load/quarantined_and_failing.sql"),
            {"asset": results[0].check.asset, "day": day},
        ).fetchone() or (0, [])
    return observation_of(results, day, in_quarantine, failed_of_late or [])
