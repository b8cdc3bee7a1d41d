"""``datapackage.json``: the tables as a Frictionless Data Package (v1), for csv and parquet."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pipelines import __version__
from pipelines.export.files import file_of
from pipelines.export.records import Column, File, Options, Written
from pipelines.export.tables import exported_columns

NAME = "datapackage.json"
_TYPES = {
    "BOOLEAN": {"type": "boolean"},
    "DATE": {"type": "date"},
    "DOUBLE": {"type": "number"},
    "FLOAT": {"type": "number"},
    "TIMESTAMP WITH TIME ZONE": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S.%fZ"},
}
_WHOLE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")


def write_datapackage(
    root: Path,
    *,
    snapshot: dict[str, Any],
    options: Options,
    tables: list[Written],
    sources: list[dict[str, Any]],
) -> File:
    """Writes the description: fields with types and words, keys, references, licences.

    A reference is named only where the table that it leads to is in the export, whole.
    """
    package = {
        "profile": "data-package",
        "name": "newsledger-export",
        "title": "News articles, names and entities",
        "version": __version__,
        "created": snapshot["published_at"].isoformat(),
        "sources": [{"title": s["name"], "path": s["source_id"]} for s in sources],
        "resources": [_resource(written, options, tables) for written in tables],
    }
    if licences := _licences(sources):
        package["licenses"] = licences
    path = root / NAME
    text = json.dumps(package, ensure_ascii=False, allow_nan=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    return file_of(root, path, len(tables))


def _licences(sources: list[dict[str, Any]]) -> list[dict[str, str]]:
    found = {s["licence"]: s["licence_url"] for s in sources if s["licence"]}
    return [{"name": name, **({"path": url} if url else {})} for name, url in sorted(found.items())]


def resource_name(table: str) -> str:
    """A table's name as the standard allows it."""
    return table.replace(".", "-").lower()


def _resource(written: Written, options: Options, tables: list[Written]) -> dict[str, Any]:
    table = written.table
    paths = [file.path for file in written.files]
    one = written.files[0] if len(paths) == 1 else None
    size = {"bytes": one.size, "hash": f"sha256:{one.sha256}"} if one else {}
    is_csv = options.table_format == "csv"
    return {
        "name": resource_name(table.name),
        "profile": "tabular-data-resource" if is_csv else "data-resource",
        "description": table.description,
        "path": paths[0] if one else paths,
        "format": options.table_format,
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        **({"encoding": "utf-8"} if is_csv else {}),
        **({"compression": "gz"} if options.gzip and is_csv else {}),
        **size,
        "schema": _schema(written, options, tables),
    }


def _schema(written: Written, options: Options, tables: list[Written]) -> dict[str, Any]:
    table = written.table
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in exported_columns(table, options)],
        "missingValues": [""],
    }
    if table.is_keyed:
        schema["primaryKey"] = list(table.key)
    whole = {other.table.name for other in tables if not other.withheld and not other.outside_days}
    keys = [
        {
            "fields": list(ours),
            "reference": {"resource": resource_name(name), "fields": list(theirs)},
        }
        for ours, name, theirs in table.references
        if name in whole or (table.by_article and name in {o.table.name for o in tables})
    ]
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _field(column: Column) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": "string"}
    if column.data_type.endswith("]"):
        kind = {"type": "array"}
    elif _WHOLE.fullmatch(column.data_type):
        kind = {"type": "integer"}
    elif column.data_type.startswith("DECIMAL"):
        kind = {"type": "number"}
    kind = _TYPES.get(column.data_type, kind)
    if column.description:
        kind = kind | {"description": column.description}
    required = {} if column.is_nullable else {"constraints": {"required": True}}
    return {"name": column.name, **kind, **required}
