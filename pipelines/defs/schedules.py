"""The jobs: a day from its captures to the published snapshot, in one or in two; the schedule."""

from datetime import UTC

import dagster as dg

daily_warehouse = dg.define_asset_job(
    "daily_warehouse",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="One day from its captures to the published snapshot, checks included.",
)

one_day = dg.define_asset_job(
    "one_day",
    selection=dg.AssetSelection.groups("ingest", "clean", "validate", "normalise"),
    executor_def=dg.in_process_executor,
    description="One day up to its last check. The command line runs this for each of its days.",
)
publish = dg.define_asset_job(
    "publish",
    selection=dg.AssetSelection.groups("publish"),
    executor_def=dg.in_process_executor,
    description="Marts and snapshot. The command line runs this once, after its days.",
)


@dg.schedule(
    job=daily_warehouse,
    cron_schedule="*/30 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every half hour, today's partition: only what is new costs anything.",
)
def every_half_hour(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Requests today's run. Switched on in the UI."""
    day = context.scheduled_execution_time.astimezone(UTC).date().isoformat()
    return dg.RunRequest(run_key=context.scheduled_execution_time.isoformat(), partition_key=day)
