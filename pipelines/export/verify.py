"""An export compared with its manifest: is it what was written?"""

from __future__ import annotations

from pathlib import Path

from pipelines.export.files import file_of
from pipelines.export.folder import (
    MANIFEST,
    OWN_HASH,
    listed_files,
    own_hash,
    present_files,
    read_manifest,
)
from pipelines.export.records import ExportError


def differences(folder: Path) -> tuple[int, list[str]]:
    """How many files the manifest lists, and what differs, a line each.

    The manifest is as it was written; every listed file is there with its bytes and hash, and
    nothing else is. Raises ExportError where the folder is no export, and OSError.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise ExportError(f"{folder}: is no export of newsledger: it has no manifest.json of ours")
    listed = listed_files(manifest)
    there = present_files(folder)
    found = []
    if manifest.get(OWN_HASH) != own_hash(manifest):
        found.append(f"{MANIFEST}: differs from the hash that it bears")
    found += [f"{path}: not in the manifest" for path in sorted(there - listed.keys())]
    for path, said in sorted(listed.items()):
        if path not in there:
            found.append(f"{path}: missing")
            continue
        file = folder / path
        if file.is_symlink():
            found.append(f"{path}: is a link")
            continue
        if not file.is_file():
            found.append(f"{path}: is no file")
            continue
        now = file_of(folder, file, 0)
        if now.size != said.get("bytes"):
            found.append(f"{path}: {now.size:,} bytes, {said.get('bytes')} in the manifest")
        elif now.sha256 != said.get("sha256"):
            found.append(f"{path}: its bytes differ from the manifest's hash")
    return len(listed), found
