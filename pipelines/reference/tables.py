"""Reads the tables in ``data/``: UTF-8 CSV with a header, ``|`` between the values of one cell."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"
SEPARATOR = "|"
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_APOSTROPHE = re.compile("['’ʼ]")
# Letters that NFKD leaves whole, as ISO 9 and the national passport rules write them.
_LATIN = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)


class TableError(ValueError):
    """A row of a reference table that cannot be used; the message names file and line."""


def rows(table: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield ``(place, row)`` for each row of ``data/<table>.csv``; place is ``file:line``.

    Cells are stripped. Raises TableError where a row has too many or too few cells.
    """
    path = DATA / f"{table}.csv"
    file = path.name
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        header = next(reader)
        for cells in reader:
            if not cells:
                continue
            place = f"{file}:{reader.line_num}"
            if len(cells) != len(header):
                raise TableError(
                    f"{place}: the row's cells do not fit the header; quote its commas"
                )
            yield place, dict(zip(header, map(str.strip, cells), strict=True))


def values(cell: str) -> tuple[str, ...]:
    """Split a cell at ``|``: values in order, without blanks and repeats."""
    if not cell:
        return ()
    return tuple(dict.fromkeys(part for raw in cell.split(SEPARATOR) if (part := raw.strip())))


def slug(name: str) -> str:
    """Lower-case ASCII words joined by hyphens: ``Al Jazeera`` gives ``al-jazeera``."""
    folded = name.casefold()
    if folded.isascii():
        return _NOT_SLUG.sub("-", folded).strip("-")
    plain = unicodedata.normalize("NFKD", folded.translate(_LATIN))
    return _NOT_SLUG.sub("-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


def forms(row: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Strong and weak forms of a row; its name is strong unless ``weak_aliases`` lists it.

    A form with an apostrophe is given with the straight and with the curly one.
    """
    weak = tuple(_spelled(values(row["weak_aliases"])))
    strong = _spelled((row["name"], *values(row["aliases"])))
    held = frozenset(weak)
    return tuple(form for form in strong if form not in held), weak


def _spelled(names: tuple[str, ...]) -> dict[str, None]:
    found: dict[str, None] = {}
    for name in names:
        found[name] = None
        if _APOSTROPHE.search(name):
            found[_APOSTROPHE.sub("'", name)] = None
            found[_APOSTROPHE.sub("’", name)] = None
    return found
