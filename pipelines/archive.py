"""The archive: payloads by SHA-256, gzip-compressed, on any fsspec file system."""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import os
import tempfile
import threading
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

CHUNK = 1 << 20
"""Bytes read at once; a payload up to this length is compressed in one piece."""
COMPRESSION_LEVEL = 4
"""On news pages 4 % larger than gzip's default (6) in two thirds of its time. With no time stamp
in the header, equal payloads give equal files."""
WRITERS = 8
"""Threads of a batch. zlib lets the reading of the next payload go on meanwhile, and file systems
merge what several threads sync at once: a third of the time that one after the other takes."""
ABANDONED = timedelta(hours=1)
"""A spool file untouched for so long belongs to no living process."""


class PayloadTooLargeError(ValueError):
    """A payload beyond the bound that the caller set."""


class NotArchivedError(LookupError):
    """A payload that the archive does not hold, or holds damaged."""


class ArchiveError(OSError):
    """The archive cannot take payloads: no space, no permission, or its place is gone.

    Never the payload's fault: whoever meets it must end the capture, not reject the input.
    """


@dataclass(frozen=True, slots=True)
class Payload:
    """What the archive knows of one payload."""

    sha256: str
    size: int
    """Bytes, uncompressed."""
    path: str
    """Below the archive's root."""


class Store(Protocol):
    """What takes payloads: the archive itself, or a batch of it."""

    def put(self, stream: IO[bytes], limit: int) -> Payload:
        """Stores what ``stream`` gives, at most ``limit`` bytes."""


@dataclass(frozen=True)
class Archive:
    """Payloads under ``root``: a local path, or any address that fsspec opens (``s3://...``)."""

    root: str

    @cached_property
    def _place(self) -> tuple[AbstractFileSystem, str]:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(self.root)
        return system, path.rstrip("/")

    @cached_property
    def is_local(self) -> bool:
        """True where it lies on a file system of this machine."""
        return "file" in (self._place[0].protocol, *self._place[0].protocol)

    @cached_property
    def _incoming(self) -> str:
        """The spool's folder; of an archive elsewhere, one of this machine's for passing files."""
        return f"{self._place[1]}/.incoming" if self.is_local else tempfile.gettempdir()

    def put(self, stream: IO[bytes], limit: int) -> Payload:
        """Stores what ``stream`` gives, in bounded memory; an equal payload is stored once.

        The file appears under its name only when it is whole and on disk, and both last through a
        crash once this returns. Raises PayloadTooLargeError beyond ``limit`` bytes, ArchiveError
        where the archive itself fails, and whatever reading the stream raises.
        """
        with self.batch() as batch:
            return batch.put(stream, limit)

    @contextlib.contextmanager
    def batch(self) -> Iterator[Batch]:
        """A store whose payloads are compressed and written side by side.

        They are in the archive, as after ``put``, when the block has ended, and not before: record
        them after it. Raises ArchiveError then, or at any ``put`` in the block; then, and where the
        block raises anything, some may be missing.
        """
        with ThreadPoolExecutor(WRITERS, thread_name_prefix="archive") as pool:
            batch = Batch(self, pool)
            try:
                yield batch
                batch.finish()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
                batch.clear()

    def sweep(self, older_than: timedelta = ABANDONED) -> int:
        """Removes what killed processes left in the spool; returns how many files.

        To be called under the writer lock. Files of a living process are younger than that.
        """
        spool = Path(self._incoming)
        if not self.is_local or not spool.is_dir():
            return 0
        removed, oldest = 0, time.time() - older_than.total_seconds()
        with self.own_side():
            for path in spool.iterdir():
                if path.is_file() and path.stat().st_mtime < oldest:
                    path.unlink()
                    removed += 1
        return removed

    def get(self, path: str) -> bytes:
        """The payload stored at ``path``. Raises NotArchivedError where that is not to be had."""
        system, root = self._place
        try:
            payload = gzip.decompress(system.cat_file(f"{root}/{path}"))
        except FileNotFoundError as error:
            raise NotArchivedError(f"archive {self.root} has no {path}") from error
        except (OSError, EOFError, zlib.error) as error:
            message = f"archive {self.root} holds {path} damaged: {error}"
            raise NotArchivedError(message) from error
        expected = Path(path).name.removesuffix(".gz")
        if hashlib.sha256(payload).hexdigest() != expected:
            raise NotArchivedError(f"archive {self.root} holds {path} with other bytes")
        return payload

    def has(self, path: str) -> bool:
        """True where a payload is stored at ``path``. Raises ArchiveError."""
        system, root = self._place
        with self.own_side():
            if self.is_local:
                return os.path.exists(f"{root}/{path}")  # noqa: PTH110  # asked for each payload
            return bool(system.exists(f"{root}/{path}"))

    def folders_of(self, path: str) -> list[str]:
        """The folders of ``path``, its own first, the root last.

        A payload's name lasts when all of them are synced: any may be so young that its maker,
        another thread or process, has not done that yet.
        """
        folders = [f"{self._place[1]}/{path}".rpartition("/")[0]]
        while folders[-1] != self._place[1]:
            folders.append(folders[-1].rpartition("/")[0])
        return folders

    @contextlib.contextmanager
    def own_side(self) -> Iterator[None]:
        """Turns errors of the archive's own files into ArchiveError."""
        try:
            yield
        except OSError as error:
            raise ArchiveError(
                error.errno,
                f"the archive {self.root} takes no more: {error.strerror or error}. Make room there"
                " (or make it writable) and run again: what was not recorded is captured then",
            ) from error

    def spool(self) -> Spool:
        """A file on the archive's disk, still without a name in it. Raises ArchiveError."""
        # As mkstemp would, in a quarter of its time.
        path = f"{self._incoming}/newsledger-{uuid.uuid4().hex}.gz"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with self.own_side():
            try:
                handle = os.open(path, flags, 0o600)
            except FileNotFoundError:
                Path(self._incoming).mkdir(parents=True, exist_ok=True)
                handle = os.open(path, flags, 0o600)
        return Spool(self, path, handle)

    def store(self, spooled: Mapping[str, str]) -> set[str]:
        """Gives spooled files, synced, their names, which last when what it returns is synced.

        Raises ArchiveError.
        """
        system, root = self._place
        touched: set[str] = set()
        with self.own_side():
            for path, spool in spooled.items():
                target = f"{root}/{path}"
                if self.is_local:
                    folders = self.folders_of(path)
                    os.makedirs(folders[0], exist_ok=True)  # noqa: PTH103  # for each payload
                    os.replace(spool, target)  # noqa: PTH105
                    touched.update(folders)
                else:
                    system.put_file(spool, target)
        return touched


class Batch:
    """Payloads that are written by threads; see ``Archive.batch``."""

    def __init__(self, archive: Archive, pool: ThreadPoolExecutor) -> None:
        self._archive = archive
        self._pool = pool
        self._begun: dict[str, Future[None]] = {}
        self._spooled: dict[str, str] = {}
        self._touched: set[str] = set()
        self._failure: BaseException | None = None
        # Bounds the payloads in memory: what is read waits for what is written.
        self._room = threading.Semaphore(2 * WRITERS)

    def put(self, stream: IO[bytes], limit: int) -> Payload:
        """As ``Archive.put``; the payload is in the archive when the batch ends."""
        piece = _read_piece(stream)
        if len(piece) > CHUNK:
            return self._put_streaming(piece, stream, limit)
        if len(piece) > limit:
            raise PayloadTooLargeError(f"larger than {limit:,} bytes")
        payload = _payload(hashlib.sha256(piece), len(piece))
        if payload.path not in self._begun:
            self._room.acquire()
            if self._failure:
                raise self._failure
            future = self._pool.submit(self._write, payload.path, piece)
            future.add_done_callback(self._note)
            self._begun[payload.path] = future
        return payload

    def finish(self) -> None:
        """Returns when everything is in the archive. Raises ArchiveError where something is not."""
        for future in self._begun.values():
            future.result()
        if self._archive.is_local:
            self._sync_all(self._spooled.values())
        self._sync_all(self._touched | self._archive.store(self._spooled))

    def _sync_all(self, paths: Iterable[str]) -> None:
        with self._archive.own_side():
            for _ in self._pool.map(_sync, paths):
                pass

    def _note(self, future: Future[None]) -> None:
        if not future.cancelled() and (error := future.exception()):
            self._failure = error
        self._room.release()

    def clear(self) -> None:
        """Removes what is left in the spool."""
        for spool in self._spooled.values():
            _remove(spool)

    def _write(self, path: str, payload: bytes) -> None:
        if self._archive.has(path):
            if self._archive.is_local:
                # Its name may be as young as another batch's last step, and not on disk yet.
                self._touched.update(self._archive.folders_of(path))
            return
        with self._archive.spool() as spool:
            spool.write(payload)
            self._spooled[path] = spool.finish()
        if not self._archive.is_local:
            # Sent at once: over a network, many files side by side take the time of one.
            self._archive.store({path: self._spooled[path]})
            _remove(self._spooled.pop(path))

    def _put_streaming(self, piece: bytes, stream: IO[bytes], limit: int) -> Payload:
        digest, size = hashlib.sha256(), 0
        with self._archive.spool() as spool:
            while piece:
                size += len(piece)
                if size > limit:
                    raise PayloadTooLargeError(f"larger than {limit:,} bytes")
                digest.update(piece)
                spool.write(piece)
                piece = stream.read(CHUNK)
            payload = _payload(digest, size)
            self._spooled[payload.path] = spool.finish()
        return payload


class Spool:
    """One payload on its way into the archive; a context that leaves nothing where it fails."""

    def __init__(self, archive: Archive, path: str, handle: int) -> None:
        self._archive = archive
        self._path = path
        self._handle = handle
        self._is_whole = False
        # 16 + MAX_WBITS: zlib's own gzip header, which has no time stamp and no name.
        self._packed = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with self._archive.own_side():
                os.close(self._handle)
        finally:
            if not self._is_whole:
                _remove(self._path)

    def write(self, piece: bytes) -> None:
        """Compresses and appends. Raises ArchiveError."""
        self._append(self._packed.compress(piece))

    def finish(self) -> str:
        """The file, whole, but not synced. Raises ArchiveError."""
        self._append(self._packed.flush())
        self._is_whole = True
        return self._path

    def _append(self, packed: bytes) -> None:
        with self._archive.own_side():
            while packed:
                packed = packed[os.write(self._handle, packed) :]


def path_of(sha256: str) -> str:
    """Where a payload lies below the root: ``ab/cd/abcd….gz``."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.gz"


def _read_piece(stream: IO[bytes]) -> bytes:
    """The stream's beginning: all of it where that is no longer than CHUNK."""
    pieces = [stream.read(CHUNK + 1)]
    missing = CHUNK + 1 - len(pieces[0])
    while missing > 0 and pieces[-1]:
        pieces.append(stream.read(missing))
        missing -= len(pieces[-1])
    return b"".join(pieces)


def _payload(digest: hashlib._Hash, size: int) -> Payload:
    sha256 = digest.hexdigest()
    return Payload(sha256, size, path_of(sha256))


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        Path(path).unlink()


def _sync(path: str) -> None:
    """A file is on disk when it is synced, its name when its folder is."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # File systems that cannot sync folders (some network ones) keep names by other means.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
