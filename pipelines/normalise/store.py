"""Annotated texts into ``mentions`` and ``article_entities``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.ids import stable_id
from pipelines.normalise.clusters import blocks
from pipelines.normalise.names import entity_key
from pipelines.normalise.records import LOCAL, Annotation, Mention, Referent
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def store(
    connection: DuckDBPyConnection,
    annotations: Sequence[Annotation],
    *,
    recognizer_version: str,
    run_id: str,
) -> None:
    """Replaces what was stored of these texts. Within the caller's transaction.

    Local referents have no entity afterwards: ``pipelines.normalise.assign`` gives it to them.
    """
    connection.execute("SET VARIABLE run_id = ?", [run_id])
    connection.execute("SET VARIABLE recognizer_version = ?", [recognizer_version])
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE read_texts (
            article_id VARCHAR, version INTEGER, mention_count INTEGER);
        CREATE OR REPLACE TEMP TABLE found_mentions AS SELECT * FROM mentions LIMIT 0;
        CREATE OR REPLACE TEMP TABLE found_things AS SELECT * FROM article_entities LIMIT 0;
        CREATE OR REPLACE TEMP TABLE found_blocks AS SELECT * FROM ops.name_blocks LIMIT 0;
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
    version = {"recognizer_version": recognizer_version}
    insert_rows(
        connection, "found_mentions", [r | version for a in annotations for r in _mention_rows(a)]
    )
    insert_rows(
        connection, "found_things", [r | version for a in annotations for r in _thing_rows(a)]
    )
    connection.execute(project.sql_text("load/mentions.sql"))
    _store_blocks(connection, annotations)


def referent_id(article_id: str, referent: Referent) -> str:
    """The id of one thing in one article: the same in each of its versions."""
    entity = referent.entity.entity_id if referent.entity else None
    open_as = "" if entity or referent.reason == LOCAL else referent.reason
    key = entity_key(referent.entity_type, referent.name) or referent.name
    return stable_id(article_id, referent.entity_type, entity or key, open_as, *referent.candidates)


def _mention_rows(annotation: Annotation) -> Iterator[dict[str, Any]]:
    for mention in annotation.mentions:
        role = mention.role
        yield {
            "mention_id": stable_id(
                annotation.article_id,
                annotation.version,
                int(mention.in_headline),
                mention.start_char,
                mention.end_char,
            ),
            "article_id": annotation.article_id,
            "version": annotation.version,
            "referent_id": referent_id(annotation.article_id, mention.referent),
            "mention_type": mention.mention_type,
            "exact": mention.exact,
            "prefix": mention.prefix,
            "suffix": mention.suffix,
            "start_char": mention.start_char,
            "end_char": mention.end_char,
            "sentence_no": mention.sentence_no,
            "in_headline": mention.in_headline,
            "confidence": mention.confidence,
            "recognizer": mention.recognizer,
            "role_text": role.text if role else None,
            "role_office": role.office if role else None,
            "role_country": role.country if role else None,
            "role_is_former": role.former if role else None,
        }


def _thing_rows(annotation: Annotation) -> Iterator[dict[str, Any]]:
    found: dict[Referent, list[Mention]] = {}
    for mention in annotation.mentions:
        found.setdefault(mention.referent, []).append(mention)
    for referent, mentions in found.items():
        yield {
            "article_id": annotation.article_id,
            "version": annotation.version,
            "referent_id": referent_id(annotation.article_id, referent),
            "base_id": referent.entity.entity_id if referent.entity else None,
            "entity_type": referent.entity_type,
            "name": referent.name,
            "name_key": entity_key(referent.entity_type, referent.name) or referent.name,
            "reason": referent.reason,
            "candidates": list(referent.candidates),
            "context": list(referent.context),
            "mention_count": len(mentions),
            "in_headline": any(mention.in_headline for mention in mentions),
        }


def _store_blocks(connection: DuckDBPyConnection, annotations: Sequence[Annotation]) -> None:
    local = {
        (m.referent.entity_type, m.referent.name, m.referent.context)
        for a in annotations
        for m in a.mentions
        if m.referent.reason == LOCAL
    }
    rows = {
        (entity_type, entity_key(entity_type, name), block)
        for entity_type, name, context in local
        for block in blocks(entity_type, name, context)
    }
    columns = ("entity_type", "name_key", "block")
    insert_rows(
        connection, "found_blocks", [dict(zip(columns, row, strict=True)) for row in sorted(rows)]
    )
    connection.execute(
        "INSERT INTO ops.name_blocks SELECT * FROM found_blocks"
        " EXCEPT SELECT * FROM ops.name_blocks"
    )
