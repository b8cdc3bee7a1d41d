"""Candidates out of folders and single files: text, HTML, gzip of either, and WARCs."""

from __future__ import annotations

import contextlib
import functools
import gzip
import hashlib
import json
import mimetypes
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pipelines.ingest.records import Candidate, SourceError
from pipelines.ingest.warc import is_warc, read_warc

MANIFEST = "manifest.jsonl"
CONTENT_TYPES = {
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
    ".json": "application/json",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".pdf": "application/pdf",
}
"""By file name, for files that come without a declared type."""

_OTHER_TYPES = mimetypes.MimeTypes()
"""Python's own table, not the machine's: the same file has the same type everywhere. A name that
it does not know has no type, and extraction tells by the bytes."""


def read_path(source_id: str, path: Path, manifest: str | None = None) -> Iterator[Candidate]:
    """Candidates of a folder (sorted, recursive) or a single file.

    A folder with a manifest gives exactly the files that it lists. Raises SourceError where the
    path, or a manifest asked for by name, is missing.
    """
    if path.is_dir():
        listed = path / (manifest or MANIFEST)
        if listed.is_file():
            yield from _read_manifest(source_id, path, listed)
        elif manifest:
            raise SourceError(
                f"{listed}: there is no such manifest (--manifest is relative to the folder)"
            )
        else:
            yield from _read_tree(source_id, path)
    elif path.exists():
        yield from _read_file(source_id, path, path.name)
    else:
        raise SourceError(f"{path}: there is no such file or folder")


def _read_tree(source_id: str, root: Path) -> Iterator[Candidate]:
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        hidden = any(part.startswith(".") for part in relative.parts)
        if hidden or path.is_dir():
            continue
        if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
            problem = "unreadable: a link that leads out of the folder"
            yield Candidate(source_id, "file", relative.as_posix(), problem=problem)
        else:
            yield from _read_file(source_id, path, relative.as_posix())


def _read_manifest(source_id: str, root: Path, manifest: Path) -> Iterator[Candidate]:
    with manifest.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                place = f"{manifest.relative_to(root).as_posix()}:{number}"
                yield from _read_listed(source_id, root, place, line)


def _read_listed(source_id: str, root: Path, place: str, line: bytes) -> Iterator[Candidate]:
    def rejected(problem: str) -> Candidate:
        return Candidate(source_id, "file", place, problem=problem)

    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        yield rejected(f"manifest_line: {place}: not JSON ({error})")
        return
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
        yield rejected(f'manifest_line: {place}: needs a "file", relative to the folder')
        return
    try:
        fetched_at = _time(entry.get("fetched_at"))
    except ValueError as error:
        yield rejected(f"manifest_line: {place}: fetched_at {entry['fetched_at']!r}: {error}")
        return
    path = root / entry["file"]
    try:
        is_inside, is_there = path.resolve().is_relative_to(root.resolve()), path.exists()
    except (OSError, ValueError) as error:  # a NUL in the name, a name too long, a loop of links
        yield rejected(
            f"manifest_line: {place}: {entry['file'][:200]!r} is no name of a file: {error}"
        )
        return
    if not is_inside:
        yield rejected(f"manifest_line: {place}: {entry['file']!r} lies outside the folder")
        return
    if not is_there:
        yield rejected(f"manifest_line: {place}: there is no file {entry['file']!r}")
        return
    mark = hashlib.sha256(line).hexdigest()[:16]
    for candidate in _read_file(source_id, path, entry["file"]):
        yield replace(
            candidate,
            target_uri=candidate.target_uri or _text(entry.get("url")),
            fetched_at=candidate.fetched_at or fetched_at,
            content_type=_text(entry.get("content_type")) or candidate.content_type,
            validator=candidate.validator and f"{candidate.validator}-{mark}",
        )


def _text(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _time(value: Any) -> datetime | None:
    """ISO 8601; a time without a zone is UTC, as everywhere in newsledger."""
    if value is None:
        return None
    when = datetime.fromisoformat(str(value))
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _read_file(source_id: str, path: Path, location: str) -> Iterator[Candidate]:
    try:
        status = path.stat()
    except OSError as error:
        yield Candidate(source_id, "file", location, problem=f"unreadable: {error.strerror}")
        return
    if not stat.S_ISREG(status.st_mode):
        yield Candidate(source_id, "file", location, problem="unreadable: not a regular file")
        return
    validator = f"{status.st_size}-{status.st_mtime_ns}"
    if is_warc(path):
        records = functools.partial(read_warc, source_id, path, location)
        yield Candidate(source_id, "warc", location, records=records, validator=validator)
        return
    packed = path.suffix.lower() == ".gz"
    suffix = Path(path.stem).suffix if packed else path.suffix

    @contextlib.contextmanager
    def raw() -> Iterator[IO[bytes]]:
        with path.open("rb") as file:
            yield file

    @contextlib.contextmanager
    def unpacked() -> Iterator[IO[bytes]]:
        with gzip.open(path, "rb") as file:
            yield file  # type: ignore[misc]  # a GzipFile reads bytes

    yield Candidate(
        source_id,
        "file",
        location,
        open=unpacked if packed else raw,
        open_raw=raw,
        content_type=CONTENT_TYPES.get(suffix.lower()) or _OTHER_TYPES.guess_type(f"x{suffix}")[0],
        validator=validator,
    )
