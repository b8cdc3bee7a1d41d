"""When an asset is stale: by the schedule that is to make it."""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

WARN_HOURLY = timedelta(hours=3)
"""Where runs start at least every hour: three hours without one are no accident."""
WARN_DAILY = timedelta(hours=25)
"""Where they start once a day, or a few times: a day may pass, and the length of a run."""


def freshness_of(schedule: str, stale_hours: float) -> dg.FreshnessPolicy | None:
    """The policy that suits the settings; None where runs may lie more than a day apart.

    Every run makes every asset, on whatever day, so one policy suits all of them.

    Args:
        schedule: cron expression; one that is none has no policy: the schedule says what is wrong.
        stale_hours: age at which the settings call the snapshot old.

    """
    fields = schedule.split()
    if len(fields) != 5 or fields[2:] != ["*", "*", "*"]:
        return None
    fail = timedelta(hours=max(stale_hours, 1))
    warn = WARN_HOURLY if fields[1] == "*" else WARN_DAILY
    return dg.FreshnessPolicy.time_window(fail, warn if warn < fail else None)
