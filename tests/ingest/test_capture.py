"""Files and WARCs to captures: archived first, recorded once, nothing lost."""

from __future__ import annotations

import gzip
import io
import json
import runpy
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.archive import Archive, NotArchivedError, PayloadTooLargeError, path_of
from pipelines.ingest.capture import BATCH, capture
from pipelines.ingest.files import read_path
from pipelines.project import ROOT
from pipelines.warehouse.schema import apply_schema
from tests.factories import page

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


class Line:
    """A warehouse in memory and an archive on disk."""

    def __init__(self, folder: Path) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        apply_schema(self.connection)
        self.archive = Archive(str(folder / "archive"))

    def take(self, path: Path, manifest: str | None = None, limit: int = 1 << 20):
        return capture(
            self.connection,
            self.archive,
            read_path("src", path, manifest),
            run_id="run",
            now=NOW,
            max_payload_bytes=limit,
        )

    def rows(self, columns: str):
        return self.connection.execute(
            f"SELECT {columns} FROM raw.fetches ORDER BY location, fetched_at"
        ).fetchall()


@pytest.fixture
def line(tmp_path):
    return Line(tmp_path)


def test_a_folder_is_read_whole_and_gzip_is_read_through(line, tmp_path):
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"one")
    (folder / "deep" / "b.html").write_bytes(page())
    (folder / "c.html.gz").write_bytes(gzip.compress(page()))
    (folder / ".hidden").write_bytes(b"x")
    report = line.take(folder)
    assert (report.seen, report.captured, report.rejected) == (3, 3, 0)
    rows = line.rows("location, content_type, payload_bytes, outcome, fetched_at, archive_path")
    assert [r[:4] for r in rows] == [
        ("a.txt", "text/plain", 3, "captured"),
        ("c.html.gz", "text/html", len(page()), "captured"),
        ("deep/b.html", "text/html", len(page()), "captured"),
    ]
    assert {r[4] for r in rows} == {NOW}
    assert line.archive.get(rows[1][5]) == page()
    assert rows[1][5] == rows[2][5], "the same bytes twice are one payload"


def test_reading_again_adds_nothing_and_opens_nothing(line, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"one")
    line.take(folder)
    again = line.take(folder)
    assert (again.seen, again.unchanged, again.captured) == (1, 1, 0)
    (folder / "a.txt").write_bytes(b"changed")
    assert line.take(folder).captured == 1
    assert len(line.rows("fetch_id")) == 2


def test_a_manifest_gives_addresses_times_and_exactly_its_files(line, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_bytes(page())
    (folder / "not-listed.html").write_bytes(page("Other"))
    entry = {
        "file": "a.html",
        "url": "https://x.example/a",
        "fetched_at": "2026-03-01T23:30:00-02:00",
        "colour": 1,
    }
    (folder / "list.jsonl").write_text(json.dumps(entry) + "\n\n")
    report = line.take(folder, "list.jsonl")
    assert line.rows("location, target_uri, fetched_at, fetch_date::VARCHAR") == [
        ("a.html", "https://x.example/a", datetime(2026, 3, 2, 1, 30, tzinfo=UTC), "2026-03-02")
    ]
    assert {str(day) for day in report.days} == {"2026-03-02"}


def test_bad_manifest_lines_are_rows_with_file_and_line_beside_the_good_ones(line, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.html").write_bytes(page())
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "manifest.jsonl").write_text(
        "\n".join(
            [
                "{not json",
                json.dumps({"url": "https://x.example"}),
                json.dumps({"file": "../secret.txt"}),
                json.dumps({"file": "missing.html"}),
                json.dumps({"file": "good.html", "fetched_at": "yesterday"}),
                json.dumps({"file": "good.html"}),
            ]
        )
    )
    report = line.take(folder)
    assert (report.captured, report.rejected) == (1, 5)
    reasons = dict(line.rows("location, outcome_reason"))
    assert "not JSON" in reasons["manifest.jsonl:1"]
    assert 'needs a "file"' in reasons["manifest.jsonl:2"]
    assert "outside the folder" in reasons["manifest.jsonl:3"]
    assert "there is no file" in reasons["manifest.jsonl:4"]
    assert "yesterday" in reasons["manifest.jsonl:5"]
    assert reasons["good.html"] is None
    assert line.take(folder).rejected == 0, "a second reading reports them once"


def test_unreadable_inputs_are_rows_with_reasons(line, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "empty.html").write_bytes(b"")
    (folder / "cut.html.gz").write_bytes(gzip.compress(page() * 50)[:-200])
    (folder / "no.html.gz").write_bytes(b"this is not gzip")
    (folder / "huge.txt").write_bytes(b"x" * 2000)
    (folder / "bomb.txt.gz").write_bytes(gzip.compress(b"\0" * 3_000_000))
    (folder / "good.txt").write_bytes(b"good")
    report = line.take(folder, limit=1000)
    assert (report.captured, report.rejected) == (1, 5)
    reasons = {k: (o, r) for k, o, r in line.rows("location, outcome, outcome_reason")}
    assert reasons["empty.html"][1].startswith("empty:")
    assert reasons["cut.html.gz"][1].startswith(("unreadable: EOFError", "too_large"))
    assert reasons["no.html.gz"][1].startswith("unreadable: BadGzipFile")
    assert reasons["huge.txt"][1].startswith("too_large:")
    assert reasons["bomb.txt.gz"][1].startswith("too_large:")
    assert reasons["good.txt"] == ("captured", None)


def test_the_bytes_of_a_damaged_file_are_kept_as_evidence(line, tmp_path):
    damaged = gzip.compress(page() * 50)[:-30]
    (tmp_path / "cut.html.gz").write_bytes(damaged)
    line.take(tmp_path / "cut.html.gz")
    ((outcome, path),) = line.rows("outcome, archive_path")
    assert outcome == "rejected"
    assert line.archive.get(path) == damaged


def warc(records: int = 2) -> bytes:
    """A WARC with an article a record, an image, a revisit and a request."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for number in range(records):
        headers = StatusAndHeaders(
            "200 OK",
            [("Content-Type", "text/html; charset=utf-8"), ("ETag", '"v1"')],
            protocol="HTTP/1.1",
        )
        writer.write_record(
            writer.create_warc_record(
                f"https://w.example/{number}",
                "response",
                payload=io.BytesIO(page(f"Headline number {number}")),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": "2026-02-27T10:00:00Z"},
            )
        )
    writer.write_record(
        writer.create_warc_record(
            "https://w.example/0",
            "request",
            payload=io.BytesIO(b"GET /0 HTTP/1.1\r\nHost: w.example\r\n\r\n"),
        )
    )
    return out.getvalue()


def test_a_warc_gives_its_records_under_their_own_dates(line, tmp_path):
    (tmp_path / "c.warc.gz").write_bytes(warc(BATCH + 5))
    report = line.take(tmp_path / "c.warc.gz")
    assert report.captured == BATCH + 5
    row = line.rows(
        "target_uri, fetch_date::VARCHAR, http_status, content_type, charset, etag, kind"
    )[0]
    assert row == ("https://w.example/0", "2026-02-27", 200, "text/html", "utf-8", '"v1"', "warc")
    again = line.take(tmp_path / "c.warc.gz")
    assert (again.seen, again.unchanged) == (1, 1), "an unchanged WARC is not opened"


def test_a_damaged_warc_keeps_what_came_before_the_damage(line, tmp_path):
    whole = warc(4)
    (tmp_path / "cut.warc.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "junk.warc").write_bytes(b"\x00\x01 not a warc at all\n" * 20)
    (tmp_path / "good.txt").write_text("good")
    report = line.take(tmp_path)
    assert report.captured >= 2
    reasons = [r for (r,) in line.rows("outcome_reason") if r]
    assert any(r.startswith("warc_damaged: cut.warc.gz: after 2 records") for r in reasons)
    assert len(reasons) >= 2, "the file that is no WARC has its reason too"


@pytest.mark.parametrize("claimed", ["2999-12-31T00:00:00Z", "1969-07-20T20:17:00Z"])
def test_a_capture_from_no_possible_day_is_rejected_today(line, tmp_path, claimed):
    (tmp_path / "a.html").write_bytes(page())
    entry = {"file": "a.html", "url": "https://x.example/a", "fetched_at": claimed}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(entry))
    line.take(tmp_path)
    ((outcome, reason, at),) = line.rows("outcome, outcome_reason, fetched_at")
    assert (outcome, at) == ("rejected", NOW)
    assert reason.startswith("capture_date: ")


def test_the_sample_archive_is_what_its_script_makes(tmp_path):
    script = runpy.run_path(str(ROOT / "samples" / "build_warc.py"))
    script["build"](tmp_path / "crawl.warc.gz")
    made = (tmp_path / "crawl.warc.gz").read_bytes()
    assert gzip.decompress(made) == gzip.decompress(
        (ROOT / "samples/archive/crawl.warc.gz").read_bytes()
    )


class TestArchive:
    def test_equal_payloads_are_one_file_named_by_their_hash(self, tmp_path):
        archive = Archive(str(tmp_path))
        first, second = (archive.put(io.BytesIO(b"abc"), 10) for _ in range(2))
        assert first == second
        assert first.path == path_of(first.sha256)
        assert archive.get(first.path) == b"abc"
        assert len(list(tmp_path.rglob("*.gz"))) == 1

    def test_nothing_is_left_of_what_is_too_large(self, tmp_path):
        with pytest.raises(PayloadTooLargeError):
            Archive(str(tmp_path)).put(io.BytesIO(b"abc" * 10), 10)
        assert not list(tmp_path.rglob("*.gz"))

    def test_missing_damaged_and_swapped_payloads_are_told_apart(self, tmp_path):
        archive = Archive(str(tmp_path))
        with pytest.raises(NotArchivedError, match="has no"):
            archive.get(path_of("0" * 64))
        payload = archive.put(io.BytesIO(b"abc"), 10)
        (tmp_path / payload.path).write_bytes(b"junk")
        with pytest.raises(NotArchivedError, match="damaged"):
            archive.get(payload.path)
        (tmp_path / payload.path).write_bytes(gzip.compress(b"other"))
        with pytest.raises(NotArchivedError, match="other bytes"):
            archive.get(payload.path)

    def test_any_fsspec_file_system_will_do(self):
        archive = Archive("memory://newsledger-archive")
        payload = archive.put(io.BytesIO(b"abc"), 10)
        assert archive.get(payload.path) == b"abc"
