"""The job that materialises a day, and its schedule."""

from datetime import UTC

import dagster as dg

daily_warehouse = dg.define_asset_job(
    "daily_warehouse",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="One day from its captures to the published snapshot, checks included.",
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
