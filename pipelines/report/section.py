"""What a section of the page is made of, and what several of them draw alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.report.charts import OTHERS, Columns, Series
from pipelines.report.markup import Markup
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
    """``day``, or ``week (from Monday)``."""
    return "day" if period.unit == "day" else "week (from Monday)"


def stacked(
    period: Period, result: Result, series: Sequence[Series], title: str, noun: str
) -> Columns:
    """A chart of a result that has the columns ``day``, ``series`` and ``value``."""
    counts: dict[tuple[int, date], int] = {}
    for row in result.rows:
        counts[row["series"], row["day"]] = row["value"]
    return Columns(title, noun, period.unit, period.columns, series, counts)


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
