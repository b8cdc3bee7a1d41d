"""Reads the word lists in ``data/``: UTF-8 CSV with a header, a provenance on each row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


def word_rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of ``data/<table>.csv``, cells stripped.

    Raises ValueError with file and line where a row does not fit the header.
    """
    path = DATA / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, restkey="", strict=True)
        for row in reader:
            if "" in row or None in row.values():
                raise ValueError(
                    f"{path.name}:{reader.line_num}: the row's cells do not fit the header"
                )
            yield {column: cell.strip() for column, cell in row.items()}
