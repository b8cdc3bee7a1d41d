"""``newsledger questions`` as a person uses it, in process."""

from __future__ import annotations

import csv
import io
import json

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.questions import load_questions


@pytest.fixture
def ask(sample_home, monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(sample_home))

    def command(*arguments: str):
        return CliRunner().invoke(app, ["questions", *arguments])

    return command


def test_the_list_has_every_question_under_its_topic(ask):
    result = ask()
    assert result.exit_code == 0
    for question in load_questions():
        assert f"  {question.name} " in result.stdout
        assert question.words in result.stdout
    assert result.stdout.startswith("Who and what is in the news\n")


def test_the_list_as_json_says_all_of_each(ask):
    records = json.loads(ask("--format", "json").stdout)
    assert [r["name"] for r in records] == [q.name for q in load_questions()]
    first = next(r for r in records if r["name"] == "who_is_in_the_news")
    assert first["question"] == "Who is in the news?"
    assert {
        "name": "top",
        "type": "integer",
        "default": "20",
        "description": "rows shown.",
    } in first["parameters"]


def test_an_answer_in_each_format(ask, tmp_path):
    asked = ("who_is_in_the_news", "--set", "type=person", "--set", "top=2")
    assert "Olena Kovtunenko" in ask(*asked).stdout
    rows = list(csv.DictReader(io.StringIO(ask(*asked, "--format", "csv").stdout)))
    assert [row["name"] for row in rows] == ["Olena Kovtunenko", "Donald Tusk"]
    records = json.loads(ask(*asked, "--format", "json").stdout)
    assert [record["publishers"] for record in records] == [2, 2]
    target = tmp_path / "answer.parquet"
    assert ask(*asked, "--output", str(target)).exit_code == 0
    assert duckdb.sql(f"SELECT name FROM '{target}'").fetchall() == [
        ("Olena Kovtunenko",),
        ("Donald Tusk",),
    ]
    assert ask(*asked, "--output", str(tmp_path / "answer.json")).exit_code == 0
    assert json.loads((tmp_path / "answer.json").read_text()) == records


def test_the_printed_statement_gives_the_same_answer_elsewhere(ask, sample_home):
    asked = ("who_is_in_the_news", "--set", "country=lt")
    printed = ask(*asked, "--sql").stdout
    assert printed.startswith("-- Who is in the news?\n")
    assert "'lt'::VARCHAR AS country" in printed
    with duckdb.connect(
        str(sample_home / "published" / "news.duckdb"), read_only=True
    ) as connection:
        names = [row[0] for row in connection.execute(printed).fetchall()]
    assert names == [r["name"] for r in json.loads(ask(*asked, "--format", "json").stdout)]
    assert "Lithuania" in names


def test_describe_says_words_parameters_and_sql(ask):
    text = ask("who_is_in_the_news", "--describe").stdout
    assert text.startswith("Who is in the news?\nCounted per publisher")
    assert "  top      integer: rows shown. Default: 20." in text
    assert "WITH given AS (" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["who_is_in_the_newz"], "did you mean who_is_in_the_news"),
        (["who_is_in_the_news", "--set", "typ=x"], "did you mean type?"),
        (["who_is_in_the_news", "--set", "since=soon"], "since=soon: give a day"),
        (["who_is_in_the_news", "--set", "since"], "write name=value"),
        (["who_is_in_the_news", "--set", "type=persn"], "give person, organization, place, nat"),
        (["who_is_in_the_news", "--set", f"top={2**70}"], "give a whole number from 0"),
        (["who_is_in_the_news", "--format", "xml"], "--format 'xml': use table"),
        (["who_is_in_the_news", "--format", "parquet"], "needs --output"),
        (["who_is_in_the_news", "--sql", "--describe"], "not both"),
        (["--set", "top=3"], "need the NAME of a question"),
        (["--format", "csv"], "the list is printed as table or json"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_right(ask, arguments, message):
    result = ask(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_wrong_parameter_lists_the_right_ones(ask):
    result = ask("who_is_in_the_news", "--set", "typ=x")
    assert "newsledger:   country  text: ISO 3166-1 code" in result.stderr


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_an_empty_answer_says_what_was_asked(ask, form):
    result = ask("who_is_in_the_news", "--set", "since=2030-01-01", "--format", form)
    assert result.exit_code == 0
    assert result.stderr == (
        "newsledger: nothing found with since=2030-01-01, until=2026-03-03, top=20\n"
    )
    assert "nothing found" not in result.stdout
    assert ask("who_is_in_the_news", "--format", form).stderr == ""


def test_without_a_snapshot_it_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["questions", "who_is_in_the_news"])
    assert result.exit_code == 2
    assert "newsledger run makes the first snapshot" in result.stderr
