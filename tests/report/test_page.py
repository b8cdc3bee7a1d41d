"""The page of the samples: its figures are the warehouse's, its SQL gives its data, it loads nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date

import pytest

from pipelines.printable import printable
from pipelines.report.markup import cell
from pipelines.report.page import SECTIONS, report_page
from pipelines.report.queries import Period, chosen_period
from pipelines.settings import Settings
from pipelines.warehouse.query import snapshot
from tests.report.made import LAST, NAMES, RISING, hostile, parsed, warehouse, words

LOADS = ("src", "srcset", "data", "poster", "background", "action", "formaction", "ping")
"""Attributes from which a browser loads; href is looked at by itself."""


@pytest.fixture(scope="module")
def connection(sample_home):
    with snapshot(Settings(home=sample_home).published_file) as connection:
        yield connection


@pytest.fixture(scope="module")
def page(connection):
    return report_page(connection, chosen_period(connection))


@pytest.fixture(scope="module")
def hostile_warehouse():
    with warehouse(hostile()) as connection:
        yield connection


@pytest.fixture(scope="module")
def hostile_page(hostile_warehouse):
    return report_page(hostile_warehouse, chosen_period(hostile_warehouse))


def data_shown(page: str) -> list[tuple[str, list[list[str]]]]:
    """Each query on the page with the table below it."""
    shown = []
    for details in parsed(page).iter("details"):
        (query,) = details.findall(".//pre/code")
        rows = [
            [data.text_content() for data in row.findall("td")] for row in details.findall(".//tr")
        ]
        shown.append((query.text_content(), [row for row in rows if row]))
    return shown


def test_it_covers_the_days_that_the_snapshot_has(connection, page):
    assert chosen_period(connection) == Period(date(2026, 3, 1), date(2026, 3, 3))
    assert words(parsed(page).find(".//h1")) == "The news, 1 to 3 March 2026"


def test_the_figures_in_its_head_are_those_of_the_tables(connection, page):
    articles, outlets = connection.execute(
        "SELECT count(*), count(DISTINCT coalesce(publisher_id, source_id)) FROM articles"
    ).fetchone()
    mentions, entities = connection.execute(
        "SELECT count(*), count(DISTINCT m.entity_id) FROM mentions AS m"
        " JOIN articles AS a ON m.article_id = a.article_id AND m.version = a.version"
        " WHERE m.entity_id IS NOT NULL"
    ).fetchone()
    figures = [words(item) for item in parsed(page).findall(".//header//li")]
    assert figures == [
        f"{articles} articles",
        f"{outlets} outlets",
        f"{entities} entities named",
        f"{mentions} mentions of them",
    ]


@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_each_query_on_it_gives_the_data_shown(which, request):
    source = {"page": "connection", "hostile_page": "hostile_warehouse"}[which]
    connection = request.getfixturevalue(source)
    shown = data_shown(request.getfixturevalue(which))
    assert len(shown) > len(SECTIONS)
    for query, rows in shown:
        assert "$" not in query
        again = connection.execute(query).fetchall()
        assert rows == [[printable(cell(value)) for value in row] for row in again], query


def test_each_section_says_what_is_seen_how_it_is_counted_and_from_what(page):
    sections = parsed(page).findall(".//section")
    assert len(sections) == len(SECTIONS)
    for section in sections:
        assert words(section.find("h2"))
        assert words(section.find("p[@class='finding']"))
        assert words(section.find("p[@class='counting']")).startswith("How it is counted.")
        assert section.findall("details")


def test_the_drawn_counts_are_those_of_the_query(connection, page):
    chart = parsed(page).get_element_by_id("volume").find(".//svg[@class='wide']")
    told = [title.text_content() for title in chart.iter("title")]
    by_day = dict(
        connection.execute(
            "SELECT day, sum(article_count)::BIGINT FROM mart.outlet_daily GROUP BY day"
        ).fetchall()
    )
    drawn: dict[str, int] = {}
    for line in told:
        day, count = line.split(":")[0], int(re.search(r"(\d+) articles?$", line)[1])
        drawn[day] = drawn.get(day, 0) + count
    assert drawn == {f"{day.day} {day:%B %Y}": count for day, count in by_day.items()}


def test_a_first_that_others_are_level_with_is_not_told_as_the_only_one(page):
    told = {
        section.get("id"): words(section.find("p[@class='finding']"))
        for section in parsed(page).findall(".//section")
    }
    assert told["volume"].endswith("2 articles, 12% of all; another outlet as many.")
    assert "(person, 2 publishers; others as many)" in told["entities"]
    assert told["network"].endswith("in 2 articles; other pairs in as many.")


def test_the_shares_of_the_languages_are_of_all_articles(page):
    section = parsed(page).get_element_by_id("languages")
    legend = [words(item) for item in section.find(".//ul[@class='legend']")]
    shares = words(section.find("p[@class='finding']")).removesuffix(".").split(": ")[1]
    assert [share.rpartition(" ")[0] for share in shares.split(", ")] == legend


def test_each_chart_has_a_title_that_names_what_is_counted(page):
    charts = parsed(page).findall(".//figure[@class='chart columns']")
    assert [words(chart.find("figcaption")) for chart in charts] == [
        "Articles a day, by outlet",
        "Articles a day, by language",
        "Checks a day that did not pass",
        "Changes after publication a day",
    ]


def test_failures_of_checks_are_told_with_the_critical_ones_among_them(page):
    section = parsed(page).get_element_by_id("quality")
    told = words(section.find("p[@class='finding']"))
    assert re.fullmatch(
        r"(\d+) of \d+ checks of this period’s days passed; 1 failed, none of them critical\."
        r" 1 failing row of these days in quarantine\.",
        told,
    )


def test_the_edit_of_the_samples_is_told(page):
    section = parsed(page).get_element_by_id("edits")
    assert "changed articles 1 time" in words(section.find("p[@class='finding']"))
    assert words(section.find(".//del")) != words(section.find(".//ins"))


@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_it_loads_nothing_and_runs_nothing(which, request):
    page = request.getfixturevalue(which)
    tree = parsed(page)
    tags = {node.tag for node in tree.iter() if isinstance(node.tag, str)}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    for node in tree.iter():
        for name, value in getattr(node, "attrib", {}).items():
            assert name not in LOADS, (node.tag, name)
            assert not name.startswith("on"), (node.tag, name)
            assert name != "style", (node.tag, value)
            if name.endswith("href"):
                assert value.startswith("#"), value
            assert "url(" not in value
    assert not re.search(r"url\(|@import", tree.find(".//style").text)
    assert not re.findall(r"<[^>]*https?://", page.replace("&lt;", ""))


def test_its_policy_allows_its_own_style_sheet_and_nothing_else(page):
    tree = parsed(page)
    policy = tree.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    digest = hashlib.sha256(tree.find(".//style").text.encode()).digest()
    allowed = f"style-src 'sha256-{base64.b64encode(digest).decode()}'"
    assert policy.split("; ") == [
        "default-src 'none'",
        allowed,
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_names_that_are_markup_are_shown_as_they_are(hostile_page):
    tree = parsed(hostile_page)
    people = words(tree.get_element_by_id("entities"))
    for name in NAMES:
        assert printable(name) in people
    network = tree.get_element_by_id("network")
    titles = {title.text_content() for title in network.iter("title")}
    assert {printable(name) for name in NAMES} <= titles
    assert "\u202e" not in hostile_page


def test_who_rose_is_compared_with_the_own_usual_as_the_mart_does(hostile_warehouse, hostile_page):
    (rows,) = (rows for query, rows in data_shown(hostile_page) if "more than usual" in query)
    marts = hostile_warehouse.execute(
        "SELECT name, articles_7d, usual_articles, rise FROM mart.entity_trend"
        " WHERE rise > 0 ORDER BY rise DESC"
    ).fetchall()
    assert [[row[0], row[2], row[3], row[5]] for row in rows] == [
        [cell(value) for value in row] for row in marts
    ]
    assert [row[:3] for row in marts] == [(RISING, 6, 0)]


def test_the_same_snapshot_gives_the_same_bytes(hostile_warehouse, hostile_page):
    period = chosen_period(hostile_warehouse)
    assert period == Period(date(2026, 3, 4), LAST)
    assert report_page(hostile_warehouse, period) == hostile_page
