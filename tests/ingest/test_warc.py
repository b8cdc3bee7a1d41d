"""WARC and ARC: every readable record captured, every unreadable one recorded, revisits resolved."""

from __future__ import annotations

import contextlib
import gzip
import random
import tracemalloc
import zlib
from datetime import UTC, date, datetime

import pytest

from pipelines.archive import path_of
from pipelines.ingest import warc_bytes, warc_records
from pipelines.ingest.files import read_path
from pipelines.ingest.warc import is_warc, read_warc
from pipelines.ingest.warc_payload import digest_value
from tests.factories import page
from tests.ingest.test_capture import Line, warehouse
from tests.ingest.warcs import (
    arc,
    digest,
    http,
    packed,
    record,
    response,
    revisit,
)

A, B = "https://w.example/a", "https://w.example/b"
LATER = "2026-02-28T10:00:00Z"
PAGE, OTHER = page("The first page"), page("Another page")


@pytest.fixture(scope="module")
def shared_warehouse():
    return warehouse()


@pytest.fixture
def line(tmp_path, shared_warehouse):
    for table in ("raw.fetches", "raw.inputs", "ops.extractions"):
        shared_warehouse.execute(f"DELETE FROM {table}")
    return Line(tmp_path / "home", shared_warehouse)


def take(line, path, content: bytes, name: str = "t.warc.gz", limit: int = 1 << 20):
    path.mkdir(exist_ok=True)
    (path / name).write_bytes(content)
    return line.take(path / name, limit=limit)


class TestRevisits:
    def test_one_becomes_a_capture_of_the_payload_at_its_own_time_and_address(self, line, tmp_path):
        report = take(line, tmp_path, packed([response(A, PAGE), revisit(B, PAGE, at=LATER)]))
        assert (report.captured, report.resolved) == (2, 1)
        first, second = line.rows(
            "target_uri, fetch_date::VARCHAR, payload_sha256, archive_path, payload_bytes,"
            " http_status, content_type, charset, outcome, outcome_reason"
        )
        assert second[:2] == (B, "2026-02-28")
        assert second[2:] == first[2:], "the same payload, at the same place"

    def test_it_may_come_before_what_it_refers_to(self, line, tmp_path):
        report = take(line, tmp_path, packed([revisit(B, PAGE, at=LATER), response(A, PAGE)]))
        assert report.resolved == 1
        assert len({path for (path,) in line.rows("archive_path")}) == 1

    def test_what_it_refers_to_may_be_of_an_earlier_import_or_another_source(self, line, tmp_path):
        take(line, tmp_path / "one", packed([response(A, PAGE)]))
        line.connection.execute("UPDATE raw.fetches SET source_id = 'another'")
        assert take(line, tmp_path / "two", packed([revisit(B, PAGE, at=LATER)])).resolved == 1

    def test_or_of_a_later_one_and_then_it_is_worked_on_again(self, line, tmp_path):
        first = take(line, tmp_path / "one", packed([revisit(B, PAGE, at=LATER)]))
        assert (first.captured, first.resolved) == (1, 0)
        ((fetch_id, path, reason),) = line.rows("fetch_id, archive_path, outcome_reason")
        assert path is None
        assert reason.startswith("revisit: ")
        line.connection.execute(
            "INSERT INTO ops.extractions BY NAME SELECT ? AS fetch_id, '2026-02-28' AS fetch_date,"
            " 'x' AS extractor_version, 'skipped' AS outcome, 'revisit' AS outcome_reason,"
            " now() AS extracted_at, now() AS fetched_at",
            [fetch_id],
        )
        second = take(line, tmp_path / "two", packed([response(A, PAGE)]))
        assert second.resolved == 1
        assert second.days == {date(2026, 2, 27), date(2026, 2, 28)}
        rows = dict(line.rows("target_uri, (archive_path, outcome_reason)"))
        assert rows[A] == rows[B]
        left = line.connection.execute("SELECT count(*) FROM ops.extractions").fetchone()
        assert left == (0,), "its skip is taken back, so that its day is pending"

    def test_its_row_is_the_same_whether_its_payload_was_known_or_not(self, line, tmp_path):
        files = [packed([revisit(B, PAGE, at=LATER)]), packed([response(A, PAGE)])]
        other = Line(tmp_path / "other")
        for number, content in enumerate(files):
            take(line, tmp_path / f"{number}", content, "a.warc.gz")
        for number, content in reversed(list(enumerate(files))):
            take(other, tmp_path / f"{number}", content, "a.warc.gz")
        assert line.rows("*") == other.rows("*")
        (tmp_path / "0" / "a.warc.gz").touch()
        assert line.take(tmp_path / "0" / "a.warc.gz").unchanged == 1
        assert len(line.rows("*")) == 2

    def test_without_a_digest_address_and_time_tell(self, line, tmp_path):
        records = [
            response(A, OTHER, at="2026-02-26T10:00:00Z"),
            response(A, PAGE, at="2026-02-27T10:00:00.25Z"),
            revisit(A, None, at=LATER, of=(A, "2026-02-27T10:00:00.250Z")),
        ]
        assert take(line, tmp_path, packed(records)).resolved == 1
        shas = [sha for (sha,) in line.rows("payload_sha256")]
        assert shas[2] == shas[1] != shas[0]

    def test_but_not_of_another_source_which_anybody_may_call_so(self, line, tmp_path):
        take(line, tmp_path / "one", packed([response(A, PAGE)]))
        line.connection.execute("UPDATE raw.fetches SET source_id = 'another'")
        by_address = packed([revisit(A, None, at=LATER, of=(A, "2026-02-27T10:00:00Z"))])
        assert take(line, tmp_path / "two", by_address).resolved == 0

    def test_a_digest_that_is_not_the_bytes_own_resolves_nothing(self, line, tmp_path):
        forged = response(B, OTHER, WARC_Payload_Digest=digest(PAGE))
        report = take(line, tmp_path, packed([forged, revisit(A, PAGE, at=LATER)]))
        assert report.resolved == 0
        reasons = dict(line.rows("target_uri, outcome_reason"))
        assert reasons[B].startswith("digest_mismatch: ")
        assert reasons[A].startswith("revisit: ")

    def test_where_the_server_said_unmodified_the_page_has_the_status_it_had(self, line, tmp_path):
        records = [
            response(A, PAGE),
            revisit(A, PAGE, at=LATER, status="304 Not Modified"),
            revisit(B, OTHER, at=LATER, status="304 Not Modified"),
        ]
        assert take(line, tmp_path, packed(records)).resolved == 1
        assert line.rows("http_status, content_type, charset") == [
            (200, "text/html", "utf-8"),
            (200, "text/html", "utf-8"),
            (304, None, None),
        ]

    def test_digests_meet_whatever_their_spelling(self, line, tmp_path):
        plain = record("response", http(PAGE), WARC_Target_URI=A, WARC_Date="2026-02-27T10:00:00Z")
        report = take(line, tmp_path, packed([plain, revisit(B, PAGE, at=LATER)]))
        assert report.resolved == 1, "a record without a digest is known by ours"

    def test_a_revisit_that_breaks_off_has_its_reason(self, line, tmp_path):
        cut = record("revisit", http(b""), length=9999, WARC_Target_URI=A, WARC_Date=LATER)
        take(line, tmp_path, packed([cut, response(B, PAGE)]))
        reasons = dict(line.rows("target_uri, outcome_reason"))
        assert reasons[A].startswith("truncated: ")
        assert reasons[B] is None


class TestDates:
    @pytest.mark.parametrize(
        ("text", "is_at"),
        [
            ("2026-02-27T10:11:12Z", datetime(2026, 2, 27, 10, 11, 12)),
            ("2026-02-27T10:11:12.123456789Z", datetime(2026, 2, 27, 10, 11, 12, 123456)),
            ("2026-02-27T10:11Z", datetime(2026, 2, 27, 10, 11)),
            ("2026-02-27", datetime(2026, 2, 27)),
            ("2026-02", datetime(2026, 2, 1)),
            ("2025", datetime(2025, 1, 1)),
        ],
    )
    def test_every_precision_of_the_standard_is_read(self, line, tmp_path, text, is_at):
        take(line, tmp_path, response(A, PAGE, at=text), "t.warc")
        assert line.rows("outcome, fetched_at") == [("captured", is_at.replace(tzinfo=UTC))]

    @pytest.mark.parametrize("text", ["", "yesterday", "2026-13-45T00:00:00Z", "\x00", "9" * 400])
    def test_no_date_is_a_reason_and_the_payload_is_kept(self, line, tmp_path, text):
        take(line, tmp_path, response(A, PAGE, at=text), "t.warc")
        ((outcome, reason, path),) = line.rows("outcome, outcome_reason, archive_path")
        assert (outcome, reason[:22]) == ("rejected", "warc_record: bad date ")
        assert line.archive.get(path) == PAGE


class TestRecords:
    def test_what_is_no_capture_is_counted(self, line, tmp_path):
        kinds = ("warcinfo", "request", "metadata", "conversion", "continuation", "our-own")
        records = [record(kind, b"x: y\r\n", WARC_Target_URI=A) for kind in kinds]
        dns = record(
            "response", b"w.example A 192.0.2.1", WARC_Target_URI="dns:w.example", WARC_Date=LATER
        )
        report = take(line, tmp_path, packed([*records, dns, response(A, PAGE)]))
        assert (report.seen, report.captured) == (1, 1)
        assert report.passed_over == dict.fromkeys(kinds, 1) | {"response": 1}

    def test_answers_of_any_status_are_captures(self, line, tmp_path):
        statuses = ("404 Not Found", "301 Moved", "500 Oh", "204 No Content")
        records = [
            record(
                "response",
                http(b"" if s[0] == "3" else b"x", s),
                WARC_Target_URI=A + s[:3],
                WARC_Date=LATER,
            )
            for s in statuses
        ]
        assert take(line, tmp_path, packed(records)).captured == 4
        assert {status for (status,) in line.rows("http_status")} == {404, 301, 500, 204}

    def test_addresses_lose_brackets_and_spaces(self, line, tmp_path):
        records = [
            response(f"<{A}>", PAGE),
            response(f"{A}?q=two words", PAGE),
            record(
                "resource",
                b"text",
                WARC_Target_URI="file:///a b.txt",
                WARC_Date=LATER,
                Content_Type="text/plain",
            ),
        ]
        take(line, tmp_path, packed(records))
        assert {uri for (uri,) in line.rows("target_uri")} == {
            A,
            f"{A}?q=two%20words",
            "file:///a%20b.txt",
        }

    def test_what_headers_state_about_use_is_recorded(self, line, tmp_path):
        block = http(
            PAGE,
            TDM_Reservation="1",
            Content_Usage="train-ai=n",
            X_Robots_Tag="noarchive",
            ETag='"v1"',
        )
        take(
            line, tmp_path, record("response", block, WARC_Target_URI=A, WARC_Date=LATER), "t.warc"
        )
        ((tdm, usage, robots, etag),) = line.rows(
            "tdm_reservation, usage_preference, robots_meta, etag"
        )
        assert tdm.startswith("1")
        assert "train-ai=n" in usage
        assert "noarchive" in robots
        assert etag == '"v1"'

    @pytest.mark.parametrize(
        "name", ["x.warc.gz.open", "x.warc.gz.bad", "x.WARC.1", "x.arc.gz.invalid"]
    )
    def test_names_that_crawlers_give_to_unfinished_files_are_read(self, line, tmp_path, name):
        content = (
            arc((A, "20260227100000", http(PAGE))) if "arc.gz.i" in name else response(A, PAGE)
        )
        take(line, tmp_path, gzip.compress(content) if "gz" in name else content, name)
        assert line.rows("kind, outcome") == [("warc", "captured")]

    @pytest.mark.parametrize("name", ["joan.of.arc.html", "x.warc.txt", "warc.html"])
    def test_other_files_with_such_names_are_what_they_are(self, tmp_path, name):
        (tmp_path / name).write_bytes(PAGE)
        assert not is_warc(tmp_path / name)

    def test_arc_gives_its_records_under_their_own_dates(self, line, tmp_path):
        content = arc(
            (A, "20260227100000", http(PAGE)), (f"{B}?q=two words", "20260228100000", http(OTHER))
        )
        assert take(line, tmp_path, content, "t.arc").captured == 2
        assert take(line, tmp_path, gzip.compress(content), "u.arc.gz").unchanged == 2
        assert line.rows("target_uri, fetch_date::VARCHAR, http_status, payload_bytes") == [
            (A, "2026-02-27", 200, len(PAGE)),
            (f"{B}?q=two%20words", "2026-02-28", 200, len(OTHER)),
        ]

    def test_arc_2_is_read(self, line, tmp_path):
        block = http(PAGE)
        second = (
            f"{A} 192.0.2.1 20260227100000 text/html 200 - - 0 t.arc {len(block)}\n".encode()
            + block
        )
        take(line, tmp_path, arc() + b"\n" + second, "t.arc")
        assert line.rows("target_uri, payload_bytes") == [(A, len(PAGE))]


def chunked(*pieces: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(p), p) for p in pieces) + end


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


CODED = {
    "chunked": (chunked(PAGE[:100], PAGE[100:]), {"Transfer_Encoding": "chunked"}),
    "chunks of a byte": (
        chunked(*(PAGE[i : i + 1] for i in range(len(PAGE)))),
        {"Transfer_Encoding": "chunked"},
    ),
    "no last chunk": (chunked(PAGE, end=b""), {"Transfer_Encoding": "chunked"}),
    "chunks undone": (PAGE, {"Transfer_Encoding": "chunked"}),
    "gzip": (gzip.compress(PAGE), {"Content_Encoding": "gzip"}),
    "gzip in two members": (
        gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]),
        {"Content_Encoding": "x-gzip"},
    ),
    "gzip undone": (PAGE, {"Content_Encoding": "gzip"}),
    "deflate": (zlib.compress(PAGE), {"Content_Encoding": "deflate"}),
    "bare deflate": (deflated(PAGE), {"Content_Encoding": "deflate"}),
    "twice": (gzip.compress(zlib.compress(PAGE)), {"Content_Encoding": "deflate, gzip"}),
    "gzip in chunks": (
        chunked(gzip.compress(PAGE)[:50], gzip.compress(PAGE)[50:]),
        {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"},
    ),
    "brotli undone": (PAGE, {"Content_Encoding": "br"}),
}


def coded(body: bytes, said: dict[str, str], **headers: object) -> bytes:
    named = {"WARC_Target_URI": A, "WARC_Date": LATER} | headers
    return record("response", http(body, **said), **named)


class TestPayloads:
    @pytest.mark.parametrize("kind", CODED)
    def test_codings_are_undone(self, line, tmp_path, kind):
        body, said = CODED[kind]
        take(line, tmp_path, coded(body, said, WARC_Payload_Digest=digest(body)), "t.warc")
        ((outcome, reason, path),) = line.rows("outcome, outcome_reason, archive_path")
        assert (outcome, reason) == ("captured", None)
        assert line.archive.get(path) == PAGE

    @pytest.mark.parametrize(
        ("body", "said", "code"),
        [
            (gzip.compress(PAGE)[:-30], {"Content_Encoding": "gzip"}, "truncated"),
            (gzip.compress(PAGE)[:40] + b"\xff" * 40, {"Content_Encoding": "gzip"}, "unreadable"),
            (chunked(PAGE, end=b"")[:-40], {"Transfer_Encoding": "chunked"}, "truncated"),
            (chunked(PAGE, end=b"zz\r\n"), {"Transfer_Encoding": "chunked"}, "unreadable"),
            (b"\x8b\x03\x80\xff\xfe\xfd" * 20, {"Content_Encoding": "br"}, "unreadable"),
            (PAGE, {"Content_Encoding": ", ".join(["gzip"] * 50)}, "unreadable"),
        ],
    )
    def test_what_cannot_be_undone_is_rejected_with_the_record_as_evidence(
        self, line, tmp_path, body, said, code
    ):
        whole = coded(body, said, WARC_Payload_Digest=digest(body))
        take(line, tmp_path, response(B, OTHER) + whole + response(B + "2", OTHER), "t.warc")
        rows = {
            uri: row for uri, *row in line.rows("target_uri, outcome, outcome_reason, archive_path")
        }
        outcome, reason, path = rows.pop(A)
        assert (outcome, reason.partition(":")[0]) == ("rejected", code)
        assert line.archive.get(path) in whole
        assert [row[0] for row in rows.values()] == ["captured"] * 2

    @pytest.mark.parametrize("name", ["WARC_Payload_Digest", "WARC_Block_Digest"])
    def test_a_digest_that_differs_is_a_remark(self, line, tmp_path, name):
        report = take(line, tmp_path, coded(PAGE, {}, **{name: digest(b"other")}), "t.warc")
        assert (report.captured, report.remarks) == (1, {"digest_mismatch": 1})

    def test_a_digest_of_a_chunked_body_may_be_of_either(self, line, tmp_path):
        body, said = CODED["chunked"]
        for number, content in enumerate((body, PAGE)):
            take(
                line,
                tmp_path,
                coded(body, said, WARC_Payload_Digest=digest(content)),
                f"{number}.warc",
            )
        assert {reason for (reason,) in line.rows("outcome_reason")} == {None}

    def test_a_digest_that_cannot_be_compared_is_none(self, line, tmp_path):
        for number, text in enumerate(
            ("crc32:abcd", "sha1:tooshort", "nonsense", "sha1:" + "!" * 40)
        ):
            take(line, tmp_path, coded(PAGE, {}, WARC_Payload_Digest=text), f"{number}.warc")
        assert {reason for (reason,) in line.rows("outcome_reason")} == {None}

    def test_what_the_crawler_cut_says_so(self, line, tmp_path):
        report = take(
            line,
            tmp_path,
            coded(PAGE, {"Content_Length": "99999"}, WARC_Truncated="length"),
            "t.warc",
        )
        assert report.captured == 1
        ((reason,),) = line.rows("outcome_reason")
        assert "cut_by_crawler: WARC-Truncated says length" in reason
        assert "short_body: " in reason

    def test_a_segment_is_no_whole_payload(self, line, tmp_path):
        take(line, tmp_path, coded(PAGE, {}, WARC_Segment_Number="1"), "t.warc")
        ((outcome, reason),) = line.rows("outcome, outcome_reason")
        assert (outcome, reason[:10]) == ("rejected", "segmented:")

    def test_an_answer_without_http_is_its_own_payload(self, line, tmp_path):
        take(
            line,
            tmp_path,
            record("response", b"plain old text", WARC_Target_URI=A, WARC_Date=LATER),
            "t.warc",
        )
        assert line.rows("payload_bytes, http_status") == [(14, None)]

    def test_headers_without_an_end_are_an_answer_without_a_body(self, line, tmp_path):
        block = b"HTTP/1.1 304 Not Modified\r\nETag: x"
        take(
            line, tmp_path, record("response", block, WARC_Target_URI=A, WARC_Date=LATER), "t.warc"
        )
        assert line.rows("http_status, etag, payload_bytes") == [(304, "x", 0)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (digest(b"x"), "sha1:11f6ad8ec52a2984abaafd7c3b516503785c2072"),
        (
            "SHA-1:11F6AD8EC52A2984ABAAFD7C3B516503785C2072",
            "sha1:11f6ad8ec52a2984abaafd7c3b516503785c2072",
        ),
        ("sha1:EfatjsUqKYSrqv18O1FlA3hcIHI=", "sha1:11f6ad8ec52a2984abaafd7c3b516503785c2072"),
        ("md5:nUFsR8hGQ7Cr8Xx7nrWLVA==", None),
        ("md5:9dd4e461268c8034f5c8564e155c67a6", "md5:9dd4e461268c8034f5c8564e155c67a6"),
        ("sha1:", None),
        (None, None),
    ],
)
def test_digests_are_read_in_the_encodings_that_writers_use(text, value):
    if text and text.startswith("md5:nU"):
        value = "md5:9d416c47c84643b0abf17c7b9eb58b54"
    assert digest_value(text) == value


class TestDamage:
    records = tuple(response(f"{A}/{n}", page(f"Page number {n}")) for n in range(5))

    def outcome(self, line):
        rows = line.rows("target_uri, outcome, outcome_reason")
        captured = {uri for uri, outcome, _ in rows if outcome == "captured"}
        return captured, [reason for _, outcome, reason in rows if outcome != "captured"]

    @pytest.mark.parametrize("is_packed", [True, False])
    @pytest.mark.parametrize(
        "junk", [b"junk\n", b"\x1f\x8b\x08", b"WARC", b"\0" * 5000, b"\r\n" * 5000]
    )
    def test_bytes_between_records_cost_no_record(self, line, tmp_path, is_packed, junk):
        parts = [packed([r]) if is_packed else r for r in self.records]
        take(line, tmp_path, junk.join(parts), "t.warc.gz" if is_packed else "t.warc")
        captured, reasons = self.outcome(line)
        assert len(captured) == 5
        assert all(r.startswith("warc_damaged: ") for r in reasons)
        assert bool(reasons) == bool(junk.strip(b"\0" if is_packed else b"\r\n"))

    @pytest.mark.parametrize("is_packed", [True, False])
    def test_a_length_too_long_takes_no_other_record_with_it(self, line, tmp_path, is_packed):
        bad = record("response", http(PAGE), length=10**6, WARC_Target_URI=A, WARC_Date=LATER)
        records = [*self.records[:2], bad, *self.records[2:]]
        content = packed(records) if is_packed else b"".join(records)
        take(line, tmp_path, content, "t.warc.gz" if is_packed else "t.warc")
        captured, reasons = self.outcome(line)
        assert captured == {f"{A}/{n}" for n in range(5)} | {A}, "whole by HTTP's length"
        assert not reasons

    def test_a_record_that_breaks_off_is_kept_as_evidence(self, line, tmp_path):
        whole = packed(self.records)
        cut = whole[: -len(packed(self.records[4:])) // 2]
        take(line, tmp_path, cut)
        captured, (reason,) = self.outcome(line)
        assert len(captured) == 4
        assert reason.startswith(("truncated: ", "warc_damaged: "))
        ((path,),) = line.connection.execute(
            "SELECT archive_path FROM raw.fetches WHERE outcome = 'rejected'"
        ).fetchall()
        assert cut.endswith(line.archive.get(path))

    @pytest.mark.parametrize("length", [None, "-1", "abc", "", "9" * 5000, "1_000"])
    def test_a_length_that_is_none_is_a_reason_with_address_and_day(self, line, tmp_path, length):
        bad = response(A, PAGE, Content_Length=length)
        take(line, tmp_path, self.records[0] + bad + self.records[1], "t.warc")
        rows = {
            uri: row
            for uri, *row in line.rows("target_uri, outcome, outcome_reason, fetch_date::VARCHAR")
        }
        assert rows[A][0] == "rejected"
        assert "length" in rows[A][1]
        assert rows[A][2] == "2026-02-27"
        assert len(rows) == 3

    def test_a_length_too_short_is_mended_where_the_digest_says_so(self, line, tmp_path):
        bad = response(A, PAGE, Content_Length=len(http(PAGE)) - 7)
        take(line, tmp_path, bad + self.records[0], "t.warc")
        rows = dict(line.rows("target_uri, (payload_bytes, outcome_reason)"))
        assert rows[A][0] == len(PAGE)
        assert rows[A][1].startswith("wrong_length: ")

    def test_a_record_over_several_members_is_one(self, line, tmp_path):
        whole = self.records[0]
        parts = [whole[:1500], whole[1500:2000], whole[2000:]]
        report = take(line, tmp_path, packed([*parts, self.records[1]]))
        assert (report.captured, report.rejected) == (2, 0)

    def test_many_records_in_a_member_are_read(self, line, tmp_path):
        assert take(line, tmp_path, gzip.compress(b"".join(self.records))).captured == 5

    def test_in_a_damaged_member_all_before_the_damage_is_saved(self, line, tmp_path):
        content = bytearray(gzip.compress(b"".join(self.records), 0))
        content[-200] ^= 0xFF
        take(line, tmp_path, bytes(content[:-100]))
        captured, reasons = self.outcome(line)
        assert len(captured) == 4
        assert len(reasons) == 1

    def test_where_gzip_says_damaged_and_no_digest_says_otherwise_it_is(self, line, tmp_path):
        bare = record("response", http(PAGE), WARC_Target_URI=A, WARC_Date=LATER)
        wrong = bytearray(gzip.compress(bare, 0))
        wrong[-100] ^= 1
        take(line, tmp_path, bytes(wrong) + packed(self.records[:1]))
        captured, (reason,) = self.outcome(line)
        assert captured == {f"{A}/0"}
        assert reason.startswith("damaged: ")

    def test_a_file_that_is_no_warc_is_one_row(self, line, tmp_path):
        for name, content in {
            "a.warc": b"text\n" * 999,
            "b.warc.gz": b"text\n" * 999,
            "c.arc": b"",
            "d.warc.gz": b"",
        }.items():
            take(line, tmp_path, content, name)
        rows = line.rows("location, outcome_reason")
        assert len(rows) == 4
        assert all(reason.startswith("warc_damaged: ") for _, reason in rows)

    def test_a_file_full_of_damage_is_given_up(self, line, tmp_path, monkeypatch):
        monkeypatch.setattr(warc_records, "DAMAGES", 20)
        content = b"".join(b"WARC/1.0\r\nX: %d\r\n\r\n" % n for n in range(500))
        report = take(line, tmp_path, content, "t.warc")
        assert report.rejected == 21
        assert any(
            "bytes are left unread" in reason for _, reason in line.rows("location, outcome_reason")
        )

    def test_false_beginnings_of_members_are_given_up(self, line, tmp_path, monkeypatch):
        monkeypatch.setattr(warc_bytes, "FALSE_STARTS", 100)
        take(line, tmp_path, b"\x1f\x8b\x08\x00" * 5000)
        assert len(line.rows("*")) == 1

    @pytest.mark.parametrize("seed", range(40))
    def test_damage_anywhere_costs_only_the_records_it_hits(self, line, tmp_path, seed):
        chance = random.Random(seed)
        is_packed = chance.random() < 0.6
        parts = [packed([r]) if is_packed else r for r in self.records]
        content, (begin, end) = damaged(chance, b"".join(parts))
        path = tmp_path / ("t.warc.gz" if is_packed else "t.warc")
        path.write_bytes(content)
        line.take(path)
        captured, _ = self.outcome(line)
        at = 0
        for number, part in enumerate(parts):
            if at + len(part) <= begin or at >= max(end, begin + 1):
                assert f"{A}/{number}" in captured, f"{number} at {at}, damage {begin} to {end}"
            at += len(part)
        again = line.take(path)
        assert (again.captured, again.rejected) == (0, 0)


def damaged(chance: random.Random, whole: bytes) -> tuple[bytes, tuple[int, int]]:
    """The bytes with something wrong, and where in ``whole`` that is."""
    at, length = chance.randrange(len(whole)), chance.randrange(1, 1500)
    kind = chance.choice(["flip", "cut", "delete", "insert", "zero"])
    if kind == "flip":
        return whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :], (
            at,
            at + 1,
        )
    if kind == "cut":
        return whole[:at], (at, len(whole))
    if kind == "delete":
        return whole[:at] + whole[at + length :], (at, at + length)
    if kind == "insert":
        return whole[:at] + chance.randbytes(length) + whole[at:], (at, at)
    zeros = bytes(len(whole[at : at + length]))
    return whole[:at] + zeros + whole[at + length :], (at, at + length)


class TestBounds:
    """Files that were made to cost memory or time."""

    def peak(
        self, line, tmp_path, content: bytes, name: str = "t.warc.gz", limit: int = 1 << 20
    ) -> float:
        tracemalloc.start()
        try:
            take(line, tmp_path, content, name, limit)
            return tracemalloc.get_traced_memory()[1] / 1e6
        finally:
            tracemalloc.stop()

    def test_a_bomb_is_too_large_in_little_memory(self, line, tmp_path):
        block = http(b"\0" * 100_000_000)
        bomb = gzip.compress(record("response", block, WARC_Target_URI=A, WARC_Date=LATER), 1)
        del block
        assert self.peak(line, tmp_path, bomb + packed([response(B, PAGE)])) < 30
        reasons = dict(line.rows("target_uri, outcome_reason"))
        assert reasons[A].startswith("too_large: ")
        assert reasons[B] is None

    def test_so_is_a_bomb_in_a_coding(self, line, tmp_path):
        body = gzip.compress(gzip.compress(b"\0" * 100_000_000, 1), 1)
        bomb = coded(body, {"Content_Encoding": "gzip, gzip"}, WARC_Payload_Digest=digest(body))
        assert self.peak(line, tmp_path, bomb, "t.warc") < 30
        assert line.rows("outcome_reason")[0][0].startswith("too_large: ")

    @pytest.mark.parametrize(
        "block",
        [
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300_000,
            b"HTTP/1.1 200 OK\r\nX: " + b"y" * 5_000_000,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 5_000_000,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 30_000,
        ],
        ids=["many-headers", "long-header", "long-chunk-size", "huge-chunk", "tiny-chunks"],
    )
    def test_hostile_answers_cost_little(self, line, tmp_path, block):
        content = record("response", block, WARC_Target_URI=A, WARC_Date=LATER)
        assert self.peak(line, tmp_path, content, "t.warc") < 30
        assert len(line.rows("*")) == 1

    @pytest.mark.parametrize(
        "content",
        [
            b"WARC/1.0\r\n" + b"X: y\r\n" * 1_000_000,
            b"WARC/1.0\r\nX: " + b"y" * 5_000_000,
            b"\n" * 5_000_000,
            b"WARC/1.0\r\n\r\n" * 50_000,
            b"x" * 5_000_000,
        ],
        ids=["many-headers", "long-header", "line-breaks", "empty-headers", "one-line"],
    )
    @pytest.mark.parametrize("is_packed", [True, False])
    def test_hostile_headers_cost_little(self, line, tmp_path, content, is_packed):
        name = "t.warc.gz" if is_packed else "t.warc"
        assert (
            self.peak(line, tmp_path, gzip.compress(content, 1) if is_packed else content, name)
            < 30
        )
        assert 1 <= len(line.rows("*")) <= warc_records.DAMAGES + 1

    @pytest.mark.parametrize(
        "name",
        [
            "a\x1b[31m\x07",
            "a\u202egpj",
            "a\udcff",
            "'); DROP TABLE raw.fetches; --",
            "a" * 1_000_000,
        ],
    )
    def test_hostile_addresses_are_stored_printable_or_not_at_all(self, line, tmp_path, name):
        records = [response(f"https://w.example/{name}", PAGE), response(B, OTHER)]
        report = take(line, tmp_path, packed(records))
        assert report.captured + report.rejected == 2
        for (uri,) in line.rows("target_uri"):
            assert uri.isprintable()
            assert len(uri) <= 8000

    def test_a_nul_in_an_address(self, line, tmp_path):
        take(line, tmp_path, packed([response(f"{A}\0b", PAGE)]))
        assert line.rows("target_uri") == [(f"{A}%00b",)]


def test_a_file_that_cannot_be_read_is_a_row(line, tmp_path, monkeypatch):
    (tmp_path / "t.warc").write_bytes(response(A, PAGE))

    def pread(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(warc_bytes.os, "pread", pread)
    line.take(tmp_path / "t.warc")
    monkeypatch.undo()
    assert "Input/output error" in line.rows("outcome_reason")[0][0]


def test_records_are_read_one_by_one(tmp_path):
    (tmp_path / "t.warc").write_bytes(b"".join(TestDamage.records))
    candidates = read_warc("src", tmp_path / "t.warc", "t.warc")
    for number, candidate in enumerate(candidates):
        if number % 2:
            continue  # one that is not read is passed over
        with candidate.open() as stream:
            assert b"Page number %d" % number in stream.read(1 << 20)
    assert number == 4


SIXTEEN = {
    # Three lengths that are none (of the file's own line, of two pages), beside a page of one byte.
    "bad.arc": (1, 3, {}),
    # A single gzip member; two pages, the second a revisit of the first.
    "example-bad-non-chunked.warc.gz": (2, 0, {}),
    # The same, under a name that a crawler gave to what it could not use; a redirect as well.
    "example-bad.warc.gz.bad": (3, 0, {}),
    # Requests alone, with digests in several encodings, some of them wrong: none is a capture.
    "example-digest.warc": (0, 0, {}),
    "example-iana.org-chunked.warc": (1, 0, {}),
    "example-resource.warc.gz": (1, 0, {}),
    "example-space-in-target-uri.warc.gz": (1, 0, {}),
    # The file ends 12 bytes before the record; the page in it is whole by HTTP's length.
    "example-space-in-url.arc": (1, 0, {"truncated_record": 1}),
    # A length that is 2 too small; with them the payload's digest is right.
    "example-trunc.warc": (1, 0, {"wrong_length": 1}),
    # A page, and two notes of the crawler about itself, which it wrote as resources.
    "example-wget-bad-target-uri.warc.gz": (3, 0, {}),
    # Header and body of a record in a member each; its HTTP length is one too many, and the
    # digest of its block that of the block before somebody changed it.
    "example-wrong-chunks.warc.gz": (1, 0, {"digest_mismatch": 1}),
    "example.arc": (1, 0, {}),
    "example.arc.gz": (1, 0, {}),
    "example.warc": (2, 0, {}),
    "example.warc.gz": (2, 0, {}),
    "post-test.warc.gz": (3, 0, {}),
}
"""Of each file of the evaluation data: records captured, damages recorded, remarks."""


@pytest.mark.needs_shared
class TestSixteenFiles:
    def test_all_are_here(self, shared_root):
        assert {path.name for path in (shared_root / "eval" / "warc").iterdir()} == SIXTEEN.keys()

    @pytest.mark.parametrize("name", SIXTEEN)
    def test_every_readable_record_is_captured_and_every_other_recorded(
        self, line, shared_root, name
    ):
        path = shared_root / "eval" / "warc" / name
        report = line.take(path)
        assert (report.captured, report.rejected, report.remarks) == SIXTEEN[name]
        rows = line.rows("outcome, outcome_reason, payload_sha256, archive_path")
        assert len(rows) == report.seen
        for outcome, reason, sha256, archived in rows:
            assert archived == path_of(sha256), "revisits included, and evidence of damage"
            assert line.archive.get(archived)
            assert outcome == "captured" or reason

    def test_warcio_finds_no_capture_that_is_not_here(self, line, shared_root):
        from warcio.archiveiterator import ArchiveIterator

        for path in sorted((shared_root / "eval" / "warc").iterdir()):
            wanted = 0
            with path.open("rb") as file:
                with contextlib.suppress(Exception):  # on damage warcio raises anything
                    for item in ArchiveIterator(file, arc2warc=True):
                        wanted += item.rec_type in ("response", "resource", "revisit")
            taken = sum(1 for c in read_path("s", path) for r in c.records() if not r.passed_over)
            assert taken >= wanted, path.name
