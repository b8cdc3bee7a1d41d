"""``sources.yaml``: the list of sources, checked, each mistake reported with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.ingest.files import read_path
from pipelines.ingest.records import Candidate, SourceError

KINDS = ("folder", "file", "warc", "feed", "sitemap", "pages")
FILE_KINDS = ("folder", "file", "warc")
ROLES = ("publisher", "agency", "aggregator", "broadcaster", "government", "social")
SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of ``sources.yaml``."""

    id: str
    kind: str
    location: str
    """A path (relative to the list's folder) for files, an address for the web."""
    name: str
    enabled: bool = True
    manifest: str | None = None
    role: str | None = None
    language: str | None = None
    country: str | None = None
    homepage: str | None = None
    domain: str | None = None
    usage_terms: str | None = None
    base: Path = Path()
    """Folder that a relative ``location`` is relative to."""

    def candidates(self) -> Iterator[Candidate]:
        """What there is to capture. Raises SourceError where the location is missing."""
        yield from read_path(self.id, (self.base / self.location).expanduser(), self.manifest)


_TEXT = ("id", "kind", "location", "name", "manifest", "role", "language", "country", "homepage",
         "domain", "usage_terms")  # fmt: skip
_KEYS = (*_TEXT, "enabled")


def load_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a list, in its order.

    Raises SourceError: every mistake, one a line, as ``file:line: what is wrong; the mend``.
    """
    import yaml

    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError as error:
        raise SourceError(
            f"{path}: there is no such list of sources (NEWSLEDGER_SOURCES)"
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 text ({error})") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SourceError(f"{path.name}:{line}: not YAML: {error.problem}") from error
    reader = _Reader(path)
    sources = reader.read(root)
    if reader.mistakes:
        raise SourceError("\n".join(reader.mistakes))
    return tuple(sources)


class _Reader:
    """Walks the YAML nodes, which know their lines, and collects mistakes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mistakes: list[str] = []

    def wrong(self, node: Any, text: str) -> None:
        self.mistakes.append(f"{self.path.name}:{node.start_mark.line + 1}: {text}")

    def read(self, root: Any) -> list[Source]:
        import yaml

        if root is None:
            return []
        entries = None
        if isinstance(root, yaml.MappingNode):
            for key, value in root.value:
                if key.value == "sources":
                    entries = value
                else:
                    self.wrong(key, f"unknown key {key.value!r}; the only one here is sources")
        if not isinstance(entries, yaml.SequenceNode):
            self.wrong(entries or root, "expected 'sources:' and a list of sources below it")
            return []
        seen: dict[str, int] = {}
        sources = []
        for node in entries.value:
            source = self.entry(node)
            if source is None:
                continue
            if source.id in seen:
                self.wrong(node, f"id {source.id!r} is used in line {seen[source.id]} already")
            seen[source.id] = node.start_mark.line + 1
            sources.append(source)
        return sources

    def entry(self, node: Any) -> Source | None:
        import yaml

        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, "a source is a mapping: id, kind, location, ...")
            return None
        before = len(self.mistakes)
        values: dict[str, Any] = {}
        for key, value in node.value:
            self.field(key, value, values)
        for needed in ("id", "kind", "location"):
            if needed not in values and not any(k.value == needed for k, _ in node.value):
                self.wrong(node, f"a source needs {needed}")
        if len(self.mistakes) > before:
            return None
        values.setdefault("name", values["id"])
        return Source(base=self.path.parent, **values)

    def field(self, key: Any, value: Any, values: dict[str, Any]) -> None:
        import yaml

        name = key.value
        if name not in _KEYS:
            self.wrong(key, f"unknown key {name!r}; known are {', '.join(_KEYS)}")
        elif not isinstance(value, yaml.ScalarNode):
            self.wrong(value, f"{name} takes a single value")
        elif name == "enabled":
            if value.value.lower() not in ("true", "false"):
                self.wrong(value, f"enabled is true or false, not {value.value!r}")
            values["enabled"] = value.value.lower() == "true"
        elif value.tag.endswith(":null") or not value.value.strip():
            if name in ("id", "kind", "location"):
                self.wrong(value, f"{name} is empty")
        else:
            values[name] = value.value.strip()
            self.check(name, value, values[name])

    def check(self, name: str, node: Any, value: str) -> None:
        if name == "kind" and value not in KINDS:
            self.wrong(node, f"unknown kind {value!r}; use {_nearest_kind(value)}")
        elif name == "role" and value not in ROLES:
            self.wrong(node, f"unknown role {value!r}; known are {', '.join(ROLES)}")
        elif name == "id" and not SOURCE_ID.fullmatch(value):
            self.wrong(node, f"id {value!r}: use lower-case letters, digits, '.', '_' and '-'")


def _nearest_kind(value: str) -> str:
    if value in ("rss", "atom", "jsonfeed"):
        return "feed"
    if value in ("html", "page", "urls"):
        return "pages"
    return ", ".join(KINDS)


def enabled_sources(sources: tuple[Source, ...], wanted: str | None = None) -> tuple[Source, ...]:
    """The sources that a run reads: the enabled ones, or the one asked for by id.

    Raises SourceError where ``wanted`` is unknown, or a source is of a kind that has no reader.
    """
    if wanted is not None and wanted not in {source.id for source in sources}:
        known = ", ".join(source.id for source in sources) or "none"
        raise SourceError(f"there is no source {wanted!r}; known are: {known}")
    chosen = tuple(s for s in sources if (s.enabled if wanted is None else s.id == wanted))
    for source in chosen:
        if source.kind not in FILE_KINDS:
            raise SourceError(
                f"source {source.id!r}: this version reads {', '.join(FILE_KINDS)};"
                f" kind {source.kind!r} is listed for later: set enabled: false"
            )
    return chosen


def chosen_sources(
    path: Path,
    *,
    only: str | None = None,
    paths: Sequence[str] = (),
    path_source: str | None = None,
    manifest: str | None = None,
) -> tuple[Source, ...]:
    """The sources of one run: the enabled ones of the list, or ``paths`` in their place.

    A path becomes a source named after its last part, or ``path_source``. Raises SourceError.
    """
    if not paths:
        return enabled_sources(load_sources(path), only)
    return tuple(_ad_hoc(Path(p), path_source, manifest) for p in paths)


def _ad_hoc(path: Path, source_id: str | None, manifest: str | None) -> Source:
    if not path.exists():
        raise SourceError(f"{path}: there is no such file or folder")
    source_id = source_id or re.sub(r"[^a-z0-9._-]+", "-", path.resolve().name.lower()).strip("-._")
    if not SOURCE_ID.fullmatch(source_id):
        raise SourceError(
            f"{path}: cannot name a source {source_id!r}; give one with --source:"
            " lower-case letters, digits, '.', '_' and '-'"
        )
    if manifest and not (path / manifest).is_file():
        raise SourceError(
            f"{path / manifest}: there is no such manifest (it is relative to the folder)"
        )
    kind = "folder" if path.is_dir() else "file"
    return Source(source_id, kind, str(path.resolve()), source_id, manifest=manifest)
