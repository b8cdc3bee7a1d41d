"""Writes ``archive/crawl.warc.gz`` from ``warc_pages/``: the same bytes on every run.

Two articles and a stylesheet as responses, one request, and a revisit of the first article, as
a small crawler would have left them. Dates and record ids are fixed because a tracked file that
changed with the clock would make every rebuild look like new captures.

    python samples/build_warc.py [OUTPUT]
"""

from __future__ import annotations

import sys
import uuid
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warcio.recordloader import ArcWarcRecord

HERE = Path(__file__).resolve().parent
PAGES = HERE / "warc_pages"
OUTPUT = HERE / "archive" / "crawl.warc.gz"

CRAWL_INFO = (
    b"software: newsledger samples/build_warc.py\r\n"
    b"format: WARC File Format 1.1\r\n"
    b"description: invented pages at reserved domains, CC0\r\n"
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the crawl."""

    file: str
    """Name in ``warc_pages/``."""
    url: str
    content_type: str
    """The HTTP header's value, parameters included."""
    captured_at: str
    """``WARC-Date``: ISO 8601, UTC."""
    http_date: str
    """The server's ``Date`` header for that moment (RFC 9110)."""


LEVY = Resource(
    file="01_harbour_levy.html",
    url="https://southern-cross-post.example/pacific/clean-harbour-levy",
    content_type="text/html; charset=utf-8",
    captured_at="2026-03-01T08:15:00Z",
    http_date="Sun, 01 Mar 2026 08:15:00 GMT",
)
STYLE = Resource(
    file="cross.css",
    url="https://southern-cross-post.example/style/cross.css",
    content_type="text/css",
    captured_at="2026-03-01T08:15:02Z",
    http_date="Sun, 01 Mar 2026 08:15:02 GMT",
)
CABLE = Resource(
    file="02_cabo_portugues.html",
    url="https://diario-do-cais.example/economia/cabo-praia-luanda-fortaleza",
    content_type="text/html; charset=utf-8",
    captured_at="2026-03-02T12:40:00Z",
    http_date="Mon, 02 Mar 2026 12:40:00 GMT",
)
REVISITED_AT = "2026-03-02T08:15:00Z"
REVISITED_HTTP_DATE = "Mon, 02 Mar 2026 08:15:00 GMT"


def record_id(kind: str, url: str, captured_at: str) -> str:
    """A ``WARC-Record-ID`` that depends on nothing but the record's kind, address and date."""
    return f"<{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind} {url} {captured_at}').urn}>"


def identity(kind: str, url: str, captured_at: str) -> dict[str, str]:
    """The two headers that warcio would otherwise fill from the clock and at random."""
    return {"WARC-Record-ID": record_id(kind, url, captured_at), "WARC-Date": captured_at}


def http_ok(content_type: str, length: int, http_date: str) -> StatusAndHeaders:
    """A 200 answer's status line and headers."""
    headers = [
        ("Date", http_date),
        ("Content-Type", content_type),
        ("Content-Length", str(length)),
    ]
    return StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")


def warcinfo(writer: WARCWriter) -> ArcWarcRecord:
    """The record that describes the file itself."""
    return writer.create_warc_record(
        "",
        "warcinfo",
        payload=BytesIO(CRAWL_INFO),
        length=len(CRAWL_INFO),
        warc_content_type="application/warc-fields",
        warc_headers_dict={
            **identity("warcinfo", "", LEVY.captured_at),
            "WARC-Filename": OUTPUT.name,
        },
    )


def response(writer: WARCWriter, resource: Resource) -> ArcWarcRecord:
    """A capture with its payload."""
    payload = (PAGES / resource.file).read_bytes()
    return writer.create_warc_record(
        resource.url,
        "response",
        payload=BytesIO(payload),
        length=len(payload),
        http_headers=http_ok(resource.content_type, len(payload), resource.http_date),
        warc_headers_dict=identity("response", resource.url, resource.captured_at),
    )


def request(writer: WARCWriter, resource: Resource) -> ArcWarcRecord:
    """What the crawler asked to get that response."""
    host, _, path = resource.url.removeprefix("https://").partition("/")
    headers = [("Host", host), ("User-Agent", "sample-crawler/1.0"), ("Accept", "text/html")]
    return writer.create_warc_record(
        resource.url,
        "request",
        http_headers=StatusAndHeaders(f"GET /{path} HTTP/1.1", headers, is_http_request=True),
        warc_headers_dict={
            **identity("request", resource.url, resource.captured_at),
            "WARC-Concurrent-To": record_id("response", resource.url, resource.captured_at),
        },
    )


def revisit(writer: WARCWriter, resource: Resource, digest: str) -> ArcWarcRecord:
    """The day after: the same bytes, so only a pointer to the earlier capture is stored."""
    size = (PAGES / resource.file).stat().st_size
    return writer.create_revisit_record(
        resource.url,
        digest=digest,
        refers_to_uri=resource.url,
        refers_to_date=resource.captured_at,
        http_headers=http_ok(resource.content_type, size, REVISITED_HTTP_DATE),
        warc_headers_dict=identity("revisit", resource.url, REVISITED_AT),
    )


def records(writer: WARCWriter) -> Iterator[ArcWarcRecord]:
    """All records in file order."""
    yield warcinfo(writer)
    levy = response(writer, LEVY)
    digest: str = levy.rec_headers.get_header("WARC-Payload-Digest")
    yield levy
    yield request(writer, LEVY)
    yield response(writer, STYLE)
    yield revisit(writer, LEVY, digest)
    yield response(writer, CABLE)


def build(output: Path) -> None:
    """Write the archive to ``output``, over an earlier one."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True, warc_version="1.1")
        for record in records(writer):
            writer.write_record(record)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT)
