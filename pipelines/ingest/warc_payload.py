"""The payload of a WARC record: HTTP and its codings undone, digests compared on the way."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.ingest.http_message import Head, dechunked, decoded, is_chunked, read_head
from pipelines.ingest.records import DamagedPayloadError, Verdict

if TYPE_CHECKING:
    from pipelines.ingest.warc_records import Record

PIECE = 64 * 1024
DIGESTS = ("sha1", "sha256", "md5", "sha512", "sha224", "sha384", "blake2b", "blake2s")
OWN_DIGEST = "sha1"
"""Taken where a record states none, because revisit records elsewhere name payloads by it."""
NO_BODY = {204, 304}
"""Answers that have no body whatever their headers say (RFC 9110)."""


class RecordPayload:
    """Reads a response or resource record; a file object for its payload, to be read once."""

    def __init__(self, record: Record) -> None:
        """Reads the HTTP head of a response. Raises DamagedPayloadError where it breaks off."""
        self._record = record
        self._block = _Digest(record.header("warc-block-digest"))
        self._stated = _Digest(record.header("warc-payload-digest"), OWN_DIGEST)
        # Of a chunked body the digest is meant to be of what was sent; some writers take it of
        # what was meant (iipc/warc-specifications discusses both).
        self._unchunked: _Digest | None = None
        self.head: Head | None = None
        self._length = 0
        self._rest = b""
        first = b""
        if record.header("warc-type") in ("response", "revisit"):
            self.head, first = read_head(self._read)
        self._chunks = self._payload(first)

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most ``size``; none at the end. Raises DamagedPayloadError."""
        if not self._rest:
            self._rest = next((chunk for chunk in self._chunks if chunk), b"")
        if size < 0 or size >= len(self._rest):
            data, self._rest = self._rest, b""
        else:
            data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def verdict(self) -> Verdict:
        """What the digests, and the record's own words, say of the payload that was read."""
        remarks = []
        matches = self._matches()
        if matches is False:
            remarks.append(f"digest_mismatch: the payload's digest is not {self._stated.text}")
        elif self._block.matches is False:
            remarks.append(f"digest_mismatch: the block's digest is not {self._block.text}")
        damage, is_corrupt = self._record.ending_damage()
        if damage and is_corrupt and not (matches or self._block.matches):
            return Verdict(problem=f"damaged: the record's gzip member {damage}")
        if damage:
            remarks.append(f"damaged_end: behind the record, {damage}")
        block = self._record.block
        if block.damage:
            remarks.append(f"truncated_record: whole by HTTP's measure; {block.damage}")
        if block.length != block.stated_length:
            remarks.append(
                f"wrong_length: {block.length:,} bytes, not {block.stated_length:,} as its header"
                " says, lie before the next record"
            )
        if cut := self._record.header("warc-truncated"):
            remarks.append(f"cut_by_crawler: WARC-Truncated says {cut}")
        if (short := self._missing()) > 0:
            remarks.append(f"short_body: {short:,} bytes fewer than the HTTP Content-Length")
        digest = None if matches is False else self._stated.value or self._stated.own
        return Verdict("; ".join(remarks) or None, digest)

    def _read(self, size: int) -> bytes:
        block = self._record.block
        data = block.read(size)
        if not data and block.goes_on() and not self._matches():
            extra = block.beyond()
            if extra and self._belongs(extra):
                block.extend(len(extra))
                data = block.read(size)
        self._block.update(data)
        return data

    def _belongs(self, extra: bytes) -> bool:
        """True where the record's digests, or HTTP's length, count bytes beyond its end in."""
        return (
            self._stated.matches_with(extra)
            or self._block.matches_with(extra)
            or self._announced() == self._length + len(extra)
        )

    def _matches(self) -> bool | None:
        """Whether the payload's digest is as stated; None where that cannot be told."""
        if self._unchunked and self._unchunked.matches:
            return True
        return self._stated.matches

    def _payload(self, first: bytes) -> Iterator[bytes]:
        chunks = self._body(first)
        if self.head is None:
            return chunks
        if is_chunked(self.head):
            self._unchunked = _Digest(self._stated.text)
            chunks = self._counted(dechunked(chunks), self._unchunked)
        return decoded(chunks, self.head.tokens("content-encoding"))

    def _body(self, first: bytes) -> Iterator[bytes]:
        data = first
        while data or (data := self._more()):
            self._length += len(data)
            self._stated.update(data)
            yield data
            data = b""

    def _more(self) -> bytes:
        try:
            return self._read(PIECE)
        except DamagedPayloadError:
            if self._missing() == 0 and self._announced() is not None:
                return b""  # the record breaks off, the answer in it does not
            raise

    @staticmethod
    def _counted(chunks: Iterator[bytes], digest: _Digest) -> Iterator[bytes]:
        for chunk in chunks:
            digest.update(chunk)
            yield chunk

    def _missing(self) -> int:
        """Bytes that the body lacks of what its HTTP header announces; 0 where it does not say."""
        return max(0, (self._announced() or 0) - self._length)

    def _announced(self) -> int | None:
        if self.head is None or self._unchunked or self.head.status in NO_BODY:
            return None
        stated = self.head.header("content-length") or ""
        is_number = stated.isascii() and stated.isdigit() and len(stated) < 19
        return int(stated) if is_number else None


class _Digest:
    """A digest as a header states it, and the same taken of the bytes."""

    def __init__(self, text: str | None, default: str | None = None) -> None:
        self.text = text
        self.value = digest_value(text)
        """As stated, ``algorithm:hex``; None where it is none that can be compared."""
        algorithm = self.value.partition(":")[0] if self.value else default
        self._hash = hashlib.new(algorithm, usedforsecurity=False) if algorithm else None

    def update(self, data: bytes) -> None:
        """Takes more bytes in."""
        if self._hash:
            self._hash.update(data)

    @property
    def own(self) -> str | None:
        """The digest of the bytes, ``algorithm:hex``."""
        return f"{self._hash.name}:{self._hash.hexdigest()}" if self._hash else None

    @property
    def matches(self) -> bool | None:
        """Whether stated and taken digest are the same; None where that cannot be told."""
        return self.own == self.value if self.value else None

    def matches_with(self, extra: bytes) -> bool:
        """Whether they would be the same with more bytes."""
        if self._hash is None or self.value is None:
            return False
        longer = self._hash.copy()
        longer.update(extra)
        return f"{longer.name}:{longer.hexdigest()}" == self.value


def digest_value(text: str | None) -> str | None:
    """A WARC digest as ``algorithm:hex``, of ``algorithm:`` and hex, Base32 or Base64 digits.

    None where it is absent, of an unknown algorithm, or of no length that fits. ISO 28500 leaves
    the encoding open; writers use these three.
    """
    algorithm, _, digits = (text or "").strip().partition(":")
    algorithm = algorithm.strip().lower().replace("-", "")
    if algorithm not in DIGESTS:
        return None
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size
    digits = digits.strip()
    try:
        if len(digits) == 2 * size:
            value = bytes.fromhex(digits)
        elif len(digits.rstrip("=")) == -(-size * 8 // 5):
            bare = digits.rstrip("=").upper()
            value = base64.b32decode(bare + "=" * (-len(bare) % 8))
        else:
            bare = digits.rstrip("=").replace("-", "+").replace("_", "/")
            value = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return f"{algorithm}:{value.hex()}" if len(value) == size else None
