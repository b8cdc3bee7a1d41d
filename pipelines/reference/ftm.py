"""FollowTheMoney entities, as OpenSanctions publishes them, as rows of a catalogue."""

from __future__ import annotations

import csv
import functools
from pathlib import Path
from typing import Any

from pipelines.reference.user_rows import (
    ImportReport,
    RowError,
    UserRow,
    clean_id,
    clean_name,
    clean_names,
    country_code,
    wikidata_id,
)

SCHEMATA = Path(__file__).parent / "imports" / "ftm_schemata.csv"
"""Every schema of the model (followthemoney.tech) and what it is to us; empty: nothing."""

_NAMES = ("name", "alias", "previousName", "abbreviation")
_WEAK_NAMES = ("weakAlias",)
# A lone part of a person's name is weak even where the list also gives it as an alias.
_NAME_PARTS = ("firstName", "lastName", "secondName", "middleName", "fatherName", "motherName")
_COUNTRIES = ("country", "nationality", "citizenship", "jurisdiction")
"""In this order: the first that says anything."""


def row_of(record: object, report: ImportReport, place: str) -> UserRow | None:
    """The row of one JSON value; None for a schema that names nothing of ours, which is counted.

    Nested entities (``targets.nested.json``) are not looked into: a list gives those of them that
    are its targets a line of their own. Raises RowError for what cannot be used.
    """
    if not isinstance(record, dict):
        raise RowError("no JSON object")
    schema = record.get("schema")
    known = _schemata().get(schema) if isinstance(schema, str) else None
    if known is None:
        raise RowError("unknown schema" if schema else "no schema")
    entity_type, kind = known
    if not entity_type:
        report.ignored[str(schema)] += 1
        return None
    own_id = clean_id(record.get("id"))
    properties = record.get("properties")
    if not isinstance(properties, dict):
        raise RowError("no properties")
    names = clean_names(_values(properties, _NAMES), report, place)
    if not names:
        raise RowError("no name that can be used")
    weak = clean_names(_values(properties, _WEAK_NAMES), report, place)
    parts = {part for part in _values(properties, _NAME_PARTS) if isinstance(part, str)}
    return UserRow(
        own_id=own_id,
        # OpenSanctions takes the Wikidata id as its own where there is one.
        wikidata_id=wikidata_id(own_id, *_values(properties, ("wikidataId",))),
        entity_type=entity_type,
        name=_shown(record.get("caption"), names),
        names=tuple(names),
        weak_names=tuple(dict.fromkeys((*weak, *(name for name in names if name in parts)))),
        country=_country(properties),
        kind=kind,
    )


def _values(properties: dict[str, Any], keys: tuple[str, ...]) -> list[object]:
    found: list[object] = []
    for key in keys:
        value = properties.get(key)
        if isinstance(value, list):
            found += value
        elif value is not None:
            found.append(value)
    return found


def _shown(caption: object, names: list[str]) -> str:
    """The name that the publisher shows, where it is one of the entity's names."""
    if caption in names:
        return str(caption)
    try:
        name = clean_name(caption)
    except RowError:
        return names[0]
    return name if name in names else names[0]


def _country(properties: dict[str, Any]) -> str | None:
    for key in _COUNTRIES:
        values = _values(properties, (key,))
        if values:
            return country_code(values)
    return None


@functools.cache
def _schemata() -> dict[str, tuple[str, str]]:
    """Schema -> our type, or an empty text; and kind."""
    with SCHEMATA.open(encoding="utf-8", newline="") as lines:
        return {row["schema"]: (row["entity_type"], row["kind"]) for row in csv.DictReader(lines)}
