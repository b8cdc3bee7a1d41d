"""A small corpus over two days, and what its warehouse looks like, for tests of the promises."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import duckdb

from tests.factories import page, write_pages, write_sources

PLACES = ("Bergen", "Hamburg", "Gdansk", "Riga")

CLOCKS = {
    "raw.fetches": ["run_id"],
    "sources": [],
    "article_versions": ["run_id"],
    "article_blocks": [],
    "article_entities": ["run_id"],
    "entities": [],
    "entity_names": [],
    "entity_offices": [],
    "mentions": ["run_id"],
    "ops.extractions": ["run_id", "extracted_at"],
    "ops.quarantine": ["run_id", "created_at", "resolved_at"],
    "ops.recognitions": ["run_id", "recognised_at"],
}
"""Every table of content, with the columns that tell which run wrote a row, and when."""


def build(folder: Path, pages: int = 14) -> Path:
    """Writes pages, an edit, a page without text, a damaged file. Returns their ``sources.yaml``."""
    listed = [
        (
            f"p{n}.html",
            page(
                f"Port number {n} shares its pilots",
                PLACES[n % 4],
                f"Ingrid Solheim{'sen' * (n % 2)}",
            ),
            f"https://host{n % 3}.example/news/{n}",
            f"2026-03-0{1 + n % 2}T{n % 24:02}:00:00Z",
        )
        for n in range(pages)
    ]
    edited = page("Port number 0 keeps its pilots", PLACES[0])
    listed.append(("p0-later.html", edited, "https://host0.example/news/0", "2026-03-02T23:00:00Z"))
    menu = b"<html><body><nav>Home Sea Sky</nav></body></html>"
    listed.append(("menu.html", menu, "https://host1.example/menu", "2026-03-01T05:00:00Z"))
    cut = gzip.compress(page())[:-20]
    listed.append(("cut.html.gz", cut, "https://host1.example/cut", "2026-03-01T06:00:00Z"))
    write_pages(folder / "pages", listed)
    return write_sources(
        folder / "sources.yaml", {"id": "harbour", "kind": "folder", "location": "pages"}
    )


def content(published: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of content, without the traces of who wrote it when."""
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        tables = {}
        for table, clocks in CLOCKS.items():
            left_out = f"EXCLUDE ({', '.join(clocks)})" if clocks else ""
            tables[table] = connection.execute(
                f"SELECT * {left_out} FROM {table} ORDER BY ALL"
            ).fetchall()
        return tables
