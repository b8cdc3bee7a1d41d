"""Files and WARCs to captures: archived first, recorded once, nothing lost."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import runpy
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.archive import Archive
from pipelines.ingest.capture import BATCH, add_fetches, capture, capture_row
from pipelines.ingest.files import read_path
from pipelines.ingest.records import Candidate
from pipelines.project import ROOT
from pipelines.warehouse.schema import apply_schema
from tests.factories import page

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def warehouse() -> duckdb.DuckDBPyConnection:
    """An empty warehouse in memory."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    apply_schema(connection)
    return connection


class Line:
    """A warehouse in memory and an archive on disk."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self.connection = connection or warehouse()
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
    reasons = dict(line.rows("location, outcome_reason"))
    assert reasons["cut.warc.gz#2"].startswith(("truncated: ", "warc_damaged: "))
    assert reasons["junk.warc#0"].startswith("warc_damaged: junk.warc: bytes 0 to 420: ")


@pytest.mark.parametrize("claimed", ["2999-12-31T00:00:00Z", "1969-07-20T20:17:00Z"])
def test_a_capture_from_no_possible_day_is_rejected_today(line, tmp_path, claimed):
    (tmp_path / "a.html").write_bytes(page())
    entry = {"file": "a.html", "url": "https://x.example/a", "fetched_at": claimed}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(entry))
    line.take(tmp_path)
    ((outcome, reason, at),) = line.rows("outcome, outcome_reason, fetched_at")
    assert (outcome, at) == ("rejected", NOW)
    assert reason.startswith("capture_date: ")


def test_an_input_without_captures_is_not_read_again(line, tmp_path):
    (tmp_path / "requests.warc.gz").write_bytes(warc(0))
    first = line.take(tmp_path)
    assert (first.seen, dict(first.passed_over)) == (0, {"request": 1})
    assert (line.take(tmp_path).seen, line.take(tmp_path).unchanged) == (1, 1)


def opener(content: bytes):
    return lambda: contextlib.nullcontext(io.BytesIO(content))


class TestRowsOfTheWeb:
    """What the crawl hands over: candidates with bytes in memory, written in its own transaction."""

    def row(self, line, **said):
        candidate = Candidate(
            "src", "page", "https://w.example/a", target_uri="https://w.example/a", **said
        )
        return capture_row(line.archive, candidate, run_id="run", now=NOW, limit=1000)

    def test_a_payload_is_in_the_archive_before_the_row_is_written(self, line):
        row = self.row(
            line, open=opener(page()), robots_verdict="allowed", tdm_reservation="1", entry_id="e1"
        )
        assert line.archive.get(row["archive_path"]) == page()
        assert add_fetches(line.connection, [row, dict(row)]) == [row]
        assert add_fetches(line.connection, [row]) == []
        assert line.rows("outcome, robots_verdict, tdm_reservation, entry_id") == [
            ("captured", "allowed", "1", "e1")
        ]

    @pytest.mark.parametrize("outcome", ["failed", "refused"])
    def test_what_was_not_to_be_had_says_so(self, line, outcome):
        row = self.row(line, problem="timeout: 60 s", outcome=outcome, fetched_at=NOW)
        add_fetches(line.connection, [row])
        assert line.rows("outcome, outcome_reason, payload_sha256") == [
            (outcome, "timeout: 60 s", None)
        ]

    def test_an_answer_of_no_use_is_kept_as_evidence(self, line):
        row = self.row(
            line, open=opener(b"<html>"), problem="content_type: video/mp4", outcome="failed"
        )
        assert (row["outcome"], row["outcome_reason"]) == ("failed", "content_type: video/mp4")
        assert line.archive.get(row["archive_path"]) == b"<html>"

    def test_a_redirect_needs_no_body_and_a_page_does(self, line):
        assert self.row(line, open=opener(b""), http_status=301)["outcome"] == "captured"
        assert self.row(line, open=opener(b""), http_status=200)["outcome_reason"].startswith(
            "empty"
        )


HOSTILE = {
    "nul": "a\0b",
    "escape": "a\x1b[31;1mred\x07",
    "bidi": "a\u202egpj.exe",
    "zero-width": "a\u200b\ufeffb",
    "surrogate": "a\udcff\ud800",
    "line-breaks": "a\r\nSet-Cookie: x\u2028",
    "sql": "a'); DROP TABLE raw.fetches; --",
    "quotes": """a"\'`$()\\;""",
    "traversal": "../../../../etc/passwd",
    "html": "<script>alert(1)</script>",
    "long": "a" * 1_000_000,
}


class TestHostileNames:
    @pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
    def test_text_from_outside_is_stored_printable_and_bounded(self, line, name):
        uri = f"https://w.example/{name}"
        candidate = Candidate(
            "src",
            "page",
            name,
            open=opener(page()),
            target_uri=uri,
            final_uri=uri,
            content_type=name,
            charset=name,
            etag=name,
            last_modified=name,
            tdm_reservation=name,
            usage_preference=name,
            robots_meta=name,
        )
        failed = Candidate("src", "page", name, target_uri=uri, problem=f"odd: {name}")
        report = capture(
            line.connection,
            line.archive,
            [candidate, failed],
            run_id="r",
            now=NOW,
            max_payload_bytes=1000,
        )
        assert report.captured + report.rejected == 2
        for row in line.rows("COLUMNS(*)"):
            for value in (v for v in row if isinstance(v, str)):
                assert value.isprintable()
                assert len(value) <= 8000
                value.encode()
        again = capture(
            line.connection,
            line.archive,
            [candidate, failed],
            run_id="r",
            now=NOW,
            max_payload_bytes=1000,
        )
        assert again.unchanged == 2

    def test_an_address_that_nobody_could_visit_is_rejected_and_its_payload_kept(self, line):
        candidate = Candidate(
            "src", "page", "p", open=opener(page()), target_uri="https://w.example/" + "a" * 9000
        )
        row = capture_row(line.archive, candidate, run_id="r", now=NOW, limit=1000)
        assert row["outcome_reason"].startswith("address_too_long: 9,018 characters")
        assert line.archive.get(row["archive_path"]) == page()

    def test_names_of_files_stay_apart_and_are_found_again(self, line, tmp_path):
        folder = tmp_path / "in"
        folder.mkdir()
        names = [
            b"esc\x1b[31m.txt",
            b"not-utf-8-\xff.txt",
            b"new\nline.txt",
            "bidi\u202e.txt".encode(),
            b"'; DROP TABLE x.txt",
        ]
        for name in names:
            (folder / os.fsdecode(name)).write_bytes(b"text of " + name)
        assert line.take(folder).captured == len(names)
        assert len({location for (location,) in line.rows("location")}) == len(names)
        assert line.take(folder).unchanged == len(names), "none is opened again"

    @pytest.mark.parametrize(
        "file", ["a\0b", "a" * 5000, "\ud800", "x/../../secret", "[" * 100_000]
    )
    def test_a_manifest_can_name_anything(self, line, tmp_path, file):
        entry = file if file.startswith("[[") else json.dumps({"file": file})
        (tmp_path / "manifest.jsonl").write_text(entry)
        assert line.take(tmp_path).rejected == 1
        ((reason,),) = line.rows("outcome_reason")
        assert reason.startswith("manifest_line: manifest.jsonl:1: ")

    @pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
    def test_a_day_beyond_all_calendars_is_rejected(self, line, at):
        candidate = Candidate(
            "src", "page", "p", open=opener(page()), fetched_at=datetime.fromisoformat(at)
        )
        row = capture_row(line.archive, candidate, run_id="r", now=NOW, limit=1000)
        assert row["outcome_reason"].startswith("capture_date: ")


def test_the_sample_archive_is_what_its_script_makes(tmp_path):
    script = runpy.run_path(str(ROOT / "samples" / "build_warc.py"))
    script["build"](tmp_path / "crawl.warc.gz")
    made = (tmp_path / "crawl.warc.gz").read_bytes()
    assert gzip.decompress(made) == gzip.decompress(
        (ROOT / "samples/archive/crawl.warc.gz").read_bytes()
    )
