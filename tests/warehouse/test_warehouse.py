"""The files: one writer, a schema that follows its declaration, an atomic publish, safe queries."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from io import StringIO

import duckdb
import pytest

from pipelines.settings import Settings, SettingsError, load_settings
from pipelines.warehouse import lock, query
from pipelines.warehouse.connection import transaction, writing
from pipelines.warehouse.publish import PublishError, publish_file
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import SchemaError, apply_schema, declared_comments, declared_tables


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def publish(settings: Settings) -> None:
    with writing(settings) as connection:
        connection.execute("CHECKPOINT")
    publish_file(settings)


class TestSchema:
    def test_every_table_and_column_says_what_it_is(self):
        missing = [t for t, comment in declared_comments().items() if not comment]
        missing += [
            f"{table}.{c.name}"
            for table, cs in declared_tables().items()
            for c in cs
            if not c.description
        ]
        assert not missing

    def test_staging_declares_what_an_article_states_as_the_warehouse_does(self):
        # The two tables hold the same values before and after validation: a column added to one
        # alone would be lost on the way.
        tables = declared_tables()
        staged = {c.name: c.data_type for c in tables["staging.articles"]}
        stored = {c.name: c.data_type for c in tables["article_versions"]}
        assert stored.keys() - staged.keys() == {"version", "change_kind", "valid_from", "valid_to"}
        assert not [n for n in stored.keys() & staged.keys() if stored[n] != staged[n]]
        staged = {c.name: c.data_type for c in tables["staging.article_blocks"]}
        stored = {c.name: c.data_type for c in tables["article_blocks"]}
        assert stored.keys() - staged.keys() == {"article_id", "version"}
        assert not [n for n in stored.keys() & staged.keys() if stored[n] != staged[n]]

    def test_the_sql_stays_within_what_ducklake_runs(self):
        from pipelines.project import ROOT

        words = (
            "PRIMARY KEY",
            "UNIQUE",
            "FOREIGN KEY",
            "ON CONFLICT",
            "CREATE INDEX",
            "CREATE SEQUENCE",
            "CREATE MACRO",
            " ENUM",
        )
        for path in (ROOT / "sql").rglob("*.sql"):
            text = path.read_text().upper()
            assert not [w for w in words if w in text], path

    def test_applying_it_twice_changes_nothing(self):
        with duckdb.connect() as c:
            apply_schema(c)
            c.execute("INSERT INTO sources (source_id, name, origin) VALUES ('a', 'A', 'observed')")
            apply_schema(c)
            assert c.execute("SELECT count(*) FROM sources").fetchone() == (1,)

    def test_a_column_that_is_new_is_added(self):
        with duckdb.connect() as c:
            apply_schema(c)
            c.execute("ALTER TABLE sources DROP COLUMN usage_terms; DELETE FROM ops.schema_state")
            apply_schema(c)
            assert "usage_terms" in [r[0] for r in c.execute("DESCRIBE sources").fetchall()]

    def test_a_column_of_another_type_is_refused_with_the_mend(self):
        with duckdb.connect() as c:
            apply_schema(c)
            c.execute(
                "ALTER TABLE article_blocks ALTER confidence TYPE VARCHAR; DELETE FROM ops.schema_state"
            )
            with pytest.raises(
                SchemaError, match=r"article_blocks\.confidence is VARCHAR.*migration"
            ):
                apply_schema(c)


class TestRows:
    def test_values_come_back_as_they_went_in(self):
        at = datetime(2026, 3, 2, 1, 2, 3, 456, tzinfo=UTC)
        row = {
            "fetch_id": "f", "fetch_date": date(2026, 3, 2), "fetched_at": at, "payload_sha256": "x",
            "source_id": "s", "extractor_version": "1", "authors": ["Å", 'b"c'],
            "article_body": "e\u0301 👩‍👩‍👧 \\ '; DROP TABLE x; --\n\n\u202e", "is_accessible_for_free": False,
        }  # fmt: skip
        with duckdb.connect() as c:
            c.execute("SET TimeZone = 'UTC'")
            apply_schema(c)
            assert insert_rows(c, "staging.articles", [row]) == 1
            names = ", ".join(row)
            back = c.execute(f"SELECT {names}, headline FROM staging.articles").fetchone()
        assert back == (*row.values(), None)

    def test_an_unknown_column_is_refused(self):
        with duckdb.connect() as c:
            apply_schema(c)
            with pytest.raises(KeyError, match="no column colour"):
                insert_rows(c, "sources", [{"source_id": "a", "colour": 1}])

    def test_a_transaction_is_all_or_nothing(self):
        with duckdb.connect() as c:
            c.execute("CREATE TABLE t (i INTEGER)")
            with pytest.raises(ZeroDivisionError), transaction(c):
                c.execute("INSERT INTO t VALUES (1)")
                raise ZeroDivisionError
            assert c.execute("SELECT count(*) FROM t").fetchone() == (0,)


HOLD = """
import sys, time
from pathlib import Path
from pipelines.warehouse.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


class TestLock:
    @pytest.fixture
    def holder(self, tmp_path):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path / "l")], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()
        process.wait()
        process.stdout.close()

    def test_a_waiting_writer_says_for_whom_it_waits(self, tmp_path, holder):
        said = []
        with pytest.raises(lock.LockTimeoutError, match=str(holder.pid)):
            with lock.writer_lock(tmp_path / "l", timeout=0.2, say=said.append):
                pass
        assert len(said) == 1
        assert f"process {holder.pid} on" in said[0]
        assert not lock.is_free(tmp_path / "l")

    def test_a_killed_holder_leaves_nothing_behind(self, tmp_path, holder):
        holder.kill()
        holder.wait()
        with lock.writer_lock(tmp_path / "l", timeout=2):
            assert not lock.is_free(tmp_path / "l")
        assert lock.is_free(tmp_path / "l")

    def test_the_same_process_enters_again(self, tmp_path):
        with lock.writer_lock(tmp_path / "l"), lock.writer_lock(tmp_path / "l", timeout=0):
            pass
        assert lock.is_free(tmp_path / "l")


class TestPublish:
    def test_a_reader_keeps_its_view_and_the_next_one_sees_the_new(self, settings):
        publish(settings)
        with query.snapshot(settings.published_file) as old:
            with writing(settings) as c:
                insert_rows(c, "sources", [{"source_id": "a", "name": "A", "origin": "observed"}])
            publish(settings)
            assert old.execute("SELECT count(*) FROM sources").fetchone() == (0,)
            script = (
                "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
                "print(c.execute('SELECT count(*) FROM sources').fetchone()[0])"
            )
            fresh = subprocess.run(
                [sys.executable, "-c", script, settings.published_file],
                capture_output=True,
                text=True,
                check=True,
            )
        assert fresh.stdout.strip() == "1"

    def test_the_published_file_cannot_be_written(self, settings):
        publish(settings)
        assert settings.published_file.stat().st_mode & 0o777 == 0o444

    def test_a_leftover_log_is_refused_not_replayed(self, settings):
        publish(settings)
        before = settings.published_file.read_bytes()
        (settings.published_file.parent / "news.duckdb.wal").write_bytes(b"x")
        with pytest.raises(PublishError, match=r"opened news\.duckdb for writing"):
            publish(settings)
        assert settings.published_file.read_bytes() == before


class TestQuery:
    @pytest.fixture
    def snapshot(self, settings):
        with writing(settings) as c:
            c.execute(
                "CREATE TABLE t AS SELECT 1 AS i, TIMESTAMPTZ '2026-03-02 01:02:03+02' AS seen, [1, NULL] AS l, 'a,\"b' AS s, 'NaN'::DOUBLE AS x, DATE '2026-03-02' AS d"
            )
        publish(settings)
        with query.snapshot(settings.published_file) as connection:
            yield connection

    def test_json_is_one_array_with_iso_times(self, snapshot):
        out = StringIO()
        query.write_json(query.run_query(snapshot, "SELECT * FROM t"), out)
        assert json.loads(out.getvalue()) == [
            {
                "i": 1,
                "seen": "2026-03-01T23:02:03+00:00",
                "l": [1, None],
                "s": 'a,"b',
                "x": None,
                "d": "2026-03-02",
            }
        ]
        out = StringIO()
        query.write_json(query.run_query(snapshot, "SELECT 1 WHERE false"), out)
        assert json.loads(out.getvalue()) == []

    def test_csv_is_rfc_4180(self, snapshot):
        out = StringIO()
        query.write_csv(query.run_query(snapshot, "SELECT i, seen, l, s FROM t"), out)
        assert out.getvalue() == 'i,seen,l,s\n1,2026-03-01T23:02:03+00:00,"[1, null]","a,""b"\n'

    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO t SELECT * FROM t", "DELETE FROM t", "CREATE TABLE u (i INTEGER)", "DROP VIEW articles",
            "COPY t TO '{outside}'", "ATTACH '{outside}' AS o", "SELECT * FROM read_csv('/etc/passwd')",
            "SET enable_external_access = true", "INSTALL httpfs", "EXPORT DATABASE '{outside}'",
        ],
    )  # fmt: skip
    def test_nothing_can_be_written_or_reached(self, snapshot, tmp_path, statement):
        with pytest.raises((query.QueryError, duckdb.Error)):
            relation = query.run_query(snapshot, statement.format(outside=tmp_path / "out"))
            if relation is not None:
                relation.fetchall()
        assert not (tmp_path / "out").exists()

    def test_a_missing_snapshot_says_what_makes_one(self, tmp_path):
        with (
            pytest.raises(query.SnapshotError, match="newsledger run makes"),
            query.snapshot(tmp_path / "x"),
        ):
            pass

    def test_a_file_that_is_no_database_is_told(self, tmp_path):
        (tmp_path / "x").write_bytes(b"not a database" * 1000)
        with (
            pytest.raises(query.SnapshotError, match="not a valid DuckDB"),
            query.snapshot(tmp_path / "x"),
        ):
            pass


def test_a_wrong_setting_is_named(monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_WORKERS", "many")
    with pytest.raises(SettingsError, match=r"NEWSLEDGER_WORKERS: .* \(it is 'many'\)"):
        load_settings()


def test_settings_follow_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path))
    settings = load_settings()
    assert settings.published_file == tmp_path / "published" / "news.duckdb"
    assert settings.archive_root == str(tmp_path / "archive")
    assert settings.workers >= 1
