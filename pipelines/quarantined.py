"""Failing rows as people ask for them: lists, and one row with all that is known of it.

Records in, records out; ``quarantine_view`` shows them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.printable import printable

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyConnection

    from pipelines.settings import Settings

Record = dict[str, Any]

STATES = ("open", "left", "all")
EFFECTS = ("held", "blocks", "flagged")
SHORTEST_KEY = 4
"""Characters that an abbreviated key has at least."""
CANDIDATES = 10
"""Rows named where a key is ambiguous."""
FIRST_LINES = 3
"""Paragraphs of a reading that are shown."""
NEVER_READ = ""
"""An extractor version that has read nothing: for it every capture is pending."""


class UnknownRowError(LookupError):
    """No failing row, or more than one, goes by that key; the message lists what was near."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which failing rows; None: whatever."""

    reason: str | None = None
    asset: str | None = None
    source: str | None = None
    day: date | None = None
    effect: str | None = None
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of one failing row."""

    rows: list[Record]
    """Rows of ``ops.quarantined_rows``: one an asset whose rules the key breaks."""
    reasons: list[Record]
    """Rows of ``ops.quarantine``, the newest first, each with its rule as it is at present:
    ``severity``, ``description``, ``thresholds``, ``owner``, ``query``."""
    capture: Record | None
    """Row of ``raw.fetches``; None where it comes from no single capture."""
    statement: Record | None
    """What a feed or sitemap said of the page: row of ``raw.feed_entries``."""
    readings: list[Record]
    """Rows of ``ops.extractions`` of the capture."""
    decisions: list[Record]
    """Rows of ``ops.row_decisions``."""
    to_read: Record | None = None
    """The capture as extraction takes it, where it is held."""
    reading: Record | None = None
    """What the present code makes of it: see ``read_again``."""


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[DuckDBPyConnection, str | None]]:
    """The working warehouse where nobody writes it; else the snapshot, and who writes.

    Never waits. Raises SnapshotError where there is neither.
    """
    from pipelines.quality.live import unless_written
    from pipelines.warehouse.connection import writing
    from pipelines.warehouse.lock import LockTimeoutError, holder
    from pipelines.warehouse.query import snapshot

    with ExitStack() as stack:
        writer = None
        connection = None
        if settings.warehouse_file.exists():
            try:
                stack.enter_context(unless_written(settings))
                connection = stack.enter_context(writing(settings))
            except LockTimeoutError:
                writer = holder(settings.lock_file)
        yield connection or stack.enter_context(snapshot(settings.published_file)), writer


def listed(connection: DuckDBPyConnection, filters: Filters, limit: int | None) -> list[Record]:
    """Failing rows, the gravest first. Their columns are those of ``ops.quarantined_rows``."""
    query, parameters = _filtered(filters)
    bound = "" if limit is None else f" LIMIT {limit:d}"
    return _records(connection, f"FROM ({query}){bound}", parameters)


def counted(connection: DuckDBPyConnection, filters: Filters) -> list[Record]:
    """``row_count`` of each ``effect`` and ``reason``; a row of two reasons counts twice."""
    query, parameters = _filtered(filters)
    return _records(
        connection,
        f"WITH broken AS (SELECT effect, unnest(reasons) AS reason FROM ({query}))"  # noqa: S608
        " SELECT effect, reason, count(*) AS row_count FROM broken GROUP BY ALL"
        " ORDER BY row_count DESC, reason",
        parameters,
    )


def found(connection: DuckDBPyConnection, key: str, asset: str | None = None) -> list[Record]:
    """The rows that a key means: one an asset whose rules it breaks.

    Args:
        connection: the warehouse or the snapshot.
        key: of the row, its capture or its article, or the beginning of one where that is unique.
        asset: rows of this asset only.

    Raises UnknownRowError.

    """
    needle = key.strip()
    if len(needle) < SHORTEST_KEY:
        raise UnknownRowError(f"{key!r}: give at least {SHORTEST_KEY} characters of the row's key")
    rows = _records(
        connection,
        project.sql_text("load/quarantine_matches.sql"),
        {"needle": needle, "asset": asset},
    )
    if not rows:
        raise UnknownRowError(
            f"no row in quarantine goes by {key!r}; newsledger quarantine --state all lists them"
        )
    open_rows = [row for row in rows if row["left_at"] is None] or rows
    keys = list(dict.fromkeys(row["row_key"] for row in open_rows))
    if len(keys) > 1:
        lines = "\n".join(
            f"  {row['row_key']}  {row['asset_key']}  {', '.join(row['reasons'])}"
            for row in open_rows[:CANDIDATES]
        )
        more = f"\n  and {len(keys) - CANDIDATES} more" if len(keys) > CANDIDATES else ""
        raise UnknownRowError(f"{key!r} may be any of {len(keys)}; give more of it:\n{lines}{more}")
    return open_rows


def dossier(connection: DuckDBPyConnection, key: str, asset: str | None = None) -> Dossier:
    """All that is known of the row that a key means. Raises UnknownRowError."""
    rows = found(connection, key, asset)
    row_key, fetch_id = rows[0]["row_key"], rows[0]["fetch_id"]
    one = {"fetch_id": fetch_id}
    captures = _records(connection, "FROM raw.fetches WHERE fetch_id = $fetch_id", one)
    capture = captures[0] if captures else None
    statements = _records(
        connection,
        "FROM raw.feed_entries WHERE entry_id = $entry_id",
        {"entry_id": capture["entry_id"] if capture else None},
    )
    held = any(row["effect"] == "held" and row["left_at"] is None for row in rows)
    return Dossier(
        rows=rows,
        reasons=_reasons(connection, row_key, asset),
        capture=capture,
        statement=statements[0] if statements else None,
        readings=_records(
            connection,
            "FROM ops.extractions WHERE fetch_id = $fetch_id ORDER BY extracted_at",
            one,
        ),
        decisions=_records(
            connection,
            "FROM ops.row_decisions WHERE row_key IN ($row_key, $fetch_id) ORDER BY decided_at",
            {"row_key": row_key, "fetch_id": fetch_id},
        ),
        to_read=_to_read(connection, capture) if held and capture else None,
    )


def _reasons(connection: DuckDBPyConnection, row_key: str, asset: str | None) -> list[Record]:
    rows = _records(
        connection,
        """
        SELECT q.*, c.severity, c.description, c.thresholds, c.owner
        FROM ops.quarantine AS q
        LEFT JOIN ops.quality_checks AS c
            ON q.asset_key = c.asset_key AND q.reason = c.check_name
        WHERE q.row_key = $row_key AND ($asset IS NULL OR q.asset_key = $asset)
        ORDER BY q.resolved_at IS NOT NULL, q.created_at DESC, q.reason
        """,
        {"row_key": row_key, "asset": asset},
    )
    for row in rows:
        row["thresholds"] = json.loads(row["thresholds"]) if row["thresholds"] else {}
        row["query"] = _query(connection, row)
    return rows


def _query(connection: DuckDBPyConnection, row: Mapping[str, Any]) -> str | None:
    """The rule at present, ready to paste; None where it is gone."""
    from pipelines.quality.suites import find_check

    declared = find_check(row["asset_key"], row["reason"])
    if declared is None:
        return None
    suite, check = declared
    if check.query:
        return suite.rule_sql(check, row["fetch_date"])
    shown = connection.execute(
        "SELECT failing_query FROM ops.quality_results WHERE asset_key = ? AND check_name = ?"
        " AND failing_query IS NOT NULL ORDER BY checked_at DESC LIMIT 1",
        [check.asset, check.name],
    ).fetchone()
    return str(shown[0]) if shown else None


def _to_read(connection: DuckDBPyConnection, capture: Mapping[str, Any]) -> Record | None:
    """The capture as extraction takes it; None where there are no bytes to read."""
    pending = project.sql_text("load/pending_captures.sql").rstrip().removesuffix(";")
    rows = _records(
        connection,
        f"FROM ({pending}) WHERE fetch_id = $fetch_id",
        {
            "day": capture["fetch_date"],
            "extractor_version": NEVER_READ,
            "fetch_id": capture["fetch_id"],
        },
    )
    if not rows:
        return None
    from pipelines.clean.learning import carrier, learnt_lines

    row = rows[0]
    row["learnt_lines"] = learnt_lines(connection).get(carrier(row), frozenset())
    return row


def read_again(settings: Settings, row: Record) -> Record:
    """What the present code makes of a capture, within its bound on time; nothing is written.

    ``outcome``: article, skipped or failed; ``why`` of the latter two; of an article ``headline``,
    ``word_count``, ``kept`` and ``cut`` blocks, ``first_lines``, and ``held_by``: the rules that
    would hold it, whatever people released it from.
    """
    from functools import partial

    from pipelines.archive import Archive
    from pipelines.clean.stage import extract_capture, warm_up
    from pipelines.compute import Compute

    compute = Compute(1, settings.page_seconds)
    try:
        task = partial(extract_capture, Archive(settings.archive_root))
        (outcome,) = compute.run(task, [row], warm_up)
    finally:
        compute.close()
    extracted = outcome.result
    if extracted is None:
        return {"outcome": "failed", "why": outcome.error}
    if extracted.article is None:
        return {"outcome": "skipped", "why": extracted.skip_reason}
    article, kept = extracted.article, [b for b in extracted.blocks if b["is_body"]]
    return {
        "outcome": "article",
        "headline": article["headline"],
        "word_count": article["word_count"],
        "date_published": article["date_published"],
        "kept": len(kept),
        "cut": len(extracted.blocks) - len(kept),
        "first_lines": [block["block_text"] for block in kept[:FIRST_LINES]],
        "held_by": _held_by(row, article, extracted.blocks),
    }


def _held_by(row: Record, article: Record, blocks: Sequence[Record]) -> list[str]:
    import duckdb

    from pipelines.clean.extract import EXTRACTOR_VERSION
    from pipelines.quality.quarantine import find_held
    from pipelines.quality.suites import suites_of
    from pipelines.warehouse.rows import insert_rows
    from pipelines.warehouse.schema import apply_schema

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        apply_schema(connection)
        insert_rows(
            connection, "staging.articles", [article | {"extractor_version": EXTRACTOR_VERSION}]
        )
        insert_rows(connection, "staging.article_blocks", blocks)
        find_held(connection, suites_of("extracted_articles"), row["fetch_date"])
        rows = connection.execute("SELECT DISTINCT reason FROM held ORDER BY reason").fetchall()
    return [reason for (reason,) in rows]


def _filtered(filters: Filters) -> tuple[str, Record]:
    query = project.sql_text("load/quarantine_rows.sql").rstrip().removesuffix(";")
    return query, {
        "reason": filters.reason,
        "asset": filters.asset,
        "source": filters.source,
        "day": filters.day,
        "effect": filters.effect,
        "state": filters.state,
    }


def _records(connection: DuckDBPyConnection, sql: str, parameters: Record) -> list[Record]:
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def place(row: Mapping[str, Any]) -> str:
    """Where a failing row is from, in words: its headline, else its address, else its key."""
    known = row["headline"] or row["url"] or row["location"] or row["row_key"]
    return printable(str(known))
