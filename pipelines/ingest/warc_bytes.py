"""A WARC or ARC file as a stream of unpacked bytes that survives damage.

Here: gzip members, where they begin, and how to find the next record after bytes that make no
sense. Not here: what a record says (``warc_records``). Memory is bounded, whatever the file holds.
"""

from __future__ import annotations

import os
import re
import zlib
from typing import IO

RAW = 32 * 1024
"""Bytes read from the file at once. With deflate's limit of 1:1032 this bounds a piece unpacked."""
UNPACKED = 256 * 1024
"""Bytes unpacked at once."""
MAGIC = b"\x1f\x8b\x08"
_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
"""Beginning of a gzip member: deflate, and flags of RFC 1952 without the reserved ones."""
LOOK_BACK = 64 * 1024
"""Where unpacking fails, the damaged member may have ended before: looked at again are so many
bytes."""
FALSE_STARTS = 100_000
"""Places that look like a member and are none, before the search in a file is given up. Chance
makes one in 128 MiB; a file with more of them was made to cost time."""
SKIPPED = 256 * 1024 * 1024
"""Most bytes unpacked to get past a record: beyond it the file is searched for the next member."""

WARC_MARK = re.compile(rb"WARC/\d+\.\d+\r?\n")
_WARC_HEAD = re.compile(WARC_MARK.pattern + rb"[A-Za-z][\w-]*[ \t]*:")
"""What is searched for, also within a line: whatever was lost may have taken the line break."""
ARC_MARK = re.compile(
    rb"(?P<uri>[A-Za-z][A-Za-z0-9+.\-]*:[^\r\n]*) (?P<ip>\S+) (?P<date>\d{8,20}) (?P<type>\S+)"
    rb"(?: \S+ \S+ \S+ \S+ \S+)? (?P<length>-?\w+)\r?\n"
)
"""Header line of ARC 1, and of ARC 2 with its five fields more, as the Internet Archive describes
them (archive.org/web/researcher/ArcFileFormat.php)."""
LONGEST_NAME = 80
"""Bytes that hold a version and the name of a header."""
LONGEST_MARK = 64 * 1024
"""An ARC line holds an address; a longer line is none."""


class WarcBytes:
    """The bytes of ``file``, gzip undone, member by member; a plain file is a single member.

    A member ends where ``take`` and ``peek`` give nothing; ``damage`` then says whether by right.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file.fileno()
        self.size = os.fstat(self._file).st_size
        first = os.pread(self._file, LONGEST_MARK, 0)
        # Where the first bytes are damaged, the name says what the others are.
        name = str(file.name).lower()
        self.is_gzip = first.startswith(MAGIC) or (
            name.endswith(".gz") and not (WARC_MARK.match(first) or ARC_MARK.match(first))
        )
        self.damage: str | None = None
        """What is wrong with the present member, from where it stops giving bytes."""
        self.is_corrupt = False
        """True where that is gzip's own finding, so that what it gave may be wrong as well."""
        self.member_at = 0
        """Where in the file the present member begins."""
        self._raw = b""
        self._raw_end = 0
        """Where in the file ``_raw`` ends."""
        self._buffer = b""
        self._at = 0
        self._given = 0
        """Bytes of the member that came out of it so far."""
        self._inflater = zlib.decompressobj(31)
        self._false_starts = 0
        first = self.peek(LONGEST_MARK) if self.is_gzip else first
        self.is_arc = ARC_MARK.match(first) is not None or (
            not WARC_MARK.match(first) and ".arc" in name
        )
        self._mark = ARC_MARK if self.is_arc else WARC_MARK

    @property
    def at_member_start(self) -> bool:
        """True before the first byte of a member was taken."""
        if not self.is_gzip:
            return self.offset == 0
        return self._at == 0 and self._given == len(self._buffer)

    @property
    def offset(self) -> int:
        """Where in the file the next byte lies; of a packed file, where its member begins."""
        return self.member_at if self.is_gzip else self._raw_end - len(self._buffer) + self._at

    @property
    def raw_position(self) -> int:
        """Up to where the file was used so far."""
        return self._raw_end - len(self._raw) if self.is_gzip else self.offset

    def peek(self, length: int) -> bytes:
        """The next bytes without taking them; fewer than ``length`` where the member ends."""
        while len(self._buffer) - self._at < length and self._fill():
            pass
        return self._buffer[self._at : self._at + length]

    def take(self, length: int) -> bytes:
        """At most ``length`` bytes; none where the member ends."""
        if self._at >= len(self._buffer) and not self._fill():
            return b""
        data = self._buffer[self._at : self._at + length]
        self._at += len(data)
        return data

    def skip(self, length: int) -> int:
        """Passes over bytes of this member; returns how many there were to pass over."""
        if not self.is_gzip:
            length = min(length, self.size - self.offset)
            self._go_to(self.offset + length)
            return length
        passed = 0
        while passed < length and (data := self.take(min(length - passed, UNPACKED))):
            passed += len(data)
            if passed > SKIPPED:
                self.damage = f"more than {SKIPPED:,} bytes to pass over"
                self._buffer, self._at = b"", 0
        return passed

    def after(self, length: int) -> bytes:
        """What lies ``length`` bytes on in a plain file: enough to know a record by."""
        return os.pread(self._file, 4096 if self.is_arc else 64, self.offset + length)

    def next_mark(self) -> int | None:
        """Bytes from here to the next record of a plain file; None where there is no other."""
        at = self.offset
        tail = b""
        while data := os.pread(self._file, UNPACKED, at):
            text = tail + data
            if (found := self.find_mark(text)) is not None:
                return at - len(tail) + found - self.offset
            tail = self._tail(text)
            at += len(data)
        return None

    def starts_record(self, behind: int = 0) -> bool:
        """True where a record's header begins here, or up to ``behind`` blank bytes further on."""
        ahead = self.peek((LONGEST_MARK if self.is_arc else 64) + behind)
        return self._mark.match(ahead.lstrip(b"\r\n") if behind else ahead) is not None

    def next_member(self) -> bool:
        """Goes to the member after this one; False at the end of the file.

        Where something else follows, that is the ``damage``.
        """
        if not self.is_gzip or self.damage:
            return False
        # Writers may pad between members with zeros.
        while not self._raw.lstrip(b"\0") and self._read_raw():
            pass
        self._raw = self._raw.lstrip(b"\0")
        while len(self._raw) < len(MAGIC) and self._read_raw(keep=True):
            pass
        if not self._raw:
            return False
        if not self._raw.startswith(MAGIC):
            self.damage = "what follows a gzip member is none"
            return False
        self._open(self.raw_position)
        return True

    def resync(self) -> bool:
        """Goes to the next beginning of a record, at least one byte on; False where there is none.

        Within the member, while that can be unpacked; else to the next member that begins one.
        """
        if self._seek_mark():
            return True
        if not self.is_gzip:
            return False
        while self.next_member() or self._seek_member():
            if self.starts_record() or self._seek_mark():
                return True
        return False

    def _open(self, at: int) -> None:
        """Begins with the member at ``at``, of which the raw bytes are at hand or to be read."""
        if at != self.raw_position:
            self._raw, self._raw_end = b"", at
        self.member_at, self.damage, self.is_corrupt = at, None, False
        self._buffer, self._at, self._given = b"", 0, 0
        self._inflater = zlib.decompressobj(31)

    def _go_to(self, at: int) -> None:
        begin = self._raw_end - len(self._buffer)
        if begin <= at <= self._raw_end:
            self._at = at - begin
        else:
            self._buffer, self._at, self._raw_end = b"", 0, at

    def _read_raw(self, *, keep: bool = False) -> bool:
        data = os.pread(self._file, RAW, self._raw_end)
        self._raw = self._raw + data if keep else data
        self._raw_end += len(data)
        return bool(data)

    def _fill(self) -> bool:
        data = self._unpacked() if self.is_gzip else os.pread(self._file, UNPACKED, self._raw_end)
        if not data:
            return False
        if not self.is_gzip:
            self._raw_end += len(data)
        self._buffer = self._buffer[self._at :] + data
        self._at = 0
        return True

    def _unpacked(self) -> bytes:
        while not self._inflater.eof and not self.damage:
            if not self._raw and not self._read_raw():
                self.damage = "the file ends within a gzip member"
                break
            before = self.raw_position
            try:
                data = self._inflater.decompress(self._raw, UNPACKED)
            except zlib.error as error:
                self.damage, self.is_corrupt = f"cannot be unpacked ({error})", True
                return self._salvaged(before)
            self._raw = (
                self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
            )
            if data:
                self._given += len(data)
                return data
        return b""

    def _salvaged(self, failed_at: int) -> bytes:
        """What a damaged member gives in front of the damage, in the piece that failed as a whole.

        zlib keeps nothing of such a piece, so the member is unpacked anew, at last byte by byte.
        """
        inflater, at = zlib.decompressobj(31), self.member_at
        given, total = bytearray(), 0
        try:
            while not inflater.eof:
                raw = os.pread(self._file, max(1, min(4096, failed_at - at)), at)
                data = inflater.decompress(raw)
                at += len(raw)
                given += data[max(0, self._given - total) :]
                total += len(data)
        except zlib.error:
            pass  # the damage itself, now met to the byte
        self._raw, self._raw_end = b"", at
        self._given += len(given)
        return bytes(given)

    def find_mark(self, text: bytes) -> int | None:
        """Where a record begins in ``text``; of ARC, at the beginning of a line but its first."""
        if not self.is_arc:
            found = _WARC_HEAD.search(text)
            return found.start() if found else None
        at = text.find(b"\n")
        while at >= 0:
            if ARC_MARK.match(text, at + 1):
                return at + 1
            at = text.find(b"\n", at + 1)
        return None

    def _tail(self, text: bytes) -> bytes:
        """The end of ``text`` in which a mark may begin that ends behind it."""
        if not self.is_arc:
            return text[-LONGEST_NAME:]
        at = text.rfind(b"\n", max(0, len(text) - LONGEST_MARK))
        return text[at:] if at >= 0 else b""

    def _seek_mark(self) -> bool:
        """Goes to the next record within the member, at least a line on."""
        passed = 0
        while True:
            text = self._buffer[self._at :]
            if (found := self.find_mark(text)) is not None:
                self._at += found
                return True
            passed += len(text)
            self._at += len(text) - len(self._tail(text))
            if passed > SKIPPED and self.is_gzip:
                self.damage = f"more than {SKIPPED:,} bytes that are no record"
            if not self._fill():
                self._at = len(self._buffer)
                return False

    def _seek_member(self) -> bool:
        """Goes to the next gzip member that begins with a record, wherever this one was left."""
        at = max(self.member_at + 1, self.raw_position - LOOK_BACK)
        while data := os.pread(self._file, UNPACKED, at):
            for found in _MEMBER.finditer(data):
                if self._is_record(at + found.start()):
                    self._open(at + found.start())
                    return True
                self._false_starts += 1
                if self._false_starts > FALSE_STARTS:
                    return False
            # A beginning may lie across the edge of two pieces.
            at += max(len(data) - 3, 1)
        return False

    def _is_record(self, at: int) -> bool:
        try:
            unpacked = zlib.decompressobj(31).decompress(os.pread(self._file, 4096, at), 4096)
        except zlib.error:
            return False
        return self._mark.match(unpacked) is not None
