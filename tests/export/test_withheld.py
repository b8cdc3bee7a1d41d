"""What is withheld is in no byte of an export: a word is planted in it, and looked for everywhere."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.export.choice import UNEXPORTED, column_kinds
from tests.export.conftest import changed, exported, in_snapshot, lines, table

WORD = "zqplanted"
RESERVED = "(SELECT article_id FROM articles WHERE source_id SIMILAR TO 'harbour.*|prairie.*')"
# Of no other article: a copy elsewhere of one of them is withheld with it.
OTHERS = (
    "(SELECT DISTINCT entity_id FROM article_entities WHERE entity_id IS NOT NULL AND article_id"
    f" NOT IN (SELECT article_id FROM articles WHERE article_id IN {RESERVED}"
    " OR source_id = 'newsbasket.example'))"
)
ALONE = (
    f"(SELECT entity_id FROM article_entities WHERE article_id IN {RESERVED} AND entity_id IN"
    f" (SELECT entity_id FROM entities WHERE origin = 'local') AND entity_id NOT IN {OTHERS})"
)
SHOWN = {"url", "canonical_url", "target_uri", "location", "in_language"}
"""Addresses, which withheld.csv tells; and days are counted by language."""
BEYOND_ARTICLES = (
    f"UPDATE entities SET name = '{WORD} name' WHERE entity_id IN {ALONE}",
    f"UPDATE entity_names SET name = '{WORD} name' WHERE entity_id IN {ALONE}",
    "INSERT INTO entity_names (entity_id, name, name_kind, origin) SELECT DISTINCT entity_id,"
    f" '{WORD}', 'alias', 'mention' FROM mentions WHERE article_id IN {RESERVED}"
    f" AND entity_id IN {OTHERS}",
    f"UPDATE ops.quality_results SET samples = '{WORD}'",
    f"UPDATE ops.name_blocks SET name_key = '{WORD}', block = '{WORD}'",
    "INSERT INTO raw.feed_entries (entry_id, feed_id, source_id, page_id, url, title, summary,"
    " authors, content_sha256, fetch_id, first_seen_at) VALUES ('e', 'f', 's', 'p', 'u',"
    f" '{WORD}', '{WORD}', ['{WORD}'], 'c', 'x', now())",
    "INSERT INTO ops.learnt_lines (source_id, side, line_key, line_text, documents,"
    f" extractor_version, learnt_at) VALUES ('s', 'below', 'k', '{WORD}', 9, '3', now())",
)
# A page that became no article: its rows bear the capture's id alone.
HELD = "(SELECT fetch_id FROM ops.quarantine WHERE resolved_at IS NULL)"
QUARANTINED = (
    f"UPDATE raw.fetches SET tdm_reservation = '1; from=tdmrep' WHERE fetch_id IN {HELD}",
    f"UPDATE ops.extractions SET article_id = NULL WHERE fetch_id IN {HELD}",
    f"UPDATE ops.quarantine SET article_id = NULL, detail = '{WORD}', reason = '{WORD}'",
)


def columns_of_articles(samples) -> list[tuple[str, str, str]]:
    """(table, column, type) of what tables with an article_id hold in words."""
    return in_snapshot(
        samples,
        "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns()"
        " SEMI JOIN duckdb_tables() USING (schema_name, table_name)"
        " WHERE data_type IN ('VARCHAR', 'VARCHAR[]') AND column_name NOT LIKE '%\\_id' ESCAPE '\\'"
        " AND (schema_name, table_name) IN (SELECT (schema_name, table_name)"
        " FROM duckdb_columns() WHERE column_name = 'article_id') ORDER BY ALL",
    )


def planted(columns: list[tuple[str, str, str]], where: str) -> Iterator[str]:
    for name, column, data_type in columns:
        value = f"'{WORD}'" if data_type == "VARCHAR" else f"['{WORD}']"
        yield f"UPDATE {name} SET {column} = {value} WHERE {where}"


def exportable(settings) -> tuple[str, ...]:
    found = in_snapshot(
        settings,
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal UNION"
        " SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL",
    )
    return tuple(
        f"{schema}.{name}"
        for schema, name in found
        if schema not in UNEXPORTED and not schema.startswith("fts_")
    )


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file of an export as text, Parquet as its rows."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            rows = duckdb.sql(f"SELECT r::VARCHAR FROM read_parquet('{path}') AS r").fetchall()
            yield path.relative_to(folder).as_posix(), "\n".join(row for (row,) in rows)
        elif path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reserved(samples, tmp_path_factory):
    """A site reserves all rights in articles and in a page that was quarantined."""
    columns = [c for c in columns_of_articles(samples) if c[1] not in SHOWN]
    return changed(
        samples,
        tmp_path_factory.mktemp("reserved") / "home",
        "UPDATE raw.fetches SET tdm_reservation = '1; from=header' WHERE fetch_id IN"
        f" (SELECT fetch_id FROM article_versions WHERE article_id IN {RESERVED})",
        *BEYOND_ARTICLES,
        *planted(columns, f"article_id IN {RESERVED}"),
        *QUARANTINED,
    )


@pytest.mark.parametrize("table_format", ["parquet", "csv", "jsonl"])
def test_nothing_of_a_reserved_article_is_in_any_table_or_document(
    reserved, tmp_path, table_format
):
    shown = in_snapshot(reserved, f"SELECT 1 FROM mart.dim_entity WHERE name LIKE '{WORD}%'")
    assert shown, "the word is in the snapshot's marts"
    exported(
        reserved,
        tmp_path / "out",
        tables=exportable(reserved) if table_format == "jsonl" else (),
        table_format=table_format,
        kinds=("tables", "ftm", "ninjs"),
        texts="all",
    )
    assert [name for name, text in contents(tmp_path / "out") if WORD in text] == []


def test_texts_that_are_withheld_are_in_no_table_or_document(samples, stated, tmp_path):
    kinds = column_kinds()
    texts = [c for c in columns_of_articles(samples) if kinds.get(c[1], "text") == "text"]
    assert {column for _, column, _ in texts} >= {"article_body", "block_text", "prefix"}
    settings = stated("UPDATE raw.fetches SET robots_meta = 'noarchive'", *planted(texts, "true"))
    exported(
        settings,
        tmp_path / "out",
        tables=exportable(settings),
        table_format="jsonl",
        kinds=("tables", "ftm", "ninjs"),
        texts="all",
    )
    assert [name for name, text in contents(tmp_path / "out") if WORD in text] == []


def test_what_only_withheld_articles_name_is_counted(reserved, tmp_path):
    manifest = exported(reserved, tmp_path / "out", tables=("entities", "entity_names"))
    ((alone,),) = in_snapshot(
        reserved,
        f"SELECT count(*) FROM entities WHERE entity_id IN {ALONE} AND name LIKE '{WORD}%'",
    )
    said = table(manifest, "entities")
    assert said["rows_withheld"] == {"only_withheld": alone}
    assert said["rows_exported"] == said["rows_in_snapshot"] - alone
    assert manifest["reasons"]["only_withheld"]


def test_rows_of_a_quarantined_page_follow_what_its_site_said(reserved, tmp_path):
    manifest = exported(reserved, tmp_path / "out", tables=("ops.quarantine", "mart.quarantine"))
    for name in ("ops.quarantine", "mart.quarantine"):
        said = table(manifest, name)
        assert said["rows_withheld"] == {"tdm_reservation": said["rows_in_snapshot"]}


def test_texts_of_rows_without_an_article_are_counted_as_left_out(reserved, tmp_path):
    names = ("raw.feed_entries", "mart.data_dictionary")
    manifest = exported(reserved, tmp_path / "out", tables=names, table_format="jsonl")
    assert table(manifest, "raw.feed_entries")["rows_without_text"] == {"no_article": 1}
    assert table(manifest, "mart.data_dictionary")["rows_without_text"] == {}
    rows = lines(tmp_path / "out" / "mart.data_dictionary.jsonl")
    assert all(row["description"] for row in rows), "our own words are handed on"


def test_the_statement_that_decides_is_told_whole(reserved, tmp_path):
    exported(reserved, tmp_path / "out", tables=("sources",))
    with (tmp_path / "out" / "withheld.csv").open(newline="", encoding="utf-8") as file:
        told = {(row["reason"], row["stated"], row["said_by"]) for row in csv.DictReader(file)}
    assert told == {("tdm_reservation", "1; from=header", "")}, "terms of others are not its author"
