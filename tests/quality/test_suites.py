"""expectations/*.json: read with clear mistakes, run loudly, never passed by accident."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.quality.suites import SuiteError, load_suites
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.rows import insert_rows
from tests.factories import DAY, NOON, fetch_row

RULE = {
    "type": "unexpected_rows_expectation",
    "kwargs": {"unexpected_rows_query": "SELECT fetch_id FROM {batch} WHERE kind = 'warc'"},
    "severity": "critical",
    "description": "Only files today.",
    "meta": {"check": "only_files"},
}


def write(folder: Path, *rules: dict, **changes) -> Path:
    suite = {
        "asset": "fetches",
        "table": "raw.fetches",
        "key": "fetch_id",
        "batch": "SELECT * FROM raw.fetches WHERE fetch_date = {partition}",
        "owner": "team:data-engineering",
        "expectations": list(rules),
    } | changes
    folder.mkdir(exist_ok=True)
    (folder / "fetches.json").write_text(json.dumps(suite))
    return folder


def test_every_shipped_rule_has_words_a_severity_and_a_unique_name():
    suites = load_suites()
    checks = [check for suite in suites for check in suite.checks]
    assert len(checks) >= 30
    assert len({(c.asset, c.name) for c in checks}) == len(checks)
    assert all(len(c.description.split()) >= 4 for c in checks)


def test_rows_are_only_held_by_rules_that_name_captures():
    holding = [(s, c) for s in load_suites() for c in s.checks if c.on_failure == "quarantine"]
    assert {s.key for s, _ in holding} == {"fetch_id"}
    assert {c.asset for _, c in holding} == {"fetches", "extracted_articles"}
    assert not [c for _, c in holding if c.blocking], "a held row must not stop the day besides"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (RULE | {"severity": "fatal"}, "severity 'fatal'"),
        (RULE | {"description": " "}, "description is empty"),
        (RULE | {"meta": {"check": "Not A Name"}}, "meta.check 'Not A Name'"),
        (RULE | {"meta": {"check": "x", "on_failure": "drop"}}, "on_failure 'drop'"),
        (RULE | {"kwargs": {"unexpected_rows_query": "SELECT 1"}}, "must read FROM {batch}"),
        (RULE | {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a"}, "meta": {"check": "x", "on_failure": "quarantine"}}, "can quarantine"),
        ({k: v for k, v in RULE.items() if k != "severity"}, "lacks 'severity'"),
        (RULE | {"severity": "warning"}, "needs at least one critical check"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_suite_is_named(tmp_path, rule, message):
    with pytest.raises(SuiteError) as error:
        load_suites(write(tmp_path / "e", rule))
    assert message in str(error.value)


def test_a_suite_that_is_not_json_names_its_line(tmp_path):
    (tmp_path / "bad.json").write_text('{\n "asset": "a",\n oops\n}')
    with pytest.raises(SuiteError, match=r"expectations/bad.json:3: not JSON"):
        load_suites(tmp_path)


def test_a_name_used_twice_is_refused(tmp_path):
    with pytest.raises(SuiteError, match="only_files"):
        load_suites(write(tmp_path / "e", RULE, RULE))


@pytest.fixture
def settings(tmp_path):
    settings = Settings(home=tmp_path / "home")
    with writing(settings) as connection:
        rows = [fetch_row(f"f{n:02}", kind="warc" if n < 25 else "file") for n in range(40)]
        rows.append(fetch_row("other-day", kind="warc", fetched_at=NOON.replace(day=3)))
        insert_rows(connection, "raw.fetches", rows)
    return settings


class TestEngine:
    """Great Expectations, pushed down: its import is paid once for this class."""

    def run(self, settings: Settings, tmp_path: Path, *rules: dict, **changes):
        from pipelines.quality.engine import run_suite

        (suite,) = load_suites(write(tmp_path / "e", *rules, **changes))
        return run_suite(settings.warehouse_file, suite, DAY)

    def test_counts_and_keys_are_whole_and_of_the_partition_only(self, settings, tmp_path):
        unique = {
            "type": "expect_column_values_to_be_unique",
            "kwargs": {"column": "fetch_id"},
            "severity": "warning",
            "description": "Ids are unique.",
            "meta": {"check": "unique"},
        }
        in_set = {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "kind", "value_set": ["warc"]},
            "severity": "warning",
            "description": "All are WARCs.",
            "meta": {"check": "in_set"},
        }
        rule, uniqueness, membership = self.run(settings, tmp_path, RULE, unique, in_set)
        assert (rule.success, rule.unexpected_count, rule.element_count) == (False, 25, 40)
        assert rule.failing_keys == tuple(f"f{n:02}" for n in range(25))
        assert uniqueness.success
        assert uniqueness.error is None
        assert (membership.success, membership.unexpected_count) == (False, 15)
        assert membership.failing_keys == tuple(f"f{n:02}" for n in range(25, 40))

    def test_two_row_rules_are_both_evaluated(self, settings, tmp_path):
        query = "SELECT fetch_id FROM {batch} WHERE kind = 'file'"
        other = RULE | {"kwargs": {"unexpected_rows_query": query}, "meta": {"check": "second"}}
        results = self.run(settings, tmp_path, RULE, other)
        assert [r.unexpected_count for r in results] == [25, 15]

    def test_an_entry_that_would_be_left_out_stops_the_suite(self, settings, tmp_path):
        with pytest.raises(SuiteError, match="two of them are the same"):
            self.run(settings, tmp_path, RULE, RULE | {"meta": {"check": "second"}})

    def test_a_query_may_hold_braces(self, settings, tmp_path):
        query = "SELECT fetch_id FROM {batch} WHERE regexp_matches(fetch_id, '^f\\d{2}$')"
        rule = RULE | {"kwargs": {"unexpected_rows_query": query}}
        (result,) = self.run(settings, tmp_path, rule)
        assert (result.unexpected_count, result.error) == (40, None)

    def test_the_shown_query_can_be_pasted(self, settings, tmp_path):
        (result,) = self.run(settings, tmp_path, RULE)
        with writing(settings) as connection:
            assert len(connection.execute(result.sql).fetchall()) == 25

    @pytest.mark.parametrize("severity", ["critical", "warning"])
    def test_sql_that_raises_is_an_error_never_a_pass(self, settings, tmp_path, severity):
        broken = RULE | {
            "kwargs": {"unexpected_rows_query": "SELECT no_such FROM {batch}"},
            "severity": severity,
            "meta": {"check": "broken"},
        }
        results = self.run(settings, tmp_path, RULE, broken)
        assert not results[1].success
        assert "no_such" in results[1].error

    def test_a_column_that_is_not_there_is_an_error_never_a_pass(self, settings, tmp_path):
        missing = {
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "colour"},
            "severity": "critical",
            "description": "A colour is there.",
            "meta": {"check": "colour"},
        }
        (result,) = self.run(settings, tmp_path, missing)
        assert not result.success
        assert "colour" in result.error

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"type": "expect_the_unexpected"}, "expect_the_unexpected"),
            ({"type": "expect_column_values_to_match_regex", "kwargs": {"column": "kind", "regex": "a"}}, "not supported on DuckDB"),
            ({"type": "expect_column_values_to_be_unique", "kwargs": {"colum": "kind"}}, "only_files"),
        ],
    )  # fmt: skip
    def test_an_expectation_that_cannot_be_used_stops_the_suite(
        self, settings, tmp_path, change, message
    ):
        with pytest.raises(SuiteError) as error:
            self.run(settings, tmp_path, RULE | change)
        assert message in str(error.value)

    def test_an_audit_cannot_write_and_leaves_the_file_free(self, settings, tmp_path):
        before = settings.warehouse_file.read_bytes()
        self.run(settings, tmp_path, RULE)
        assert settings.warehouse_file.read_bytes() == before
        with writing(settings) as connection:
            views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal")
            assert [v for (v,) in views.fetchall() if v.startswith("batch_of")] == []
