"""The known names as an index: which of them stand in a text, and what a name alone means."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.normalise.forms import index_forms, occurrences
from pipelines.normalise.names import entity_key, same_length_fold
from pipelines.normalise.records import Entity
from pipelines.reference.entities import KnownEntity, load_entities

# A shorter name in capitals is more often an acronym of something else.
SHORTEST_CAPITALISED = 4
# One letter or sign names too many things, in every script, to be sure of one.
SHORTEST_STRONG = 2


@dataclass(frozen=True, slots=True)
class Match:
    """One place of a text where known names stand."""

    start: int
    end: int
    strong: tuple[KnownEntity, ...]
    """Entities that the string alone means, by ``entity_id``; several where it is ambiguous."""
    weak: tuple[KnownEntity, ...]
    """Entities that it may mean where the text around supports it."""


@dataclass(slots=True)
class _Form:
    strong: dict[str, KnownEntity]
    weak: dict[str, KnownEntity]


class Catalogue:
    """Known entities, indexed by printed form and by normalised name."""

    def __init__(self, entities: Iterable[KnownEntity]) -> None:
        """Index the names and aliases of ``entities``; their order does not matter."""
        self._forms: dict[str, _Form] = {}
        self._by_key: dict[tuple[str, str], dict[str, KnownEntity]] = defaultdict(dict)
        self._entities = {entity.entity_id: entity for entity in entities}
        for entity in self._entities.values():
            self._add(entity)
        self._add_capitals()
        self._index = index_forms(self._searched())

    def get(self, entity_id: str) -> KnownEntity | None:
        """The known entity with this id."""
        return self._entities.get(entity_id)

    def entity(self, entity_id: str) -> Entity | None:
        """What is known under this id before any article is read, as mentions carry it."""
        known = self.get(entity_id)
        return as_entity(known) if known else None

    def find(self, text: str) -> list[Match]:
        """All known names in ``text``: longest first at each place, left to right, no overlaps.

        Case counts; apostrophes, hyphens and spaces do not. Offsets are code points of ``text``.
        """
        folded = same_length_fold(text)
        return [
            self._match(start, end, folded[start:end])
            for start, end in occurrences(folded, self._index)
        ]

    def form(self, exact: str) -> Match | None:
        """What a printed string means by itself, or None where no name is printed so."""
        folded = same_length_fold(exact)
        if folded not in self._forms:
            return None
        return self._match(0, len(exact), folded)

    def named(self, entity_type: str, name: str) -> tuple[KnownEntity, ...]:
        """Entities of a type with this name or strong alias, spelled with other case or marks.

        Only for names of two words and more: folding makes ``us`` of ``US``.
        """
        key = entity_key(entity_type, name)
        if " " not in key:
            return ()
        return _sorted(self._by_key.get((entity_type, key), {}).values())

    def _add(self, entity: KnownEntity) -> None:
        weak = set(entity.weak_aliases)
        strong = [form for form in (entity.name, *entity.aliases) if form not in weak]
        for form in strong:
            self._form(form).strong[entity.entity_id] = entity
            key = entity_key(entity.entity_type, form)
            self._by_key[entity.entity_type, key][entity.entity_id] = entity
        for form in weak:
            self._form(form).weak[entity.entity_id] = entity

    def _form(self, form: str) -> _Form:
        return self._forms.setdefault(same_length_fold(form), _Form({}, {}))

    def _add_capitals(self) -> None:
        """Datelines and some headlines print names in capitals."""
        for form, known in list(self._forms.items()):
            capitals = form.upper()
            if capitals == form or len(form) < SHORTEST_CAPITALISED or len(capitals) != len(form):
                continue
            target = self._forms.setdefault(capitals, _Form({}, {}))
            if not target.strong:
                target.strong.update(known.strong)
            target.weak.update(known.weak)

    def _searched(self) -> Iterator[str]:
        for form, known in self._forms.items():
            if len(form) >= SHORTEST_STRONG or not known.strong:
                yield form

    def _match(self, start: int, end: int, form: str) -> Match:
        known = self._forms[form]
        weak = {key: entity for key, entity in known.weak.items() if key not in known.strong}
        return Match(start, end, _sorted(known.strong.values()), _sorted(weak.values()))


def _sorted(entities: Iterable[KnownEntity]) -> tuple[KnownEntity, ...]:
    return tuple(sorted(entities, key=lambda entity: entity.entity_id))


def as_entity(known: KnownEntity) -> Entity:
    """A row of the catalogue as mentions carry it."""
    return Entity(
        entity_id=known.entity_id,
        entity_type=known.entity_type,
        name=known.name,
        origin="catalogue",
        country=known.country,
        wikidata_id=known.wikidata_id,
    )


@functools.cache
def default_catalogue() -> Catalogue:
    """The catalogue that ships with the package, read once a process."""
    return Catalogue(load_entities())


@functools.cache
def catalogue_at(folder: str | None) -> Catalogue:
    """The catalogue in force, opened once a process; ``folder``: see ``compiled.prepare``."""
    del folder
    return default_catalogue()


def types_of(match: Match) -> Iterator[str]:
    """The types of what a string alone means, each once, in order."""
    yield from dict.fromkeys(entity.entity_type for entity in match.strong)
