"""``newsledger describe`` as a user meets it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.publish import publish_file


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with a small snapshot that lacks one table; read it only."""
    settings = Settings(home=tmp_path_factory.mktemp("describe") / "home")
    with writing(settings) as connection:
        connection.execute(
            "INSERT INTO sources (source_id, name, origin)"
            " VALUES ('a', 'Harbour Herald', 'observed'), ('b', chr(27) || '[2Jgone', 'observed');"
            "DROP TABLE entity_offices; CHECKPOINT"
        )
    publish_file(settings)
    return settings.home


@pytest.fixture
def describe(home, monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(home))
    return lambda *arguments: CliRunner().invoke(app, ["describe", *arguments])


def test_without_a_name_the_tables_are_listed_by_schema(describe):
    result = describe()
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].startswith("main: For analysts")
    assert any(line.startswith("  mentions") and "One row a span" in line for line in lines)
    assert "raw: What was captured" in result.output


def test_a_table_shows_its_columns_and_checks(describe):
    out = describe("mentions").output
    assert "The text of the span, as printed." in out
    assert "VARCHAR NOT NULL" in out
    assert "spans_exact" in out


def test_a_column_shows_meaning_origin_checks_and_safe_examples(describe):
    out = describe("sources.name").output
    assert "Harbour Herald" in out
    assert "\x1b" not in out
    out = describe("mentions.exact").output
    assert "article_versions.article_body" in out
    assert "spans_exact (critical)" in out
    assert "none in this snapshot" in out


def test_a_bare_column_shows_every_table_that_has_it(describe):
    out = describe("in_language").output
    assert "article_versions.in_language" in out
    assert "sources.in_language" in out


def test_json(describe):
    tables = json.loads(describe("--format", "json").output)
    assert {"table": "mentions", "schema": "main", "kind": "table"}.items() <= next(
        t for t in tables if t["table"] == "mentions"
    ).items()
    table = json.loads(describe("sources", "--format", "json").output)
    assert table["columns"][0]["column"] == "source_id"
    column = json.loads(describe("sources.name", "--format", "json").output)
    assert set(column["examples"]) == {"Harbour Herald", "<U+001B>[2Jgone"}
    assert column["nullable"] is False


def test_markdown_of_one_table(describe):
    out = describe("sources", "--format", "markdown").output
    assert "# sources" in out
    assert "| `source_id` | `VARCHAR NOT NULL` |" in out


def test_without_a_snapshot_the_declaration_is_described_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["describe", "entity_offices.office"])
    assert result.exit_code == 0
    assert "described as this version declares it" in result.stderr
    assert "meaning" in result.stdout
    assert "examples" not in result.stdout


def test_what_only_this_version_has_is_told_from_a_slip(describe):
    result = describe("entity_offices")
    assert result.exit_code == 2
    assert "has no entity_offices; this version does: newsledger run" in result.output
    result = describe("mentoins")
    assert result.exit_code == 2
    assert "did you mean mentions" in result.output


def test_wrong_use_ends_with_2(describe):
    assert describe("mentions", "--format", "xml").exit_code == 2
