"""``newsledger quarantine``: what is listed and shown, and what a person decides about it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipelines import runner
from pipelines.cli import app
from pipelines.runner import Inputs, RunReport
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.rows import insert_rows
from tests.factories import newsledger

HELD_DAY = date(2026, 3, 3)
HOSTILE = "Pilots\x1b[2J\x9b31m [red]sign[/red]\r\nspoof \u202eesrever"


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    """The samples as ingested: one consent wall is held."""
    for part in ("work", "published"):
        shutil.copytree(sample_home / part, tmp_path / "home" / part)
    (tmp_path / "home" / "archive").symlink_to(sample_home / "archive")
    return tmp_path / "home"


def called(home: Path, *arguments: str, **more: str) -> Result:
    env = {"NEWSLEDGER_HOME": str(home), "COLUMNS": "160", "NO_COLOR": None} | more
    return CliRunner(env=env).invoke(app, ["quarantine", *arguments])


def records(home: Path, *arguments: str) -> Any:
    result = called(home, *arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def held(home: Path) -> str:
    (row,) = records(home)
    key: str = row["row_key"]
    return key


def list_as_failing(home: Path, *rows: dict[str, Any]) -> None:
    """Rows of ops.quarantine as an audit lists them."""
    common = {
        "asset_key": "articles",
        "reason": "dates_plausible",
        "table_name": "article_versions",
        "effect": "flagged",
        "fetch_date": HELD_DAY,
        "run_id": "run-of-this-test",
        "created_at": datetime(2026, 3, 4, tzinfo=UTC),
    }
    with writing(Settings(home=home)) as connection:
        insert_rows(connection, "ops.quarantine", [common | row for row in rows])


class TestList:
    def test_a_row_is_listed_once_with_all_its_reasons(self, home: Path) -> None:
        key = held(home)
        list_as_failing(
            home,
            {"row_key": "aaaa1111", "reason": "one"},
            {"row_key": "aaaa1111", "reason": "two", "effect": "blocks"},
        )
        rows = {row["row_key"]: row for row in records(home, "list")}
        assert rows["aaaa1111"]["reasons"] == ["one", "two"]
        assert rows["aaaa1111"]["effect"] == "blocks", "the graver one"
        assert rows[key]["effect"] == "held"
        lines = called(home).stdout.splitlines()
        assert [line.split()[0] for line in lines[1:3]] == ["aaaa1111", key[:8]], "gravest first"
        assert "one, two" in lines[1]
        assert "2026-03-03" in lines[1]
        counts = {tuple(line.split()) for line in lines[3:] if line.strip()[:1].isdigit()}
        assert counts == {
            ("1", "held", "body_present"),
            ("1", "blocks", "one"),
            ("1", "blocks", "two"),
        }

    def test_it_is_filtered(self, home: Path) -> None:
        key = held(home)
        left = {"resolved_at": datetime(2026, 3, 5, tzinfo=UTC), "resolution": "passed"}
        list_as_failing(
            home,
            {"row_key": "aaaa1111", "reason": "one", "source_id": "quay"},
            {"row_key": "bbbb2222", "reason": "one", **left},
        )

        def keys(*arguments: str) -> list[str]:
            return [row["row_key"] for row in records(home, *arguments)]

        assert keys("--reason", "body_present") == [key]
        assert keys("--asset", "articles") == ["aaaa1111"]
        assert keys("--source", "quay") == ["aaaa1111"]
        assert keys("--effect", "held") == [key]
        assert keys("--date", "2026-03-02") == []
        assert keys("--state", "left") == ["bbbb2222"]
        assert len(keys("--state", "all")) == 3
        assert len(keys("--limit", "1")) == 1
        assert "no row is in quarantine" in called(home, "--source", "nowhere").stdout

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--state", "gone"], "use open, left, all"),
            (["--effect", "bad"], "use held, blocks, flagged"),
            (["--asset", "nothing"], "use articles"),
            (["--format", "xml"], "use text or json"),
        ],
    )
    def test_wrong_use_ends_with_2(self, home: Path, arguments: list[str], message: str) -> None:
        result = called(home, *arguments)
        assert result.exit_code == 2
        assert message in result.stderr

    def test_while_a_run_writes_it_is_the_snapshots_list_and_says_so(self, home: Path) -> None:
        key = held(home)
        list_as_failing(home, {"row_key": "aaaa1111"})
        with writer_lock(home / "work" / "writer.lock"):
            result = newsledger(home, "quarantine", timeout=60)
        assert result.returncode == 0, result.stderr
        assert result.stdout.startswith(
            "of the published snapshot; the warehouse is written now by"
        )
        assert key[:8] in result.stdout
        assert "aaaa1111" not in result.stdout, "not published yet"

    def test_without_any_data_it_says_what_to_do(self, tmp_path: Path) -> None:
        result = called(tmp_path / "nowhere")
        assert result.exit_code == 2
        assert "newsledger run makes the first snapshot" in result.stderr

    def test_nothing_of_a_page_drives_the_terminal(self, home: Path) -> None:
        list_as_failing(home, {"row_key": HOSTILE, "detail": HOSTILE, "source_id": HOSTILE})
        for arguments in ([], ["show", "Pilo"]):
            shown = called(home, *arguments, COLUMNS="400").stdout
            assert not set(shown) & set("\x1b\x9b\r\u202e")
            assert "[red]" in shown, "no markup either"


class TestShow:
    def test_it_tells_rule_payload_capture_and_what_the_code_reads(self, home: Path) -> None:
        key = held(home)
        record = records(home, "show", key[:6])
        (reason,) = record["reasons"]
        assert reason["reason"] == "body_present"
        assert reason["description"].startswith("The page has an article's text")
        assert "FROM staging.articles" in reason["query"]
        assert record["capture"]["payload_bytes"] > 0
        assert record["reading"]["outcome"] == "article"
        assert record["reading"]["held_by"] == ["body_present"]
        assert record["reading"]["cut"] > 0
        text = called(home, "show", key[:6]).stdout
        for part in (
            key,
            "held: kept out of the warehouse",
            reason["description"][:40],
            record["capture"]["payload_sha256"],
            record["capture"]["archive_path"],
            "quarantined: body_present",
            "it would be held by body_present",
            f"newsledger quarantine release {key[:8]}",
        ):
            assert part in text, part

    def test_history_and_decisions_are_shown(self, home: Path) -> None:
        key = held(home)
        before = {"resolved_at": datetime(2026, 3, 5, tzinfo=UTC), "resolution": "passed"}
        list_as_failing(home, {"row_key": key, "asset_key": "extracted_articles", **before})
        assert called(home, "release", key, "--note", "a flash", "--user", "ada").exit_code == 0
        text = called(home, "show", key).stdout
        assert "dates_plausible: passed" in text
        assert "ada  release from body_present: a flash" in text
        assert "release: the next run applies it" in text

    def test_an_unknown_and_an_ambiguous_key(self, home: Path) -> None:
        list_as_failing(home, {"row_key": "aaaa1111"}, {"row_key": "aaaa2222"})
        unknown, ambiguous, short = (called(home, "show", k) for k in ("zzzz", "aaaa", "a"))
        assert [r.exit_code for r in (unknown, ambiguous, short)] == [2, 2, 2]
        assert "no row in quarantine goes by 'zzzz'" in unknown.stderr
        assert "may be any of 2" in ambiguous.stderr
        assert "aaaa2222" in ambiguous.stderr
        assert "at least 4 characters" in short.stderr


class TestDecisions:
    def test_release_drop_and_retry_are_written_and_taken_back(self, home: Path) -> None:
        key = held(home)
        for arguments in (
            ("release", key[:8], "--note", "a flash"),
            ("drop", key[:8], "--note", "a wall"),
            ("retry", key[:8]),
        ):
            (made,) = records(home, *arguments)
            assert (made["row_key"], made["decision"]) == (key, arguments[0])
            assert [row["awaits"] for row in records(home)] == [arguments[0]]
            (back,) = records(home, arguments[0], key[:8], "--undo")
            assert back["decision_id"] == made["decision_id"]
            assert [row["awaits"] for row in records(home)] == [None]
            again = called(home, arguments[0], key[:8], "--undo")
            assert again.exit_code == 2
            assert f"no {arguments[0]} of" in again.stderr

    def test_a_note_is_asked_for(self, home: Path) -> None:
        result = called(home, "drop", held(home))
        assert result.exit_code == 2
        assert "--note" in result.stderr

    def test_what_would_mean_nothing_is_refused(self, home: Path) -> None:
        list_as_failing(home, {"row_key": "aaaa1111"})
        note = ("--note", "why")
        for arguments, message in (
            (("drop", "aaaa1111", *note), "is not held but in the warehouse"),
            (("release", "aaaa1111", "--reason", "other", *note), "it breaks dates_plausible"),
            (("retry", "aaaa1111"), "comes from no single capture"),
            (("retry",), "give a row's KEY, or which rows"),
            (("retry", "--reason", "nothing_such"), "no row in quarantine is meant"),
        ):
            result = called(home, *arguments)
            assert result.exit_code == 2, arguments
            assert message in result.stderr

    def test_retry_of_all_that_a_rule_holds(self, home: Path) -> None:
        key = held(home)
        (made,) = records(home, "retry", "--reason", "body_present")
        assert made["row_key"] == key

    def test_run_works_on_the_days_at_once(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        worked: list[date] = []

        def materialise(settings: Settings, inputs: Inputs, *, days: Sequence[date]) -> RunReport:
            worked.extend(days)
            return RunReport(failures=["2026-03-03 articles: broken"])

        monkeypatch.setattr(runner, "materialise", materialise)
        result = called(home, "release", held(home), "--note", "a flash", "--run")
        assert worked == [HELD_DAY]
        assert result.exit_code == 1, "what failed is said"

    def test_without_a_warehouse_it_says_so(self, tmp_path: Path) -> None:
        result = called(tmp_path, "drop", "abcd", "--note", "why")
        assert result.exit_code == 2
        assert "no warehouse yet" in result.stderr


def test_the_mart_has_one_row_a_failing_row(home: Path) -> None:
    result = newsledger(
        home, "sql", "SELECT row_key, reasons, effect FROM mart.quarantine", "--format", "json"
    )
    assert json.loads(result.stdout) == [
        {"row_key": held(home), "reasons": ["body_present"], "effect": "held"}
    ]
    with duckdb.connect(str(home / "published" / "news.duckdb"), read_only=True) as connection:
        (comment,) = connection.execute(
            "SELECT comment FROM duckdb_views() WHERE view_name = 'quarantine'"
        ).fetchone() or ("",)
    assert comment.startswith("One row a failing row")
