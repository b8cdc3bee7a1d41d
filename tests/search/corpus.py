"""A warehouse with articles alone, written for these tests, and the index over them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.search import ANY, Hit, Wanted, find, look_up
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema
from pipelines.warehouse.search import refresh_search
from pipelines.warehouse.stemming import extension_file, load_stemmer

FILLER = "The board met for an hour on other business and left by the side door."


def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    apply_schema(connection)
    return connection


def put(
    connection: duckdb.DuckDBPyConnection,
    article: str,
    headline: str | None,
    body: str,
    language: str | None = "en",
    *,
    day: int = 2,
    version: int = 1,
    **changes: Any,
) -> None:
    """A version of an article, which is current; the one before it is so no more."""
    at = datetime(2026, 3, day, 12, tzinfo=UTC)
    connection.execute(
        "UPDATE article_versions SET valid_to = ? WHERE article_id = ? AND valid_to IS NULL",
        [at, article],
    )
    row = {
        "article_id": article,
        "version": version,
        "source_id": "harbour",
        "headline": headline,
        "in_language": language,
        "article_body": body,
        "content_sha256": f"{article} {version}",
        "fetch_id": f"{article} {version}",
        "fetch_date": at.date(),
        "extractor": "html",
        "extractor_version": "1",
        "change_kind": "first" if version == 1 else "publisher_edit",
        "valid_from": at,
    } | changes
    insert_rows(connection, "article_versions", [row])


def search(
    connection: duckdb.DuckDBPyConnection,
    *words: str,
    wanted: Wanted = ANY,
    limit: int = 10,
    extension: Path | str | None = "installed",
) -> list[Hit]:
    load_stemmer(connection, extension=extension_file() if extension else None)
    return find(connection, look_up(connection, words, wanted), wanted, limit)


def found(connection: duckdb.DuckDBPyConnection, *words: str, **options: Any) -> list[str]:
    """Ids of the articles, the best first."""
    return [hit.article_id for hit in search(connection, *words, **options)]


def index(connection: duckdb.DuckDBPyConnection) -> Counter[tuple[Any, ...]]:
    """What the index holds, but for its numbers."""
    rows = connection.execute(
        """
        SELECT d.article_id, d.version, d.day, d.stemmer, d.headline_words, d.body_words,
            t.term, p.body_count, p.headline_count, p.positions::VARCHAR
        FROM search.postings AS p
        JOIN search.documents AS d USING (doc_no)
        JOIN (SELECT DISTINCT term, term_id FROM search.words) AS t USING (term_id)
        """
    ).fetchall()
    return Counter(rows)


def counted(text: str) -> Counter[str]:
    """Words of an English text without accents, counted the plain way."""
    return Counter(re.findall(r"[^\W_]+", text.lower()))


def refreshed(connection: duckdb.DuckDBPyConnection, **options: Any) -> int:
    return refresh_search(connection, **options)
