"""Stacked columns: whole numbers on the axis, each bar told, nothing of Vega's that a page forbids."""

from __future__ import annotations

from datetime import date, timedelta

import lxml.html
import pytest

from pipelines.report.charts import Columns, Series, columns_chart, steps

DAYS = [date(2026, 3, 1) + timedelta(n) for n in range(28)]


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (6, [0, 2, 4, 6]),
        (11, [0, 5, 10, 15]),
        (5950, [0, 2000, 4000, 6000]),
    ],
)
def test_an_axis_has_whole_numbers_up_to_the_largest(top, ticks):
    assert steps(top) == ticks


def drawn(unit: str = "day") -> lxml.html.HtmlElement:
    series = [Series("Bay <b>Times</b>", "#0072b2"), Series("all others", "#9aa0a6")]
    counts = {(0, DAYS[0]): 2, (1, DAYS[0]): 1, (0, DAYS[27]): 1}
    chart = Columns("Articles", "article", unit, DAYS, series, counts)
    return lxml.html.fragment_fromstring(columns_chart(chart))


def test_each_bar_says_what_it_stands_for():
    for drawing in drawn().iter("svg"):
        if drawing.get("role") == "img":
            assert [title.text for title in drawing.iter("title")] == [
                "1 March 2026: Bay <b>Times</b>, 2 articles",
                "28 March 2026: Bay <b>Times</b>, 1 article",
                "1 March 2026: all others, 1 article",
            ]
    told = next(drawn("week").iter("title")).text
    assert told.startswith("week from 1 March 2026: ")


def test_fewer_days_are_labelled_where_it_is_narrow():
    wide, narrow = (svg for svg in drawn().iter("svg") if svg.get("role") == "img")
    labels = [[text.text for text in svg.iter("text")] for svg in (wide, narrow)]
    days = [[label for label in shown if "Mar" in label] for shown in labels]
    assert len(days[0]) == 10
    assert days[1] == ["1 Mar", "7 Mar", "13 Mar", "19 Mar", "25 Mar"]
    assert [label for label in labels[0] if "Mar" not in label] == ["0", "1", "2", "3"]


def test_what_is_drawn_has_neither_ids_nor_styles_nor_addresses():
    for node in drawn().iter():
        assert not {"id", "style", "xmlns", "font-family"} & set(node.attrib), node.tag
        assert not any("http" in value for value in node.attrib.values())
