"""Which thing each span of an article names: by the article, then the catalogue, else local.

A name that stays ambiguous, and a lone surname that nothing anchors, names no entity; what it may
be is kept.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipelines.normalise.acronyms import explained_forms, initials_of
from pipelines.normalise.catalogue import Catalogue, as_entity
from pipelines.normalise.geography import Geography
from pipelines.normalise.heads import is_general
from pipelines.normalise.ministries import Ministries
from pipelines.normalise.names import entity_key, person_words, untitled
from pipelines.normalise.people import people_of
from pipelines.normalise.recognise import Passage
from pipelines.normalise.records import LOCAL, Referent
from pipelines.normalise.spans import Span
from pipelines.normalise.sports import stand_ins
from pipelines.normalise.support import supported_forms
from pipelines.reference.entities import KnownEntity

PUBLIC_BODIES = frozenset(
    {"ministry", "court", "parliament", "government", "central bank", "police"}
)
"""Kinds of organizations of which every country has one, by the same name."""


class Resolver:
    """Resolution inside one article; a pure function of its passages and the catalogue."""

    def __init__(
        self, passages: Sequence[Passage], catalogue: Catalogue, day: date | None = None
    ) -> None:
        """Read the article's full names, bracketed acronyms and what the catalogue is sure of."""
        self._catalogue = catalogue
        self._people = people_of(passages)
        self._anchors = self._people.anchors()
        self._supported = supported_forms(passages, day)
        self._geography = Geography(passages)
        self._ministries = Ministries(((p.text, p.spans) for p in passages), catalogue)
        self._agreed = {(p.text[s.start : s.end], s.entity_type) for p in passages for s in p.votes}
        organizations = {
            p.text[s.start : s.end] for p in passages for s in p.spans
            if s.entity_type == "organization"
        }  # fmt: skip
        self._explained = explained_forms(passages)
        self._initials = initials_of(organizations)
        self._cache: dict[tuple[str, str], Referent] = {}

    def referent(self, entity_type: str, name: str) -> Referent:
        """What a string of this type names in this article."""
        key = entity_type, name
        if key not in self._cache:
            self._cache[key] = self._resolve(entity_type, name)
        return self._cache[key]

    def of_span(self, passage: Passage, span: Span, teams: Container[Span]) -> Referent:
        """What one span names; ``teams``: those that stand for a team of the place."""
        name = passage.text[span.start : span.end]
        if not span.whole:
            return _open("part", span.entity_type, name)
        if span in teams:
            known = (*self._strong("place", name), *self._weak("place", name))
            return _open("stand_in", span.entity_type, name, known)
        ministries = self._ministries.known(passage.text, span)
        if ministries:
            return _one_of(ministries, "rule", span.entity_type, name)
        referent = self.referent(span.entity_type, name)
        if referent.reason == "ambiguous" and span.entity_type == "person":
            nearest = self._people.nearest(passage, span)
            return _by_article(self.referent("person", nearest)) if nearest else referent
        return referent

    def _resolve(self, entity_type: str, name: str) -> Referent:
        if entity_type == "person":
            return self._person(name)
        if name in self._explained:
            return self._explanation(entity_type, name, self._explained[name])
        strong = self._strong(entity_type, name)
        if strong and entity_type == "place":
            return self._place(name, strong)
        if strong:
            return _one_of(strong, "name", entity_type, name)
        if entity_type == "organization" and name in self._initials:
            return _by_article(self.referent(entity_type, self._initials[name]))
        weak = self._weak(entity_type, name)
        if not weak:
            national = self._national(name) if entity_type == "organization" else None
            return _known(national, "context") if national else _local(entity_type, name)
        chosen = self._weakly_named(entity_type, name, weak)
        if chosen is not None:
            return _known(chosen, "context")
        return _open("unsupported" if len(weak) == 1 else "ambiguous", entity_type, name, weak)

    def _national(self, name: str) -> KnownEntity | None:
        """The body of a country that stands before its name: "US Department of Justice"."""
        for cut in (1, 2):
            words = name.split(" ")
            country = self._catalogue.form(" ".join(words[:cut]))
            rest = self._catalogue.form(" ".join(words[cut:])) if words[cut:] else None
            if country is None or rest is None or len(country.strong) != 1:
                continue
            named = country.strong[0]
            if named.entity_type != "nationality" and named.kind != "country":
                continue
            code = named.country
            bodies = [e for e in (*rest.strong, *rest.weak) if e.entity_type == "organization"]
            return _only([e for e in bodies if code is not None and e.country == code])
        return None

    def _weakly_named(
        self, entity_type: str, name: str, weak: Sequence[KnownEntity]
    ) -> KnownEntity | None:
        """Which thing of those that a name may mean the article speaks for; None: none, several."""
        supported = self._supported.get(name)
        if supported is not None and supported.entity_type == entity_type:
            return supported
        if entity_type == "place":
            return _only(self._geography.supported(name, weak))
        # The model's word is enough for an outlet or a party (20 of 21 right on published sets),
        # not for a place or an event: that there is another Portland, another World Cup does not
        # show in its type.
        if entity_type != "organization" or (name, entity_type) not in self._agreed:
            return None
        # Every country has a Supreme Court: which one is meant, the article must say.
        public = [e for e in weak if e.kind in PUBLIC_BODIES or is_general(name)]
        if public:
            return _only([e for e in public if self._geography.speaks_of_country(e.country)])
        return _only(weak)

    def _place(self, name: str, strong: Sequence[KnownEntity]) -> Referent:
        """A place by the name that means it, unless the article says that another one bears it."""
        chosen = self._geography.choose(name, strong)
        if len(chosen) == 1:
            return _known(chosen[0], "name" if len(strong) == 1 else "context")
        return _open("ambiguous" if chosen else "unsupported", "place", name, strong)

    def _explanation(self, entity_type: str, name: str, phrase: str) -> Referent:
        """What a short form means here, even where it means something else elsewhere."""
        match = self._catalogue.form(phrase)
        if match is not None and len(match.strong) == 1:
            return _known(match.strong[0], "article")
        if phrase[0].isupper():
            return _local(entity_type, phrase)
        return _open("unsupported", entity_type, name)

    def _person(self, name: str) -> Referent:
        if len(person_words(name)) > 1 and name not in self._people.by_surname:
            anchor = self._anchors.get(name, name)
            variants = sorted(n for n, a in self._anchors.items() if a == anchor) or [name]
            known = {e.entity_id: e for n in variants for e in self._strong("person", n)}
            if known:
                return _one_of(tuple(known.values()), "name", "person", anchor)
            return _local("person", anchor)
        alone = " ".join(person_words(name))
        named = self._people.by_surname.get(alone) or self._people.by_first.get(alone) or set()
        anchors = {self._anchors.get(full, full) for full in named}
        if len(anchors) == 1:
            return _by_article(self.referent("person", anchors.pop()))
        strong = self._strong("person", alone)
        weak = self._weak("person", alone)
        hints = {e.entity_id for e in (*strong, *weak)}
        if anchors:
            resolved = (self.referent("person", anchor) for anchor in sorted(anchors))
            both = {
                r.entity.entity_id: r
                for r in resolved
                if r.entity is not None and r.entity.entity_id in hints
            }
            if len(both) == 1:
                return _by_article(both.popitem()[1])
            return _open("ambiguous", "person", name, (*strong, *weak))
        if len(strong) == 1:
            return _known(strong[0], "name")
        supported = self._supported.get(alone)
        if supported is not None and not strong:
            return _known(supported, "context")
        reason = "ambiguous" if len(hints) > 1 else "unsupported" if hints else "lone_name"
        return _open(reason, "person", name, (*strong, *weak))

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


def _only(known: Sequence[KnownEntity]) -> KnownEntity | None:
    return known[0] if len(known) == 1 else None


def _known(entity: KnownEntity, reason: str) -> Referent:
    return Referent(entity.entity_type, entity.name, reason, as_entity(entity))


def _one_of(known: Sequence[KnownEntity], reason: str, entity_type: str, name: str) -> Referent:
    if len(known) == 1:
        return _known(known[0], reason)
    return _open("ambiguous", entity_type, name, known)


def _by_article(referent: Referent) -> Referent:
    return replace(referent, reason="article") if referent.entity else referent


def _local(entity_type: str, name: str) -> Referent:
    if not entity_key(entity_type, name):
        return _open("lone_name", entity_type, name)
    shown = name.title() if name.isupper() and " " in name else name
    if entity_type == "person":
        shown = untitled(shown)
    return Referent(entity_type, shown, LOCAL)


def _open(
    reason: str, entity_type: str, name: str, candidates: Iterable[KnownEntity] = ()
) -> Referent:
    ids = tuple(sorted({entity.entity_id for entity in candidates}))
    return Referent(entity_type, name, reason, candidates=ids)


def resolve(
    passages: Sequence[Passage], catalogue: Catalogue, day: date | None = None
) -> list[Mapping[Span, Referent]]:
    """The referent of each span, a mapping a passage; ``day``: when the article was published."""
    resolver = Resolver(passages, catalogue, day)
    teams = stand_ins(passages)
    return [
        {span: resolver.of_span(passage, span, teams=within) for span in passage.spans}
        for passage, within in zip(passages, teams, strict=True)
    ]
