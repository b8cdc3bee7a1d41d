"""``manifest.json``: what an export holds, of which snapshot, and what it leaves out and why."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines import __version__
from pipelines.export.folder import LAYOUT, MANIFEST, MARK, OWN_HASH, own_hash
from pipelines.export.records import File, Options, Written
from pipelines.export.tables import exported_columns

TEXT_RULES = {
    "permitted": "texts only of articles under terms that let them be handed on",
    "all": "texts of all articles but those that are reserved or forbidden",
    "none": "no texts",
}
_REASONS = {
    "usage_terms": "the terms that a person noted of its source forbid it",
    "tdm_reservation": "the site reserves text and data mining (TDMRep)",
    "usage_preference": "the site declines automated uses (Content-Usage, Content-Signal)",
    "robots_meta": "the page wants no stored copy, no quotation or no listing",
    "terms_unknown": "nobody noted terms of its source: facts are exported, texts are not",
    "not_asked_for": "--texts none",
    "no_article": "no article is known for the row",
    "only_withheld": "only withheld articles name it",
}
"""Why rows or texts are left out, by the code that the manifest and withheld.csv use."""


def reason_in_words(code: str) -> str:
    """What a code of the manifest means."""
    return _REASONS[code]


def write_manifest(
    root: Path,
    *,
    snapshot: dict[str, Any],
    options: Options,
    tables: list[Written],
    others: list[File],
    withheld: Counter[tuple[str, str]],
    sources: list[dict[str, Any]],
) -> dict[str, Any]:
    """Writes the manifest, which bears no time but the snapshot's, and gives it back.

    ``withheld`` counts articles by (rows or texts, reason); ``sources`` is from ``source_terms``.
    """
    import duckdb

    reasons = {reason for _, reason in withheld}
    for written in tables:
        reasons |= written.withheld.keys() | written.without_text.keys()
    manifest: dict[str, Any] = {
        MARK: LAYOUT,
        "newsledger": __version__,
        "duckdb": duckdb.__version__,
        "snapshot": {name: _plain(value) for name, value in snapshot.items()},
        "options": {
            "as": list(options.kinds),
            "format": options.table_format,
            "gzip": options.gzip,
            "tables": [written.table.name for written in tables],
            "since": _plain(options.since),
            "until": _plain(options.until),
            "texts": options.texts,
            "texts_in_words": TEXT_RULES[options.texts],
        },
        "withheld_articles": {
            what: {reason: n for (kind, reason), n in sorted(withheld.items()) if kind == what}
            for what in ("rows", "texts")
        },
        "reasons": {code: _REASONS[code] for code in sorted(reasons)},
        "tables": [_table(written, options) for written in tables],
        "other_files": [_file(file) for file in others],
        "sources": sources,
        "sources_with_unknown_terms": sum(s["read_as"] == "unknown" for s in sources),
    }
    manifest[OWN_HASH] = own_hash(manifest)
    text = json.dumps(manifest, ensure_ascii=False, allow_nan=False, indent=1)
    (root / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def _table(written: Written, options: Options) -> dict[str, Any]:
    table = written.table
    return {
        "name": table.name,
        "description": table.description,
        "partitioned_by": "day" if table.by_day and options.table_format == "parquet" else None,
        "rows_in_snapshot": written.in_snapshot,
        "rows_exported": written.exported,
        "rows_of_other_days": written.outside_days,
        "rows_withheld": written.withheld,
        "rows_without_text": written.without_text,
        "columns": [
            {
                "name": column.name,
                "type": column.data_type,
                "is_text": column.is_text,
                "description": column.description,
            }
            for column in exported_columns(table, options)
        ],
        "files": [_file(file) for file in written.files],
    }


def _file(file: File) -> dict[str, Any]:
    found = asdict(file)
    return {"path": found["path"], "rows": file.rows, "bytes": file.size, "sha256": file.sha256}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
