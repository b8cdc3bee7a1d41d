"""The questions behind the page: each a file of sql/report, asked for a period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.project import sql_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAYS = 28
"""Days of a report without ``--from``: four whole weeks, so that each weekday counts alike."""
MOST_COLUMNS = 62
"""Days that are drawn one by one; a longer period is drawn by the week."""
_PARAMETER = re.compile(r"\$(first|last|unit)\b")


class PeriodError(ValueError):
    """There is nothing to report on; the message says which days there are."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days (UTC) of first capture, both ends included."""

    first: date
    last: date

    @property
    def unit(self) -> str:
        """What a column of a chart stands for: ``day`` or ``week`` (from Monday)."""
        return "day" if (self.last - self.first).days < MOST_COLUMNS else "week"

    @property
    def columns(self) -> list[date]:
        """The days, or the Mondays, that a chart has a column for."""
        days = [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]
        if self.unit == "day":
            return days
        return sorted({day - timedelta(day.weekday()) for day in days})


@dataclass(frozen=True, slots=True)
class Result:
    """What a question gave."""

    name: str
    sql: str
    """The query that was run, its parameters written out."""
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]


def chosen_period(
    connection: DuckDBPyConnection, first: date | None = None, last: date | None = None
) -> Period:
    """The days to report on: those asked for, as far as the snapshot has any.

    Without ``last`` its last day with articles; without ``first`` the 28 days up to ``last``.
    Raises PeriodError where no article was first captured in them.
    """
    held_first, held_last = connection.execute(
        "SELECT min(fetch_date), max(fetch_date) FROM article_versions WHERE version = 1"
    ).fetchall()[0]
    if held_first is None:
        raise PeriodError("the snapshot has no article yet; newsledger run captures some")
    end = min(last or held_last, held_last)
    begin = max(first or end - timedelta(DAYS - 1), held_first)
    found = connection.execute(
        "SELECT count(*) FROM article_versions WHERE version = 1 AND fetch_date BETWEEN ? AND ?",
        [begin, end],
    ).fetchall()[0][0]
    if begin > end or not found:
        raise PeriodError(
            f"no article was first captured from {first or 'the start'} to {last or 'the end'};"
            f" the snapshot has {held_first} to {held_last}"
        )
    return Period(begin, end)


def ask(connection: DuckDBPyConnection, name: str, period: Period) -> Result:
    """The answer of ``sql/report/<name>.sql`` for a period. Raises duckdb.Error."""
    query = sql_text(f"report/{name}.sql").strip()
    values = {"first": period.first, "last": period.last, "unit": period.unit}
    used = {key: values[key] for key in _PARAMETER.findall(query)}
    cursor = connection.execute(query, used)
    columns = tuple(column[0] for column in cursor.description or ())
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return Result(name, written_out(query, period), columns, rows)


def written_out(query: str, period: Period) -> str:
    """The query with its parameters as literals, for any SQL client."""
    literals = {
        "first": f"DATE '{period.first}'",
        "last": f"DATE '{period.last}'",
        "unit": f"'{period.unit}'",
    }
    return _PARAMETER.sub(lambda match: literals[match[1]], query)
