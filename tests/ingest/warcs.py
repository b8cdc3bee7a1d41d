"""WARCs and ARCs written byte by byte, so that tests can say what is wrong with them."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable

DAY = "2026-02-27T10:00:00Z"
PROFILES = {
    "same": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    "unmodified": "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
}


def digest(content: bytes) -> str:
    """A digest as most writers put it: SHA-1 in Base32."""
    return "sha1:" + base64.b32encode(hashlib.sha1(content).digest()).decode()


def record(kind: str | None, block: bytes, *, length: object = None, **headers: object) -> bytes:
    """A record; ``length`` may lie; underscores in header names stand for hyphens."""
    named = {"WARC-Type": kind, "Content-Length": len(block) if length is None else length}
    for name, value in headers.items():
        named[name.replace("_", "-")] = value
    lines = [f"{name}: {value}" for name, value in named.items() if value is not None]
    head = "\r\n".join(["WARC/1.1", *lines, "", ""])
    return head.encode("utf-8", "surrogateescape") + block + b"\r\n\r\n"


def http(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer; its Content-Length is that of ``body`` unless given."""
    named = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in named.items() if value]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


def response(uri: str | None, body: bytes, *, at: str = DAY, **headers: object) -> bytes:
    """A response of a page."""
    said = {"WARC_Target_URI": uri, "WARC_Date": at, "WARC_Payload_Digest": digest(body)}
    return record("response", http(body), **(said | headers))


def revisit(
    uri: str,
    body: bytes | None,
    *,
    at: str,
    of: tuple[str, str] | None = None,
    status: str = "200 OK",
) -> bytes:
    """A revisit of ``body`` (by digest), of the capture ``of`` an address and a time, or both."""
    said: dict[str, object] = {
        "WARC_Target_URI": uri,
        "WARC_Date": at,
        "WARC_Profile": PROFILES["unmodified" if status.startswith("304") else "same"],
        "WARC_Payload_Digest": digest(body) if body is not None else None,
    }
    if of:
        said |= {"WARC_Refers_To_Target_URI": of[0], "WARC_Refers_To_Date": of[1]}
    return record("revisit", http(b"", status, Content_Type="", Content_Length=""), **said)


def packed(records: Iterable[bytes]) -> bytes:
    """A gzip member a record."""
    return b"".join(gzip.compress(r, mtime=0) for r in records)


def arc(*records: tuple[str, str, bytes], version: bytes = b"1 0 Test") -> bytes:
    """An ARC file of (address, 14-digit time, block)."""
    about = version + b"\nURL IP-address Archive-date Content-type Archive-length\n"
    lines = [b"filedesc://t.arc 0.0.0.0 20260227100000 text/plain %d\n" % len(about) + about]
    for uri, at, block in records:
        lines.append(f"{uri} 192.0.2.1 {at} text/html {len(block)}\n".encode() + block)
    return b"\n".join(lines) + b"\n"
