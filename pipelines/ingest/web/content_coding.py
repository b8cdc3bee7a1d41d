"""Undoing content codings (gzip, deflate) in small steps, each held against the bounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from pipelines.ingest.web.guard import printable
from pipelines.ingest.web.records import FetchError

STEP = 64 * 1024
"""Bytes that one call may unpack: what a bomb costs beyond its bound."""
RATIO_FROM = 1024 * 1024
"""Decoded bytes from which the ratio counts: a smaller body does no harm however well it packed,
and short pages of white space or repeated markup pack beyond any bound one could set."""
MAX_CODINGS = 2
"""Codings on top of each other: servers pack twice by mistake, never three times."""
MAX_MEMBERS = 1024
"""gzip members of one body. Block-wise writers put 64 KiB into each, so this is 64 MiB of them;
empty ones cost work for no bytes."""
_GZIP = zlib.MAX_WBITS | 16
_NAMES = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


def codings(content_encoding: str | None) -> tuple[str, ...]:
    """The codings that a Content-Encoding header names, in the order to undo them.

    Raises FetchError content_encoding for others, or for too many.
    """
    named = [name.strip().lower() for name in (content_encoding or "").split(",")]
    named = [name for name in named if name not in {"", "identity"}]
    for name in named:
        if name not in _NAMES:
            raise FetchError("content_encoding", f"{printable(name, 60)} was not asked for")
    if len(named) > MAX_CODINGS:
        raise FetchError("content_encoding", f"{len(named)} codings on top of each other")
    return tuple(_NAMES[name] for name in reversed(named))


class Body:
    """A body as it comes in: decoded, counted, cut or refused at its bounds."""

    def __init__(
        self, coded: Sequence[str], *, max_bytes: int, max_ratio: float, truncate: bool
    ) -> None:
        self._layers = [_Layer(name) for name in coded]
        self._max_bytes = max_bytes
        self._max_ratio = max_ratio
        self._truncate = truncate
        self._received = 0
        self._size = 0
        self._pieces: list[bytes] = []
        self.full = False
        """True: it was cut at its bound; nothing more is taken."""

    def feed(self, data: bytes) -> None:
        """Takes the next bytes as sent. Raises FetchError: too_large, compression_ratio, or
        content_encoding where they are not what they were said to be.
        """
        self._received += len(data)
        for piece in self._decoded(data, 0):
            room = self._max_bytes - self._size
            self._size += len(piece)
            self._pieces.append(piece[:room])
            if len(piece) > room:
                if not self._truncate:
                    raise self._too_large()
                self.full = True
                return
            if self._size > max(RATIO_FROM, self._max_ratio * self._received):
                self._check_ratio()

    def content(self) -> bytes:
        """The whole of it. Raises FetchError truncated where a coding has not come to its end."""
        if not self.full and not all(layer.complete for layer in self._layers):
            raise FetchError("truncated", "the packed body has no end")
        return b"".join(self._pieces)

    def _decoded(self, data: bytes, depth: int) -> Iterator[bytes]:
        if depth == len(self._layers):
            yield data
            return
        layer = self._layers[depth]
        for piece in layer.unpack(data):
            # A layer below the last one has no other bound: it may unpack to what vanishes above.
            if layer.size > self._max_bytes and depth + 1 < len(self._layers):
                raise self._too_large()
            yield from self._decoded(piece, depth + 1)

    def _check_ratio(self) -> None:
        if self._layers:
            raise FetchError(
                "compression_ratio", f"unpacks to over {self._max_ratio:g} times what was sent"
            )

    def _too_large(self) -> FetchError:
        return FetchError("too_large", f"over {self._max_bytes:,} bytes")


class _Layer:
    """One coding being undone."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._inflater = zlib.decompressobj(_GZIP)
        self._head = b"" if name == "deflate" else None
        self._members = 0
        self._begun = False
        self.size = 0
        """Bytes unpacked so far."""

    @property
    def complete(self) -> bool:
        """Whether it may end here; an empty body may, whatever coding it claims."""
        return not self._begun or self._inflater.eof

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """Unpacks in pieces of at most STEP bytes. Raises FetchError content_encoding."""
        self._begun = self._begun or bool(data)
        if self._head is not None:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._head = self._head, None
            self._inflater = zlib.decompressobj(_deflate_bits(data))
        while data or not self._inflater.eof:
            if self._inflater.eof and not self._next_member(data):
                return  # what follows the end of a packed body is no part of it
            try:
                piece = self._inflater.decompress(data, STEP)
            except zlib.error as error:
                raise FetchError("content_encoding", f"not {self._name}: {error}") from error
            data = self._inflater.unconsumed_tail or self._inflater.unused_data
            self.size += len(piece)
            if piece:
                yield piece
            elif not data:
                return

    def _next_member(self, data: bytes) -> bool:
        if self._name != "gzip" or not data.startswith(b"\x1f"):
            return False
        self._members += 1
        if self._members >= MAX_MEMBERS:
            raise FetchError("content_encoding", f"over {MAX_MEMBERS:,} gzip members")
        self._inflater = zlib.decompressobj(_GZIP)
        return True


def _deflate_bits(start: bytes) -> int:
    """``deflate`` is the zlib format (RFC 9110, 8.4.1.2); some servers leave out its header."""
    wrapped = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS
