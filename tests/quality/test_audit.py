"""One audit of an asset: what changed is run, what did not is carried, whatever happens between."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.judgements import Judgement
from pipelines.normalise.assign import assign
from pipelines.quality import audit as auditing
from pipelines.quality.audit import audit_asset
from pipelines.quality.records import CheckResult
from pipelines.quality.results import unaudited_days
from pipelines.quality.suites import QUERY, ROW_RULE, Suite, load_suites
from pipelines.settings import Settings
from pipelines.warehouse.connection import connect, transaction, writing
from pipelines.warehouse.rows import insert_rows
from tests.factories import DAY, NOON, environment, fetch_row, staged_row
from tests.quality.seeding import Seeded

NEXT = DAY + timedelta(days=1)
FIGURES = (
    "success", "observed", "element_count", "unexpected_count", "failing_keys", "sql", "samples",
)  # fmt: skip


def rule(name: str, condition: str, **meta: Any) -> dict[str, Any]:
    return {
        "type": ROW_RULE,
        "kwargs": {QUERY: f"SELECT fetch_id FROM {{batch}} WHERE {condition}"},
        "severity": "critical",
        "description": "What must hold in this test.",
        "meta": {"check": name} | meta,
    }


class Audited:
    """A small home with eight captures of a day, and rules of its own on them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.settings = Settings(home=folder / "home")
        self.rules("no_errors", rule("no_errors", "http_status >= 500"))
        # Figures of days are measured for the shipped rules, which are not these.
        monkeypatch.setattr(auditing, "measure_day", lambda *given, **more: None)
        monkeypatch.setattr(auditing, "suites_of", lambda asset: self.suites)
        monkeypatch.setattr(auditing, "declare", lambda connection: None)
        monkeypatch.setattr(auditing, "retire_rules", lambda connection, run_id: None)
        with writing(self.settings) as connection:
            rows = [fetch_row(f"f{n}", http_status=500 if n < 3 else 200) for n in range(8)]
            insert_rows(connection, "raw.fetches", rows)

    def rules(self, name: str, *entries: dict[str, Any], **changes: Any) -> Suite:
        content = {
            "asset": "fetches",
            "table": "raw.fetches",
            "key": "fetch_id",
            "batch": "SELECT * FROM raw.fetches WHERE fetch_date = {partition}",
            "owner": "team:tests",
            "expectations": list(entries),
        }
        folder = self.folder / str(len(list(self.folder.iterdir())))
        folder.mkdir()
        (folder / f"{name}.json").write_text(json.dumps(content | changes))
        (suite,) = load_suites(folder)
        self.suites: tuple[Suite, ...] = (suite,)
        return suite

    def audit(self, day: date | None = DAY, run_id: str = "r") -> list[CheckResult]:
        return audit_asset(self.settings, "fetches", day, run_id)

    def write(self, sql: str) -> None:
        with writing(self.settings) as connection:
            connection.execute(sql)

    def rows(self, sql: str) -> list[Any]:
        with connect(self.settings.warehouse_file, read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def home(tmp_path, monkeypatch):
    return Audited(tmp_path, monkeypatch)


def figures(result: CheckResult) -> dict[str, Any]:
    return {name: getattr(result, name) for name in FIGURES}


class TestCarried:
    def test_the_same_rows_give_the_same_figures_and_no_new_rows(self, home):
        (first,) = home.audit(run_id="one")
        (again,) = home.audit(run_id="two")
        assert (first.carried, again.carried) == (False, True)
        assert figures(again) == figures(first)
        assert (again.status, again.unexpected_count) == ("failed", 3)
        assert home.rows("SELECT run_id FROM ops.quality_results") == [("one",)]
        assert home.rows("SELECT run_id, seconds > 0, confirmed_at > audited_at FROM ops.audits") == [
            ("one", True, True)
        ]  # fmt: skip

    def test_what_it_listed_stays_listed_once(self, home):
        home.audit()
        home.audit()
        listed = home.rows("SELECT row_key FROM ops.quarantine WHERE resolved_at IS NULL")
        assert sorted(listed) == [("f0",), ("f1",), ("f2",)]

    def test_changed_rows_run_again(self, home):
        home.audit()
        home.write("UPDATE raw.fetches SET http_status = 200 WHERE fetch_id <> 'f0'")
        (result,) = home.audit()
        assert (result.carried, result.failing_keys) == (False, ("f0",))
        home.write("UPDATE raw.fetches SET http_status = 200")
        (mended,) = home.audit()
        assert (mended.carried, mended.success) == (False, True)

    def test_a_changed_rule_runs_again(self, home):
        home.audit()
        home.rules("no_errors", rule("no_errors", "http_status >= 200"))
        (result,) = home.audit()
        assert (result.carried, result.unexpected_count) == (False, 8)

    def test_a_changed_threshold_runs_again(self, home):
        for value, expected in ((500, 3), (200, 8), (200, 8), (501, 0)):
            limit = {"limit": {"value": value, "reason": "Answers from there on are failures."}}
            home.rules("e", rule("no_errors", "http_status >= {limit}", thresholds=limit))
            (result,) = home.audit()
            assert result.unexpected_count == expected

    def test_a_release_runs_again(self, home, monkeypatch):
        home.audit()

        def released(connection: Any, found: Any) -> tuple[Suite, ...]:
            return tuple(
                replace(s, checks=tuple(c.without("failing.fetch_id = 'f1'") for c in s.checks))
                for s in found
            )

        monkeypatch.setattr(auditing, "without_released", released)
        (result,) = home.audit()
        assert (result.carried, result.failing_keys) == (False, ("f0", "f2"))

    def test_a_rule_that_broke_is_never_carried(self, home):
        home.rules("broken", rule("broken", "colour = 'red'"))
        for _ in range(2):
            (result,) = home.audit()
            assert (result.status, result.carried) == ("broken", False)
            assert "colour" in result.error
        home.write("ALTER TABLE raw.fetches ADD COLUMN colour VARCHAR")
        (result,) = home.audit()
        assert result.success

    def test_a_table_that_is_gone_is_an_error_and_other_suites_go_on(self, home):
        gone = home.rules("gone", rule("a", "true"), batch="SELECT * FROM raw.gone WHERE fetch_date = {partition}")  # fmt: skip
        home.suites = (gone, home.rules("there", rule("b", "http_status >= 500")))
        assert [result.status for result in home.audit()] == ["broken", "failed"]
        assert [(r.status, r.carried) for r in home.audit()] == [
            ("broken", False),
            ("failed", True),
        ]

    def test_whole_tables_are_carried_from_any_day(self, home):
        home.rules("whole", rule("no_errors", "http_status >= 500"), batch="FROM raw.fetches")
        (first,) = home.audit(DAY)
        (again,) = home.audit(NEXT)
        assert (first.partition, again.partition, again.carried) == (None, None, True)


class TestEmptyDays:
    def test_an_empty_day_is_run_once_and_never_again(self, home, monkeypatch):
        home.audit(NEXT)
        monkeypatch.setitem(sys.modules, "pipelines.quality.engine", None)  # it cannot be imported
        for later in (NEXT, NEXT + timedelta(days=1), NEXT + timedelta(days=2)):
            (result,) = home.audit(later)
            assert (result.partition, result.success, result.unexpected_count) == (later, True, 0)
        written = home.rows("SELECT partition_key FROM ops.quality_results ORDER BY ALL")
        assert written == [(NEXT + timedelta(days=n),) for n in range(3)]

    def test_staging_that_was_emptied_says_what_is_held_without_a_run(self, home, monkeypatch):
        """A day with held captures, and another with none, both audited on an empty staging."""
        batch = "SELECT * FROM staging.articles WHERE fetch_date = {partition}"
        staged = {"batch": batch, "asset": "extracted_articles", "table": "staging.articles"}
        home.rules("staged", rule("body", "word_count < 5", on_failure="quarantine"), rule("gate", "false"), **staged)  # fmt: skip

        def audit(day: date) -> list[CheckResult]:
            return audit_asset(home.settings, "extracted_articles", day, "r")

        audit(NEXT)
        with writing(home.settings) as connection:
            insert_rows(connection, "staging.articles", [staged_row("f1", "a", "Too short.")])
        assert audit(DAY)[0].failing_keys == ("f1",)
        home.write(
            "DELETE FROM staging.articles;"
            " INSERT INTO ops.quarantine BY NAME SELECT 'extracted_articles' AS asset_key,"
            " 'f1' AS row_key, 'body' AS reason, 'f1' AS fetch_id, DATE '2026-03-02' AS fetch_date,"
            " 'r' AS run_id, now() AS created_at, 'held' AS effect, 'staging.articles' AS table_name"
        )
        monkeypatch.setitem(sys.modules, "pipelines.quality.engine", None)
        for _ in range(2):
            body, gate = audit(DAY)
            assert (body.success, body.failing_keys, gate.success) == (False, ("f1",), True)


def test_with_nothing_new_no_great_expectations_is_imported(sample_home, tmp_path):
    """In a process of its own, since this one has imported it for the audit before."""
    seeded = Seeded(sample_home, tmp_path)
    count = sum(len(seeded.audit(asset)) for asset in ("mentions", "entities"))
    program = (
        "import sys; from datetime import date; from pipelines.settings import Settings;"
        " from pipelines.quality.audit import audit_asset\n"
        "results = [r for asset in ('mentions', 'entities')"
        " for r in audit_asset(Settings(), asset, date(2026, 3, 2), 'again')]\n"
        "print('great_expectations' in sys.modules, all(r.carried for r in results), len(results))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(seeded.settings.home),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "True", str(count)]


class TestOtherDays:
    """A run changes rows of days that it is not about: they are audited before the publish."""

    @pytest.fixture
    def seeded(self, sample_home, tmp_path):
        seeded = Seeded(sample_home, tmp_path)
        seeded.write("DELETE FROM ops.unaudited")
        return seeded

    def merge(self, seeded: Seeded) -> date:
        """A judgement that two local people of the day are one; the day after is worked on."""
        one, other = seeded.column(
            "SELECT DISTINCT a.entity_id FROM article_entities AS a"
            " JOIN article_versions AS v USING (article_id, version)"
            " WHERE a.reason = 'local' AND a.entity_type = 'person' AND v.fetch_date = ?"
            " ORDER BY 1 LIMIT 2",
            [DAY],
        )
        same = Judgement("j1", one, other, "positive", datetime(2026, 3, 3, tzinfo=UTC))
        with writing(seeded.settings) as connection, transaction(connection):
            assign(connection, NoCatalogue, [same], run_id="judged")
        return NEXT

    def test_a_judgement_has_the_days_that_it_touches_audited(self, seeded):
        worked_on = self.merge(seeded)
        touched = seeded.column("SELECT partition_key FROM ops.unaudited ORDER BY 1")
        assert DAY in touched
        with writing(seeded.settings) as connection:
            assert DAY in unaudited_days(connection), "were the run cut short here, it is not lost"
        results = seeded.audit("mentions", worked_on, "judged")
        assert {result.partition for result in results.values()} == {worked_on}
        confirmed = "SELECT DISTINCT partition_key FROM ops.audits WHERE run_id = 'judged' AND asset_key = 'mentions' AND partition_key = ?"  # fmt: skip
        assert seeded.column(confirmed, [DAY]) == [DAY]
        assert seeded.column("SELECT partition_key FROM ops.unaudited") == []

    def test_what_fails_there_is_a_result_of_that_day(self, seeded):
        worked_on = self.merge(seeded)
        (broken,) = seeded.column(
            "SELECT m.mention_id FROM mentions AS m"
            " JOIN article_versions AS v USING (article_id, version)"
            " WHERE v.fetch_date = ? AND m.entity_id IS NOT NULL ORDER BY 1 LIMIT 1",
            [DAY],
        )
        seeded.write("UPDATE mentions SET entity_id = 'Q0' WHERE mention_id = ?", [broken])
        assert all(r.success for r in seeded.audit("mentions", worked_on, "judged").values())
        assert seeded.column(
            "SELECT failing_keys FROM ops.quality_results WHERE run_id = 'judged'"
            " AND check_name = 'mention_references_hold' AND partition_key = ?",
            [DAY],
        ) == [[broken]]

    def test_an_audit_that_was_carried_counts_as_one(self, seeded):
        """Or a day that is derived again with the same result would be unaudited for ever."""
        day = DAY
        for asset in ("articles", "mentions", "entities"):
            seeded.audit(asset, day)
        seeded.write(
            "UPDATE ops.recognitions SET recognised_at = now();"
            " UPDATE ops.extractions SET extracted_at = now()"
        )
        with writing(seeded.settings) as connection:
            assert day in unaudited_days(connection)
        assert seeded.audit("articles", day)["version_chain_whole"].carried
        assert seeded.audit("mentions", day)["spans_exact"].carried
        assert seeded.audit("entities", day)["entity_id_unique"].carried
        with writing(seeded.settings) as connection:
            assert day not in unaudited_days(connection)

    def test_the_audit_of_all_sources_does_not_stand_for_a_day(self, seeded):
        """Beside the articles of one day it is audited, and says nothing of the others."""
        seeded.write("UPDATE ops.extractions SET extracted_at = now()")
        seeded.audit("articles", NEXT)
        with writing(seeded.settings) as connection:
            assert DAY in unaudited_days(connection)
            assert NEXT not in unaudited_days(connection)


class NoCatalogue:
    """Two local people are one: nothing of it is in a catalogue."""

    def entity(self, entity_id: str) -> None:
        return None

    def get(self, entity_id: str) -> None:
        return None


def test_days_before_are_not_audited_for_a_run_that_left_them_alone(home):
    with writing(home.settings) as connection:
        at = NOON - timedelta(days=1)
        insert_rows(connection, "raw.fetches", [fetch_row("e1", fetched_at=at)])
    home.audit()
    assert home.rows("SELECT partition_key FROM ops.audits") == [(DAY,)]
