"""Small files of a user, and a default catalogue that these tests can read whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.known_things import known

DEFAULTS = (
    known("Q183", "place", "Germany", "Deutschland", country="DE"),
    known("Q567", "person", "Angela Merkel", weak=("Merkel",), country="DE"),
    known("nationality:DE", "nationality", "German", "Germans", country="DE"),
    known("Q43297", "organization", "Time", "Time magazine", weak=("Time",)),
    known("organization:kremlin", "organization", "Kremlin", country="RU"),
)


def ftm(entity_id: str, schema: str, *names: str, **properties: list[Any]) -> dict[str, Any]:
    return {"id": entity_id, "schema": schema, "properties": {"name": list(names), **properties}}


def write_lines(path: Path, *records: object) -> Path:
    """JSON lines; a text stands as it is."""
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
