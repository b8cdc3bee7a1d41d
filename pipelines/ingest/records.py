"""What readers of sources give: candidates for capture."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

Opener = Callable[[], contextlib.AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing to capture: where it lies, what is known of it, how to read it."""

    source_id: str
    kind: str
    """``file`` or ``warc``; later ``feed``, ``sitemap``, ``page``."""
    location: str
    """Where the bytes are, relative to the source, so that ids don't depend on the machine."""
    open: Opener | None = None
    """Opens the payload as a stream of bytes; None where there is none to read."""
    open_raw: Opener | None = None
    """Opens the bytes as they lie on disk, kept as evidence where ``open`` fails."""
    target_uri: str | None = None
    fetched_at: datetime | None = None
    """When it was captured, aware, where the source states it; None: now."""
    http_status: int | None = None
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    problem: str | None = None
    """Why it cannot be captured: a code, a colon, and words."""
    validator: str | None = None
    """Equal to the one of the last reading: unchanged since. None: always read."""
    records: Callable[[], Iterator[Candidate]] | None = None
    """For a container (a WARC): opens it and gives a candidate a record. They are a stream: each
    must be read before the next is asked for."""


class SourceError(ValueError):
    """A source that cannot be read as configured; the message names the place and the mend."""
