"""``newsledger checks``: rules in words, one whole with its results, and the page made of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines import checks as module
from pipelines.checks import chosen_checks, latest_results
from pipelines.checks_page import COMMAND, page
from pipelines.cli import app
from pipelines.project import ROOT
from pipelines.quality.suites import load_suites
from pipelines.settings import Settings
from tests.cli.test_imports import HEAVY, modules_after
from tests.factories import newsledger

QUERY = ["SELECT article_id FROM {batch}", "WHERE word_count > {most_words}"]
SUITE: dict[str, Any] = {
    "asset": "articles",
    "table": "article_versions",
    "key": "article_id",
    "batch": "SELECT * FROM article_versions WHERE fetch_date = {partition}",
    "owner": "team:extraction",
    "expectations": [
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "extractor", "value_set": ["html", "text"]},
            "severity": "critical",
            "description": "A <reader> is one of two.",
            "meta": {"check": "reader_known", "stops": "publish"},
        },
        {
            "type": "unexpected_rows_expectation",
            "kwargs": {"unexpected_rows_query": QUERY},
            "severity": "warning",
            "description": "A body has at most {most_words} words.",
            "meta": {
                "check": "body_of_a_size",
                "owner": "team:desk",
                "thresholds": {
                    "most_words": {"value": 30000, "reason": "a book | is no article"}
                },
            },
        },
        {
            "type": "expect_table_columns_to_match_set",
            "kwargs": {"column_set": "{declared_columns}"},
            "severity": "critical",
            "description": "The columns are there.",
            "meta": {"check": "columns_there"},
        },
    ],
}  # fmt: skip
FETCHES = SUITE | {
    "asset": "fetches",
    "table": "raw.fetches",
    "key": "fetch_id",
    "batch": "SELECT * FROM raw.fetches",
    "expectations": [
        {
            "type": "unexpected_rows_expectation",
            "kwargs": {"unexpected_rows_query": "SELECT fetch_id FROM {batch} WHERE payload_bytes < 0"},
            "severity": "critical",
            "description": "A size is a size.",
            "meta": {"check": "columns_there", "on_failure": "quarantine"},
        }
    ],
}  # fmt: skip


@pytest.fixture
def two_suites(tmp_path, monkeypatch):
    """``expectations/`` with two suites of our own."""
    (tmp_path / "articles.json").write_text(json.dumps(SUITE))
    (tmp_path / "fetches.json").write_text(json.dumps(FETCHES))
    suites = load_suites(tmp_path)
    monkeypatch.setattr(module, "load_suites", lambda: suites)
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["checks", *arguments])


def test_the_list_has_every_rule_with_what_is_out_of_the_common(two_suites):
    result = run()
    assert result.exit_code == 0, result.output
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert lines[:2] == ["articles", "article_versions articles.json"]
    assert "warning body_of_a_size A body has at most 30000 words." in lines
    assert "critical reader_known A <reader> is one of two. (stops the publish alone)" in lines
    assert "critical columns_there A size is a size. (its rows are held back)" in lines
    assert lines[-1].startswith(
        "4 checks: 3 critical, 1 warning. One whole: newsledger checks NAME"
    )


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--asset", "fetches"], ["columns_there"]),
        (["--severity", "warning"], ["body_of_a_size"]),
        (["columns_there"], ["columns_there", "columns_there"]),
        (["articles.columns_there"], ["columns_there"]),
    ],
)
def test_what_is_listed_can_be_chosen(two_suites, options, names):
    result = run(*options, "--format", "json")
    assert result.exit_code == 0, result.output
    assert [check["check"] for check in json.loads(result.output)] == names


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["body_of_size"], "no check 'body_of_size': did you mean body_of_a_size?"),
        (["zzz"], "newsledger checks lists them"),
        (["reader_known", "--severity", "info"], "is of another asset or severity"),
        (["--asset", "article"], "--asset 'article': use one of articles, fetches"),
        (["--severity", "bad"], "--severity 'bad': use one of critical, warning, info"),
        (["--format", "html"], "--format 'html': use text, json, markdown"),
    ],
)
def test_wrong_use_says_what_there_is(two_suites, options, said):
    result = run(*options)
    assert result.exit_code == 2
    assert said in result.stderr


def test_one_check_whole(two_suites):
    result = run("body_of_a_size")
    assert result.exit_code == 0, result.output
    for said in (
        "articles.body_of_a_size",
        "stops nothing; lists its rows in the quarantine",
        "each day's rows of article_versions; failing keys are values of article_id",
        "owner        team:desk",
        "expectations/articles.json",
        "most_words = 30000  a book | is no article",
        "  SELECT article_id FROM {batch}\n  WHERE word_count > 30000",
        "SELECT * FROM article_versions WHERE fetch_date = {partition}",
        "nothing is published that has it",
    ):
        assert said in result.output


def test_json_has_everything_that_is_declared(two_suites):
    (check,) = json.loads(run("body_of_a_size", "--format", "json").output)
    assert check.pop("arguments") == {}
    assert check == {
        "asset": "articles",
        "check": "body_of_a_size",
        "table": "article_versions",
        "description": "A body has at most 30000 words.",
        "severity": "warning",
        "stops": "nothing",
        "on_failure": "report",
        "owner": "team:desk",
        "is_daily": True,
        "key": "article_id",
        "names_rows": True,
        "declared_in": "expectations/articles.json",
        "expectation": "unexpected_rows_expectation",
        "thresholds": [{"name": "most_words", "value": 30000, "reason": "a book | is no article"}],
        "batch": SUITE["batch"],
        "query": "SELECT article_id FROM {batch}\nWHERE word_count > 30000",
        "results": None,
    }


def test_the_latest_results_come_from_the_snapshot(sample_home):
    result = newsledger(sample_home, "checks", "mentions.spans_exact")
    assert result.returncode == 0, result.stderr
    assert "latest results" in result.stdout
    assert "2026-03-02  passed  checked 20" in result.stdout
    (check,) = json.loads(
        newsledger(sample_home, "checks", "spans_exact", "--format", "json").stdout
    )
    assert {row["status"] for row in check["results"]} == {"passed"}
    assert len({row["partition_key"] for row in check["results"]}) == len(check["results"]) > 1


def test_failures_are_told_with_keys_and_query(two_suites, monkeypatch):
    failed = {
        "partition_key": None,
        "status": "failed",
        "unexpected_count": 4,
        "element_count": 10,
        "observed": "4",
        "failing_keys": ["a", "b", "c", "d"],
        "failing_query": "SELECT 1\nFROM articles",
        "error": None,
        "override_note": "known since Monday",
        "checked_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    }
    broken = failed | {"status": "broken", "error": "no such column\n  at 7", "failing_query": None}
    monkeypatch.setattr(module, "latest_results", lambda settings, check: [failed, broken])
    out = run("body_of_a_size").output
    assert "1 failed, 1 broken" in out
    assert "whole table  failed  4 of 10 rows  a, b, c, …  published all the same: known" in out
    assert "broken  the rule broke: no such column  a, b" in out
    assert "\n  SELECT 1\n  FROM articles\n" in out


def test_the_command_starts_light(tmp_path):
    code = (
        "import typer.testing; from pipelines.cli import app;"
        "r = typer.testing.CliRunner().invoke(app, ['checks', 'spans_exact']); assert r.exit_code == 0"
    )
    assert not modules_after(tmp_path, code) & HEAVY


def test_an_older_snapshot_has_no_results(tmp_path):
    import duckdb

    settings = Settings(home=tmp_path)
    settings.published_file.parent.mkdir(parents=True)
    duckdb.connect(str(settings.published_file)).close()
    assert latest_results(settings, chosen_checks()[0]) is None


def test_the_page_shows_rules_as_they_are_written(two_suites):
    text = page(chosen_checks())
    assert "| [articles](#articles) | 2 | 1 |  |" in text
    assert "### article_versions (`expectations/articles.json`)\n\nEach day's rows:\n\n" in text
    assert "### raw.fetches (`expectations/fetches.json`)\n\nThe whole table:\n\n" in text
    assert "A \\<reader> is one of two." in text
    assert "**critical**: stops the publish" in text
    assert "| `most_words` | 30000 | a book \\| is no article |" in text
    assert "```sql\nSELECT article_id FROM {batch}\nWHERE word_count > 30000\n```" in text
    assert "(column\\_set" not in text
    assert "column_set: the columns that sql/schema declares" in text


def test_the_page_in_docs_is_what_the_suites_say():
    written = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert written == page(chosen_checks()), f"docs/checks.md is of older suites: run {COMMAND}"
