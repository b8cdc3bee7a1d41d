"""Stacked columns, drawn by Altair (Vega-Lite) into SVG that stands in the page as it is."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.printable import printable
from pipelines.report.markup import Markup, count, element, join, long_day, name, short_day

if TYPE_CHECKING:
    import altair as alt
    from lxml.etree import _Element

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
"""Told apart by colour-blind readers too: Okabe and Ito, Color Universal Design, 2008."""
OTHERS = "#9aa0a6"
WIDE, NARROW = (1040, 260, 12), (360, 220, 5)
"""Width and height in CSS pixels, and how many days are labelled at most, of the two drawings:
one for screens and paper, one for a phone, so that text is never scaled until none can read it."""

WIDEST = 64
"""Width of a column, in CSS pixels, where there are few."""


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of the stack."""

    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of counts: a column a day or week, in it a part for each series."""

    title: str
    noun: str
    unit: str
    days: Sequence[date]
    series: Sequence[Series]
    counts: Mapping[tuple[int, date], int]
    """By the number of the series and the day; what is missing is 0."""


def columns_chart(chart: Columns) -> Markup:
    """The chart for wide and for narrow screens, its title and its legend."""
    return element(
        "figure",
        element("figcaption", chart.title),
        legend(chart.series),
        _drawn(chart, WIDE, "wide"),
        _drawn(chart, NARROW, "narrow"),
        class_="chart columns",
    )


def legend(series: Sequence[Series]) -> Markup:
    """Which colour is which, as text that wraps."""
    return element(
        "ul",
        join(*(element("li", swatch(one.colour), name(one.label)) for one in series)),
        class_="legend",
    )


def swatch(colour: str, *, is_round: bool = False) -> Markup:
    """A small patch of a colour."""
    shape = element("rect", width=12, height=12, rx=6 if is_round else 2, fill=colour)
    return element("svg", shape, width=12, height=12, class_="swatch", aria_hidden="true")


def _drawn(chart: Columns, size: tuple[int, int, int], kind: str) -> Markup:
    import vl_convert

    width, height, labels = size
    svg = vl_convert.vegalite_to_svg(_specification(chart, width, height, labels))
    return embedded(svg, chart.title, kind)


def _specification(chart: Columns, width: int, height: int, labels: int) -> dict[str, Any]:
    import altair as alt

    slim: dict[str, Any] = {"size": WIDEST} if width / len(chart.days) > 2 * WIDEST else {}
    data = alt.Data(values=_rows(chart))  # type: ignore[no-untyped-call]  # Altair leaves it untyped
    colours = alt.Scale(
        domain=list(range(len(chart.series))), range=[one.colour for one in chart.series]
    )
    drawing = (
        alt.Chart(data)
        .mark_bar(stroke="var(--paper)", strokeWidth=0.5, **slim)
        .encode(
            x=_across(chart, labels),
            y=_upwards(chart),
            color=alt.Color("series:O", legend=None, scale=colours),
            order=alt.Order("series:Q", sort="ascending"),
            description="told:N",
        )
        .properties(
            width=width,
            height=height,
            background="transparent",
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor="var(--soft)",
            labelFontSize=12,
            gridColor="var(--line)",
            domainColor="var(--line)",
            ticks=False,
        )
    )
    specification: dict[str, Any] = drawing.to_dict()
    return specification


def _rows(chart: Columns) -> list[dict[str, Any]]:
    return [
        {
            "day": day.isoformat(),
            "series": number,
            "value": value,
            "told": _told(chart, number, day, value),
        }
        for (number, day), value in sorted(chart.counts.items())
        if value
    ]


def _across(chart: Columns, labels: int) -> alt.X:
    """The days; as text, since Vega would shift times to the zone of the machine."""
    import altair as alt

    days = [day.isoformat() for day in chart.days]
    every = -(-len(days) // labels)
    ticks = {day.isoformat(): short_day(day) for day in chart.days[::every]}
    axis = alt.Axis(
        values=list(ticks),
        labelExpr=f"{json.dumps(ticks)}[datum.value]",
        labelAngle=0,
        labelPadding=8,
    )
    return alt.X("day:O", title=None, axis=axis, scale=alt.Scale(domain=days, paddingInner=0.15))


def _upwards(chart: Columns) -> alt.Y:
    import altair as alt

    totals: Counter[date] = Counter()
    for (_, day), value in chart.counts.items():
        totals[day] += value
    ticks = steps(max(totals.values(), default=0))
    axis = alt.Axis(values=ticks, format=",d", domain=False)
    return alt.Y(
        "value:Q", title=None, stack=True, axis=axis, scale=alt.Scale(domain=[0, ticks[-1]])
    )


def steps(top: int) -> list[int]:
    """Whole numbers for an axis from 0 to ``top`` or just above: some five, 1, 2 or 5 times a
    power of ten apart.
    """
    rough = max(1.0, top / 5)
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough)
    return list(range(0, max(top, 1) + step, step))


def _told(chart: Columns, number: int, day: date, value: int) -> str:
    when = f"week from {long_day(day)}" if chart.unit == "week" else long_day(day)
    return printable(f"{when}: {chart.series[number].label}, {count(value, chart.noun)}")


def embedded(svg: str, title: str, kind: str) -> Markup:
    """Vega's SVG for standing inside a page: each bar has a ``title``, shown where pointed at.

    Namespaces, ids, inline styles and Vega's roles are left out: the page forbids styles of
    elements, ids of two drawings would clash, and the data stand in a table for those who hear it.
    """
    from lxml import etree

    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for node in list(root.iter()):
        _strip(node)
    etree.cleanup_namespaces(root)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.set("class", kind)
    root.set("role", "img")
    root.set("aria-label", printable(title))
    return Markup(etree.tostring(root, encoding="unicode", method="html"))


_DROPPED = ("id", "style", "class", "role", "aria-roledescription", "aria-hidden", "font-family")


def _strip(node: _Element) -> None:
    from lxml import etree

    node.tag = etree.QName(node).localname
    label = node.attrib.pop("aria-label", None)
    if label and node.get("aria-roledescription") == "bar":
        etree.SubElement(node, "title").text = str(label)
    for key in _DROPPED:
        node.attrib.pop(key, None)
