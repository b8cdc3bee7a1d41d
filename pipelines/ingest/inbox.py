"""What lies in the inbox and has stopped changing: by names, sizes and times, nothing is read.

What was asked for already is kept in a file of the home, not in a cursor of Dagster's, which would
be stored again with every look and grow with the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STILL_SECONDS = 30.0
"""An item is taken once nothing in it has changed for so long."""

UNFINISHED = (".part", ".tmp", ".crdownload", ".partial", ".filepart")
"""Endings that browsers and transfer programs give a file until it is whole."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file or folder at the top of the inbox."""

    path: Path
    state: str
    """Digest of the names, sizes and times of all its files."""

    @property
    def name(self) -> str:
        """Its name in the inbox."""
        return self.path.name


@dataclass(slots=True)
class Look:
    """What one look found, in name order."""

    ready: list[Item] = field(default_factory=list)
    changing: list[str] = field(default_factory=list)
    """Names of items that are still being written."""
    refused: list[str] = field(default_factory=list)
    """Items that are not taken, each with the reason and the mend."""


class _RefusedError(Exception):
    """An item that is not taken; the message says why."""


class _UnfinishedError(Exception):
    """An item that somebody is still writing."""


def look_into(folder: Path, now: float) -> Look:
    """The items of ``folder``; ``now`` is in seconds since 1970.

    Hidden names and unfinished downloads are passed over. Links that lead out of the folder are
    refused, wherever they lie: whoever may write here chooses what is read, not from where.
    """
    look, root = Look(), folder.resolve()
    for entry in _entries(folder):
        if _passed_over(entry.name):
            continue
        try:
            files = sorted(_files(entry, root), key=lambda file: os.fsencode(file[0]))
        except _UnfinishedError:
            look.changing.append(entry.name)
            continue
        except (_RefusedError, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            look.refused.append(f"{shown(entry.name)}: {why}")
            continue
        if not files:
            continue
        newest = max(_changed_at(status, now) for _, status in files)
        if now - newest < STILL_SECONDS:
            look.changing.append(entry.name)
        else:
            look.ready.append(Item(Path(entry.path), _digest(files)))
    return look


def shown(name: str) -> str:
    """A file name as it can be printed and stored: what is not printable is escaped."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode("ascii")
        for c in name
    )


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: os.fsencode(entry.name))


def _passed_over(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(UNFINISHED)


def _files(item: os.DirEntry[str], root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Files of an item, by their path in the inbox, with what the system says of them."""
    waiting = [(item.name, item)]
    while waiting:
        place, entry = waiting.pop()
        try:
            place.encode("utf-8")
        except UnicodeEncodeError:
            raise _RefusedError("its name, or one in it, is not UTF-8: rename it") from None
        if entry.is_symlink():
            target = Path(entry.path).resolve()
            if not target.is_relative_to(root):
                raise _RefusedError(f"{shown(place)} links out of the inbox: put the file itself")
            if entry is item or not target.exists():
                continue  # what it links to is taken where it lies
        if entry.is_dir(follow_symlinks=False):
            for inner in _entries(entry.path):
                if inner.name.lower().endswith(UNFINISHED):
                    raise _UnfinishedError
                if not inner.name.startswith("."):
                    waiting.append((f"{place}/{inner.name}", inner))
            continue
        try:
            yield place, entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            raise _UnfinishedError from None


def _changed_at(status: os.stat_result, now: float) -> float:
    """When a file last changed, in seconds since 1970.

    The kernel's time; the file's own can be set at will, so that one from the future says nothing.
    """
    return max(status.st_ctime, status.st_mtime if status.st_mtime <= now else 0.0)


def _digest(files: Sequence[tuple[str, os.stat_result]]) -> str:
    digest = hashlib.sha256()
    for place, status in files:
        kind = stat.S_IFMT(status.st_mode)
        digest.update(f"{place}\0{kind}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]


def batch_key(items: Iterable[Item]) -> str:
    """The same for the same items in the same state."""
    lines = sorted(f"{item.name}\0{item.state}\n" for item in items)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:24]


@dataclass(slots=True)
class Asked:
    """Which states of which items runs were requested for.

    A request counts once Dagster has said, through its cursor, that it has it: a look whose answer
    was lost is repeated.
    """

    file: Path
    states: dict[str, str] = field(default_factory=dict)
    """Confirmed, by name."""
    batch: dict[str, str] = field(default_factory=dict)
    """Requested by the last look that requested anything."""
    key: str | None = None
    """The cursor that confirms ``batch``."""

    @classmethod
    def load(cls, file: Path) -> Asked:
        """What ``file`` holds; nothing where it is missing or damaged, which costs a look again."""
        try:
            held = json.loads(file.read_text(encoding="utf-8"))
            return cls(file, dict(held["states"]), dict(held["batch"]), held["key"])
        except (OSError, ValueError, KeyError, TypeError):
            return cls(file)

    def fresh(self, look: Look, cursor: str | None, limit: int) -> list[Item]:
        """At most ``limit`` items whose present state was not requested yet."""
        states = self.states | (self.batch if self.key and self.key == cursor else {})
        return [item for item in look.ready if states.get(item.name) != item.state][:limit]

    def request(self, look: Look, items: Sequence[Item], cursor: str | None, key: str) -> None:
        """Notes that ``items`` are being requested under ``key``; forgets what is gone."""
        states = self.states | (self.batch if self.key and self.key == cursor else {})
        present = {item.name for item in look.ready}.union(look.changing)
        self.states = {name: state for name, state in states.items() if name in present}
        self.batch = {item.name: item.state for item in items}
        self.key = key
        self._save()

    def _save(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        held = {"states": self.states, "batch": self.batch, "key": self.key}
        fresh.write_text(json.dumps(held), encoding="utf-8")
        fresh.replace(self.file)
