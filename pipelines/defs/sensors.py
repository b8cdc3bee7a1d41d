"""What happens without being asked: the inbox, late days, runs that failed or died."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import dagster as dg

from pipelines import project
from pipelines.alerting import watch
from pipelines.alerts import Alert, one_line, root_cause, send
from pipelines.defs.common import code_version
from pipelines.defs.schedules import ASKED_BY, QUIET, daily_warehouse, going
from pipelines.ingest.inbox import Asked, Item, batch_key, look_into, shown
from pipelines.ingest.records import SourceError
from pipelines.ingest.sources import chosen_sources
from pipelines.runner import Inputs, pending_days
from pipelines.settings import Settings, load_settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.lock import LockTimeoutError, holder, is_free, writer_lock
from pipelines.warehouse.runs import end_run

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

INBOX_PATHS = 500
"""Items a run takes from the inbox; what is left comes with the next look."""
LATE_DAYS = 10
"""Days that one look requests."""
LATE_KEY = "newsledger/late_day"
"""Tag of a run for a late day: the state of the day that it was requested for."""
DAY_TAG = "dagster/partition"
"""Dagster's tag of a run for a day."""
TOLD = "newsledger/told"
"""Tag of a failed run: the mark of what people were told of it."""
DEAD_AFTER_SECONDS = 600.0
"""A run that has started takes the writer lock well before (it imports, then waits for it)."""
GATES = ("Failure", "DagsterAssetCheckFailedError")
"""Errors by which the audits and the asset ``snapshot`` stop a run where a check does not hold."""
WAITER_SECONDS = 0.5
"""A run that waits for the writer lock asks for it every 0.1 s."""

_one_at_a_time = threading.Lock()
"""Sensors are threads of one process, where the writer lock lets everybody in who comes second."""


@dg.sensor(
    job=daily_warehouse,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Files, folders and WARCs that are put into the inbox, once they are still.",
)
def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Requests today's run over what is new or changed in the inbox."""
    settings = load_settings()
    folder = settings.inbox_folder
    folder.mkdir(parents=True, exist_ok=True)
    look = look_into(folder, time.time())
    for line in look.refused:
        context.log.warning("not taken from the inbox: %s", line)
    asked = Asked.load(settings.home / "work" / "inbox.json")
    items = asked.fresh(look, context.cursor, INBOX_PATHS)
    if not items:
        return dg.SkipReason(_why_nothing(len(look.ready), look.changing, look.refused))
    key = batch_key(items)
    asked.request(look, items, context.cursor, key)
    return dg.SensorResult(
        run_requests=[_inbox_run(batch) for batch in _batches(settings, items)], cursor=key
    )


def _why_nothing(known: int, changing: list[str], refused: list[str]) -> str:
    parts = [f"nothing new, {known} known"]
    if changing:
        parts.append("still changing: " + ", ".join(map(shown, changing[:5])))
    if refused:
        parts.append("not taken: " + "; ".join(refused[:5]))
    return "; ".join(parts)


def _batches(settings: Settings, items: list[Item]) -> Iterator[list[Item]]:
    """One run for all, but each item whose name cannot name a source alone: its run must fail."""
    good = []
    for item in items:
        try:
            chosen_sources(settings.sources_file, paths=[str(item.path)])
        except SourceError:
            yield [item]
        else:
            good.append(item)
    if good:
        yield good


def _inbox_run(items: list[Item]) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"inbox-{batch_key(items)}",
        partition_key=datetime.now(UTC).date().isoformat(),
        run_config=Inputs(paths=tuple(str(item.path) for item in items)).config(capture=True)
        | QUIET,
        tags={ASKED_BY: "inbox"},
    )


@dg.sensor(
    job=daily_warehouse,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Earlier days that imports, edits or a new version of the code left work on.",
)
def late_days(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Requests runs for the oldest such days; none twice for the same state of a day."""
    settings = load_settings()
    before = going(context.instance, "late_days")
    if before:
        return dg.SkipReason(f"{len(before)} runs that were requested before have not ended")
    if not settings.warehouse_file.exists():
        return dg.SkipReason("there is no warehouse yet")
    try:
        with _unless_written(settings):
            waiting = _late_states(settings)
    except LockTimeoutError as error:
        return dg.SkipReason(str(error))
    keys = {day: _late_key(day, state) for day, state in waiting.items()}
    known = _requested(context.instance, list(keys.values()))
    new = [day for day in sorted(keys) if keys[day] not in known]
    if not new:
        return dg.SkipReason(
            f"{len(keys)} days wait, each requested before: its run failed, and nothing has changed"
            if keys
            else "no earlier day has work left"
        )
    return dg.SensorResult(run_requests=[_late_run(day, keys[day]) for day in new[:LATE_DAYS]])


@contextmanager
def _unless_written(settings: Settings) -> Iterator[None]:
    """The writer lock at once, or LockTimeoutError: a sensor never waits for a run."""
    with (
        _one_at_a_time,
        writer_lock(settings.lock_file, timeout=0, say=lambda _: None),
    ):
        yield


def _late_states(settings: Settings) -> dict[date, str]:
    """Days before today with work left, each with the state that it is in."""
    from pipelines.clean.extract import EXTRACTOR_VERSION
    from pipelines.normalise.version import recognizer_version

    today = datetime.now(UTC).date()
    days = [day for day in pending_days(settings) if day < today]
    if not days:
        return {}
    with writing(settings) as connection:
        return dict(
            connection.execute(
                project.sql_text("load/day_states.sql"),
                {
                    "days": days,
                    "extractor_version": EXTRACTOR_VERSION,
                    "recognizer_version": recognizer_version(settings),
                },
            ).fetchall()
        )


def _late_key(day: date, state: str) -> str:
    words = f"{day}|{code_version()}|{state}"
    return f"{day}-{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _requested(instance: dg.DagsterInstance, keys: list[str]) -> set[str]:
    """Those of ``keys`` that runs were requested with."""
    found = set[str]()
    for start in range(0, len(keys), 500):
        runs = instance.get_runs(dg.RunsFilter(tags={LATE_KEY: keys[start : start + 500]}))
        found.update(run.tags[LATE_KEY] for run in runs)
    return found


def _late_run(day: date, key: str) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=key,
        partition_key=day.isoformat(),
        run_config=Inputs().config(capture=False) | QUIET,
        tags={ASKED_BY: "late_days", LATE_KEY: key},
    )


@dg.sensor(
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Runs whose process was killed: marked as failed, so that they hold up no other.",
)
def dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Marks runs that started long ago though nobody holds or waits for the writer lock.

    Dagster's launcher cannot tell: to it a run that was killed goes on for ever, counts among the
    runs that may go on at once, and keeps the schedule from requesting the next.
    """
    settings = load_settings()
    suspects = _long_open(context.instance)
    if not suspects:
        return dg.SkipReason("no run has been going for long")
    for pause in (WAITER_SECONDS, 0):
        if not is_free(settings.lock_file):
            return dg.SkipReason(f"a run is going: {holder(settings.lock_file)}")
        time.sleep(pause)
    dead = _long_open(context.instance) & suspects
    for run_id in sorted(dead):
        run = context.instance.get_run_by_id(run_id)
        if run and not run.is_finished:
            context.instance.report_run_failed(run, "its process was killed")
    return dg.SkipReason(f"marked as failed, their processes being gone: {sorted(dead)}")


def _long_open(instance: dg.DagsterInstance) -> set[str]:
    started = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    records = instance.get_run_records(dg.RunsFilter(statuses=started))
    limit = time.time() - DEAD_AFTER_SECONDS
    return {r.dagster_run.run_id for r in records if r.start_time and r.start_time < limit}


@dg.run_failure_sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells the webhook and the mail addresses of the settings, and ends the run's row.",
)
def failed_runs(context: dg.RunFailureSensorContext) -> None:
    """Sends an alert for a failed run, unless the run before it failed alike and people know.

    An alert that cannot be sent is logged, and tried again with the next run that fails so. That a
    check stands failed is no failure of the run: it is told as such, once, as long as it lasts.
    """
    settings, run = load_settings(), context.dagster_run
    causes = _causes(context)
    if not causes:
        for problem in watch(settings).undelivered:
            context.log.error("alert not sent: %s", problem)
        _end_row(settings, run.run_id)
        return
    mark = hashlib.sha256(repr(causes).encode()).hexdigest()[:16]
    told = _told_before(context.instance, run) == mark
    problems = [] if told else send(settings, _alert(context, causes))
    for problem in problems:
        context.log.error("alert not sent: %s", problem)
    if (settings.alert_webhook or settings.alert_mail) and not problems:
        context.instance.add_run_tags(run.run_id, {TOLD: mark})
    _end_row(settings, run.run_id)


def _told_before(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str | None:
    """What people were told of the run before, of the same job and day: schedules repeat."""
    alike = dg.RunsFilter(job_name=run.job_name, tags={DAY_TAG: run.tags.get(DAY_TAG, "")})
    newest_first = iter(instance.get_runs(alike, limit=50))
    for other in newest_first:
        if other.run_id == run.run_id:
            break
    return next((other.tags.get(TOLD) for other in newest_first if other.is_finished), None)


def _causes(context: dg.RunFailureSensorContext) -> list[tuple[str, str]]:
    """Steps that failed and why, each; none where the gate alone stopped the run."""
    events = context.get_step_failure_events()
    if not events:
        return [("-", _cause_without_step(context))]
    return [
        (event.step_key or "-", root_cause(event.step_failure_data.error))
        for event in events
        if not _is_gate(event)
    ]


def _is_gate(event: dg.DagsterEvent) -> bool:
    """True where a step did what it is for: a check, or the publish, that lets nothing through."""
    error = event.step_failure_data.error
    while error and error.cause and error.cls_name not in GATES:
        error = error.cause
    step = event.step_key or ""
    return bool(error and error.cls_name in GATES) and (
        step == "snapshot" or step.endswith("_audit")
    )


def _alert(context: dg.RunFailureSensorContext, causes: list[tuple[str, str]]) -> Alert:
    run = context.dagster_run
    day = context.partition_key or "-"
    lines = [f"{step}: {cause}" for step, cause in causes]
    text = [
        f"newsledger: run {run.run_id[:8]} of {run.job_name} for day {day} failed.",
        *lines,
        "See it with: newsledger status; its log is in the Dagster UI.",
    ]
    return Alert(
        subject=f"newsledger: {run.job_name} failed for day {day}",
        text="\n".join(text),
        fields={
            "job": run.job_name,
            "day": day,
            "run_id": run.run_id,
            "step": causes[0][0],
            "cause": causes[0][1],
        },
    )


def _cause_without_step(context: dg.RunFailureSensorContext) -> str:
    """Why a run failed that came to no step, or whose process is gone."""
    failure = context.failure_event
    # A run that was marked as failed from outside has no such data.
    error = failure.job_failure_data.error if failure.event_specific_data else None
    noted = context.instance.get_records_for_run(
        context.dagster_run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT
    ).records
    events = [record.event_log_entry.get_dagster_event() for record in noted]
    for event in reversed(events):
        error = error or (event.engine_event_data.error if event.event_specific_data else None)
    if error:
        return root_cause(error)
    ended = [
        event.message or "" for event in events if "terminated by signal" in str(event.message)
    ]
    return one_line((ended or [failure.message or "failed"])[-1])


def _end_row(settings: Settings, run_id: str) -> None:
    """Marks the run's row in ``ops.runs`` as failed.

    Not while somebody writes: that run has marked the row as interrupted when it began.
    """
    if not settings.warehouse_file.exists():
        return
    try:
        with _unless_written(settings), writing(settings) as connection:
            if _is_open(connection, run_id):
                end_run(connection, run_id, "failed")
    except LockTimeoutError:
        return


def _is_open(connection: "DuckDBPyConnection", run_id: str) -> bool:
    query = "SELECT 1 FROM ops.runs WHERE run_id = ? AND status IN ('started', 'interrupted')"
    return connection.execute(query, [run_id]).fetchone() is not None
