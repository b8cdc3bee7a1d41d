"""The archive: payloads by SHA-256, gzip-compressed, on any fsspec file system."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

CHUNK = 1 << 20
COMPRESSION_LEVEL = 6
"""gzip's default. With no time stamp in the header, equal payloads give equal files."""


class PayloadTooLargeError(ValueError):
    """A payload beyond the bound that the caller set."""


class NotArchivedError(LookupError):
    """A payload that the archive does not hold, or holds damaged."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What the archive knows of one payload."""

    sha256: str
    size: int
    """Bytes, uncompressed."""
    path: str
    """Below the archive's root."""


@dataclass(frozen=True)
class Archive:
    """Payloads under ``root``: a local path, or any address that fsspec opens (``s3://...``)."""

    root: str

    @cached_property
    def _place(self) -> tuple[AbstractFileSystem, str]:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(self.root)
        return system, path.rstrip("/")

    @property
    def _is_local(self) -> bool:
        return "file" in (self._place[0].protocol, *self._place[0].protocol)

    def put(self, stream: IO[bytes], limit: int) -> Payload:
        """Stores what ``stream`` gives, in bounded memory; an equal payload is stored once.

        The file appears under its name only when it is whole and on disk.
        Raises PayloadTooLargeError beyond ``limit`` bytes, and whatever reading the stream raises.
        """
        spool_folder = None
        if self._is_local:
            spool_folder = Path(self._place[1]) / ".incoming"
            spool_folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=spool_folder, suffix=".gz")
        spool = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                sha256, size = _compress(stream, file, limit)
                file.flush()
                os.fsync(file.fileno())
            path = path_of(sha256)
            self._store(spool, path)
        finally:
            spool.unlink(missing_ok=True)
        return Payload(sha256, size, path)

    def _store(self, spool: Path, path: str) -> None:
        system, root = self._place
        target = f"{root}/{path}"
        if system.exists(target):
            return
        if self._is_local:
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            spool.replace(target)
        else:
            system.put_file(str(spool), target)

    def get(self, path: str) -> bytes:
        """The payload stored at ``path``. Raises NotArchivedError where that is not to be had."""
        system, root = self._place
        try:
            payload = gzip.decompress(system.cat_file(f"{root}/{path}"))
        except FileNotFoundError as error:
            raise NotArchivedError(f"archive {self.root} has no {path}") from error
        except (OSError, EOFError) as error:
            message = f"archive {self.root} holds {path} damaged: {error}"
            raise NotArchivedError(message) from error
        expected = Path(path).name.removesuffix(".gz")
        if hashlib.sha256(payload).hexdigest() != expected:
            raise NotArchivedError(f"archive {self.root} holds {path} with other bytes")
        return payload


def path_of(sha256: str) -> str:
    """Where a payload lies below the root: ``ab/cd/abcd….gz``."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.gz"


def _compress(stream: IO[bytes], file: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with gzip.GzipFile("", "wb", COMPRESSION_LEVEL, file, mtime=0) as packed:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise PayloadTooLargeError(f"larger than {limit:,} bytes")
            digest.update(chunk)
            packed.write(chunk)
    return digest.hexdigest(), size
