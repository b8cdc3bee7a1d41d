"""Failing rows are listed once each, leave by themselves with their history, and can be released."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from pipelines.quality.decisions import Subject, decide, withdraw
from pipelines.quality.quarantine import (
    except_released,
    held_keys,
    list_failing,
    retire_rules,
    without_released,
)
from pipelines.quality.records import CheckResult
from pipelines.quality.results import declare, record
from pipelines.quality.suites import Check, Suite, find_check
from pipelines.quality.validate import validate_staged
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema
from tests.factories import DAY, NOON, block_row, fetch_row, staged_row
from tests.quality.seeding import DAY as SAMPLES_DAY
from tests.quality.seeding import Seeded

BEFORE = DAY - timedelta(days=1)
EMPTY = "SELECT article_id, version FROM {batch} WHERE article_body = ''"


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        apply_schema(connection)
        yield connection


def rule(name: str = "body_not_empty", **changes: Any) -> Check:
    """A rule of the articles, as expectations/ would declare it."""
    return Check(
        **{
            "suite": "articles",
            "asset": "articles",
            "table": "article_versions",
            "name": name,
            "expectation": "unexpected_rows_expectation",
            "kwargs": {"unexpected_rows_query": EMPTY},
            "severity": "warning",
            "description": "Articles have a text.",
            "on_failure": None,
            "key": "article_id",
            "names_rows": True,
            "owner": "team:test",
            "stops": None,
            "is_daily": True,
        }
        | changes
    )


def suite_of(*checks: Check) -> Suite:
    batch = "SELECT * FROM article_versions WHERE fetch_date = {partition}"
    return Suite("articles", "articles", "article_versions", "article_id", batch, checks)


def article(name: str, body: str, version: int = 1, day: date = DAY) -> dict[str, Any]:
    return {
        "article_id": name,
        "version": version,
        "source_id": "harbour",
        "article_body": body,
        "content_sha256": f"{name} {version}",
        "fetch_id": f"{name}-{version}",
        "fetch_date": day,
        "extractor": "html",
        "extractor_version": "1",
        "change_kind": "first",
        "valid_from": NOON,
    }


def audit(
    connection: duckdb.DuckDBPyConnection, suite: Suite, day: date = DAY, run_id: str = "run"
) -> list[CheckResult]:
    """What an audit does with row rules, without Great Expectations."""
    results = []
    (suite,) = without_released(connection, [suite])
    with transaction(connection):
        for check in suite.checks:
            sql = suite.rule_sql(check, day)
            keys = connection.execute(
                f"SELECT DISTINCT {suite.key} FROM ({sql}) ORDER BY 1"
            ).fetchall()
            found = tuple(key for (key,) in keys)
            results.append(
                CheckResult(check, day, not found, None, None, len(found), found, sql=sql)
            )
        list_failing(connection, suite, results, run_id)
        record(connection, results, run_id)
    return results


def listed(connection: duckdb.DuckDBPyConnection, what: str = "row_key, resolution") -> list[Any]:
    twice = """
        SELECT 1 FROM ops.quarantine WHERE resolved_at IS NULL
        GROUP BY asset_key, row_key, reason HAVING count(*) > 1
    """
    assert connection.execute(twice).fetchall() == []
    return connection.execute(
        f"SELECT {what} FROM ops.quarantine ORDER BY created_at, row_key, reason"
    ).fetchall()


class TestRowsInTheWarehouse:
    def test_a_failing_row_is_listed_once_and_leaves_when_it_passes(self, warehouse) -> None:
        insert_rows(warehouse, "article_versions", [article("a", ""), article("b", "Text.")])
        suite = suite_of(rule())
        for run in ("first", "second"):
            audit(warehouse, suite, run_id=run)
        assert listed(warehouse, "row_key, reason, effect, run_id, source_id") == [
            ("a", "body_not_empty", "flagged", "first", "harbour")
        ]
        warehouse.execute("UPDATE article_versions SET article_body = 'Text.'")
        audit(warehouse, suite, run_id="third")
        assert listed(warehouse, "row_key, resolution, resolved_run_id") == [
            ("a", "passed", "third")
        ]
        warehouse.execute("UPDATE article_versions SET article_body = ''")
        audit(warehouse, suite, run_id="fourth")
        assert listed(warehouse) == [("a", "passed"), ("a", None), ("b", None)]

    def test_its_capture_comes_with_it(self, warehouse) -> None:
        insert_rows(warehouse, "raw.fetches", [fetch_row("a-1")])
        insert_rows(warehouse, "article_versions", [article("a", "")])
        audit(warehouse, suite_of(rule()))
        ((fetch, payload, source, found),) = listed(
            warehouse, "fetch_id, payload_sha256, source_id, article_id"
        )
        assert (fetch, source, found) == ("a-1", "harbour", "a")
        assert payload

    def test_a_capture_that_is_there_twice_lists_its_row_once(self, warehouse) -> None:
        insert_rows(warehouse, "raw.fetches", [fetch_row("a-1"), fetch_row("a-1")])
        insert_rows(warehouse, "article_versions", [article("a", "")])
        audit(warehouse, suite_of(rule()))
        assert listed(warehouse) == [("a", None)]

    def test_a_rule_that_became_blocking_changes_the_effect(self, warehouse) -> None:
        insert_rows(warehouse, "article_versions", [article("a", "")])
        audit(warehouse, suite_of(rule()))
        audit(warehouse, suite_of(rule(severity="critical", stops="downstream")))
        assert listed(warehouse, "effect, resolution") == [("blocks", None)]

    def test_a_rule_that_broke_lets_nothing_go(self, warehouse) -> None:
        insert_rows(warehouse, "article_versions", [article("a", "")])
        suite = suite_of(rule())
        audit(warehouse, suite)
        broken = CheckResult(suite.checks[0], DAY, False, error="no such column")
        list_failing(warehouse, suite, [broken], "later")
        assert listed(warehouse) == [("a", None)]

    @pytest.mark.parametrize("days", [(BEFORE, DAY), (DAY, BEFORE)])
    def test_a_key_that_fails_on_two_days_is_listed_until_it_fails_on_none(
        self, warehouse, days
    ) -> None:
        rows = [article("a", "", 1, BEFORE), article("a", "", 2, DAY)]
        insert_rows(warehouse, "article_versions", rows)
        suite = suite_of(rule())
        for day in days:
            audit(warehouse, suite, day)
        assert listed(warehouse) == [("a", None)]
        for day, left in zip(days, (None, "passed"), strict=True):
            warehouse.execute(
                "UPDATE article_versions SET article_body = 'Text.' WHERE fetch_date = ?", [day]
            )
            audit(warehouse, suite, day, run_id=f"mended {day}")
            assert listed(warehouse) == [("a", left)]

    def test_a_row_that_is_gone_leaves_whatever_day_is_audited(self, warehouse) -> None:
        insert_rows(
            warehouse, "article_versions", [article("a", "", 1, BEFORE), article("b", "", 1, DAY)]
        )
        suite = suite_of(rule())
        audit(warehouse, suite, BEFORE)
        warehouse.execute("DELETE FROM article_versions WHERE article_id = 'a'")
        audit(warehouse, suite, DAY, run_id="later")
        assert set(listed(warehouse)) == {("a", "superseded"), ("b", None)}

    def test_rows_of_a_rule_that_is_gone_leave(self, warehouse) -> None:
        insert_rows(warehouse, "article_versions", [article("a", "")])
        known = rule("body_hash_agrees")
        assert find_check("articles", known.name)
        audit(warehouse, suite_of(known, rule("no_rule_of_ours")))
        declare(warehouse)
        retire_rules(warehouse, "later")
        assert listed(warehouse, "reason, resolution, resolved_run_id") == [
            ("body_hash_agrees", None, None),
            ("no_rule_of_ours", "retired", "later"),
        ]

    def test_a_run_that_is_cut_short_lists_nothing_twice(self, warehouse) -> None:
        insert_rows(warehouse, "article_versions", [article("a", ""), article("b", "")])
        suite = suite_of(rule())
        with pytest.raises(KeyboardInterrupt), transaction(warehouse):
            check = suite.checks[0]
            found = CheckResult(
                check, DAY, False, None, None, 2, ("a", "b"), sql=suite.rule_sql(check, DAY)
            )
            list_failing(warehouse, suite, [found], "killed")
            raise KeyboardInterrupt
        assert listed(warehouse) == []
        audit(warehouse, suite, run_id="next")
        assert listed(warehouse, "row_key, run_id") == [("a", "next"), ("b", "next")]


class TestReleased:
    def test_a_released_row_passes_that_rule_alone_until_that_is_taken_back(
        self, warehouse
    ) -> None:
        insert_rows(warehouse, "article_versions", [article("a", ""), article("b", "")])
        suite = suite_of(rule(), rule("other"))
        audit(warehouse, suite)
        subject = Subject("articles", "a", "body_not_empty")
        decide(warehouse, [subject], "release", note="a picture", user="ada")
        first, other = audit(warehouse, suite, run_id="later")
        assert first.failing_keys == ("b",)
        assert other.failing_keys == ("a", "b")
        assert set(listed(warehouse, "row_key, reason, resolution")) == {
            ("a", "body_not_empty", "released"),
            ("b", "body_not_empty", None),
            ("a", "other", None),
            ("b", "other", None),
        }
        withdraw(warehouse, ["a"], "release")
        first, _ = audit(warehouse, suite, run_id="last")
        assert first.failing_keys == ("a", "b")

    def test_queries_stay_as_they_are_where_nobody_decided(self, warehouse) -> None:
        suite = suite_of(rule(), rule("other"))
        assert without_released(warehouse, [suite]) == (suite,)
        subject = Subject("articles", "a", "other")
        decide(warehouse, [subject], "release", note="why", user=None)
        (changed,) = without_released(warehouse, [suite])
        assert changed.checks[0] == suite.checks[0]
        assert changed.checks[1] != suite.checks[1]

    def test_no_key_of_a_page_becomes_sql(self, warehouse) -> None:
        hostile = "') OR TRUE; DROP TABLE article_versions; --{batch}"
        insert_rows(warehouse, "article_versions", [article(hostile, ""), article("b", "")])
        subject = Subject("articles", hostile, "body_not_empty")
        decide(warehouse, [subject], "release", note="why", user=None)
        (result,) = audit(warehouse, suite_of(rule()))
        assert result.failing_keys == ("b",)
        assert hostile not in (result.sql or "")

    def test_a_rule_that_is_no_query_lets_released_rows_pass_too(self, warehouse) -> None:
        insert_rows(warehouse, "article_versions", [article("a", ""), article("b", "")])
        check = rule(expectation="expect_column_values_to_not_be_null", kwargs={"column": "url"})
        sql = "SELECT article_id, url FROM article_versions WHERE url IS NULL"
        keys = ("a", "b")
        samples = ({"article_id": "a"}, {"article_id": "b"})
        failed = CheckResult(check, DAY, False, None, 2, 2, keys, sql=sql, samples=samples)
        suite = suite_of(check)
        for released, left in (("a", ("b",)), ("b", ())):
            subject = Subject("articles", released, check.name)
            decide(warehouse, [subject], "release", note="why", user=None)
            (result,) = except_released(warehouse, suite, [failed])
            assert result.failing_keys == left
            assert result.success == (not left)
            assert result.unexpected_count == len(left)
            assert tuple(s["article_id"] for s in result.samples) == left


class TestHeldKeys:
    def hold(self, connection: duckdb.DuckDBPyConnection) -> None:
        for name in ("one", "two"):
            insert_rows(connection, "raw.fetches", [fetch_row(name)])
            insert_rows(connection, "staging.articles", [staged_row(name, name, "Short.")])
        validate_staged(connection, day=DAY, run_id="run")

    def test_what_was_held_counts_until_it_is_read_again(self, warehouse) -> None:
        self.hold(warehouse)
        rows = held_keys(warehouse, "extracted_articles", DAY)
        assert rows["body_present"] == ("one", "two")
        insert_rows(warehouse, "staging.articles", [staged_row("one", "one", "Long. " * 40)])
        assert held_keys(warehouse, "extracted_articles", DAY)["body_present"] == ("two",)

    def test_not_once_it_is_released_or_was_taken_for_no_article(self, warehouse) -> None:
        self.hold(warehouse)
        subject = Subject("extracted_articles", "one", "body_present")
        decide(warehouse, [subject], "release", note="why", user=None)
        skipped = {
            "fetch_id": "two",
            "fetch_date": DAY,
            "fetched_at": NOON,
            "extractor_version": "none",
            "outcome": "skipped",
            "outcome_reason": "dropped: why",
            "extracted_at": datetime.now(UTC) + timedelta(seconds=1),
        }
        insert_rows(warehouse, "ops.extractions", [skipped])
        assert "body_present" not in held_keys(warehouse, "extracted_articles", DAY)

    def test_rules_on_tables_that_stay_see_their_rows_themselves(self, warehouse) -> None:
        unread = fetch_row("cut", outcome="rejected", outcome_reason="empty", archive_path=None)
        insert_rows(warehouse, "raw.fetches", [unread])
        validate_staged(warehouse, day=DAY, run_id="run")
        assert listed(warehouse) == [("cut", None)]
        assert held_keys(warehouse, "fetches", DAY) == {}


def test_a_capture_is_held_once_though_runs_repeat(warehouse) -> None:
    insert_rows(warehouse, "raw.fetches", [fetch_row("one")])
    for run in ("first", "second", "third"):
        insert_rows(warehouse, "staging.articles", [staged_row("one", "a", "Short.")])
        insert_rows(warehouse, "staging.article_blocks", [block_row("one", "Short.")])
        validate_staged(warehouse, day=DAY, run_id=run)
        assert listed(warehouse, "row_key, run_id, resolution") == [("one", "first", None)]


class TestOnTheSamples:
    def test_the_run_that_lifts_a_hold_shows_its_checks_passed(self, sample_home, tmp_path) -> None:
        home = Seeded(sample_home, tmp_path)
        short = (
            b"<html><body><article><h1>Pilots</h1><p>Pilots will meet.</p></article></body></html>"
        )
        first = home.arrive([("https://quay.example/flash", short)], until="promoted")
        assert not first["body_present"].success
        (key,) = first["body_present"].failing_keys
        again = home.audit("extracted_articles", run_id="half an hour later")
        assert again["body_present"].failing_keys == (key,), "still held"
        home.write(
            "INSERT INTO ops.row_decisions BY NAME SELECT 'abc' AS decision_id,"
            " 'extracted_articles' AS asset_key, ? AS row_key, unnest(['body_present',"
            " 'body_is_prose']) AS reason, 'release' AS decision, 'test' AS decided_by,"
            " now() AS decided_at",
            [key],
        )
        lifted = home.arrive([], source="nothing", until="promoted", run_id="lifting")
        assert lifted["body_present"].success
        assert home.column("SELECT fetch_id FROM articles WHERE fetch_id = ?", [key]) == [key]
        assert home.column(
            "SELECT DISTINCT resolution FROM ops.quarantine WHERE row_key = ?", [key]
        ) == ["released"]

    def test_a_row_that_blocks_is_released_from_its_check(self, sample_home, tmp_path) -> None:
        home = Seeded(sample_home, tmp_path)
        (key,) = home.column(
            "SELECT min(article_id) FROM article_versions WHERE fetch_date = ?", [SAMPLES_DAY]
        )
        home.write(
            "UPDATE article_versions SET date_published_source = 'guess' WHERE article_id = ?",
            [key],
        )
        assert home.audit("articles")["date_source_known"].failing_keys == (key,)
        open_rows = (
            "SELECT row_key FROM ops.quarantine WHERE resolved_at IS NULL AND effect = 'blocks'"
        )
        assert key in home.column(open_rows)
        home.write(
            "INSERT INTO ops.row_decisions BY NAME SELECT 'abc' AS decision_id, 'articles' AS asset_key,"
            " ? AS row_key, reason, 'release' AS decision, 'test' AS decided_by, now() AS decided_at"
            " FROM ops.quarantine WHERE resolved_at IS NULL AND row_key = ?",
            [key, key],
        )
        assert home.audit("articles", run_id="later")["date_source_known"].success
        assert key not in home.column(open_rows)
