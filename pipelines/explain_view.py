"""Shows an explanation: the page as kept and cut, in a terminal, a file or as JSON."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table

from pipelines.printable import printable, printable_json
from pipelines.terminal import HEADING, QUIET, line, page_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.text import Text

    from pipelines.explain import Explanation, Record
    from pipelines.settings import Settings

WIDE = 100
"""Columns from which rules stand beside the text; below, they stand above it."""
LONGEST = 5000
"""Characters of one block that are shown; JSON has the whole."""
RUN = 4
"""Cut blocks of one role and rule in a row that are shown; of more, the first ones and a count."""
KEPT, CUT, SAME = "+", "-", "="
AGREES = ".agrees"
"""How the rule of a statement ends that says the same as the chosen one."""
ABOUT = frozenset({"headline", "byline", "date", "dateline", "section", "outlet", "credit"})
"""Roles that are no body, yet tell of the article: shown plain, not struck out."""


def print_explanation(
    settings: Settings,
    name: str,
    version: int | None = None,
    *,
    shown: str = "page",
    as_json: bool = False,
    color: bool = True,
) -> None:
    """Explains one page of the snapshot on standard output.

    ``shown`` as for ``show``. Raises SnapshotError, and UnknownArticleError as ``explain`` does.
    """
    import duckdb

    from pipelines.explain import explain
    from pipelines.warehouse.query import SnapshotError, snapshot

    with snapshot(settings.published_file) as connection:
        try:
            explanation = explain(connection, name, version)
        except duckdb.Error as error:
            raise SnapshotError(
                f"{settings.published_file}: it lacks what is asked for"
                f" ({printable(str(error).splitlines()[0])}): an older newsledger published it, and"
                " newsledger run publishes a new one"
            ) from error
    if as_json:
        sys.stdout.write(explanation_json(explanation, shown) + "\n")
        return
    with page_out(color=color) as console:
        show(explanation, console, shown)


def explanation_json(explanation: Explanation, shown: str = "page") -> str:
    """Everything stored, its blocks restricted to ``shown``: kept, cut, or else all."""
    record = asdict(explanation)
    record["blocks"] = _chosen(explanation.blocks, shown)
    return printable_json(record)


def show(explanation: Explanation, console: Console, shown: str = "page") -> None:
    """The whole explanation.

    ``shown``: ``page`` (every block, long runs of cut ones of a kind folded), ``all`` (nothing
    folded), ``kept`` or ``cut``.
    """
    _show_head(explanation, console)
    _show_captures(explanation, console)
    if explanation.article is None:
        return
    _show_versions(explanation, console)
    _show_fields(explanation, console)
    _show_page(explanation, console, shown)


def _title(console: Console, words: str) -> None:
    console.print()
    console.print(line((words, HEADING)))


def _time(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S} UTC" if value else ""


def _show_head(explanation: Explanation, console: Console) -> None:
    article, capture = explanation.article, explanation.capture
    place = capture["final_uri"] or capture["target_uri"] or capture["location"] or "no address"
    if article is None:
        console.print(line((place, HEADING)))
        console.print(line("no article came of this capture: ", *_fate(capture)))
    else:
        console.print(line((article["headline"] or "without a headline", "bold underline")))
        console.print(
            line(
                f"article {article['article_id']}",
                (f"  version {article['version']} of {len(explanation.versions)}", ""),
                (f", {article['change_kind'].replace('_', ' ')}", "cyan"),
            )
        )
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True, style=QUIET)
    rows.add_column(overflow="fold")
    for name, value in _facts(explanation, place):
        rows.add_row(name, value)
    console.print(rows)


def _facts(explanation: Explanation, place: str) -> Iterator[tuple[str, Text]]:
    """Where the bytes are from and what they are."""
    article, capture = explanation.article, explanation.capture
    yield "address", line(place)
    if capture["final_uri"] and capture["target_uri"] != capture["final_uri"]:
        yield "asked at", line(capture["target_uri"] or "")
    how = " ".join(
        str(part) for part in (capture["kind"], capture["http_status"], capture["location"]) if part
    )
    yield "captured", line(f"{_time(capture['fetched_at'])}  {how}")
    yield "fetch", line(f"{capture['fetch_id']}  source {capture['source_id']}")
    if capture["payload_sha256"]:
        kind = " ".join(v for v in (capture["content_type"], capture["charset"]) if v)
        size = capture["payload_bytes"]
        yield (
            "payload",
            line(
                f"sha256 {capture['payload_sha256']}"
                + (f"  {size:,} bytes" if size is not None else "")
                + (f"  {kind}" if kind else "")
            ),
        )
    yield "archive", line(capture["archive_path"] or "nothing is archived")
    if article is not None:
        words = f"  {article['word_count']:,} words" if article["word_count"] is not None else ""
        yield "read by", line(f"{article['extractor']} {article['extractor_version']}{words}")
    for reading in explanation.readings:
        why = f": {reading['outcome_reason']}" if reading["outcome_reason"] else ""
        what = f"{reading['outcome']}{why} by {reading['extractor_version']}"
        if article is None or len(explanation.readings) > 1:
            yield "outcome", line(f"{what}, {_time(reading['extracted_at'])}")
    for row in explanation.quarantine:
        yield row["effect"], _held(row)
    for row in explanation.decisions:
        yield "decided", _decided(row)


def _held(row: Record) -> Text:
    rule = f": {row['rule']}" if row["rule"] else ""
    detail = f" ({row['detail']})" if row["detail"] else ""
    until = (
        f"  until {_time(row['resolved_at'])}: {row['resolution']}" if row["resolved_at"] else ""
    )
    many = f"  {row['row_count']:,} rows" if row["row_count"] > 1 else ""
    return line((row["reason"], "yellow"), f"{rule}{detail}{many}", (until, QUIET))


def _decided(row: Record) -> Text:
    what = f" from {row['reason']}" if row["reason"] else ""
    back = f"  taken back {_time(row['withdrawn_at'])}" if row["withdrawn_at"] else ""
    note = f": {row['note']}" if row["note"] else ""
    who = f"  {row['decided_by']}, {_time(row['decided_at'])}"
    return line((f"{row['decision']}{what}", "cyan"), note, (f"{who}{back}", QUIET))


def _fate(capture: Record) -> list[tuple[str, str]]:
    style = {"kept": "green", "quarantined": "yellow", "pending": "cyan"}.get(
        capture["fate"], QUIET
    )
    reason = capture["fate_reason"] or capture["outcome_reason"]
    return [(capture["fate"], style), (f": {reason}" if reason else "", "")]


def _show_captures(explanation: Explanation, console: Console) -> None:
    """The captures beside the one that is shown; what was asked for first."""
    if explanation.asked:
        console.print(
            line(
                "you asked for the capture of ",
                f"{_time(explanation.asked['fetched_at'])} {explanation.asked['fetch_id']}: ",
                *_fate(explanation.asked),
                f"; its content is that of version {explanation.asked['version']}"
                if explanation.asked["version"]
                else "",
            )
        )
    if explanation.capture_count < 2:
        return
    _title(console, "captures")
    rows = Table.grid(padding=(0, 2))
    for _ in range(4):
        rows.add_column(overflow="fold")
    for capture in explanation.captures:
        version = f"version {capture['version']}" if capture["version"] else ""
        rows.add_row(
            line(_time(capture["fetched_at"])),
            line((capture["fetch_id"][:8], QUIET)),
            line(version),
            line(*_fate(capture)),
        )
    console.print(Padding(rows, (0, 0, 0, 2)))
    if (more := explanation.capture_count - len(explanation.captures)) > 0:
        console.print(line((f"  and {more:,} earlier ones", QUIET)))


def _show_versions(explanation: Explanation, console: Console) -> None:
    article = explanation.article
    if len(explanation.versions) < 2 or article is None:
        return
    _title(console, "versions")
    rows = Table.grid(padding=(0, 2))
    for _ in range(5):
        rows.add_column(overflow="fold")
    for row in explanation.versions:
        until = f"to {_time(row['valid_to'])}" if row["valid_to"] else "current"
        style = "" if row["version"] == article["version"] else QUIET
        rows.add_row(
            line((row["version"], style)),
            line((f"from {_time(row['valid_from'])}", style)),
            line((until, style)),
            line((row["change_kind"].replace("_", " "), "cyan" if style == "" else style)),
            line((row["extractor_version"], QUIET)),
        )
    console.print(Padding(rows, (0, 0, 0, 2)))


def _show_fields(explanation: Explanation, console: Console) -> None:
    _title(console, "fields")
    for row in explanation.fields:
        stored = _value(row["value"], row["field"], explanation.article or {})
        grid = Table.grid(padding=(0, 2))
        grid.add_column(width=22, overflow="fold")
        grid.add_column(overflow="fold")
        none = "none" if row["field"] in (explanation.article or {}) else ""
        value = line((stored, HEADING)) if stored else line((none, QUIET))
        grid.add_row(line((row["field"], "cyan")), value)
        console.print(Padding(grid, (0, 0, 0, 2)))
        for statement in row["evidence"]:
            _show_statement(console, statement, stored)
    if not explanation.has_evidence:
        console.print(
            line(("  this snapshot is of a time before evidence was kept; newsledger run", QUIET))
        )
    elif not any(row["evidence"] for row in explanation.fields):
        console.print(line(("  no evidence was kept with this version", QUIET)))


def _value(value: Any, name: str, article: Record) -> str:
    if isinstance(value, datetime):
        said = [article.get(f"{name}_precision"), article.get(f"{name}_source")]
        told = ", ".join(part for part in said if part)
        return f"{value:%Y-%m-%d %H:%M:%S} UTC" + (f" ({told})" if told else "")
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _show_statement(console: Console, statement: Record, stored: str) -> None:
    mark, style = (KEPT, "green") if statement["is_chosen"] else (CUT, QUIET)
    if not statement["is_chosen"] and statement["rule_id"].endswith(AGREES):
        mark = SAME
    read_from = " ".join(part for part in (statement["source"], statement["detail"]) if part)
    said = "" if statement["value_text"] == stored else statement["value_text"]
    rule = _rule(statement)
    indent = (0, 0, 0, 6)
    if console.width < WIDE:
        words = line((f"{mark} ", style), (read_from, style), f"  {said}  ", (rule, QUIET))
        console.print(Padding(words, indent))
        return
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=1)
    grid.add_column(width=28, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    grid.add_column(width=36, justify="right", overflow="fold")
    grid.add_row(
        line((mark, style)), line((read_from, style)), line((said, style)), line((rule, QUIET))
    )
    console.print(Padding(grid, indent))


def _rule(row: Record) -> str:
    sure = row["confidence"]
    return str(row["rule_id"]) + (f" {sure:.2f}" if sure is not None else "")


def _chosen(blocks: list[Record], shown: str) -> list[Record]:
    if shown in ("kept", "cut"):
        return [block for block in blocks if block["is_body"] == (shown == "kept")]
    return blocks


def _show_page(explanation: Explanation, console: Console, shown: str) -> None:
    blocks = explanation.blocks
    kept = sum(1 for block in blocks if block["is_body"])
    only = {"kept": ", only what was kept", "cut": ", only what was cut"}.get(shown, "")
    _title(
        console,
        f"page: {len(blocks)} blocks, {kept} kept ({KEPT}), {len(blocks) - kept} cut ({CUT}){only}",
    )
    for _, same in groupby(
        _chosen(blocks, shown), lambda b: (b["is_body"], b["role"], b["rule_id"])
    ):
        run = list(same)
        folded = (
            0 if shown != "page" or run[0]["is_body"] or len(run) <= RUN + 1 else len(run) - RUN
        )
        for block in run[: len(run) - folded]:
            _show_block(console, block)
        if folded:
            last = run[0]
            words = f"… {folded} more of {last['role']}, {last['rule_id']} (--all shows them)"
            console.print(Padding(line((words, QUIET)), (0, 0, 0, 7)))


def _show_block(console: Console, block: Record) -> None:
    is_body, role = block["is_body"], block["role"]
    mark = (KEPT, "green") if is_body else (CUT, "red")
    number = f"{block['block_no']:>4} "
    if is_body:
        style = HEADING if role in ("heading", "standfirst") else ""
    else:
        style = QUIET if role in ABOUT else "dim strike"
    named = (role, "cyan" if is_body else "magenta" if role not in ABOUT else "blue")
    text = block["block_text"]
    more = f" … and {len(text) - LONGEST:,} characters" if len(text) > LONGEST else ""
    words = line((text[:LONGEST], style), (more, QUIET))
    if console.width < WIDE:
        console.print(line((number, QUIET), mark, " ", named, (f"  {_rule(block)}", QUIET)))

        console.print(Padding(words, (0, 0, 0, 7)))
        return
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=4, justify="right")
    grid.add_column(width=1)
    grid.add_column(width=11, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    grid.add_column(width=30, justify="right", overflow="fold")
    grid.add_row(
        line((block["block_no"], QUIET)),
        line(mark),
        line(named),
        words,
        line((_rule(block), QUIET)),
    )
    console.print(grid)
