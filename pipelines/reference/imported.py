"""The user's own catalogue files, read a line at a time: FollowTheMoney JSON lines and CSV."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from pipelines.reference import ftm
from pipelines.reference.tables import values
from pipelines.reference.user_rows import (
    ENTITY_TYPES,
    ImportReport,
    RowError,
    UserRow,
    clean_id,
    clean_name,
    clean_names,
    country_code,
    wikidata_id,
)
from pipelines.settings import SettingsError

if TYPE_CHECKING:
    from pipelines.settings import Settings

JSON_LINES = (".json", ".jsonl", ".ijson")
ENDINGS = (*JSON_LINES, ".csv")
LONGEST_LINE = 8 * 1024 * 1024
"""Bytes. The longest nested entities of the public lists have one; more is no entity."""
LONGEST_CELL = 128 * 1024
"""Characters of a cell of a CSV file: Python's own default, which libraries raise for all."""
_REQUIRED = ("name", "entity_type")
_GZIP_ERRORS = (OSError, EOFError, zlib.error)


def catalogue_files(settings: Settings) -> list[Path]:
    """The user's files: those of ``NEWSLEDGER_CATALOGUE``, else of HOME/catalogue.d; by name.

    Raises SettingsError where one is missing or of an unknown kind.
    """
    files: dict[Path, None] = {}
    for path in settings.catalogue_paths:
        if path.is_dir():
            inside = [p for p in sorted(path.iterdir()) if _ending(p) and p.is_file()]
            if not inside and settings.catalogue:
                raise SettingsError(f"{_VARIABLE}: {path} holds no {_known_endings()} file")
            files.update(dict.fromkeys(inside))
        elif not path.exists():
            raise SettingsError(f"{_VARIABLE}: there is no {path}")
        elif not _ending(path):
            raise SettingsError(f"{_VARIABLE}: {path}: give {_known_endings()}, or these as .gz")
        else:
            files[path] = None
    return list(files)


_VARIABLE = "NEWSLEDGER_CATALOGUE"


def read_rows(path: Path, report: ImportReport) -> Iterator[tuple[int, UserRow]]:
    """Line number and row of everything in a file that can be used; the rest is counted.

    Memory does not grow with the file. Raises SettingsError where the file cannot be read at all.
    """
    reader = _csv_rows if _ending(path) == ".csv" else _json_rows
    try:
        with _opened(path) as file:
            yield from reader(path, file, report)
    except _GZIP_ERRORS as error:
        raise SettingsError(f"{_VARIABLE}: {path} cannot be read: {error}") from error


def label(path: Path) -> str:
    """A file's name for reports and provenance; what of it is no UTF-8 is shown as "?"."""
    return path.name.encode(errors="replace").decode()


def _ending(path: Path) -> str | None:
    """The kind of a file by its name; None where it is none of ours."""
    name = path.name.lower().removesuffix(".gz")
    hidden = path.name.startswith(".")
    return None if hidden else next((end for end in ENDINGS if name.endswith(end)), None)


def _known_endings() -> str:
    return ", ".join(f"*{end}" for end in ENDINGS)


def _opened(path: Path) -> BinaryIO:
    if path.name.lower().endswith(".gz"):
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


def _lines(path: Path, file: BinaryIO, report: ImportReport) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 and what stands there; blank lines are left out, bad ones counted."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)
            report.rows += 1
            report.reject(f"line longer than {LONGEST_LINE >> 20} MiB", f"{label(path)}:{number}")
            continue
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            report.rows += 1
            report.reject("not UTF-8", f"{label(path)}:{number}")
            continue
        if text.strip():
            yield number, text


def _json_rows(path: Path, file: BinaryIO, report: ImportReport) -> Iterator[tuple[int, UserRow]]:
    for number, line in _lines(path, file, report):
        if number == 1 and line.lstrip().startswith("["):
            raise SettingsError(
                f"{_VARIABLE}: {path} is one JSON array; give it as JSON lines, an entity a line"
            )
        report.rows += 1
        place = f"{label(path)}:{number}"
        try:
            row = ftm.row_of(_parsed(line), report, place)
        except RowError as error:
            report.reject(str(error), f"{place}: {line[:60].strip()}")
            continue
        if row is not None:
            yield number, row


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowError("not JSON") from error


def _csv_rows(path: Path, file: BinaryIO, report: ImportReport) -> Iterator[tuple[int, UserRow]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text for _, text in _lines(path, file, report))
    header: list[str] = []
    while True:
        place = f"{label(path)}:{reader.line_num + 1}"
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            report.rows += 1
            report.reject(f"not CSV: {error}", place)
            continue
        if not header:
            header = [cell.strip() for cell in cells]
            missing = [column for column in _REQUIRED if column not in header]
            if missing:
                raise SettingsError(
                    f"{_VARIABLE}: {path}: its first line names no column {missing[0]!r}"
                )
            continue
        report.rows += 1
        try:
            yield reader.line_num, _csv_row(header, cells, report, place)
        except RowError as error:
            report.reject(str(error), f"{place}: {','.join(cells)[:60]}")


def _csv_row(header: list[str], cells: list[str], report: ImportReport, place: str) -> UserRow:
    """A row with the columns of our own tables, or of a list of names as texts print them."""
    if len(cells) != len(header):
        raise RowError("cells that do not fit the header")
    row = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
    entity_type = row["entity_type"].lower()
    if entity_type not in ENTITY_TYPES:
        raise RowError("unknown entity type")
    name = clean_name(row["name"])
    listed = (*values(row.get("aliases", "")), *values(row.get("surface_forms", "")))
    names = clean_names((name, *listed), report, place)
    weak = clean_names(values(row.get("weak_aliases", "")), report, place)
    stated = wikidata_id(row.get("wikidata_id"), row.get("id"))
    return UserRow(
        own_id=clean_id(row["id"]) if row.get("id") else stated or _made_id(entity_type, name),
        wikidata_id=stated,
        entity_type=entity_type,
        name=name,
        names=tuple(names),
        weak_names=tuple(weak),
        country=country_code([row.get("country", "")]),
        kind=row.get("kind", "")[:40],
    )


def _made_id(entity_type: str, name: str) -> str:
    """An id for a row without one: the same for the same type and name."""
    return f"user:{hashlib.sha256(f'{entity_type}|{name}'.encode()).hexdigest()[:16]}"
