"""Runs of the jobs in this process, seen in the Dagster UI like any other run."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.settings import SettingsError
from pipelines.warehouse.connection import writing
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.runs import end_run

if TYPE_CHECKING:
    import dagster as dg

    from pipelines.settings import Settings

DAY_JOB, PUBLISH_JOB = "one_day", "publish"
HOST_TAG = "newsledger/host"
SQLITE_STORAGE = """\
# Dagster's own SQLite files, through connections that are kept open.
storage:
  custom:
    module: pipelines.defs.storage
    class: KeptSqliteStorage
    config:
      base_dir: {env: DAGSTER_HOME}
"""
FORGOTTEN = 10
"""Superseded runs that a command deletes from Dagster's history: more than it adds."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run captures; see the asset ``fetches``."""

    only_source: str | None = None
    paths: tuple[str, ...] = ()
    path_source: str | None = None
    manifest: str | None = None
    refetch: bool = False

    def config(self, *, capture: bool) -> dict[str, Any]:
        """Dagster run config."""
        values = {
            "capture": capture,
            "only_source": self.only_source,
            "paths": list(self.paths),
            "path_source": self.path_source,
            "manifest": self.manifest,
            "refetch": self.refetch,
        }
        return {"ops": {"fetches": {"config": {k: v for k, v in values.items() if v is not None}}}}


@dataclass(slots=True)
class RunReport:
    """What the runs of one command gave."""

    run_ids: list[str] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """What went wrong, a line each; empty where every run succeeded."""


def prepare_dagster_home(settings: Settings) -> None:
    """Makes Dagster's home, with our settings in it, and points Dagster there.

    Dagster's own storage is SQLite in that home, or the PostgreSQL database of the settings; that
    address goes to Dagster through the environment and is never written to disk. Raises
    SettingsError where the package for PostgreSQL is missing.
    """
    wanted = (Path(__file__).parent / "defs" / "dagster.yaml").read_text(encoding="utf-8")
    if settings.dagster_postgres:
        if not util.find_spec("dagster_postgres"):
            raise SettingsError(
                "NEWSLEDGER_DAGSTER_POSTGRES needs a package that is not installed:"
                " python -m pip install --no-deps --require-hashes -r requirements-postgres.lock"
            )
        wanted += "storage:\n  postgres:\n    postgres_url: {env: NEWSLEDGER_DAGSTER_POSTGRES}\n"
        os.environ["NEWSLEDGER_DAGSTER_POSTGRES"] = _for_psycopg2(settings.dagster_postgres)
    else:
        wanted += SQLITE_STORAGE
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    theirs = settings.dagster_home / "dagster.yaml"
    if not theirs.exists() or theirs.read_text(encoding="utf-8") != wanted:
        fresh = theirs.with_name(f".dagster.yaml.{os.getpid()}")
        fresh.write_text(wanted, encoding="utf-8")
        fresh.replace(theirs)
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["NEWSLEDGER_HOME"] = str(settings.home)
    _make_storage(settings, wanted)
    # Dagster's processes work in another folder: relative paths would mean something else there.
    if settings.sources:
        os.environ["NEWSLEDGER_SOURCES"] = str(settings.sources_file)
    if settings.inbox:
        os.environ["NEWSLEDGER_INBOX"] = str(settings.inbox_folder)
    if settings.archive and "://" not in settings.archive:
        os.environ["NEWSLEDGER_ARCHIVE"] = str(Path(settings.archive).absolute())


def _make_storage(settings: Settings, wanted: str) -> None:
    """Has Dagster make its tables once, alone.

    Two of its processes that begin on a new home at the same time, as the parts of a service do,
    each write the schema's version, and no process opens such a storage again.
    """
    made = settings.dagster_home / "storage.made"
    with writer_lock(settings.dagster_home / "setup.lock", say=lambda _: None):
        if made.exists() and made.read_text(encoding="utf-8") == wanted:
            return
        with _instance(settings):
            made.write_text(wanted, encoding="utf-8")


def _for_psycopg2(address: str) -> str:
    """The address with the driver that dagster-postgres brings: SQLAlchemy 2.1 takes another."""
    scheme, mark, rest = address.partition("://")
    plain = scheme in ("postgresql", "postgres")
    return f"postgresql+psycopg2{mark}{rest}" if plain else address


def materialise(
    settings: Settings,
    inputs: Inputs,
    *,
    first: date | None = None,
    last: date | None = None,
    days: Sequence[date] | None = None,
) -> RunReport:
    """Captures what is new, then works on the days asked for, each as a Dagster run.

    Without days: today, and every day that has captures or articles not worked on yet. ``days``:
    these and no others, and nothing is captured (``pipelines.rebuild``). Holds the
    writer lock throughout. A day whose run fails is reported; the days after it are still tried. At
    the end comes one publish, which the failure of a blocking check on any day forbids.

    Raises KeyboardInterrupt where the user stopped a run.
    """
    from pipelines.defs.retention import forget_superseded

    prepare_dagster_home(settings)
    report = RunReport()
    with writer_lock(settings.lock_file), _instance(settings) as instance:
        _close_dead_runs(instance)
        today = datetime.now(UTC).date()
        planned = _days(settings, first, last, today) if days is None else _given(settings, days)
        for day, capture in planned:
            config = inputs.config(capture=capture)
            result = _execute(instance, DAY_JOB, day, config)
            report.run_ids.append(result.run_id)
            report.days.append(day)
            report.failures.extend(f"{day} {line}" for line in _why(result))
            with writing(settings) as connection:
                end_run(connection, result.run_id, "success" if result.success else "failed")
        published = _execute(instance, PUBLISH_JOB, None, {})
        report.run_ids.append(published.run_id)
        report.failures.extend(_why(published))
        forget_superseded(instance, FORGOTTEN)
    return report


def _execute(
    instance: dg.DagsterInstance, job: str, day: date | None, config: dict[str, Any]
) -> dg.ExecuteInProcessResult:
    from pipelines.definitions import defs

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    result = defs.resolve_job_def(job).execute_in_process(
        instance=instance,
        partition_key=day.isoformat() if day else None,
        run_config=config | quiet,
        tags={HOST_TAG: socket.gethostname()},
        raise_on_error=False,
    )
    if any(
        _error_class(event) == "DagsterExecutionInterruptedError" for event in result.all_events
    ):
        raise KeyboardInterrupt
    return result


def _error_class(event: dg.DagsterEvent) -> str | None:
    error = event.step_failure_data.error if event.is_step_failure else None
    return error.cls_name if error else None


def _days(
    settings: Settings, first: date | None, last: date | None, today: date
) -> Iterator[tuple[date, bool]]:
    """Days to work on, and whether to capture first. Asks for pending days after the first ran.

    What a day teaches of a source's chrome may call for another reading of days before it: those
    come once more at the end.
    """
    if first is None and last is None:
        yield today, True
        yield from ((day, False) for day in pending_days(settings) if day != today)
        yield from ((day, False) for day in rereading_days(settings))
        return
    begin, end = first or last or today, last or first or today
    capture = True
    day = begin
    while day <= end:
        yield day, capture
        capture = False
        day = date.fromordinal(day.toordinal() + 1)


def _given(settings: Settings, days: Sequence[date]) -> Iterator[tuple[date, bool]]:
    """These days without capturing, then what they call for another reading of."""
    yield from ((day, False) for day in days)
    yield from ((day, False) for day in rereading_days(settings))


def pending_days(settings: Settings) -> list[date]:
    """Days with captures or articles that the present code has not worked on, oldest first.

    Days that were written after their last audit are among them.
    """
    from pipelines.clean.extract import EXTRACTOR_VERSION
    from pipelines.normalise.version import recognizer_version
    from pipelines.quality.results import unaudited_days

    with writing(settings) as connection:
        rows = connection.execute(
            project.sql_text("load/pending_days.sql"),
            {
                "extractor_version": EXTRACTOR_VERSION,
                "recognizer_version": recognizer_version(settings),
            },
        ).fetchall()
        return sorted({day for (day,) in rows}.union(unaudited_days(connection)))


def rereading_days(settings: Settings) -> list[date]:
    """Days with captures to be read again for lines that were learnt since, oldest first."""
    from pipelines.clean.extract import EXTRACTOR_VERSION

    with writing(settings) as connection:
        rows = connection.execute(
            "SELECT DISTINCT fetch_date FROM ops.rereadings WHERE extractor_version = ?"
            " ORDER BY fetch_date",
            [EXTRACTOR_VERSION],
        ).fetchall()
    return [day for (day,) in rows]


@contextmanager
def _instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    import dagster as dg

    try:
        instance = dg.DagsterInstance.get()
    except Exception as error:
        if settings.dagster_postgres is None:
            raise
        # Of whatever class: dagster-postgres is optional, and wraps what its driver raised.
        raise SettingsError(
            f"NEWSLEDGER_DAGSTER_POSTGRES: the database cannot be used: {type(error).__name__}"
        ) from error
    try:
        yield instance
    finally:
        instance.dispose()


def _close_dead_runs(instance: dg.DagsterInstance) -> None:
    """Marks runs of killed commands as failed, so that the UI does not show them as going on.

    Called under the writer lock, which a command holds from before its first run to after its last:
    of this host's commands, whatever is open now is dead. Runs of Dagster's daemon are left to it.
    """
    import dagster as dg

    open_runs = dg.RunsFilter(
        statuses=[
            dg.DagsterRunStatus.STARTED,
            dg.DagsterRunStatus.STARTING,
            dg.DagsterRunStatus.NOT_STARTED,
        ],
        tags={HOST_TAG: socket.gethostname()},
    )
    for run in instance.get_runs(open_runs):
        instance.report_run_failed(run, "its process was killed; a later run found it open")


def _why(result: dg.ExecuteInProcessResult) -> list[str]:
    """Why a run failed, a line each: the root cause rather than Dagster's wrapping."""
    if result.success:
        return []
    from pipelines.alerts import root_cause

    lines = [
        f"{event.step_key}: {root_cause(event.step_failure_data.error)}"
        for event in result.all_events
        if event.is_step_failure
    ]
    return lines or ["the run failed; its log in the Dagster UI says why"]
