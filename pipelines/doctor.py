"""``newsledger doctor``: what would keep newsledger from working, each with its mend."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import metadata, util
from typing import TYPE_CHECKING

from pipelines.warehouse.lock import holder, is_free

if TYPE_CHECKING:
    from pipelines.settings import Settings

PACKAGES = (
    "dagster", "dagster-webserver", "duckdb", "great-expectations", "duckdb-sqlalchemy",
    "trafilatura", "spacy",
)  # fmt: skip
FREE_BYTES = 1 << 30
"""A run needs room for a second copy of the warehouse; below this it is likely to fail."""


class Problem(Exception):  # noqa: N818  # a finding, not an error
    """Something that needs the user; the message says what and the mend."""


def examine(settings: Settings) -> int:
    """Prints a line an examination. Returns how many found a problem."""
    problems = 0
    for name, look in _examinations(settings):
        try:
            sys.stdout.write(f"ok       {name}: {look()}\n")
        except Problem as problem:
            problems += 1
            sys.stdout.write(f"problem  {name}: {problem}\n")
    return problems


def _examinations(settings: Settings) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "python", _python
    for package in PACKAGES:
        yield package, lambda package=package: _version(package)  # type: ignore[misc]
    yield "language model", _model
    yield "home", lambda: _home(settings)
    yield "disk", lambda: _disk(settings)
    yield "sources", lambda: _sources(settings)
    yield "catalogue", lambda: _catalogue(settings)
    yield "suites", _suites
    yield "writer", lambda: _writer(settings)
    yield "snapshot", lambda: _snapshot(settings)


def _python() -> str:
    if sys.version_info < (3, 11):  # noqa: UP036  # the venv may be older than what we ask for
        raise Problem(f"{sys.version.split()[0]} is too old: use Python 3.11 or later")
    return sys.version.split()[0]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        raise Problem("not installed: make run installs what is locked") from None


def _model() -> str:
    from pipelines.normalise.model import MODEL, PACKAGES

    if not any(util.find_spec(package) for package in PACKAGES):
        raise Problem(
            f"{MODEL} is not installed: English names are then found by the catalogue alone"
        )
    return MODEL


def _home(settings: Settings) -> str:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"{settings.home}: {error.strerror}; set NEWSLEDGER_HOME") from None
    if not os.access(settings.home, os.W_OK):
        raise Problem(
            f"{settings.home} cannot be written; set NEWSLEDGER_HOME to a folder of yours"
        )
    return str(settings.home)


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.home).free
    if free < FREE_BYTES:
        raise Problem(f"{free / 1e6:,.0f} MB are free: make room, or move NEWSLEDGER_HOME")
    return f"{free / 1e9:,.0f} GB free"


def _sources(settings: Settings) -> str:
    from pipelines.ingest.records import SourceError
    from pipelines.ingest.sources import load_sources

    try:
        sources = load_sources(settings.sources_file)
    except SourceError as error:
        raise Problem(str(error).replace("\n", "; ")) from None
    enabled = sum(source.enabled for source in sources)
    return f"{settings.sources_file}: {len(sources)} listed, {enabled} enabled"


def _catalogue(settings: Settings) -> str:
    from pipelines.reference.compiled import catalogue_version, user_files
    from pipelines.settings import SettingsError

    try:
        files = user_files(settings)
        version = catalogue_version(settings)
    except SettingsError as error:
        raise Problem(str(error)) from None
    return f"{version}, {len(files)} files of your own"


def _suites() -> str:
    from pipelines.quality.suites import SuiteError, load_suites

    try:
        suites = load_suites()
    except SuiteError as error:
        raise Problem(str(error)) from None
    return f"{len(suites)} suites, {sum(len(suite.checks) for suite in suites)} checks"


def _writer(settings: Settings) -> str:
    if not is_free(settings.lock_file):
        return f"held by {holder(settings.lock_file)}"
    log = settings.published_file.with_name(settings.published_file.name + ".wal")
    if log.exists():
        raise Problem(f"{log}: the snapshot was opened for writing; move this file away")
    return "free"


def _snapshot(settings: Settings) -> str:
    from pipelines.warehouse.query import SnapshotError, snapshot

    if not settings.published_file.exists():
        return "none yet: newsledger run makes the first"
    try:
        with snapshot(settings.published_file) as connection:
            row = connection.execute("SELECT count(*) FROM articles").fetchone()
    except SnapshotError as error:
        raise Problem(str(error)) from None
    return f"{settings.published_file}: {row[0] if row else 0:,} articles"
