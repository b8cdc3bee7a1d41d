"""How much two articles' contexts speak for one thing, and what speaks against it.

Signals (``pipelines.normalise.context``) have fixed points, and a pair of names needs so many:
nothing is counted over the corpus, so that what came first changes nothing. At most two signals
count, of different groups: what somebody is, where, when born, with whom. Those of one group say
the same thing twice: who is named as a mayor is in politics.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from pipelines.normalise import person_names as names
from pipelines.reference.tables import rows

DECISIVE = 100
"""The same words of the same sentence (syndicated copy), or an article that says so."""
STRONG = 6
"""Overrides that roles name different countries."""
GOOD = 5
"""Overrides that somebody works in fields that have nothing to do with each other."""
FAIR = 4
"""Overrides that people change between the fields, that a common name is in different places."""
MOST_PAIRED = 10
"""So many of a thing's signals are combined in pairs, the most telling ones."""

# Kind of signal: its group and points. An office alone is held by many, a known place has many
# people; a name that no catalogue knows, of whatever type it was taken to be, is seldom shared.
_KINDS = {
    "text": ("text", DECISIVE),
    "alias": ("text", DECISIVE),
    "title": ("what", 5),
    "role": ("what", 3),
    "field": ("what", 2),
    "topic": ("what", 1),
    "place": ("where", 3),
    "country": ("where", 2),
    "near": ("where", 1),
    "age": ("born", 3),
    "name": ("where", 2),
    "word": ("about", 1),
}
# ``with:`` something that only articles know, by its type: a private person is named in few.
_WITH_LOCAL = {"person": 6, "organization": 5, "event": 4, "place": 3, "nationality": 1}
# Two signals of these groups are two signals, of the others one said twice.
_SEVERAL = ("who", "about")
# A known thing is in many articles; a country, a nationality and a source that is cited in most.
_WITH_KNOWN = 2
_WITH_EVERYWHERE = 1

# Points that two names of persons need: where the name tells (``person_names.is_common`` is
# False), and where many bear it.
NEED = {
    names.SAME: (1, 3),
    names.MIDDLE: (2, 4),
    names.SPELLED: (3, 3),
    names.ORDER: (2, 3),
    names.SHORT: (3, 4),
    names.COMPOUND: (4, 5),
    names.SUFFIX: (5, 6),
    names.INITIAL: (4, 5),
}
NEED_SPECIFIC = 0
NEED_NAME = 1
NEED_PLACE = 1
NEED_ACRONYM = 5
NEED_ACROSS = 2
NEED_ELSEWHERE = 2
NEED_GENERAL = 3

# Between these people change, or are in both at once: none of them speaks against the other.
_NEAR = {
    "politics": "law business military media religion education activism farming labour "
    "science health police",
    "law": "police business education activism",
    "business": "media science farming sport arts",
    "health": "science education activism",
    "education": "science arts media religion sport activism",
    "arts": "media activism",
    "media": "sport activism",
    "police": "military",
    "activism": "science religion",
    "labour": "business activism farming science education",
}


class Signal(NamedTuple):
    """What one signal of a context counts. In order: the most telling first."""

    rank: int
    """Its points, negative."""
    text: str
    group: str
    value: str
    """What it names: one place may be both in the sentence and elsewhere in the article."""

    @property
    def points(self) -> int:
        """How much it counts."""
        return -self.rank


@functools.cache
def _territories() -> frozenset[str]:
    return frozenset(row["wikidata_id"] for _, row in rows("territories") if row["wikidata_id"])


@functools.cache
def _outlets() -> frozenset[str]:
    return frozenset(row["wikidata_id"] for _, row in rows("outlets") if row["wikidata_id"])


def key_of(text: str) -> str:
    """The key of a local name, whatever its type; else empty."""
    return text[len("name:") :] if text.startswith("name:") else text.partition("|")[2]


@functools.lru_cache(maxsize=131072)
def read(text: str) -> tuple[str, str, tuple[Signal, ...]]:
    """Kind and value of a signal, and what it counts: nothing, once, or also whatever its type.

    Articles disagree on the type of a name that no catalogue knows: one's organization is
    another's place.
    """
    kind, _, value = text.partition(":")
    entity_type, bar, key = value.partition("|")
    if kind == "with" or (kind == "place" and bar):
        # A place that only articles know is small: it counts as much anywhere in the article.
        group, points = _with(entity_type, value) if bar else _with_known(value)
    elif kind in _KINDS:
        group, points = _KINDS[kind]
    else:
        return kind, value, ()
    counted = Signal(-points, text, group, key or value)
    if not bar:
        return kind, value, (counted,)
    any_group, any_points = _KINDS["name"]
    return kind, value, (counted, Signal(-any_points, f"name:{key}", any_group, key))


def _with(entity_type: str, value: str) -> tuple[str, int]:
    if entity_type not in _WITH_LOCAL:
        return _with_known(value)
    return "where" if entity_type == "place" else "who", _WITH_LOCAL[entity_type]


def _with_known(value: str) -> tuple[str, int]:
    prefix = value.partition(":")[0]
    if value in _territories() or prefix in ("nationality", "territory"):
        return "where", _WITH_EVERYWHERE
    if value in _outlets() or prefix == "outlet":
        return "who", _WITH_EVERYWHERE
    return "who", _WITH_KNOWN


def combined(signals: Sequence[Signal], least: int, most: int) -> list[tuple[int, str]]:
    """What a context has that may be shared: signals, and pairs of them of different groups.

    Each with its points, negative. ``signals`` in order. ``least`` and ``most``: what the pairs of
    names at hand need; what counts less, and pairs of which one is enough, are left out.
    """
    found = [(s[0], s[1]) for s in signals if -s[0] >= least]
    paired = [s for s in signals if -s[0] < most][:MOST_PAIRED]
    for (rank, text, group, value), (rank2, text2, group2, value2) in combinations(paired, 2):
        if -rank - rank2 < least:
            continue
        if (group != group2 or group in _SEVERAL) and value != value2:
            found.append((rank + rank2, f"{text}\n{text2}"))
    return found


def fields_apart(one: frozenset[str], other: frozenset[str]) -> int:
    """Points that it takes to believe that one works in these and those fields."""
    if not one or not other or not one.isdisjoint(other):
        return 0
    near = any(_is_near(a, b) or _is_near(b, a) for a in one for b in other)
    return FAIR if near else GOOD


def _is_near(one: str, other: str) -> bool:
    return other in _NEAR.get(one, "").split()


def is_territory(entity_id: str) -> bool:
    """True for a country or other territory with a code of its own: no place in one."""
    return entity_id in _territories() or entity_id.startswith("territory:")
