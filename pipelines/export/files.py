"""Files of an export as they are written: counted, hashed, the same bytes each time."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from pipelines.export.records import File

_CHUNK = 1 << 20


def file_of(root: Path, path: Path, rows: int) -> File:
    """What the manifest says of a file below ``root``. Rows: data rows or lines in it."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return File(path.relative_to(root).as_posix(), rows, size, digest.hexdigest())


@contextmanager
def output(path: Path, *, compressed: bool) -> Iterator[IO[bytes]]:
    """A new file to write bytes to; compressed ones bear no time and no name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw:
        if not compressed:
            yield raw
            return
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as file:
            yield cast("IO[bytes]", file)


def write_lines(
    root: Path, path: Path, records: Iterable[dict[str, Any]], *, compressed: bool
) -> File:
    """JSON, an object a line, UTF-8; ``.gz`` is added to the name where it is compressed."""
    target = path.with_name(path.name + ".gz") if compressed else path
    count = 0
    with output(target, compressed=compressed) as file:
        for record in records:
            text = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            file.write(text.encode() + b"\n")
            count += 1
    return file_of(root, target, count)
