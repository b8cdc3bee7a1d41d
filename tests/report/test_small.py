"""Empty and tiny warehouses: each section says that there is nothing; periods that there are not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipelines.report.page import SECTIONS, report_page
from pipelines.report.queries import Period, PeriodError, chosen_period, written_out
from pipelines.report.section import cut_weeks
from tests.report.made import LAST, article, parsed, warehouse, words

DAY = date(2026, 3, 2)


def findings(page: str) -> list[str]:
    return [words(p) for p in parsed(page).findall(".//p[@class='finding']")]


def test_an_empty_warehouse_has_nothing_to_report_on_and_its_page_says_so():
    with warehouse([]) as connection:
        with pytest.raises(PeriodError, match="no article yet; newsledger run"):
            chosen_period(connection)
        page = report_page(connection, Period(DAY, DAY))
    told = findings(page)
    assert len(told) == len(SECTIONS)
    assert [line for line in told if line.startswith("No")] == [
        "No article was captured in this period.",
        "No entity was named in this period.",
        "Nobody rose above their own usual, or there are no days yet to compare with: it takes more than seven.",
        "No sentence of this period names two people or organizations that are known.",
        "No article was captured in this period.",
        "No article was captured in this period.",
        "No check ran on the days of this period. No row of these days is in quarantine.",
        "No source has given an article yet.",
        "No change after publication was seen in this period.",
    ]


def test_one_article_that_names_nobody_is_a_report():
    with warehouse([article("a", DAY, "Bay Times")]) as connection:
        assert chosen_period(connection) == Period(DAY, DAY)
        page = report_page(connection, Period(DAY, DAY))
    assert words(parsed(page).find(".//h1")) == "The news, 2 March 2026"
    assert "Bay Times published the most: 1 article, 100% of all." in findings(page)
    assert "No entity was named in this period." in findings(page)
    assert "None of 1 source gave nothing" in " ".join(findings(page))
    assert "1 of them is too new to tell." in " ".join(findings(page))
    figures = [words(item) for item in parsed(page).findall(".//header//li")]
    assert figures[:2] == ["1 article", "1 outlet"]


@pytest.fixture(scope="module")
def gap():
    """Two articles, with forty days between them on which nothing was captured."""
    rows = [article("a", LAST - timedelta(41), "Bay Times"), article("b", LAST, "Bay Times")]
    with warehouse(rows) as connection:
        yield connection


def test_without_options_it_is_the_four_weeks_up_to_the_last_day(gap):
    assert chosen_period(gap) == Period(LAST - timedelta(27), LAST)


def test_days_that_the_snapshot_does_not_reach_are_left_out(gap):
    first = LAST - timedelta(41)
    assert chosen_period(gap, first - timedelta(9), LAST + timedelta(9)) == Period(first, LAST)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (LAST + timedelta(1), None),
        (None, LAST - timedelta(42)),
        (LAST - timedelta(30), LAST - timedelta(20)),
    ],
)
def test_a_period_without_articles_is_refused_with_the_days_there_are(gap, first, last):
    with pytest.raises(PeriodError, match="the snapshot has 2026-02-18 to 2026-03-31"):
        chosen_period(gap, first, last)


def test_a_long_period_is_drawn_by_the_week():
    period = Period(date(2026, 1, 1), date(2026, 3, 31))
    assert period.unit == "week"
    assert (period.columns[0], period.columns[-1]) == (date(2025, 12, 29), date(2026, 3, 30))
    assert len(Period(date(2026, 3, 1), date(2026, 3, 31)).columns) == 31


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), " (the first has 4 days, the last has 2 days)"),
        (date(2026, 1, 5), date(2026, 3, 30), " (the last has 1 day)"),
        (date(2026, 1, 5), date(2026, 3, 29), ""),
        (date(2026, 3, 4), date(2026, 3, 31), ""),
    ],
)
def test_weeks_that_the_period_cuts_are_told_since_less_is_drawn_there(first, last, told):
    assert cut_weeks(Period(first, last)) == told


def test_the_title_of_a_chart_of_weeks_tells_the_cut_ones(gap):
    page = report_page(gap, Period(date(2026, 1, 1), LAST))
    title = words(parsed(page).get_element_by_id("volume").find(".//figcaption"))
    assert title == "Articles a week, by outlet (the first has 4 days, the last has 2 days)"


def test_parameters_are_written_out_as_literals():
    period = Period(date(2026, 3, 1), date(2026, 3, 3))
    query = written_out("SELECT $unit WHERE day BETWEEN $first AND $last", period)
    assert query == "SELECT 'day' WHERE day BETWEEN DATE '2026-03-01' AND DATE '2026-03-03'"
