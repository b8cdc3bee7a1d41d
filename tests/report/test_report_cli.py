"""``newsledger report``: where it writes, what it says, and what it refuses."""

from __future__ import annotations

import webbrowser

import pytest
from typer.testing import CliRunner

from pipelines.cli import app


@pytest.fixture
def run(sample_home, monkeypatch, tmp_path):
    """Runs the command in a folder of its own, over the samples."""
    monkeypatch.setenv("NEWSLEDGER_HOME", str(sample_home))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, ["report", *arguments])


def test_it_writes_one_page_into_this_folder_named_by_its_last_day(run, tmp_path):
    result = run()
    assert result.exit_code == 0, result.output
    (page,) = tmp_path.iterdir()
    assert page.name == "newsledger-report-2026-03-03.html"
    assert result.stdout.startswith(f"{page.name}: 2026-03-01 to 2026-03-03, ")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>\n<html")


def test_a_period_and_a_file_can_be_named_and_the_page_opened(run, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or True)
    page = tmp_path / "monday.html"
    page.write_text("an older report")
    result = run("--from", "2026-03-02", "--to", "2026-03-02", "--output", "monday.html", "--open")
    assert result.exit_code == 0, result.output
    assert "<h1>The news, 2 March 2026</h1>" in page.read_text(encoding="utf-8")
    assert opened == [page.as_uri()]
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "2026-03-03", "--to", "2026-03-01"], "lies after"),
        (["--from", "2026-04-01"], "the snapshot has 2026-03-01 to 2026-03-03"),
        (["--output", "nowhere/page.html"], "nowhere/page.html: No such file or directory"),
    ],
)
def test_wrong_use_is_told_and_nothing_is_written(run, tmp_path, arguments, says):
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not list(tmp_path.iterdir())


def test_without_a_snapshot_it_says_what_makes_one(run, tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path / "none"))
    result = run()
    assert result.exit_code == 2
    assert "nothing is published yet; newsledger run makes the first snapshot" in result.stderr


def test_a_snapshot_of_an_older_version_is_named_as_such(run, tmp_path, monkeypatch):
    import duckdb

    published = tmp_path / "old" / "published" / "news.duckdb"
    published.parent.mkdir(parents=True)
    with duckdb.connect(str(published)) as connection:
        connection.execute("CREATE TABLE articles (article_id VARCHAR)")
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path / "old"))
    result = run()
    assert result.exit_code == 2
    assert "newsledger run brings it up to date" in result.stderr
