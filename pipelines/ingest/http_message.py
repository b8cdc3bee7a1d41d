"""An archived HTTP answer: its headers, and its body with the codings undone, in bounded memory.

RFC 9112 (message syntax, chunked coding) and RFC 9110 (8.4, content codings). Archives hold what
crawlers made of answers, so that a coding which the header names may have been undone already.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipelines.ingest.records import DamagedPayloadError

Chunks = Iterator[bytes]

HEAD = 1024 * 1024
"""Longest status line and headers, in bytes."""
PIECE = 64 * 1024
"""Bytes read at once."""
UNPACKED = 256 * 1024
"""Bytes unpacked at once."""
SIZE_LINE = 4096
"""Longest line that gives the size of a chunk, extensions included, in bytes."""
CODINGS = 5
"""Most codings one upon another."""
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of an answer."""

    status: int | None
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, values as sent (latin-1), in order."""

    def header(self, name: str) -> str | None:
        """The values of a header joined with ``, ``; None where it is absent."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None

    def tokens(self, name: str) -> list[str]:
        """The elements of a header that lists some, lower case."""
        return [t for part in (self.header(name) or "").split(",") if (t := part.strip().lower())]


def read_head(read: Callable[[int], bytes]) -> tuple[Head | None, bytes]:
    """The head that ``read`` gives first, and what was read of the body with it.

    None where the bytes do not begin as an HTTP answer does: they are all body then. Raises
    DamagedPayloadError where the head has no end, and whatever ``read`` raises.
    """
    data = read(PIECE)
    while data and len(data) < 5 and (more := read(PIECE)):
        data += more
    if data[:5].upper() != b"HTTP/":
        return None, data
    while (end := _head_end(data)) is None:
        more = read(PIECE)
        if not more:
            # An answer without a body may lack the empty line as well.
            end = (len(data), len(data))
            break
        data += more
        if len(data) > HEAD:
            raise DamagedPayloadError(f"unreadable: HTTP headers longer than {HEAD:,} bytes")
    return _head(data[: end[0]]), data[end[1] :]


def _head_end(data: bytes) -> tuple[int, int] | None:
    crlf, bare = data.find(b"\r\n\r\n"), data.find(b"\n\n")
    if crlf >= 0 and (bare < 0 or crlf < bare):
        return crlf, crlf + 4
    return (bare, bare + 2) if bare >= 0 else None


def _head(data: bytes) -> Head:
    first, *lines = data.decode("latin-1").split("\n")
    words = first.split(None, 2)
    code = words[1] if len(words) > 1 else ""
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t") and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            headers.append((name.strip().lower(), value.strip()))
    status = int(code) if len(code) == 3 and code.isascii() and code.isdigit() else None
    return Head(status, tuple(headers))


def is_chunked(head: Head) -> bool:
    """True where the header names the chunked coding."""
    return "chunked" in head.tokens("transfer-encoding")


def dechunked(chunks: Chunks) -> Chunks:
    """The data of a chunked body; a body that does not begin with a chunk is given as it is.

    Raises DamagedPayloadError where it breaks off within a chunk, or no chunk follows another.
    """
    buffer, at, first = b"", 0, True
    # The data of all chunks in the buffer are given together, for they may be of a byte each.
    data = bytearray()
    while True:
        while (end := buffer.find(b"\n", at)) < 0 and len(buffer) - at < SIZE_LINE:
            if data:
                yield bytes(data)
                data.clear()
            more = next(chunks, b"")
            if not more:
                break
            buffer, at = buffer[at:] + more, 0
            if not first:
                at = _past_line_break(buffer, at)
        line = buffer[at : end if end >= 0 else len(buffer)].partition(b";")[0].strip()
        if end < 0 or not _SIZE.fullmatch(line):
            if first:
                yield buffer[at:]
                yield from chunks
                return
            if at == len(buffer):
                # Servers close after the last chunk, and leave out the empty one that tells so.
                return
            raise DamagedPayloadError("unreadable: the chunked coding is broken")
        at, left = end + 1, int(line, 16)
        if not left:
            if data:
                yield bytes(data)
            for _ in chunks:
                pass  # trailers; read, because digests are taken of all bytes
            return
        first = False
        while left:
            if at == len(buffer):
                if data:
                    yield bytes(data)
                    data.clear()
                buffer, at = next(chunks, b""), 0
                if not buffer:
                    raise DamagedPayloadError(f"truncated: {left:,} bytes of a chunk are missing")
            piece = buffer[at : at + left]
            at += len(piece)
            left -= len(piece)
            data += piece
        at = _past_line_break(buffer, at)


def _past_line_break(buffer: bytes, at: int) -> int:
    while at < len(buffer) and buffer[at] in b"\r\n":
        at += 1
    return at


def decoded(chunks: Chunks, codings: list[str]) -> Chunks:
    """The data of a body with its content codings undone, the last one first.

    Raises DamagedPayloadError where the data break off, are damaged, or a coding is unknown.
    """
    if len(codings) > CODINGS:
        raise DamagedPayloadError(f"unreadable: {len(codings)} content codings")
    for coding in reversed(codings):
        if coding in ("gzip", "x-gzip"):
            chunks = _unpacked(chunks, "gzip")
        elif coding == "deflate":
            chunks = _unpacked(chunks, "deflate")
        elif coding not in ("identity", "none", "utf-8", "binary"):
            chunks = _if_text(chunks, coding)
    return chunks


def _unpacked(chunks: Chunks, coding: str) -> Chunks:
    data = next(chunks, b"")
    while data and len(data) < 3 and (more := next(chunks, b"")):
        data += more
    if not data:
        return
    window = _window(data, coding)
    if window is None:
        # The crawler undid the coding and kept the header.
        yield data
        yield from chunks
        return
    inflater = zlib.decompressobj(window)
    try:
        while True:
            while data and not inflater.eof:
                if piece := inflater.decompress(data, UNPACKED):
                    yield piece
                data = inflater.unconsumed_tail
            if inflater.eof:
                data = inflater.unused_data
                if coding == "gzip" and data.startswith(b"\x1f\x8b"):
                    inflater = zlib.decompressobj(window)
                    continue
                for _ in chunks:
                    pass  # whatever follows is no part of it; read for the digests' sake
                return
            data = next(chunks, b"")
            if not data:
                raise DamagedPayloadError(f"truncated: the content, in {coding}, breaks off")
    except zlib.error as error:
        raise DamagedPayloadError(
            f"unreadable: the content, in {coding}, is damaged ({error})"
        ) from error


def _window(data: bytes, coding: str) -> int | None:
    """Zlib's window for the data; None where they are not coded at all."""
    if coding == "gzip":
        return 16 + zlib.MAX_WBITS if data.startswith(b"\x1f\x8b") else None
    # "deflate" means zlib's format, and some servers send bare deflate (RFC 9110, 8.4.1.2).
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            zlib.decompressobj(window).decompress(data, 64)
        except zlib.error:
            continue
        return window
    return None


def _if_text(chunks: Chunks, coding: str) -> Chunks:
    """Data in a coding that cannot be undone here, where it was undone before: they are text."""
    data = next(chunks, b"")
    try:
        data[:1024].decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut at the end of the sample.
        if error.start < min(len(data), 1024) - 3:
            raise DamagedPayloadError(
                f"unreadable: the content is coded with {coding[:40]!r}"
            ) from error
    if b"\0" in data[:1024]:
        raise DamagedPayloadError(f"unreadable: the content is coded with {coding[:40]!r}")
    yield data
    yield from chunks
