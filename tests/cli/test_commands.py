"""The command line as a user meets it, on the samples."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys

import duckdb
import pytest

from pipelines.project import ROOT
from tests.factories import environment, newsledger, query, write_sources


class TestRun:
    def test_the_summary_accounts_for_every_capture(self, sample_home):
        summary = (sample_home / "summary.txt").read_text()
        numbers = {
            line.split()[0]: int(line.split()[1].replace(",", ""))
            for line in summary.splitlines()
            if line.strip().startswith(("captured", "kept", "quarantined", "skipped"))
        }
        assert numbers["captured"] == 22
        assert numbers["kept"] + numbers["quarantined"] + numbers["skipped"] == 22
        assert "body_present: 1" in summary
        assert "duplicate_payload: 2" in summary
        assert f"snapshot     {sample_home}/published/news.duckdb" in summary

    def test_what_the_samples_promise_is_what_the_warehouse_has(self, sample_home):
        rows = query(
            sample_home,
            "SELECT location, fate FROM mart.capture_fates WHERE fate <> 'kept' ORDER BY location",
        )
        assert {r["location"]: r["fate"] for r in rows} == {
            "04_front_page_world.html": "skipped",
            "15_consent_wall.html": "quarantined",
            "14_same_bytes_as_02.html": "skipped",
            "crawl.warc.gz#3": "skipped",
            "crawl.warc.gz#4": "skipped",
        }
        (edited,) = query(
            sample_home, "SELECT url, version, change_kind FROM articles WHERE version > 1"
        )
        assert (edited["version"], edited["change_kind"]) == (2, "publisher_edit")
        (copy,) = query(
            sample_home,
            "SELECT source_id, publisher_id FROM articles WHERE source_id = 'newsbasket.example'",
        )
        assert copy["publisher_id"] == "harbour-herald.example"
        (languages,) = query(sample_home, "SELECT count(DISTINCT in_language) AS n FROM articles")
        assert languages["n"] >= 6

    def test_names_that_only_chrome_carries_are_no_mentions(self, sample_home):
        rows = query(
            sample_home,
            "SELECT DISTINCT m.exact FROM mentions AS m JOIN article_blocks AS b USING (article_id, version)"
            " WHERE b.role IN ('teaser', 'navigation', 'share', 'paywall') AND contains(b.block_text, m.exact)"
            " AND m.mention_type = 'person' AND NOT EXISTS (SELECT 1 FROM article_versions AS v"
            " WHERE v.article_id = m.article_id AND v.version = m.version"
            " AND (contains(v.article_body, m.exact) OR contains(v.headline, m.exact)))",
        )
        assert rows == []

    def test_a_second_run_extracts_nothing_and_says_so(self, sample_home, tmp_path):
        # A copy: the samples' home is only read, others do so at the same time.
        home = shutil.copytree(sample_home, tmp_path / "home")
        result = newsledger(home, "run")
        assert result.returncode == 0, result.stderr
        assert "nothing new: 0 captures, nothing was extracted or recognised" in result.stdout

    def test_wrong_use_ends_with_2_and_names_the_mend(self, tmp_path):
        for arguments, message in [
            (["run", "--date", "2026-03-02", "--to", "2026-03-03"], "--date stands alone"),
            (["run", "--from", "2026-03-03", "--to", "2026-03-02"], "lies after"),
            (["run", "--source", "nope"], "there is no source 'nope'"),
            (["ingest", str(tmp_path / "missing")], "there is no such file"),
            (["ingest", "https://x.example/a"], "set NEWSLEDGER_CONTACT"),
            (["sql", "SELECT 1"], "nothing is published yet"),
            (
                ["sql", "SELECT 1", "--format", "xml"],
                "use table, csv, json, jsonl, parquet or markdown",
            ),
            (["sql", "SELECT 1", "--format", "parquet"], "needs --output"),
        ]:
            result = newsledger(tmp_path / "home", *arguments)
            assert result.returncode == 2, (arguments, result.stderr)
            assert message in result.stderr
            assert "Traceback" not in result.stderr

    def test_a_mistake_in_sources_yaml_is_one_line_with_its_place(self, tmp_path):
        listed = write_sources(
            tmp_path / "sources.yaml", {"id": "a", "kind": "file", "locatoin": "x"}
        )
        result = newsledger(tmp_path / "home", "run", NEWSLEDGER_SOURCES=str(listed))
        assert result.returncode == 2
        assert "sources.yaml:6: unknown key 'locatoin'" in result.stderr
        assert not (tmp_path / "home").exists(), "nothing was begun"


class TestSql:
    def test_every_format_gives_the_same_rows(self, sample_home, tmp_path):
        sql = "SELECT article_id, version, date_published FROM article_versions ORDER BY ALL"
        records = query(sample_home, sql)
        table = newsledger(sample_home, "sql", sql)
        assert all(r["article_id"] in table.stdout for r in records)
        rows = list(
            csv.DictReader(
                io.StringIO(newsledger(sample_home, "sql", sql, "--format", "csv").stdout)
            )
        )
        assert [r["article_id"] for r in rows] == [r["article_id"] for r in records]
        assert [r["date_published"] or None for r in rows] == [r["date_published"] for r in records]
        target = tmp_path / "out.parquet"
        done = newsledger(sample_home, "sql", sql, "--format", "parquet", "--output", str(target))
        assert done.returncode == 0, done.stderr
        assert duckdb.execute("SELECT count(*) FROM read_parquet(?)", [str(target)]).fetchone() == (
            len(records),
        )

    def test_output_goes_to_a_file(self, sample_home, tmp_path):
        target = tmp_path / "out.json"
        result = newsledger(
            sample_home, "sql", "SELECT 1 AS one", "--format", "json", "--output", str(target)
        )
        assert (result.returncode, result.stdout) == (0, "")
        assert json.loads(target.read_text()) == [{"one": 1}]

    def test_a_wrong_query_is_duckdbs_message_and_2(self, sample_home):
        result = newsledger(sample_home, "sql", "SELECT nope FROM articles")
        assert result.returncode == 2
        assert 'column "nope" not found' in result.stderr
        assert "Traceback" not in result.stderr

    def test_nothing_can_be_written(self, sample_home, tmp_path):
        before = (sample_home / "published" / "news.duckdb").read_bytes()
        for sql in ("DELETE FROM mentions", f"COPY mentions TO '{tmp_path / 'x'}'"):
            assert newsledger(sample_home, "sql", sql).returncode == 2
        assert (sample_home / "published" / "news.duckdb").read_bytes() == before
        assert not (tmp_path / "x").exists()

    def test_the_shell_reads_statements_and_dot_commands(self, sample_home):
        result = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", "sql"],
            input=".tables\n.describe mentions\nSELECT 40 + 2\nAS answer;\nSELECT nope;\n.help\nSELECT 7 AS last",
            env=environment(sample_home),
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 1, "a statement failed"
        assert "capture_fates" in result.stdout
        assert "The text of the span, as printed." in result.stdout
        assert "42" in result.stdout
        assert "last" in result.stdout
        assert "nope" in result.stderr

    def test_every_mart_answers(self, sample_home):
        marts = [p.stem for p in (ROOT / "sql" / "marts").glob("*.sql")]
        for name in marts:
            assert query(sample_home, f"SELECT count(*) AS n FROM mart.{name}")[0]["n"] > 0, name


class TestStatusAndDoctor:
    def test_status_tells_what_is_live_and_what_is_held(self, sample_home):
        result = newsledger(sample_home, "status")
        assert result.returncode == 0, result.stderr
        assert "snapshot     " in result.stdout
        assert "quarantine   body_present: 1" in result.stdout
        assert "waiting      nothing" in result.stdout
        assert "blocking     no check stands failed" in result.stdout

    def test_status_of_an_empty_home(self, tmp_path):
        result = newsledger(tmp_path / "home", "status")
        assert result.returncode == 0
        assert "nothing is published yet" in result.stdout

    def test_a_healthy_home_has_no_problem(self, sample_home):
        result = newsledger(sample_home, "doctor")
        assert result.returncode == 0, result.stdout
        assert "problem" not in result.stdout

    def test_problems_are_named_with_their_mend(self, tmp_path):
        bad = tmp_path / "sources.yaml"
        bad.write_text("sources:\n  - id: 3\n    kind: rss\n    location: x\n")
        (tmp_path / "home" / "published").mkdir(parents=True)
        (tmp_path / "home" / "published" / "news.duckdb.wal").write_bytes(b"x")
        result = newsledger(tmp_path / "home", "doctor", NEWSLEDGER_SOURCES=str(bad))
        assert result.returncode == 1
        assert "problem  sources: sources.yaml:3: unknown kind 'rss'; use feed" in result.stdout
        assert "opened for writing; move this file away" in result.stdout

    def test_a_wrong_setting_ends_with_2(self, tmp_path):
        result = newsledger(tmp_path / "home", "status", NEWSLEDGER_WORKERS="0")
        assert result.returncode == 2
        assert "NEWSLEDGER_WORKERS" in result.stderr


def test_runs_of_the_command_line_are_in_dagsters_history(sample_home, monkeypatch, tmp_path):
    import dagster as dg

    # A copy: SQLite keeps files beside those that are open, and others copy the home meanwhile.
    shutil.copytree(sample_home / "dagster", tmp_path / "dagster")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    with dg.DagsterInstance.get() as instance:
        runs = instance.get_runs()
        assert {run.job_name for run in runs} == {"one_day", "publish"}
        assert {run.status for run in runs} == {dg.DagsterRunStatus.SUCCESS}
        days = {run.tags.get("dagster/partition") for run in runs if run.job_name == "one_day"}
        assert days > {"2026-03-01", "2026-03-02", "2026-03-03"}
        assert not instance.telemetry_enabled
        event = instance.get_latest_materialization_event(dg.AssetKey("articles"))
        metadata = event.asset_materialization.metadata
        assert metadata["dagster/partition_row_count"].value is not None


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version(tmp_path, option):
    result = newsledger(tmp_path, option)
    assert result.returncode == 0
    assert "newsledger" in result.stdout
