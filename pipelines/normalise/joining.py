"""Things joined by what they share, the most telling first, unless something contradicts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from pipelines.normalise import person_names as names
from pipelines.normalise.alike_names import Name, entity_key, name_of
from pipelines.normalise.evidence import (
    DECISIVE,
    GOOD,
    NEED,
    NEED_SPECIFIC,
    STRONG,
    Signal,
    combined,
    fields_apart,
    key_of,
    read,
)
from pipelines.normalise.general_names import telling_words
from pipelines.normalise.person_names import bridges, relation

if TYPE_CHECKING:
    from pipelines.normalise.clusters import Appearance

_PERSON = "person|"
_SAID_BY_ONE = ("field:", "country:", "within:", "place:", "age:")
_SAID = frozenset({"field", "country", "within", "place", "age"})
# Ages change, and captures are later than articles: less than so many years tell nothing.
AGE_GAP = 8
_SPELLED_ANEW = frozenset({names.SPELLED, names.ORDER, names.SHORT, names.SUFFIX})


@dataclass(frozen=True, slots=True)
class Thing:
    """One appearance, or several with the same name and context, as it is compared."""

    name: Name
    key: str
    signals: frozenset[Signal]
    fields: frozenset[str]
    countries: frozenset[str]
    within: frozenset[str]
    places: frozenset[str]
    born: tuple[int, int] | None
    """The years in which somebody of the age printed was born, by the day of capture."""
    beside: frozenset[str]
    """Persons that its articles name beside it, by ``entity_key``: they are others."""


def things_of(groups: Sequence[Sequence[Appearance]]) -> list[Thing]:
    """Groups of equal appearances as they are compared; what only one says is left out."""
    appearances = [group[0] for group in groups]
    often = Counter(chain.from_iterable(a.context for a in appearances))
    keys = Counter(key_of(text) for text in often if "|" in text or text.startswith("name:"))
    people = {f"with:{_PERSON}{entity_key(a.entity_type, a.name)}" for a in appearances}
    shared = {
        text
        for text, count in often.items()
        if count > 1 or text.startswith(_SAID_BY_ONE) or text in people or keys[key_of(text)] > 1
    }
    return [thing_of(group[0], shared if len(group) == 1 else None) for group in groups]


def thing_of(appearance: Appearance, among: AbstractSet[str] | None = None) -> Thing:
    """An appearance as it is compared, by the signals ``among``: by default all."""
    said: dict[str, set[str]] = {}
    signals: set[Signal] = set()
    context = appearance.context if among is None else appearance.context & among
    for kind, value, counted in map(read, context):
        signals.update(counted)
        if kind in _SAID:
            said.setdefault(kind, set()).add(value)
        elif kind == "with" and value.startswith(_PERSON):
            said.setdefault("with", set()).add(value[len(_PERSON) :])
    entity_type, name = appearance.entity_type, appearance.name
    if entity_type in ("organization", "place") and not telling_words(entity_type, name)[0]:
        signals = {s for s in signals if s.group in ("text", "where", "who")}
    years = [appearance.seen_at.year - int(age) for age in said.get("age", ()) if age.isdigit()]
    return Thing(
        name=name_of(entity_type, name, appearance.context),
        key=entity_key(entity_type, name),
        signals=frozenset(signals),
        fields=frozenset(said.get("field", ())),
        countries=frozenset(said.get("country", ())),
        within=frozenset(said.get("within", ())),
        places=frozenset(said.get("place", ())),
        born=(min(years), max(years)) if years else None,
        beside=frozenset(said.get("with", ())),
    )


def contradicted(one: Thing, other: Thing, points: int) -> str | None:
    """What speaks against joining two on evidence of so many points; None: nothing."""
    if points >= DECISIVE:
        return None
    if points < fields_apart(one.fields, other.fields):
        return "field"
    if points < STRONG and _differ(one.countries, other.countries):
        return "country"
    if _differ(one.within, other.within):
        return "within"
    if one.born and other.born:
        gap = max(one.born[0] - other.born[1], other.born[0] - one.born[1])
        return "age" if gap >= AGE_GAP else None
    return None


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and bool(other) and one.isdisjoint(other)


@dataclass(slots=True)
class _State:
    """What is joined: everything that its things say."""

    said: Thing
    names: frozenset[int]
    keys: frozenset[str]
    members: frozenset[int]
    """Things that somebody judged, and ``foes`` of any of its things."""
    foes: frozenset[int]
    size: int = 1


class Joined:
    """Things that may be one, joined; a function of their list."""

    def __init__(self, things: Sequence[Thing], foes: Mapping[int, frozenset[int]]) -> None:
        """Join the things. ``foes``: those that are never one with the key."""
        self._things = things
        ids: dict[Name, int] = {}
        self._name = [ids.setdefault(thing.name, len(ids)) for thing in things]
        self._names = list(ids)
        self._relations: dict[tuple[int, int], str | None] = {}
        self._parents = list(range(len(things)))
        self._foes = foes
        self._states: dict[int, _State] = {}
        self._fitting: dict[int, set[int]] = defaultdict(set)
        least, most = self._needed()
        for points, together in self._shared(least, most):
            self._join_all(together, points)
        self._join_initials()

    def root(self, n: int) -> int:
        """The first thing of those that thing ``n`` is one with."""
        while self._parents[n] != n:
            self._parents[n] = n = self._parents[self._parents[n]]
        return n

    def is_one(self, n: int) -> bool:
        """True where several articles that say what thing ``n`` says speak of one thing."""
        name = self._things[n].name
        root = self.root(n)
        if root in self._states and self._states[root].size > 1:
            return True
        need = name.need(name, names.SAME)
        signals = sorted(self._things[n].signals)
        return need == NEED_SPECIFIC or bool(combined(signals, need, need))

    def _needed(self) -> tuple[int, int]:
        """The least and the most points that any two of the names need."""
        own = [name.need(name, names.SAME) for name in self._names]
        if len(own) > 1:
            return min(own), max(*own, *NEED[names.INITIAL])
        # What contradicts must be outweighed too.
        return own[0], max(own[0], GOOD)

    def _shared(self, least: int, most: int) -> list[tuple[int, list[int]]]:
        """Things that share a signal or two, the most telling first."""
        often = Counter(chain.from_iterable(thing.signals for thing in self._things))
        sharing: dict[tuple[int, str], list[int]] = defaultdict(list)
        for n, thing in enumerate(self._things):
            signals = sorted(signal for signal in thing.signals if often[signal] > 1)
            for key in combined(signals, least, most):
                sharing[key].append(n)
        found = [(-key[0], sharing[key]) for key in sorted(sharing) if len(sharing[key]) > 1]
        if least == NEED_SPECIFIC:
            found.append((NEED_SPECIFIC, list(range(len(self._things)))))
        return found

    def _join_all(self, together: Sequence[int], points: int) -> None:
        met: list[int] = []
        for n in together:
            is_met = False
            for other in met:
                if self.root(n) != self.root(other):
                    self._join(other, n, points)
                    if self.root(n) != self.root(other):
                        continue
                is_met = is_met or self._name[n] == self._name[other]
            if not is_met:
                met.append(n)

    def _join(self, one: int, other: int, points: int) -> None:
        related = self._related(self._name[one], self._name[other])
        if related is None:
            return
        thing, met = self._things[one], self._things[other]
        if points < thing.name.need(met.name, related):
            return
        if _differ(thing.places, met.places) and points < thing.name.need_elsewhere():
            return
        if related == names.INITIAL and points < DECISIVE:
            # Joined last, and only where it fits one person.
            initial, full = (one, other) if self._is_initial(one) else (other, one)
            self._fitting[initial].add(full)
            return
        self._unite(self.root(one), self.root(other), points)

    def _is_initial(self, n: int) -> bool:
        person = self._things[n].name.person
        return person is not None and person.initials

    def _join_initials(self) -> None:
        by_root: dict[int, set[int]] = defaultdict(set)
        for initial, full in sorted(self._fitting.items()):
            by_root[self.root(initial)] |= full
        for initial, full in sorted(by_root.items()):
            roots = {self.root(n) for n in full}
            if len(roots) == 1:
                self._unite(self.root(initial), roots.pop(), STRONG)

    def _unite(self, one: int, other: int, points: int) -> None:
        left, right = self._state(one), self._state(other)
        if one == other or not left.members.isdisjoint(right.foes):
            return
        if contradicted(left.said, right.said, points) or not self._names_fit(left, right):
            return
        kept, gone = sorted((one, other))
        self._parents[gone] = kept
        self._states[kept] = _State(
            said=_both(left.said, right.said),
            names=left.names | right.names,
            keys=left.keys | right.keys,
            members=left.members | right.members,
            foes=left.foes | right.foes,
            size=left.size + right.size,
        )
        del self._states[gone]

    def _state(self, n: int) -> _State:
        if n not in self._states:
            thing = self._things[n]
            self._states[n] = _State(
                said=thing,
                names=frozenset({self._name[n]}),
                keys=frozenset({thing.key}),
                members=frozenset({n}) if n in self._foes else frozenset(),
                foes=self._foes.get(n, frozenset()),
            )
        return self._states[n]

    def _names_fit(self, left: _State, right: _State) -> bool:
        if left.names == right.names and len(left.names) == 1:
            return True
        for one in left.names:
            for other in right.names:
                related = self._related(one, other)
                if related is None and not self._is_bridged(one, other, left.names | right.names):
                    return False
                if related in _SPELLED_ANEW and not (
                    left.said.beside.isdisjoint(right.keys)
                    and right.said.beside.isdisjoint(left.keys)
                ):
                    return False
        return True

    def _is_bridged(self, one: int, other: int, all_names: frozenset[int]) -> bool:
        left, right = self._names[one].person, self._names[other].person
        if left is None or right is None:
            return False
        persons = (self._names[n].person for n in sorted(all_names))
        return any(
            bridges(p, left, right)
            and relation(p, left) is not None
            and relation(p, right) is not None
            for p in persons
            if p is not None
        )

    def _related(self, one: int, other: int) -> str | None:
        pair = (one, other) if one <= other else (other, one)
        if pair not in self._relations:
            self._relations[pair] = self._names[pair[0]].related(self._names[pair[1]])
        return self._relations[pair]


def _both(one: Thing, other: Thing) -> Thing:
    """What two things that are one say together."""
    born = one.born or other.born
    if one.born and other.born:
        born = min(one.born[0], other.born[0]), max(one.born[1], other.born[1])
    return Thing(
        name=one.name,
        key=one.key,
        signals=frozenset(),
        fields=one.fields | other.fields,
        countries=one.countries | other.countries,
        within=one.within | other.within,
        places=one.places | other.places,
        born=born,
        beside=one.beside | other.beside,
    )
