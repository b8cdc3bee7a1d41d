"""What assets need of their surroundings: the warehouse, the archive, processes."""

import contextlib
import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.archive import Archive
from pipelines.compute import Compute
from pipelines.settings import Settings, load_settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.lock import writer_lock

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WRITER_POOL = "duckdb_writer"
"""Dagster's pool of steps that write; its limit of 1 is in dagster.yaml."""


class Warehouse(dg.ConfigurableResource):
    """The working warehouse and the archive of NEWSLEDGER_HOME, held by one run at a time."""

    @property
    def settings(self) -> Settings:
        """Read from the environment at each use: a daemon sees the changes."""
        return load_settings()

    @property
    def archive(self) -> Archive:
        """Payloads by their SHA-256."""
        return Archive(self.settings.archive_root)

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Holds the writer lock for the whole run: its audit and its publish speak of one state."""
        say = context.log.info if context.log else print
        with writer_lock(self.settings.lock_file, say=say):
            if context.instance:
                _free_stale_slots(context.instance)
            yield self

    def writing(self) -> contextlib.AbstractContextManager["DuckDBPyConnection"]:
        """The working file, open for writing; closed at the end of the block."""
        return writing(self.settings)


def _free_stale_slots(instance: dg.DagsterInstance) -> None:
    """Gives back places in the writers' pool that killed runs still hold, for ever otherwise.

    Sound under the writer lock: a run takes a place only after it has the lock, so whoever has one
    while this run holds the lock is dead.
    """
    storage = instance.event_log_storage
    if not storage.supports_global_concurrency_limits:
        return
    pool = storage.get_concurrency_info(WRITER_POOL)
    holders = {slot.run_id for slot in pool.claimed_slots}
    for run_id in holders | {step.run_id for step in pool.pending_steps}:
        storage.free_concurrency_slots_for_run(run_id)


class Processes(dg.ConfigurableResource):
    """Where CPU-bound work runs: local processes, shared by the runs of one command."""

    def compute(self) -> Compute:
        """As the settings say."""
        settings = load_settings()
        return _workers(settings.workers, settings.page_seconds)


@functools.cache
def _workers(workers: int, item_seconds: float) -> Compute:
    return Compute(workers, item_seconds)
