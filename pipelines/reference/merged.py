"""The default catalogue and the user's rows as one: rows of one thing become one entity."""

from __future__ import annotations

import itertools
import marshal
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.reference.entities import KnownEntity
from pipelines.reference.imported import label, read_rows
from pipelines.reference.strength import weakness
from pipelines.reference.user_rows import MOST_FORMS, ImportReport, UserRow, wikidata_id

BATCH = 10_000

# A row's entity: its Wikidata id; else that of another row with the same id of its own; else that.
_GROUPED = """
SELECT
    coalesce(r.wikidata_id, w.wikidata_id, r.own_id) AS entity_id, r.file_no, r.line_no, r.content
FROM rows AS r
LEFT JOIN (
    SELECT own_id, min(wikidata_id) AS wikidata_id FROM rows
    WHERE wikidata_id IS NOT NULL GROUP BY own_id
) AS w ON w.own_id = r.own_id
ORDER BY 1, 2, 3
"""
_DEFAULT = -1
"""The file number of a default row: it comes first."""


@dataclass(slots=True)
class MergeReport:
    """What the catalogue holds, and how the user's rows came to it."""

    read: ImportReport = field(default_factory=ImportReport)
    entities: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Origin (``default``, ``yours``, ``both``) and type -> entities."""
    names: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Origin (``default``, ``yours``) and strength (``strong``, ``weak``) -> printed forms."""
    weak: Counter[str] = field(default_factory=Counter)
    """Why the user's names need support -> names."""
    merged_rows: int = 0
    """The user's rows that joined an entity that was there already."""


def merged(
    defaults: Sequence[KnownEntity],
    files: Sequence[Path],
    folder: Path,
    report: MergeReport,
    fold: Callable[[str], str],
) -> Iterator[KnownEntity]:
    """All entities, by ``entity_id``. Does not depend on where ``files`` lie.

    Rows wait in a file of ``folder``, so memory is bounded by the default catalogue's size.
    ``fold`` makes equal what a text's spelling does not tell apart. Raises SettingsError for a file
    that cannot be read.
    """
    by_id = {entity.entity_id: entity for entity in defaults}
    rules = _Rules(_holders(defaults, fold), fold)
    with closing(sqlite3.connect(folder / "rows.sqlite", isolation_level=None)) as connection:
        # The file is scratch: nobody reads it after a crash.
        connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
            "CREATE TABLE rows"
            " (own_id TEXT, wikidata_id TEXT, file_no INT, line_no INT, content BLOB);"
        )
        _stage(connection, by_id, files, report.read)
        found = connection.execute(_GROUPED)
        for entity_id, group in itertools.groupby(found, key=lambda row: str(row[0])):
            one = _Merging(entity_id, by_id.get(entity_id), report)
            for _, file_no, line_no, content in group:
                if file_no != _DEFAULT:
                    one.add(_unpacked(content), label(files[file_no]), line_no)
            entity = one.finished(rules)
            if entity is not None:
                yield entity
    (folder / "rows.sqlite").unlink()


def _stage(
    connection: sqlite3.Connection,
    defaults: Mapping[str, KnownEntity],
    files: Sequence[Path],
    report: ImportReport,
) -> None:
    rows = itertools.chain(
        (
            (entity_id, entity.wikidata_id, _DEFAULT, 0, b"")
            for entity_id, entity in defaults.items()
        ),
        (
            (row.own_id, row.wikidata_id, file_no, line_no, _packed(row))
            for file_no, path in enumerate(files)
            for line_no, row in read_rows(path, report)
        ),
    )
    connection.execute("BEGIN")
    while batch := list(itertools.islice(rows, BATCH)):
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", batch)
    connection.execute("COMMIT")


def _packed(row: UserRow) -> bytes:
    """A row for the way through the scratch file, in this process."""
    return marshal.dumps(tuple(row))


def _unpacked(content: bytes) -> UserRow:
    return UserRow(*marshal.loads(content))  # noqa: S302  # written by this process


@dataclass(frozen=True, slots=True)
class _Rules:
    """What decides whether a name is strong."""

    holders: Mapping[str, frozenset[str]]
    """Folded form of the default catalogue -> the ids that bear it."""
    fold: Callable[[str], str]

    def weakness(self, entity_id: str, entity_type: str, name: str) -> str | None:
        """Why a user's name needs support; None where it stands for itself."""
        reason = weakness(entity_type, name)
        if reason is None and self.holders.get(self.fold(name), _NOBODY) - {entity_id}:
            return "also the name of something in the default catalogue"
        return reason


_NOBODY: frozenset[str] = frozenset()


class _Merging:
    """One entity while its rows come in."""

    def __init__(self, entity_id: str, default: KnownEntity | None, report: MergeReport) -> None:
        self.entity_id, self._default, self._report = entity_id, default, report
        self._first: UserRow | None = None
        self._entity_type = default.entity_type if default else ""
        self._country, self._kind = (default.country, default.kind) if default else (None, "")
        self._known = {*default.aliases, *default.weak_aliases} if default else _NOBODY
        self._names: dict[str, str | None] = {}
        self._sources: dict[str, None] = {}

    def add(self, row: UserRow, file: str, line: int) -> None:
        """Takes a row: the first gives the name, every one its other forms."""
        if self._entity_type and row.entity_type != self._entity_type:
            self._report.read.reject(
                "another type than this id has",
                f"{file}:{line}: {row.name} ({self.entity_id}) as {row.entity_type},"
                f" known as {self._entity_type}",
            )
            return
        self._report.read.taken += 1
        if self._entity_type:
            self._report.merged_rows += 1
        self._first = self._first or row
        self._entity_type = row.entity_type
        self._country = self._country or row.country
        self._kind = self._kind or row.kind
        self._sources[file] = None
        for name in row.weak_names:
            self._add_name(name, "called weak by the file", file, line)
        for name in row.names:
            self._add_name(name, None, file, line)
            # Lists that print all in capitals would otherwise miss the name in running text.
            if name.isupper() and " " in name:
                self._add_name(name.title(), None, file, line)

    def _add_name(self, name: str, reason: str | None, file: str, line: int) -> None:
        """What one row calls weak is weak; what the default catalogue says of it stands."""
        if name in self._known:
            return
        if name not in self._names and len(self._names) >= MOST_FORMS:
            reason = f"more than {MOST_FORMS} names of one entity"
            self._report.read.leave_out(reason, f"{file}:{line}")
        else:
            self._names[name] = self._names.get(name) or reason

    def finished(self, rules: _Rules) -> KnownEntity | None:
        """The entity with all its forms; None where no row was taken."""
        default, first = self._default, self._first
        origin = "both" if default and first else "default" if default else "yours"
        if default is not None:
            self._count("default", default.aliases, default.weak_aliases)
        elif first is None:
            return None
        self._report.entities[origin, self._entity_type] += 1
        if default is not None and first is None:
            return default
        strong, weak = [], []
        for name, called in self._names.items():
            reason = called or rules.weakness(self.entity_id, self._entity_type, name)
            if reason is None:
                strong.append(name)
            else:
                weak.append(name)
                self._report.weak[reason] += 1
        self._count("yours", strong, weak)
        if default is not None:
            return replace(
                default,
                country=self._country,
                kind=self._kind,
                aliases=(*default.aliases, *strong),
                weak_aliases=(*default.weak_aliases, *weak),
                provenance="|".join(dict.fromkeys(default.provenance.split("|")) | self._sources),
            )
        return KnownEntity(
            entity_id=self.entity_id,
            entity_type=self._entity_type,
            name=first.name if first else "",
            country=self._country,
            wikidata_id=wikidata_id(self.entity_id),
            aliases=tuple(strong),
            weak_aliases=tuple(weak),
            provenance="|".join(self._sources),
            kind=self._kind,
        )

    def _count(self, origin: str, strong: Sized, weak: Sized) -> None:
        self._report.names[origin, "strong"] += len(strong)
        self._report.names[origin, "weak"] += len(weak)


def _holders(
    defaults: Iterable[KnownEntity], fold: Callable[[str], str]
) -> dict[str, frozenset[str]]:
    """Folded forms of the default catalogue, also in capitals -> the ids that bear them."""
    holders: dict[str, set[str]] = defaultdict(set)
    for entity in defaults:
        for form in {entity.name, *entity.aliases, *entity.weak_aliases}:
            folded = fold(form)
            holders[folded].add(entity.entity_id)
            holders[folded.upper()].add(entity.entity_id)
    return {form: frozenset(ids) for form, ids in holders.items()}
