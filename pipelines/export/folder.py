"""The folder of an export: whose it is, and how a new export takes an old one's place.

A new export is written to a hidden folder beside the old one and takes its place by two renames
when it is complete. What is cut short leaves the old one whole.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.export.records import ExportError

if TYPE_CHECKING:
    from pipelines.settings import Settings

MANIFEST = "manifest.json"
MARK = "newsledger_export"
"""The manifest's first key: the version of its layout. A folder without it is not ours."""
LAYOUT = 1
OWN_HASH = "manifest_sha256"
"""The manifest's last key: SHA-256 of the JSON of all others. It shows damage, not intent."""
_NAMED = 5
"""So many strange files are named in a message."""


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of an export of ours; None where the folder has none."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and MARK in manifest else None


def own_hash(manifest: dict[str, Any]) -> str:
    """SHA-256 of a manifest without its ``OWN_HASH``: of compact JSON, keys in order."""
    rest = {key: value for key, value in manifest.items() if key != OWN_HASH}
    text = json.dumps(rest, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def listed_files(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a manifest says of each file, by path. Raises ExportError where it is damaged."""
    try:
        files = [file for table in manifest["tables"] for file in table["files"]]
        files += manifest["other_files"]
        return {str(file["path"]): file for file in files}
    except (KeyError, TypeError) as error:
        raise ExportError(f"{MANIFEST} is damaged: {error!r}") from error


def present_files(folder: Path) -> set[str]:
    """Paths of all files below a folder, links among them, but for the manifest."""
    found = set()
    for place, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        found |= {(Path(place) / name).relative_to(folder).as_posix() for name in names + links}
    return found - {MANIFEST}


def check_target(folder: Path, settings: Settings) -> Path:
    """The absolute path of a folder that may be written or replaced.

    Raises ExportError for a link, for what holds or lies in newsledger's own state, and for a
    folder with anything that no export of ours lists.
    """
    if folder.is_symlink():
        raise ExportError(f"{folder}: is a link; name the folder itself")
    target = folder.expanduser().absolute()
    target = target.parent.resolve() / target.name if target.name else target.resolve()
    if target == target.parent or target.name in (".", ".."):
        raise ExportError(f"{folder}: name a folder of its own for the export")
    for own in _own_places(settings):
        if own == target or own.is_relative_to(target):
            raise ExportError(f"{folder}: newsledger's own state lies there ({own}); name another")
    for own in _own_places(settings)[1:]:
        if target.is_relative_to(own):
            raise ExportError(f"{folder}: lies in newsledger's own state ({own}); name another")
    if not target.exists():
        return target
    if not target.is_dir():
        raise ExportError(f"{folder}: is a file, not a folder")
    if target.is_mount():
        # A new folder cannot take its place.
        raise ExportError(f"{folder}: a volume is mounted there; name a folder in it")
    strange = present_files(target)
    manifest = read_manifest(target)
    if manifest is None:
        if strange or (target / MANIFEST).exists():
            raise ExportError(
                f"{folder}: is not empty and no export of newsledger ({_some(strange)});"
                " name a new or empty folder"
            )
        return target
    strange -= listed_files(manifest).keys()
    if strange:
        raise ExportError(
            f"{folder}: holds files that its export does not list ({_some(strange)});"
            " move them away, or name another folder"
        )
    return target


def _own_places(settings: Settings) -> list[Path]:
    """The home, then what lies in it or beside it and is no place for an export."""
    home = settings.home.resolve()
    archive = settings.archive_root
    places = [
        home,
        settings.published_file.parent,
        settings.warehouse_file.parent,
        settings.dagster_home,
        settings.inbox_folder,
        settings.catalogue_home,
    ]
    if "://" not in archive:
        places.append(Path(archive))
    return [place.resolve() for place in places]


def _some(names: set[str]) -> str:
    shown = sorted(names)[:_NAMED]
    return ", ".join(shown) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new empty folder; when the block ends well, it takes the place of ``target`` as a whole.

    Raises ExportError where another export to the same folder is under way, and OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.newsledger-new")
    old = target.with_name(f".{target.name}.newsledger-old")
    with _claimed(target):
        # Left by an export that was killed: between the two renames only the old one is whole.
        if old.exists() and not target.exists():
            old.rename(target)
        for left in (new, old):
            if left.exists():
                shutil.rmtree(left)
        new.mkdir()
        try:
            yield new
            _synced(new)
            _swap(new, target, old)
        finally:
            shutil.rmtree(new, ignore_errors=True)


@contextmanager
def _claimed(target: Path) -> Iterator[None]:
    """One export at a time to a folder; a process that dies lets go."""
    claim = target.with_name(f".{target.name}.newsledger-lock")
    with claim.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The one before may have removed the file between our opening and claiming it.
            is_ours = claim.exists() and os.path.samestat(os.fstat(file.fileno()), claim.stat())
        except BlockingIOError:
            is_ours = False
        if not is_ours:
            raise ExportError(f"{target}: another export to it is under way")
        try:
            yield
        finally:
            with contextlib.suppress(FileNotFoundError):
                claim.unlink()


def _synced(folder: Path) -> None:
    """Files on the disk before the names change: a power cut leaves the old export or the new."""
    for place, _, names in os.walk(folder):
        for path in [Path(place) / name for name in names] + [Path(place)]:
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _swap(new: Path, target: Path, old: Path) -> None:
    if not target.exists():
        new.rename(target)
        return
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)
