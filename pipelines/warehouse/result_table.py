"""A result as text for people: aligned columns, or a Markdown table; safe to show, whole or cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.printable import printable

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

KEPT_ROWS = 100_000
"""Rows of a table that are held to align them; a longer result is for a file."""
ON_SCREEN = 60
"""Rows shown on a terminal without a pager."""
GAP, LEAST, SHORT = "  ", 8, 12
"""Between columns; the least that a column is clipped to; those up to SHORT are not clipped."""

_NUMBER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL.*|DOUBLE|FLOAT|BIGNUM")
_MARKDOWN = re.compile(r"([\\`*|\[\]])")


@dataclass(frozen=True, slots=True)
class Rows:
    """A result as text: ``is_number`` a column, ``cells`` a row; ``is_cut``: there were more."""

    columns: list[str]
    is_number: list[bool]
    cells: list[list[str]]
    is_cut: bool

    def total(self) -> str:
        """How many rows the result has, as far as it was read."""
        number = len(self.cells)
        return f"more than {number:,} rows" if self.is_cut else _counted(number)


def _counted(number: int) -> str:
    return f"{number:,} row" if number == 1 else f"{number:,} rows"


def read_rows(relation: DuckDBPyRelation, at_most: int = KEPT_ROWS) -> Rows:
    """Runs a query and reads at most so many rows. Raises duckdb.Error where it fails."""
    # One more row tells whether there are more.
    rows: list[tuple[Any, ...]] = []
    while len(rows) <= at_most and (
        batch := relation.fetchmany(min(10_000, at_most + 1 - len(rows)))
    ):
        rows += batch
    return Rows(
        columns=[printable(name) for name in relation.columns],
        is_number=[bool(_NUMBER.fullmatch(str(kind))) for kind in relation.types],
        cells=[[cell(value) for value in row] for row in rows[:at_most]],
        is_cut=len(rows) > at_most,
    )


def cell(value: Any) -> str:
    """A value on one line; NULL is visible, texts are made safe."""
    match value:
        case None:
            return "NULL"
        case str():
            return printable(value)
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return str(value)
        case datetime():
            return value.isoformat(" ").replace("+00:00", "+00")
        case list() | tuple() | dict():
            from pipelines.warehouse.query import plain

            return printable(json.dumps(plain(value), ensure_ascii=False))
        case bytes():
            return value.hex()
        case _:
            return printable(str(value))


def as_table(
    rows: Rows, *, width: int | None = None, clip: int | None = None, at_most: int | None = None
) -> Iterator[str]:
    """Lines of a table and, below it, how many rows there are and what is not shown.

    ``width`` is what the lines must fit in (None: as wide as they are); long values are clipped
    for it, numbers never, and columns that still do not fit are named below. ``clip`` bounds every
    value. ``at_most`` is the number of rows shown.
    """
    cells = rows.cells if at_most is None else rows.cells[:at_most]
    widths = [
        max(cells_wide(name), max((cells_wide(row[i]) for row in cells), default=0))
        for i, name in enumerate(rows.columns)
    ]
    if clip is not None:
        widths = [min(natural, clip) for natural in widths]
    if width is not None:
        widths = _fit(widths, rows.is_number, width)
    shown = len(widths)
    yield _line(rows.columns[:shown], widths, rows.is_number)
    yield GAP.join("─" * w for w in widths)
    for row in cells:
        yield _line(row[:shown], widths, rows.is_number)
    yield from _notes(rows, len(cells), rows.columns[shown:])


def _notes(rows: Rows, shown: int, hidden: list[str]) -> Iterator[str]:
    if shown < len(rows.cells) or rows.is_cut:
        yield f"{shown:,} of {rows.total()}; --output FILE writes all, LIMIT asks for fewer"
    else:
        yield f"({_counted(shown)})"
    if hidden:
        yield f"not shown, the terminal is too narrow: {', '.join(hidden)}"


def _fit(widths: list[int], is_number: list[bool], width: int) -> list[int]:
    """The widths that fit: the widest texts give way first, then columns from the right."""
    shown = len(widths)
    while shown > 1:
        least = [
            w if number or w <= SHORT else LEAST
            for w, number in zip(widths[:shown], is_number, strict=False)
        ]
        if sum(least) + len(GAP) * (shown - 1) <= width:
            break
        shown -= 1
    room = width - len(GAP) * (shown - 1)
    fitted = widths[:shown]
    while sum(fitted) > room:
        loose = [
            i
            for i in range(shown)
            if not is_number[i] and fitted[i] > (LEAST if widths[i] > SHORT else fitted[i])
        ]
        if not loose:
            break
        widest = max(fitted[i] for i in loose)
        at_top = [i for i in loose if fitted[i] == widest]
        next_wide = max([fitted[i] for i in loose if fitted[i] < widest], default=LEAST)
        excess = sum(fitted) - room
        step = max(1, min(widest - max(next_wide, LEAST), excess // len(at_top)))
        for i in at_top[: excess if step == 1 else None]:
            fitted[i] -= step
    if shown == 1 and fitted[0] > width and not is_number[0]:
        fitted[0] = max(width, 1)
    return fitted


def _line(values: list[str], widths: list[int], is_number: list[bool]) -> str:
    parts = []
    for value, wide, number in zip(values, widths, is_number, strict=False):
        text = clipped(value, wide)
        pad = " " * (wide - cells_wide(text))
        parts.append(pad + text if number else text + pad)
    return GAP.join(parts).rstrip()


def cells_wide(text: str) -> int:
    """Columns of a terminal that a text takes: two for wide characters, none for joined marks."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def clipped(text: str, wide: int) -> str:
    """The beginning of a text that fits, with … where something was left out."""
    if cells_wide(text) <= wide:
        return text
    kept = text[:wide]
    while kept and cells_wide(kept) > wide - 1:
        kept = kept[:-1]
    return f"{kept}…"


def as_markdown(rows: Rows) -> Iterator[str]:
    """Lines of a Markdown table (GFM); what Markdown or HTML would act on is escaped."""
    yield f"| {' | '.join(markdown_text(name) for name in rows.columns)} |"
    yield f"| {' | '.join('---:' if number else '---' for number in rows.is_number)} |"
    for row in rows.cells:
        yield f"| {' | '.join(markdown_text(value) for value in row)} |"
    if rows.is_cut:
        yield f"\nOnly the first {_counted(len(rows.cells))}."


def markdown_text(text: str) -> str:
    """A text that Markdown shows as it is."""
    escaped = _MARKDOWN.sub(r"\\\1", text)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
