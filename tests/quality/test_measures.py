"""Figures of a source's day: what is counted, what is learnt, and that nothing changes needlessly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.quality.measures import MEASURES, measure_day
from pipelines.quality.suites import find_check
from pipelines.warehouse.connection import connect, writing
from pipelines.warehouse.marts import build_marts
from tests.quality.histories import JUDGED, LATER, Day, Recorded, before, steady

DAYS = before()


@pytest.fixture
def home(tmp_path):
    return Recorded(tmp_path)


def figures(home: Recorded, day: date = JUDGED) -> dict[tuple[str, str | None], tuple]:
    with connect(home.settings.warehouse_file, read_only=True) as connection:
        rows = connection.execute(
            "SELECT measure, in_language, value, base FROM ops.source_days WHERE day = ?", [day]
        ).fetchall()
    return {(measure, language): (value, base) for measure, language, value, base in rows}


def test_each_band_has_a_check_with_the_thresholds_that_shape_it():
    for asset, measures in MEASURES.items():
        for check in measures.values():
            found = find_check(asset, check)
            assert found, check
            assert "learn_days" in {t.name for t in found[1].thresholds}


def test_a_day_is_counted_by_source(home):
    day = Day(20, held=4, undated=3, french=8, words=250, failed=5)
    home.source("herald", {JUDGED: day}, names=True)
    home.measure(JUDGED)
    found = figures(home)
    assert found["volume", None] == (20, 20)
    assert found["quarantined", None] == (0.2, 20)
    assert found["undated", None] == (0, 16)  # the undated ones are in quarantine
    assert found["language", "fr"] == (0.25, 16)
    assert found["words", None] == (250, 16)
    assert found["failed_requests", None] == (0.2, 25)
    assert found["unlinked", None] == (0.1, 16)
    assert found["new_entities", None][0] == 1


def test_a_page_that_is_visited_again_is_no_new_document(home):
    home.source("herald", {JUDGED - timedelta(1): Day(10), JUDGED: Day(6)})
    home.write(
        """
        INSERT INTO raw.fetches BY NAME
        SELECT * REPLACE (fetch_id || '-again' AS fetch_id, $day AS fetch_date, $at AS fetched_at)
        FROM raw.fetches WHERE fetch_date = $day - 1;
        """,
        {"day": JUDGED, "at": datetime(2026, 3, 31, 8, tzinfo=UTC)},
    )
    home.write(
        """
        INSERT INTO ops.extractions BY NAME
        SELECT * REPLACE (
            fetch_id || '-again' AS fetch_id, $day AS fetch_date, 'skipped' AS outcome,
            'unchanged' AS outcome_reason
        )
        FROM ops.extractions WHERE fetch_date = $day - 1
        """,
        {"day": JUDGED},
    )
    home.measure(JUDGED)
    assert figures(home)["volume", None] == (6, 6)


def test_a_source_that_is_silent_has_a_row_with_its_band(home):
    home.source("companion", steady([*DAYS, JUDGED], 40))
    home.source("herald", steady(DAYS, 100))
    home.measure(JUDGED)
    value, least, low, high = home.volume("herald")
    assert value == 0
    assert 55 < least <= low < 75
    assert high > 190


def test_days_after_it_are_no_history(home):
    home.source("companion", steady([*DAYS, JUDGED], 40))
    later = [JUDGED + timedelta(n) for n in range(1, 40)]
    home.source("herald", steady(later, 500) | {JUDGED: Day(100)})
    home.measure(*later[:2], JUDGED)
    assert home.volume("herald") == (100, None, None, None)


def test_an_old_day_is_judged_by_the_days_before_it(home):
    home.source("companion", steady([*DAYS, JUDGED], 40))
    home.source("herald", steady(DAYS, 100) | {JUDGED: Day(500)})
    home.measure(JUDGED, DAYS[-7])
    value, least, _, high = home.volume("herald", DAYS[-7])
    assert least < value < high


def test_what_is_measured_again_without_news_is_not_touched(home):
    home.source("companion", steady([*DAYS, JUDGED], 40), names=False)
    home.source("herald", steady(DAYS, 100) | {JUDGED: Day(90)})
    home.measure(JUDGED)
    with writing(home.settings) as connection:
        before_rows = connection.execute(
            "SELECT rowid, * FROM ops.source_days ORDER BY ALL"
        ).fetchall()
    home.measure(JUDGED)
    home.source("late", {JUDGED: Day(5)})
    home.measure(JUDGED)
    with writing(home.settings) as connection:
        after_rows = connection.execute(
            "SELECT rowid, * FROM ops.source_days WHERE source_id <> 'late' ORDER BY ALL"
        ).fetchall()
    assert after_rows == before_rows


def test_the_hours_that_count_are_those_in_which_it_was_asked(home):
    noon = datetime(2026, 3, 31, 12, 20, tzinfo=UTC)
    home.source("companion", steady([*DAYS, JUDGED], 40))
    home.source("asked", steady(DAYS, 100), asked=noon - timedelta(hours=3))
    home.source("not-asked", steady(DAYS, 100), asked=noon - timedelta(days=2))
    home.source("folder", steady(DAYS, 100), asked=None, kind="file")
    home.measure(JUDGED, now=noon)
    with connect(home.settings.warehouse_file, read_only=True) as connection:
        hours = dict(
            connection.execute(
                "SELECT source_id, hours FROM ops.source_days WHERE day = ? AND measure = 'volume'",
                [JUDGED],
            ).fetchall()
        )
    assert hours == {"companion": 12, "asked": 9, "not-asked": 0, "folder": 0}


def test_what_was_known_while_the_day_lasted_stays_known(home):
    """The only source answers and has nothing; the day after, its last poll tells of that day."""
    evening = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    home.source("herald", steady(DAYS, 100), asked=evening)
    home.measure(JUDGED, now=evening)
    _, least, _, _ = home.volume("herald")
    assert least > 40
    home.write("UPDATE raw.feeds SET polled_at = ?", [LATER])
    home.measure(JUDGED)
    assert home.volume("herald")[1] == least


def test_assets_without_figures_and_whole_tables_are_left_alone(home):
    with writing(home.settings) as connection:
        for asset, day in (("marts", None), ("extracted_articles", JUDGED), ("articles", None)):
            measure_day(connection, asset, day)
    assert home.column("SELECT count(*) FROM ops.source_days") == [0]


def test_source_quality_has_a_row_a_source_and_day(home):
    home.source("companion", steady([*DAYS, JUDGED], 40), names=True)
    home.source("herald", steady(DAYS, 100, french=30) | {JUDGED: Day(45, undated=45)})
    home.measure(JUDGED)
    with writing(home.settings) as connection:
        build_marts(connection)
        rows = connection.execute(
            "SELECT count(*), count(DISTINCT (source_id, day)) FROM mart.source_quality"
        )
        assert len(set(rows.fetchone())) == 1
        row = connection.execute(
            "SELECT volume_status, undated_status, languages_gone, unusual, usual_documents"
            " FROM mart.source_quality WHERE source_id = 'herald' AND day = ?",
            [JUDGED],
        ).fetchone()
    assert row[:4] == ("lost", "high", ["fr"], ["language", "undated", "volume"])
    assert 90 < row[4] < 110
