"""A killed run's place in the writers' pool is given back: the next run does not wait for ever."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines.defs.resources import WRITER_POOL, Warehouse


@pytest.fixture
def instance(tmp_path):
    settings = {"concurrency": {"pools": {"default_limit": 1, "granularity": "op"}}}
    with dg.instance_for_test(overrides=settings, temp_dir=str(tmp_path)) as instance:
        yield instance


def test_places_held_by_dead_runs_are_freed_under_the_lock(instance, tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path / "home"))
    storage = instance.event_log_storage
    storage.initialize_concurrency_limit_to_default(WRITER_POOL)
    storage.claim_concurrency_slot(WRITER_POOL, "dead-run", "fetches")
    storage.claim_concurrency_slot(WRITER_POOL, "another-dead-run", "fetches")
    assert storage.get_concurrency_info(WRITER_POOL).claimed_slots

    @dg.op(pool=WRITER_POOL)
    def write(warehouse: Warehouse):
        return None

    @dg.job(resource_defs={"warehouse": Warehouse()}, executor_def=dg.in_process_executor)
    def writing():
        write()

    assert writing.execute_in_process(instance=instance).success
    pool = storage.get_concurrency_info(WRITER_POOL)
    assert not pool.claimed_slots
    assert not pool.pending_steps
