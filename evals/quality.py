"""Every audit over labelled pages and seeds: what the checks say of real news that is in order.

Nobody damaged these pages, so a blocking check that fails on them is wrong, or the reader is. Warnings
and held pages are listed with the pages' addresses, to be read and judged by people.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals import warehouse
from evals.pages import MANIFEST, Folders, PagesError, set_names
from evals.readers import OURS
from evals.tables import table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from evals.report import Report

KEPT = 100
"""Failing rows of a check that a report keeps."""
SHOWN = 3
"""Those of them that are printed, where no more are asked for."""
_LATEST = """
    CREATE TEMP VIEW latest AS
    SELECT *
    FROM ops.quality_results
    QUALIFY row_number() OVER (
        PARTITION BY partition_key, asset_key, check_name ORDER BY checked_at DESC, run_id
    ) = 1
"""
_FAILED = """
    SELECT
        any_value(severity), asset_key, check_name, count(*), sum(unexpected_count),
        any_value(error), flatten(list(failing_keys))
    FROM latest
    WHERE NOT success
    GROUP BY asset_key, check_name
    ORDER BY min(CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END), 2, 3
"""
_COUNTED = (
    "",
    "WHERE severity = 'critical'",
    "WHERE NOT success AND (severity = 'critical' OR error IS NOT NULL)",
)
"""Of the results: all, those that can stop a publish, those that do."""
_PLACES = """
    SELECT q.row_key, f.source_id || '/' || f.location, coalesce(f.final_uri, f.target_uri)
    FROM ops.quarantine AS q
    JOIN raw.fetches AS f ON q.fetch_id = f.fetch_id
    WHERE q.asset_key = ? AND q.reason = ? AND q.resolved_at IS NULL
    ORDER BY ALL
"""
_HELD = """
    SELECT q.reason, q.row_key, f.source_id || '/' || f.location, coalesce(f.final_uri, f.target_uri)
    FROM ops.quarantine AS q
    JOIN raw.fetches AS f ON q.fetch_id = f.fetch_id
    WHERE q.resolved_at IS NULL AND q.effect = 'held'
    ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A failing row."""

    key: str
    page: str | None
    """Set and file of its page; None where it comes from no single one."""
    address: str | None


@dataclass(frozen=True, slots=True)
class Failing:
    """A check that does not hold on pages that are in order."""

    severity: str
    asset: str
    check: str
    partitions: int
    """Days, or whole tables, that it fails on."""
    rows: int | None
    """Rows that break the rule; None where it counts none."""
    error: str | None
    """Why the rule itself broke."""
    examples: tuple[Row, ...]
    """KEPT at most, those whose page is known first."""

    @property
    def blocks(self) -> bool:
        """True where it stops a publish."""
        return self.severity == "critical" or self.error is not None


@dataclass(slots=True)
class Audited:
    """What all audits gave."""

    captures: int = 0
    results: int = 0
    """Checks evaluated, a day or whole table each."""
    critical: int = 0
    """Those of them that can stop a publish."""
    blocking: int = 0
    """Those that do."""
    failing: list[Failing] = field(default_factory=list)
    held: dict[str, list[Row]] = field(default_factory=dict)
    """Held captures by the check that holds them."""

    @property
    def blocking_checks(self) -> int:
        """Failing checks that stop a publish on some day."""
        return sum(check.blocks for check in self.failing)

    @property
    def held_captures(self) -> int:
        """Captures held, for whatever reasons."""
        return len({row.key for rows in self.held.values() for row in rows})


def inputs(folders: Folders) -> list[Path]:
    """Lists of pages, and seeds: what is read; empty where there is no data."""
    sets = [folders.evaluation / "extraction" / name / MANIFEST for name in set_names(folders.evaluation)]  # fmt: skip
    return [*sets, *sorted(folders.seeds.glob("*.txt"))]


def measure(folders: Folders, home: Path) -> Audited:
    """Takes pages and seeds through capture, reading, validation and recognition, then every audit.

    Args:
        folders: where the data lies.
        home: a folder for the warehouse, made here.

    Raises:
        ImportError: the pipeline is one of before its audits could be called.
        PagesError: nothing could be captured.

    """
    from pipelines.quality.audit import audit_asset
    from pipelines.settings import Settings

    manifests = [path for path in inputs(folders) if path.name == MANIFEST]
    if manifests:
        first, *rest = [path.parent for path in manifests]
        warehouse.ingest(home, first, *map(str, rest), "--manifest", MANIFEST)
    if any(folders.seeds.glob("*.txt")):
        warehouse.ingest(home, folders.seeds)
    settings = Settings(home=home, archive=None)
    if not settings.warehouse_file.is_file():
        raise PagesError(f"newsledger ingest made no warehouse of {folders.evaluation}")
    for asset, day in _not_audited(settings.warehouse_file):
        audit_asset(settings, asset, day, "evaluation")
    return _read(settings.warehouse_file)


def _not_audited(file: Path) -> list[tuple[str, date]]:
    """What the runs did not audit: a blocking failure keeps what lies downstream from it."""
    from pipelines.quality.suites import load_suites
    from pipelines.warehouse.connection import connect

    with connect(file, read_only=True) as connection:
        days = connection.execute("SELECT DISTINCT fetch_date FROM raw.fetches ORDER BY 1")
        assets = sorted({suite.asset for suite in load_suites()})
        wanted = [(asset, day) for (day,) in days.fetchall() for asset in assets]
        audited = connection.execute("SELECT asset_key, partition_key FROM ops.audits").fetchall()
    return [(a, d) for a, d in wanted if not {(a, d), (a, None)} & set(audited)]


def _read(file: Path) -> Audited:
    from pipelines.warehouse.connection import connect

    with connect(file, read_only=True) as connection:
        connection.execute(_LATEST)
        results, critical, blocking = (
            _number(connection, f"SELECT count(*) FROM latest {where}")  # noqa: S608  # ours
            for where in _COUNTED
        )
        found = Audited(
            _number(connection, "SELECT count(*) FROM raw.fetches"), results, critical, blocking
        )
        for severity, asset, check, partitions, rows, error, keys in connection.execute(
            _FAILED
        ).fetchall():
            examples = _examples(connection, asset, check, keys or [])
            count = None if rows is None else int(rows)
            found.failing.append(
                Failing(severity, asset, check, partitions, count, error, examples)
            )
        for reason, *row in connection.execute(_HELD).fetchall():
            found.held.setdefault(reason, []).append(Row(*row))
    return found


def _number(connection: DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _examples(
    connection: DuckDBPyConnection, asset: str, check: str, keys: Sequence[str]
) -> tuple[Row, ...]:
    rows = [Row(*row) for row in connection.execute(_PLACES, [asset, check]).fetchall()]
    known = {row.key for row in rows}
    return tuple([*rows, *(Row(key, None, None) for key in keys if key not in known)][:KEPT])


def shares(found: Audited) -> dict[str, dict[str, float]]:
    """What floors hold: by name, newsledger's figure."""
    return _ours(
        {
            "critical checks that hold": 1 - found.blocking / (found.critical or 1),
            "captures that are not held": 1 - found.held_captures / (found.captures or 1),
        }
    )


def counts(found: Audited) -> dict[str, dict[str, float]]:
    """What is counted, and no floor holds: more is not better."""
    return _ours(
        {
            "captures": found.captures,
            "results of checks": found.results,
            "false blocking failures": found.blocking,
            "failing checks that block nothing": len(found.failing) - found.blocking_checks,
            "captures that are held": found.held_captures,
        }
    )


def _ours(values: dict[str, float]) -> dict[str, dict[str, float]]:
    return {name: {OURS: value} for name, value in values.items()}


def as_record(found: Audited) -> dict[str, Any]:
    """The whole for a report, as JSON knows it."""
    return dict(json.loads(json.dumps(asdict(found))))


def section(report: Report, *, markdown: bool = False, most: int = SHOWN) -> str:
    """What fails and what is held, as a table; on a terminal ``most`` rows each to read as well.

    Empty where it was not measured.
    """
    found = report.get("quality")
    if found is None:
        return ""
    head = ["severity", "check", "days or tables", "rows"]
    rows = [
        [
            "broken" if f["error"] else f["severity"],
            f"{f['asset']}.{f['check']}",
            str(f["partitions"]),
            "-" if f["rows"] is None else str(f["rows"]),
        ]
        for f in found["failing"]
    ]
    held = [["held", reason, "-", str(len(rows))] for reason, rows in found["held"].items()]
    if not rows and not held:
        return "Every check holds, and nothing is held."
    parts = [table(head, [*rows, *held], markdown=markdown)]
    if not markdown:
        parts += _rows_to_read(found, most)
    return "\n\n".join(parts)


def _rows_to_read(found: dict[str, Any], most: int) -> list[str]:
    blocks = []
    for f in found["failing"]:
        title = f"{f['severity']} {f['asset']}.{f['check']}"
        if f["error"]:
            title += f": the rule broke: {f['error'].splitlines()[0]}"
        blocks.append("\n".join([title, *map(_told, f["examples"][:most])]))
    for reason, rows in found["held"].items():
        blocks.append("\n".join([f"held: {reason}", *map(_told, rows[:most])]))
    return blocks


def _told(row: dict[str, Any]) -> str:
    return "  " + "  ".join(part for part in (row["key"], row["page"], row["address"]) if part)
