"""Article versions that await recognition -> ``mentions``, ``article_entities``, ``entities``."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.compute import Compute, Outcome
from pipelines.judgements import read_judgements
from pipelines.normalise.annotate import annotate
from pipelines.normalise.assign import assign
from pipelines.normalise.catalogue import catalogue_at
from pipelines.normalise.records import Annotation, Text
from pipelines.normalise.store import store
from pipelines.normalise.version import recognizer_version
from pipelines.progress import track
from pipelines.reference.compiled import prepare
from pipelines.warehouse.connection import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.settings import Settings

BATCH = 500
"""Texts a transaction: what a crash may cost."""


class RecognitionError(RuntimeError):
    """Texts whose recognition failed: the message names each and why. The others are stored."""


@dataclass(slots=True)
class RecognitionReport:
    """What one pass over a day gave."""

    pending: int = 0
    mentions: int = 0
    reassigned: int = 0
    """Things named in articles, of any day, whose entity changed."""


def recognise_pending(
    connection: DuckDBPyConnection,
    compute: Compute,
    settings: Settings,
    *,
    day: date,
    run_id: str,
) -> RecognitionReport:
    """Annotates the day's article versions that this recognizer version has not read.

    Then gives entities to what they name, and to what new judgements bear on.

    Raises RecognitionError at the end where a text failed: unlike a page, an accepted article has
    no excuse for failing, so the run stops before the publish.
    """
    version = recognizer_version(settings)
    folder = prepare(settings)
    rows = connection.execute(
        project.sql_text("load/pending_texts.sql"), {"day": day, "recognizer_version": version}
    ).fetchall()
    texts = [Text(*row) for row in rows]
    report = RecognitionReport(pending=len(texts))
    outcomes: Iterator[Outcome[Text, Annotation]] = track(
        compute.run(
            functools.partial(_annotated, folder), texts, functools.partial(_warm_up, folder)
        ),
        f"recognise {day}",
        len(texts),
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
    with transaction(connection):
        report.reassigned = assign(
            connection,
            catalogue_at(folder),
            read_judgements(settings.judgements_file),
            run_id=run_id,
        )
    if failures:
        raise RecognitionError("recognition failed: " + "; ".join(sorted(failures)))
    return report


def _annotated(folder: str | None, text: Text) -> Annotation:
    return annotate(text, catalogue_at(folder))


@functools.cache
def _warm_up(folder: str | None) -> None:
    """Loads model and catalogue once a worker, outside the time of its first text."""
    annotate(Text("", 0, None, "The first word.", "en"), catalogue_at(folder))
