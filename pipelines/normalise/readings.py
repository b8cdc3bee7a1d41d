"""What the models saw, paragraph by paragraph: kept, so that no paragraph is read twice.

A cache in a file of its own, outside what is published. It may be deleted at any time: the next
texts are then read again. Whatever is wrong with it is a warning, never the end of a run.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipelines.normalise.model import Reading
from pipelines.normalise.records import ENTITY_TYPES
from pipelines.normalise.spans import Span

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

logger = logging.getLogger(__name__)

KEPT_DAYS = 60
"""Days after which a reading that no text asked for is dropped. Copy returns within days; what is
read again much later is a backfill, and then most of it would be new anyway."""
MEMORY_LIMIT = "256MB"
RECOGNIZER = "spacy"

_THOUSANDTHS = 1000
_KEY_BITS = 128
_LARGEST_SHORT = 0xFFFF
# Codes of ``struct`` and their bytes.
_WIDTHS = {"H": 2, "I": 4}
_SPAN_NUMBERS = 4

# Duplicate rows, should there ever be some, say the same.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS readings (
    paragraph HUGEINT NOT NULL, language VARCHAR NOT NULL, model VARCHAR NOT NULL,
    used_on DATE NOT NULL, reading BLOB NOT NULL)
"""
_FIND = """
SELECT r.paragraph, r.reading, r.used_on
FROM readings AS r
JOIN (SELECT unnest($keys::HUGEINT[]) AS paragraph) AS asked ON r.paragraph = asked.paragraph
WHERE r.language = $language AND r.model = $model
"""
_USE = """
UPDATE readings SET used_on = $today
FROM (SELECT unnest($keys::HUGEINT[]) AS paragraph) AS asked
WHERE readings.paragraph = asked.paragraph AND language = $language AND model = $model
"""
_ADD = """
INSERT INTO readings
SELECT unnest($keys::HUGEINT[]), $language, $model, $today::DATE, unnest($readings::BLOB[])
"""
_DROP = """
DELETE FROM readings
WHERE used_on < $before OR NOT list_contains($kept::VARCHAR[], language || ' ' || model)
"""

Answer = TypeVar("Answer")


class Readings:
    """The kept readings. One process at a time: the one that holds the writer's lock."""

    def __init__(self, path: Path, today: date) -> None:
        """``path``: the file, made where there is none. ``today``: from when its use counts."""
        self._path = path
        self._today = today
        self._connection: DuckDBPyConnection | None = None
        self._gone = False

    def find(self, language: str, model: str, paragraphs: Iterable[str]) -> dict[str, bytes]:
        """The packed readings that are there, by paragraph; they count as used today."""
        by_key = {_key(paragraph): paragraph for paragraph in paragraphs}
        if not by_key:
            return {}
        of = {"language": language, "model": model}

        def look_up(connection: DuckDBPyConnection) -> dict[str, bytes]:
            rows = connection.execute(_FIND, {**of, "keys": list(by_key)}).fetchall()
            stale = [key for key, _, used_on in rows if used_on < self._today]
            if stale:
                connection.execute(_USE, {**of, "keys": stale, "today": self._today})
            return {by_key[key]: bytes(packed) for key, packed, _ in rows}

        return self._tried(look_up, {})

    def add(self, language: str, model: str, packed: Mapping[str, bytes]) -> None:
        """Keeps readings that ``find`` did not have, by paragraph."""
        if packed:
            values = {
                "language": language,
                "model": model,
                "today": self._today,
                "keys": [_key(paragraph) for paragraph in packed],
                "readings": list(packed.values()),
            }
            self._tried(lambda connection: connection.execute(_ADD, values), None)

    def drop_unused(self, models: Mapping[str, str | None]) -> None:
        """Drops what no text asked for in ``KEPT_DAYS``, and what other models said.

        ``models``: the model version in force by language; None where there is none.
        """
        before = self._today - timedelta(days=KEPT_DAYS)
        kept = [f"{language} {model}" for language, model in models.items() if model]
        self._tried(
            lambda connection: connection.execute(_DROP, {"before": before, "kept": kept}),
            None,
        )

    def close(self) -> None:
        """Writes what is open. The next call opens the file again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            import duckdb

            with contextlib.suppress(duckdb.Error):
                connection.close()

    def _tried(self, work: Callable[[DuckDBPyConnection], Answer], otherwise: Answer) -> Answer:
        """The answer of the file; of one made anew where it is damaged; else ``otherwise``."""
        import duckdb

        for attempt in range(2):
            if self._gone:
                return otherwise
            try:
                return work(self._opened())
            except (duckdb.Error, OSError) as error:
                self.close()
                if attempt or _is_locked(error) or not self._removed():
                    logger.warning("%s is left aside: %s", self._path, error)
                    self._gone = True
                else:
                    logger.warning("%s is damaged and made anew: %s", self._path, error)
        return otherwise

    def _opened(self) -> DuckDBPyConnection:
        if self._connection is None:
            import duckdb

            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = duckdb.connect(
                str(self._path), config={"memory_limit": MEMORY_LIMIT}
            )
            self._connection.execute(_SCHEMA)
        return self._connection

    def _removed(self) -> bool:
        try:
            for path in (self._path, self._path.with_name(f"{self._path.name}.wal")):
                path.unlink(missing_ok=True)
        except OSError:
            return False
        return True


@contextlib.contextmanager
def open_readings(path: Path, today: date) -> Iterator[Readings]:
    """The readings of a file, closed at the end."""
    readings = Readings(path, today)
    try:
        yield readings
    finally:
        readings.close()


def pack(reading: Reading) -> bytes:
    """A reading in few bytes: sentence starts, then start, end, type and confidence of each span.

    Confidence to a thousandth, as ``pipelines.normalise.model`` gives it.
    """
    numbers = [len(reading.sentence_starts), *reading.sentence_starts]
    for span in reading.spans:
        kind = ENTITY_TYPES.index(span.entity_type)
        numbers += (span.start, span.end, kind, round(span.confidence * _THOUSANDTHS))
    size = "H" if max(numbers) <= _LARGEST_SHORT else "I"
    return struct.pack(f"<c{len(numbers)}{size}", size.encode(), *numbers)


def unpack(packed: bytes) -> Reading:
    """The reading that was packed. Raises ValueError for bytes that are none."""
    size = packed[:1].decode("ascii", "replace")
    width = _WIDTHS.get(size)
    if width is None or len(packed) % width != 1:
        raise ValueError(f"no reading: {packed[:20]!r}")
    numbers = struct.unpack(f"<{len(packed) // width}{size}", packed[1:])
    sentences = numbers[0] if numbers else 0
    rest = numbers[1 + sentences :]
    whole = len(numbers) > sentences and not len(rest) % _SPAN_NUMBERS
    if not whole or max(rest[2::_SPAN_NUMBERS], default=0) >= len(ENTITY_TYPES):
        raise ValueError(f"no reading: {packed[:20]!r}")
    spans = tuple(
        Span(start, end, ENTITY_TYPES[kind], RECOGNIZER, confidence / _THOUSANDTHS)
        for start, end, kind, confidence in zip(*[iter(rest)] * _SPAN_NUMBERS, strict=True)
    )
    return Reading(spans, numbers[1 : 1 + sentences])


def _key(paragraph: str) -> int:
    """The first 128 bits of the paragraph's SHA-256: no two alike in any archive of news."""
    # A lone surrogate cannot be encoded strictly, and is a different text from any replacement.
    digest = hashlib.sha256(paragraph.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[: _KEY_BITS // 8], "big", signed=True)


def _is_locked(error: Exception) -> bool:
    """True where another process has the file open: it is not ours to remove."""
    return "could not set lock" in str(error).casefold()
