"""FollowTheMoney entities (followthemoney.tech), JSON lines: entities, articles, mentions.

Persons, organizations, events and places become ``Person``, ``Organization``, ``Event`` and
``Address``; nationalities are no things in that model and are left out. An article becomes
``Article``; a person or organization that it names a ``Mention``, which says what it was taken for;
a place or event a ``Documentation``, since a Mention can only resolve to who can act.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.export.days import articles, asked_days, named, rows
from pipelines.export.files import write_lines
from pipelines.export.records import DATA, File, Options

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMATA = {
    "person": "Person",
    "organization": "Organization",
    "place": "Address",
    "event": "Event",
}
"""FollowTheMoney's schema by our entity_type."""
_NOT_IN_IDS = re.compile(r"[^0-9A-Za-z.-]+")
_PRECISIONS = {
    "year": "%Y",
    "month": "%Y-%m",
    "day": "%Y-%m-%d",
    "minute": "%Y-%m-%dT%H:%M",
    "second": "%Y-%m-%dT%H:%M:%S",
}


def write_ftm(connection: DuckDBPyConnection, root: Path, options: Options) -> list[File]:
    """Writes ``ftm/entities.ftm.json``, ``articles.ftm.json`` and ``mentions.ftm.json``."""
    made = {
        "entities": _entities(connection, options),
        "articles": (_article(row) for row in articles(connection, options)),
        "mentions": _mentions(connection, options),
    }
    return [
        write_lines(root, root / "ftm" / f"{name}.ftm.json", records, compressed=options.gzip)
        for name, records in made.items()
    ]


def ftm_id(own_id: str) -> str:
    """An id as the model allows it: letters, digits, dots and hyphens."""
    return _NOT_IN_IDS.sub("-", own_id).strip("-.")


def _record(record_id: str, schema: str, **properties: Any) -> dict[str, Any]:
    """An entity; properties are lists of strings, empty ones left out."""
    filled = {}
    for name, value in properties.items():
        values = value if isinstance(value, list) else [value]
        if kept := [text for text in dict.fromkeys(values) if text]:
            filled[name] = kept
    return {"id": record_id, "schema": schema, "properties": filled}


def _entities(connection: DuckDBPyConnection, options: Options) -> Iterator[dict[str, Any]]:
    query = project.sql_text("export/ftm_entities.sql")
    for row in rows(connection, query, asked_days(options)):
        schema = SCHEMATA.get(row["entity_type"])
        if schema is None:
            continue
        own = row["name"]
        extra = {"full": own} if schema == "Address" else {}
        yield _record(
            ftm_id(row["entity_id"]),
            schema,
            name=own,
            alias=[name for name in row["aliases"] or [] if name != own],
            weakAlias=[name for name in row["weak_aliases"] or [] if name != own],
            country=(row["country"] or "").lower(),
            wikidataId=row["wikidata_id"],
            **extra,
        )


def _article(row: dict[str, Any]) -> dict[str, Any]:
    return _record(
        ftm_id(row["article_id"]),
        "Article",
        title=row["headline"],
        author=row["authors"] or [],
        publishedAt=_stated(row["date_published"], row["date_published_precision"]),
        modifiedAt=_stated(row["date_modified"], "second"),
        retrievedAt=_stated(row["valid_from"], "second"),
        sourceUrl=row["url"],
        publisher=row["publisher_name"] or row["source_name"],
        publisherUrl=row["publisher_homepage"],
        language=_languages().get(row["in_language"] or ""),
        summary=row["description"],
        bodyText=row["article_body"],
    )


def _mentions(connection: DuckDBPyConnection, options: Options) -> Iterator[dict[str, Any]]:
    for row in named(connection, options):
        schema = SCHEMATA.get(row["entity_type"])
        record_id = f"{ftm_id(row['article_id'])}-{ftm_id(row['referent_id'])}"
        document = ftm_id(row["article_id"])
        entity = ftm_id(row["entity_id"]) if row["entity_id"] else None
        if schema in ("Person", "Organization"):
            yield _record(
                record_id,
                "Mention",
                document=document,
                name=row["name"],
                resolved=entity,
                detectedSchema=schema,
                contextCountry=(row["country"] or "").lower(),
            )
        elif schema and entity:
            yield _record(
                record_id, "Documentation", document=document, entity=entity, role="mentioned"
            )


def _stated(time: datetime | None, precision: str | None) -> str | None:
    """A date as precise as the page states it, and no more."""
    return time.strftime(_PRECISIONS.get(precision or "", "%Y-%m-%d")) if time else None


@functools.cache
def _languages() -> dict[str, str]:
    """ISO 639-3 by ISO 639-1, which that model does not take."""
    with (DATA / "languages.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso_639_1"]: row["iso_639_3"] for row in csv.DictReader(file)}
