"""Suites as declared in ``expectations/TABLE.json``. Light: Great Expectations is not imported."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines import project
from pipelines.warehouse.schema import declared_tables

SEVERITIES = ("critical", "warning", "info")
ROW_RULE = "unexpected_rows_expectation"
QUERY = "unexpected_rows_query"
MAX_KEYS = 1000
"""Failing keys kept of a check; the count is always whole."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class SuiteError(ValueError):
    """A suite that cannot be used; the message names the file, the entry and the mend."""


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation of a suite."""

    suite: str
    asset: str
    table: str
    name: str
    """Its name in the UI, in ``ops.quality_results`` and as a quarantine's reason."""
    expectation: str
    """Great Expectations type, snake case."""
    kwargs: dict[str, Any]
    severity: str
    description: str
    on_failure: str | None
    """``quarantine``: failing rows are held back. None: the check only reports or gates."""

    @property
    def blocking(self) -> bool:
        """True where a failure stops what lies downstream."""
        return self.severity == "critical"

    @property
    def query(self) -> str | None:
        """A row rule's SQL, with ``{batch}`` standing for the rows under audit."""
        return self.kwargs.get(QUERY)

    @property
    def column(self) -> str | None:
        """The column that the rule is on, where it is on one."""
        return self.kwargs.get("column")


@dataclass(frozen=True, slots=True)
class Suite:
    """The rules for one table, and which of its rows belong to a partition."""

    name: str
    asset: str
    table: str
    key: str
    """Column that names a row in failing keys."""
    batch: str
    """SELECT of the rows under audit; ``{partition}`` stands for the day."""
    checks: tuple[Check, ...]

    def batch_sql(self, partition: date) -> str:
        """``batch`` with the day filled in."""
        return self.batch.replace("{partition}", f"DATE '{partition:%Y-%m-%d}'")

    def rule_sql(self, check: Check, partition: date) -> str:
        """A row rule ready to run on a plain connection: pasted into a shell it shows the rows."""
        return (check.query or "").replace("{batch}", f"({self.batch_sql(partition)}) AS batch")


@functools.cache
def load_suites(folder: Path | None = None) -> tuple[Suite, ...]:
    """Every suite of a folder (default ``expectations/``), in name order.

    Raises SuiteError for a file that is not JSON, a missing part, or a name used twice.
    """
    folder = folder or project.ROOT / "expectations"
    suites = tuple(_read(path) for path in sorted(folder.glob("*.json")))
    seen: dict[tuple[str, str], str] = {}
    for suite in suites:
        for check in suite.checks:
            place = (check.asset, check.name)
            if place in seen:
                raise SuiteError(
                    f"{suite.name}.json: check {check.name!r} is in {seen[place]}.json already;"
                    f" names are unique in an asset ({check.asset})"
                )
            seen[place] = suite.name
    for asset in {suite.asset for suite in suites}:
        # Downstream waits for a check step only where one of its checks is blocking.
        if not any(c.blocking for s in suites if s.asset == asset for c in s.checks):
            raise SuiteError(f"asset {asset}: needs at least one critical check in expectations/")
    return suites


def suites_of(asset: str) -> tuple[Suite, ...]:
    """The suites whose checks belong to an asset."""
    return tuple(suite for suite in load_suites() if suite.asset == asset)


def _read(path: Path) -> Suite:
    def wrong(text: str) -> SuiteError:
        return SuiteError(f"expectations/{path.name}: {text}")

    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise SuiteError(
            f"expectations/{path.name}:{error.lineno}: not JSON: {error.msg}"
        ) from error
    missing = [k for k in ("asset", "table", "key", "batch", "expectations") if k not in content]
    if missing:
        raise wrong(f"lacks {', '.join(missing)}")
    if content["table"] not in declared_tables():
        raise wrong(f"table {content['table']!r} is not declared in sql/schema")
    checks = []
    for number, entry in enumerate(content["expectations"], 1):
        try:
            checks.append(_check(path.stem, content, entry))
        except (KeyError, ValueError) as error:
            reason = f"lacks {error}" if isinstance(error, KeyError) else str(error)
            raise wrong(f"expectation {number}: {reason}") from error
    return Suite(
        path.stem,
        content["asset"],
        content["table"],
        content["key"],
        content["batch"],
        tuple(checks),
    )


def _check(suite: str, content: dict[str, Any], entry: dict[str, Any]) -> Check:
    name, severity = entry["meta"]["check"], entry["severity"]
    on_failure = entry["meta"].get("on_failure")
    if not _NAME.fullmatch(name):
        raise ValueError(f"meta.check {name!r}: use lower-case letters, digits and '_'")
    if severity not in SEVERITIES:
        raise ValueError(f"severity {severity!r}: use {', '.join(SEVERITIES)}")
    if on_failure not in (None, "quarantine"):
        raise ValueError(f"meta.on_failure {on_failure!r}: use 'quarantine' or leave it out")
    if on_failure and entry["type"] != ROW_RULE:
        raise ValueError(f"only {ROW_RULE} can quarantine: its query names the rows")
    if entry["type"] == ROW_RULE and "{batch}" not in entry["kwargs"].get(QUERY, ""):
        raise ValueError(f"{QUERY} must read FROM {{batch}}, the rows under audit")
    if not entry["description"].strip():
        raise ValueError("description is empty: say in a sentence what must hold")
    return Check(
        suite,
        content["asset"],
        content["table"],
        name,
        entry["type"],
        _with_declared_columns(entry["kwargs"], content["table"]),
        severity,
        entry["description"],
        on_failure,
    )


def _with_declared_columns(kwargs: dict[str, Any], table: str) -> dict[str, Any]:
    """``"{declared_columns}"`` stands for the table's columns, which sql/schema declares once."""
    columns = [column.name for column in declared_tables()[table]]
    return {k: columns if v == "{declared_columns}" else v for k, v in kwargs.items()}
