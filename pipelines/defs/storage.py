"""Dagster's SQLite storage with its connections kept open between statements.

Dagster's own classes make a SQLAlchemy engine, open the file and close it for every statement,
some 4,000 times a run; the last to close a file also writes its log back and syncs the disk. That
was more than half of what a run with nothing new costs. Files, tables and statements are Dagster's
own and unchanged: a home is read and written by either kind of class, at the same time too.
"""

import os
import sqlite3
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from dagster._core.event_api import EventHandlerFn
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
    SqliteEventLogStorageWatchdog,
)
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import (
    DagsterSqliteStorage,
    _event_logs_directory,
    _runs_directory,
    _schedule_directory,
)
from dagster._serdes import ConfigurableClassData
from watchdog.events import FileSystemEvent
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

KEPT_RUNS = 8
"""Files of runs that a process holds open: the web server shows many runs, a few at a time."""

_in_use: "weakref.WeakSet[KeptEngines]" = weakref.WeakSet()


@dataclass(frozen=True, slots=True)
class _Kept:
    engine: sa.Engine
    file: tuple[int, int]
    """Device and inode that the engine's connections have open."""


class KeptEngines:
    """Engines of SQLite files, each with its connections; those used last are kept.

    Safe under threads: each takes connections of its own from an engine's pool. Nothing stays open
    over a fork, since SQLite's locks are the process's that took them.
    """

    def __init__(self, limit: int, *, sync_commits: bool = True) -> None:
        """``limit``: the number of files held open at most.

        ``sync_commits``: whether each commit waits for the disk. Without, a power cut may undo the
        last ones; no file is ever broken by it, and a killed process loses nothing.
        """
        self._limit = limit
        self._sync_commits = sync_commits
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self.lock = threading.Lock()
        _in_use.add(self)

    def engine(self, path: str, prepare: Callable[[sa.Engine], None] | None = None) -> sa.Engine:
        """The engine of the file at ``path``, which is made empty where there is none.

        ``prepare`` is called with an engine that is new here. A file that was deleted or replaced
        since, by whatever process, is opened anew.
        """
        with self.lock:
            kept = self._kept.get(path)
            if kept and kept.file == _file_at(path):
                self._kept.move_to_end(path)
                return kept.engine
            self._drop(path)
            # Before the first connection: what is replaced after this differs from what is noted.
            Path(path).touch()
            file = _file_at(path)
            engine = _engine(path, self._sync_commits)
            if prepare:
                prepare(engine)
            if file:
                self._kept[path] = _Kept(engine, file)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)[1].engine.dispose()
            return engine

    def drop(self, path: str) -> None:
        """Closes the file, for one that is about to be deleted."""
        with self.lock:
            self._drop(path)

    def _drop(self, path: str) -> None:
        if kept := self._kept.pop(path, None):
            kept.engine.dispose()

    def close(self) -> None:
        """Closes every file; later calls open them again."""
        with self.lock:
            self.close_all()

    def close_all(self) -> None:
        """``close``, for one who holds ``lock``."""
        for kept in self._kept.values():
            kept.engine.dispose()
        self._kept.clear()


def _file_at(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _engine(path: str, sync_commits: bool) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=path),
        poolclass=sa.QueuePool,
        # One is kept; whoever needs another at the same time gets it, and it is closed after use.
        pool_size=1,
        max_overflow=-1,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )
    if not sync_commits:
        sa.event.listen(engine, "connect", _leave_syncing_to_checkpoints)
    return engine


def _leave_syncing_to_checkpoints(connection: sqlite3.Connection, _: object) -> None:
    # With a write-ahead log, which Dagster's files have: https://sqlite.org/pragma.html
    connection.execute("PRAGMA synchronous = NORMAL")


_forking: list[KeptEngines] = []


def _before_fork() -> None:
    for engines in list(_in_use):
        engines.lock.acquire()
        engines.close_all()
        _forking.append(engines)


def _after_fork() -> None:
    while _forking:
        _forking.pop().lock.release()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)


class KeptRunStorage(SqliteRunStorage):
    """Dagster's run storage over a kept engine."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(conn_string, inst_data)
        self._engines = KeptEngines(1)

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """A connection in a transaction, which is committed where nothing is raised."""
        with self._engines.engine(_path(self._conn_string)).begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Closes the file."""
        super().dispose()
        self._engines.close()


class KeptScheduleStorage(SqliteScheduleStorage):
    """Dagster's storage of schedules and sensors over a kept engine."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(conn_string, inst_data)
        self._engines = KeptEngines(1)

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """A connection in a transaction, which is committed where nothing is raised."""
        with self._engines.engine(_path(self._conn_string)).begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Closes the file."""
        super().dispose()
        self._engines.close()


def _path(address: str) -> str:
    path: str | None = sa.make_url(address).database
    if path is None:
        raise ValueError(f"{address}: an address of a SQLite file was expected")
    return path


class _Watchdog(SqliteEventLogStorageWatchdog):
    """Notices a run's events in SQLite's log beside the file too.

    A kept connection writes there, and to the file itself only at a checkpoint.
    """

    def __init__(
        self,
        storage: SqliteEventLogStorage,
        run_id: str,
        callback: EventHandlerFn,
        cursor: str | None,
    ) -> None:
        super().__init__(storage, run_id, callback, cursor)
        self._patterns = [self._log_path, f"{self._log_path}-wal"]

    def on_modified(self, event: FileSystemEvent) -> None:  # noqa: ARG002 - watchdog's name
        self._process_log()


class KeptEventLogStorage(SqliteEventLogStorage):
    """Dagster's event log, a file a run and an index, over kept engines.

    Its lock, which Dagster's class holds while a connection is open, is held likewise.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # Dagster's constructor uses connections.
        # A run commits some 2,000 events one by one, a millisecond and more of waiting for the disk
        # each. What became of a run is in the run storage, and what it made in the warehouse.
        self._index = KeptEngines(1, sync_commits=False)
        self._runs = KeptEngines(KEPT_RUNS, sync_commits=False)
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        engines = self._index if shard == INDEX_SHARD_NAME else self._runs
        with self._db_lock:
            engine = engines.engine(self.path_for_shard(shard), self._initdb)
            with engine.begin() as connection:
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the index has this table. One that is there stays: it is looked for once."""
        if table_name not in self._tables:
            if not super().has_table(table_name):
                return False
            self._tables.add(table_name)
        return True

    def delete_events(self, run_id: str) -> None:
        """Deletes a run's events and closes its file, which the caller may delete."""
        super().delete_events(run_id)
        self._runs.drop(self.path_for_shard(run_id))

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Calls ``callback(event, cursor)`` for each event that any process adds to the run."""
        observer: BaseObserver | None = self._obs
        if observer is None:
            observer = self._obs = Observer()  # type: ignore[assignment]
            observer.start()
        watchdog = _Watchdog(self, run_id, callback, cursor)
        watch = observer.schedule(watchdog, self._base_dir, recursive=True)
        self._watchers[run_id][callback] = (watchdog, watch)

    def wipe(self) -> None:
        """Deletes every run's file and empties the index."""
        self._runs.close()
        super().wipe()

    def dispose(self) -> None:
        """Closes all files."""
        super().dispose()
        self._index.close()
        self._runs.close()


class KeptSqliteStorage(DagsterSqliteStorage):
    """What ``dagster.yaml`` names as the storage: the three above, in Dagster's own folders."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # Not Dagster's constructor, which would make its own three.
        super(DagsterSqliteStorage, self).__init__()  # type: ignore[no-untyped-call]
        self.base_dir = base_dir
        self._inst_data = inst_data
        self._run_storage = KeptRunStorage.from_local(_runs_directory(base_dir))
        self._event_log_storage = KeptEventLogStorage(_event_logs_directory(base_dir))
        self._schedule_storage = KeptScheduleStorage.from_local(_schedule_directory(base_dir))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Self:
        """Called by Dagster with the ``config`` of ``dagster.yaml``: ``base_dir``."""
        return cls.from_local(config_value["base_dir"], inst_data=inst_data)
