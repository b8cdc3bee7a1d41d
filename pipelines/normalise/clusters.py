"""Which local names of different articles are one thing: a pure function of all of them.

Two appearances are joined where their names may be one thing's (``person_names``,
``general_names``), their articles share what such a pair of names needs (``evidence``), and nothing
contradicts it: neither between the two nor between any of what is joined with them already. What
speaks most for being one is joined first, so that a contradiction breaks the weakest link.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from pipelines.normalise.alike_names import Name, entity_key, name_keys, name_of
from pipelines.normalise.joining import Joined, thing_of, things_of
from pipelines.normalise.names import LOCAL_PREFIX, local_id
from pipelines.normalise.pair_reasons import compared_alone


@dataclass(frozen=True, slots=True)
class Appearance:
    """One local referent of one article."""

    referent_id: str
    entity_type: str
    name: str
    context: frozenset[str]
    """The signals of ``pipelines.normalise.context``."""
    seen_at: datetime
    """When the article was first captured."""


def blocks(entity_type: str, name: str, context: Iterable[str] = ()) -> tuple[str, ...]:
    """Keys of which two names must share one, directly or through others, to be one thing.

    ``context``: the signals around it; a name that somebody bore before (``born:``) has keys too.
    """
    return name_keys(name_of(entity_type, name, frozenset(context)))


def cluster(
    appearances: Sequence[Appearance], apart: Iterable[frozenset[str]] = ()
) -> dict[str, str]:
    """The entity id of each referent, by ``referent_id``; the order of ``appearances`` is nothing.

    ``apart``: pairs of referents that a person judged not to be the same; they never share an id,
    whatever others join them.
    """
    judged: dict[str, set[str]] = defaultdict(set)
    for pair in apart:
        for referent in pair:
            judged[referent] |= pair - {referent}
    found: list[list[Appearance]] = []
    for component in _components(appearances):
        found.extend(_joined(component, judged) if len(component) > 1 else [component])
    return _named(found)


def _components(appearances: Sequence[Appearance]) -> list[list[Appearance]]:
    """Appearances whose names may be one thing's, directly or through others, earliest first."""
    by_name: dict[Name, list[Appearance]] = defaultdict(list)
    for appearance in appearances:
        name = name_of(appearance.entity_type, appearance.name, appearance.context)
        by_name[name].append(appearance)
    in_block: dict[str, list[Name]] = defaultdict(list)
    for name in by_name:
        for block in name_keys(name):
            in_block[block].append(name)
    parents = {name: name for name in by_name}
    for block, alike in in_block.items():
        for one, other in _compared(block, alike):
            left, right = _root(parents, one), _root(parents, other)
            if left != right and one.related(other):
                parents[left] = right
    components: dict[Name, list[Appearance]] = defaultdict(list)
    for name, group in by_name.items():
        components[_root(parents, name)].extend(group)
    return [sorted(group, key=_age) for group in components.values()]


def _compared(block: str, alike: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    """Pairs of a block that may be one thing's: under an initial only those with names of one."""
    if "+" in block or not block.startswith("person|"):
        yield from combinations(alike, 2)
        return
    initials = [name for name in alike if name.person is None or name.person.initials]
    yield from ((one, other) for one in initials for other in alike if one is not other)


def _root(parents: dict[Name, Name], name: Name) -> Name:
    while parents[name] is not name:
        parents[name] = name = parents[parents[name]]
    return name


def _age(appearance: Appearance) -> tuple[datetime, str]:
    return appearance.seen_at, appearance.referent_id


def _joined(
    component: Sequence[Appearance], judged: Mapping[str, set[str]]
) -> list[list[Appearance]]:
    """What is one thing among appearances whose names may be one thing's."""
    alike: dict[tuple[object, ...], list[Appearance]] = defaultdict(list)
    for a in component:
        # Equal ones are joined with the same others; only what was judged stands for itself.
        own = a.referent_id if a.referent_id in judged else None
        alike[a.name, a.context, a.seen_at.year, own].append(a)
    groups = list(alike.values())
    at = {a.referent_id: n for n, group in enumerate(groups) for a in group}
    foes = {
        n: frozenset(at[other] for other in judged[group[0].referent_id] if other in at)
        for n, group in enumerate(groups)
        if group[0].referent_id in judged
    }
    joined = Joined(things_of(groups), foes)
    found: dict[tuple[int, int], list[Appearance]] = defaultdict(list)
    for n, group in enumerate(groups):
        together = joined.is_one(n)
        for nth, appearance in enumerate(group):
            found[joined.root(n), 0 if together else nth].append(appearance)
    return list(found.values())


def _named(clusters: Sequence[list[Appearance]]) -> dict[str, str]:
    """Ids: the oldest cluster of a name has the name's, the others one of their own."""
    anchored = [(min(cluster, key=_age), cluster) for cluster in clusters]
    ids: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for anchor, members in sorted(anchored, key=lambda found: _age(found[0])):
        key = anchor.entity_type, entity_key(anchor.entity_type, anchor.name)
        if key in taken:
            digest = hashlib.sha256("|".join((*key, anchor.referent_id)).encode()).hexdigest()
            entity_id = f"{LOCAL_PREFIX}{digest[:16]}"
        else:
            entity_id = local_id(anchor.entity_type, anchor.name)
        taken.add(key)
        ids.update((appearance.referent_id, entity_id) for appearance in members)
    return ids


def score(a: Appearance, b: Appearance) -> float:
    """How much speaks for one thing, 0 to 1: above a half what ``cluster`` would join.

    Of the two alone: what else is known of either is not looked at.
    """
    return compared_alone(thing_of(a), thing_of(b)).score


def reasons(a: Appearance, b: Appearance) -> list[str]:
    """What speaks for one thing and what against it, in words, the most telling first."""
    return list(compared_alone(thing_of(a), thing_of(b)).reasons)
