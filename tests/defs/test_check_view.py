"""What the Dagster UI is given of a check's result."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import dagster as dg
import pytest

from pipelines.defs.check_view import Earlier, about, in_words, observation_of, shown
from pipelines.quality.records import CheckResult
from pipelines.quality.suites import ROW_RULE, Check, Threshold

DAY = date(2026, 3, 2)


def check(**changes: Any) -> Check:
    values: dict[str, Any] = {
        "suite": "articles",
        "asset": "articles",
        "table": "article_versions",
        "name": "long_enough",
        "expectation": ROW_RULE,
        "kwargs": {},
        "severity": "critical",
        "description": "An article has a body.",
        "on_failure": None,
        "key": "article_id",
        "names_rows": True,
        "owner": "team:pages",
        "stops": "downstream",
        "is_daily": True,
    }
    return Check(**(values | changes))


def failed(**changes: Any) -> CheckResult:
    values: dict[str, Any] = {
        "check": check(),
        "partition": DAY,
        "success": False,
        "observed": 2,
        "element_count": 8,
        "unexpected_count": 2,
        "failing_keys": ("a", "b"),
        "sql": "SELECT article_id\nFROM article_versions -- of the day",
    }
    return CheckResult(**(values | changes))


def labels(result: CheckResult, *earlier: Earlier) -> dict[str, Any]:
    return {key: value.value for key, value in shown(result, earlier).metadata.items()}


def test_the_description_has_the_sentence_and_each_threshold_with_its_reason():
    threshold = Threshold("least", 25, "Flashes have some 30 words.")
    text = about(check(thresholds=(threshold,)))
    assert text.startswith("An article has a body.")
    assert "`least` = `25`: Flashes have some 30 words." in text
    assert "team:pages" in text
    assert "expectations/articles.json" in text


def test_a_failure_says_how_many_and_what_follows():
    text = in_words(failed())
    assert text.startswith("FAILED. 2 of 8 rows break it (25 %).")
    assert "nothing downstream" in text
    assert "What must hold: An article has a body." in text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"severity": "warning", "stops": None}, "It stops nothing"),
        ({"stops": "publish"}, "overridden, nothing is published"),
        ({"stops": None, "on_failure": "quarantine"}, "held in quarantine"),
    ],
)
def test_what_a_failure_stops_is_said(changes, says):
    assert says in in_words(failed(check=check(**changes)))


def test_a_broken_rule_does_not_look_like_bad_data():
    broken = failed(error="Binder Error: no column x\n  at line 1", unexpected_count=None)
    result = shown(broken)
    assert result.severity is dg.AssetCheckSeverity.ERROR
    assert result.description.startswith("RULE BROKE. ")
    assert "Mend it in expectations/articles.json" in result.description
    assert "Binder Error: no column x" in result.description
    assert next(iter(sorted(result.metadata))) == "0 RULE BROKE"
    assert "FAILED" not in result.description
    assert "2 rows failing" not in result.metadata


def test_a_warning_that_broke_is_an_error_all_the_same():
    broken = failed(check=check(severity="warning", stops=None), error="no such table")
    assert shown(broken).severity is dg.AssetCheckSeverity.ERROR


def test_an_overridden_failure_says_so_and_no_longer_blocks():
    result = shown(failed(override_id="0a1b"))
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.WARN
    assert "OVERRIDDEN by 0a1b" in result.description


def test_a_carried_result_says_since_when_nothing_changed():
    at = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    text = in_words(failed(success=True, unexpected_count=0, carried=True, checked_at=at))
    assert text.startswith("PASSED. 8 rows looked at.")
    assert "nothing has changed since 2026-03-02 06:30 UTC" in text


def test_metadata_reads_from_counts_to_rows_to_query():
    sample = {"article_id": "a", "words": "3", "headline": None}
    found = labels(failed(samples=(sample,)), Earlier("long_enough", DAY, "passed", 0, 9))
    assert sorted(found) == [
        "1 rows looked at",
        "2 rows failing",
        "3 share failing, %",
        "5 failing rows",
        "6 failing query",
        "7 how to run it",
        "8 by day",
    ]
    assert found["3 share failing, %"] == 25
    assert found["6 failing query"] == "SELECT article_id\nFROM article_versions -- of the day"
    rows = shown(failed(samples=(sample,))).metadata["5 failing rows"].records
    assert [row.data for row in rows] == [{"article_id": "a", "words": "3", "headline": ""}]


def test_a_check_that_passes_leaves_little_behind():
    result = failed(success=True, unexpected_count=0, observed=0, failing_keys=())
    assert labels(result) == {
        "1 rows looked at": 8,
        "2 rows failing": 0,
        "3 share failing, %": 0,
    }
    assert in_words(result) == "PASSED. 8 rows looked at."


def test_without_samples_the_failing_keys_stand_in():
    rows = shown(failed()).metadata["5 failing rows"].records
    assert [row.data for row in rows] == [{"article_id": "a"}, {"article_id": "b"}]


def test_nothing_shown_is_longer_than_a_page_can_bear():
    row = {f"c{n}": "x" * 5000 for n in range(40)}
    result = shown(failed(samples=(row,) * 20, observed="y" * 90_000, error="z" * 90_000))
    (first, *_) = result.metadata["5 failing rows"].records
    assert len(first.data) == 12
    assert {len(value) for value in first.data.values()} == {200}
    assert len(result.metadata["0 RULE BROKE"].text) == 2000
    assert len(result.metadata["3 value observed"].text) == 2000
    assert len(result.description) < 1000


def test_no_share_is_made_up_where_held_rows_of_earlier_runs_are_counted():
    result = failed(element_count=0, unexpected_count=1)
    assert "3 share failing, %" not in labels(result)
    assert "1 rows break it, those of earlier runs included" in in_words(result)


def test_an_audit_gives_a_line_to_what_failed_of_late():
    results = [failed(), failed(check=check(name="other"), success=True, unexpected_count=0)]
    observed = observation_of(results, DAY, 7, ["long_enough"])
    assert observed.partition == "2026-03-02"
    assert {key: value.value for key, value in observed.metadata.items()} == {
        "checks failed": 1,
        "checks whose rule broke": 0,
        "rows in quarantine": 7,
        "rows failing long_enough": 2,
    }
