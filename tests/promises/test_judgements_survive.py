"""People's judgements survive re-runs and a rebuild from the archive, whatever the order of days."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines import rebuild as rebuilding
from pipelines import runner
from pipelines.archive import Archive
from pipelines.clean.stage import extract_pending
from pipelines.cli import app
from pipelines.normalise.judged import split_off_id
from pipelines.normalise.stage import recognise_pending
from pipelines.quality.validate import validate_staged
from pipelines.runner import Inputs, RunReport, pending_days
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.marts import build_marts
from pipelines.warehouse.publish import publish_file
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.runs import end_run, record_snapshot, start_run
from pipelines.warehouse.schema import declared_tables
from tests.factories import newsledger, page, write_pages, write_sources
from tests.in_process import InProcess
from tests.promises.corpus import content


@pytest.fixture
def settings(sample_home: Path, tmp_path: Path) -> Settings:
    """The samples as the command line ingested them, to be written to."""
    for part in ("work", "archive", "published"):
        shutil.copytree(sample_home / part, tmp_path / "home" / part)
    settings = Settings(home=tmp_path / "home")
    # Copied with modes; a published file is read-only.
    settings.published_file.chmod(0o644)
    return settings


def work_on(settings: Settings, days: Sequence[date]) -> RunReport:
    """What a run does on days, in this process and without its audit; then publishes."""
    report = RunReport()
    for day in days:
        run_id = f"run-{day}"
        with writing(settings) as connection:
            start_run(connection, run_id, day, "test")
            archive = Archive(settings.archive_root)
            extract_pending(connection, archive, InProcess(), day=day, run_id=run_id)
            validate_staged(connection, day=day, run_id=run_id)
            recognise_pending(connection, InProcess(), settings, day=day, run_id=run_id)
            _note_audit(connection, run_id, day)
            end_run(connection, run_id, "success")
    with writing(settings) as connection:
        build_marts(connection)
        record_snapshot(connection, "run")
        connection.execute("CHECKPOINT")
    publish_file(settings)
    return report


def _note_audit(
    connection: duckdb.DuckDBPyConnection, run_id: str, day: date, *, success: bool = True
) -> None:
    checks = [
        {
            "run_id": run_id,
            "partition_key": day,
            "asset_key": asset,
            "check_name": "stands_for_all",
            "expectation": "none",
            "severity": "critical",
            "success": success,
            "checked_at": datetime.now(UTC),
        }
        for asset in ("articles", "mentions", "entities")
    ]
    insert_rows(connection, "ops.quality_results", checks)
    connection.execute("DELETE FROM ops.unaudited")
    declared = {
        "suite": "test",
        "table_name": "-",
        "key_name": "-",
        "stops": "publish",
        "on_failure": "report",
        "is_daily": True,
        "names_rows": False,
        "owner": "-",
        "description": "-",
        "thresholds": "{}",
    }
    same = ("asset_key", "check_name", "expectation", "severity")
    connection.execute("DELETE FROM ops.quality_checks")
    insert_rows(
        connection,
        "ops.quality_checks",
        [declared | {name: check[name] for name in same} for check in checks],
    )


def next_run(settings: Settings) -> None:
    """A run on a day that has nothing new."""
    work_on(settings, [date(2026, 3, 9)])


@pytest.fixture(params=["days in order", "days in reverse"])
def in_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def materialise(settings: Settings, inputs: Inputs, *, days: Sequence[date]) -> RunReport:
        del inputs
        ordered = list(days) if request.param == "days in order" else list(days)[::-1]
        report = work_on(settings, ordered)
        assert not pending_days(settings)
        return report

    monkeypatch.setattr(runner, "materialise", materialise)


def judged(settings: Settings, *arguments: str) -> list[dict[str, Any]]:
    result = CliRunner(env={"NEWSLEDGER_HOME": str(settings.home)}).invoke(
        app, ["entities", *arguments, "--format", "json"]
    )
    assert result.exit_code == 0, result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.published_file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def entities_of(settings: Settings) -> dict[str, str | None]:
    return dict(rows(settings, "SELECT mention_id, entity_id FROM mentions"))


def two_people(settings: Settings) -> list[str]:
    """Local people of different articles."""
    found = rows(
        settings,
        "SELECT entity_id FROM article_entities WHERE reason = 'local' AND entity_type = 'person'"
        " GROUP BY entity_id QUALIFY row_number() OVER (PARTITION BY min(article_id)"
        " ORDER BY entity_id) = 1 ORDER BY sum(mention_count) DESC, entity_id",
    )
    return [found[0][0], found[1][0]]


def in_most_articles(settings: Settings) -> tuple[str, list[str]]:
    """The local entity of most articles, and those."""
    (found,) = rows(
        settings,
        "SELECT entity_id, list(DISTINCT article_id ORDER BY article_id) FROM article_entities"
        " WHERE reason = 'local' GROUP BY entity_id"
        " ORDER BY count(DISTINCT article_id) DESC, entity_id LIMIT 1",
    )
    return found


def test_a_merge_a_split_and_an_undo_are_seen_after_the_next_run_and_after_a_rebuild(
    settings: Settings, in_process: None
) -> None:
    next_run(settings)
    before = content(settings.published_file)
    named = entities_of(settings)
    one, other = two_people(settings)
    shared, articles = in_most_articles(settings)
    assert len(articles) > 1

    (merged,) = judged(settings, "merge", one, other)
    (parted,) = judged(settings, "split", shared, "--article", articles[0])
    assert entities_of(settings) == named, "the snapshot is what it was"
    next_run(settings)
    new = split_off_id(parted["judgement_id"])
    article_of = dict(rows(settings, "SELECT mention_id, article_id FROM mentions"))
    expected = {
        mention: one
        if entity == other
        else new
        if entity == shared and article_of[mention] == articles[0]
        else entity
        for mention, entity in named.items()
    }
    assert entities_of(settings) == expected
    ids = f"SELECT entity_id FROM entity_ids WHERE any_id = '{other}'"
    redirects = "SELECT old_id, entity_id, reason FROM entity_redirects"
    assert rows(settings, ids) == [(one,)]
    assert rows(settings, redirects) == [(other, one, "judgement")]

    after = content(settings.published_file)
    report = rebuilding.rebuild(settings)
    assert report.replaced
    assert report.before == report.after
    assert content(settings.published_file) == after
    assert entities_of(settings) == expected
    assert rows(settings, ids) == [(one,)]
    assert rows(settings, redirects) == [(other, one, "judgement")]
    assert {row["state"] for row in judged(settings, "judgements")} == {"in force"}

    judged(settings, "undo", merged["judgement_id"])
    judged(settings, "undo", parted["judgement_id"])
    next_run(settings)
    assert content(settings.published_file) == before
    assert rows(settings, redirects) == [(new, shared, "articles")]
    rebuilding.rebuild(settings)
    assert content(settings.published_file) == before
    assert rows(settings, redirects) == [(new, shared, "articles")], "saved ids go on working"


class TestRebuild:
    def test_every_table_is_copied_or_derived(self) -> None:
        groups = [rebuilding.CRAWL, rebuilding.HISTORY, rebuilding.DERIVED]
        named = [table for group in groups for table in group]
        assert len(named) == len(set(named))
        # A new table belongs to one of the three: decide which, and say why there.
        assert set(named) - {"ops.schema_state"} == set(declared_tables())

    def test_cut_short_the_old_ones_stay_and_the_next_goes_on(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        published, working = settings.published_file, settings.warehouse_file
        before = published.read_bytes(), working.stat().st_ino
        first, worked = content(published), []

        def cut_short(inner: Settings, inputs: Inputs, *, days: Sequence[date]) -> RunReport:
            worked.append(list(days))
            if len(worked) == 1:
                work_on(inner, days[:2])
                raise KeyboardInterrupt
            return work_on(inner, days)

        monkeypatch.setattr(runner, "materialise", cut_short)
        with pytest.raises(KeyboardInterrupt):
            rebuilding.rebuild(settings)
        assert (published.read_bytes(), working.stat().st_ino) == before
        said: list[str] = []
        assert rebuilding.rebuild(settings, said.append).replaced
        assert "goes on" in said[0]
        assert worked[1] == worked[0][2:]
        assert content(published) == first
        assert not (settings.home / rebuilding.FOLDER).exists()
        assert (settings.home / "archive").is_dir(), "what was only linked to is untouched"

    def test_where_a_day_fails_the_old_ones_stay_and_the_day_is_tried_again(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = settings.published_file.read_bytes(), settings.warehouse_file.stat().st_ino
        worked: list[list[date]] = []

        def failing_once(inner: Settings, inputs: Inputs, *, days: Sequence[date]) -> RunReport:
            worked.append(list(days))
            report = work_on(inner, days)
            if len(worked) == 1:
                with writing(inner) as connection:
                    _note_audit(connection, "failed", days[0], success=False)
                report.failures.append(f"{days[0]} articles: broken")
            return report

        monkeypatch.setattr(runner, "materialise", failing_once)
        called = CliRunner(env={"NEWSLEDGER_HOME": str(settings.home)})
        result = called.invoke(app, ["rebuild"])
        assert result.exit_code == 1
        assert f"{worked[0][0]} articles: broken" in result.stderr
        assert "the old warehouse is in force" in result.stderr
        after = settings.published_file.read_bytes(), settings.warehouse_file.stat().st_ino
        assert after == before
        assert called.invoke(app, ["rebuild"]).exit_code == 0
        assert worked[1] == worked[0][:1]

    def test_without_a_warehouse_it_says_so(self, tmp_path: Path) -> None:
        result = CliRunner(env={"NEWSLEDGER_HOME": str(tmp_path)}).invoke(app, ["rebuild"])
        assert result.exit_code == 2
        assert "no warehouse yet" in result.stderr

    def test_by_the_command_line(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        write_pages(
            tmp_path / "pages",
            [("p.html", page(), "https://harbour.example/p", "2026-03-01T08:00:00Z")],
        )
        source = {"id": "harbour", "kind": "folder", "location": "pages"}
        more = {
            "NEWSLEDGER_SOURCES": str(write_sources(tmp_path / "sources.yaml", source)),
            "NEWSLEDGER_WORKERS": "1",
        }
        assert newsledger(home, "run", "--date", "2026-03-01", **more).returncode == 0
        before = content(home / "published" / "news.duckdb")
        assert len(before["mentions"]) > 3
        result = newsledger(home, "rebuild", **more)
        assert result.returncode == 0, result.stderr
        assert "1 captures; 1 days to work on" in result.stdout
        assert content(home / "published" / "news.duckdb") == before
        status = newsledger(home, "status", **more)
        assert "waiting      nothing" in status.stdout
