"""Captures that await extraction -> ``staging``: the cleaning stage over the warehouse."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.archive import Archive
from pipelines.clean.extract import EXTRACTOR_VERSION
from pipelines.clean.learning import (
    carrier,
    forget_readings,
    learn,
    learnt_lines,
    sighting_rows,
)
from pipelines.compute import Compute, Outcome
from pipelines.ids import stable_id, text_sha256
from pipelines.progress import track
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.clean.records import Article, Statement

BATCH = 100
"""Captures a transaction: what a crash may cost."""

_WORD = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
"""A word; a single character in scripts that put no spaces between words (Thai, kana, Han)."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A capture's rows for ``staging`` and ``sources``, or why it is skipped."""

    article: dict[str, Any] | None
    blocks: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    sightings: list[dict[str, Any]] = field(default_factory=list)
    """Rows of ``ops.line_sightings``, but for the run's."""
    skip_reason: str | None = None


@dataclass(slots=True)
class ExtractionReport:
    """What one pass over a day gave."""

    pending: int = 0
    staged: int = 0
    reread: int = 0
    """Captures read again because lines of their source were learnt."""
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def extract_pending(
    connection: DuckDBPyConnection,
    archive: Archive,
    compute: Compute,
    *,
    day: date,
    run_id: str,
) -> ExtractionReport:
    """Extracts the day's captures that this extractor version has not seen, and stages them.

    So are those that a person wants read again; those that a person dropped are skipped. Each ends
    in ``staging.articles`` (with ``extraction_error`` where extraction failed, so that
    validation can hold it) or as a recorded skip in ``ops.extractions``.
    """
    with transaction(connection):
        connection.execute(project.sql_text("load/unanswered.sql"), {"day": day, "run_id": run_id})
        connection.execute("SET VARIABLE day = ?", [day])
        connection.execute("SET VARIABLE run_id = ?", [run_id])
        connection.execute(project.sql_text("load/dropped.sql"))
    report = ExtractionReport()
    learn(connection, run_id)
    while pending := pending_captures(connection, day):
        known = learnt_lines(connection)
        for row in pending:
            row["learnt_lines"] = known.get(carrier(row), frozenset())
        first = [row for row in pending if not row["is_rereading"]]
        report.pending += len(first)
        report.reread += len(pending) - len(first)
        outcomes: Iterator[Outcome[dict[str, Any], Extracted]] = track(
            compute.run(partial(extract_capture, archive), pending, warm_up),
            f"extract {day}" if first else f"read again {day}",
            len(pending),
        )
        while batch := list(islice(outcomes, BATCH)):
            with transaction(connection):
                forget_readings(connection, [o.item for o in batch if o.item["is_rereading"]])
                _stage(connection, batch, run_id, report)
        learn(connection, run_id)
    return report


def pending_captures(connection: DuckDBPyConnection, day: date) -> list[dict[str, Any]]:
    """The day's captures that await extraction, as ``load/pending_captures.sql`` gives them."""
    cursor = connection.execute(
        project.sql_text("load/pending_captures.sql"),
        {"day": day, "extractor_version": EXTRACTOR_VERSION},
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def warm_up() -> None:
    """Loads what extraction needs, so that a page's time is the page's alone."""
    import trafilatura  # noqa: F401

    from pipelines.reference.outlets import load_outlets

    load_outlets()


def extract_capture(archive: Archive, row: dict[str, Any]) -> Extracted:
    """One pending capture, extracted: in a worker, a pure function of row and payload."""
    from pipelines.clean.extract import extract
    from pipelines.clean.records import Capture, Skip

    status = row["http_status"]
    if status is not None and not 200 <= status < 300:
        return Extracted(None, skip_reason=f"http_status_{status}")
    if row["archive_path"] is None:
        return Extracted(None, skip_reason="revisit")
    result = extract(
        Capture(
            fetch_id=row["fetch_id"],
            source_id=row["source_id"],
            target_uri=row["url"],
            content_type=row["content_type"],
            charset=row["charset"],
            payload=archive.get(row["archive_path"]),
            fetched_at=row["fetched_at"],
            stated=_statement(row),
            is_fragment=row["kind"] == "feed_entry",
            learnt_lines=row.get("learnt_lines", frozenset()),
        )
    )
    if isinstance(result, Skip):
        detail = f": {result.detail}" if result.detail else ""
        return Extracted(None, skip_reason=result.reason + detail)
    return _rows(row, result)


def _statement(row: dict[str, Any]) -> Statement | None:
    """What a feed or sitemap said of the page; None where none did."""
    from pipelines.clean.records import Statement

    if row["entry_id"] is None:
        return None
    return Statement(
        title=row["stated_title"],
        summary=row["stated_summary"],
        authors=tuple(row["stated_authors"] or ()),
        published=row["stated_published"],
        published_text=row["stated_published_text"],
        modified=row["stated_modified"],
    )


def _rows(row: dict[str, Any], article: Article) -> Extracted:
    from pipelines.address import article_id
    from pipelines.clean.authors.publisher import host_of, publisher_of

    host, publisher = host_of(row["url"]), publisher_of(article, row["url"])
    published, modified = article.published, article.modified
    stated: dict[str, Any] = {
        "headline": article.headline,
        "byline": article.byline,
        "authors": list(article.authors),
        "agencies": list(article.agencies),
        "dateline": article.dateline,
        "dateline_place": article.dateline_place,
        "date_published": published.value if published else None,
        "date_published_precision": published.precision if published else None,
        "date_published_source": published.source if published else None,
        "date_modified": modified.value if modified else None,
        "in_language": article.in_language,
        "text_direction": article.text_direction,
        "article_section": article.article_section,
        "description": article.description,
        "article_body": article.article_body,
        "is_accessible_for_free": article.is_accessible_for_free,
        "publisher_id": publisher.source_id if publisher else None,
    }
    staged = {
        **{key: row[key] for key in ("fetch_id", "fetch_date", "fetched_at", "payload_sha256")},
        **stated,
        "reading_no": row.get("reading_no", 0),
        "article_id": article_id(
            row["url"], article.canonical_url, row["source_id"], row["payload_sha256"]
        ),
        "source_id": host.source_id if host else row["source_id"],
        "publisher_name": article.publisher_name,
        "site_name": article.site_name,
        "url": row["url"],
        "canonical_url": article.canonical_url,
        "word_count": sum(1 for _ in _WORD.finditer(article.article_body)),
        "body_sha256": text_sha256(article.article_body),
        "content_sha256": _content_hash(stated),
        "extractor": article.extractor,
    }
    blocks = [
        {
            "fetch_id": row["fetch_id"],
            "block_no": number,
            "role": block.role,
            "is_body": block.is_body,
            "start_char": block.start_char,
            "end_char": block.end_char,
            "block_text": block.text,
            "rule_id": block.rule_id,
            "confidence": block.confidence,
        }
        for number, block in enumerate(article.blocks)
    ]
    evidence = [
        {
            "fetch_id": row["fetch_id"],
            "evidence_no": number,
            "field": found.field,
            "value_text": found.value,
            "source": found.source,
            "detail": found.detail,
            "rule_id": found.rule_id,
            "is_chosen": found.is_chosen,
            "confidence": found.confidence,
        }
        for number, found in enumerate(article.evidence)
    ]
    outlets = [asdict(source) for source in (host, publisher) if source]
    sightings = sighting_rows(row, article.sightings, staged["article_id"])
    return Extracted(staged, blocks, evidence, outlets, sightings)


def _content_hash(stated: dict[str, Any]) -> str:
    """What versions are compared by.

    Columns that came later count where they say something, so that a warehouse of before keeps
    the versions that they change nothing in; the direction of the text follows from the text.
    """
    later = ("agencies", "dateline_place")
    first = [str(v) for key, v in stated.items() if key not in (*later, "text_direction")]
    return stable_id(*first, *(f"{key}={stated[key]}" for key in later if stated[key]))


def _stage(
    connection: DuckDBPyConnection,
    batch: list[Outcome[dict[str, Any], Extracted]],
    run_id: str,
    report: ExtractionReport,
) -> None:
    articles, blocks, evidence, sources, skips = [], [], [], [], []
    sightings: list[dict[str, Any]] = []
    for outcome in batch:
        row, extracted = outcome.item, outcome.result
        if extracted is None:
            report.failed += 1
            articles.append(_failed(row, outcome.error or "failed", run_id))
        elif extracted.article is None:
            reason = extracted.skip_reason or "unknown"
            report.skipped[reason.partition(":")[0]] += 1
            skips.append(_skipped(row, reason, run_id))
        else:
            report.staged += not row["is_rereading"]
            version = {"extractor_version": EXTRACTOR_VERSION, "run_id": run_id}
            articles.append(extracted.article | version)
            blocks.extend(extracted.blocks)
            evidence.extend(extracted.evidence)
            sources.extend(extracted.sources)
            sightings.extend(sighting | version for sighting in extracted.sightings)
    insert_rows(connection, "staging.articles", articles)
    insert_rows(connection, "staging.article_blocks", blocks)
    insert_rows(connection, "staging.article_evidence", evidence)
    insert_rows(connection, "ops.line_sightings", sightings)
    insert_rows(connection, "ops.extractions", skips)
    add_sources(connection, sources)


def _failed(row: dict[str, Any], error: str, run_id: str) -> dict[str, Any]:
    return {
        **{key: row[key] for key in ("fetch_id", "fetch_date", "fetched_at", "payload_sha256")},
        "source_id": row["source_id"],
        "url": row["url"],
        "extraction_error": error,
        "reading_no": row.get("reading_no", 0),
        "extractor_version": EXTRACTOR_VERSION,
        "run_id": run_id,
    }


def _skipped(row: dict[str, Any], reason: str, run_id: str) -> dict[str, Any]:
    return {
        **{key: row[key] for key in ("fetch_id", "fetch_date", "fetched_at", "payload_sha256")},
        "extractor_version": EXTRACTOR_VERSION,
        "outcome": "skipped",
        "outcome_reason": reason,
        "reading_no": row.get("reading_no", 0),
        "extracted_at": datetime.now(UTC),
        "run_id": run_id,
    }


def add_sources(connection: DuckDBPyConnection, sources: list[dict[str, Any]]) -> None:
    """Adds the outlets that are not in ``sources`` yet.

    Of two spellings of an observed name the first in the alphabet stays, whichever came first.
    """
    unique: dict[str, dict[str, Any]] = {}
    for source in sources:
        known = unique.setdefault(source["source_id"], source)
        if source["name"] < known["name"]:
            unique[source["source_id"]] = source
    there = {
        source_id: (name, origin)
        for source_id, name, origin in connection.execute(
            "SELECT source_id, name, origin FROM sources"
        ).fetchall()
    }
    insert_rows(connection, "sources", [s for s in unique.values() if s["source_id"] not in there])
    for source in unique.values():
        name, origin = there.get(source["source_id"], ("", ""))
        if origin == "observed" and source["name"] < name:
            connection.execute(
                "UPDATE sources SET name = ? WHERE source_id = ?",
                [source["name"], source["source_id"]],
            )
