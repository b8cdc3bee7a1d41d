"""What docs/connect.md says of other clients, on the samples' snapshot.

Its blocks of Python and SQL are run by test_docs.py. Here is what a page cannot show: what a client may
not do, what it sees when a run publishes, and the clients that are installed only by those who use them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib import metadata, util
from pathlib import Path

import duckdb
import pytest

from pipelines.project import ROOT
from pipelines.settings import Settings
from pipelines.warehouse.publish import PublishError, publish_file

PAGE = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
ARTICLES = 16
NEWEST = "2026-03-03 18:00:00+00:00"
FAR_FROM_UTC = "America/Lima"


@pytest.fixture(scope="module")
def snapshot(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples' snapshot under the path that the page has for it, in a folder of its own."""
    published = tmp_path_factory.mktemp("connect") / "data" / "published"
    published.mkdir(parents=True)
    shutil.copyfile(sample_home / "published" / "news.duckdb", published / "news.duckdb")
    (published / "news.duckdb").chmod(0o444)
    return published / "news.duckdb"


@pytest.fixture
def in_lima(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session far from UTC, where an omitted SET TimeZone shows."""
    monkeypatch.setenv("TZ", FAR_FROM_UTC)


def python_of(section: str) -> str:
    """The block of Python below the paragraph that begins with ``**section**``."""
    found = re.search(rf"\*\*{section}\*\*.*?```python\n(.*?)```", PAGE, re.DOTALL)
    assert found, section
    return found[1]


def address_of_superset() -> str:
    found = re.search(r"^duckdb:////ABSOLUTE/PATH/\S+$", PAGE, re.MULTILINE)
    assert found
    return found[0]


class TestSqlalchemy:
    """The address that Superset, JupySQL and pandas are given, with whichever dialect is installed."""

    @pytest.fixture
    def engine(self, snapshot):
        sa = pytest.importorskip("sqlalchemy")
        folder = f"{snapshot.parents[2]}".lstrip("/")
        engine = sa.create_engine(address_of_superset().replace("ABSOLUTE/PATH", folder))
        yield engine
        engine.dispose()

    def test_it_reads(self, engine):
        with engine.connect() as connection:
            counted = connection.exec_driver_sql("SELECT count(*) FROM articles").scalar()
        assert counted == ARTICLES

    def test_it_cannot_write(self, engine):
        sa = pytest.importorskip("sqlalchemy")
        with (
            engine.connect() as connection,
            pytest.raises(sa.exc.DBAPIError, match="attached in read-only mode"),
        ):
            connection.exec_driver_sql("CREATE TABLE mine (x INTEGER)")

    def test_it_finds_the_tables_and_views(self, engine):
        sa = pytest.importorskip("sqlalchemy")
        found = sa.inspect(engine)
        assert "mentions" in found.get_table_names(schema="main")
        assert {"dim_entity", "fct_mention"} <= set(found.get_view_names(schema="mart"))
        columns = {column["name"] for column in found.get_columns("dim_entity", schema="mart")}
        assert "entity_id" in columns


@pytest.mark.skipif(not util.find_spec("ibis"), reason="ibis is not installed")
def test_ibis(snapshot, in_lima, monkeypatch):
    monkeypatch.chdir(snapshot.parents[2])
    names: dict[str, object] = {}
    exec(compile(python_of("ibis"), "docs/connect.md", "exec"), names)
    news = names["news"]
    assert news.table("articles").count().execute() == ARTICLES
    assert str(news.table("fetches", database="raw").fetched_at.max().execute()) == NEWEST


@pytest.mark.skipif(not shutil.which("duckdb"), reason="the duckdb command is not installed")
@pytest.mark.parametrize(
    "line", re.findall(r"^duckdb -readonly (?!-ui).*$", PAGE, re.MULTILINE), ids=["shell", "query"]
)
def test_the_command_line(line, snapshot, in_lima):
    done = subprocess.run(
        ["bash", "-c", line.replace(" -readonly", " -readonly -csv", 1)],
        input="SELECT count(*), current_setting('TimeZone') FROM articles;",
        capture_output=True,
        text=True,
        cwd=snapshot.parents[2],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].startswith(f"{ARTICLES}")


def test_every_view_answers_where_the_file_is_attached_and_used(snapshot):
    with duckdb.connect() as own:
        own.execute(f"ATTACH '{snapshot}' AS anything (READ_ONLY)")
        own.execute("USE anything")
        views = own.execute(
            "SELECT schema_name, view_name FROM duckdb_views()"
            " WHERE NOT internal AND database_name = 'anything'"
        ).fetchall()
        assert len(views) > 10
        for schema, view in views:
            own.execute(f'SELECT * FROM "{schema}"."{view}"').fetchall()


def test_the_file_is_in_the_format_that_the_page_names(snapshot):
    with duckdb.connect(snapshot, read_only=True) as news:
        found = news.execute("SELECT tags FROM duckdb_databases() WHERE NOT internal").fetchone()
    assert found == ({"storage_version": "v1.0.0+"},)
    assert "written in the format of DuckDB 1.0" in PAGE


def replaced(published: Path) -> None:
    """What a run does: another file, with fewer articles, in the place of the published one."""
    fresh = published.with_name("news.duckdb.new")
    shutil.copyfile(published, fresh)
    with duckdb.connect(fresh) as writing:
        writing.execute("DELETE FROM article_versions")
        writing.execute("CHECKPOINT")
    fresh.replace(published)


def counted(news: duckdb.DuckDBPyConnection) -> int:
    (number,) = news.execute("SELECT count(*) FROM articles").fetchone()
    return number


def test_who_reads_keeps_the_old_snapshot_until_all_connections_are_closed(snapshot, tmp_path):
    own = tmp_path / "news.duckdb"
    shutil.copyfile(snapshot, own)
    first = duckdb.connect(own, read_only=True)
    assert counted(first) == ARTICLES
    replaced(own)
    second = duckdb.connect(own, read_only=True)
    assert (counted(first), counted(second)) == (ARTICLES, ARTICLES)
    first.close()
    assert counted(second) == ARTICLES
    second.close()
    with duckdb.connect(own, read_only=True) as third:
        assert counted(third) == 0


def test_a_log_of_one_who_wrote_keeps_a_run_from_publishing(snapshot, tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path))
    settings = Settings()
    for file in (settings.warehouse_file, settings.published_file):
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(snapshot, file)
    log = settings.published_file.with_name("news.duckdb.wal")
    with duckdb.connect(settings.published_file) as writing:
        writing.execute("CREATE TABLE mine (x INTEGER)")
        assert log.exists()
        with pytest.raises(PublishError, match="move it away, and run again"):
            publish_file(settings)


def test_reading_leaves_nothing_beside_the_file(snapshot):
    with duckdb.connect(snapshot, read_only=True) as news:
        counted(news)
        assert [path.name for path in snapshot.parent.iterdir()] == ["news.duckdb"]


@pytest.mark.parametrize(
    ("message", "statement"),
    [
        ("attached in read-only mode", "CREATE TABLE mine (x INTEGER)"),
        ("the icu extension needs to be loaded", None),
        ("same database file with a different configuration", None),
        ("Table with name entities does not exist", None),
    ],
)
def test_messages_that_the_page_explains_are_duckdbs(message, statement, snapshot):
    assert message in PAGE
    with duckdb.connect(snapshot, read_only=True) as news:
        with pytest.raises(duckdb.Error, match=message):
            if statement:
                news.execute(statement)
            elif "icu" in message:
                news.close()
                duckdb.connect(snapshot, read_only=True, config={"TimeZone": "UTC"})
            elif "configuration" in message:
                duckdb.connect(snapshot)
            else:
                with duckdb.connect() as own:
                    own.execute("CREATE SCHEMA mart")
                    own.execute("CREATE VIEW mart.v AS SELECT * FROM entities")


def test_versions_in_the_table_are_those_of_the_locks():
    locks = (ROOT / "requirements.lock").read_text() + (ROOT / "requirements-dev.lock").read_text()
    rows = dict(re.findall(r"^\| ([^|]+?) +\| ([^|]*?) +\|", PAGE, re.MULTILINE))
    wanted = {
        "SQLAlchemy with duckdb-sqlalchemy": ("sqlalchemy", "duckdb-sqlalchemy"),
    }
    for client, packages in wanted.items():
        for package in packages:
            (version,) = set(re.findall(rf"^{package}==(\S+)", locks, re.MULTILINE))
            assert version in rows[client], package
    assert f"| Python: duckdb | {metadata.version('duckdb')} | test |" in PAGE
