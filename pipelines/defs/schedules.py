"""The jobs: a day from its captures to the published snapshot, in one or in two; the schedule."""

import warnings
from datetime import UTC

import dagster as dg

from pipelines.settings import Settings, SettingsError, load_settings

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

QUIET = {"loggers": {"console": {"config": {"log_level": "WARNING"}}}}
"""Run config: the UI has every event; the service's own log gets what went wrong."""

ASKED_BY = "newsledger/asked_by"
"""Tag of a run: the schedule or sensor that requested it."""

GOING = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
"""States of a run that has not ended."""


def going(instance: dg.DagsterInstance, asked_by: str) -> list[dg.DagsterRun]:
    """Runs that ``asked_by`` requested and that have not ended."""
    wanted = dg.RunsFilter(tags={ASKED_BY: asked_by}, statuses=GOING)
    return list(instance.get_runs(wanted))


def schedule_of(expression: str, problem: str | None = None) -> dg.ScheduleDefinition:
    """The schedule ``today``, by a cron expression in UTC.

    With an expression that is none, or with a ``problem`` of the settings, it ticks half-hourly and
    each tick fails with the message: the UI shows it, and all else in the code location works.
    """
    try:
        return _today(expression, problem)
    except dg.DagsterInvalidDefinitionError:
        problem = (
            f"NEWSLEDGER_SCHEDULE: {expression!r} is no cron expression: minute, hour, day of the"
            " month, month, day of the week, in UTC, for example '*/30 * * * *'"
        )
        warnings.warn(problem, stacklevel=2)
        return _today(Settings.model_fields["schedule"].default, problem)


def _today(expression: str, problem: str | None) -> dg.ScheduleDefinition:
    @dg.schedule(
        name="today",
        job=daily_warehouse,
        cron_schedule=expression,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Today's partition by NEWSLEDGER_SCHEDULE: only what is new costs anything.",
    )
    def today(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if problem:
            raise SettingsError(problem)
        before = going(context.instance, "today")
        if before:
            return dg.SkipReason(
                f"run {before[0].run_id[:8]}, requested by an earlier tick, has not ended"
                f" ({before[0].status.value.lower()})"
            )
        tick = context.scheduled_execution_time.astimezone(UTC)
        return dg.RunRequest(
            run_key=tick.isoformat(),
            partition_key=tick.date().isoformat(),
            run_config=QUIET,
            tags={ASKED_BY: "today"},
        )

    return today


def _declared() -> dg.ScheduleDefinition:
    try:
        return schedule_of(load_settings().schedule)
    except SettingsError as error:
        return schedule_of(Settings.model_fields["schedule"].default, str(error))


today = _declared()
