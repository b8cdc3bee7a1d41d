"""``newsledger search``, as typed, on a snapshot with a few articles."""

from __future__ import annotations

import csv
import io
import json

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.warehouse import stemming
from pipelines.warehouse.schema import apply_schema
from tests.search.corpus import put, refreshed


def published(home, *, extension: object = "installed", indexed: bool = True):
    file = home / "published" / "news.duckdb"
    file.parent.mkdir(parents=True)
    with duckdb.connect(str(file)) as connection:
        apply_schema(connection)
        put(connection, "a", "Pilots\x1b[2J wait", "Two elections\nwere held on the quay.")
        put(connection, "b", "Une élection", "Le port vote.", "fr", day=3)
        connection.execute(
            "INSERT INTO entities BY NAME SELECT 'Q1' AS entity_id, 'place' AS entity_type,"
            " 'Oslo' AS name, 'catalogue' AS origin, now() AS first_seen, now() AS last_seen"
        )
        if indexed:
            refreshed(connection, extension=extension)
        else:
            connection.execute("DROP SCHEMA search CASCADE")
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return published(tmp_path_factory.mktemp("home"))


@pytest.fixture
def ask(monkeypatch):
    def run(home, *arguments):
        monkeypatch.setenv("NEWSLEDGER_HOME", str(home))
        return CliRunner().invoke(app, ["search", *arguments])

    return run


def test_it_shows_rank_day_outlet_headline_passage_and_id(home, ask):
    result = ask(home, "election", "--language", "en")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == " 1. Pilots<U+001B>[2J wait"
    assert "2026-03-02  harbour  en  score" in result.stdout
    assert "Two elections were held on the quay." in result.stdout
    assert "Une" not in result.stdout


def test_json_and_csv_have_the_same_rows(home, ask):
    rows = json.loads(ask(home, "election", "--format", "json").stdout)
    assert [(row["rank"], row["article_id"], row["day"]) for row in rows] == [
        (1, "b", "2026-03-03"),
        (2, "a", "2026-03-02"),
    ]
    table = list(csv.DictReader(io.StringIO(ask(home, "election", "--format", "csv").stdout)))
    assert [list(row) for row in table] == [list(rows[0])] * 2
    assert [row["article_id"] for row in table] == ["b", "a"]


def test_a_word_after_a_minus_must_not_be_there(home, ask):
    rows = json.loads(ask(home, "election", "-quay", "--format", "json").stdout)
    assert [row["article_id"] for row in rows] == ["b"]


def test_nothing_found_is_said_with_stems_near_words_and_limits(home, ask):
    result = ask(home, "electoins", "port", "--in", "body", "--to", "2026-03-09")
    assert result.exit_code == 0
    assert "no article has all of this" in result.stdout
    assert "electoins" in result.stdout
    assert "near it: elections" in result.stdout
    assert "within: to 2026-03-09, in the body" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--in", "margin", "a"], "use headline or body"),
        (["--format", "xml", "a"], "use table, json, csv"),
        (["a", "--langauge=en"], "no option --langauge=en"),
        (["-strike"], "at least one word"),
        (["port", "--entity", "Nowhere"], "nothing goes by that name"),
        (["port", "--limit", "0"], "limit"),
    ],
)
def test_wrong_use_is_told(home, ask, arguments, message):
    result = ask(home, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_entity_is_found_by_name_or_id(home, ask):
    for entity in ("Oslo", "Q1"):
        result = ask(home, "port", "--entity", entity)
        assert result.exit_code == 0, result.output
        assert "within: entity Q1" in result.stdout


def test_the_printed_query_runs_in_newsledger_sql(home, ask, monkeypatch):
    printed = ask(home, "election", "-quay", "--sql").stdout
    monkeypatch.setenv("NEWSLEDGER_HOME", str(home))
    result = CliRunner().invoke(app, ["sql", printed, "--format", "json"])
    assert result.exit_code == 0, result.output
    assert [row["article_id"] for row in json.loads(result.stdout)] == ["b"]


def test_an_old_snapshot_without_an_index_is_told(tmp_path, ask):
    result = ask(published(tmp_path, indexed=False), "port")
    assert result.exit_code == 1
    assert "no index of words" in result.stderr
    assert "newsledger run" in result.stderr


def test_without_the_extension_it_says_what_is_lacking(home, tmp_path, ask, monkeypatch):
    monkeypatch.setattr(stemming, "extension_file", lambda: None)
    result = ask(home, "elections")
    assert "Two elections" in result.stdout
    assert "fts extension cannot be loaded here" in result.stderr
    whole = published(tmp_path, extension=None)
    result = ask(whole, "elections")
    assert "'elections' does not find 'election'" in result.stderr
    assert "Une" not in result.stdout


def test_stems_are_known_to_newsledger_sql(home, monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(home))
    query = "SELECT DISTINCT word FROM search.words WHERE term = stem('electing', stemmer)"
    result = CliRunner().invoke(app, ["sql", f"{query} ORDER BY word", "--format", "csv"])
    assert result.stdout.split() == ["word", "elections"]
