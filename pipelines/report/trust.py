"""The sections about the data: dates, checks, sources, and what publishers changed afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from pipelines.report.charts import COLOURS, Series, columns_chart
from pipelines.report.markup import (
    Markup,
    count,
    counted,
    elapsed,
    element,
    join,
    long_day,
    name,
    percent,
    table,
)
from pipelines.report.queries import Period, Result
from pipelines.report.section import Ask, Section, per, recoded, stacked

PASSED, CRITICAL, NOT_CRITICAL = "passed", "failed, critical", "failed, not critical"
OUTCOMES = {
    CRITICAL: COLOURS[5],
    NOT_CRITICAL: COLOURS[1],
    "broken": COLOURS[3],
}
PARTS = {
    "headline": COLOURS[0],
    "text": COLOURS[1],
    "date, authors or other": COLOURS[3],
}
EXACT = ("second", "minute", "hour")
"""Precisions that give a time of day."""


def dates(ask: Ask, _: Period) -> Section:
    """How sure the dates of publication are."""
    result = ask("dates")
    precisions: Counter[str | None] = Counter()
    for row in result.rows:
        precisions[row["date_published_precision"]] += row["article_count"]
    whole = sum(precisions.values())
    exact = sum(precisions[precision] for precision in EXACT)
    future = sum(row["in_future_count"] for row in result.rows)
    rows = [
        [
            join(precision or "no date", element("small", _read_in(result, precision))),
            counted(value, max(precisions.values())),
            percent(value / whole),
        ]
        for precision, value in precisions.items()
    ]
    finding = (
        join(
            f"{percent(exact / whole)} of {count(whole, 'article')} say at what time of day they"
            f" were published, {percent(precisions[None] / whole)} say nothing.",
            f" {count(future, 'article')} bear a date more than a day after the capture."
            if future
            else None,
        )
        if whole
        else Markup("No article was captured in this period.")
    )
    return Section(
        "dates",
        "How sure the dates are",
        finding,
        "Current articles by how precise their date of publication is, and by where it was read:"
        " in the page’s data (json_ld, meta, time), its address (url), its text, a dateline, or"
        " what its feed says. A date is never taken from the time of capture.",
        table("Articles by precision", ["Precise to", "Articles", "Share"], rows, "dates")
        if rows
        else Markup(),
        [result],
    )


def _read_in(result: Result, precision: str | None) -> str:
    """Where the dates of a precision were read: ``json_ld 6, meta 4``."""
    sources = (
        f"{row['date_published_source']} {row['article_count']:,}"
        for row in result.rows
        if row["date_published_precision"] == precision and row["date_published_source"]
    )
    return ", ".join(sources)


def quality(ask: Ask, period: Period) -> Section:
    """Which checks hold, what was held back, what was published all the same."""
    by_day, failing = ask("checks_by_day"), ask("checks_failing")
    held, overrides = ask("quarantine"), ask("overrides")
    outcomes = list(OUTCOMES)
    totals: Counter[str] = Counter()
    for row in by_day.rows:
        totals[row["outcome"]] += row["checks"]
    # Those that passed are so many that nothing else could be seen beside them.
    not_passed = replace(by_day, rows=[row for row in by_day.rows if row["outcome"] != PASSED])
    chart = stacked(
        period,
        recoded(not_passed, lambda row: outcomes.index(row["outcome"]), "checks"),
        [Series(outcome, colour) for outcome, colour in OUTCOMES.items()],
        f"Checks a {period.unit} that did not pass",
        "check",
    )
    finding = join(
        _passed(totals),
        " Checks of whole tables fail." if any(r["whole_table"] for r in failing.rows) else None,
        " No row of these days is in quarantine."
        if not held.rows
        else f" {count(sum(row['row_count'] for row in held.rows), 'failing row')} of these days in"
        " quarantine.",
    )
    return Section(
        "quality",
        "Whether the data can be trusted",
        finding,
        "Each day is checked by rules, which newsledger checks lists; what counts is a check’s"
        " latest result. A critical failure stops the publication, unless a person overrides it"
        " with a reason. A row in quarantine counts once for each of its reasons.",
        join(
            columns_chart(chart) if not_passed.rows else None,
            _failing(failing.rows),
            _held(held.rows),
            _overrides(overrides.rows),
        ),
        [by_day, failing, held, overrides],
    )


def _passed(totals: Counter[str]) -> str:
    """How many checks of days passed, and what became of the others."""
    whole = sum(totals.values())
    if not whole:
        return "No check ran on the days of this period."
    of_all = f"{totals[PASSED]:,} of {count(whole, 'check')} of this period’s days passed"
    critical, broken = totals[CRITICAL], totals["broken"]
    failed = critical + totals[NOT_CRITICAL]
    worst = f"{critical:,} of them critical" if critical else "none of them critical"
    ends = (f"; {failed:,} failed, {worst}", f"; {broken:,} could not be answered")
    return of_all + (ends[0] if failed else "") + (ends[1] if broken else "") + "."


def _failing(rows: list[dict[str, Any]]) -> Markup:
    if not rows:
        return _none("Checks that do not hold", "Every check holds.")
    shown = [
        [
            join(element("code", row["check_name"]), element("small", row["description"] or "")),
            "broken" if row["is_broken"] else row["severity"],
            "whole table" if row["whole_table"] else count(row["days"], "day"),
            f"{row['unexpected_count'] or 0:,}",
        ]
        for row in rows
    ]
    head = ["Check", "Severity", "Where", "Rows"]
    return join(
        element("h3", "Checks that do not hold"),
        table("Checks that do not hold, worst first", head, shown, "four"),
    )


def _held(rows: list[dict[str, Any]]) -> Markup:
    if not rows:
        return _none("Held back or flagged", "No row of this period is in quarantine.")
    shown = [
        [element("code", row["reason"]), row["effect"], f"{row['row_count']:,}"] for row in rows
    ]
    return join(
        element("h3", "Held back or flagged"),
        table("Rows in quarantine by reason", ["Reason", "Effect", "Rows"], shown, "four"),
    )


def _overrides(rows: list[dict[str, Any]]) -> Markup:
    if not rows:
        return _none("Published all the same", "No failing check was overridden.")
    shown = [
        [
            join(element("code", row["check_name"]), element("small", row["note"] or "")),
            f"{row['day']}" if row["day"] else "whole table",
            join(name(row["decided_by"] or "not told"), f", {row['decided_at']:%Y-%m-%d}"),
        ]
        for row in rows
    ]
    head = ["Check, and why", "Day", "Decided"]
    return join(
        element("h3", "Published all the same"),
        table("Overrides in force", head, shown, "four"),
    )


def _none(heading: str, words: str) -> Markup:
    return join(element("h3", heading), element("p", words, class_="none"))


def freshness(ask: Ask, period: Period) -> Section:
    """Which sources went quiet."""
    result = ask("freshness")
    if result.rows:
        counts = result.rows[0]
        sources, quiet, new = (counts[c] for c in ("sources", "quiet_sources", "new_sources"))
        finding = join(
            f"{quiet:,}" if quiet else "None",
            f" of {count(sources, 'source')} gave nothing, or less than half of the usual, in the"
            f" seven days up to {long_day(period.last)}.",
            f" {new:,} of them {'is' if new == 1 else 'are'} too new to tell." if new else None,
        )
    else:
        finding = Markup("No source has given an article yet.")
    rows = [
        [
            name(row["name"]),
            element("span", row["state"], class_=f"state {_tone(row['state'])}"),
            f"{row['last_day']}" if row["last_day"] else "never",
            f"{row['articles_7d']:,}",
            "" if row["usual_7d"] is None else f"{row['usual_7d']:,.1f}",
        ]
        for row in result.rows
    ]
    head = ["Source", "State", "Last new article", "In 7 days", "Usual"]
    return Section(
        "freshness",
        "Which sources went quiet",
        finding,
        "New articles by the source through which they were first captured (a feed, a site, a"
        " folder): the last seven days against the source’s own weekly mean in the four weeks"
        " before. Quietest first, 25 at most. A source that is new has no usual.",
        table("Sources, quietest first", head, rows, "fresh") if rows else Markup(),
        [result],
    )


def _tone(state: str) -> str:
    return {"silent": "bad", "nothing yet": "bad", "below half": "odd"}.get(state, "fine")


def edits(ask: Ask, period: Period) -> Section:
    """What was changed after publication."""
    by_day, latest = ask("edits_by_day"), ask("edits")
    whole = sum(row["edits"] for row in by_day.rows)
    headlines = sum(row["edits"] for row in by_day.rows if row["part"] == "headline")
    parts = list(PARTS)
    finding = (
        f"Publishers changed articles {count(whole, 'time')} after publication;"
        f" {count(headlines, 'change')} touched the headline."
        if whole
        else "No change after publication was seen in this period."
    )
    chart = stacked(
        period,
        recoded(by_day, lambda row: parts.index(row["part"]), "edits"),
        [Series(part, colour) for part, colour in PARTS.items()],
        f"Changes after publication a {period.unit}",
        "change",
    )
    return Section(
        "edits",
        "What was changed after publication",
        join(finding),
        "A later capture of the same address whose article reads otherwise; what newsledger itself"
        f" read anew does not count. By the {per(period)} of that capture; a change of the headline"
        " counts there alone. Only pages that were captured again can show a change.",
        join(columns_chart(chart), _changes(latest)) if whole else Markup(),
        [by_day, latest],
    )


def _changes(latest: Result) -> Markup:
    items = []
    for row in latest.rows:
        before, after = row["headline_before"] or "", row["headline_after"] or ""
        words = (row["words_after"] or 0) - (row["words_before"] or 0)
        when, time = row["changed_at"], elapsed(row["after_time"])
        told = f"{when:%Y-%m-%d %H:%M} UTC, {time} after the version before"
        head = (
            join(
                element("del", before, dir="auto"),
                element("ins", after, dir="auto"),
            )
            if row["headline_changed"]
            else element("span", after, dir="auto")
        )
        note = join(name(row["outlet"]), f", {told}, {words:+,} words" if words else f", {told}")
        items.append(element("li", head, element("small", note)))
    return join(
        element("h3", "The latest changes, new headlines first"),
        element("ul", join(*items), class_="changes"),
    )
