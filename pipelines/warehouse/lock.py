"""One writer at a time, across processes: an OS file lock that says who holds it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO


@dataclass(slots=True)
class _Hold:
    """A lock file that this process has."""

    file: IO[str]
    entries: int = 1


_HELD: dict[Path, _Hold] = {}
_GUARD = threading.Lock()


class LockTimeoutError(TimeoutError):
    """The writer lock could not be had in time; the message says who holds it."""


def holder(path: Path) -> str:
    """Who holds (or last held) the lock at ``path``, in words."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        return f"process {note['pid']} on {note['host']} ({note['command']}, since {note['since']})"
    except (OSError, ValueError, KeyError):
        return "another process"


def is_free(path: Path) -> bool:
    """True where nobody holds the lock at this moment."""
    if path in _HELD or not path.exists():
        return path not in _HELD
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _say_on_stderr(message: str) -> None:
    sys.stderr.write(message + "\n")


@contextlib.contextmanager
def writer_lock(
    path: Path,
    timeout: float | None = None,
    say: Callable[[str], None] = _say_on_stderr,
) -> Iterator[None]:
    """Holds the writer lock; a second entry in the same process passes through.

    The kernel drops the lock when its process ends, however it ends, so nothing is left behind by
    SIGKILL. ``timeout`` is in seconds, None waits for ever; ``say`` gets a line as the wait begins.

    Raises LockTimeoutError.
    """
    path = path.absolute()
    with _GUARD:
        hold = _HELD.get(path)
        if hold:
            hold.entries += 1
    if not hold:
        path.parent.mkdir(parents=True, exist_ok=True)
        hold = _Hold(path.open("a+", encoding="utf-8"))
        try:
            _acquire(hold.file.fileno(), path, timeout, say)
        except BaseException:
            hold.file.close()
            raise
        _note_holder(hold.file)
        with _GUARD:
            _HELD[path] = hold
    try:
        yield
    finally:
        # The last to leave frees it, which need not be the one that took it.
        with _GUARD:
            hold.entries -= 1
            if not hold.entries:
                del _HELD[path]
                hold.file.truncate(0)
                hold.file.close()


def _note_holder(file: IO[str]) -> None:
    file.truncate(0)
    note = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200],
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    json.dump(note, file)
    file.flush()


def _acquire(fd: int, path: Path, timeout: float | None, say: Callable[[str], None]) -> None:
    deadline = None if timeout is None else time.monotonic() + timeout
    told = False
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not told:
                say(f"waiting for the writer lock, held by {holder(path)}")
                told = True
            if deadline is not None and time.monotonic() > deadline:
                raise LockTimeoutError(
                    f"the warehouse is being written by {holder(path)}; try again when it is done"
                ) from None
            time.sleep(0.1)
        else:
            return
