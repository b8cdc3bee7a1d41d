"""The known names as an index: which of them stand in a text, and what a name alone means."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.normalise.catalogue_index import (
    BITS,
    CAPITALS,
    STRONG,
    Index,
    IndexBuilder,
    name_key,
    open_index,
)
from pipelines.normalise.forms import places, small_first_words
from pipelines.normalise.names import entity_key, fold_name, same_length_fold
from pipelines.normalise.records import Entity
from pipelines.reference.entities import KnownEntity, load_entities
from pipelines.reference.ministries import ministry_entity
from pipelines.reference.store import StoredEntities

# One letter or sign names too many things, in every script, to be sure of one.
SHORTEST_STRONG = 2

REMEMBERED = 20_000
"""Forms and entities that a process keeps at hand: news repeats names, and 20 MB are enough."""

RULE = "rule"
"""The provenance, and the origin in a mention, of what a rule of naming makes."""

SEARCHED_WORDS = 200
"""Words that a search's unfinished last word may become."""
SEARCHED_ENTITIES = 2_000
"""Entities that a search ranks: it answers at once even for the commonest first name."""


@dataclass(frozen=True, slots=True)
class Match:
    """One place of a text where known names stand."""

    start: int
    end: int
    strong: tuple[KnownEntity, ...]
    """Entities that the string alone means, by ``entity_id``; several where it is ambiguous."""
    weak: tuple[KnownEntity, ...]
    """Entities that it may mean where the text around supports it."""


class Catalogue:
    """Known entities, indexed by printed form and by normalised name.

    In memory, or opened from the files of a compiled one: then processes share what they read.
    """

    def __init__(self, entities: Iterable[KnownEntity]) -> None:
        """Index the names and aliases of ``entities``; their order does not matter."""
        by_id = {entity.entity_id: entity for entity in entities}
        ordered = [by_id[key] for key in sorted(by_id)]
        builder = IndexBuilder()
        for number, entity in enumerate(ordered):
            builder.add(number, entity)
        self._set(ordered, builder.build())

    @classmethod
    def open(cls, folder: Path) -> Catalogue:
        """The catalogue that ``compiled.prepare`` wrote. Raises OSError where there is none."""
        catalogue = cls.__new__(cls)
        catalogue._set(StoredEntities(folder), open_index(folder))
        return catalogue

    def _set(self, entities: Sequence[KnownEntity], index: Index) -> None:
        self._index = index
        self._entity = functools.lru_cache(REMEMBERED)(entities.__getitem__)
        self._meaning = functools.lru_cache(REMEMBERED)(self._read_meaning)
        self._size = len(entities)
        self._small = small_first_words(index.forms)

    def __len__(self) -> int:
        return self._size

    def get(self, entity_id: str) -> KnownEntity | None:
        """The known entity with this id."""
        found = self._index.ids.get(entity_id)
        return self._entity(found[0]) if found else None

    def entity(self, entity_id: str) -> Entity | None:
        """What is known under this id before any article is read, as mentions carry it.

        A body that only the rule of ministries names is known too.
        """
        known = self.get(entity_id) or ministry_entity(entity_id)
        return as_entity(known) if known else None

    def find(self, text: str) -> list[Match]:
        """All known names in ``text``: longest first at each place, left to right, no overlaps.

        Case counts; apostrophes, hyphens and spaces do not. Offsets are code points of ``text``.
        """
        folded = same_length_fold(text)
        matches = []
        for start, end in places(folded, self._index.forms, self._small):
            strong, weak = self._meaning(folded[start:end])
            if end - start >= SHORTEST_STRONG or not strong:
                matches.append(Match(start, end, strong, weak))
        return matches

    def form(self, exact: str) -> Match | None:
        """What a printed string means by itself, or None where no name is printed so."""
        strong, weak = self._meaning(same_length_fold(exact))
        return Match(0, len(exact), strong, weak) if strong or weak else None

    def named(self, entity_type: str, name: str) -> tuple[KnownEntity, ...]:
        """Entities of a type with this name or strong alias, spelled with other case or marks.

        Only for names of two words and more: folding makes ``us`` of ``US``.
        """
        key = entity_key(entity_type, name)
        if " " not in key:
            return ()
        return tuple(map(self._entity, self._index.names.get(name_key(entity_type, key))))

    def search(self, text: str, limit: int = 20) -> list[KnownEntity]:
        """Entities with a form that has all words of ``text``; the last may be unfinished.

        Case and marks do not count. Those whose name is the text come first, then those whose name
        begins with it, then shorter names.
        """
        asked = fold_name(text)
        *whole, last = asked.split() or [""]
        if not last:
            return []
        words = self._index.words
        exact = set(words.get(last))
        begun = (words.get(word) for word in words.keys(last, SEARCHED_WORDS))
        numbers = exact.union(*begun)
        for word in whole:
            numbers.intersection_update(words.get(word))
        # Whole words before unfinished ones where there are too many to look at.
        kept = sorted(numbers, key=lambda number: (number not in exact, number))
        ranked = sorted(
            (_rank(asked, entity), entity.entity_id, entity)
            for entity in map(self._entity, kept[:SEARCHED_ENTITIES])
        )
        return [entity for *_, entity in ranked[:limit]]

    def _read_meaning(self, form: str) -> tuple[tuple[KnownEntity, ...], tuple[KnownEntity, ...]]:
        """Strong and weak entities of a folded form, each by ``entity_id``."""
        found = self._index.forms.get(form)
        strong = [n >> BITS for n in found if n & STRONG and not n & CAPITALS]
        if not strong:
            strong = [n >> BITS for n in found if n & STRONG]
        weak = [n >> BITS for n in found if not n & STRONG]
        # Numbers follow the order of the ids.
        return (
            tuple(self._entity(number) for number in dict.fromkeys(strong)),
            tuple(self._entity(n) for n in dict.fromkeys(weak) if n not in strong),
        )


def _rank(asked: str, entity: KnownEntity) -> tuple[int, int]:
    keys = [fold_name(form) for form in (entity.name, *entity.aliases, *entity.weak_aliases)]
    if asked in keys:
        return 0, 0 if keys[0] == asked else 1
    return (1 if any(key.startswith(asked) for key in keys) else 2), len(keys[0])


def as_entity(known: KnownEntity) -> Entity:
    """A row of the catalogue as mentions carry it."""
    return Entity(
        entity_id=known.entity_id,
        entity_type=known.entity_type,
        name=known.name,
        origin="rule" if known.provenance == RULE else "catalogue",
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
    return default_catalogue() if folder is None else Catalogue.open(Path(folder))


def types_of(match: Match) -> Iterator[str]:
    """The types of what a string alone means, each once, in order."""
    yield from dict.fromkeys(entity.entity_type for entity in match.strong)
