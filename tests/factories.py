"""Small real-looking inputs and homes for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipelines.clean.extract import EXTRACTOR_VERSION
from pipelines.ids import stable_id, text_sha256

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

PARAGRAPHS = (
    "Harbour pilots in {place} will work under one roster from April, the port authority said,"
    " after a winter in which three ships waited more than a day outside the breakwater.",
    "“We owe the crews a berth and a date,” said {person}, who runs the authority’s traffic desk,"
    " adding that the first joint watch would begin on a Monday and last a fortnight.",
    "Fishing cooperatives welcomed the change. Their smaller boats had been asked to leave the"
    " channel at night, which cost them the early market on several days in February.",
)


def page(
    headline: str = "Port of Bergen to share its pilots",
    place: str = "Bergen",
    person: str = "Ingrid Solheim",
    extra: str = "",
) -> bytes:
    """A small HTML article."""
    body = "".join(f"<p>{p.format(place=place, person=person)}</p>" for p in PARAGRAPHS)
    html = (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{headline}</title>"
        "<meta property='article:published_time' content='2026-03-02T08:00:00Z'></head><body>"
        "<nav><a href='/'>Home</a> <a href='/sea'>Sea</a></nav>"
        f"<article><h1>{headline}</h1>{body}{extra}</article>"
        "<footer>All tides are approximate.</footer></body></html>"
    )
    return html.encode()


def write_pages(folder: Path, pages: Iterable[tuple[str, bytes, str, str]]) -> Path:
    """A folder with a manifest: (file, bytes, url, fetched_at) a page."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, content, url, fetched_at in pages:
        (folder / name).write_bytes(content)
        lines.append(json.dumps({"file": name, "url": url, "fetched_at": fetched_at}))
    (folder / "manifest.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def write_sources(path: Path, *sources: dict[str, Any]) -> Path:
    """A ``sources.yaml``; JSON is YAML."""
    path.write_text(json.dumps({"sources": list(sources)}, indent=1), encoding="utf-8")
    return path


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a command over a home of its own."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSLEDGER_", "DAGSTER_"))}
    return clean | {"NEWSLEDGER_HOME": str(home), "COLUMNS": "200"} | more


def newsledger(
    home: Path, *arguments: str, timeout: float = 300, **more: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command line as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def query(home: Path, sql: str) -> list[dict[str, Any]]:
    """Rows of the published snapshot, through the command line's JSON."""
    result = newsledger(home, "sql", sql, "--format", "json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def fetch_row(name: str, **changes: Any) -> dict[str, Any]:
    """A row of ``raw.fetches``."""
    at = changes.get("fetched_at", NOON)
    return {
        "fetch_id": name,
        "source_id": "harbour",
        "kind": "file",
        "location": f"{name}.html",
        "fetched_at": at,
        "fetch_date": at.date(),
        "payload_sha256": text_sha256(name),
        "payload_bytes": 10,
        "archive_path": f"{name}.gz",
        "outcome": "captured",
        "run_id": "run",
    } | changes


def staged_row(fetch_id: str, article: str, body: str, **changes: Any) -> dict[str, Any]:
    """A row of ``staging.articles`` for a capture made by ``fetch_row``."""
    at = changes.get("fetched_at", NOON)
    headline = changes.get("headline", "Pilots to share a roster")
    return {
        "fetch_id": fetch_id,
        "fetch_date": at.date(),
        "fetched_at": at,
        "payload_sha256": text_sha256(fetch_id),
        "article_id": article,
        "source_id": "harbour",
        "headline": headline,
        "authors": [],
        "in_language": "en",
        "article_body": body,
        "word_count": len(body.split()),
        "body_sha256": text_sha256(body),
        "content_sha256": stable_id(headline, body),
        "extractor": "html",
        "extractor_version": EXTRACTOR_VERSION,
        "run_id": "run",
    } | changes


def block_row(fetch_id: str, body: str) -> dict[str, Any]:
    """The one body block of a staged article."""
    return {
        "fetch_id": fetch_id,
        "block_no": 0,
        "role": "body",
        "is_body": True,
        "start_char": 0,
        "end_char": len(body),
        "block_text": body,
        "rule_id": "test",
        "confidence": 1.0,
    }
