"""expectations/*.json: read with clear mistakes, run loudly, never passed by accident."""

from __future__ import annotations

import json
from datetime import date, timedelta
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


class TestThresholds:
    LIMIT = {"limit": {"value": 7, "reason": "Seven is what a week has."}}  # noqa: RUF012

    def rule(self, **changes) -> dict:
        return RULE | {
            "kwargs": {"unexpected_rows_query": ["SELECT fetch_id FROM {batch}", "WHERE http_status > {limit}"]},
            "description": "No status above {limit}.",
            "meta": {"check": "only_files", "thresholds": self.LIMIT},
        } | changes  # fmt: skip

    def load(self, tmp_path, **changes):
        return load_suites(write(tmp_path / "e", self.rule(**changes)))[0].checks[0]

    def test_values_stand_in_query_and_words_and_keep_their_reason(self, tmp_path):
        check = self.load(tmp_path)
        assert check.query == "SELECT fetch_id FROM {batch}\nWHERE http_status > 7"
        assert check.description == "No status above 7."
        assert [(t.name, t.value, t.reason) for t in check.thresholds] == [
            ("limit", 7, "Seven is what a week has.")
        ]

    def test_a_whole_argument_keeps_its_type(self, tmp_path):
        share = {"share": {"value": 0.9, "reason": "One in ten may lack it."}}
        check = self.load(
            tmp_path,
            type="expect_column_values_to_not_be_null",
            kwargs={"column": "charset", "mostly": "{share}"},
            description="Nine in ten.",
            meta={"check": "a", "thresholds": share},
        )
        assert check.kwargs == {"column": "charset", "mostly": 0.9}
        assert not check.names_rows, "a share may fail though no row is wrong by itself"

    @pytest.mark.parametrize(
        ("thresholds", "message"),
        [
            ({}, "{limit} is no threshold"),
            ({"limit": {"value": 7}}, "limit needs a value and a reason"),
            ({"limit": {"value": 7, "reason": " "}}, "limit needs a value and a reason"),
            ({"now": {"value": 7, "reason": "x"}}, "'now' cannot be a threshold's name"),
        ],
    )
    def test_a_number_without_a_reason_is_refused(self, tmp_path, thresholds, message):
        with pytest.raises(SuiteError, match=message):
            self.load(tmp_path, meta={"check": "a", "thresholds": thresholds})


class TestWhatItStops:
    def load(self, tmp_path, **changes):
        return load_suites(write(tmp_path / "e", RULE, RULE | changes))[0].checks[1]

    @pytest.mark.parametrize(
        ("severity", "meta", "stops", "blocking"),
        [
            ("critical", {}, "downstream", True),
            ("critical", {"stops": "publish"}, "publish", False),
            ("warning", {}, None, False),
            ("info", {}, None, False),
        ],
    )
    def test_by_severity_and_choice(self, tmp_path, severity, meta, stops, blocking):
        check = self.load(tmp_path, severity=severity, meta={"check": "b"} | meta)
        assert (check.stops, check.blocking) == (stops, blocking)

    @pytest.mark.parametrize(
        ("severity", "stops", "message"),
        [("critical", "everything", "'everything'"), ("warning", "publish", "only a critical")],
    )
    def test_a_choice_that_cannot_be_is_refused(self, tmp_path, severity, stops, message):
        with pytest.raises(SuiteError, match=message):
            self.load(tmp_path, severity=severity, meta={"check": "b", "stops": stops})


class TestTheClock:
    QUERY = "SELECT fetch_id FROM {batch} WHERE fetched_at > {now} AND {now} IS NOT NULL"

    def at(self, tmp_path, hour: int, day: date | None = DAY, **changes) -> str:
        rule = RULE | {"kwargs": {"unexpected_rows_query": self.QUERY}}
        (suite,) = load_suites(write(tmp_path / "e", rule, **changes))
        assert suite.reads_the_clock
        return suite.at(day, NOON.replace(hour=hour, minute=40)).checks[0].query

    def test_while_the_day_lasts_it_is_the_hour(self, tmp_path):
        assert self.at(tmp_path, 9).count("TIMESTAMPTZ '2026-03-02 09:00:00+00'") == 2

    def test_once_it_is_over_it_is_its_end(self, tmp_path):
        for hour in (3, 20):
            query = self.at(tmp_path, hour, DAY - timedelta(days=3))
            assert query.count("TIMESTAMPTZ '2026-02-28 00:00:00+00'") == 2

    def test_for_a_whole_table_it_is_the_hour(self, tmp_path):
        assert "12:00:00+00" in self.at(tmp_path, 12, None, batch="SELECT * FROM raw.fetches")

    def test_what_is_held_cannot_depend_on_it(self, tmp_path):
        meta = {"check": "b", "on_failure": "quarantine"}
        rule = RULE | {"kwargs": {"unexpected_rows_query": self.QUERY}, "meta": meta}
        with pytest.raises(SuiteError, match=r"cannot depend on \{now\}"):
            load_suites(write(tmp_path / "e", RULE, rule))

    @pytest.mark.parametrize(
        "clock", ["now()", "current_date", "CURRENT_TIMESTAMP", "today ()", "random()"]
    )
    def test_what_no_two_runs_agree_on_is_refused(self, tmp_path, clock):
        """Or a result could never be carried from one run to the next."""
        query = f"SELECT fetch_id FROM {{batch}} WHERE fetched_at > {clock}"
        with pytest.raises(SuiteError, match=r"use \{now\}"):
            load_suites(write(tmp_path / "e", RULE | {"kwargs": {"unexpected_rows_query": query}}))

    def test_a_name_or_a_text_that_looks_like_it_is_not(self, tmp_path):
        query = "SELECT fetch_id, 'random() now()' AS known_now FROM {batch} -- as of now() then"
        rule = RULE | {"kwargs": {"unexpected_rows_query": query}}
        assert load_suites(write(tmp_path / "e", rule))


def test_a_key_that_is_no_row_of_the_table_is_kept_out_of_the_quarantine(tmp_path):
    query = "SELECT source_id FROM {batch} GROUP BY source_id HAVING count(*) > 9"
    keyed = RULE | {
        "kwargs": {"unexpected_rows_query": query},
        "meta": {"check": "b", "key": "source_id"},
    }
    (suite,) = load_suites(write(tmp_path / "e", RULE, keyed))
    assert [(c.key, c.names_rows) for c in suite.checks] == [
        ("fetch_id", True),
        ("source_id", False),
    ]


def test_a_query_of_lines_and_a_remark_at_its_end(tmp_path):
    lines = ["SELECT fetch_id", "FROM {batch}", "WHERE kind = 'warc' -- only files;"]
    (suite,) = load_suites(
        write(tmp_path / "e", RULE | {"kwargs": {"unexpected_rows_query": lines}})
    )
    assert suite.checks[0].query.endswith("-- only files\n")
    assert "DATE '2026-03-02') AS batch" in suite.rule_sql(suite.checks[0], DAY)


def test_a_suite_without_a_day_in_its_batch_is_on_the_whole_table(tmp_path):
    daily, whole = (
        load_suites(write(tmp_path / name, RULE, **changes))[0]
        for name, changes in (("d", {}), ("w", {"batch": ["SELECT *", "FROM raw.fetches"]}))
    )
    assert (daily.is_daily, daily.partition(DAY)) == (True, DAY)
    assert (whole.is_daily, whole.partition(DAY)) == (False, None)
    assert [s.checks[0].is_daily for s in (daily, whole)] == [True, False]


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
