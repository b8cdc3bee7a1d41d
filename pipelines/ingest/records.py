"""What readers of sources give: candidates for capture."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

Opener = Callable[[], contextlib.AbstractContextManager[IO[bytes]]]


class SourceError(ValueError):
    """A source that cannot be read as configured; the message names the place and the mend."""


class DamagedPayloadError(Exception):
    """A payload that cannot be read to its end; the message is a code, a colon and words."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """What a record that has no payload says of the capture whose payload it found again."""

    payload_digest: str | None
    """``algorithm:hex``."""
    uri: str | None
    """Address of that capture."""
    at: datetime | None
    """Its time, aware."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a payload only when it was read to its end."""

    remark: str | None = None
    """What is wrong with it, though it can be read: a code, a colon and words."""
    payload_digest: str | None = None
    """Digest by which revisit records name it, ``algorithm:hex``; None where it is not its own."""
    problem: str | None = None
    """Why it is of no use after all: likewise."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing to capture: where it lies, what is known of it, how to read it."""

    source_id: str
    kind: str
    """How it arrives: ``file``, ``warc``, ``feed``, ``sitemap``, ``page`` or ``feed_entry``."""
    location: str
    """Where the bytes are, relative to the source, so that ids don't depend on the machine."""
    open: Opener | None = None
    """Opens the payload as a stream of bytes; None where there is none to read. Reading it may
    raise OSError, EOFError, zlib.error or DamagedPayloadError: then it is rejected."""
    open_raw: Opener | None = None
    """Opens the bytes as they lie on disk, kept as evidence where ``open`` fails."""
    verdict: Callable[[], Verdict] | None = None
    """Asked once the payload was read."""
    target_uri: str | None = None
    final_uri: str | None = None
    """Address after redirects, where that is another one."""
    fetched_at: datetime | None = None
    """When it was captured, aware, where the source states it; None: now."""
    http_status: int | None = None
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    robots_verdict: str | None = None
    tdm_reservation: str | None = None
    usage_preference: str | None = None
    robots_meta: str | None = None
    entry_id: str | None = None
    """What a feed said of it; see raw.feed_entries."""
    revisit: Revisit | None = None
    """For a capture whose payload was captured elsewhere."""
    problem: str | None = None
    """Why it is of no use: a code, a colon, and words. A payload that can be opened is archived as
    evidence all the same."""
    outcome: str | None = None
    """With ``problem``, what became of it: rejected (the default), failed or refused."""
    passed_over: str | None = None
    """Counted under this name and not captured: a record that is no capture (a request, ...)."""
    validator: str | None = None
    """Equal to the one of the last reading: unchanged since. None: always read."""
    records: Callable[[], Iterator[Candidate]] | None = None
    """For a container (a WARC): opens it and gives a candidate a record. They are a stream: each
    must be read before the next is asked for."""
