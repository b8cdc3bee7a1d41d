"""The state of a suite: it changes with all that its results depend on, and with nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from pipelines.quality.reads import UnknownReadError, tables_read
from pipelines.quality.records import CheckResult
from pipelines.quality.results import record
from pipelines.quality.suites import QUERY, Suite, load_suites
from pipelines.quality.unchanged import State, carried, note_audit, state_of
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema
from tests.factories import DAY, NOON, fetch_row

NEXT = DAY + timedelta(days=1)


def rule(sql: str, name: str = "rule", **changes: Any) -> dict[str, Any]:
    return {
        "type": "unexpected_rows_expectation",
        "kwargs": {QUERY: sql},
        "severity": "critical",
        "description": "What must hold in this test.",
        "meta": {"check": name},
    } | changes


@pytest.fixture
def suite(tmp_path):
    """Makes a suite of rules on the day's captures, or on what ``changes`` say."""
    made = []

    def make(*rules: dict[str, Any], **changes: Any) -> Suite:
        content = {
            "asset": "fetches",
            "table": "raw.fetches",
            "key": "fetch_id",
            "batch": "SELECT * FROM raw.fetches WHERE fetch_date = {partition}",
            "owner": "team:tests",
            "expectations": list(rules) or [rule("SELECT fetch_id FROM {batch} WHERE kind = 'x'")],
        }
        made.append(tmp_path / str(len(made)))
        made[-1].mkdir()
        (made[-1] / "fetches.json").write_text(json.dumps(content | changes))
        return load_suites(made[-1])[0]

    return make


@pytest.fixture
def warehouse():
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        apply_schema(connection)
        rows = [fetch_row(f"f{n}") for n in range(6)]
        rows += [fetch_row(f"g{n}", fetched_at=NOON + timedelta(days=1)) for n in range(3)]
        insert_rows(connection, "raw.fetches", rows)
        yield connection


def key(warehouse, suite: Suite, day: date | None = DAY) -> str:
    state = state_of(warehouse, suite, suite.partition(day))
    assert state is not None
    return state.key


class TestRows:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE raw.fetches SET http_status = 500 WHERE fetch_id = 'f3'",
            "DELETE FROM raw.fetches WHERE fetch_id = 'f3'",
            "INSERT INTO raw.fetches SELECT * FROM raw.fetches WHERE fetch_id = 'f3'",
        ],
    )
    def test_any_change_of_the_rows_under_audit_changes_it(self, warehouse, suite, change):
        before = key(warehouse, suite())
        warehouse.execute(change)
        assert key(warehouse, suite()) != before

    def test_rows_that_stand_twice_do_not_cancel_each_other(self, warehouse, suite):
        """As they would in an XOR of their hashes."""
        warehouse.execute(
            "DELETE FROM raw.fetches WHERE fetch_id NOT IN ('f1');"
            "INSERT INTO raw.fetches SELECT * FROM raw.fetches"
        )
        before = key(warehouse, suite())
        warehouse.execute("UPDATE raw.fetches SET http_status = 500")
        assert key(warehouse, suite()) != before

    def test_their_order_does_not(self, warehouse, suite):
        before = key(warehouse, suite())
        warehouse.execute(
            "CREATE TEMP TABLE turned AS SELECT * FROM raw.fetches ORDER BY fetch_id DESC;"
            "DELETE FROM raw.fetches; INSERT INTO raw.fetches SELECT * FROM turned"
        )
        assert key(warehouse, suite()) == before

    def test_other_days_do_not(self, warehouse, suite):
        before = key(warehouse, suite())
        warehouse.execute("DELETE FROM raw.fetches WHERE fetch_id = 'g1'")
        assert key(warehouse, suite()) == before

    def test_a_new_column_does(self, warehouse, suite):
        before = key(warehouse, suite())
        warehouse.execute("ALTER TABLE raw.fetches ADD COLUMN colour VARCHAR")
        assert key(warehouse, suite()) != before

    def test_of_a_whole_table_every_row_counts(self, warehouse, suite):
        whole = suite(batch="SELECT * FROM raw.fetches")
        before = key(warehouse, whole)
        assert key(warehouse, whole, NEXT) == before
        warehouse.execute("UPDATE raw.fetches SET kind = 'x' WHERE fetch_id = 'g1'")
        assert key(warehouse, whole) != before

    @pytest.mark.parametrize(
        ("kind", "kwargs"),
        [
            ("unexpected_rows_expectation", {QUERY: "SELECT fetch_id FROM {batch} WHERE kind = 'x'"}),
            ("expect_column_values_to_not_be_null", {"column": "kind"}),
            ("expect_compound_columns_to_be_unique", {"column_list": ["fetch_id", "kind"]}),
        ],
    )  # fmt: skip
    def test_of_a_whole_table_the_columns_count_that_rules_read(
        self, warehouse, suite, kind, kwargs
    ):
        whole = suite(rule("", type=kind, kwargs=kwargs), batch="SELECT * FROM raw.fetches")
        before = key(warehouse, whole)
        warehouse.execute("UPDATE raw.fetches SET http_status = 500 WHERE fetch_id = 'g1'")
        assert key(warehouse, whole) == before
        warehouse.execute("UPDATE raw.fetches SET kind = 'x' WHERE fetch_id = 'g1'")
        assert key(warehouse, whole) != before

    def test_of_a_rule_on_a_table_s_size_its_rows_count(self, warehouse, suite):
        size = {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1}}
        whole = suite(rule("", **size), batch="SELECT * FROM raw.fetches")
        before = key(warehouse, whole)
        warehouse.execute("DELETE FROM raw.fetches WHERE fetch_id = 'g1'")
        assert key(warehouse, whole) != before


LIMITED = rule(
    "SELECT fetch_id, source_id FROM {batch} WHERE http_status > {most}",
    meta={"check": "rule", "thresholds": {"most": {"value": 400, "reason": "errors"}}},
)
STRICTER = {"most": {"value": 499, "reason": "errors"}}


class TestRules:
    @pytest.mark.parametrize(
        "change",
        [
            {"kwargs": {QUERY: "SELECT fetch_id FROM {batch} WHERE http_status >= {most}"}},
            {"meta": LIMITED["meta"] | {"thresholds": STRICTER}},
            {"meta": LIMITED["meta"] | {"check": "other"}},
            {"meta": LIMITED["meta"] | {"key": "source_id"}},
        ],
        ids=["query", "threshold", "name", "key"],
    )
    def test_a_changed_rule_changes_it(self, warehouse, suite, change):
        assert key(warehouse, suite(LIMITED)) != key(warehouse, suite(LIMITED | change))

    def test_what_a_rule_stops_changes_it(self, warehouse, suite):
        declared = suite(LIMITED)
        softer = replace(declared, checks=(replace(declared.checks[0], stops="publish"),))
        assert key(warehouse, softer) != key(warehouse, declared)

    def test_a_release_changes_it(self, warehouse, suite):
        declared = suite(LIMITED)
        excepted = [check.without("fetch_id = 'f1'") for check in declared.checks]
        assert key(warehouse, replace(declared, checks=tuple(excepted))) != key(warehouse, declared)

    def test_other_words_for_it_do_not(self, warehouse, suite):
        other = LIMITED | {"description": "Said in other words."}
        assert key(warehouse, suite(LIMITED)) == key(warehouse, suite(other))

    def test_an_hour_does_where_a_rule_asks_for_the_time(self, warehouse, suite):
        timed = suite(rule("SELECT fetch_id FROM {batch} WHERE fetched_at > {now}"))
        keys = [key(warehouse, timed.at(DAY, NOON + timedelta(minutes=m))) for m in (0, 50, 70)]
        assert keys[0] == keys[1]
        assert keys[1] != keys[2]


class TestWhatRulesReadBesides:
    JOINED = rule(
        "SELECT batch.fetch_id FROM {batch} JOIN sources AS s ON batch.source_id = s.source_id"
        " WHERE s.name IS NULL"
    )

    @pytest.fixture(autouse=True)
    def sources(self, warehouse):
        warehouse.execute(
            "INSERT INTO sources BY NAME SELECT 'harbour' AS source_id, 'Harbour' AS name,"
            " 'seen' AS origin"
        )

    def test_a_column_that_a_rule_reads_counts(self, warehouse, suite):
        before = key(warehouse, suite(self.JOINED))
        warehouse.execute("UPDATE sources SET name = 'Quay'")
        assert key(warehouse, suite(self.JOINED)) != before

    def test_a_column_that_no_rule_reads_does_not(self, warehouse, suite):
        before = key(warehouse, suite(self.JOINED))
        warehouse.execute("UPDATE sources SET homepage = 'https://harbour.example'")
        assert key(warehouse, suite(self.JOINED)) == before

    def test_tables_with_days_count_by_the_day(self, warehouse, suite):
        """fetches.json audits raw.fetches by the day; a suite on sources that reads it does so too."""
        read = rule("SELECT source_id FROM {batch} SEMI JOIN raw.fetches USING (source_id)")
        daily = suite(
            read, table="sources", key="source_id",
            batch="SELECT *, {partition} AS day FROM sources",
        )  # fmt: skip
        before = key(warehouse, daily)
        warehouse.execute("UPDATE raw.fetches SET source_id = 'x' WHERE fetch_id = 'g1'")
        assert key(warehouse, daily) == before
        warehouse.execute("UPDATE raw.fetches SET source_id = 'x' WHERE fetch_id = 'f1'")
        assert key(warehouse, daily) != before

    def test_a_suite_that_compares_its_day_with_others_sees_them(self, warehouse, suite):
        twice = rule(
            "SELECT batch.fetch_id FROM {batch} JOIN raw.fetches AS f USING (payload_sha256)"
            " WHERE f.fetch_date < batch.fetch_date"
        )
        before = key(warehouse, suite(twice))
        warehouse.execute("UPDATE raw.fetches SET payload_sha256 = 'x' WHERE fetch_id = 'g1'")
        assert key(warehouse, suite(twice)) != before

    def test_views_count_by_what_they_read(self, warehouse):
        read = tables_read(warehouse, ["SELECT article_id FROM articles WHERE word_count > 3"])
        assert read == {"article_versions": {"article_id", "word_count", "valid_to"}}

    def test_scans_are_not_left_out_because_a_table_is_empty_now(self, warehouse):
        query = "SELECT count(*) FROM mentions AS m JOIN entities AS e USING (entity_id)"
        assert set(tables_read(warehouse, [query])) == {"mentions", "entities"}

    def test_rows_that_were_only_listed_by_audits_do_not_count(self, warehouse, suite):
        few = rule("SELECT fetch_id FROM {batch} JOIN ops.quarantine AS q USING (fetch_id)")
        before = key(warehouse, suite(few))
        quarantine(warehouse, "f1", effect="flagged")
        assert key(warehouse, suite(few)) == before
        quarantine(warehouse, "f2", effect="held")
        assert key(warehouse, suite(few)) != before

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT batch.fetch_id FROM {batch} JOIN no_such_table USING (fetch_id)",
            "SELECT no_such_column FROM {batch}",
            "SELECT fetch_id FROM {batch}, duckdb_tables()",
        ],
    )
    def test_where_it_cannot_be_told_the_suite_is_run(self, warehouse, suite, sql):
        assert state_of(warehouse, suite(rule(sql)), DAY) is None
        assert carried(warehouse, suite(rule(sql)), DAY, None) is None

    def test_what_is_no_table_is_named(self, warehouse):
        with pytest.raises(UnknownReadError, match="DUCKDB_TABLES"):
            tables_read(warehouse, ["SELECT * FROM duckdb_tables()"])
        assert tables_read(warehouse, ["SELECT * FROM range(3)"]) == {}


def quarantine(warehouse, fetch_id: str, effect: str, reason: str = "rule") -> None:
    row = {
        "asset_key": "fetches", "row_key": fetch_id, "reason": reason, "effect": effect,
        "table_name": "staging.articles" if effect == "held" else "raw.fetches", "fetch_id": fetch_id, "fetch_date": DAY, "run_id": "r", "created_at": NOON,
    }  # fmt: skip
    insert_rows(warehouse, "ops.quarantine", [row])


def test_rows_held_by_its_rules_belong_to_it(warehouse, suite):
    declared = suite(rule("SELECT fetch_id FROM {batch} WHERE kind = 'x'", "theirs"))
    before = key(warehouse, declared)
    quarantine(warehouse, "f1", "held", reason="another")
    assert key(warehouse, declared) == before
    quarantine(warehouse, "f1", "held", reason="theirs")
    assert key(warehouse, declared) != before


class TestEmptyBatches:
    EMPTY = (DAY + timedelta(days=5), DAY + timedelta(days=6))

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT fetch_id FROM {batch} WHERE kind = 'x'",
            "SELECT batch.fetch_id FROM {batch} LEFT JOIN sources AS s USING (source_id)"
            " WHERE s.source_id IS NULL",
            "SELECT min(fetch_id) AS fetch_id FROM {batch} GROUP BY source_id HAVING count(*) > 1",
        ],
    )
    def test_they_are_alike_on_every_day(self, warehouse, suite, sql):
        one, other = (state_of(warehouse, suite(rule(sql)), day) for day in self.EMPTY)
        assert one == other
        assert one.of_no_rows == one.key

    @pytest.mark.parametrize(
        "sql",
        [
            # No capture of the day is what these two look for.
            "SELECT 'none' AS fetch_id FROM {batch} HAVING count(*) = 0 AND {partition} > '2020-01-01'",
            "SELECT f.fetch_id FROM raw.fetches AS f ANTI JOIN {batch} USING (fetch_id)",
        ],
    )
    def test_not_where_the_rules_read_on(self, warehouse, suite, sql):
        one, other = (state_of(warehouse, suite(rule(sql)), day) for day in self.EMPTY)
        assert one.of_no_rows is None
        assert one != other

    def test_held_rows_make_the_day_its_own(self, warehouse, suite):
        declared = suite(rule("SELECT fetch_id FROM {batch}"), batch="SELECT * FROM raw.fetches WHERE fetch_date = {partition} AND kind = 'x'")  # fmt: skip
        before = state_of(warehouse, declared, DAY)
        quarantine(warehouse, "f1", "held")
        after = state_of(warehouse, declared, DAY)
        assert after.key != before.key
        assert after.of_no_rows == before.key


FAILING = {"success": False, "observed": 2, "element_count": 6, "unexpected_count": 2}


class TestCarried:
    """What was stored for a state, given back."""

    def store(
        self, warehouse, suite: Suite, day: date, state: State | None, **changes: Any
    ) -> None:
        more = {"failing_keys": ("f1", "f2"), "sql": "SELECT 1", "samples": ({"fetch_id": "f1"},)}
        values = FAILING | more | changes
        results = [CheckResult(check, day, **values) for check in suite.checks]
        record(warehouse, results, "r1")
        note_audit(
            warehouse, suite, day, state, run_id="r1", begun=datetime.now(UTC), seconds=0.2,
            is_carried=False,
        )  # fmt: skip

    def test_a_failure_stays_a_failure_with_the_same_figures(self, warehouse, suite):
        declared = suite()
        state = state_of(warehouse, declared, DAY)
        assert carried(warehouse, declared, DAY, state) is None
        self.store(warehouse, declared, DAY, state)
        (result,) = carried(warehouse, declared, DAY, state)
        assert result.carried
        assert result.checked_at is not None
        assert {name: getattr(result, name) for name in FAILING} == FAILING
        assert result.failing_keys == ("f1", "f2")
        assert (result.sql, result.samples) == ("SELECT 1", ({"fetch_id": "f1"},))

    def test_it_has_the_present_words_and_owner(self, warehouse, suite):
        declared = suite()
        self.store(warehouse, declared, DAY, state_of(warehouse, declared, DAY))
        reworded = suite(
            rule("SELECT fetch_id FROM {batch} WHERE kind = 'x'", description="Other words now."),
            owner="team:others",
        )
        (result,) = carried(warehouse, reworded, DAY, state_of(warehouse, reworded, DAY))
        assert (result.check.description, result.check.owner) == ("Other words now.", "team:others")

    def test_another_state_is_not_carried(self, warehouse, suite):
        declared = suite()
        self.store(warehouse, declared, DAY, state_of(warehouse, declared, DAY))
        warehouse.execute("UPDATE raw.fetches SET http_status = 500")
        assert carried(warehouse, declared, DAY, state_of(warehouse, declared, DAY)) is None

    def test_a_state_of_long_ago_is_not_either(self, warehouse, suite):
        """Only the last audit counts: results between would be in the way."""
        declared = suite()
        first = state_of(warehouse, declared, DAY)
        self.store(warehouse, declared, DAY, first)
        self.store(warehouse, declared, DAY, State("another", None))
        assert carried(warehouse, declared, DAY, first) is None

    def test_a_rule_that_broke_is_run_again(self, warehouse, suite):
        declared = suite()
        state = state_of(warehouse, declared, DAY)
        self.store(warehouse, declared, DAY, state, error="no such column")
        assert carried(warehouse, declared, DAY, state) is None

    def test_results_that_are_gone_are_not_made_up(self, warehouse, suite):
        declared = suite()
        state = state_of(warehouse, declared, DAY)
        self.store(warehouse, declared, DAY, state)
        warehouse.execute("DELETE FROM ops.quality_results")
        assert carried(warehouse, declared, DAY, state) is None

    def test_an_empty_day_takes_the_results_of_another_and_writes_them_as_its_own(
        self, warehouse, suite
    ):
        declared = suite()
        one, other = TestEmptyBatches.EMPTY
        passed = {"success": True, "observed": 0, "element_count": 0, "unexpected_count": 0}
        state = state_of(warehouse, declared, one)
        self.store(warehouse, declared, one, state, **passed, failing_keys=(), samples=())
        (result,) = carried(warehouse, declared, other, state_of(warehouse, declared, other))
        assert (result.partition, result.carried, result.success) == (other, False, True)
        assert str(one) not in (result.sql or "")

    def test_a_confirmed_audit_keeps_when_and_where_it_was_made(self, warehouse, suite):
        declared = suite()
        state = state_of(warehouse, declared, DAY)
        self.store(warehouse, declared, DAY, state)
        later = datetime.now(UTC) + timedelta(hours=1)
        note_audit(
            warehouse, declared, DAY, state, run_id="r2", begun=later, seconds=None, is_carried=True
        )
        row = warehouse.execute(
            "SELECT run_id, seconds, confirmed_at = ?, audited_at < confirmed_at FROM ops.audits",
            [later],
        ).fetchall()
        assert row == [("r1", 0.2, True, True)]
