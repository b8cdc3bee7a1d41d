"""The whole page: one file, nothing loaded, nothing run, the same for the same snapshot."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import __version__
from pipelines.report import news, trust
from pipelines.report.markup import Markup, cell, count, element, join, lines, long_day, table
from pipelines.report.queries import Period, Result, ask
from pipelines.report.section import Section

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SECTIONS = (
    news.volume,
    news.entities,
    news.rising,
    news.together,
    news.languages,
    trust.dates,
    trust.quality,
    trust.freshness,
    trust.edits,
)


def report_page(connection: DuckDBPyConnection, period: Period) -> str:
    """The page of a snapshot and a period, as HTML. Raises duckdb.Error.

    The connection's time zone must be UTC, as ``warehouse.query.snapshot`` sets it.
    """
    asking = partial(ask, connection, period=period)
    holdings = asking("holdings")
    sections = [section(lambda name: asking(name), period) for section in SECTIONS]
    title = f"The news, {_span(period)}"
    body = element(
        "body",
        _header(title, holdings.rows[0], period),
        _contents(sections),
        element("main", join(*map(_section, sections))),
        _footer(holdings),
    )
    return "<!doctype html>\n" + element("html", _head(title), body, lang="en") + "\n"


def _span(period: Period) -> str:
    """The days in words, what they share said once: ``1 to 3 March 2026``."""
    first, last = long_day(period.first), long_day(period.last)
    if first == last:
        return first
    if period.first.year == period.last.year:
        first = first.removesuffix(f" {period.first.year}")
        if period.first.month == period.last.month:
            first = str(period.first.day)
    return f"{first} to {last}"


@cache
def _style() -> Markup:
    return Markup(Path(__file__).with_name("page.css").read_text(encoding="utf-8"))


def policy() -> str:
    """The page's Content-Security-Policy: its own style sheet by its hash, and nothing else.

    https://www.w3.org/TR/CSP3/ has the directives.
    """
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _head(title: str) -> Markup:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy()),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="generator", content=f"newsledger {__version__}"),
        element("title", title),
        element("style", _style()),
    )


def _header(title: str, held: dict[str, Any], period: Period) -> Markup:
    figures = (
        (held["articles"], "article", "articles"),
        (held["outlets"], "outlet", "outlets"),
        (held["entities"], "entity named", "entities named"),
        (held["mentions"], "mention of them", "mentions of them"),
    )
    published = held["published_at"]
    days = (period.last - period.first).days + 1
    return element(
        "header",
        element("p", "newsledger report", class_="kicker"),
        element("h1", title),
        element(
            "p",
            f"Articles on {held['days']:,} of {count(days, 'day')}. From the snapshot"
            f" published {published:%Y-%m-%d %H:%M} UTC, which holds"
            f" {count(held['articles_held'], 'article')} first captured from {held['first_day']}"
            f" to {held['last_day']}, {count(held['entities_held'], 'entity', 'entities')} and"
            f" {count(held['mentions_held'], 'mention')}."
            if published
            else "The snapshot does not say when it was published.",
        ),
        element(
            "ul",
            join(
                *(
                    element("li", element("b", f"{n:,}"), " ", one if n == 1 else many)
                    for n, one, many in figures
                )
            ),
            class_="figures",
        ),
    )


def _contents(sections: Sequence[Section]) -> Markup:
    links = (element("a", section.title, href=f"#{section.key}") for section in sections)
    return element("nav", join(*links), aria_label="Sections")


def _section(section: Section) -> Markup:
    return element(
        "section",
        element("h2", section.title),
        element("p", section.finding, class_="finding"),
        section.body,
        element("p", element("b", "How it is counted. "), section.counted, class_="counting"),
        join(*map(behind, section.results)),
        id=section.key,
    )


def behind(result: Result) -> Markup:
    """The query that was run and what it gave, folded away."""
    rows = [[cell(row[column]) for column in result.columns] for row in result.rows]
    data = (
        element(
            "div",
            table("What it gave", result.columns, rows, "data"),
            class_="scroll",
            tabindex=0,
        )
        if rows
        else element("p", "It gave no rows.", class_="none")
    )
    question = result.sql.partition("\n")[0].removeprefix("--").strip()
    return element(
        "details",
        element("summary", "SQL and data: ", element("span", question)),
        element("pre", element("code", lines(result.sql)), tabindex=0),
        data,
        id=f"data-{result.name}",
    )


def _footer(holdings: Result) -> Markup:
    return element(
        "footer",
        behind(holdings),
        element(
            "p",
            "Days are UTC and those of an article’s first capture. Each query can be pasted into"
            " any client that has the snapshot open: newsledger sql, DuckDB, Python, R. The page"
            " loads nothing and sends nothing.",
        ),
    )
