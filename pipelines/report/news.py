"""The sections about the news: how much, who, with whom, in which languages."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipelines.report.charts import COLOURS, columns_chart, swatch
from pipelines.report.markup import (
    Markup,
    count,
    counted,
    element,
    join,
    name,
    percent,
    spark,
    table,
)
from pipelines.report.network import ORGANIZATION, PERSON, Link, Node, network
from pipelines.report.queries import Period
from pipelines.report.section import (
    Ask,
    Section,
    as_many,
    per,
    ranked_series,
    recoded,
    stacked,
)

KINDS = {"person": "People", "organization": "Organizations", "place": "Places"}
PAIRS = 12
"""Pairs in the table beside the network."""


def volume(ask: Ask, period: Period) -> Section:
    """How much each outlet published, and when."""
    by_day, outlets = ask("volume"), ask("outlets")
    series = ranked_series(by_day, "outlet", COLOURS, "not told")
    chart = stacked(
        period,
        recoded(by_day, lambda row: row["place"] - 1, "article_count"),
        series,
        f"Articles a {period.unit}, by outlet",
        "article",
    )
    most = outlets.rows[0] if outlets.rows else None
    finding = (
        join(
            name(most["outlet"]),
            f" published the most: {count(most['article_count'], 'article')},"
            f" {percent(most['share'])} of all"
            f"{_also(as_many(outlets.rows, 'article_count'), 'another outlet', 'other outlets')}.",
        )
        if most
        else Markup("No article was captured in this period.")
    )
    longest = max((row["article_count"] for row in outlets.rows), default=0)
    rows = [
        [
            name(row["outlet"]),
            counted(row["article_count"], longest),
            spark(row["by_day"]),
        ]
        for row in outlets.rows
    ]
    return Section(
        "volume",
        "How much was published",
        finding,
        f"Articles by the {per(period)} of their first capture. An outlet is who wrote an"
        " article; where nobody is known to, who carries it. Each small row of columns is on a"
        " scale of its own.",
        join(
            columns_chart(chart),
            table("The outlets with most articles", ["Outlet", "Articles", "When"], rows, "outlets")
            if rows
            else None,
        ),
        [by_day, outlets],
    )


def _also(others: int, another: str, more: str) -> str:
    """The end of a sentence about the first of several, where some are level with it."""
    if not others:
        return ""
    return f"; {another if others == 1 else more} as many"


def entities(ask: Ask, _: Period) -> Section:
    """Who and what is named by most publishers."""
    result = ask("entities")
    parts = []
    for kind, heading in KINDS.items():
        rows = [row for row in result.rows if row["entity_type"] == kind]
        longest = max((row["publisher_count"] for row in rows), default=0)
        shown: list[list[str | None]] = [
            [
                join(name(row["name"]), _note(count(row["article_count"], "article"))),
                counted(row["publisher_count"], longest),
            ]
            for row in rows
        ]
        body = (
            table(f"{heading} named by most publishers", ["Name", "Publishers"], shown, "top")
            if shown
            else element("p", f"No {heading.lower()} were named.", class_="none")
        )
        parts.append(element("div", element("h3", heading), body))
    return Section(
        "entities",
        "Who and what is in the news",
        _most_named(result.rows),
        "Ordered by how many publishers name them, then by articles: a page that repeats a name"
        " counts once, and so does an outlet. Nationalities and events are left out.",
        element("div", join(*parts), class_="three"),
        [result],
    )


def _note(words: str) -> Markup:
    return element("small", words)


def _most_named(rows: list[dict[str, Any]]) -> Markup:
    tops = []
    for kind, noun in (("person", "person"), ("organization", "organization"), ("place", "place")):
        if of_kind := [row for row in rows if row["entity_type"] == kind]:
            row, level = of_kind[0], as_many(of_kind, "publisher_count", "article_count")
            told = f"{noun}, {count(row['publisher_count'], 'publisher')}"
            tops.append(join(name(row["name"]), f" ({told}{_also(level, 'another', 'others')})"))
    if not tops:
        return Markup("No entity was named in this period.")
    return join("Named by most publishers: ", tops[0], *(join(", ", top) for top in tops[1:]), ".")


def rising(ask: Ask, period: Period) -> Section:
    """Who is named more than usual."""
    result = ask("rising")
    longest = max((row["articles_7d"] for row in result.rows), default=0)
    rows = [
        [
            join(name(row["name"]), _note(row["entity_type"])),
            counted(row["articles_7d"], longest),
            _usual(row["usual_articles"]),
            spark(row["by_day"]),
        ]
        for row in result.rows
    ]
    if rows:
        first = result.rows[0]
        finding = join(
            name(first["name"]),
            f" rose most: {count(first['articles_7d'], 'article')} in seven days, where"
            f" {_usual(first['usual_articles'])} were usual"
            f"{_also(as_many(result.rows, 'rise'), 'another', 'others')}.",
        )
    else:
        finding = Markup(
            "Nobody rose above their own usual, or there are no days yet to compare with:"
            " it takes more than seven."
        )
    return Section(
        "rising",
        "Who is named more than usual",
        finding,
        f"Articles in the seven days up to {period.last:%Y-%m-%d} against the entity’s own weekly"
        " mean in the four weeks before (or in as many days as the snapshot has), whatever the"
        " period of this page. At least three articles of two publishers. Ordered by the"
        " difference of square roots, on which small and large counts can be compared. The small"
        " columns are the last 35 days.",
        table(
            "Entities that rose most",
            ["Name", "Articles in 7 days", "Usual", "Last 35 days"],
            rows,
            "rising",
        )
        if rows
        else Markup(),
        [result],
    )


def _usual(articles: float) -> str:
    return f"{articles:,.1f}" if articles else "none"


def together(ask: Ask, _: Period) -> Section:
    """Who stands with whom in one sentence."""
    result = ask("network")
    if not result.rows:
        finding = Markup(
            "No sentence of this period names two people or organizations that are known."
        )
        body = Markup()
    else:
        first = result.rows[0]
        finding = join(
            name(first["left_name"]),
            " and ",
            name(first["right_name"]),
            f" stand together most: in {count(first['article_count'], 'article')}"
            f"{_also(as_many(result.rows, 'article_count'), 'another pair in', 'other pairs in')}.",
        )
        body = _together(result.rows)
    return Section(
        "network",
        "Who stands with whom",
        finding,
        "A line joins two people or organizations that one sentence or headline names together:"
        " the wider, the more articles. A mark is the larger, the more such articles it has with"
        " the others shown. The strongest pairs, thirty names at most; on a phone fourteen. Where"
        " a name stands on the drawing says nothing by itself.",
        body,
        [result],
    )


def _together(rows: list[dict[str, Any]]) -> Markup:
    weights: Counter[str] = Counter()
    known: dict[str, tuple[str, str]] = {}
    links = []
    for row in rows:
        for side in ("left", "right"):
            known.setdefault(row[f"{side}_id"], (row[f"{side}_name"], row[f"{side}_type"]))
            weights[row[f"{side}_id"]] += row["article_count"]
        told = (
            f"{row['left_name']} and {row['right_name']}:"
            f" {count(row['article_count'], 'article')}, {count(row['sentence_count'], 'sentence')}"
        )
        links.append(Link(row["left_id"], row["right_id"], row["article_count"], told))
    nodes = [
        Node(key, label, kind == "person", weights[key]) for key, (label, kind) in known.items()
    ]
    longest = rows[0]["article_count"]
    shown = [
        [
            join(name(row["left_name"]), " with ", name(row["right_name"])),
            counted(row["article_count"], longest),
        ]
        for row in rows[:PAIRS]
    ]
    key = element(
        "ul",
        element("li", swatch(PERSON, is_round=True), "person"),
        element("li", swatch(ORGANIZATION), "organization"),
        class_="legend",
    )
    return element(
        "div",
        element("div", key, network(nodes, links, "Who stands with whom in one sentence")),
        table("The pairs that stand together most", ["Pair", "Articles"], shown, "top"),
        class_="beside",
    )


def languages(ask: Ask, period: Period) -> Section:
    """In which languages was published."""
    result = ask("languages")
    series = ranked_series(result, "in_language", COLOURS, "not told")
    totals: Counter[int] = Counter()
    for row in result.rows:
        totals[row["place"]] += row["article_count"]
    whole = sum(totals.values())
    parts = [
        f"{one.label} {percent(totals[place] / whole)}"
        for one, place in zip(series, sorted(totals), strict=True)
    ]
    chart = stacked(
        period,
        recoded(result, lambda row: row["place"] - 1, "article_count"),
        series,
        f"Articles a {period.unit}, by language",
        "article",
    )
    return Section(
        "languages",
        "In which languages",
        join(f"Of {count(whole, 'article')}: {', '.join(parts)}.")
        if whole
        else Markup("No article was captured in this period."),
        "The language of an article’s text, as an ISO 639-1 code (en: English), as it was read"
        f" from the text and the page; by the {per(period)} of first capture.",
        columns_chart(chart),
        [result],
    )
