"""Labelled pages: any folder with ``extraction/<set>/pages.jsonl``, one JSON object a line.

A line: ``file`` (the page's bytes, gzip or not, beside ``pages.jsonl``) and ``truth``, an object with
any of ``body, title, published, authors, must_contain, must_not_contain``; may have ``id`` (else the
file's name), ``url``, ``lang``, ``crawled`` (ISO 8601: no date lies after it). More keys are ignored.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

LATE = datetime(2035, 1, 1, tzinfo=UTC)
"""Fetch time of pages that do not say when they were crawled."""
MANIFEST = "pages.jsonl"
_GZIP = b"\x1f\x8b"


LONGEST_ID = 40


def page_key(page_id: str) -> str:
    """A page's id in reports: long ones, which sets make of titles, by 16 digits of their SHA-256."""
    if len(page_id) <= LONGEST_ID:
        return page_id
    return hashlib.sha256(page_id.encode()).hexdigest()[:16]


class PagesError(Exception):
    """A labelled page cannot be used; names the file and the line."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the evaluation data lies. The hand labels of seeds lie beside them: ``seeds_gold``."""

    evaluation: Path
    seeds: Path

    @property
    def gold(self) -> Path:
        """Labels of the seeds, a JSON file each."""
        return self.seeds.with_name(f"{self.seeds.name}_gold")


@dataclass(frozen=True, slots=True)
class Page:
    """One labelled page."""

    id: str
    url: str | None
    """None where the page is labelled without a web address."""
    payload: bytes
    language: str
    """As the row states it, ``und`` where it does not."""
    fetched_at: datetime
    truth: dict[str, Any]
    """Only labels that are there: null, empty texts and empty lists of strings are left out. An
    empty list of authors is kept: it says that there are none."""


@dataclass(frozen=True, slots=True)
class PageSet:
    """The pages of one ``pages.jsonl``."""

    name: str
    digest: str
    """SHA-256 of ``pages.jsonl`` in hexadecimal: which pages and labels a figure is about."""
    pages: tuple[Page, ...]

    def labelled(self, label: str) -> int:
        """How many pages have a label."""
        return sum(label in page.truth for page in self.pages)


def shared_folder() -> Path:
    """``$NEWSLEDGER_SHARED``, or ``shared`` beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("NEWSLEDGER_SHARED", beside))


def load_module(path: Path) -> ModuleType:
    """A Python file that comes with the data, as a module. Raises FileNotFoundError."""
    spec = importlib.util.spec_from_file_location(f"newsledger_eval_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def set_names(evaluation: Path) -> list[str]:
    """Names of the sets that a folder has, in name order."""
    return sorted(path.parent.name for path in (evaluation / "extraction").glob(f"*/{MANIFEST}"))


def read_set(evaluation: Path, name: str) -> PageSet:
    """The pages of ``extraction/<name>``.

    Raises:
        PagesError: the set is not there, or a line of it cannot be used.

    """
    manifest = evaluation / "extraction" / name / MANIFEST
    if not manifest.is_file():
        raise PagesError(f"{manifest}: no such file; the folder has {set_names(evaluation)}")
    content = manifest.read_bytes()
    pages: dict[str, Page] = {}
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            page = _page(manifest.parent, json.loads(line))
        except (PagesError, ValueError) as error:
            raise PagesError(f"{manifest}:{number}: {error}") from error
        if page.id in pages:
            raise PagesError(f"{manifest}:{number}: id {page.id!r} is there twice")
        pages[page.id] = page
    return PageSet(name, hashlib.sha256(content).hexdigest(), tuple(pages.values()))


def _page(base: Path, row: Any) -> Page:
    if not isinstance(row, dict) or not isinstance(row.get("file"), str):
        raise PagesError("a page is an object with 'file' and 'truth'")
    truth = row.get("truth")
    if not isinstance(truth, dict):
        raise PagesError("'truth' is to be an object")
    for label, (is_right, kind) in _LABELS.items():
        if truth.get(label) is not None and not is_right(truth[label]):
            raise PagesError(f"truth.{label} is to be {kind}")
    url = row.get("url")
    return Page(
        id=str(row.get("id") or row["file"]),
        url=url if isinstance(url, str) and url.startswith(("http://", "https://")) else None,
        payload=_payload(base / row["file"]),
        language=str(row.get("lang") or "und"),
        fetched_at=_moment(row.get("crawled")),
        truth={
            label: truth[label]
            for label in _LABELS
            if truth.get(label) or (label == "authors" and truth.get(label) is not None)
        },
    )


def _payload(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if content.startswith(_GZIP) else content
    except (OSError, EOFError, zlib.error) as error:
        raise PagesError(f"cannot read {path}: {error}") from error


def _moment(text: Any) -> datetime:
    if not text:
        return LATE
    moment = datetime.fromisoformat(str(text))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(not value or datetime.fromisoformat(value))
    except ValueError:
        return False


_LABELS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "body": (_is_text, "a text"),
    "title": (_is_text, "a text"),
    "published": (_is_date, "a date in ISO 8601"),
    "authors": (_is_texts, "a list of names"),
    "must_contain": (_is_texts, "a list of texts"),
    "must_not_contain": (_is_texts, "a list of texts"),
}


def digest_of(files: Iterator[Path] | list[Path]) -> str:
    """SHA-256 over names and contents of files in name order, hexadecimal."""
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda p: p.name):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
