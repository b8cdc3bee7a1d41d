"""Records of a WARC or ARC file in order, and what lies between them that is none.

ISO 28500 (WARC 1.0 and 1.1) and the Internet Archive's ARC format. Where a record is damaged, the
next sound one is looked for, so that damage costs no more than the records it hit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from pipelines.ingest.records import DamagedPayloadError
from pipelines.ingest.warc_bytes import ARC_MARK, LONGEST_MARK, WarcBytes

HEAD = 2 * 1024 * 1024
"""Longest header of a record, in bytes."""
BLANK = 64 * 1024
"""Longest run of line breaks between records, in bytes."""
EXTENSION = 1024 * 1024
"""Most bytes beyond the length stated in its header that may turn out to be a record's."""
DAMAGES = 1000
"""Damaged places of one file, after which the rest of it is left: each costs a search."""


class Block:
    """The bytes that a record's header announces, read once, in order."""

    def __init__(self, source: WarcBytes, length: int) -> None:
        self._source = source
        self.length = length
        self.stated_length = length
        self.damage: str | None = None
        """Why it is cut, once that was met."""
        self._left = length
        self._cut: int | None = None
        if not source.is_gzip and not _record_follows(source, length):
            mark = source.next_mark()
            room = source.size - source.offset if mark is None else mark
            self._cut = room if room < length else None

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; none at the end. Raises DamagedPayloadError where it is cut."""
        if self.damage:
            raise DamagedPayloadError(self.damage)
        if not self._left or not size:
            return b""
        if self._cut is not None:
            data = self._source.take(min(size, self._cut))
            self._cut -= len(data)
            if not data:
                raise self._truncated("the next record, or the file's end, comes before")
        else:
            data = self._source.take(min(size, self._left))
            # A record may run over several gzip members; not over the beginning of another record.
            while not data and self._source.next_member():
                if self._source.starts_record():
                    raise self._truncated("the next record comes before")
                data = self._source.take(min(size, self._left))
            if not data:
                raise self._truncated(self._source.damage or "the file ends before")
        self._left -= len(data)
        return data

    def pass_over(self) -> None:
        """Goes to the block's end. Raises DamagedPayloadError where it is cut."""
        if self.damage:
            raise DamagedPayloadError(self.damage)
        if self._cut is not None:
            self._source.skip(self._cut)
            self._cut = 0
        else:
            self._left -= self._source.skip(self._left)
        while self._left:
            self.read(LONGEST_MARK)
            self._left -= self._source.skip(self._left)

    def goes_on(self) -> bool:
        """True at its end where neither a record nor the end of the file follows."""
        rest = self._source.peek(64).lstrip(b"\r\n")
        return bool(rest) and not self._left and not self._source.starts_record(64)

    def beyond(self) -> bytes:
        """What lies between its end and the next record; nothing where that is too much."""
        ahead = self._source.peek(EXTENSION)
        mark = self._source.find_mark(ahead)
        if mark is None and len(ahead) == EXTENSION:
            return b""
        extra = ahead[:mark]
        end = next((e for e in (b"\r\n\r\n", b"\n") if extra.endswith(e)), b"")
        return extra.removesuffix(end)

    def extend(self, length: int) -> None:
        """Takes so many bytes beyond its end in."""
        self._left = length
        self.length += length

    def _truncated(self, why: str) -> DamagedPayloadError:
        self.damage = (
            f"truncated: {self._left:,} of the record's {self.length:,} bytes are missing: {why}"
        )
        return DamagedPayloadError(self.damage)


@dataclass(slots=True)
class Record:
    """One record: its header, and its block to be read before the next record is asked for."""

    number: int
    """Its place in the file, from 0; damaged places count as well."""
    offset: int
    """Where in the file it begins, or its gzip member does."""
    headers: dict[str, str]
    """By name in lower case; of repeated ones the first. An ARC line in the words of WARC."""
    block: Block
    source: WarcBytes
    addressable: bool
    """True where it begins at ``offset`` itself."""
    damage_told: bool = False
    """True once whoever reads the record knows of the damage behind it."""

    def header(self, name: str) -> str | None:
        """The value of a header; None where it is absent or empty."""
        return self.headers.get(name) or None

    def span(self) -> tuple[int, int] | None:
        """Where its bytes lie in the file, as far as it was read; None where that has no place."""
        if not self.addressable:
            return None
        source = self.source
        return self.offset, source.offset if source.at_member_start else source.raw_position

    def ending_damage(self) -> tuple[str | None, bool]:
        """What is wrong behind the block, once that is read, and whether gzip's checksum says so.

        Else it is but the end of the gzip member that is missing.
        """
        damage = self.source.damage if len(self.source.peek(8)) < 8 else None
        self.damage_told = damage is not None
        return damage, damage is not None and self.source.is_corrupt


@dataclass(frozen=True, slots=True)
class Damage:
    """A place in the file that is no sound record."""

    number: int
    reason: str
    span: tuple[int, int]
    """Where in the file: from, up to."""
    record: Record | None = None
    """The record that broke off; None where there was no telling one."""
    headers: dict[str, str] = field(default_factory=dict)
    """Of a record whose header can be read and is of no use."""


@dataclass(slots=True)
class WarcReader:
    """Reads ``file`` record by record, in bounded memory and in time that its length bounds."""

    file: IO[bytes]
    _source: WarcBytes = field(init=False)
    _number: int = field(init=False, default=0)
    _damages: int = field(init=False, default=0)
    _ended: bool = field(init=False, default=False)

    def __iter__(self) -> Iterator[Record | Damage]:
        """What the file holds, in order. Raises OSError where it cannot be read."""
        self._source = source = WarcBytes(self.file)
        told = False
        while not self._ended and self._damages < DAMAGES:
            if not self._to_next():
                if not source.damage:
                    return
                damage = self._damage(source.offset, source.damage)
                if not told:
                    yield damage
                told = False
                continue
            offset, addressable = source.offset, not source.is_gzip or source.at_member_start
            headers: dict[str, str] = {}
            try:
                self._head(headers)
                length = _length(headers.get("content-length"))
            except DamagedPayloadError as error:
                yield self._damage(offset, str(error), headers=headers)
                continue
            record = Record(
                self._number, offset, headers, Block(source, length), source, addressable
            )
            self._number += 1
            yield record
            try:
                record.block.pass_over()
            except DamagedPayloadError as error:
                yield self._damage(offset, str(error), record)
            told = record.damage_told
        if not self._ended:
            left = source.size - source.raw_position
            reason = f"{left:,} bytes are left unread after {DAMAGES:,} damaged places"
            yield Damage(self._number, reason, (source.raw_position, source.size))

    def _damage(
        self,
        offset: int,
        reason: str,
        record: Record | None = None,
        headers: dict[str, str] | None = None,
    ) -> Damage:
        """Goes on to the next record, and says what lies before it."""
        source = self._source
        self._damages += 1
        number = record.number if record else self._number
        self._number += record is None
        self._ended = not (source.starts_record() or source.resync())
        end = source.size if self._ended else source.offset
        return Damage(number, reason, (offset, end), record, headers or {})

    def _to_next(self) -> bool:
        """Past the line breaks between records; False where no more bytes come."""
        source, passed = self._source, 0
        while passed < BLANK:
            ahead = source.peek(4)
            rest = ahead.lstrip(b"\r\n")
            source.take(len(ahead) - len(rest))
            passed += len(ahead) - len(rest)
            if rest:
                return True
            if not ahead and not source.next_member():
                return False
        return True

    def _head(self, headers: dict[str, str]) -> None:
        """Takes a record's header; what it says is put into ``headers``."""
        if self._source.is_arc:
            self._arc_head(headers)
            return
        head = self._warc_head()
        name = ""
        for line in head.split(b"\n")[1:]:
            if line[:1] in (b" ", b"\t") and name:
                headers[name] += " " + _decoded(line).strip()
                continue
            left, colon, right = _decoded(line).partition(":")
            name = left.strip().lower() if colon else ""
            if name in headers:
                name = ""
            elif name:
                headers[name] = right.strip()

    def _warc_head(self) -> bytes:
        """The header's bytes, taken, with the empty line that ends it.

        Where there is no such header, a byte of what looks like one is taken: what comes next is
        then looked for behind it.
        """
        source, wanted = self._source, 4096
        if not source.peek(5).startswith(b"WARC/"):
            raise DamagedPayloadError(f"no record begins with {_shown(source.peek(80))}")
        while True:
            ahead = source.peek(wanted)
            end, width = ahead.find(b"\r\n\r\n"), 4
            bare = ahead.find(b"\n\n", 0, end if end >= 0 else len(ahead))
            if bare >= 0:
                end, width = bare, 2
            if end >= 0:
                source.take(end + width)
                return ahead[:end]
            if len(ahead) >= HEAD:
                source.take(1)
                raise DamagedPayloadError(f"a header longer than {HEAD:,} bytes")
            if len(ahead) < wanted:
                source.take(1)
                raise DamagedPayloadError(
                    f"the header breaks off: {source.damage or 'the file or the member ends'}"
                )
            wanted *= 2

    def _arc_head(self, headers: dict[str, str]) -> None:
        source = self._source
        ahead = source.peek(LONGEST_MARK)
        line = ARC_MARK.match(ahead)
        if not line:
            first = ahead.partition(b"\n")[0]
            raise DamagedPayloadError(f"no record begins with {_shown(first[:80])}")
        source.take(line.end())
        uri, date = _decoded(line["uri"]), line["date"].decode()
        headers |= {
            "warc-type": "warcinfo" if uri.startswith("filedesc:") else "response",
            "warc-target-uri": uri,
            # Some writers add digits beyond the seconds.
            "warc-date": f"{date[:4]}-{date[4:6]}-{date[6:8]}"
            + (f"T{date[8:10]}:{date[10:12]}:{date[12:14]}Z" if len(date) >= 14 else ""),
            "content-type": _decoded(line["type"]),
            "content-length": line["length"].decode(),
        }


def _record_follows(source: WarcBytes, length: int) -> bool:
    """True where a block of that length ends before another record, or with the file."""
    if source.offset + length > source.size:
        return False
    after = source.after(length)
    rest = after.lstrip(b"\r\n")
    if not rest:
        return source.offset + length + len(after) == source.size
    return (ARC_MARK.match(rest) is not None) if source.is_arc else rest.startswith(b"WARC/")


def _length(text: str | None) -> int:
    if text is None:
        raise DamagedPayloadError("the header states no length")
    # int() refuses more digits than a few thousand, and takes signs and underscores.
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise DamagedPayloadError(f"the header states a length of {_shown(text.encode())}")
    return int(text)


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8").rstrip("\r")
    except UnicodeDecodeError:
        return line.decode("latin-1").rstrip("\r")


def _shown(line: bytes) -> str:
    return repr(line[:80].decode("ascii", "backslashreplace"))
