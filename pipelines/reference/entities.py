"""The default catalogue of entities: every table of ``data/`` as one sequence of known things."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.reference.tables import TableError, forms, rows, slug, values

# Table, the type of what it holds, and the prefix of ids for rows without a Wikidata id.
# Order matters only for reading: the result is sorted by entity_id.
_TABLES = (
    ("territories", "place", "territory"),
    ("places", "place", "place"),
    ("nationalities", "nationality", "nationality"),
    ("people", "person", "person"),
    ("organizations", "organization", "organization"),
    ("outlets", "organization", "outlet"),
    ("events", "event", "event"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """An office that somebody holds or held."""

    office: str
    """A word of ``roles.csv``: president, prime_minister, monarch, …"""
    title: str
    """As it is said: "President of the Republic"."""
    country: str | None
    """ISO 3166-1 alpha-2, upper case."""
    since: str | None
    """ISO 8601, as precise as known."""
    until: str | None
    """The same; None: still in office when the row was written, or not known."""


@dataclass(frozen=True, slots=True)
class KnownEntity:
    """One person, organization, place, nationality or event that news text names."""

    entity_id: str
    """The Wikidata id where sure, else a stable catalogue id such as ``nationality:ru``."""
    entity_type: str
    """person, organization, place, nationality or event."""
    name: str
    country: str | None
    """ISO 3166-1 alpha-2, upper case."""
    wikidata_id: str | None
    aliases: tuple[str, ...]
    """Strong forms: the string alone, in this case, means this thing in news text."""
    weak_aliases: tuple[str, ...]
    """Forms that need support from the text around: a lone surname, an ambiguous word."""
    provenance: str
    """Where the row's facts come from; the keys are explained in this folder's README."""
    kind: str = ""
    """What it is within its type: capital, city, party, club, seat, agency, …"""
    offices: tuple[Office, ...] = ()
    """What a person holds and held, by ``since``, then as listed in ``offices.csv``."""
    within: tuple[str, ...] = ()
    """Names of the places that contain a place, most specific first: ("Oregon", "United States").
    They speak for it where several places bear its name."""


@functools.cache
def load_entities() -> tuple[KnownEntity, ...]:
    """Read every table, sorted by ``entity_id``. Raises TableError for an id given twice."""
    found: dict[str, KnownEntity] = {}
    for entity, place in _catalogue():
        if entity.entity_id in found:
            raise TableError(
                f"{place}: {entity.entity_id} is {found[entity.entity_id].name!r} already; "
                "keep one of the two rows"
            )
        found[entity.entity_id] = entity
    return tuple(found[key] for key in sorted(found))


def _catalogue() -> Iterator[tuple[KnownEntity, str]]:
    offices = _offices()
    for table, entity_type, prefix in _TABLES:
        for place, row in rows(table):
            strong, weak = forms(row)
            key = row.get("key") or slug(row["name"])
            entity = KnownEntity(
                entity_id=row["wikidata_id"] or f"{prefix}:{key}",
                entity_type=entity_type,
                name=row["name"],
                country=row["country"] or None,
                wikidata_id=row["wikidata_id"] or None,
                aliases=strong,
                weak_aliases=weak,
                provenance=row["provenance"],
                kind=row.get("kind") or row.get("role") or "",
                offices=offices.pop(row["name"], ()) if entity_type == "person" else (),
                within=_within(row) if "context" in row else (),
            )
            yield entity, place
    if offices:
        raise TableError(
            f"offices.csv: people.csv has no {', '.join(map(repr, sorted(offices)))}; "
            "add the person or mend the name"
        )


def _offices() -> dict[str, tuple[Office, ...]]:
    """The offices of each person, by the person's name in ``people.csv``."""
    held: dict[str, list[Office]] = {}
    for _, row in rows("offices"):
        office = Office(
            office=row["office"],
            title=row["title"],
            country=row["country"] or None,
            since=row["since"] or None,
            until=row["until"] or None,
        )
        held.setdefault(row["person"], []).append(office)
    return {
        person: tuple(sorted(offices, key=lambda office: office.since or ""))
        for person, offices in held.items()
    }


@functools.cache
def _territory_names() -> dict[str, str]:
    return {row["key"]: row["name"] for _, row in rows("territories")}


def _within(row: dict[str, str]) -> tuple[str, ...]:
    """The containing places that the row lists, codes as names, and its country last."""
    named = _territory_names()
    listed = (*values(row["context"]), *values(row["country"]))
    found = dict.fromkeys(named.get(name, name) for name in listed)
    return tuple(name for name in found if name != row["name"])
