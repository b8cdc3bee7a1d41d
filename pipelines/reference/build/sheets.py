"""Tables as the build reads and writes them: plain rows, one order, one way to quote."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.reference.tables import SEPARATOR, slug, values

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the header and its rows, a cell a column."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file as it stands. Raises OSError where it cannot be read."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        found = tuple(reader)
    return Sheet(tuple(reader.fieldnames or ()), found)


def text_of(sheet: Sheet) -> str:
    """The file's text: rows sorted by key, name and country, lines end in a line feed."""
    written = io.StringIO()
    writer = csv.DictWriter(written, sheet.columns, lineterminator="\n")
    writer.writeheader()
    rows: list[Row] = sorted(sheet.rows, key=_order)
    writer.writerows(rows)
    return written.getvalue()


def changes(path: Path, sheet: Sheet) -> Iterator[str]:
    """What differs from the file on disk, a line a row; order alone is one line."""
    before = set(_lines(read_sheet(path).rows)) if path.exists() else set()
    after = set(_lines(sheet.rows))
    yield f"{path.name}: {len(after - before)} rows new or changed, {len(before - after)} gone"
    yield from (f"  - {line}" for line in sorted(before - after))
    yield from (f"  + {line}" for line in sorted(after - before))


def join(forms: Iterable[str]) -> str:
    """A cell of several values."""
    return SEPARATOR.join(dict.fromkeys(forms))


def all_forms(row: Row) -> tuple[str, ...]:
    """Name, strong and weak forms of a row."""
    return tuple(
        dict.fromkeys((row["name"], *values(row["aliases"]), *values(row["weak_aliases"])))
    )


def strong_forms(row: Row) -> tuple[str, ...]:
    """Name and strong forms of a row."""
    weak = values(row["weak_aliases"])
    return tuple(f for f in dict.fromkeys((row["name"], *values(row["aliases"]))) if f not in weak)


def with_provenance(row: Row, key: str) -> Row:
    """The row with ``key`` among its sources."""
    return {**row, "provenance": join((*values(row["provenance"]), key))}


def _order(row: Row) -> tuple[str, ...]:
    name = row.get("name") or row.get("person") or row.get("form") or ""
    return (
        row.get("key", "") if "context" not in row else "",
        slug(name) or name,
        *row.values(),
    )


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        shown = "; ".join(f"{column} {cell}" for column, cell in row.items() if cell)
        yield shown if len(shown) < 200 else shown[:200] + f"… ({hash_of(shown)})"


def hash_of(text: str) -> str:
    """A short mark by which two long lines can be told apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
