"""Which thing each span of an article names: by the article, then the catalogue, else local.

A name that stays ambiguous, and a lone surname that nothing anchors, gets no entity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.normalise.acronyms import explained_forms, initials_of
from pipelines.normalise.catalogue import Catalogue
from pipelines.normalise.names import entity_key, local_id, person_words
from pipelines.normalise.people import people_of
from pipelines.normalise.recognise import Passage
from pipelines.normalise.records import Entity
from pipelines.normalise.spans import Span
from pipelines.normalise.support import supported_forms
from pipelines.reference.entities import KnownEntity


class Resolver:
    """Resolution inside one article; a pure function of its passages and the catalogue."""

    def __init__(self, passages: Sequence[Passage], catalogue: Catalogue) -> None:
        """Read the article's full names, bracketed acronyms and what the catalogue is sure of."""
        self._catalogue = catalogue
        self._people = people_of(passages)
        self._anchors = self._people.anchors()
        self._supported = supported_forms(passages)
        self._agreed = {(p.text[s.start : s.end], s.entity_type) for p in passages for s in p.votes}
        organizations = {
            p.text[s.start : s.end] for p in passages for s in p.spans
            if s.entity_type == "organization"
        }  # fmt: skip
        self._explained = explained_forms(passages)
        self._initials = initials_of(organizations)
        self._cache: dict[tuple[str, str], Entity | None] = {}

    def entity(self, entity_type: str, name: str) -> Entity | None:
        """The entity that a string of this type names in this article, or None."""
        key = entity_type, name
        if key not in self._cache:
            self._cache[key] = self._resolve(entity_type, name)
        return self._cache[key]

    def _resolve(self, entity_type: str, name: str) -> Entity | None:
        if entity_type == "person":
            return self._person(name)
        if name in self._explained:
            return self._explanation(entity_type, self._explained[name])
        strong = self._strong(entity_type, name)
        if strong:
            return _known(strong[0]) if len(strong) == 1 else None
        if entity_type == "organization" and name in self._initials:
            return self.entity(entity_type, self._initials[name])
        weak = self._weak(entity_type, name)
        if not weak:
            return _local(entity_type, name)
        supported = self._supported.get(name)
        if supported is not None and supported.entity_type == entity_type:
            return _known(supported)
        # The model's word is enough for an outlet or a party (20 of 21 right on published sets),
        # not for a place: that there is another Portland does not show in its type.
        agreed = entity_type != "place" and (name, entity_type) in self._agreed
        return _known(weak[0]) if agreed and len(weak) == 1 else None

    def _explanation(self, entity_type: str, phrase: str) -> Entity | None:
        """What a short form means here, even where it means something else elsewhere."""
        match = self._catalogue.form(phrase)
        if match is not None and len(match.strong) == 1:
            return _known(match.strong[0])
        return _local(entity_type, phrase) if phrase[0].isupper() else None

    def _person(self, name: str) -> Entity | None:
        if len(person_words(name)) > 1:
            anchor = self._anchors.get(name, name)
            variants = sorted(n for n, a in self._anchors.items() if a == anchor) or [name]
            known = {e.entity_id: e for n in variants for e in self._strong("person", n)}
            if known:
                return _known(*known.values()) if len(known) == 1 else None
            return _local("person", anchor)
        alone = " ".join(person_words(name))
        named = self._people.by_surname.get(alone) or self._people.by_first.get(alone) or set()
        anchors = {self._anchors.get(full, full) for full in named}
        if len(anchors) == 1:
            return self.entity("person", anchors.pop())
        strong = self._strong("person", alone)
        hints = {e.entity_id for e in (*strong, *self._weak("person", alone))}
        if anchors:
            resolved = (self.entity("person", anchor) for anchor in sorted(anchors))
            both = {e.entity_id: e for e in resolved if e is not None and e.entity_id in hints}
            return both.popitem()[1] if len(both) == 1 else None
        if len(strong) == 1:
            return _known(strong[0])
        supported = self._supported.get(alone)
        return _known(supported) if supported is not None and not strong else None

    def _strong(self, entity_type: str, name: str) -> tuple[KnownEntity, ...]:
        match = self._catalogue.form(name) or self._catalogue.form(f"the {name}")
        if match is not None:
            found = tuple(e for e in match.strong if e.entity_type == entity_type)
            if found:
                return found
        return self._catalogue.named(entity_type, name)

    def _weak(self, entity_type: str, name: str) -> tuple[KnownEntity, ...]:
        match = self._catalogue.form(name)
        if match is None:
            return ()
        return tuple(e for e in match.weak if e.entity_type == entity_type)


def _known(entity: KnownEntity) -> Entity:
    return Entity(
        entity_id=entity.entity_id,
        entity_type=entity.entity_type,
        name=entity.name,
        origin="catalogue",
        country=entity.country,
        wikidata_id=entity.wikidata_id,
    )


def _local(entity_type: str, name: str) -> Entity | None:
    if not entity_key(entity_type, name):
        return None
    shown = name.title() if name.isupper() and " " in name else name
    if entity_type == "person":
        shown = " ".join(person_words(shown))
    return Entity(local_id(entity_type, name), entity_type, shown, "local")


def resolve(
    passages: Sequence[Passage], catalogue: Catalogue
) -> list[Mapping[Span, Entity | None]]:
    """The entity of each span, a mapping a passage."""
    resolver = Resolver(passages, catalogue)
    return [
        {
            s: resolver.entity(s.entity_type, p.text[s.start : s.end]) if s.whole else None
            for s in p.spans
        }
        for p in passages
    ]
