"""What is handed on and what is not: terms, reservations, preferences."""

from __future__ import annotations

import csv

import duckdb
import pytest

from pipelines.export.choice import chosen_tables, column_kinds, default_tables
from pipelines.export.rights import judge_articles, source_terms
from tests.export.conftest import exported, in_snapshot, lines, table

# One in two versions, of which the site reserves the first; one among others of its day; and a copy
# of the first elsewhere, whose canonical address is the first's.
OWNERS = "SELECT article_id FROM articles WHERE source_id SIMILAR TO 'harbour.*|prairie.*'"
ARTICLES = f"{OWNERS} OR source_id = 'newsbasket.example'"
RESERVED = "UPDATE raw.fetches SET tdm_reservation = '1; from=header' WHERE fetch_id IN" + (
    f" (SELECT fetch_id FROM article_versions WHERE version = 1 AND article_id IN ({OWNERS}))"
)
NO_TERMS = "UPDATE sources SET usage_terms = NULL"


def terms_read(stated, *terms: str) -> list[str]:
    """How each of these terms of use is read."""
    values = ", ".join(f"('s{n:03}', 's', 'configured', $${t}$$)" for n, t in enumerate(terms))
    settings = stated(
        "DELETE FROM sources",
        f"INSERT INTO sources (source_id, name, origin, usage_terms) VALUES {values}",
    )
    with duckdb.connect(str(settings.published_file), read_only=True) as connection:
        judge_articles(connection)
        return [source["read_as"] for source in source_terms(connection)]


OPEN = (
    "CC0, written for us",
    "CC BY 4.0",
    "cc-by-sa-3.0",
    "CC BY-NC: name them",
    "https://creativecommons.org/licenses/by/4.0/",
    "Open Government Licence v3.0",
    "in the public domain",
    "permission granted by mail, 3 May",
    "with permission of the editor",
    "Creative Commons Zero",
    "CC BY 4.0 unless stated otherwise",
)
FORBIDDEN = (
    "All rights reserved.",
    "Tous droits réservés",
    "No redistribution without a contract",
    "Texts must not be republished",
    "internal use only",
    "Text and data mining is reserved",
    "CC BY for pictures; texts: all rights reserved",
    "not for redistribution",
    "Reuse only with permission",
    "May be redistributed only with written consent of the publisher",
    "may be shared within the company",
    "unless permission has been granted, none of it may be copied",
    "No permission granted.",
    "Permission was refused",
    "Don't redistribute",
    "shall not be reproduced",
    "reproduction is strictly prohibited",
    "tdm-reservation: 1",
    "Reservados todos los derechos",
)
WITHOUT_TEXTS = (
    "CC BY-ND 4.0",
    "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "Creative Commons Attribution-NonCommercial-NoDerivs 3.0",
    "This is not public domain",
    "no Creative Commons licence",
)
UNKNOWN = ("ask the desk", "see their page on terms", "license pending", "accbyte")


def test_terms_are_read_by_the_list_of_patterns(stated):
    given = [*OPEN, *FORBIDDEN, *WITHOUT_TEXTS, *UNKNOWN]
    read = terms_read(stated, *given)
    expected = ["open"] * len(OPEN) + ["forbids"] * len(FORBIDDEN)
    expected += ["no texts"] * len(WITHOUT_TEXTS) + ["unknown"] * len(UNKNOWN)
    assert dict(zip(given, read, strict=True)) == dict(zip(given, expected, strict=True))


def test_what_a_site_reserves_is_withheld_in_every_table_and_listed(stated, tmp_path):
    settings = stated(RESERVED)
    articles = {article for (article,) in in_snapshot(settings, ARTICLES)}
    assert len(articles) == 3
    manifest = exported(
        settings, tmp_path / "out", table_format="jsonl", kinds=("tables", "ftm", "ninjs")
    )
    for name in ("articles", "article_versions", "mentions", "article_entities"):
        said = table(manifest, name)
        ((count,),) = in_snapshot(
            settings, f"SELECT count(*) FROM {name} WHERE article_id IN ({ARTICLES})"
        )
        assert count
        assert said["rows_withheld"] == {"tdm_reservation": count}
        assert said["rows_exported"] == said["rows_in_snapshot"] - count
    listed = lines(tmp_path / "out" / "withheld.jsonl")
    assert {row["article_id"] for row in listed} == articles
    assert {(r["withheld"], r["reason"], r["stated"]) for r in listed} == {
        ("rows", "tdm_reservation", "1; from=header")
    }
    bodies = in_snapshot(
        settings, f"SELECT article_body FROM articles WHERE article_id IN ({ARTICLES})"
    )
    for path in (tmp_path / "out").rglob("*.json*"):
        text = path.read_text()
        if path.name != "withheld.jsonl":
            assert not [article for article in articles if article in text], path
        assert not [body for (body,) in bodies if body[20:60] in text], path


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("usage_preference = 'content-signal: search=yes, ai-train=no'", "usage_preference"),
        ("usage_preference = 'robots.txt content-usage: train-ai=n'", "usage_preference"),
        ("robots_meta = 'header: index, noarchive'", "robots_meta"),
        ("robots_meta = 'header newsledger: NONE'", "robots_meta"),
    ],
)
def test_a_declined_use_keeps_facts_and_withholds_texts_even_where_all_are_asked_for(
    stated, tmp_path, statement, reason
):
    settings = stated(f"UPDATE raw.fetches SET {statement}")
    manifest = exported(settings, tmp_path / "out", table_format="jsonl", texts="all")
    said = table(manifest, "articles")
    assert said["rows_exported"] == said["rows_in_snapshot"]
    assert said["rows_without_text"] == {reason: said["rows_in_snapshot"]}
    for row in lines(tmp_path / "out" / "articles.jsonl"):
        assert (row["article_body"], row["description"]) == (None, None)
        assert row["body_sha256"]


@pytest.mark.parametrize(
    "statement",
    [
        "tdm_reservation = '0; from=meta'",
        "robots_meta = 'meta robots: index, max-image-preview: none, max-snippet:-1'",
        "usage_preference = 'content-signal: search=yes'",
    ],
)
def test_what_is_not_reserved_is_exported(stated, tmp_path, statement):
    settings = stated(f"UPDATE raw.fetches SET {statement}")
    assert exported(settings, tmp_path / "out")["withheld_articles"] == {"rows": {}, "texts": {}}


def test_unknown_terms_give_facts_alone_unless_texts_are_asked_for(stated, tmp_path):
    settings = stated(NO_TERMS)
    careful = exported(
        settings, tmp_path / "careful", table_format="jsonl", kinds=("tables", "ftm")
    )
    whole = exported(settings, tmp_path / "whole", table_format="jsonl", texts="all")
    assert careful["withheld_articles"] == {"rows": {}, "texts": {"terms_unknown": 16}}
    assert whole["withheld_articles"] == {"rows": {}, "texts": {}}
    assert careful["sources_with_unknown_terms"] == 17
    for row in lines(tmp_path / "careful" / "mentions.jsonl"):
        assert row["exact"]
        assert (row["prefix"], row["suffix"]) == (None, None)
    assert all(row["article_body"] for row in lines(tmp_path / "whole" / "articles.jsonl"))
    for row in lines(tmp_path / "careful" / "ftm" / "articles.ftm.json"):
        assert not {"bodyText", "summary"} & row["properties"].keys()
    reasons = {row["reason"] for row in lines(tmp_path / "careful" / "withheld.jsonl")}
    assert reasons == {"terms_unknown"}


def test_terms_of_whoever_wrote_carries_or_collected_it_count_and_the_strictest_prevail(
    stated, tmp_path
):
    settings = stated(
        "UPDATE sources SET usage_terms = 'All rights reserved' WHERE source_id = 'amber-line'"
    )
    manifest = exported(settings, tmp_path / "out")
    assert manifest["withheld_articles"]["rows"] == {"usage_terms": 1}
    with (tmp_path / "out" / "withheld.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["said_by"], row["stated"]) == ("amber-line", "All rights reserved")


def test_no_texts_can_be_asked_for(samples, tmp_path):
    manifest = exported(samples, tmp_path / "out", table_format="jsonl", texts="none")
    assert table(manifest, "articles")["rows_without_text"] == {"not_asked_for": 16}
    assert all(row["article_body"] is None for row in lines(tmp_path / "out" / "articles.jsonl"))


def test_views_that_quote_are_withheld_too(stated, tmp_path):
    settings = stated(
        RESERVED,
        "CREATE VIEW mart.openings AS SELECT article_id, left(article_body, 40) AS opening,"
        " word_count FROM articles",
        NO_TERMS,
    )
    names = ("mart.openings", "mart.fct_mention", "article_blocks", "article_evidence")
    manifest = exported(settings, tmp_path / "out", table_format="jsonl", tables=names)
    for name in names:
        assert "tdm_reservation" in table(manifest, name)["rows_withheld"]
        text = (tmp_path / "out" / f"{name}.jsonl").read_text()
        assert not [article for (article,) in in_snapshot(settings, ARTICLES) if article in text]
    for row in lines(tmp_path / "out" / "mart.openings.jsonl"):
        assert row["opening"] is None, "a column that nobody judged counts as text"
        assert row["word_count"]
    assert all(r["block_text"] is None for r in lines(tmp_path / "out" / "article_blocks.jsonl"))
    assert all(r["value_text"] is None for r in lines(tmp_path / "out" / "article_evidence.jsonl"))


def test_every_column_of_the_default_tables_is_judged(samples):
    with duckdb.connect(str(samples.published_file), read_only=True) as connection:
        tables = chosen_tables(connection, default_tables())
    assert len(tables) == len(default_tables())
    for found in tables:
        for column in found.columns:
            if found.by_article and "VARCHAR" in column.data_type:
                assert column.name in column_kinds(), f"{found.name}.{column.name}"
            if not found.name.startswith("mart."):
                assert column.description, f"{found.name}.{column.name}"
