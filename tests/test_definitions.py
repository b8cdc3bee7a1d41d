"""The Dagster code location: every asset key is a decision, and declared and used agree."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from datetime import timedelta

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.defs import sources, versions
from pipelines.defs.freshness import freshness_of
from pipelines.defs.lineage import declared_lineage
from pipelines.quality.suites import QUERY, load_suites, suites_of
from tests.factories import environment, page, write_pages, write_sources

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
    """The assets that runs make; those of the web sources are told apart by their group."""
    return {
        spec.key.to_user_string(): spec
        for spec in defs.resolve_all_asset_specs()
        if spec.group_name != "sources"
    }


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
    assert described["exact"].startswith("The text of the span, as printed.")
    assert all(described.values())


def test_the_description_of_a_column_says_which_columns_it_comes_from(specs):
    schema = specs["articles"].metadata["dagster/column_schema"]
    described = {column.name: column.description for column in schema.columns}
    assert described["headline"].endswith(" From extracted_articles.headline.")


def columns_of(spec):
    return {column.name for column in spec.metadata["dagster/column_schema"].columns}


def test_the_lineage_has_every_column_of_every_table_and_no_other(specs):
    tables = {name for name, spec in specs.items() if "dagster/column_schema" in spec.metadata}
    assert set(declared_lineage()) == tables
    for asset in tables:
        assert set(declared_lineage()[asset]) == columns_of(specs[asset]), asset


def test_every_column_that_the_lineage_names_exists_upstream(specs):
    upstream_of = {
        name: {dep.asset_key.to_user_string() for dep in spec.deps} for name, spec in specs.items()
    }
    # One step makes both; what an entity is comes from its mentions.
    upstream_of["entities"].add("mentions")
    for asset, columns in declared_lineage().items():
        for column, origins in columns.items():
            for upstream, name in origins:
                assert upstream in upstream_of[asset], (asset, column, upstream)
                assert name in columns_of(specs[upstream]), (asset, column, upstream, name)


def test_every_asset_has_a_code_version_and_a_freshness_policy(specs):
    for name, spec in specs.items():
        assert spec.code_version, name
        assert spec.freshness_policy is not None, name


def test_a_rule_that_holds_captures_back_is_part_of_the_articles_code(monkeypatch):
    before = versions.articles_version()
    suite, rule = next(
        (suite, check)
        for suite in suites_of("extracted_articles")
        for check in suite.checks
        if check.on_failure == "quarantine"
    )
    other = dataclasses.replace(rule, kwargs={QUERY: "SELECT fetch_id FROM {batch}"})
    changed = dataclasses.replace(suite, checks=(other,))
    monkeypatch.setattr(versions, "load_suites", lambda: (changed,))
    assert versions.articles_version() != before


@pytest.mark.parametrize(
    ("schedule", "stale_hours", "warn", "fail"),
    [
        ("*/30 * * * *", 26, 3, 26),
        ("0 6 * * *", 26, 25, 26),
        ("0 */6 * * *", 30, 25, 30),
        ("*/30 * * * *", 2, None, 2),
    ],
)
def test_freshness_follows_the_schedule(schedule, stale_hours, warn, fail):
    policy = freshness_of(schedule, stale_hours)
    assert policy.fail_window.to_timedelta() == timedelta(hours=fail)
    assert (policy.warn_window and policy.warn_window.to_timedelta()) == (
        warn and timedelta(hours=warn)
    )


@pytest.mark.parametrize("schedule", ["0 6 * * 1", "0 6 1 * *", "whenever"])
def test_where_runs_lie_days_apart_nothing_is_called_stale(schedule):
    assert freshness_of(schedule, 26) is None


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


def test_today_is_a_partition():
    from datetime import UTC, datetime

    from pipelines.defs.common import DAYS

    assert DAYS.has_partition_key(datetime.now(UTC).date().isoformat())
    assert DAYS.has_partition_key("1996-01-01")


def test_what_the_daemon_does_by_itself_is_switched_on():
    running = {s.name for s in defs.sensors or () if s.default_status.value == "RUNNING"}
    assert running == {"inbox", "late_days", "dead_runs", "failed_runs", "superseded_runs", "watch"}
    assert [s.name for s in defs.schedules or ()] == ["today"]


FEED = {"id": "port.news", "kind": "feed", "location": "https://port.example/feed.xml"}
OTHERS = (
    {"id": "files", "kind": "folder", "location": "pages"},
    {"id": "off", "kind": "sitemap", "location": "https://off.example/s.xml", "enabled": False},
)


def test_enabled_web_sources_are_assets_that_must_stay_fresh(tmp_path):
    path = write_sources(tmp_path / "sources.yaml", {**FEED, "fresh_hours": 6}, *OTHERS)
    (spec,) = sources.source_assets(path)
    assert (
        spec.key == sources.source_asset_key("port.news") == dg.AssetKey(["sources", "port.news"])
    )
    assert spec.group_name == "sources"
    assert spec.kinds == {"feed"}
    assert spec.metadata["url"].value == FEED["location"]
    assert spec.freshness_policy == dg.FreshnessPolicy.time_window(timedelta(hours=6))


def test_a_broken_list_of_sources_gives_a_warning_and_no_assets(tmp_path):
    path = write_sources(tmp_path / "sources.yaml", {"id": "port", "kind": "rss"})
    with pytest.warns(UserWarning, match=r"sources.yaml:\d+: unknown kind 'rss'"):
        assert sources.source_assets(path) == []


def test_source_assets_join_the_graph_and_are_in_no_job(tmp_path):
    path = write_sources(tmp_path / "sources.yaml", FEED)
    code = (
        "from pipelines.definitions import defs\n"
        "keys = {s.key.to_user_string() for s in defs.resolve_all_asset_specs()}\n"
        "job = defs.resolve_job_def('daily_warehouse')\n"
        "print(sorted(keys)[-1], 'fetches' in [n.name for n in job.nodes], len(job.nodes))\n"
    )
    assert load(tmp_path, code, NEWSLEDGER_SOURCES=str(path)).stdout.split()[:2] == [
        "sources/port.news",
        "True",
    ]


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SCHEDULE", "whenever"), ("WORKERS", "many"), ("SOURCES", "/nowhere/sources.yaml")],
)
def test_a_wrong_setting_leaves_the_code_location_standing(tmp_path, variable, value):
    code = "from pipelines.definitions import defs; print(len(list(defs.schedules)))"
    result = load(tmp_path, code, **{f"NEWSLEDGER_{variable}": value})
    assert result.stdout.split() == ["1"]
    assert f"NEWSLEDGER_{variable}" in result.stderr


def load(tmp_path, code, **variables):
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path / "home", **variables),
        capture_output=True,
        text=True,
        check=True,
    )


def test_a_report_on_a_source_is_a_materialization_outside_of_any_run():
    with dg.instance_for_test() as instance:
        sources.report_source(instance, "port.news", {"entries": 3})
        event = instance.get_latest_materialization_event(sources.source_asset_key("port.news"))
    assert event.asset_materialization.metadata["entries"].value == 3


class TestDagsterHome:
    @pytest.fixture(autouse=True)
    def _environment(self, monkeypatch, tmp_path):
        # prepare_dagster_home sets these; monkeypatch puts them back.
        for name in ("DAGSTER_HOME", "NEWSLEDGER_DAGSTER_POSTGRES"):
            monkeypatch.setenv(name, "")
        monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path))

    def prepared(self, tmp_path, **settings):
        import yaml

        from pipelines.runner import prepare_dagster_home
        from pipelines.settings import Settings

        prepare_dagster_home(Settings(**settings))
        return yaml.safe_load((tmp_path / "dagster" / "dagster.yaml").read_text())

    def test_storage_is_sqlite_by_default(self, tmp_path):
        assert self.prepared(tmp_path)["storage"]["custom"]["class"] == "KeptSqliteStorage"
        with dg.DagsterInstance.get() as instance:
            assert type(instance.run_storage).__name__ == "KeptRunStorage"
            assert type(instance.schedule_storage).__name__ == "KeptScheduleStorage"

    def test_a_home_of_an_older_newsledger_goes_on(self, tmp_path):
        from pipelines.settings import Settings

        (tmp_path / "dagster").mkdir()
        with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as older:
            run_id = older.add_run(dg.DagsterRun("one_day")).run_id
        assert Settings().dagster_home == tmp_path / "dagster"
        assert self.prepared(tmp_path)["storage"]["custom"]["class"] == "KeptSqliteStorage"
        with dg.DagsterInstance.get() as instance:
            assert [run.run_id for run in instance.get_runs()] == [run_id]

    def test_postgresql_is_named_by_a_variable_and_never_written_down(self, tmp_path, monkeypatch):
        import yaml

        from pipelines import runner
        from pipelines.settings import SettingsError

        monkeypatch.setattr(runner.util, "find_spec", lambda _: object())
        with pytest.raises(SettingsError, match="the database cannot be used") as told:
            self.prepared(tmp_path, dagster_postgres="postgresql://u:hunter2@db.invalid/dagster")
        assert "hunter2" not in str(told.value)
        held = yaml.safe_load((tmp_path / "dagster" / "dagster.yaml").read_text())
        address = {"env": "NEWSLEDGER_DAGSTER_POSTGRES"}
        assert held["storage"] == {"postgres": {"postgres_url": address}}
        assert "hunter2" not in str(held)
        # The driver that dagster-postgres brings; SQLAlchemy would look for another.
        passed_on = os.environ["NEWSLEDGER_DAGSTER_POSTGRES"]
        assert passed_on == "postgresql+psycopg2://u:hunter2@db.invalid/dagster"
        monkeypatch.delenv("NEWSLEDGER_DAGSTER_POSTGRES")
        assert self.prepared(tmp_path)["storage"]["custom"]["class"] == "KeptSqliteStorage"

    def test_a_missing_package_is_named_with_its_mend(self, tmp_path, monkeypatch):
        from pipelines import runner
        from pipelines.settings import SettingsError

        monkeypatch.setattr(runner.util, "find_spec", lambda _: None)
        with pytest.raises(
            SettingsError, match=r"NEWSLEDGER_DAGSTER_POSTGRES.*requirements-postgres"
        ):
            self.prepared(tmp_path, dagster_postgres="postgresql://db/dagster")


def test_fetching_alone_is_tried_again(tmp_path, monkeypatch):
    from pipelines.archive import Archive, ArchiveError
    from pipelines.defs import ingest

    pages = [("a.html", page(), "https://a.example/a", "2026-03-02T08:00:00Z")]
    write_pages(tmp_path / "pages", pages)
    write_sources(tmp_path / "sources.yaml", {"id": "a", "kind": "folder", "location": "pages"})
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NEWSLEDGER_SOURCES", str(tmp_path / "sources.yaml"))
    monkeypatch.setattr(ingest, "SECONDS_BETWEEN", 0)
    full = iter([True, True, False])
    sweep = Archive.sweep

    def once_there_is_room(self):
        if next(full):
            raise ArchiveError(28, "No space left on device")
        return sweep(self)

    monkeypatch.setattr(Archive, "sweep", once_there_is_room)
    result = defs.resolve_job_def("one_day").execute_in_process(
        partition_key="2026-03-02", asset_selection=[dg.AssetKey("fetches")], raise_on_error=False
    )
    assert result.success
    tried = [e for e in result.all_events if e.is_step_restarted]
    assert len(tried) == 2
    policies = [
        node.op.retry_policy
        for node in defs.resolve_asset_graph().assets_defs
        if node.is_executable
    ]
    assert not any(policies), "it would try again after an interruption"


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory):
    """What two runs of a day over the same two captures made: an empty page is held."""
    folder = tmp_path_factory.mktemp("two-runs")
    pages = [
        ("a.html", page(), "https://a.example/a", "2026-03-02T08:00:00Z"),
        (
            "b.html",
            b"<html><body><h1>Soon</h1></body></html>",
            "https://a.example/b/c-d-e-f",
            "2026-03-02T09:00:00Z",
        ),
    ]
    write_pages(folder / "pages", pages)
    path = write_sources(folder / "s.yaml", {"id": "a", "kind": "folder", "location": "pages"})
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NEWSLEDGER_HOME", str(folder / "home"))
        patched.setenv("NEWSLEDGER_SOURCES", str(path))
        patched.setenv("NEWSLEDGER_WORKERS", "1")
        assets = [dg.AssetKey(name) for name in ("fetches", "extracted_articles", "articles")]
        yield [
            defs.resolve_job_def("one_day").execute_in_process(
                partition_key="2026-03-02", asset_selection=assets
            )
            for _ in range(2)
        ]


def made(result, asset):
    """The one materialisation of an asset in a run."""
    (event,) = result.asset_materializations_for_node(asset)
    return event


def test_an_unchanged_rerun_gives_the_same_data_versions(two_runs):
    for asset in ("fetches", "extracted_articles", "articles"):
        first, second = (made(run, asset).tags["dagster/data_version"] for run in two_runs)
        assert first == second, asset


def test_materialisations_carry_the_numbers_that_the_ui_draws(two_runs):
    numbers = {key: value.value for key, value in made(two_runs[1], "articles").metadata.items()}
    assert numbers["dagster/partition_row_count"] == 1
    assert numbers["held"] == 1
    assert numbers["share_held"] == 0.5
    assert numbers["null_share_date_published"] == 0
    assert numbers["seconds"] >= 0
    assert made(two_runs[0], "fetches").metadata["payload_bytes"].value > 0
    lineage = made(two_runs[0], "articles").metadata["dagster/column_lineage"].value
    assert lineage.deps_by_column["headline"] == [
        dg.TableColumnDep(asset_key="extracted_articles", column_name="headline")
    ]
