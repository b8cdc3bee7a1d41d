"""Results as data: the latest of each check, and how it came to that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipelines.quality.overrides import Target, decide
from pipelines.warehouse.marts import build_marts
from pipelines.warehouse.rows import insert_rows
from tests.quality.standing import (
    BEGIN,
    CRITICAL,
    DAY,
    NEXT,
    WARNING,
    WHOLE,
    failing,
    home,
    note,
    warehouse,
)


@pytest.fixture
def c(tmp_path):
    with warehouse(home(tmp_path)) as connection:
        build_marts(connection)
        yield connection


def rows(connection, query):
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def confirmed(connection, suite, day, at):
    insert_rows(
        connection,
        "ops.audits",
        [
            {
                "asset_key": suite,
                "suite": suite,
                "partition_key": day,
                "state": "same",
                "audited_at": BEGIN,
                "confirmed_at": at,
                "run_id": "run",
            }
        ],
    )


class TestToday:
    def test_one_row_a_check_and_day_with_all_that_there_is_to_know(self, c):
        note(c, failing(), 0)
        note(c, failing("a", "b"), 1, "second")
        note(c, failing("x", day=NEXT, check=WARNING), 1)
        note(c, failing(check=WHOLE), 1)
        found = rows(c, "SELECT * FROM mart.quality_today ORDER BY asset_key, partition_key")
        assert [(r["check_name"], r["partition_key"], r["status"]) for r in found] == [
            ("entities_unique", None, "passed"),
            ("spans_hold", DAY, "failed"),
            ("spans_are_short", NEXT, "failed"),
        ]
        (spans,) = [r for r in found if r["check_name"] == "spans_hold"]
        assert spans["failing_keys"] == ["a", "b"]
        assert spans["key_name"] == "mention_id"
        assert spans["unexpected_share"] == pytest.approx(0.2)
        assert spans["run_id"] == "second"
        assert spans["stops"] == "downstream"
        assert spans["owner"] == "team:names"
        assert spans["description"] == "Every span holds."
        assert spans["table_name"] == "mentions"
        assert spans["failing_query"] == "SELECT 1"
        assert spans["override_note"] is None

    def test_a_broken_rule_is_no_bad_data(self, c):
        note(c, failing(error="no such column", count=None))
        (row,) = rows(c, "SELECT status, error, unexpected_share FROM mart.quality_today")
        assert row == {"status": "broken", "error": "no such column", "unexpected_share": None}

    def test_says_by_whose_decision_it_was_published(self, c):
        note(c, failing("a"))
        decide(c, [Target("mentions", "spans_hold", DAY)], "known misprint", "ann")
        (row,) = rows(c, "SELECT status, override_note, override_by FROM mart.quality_today")
        assert row == {
            "status": "failed",
            "override_note": "known misprint",
            "override_by": "ann",
        }

    def test_says_when_its_rows_were_last_found_unchanged(self, c):
        note(c, failing("a"))
        note(c, failing("e", check=WHOLE))
        confirmed(c, "mentions", DAY, BEGIN + timedelta(hours=5))
        confirmed(c, "mentions", NEXT, BEGIN + timedelta(hours=7))
        found = rows(c, "SELECT check_name, checked_at, confirmed_at FROM mart.quality_today")
        times = {r["check_name"]: r["confirmed_at"] - r["checked_at"] for r in found}
        assert times == {"spans_hold": timedelta(hours=5), "entities_unique": timedelta(0)}


class TestTrend:
    def test_one_row_a_check_and_day_beside_the_day_before(self, c):
        note(c, failing("a"), 0)
        note(c, failing("a", "b"), 1)
        note(c, failing(day=NEXT), 2)
        note(c, failing(day=date(2026, 3, 5)), 3)
        found = rows(c, "SELECT * FROM mart.quality_trend ORDER BY day")
        assert [(r["day"], r["status"], r["previous_status"], r["changed"]) for r in found] == [
            (DAY, "failed", None, False),
            (NEXT, "passed", "failed", True),
            (date(2026, 3, 5), "passed", "passed", False),
        ]
        assert [r["unexpected_share"] for r in found] == [0.2, 0.0, 0.0]
        assert [r["previous_share"] for r in found] == [None, 0.2, 0.0]

    def test_of_a_whole_table_the_day_is_that_of_the_audit(self, c):
        for hour, keys in [(0, ("e",)), (1, ()), (24, ("e", "f")), (72, ("e",))]:
            note(c, failing(*keys, check=WHOLE), hour)
        found = rows(c, "SELECT * FROM mart.quality_trend ORDER BY day")
        assert [(r["day"], r["status"], r["unexpected_count"], r["changed"]) for r in found] == [
            (DAY, "passed", 0, False),
            (NEXT, "failed", 2, True),
            (date(2026, 3, 5), "failed", 1, False),
        ]

    def test_a_result_that_is_not_written_anew_goes_on_to_stand(self, c):
        note(c, failing("e", check=WHOLE), 0)
        note(c, failing(check=WHOLE), 48)
        note(c, failing("a"), 0)
        confirmed(c, "entities", None, BEGIN + timedelta(hours=90))
        confirmed(c, "mentions", DAY, BEGIN + timedelta(hours=5))
        found = rows(c, "SELECT * FROM mart.quality_trend ORDER BY check_name, day")
        hours = [(r["stood_until"] - BEGIN) / timedelta(hours=1) for r in found]
        assert hours == [48, 90, 5]

    def test_checks_that_are_gone_are_left_out(self, c):
        note(c, failing("a"))
        c.execute("DELETE FROM ops.quality_checks WHERE check_name = ?", [CRITICAL.name])
        assert rows(c, "SELECT * FROM mart.quality_trend") == []
