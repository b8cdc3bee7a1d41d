"""What a section of the page is made of, and what several of them draw alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.report.charts import OTHERS, Columns, Series
from pipelines.report.markup import Markup, count
from pipelines.report.queries import Period, Result

Ask = Callable[[str], Result]
"""Asks a question of sql/report by its name, for the page's period."""
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    key: str
    """Its anchor."""
    title: str
    finding: Markup
    """What is seen, in a sentence or two."""
    counted: str
    """How it is counted."""
    body: Markup
    results: Sequence[Result]
    """The questions and their answers, shown behind it."""


def per(period: Period) -> str:
    """``day (UTC)``, or ``week (UTC, from Monday)``."""
    return "day (UTC)" if period.unit == "day" else "week (UTC, from Monday)"


def cut_weeks(period: Period) -> str:
    """Which weeks of a chart the period cuts, as an end of its title: less is drawn there, though
    no less was published. Nothing for a chart of days, or of whole weeks.
    """
    if period.unit == "day":
        return ""
    told = {"first": 7 - period.first.weekday(), "last": period.last.weekday() + 1}
    cut = [f"the {which} has {count(days, 'day')}" for which, days in told.items() if days < 7]
    return f" ({', '.join(cut)})" if cut else ""


def as_many(rows: Sequence[Record], *columns: str) -> int:
    """How many rows after the first, in an ordered answer, have its values in these columns.

    A sentence that names the first alone would be wrong where there are some.
    """
    return sum(all(row[c] == rows[0][c] for c in columns) for row in rows[1:])


def stacked(
    period: Period, result: Result, series: Sequence[Series], title: str, noun: str
) -> Columns:
    """A chart of a result that has the columns ``day``, ``series`` and ``value``."""
    counts: dict[tuple[int, date], int] = {}
    for row in result.rows:
        counts[row["series"], row["day"]] = row["value"]
    whole = title + cut_weeks(period)
    return Columns(whole, noun, period.unit, period.columns, series, counts)


def recoded(result: Result, series: Callable[[Record], int], value: str) -> Result:
    """The result as ``stacked`` takes it: the number of a row's series, and its value."""
    rows = [{"day": r["day"], "series": series(r), "value": r[value]} for r in result.rows]
    return Result(result.name, result.sql, ("day", "series", "value"), rows)


def ranked_series(
    result: Result, column: str, colours: Sequence[str], missing: str
) -> list[Series]:
    """The series of a result whose ``place`` counts from 1 and whose last place is all others."""
    labels: dict[int, str] = {}
    for row in result.rows:
        others = row["place"] > len(colours)
        labels[row["place"]] = "all others" if others else (row[column] or missing)
    return [
        Series(labels[at], colours[at - 1] if at <= len(colours) else OTHERS)
        for at in sorted(labels)
    ]
