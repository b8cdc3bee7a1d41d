"""Two appearances compared by themselves: a score and the reasons for it, for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.normalise import person_names as names
from pipelines.normalise.alike_names import ACRONYM, ACROSS
from pipelines.normalise.evidence import DECISIVE, combined
from pipelines.normalise.joining import Thing, contradicted

_NAMES_ARE = {
    names.SAME: "the names are the same",
    names.MIDDLE: "one name has a middle name more",
    names.SPELLED: "the names are spellings of one name",
    names.ORDER: "one name has the family name first",
    names.SHORT: "one given name is short for the other",
    names.COMPOUND: "one name has a family name more",
    names.SUFFIX: "one name has a suffix more",
    names.INITIAL: "one name has only the initial",
    ACROSS: "the names are the same, taken for different types",
    ACRONYM: "one name is the acronym of the other",
}
_SHARED = {
    "text": "the same sentence names both",
    "alias": "an article says that the two names are one's",
    "title": "both: {}",
    "role": "both: {}",
    "field": "both work in {}",
    "topic": "both in texts about {}",
    "place": "both with {} in the sentence",
    "country": "both of {}",
    "near": "both with {} in the sentence",
    "word": "both texts have the word {}",
    "age": "both {} years old",
    "name": "both articles name {}",
    "with": "both articles name {}",
}
_AGAINST = {
    "field": "they work in different fields: {} and {}",
    "country": "they are of different countries: {} and {}",
    "within": "they lie in different places: {} and {}",
    "age": "their ages differ: born about {} and {}",
}
# A contradiction leaves this share of the score: the pair is then far below what is joined.
_CONTRADICTED = 0.2


@dataclass(frozen=True, slots=True)
class Compared:
    """How much speaks for one thing, and what."""

    score: float
    reasons: tuple[str, ...]


def compared_alone(one: Thing, other: Thing) -> Compared:
    """The two by themselves. Symmetric."""
    related = one.name.related(other.name)
    if related is None:
        return Compared(0.0, ("the names cannot be one's",))
    shared = sorted(one.signals & other.signals)
    points = -min((rank for rank, _ in combined(shared, 0, DECISIVE)), default=0)
    need = max(one.name.need(other.name, related), other.name.need(one.name, related))
    share = (points + 0.5) / (points + need + 0.5) if need else (points + 1) / (points + 2)
    words = [_NAMES_ARE[related], *dict.fromkeys(_said(s.text) for s in shared)]
    against = contradicted(one, other, points)
    if against is not None:
        words.append(_against(one, other, against))
        share *= _CONTRADICTED
    if one.key in other.beside or other.key in one.beside:
        words.append("one article names both")
    return Compared(round(min(share, 0.99), 3), tuple(words))


def _said(signal: str) -> str:
    kind, _, value = signal.partition(":")
    return _SHARED[kind].format(value.partition("|")[2] or value)


def _against(one: Thing, other: Thing, what: str) -> str:
    return _AGAINST[what].format(*sorted((_printed(one, what), _printed(other, what))))


def _printed(thing: Thing, what: str) -> str:
    return ", ".join(_values(thing, what))


def _values(thing: Thing, what: str) -> Iterator[str]:
    if what == "age":
        yield from map(str, sorted(set(thing.born or ())))
    else:
        of = {"field": thing.fields, "country": thing.countries, "within": thing.within}[what]
        yield from (value.partition("|")[2] or value for value in sorted(of))
