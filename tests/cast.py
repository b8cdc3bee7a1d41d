"""A small warehouse of who is named where, made without reading a text, for tests of entities."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from unittest import mock

from pipelines.judgements import read_judgements
from pipelines.normalise import assign as assigning
from pipelines.normalise.clusters import Appearance
from pipelines.normalise.names import local_id
from pipelines.normalise.records import Annotation, Entity, Mention, Referent, Role
from pipelines.normalise.store import store
from pipelines.settings import Settings
from pipelines.warehouse.connection import transaction, writing
from pipelines.warehouse.publish import publish_file
from pipelines.warehouse.rows import insert_rows

SPRING = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Part:
    """Somebody or something in an article."""

    name: str
    kind: str = "person"
    known: str | None = None
    """Its id, where the catalogue knows it."""
    forms: tuple[str, ...] = ()
    """As printed; its name where there are none."""
    context: tuple[str, ...] = ()
    role: str | None = None
    candidates: tuple[str, ...] = ()
    """Where it is open between known ones."""


@dataclass(frozen=True)
class KnownThings:
    """Stands in for the catalogue."""

    entities: Mapping[str, Entity] = field(default_factory=dict)

    def entity(self, entity_id: str) -> Entity | None:
        return self.entities.get(entity_id)

    def get(self, entity_id: str) -> None:
        return None


def by_name(appearances: Sequence[Appearance], apart: object) -> dict[str, str]:
    """All local things of one name are one: what the real comparison does is not tested here."""
    return {a.referent_id: local_id(a.entity_type, a.name) for a in appearances}


def play(settings: Settings, articles: Mapping[str, Sequence[Part]]) -> None:
    """Adds articles to the warehouse, applies the ledger as a run does, and publishes.

    Called without articles it is a run with nothing new.
    """
    with writing(settings) as connection:
        (before,) = connection.execute("SELECT count(*) FROM article_versions").fetchone() or (0,)
        with transaction(connection):
            insert_rows(
                connection,
                "article_versions",
                [
                    _version(name, parts, before + n)
                    for n, (name, parts) in enumerate(articles.items())
                ],
            )
            annotations = [_annotation(name, parts) for name, parts in articles.items()]
            store(connection, annotations, recognizer_version="test", run_id="run")
            with mock.patch.object(assigning, "cluster", by_name):
                assigning.assign(
                    connection,
                    functools.partial(KnownThings, _known(connection, articles)),
                    read_judgements(settings.judgements_file),
                    run_id="run",
                )
        connection.execute("CHECKPOINT")
    publish_file(settings)


def _known(connection, articles: Mapping[str, Sequence[Part]]) -> dict[str, Entity]:
    stored = connection.execute(
        "SELECT base_id, entity_type, name FROM article_entities WHERE reason = 'name'"
    ).fetchall()
    return {any_id: _entity(any_id, kind, name) for any_id, kind, name in stored}


def _entity(any_id: str, kind: str, name: str) -> Entity:
    return Entity(any_id, kind, name, "catalogue", "NO", any_id if any_id[0] == "Q" else None)


def _body(parts: Sequence[Part]) -> str:
    return " ".join(f"{form} spoke." for part in parts for form in part.forms or (part.name,))


def _version(name: str, parts: Sequence[Part], number: int) -> dict[str, object]:
    at = SPRING + timedelta(days=number)
    return {
        "article_id": name,
        "version": 1,
        "source_id": "harbour",
        "headline": f"What was said on day {number}",
        "authors": [],
        "article_body": _body(parts),
        "word_count": 2,
        "content_sha256": name,
        "fetch_id": f"fetch-{name}",
        "fetch_date": at.date(),
        "extractor": "html",
        "extractor_version": "1+x",
        "change_kind": "first",
        "valid_from": at,
    }


def _annotation(name: str, parts: Sequence[Part]) -> Annotation:
    body, mentions, start = _body(parts), [], 0
    for part in parts:
        entity = _entity(part.known, part.kind, part.name) if part.known else None
        reason = "ambiguous" if part.candidates else "name" if entity else "local"
        referent = Referent(
            part.kind, part.name, reason, entity, part.candidates, tuple(sorted(part.context))
        )
        for form in part.forms or (part.name,):
            at = body.index(form, start)
            start = at + len(form)
            role = Role(part.role) if part.role else None
            mentions.append(
                Mention(part.kind, form, at, start, False, 0, 0.9, "test", referent, role)
            )
    return Annotation(name, 1, tuple(mentions))
