"""Shapes that the parts of an export share, and what can go wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

FORMATS = ("parquet", "csv", "jsonl")
KINDS = ("tables", "ftm", "ninjs")
"""What an export may hold: the tables, FollowTheMoney entities, ninjs articles."""
TEXTS = ("permitted", "all", "none")
DATA = Path(__file__).parent / "data"
"""Where the lists lie that say which tables, columns and statements mean what."""


class ExportError(RuntimeError):
    """An export that cannot be asked for so: wrong options, or a folder that is not ours."""


class ExportFailedError(RuntimeError):
    """An export that began and could not be completed; what stood before still stands."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for."""

    table_format: str = "parquet"
    tables: tuple[str, ...] = ()
    """Empty: the default ones of ``data/tables.csv``."""
    since: date | None = None
    """First UTC day, by the first capture of the article; None: from the start."""
    until: date | None = None
    kinds: tuple[str, ...] = ("tables",)
    texts: str = "permitted"
    gzip: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column as exported."""

    name: str
    data_type: str
    """DuckDB's type."""
    description: str
    is_nullable: bool
    is_text: bool
    """True: expression of an author, empty where texts are withheld."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view of the snapshot, and how it is exported."""

    name: str
    kind: str
    """table or view."""
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns that order its rows; empty: all of them do."""
    is_keyed: bool
    """True: the key is unique."""
    base: str
    """What is read: the table itself, or the one that a simple view selects from."""
    condition: str
    """SQL that a row of ``base`` fulfils; empty: every row."""
    references: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]
    """(columns, table, its columns) a foreign key."""
    by_article: bool
    """True: it has an article_id, and the article's rights decide."""
    by_capture: bool
    """True: a row may have no article, and the rights of its capture (``fetch_id``) decide then."""
    entity_columns: tuple[str, ...]
    """Columns with ids of entities, where no article decides."""
    has_day: bool
    """True: it has a column ``day`` of its own."""

    @property
    def by_day(self) -> bool:
        """True where it has a day: its own, or that of its article's first capture."""
        return self.by_article or self.has_day


@dataclass(frozen=True, slots=True)
class File:
    """A file of the export."""

    path: str
    """Relative to the folder, with slashes."""
    rows: int
    size: int
    """Bytes."""
    sha256: str


@dataclass(slots=True)
class Written:
    """What became of a table's rows."""

    table: Table
    files: list[File] = field(default_factory=list)
    in_snapshot: int = 0
    exported: int = 0
    withheld: dict[str, int] = field(default_factory=dict)
    """Rows left out, by reason."""
    without_text: dict[str, int] = field(default_factory=dict)
    """Exported rows whose texts are empty, by reason."""
    outside_days: int = 0
    """Rows of days that were not asked for."""
