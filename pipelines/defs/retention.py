"""Dagster's own history, kept small: runs that later ones of their day superseded are forgotten.

A run leaves rows for each check in Dagster's storage, some 4 MB in all; a schedule that runs every
half hour would fill a disk with days on which nothing happened. What checks found, and when, stays
in ``ops.quality_results`` and ``ops.runs``, which analysts can query.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

KEPT_WHOLE = timedelta(days=2)
"""Every run of the last two days stays: who looks on Monday sees the weekend's last ones too."""
LOOKED_AT = timedelta(days=16)
"""What is older was looked at before: a service that stood still for two weeks catches up."""
DAY_TAG = "dagster/partition"


def forget_superseded(instance: dg.DagsterInstance, limit: int, now: datetime | None = None) -> int:
    """Deletes successful runs older than two days that later ones of their job and day followed.

    Failed runs stay, and the last successful one of each day: what the UI shows of a day is what
    that one found. Returns the number of runs deleted, ``limit`` at most.
    """
    now = now or datetime.now(UTC)
    old = dg.RunsFilter(
        statuses=[dg.DagsterRunStatus.SUCCESS],
        updated_after=now - LOOKED_AT,
        updated_before=now - KEPT_WHOLE,
    )
    last: dict[tuple[str, str | None], str] = {}
    deleted = 0
    for run in instance.get_runs(old, ascending=True):
        if deleted == limit:
            break
        key = (run.job_name, run.tags.get(DAY_TAG))
        if key not in last:
            last[key] = _last_success(instance, *key)
        if run.run_id != last[key]:
            _forget(instance, run.run_id)
            deleted += 1
    return deleted


def _last_success(instance: dg.DagsterInstance, job: str, day: str | None) -> str:
    alike = dg.RunsFilter(
        job_name=job,
        statuses=[dg.DagsterRunStatus.SUCCESS],
        tags={DAY_TAG: day} if day else None,
    )
    return next(iter(instance.get_runs(alike, limit=1))).run_id


def _forget(instance: dg.DagsterInstance, run_id: str) -> None:
    """A run with its events and check results; Dagster's own deletion leaves the latter."""
    instance.delete_run(run_id)
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        return
    with storage.index_connection() as connection:
        connection.execute(
            AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id == run_id)
        )
    # SQLite has a file a run, which stays as large as it was.
    if hasattr(storage, "path_for_shard"):
        for ending in ("", "-wal", "-shm"):
            Path(storage.path_for_shard(run_id) + ending).unlink(missing_ok=True)


@dg.sensor(
    minimum_interval_seconds=3600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Forgets runs older than two days that later ones of the same day have superseded.",
)
def superseded_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Up to 500 an hour, oldest first."""
    return dg.SkipReason(f"forgotten: {forget_superseded(context.instance, 500)}")
