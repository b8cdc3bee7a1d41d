"""Write, audit, publish: the audited working file becomes the analysts' snapshot, atomically."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.warehouse.lock import writer_lock

if TYPE_CHECKING:
    from pipelines.settings import Settings


class PublishError(RuntimeError):
    """The snapshot could not be replaced; the message says what is in the way."""


def publish_file(settings: Settings) -> int:
    """Copies the working file onto the published one. Returns its size in bytes.

    The caller has checkpointed and closed every connection. A reader on the old file keeps its
    view; the next one to connect sees the new file. An unchanged hazard is refused: a write-ahead
    log beside the published file would be replayed into the new snapshot (seen on DuckDB 1.5).

    Raises PublishError.
    """
    working, published = settings.warehouse_file, settings.published_file
    with writer_lock(settings.lock_file):
        for log in (_wal(working), _wal(published)):
            if log.exists():
                raise PublishError(
                    f"{log} is there: someone opened {log.with_suffix('').name} for writing."
                    " Look at it, move it away, and run again"
                )
        published.parent.mkdir(parents=True, exist_ok=True)
        fresh = published.with_name(published.name + ".new")
        fresh.unlink(missing_ok=True)
        shutil.copyfile(working, fresh)
        _sync(fresh)
        fresh.chmod(0o444)
        fresh.replace(published)
        _sync(published.parent)
        return published.stat().st_size


def _wal(database: Path) -> Path:
    return database.with_name(database.name + ".wal")


def _sync(path: Path) -> None:
    """Waits until a file's bytes, or a folder's entries, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
