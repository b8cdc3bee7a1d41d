"""``sources.yaml``: the list of sources, checked, each mistake reported with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.address import site
from pipelines.ingest.files import read_path
from pipelines.ingest.records import Candidate, SourceError

FILE_KINDS = ("folder", "file", "warc")
WEB_KINDS = ("feed", "sitemap", "pages")
KINDS = FILE_KINDS + WEB_KINDS
CONTENTS = ("page", "feed")
ROLES = (
    "publisher", "agency", "aggregator", "broadcaster", "government", "pictures", "social",
)  # fmt: skip
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
    content: str = "page"
    """``page``: the pages that a feed names are fetched, its own text stands in where that fails;
    ``feed``: the text that the feed carries is all that is taken."""
    revisit_hours: tuple[float, ...] = (3.0, 24.0)
    """Ages at which a page is asked for again, so that an edit is seen."""
    fresh_hours: float = 24.0
    """Something new is expected within so many hours."""
    max_age_days: float = 30.0
    """Of a sitemap, pages whose last change is stated and older are left out."""
    max_pages: int = 500
    """Pages that one poll may add at most."""
    by_name: bool = False
    """True for an address given on the command line: asked for whatever is known of it."""
    base: Path = Path()
    """Folder that a relative ``location`` is relative to."""

    @property
    def is_web(self) -> bool:
        """True where reading it means to ask the web."""
        return self.kind in WEB_KINDS

    def candidates(self) -> Iterator[Candidate]:
        """What there is to capture in files.

        A location that is missing is a candidate with that problem: other sources go on.
        """
        try:
            yield from read_path(self.id, (self.base / self.location).expanduser(), self.manifest)
        except SourceError as error:
            problem = f"source_missing: {error}"
            yield Candidate(self.id, "file", self.location, problem=problem, outcome="failed")

    def addresses(self) -> Iterator[str]:
        """Of kind ``pages``: the address itself, or those of a list, a line each, # comments.

        Raises SourceError where the list is missing.
        """
        if _is_address(self.location):
            yield self.location
            return
        path = (self.base / self.location).expanduser()
        try:
            with path.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    if line.strip() and not line.startswith("#"):
                        yield line.strip()
        except OSError as error:
            raise SourceError(
                f"{path}: cannot read the list of addresses ({error.strerror})"
            ) from error


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


_TEXT = ("id", "kind", "location", "name", "manifest", "role", "language", "country", "homepage",
         "domain", "usage_terms", "content")  # fmt: skip
_NUMBERS = {"fresh_hours": float, "max_age_days": float, "max_pages": int}
_KEYS = (*_TEXT, "enabled", "revisit_hours", *_NUMBERS)


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
        if values.get("kind") in ("feed", "sitemap") and not _is_address(
            values.get("location", "")
        ):
            self.wrong(node, f"kind {values['kind']} needs an http(s) address as its location")
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
        elif name == "revisit_hours" or name in _NUMBERS:
            self.number(name, value, values)
        else:
            values[name] = value.value.strip()
            self.check(name, value, values[name])

    def number(self, name: str, node: Any, values: dict[str, Any]) -> None:
        try:
            if name == "revisit_hours":
                parts = node.value.replace(",", " ").split()
                hours = () if parts == ["never"] else tuple(sorted(float(part) for part in parts))
                usable = all(0 < hour < 24 * 366 for hour in hours)
                values[name] = hours
            else:
                values[name] = _NUMBERS[name](node.value)
                usable = 0 < values[name] < 10**6
        except ValueError:
            usable = False
        if not usable:
            wanted = (
                "hours, as in '3, 24', or never" if name == "revisit_hours" else "a number above 0"
            )
            self.wrong(node, f"{name} is {wanted}, not {node.value!r}")

    def check(self, name: str, node: Any, value: str) -> None:
        if name == "kind" and value not in KINDS:
            self.wrong(node, f"unknown kind {value!r}; use {_nearest_kind(value)}")
        elif name == "role" and value not in ROLES:
            self.wrong(node, f"unknown role {value!r}; known are {', '.join(ROLES)}")
        elif name == "content" and value not in CONTENTS:
            self.wrong(node, f"unknown content {value!r}; known are {', '.join(CONTENTS)}")
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

    Raises SourceError where ``wanted`` is unknown.
    """
    if wanted is not None and wanted not in {source.id for source in sources}:
        known = ", ".join(source.id for source in sources) or "none"
        raise SourceError(f"there is no source {wanted!r}; known are: {known}")
    return tuple(s for s in sources if (s.enabled if wanted is None else s.id == wanted))


def chosen_sources(
    path: Path,
    *,
    only: str | None = None,
    paths: Sequence[str] = (),
    path_source: str | None = None,
    manifest: str | None = None,
) -> tuple[Source, ...]:
    """The sources of one run: the enabled ones of the list, or ``paths`` in their place.

    A path becomes a source named after its last part, an address one named after its site, or
    ``path_source``. Raises SourceError.
    """
    if not paths:
        return enabled_sources(load_sources(path), only)
    return tuple(
        _ad_hoc_page(p, path_source) if "://" in p else _ad_hoc(Path(p), path_source, manifest)
        for p in paths
    )


def _ad_hoc_page(url: str, source_id: str | None) -> Source:
    if not _is_address(url):
        raise SourceError(f"{url}: only http and https addresses are fetched")
    source_id = source_id or re.sub(r"[^a-z0-9._-]+", "-", (site(url) or "").lower()).strip("-._")
    if not SOURCE_ID.fullmatch(source_id):
        raise SourceError(f"{url}: no site in it to name a source after; give one with --source")
    return Source(source_id, "pages", url, source_id, revisit_hours=(), by_name=True)


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
