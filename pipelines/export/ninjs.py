"""Articles as IPTC ninjs 3.0 (News in JSON), one document a line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.export.days import articles_with_names
from pipelines.export.files import write_lines
from pipelines.export.records import File, Options

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STANDARD = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
}
_LISTS = {
    "person": "people",
    "organization": "organisations",
    "place": "places",
    "event": "events",
}
"""The property that lists entities of each type; nationalities have none."""


def write_ninjs(connection: DuckDBPyConnection, root: Path, options: Options) -> list[File]:
    """Writes ``ninjs/articles.jsonl``: the current version of each article."""
    records = (_document(row, things) for row, things in articles_with_names(connection, options))
    return [write_lines(root, root / "ninjs" / "articles.jsonl", records, compressed=options.gzip)]


def _document(row: dict[str, Any], things: list[dict[str, Any]]) -> dict[str, Any]:
    body = row["article_body"]
    # ninjs wants a full time: a date that states a day alone would claim more than the page says.
    is_timed = row["date_published_precision"] in ("minute", "second")
    document = {
        "uri": f"urn:x-newsledger:article:{row['article_id']}",
        "standard": STANDARD,
        "type": "text",
        "representationType": "full" if body else "partial",
        "version": str(row["version"]),
        "firstCreated": _time(row["first_captured"]),
        "versionCreated": _time(row["valid_from"]),
        "contentCreated": _time(row["date_published"]) if is_timed else None,
        "language": row["in_language"],
        "by": row["byline"] or ", ".join(row["authors"] or []),
        "located": row["dateline_place"],
        "usageTerms": row["usage_terms"],
        "rightsInfo": {"linkedRights": row["licence_url"]} if row["licence_url"] else None,
        "headlines": _values(row["headline"]),
        "descriptions": _values(row["description"]),
        "bodies": _bodies(body, row["word_count"]),
        "subjects": [{"name": row["article_section"]}] if row["article_section"] else [],
        "infoSources": _sources(row),
        "renditions": _renditions(row["url"]),
        "altIds": _canonical(row["canonical_url"]),
        **_entities(things),
    }
    return {name: value for name, value in document.items() if value}


def _time(time: datetime | None) -> str | None:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def _values(text: str | None) -> list[dict[str, Any]]:
    return [{"value": text}] if text else []


def _bodies(body: str | None, words: int | None) -> list[dict[str, Any]]:
    if not body:
        return []
    counted = {"wordCount": words} if words is not None else {}
    return [{"contentType": "text/plain", "charCount": len(body), **counted, "value": body}]


def _sources(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Who wrote it, who carries it, and the agencies that it credits."""
    names = [row["publisher_name"], row["source_name"], *(row["agencies"] or [])]
    return [{"name": name} for name in dict.fromkeys(names) if name]


def _renditions(url: str | None) -> list[dict[str, Any]]:
    return [{"name": "web", "href": url}] if url else []


def _canonical(url: str | None) -> list[dict[str, Any]]:
    return [{"role": "canonical", "value": url}] if url else []


def _entities(things: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Known entities by type, each once."""
    lists: dict[str, dict[str, dict[str, Any]]] = {}
    for thing in things:
        name = _LISTS.get(thing["entity_type"])
        if name is None or thing["entity_id"] is None:
            continue
        entry = {"name": thing["entity_name"], "rel": "mentions", "literal": thing["entity_id"]}
        if thing["wikidata_id"]:
            entry["uri"] = f"http://www.wikidata.org/entity/{thing['wikidata_id']}"
        lists.setdefault(name, {})[thing["entity_id"]] = entry
    return {name: list(entries.values()) for name, entries in sorted(lists.items())}
