"""Shows failing rows: the list, and one row with its rules, capture, reading and decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table

from pipelines.quarantined import Dossier, Record, place
from pipelines.terminal import HEADING, QUIET, line, page_out

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

KEY_DIGITS = 8
"""Characters of a key in a list: enough to name the row to other commands."""
EFFECT_STYLES = {"blocks": "red", "held": "yellow", "flagged": "cyan"}
MEANINGS = {
    "held": "kept out of the warehouse",
    "blocks": "in the warehouse; nothing is published until it is mended",
    "flagged": "in the warehouse, and published",
}
LONGEST_LINE = 300
"""Characters of a paragraph that are shown."""


def print_rows(
    rows: Sequence[Record],
    counts: Sequence[Record],
    writer: str | None,
    limit: int,
    *,
    color: bool,
) -> None:
    """The list on standard output: a line a row, then how many there are by reason.

    ``writer``: who writes the warehouse, so that this is the snapshot's list; None: nobody does.
    """
    with page_out(color=color) as console:
        _say_source(console, writer)
        if not rows:
            console.print(line("no row is in quarantine that is meant by that"))
            return
        table = Table(box=None, padding=(0, 2, 0, 0), header_style=QUIET, expand=True)
        for name in ("key", "effect", "reasons", "day", "source"):
            table.add_column(name, overflow="fold", no_wrap=name in ("key", "effect", "day"))
        table.add_column("what", overflow="ellipsis", no_wrap=True, ratio=1)
        table.add_column("since", no_wrap=True)
        table.add_column("run", no_wrap=True)
        for row in rows:
            table.add_row(*_cells(row))
        console.print(table)
        console.print()
        for count in counts:
            console.print(
                line(
                    f"{count['row_count']:>6,}  ",
                    (count["effect"], EFFECT_STYLES.get(count["effect"], "")),
                    f"  {count['reason']}",
                )
            )
        if len(rows) == limit:
            console.print(line((f"at most {limit} rows are listed: --limit", QUIET)))
        console.print(line(("newsledger quarantine show KEY tells all of one", QUIET)))


def _cells(row: Mapping[str, Any]) -> Iterator[Text]:
    yield line(row["row_key"][:KEY_DIGITS])
    left = f", {row['resolution']}" if row["left_at"] else ""
    yield line((row["effect"], EFFECT_STYLES.get(row["effect"], "")), (left, QUIET))
    awaits = f" ({row['awaits']} waits for the next run)" if row["awaits"] else ""
    yield line(", ".join(row["reasons"]), (awaits, "cyan"))
    yield line(str(row["fetch_date"] or ""))
    yield line(row["source_id"] or "")
    yield line(place(row))
    yield line(f"{row['since']:%Y-%m-%d}")
    yield line((row["run_id"][:KEY_DIGITS], QUIET))


def print_dossier(known: Dossier, writer: str | None, *, color: bool) -> None:
    """All that is known of one row, on standard output."""
    with page_out(color=color) as console:
        _say_source(console, writer)
        row = known.rows[0]
        console.print(line((place(row), HEADING)))
        _facts(console, _about(known))
        _show_reasons(console, known)
        _show_capture(console, known)
        _show_reading(console, known)
        _show_decisions(console, known)
        _show_next(console, known)


def _say_source(console: Console, writer: str | None) -> None:
    if writer:
        console.print(
            line((f"of the published snapshot; the warehouse is written now by {writer}", QUIET))
        )


def _title(console: Console, words: str) -> None:
    console.print()
    console.print(line((words, HEADING)))


def _facts(console: Console, facts: Iterator[tuple[str, Text]]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style=QUIET)
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(name, value)
    console.print(table)


def _time(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S} UTC" if value else ""


def _about(known: Dossier) -> Iterator[tuple[str, Text]]:
    for row in known.rows:
        key = line(f"{row['row_key']}  {row['asset_key']}, table {row['table_name']}")
        yield "row", key
        if row["left_at"]:
            yield "left", line(f"{_time(row['left_at'])}: {row['resolution']}")
            continue
        effect = (row["effect"], EFFECT_STYLES.get(row["effect"], ""))
        yield "effect", line(effect, f": {MEANINGS[row['effect']]}")
        yield "since", line(f"{_time(row['since'])}  run {row['run_id']}")
        if row["awaits"]:
            yield "awaits", line((f"{row['awaits']}: the next run applies it", "cyan"))
    if known.rows[0]["article_id"]:
        yield "article", line(known.rows[0]["article_id"])


def _show_reasons(console: Console, known: Dossier) -> None:
    present = [row for row in known.reasons if row["resolved_at"] is None]
    past = [row for row in known.reasons if row["resolved_at"] is not None]
    shown = set()
    if present:
        _title(console, "why")
    for row in present or past[:1]:
        shown.add((row["asset_key"], row["reason"], row["created_at"]))
        _show_rule(console, row)
    history = [r for r in past if (r["asset_key"], r["reason"], r["created_at"]) not in shown]
    if history:
        _title(console, "before")
    for row in history:
        console.print(
            line(
                f"  {_time(row['created_at'])} to {_time(row['resolved_at'])}  ",
                (row["reason"], "yellow"),
                f": {row['resolution']}",
            )
        )


def _show_rule(console: Console, row: Record) -> None:
    detail = f" ({row['detail']})" if row["detail"] else ""
    console.print(
        line(
            "  ",
            (row["reason"], "yellow"),
            f"  {row['severity'] or 'the rule is gone'}{detail}",
        )
    )
    if row["description"]:
        console.print(Padding(line(row["description"]), (0, 0, 0, 4)))
    for name, threshold in row["thresholds"].items():
        words = line(f"{name} = {threshold['value']}: ", (threshold["reason"], QUIET))
        console.print(Padding(words, (0, 0, 0, 4)))
    if row["query"]:
        console.print(Padding(line(("query:", QUIET)), (0, 0, 0, 4)))
        for words in row["query"].splitlines():
            console.print(line(f"      {words}"), soft_wrap=True)  # whole, to be pasted
    if (row["table_name"] or "").startswith("staging."):
        note = f"{row['table_name']} has rows during a run only; what it would say now stands below"
        console.print(Padding(line((note, QUIET)), (0, 0, 0, 4)))


def _show_capture(console: Console, known: Dossier) -> None:
    capture = known.capture
    if capture is None:
        return
    _title(console, "capture")

    def facts() -> Iterator[tuple[str, Text]]:
        yield "fetch", line(f"{capture['fetch_id']}  source {capture['source_id']}")
        yield "address", line(capture["final_uri"] or capture["target_uri"] or "none")
        how = [capture["kind"], capture["http_status"], capture["location"]]
        parts = " ".join(str(part) for part in how if part)
        yield "captured", line(f"{_time(capture['fetched_at'])}  {parts}")
        size = capture["payload_bytes"]
        kind = " ".join(v for v in (capture["content_type"], capture["charset"]) if v)
        if capture["payload_sha256"]:
            yield (
                "payload",
                line(
                    f"sha256 {capture['payload_sha256']}"
                    + (f"  {size:,} bytes" if size is not None else "")
                    + (f"  {kind}" if kind else "")
                ),
            )
        yield "archive", line(capture["archive_path"] or "nothing is archived")
        if known.statement:
            said = known.statement
            told = [said["title"], said["date_published_text"], ", ".join(said["authors"] or ())]
            yield "feed says", line("; ".join(words for words in told if words))
        for reading in known.readings:
            why = f": {reading['outcome_reason']}" if reading["outcome_reason"] else ""
            by = f"by {reading['extractor_version']}, {_time(reading['extracted_at'])}"
            yield "outcome", line(f"{reading['outcome']}{why} ", (by, QUIET))

    _facts(console, facts())


def _show_reading(console: Console, known: Dossier) -> None:
    reading = known.reading
    if reading is None:
        return
    _title(console, "read again now, nothing is written")
    if reading["outcome"] != "article":
        console.print(line(f"  {reading['outcome']}: {reading['why']}"))
        return
    headline = (reading["headline"] or "without a headline", HEADING)
    console.print(line("  ", headline))
    console.print(
        line(
            f"  {reading['word_count']:,} words, {reading['kept']} blocks kept,"
            f" {reading['cut']} cut"
        )
    )
    for text in reading["first_lines"]:
        more = " …" if len(text) > LONGEST_LINE else ""
        console.print(Padding(line((text[:LONGEST_LINE] + more, QUIET)), (0, 0, 0, 4)))
    if reading["held_by"]:
        console.print(line("  it would be held by ", (", ".join(reading["held_by"]), "yellow")))
    else:
        console.print(line(("  no rule would hold it", "green")))


def _show_decisions(console: Console, known: Dossier) -> None:
    if not known.decisions:
        return
    _title(console, "decisions")
    for row in known.decisions:
        what = f" from {row['reason']}" if row["reason"] else ""
        note = f": {row['note']}" if row["note"] else ""
        back = f", taken back {_time(row['withdrawn_at'])}" if row["withdrawn_at"] else ""
        console.print(
            line(
                f"  {_time(row['decided_at'])}  {row['decided_by']}  ",
                (f"{row['decision']}{what}", "cyan"),
                note,
                (back, QUIET),
            )
        )


def _show_next(console: Console, known: Dossier) -> None:
    """The commands that decide about it."""
    row = known.rows[0]
    if row["left_at"] is not None:
        return
    _title(console, "to decide")
    key = row["row_key"][:KEY_DIGITS]
    commands = [(f"release {key} --note TEXT", "the rule is wrong about it")]
    if row["effect"] == "held":
        commands.append((f"drop {key} --note TEXT", "it is no article"))
    if row["fetch_id"]:
        commands.append((f"retry {key}", "read it again"))
    for command, meaning in commands:
        console.print(line(f"  newsledger quarantine {command}", (f"  # {meaning}", QUIET)))
