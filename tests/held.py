"""The writer lock, held by another open file as another process would."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.settings import Settings


@contextmanager
def held_elsewhere(settings: Settings) -> Iterator[None]:
    """Within the block somebody writes the warehouse."""
    settings.lock_file.parent.mkdir(parents=True, exist_ok=True)
    with settings.lock_file.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
