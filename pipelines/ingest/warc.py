"""Candidates out of WARC and ARC files, record by record, whole files never in memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import IO, Any

from pipelines.ingest.records import Candidate

SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
CAPTURED = {"response", "resource"}


def is_warc(path: Path) -> bool:
    """True by the file's name."""
    return path.name.lower().endswith(SUFFIXES)


def read_warc(source_id: str, path: Path, location: str) -> Iterator[Candidate]:
    """Candidates of the file's responses, resources and revisits, in file order.

    Each has the capture's own address and date. Where the file is damaged, one last candidate
    carries the problem; what came before it stands. A candidate must be read before the next is
    asked for: records are a stream.
    """
    from warcio.archiveiterator import ArchiveIterator

    number = -1
    try:
        with path.open("rb") as file:
            for number, record in enumerate(ArchiveIterator(file, arc2warc=True)):
                if record.rec_type in CAPTURED | {"revisit"}:
                    yield _candidate(source_id, record, f"{location}#{number}")
    except Exception as error:  # noqa: BLE001  # recorded: on damaged files warcio raises anything
        yield Candidate(
            source_id,
            "warc",
            f"{location}#damage",
            problem=f"warc_damaged: {location}: after {number + 1} records:"
            f" {type(error).__name__}: {error}".strip(),
        )
    else:
        if number < 0:
            yield Candidate(
                source_id, "warc", location, problem=f"warc_damaged: {location}: holds no record"
            )


def _candidate(source_id: str, record: Any, location: str) -> Candidate:
    uri = record.rec_headers.get_header("WARC-Target-URI")
    date = record.rec_headers.get_header("WARC-Date")
    try:
        fetched_at = datetime.fromisoformat(date or "")
        fetched_at = fetched_at if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC)
    except ValueError:
        return Candidate(source_id, "warc", location, problem=f"warc_record: bad date {date!r}")
    common: dict[str, Any] = {
        "target_uri": uri.strip("<>") if uri else None,
        "fetched_at": fetched_at,
    }
    if record.rec_type == "revisit":
        return Candidate(source_id, "warc", location, **common)
    headers = record.http_headers
    declared = (headers or record.rec_headers).get_header("Content-Type") or ""
    media_type, charset = _media_type(declared)
    status = headers.get_statuscode() if headers else ""

    @contextlib.contextmanager
    def body() -> Iterator[IO[bytes]]:
        yield record.content_stream()

    return Candidate(
        source_id,
        "warc",
        location,
        open=body,
        http_status=int(status) if status and status.isdigit() else None,
        content_type=media_type,
        charset=charset,
        etag=headers.get_header("ETag") if headers else None,
        last_modified=headers.get_header("Last-Modified") if headers else None,
        **common,
    )


def _media_type(declared: str) -> tuple[str | None, str | None]:
    """Media type and charset of a Content-Type value, lower case."""
    message = Message()
    message["Content-Type"] = declared.replace("\n", " ").replace("\r", " ")
    media_type = message.get_content_type() if "/" in declared else None
    return media_type, message.get_content_charset()
