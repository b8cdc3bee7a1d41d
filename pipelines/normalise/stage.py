"""Article versions that await recognition -> ``mentions`` and ``entities``."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.compute import Compute, Outcome
from pipelines.ids import stable_id
from pipelines.normalise.annotate import RECOGNIZER_VERSION, annotate, warm_up
from pipelines.normalise.records import Annotation, Entity, Text
from pipelines.progress import track
from pipelines.reference.entities import load_entities
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 500
"""Texts a transaction: what a crash may cost. Entities are recomputed once a batch."""


class RecognitionError(RuntimeError):
    """Texts whose recognition failed: the message names each and why. The others are stored."""


@dataclass(slots=True)
class RecognitionReport:
    """What one pass over a day gave."""

    pending: int = 0
    mentions: int = 0
    linked: int = 0


def recognise_pending(
    connection: DuckDBPyConnection, compute: Compute, *, day: date, run_id: str
) -> RecognitionReport:
    """Annotates the day's article versions that this recognizer version has not read.

    Raises RecognitionError at the end where a text failed: unlike a page, an accepted article has
    no excuse for failing, so the run stops before the publish.
    """
    parameters = {"day": day, "recognizer_version": RECOGNIZER_VERSION}
    rows = connection.execute(project.sql_text("load/pending_texts.sql"), parameters).fetchall()
    texts = [Text(*row) for row in rows]
    report = RecognitionReport(pending=len(texts))
    outcomes: Iterator[Outcome[Text, Annotation]] = track(
        compute.run(annotate, texts, _warm_up), f"recognise {day}", len(texts)
    )
    failures = []
    while batch := list(islice(outcomes, BATCH)):
        failures += [
            f"{o.item.article_id} version {o.item.version}: {o.error}" for o in batch if o.error
        ]
        annotations = [outcome.result for outcome in batch if outcome.result is not None]
        with transaction(connection):
            _store(connection, annotations, run_id)
        mentions = [mention for annotation in annotations for mention in annotation.mentions]
        report.mentions += len(mentions)
        report.linked += sum(1 for mention in mentions if mention.entity)
    if failures:
        raise RecognitionError("recognition failed: " + "; ".join(sorted(failures)))
    return report


@functools.cache
def _warm_up() -> None:
    """Loads model and catalogue once a worker, outside the time of its first text."""
    warm_up()


def _store(connection: DuckDBPyConnection, annotations: list[Annotation], run_id: str) -> None:
    entities: dict[str, Entity] = {}
    for annotation in annotations:
        for mention in annotation.mentions:
            if mention.entity:
                entities[mention.entity.entity_id] = mention.entity
    connection.execute("SET VARIABLE run_id = ?", [run_id])
    connection.execute("SET VARIABLE recognizer_version = ?", [RECOGNIZER_VERSION])
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE read_texts (
            article_id VARCHAR, version INTEGER, mention_count INTEGER);
        CREATE OR REPLACE TEMP TABLE found AS SELECT * EXCLUDE (run_id) FROM mentions LIMIT 0;
        CREATE OR REPLACE TEMP TABLE resolved AS
            SELECT * EXCLUDE (first_seen, last_seen) FROM entities LIMIT 0;
        CREATE OR REPLACE TEMP TABLE known_names AS
            SELECT * EXCLUDE (origin) FROM entity_names LIMIT 0;
        """
    )
    insert_rows(
        connection,
        "read_texts",
        [
            {"article_id": a.article_id, "version": a.version, "mention_count": len(a.mentions)}
            for a in annotations
        ],
    )
    insert_rows(connection, "found", [row for a in annotations for row in _mention_rows(a)])
    insert_rows(connection, "resolved", [asdict(entity) for entity in entities.values()])
    insert_rows(connection, "known_names", _known_names(entities))
    connection.execute(project.sql_text("load/mentions.sql"))


def _mention_rows(annotation: Annotation) -> Iterator[dict[str, Any]]:
    for mention in annotation.mentions:
        row = asdict(mention)
        entity = row.pop("entity")
        yield row | {
            "mention_id": stable_id(
                annotation.article_id,
                annotation.version,
                int(mention.in_headline),
                mention.start_char,
                mention.end_char,
            ),
            "article_id": annotation.article_id,
            "version": annotation.version,
            "entity_id": entity["entity_id"] if entity else None,
            "recognizer_version": RECOGNIZER_VERSION,
        }


def _known_names(entities: dict[str, Entity]) -> list[dict[str, Any]]:
    """The catalogue's names of the entities that are in it."""
    rows = []
    for known in load_entities():
        if known.entity_id not in entities:
            continue
        kinds = dict.fromkeys(known.weak_aliases, "weak_alias")
        kinds |= dict.fromkeys(known.aliases, "alias")
        kinds[known.name] = "name"
        rows += [
            {"entity_id": known.entity_id, "name": name, "name_kind": kind}
            for name, kind in kinds.items()
        ]
    return rows
