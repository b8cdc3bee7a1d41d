"""Shows a comparison: counts, fates, fields, and the largest changes word by word."""

from __future__ import annotations

import sys
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table

from pipelines.printable import printable, printable_json
from pipelines.terminal import HEADING, QUIET, line, page_out

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console
    from rich.text import Text

    from pipelines.comparison import Change, Comparison
    from pipelines.differences import Passage
    from pipelines.settings import Settings

LONGEST = 160
"""Characters shown of a value."""
MARKS = {"removed": ("[-", "-]", "red strike"), "added": ("{+", "+}", "green")}
"""As ``git diff --word-diff`` writes them, so that they read without colours."""


def print_comparison(
    settings: Settings,
    first: date | None,
    last: date | None,
    *,
    source: str | None = None,
    sample: int | None = None,
    limit: int = 10,
    as_json: bool = False,
    color: bool = True,
) -> None:
    """Compares on standard output; progress goes to standard error. Writes nothing else.

    Raises SnapshotError, and NothingToCompareError as ``days_to_compare`` does.
    """
    import duckdb

    from pipelines.archive import Archive
    from pipelines.compare import compare, days_to_compare, stored
    from pipelines.compute import Compute
    from pipelines.console import bars
    from pipelines.warehouse.query import SnapshotError

    # What the processes of a run would be, so that a page has the same time here as there.
    compute = Compute(settings.workers, settings.page_seconds)
    with stored(settings.published_file) as connection:
        try:
            days = days_to_compare(connection, first, last, source)
            with bars():
                found = compare(
                    connection,
                    Archive(settings.archive_root),
                    compute,
                    days,
                    source=source,
                    sample=sample,
                    limit=limit,
                )
        except duckdb.Error as error:
            raise SnapshotError(
                f"{settings.published_file}: {printable(str(error).splitlines()[0])}"
            ) from error
        finally:
            compute.close()
    if as_json:
        sys.stdout.write(comparison_json(found) + "\n")
        return
    with page_out(color=color) as console:
        show(found, console)


def comparison_json(found: Comparison) -> str:
    """Counts, fields and the largest changes."""
    record = asdict(found)
    record["fates"] = [
        {"before": before, "after": after, "captures": number}
        for (before, after), number in _fates(found)
    ]
    scores = record.pop("similarities")
    record["similarity"] = {"mean": _mean(scores), "least": min(scores)} if scores else None
    for counted in record["fields"].values():
        counted["examples"] = [{"place": place, **change} for place, change in counted["examples"]]
    for change in record["changes"]:
        if change["body"]:
            change["body"]["passages"] = [
                [{"kind": kind, "text": text} for kind, text in passage]
                for passage in change["body"]["passages"]
            ]
    return printable_json(record)


def show(found: Comparison, console: Console) -> None:
    """The whole comparison."""
    days = " to ".join(str(day) for day in (found.days[0], found.days[-1])[: len(found.days)])
    stored = ", ".join(f"{by} ({number:,})" for by, number in sorted(found.stored_by.items()))
    console.print(line(("compare", HEADING), f"  {days}, nothing is written"))
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style=QUIET, no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("this code", line(found.extractor_version))
    facts.add_row("stored by", line(stored or "no article"))
    facts.add_row("captures", line(f"{found.captures:,} read again: {found.unchanged:,} unchanged"))
    more = f", {found.hash_only:,} of them in nothing but the hash" if found.hash_only else ""
    facts.add_row("versions", line(f"{found.versions:,} would be written{more}"))
    console.print(facts)
    if found.versions and set(found.stored_by) == {found.extractor_version}:
        console.print(
            line(
                ("the extractor's version is the stored one: ", "yellow"),
                "raise it, or runs will not read these captures again",
            )
        )
    _show_fates(found, console)
    _show_fields(found, console)
    _show_bodies(found, console)
    if found.changes:
        largest = (
            f", the {len(found.changes)} largest" if len(found.changes) < found.changed else ""
        )
        console.print()
        console.print(line((f"changes: {found.changed:,}{largest}", HEADING)))
    for change in found.changes:
        _show_change(change, console)


def _fates(found: Comparison) -> list[tuple[tuple[str, str], int]]:
    """The commonest first."""
    return sorted(found.fates.items(), key=lambda item: (-item[1], item[0]))


def _show_fates(found: Comparison, console: Console) -> None:
    if not found.fates:
        return
    console.print()
    console.print(line(("another fate", HEADING)))
    for (before, after), number in _fates(found):
        console.print(
            line(f"{number:>7,}  ", (before, "red"), " -> ", (after, "green")), soft_wrap=True
        )


def _show_fields(found: Comparison, console: Console) -> None:
    if not found.fields:
        return
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2), header_style=HEADING, expand=True)
    table.add_column("field", no_wrap=True)
    for name in ("now has one", "has none now", "changed"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("for example", overflow="ellipsis", no_wrap=True, ratio=1)
    for name, counted in sorted(found.fields.items()):
        _, example = counted.examples[0]
        table.add_row(
            line(name),
            f"{counted.added:,}",
            f"{counted.removed:,}",
            f"{counted.changed:,}",
            _values(example.before, example.after),
        )
    console.print(table)


def _show_bodies(found: Comparison, console: Console) -> None:
    if not found.bodies:
        return
    console.print()
    scores = found.similarities
    console.print(
        line(
            ("bodies", HEADING),
            f"  {found.bodies:,} differ: ",
            (f"+{found.words_added:,}", "green"),
            (f" -{found.words_removed:,}", "red"),
            " words, ",
            (f"+{found.characters_added:,}", "green"),
            (f" -{found.characters_removed:,}", "red"),
            f" characters; similarity {_mean(scores):.3f} on average, {min(scores):.3f} at least",
        )
    )


def _mean(scores: list[float]) -> float:
    return sum(sorted(scores)) / len(scores)


def _show_change(change: Change, console: Console) -> None:
    console.print()
    console.print(line((change.headline or "without a headline", "bold underline")))
    named = "  ".join(part for part in (change.place, change.article_id) if part)
    console.print(Padding(line((named, QUIET)), (0, 0, 0, 2)))
    if change.before != change.after:
        fates = line((change.before, "red"), " -> ", (change.after, "green"))
        console.print(Padding(fates, (0, 0, 0, 2)))
    elif not change.writes_version:
        words = "writes no version: these values are not compared between versions"
        console.print(Padding(line((words, QUIET)), (0, 0, 0, 2)))
    for value in change.values:
        text = line((f"{value.field}: ", "cyan"))
        console.print(Padding(text.append(_values(value.before, value.after)), (0, 0, 0, 2)))
    if change.body is not None:
        body = change.body
        console.print(
            Padding(
                line(
                    ("article_body: ", "cyan"),
                    (f"+{body.words_added:,}", "green"),
                    (f" -{body.words_removed:,}", "red"),
                    f" words, similarity {body.similarity:.3f}",
                ),
                (0, 0, 0, 2),
            )
        )
        for passage in body.passages:
            console.print(Padding(_passage(passage), (0, 0, 0, 4)))


def _values(before: str | None, after: str | None) -> Text:
    return line(
        (_cut(before), "red" if before is not None else QUIET),
        " -> ",
        (_cut(after), "green" if after is not None else QUIET),
    )


def _cut(value: str | None) -> str:
    if value is None:
        return "NULL"
    return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"


def _passage(passage: Passage) -> Text:
    """A changed passage on one line, what was removed and added in marks."""
    text = line(("… ", QUIET))
    for kind, group in groupby(passage, lambda piece: piece[0]):
        words = " ".join(piece for _, piece in group)
        before, after, style = MARKS.get(kind, ("", "", QUIET))
        text.append(line((f"{before}{words}{after}", style), " "))
    return text.append("…", QUIET)
