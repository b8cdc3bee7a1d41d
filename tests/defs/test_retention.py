"""Dagster's history stays small, and what the UI shows of a day stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pipelines.defs.retention import forget_superseded

DAYS = dg.DailyPartitionsDefinition("2026-03-01")
LATER = datetime.now(UTC) + timedelta(days=3)


@dg.asset(partitions_def=DAYS)
def counted(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    if context.run.tags.get("fails"):
        raise dg.Failure("on purpose")
    return dg.MaterializeResult(metadata={"rows": 1})


@dg.asset_check(asset=counted)
def right() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


defs = dg.Definitions(
    assets=[counted],
    asset_checks=[right],
    jobs=[dg.define_asset_job("day", executor_def=dg.in_process_executor)],
)


@pytest.fixture
def instance(tmp_path: Path):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def run(instance: dg.DagsterInstance, day: str, **tags: str) -> str:
    return (
        defs.resolve_job_def("day")
        .execute_in_process(instance=instance, partition_key=day, tags=tags, raise_on_error=False)
        .run_id
    )


def left(instance: dg.DagsterInstance) -> set[str]:
    return {run.run_id for run in instance.get_runs()}


def checks(instance: dg.DagsterInstance) -> list[str]:
    key = dg.AssetCheckKey(counted.key, "right")
    records = instance.event_log_storage.get_asset_check_execution_history(key, limit=100)
    return [record.run_id for record in records]


def test_of_each_day_the_last_success_and_all_failures_stay(instance, tmp_path):
    first, failed, last = (
        run(instance, "2026-03-01"),
        run(instance, "2026-03-01", fails="yes"),
        run(instance, "2026-03-01"),
    )
    other = run(instance, "2026-03-02")
    shard = Path(instance.event_log_storage.path_for_shard(first))
    assert shard.exists()
    assert forget_superseded(instance, 10, LATER) == 1
    assert left(instance) == {failed, last, other}
    assert set(checks(instance)) == {failed, last, other}
    assert not shard.exists()
    assert forget_superseded(instance, 10, LATER) == 0


def test_runs_of_the_last_two_days_stay(instance):
    runs = {run(instance, "2026-03-01") for _ in range(3)}
    assert forget_superseded(instance, 10) == 0
    assert left(instance) == runs


def test_it_stops_at_its_bound_and_goes_on_later(instance):
    for _ in range(4):
        run(instance, "2026-03-01")
    assert forget_superseded(instance, 2, LATER) == 2
    assert forget_superseded(instance, 2, LATER) == 1
    assert len(left(instance)) == 1


def test_what_a_day_holds_is_still_known(instance):
    run(instance, "2026-03-01")
    run(instance, "2026-03-01")
    forget_superseded(instance, 10, LATER)
    record = instance.get_latest_materialization_event(counted.key)
    assert record is not None
    assert instance.get_materialized_partitions(counted.key) == {"2026-03-01"}
