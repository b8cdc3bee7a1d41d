"""``newsledger sql`` refuses what writes, and says what is wrong with a query or a snapshot."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import results
from pipelines.command import published_file
from pipelines.warehouse.refusals import why_not_opened

WRITES = [
    "INSERT INTO sources SELECT * FROM sources", "UPDATE sources SET name = 'x'", "DELETE FROM sources",
    "TRUNCATE sources", "MERGE INTO sources USING sources AS s ON false WHEN MATCHED THEN DELETE",
    "CREATE TABLE x (i INTEGER)", "CREATE TEMP TABLE x AS SELECT 1", "CREATE OR REPLACE VIEW articles AS SELECT 1",
    "DROP TABLE sources", "ALTER TABLE sources ADD COLUMN x INTEGER", "COMMENT ON TABLE sources IS 'x'",
    "ATTACH '{out}'", "DETACH news", "USE mart", "COPY sources TO '{out}'", "COPY (SELECT 1) TO '{out}'",
    "EXPORT DATABASE '{out}'", "INSTALL httpfs", "LOAD httpfs", "SET threads = 1", "SET VARIABLE x = 1",
    "RESET threads", "PRAGMA memory_limit = '1GB'", "CALL pragma_version()", "CHECKPOINT", "VACUUM", "BEGIN",
    "PREPARE q AS SELECT 1", "FROM enable_logging(storage = 'file', storage_path = '{out}')",
    "SELECT 1; DROP TABLE sources", "/* x */ -- y\n DELETE FROM sources",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{snapshot}.wal' (FORMAT csv)", "/* éé */ CREATE TEMP TABLE x AS SELECT 1",
    "EXPLAIN (FORMAT json, ANALYZE) /* SELECT */ COPY (SELECT 1) TO '{snapshot}.wal'", "EXPLAIN ANALYZE CALL checkpoint()",
    "EXPLAIN ANALYZE WITH s AS (FROM sources) INSERT INTO sources FROM s", "FROM main.\"enable_logging\"(level = 'trace')",
    "SELECT 'éé', * FROM enable_logging(level = 'trace')",
]  # fmt: skip


class TestRefusals:
    @pytest.mark.parametrize("statement", WRITES)
    def test_a_query_only_reads_and_the_message_says_so(self, run_sql, tmp_path, statement):
        before = published_file().stat()
        result = run_sql(statement.format(out=tmp_path / "out", snapshot=published_file()))
        assert not published_file().with_name("news.duckdb.wal").exists()
        assert result.exit_code == 2, result.output
        assert "queries here only read the snapshot" in result.output
        assert len(result.output.splitlines()) == 1
        assert published_file().stat() == before
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize(
        "statement",
        ["FROM read_csv('/etc/hosts')", "SELECT * FROM '/etc/hosts.csv'", "FROM glob('/etc/*')"],
    )
    def test_nothing_outside_is_read(self, run_sql, statement):
        result = run_sql(statement)
        assert result.exit_code == 2
        assert "/etc/hosts\n" not in result.output

    def test_a_text_that_runs_as_a_query_is_none_that_can_be_checked(self, run_sql):
        result = run_sql("FROM query('FROM \"enable_log' || 'ging\"()')")
        assert result.exit_code == 2
        assert "query(): runs a text" in result.output
        assert run_sql("SELECT 1 AS query, 'query(1)' AS q -- query (1)").exit_code == 0

    @pytest.mark.parametrize(
        "statement",
        ["EXPLAIN ANALYZE FROM sources", "EXPLAIN ((SELECT 1) UNION (SELECT 2))", "PRAGMA table_info('sources')",
         "EXPLAIN (FORMAT json) SELECT 1", "SHOW TABLES", "SUMMARIZE sources", "VALUES (1)", "TABLE sources"],
    )  # fmt: skip
    def test_whatever_reads_runs(self, run_sql, statement):
        assert run_sql(statement).exit_code == 0

    @pytest.mark.parametrize(
        ("sql", "message"),
        [
            ("SELECT * FROM sorces", "newsledger describe lists the tables"),
            ("SELECT $day AS day", "newsledger questions NAME --set name=value"),
            ("SELECT nam FROM sources", "newsledger describe sources lists its columns"),
            ("SELECT * FROM entity_offices", "published by newsledger 0.1.2, which had no table entity_offices"),
            ("SELECT country FROM sources", "published by newsledger 0.1.2, which had no column sources.country"),
            ("SELECT s.country FROM sources AS s", "had no column sources.country; newsledger run"),
        ],
    )  # fmt: skip
    def test_what_is_not_there_is_a_slip_or_an_old_snapshot(self, run_sql, sql, message):
        result = run_sql(sql)
        assert result.exit_code == 2
        assert message in result.output

    def test_variables_of_this_program_are_no_tables(self, run_sql):
        secret = duckdb.sql("SELECT 42 AS secret")  # noqa: F841  # what must not be found
        assert run_sql("SELECT * FROM secret").exit_code == 2


class TestSnapshotFile:
    def opened(self, path: Path) -> str:
        with pytest.raises(duckdb.Error) as caught, duckdb.connect(str(path), read_only=True):
            pass
        return why_not_opened(path, caught.value)

    def test_a_writer_elsewhere_is_named(self, small_home, tmp_path):
        path = tmp_path / "news.duckdb"
        path.write_bytes((small_home / "published" / "news.duckdb").read_bytes())
        holder = subprocess.Popen(
            [sys.executable, "-c",
             "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()",
             str(path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert holder.stdout.readline() == "held\n"
            assert f"locked, process {holder.pid} has it open for writing" in self.opened(path)
        finally:
            holder.communicate("\n")

    def test_a_file_of_a_newer_duckdb_is_told_from_a_damaged_one(self, small_home, tmp_path):
        content = bytearray((small_home / "published" / "news.duckdb").read_bytes())
        path = tmp_path / "news.duckdb"
        # DuckDB's main header: a checksum in the first 8 bytes, DUCK, the storage version.
        content[12] = 199
        path.write_bytes(content)
        assert "damaged or cut short" in self.opened(path)
        with pytest.raises(duckdb.IOException) as caught:
            duckdb.connect(str(path), read_only=True)
        found = re.search(r"computed checksum (\d+)", str(caught.value))
        content[:8] = int(found[1]).to_bytes(8, "little")
        path.write_bytes(content)
        assert "a newer DuckDB wrote this file" in self.opened(path)

    @pytest.mark.parametrize(
        ("content", "message"),
        [(b"", "not a valid DuckDB"), (b"x" * 9000, "not a valid DuckDB")],
    )
    def test_a_file_that_is_no_database(self, tmp_path, content, message):
        (tmp_path / "x").write_bytes(content)
        assert message in self.opened(tmp_path / "x")

    def test_a_file_cut_short_and_one_that_may_not_be_read(self, small_home, tmp_path):
        (tmp_path / "x").write_bytes((small_home / "published" / "news.duckdb").read_bytes()[:5000])
        assert "damaged or cut short" in self.opened(tmp_path / "x")
        refused = duckdb.IOException('IO Error: Cannot open file "x": Permission denied')
        assert "ask its owner" in why_not_opened(tmp_path / "x", refused)

    def test_a_query_that_needs_more_memory_than_there_is_says_what_helps(self):
        from pipelines.warehouse.query import QueryError, run_query

        with duckdb.connect(config={"memory_limit": "20MB", "temp_directory": ""}) as c:
            query = "SELECT list(range) FROM range(10000000)"
            with pytest.raises(QueryError, match="narrow it with WHERE"):
                with results.explained(c, query):
                    run_query(c, query).fetchall()

    def test_folders_that_cannot_be_written_do_not_stop_a_query(
        self, run_sql, small_home, monkeypatch
    ):
        monkeypatch.setattr("os.access", lambda *_: False)
        result = run_sql("SELECT current_setting('temp_directory') AS t", "--format", "jsonl")
        assert result.exit_code == 0
        spill = json.loads(result.output)["t"]
        assert str(small_home) not in spill
        assert not Path(spill).exists()
