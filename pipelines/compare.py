"""Captures read again by the code at hand, beside what is stored of them. Nothing is written."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.clean.extract import EXTRACTOR_VERSION
from pipelines.clean.learning import carrier
from pipelines.clean.learnt_chrome import learnt_name
from pipelines.clean.stage import Extracted, extract_capture, warm_up
from pipelines.comparison import Change, Comparison
from pipelines.differences import BodyChange, ValueChange, body_change, value_changes
from pipelines.progress import track
from pipelines.quality.decisions import decisions
from pipelines.quality.quarantine import find_held, without_released
from pipelines.quality.suites import suites_of
from pipelines.warehouse.query import SnapshotError, snapshot
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import SchemaError, apply_schema, declared_tables

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.archive import Archive
    from pipelines.compute import Compute, Outcome

Record = dict[str, Any]

BATCH = 100
"""Captures whose stored bodies, and whose new rows, are in memory at a time."""
NEVER_READ = ""
"""An extractor version that has read nothing: all that a new one would read is pending."""


class NothingToCompareError(LookupError):
    """No capture is meant by what was asked for; the message says what there is."""


@contextmanager
def stored(published: Path) -> Iterator[DuckDBPyConnection]:
    """The snapshot as this code's schema declares it.

    One that another version of the code published lacks tables or columns; then a copy of it is
    brought up to date in a temporary folder, and the snapshot is left as it is. Raises
    SnapshotError.
    """
    with snapshot(published) as connection:
        if _is_as_declared(connection):
            yield connection
            return
    import duckdb

    with tempfile.TemporaryDirectory(prefix="newsledger-") as folder:
        copy = Path(folder) / published.name
        shutil.copyfile(published, copy)
        try:
            with duckdb.connect(str(copy)) as connection:
                connection.execute("SET TimeZone = 'UTC'")
                apply_schema(connection)
                yield connection
        except SchemaError as error:
            raise SnapshotError(f"{published}: {error}") from error


def _is_as_declared(connection: DuckDBPyConnection) -> bool:
    rows = connection.execute("SELECT schema_name, table_name, column_name FROM duckdb_columns()")
    there = {(t if s == "main" else f"{s}.{t}", c) for s, t, c in rows.fetchall()}
    return all(
        (table, column.name) in there
        for table, columns in declared_tables().items()
        for column in columns
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a worker gives back for one capture."""

    extracted: Extracted
    values: list[ValueChange]
    body: BodyChange | None


def compare(
    connection: DuckDBPyConnection,
    archive: Archive,
    compute: Compute,
    days: Iterable[date],
    *,
    source: str | None = None,
    sample: int | None = None,
    limit: int = 10,
) -> Comparison:
    """Extracts again what a new extractor version would, and says what differs. Writes nothing.

    Those are the captures of the days that were held or skipped, and the latest of each article.

    Args:
        connection: the snapshot, or the working file, read-only.
        archive: where the payloads are.
        compute: where they are read, each within its bound on time.
        days: partitions.
        source: captures of this source only.
        sample: at most so many captures a day, the same ones each time.
        limit: changes kept whole, the largest.

    Raises duckdb.Error where the snapshot lacks a table.

    """
    found = Comparison(list(days), EXTRACTOR_VERSION)
    with _rules(connection) as rules:
        for day in found.days:
            for outcome, held in _outcomes(
                connection, rules, archive, compute, _Wanted(day, source, sample)
            ):
                found.add(*_change(outcome, held), limit)
    found.keep_largest(limit)
    return found


def days_to_compare(
    connection: DuckDBPyConnection,
    first: date | None = None,
    last: date | None = None,
    source: str | None = None,
) -> list[date]:
    """The days with captures, ``first`` to ``last``; without both, the latest day with articles.

    Raises NothingToCompareError for a source without any captures, and where no day has some.
    """
    rows = connection.execute(
        """
        SELECT f.fetch_date, count(v.fetch_id) AS articles
        FROM raw.fetches AS f
        LEFT JOIN article_versions AS v ON f.fetch_id = v.fetch_id
        WHERE f.outcome = 'captured' AND ($source IS NULL OR f.source_id = $source)
        GROUP BY f.fetch_date
        ORDER BY f.fetch_date
        """,
        {"source": source},
    ).fetchall()
    of_source = f" of source {source!r}" if source else ""
    if not rows:
        raise NothingToCompareError(
            f"the warehouse has no captures{of_source}; newsledger sources lists the sources"
        )
    if first is None and last is None:
        return [max(day for day, articles in rows if articles or not any(n for _, n in rows))]
    begin, end = first or rows[0][0], last or rows[-1][0]
    days = [day for day, _ in rows if begin <= day <= end]
    if not days:
        raise NothingToCompareError(
            f"no captures{of_source} from {begin} to {end}; there are some of"
            f" {len(rows)} days, {rows[0][0]} to {rows[-1][0]}"
        )
    return days


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which captures of a day."""

    day: date
    source: str | None
    sample: int | None

    def query(self, what: str) -> tuple[str, Record]:
        """SQL over the captures that a version which has read nothing yet would read.

        A fetch_id is a hash, so its order is as good as chance, and the same each time.
        """
        pending = project.sql_text("load/pending_captures.sql").rstrip().removesuffix(";")
        sql = (
            f"SELECT {what} FROM (SELECT * FROM ({pending})"  # noqa: S608  # our own file
            " WHERE $source IS NULL OR source_id = $source ORDER BY fetch_id LIMIT $sample)"
        )
        return sql, {
            "day": self.day,
            "extractor_version": NEVER_READ,
            "source": self.source,
            "sample": self.sample,
        }


def _outcomes(
    connection: DuckDBPyConnection,
    rules: DuckDBPyConnection,
    archive: Archive,
    compute: Compute,
    wanted: _Wanted,
) -> Iterator[tuple[Outcome[Record, _Reading], str | None]]:
    """Each capture as read again, and the rules that would hold it, as they finish."""
    (total,) = connection.execute(*wanted.query("count(*)")).fetchall()[0]
    outcomes = track(
        compute.run(partial(_read, archive), _items(connection, wanted), warm_up),
        f"compare {wanted.day}",
        total,
    )
    while batch := list(itertools.islice(outcomes, BATCH)):
        held = _held(rules, batch, wanted.day)
        for outcome in batch:
            yield outcome, held.get(outcome.item["row"]["fetch_id"])


def _items(connection: DuckDBPyConnection, wanted: _Wanted) -> Iterator[Record]:
    """Captures with what is stored of them: ``row``, ``stored``. A batch in memory at a time."""
    captures, stored = connection.cursor(), connection.cursor()
    learnt = _learnt_lines(connection)
    captures.execute(*wanted.query("*"))
    names = [column[0] for column in captures.description]
    while rows := captures.fetchmany(BATCH):
        batch = [_in_utc(dict(zip(names, row, strict=True))) for row in rows]
        known = stored.execute(
            project.sql_text("load/compare_stored.sql"),
            {"fetch_ids": [row["fetch_id"] for row in batch]},
        )
        columns = [column[0] for column in known.description]
        by_id = {row[0]: dict(zip(columns, row, strict=True)) for row in known.fetchall()}
        for row in batch:
            row["learnt_lines"] = learnt.get(carrier(row), frozenset())
            yield {"row": row, "stored": by_id.get(row["fetch_id"])}


def _learnt_lines(connection: DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """Lines learnt by whichever extractor version: a new one will have learnt them by its end."""
    rows = connection.execute(
        "SELECT DISTINCT source_id, side, line_key FROM ops.learnt_lines"
    ).fetchall()
    names = defaultdict(set)
    for source_id, side, key in rows:
        names[source_id].add(learnt_name(side, key))
    return {source_id: frozenset(found) for source_id, found in names.items()}


def _in_utc(row: Record) -> Record:
    """Times as a run reads them: a cursor of its own has the machine's time zone."""
    return {k: v.astimezone(UTC) if isinstance(v, datetime) else v for k, v in row.items()}


def _read(archive: Archive, item: Record) -> _Reading:
    """In a worker: the capture as the code at hand reads it, compared with what is stored."""
    extracted, stored = extract_capture(archive, item["row"]), item["stored"]
    if extracted.article is None or stored is None or stored["article_id"] is None:
        return _Reading(extracted, [], None)
    article = extracted.article
    return _Reading(
        extracted,
        value_changes(stored, article),
        body_change(stored["article_body"], article["article_body"]),
    )


@contextmanager
def _rules(stored: DuckDBPyConnection) -> Iterator[DuckDBPyConnection]:
    """A warehouse in memory, in which the row rules judge what was read, but for released rows."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        apply_schema(connection)
        insert_rows(connection, "ops.row_decisions", [d.record for d in decisions(stored)])
        yield connection


def _held(
    rules: DuckDBPyConnection, batch: list[Outcome[Record, _Reading]], day: date
) -> dict[str, str]:
    """The captures that validation would hold, each with the rules that it breaks."""
    articles, blocks = [], []
    for outcome in batch:
        row, reading = outcome.item["row"], outcome.result
        version = {"extractor_version": EXTRACTOR_VERSION}
        if reading is None:
            kept = {key: row[key] for key in ("fetch_id", "fetch_date", "fetched_at", "source_id")}
            articles.append({**kept, **version, "extraction_error": outcome.error or "failed"})
        elif reading.extracted.article is not None:
            articles.append(reading.extracted.article | version)
            blocks.extend(reading.extracted.blocks)
    insert_rows(rules, "staging.articles", articles)
    insert_rows(rules, "staging.article_blocks", blocks)
    find_held(rules, without_released(rules, suites_of("extracted_articles")), day)
    rows = rules.execute(
        "SELECT row_key, string_agg(reason, ', ' ORDER BY reason) FROM held GROUP BY row_key"
    ).fetchall()
    rules.execute("DELETE FROM staging.articles; DELETE FROM staging.article_blocks")
    return dict(rows)


def _change(
    outcome: Outcome[Record, _Reading], held: str | None
) -> tuple[Change | None, str | None]:
    """What differs, None where nothing does; and who wrote what it was compared with."""
    row, stored, reading = outcome.item["row"], outcome.item["stored"], outcome.result
    article = reading.extracted.article if reading else None
    was_article = stored is not None and stored["article_id"] is not None
    before = _fate(stored["fate"], stored["fate_reason"]) if stored else "pending"
    if held is not None:
        after = _fate("quarantined", f"{held}: {outcome.error}" if outcome.error else held)
    elif article is None:
        after = _fate("skipped", reading.extracted.skip_reason if reading else outcome.error)
    else:
        after = "kept"
    same_content = (
        was_article
        and article is not None
        and stored["article_id"] == article["article_id"]
        and stored["content_sha256"] == article["content_sha256"]
    )
    values, body = (reading.values, reading.body) if reading else ([], None)
    writes = after == "kept" and not same_content
    by = stored["extractor_version"] if was_article else None
    if before == after and not values and body is None and not writes:
        return None, by
    known: Record = (stored if was_article else article) or {}
    return (
        Change(
            fetch_id=row["fetch_id"],
            article_id=known.get("article_id"),
            place=row["url"] or row["location"],
            headline=known.get("headline"),
            before=before,
            after=after,
            values=values,
            body=body,
            writes_version=writes,
        ),
        by,
    )


def _fate(fate: str, reason: str | None) -> str:
    return f"{fate}: {reason}" if reason else fate
