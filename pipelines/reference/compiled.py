"""The catalogue in force: the default tables and the user's own files, by version.

Where the user has files, both are compiled into a folder of the home, once a version: sorted
entities, and tries of what they are found by (``pipelines.normalise.catalogue_index``, which knows
how names are folded). Worker processes map these files and share them.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.reference.tables import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.reference.entities import KnownEntity
    from pipelines.reference.merged import MergeReport
    from pipelines.settings import Settings

IMPORT_RULES = "1"
"""Bump it when the same files of a user would become other entities or forms."""
KEPT_SECONDS = 24 * 60 * 60
"""A version that nobody asked for in a day is removed: no run takes longer."""
ATTEMPTS = 3
"""Times that a compilation begins anew because a file changed while it was read."""
_JUST_NOW_NS = 2_000_000_000
"""A file may change twice within the tick of its file system's clock; FAT's takes 2 s."""
_IMPORTS = Path(__file__).parent / "imports"
# A folder that a user put there is left alone.
_OURS = re.compile(r"[0-9a-f]{12}-\d+|\.compiling-.+")
_ABOUT, _DIGESTS = "about.json", "digests.json"


@dataclass(frozen=True, slots=True)
class UserFile:
    """One of the user's files, by content."""

    path: Path
    digest: str
    """SHA-256 of its bytes."""


def catalogue_version(settings: Settings) -> str:
    """A digest of everything that is in the catalogue: 12 hexadecimal digits.

    Where the user has no files it is that of the default tables. Names and places of files do not
    count. Raises SettingsError for a file that cannot be read.
    """
    return _version(user_files(settings))


def prepare(settings: Settings) -> str | None:
    """Compiles the catalogue where that is needed; the folder that ``catalogue_at`` opens.

    None where the default tables alone are in force: they are read into memory. Two processes may
    do it at once: what is there is complete. Raises SettingsError for a file that cannot be read.
    """
    for _ in range(ATTEMPTS):
        files = user_files(settings)
        if not files:
            return None
        target = compiled_folder(settings, files)
        if not target.is_dir():
            _compile(target, files)
        if user_files(settings) == files:
            os.utime(target)
            _remove_old(settings.catalogue_home, target)
            return str(target)
    from pipelines.settings import SettingsError

    raise SettingsError(
        "NEWSLEDGER_CATALOGUE: a file changes all the time; write it elsewhere first"
    )


def user_files(settings: Settings) -> list[UserFile]:
    """The user's files in the order of their contents, each content once."""
    if not settings.catalogue_paths:
        return []
    from pipelines.reference.imported import catalogue_files

    digests = _digests(catalogue_files(settings), settings.catalogue_home / _DIGESTS)
    files = {digest: UserFile(path, digest) for path, digest in reversed(digests.items())}
    return [files[digest] for digest in sorted(files)]


def compiled_folder(settings: Settings, files: Sequence[UserFile]) -> Path:
    """Where the catalogue of these files lies once it is compiled."""
    from pipelines.normalise.catalogue_index import FORMAT

    return settings.catalogue_home / f"{_version(files)}-{FORMAT}"


def about(folder: Path) -> dict[str, Any]:
    """What a compiled catalogue says of itself: files, counts, what was rejected and why."""
    with (folder / _ABOUT).open(encoding="utf-8") as file:
        known: dict[str, Any] = json.load(file)
    return known


def examine(files: Sequence[UserFile]) -> dict[str, Any]:
    """What a compilation of these files would say of itself; it writes nothing that stays."""
    from pipelines.reference.merged import MergeReport

    report = MergeReport()
    with tempfile.TemporaryDirectory(prefix="newsledger-") as name:
        for _ in _entities(files, Path(name), report):
            pass
    return _summary(report, files)


def _summary(report: MergeReport, files: Sequence[UserFile]) -> dict[str, Any]:
    read = report.read
    return {
        "version": _version(files),
        "files": [{"path": str(file.path), "digest": file.digest} for file in files],
        "rows": read.rows,
        "taken": read.taken,
        "merged": report.merged_rows,
        "rejected": dict(read.rejected),
        "ignored": dict(read.ignored),
        "names_left_out": dict(read.names_left_out),
        "examples": read.examples,
        "weak": dict(report.weak),
        "entities": [[*key, count] for key, count in sorted(report.entities.items())],
        "names": [[*key, count] for key, count in sorted(report.names.items()) if count],
    }


def _version(files: Sequence[UserFile]) -> str:
    default = _default_digest()
    if not files:
        return default
    digest = hashlib.sha256(f"{default}\0{IMPORT_RULES}\0{_imports_digest()}".encode())
    for file in files:
        digest.update(file.digest.encode())
    return digest.hexdigest()[:12]


@functools.cache
def _default_digest() -> str:
    return _tables_digest(DATA.glob("*.csv"))[:12]


@functools.cache
def _imports_digest() -> str:
    return _tables_digest(path for path in _IMPORTS.iterdir() if path.suffix in (".csv", ".txt"))


def _tables_digest(tables: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for table in sorted(tables):
        digest.update(table.name.encode() + b"\0" + table.read_bytes())
    return digest.hexdigest()


def _digests(paths: Sequence[Path], remembered: Path) -> dict[Path, str]:
    """SHA-256 of each file's bytes; taken from ``remembered`` where size and time are the same."""
    known = _known_digests(remembered)
    found: dict[Path, str] = {}
    kept: dict[str, list[Any]] = {}
    for path in paths:
        try:
            state = path.stat()
            seen = [state.st_size, state.st_mtime_ns]
            entry = known.get(str(path), [])
            found[path] = entry[2] if entry[:2] == seen else _file_digest(path)
        except OSError as error:
            from pipelines.settings import SettingsError

            raise SettingsError(
                f"NEWSLEDGER_CATALOGUE: {path} cannot be read: {error.strerror or error}"
            ) from error
        if time.time_ns() - state.st_mtime_ns > _JUST_NOW_NS:
            kept[str(path)] = [*seen, found[path]]
    if kept != known:
        # A home that cannot be written costs the time to read the files again.
        with contextlib.suppress(OSError):
            remembered.parent.mkdir(parents=True, exist_ok=True)
            _replace(remembered, json.dumps(kept))
    return found


def _known_digests(remembered: Path) -> dict[str, list[Any]]:
    """Path -> size, time, digest; empty where nothing is remembered yet, or half of it."""
    try:
        known = json.loads(remembered.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = known.items() if isinstance(known, dict) else ()
    return {path: entry for path, entry in entries if isinstance(entry, list) and len(entry) == 3}


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", encoding="utf-8", delete=False
    ) as file:
        file.write(text)
    Path(file.name).replace(path)


def _compile(target: Path, files: Sequence[UserFile]) -> None:
    """Makes ``target`` in one step: other processes see all of it or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory(
        dir=target.parent, prefix=".compiling-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        known = _write(folder, files) | {"seconds": round(time.perf_counter() - begin, 1)}
        _replace(folder / _ABOUT, json.dumps(known, indent=1))
        _flush(folder)
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():
                raise  # Not another process that was faster.
            return
        folder.mkdir()  # For the cleaning up.


def _write(folder: Path, files: Sequence[UserFile]) -> dict[str, Any]:
    from pipelines.normalise.catalogue_index import IndexBuilder
    from pipelines.progress import track
    from pipelines.reference.merged import MergeReport
    from pipelines.reference.store import store_entities

    report = MergeReport()
    index = IndexBuilder(folder)
    entities = store_entities(folder, _entities(files, folder, report))
    for number, entity in enumerate(track(entities, "compile catalogue")):
        index.add(number, entity)
    index.build().save(folder)
    return _summary(report, files)


def _entities(
    files: Sequence[UserFile], folder: Path, report: MergeReport
) -> Iterator[KnownEntity]:
    from pipelines.normalise.names import same_length_fold
    from pipelines.reference.entities import load_entities
    from pipelines.reference.merged import merged

    paths = [file.path for file in files]
    return merged(load_entities(), paths, folder, report, same_length_fold)


def _flush(folder: Path) -> None:
    """Onto the disk, so that no half-written folder bears a version's name after a power cut."""
    for path in [*folder.iterdir(), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_old(home: Path, in_force: Path) -> None:
    """Removes other versions, and compilations that died, that nobody asked for in a day."""
    for folder in home.iterdir():
        if folder == in_force or not _OURS.fullmatch(folder.name):
            continue
        with contextlib.suppress(FileNotFoundError):  # Another process removes it.
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
