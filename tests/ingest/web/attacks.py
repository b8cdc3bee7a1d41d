"""The list of attacks: addresses, and servers, each with what a request to it must come to."""

from __future__ import annotations

import functools
import gzip
import itertools
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.ingest.web.network import MAX_HEAD_BYTES
from tests.ingest.web.hostile import (
    Script,
    answer,
    endless,
    resets,
    says,
    says_once,
    slowly,
    unasked,
)

MAX_BYTES = 2 * 1024 * 1024
"""Bound on a body, where a case sets none."""
SOCKETS = 8 * 1024 * 1024
"""Bytes that two sockets' buffers may hold without anyone reading them."""

ADDRESSES = [
    # the forms of 127.0.0.2, where a listener waits on the port that stands for {p}
    ("dotted", "http://127.0.0.2:{p}/", "address_private"),
    ("decimal", "http://2130706434:{p}/", "address_private"),
    ("octal", "http://0177.0.0.02:{p}/", "address_private"),
    ("hexadecimal", "http://0x7f000002:{p}/", "address_private"),
    ("hexadecimal parts", "http://0x7F.0.0.0x2:{p}/", "address_private"),
    ("two parts", "http://127.2:{p}/", "address_private"),
    ("three parts", "http://127.0.2:{p}/", "address_private"),
    ("many zeros", "http://127.0.0.000000002:{p}/", "address_private"),
    ("final dot", "http://127.0.0.2.:{p}/", "address_private"),
    ("full-width digits", "http://１２７.0.0.2:{p}/", "address_private"),
    ("full-width dots", "http://127．0．0．2:{p}/", "address_private"),
    ("ideographic dots", "http://127。0。0。2:{p}/", "address_private"),
    ("enclosed digits", "http://①②⑦.⓪.⓪.②:{p}/", "address_private"),
    ("enclosed, full-width x", "http://⓪ｘ7f.2:{p}/", "address_private"),
    ("mapped", "http://[::ffff:127.0.0.2]:{p}/", "address_private"),
    ("mapped, hexadecimal", "http://[::ffff:7f00:2]:{p}/", "address_private"),
    ("compatible", "http://[::127.0.0.2]:{p}/", "address_private"),
    ("6to4", "http://[2002:7f00:2::]:{p}/", "address_private"),
    ("NAT64", "http://[64:ff9b::127.0.0.2]:{p}/", "address_private"),
    ("NAT64, local use", "http://[64:ff9b:1::7f00:2]:{p}/", "address_private"),
    ("Teredo", "http://[2001:0:7f00:2::1]:{p}/", "address_private"),
    ("ISATAP", "http://[2606:4700::5efe:127.0.0.2]:{p}/", "address_private"),
    # others that are not public
    ("IPv6 loopback", "http://[::1]:{p}/", "address_private"),
    ("no address", "http://0.0.0.0:{p}/", "address_private"),
    ("zero", "http://0:{p}/", "address_private"),
    ("no address, IPv6", "http://[::]:{p}/", "address_private"),
    ("cloud metadata", "http://169.254.169.254/latest/meta-data/", "address_private"),
    ("cloud metadata, IPv6", "http://[fd00:ec2::254]/", "address_private"),
    ("broadcast", "http://255.255.255.255/", "address_private"),
    ("localhost", "http://localhost:{p}/", "address_private"),
    ("localhost, odd case", "http://LocalHost.:{p}/", "address_private"),
    # no addresses of the web
    ("zone", "http://[fe80::1%25lo]:{p}/", "address_invalid"),
    ("zone, bare", "http://[::1%lo]:{p}/", "address_invalid"),
    ("encoded host", "http://%31%32%37.0.0.2:{p}/", "address_invalid"),
    ("Arabic digits", "http://١٢٧.٠.٠.٢:{p}/", "address_invalid"),
    ("soft hyphen only", "http://\u00ad:{p}/", "address_invalid"),
    ("credentials", "http://example.org@127.0.0.2:{p}/", "address_credentials"),
    ("password", "http://a:b@127.0.0.2:{p}/", "address_credentials"),
    ("credentials, backslash", "http://example.org\\@127.0.0.2:{p}/", "address_credentials"),
    ("backslash", "http://127.0.0.2:{p}\\.example.org/", "address_invalid"),
    ("backslashes", "http:\\\\127.0.0.2:{p}\\", "address_invalid"),
    ("tab", "http://127.0.0.2\t:{p}/", "address_invalid"),
    ("tab in the scheme", "ht\ttp://127.0.0.2:{p}/", "address_invalid"),
    ("line end", "http://127.0.0.2:{p}/\r\nX-In: 1", "address_invalid"),
    ("NUL", "http://127.0.0.2\x00.example.org:{p}/", "address_invalid"),
    ("space", "http://127.0.0.2 .example.org:{p}/", "address_invalid"),
    ("leading space", " http://127.0.0.2:{p}/", "address_invalid"),
    ("lone surrogate", "http://127.0.0.2:{p}/\udc80", "address_invalid"),
    ("port 0", "http://127.0.0.2:0/", "address_invalid"),
    ("port of mail", "http://127.0.0.1:25/", "address_invalid"),
    ("port too high", "http://127.0.0.2:65536/", "address_invalid"),
    ("port with sign", "http://127.0.0.2:+80/", "address_invalid"),
    ("port with words", "http://127.0.0.2:80a/", "address_invalid"),
    ("two ports", "http://127.0.0.2:{p}:80/", "address_invalid"),
    ("no host", "http:///127.0.0.2:{p}/", "address_invalid"),
    ("no host but a port", "http://:{p}/", "address_invalid"),
    ("dots only", "http://...:{p}/", "address_invalid"),
    ("empty label", "http://a..example:{p}/", "address_invalid"),
    ("open bracket", "http://[::1:{p}/", "address_invalid"),
    ("relative", "//127.0.0.2:{p}/", "address_invalid"),
    ("100 kB host", "http://" + "a." * 50_000 + "example/", "address_invalid"),
    ("long label", "http://" + "a" * 64 + ".example/", "address_invalid"),
    ("long host", "http://" + "a." * 200 + "example/", "address_invalid"),
    ("100 kB path", "http://example.org/" + "a" * 100_000, "address_invalid"),
    ("file", "file:///etc/passwd", "address_scheme"),
    ("ftp", "ftp://127.0.0.2:{p}/", "address_scheme"),
    ("gopher", "gopher://127.0.0.2:{p}/_x", "address_scheme"),
    ("data", "data:text/html,<p>a", "address_scheme"),
    ("javascript", "javascript:alert(1)", "address_scheme"),
    ("upper-case scheme", "FILE://127.0.0.2/etc/passwd", "address_scheme"),
    ("websocket", "ws://127.0.0.2:{p}/", "address_scheme"),
    ("unix socket", "unix:///run/any.sock", "address_scheme"),
]
RELATIVE = (" ", "//", "http:\\", "http:///")
"""Starts of what becomes another address when a redirect names it: only its aim is tested then."""


@dataclass
class Case:
    """A server, and what a request to it must come to."""

    name: str
    script: Script
    code: str
    taken: int = MAX_BYTES + SOCKETS
    """Bytes that it may get rid of."""
    request: dict[str, Any] = field(default_factory=dict)


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n"
ROOMY = {"max_bytes": 256 << 20}
HEAD = MAX_HEAD_BYTES + SOCKETS


@functools.cache
def bomb(layers: int = 1) -> bytes:
    """32 MiB of zeros, packed."""
    return gzip.compress(bomb(layers - 1) if layers > 1 else bytes(32 << 20))


def gz(body: bytes, coding: str = "gzip") -> Script:
    return says(answer(body, f"Content-Encoding: {coding}"))


def forever(start: bytes, part: bytes) -> Iterator[bytes]:
    return itertools.chain([start], itertools.repeat(part))


CASES = [
    # bodies that unpack
    Case("gzip bomb", gz(bomb()), "compression_ratio", request=ROOMY),
    Case("gzip bomb in gzip", gz(bomb(2), "gzip, gzip"), "compression_ratio", request=ROOMY),
    Case("gzip bomb, tight bound", gz(bomb()), "too_large"),
    Case("gzip bomb that says it is packed once", gz(bomb(2)), "answered"),
    Case("gzip in gzip in gzip", gz(bomb(3), "gzip, gzip, gzip"), "content_encoding"),
    Case("a hundred codings", gz(b"", ", ".join(["gzip"] * 100)), "content_encoding"),
    Case(
        "deflate bomb",
        gz(zlib.compress(bytes(32 << 20)), "deflate"),
        "compression_ratio",
        request=ROOMY,
    ),
    Case(
        "bomb cut at its bound",
        gz(bomb()),
        "answered",
        request={"max_bytes": 512_000, "truncate": True},
    ),
    Case(
        "inner layer that vanishes",
        gz(gzip.compress(gzip.compress(b"") + bytes(16 << 20)), "gzip, gzip"),
        "too_large",
    ),
    Case(
        "members that vanish",
        gz(gzip.compress(gzip.compress(b"") * 200_000), "gzip, gzip"),
        "content_encoding",
    ),
    Case(
        "packed without pause",
        endless(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")),
        "content_encoding",
    ),
    Case("packed noise", gz(bytes(range(256)) * 9), "content_encoding"),
    Case("gzip of another checksum", gz(gzip.compress(b"abc")[:-8] + bytes(8)), "content_encoding"),
    Case("brotli", gz(b"\x0b\x02\x80abc\x03", "br"), "content_encoding"),
    Case("unknown coding", gz(b"abc", "\x1b[31mrot13"), "content_encoding"),
    # bodies without end
    Case("endless body", endless(OK + b"\r\n", b"<p>news</p>"), "too_large"),
    Case(
        "endless chunks",
        endless(CHUNKED + b"\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n"),
        "too_large",
    ),
    Case("endless small chunks", endless(CHUNKED + b"\r\n", b"1\r\nx\r\n"), "protocol"),
    Case("endless empty lines", endless(OK + b"\r\n", b"\n"), "too_large"),
    Case("endless chunk extension", endless(CHUNKED + b"\r\n1", b";a=b"), "protocol"),
    Case(
        "chunks of extensions",
        endless(CHUNKED + b"\r\n", b"1;" + b"x" * 60_000 + b"\r\na\r\n"),
        "too_large",
        2 * MAX_BYTES + SOCKETS,
    ),
    Case("endless trailers", endless(CHUNKED + b"\r\n0\r\n", b"a: b\r\n"), "protocol"),
    Case(
        "endless body of a wrong type",
        endless(OK + b"Content-Type: video/mp4\r\n\r\n", b"x"),
        "content_type",
        HEAD,
        {"media_types": frozenset({"text/html"})},
    ),
    Case(
        "endless body of a redirect",
        endless(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", b"x"),
        "answered",
        HEAD,
    ),
    Case("endless body of an error", endless(b"HTTP/1.1 500 Oops\r\n\r\n", b"x"), "answered", HEAD),
    Case("endless surplus", endless(answer(b"abc"), b"x"), "answered", HEAD),
    Case(
        "a body that 304 has not",
        endless(b"HTTP/1.1 304 Not Modified\r\n\r\n", b"x"),
        "answered",
        HEAD,
    ),
    # lengths
    Case("short body", says_once(answer(b"a" * 100)[:-1]), "truncated"),
    Case("short chunk", says_once(CHUNKED + b"\r\nff\r\nabc"), "truncated"),
    Case("no last chunk", says_once(CHUNKED + b"\r\n3\r\nabc\r\n"), "truncated"),
    Case("negative length", says(OK + b"Content-Length: -1\r\n\r\nabc"), "protocol"),
    Case("length in words", says(OK + b"Content-Length: all\r\n\r\nabc"), "protocol"),
    Case("huge length", says(OK + b"Content-Length: 9999999999999999999\r\n\r\nabc"), "too_large"),
    Case(
        "length of a thousand digits",
        says(OK + b"Content-Length: " + b"9" * 1000 + b"\r\n\r\nabc"),
        "protocol",
    ),
    Case(
        "two lengths", says(OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), "protocol"
    ),
    Case(
        "length and chunks",
        says(CHUNKED + b"Content-Length: 99\r\n\r\n1\r\na\r\n0\r\n\r\n"),
        "answered",
    ),
    Case(
        "unknown transfer coding",
        says(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        "protocol",
    ),
    Case("chunk size in words", says(CHUNKED + b"\r\nxyz\r\nabc\r\n"), "protocol"),
    Case("negative chunk size", says(CHUNKED + b"\r\n-3\r\nabc\r\n"), "protocol"),
    Case("huge chunk size", says_once(CHUNKED + b"\r\n" + b"f" * 16 + b"\r\nabc\r\n"), "truncated"),
    Case("chunk longer than it says", says(CHUNKED + b"\r\n1\r\nabc\r\n0\r\n\r\n"), "protocol"),
    # headers
    Case("endless headers", endless(OK, b"a: b\r\n"), "headers_too_large", HEAD),
    Case("endless header", endless(OK + b"a: ", b"b"), "headers_too_large", HEAD),
    Case("endless name of a header", endless(OK, b"a"), "headers_too_large", HEAD),
    Case("endless folded header", endless(OK + b"a: b\r\n", b" b\r\n"), "headers_too_large", HEAD),
    Case("one giant header", says(OK + b"a: " + b"b" * 100_000 + b"\r\n\r\n"), "headers_too_large"),
    Case(
        "many headers",
        says(OK + b"a: b\r\n" * 5000 + b"Content-Length: 0\r\n\r\n"),
        "headers_too_large",
    ),
    Case(
        "endless interim answers",
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        "headers_too_large",
        HEAD,
    ),
    Case("NUL in a header", says(OK + b"a: b\x00c\r\nContent-Length: 0\r\n\r\n"), "protocol"),
    Case("header without a name", says(OK + b": b\r\nContent-Length: 0\r\n\r\n"), "protocol"),
    Case("header without a colon", says(OK + b"a\r\nContent-Length: 0\r\n\r\n"), "protocol"),
    Case("space before the colon", says(OK + b"Content-Length : 3\r\n\r\nabc"), "protocol"),
    Case("bare carriage returns", says(OK + b"a: b\rContent-Length: 3\r\n\r\nabc"), "protocol"),
    Case("terminal escapes in headers", says(answer(b"", "a: \x1b[2J\x1b]0;x\x07")), "answered"),
    Case(
        "terminal escapes in the type",
        says(answer(b"", "Content-Type: a/b\x1b[2J")),
        "answered",
        request={"media_types": frozenset({"text/html"})},
    ),
    Case(
        "cookies",
        says(answer(b"", "Set-Cookie: a=b", "sEt-CooKie: c=d", "Set-Cookie2: e")),
        "answered",
    ),
    Case("thousand cookies", says(answer(b"", *["Set-Cookie: a=b"] * 1000)), "headers_too_large"),
    # status lines
    Case("no HTTP", says(b"SSH-2.0-OpenSSH_9.9\r\n"), "protocol"),
    Case("HTTP/0.9", says_once(b"<html>news</html>"), "protocol"),
    Case("HTTP/0.9 without end", endless(b"", b"<p>news"), "protocol", HEAD),
    Case("mail server", unasked(b"220 mail.example ESMTP\r\n"), "protocol"),
    Case("binary noise", says(bytes(range(255, -1, -1)) * 300), "protocol"),
    Case("status in words", says(b"HTTP/1.1 OK\r\n\r\n"), "protocol"),
    Case("status 000", says(b"HTTP/1.1 000 None\r\n\r\n"), "protocol"),
    Case("status of four digits", says(b"HTTP/1.1 2000 OK\r\n\r\n"), "protocol"),
    Case("version 9", says(b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n"), "answered"),
    Case("HTTP/2 unasked", says(b"HTTP/2 200\r\n\r\n"), "protocol"),
    Case(
        "NUL in the reason", says(b"HTTP/1.1 200 O\x00K\r\nContent-Length: 0\r\n\r\n"), "protocol"
    ),
    Case(
        "escapes in the reason",
        says(b"HTTP/1.1 200 \x1b[2J\xff\r\nContent-Length: 0\r\n\r\n"),
        "answered",
    ),
    Case("endless reason", endless(b"HTTP/1.1 200 ", b"OK"), "headers_too_large", HEAD),
    Case(
        "another protocol",
        says(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
        "protocol",
    ),
    Case(
        "only part of what was asked",
        says(answer(b"abc", status="206 Partial Content")),
        "protocol",
    ),
    Case("an answer before the request", unasked(answer(b"abc")), "answered"),
    # time
    Case("silence", slowly([]), "timeout"),
    Case("slow headers", slowly(forever(OK, b"a: b\r\n")), "timeout"),
    Case(
        "slow status line",
        slowly(itertools.chain([b"HTTP/1.1 200 "], itertools.repeat(b"O"))),
        "timeout",
    ),
    Case("slow body", slowly(forever(OK + b"\r\n", b"x")), "timeout"),
    Case("slow chunks", slowly(forever(CHUNKED + b"\r\n", b"1\r\nx\r\n")), "timeout"),
    Case(
        "slow packed body",
        slowly(forever(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b""))),
        "timeout",
    ),
    Case(
        "slow interim answers", slowly(forever(b"", b"HTTP/1.1 102 Processing\r\n\r\n")), "timeout"
    ),
    # endings
    Case("closed at once", says_once(b""), "reset"),
    Case("closed in the headers", says_once(OK + b"Content-Le"), "reset"),
    Case("reset at once", resets(b""), "reset"),
    Case("reset in the headers", resets(OK), "reset"),
    Case("reset in the body", resets(OK + b"Content-Length: 99\r\n\r\nabc"), "reset"),
    Case("TLS alert to plain HTTP", says(b"\x15\x03\x01\x00\x02\x02\x46"), "protocol"),
]
