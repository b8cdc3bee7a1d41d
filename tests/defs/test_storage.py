"""Dagster's SQLite files over kept connections: as safe as with Dagster's own classes, and cheaper."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import dagster as dg
import pytest
import sqlalchemy as sa
import yaml
from dagster._core.events import DagsterEvent, DagsterEventType, EngineEventData
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from pipelines import project
from pipelines.defs import storage
from pipelines.defs.storage import KEPT_RUNS, KeptEngines, KeptEventLogStorage, KeptSqliteStorage

KEPT = """
storage:
  custom:
    module: pipelines.defs.storage
    class: KeptSqliteStorage
    config: {base_dir: {env: DAGSTER_HOME}}
"""


@dg.asset
def counted() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"rows": 3})


@dg.asset_check(asset=counted)
def right() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True, metadata={"failing": 0})


day = dg.Definitions(assets=[counted], asset_checks=[right], jobs=[dg.define_asset_job("day")])


def event(run_id: str, message: str = "at work") -> EventLogEntry:
    return EventLogEntry(
        error_info=None,
        user_message="",
        level="info",
        run_id=run_id,
        timestamp=time.time(),
        dagster_event=DagsterEvent(
            DagsterEventType.ENGINE_EVENT.value,
            "day",
            event_specific_data=EngineEventData(),
            message=message,
        ),
    )


def messages(log: SqliteEventLogStorage, run_id: str) -> list[str]:
    return [entry.dagster_event.message for entry in log.get_logs_for_run(run_id)]


def home(folder: Path, kept: bool) -> Path:
    folder.mkdir(exist_ok=True)
    settings = {"telemetry": {"enabled": False}}
    (folder / "dagster.yaml").write_text(yaml.safe_dump(settings) + (KEPT if kept else ""))
    return folder


@pytest.fixture
def log(tmp_path):
    log = KeptEventLogStorage(str(tmp_path))
    yield log
    log.dispose()


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    """Opens the test's home with the kept storage, or with Dagster's own."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))

    def opened(kept: bool) -> dg.DagsterInstance:
        home(tmp_path, kept)
        return dg.DagsterInstance.get()

    return opened


def what_is_known(instance: dg.DagsterInstance) -> tuple[object, ...]:
    key = dg.AssetCheckKey(counted.key, "right")
    checks = instance.event_log_storage.get_asset_check_execution_history(key, limit=10)
    runs = instance.get_runs()
    return (
        [(run.run_id, run.status) for run in runs],
        [(check.run_id, check.status) for check in checks],
        [len(instance.all_logs(run.run_id)) for run in runs],
        instance.get_latest_materialization_event(counted.key).run_id,
    )


@pytest.mark.parametrize(("writes", "reads"), [(True, False), (False, True)])
def test_what_one_kind_writes_the_other_reads_and_goes_on_with(at_home, writes, reads):
    with at_home(writes) as first:
        assert isinstance(first.event_log_storage, KeptEventLogStorage) is writes
        assert day.resolve_job_def("day").execute_in_process(instance=first).success
        # Both open at once, as while an older process still serves the home.
        with at_home(reads) as second:
            assert isinstance(second.event_log_storage, KeptEventLogStorage) is reads
            assert what_is_known(second) == what_is_known(first)
            assert day.resolve_job_def("day").execute_in_process(instance=second).success
            assert what_is_known(first) == what_is_known(second)
            assert len(first.get_runs()) == 2


def test_a_statement_opens_nothing(log, monkeypatch):
    run_id = str(uuid4())
    log.store_event(event(run_id))
    opened = []
    monkeypatch.setattr(storage, "_engine", lambda *given: opened.append(given))
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **_: opened.append(given))
    for _ in range(3):
        log.store_event(event(run_id))
        log.all_asset_keys()
    assert (len(messages(log, run_id)), opened) == (4, [])


def test_threads_write_and_read_at_once(log):
    runs = [str(uuid4()) for _ in range(4)]

    def write(number: int) -> None:
        log.store_event(event(runs[number % 4], str(number)))
        messages(log, runs[number % 4])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(80)))
    for place, run_id in enumerate(runs):
        assert sorted(map(int, messages(log, run_id))) == list(range(place, 80, 4))


def test_threads_share_the_run_storage(tmp_path):
    kept = KeptSqliteStorage.from_local(str(tmp_path))
    runs = kept.run_storage

    def add(number: int) -> None:
        runs.add_run(dg.DagsterRun("day", run_id=str(uuid4()), tags={"number": str(number)}))
        # Inside a transaction of this thread, others have connections of their own.
        with runs.connect() as one, runs.connect() as other:
            assert one.connection.dbapi_connection is not other.connection.dbapi_connection

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(add, range(30)))
    assert {run.tags["number"] for run in runs.get_runs()} == {str(n) for n in range(30)}
    kept.dispose()


WRITER = """
import sys
from tests.defs.test_storage import KeptEventLogStorage, event
log = KeptEventLogStorage(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
for number in range(100):
    log.store_event(event("shared", f"{sys.argv[2]} {number}"))
log.dispose()
"""


def test_two_processes_write_at_once(log, tmp_path):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=project.ROOT,
        )
        for name in ("first", "second")
    ]
    for writer in writers:
        assert writer.stdout.readline() == "open\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    while any(writer.poll() is None for writer in writers):
        messages(log, "shared")
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0, 0]
    found = messages(log, "shared")
    for name in ("first", "second"):
        own = [message for message in found if message.startswith(name)]
        assert own == [f"{name} {number}" for number in range(100)]


def test_a_deleted_run_is_closed_and_may_come_again(log):
    log.store_event(event("run", "before"))
    file = Path(log.path_for_shard("run"))
    held = file.stat().st_ino
    log.delete_events("run")
    for left in file.parent.glob("run.db*"):
        left.unlink()
    assert held not in open_files()
    log.store_event(event("run", "after"))
    assert messages(log, "run") == ["after"]


def open_files() -> set[int]:
    """Inodes of the files that this process has open."""
    found = set()
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - entries vanish while listed
        try:
            found.add(os.fstat(int(name)).st_ino)
        except OSError:
            continue
    return found


def test_a_file_that_another_process_deleted_is_not_read_on(log):
    log.store_event(event("run", "before"))
    for left in Path(log.path_for_shard("run")).parent.glob("run.db*"):
        left.unlink()
    assert messages(log, "run") == []
    log.store_event(event("run", "after"))
    assert messages(log, "run") == ["after"]
    own = SqliteEventLogStorage(str(Path(log.path_for_shard("run")).parent))
    assert messages(own, "run") == ["after"]


def test_few_runs_are_held_open(log):
    runs = [str(uuid4()) for _ in range(KEPT_RUNS + 5)]
    for run_id in runs:
        log.store_event(event(run_id))
    inodes = {Path(log.path_for_shard(run_id)).stat().st_ino: run_id for run_id in runs}
    assert {inodes[inode] for inode in open_files() & inodes.keys()} == set(runs[-KEPT_RUNS:])
    assert all(len(messages(log, run_id)) == 1 for run_id in runs)


def test_dispose_leaves_whole_files_and_opens_again(log, tmp_path):
    log.store_event(event("run", "kept"))
    log.dispose()
    gc.collect()
    # SQLite removes its logs once the last connection has gone: a copy of the folder is complete.
    assert not list(tmp_path.glob("*-wal"))
    assert messages(log, "run") == ["kept"]


def test_nothing_is_open_over_a_fork(log):
    log.store_event(event("run", "parent"))
    inodes = {path.stat().st_ino for path in Path(log.path_for_shard("run")).parent.iterdir()}
    fork = multiprocessing.get_context("fork")
    told = fork.SimpleQueue()

    def child() -> None:
        told.put(bool(open_files() & inodes))
        log.store_event(event("run", "child"))

    process = fork.Process(target=child)
    process.start()
    log.store_event(event("run", "parent again"))
    process.join(30)
    assert (process.exitcode, told.get()) == (0, False)
    assert sorted(messages(log, "run")) == ["child", "parent", "parent again"]


def test_a_fork_waits_for_whoever_opens_a_file(tmp_path):
    engines = KeptEngines(1)
    opening, go_on = threading.Event(), threading.Event()

    def prepare(_: sa.Engine) -> None:
        opening.set()
        go_on.wait(10)

    opener = threading.Thread(
        target=lambda: engines.engine(str(tmp_path / "file.db"), prepare), daemon=True
    )
    opener.start()
    assert opening.wait(10)
    process = multiprocessing.get_context("fork").Process(target=engines.close)
    threading.Timer(0.05, go_on.set).start()
    process.start()
    process.join(10)
    # A copy of the lock that was held at the fork would never be released in the child.
    assert process.exitcode == 0
    opener.join(10)


def test_who_watches_a_run_is_told_of_a_kept_writers_events(log, tmp_path):
    run_id = str(uuid4())
    writer = KeptEventLogStorage(str(tmp_path))
    writer.store_event(event(run_id, "before"))
    seen, told = [], threading.Event()

    def callback(entry: EventLogEntry, _: str) -> None:
        seen.append(entry.dagster_event.message)
        if seen[-1] == "last":
            told.set()

    log.watch(run_id, None, callback)
    writer.store_event(event(run_id, "last"))
    assert told.wait(20)
    assert seen == ["before", "last"]
    log.end_watch(run_id, callback)
    writer.dispose()


def test_a_table_made_later_is_found(log):
    assert not log.has_table("made_later")
    with log.index_connection() as connection:
        connection.execute(sa.text("CREATE TABLE made_later (x INTEGER)"))
    assert log.has_table("made_later")


def test_a_failed_statement_is_undone(log):
    statement = "INSERT INTO alembic_version VALUES ('another')"
    with pytest.raises(ZeroDivisionError), log.index_connection() as connection:
        connection.execute(sa.text(statement))
        raise ZeroDivisionError
    with log.index_connection() as connection:
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).fetchall()
    assert ("another",) not in map(tuple, found)


def test_commits_of_runs_wait_for_the_disk_and_those_of_events_do_not(tmp_path):
    kept = KeptSqliteStorage.from_local(str(tmp_path))
    full, normal = 2, 1
    with kept.run_storage.connect() as connection:
        assert connection.execute(sa.text("PRAGMA synchronous")).scalar() == full
    with kept.event_log_storage.index_connection() as connection:
        assert connection.execute(sa.text("PRAGMA synchronous")).scalar() == normal
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"
    kept.dispose()
