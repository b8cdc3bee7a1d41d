"""An export read back by the tools that it is for gives what the snapshot holds."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from tests.export.conftest import exported, in_snapshot, lines, table


@pytest.fixture(scope="module")
def parquet(samples, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "parquet"
    exported(samples, folder)
    return folder


@pytest.fixture(scope="module")
def comma_separated(samples, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "csv"
    exported(samples, folder, table_format="csv")
    return folder


@pytest.mark.parametrize(
    ("table_format", "gzipped"), [("parquet", False), ("csv", True), ("jsonl", False)]
)
def test_rows_bytes_and_hashes_are_those_of_the_manifest_each_time(
    samples, tmp_path, table_format, gzipped
):
    folder = tmp_path / "out"
    manifest, again = (
        exported(
            samples,
            place,
            table_format=table_format,
            gzip=gzipped,
            kinds=("tables", "ftm", "ninjs"),
        )
        for place in (folder, tmp_path / "again")
    )
    assert manifest == again
    assert json.loads((folder / "manifest.json").read_text()) == manifest
    reader = {"parquet": "read_parquet", "csv": "read_csv", "jsonl": "read_json"}[table_format]
    for said in manifest["tables"]:
        for file in said["files"]:
            content = (folder / file["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"]
            assert len(content) == file["bytes"]
            if file["rows"]:
                ((count,),) = duckdb.sql(
                    f"SELECT count(*) FROM {reader}('{folder / file['path']}')"
                ).fetchall()
                assert count == file["rows"]
        ((count,),) = in_snapshot(samples, f"SELECT count(*) FROM {said['name']}")
        assert said["rows_in_snapshot"] == said["rows_exported"] == count
        assert sum(file["rows"] for file in said["files"]) == count
        assert said["description"]
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    listed = {f["path"] for t in manifest["tables"] for f in t["files"]}
    listed |= {f["path"] for f in manifest["other_files"]}
    assert there == listed | {"manifest.json"}


def test_duckdb_reads_the_partitions_with_the_types_of_the_snapshot(samples, parquet):
    columns = "mention_id, article_id, version, exact, prefix, start_char, in_headline, confidence"
    read = duckdb.sql(
        f"SELECT {columns} FROM read_parquet('{parquet}/mentions/*/*.parquet') ORDER BY ALL"
    ).fetchall()
    assert read == in_snapshot(samples, f"SELECT {columns} FROM mentions ORDER BY ALL")
    described = duckdb.sql(
        f"DESCRIBE SELECT * FROM read_parquet('{parquet}/articles/*/*.parquet')"
    ).fetchall()
    types = {name: data_type for name, data_type, *_ in described}
    assert types["day"] == "DATE"
    assert types["date_published"] == "TIMESTAMP WITH TIME ZONE"
    assert types["authors"] == "VARCHAR[]"
    assert types["version"] == "INTEGER"


def test_the_day_is_that_of_the_articles_first_capture(samples, parquet):
    days = duckdb.sql(
        f"SELECT day, count(*) FROM read_parquet('{parquet}/article_versions/*/*.parquet')"
        " GROUP BY day ORDER BY day"
    ).fetchall()
    assert days == in_snapshot(
        samples,
        "SELECT f.fetch_date, count(*) FROM article_versions v JOIN article_versions f"
        " ON v.article_id = f.article_id AND f.version = 1 GROUP BY 1 ORDER BY 1",
    )


def test_pandas_reads_the_partitions(samples, parquet):
    import pandas

    frame = pandas.read_parquet(parquet / "articles")
    assert len(frame) == 16
    assert str(frame["date_published"].dtype.tz) == "UTC"
    assert {str(day) for day in frame["day"]} == {"2026-03-01", "2026-03-02", "2026-03-03"}
    ferry = frame[frame["headline"].str.contains("38 hurt")].iloc[0]
    assert list(ferry["authors"]) == ["Josephine Tarrant", "Mikael Brandefors"]


def test_polars_reads_the_partitions(samples, parquet):
    import polars

    frame = polars.read_parquet(parquet / "articles" / "**" / "*.parquet", hive_partitioning=True)
    assert frame.schema["day"] == polars.Date
    assert frame.schema["date_published"] == polars.Datetime("us", "UTC")
    assert frame.schema["authors"] == polars.List(polars.String)
    assert frame.filter(polars.col("day") == date(2026, 3, 1)).height == 1


def test_spans_of_time_are_read_everywhere(samples, tmp_path):
    import polars

    exported(samples, tmp_path / "out", tables=("mart.article_changes",))
    (file,) = (tmp_path / "out" / "mart.article_changes").rglob("*.parquet")
    expected = in_snapshot(samples, "SELECT after_time::VARCHAR FROM mart.article_changes")
    assert [(value,) for value in polars.read_parquet(file)["after_time"]] == expected


def test_csv_keeps_quotes_line_breaks_lists_and_tells_null_from_empty(stated, tmp_path):
    settings = stated(
        "UPDATE article_versions SET headline = 'He said \"no\", then\nleft', byline = '',"
        " dateline = NULL, authors = ['Ana \"A\" Li', 'Bo, Jr.']"
    )
    exported(settings, tmp_path / "out", table_format="csv", tables=("articles",))
    path = tmp_path / "out" / "articles.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["headline"] for row in rows} == {'He said "no", then\nleft'}
    assert {tuple(json.loads(row["authors"])) for row in rows} == {('Ana "A" Li', "Bo, Jr.")}
    bodies = in_snapshot(settings, "SELECT article_body FROM articles ORDER BY 1")
    assert sorted(row["article_body"] for row in rows) == sorted(body for (body,) in bodies)
    read = duckdb.sql(
        f"SELECT DISTINCT byline, dateline FROM read_csv('{path}', all_varchar = true,"
        " allow_quoted_nulls = false)"
    ).fetchall()
    assert read == [("", None)]


def test_times_are_utc_in_text_formats(samples, tmp_path):
    exported(samples, tmp_path / "out", table_format="jsonl", tables=("articles",))
    rows = lines(tmp_path / "out" / "articles.jsonl")
    read = sorted(datetime.fromisoformat(row["valid_from"]) for row in rows)
    known = in_snapshot(samples, "SELECT valid_from FROM articles ORDER BY 1")
    assert read == [time.astimezone(UTC) for (time,) in known]
    assert all(isinstance(row["authors"], list | None) for row in rows)


def test_days_choose_rows_and_the_manifest_counts_the_others(samples, tmp_path):
    manifest = exported(samples, tmp_path / "out", since=date(2026, 3, 2), until=date(2026, 3, 2))
    said = table(manifest, "articles")
    ((count,),) = in_snapshot(
        samples,
        "SELECT count(*) FROM article_versions WHERE version = 1 AND fetch_date = '2026-03-02'",
    )
    assert (said["rows_exported"], said["rows_of_other_days"]) == (count, 16 - count)
    assert [file["path"] for file in said["files"]] == ["articles/day=2026-03-02/part-0.parquet"]
    assert table(manifest, "sources")["rows_exported"] == 17


def test_a_day_without_rows_gives_files_that_tell_the_columns(samples, tmp_path):
    manifest = exported(samples, tmp_path / "out", since=date(2027, 1, 1), tables=("mentions",))
    assert table(manifest, "mentions")["rows_exported"] == 0
    read = duckdb.sql(f"SELECT mention_id FROM read_parquet('{tmp_path}/out/mentions.parquet')")
    assert read.fetchall() == []


def test_a_sorted_copy_gives_the_same_files_as_the_table(samples, tmp_path, monkeypatch):
    direct = exported(samples, tmp_path / "direct", tables=("mentions", "articles"))
    monkeypatch.setattr("pipelines.export.tables._SPREAD", -(10**9))
    assert exported(samples, tmp_path / "sorted", tables=("mentions", "articles")) == direct


@pytest.mark.parametrize("folder", ["parquet", "comma_separated"])
def test_the_data_package_is_valid_and_describes_each_column(folder, request):
    from frictionless import Package

    root = request.getfixturevalue(folder)
    package = json.loads((root / "datapackage.json").read_text())
    report = Package.validate_descriptor(str(root / "datapackage.json"))
    assert report.valid, report.flatten(["message"])
    for resource in package["resources"]:
        assert all("type" in field for field in resource["schema"]["fields"])
    names = {licence["name"] for licence in package["licenses"]}
    assert names == {"CC0-1.0"}


def test_the_csv_tables_fit_their_schemas(comma_separated):
    from frictionless import Package

    report = Package(str(comma_separated / "datapackage.json")).validate()
    found = [error for task in report.tasks for error in task.errors]
    assert not found, found[:3]


def test_compressed_files_bear_no_time(samples, tmp_path):
    exported(samples, tmp_path / "out", table_format="csv", gzip=True, tables=("sources",))
    content = (tmp_path / "out" / "sources.csv.gz").read_bytes()
    assert content[4:8] == bytes(4)
    assert gzip.decompress(content).startswith(b"source_id,name,")
