"""``newsledger publish``: says what forbids it, and publishes against a check by a decision."""

from __future__ import annotations

import os
import shutil
from datetime import date

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.quality.live import live_snapshot
from pipelines.quality.records import CheckResult
from pipelines.quality.results import declare, record
from pipelines.quality.suites import find_check
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.query import snapshot
from tests.factories import newsledger

DAY = date(2026, 3, 2)
SPANS = f"mentions.spans_exact@{DAY}"
MOVE = "UPDATE mentions SET start_char = start_char + ? WHERE list_contains(?, mention_id)"


@pytest.fixture
def home(sample_home, tmp_path):
    """A copy of the samples' home in which two spans of a day are off by one, and known to be."""
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    settings = Settings(home=home)
    with writing(settings) as connection:
        keys = _some_mentions(connection)
        connection.execute(MOVE, [1, keys])
        declare(connection)
        _, check = find_check("mentions", "spans_exact") or pytest.fail("no such check")
        failed = CheckResult(
            check, DAY, False, 2, 100, 2, tuple(keys), sql="SELECT 1 AS mention_id"
        )
        record(connection, [failed], "found")
    return home


def _some_mentions(connection):
    rows = connection.execute(
        "SELECT m.mention_id FROM mentions AS m JOIN article_versions AS v"
        " ON m.article_id = v.article_id AND m.version = v.version"
        " WHERE v.fetch_date = ? ORDER BY 1 LIMIT 2",
        [DAY],
    ).fetchall()
    return [key for (key,) in rows]


def overrides(home):
    with writing(Settings(home=home)) as connection:
        return connection.execute(
            "SELECT note, ended_at IS NULL FROM ops.overrides ORDER BY decided_at"
        ).fetchall()


def rows(home, sql):
    """Rows of the published snapshot."""
    with snapshot(Settings(home=home).published_file) as connection:
        return connection.execute(sql).fetchall()


def snapshots(home):
    return rows(home, "SELECT count(*) FROM ops.snapshots")


def in_process(home, monkeypatch, *arguments):
    """For uses that end before anything runs."""
    for name in [n for n in os.environ if n.startswith("NEWSLEDGER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSLEDGER_HOME", str(home))
    return CliRunner().invoke(app, ["publish", *arguments])


def test_from_a_check_that_forbids_it_to_an_override_and_back(home, monkeypatch):
    before = snapshots(home)
    result = in_process(home, monkeypatch)
    assert result.exit_code == 1
    assert f"{SPANS}: 2 rows" in result.stdout
    assert f'newsledger publish --override {SPANS} --note "why"' in result.stdout
    assert snapshots(home) == before

    result = newsledger(home, "publish", "--override", SPANS, "--note", "two misprints, known")
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{DAY}: finished before the publish" in result.stdout
    assert rows(
        home,
        "SELECT check_name, status, unexpected_count, override_note FROM mart.quality_today"
        " WHERE override_note IS NOT NULL",
    ) == [("spans_exact", "failed", 2, "two misprints, known")]
    live = live_snapshot(Settings(home=home))
    assert [(o.check, o.note) for o in live.overrides] == [(SPANS, "two misprints, known")]

    with writing(Settings(home=home)) as connection:
        connection.execute(MOVE, [-1, _some_mentions(connection)])
    result = newsledger(home, "run", "--date", str(DAY))
    assert result.returncode == 0, result.stdout + result.stderr
    assert overrides(home) == [("two misprints, known", False)]
    assert live_snapshot(Settings(home=home)).overrides == ()


def test_an_override_that_was_taken_back_blocks_the_next_publish(home, monkeypatch):
    from pipelines.quality.overrides import decide, read_target

    with writing(Settings(home=home)) as connection:
        decide(connection, [read_target(SPANS)], "known", "ann")
    result = in_process(home, monkeypatch, "--undo", SPANS)
    assert result.exit_code == 0, result.output
    assert f"taken back: {SPANS}, accepted by ann: known" in result.stdout
    assert "not publishable" in result.stdout
    assert overrides(home) == [("known", False)]
    assert in_process(home, monkeypatch).exit_code == 1


def test_wrong_use_ends_with_2_and_records_nothing(home, tmp_path, monkeypatch):
    for arguments, message in [
        (["--override", SPANS], "say why: --note"),
        (["--override", SPANS, "--note", " "], "say why: --note"),
        (["--note", "why"], "use --override CHECK --note TEXT"),
        (["--override", SPANS, "--undo", SPANS], "use --override CHECK --note TEXT"),
        (["--override", "spans_exact", "--note", "why"], "ASSET.CHECK"),
        (["--override", f"articles.audit@{DAY}", "--note", "why"], "newsledger run finishes it"),
        (["--undo", SPANS], "no override is in force"),
    ]:
        result = in_process(home, monkeypatch, *arguments)
        assert result.exit_code == 2, (arguments, result.output)
        assert message in result.stderr
    assert overrides(home) == []
    result = in_process(tmp_path / "empty", monkeypatch)
    assert result.exit_code == 2
    assert "there is no warehouse yet" in result.stderr
