"""An article whose names are marked by hand, as a model would see them: no model is needed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from pipelines.normalise.catalogue import Catalogue
from pipelines.normalise.consistency import consistent
from pipelines.normalise.model import Reading
from pipelines.normalise.recognise import Passage, recognise
from pipelines.normalise.records import LOCAL, Referent
from pipelines.normalise.resolve import resolve
from pipelines.normalise.sentences import sentence_starts
from pipelines.normalise.spans import Span
from pipelines.reference.entities import KnownEntity, Office

from .conftest import known

SHORT = {"P": "person", "O": "organization", "L": "place", "N": "nationality", "E": "event"}
_MARK = re.compile(r"\[(?P<name>[^\[\]]+)\](?P<type>[POLNE])")


def reading(marked: str) -> tuple[str, Reading]:
    """The text without its marks ("[Ada Bell]P spoke"), and what a model sees in it."""
    text, spans, done = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[done : mark.start()]
        spans.append(
            Span(len(text), len(text) + len(mark["name"]), SHORT[mark["type"]], "spacy", 0.8)
        )
        text += mark["name"]
        done = mark.end()
    text += marked[done:]
    return text, Reading(tuple(spans), sentence_starts(text))


def passages_of(marked: str, catalogue: Catalogue) -> list[Passage]:
    """The article of one English text, its names found."""
    text, seen = reading(marked)
    found = recognise(text, catalogue, seen, english=True, in_headline=False)
    return consistent([found], catalogue)


def spans_of(marked: str, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Each span with its type, in order."""
    return [
        (passage.text[span.start : span.end], span.entity_type)
        for passage in passages_of(marked, catalogue)
        for span in passage.spans
    ]


def referents_of(
    marked: str, catalogue: Catalogue, day: date | None = None
) -> list[tuple[str, Referent]]:
    """Each span's text with what it names, in order."""
    passages = passages_of(marked, catalogue)
    return [
        (passage.text[span.start : span.end], by_span[span])
        for passage, by_span in zip(passages, resolve(passages, catalogue, day), strict=True)
        for span in passage.spans
    ]


def meant(marked: str, catalogue: Catalogue, day: date | None = None) -> list[tuple[str, str]]:
    """Each span's text with its known entity, ``local: NAME``, or why it stays open."""
    return [(name, shown(found)) for name, found in referents_of(marked, catalogue, day)]


def shown(referent: Referent) -> str:
    """The known entity's id, ``local: NAME`` or the reason why it stays open."""
    if referent.entity:
        return referent.entity.entity_id
    return f"local: {referent.name}" if referent.reason == LOCAL else referent.reason


def place(
    entity_id: str,
    name: str,
    kind: str,
    *aliases: str,
    within: tuple[str, ...] = (),
    weak: tuple[str, ...] = (),
    country: str | None = None,
) -> KnownEntity:
    """A known place."""
    row = known(entity_id, "place", name, *aliases, weak=weak, country=country)
    return replace(row, kind=kind, within=within)


def holder(
    entity_id: str, name: str, surname: str, *terms: tuple[str, str | None, str | None]
) -> KnownEntity:
    """A known person whose surname is a weak form, with terms: office, since, until."""
    offices = tuple(Office(office, office, "XX", since, until) for office, since, until in terms)
    return replace(known(entity_id, "person", name, weak=(surname,)), offices=offices)
