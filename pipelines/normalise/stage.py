"""Article versions that await recognition -> ``mentions``, ``article_entities``, ``entities``."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.compute import Compute, Outcome
from pipelines.judgements import read_judgements
from pipelines.normalise.annotate import annotate
from pipelines.normalise.assign import assign
from pipelines.normalise.catalogue import catalogue_at
from pipelines.normalise.model import Reading
from pipelines.normalise.read import ReadingReport, ReadText, read_texts
from pipelines.normalise.readings import open_readings
from pipelines.normalise.records import Annotation, Text
from pipelines.normalise.store import store
from pipelines.normalise.version import MODELS, model_version, recognizer_version
from pipelines.progress import track
from pipelines.reference.compiled import prepare
from pipelines.warehouse.connection import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.normalise.readings import Readings
    from pipelines.settings import Settings

BATCH = 250
"""Texts a transaction: what a crash may cost, and what is held in memory."""


class RecognitionError(RuntimeError):
    """Texts whose recognition failed: the message names each and why. The others are stored."""


@dataclass(slots=True)
class RecognitionReport:
    """What one pass over a day gave."""

    pending: int = 0
    mentions: int = 0
    reassigned: int = 0
    """Things named in articles, of any day, whose entity changed."""
    reading: ReadingReport = field(default_factory=ReadingReport)


def recognise_pending(
    connection: DuckDBPyConnection,
    compute: Compute,
    settings: Settings,
    *,
    day: date,
    run_id: str,
) -> RecognitionReport:
    """Annotates the day's article versions that this recognizer version has not read.

    First the models read the paragraphs that no text had before; then each text is annotated with
    the readings of its paragraphs, so that a text costs no model time where only rules or the
    catalogue changed. At the end what the texts name gets its entities, and so does what new
    judgements bear on.

    Raises RecognitionError at the end where a text failed: unlike a page, an accepted article has
    no excuse for failing, so the run stops before the publish.
    """
    version = recognizer_version(settings)
    folder = prepare(settings)
    report = RecognitionReport(pending=_set_aside(connection, day, version))
    path = settings.home / "work" / "readings.duckdb"
    with open_readings(path, datetime.now(UTC).date()) as readings:
        texts = _pending(connection, report.pending)
        outcomes = track(
            _annotations(compute, readings, folder, texts, report),
            f"recognise {day}",
            report.pending,
        )
        failures = []
        while batch := list(islice(outcomes, BATCH)):
            failures += [
                f"{o.item.article_id} version {o.item.version}: {o.error}" for o in batch if o.error
            ]
            annotations = [outcome.result for outcome in batch if outcome.result is not None]
            with transaction(connection):
                store(connection, annotations, recognizer_version=version, run_id=run_id)
            report.mentions += sum(len(annotation.mentions) for annotation in annotations)
        if report.pending:
            readings.drop_unused({language: model_version(language) for language in MODELS})
    with transaction(connection):
        report.reassigned = assign(
            connection,
            functools.partial(catalogue_at, folder),
            read_judgements(settings.judgements_file),
            run_id=run_id,
        )
    if failures:
        raise RecognitionError("recognition failed: " + "; ".join(sorted(failures)))
    return report


def _set_aside(connection: DuckDBPyConnection, day: date, version: str) -> int:
    """The day's pending texts into a temporary table: bodies of a whole day need not fit memory."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE pending_texts AS "
        + project.sql_text("load/pending_texts.sql"),
        {"day": day, "recognizer_version": version},
    )
    count = connection.execute("SELECT count(*) FROM pending_texts").fetchone()
    return int(count[0]) if count else 0


def _pending(connection: DuckDBPyConnection, count: int) -> Iterator[list[Text]]:
    """The texts that were set aside, ``BATCH`` at a time."""
    for first in range(0, count, BATCH):
        rows = connection.execute(
            "SELECT * FROM pending_texts WHERE rowid >= ? AND rowid < ? ORDER BY rowid",
            [first, first + BATCH],
        ).fetchall()
        yield [Text(*row) for row in rows]
    connection.execute("DROP TABLE pending_texts")


def _annotations(
    compute: Compute,
    readings: Readings,
    folder: str | None,
    batches: Iterable[list[Text]],
    report: RecognitionReport,
) -> Iterator[Outcome[Text, Annotation]]:
    """What each text gave, batch after batch."""
    task = functools.partial(_annotated, folder)
    warm_up = functools.partial(_warm_up, folder)
    for texts in batches:
        read = read_texts(compute, readings, texts, report.reading)
        for failed in (one for one in read if one.error):
            yield Outcome(failed.text, None, failed.error)
        for outcome in compute.run(task, (one for one in read if not one.error), warm_up):
            yield Outcome(outcome.item.text, outcome.result, outcome.error)


def _annotated(folder: str | None, read: ReadText) -> Annotation:
    return annotate(read.text, catalogue_at(folder), read.readings())


@functools.cache
def _warm_up(folder: str | None) -> None:
    """Loads catalogue and rules once a worker, outside the time of its first text; no model."""
    sentence = "The first word."
    known = {sentence: Reading((), (0,))}
    annotate(Text("", 0, None, sentence, "en"), catalogue_at(folder), known)
