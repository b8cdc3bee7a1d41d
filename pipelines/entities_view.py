"""Shows entities, judgements and pairs to review, in a terminal or a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table

from pipelines.judgements import NAME, NOT_THE_SAME, REFERENT, SAME
from pipelines.printable import printable
from pipelines.terminal import HEADING, QUIET, line, page_out

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from pipelines.entities import Description, Record
    from pipelines.review import Pair, Side

INDENT = (0, 0, 0, 2)
LOCAL_ID_WIDTH, NAME_WIDTH = 22, 18
"""Columns of ``local:`` with its digits, and of a name at least."""


def print_found(rows: Sequence[Record], needle: str, *, color: bool = True) -> None:
    """Entities, a line each: id, name, type, country, how often and when."""
    with page_out(color=color) as console:
        if not rows:
            console.print(line(f"nothing in the snapshot goes by {needle!r}"))
            return
        table = Table.grid(padding=(0, 2))
        heads = ("id", "name", "type", "in", "mentions", "articles", "last seen")
        # A local id stays on its line, to be copied; a catalogue's may be long.
        widths = {"id": LOCAL_ID_WIDTH, "name": NAME_WIDTH}
        for head in heads:
            table.add_column(
                justify="right" if head in ("mentions", "articles") else "left",
                no_wrap=head not in widths,
                min_width=widths.get(head),
                overflow="fold",
            )
        table.add_row(*(line((head, QUIET)) for head in heads))
        for row in rows:
            table.add_row(
                line((row["entity_id"], "cyan")),
                line((row["name"], HEADING), (_alias(row), QUIET)),
                line(row["entity_type"]),
                line(row["country"] or ""),
                line(f"{row['mentions']:,}"),
                line(f"{row['articles']:,}"),
                line(f"{row['last_seen']:%Y-%m-%d}" if row["last_seen"] else ""),
            )
        console.print(table)


def _alias(row: Record) -> str:
    plain = row["matched"] in (row["name"], row["entity_id"])
    return "" if plain else f" ({row['matched']})"


def _seen(row: Record) -> str:
    first, last = row["first_seen"], row["last_seen"]
    if first is None or last is None:
        return ""
    days = [f"{time:%Y-%m-%d}" for time in (first, last)]
    return " to ".join(dict.fromkeys(days))


def print_description(description: Description, *, color: bool = True) -> None:
    """One entity with everything that is known of it."""
    entity = description.entity
    with page_out(color=color) as console:
        console.print(line((entity["name"], "bold underline")))
        country = f", {entity['country']}" if entity["country"] else ""
        console.print(
            line(
                (entity["entity_id"], "cyan"),
                f"  {entity['entity_type']}{country}, {entity['origin']};"
                f" {_times(entity['mentions'], 'mention')} in"
                f" {_times(entity['articles'], 'article')}, {_seen(entity)}",
            )
        )
        _table(console, "names", (_name(row) for row in description.names))
        _table(console, "offices", (_office(row) for row in description.offices))
        _table(console, "printed as", (_role(row) for row in description.roles))
        _table(console, "articles", (_article(row) for row in description.articles))
        _table(console, "named beside", (_beside(row) for row in description.beside))
        _table(console, "meant because", (_reason(row) for row in description.referents))
        _table(console, "left open, may be it", (_open(row) for row in description.open_names))
        _table(console, "ids of before", (_redirect(row) for row in description.redirects))
        if description.judgements:
            console.print()
            console.print(line(("judgements", HEADING)))
        for row in description.judgements:
            _print_judgement(console, row)


def _table(console: Console, title: str, rows: Iterable[Sequence[Text]]) -> None:
    listed = list(rows)
    if not listed:
        return
    console.print()
    console.print(line((title, HEADING)))
    table = Table.grid(padding=(0, 2))
    for _ in listed[0]:
        table.add_column(overflow="fold")
    for row in listed:
        table.add_row(*row)
    console.print(Padding(table, INDENT))


def _times(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _name(row: Record) -> Sequence[Text]:
    read = _times(row["mentions"], "mention") if row["mentions"] else "not seen"
    kind = row["name_kind"].replace("_", " ") + (f", {row['lang']}" if row["lang"] else "")
    return line(row["name"]), line((kind, QUIET)), line((row["origin"], QUIET)), line(read)


def _office(row: Record) -> Sequence[Text]:
    span = f"{row['since'] or '?'} to {row['until'] or 'now or not known'}"
    return line(row["title"] or row["office"]), line(row["country"] or ""), line((span, QUIET))


def _role(row: Record) -> Sequence[Text]:
    over = "former or not yet" if row["role_is_former"] else ""
    return line(row["role_text"]), line(_times(row["mentions"], "mention")), line((over, QUIET))


def _article(row: Record) -> Sequence[Text]:
    return (
        line((f"{row['date_published']:%Y-%m-%d}", QUIET)),
        line((row["article_id"][:12], "cyan")),
        line(row["headline"] or "without a headline"),
        line((", ".join(row["names"]), QUIET)),
    )


def _beside(row: Record) -> Sequence[Text]:
    count = _times(row["articles"], "article")
    return line(row["name"]), line(row["entity_type"]), line(count), line((row["entity_id"], QUIET))


def _reason(row: Record) -> Sequence[Text]:
    words = {
        "name": "its name alone means it",
        "context": "the article speaks for it",
        "article": "a fuller name in the article means it",
        "rule": "a rule of naming",
        "local": "articles compared",
    }
    why = words.get(row["reason"]) or str(row["reason"])
    return line(why), line(_times(row["articles"], "article")), line((row["base_id"] or "", QUIET))


def _open(row: Record) -> Sequence[Text]:
    where = f"{_times(row['articles'], 'article')}, e.g. {row['example_article_id'][:12]}"
    return line(row["name"]), line((row["reason"].replace("_", " "), QUIET)), line(where)


def _redirect(row: Record) -> Sequence[Text]:
    why = "somebody merged it" if row["reason"] == "judgement" else "articles showed it"
    return line((row["old_id"], "cyan")), line(why), line((_minute(row["since"]), QUIET))


def _minute(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC" if time else ""


def print_judgements(rows: Sequence[Record], *, color: bool = True) -> None:
    """The ledger's rows: what became of each, when, by whom and why; below, what it says."""
    with page_out(color=color) as console:
        if not rows:
            console.print(line("nobody has judged anything yet"))
        for row in rows:
            _print_judgement(console, row)


def _print_judgement(console: Console, row: Record) -> None:
    style = QUIET if row["state"].startswith("undone") else ""
    by = " ".join(part for part in (row["user"], row["reason"] and f"“{row['reason']}”") if part)
    console.print(
        line(
            (row["judgement_id"], "cyan"),
            (f"  {_minute(row['created_at'])}  ", QUIET),
            (row["state"], "" if row["state"] == "in force" else "yellow"),
            (f"  {by}", QUIET),
        )
    )
    console.print(Padding(line((said(row), style)), (0, 0, 0, 4)))


def said(row: Record) -> str:
    """What one row of a judgement says, as a sentence."""
    left = _with_name(row["left_id"], row["left_name"])
    if row["right_id"].startswith(REFERENT):
        return f"article {(row['article_id'] or row['right_id'])[:12]} is taken out of {left}"
    if row["right_id"].startswith(NAME):
        return f"the name {row['right_id'].partition('|')[2]!r} is taken out of {left}"
    verb = {SAME: "is one with", NOT_THE_SAME: "is not"}.get(row["judgement"], "may be")
    return f"{left} {verb} {_with_name(row['right_id'], row['right_name'])}"


def _with_name(any_id: str, name: str | None) -> str:
    return f"{printable(name)} ({any_id})" if name else any_id


def print_pairs(pairs: Sequence[Pair], *, color: bool = True) -> None:
    """Pairs to look at, each with what speaks for it, a sentence of each side, the commands."""
    with page_out(color=color) as console:
        if not pairs:
            console.print(line("no pair waits for a look"))
            return
        for number, pair in enumerate(pairs, 1):
            if number > 1:
                console.print()
            console.print(line((f"{number}. ", QUIET), ("; ".join(pair.reasons), HEADING)))
            for side in (pair.left, pair.right):
                _print_side(console, side)
            for command in (pair.merge_command, pair.apart_command, pair.unsure_command):
                console.print(Padding(line((command, "green")), (0, 0, 0, 5)))


def _print_side(console: Console, side: Side) -> None:
    console.print(
        Padding(
            line(
                (side.name, HEADING),
                f"  {side.entity_type}{', ' + side.country if side.country else ''}  ",
                (side.entity_id, "cyan"),
                (f"  {_times(side.mentions, 'mention')}", QUIET),
            ),
            (0, 0, 0, 3),
        )
    )
    if side.example:
        console.print(Padding(line((side.example, QUIET)), (0, 0, 0, 5)))
