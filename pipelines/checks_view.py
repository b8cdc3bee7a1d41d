"""Shows the rules in force, in a terminal or a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table

from pipelines.checks import (
    DAYS_SHOWN,
    Record,
    arguments,
    batch_of,
    effect_in_words,
    scope_in_words,
    value_in_words,
)
from pipelines.quality.suites import SEVERITIES
from pipelines.terminal import HEADING, QUIET, line, page_out

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.quality.suites import Check

INDENT = (0, 0, 0, 2)
KEYS_SHOWN = 3
STYLES = {"critical": "red", "warning": "yellow", "info": "cyan"}
STATES = {"passed": "green", "failed": "red", "broken": "magenta"}


def print_list(checks: Sequence[Check], *, color: bool = True) -> None:
    """A line a check, by asset and table: severity, name, sentence."""
    with page_out(color=color) as console:
        for asset, of_asset in groupby(checks, key=lambda check: check.asset):
            console.print(line((asset, "bold underline")))
            for (table, suite), found in groupby(of_asset, key=lambda c: (c.table, c.suite)):
                console.print(Padding(line((table, HEADING), (f"  {suite}.json", QUIET)), INDENT))
                console.print(Padding(_rows(list(found)), (0, 0, 1, 4)))
        console.print(line(in_all(checks), (". One whole: newsledger checks NAME", QUIET)))


def _rows(checks: Sequence[Check]) -> Table:
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    rows.add_column(overflow="fold", min_width=24, ratio=2)
    rows.add_column(overflow="fold", ratio=5)
    for check in checks:
        rows.add_row(
            line((check.severity, STYLES[check.severity])),
            line((check.name, "cyan")),
            line(check.description, (_mark(check), QUIET)),
        )
    return rows


def _mark(check: Check) -> str:
    """What is out of the common for a severity."""
    marks = ["its rows are held back"] if check.on_failure else []
    marks += ["stops the publish alone"] if check.stops == "publish" else []
    return f" ({', '.join(marks)})" if marks else ""


def in_all(checks: Sequence[Check]) -> str:
    """How many, by severity."""
    counts = Counter(check.severity for check in checks)
    told = ", ".join(f"{counts[name]} {name}" for name in SEVERITIES if counts[name])
    return f"{len(checks)} {'check' if len(checks) == 1 else 'checks'}: {told}"


def print_whole(found: Sequence[tuple[Check, list[Record] | None]], *, color: bool = True) -> None:
    """Checks whole, each with its latest results."""
    with page_out(color=color) as console:
        for number, (check, results) in enumerate(found):
            if number:
                console.print()
            _show(check, results, console)


def _show(check: Check, results: list[Record] | None, console: Console) -> None:
    console.print(line((f"{check.asset}.{check.name}", "bold underline")))
    console.print(Padding(line(check.description), INDENT))
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style=QUIET, no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("severity", line((check.severity, STYLES[check.severity])))
    facts.add_row("a failure", line(effect_in_words(check)))
    facts.add_row("audits", line(scope_in_words(check)))
    facts.add_row("owner", line(check.owner))
    facts.add_row("declared in", line(f"expectations/{check.suite}.json"))
    facts.add_row("rule", line(check.expectation))
    for name, value in arguments(check).items():
        facts.add_row(name, line(value))
    console.print(Padding(facts, INDENT))
    for threshold in check.thresholds:
        value = f"{threshold.name} = {value_in_words(threshold.value)}"
        console.print(Padding(line((value, HEADING), f"  {threshold.reason}"), INDENT))
    if check.query:
        console.print()
        _show_query(check.query, console)
        console.print(line("  where {batch} is"))
        _show_query(batch_of(check.suite), console)
    console.print()
    _show_results(results, console)


def _show_query(query: str, console: Console) -> None:
    """On lines as long as they are, to be copied."""
    for row in query.splitlines():
        console.print(line((f"  {row}", "green")), soft_wrap=True)


def _show_results(results: list[Record] | None, console: Console) -> None:
    if not results:
        told = "nothing is published that has it" if results is None else "not run yet"
        console.print(Padding(line(("latest result  ", QUIET), told), INDENT))
        return
    counts = Counter(result["status"] for result in results)
    told = ", ".join(f"{number} {status}" for status, number in counts.most_common())
    console.print(Padding(line(("latest results  ", QUIET), told), INDENT))
    for result in results[:DAYS_SHOWN]:
        console.print(Padding(line(*_result(result)), (0, 0, 0, 4)))
    if failing := next((r for r in results if r["failing_query"]), None):
        console.print(Padding(line(("its failing rows", QUIET)), INDENT))
        _show_query(failing["failing_query"], console)


def _result(result: Record) -> list[tuple[object, str] | str]:
    status = result["status"]
    day = result["partition_key"] or "whole table"
    parts: list[tuple[object, str] | str] = [f"{day}  ", (status, STATES[status])]
    if result["error"]:
        parts.append(f"  the rule broke: {result['error'].splitlines()[0]}")
    elif status == "failed":
        if result["unexpected_count"] is not None:
            parts.append(
                f"  {result['unexpected_count']:,} of {result['element_count'] or 0:,} rows"
            )
        elif result["observed"]:
            parts.append(f"  observed {result['observed']}")
    if keys := result["failing_keys"]:
        more = ", …" if len(keys) > KEYS_SHOWN else ""
        parts.append((f"  {', '.join(keys[:KEYS_SHOWN])}{more}", QUIET))
    if result["override_note"]:
        parts.append(f"  published all the same: {result['override_note']}")
    parts.append((f"  checked {result['checked_at']:%Y-%m-%d %H:%M} UTC", QUIET))
    return parts
