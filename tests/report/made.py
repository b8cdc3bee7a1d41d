"""A small warehouse whose names are written to break a page, in memory; and pages as parsed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html

from pipelines.ids import text_sha256
from pipelines.warehouse.connection import connect
from pipelines.warehouse.marts import build_marts
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from lxml.html import HtmlElement

LAST = date(2026, 3, 31)
DAYS = 36
SCRIPT = "<script>alert(1)</script>"
IMAGE = "\"><img src='http://leak.example/x' onerror=alert(1)>"
RIGHT_TO_LEFT = "أولينا كوفتونينكو"
TURNED = "Backwards \u202e person"
LONG = "The Intermunicipal Federation of Harbour Pilots’ and Lock Keepers’ Mutual Insurance Funds"
BROKEN = "</style></svg></title>&amp;"
UNBROKEN = "Donaudampfschifffahrt" * 6
NAMES = (SCRIPT, IMAGE, RIGHT_TO_LEFT, TURNED, LONG, BROKEN, UNBROKEN)
RISING = "Riser"


@contextmanager
def warehouse(articles: list[dict[str, Any]]) -> Iterator[DuckDBPyConnection]:
    """A warehouse in memory with these articles (see ``article``), and its marts."""
    connection = connect(Path(":memory:"))
    try:
        apply_schema(connection)
        outlets = sorted({row["outlet"] for row in articles})
        insert_rows(connection, "sources", map(_source, outlets))
        named = sorted({name for row in articles for name in row["names"]})
        insert_rows(connection, "entities", map(_entity, named))
        versions = [version for row in articles for version in _versions(row)]
        insert_rows(connection, "article_versions", versions)
        insert_rows(connection, "raw.fetches", map(_fetch, versions))
        mentions = [mention for row in articles for mention in _mentions(row)]
        insert_rows(connection, "mentions", mentions)
        build_marts(connection)
        yield connection
    finally:
        connection.close()


def article(key: str, day: date, outlet: str, *names: str, edited: bool = False) -> dict[str, Any]:
    """An article whose one sentence names ``names``; ``edited``: its headline was changed later."""
    return {"key": key, "day": day, "outlet": outlet, "names": names, "edited": edited}


def hostile() -> list[dict[str, Any]]:
    """Five weeks of articles by outlets, about people, and with headlines that are markup."""
    rows = []
    for number in range(DAYS):
        day = LAST - timedelta(number)
        rows.append(article(f"a{number}", day, SCRIPT, *NAMES, edited=number == 1))
        rows.append(article(f"b{number}", day, IMAGE, *NAMES[:3]))
        if number < 3:
            rows.append(article(f"c{number}", day, RIGHT_TO_LEFT, RISING))
            rows.append(article(f"d{number}", day, UNBROKEN, RISING))
    return rows


def _source(name: str) -> dict[str, Any]:
    return {"source_id": text_sha256(name)[:8], "name": name, "origin": "configured"}


def _entity(name: str) -> dict[str, Any]:
    kind = "organization" if name in (LONG, IMAGE) else "person"
    return {"entity_id": f"local:{text_sha256(name)[:8]}", "entity_type": kind, "name": name} | {
        "origin": "local"
    }


def _versions(row: dict[str, Any]) -> list[dict[str, Any]]:
    captured = datetime.combine(row["day"], datetime.min.time(), UTC) + timedelta(hours=8)
    first = {
        "article_id": row["key"],
        "version": 1,
        "source_id": text_sha256(row["outlet"])[:8],
        "headline": f"Before {SCRIPT}",
        "article_body": "A body.",
        "content_sha256": row["key"],
        "word_count": 2,
        "in_language": "en",
        "fetch_id": f"f-{row['key']}",
        "fetch_date": row["day"],
        "extractor": "html",
        "extractor_version": "1",
        "change_kind": "first",
        "valid_from": captured,
    }
    if not row["edited"]:
        return [first]
    later = captured + timedelta(hours=5)
    second = first | {"version": 2, "headline": f"After {SCRIPT}", "fetch_id": f"g-{row['key']}"}
    return [
        first | {"valid_to": later},
        second | {"change_kind": "publisher_edit", "valid_from": later},
    ]


def _fetch(version: dict[str, Any]) -> dict[str, Any]:
    return {
        "fetch_id": version["fetch_id"],
        "source_id": version["source_id"],
        "kind": "file",
        "fetched_at": version["valid_from"],
        "fetch_date": version["fetch_date"],
        "outcome": "captured",
    }


def _mentions(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "mention_id": f"{row['key']}-{place}",
            "article_id": row["key"],
            "version": 2 if row["edited"] else 1,
            "entity_id": _entity(name)["entity_id"],
            "mention_type": "person",
            "exact": name,
            "start_char": place,
            "end_char": place + 1,
            "sentence_no": 0,
            "in_headline": False,
            "recognizer": "test",
            "recognizer_version": "1",
        }
        for place, name in enumerate(row["names"])
    ]


def parsed(page: str) -> HtmlElement:
    """The page as a browser would read it."""
    return lxml.html.document_fromstring(page, parser=lxml.html.HTMLParser(encoding="utf-8"))


def words(node: HtmlElement) -> str:
    """The text of an element, one space between words."""
    return " ".join(node.text_content().split())
