"""The Dagster code location: every asset key is a decision, and declared and used agree."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.quality.suites import load_suites

ASSETS = {
    "fetches": "ingest",
    "extracted_articles": "clean",
    "articles": "validate",
    "mentions": "normalise",
    "entities": "normalise",
    "marts": "publish",
    "snapshot": "publish",
}


@pytest.fixture(scope="module")
def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_assets_and_their_groups(specs):
    assert {name: spec.group_name for name, spec in specs.items()} == ASSETS


def test_every_asset_says_what_it_is_whose_and_of_what_kind(specs):
    for name, spec in specs.items():
        assert spec.description, name
        assert spec.owners, name
        assert "duckdb" in spec.kinds, name


def test_column_schemas_come_from_the_sql_comments(specs):
    schema = specs["mentions"].metadata["dagster/column_schema"]
    described = {column.name: column.description for column in schema.columns}
    assert described["exact"] == "The text of the span, as printed."
    assert all(described.values())


def test_every_rule_is_a_check_of_its_asset():
    declared = {(check.asset, check.name) for suite in load_suites() for check in suite.checks}
    specs = {
        (spec.asset_key.to_user_string(), spec.name)
        for checks in defs.asset_checks or ()
        for spec in checks.check_specs
    }
    assert specs == declared


def test_one_check_step_an_asset():
    assert len(list(defs.asset_checks or ())) == len({suite.asset for suite in load_suites()})


def test_writers_share_a_pool_of_one(specs):
    import yaml

    from pipelines.project import ROOT

    settings = yaml.safe_load((ROOT / "pipelines" / "defs" / "dagster.yaml").read_text())
    assert settings["concurrency"]["pools"] == {"default_limit": 1, "granularity": "op"}
    assert settings["telemetry"] == {"enabled": False}
    job = defs.resolve_job_def("daily_warehouse")
    assert {node.definition.pool for node in job.nodes} == {"duckdb_writer"}


def test_the_schedule_asks_for_the_day_of_its_tick():
    from datetime import UTC, datetime

    schedule = defs.resolve_schedule_def("every_half_hour")
    tick = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    with dg.build_schedule_context(
        scheduled_execution_time=tick, repository_def=defs.get_repository_def()
    ) as context:
        data = schedule.evaluate_tick(context)
    assert [request.partition_key for request in data.run_requests] == ["2026-03-02"]


def test_today_is_a_partition():
    from datetime import UTC, datetime

    from pipelines.defs.common import DAYS

    assert DAYS.has_partition_key(datetime.now(UTC).date().isoformat())
    assert DAYS.has_partition_key("1996-01-01")
