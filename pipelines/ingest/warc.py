"""Candidates out of WARC and ARC files, record by record, whole files never in memory."""

from __future__ import annotations

import contextlib
import functools
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import IO, Any, cast

from pipelines.ingest.records import Candidate, DamagedPayloadError, Opener, Revisit
from pipelines.ingest.warc_bytes import MAGIC, WARC_MARK
from pipelines.ingest.warc_payload import PIECE, RecordPayload, digest_value
from pipelines.ingest.warc_records import Damage, Record, WarcReader
from pipelines.ingest.web.reservations import header_statements

SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
_MARKED = re.compile(r"\.w?arc\.", re.IGNORECASE)
"""In names that crawlers give to files that are not finished, or found bad: x.warc.gz.open."""
CAPTURED = {"response", "resource"}
NO_PAGES = ("dns:", "whois:", "ntp:")
"""Schemes of what crawlers note about hosts, in records of the same types as pages."""
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
"""WARC 1.1 allows dates cut to the year, the month or the day."""


def is_warc(path: Path) -> bool:
    """True by the file's name; where that only hints at it, by its first bytes as well."""
    if path.name.lower().endswith(SUFFIXES):
        return True
    if not _MARKED.search(path.name) or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            first = file.read(4096)
    except OSError:
        return False
    if first.startswith(MAGIC):
        with contextlib.suppress(zlib.error):
            first = zlib.decompressobj(31).decompress(first, 4096)
    return WARC_MARK.match(first) is not None or first.startswith(b"filedesc:")


def read_warc(source_id: str, path: Path, location: str) -> Iterator[Candidate]:
    """Candidates of the file's responses, resources and revisits, in file order.

    Each has the capture's own address and date. A damaged place is a candidate with the problem,
    and its bytes as evidence; sound records behind it follow. Records of other types are passed
    over. A candidate must be read before the next is asked for: records are a stream.
    """
    found = False
    try:
        with path.open("rb") as file:
            for item in WarcReader(file):
                found = True
                candidate = _of(item, source_id, path, location)
                if candidate:
                    yield candidate
    except OSError as error:
        problem = f"warc_damaged: {location}: cannot be read: {error.strerror or error}"
        yield Candidate(source_id, "warc", location, problem=problem)
    if not found:
        problem = f"warc_damaged: {location}: holds no record"
        yield Candidate(source_id, "warc", location, problem=problem)


def _of(item: Record | Damage, source_id: str, path: Path, location: str) -> Candidate | None:
    place = f"{location}#{item.number}"
    if isinstance(item, Record):
        kind = item.header("warc-type")
        if kind and not _is_capture(item):
            return Candidate(source_id, "warc", place, passed_over=kind[:40])
        return _candidate(item, source_id, path, place)
    if item.record and _is_capture(item.record):
        return None  # who read the record met the damage, and has its reason
    begin, end = item.span
    uri = item.headers.get("warc-target-uri")
    fetched_at = None
    with contextlib.suppress(ValueError):
        fetched_at = _time(item.headers.get("warc-date"))
    return Candidate(
        source_id,
        "warc",
        place,
        open_raw=_raw(path, begin, end),
        target_uri=uri.strip("<>") if uri else None,
        fetched_at=fetched_at,
        problem=f"warc_damaged: {location}: bytes {begin:,} to {end:,}: {item.reason}",
    )


def _is_capture(record: Record) -> bool:
    kind = record.header("warc-type")
    uri = (record.header("warc-target-uri") or "").lstrip("<").lower()
    return kind is None or (kind in CAPTURED | {"revisit"} and not uri.startswith(NO_PAGES))


def _candidate(record: Record, source_id: str, path: Path, place: str) -> Candidate:
    uri = record.header("warc-target-uri")
    problem = None
    try:
        fetched_at = _time(record.header("warc-date"))
    except ValueError:
        fetched_at = None
        problem = f"warc_record: bad date {record.header('warc-date')!r}"
    if record.header("warc-type") is None:
        problem = "warc_record: no WARC-Type"
    if record.header("warc-segment-number"):
        problem = problem or "segmented: the payload goes on in other records, which are not joined"
    common: dict[str, Any] = {
        # Some versions of Wget write the address in angle brackets.
        "target_uri": uri.strip("<>") if uri else None,
        "fetched_at": fetched_at,
        "problem": problem,
        "open_raw": _evidence(record, path),
    }
    try:
        payload = _payload(record)
    except DamagedPayloadError as error:
        common["problem"] = problem or str(error)
        return Candidate(source_id, "warc", place, **common)
    common |= _stated(record, payload)
    if record.header("warc-type") == "revisit":
        return Candidate(source_id, "warc", place, revisit=_revisit(record), **common)
    return Candidate(
        source_id, "warc", place, open=_opener(payload), verdict=payload.verdict, **common
    )


def _payload(record: Record) -> RecordPayload:
    """The record's payload; of a revisit, which should be but headers, read to its end already."""
    payload = RecordPayload(record)
    if record.header("warc-type") == "revisit":
        while payload.read(PIECE):
            pass
        if record.block.damage:
            raise DamagedPayloadError(record.block.damage)
    return payload


def _stated(record: Record, payload: RecordPayload) -> dict[str, Any]:
    """What the headers say of the payload."""
    head = payload.head
    declared = head.header("content-type") if head else record.header("content-type")
    if record.header("warc-type") == "revisit" and not head:
        declared = None
    media_type, charset = _media_type(declared or "")
    stated: dict[str, Any] = {"content_type": media_type, "charset": charset}
    if head:
        stated |= {
            "http_status": head.status,
            "etag": head.header("etag"),
            "last_modified": head.header("last-modified"),
        }
        said = header_statements(head.headers)
        stated |= {
            "tdm_reservation": said.tdm_reservation,
            "usage_preference": said.usage_preference,
            "robots_meta": said.robots_meta,
        }
    return stated


def _revisit(record: Record) -> Revisit:
    uri = record.header("warc-refers-to-target-uri")
    try:
        at = _time(record.header("warc-refers-to-date"))
    except ValueError:
        at = None
    return Revisit(
        digest_value(record.header("warc-payload-digest")), uri.strip("<>") if uri else None, at
    )


def _time(text: str | None) -> datetime:
    """A WARC-Date; without a zone it is UTC, as the standard has it. Raises ValueError."""
    text = text or ""
    if _DATE.fullmatch(text):
        text = (text + "-01-01")[:10]
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


@functools.lru_cache(maxsize=512)
def _media_type(declared: str) -> tuple[str | None, str | None]:
    """Media type and charset of a Content-Type value, lower case."""
    if "/" not in declared:
        return None, None
    message = Message()
    message["Content-Type"] = declared.replace("\n", " ").replace("\r", " ")[:1000]
    return message.get_content_type(), message.get_content_charset()


def _opener(payload: RecordPayload) -> Opener:
    @contextlib.contextmanager
    def opened() -> Iterator[IO[bytes]]:
        # Of a file's methods those who archive use this one alone.
        yield cast("IO[bytes]", payload)

    return opened


def _evidence(record: Record, path: Path) -> Opener | None:
    @contextlib.contextmanager
    def opened() -> Iterator[IO[bytes]]:
        begin, end = record.span() or (0, 0)
        with _raw(path, begin, end)() as file:
            yield file

    return opened if record.addressable else None


def _raw(path: Path, begin: int, end: int) -> Opener:
    @contextlib.contextmanager
    def opened() -> Iterator[IO[bytes]]:
        with path.open("rb") as file:
            file.seek(begin)
            yield cast("IO[bytes]", _Span(file, end - begin))

    return opened


class _Span:
    """The next ``length`` bytes of a file."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self._file = file
        self._left = length

    def read(self, size: int) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data
