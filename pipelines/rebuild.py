"""A full rebuild: every derived table made anew from the archive, in a file beside the present one.

The present working file and the snapshot stay as they are until the new ones are complete; then
they are replaced. A crash before that leaves the old ones in force, and the next rebuild goes on
where it ended.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.warehouse.connection import transaction, writing
from pipelines.warehouse.lock import writer_lock

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from pipelines.runner import RunReport
    from pipelines.settings import Settings

FOLDER = "rebuild"
"""Below the home: a home of its own, but for what it shares with ours."""

CRAWL = {
    "raw.fetches": "when and where each payload was captured; the archive holds bytes alone",
    "raw.inputs": "which files were read, so that none is captured twice",
    "raw.feeds": "when each feed is due, and what it answered",
    "raw.feed_entries": "what feeds said of pages; extraction reads it",
    "raw.pages": "which pages are known, due or given up",
    "raw.sites": "when each site was asked last: our manners",
    "ops.row_decisions": "what people decided about rows in quarantine",
    "raw.origins": "what robots.txt and tdmrep.json said",
}
"""Tables that are copied at each start of a rebuild, and why they cannot be derived."""
HISTORY = {
    "sources": "what sources.yaml said when they were captured",
    "ops.runs": "the log of runs, which raw.fetches names",
    "ops.snapshots": "the log of what was published",
    "ops.quality_results": "what checks found at their time",
    "ops.overrides": "what was published by a person's decision",
    "ops.alerts": "what people were told",
    "ops.quarantine": "what was held and when it was let go; open rows are judged anew",
}
"""Tables that are copied once, and then go on."""
DERIVED = {
    "article_versions": "captures, read by the present code",
    "article_blocks": "the same",
    "article_evidence": "the same",
    "mentions": "article versions, read by the present recognizer",
    "article_entities": "the same",
    "entities": "what mentions name",
    "entity_names": "the same",
    "entity_offices": "the catalogue",
    "entity_judgements": "the ledger judgements.jsonl",
    "entity_redirects": "ids of before that are gone lead on",
    "ops.quality_checks": "expectations/",
    "ops.audits": "what was audited last; nothing is, at the start",
    "ops.extractions": "which captures were read; nothing is, at the start",
    "ops.recognitions": "which article versions were read",
    "ops.line_sightings": "lines that pages of a source share, learnt anew",
    "ops.learnt_lines": "the same",
    "ops.rereadings": "the same",
    "ops.unassigned": "what waits within a run",
    "ops.unaudited": "the same",
    "ops.name_blocks": "names that articles print",
    "ops.source_days": "captures, articles and names, day by day",
    "ops.schema_state": "the present schema",
    "mart.data_dictionary": "comments of the present schema",
    "rollups.days": "articles and mentions, counted day by day",
    "rollups.entity_outlet_days": "the same",
    "rollups.entity_days": "the same",
    "rollups.entity_outlets": "the same",
    "rollups.entities": "the same",
    "rollups.pair_days": "the same",
    "rollups.pairs": "the same",
    "search.documents": "words of current articles, counted anew",
    "search.words": "the same",
    "search.postings": "the same",
    "staging.articles": "empty between runs",
    "staging.article_blocks": "the same",
    "staging.article_evidence": "the same",
}
"""Tables that are made anew, and from what."""
COUNTED = ("raw.fetches", "articles", "mentions", "entities")


class RebuildError(RuntimeError):
    """Nothing to rebuild, or the result cannot take the old file's place."""


@dataclass(slots=True)
class RebuildReport:
    """What a rebuild gave."""

    run: RunReport | None = None
    before: dict[str, int] = field(default_factory=dict)
    """Rows by table, of the warehouse that was replaced."""
    after: dict[str, int] = field(default_factory=dict)
    replaced: bool = False
    """False: something failed, and the old warehouse and snapshot are in force."""


def rebuild(settings: Settings, say: Callable[[str], None] = lambda _: None) -> RebuildReport:
    """Derives everything anew from the archive and replaces warehouse and snapshot by the result.

    Holds the writer lock throughout; analysts go on reading the old snapshot. Nothing is captured.
    Judgements apply, ids that are gone lead on. ``say`` gets a line at each step.

    Raises RebuildError where there is no warehouse.
    """
    from pipelines.runner import Inputs, materialise, pending_days

    if not settings.warehouse_file.exists():
        raise RebuildError(
            f"{settings.warehouse_file}: there is no warehouse yet; newsledger run makes one"
        )
    report = RebuildReport()
    with writer_lock(settings.lock_file):
        report.before = _counts(settings)
        inner = _home_beside(settings)
        with _environment_restored():
            if _begin(settings, inner):
                say("goes on with the rebuild that was cut short")
            # A day that failed is tried again: what was in its way may have been mended.
            days = sorted({*pending_days(inner), *_failed_days(inner)})
            say(f"{report.before['raw.fetches']:,} captures; {len(days)} days to work on")
            report.run = materialise(inner, Inputs(), days=days)
            report.after = _counts(inner)
            if report.run.failures:
                return report
            _keep_ids(settings, inner)
        _replace(settings, inner)
        report.replaced = True
    return report


def _failed_days(settings: Settings) -> set[date]:
    """Days on which a check that forbids a publish stands failed."""
    from pipelines.quality.results import blocking_failures

    with writing(settings) as connection:
        return {day for day, *_ in blocking_failures(connection) if day}


def _home_beside(settings: Settings) -> Settings:
    """A home that shares archive, ledger and all else with ours, but for warehouse and snapshot."""
    home = settings.home / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    for name in ("work", "published"):
        (home / name).mkdir(exist_ok=True)
    own = {FOLDER, "work", "published"}
    shared = {path.name for path in settings.home.iterdir()} - own
    for name in sorted(shared | {settings.judgements_file.name, "dagster", "archive"}):
        link = home / name
        if not link.is_symlink() and not link.exists():
            link.symlink_to(settings.home / name)
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    return settings.model_copy(
        update={
            "home": home,
            "archive": settings.archive_root,
            "sources": settings.sources_file,
            "inbox": settings.inbox_folder,
        }
    )


@contextmanager
def _environment_restored() -> Iterator[None]:
    """Runs point the environment to their home; afterwards it is what it was."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


def _begin(settings: Settings, inner: Settings) -> bool:
    """Copies what cannot be derived. True where a rebuild of the same captures was begun before."""
    with writing(settings) as connection:
        captures = _captures(connection)
        connection.execute("CHECKPOINT")
    begun = inner.warehouse_file.exists()
    if begun:
        with writing(inner) as connection:
            begun = _captures(connection) == captures and _marked(connection)
    if not begun:
        for path in inner.warehouse_file.parent.glob(inner.warehouse_file.name + "*"):
            path.unlink()
    with (
        writing(inner) as connection,
        _attached(connection, settings.warehouse_file),
        transaction(connection),
    ):
        for table in CRAWL if begun else {**CRAWL, **HISTORY}:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608  # names of our own schema
            connection.execute(
                f"INSERT INTO {table} BY NAME SELECT * FROM former.{_qualified(table)}"  # noqa: S608
            )
    return begun


def _captures(connection: DuckDBPyConnection) -> tuple[int, int]:
    row = connection.execute(
        "SELECT count(*), coalesce(bit_xor(hash(fetch_id)), 0) FROM raw.fetches"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _marked(connection: DuckDBPyConnection) -> bool:
    """True where the copy was completed: it is one transaction, and runs come last in it."""
    return connection.execute("SELECT 1 FROM ops.runs LIMIT 1").fetchone() is not None


@contextmanager
def _attached(connection: DuckDBPyConnection, former: Path) -> Iterator[None]:
    quoted = str(former).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS former (READ_ONLY)")
    try:
        yield
    finally:
        connection.execute("DETACH former")


def _qualified(table: str) -> str:
    return table if "." in table else f"main.{table}"


def _counts(settings: Settings) -> dict[str, int]:
    with writing(settings) as connection:
        counts = {}
        for table in COUNTED:
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            counts[table] = int(row[0]) if row else 0
        return counts


def _keep_ids(settings: Settings, inner: Settings) -> None:
    """Has the ids of before lead on, and publishes with them."""
    from pipelines.warehouse.publish import publish_file

    with writing(inner) as connection:
        with _attached(connection, settings.warehouse_file), transaction(connection):
            row = connection.execute(
                "SELECT run_id FROM ops.snapshots ORDER BY published_at DESC LIMIT 1"
            ).fetchone()
            connection.execute("SET VARIABLE run_id = ?", [row[0] if row else None])
            connection.execute(project.sql_text("load/entities_kept_ids.sql"))
        connection.execute("CHECKPOINT")
    publish_file(inner)


def _replace(settings: Settings, inner: Settings) -> None:
    """The new files take the old ones' places; each in one step, the warehouse first.

    A crash between the two leaves the old snapshot, which the next run replaces.
    """
    for path in (settings.warehouse_file, inner.warehouse_file):
        log = path.with_name(path.name + ".wal")
        if log.exists():
            raise RebuildError(
                f"{log} is there: someone opened {path.name} for writing. Look at it, move it"
                " away, and run newsledger rebuild again"
            )
    inner.warehouse_file.replace(settings.warehouse_file)
    settings.published_file.parent.mkdir(parents=True, exist_ok=True)
    inner.published_file.replace(settings.published_file)
    shutil.rmtree(inner.home)
