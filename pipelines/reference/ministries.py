"""Ministries by rule: a country and a field name one, listed in the catalogue or not.

"Chinese Foreign Ministry", "Foreign Ministry of China" and "Ministry of Foreign Affairs of China"
are one body. Every state has such bodies: a list of them would never be complete, one of their
fields is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipelines.reference.entities import KnownEntity, load_entities
from pipelines.reference.tables import SEPARATOR, TableError, forms, rows, values

PREFIX = "ministry:"
"""What ids made by the rule begin with: ``ministry:<country>:<field>``."""
_ID = re.compile(r"ministry:(?P<country>[A-Z]{2}):(?P<field>[a-z_]+)")
# English puts "the" before names that are plurals or made of a common noun.
_WITH_ARTICLE = re.compile(
    r"(?:the )?(?P<rest>(?:United|Republic|Democratic Republic|Federated)\b.*"
    r"|.*\b(?:Republic|Islands|Emirates|States|Territory|Territories|Bahamas|Comoros|Gambia"
    r"|Maldives|Netherlands|Philippines|Seychelles))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ministry:
    """A field of government and what news calls the body that has it."""

    field: str
    """The row's key: foreign, defence, finance, …"""
    name: str
    """As we show it before "of <country>": "Foreign Ministry"."""
    forms: tuple[str, ...]
    """Every form, ``name`` first, in title case and without the country: "Foreign Ministry",
    "Ministry of Foreign Affairs", "Foreign Office", … News prints them in small letters too. No
    form belongs to two fields."""
    own: Mapping[str, str]
    """Country (ISO 3166-1 alpha-2) to the entity_id of the organization row that has this field
    there under a name of its own: US to the State Department's."""


@functools.cache
def load_ministries() -> tuple[Ministry, ...]:
    """Read ``data/ministries.csv``, sorted by field.

    Raises TableError for a form that two fields claim, an own name that no organization bears, or
    one that belongs to another country.
    """
    organizations = {e.name: e for e in load_entities() if e.entity_type == "organization"}
    holders: dict[str, str] = {}
    found = []
    for place, row in rows("ministries"):
        ministry = Ministry(
            field=row["key"],
            name=row["name"],
            forms=forms({**row, "weak_aliases": ""})[0],
            own=_own(place, row["own_names"], organizations),
        )
        for form in ministry.forms:
            holder = holders.setdefault(form.casefold(), ministry.field)
            if holder != ministry.field:
                raise TableError(
                    f"{place}: {form!r} is a form of {holder!r} already; leave it with one of them"
                )
        found.append(ministry)
    return tuple(sorted(found, key=lambda ministry: ministry.field))


@functools.cache
def fields_by_form() -> Mapping[str, str]:
    """Every form, case folded, to its field: "ministry of foreign affairs" to "foreign"."""
    return MappingProxyType({f.casefold(): m.field for m in load_ministries() for f in m.forms})


def ministry_of(country: str, field: str) -> KnownEntity | None:
    """The body that has ``field`` in ``country`` (ISO 3166-1 alpha-2, upper case).

    The organization row where the country's body has one, else the entity that the rule makes.
    None for a country or field that the tables do not know.
    """
    ministry = _by_field().get(field)
    place = _countries().get(country)
    if ministry is None or place is None:
        return None
    if country in ministry.own:
        return _own_entities()[ministry.own[country]]
    return _made(ministry, country, place.name)


@functools.lru_cache(maxsize=4096)
def ministry_entity(entity_id: str) -> KnownEntity | None:
    """What an id of the form ``ministry:<country>:<field>`` stands for, as `ministry_of` says.

    None for any other id. The entity of a body with a row of its own bears that row's id.
    """
    found = _ID.fullmatch(entity_id)
    return ministry_of(found["country"], found["field"]) if found else None


def _made(ministry: Ministry, country: str, place: str) -> KnownEntity:
    plural = _WITH_ARTICLE.fullmatch(place)
    of = f"the {plural['rest']}" if plural else place
    adjectives = _adjectives().get(country, ())
    return KnownEntity(
        entity_id=f"{PREFIX}{country}:{ministry.field}",
        entity_type="organization",
        name=f"{ministry.name} of {of}",
        country=country,
        wikidata_id=None,
        aliases=(
            *(f"{form} of {of}" for form in ministry.forms),
            *(f"{adjective} {form}" for adjective in adjectives for form in ministry.forms),
        ),
        weak_aliases=ministry.forms,
        provenance="rule",
        kind="ministry",
    )


def _own(place: str, cell: str, organizations: Mapping[str, KnownEntity]) -> Mapping[str, str]:
    own = {}
    for value in values(cell):
        country, _, name = value.partition("=")
        entity = organizations.get(name)
        if entity is None or entity.country != country:
            raise TableError(
                f"{place}: no organization of {country} is called {name!r}; "
                f"write COUNTRY=name, with {SEPARATOR!r} between two"
            )
        own[country] = entity.entity_id
    return MappingProxyType(own)


@functools.cache
def _by_field() -> Mapping[str, Ministry]:
    return {ministry.field: ministry for ministry in load_ministries()}


@functools.cache
def _countries() -> Mapping[str, KnownEntity]:
    wanted = {row["key"]: row["name"] for _, row in rows("territories")}
    named = {e.name: e for e in load_entities() if e.entity_type == "place"}
    return {key: named[name] for key, name in wanted.items()}


@functools.cache
def _own_entities() -> Mapping[str, KnownEntity]:
    return {entity.entity_id: entity for entity in load_entities()}


@functools.cache
def _adjectives() -> Mapping[str, tuple[str, ...]]:
    """The adjective of each state: the row whose key is its code ("CN": "Chinese")."""
    return {row["key"]: (row["name"],) for _, row in rows("nationalities") if row["key"].isupper()}
