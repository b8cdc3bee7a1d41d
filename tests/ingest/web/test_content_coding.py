"""Content codings are undone, and nothing else is taken for one."""

from __future__ import annotations

import gzip
import zlib

import pytest

from pipelines.ingest.web.content_coding import MAX_MEMBERS
from tests.ingest.web.asking import PAGE, ask, code
from tests.ingest.web.hostile import answer, says


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("GZip ", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE)),
        ("identity", PAGE),
        ("", PAGE),
        ("gzip, identity", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("gzip", gzip.compress(PAGE[:1000]) + gzip.compress(b"") + gzip.compress(PAGE[1000:])),
        ("gzip", gzip.compress(PAGE) + b"\x00\x00and more"),
        ("deflate", zlib.compress(PAGE) + b"and more"),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        ("deflate, gzip", gzip.compress(zlib.compress(PAGE))),
    ],
)
@pytest.mark.parametrize("size", [1, 1000, 100_000])
def test_content_codings_are_undone(coding: str, sent: bytes, size: int) -> None:
    chunks = [sent[at : at + size] for at in range(0, len(sent), size)]
    framed = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: {coding}\r\n\r\n"
    assert ask(says(head.encode() + framed)).body == PAGE


def test_codings_named_in_two_headers_count_together() -> None:
    sent = gzip.compress(zlib.compress(PAGE))
    script = says(answer(sent, "Content-Encoding: deflate", "Content-Encoding: gzip"))
    assert ask(script).body == PAGE


def test_an_empty_body_may_claim_any_coding_we_know() -> None:
    assert ask(says(answer(b"", "Content-Encoding: gzip"))).body == b""


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("gzip", gzip.compress(PAGE)[:-9]),
        ("deflate", zlib.compress(PAGE)[:-1]),
        ("deflate", b"\x78"),
    ],
)
def test_a_packed_body_without_its_end_is_truncated(coding: str, sent: bytes) -> None:
    assert code(says(answer(sent, f"Content-Encoding: {coding}"))) == "truncated"


def test_members_without_content_are_counted() -> None:
    sent = answer(gzip.compress(b"") * (MAX_MEMBERS + 1), "Content-Encoding: gzip")
    assert code(says(sent)) == "content_encoding"


def test_short_bodies_may_pack_well() -> None:
    body = b" " * 1_000_000
    assert ask(says(answer(gzip.compress(body), "Content-Encoding: gzip"))).body == body


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_longer_body_is_cut_where_that_is_wanted(coding: str) -> None:
    body = PAGE if coding == "identity" else gzip.compress(PAGE)
    sent = answer(body, f"Content-Encoding: {coding}")
    assert ask(says(sent), max_bytes=50, truncate=True).body == PAGE[:50]
    assert ask(says(sent), max_bytes=len(PAGE)).body == PAGE
    assert code(says(sent), max_bytes=len(PAGE) - 1) == "too_large"
