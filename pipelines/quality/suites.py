"""Suites as declared in ``expectations/TABLE.json``. Light: Great Expectations is not imported."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines import project
from pipelines.warehouse.schema import declared_columns

SEVERITIES = ("critical", "warning", "info")
STOPS = ("downstream", "publish")
ROW_RULE = "unexpected_rows_expectation"
QUERY = "unexpected_rows_query"
MAX_KEYS = 1000
"""Failing keys kept of a check; the count is always whole."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_QUOTED = re.compile(r"'[^']*'|--[^\n]*")
_CLOCK = re.compile(
    r"\b(?:current_(?:date|time|timestamp)\b|(?:now|today|get_current_timestamp|random|uuid)\s*\()",
    re.IGNORECASE,
)
"""What gives another value in each run: then no result could be carried to the next."""
_OURS = ("batch", "partition", "declared_columns", "now")
"""Placeholders that are no thresholds."""


class SuiteError(ValueError):
    """A suite that cannot be used; the message names the file, the entry and the mend."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number or list that a rule compares with, and why it is that one."""

    name: str
    value: Any
    reason: str


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
    key: str
    """Column of its failing keys: the suite's, where it names rows of the table."""
    names_rows: bool
    """True where each failing key is a row that breaks the rule by itself."""
    owner: str
    stops: str | None
    """``downstream`` (then nothing is published either), ``publish`` or None."""
    is_daily: bool
    """True where each day is checked by itself, false where the whole table is."""
    thresholds: tuple[Threshold, ...] = ()

    @property
    def blocking(self) -> bool:
        """True where a failure stops what lies downstream."""
        return self.stops == "downstream"

    @property
    def query(self) -> str | None:
        """A row rule's SQL, with ``{batch}`` standing for the rows under audit."""
        return self.kwargs.get(QUERY)

    @property
    def column(self) -> str | None:
        """The column that the rule is on, where it is on one."""
        return self.kwargs.get("column")

    def without(self, condition: str) -> Check:
        """The same rule, but for failing rows that ``condition`` (on ``failing``) excepts."""
        query = f"SELECT failing.* FROM ({self.query}) AS failing WHERE NOT ({condition})"  # noqa: S608
        return replace(self, kwargs={**self.kwargs, QUERY: query})


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

    @property
    def is_daily(self) -> bool:
        """True where a day's rows are audited by themselves, false where the whole table is."""
        return "{partition}" in self.batch

    def partition(self, day: date | None) -> date | None:
        """The day that a result of this suite is about: None where it is on the whole table."""
        return day if self.is_daily else None

    @property
    def reads_the_clock(self) -> bool:
        """True where its rules depend on how much of the day is over."""
        return any("{now}" in (check.query or "") for check in self.checks)

    def at(self, partition: date | None, time: datetime) -> Suite:
        """The suite with ``{now}`` filled in: the hour that ``time`` lies in, or the day's end.

        So a rule that says what there should be by now gives one result an hour while its day
        lasts, and the same one ever after.
        """
        if not self.reads_the_clock:
            return self
        hour = time.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if partition:
            over = datetime.combine(partition, datetime.min.time(), UTC) + timedelta(days=1)
            hour = min(hour, over)
        literal = f"TIMESTAMPTZ '{hour:%Y-%m-%d %H:%M:%S}+00'"
        checks = [
            replace(c, kwargs={**c.kwargs, QUERY: c.query.replace("{now}", literal)})
            if c.query
            else c
            for c in self.checks
        ]
        return replace(self, checks=tuple(checks))

    def batch_sql(self, partition: date | None) -> str:
        """``batch`` with the day filled in."""
        return self.batch.replace("{partition}", f"DATE '{partition}'")

    def rule_sql(self, check: Check, partition: date | None) -> str:
        """A row rule ready to run on a plain connection: pasted into a shell it shows the rows."""
        query = (check.query or "").replace("{partition}", f"DATE '{partition}'")
        return query.replace("{batch}", f"({self.batch_sql(partition)}) AS batch")


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


def find_check(asset: str, name: str) -> tuple[Suite, Check] | None:
    """A check as declared at present, with its suite; None where there is none of that name."""
    found = ((s, c) for s in suites_of(asset) for c in s.checks if c.name == name)
    return next(found, None)


def _read(path: Path) -> Suite:
    def wrong(text: str) -> SuiteError:
        return SuiteError(f"expectations/{path.name}: {text}")

    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise SuiteError(
            f"expectations/{path.name}:{error.lineno}: not JSON: {error.msg}"
        ) from error
    parts = ("asset", "table", "key", "batch", "owner", "expectations")
    if missing := [part for part in parts if part not in content]:
        raise wrong(f"lacks {', '.join(missing)}")
    if content["table"] not in declared_columns():
        raise wrong(f"table {content['table']!r} is not declared in sql/schema or sql/marts")
    content["batch"] = _lines(content["batch"])
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
    meta, severity = entry["meta"], entry["severity"]
    name, on_failure = meta["check"], meta.get("on_failure")
    stops = meta.get("stops", "downstream") if severity == "critical" else None
    if not _NAME.fullmatch(name):
        raise ValueError(f"meta.check {name!r}: use lower-case letters, digits and '_'")
    if severity not in SEVERITIES:
        raise ValueError(f"severity {severity!r}: use {', '.join(SEVERITIES)}")
    if stops is None and "stops" in meta:
        raise ValueError(f"meta.stops: only a critical check stops anything; this is {severity}")
    if stops is not None and stops not in STOPS:
        raise ValueError(f"meta.stops {stops!r}: use {', '.join(STOPS)}")
    if on_failure not in (None, "quarantine"):
        raise ValueError(f"meta.on_failure {on_failure!r}: use 'quarantine' or leave it out")
    is_row_rule = entry["type"] == ROW_RULE
    if on_failure and not is_row_rule:
        raise ValueError(f"only {ROW_RULE} can quarantine: its query names the rows")
    if on_failure and content["key"] != "fetch_id":
        raise ValueError(
            "meta.on_failure 'quarantine' holds captures back before they become articles, so it"
            " needs a suite with the key fetch_id. Leave it out: the failing rows are listed in the"
            " quarantine all the same"
        )
    if not entry["description"].strip():
        raise ValueError("description is empty: say in a sentence what must hold")
    thresholds = _thresholds(meta.get("thresholds", {}))
    kwargs = _kwargs(entry["kwargs"], content["table"], thresholds)
    if is_row_rule and "{batch}" not in kwargs.get(QUERY, ""):
        raise ValueError(f"{QUERY} must read FROM {{batch}}, the rows under audit")
    if on_failure and "{now}" in kwargs[QUERY]:
        raise ValueError("meta.on_failure 'quarantine': what is held cannot depend on {now}")
    if is_row_rule and (clock := _CLOCK.search(_QUOTED.sub("", kwargs[QUERY]))):
        raise ValueError(f"{QUERY}: {clock[0]} is different in each run: use {{now}}, the hour")
    key = meta.get("key", content["key"])
    return Check(
        suite,
        content["asset"],
        content["table"],
        name,
        entry["type"],
        kwargs,
        severity,
        _filled(entry["description"], thresholds),
        on_failure,
        key,
        key == content["key"] and "mostly" not in kwargs and _names_rows(entry["type"]),
        meta.get("owner", content["owner"]),
        stops,
        "{partition}" in content["batch"],
        tuple(thresholds.values()),
    )


def _names_rows(expectation: str) -> bool:
    return expectation == ROW_RULE or expectation.startswith(
        ("expect_column_values_", "expect_compound_columns_")
    )


def _thresholds(declared: dict[str, Any]) -> dict[str, Threshold]:
    found = {}
    for name, entry in declared.items():
        if not _NAME.fullmatch(name) or name in _OURS:
            raise ValueError(f"meta.thresholds: {name!r} cannot be a threshold's name")
        if not isinstance(entry, dict) or not str(entry.get("reason", "")).strip():
            raise ValueError(f"meta.thresholds: {name} needs a value and a reason")
        found[name] = Threshold(name, entry["value"], entry["reason"])
    return found


def _kwargs(
    declared: dict[str, Any], table: str, thresholds: dict[str, Threshold]
) -> dict[str, Any]:
    """Arguments with their placeholders filled in, but for ``{batch}`` and ``{partition}``.

    ``"{declared_columns}"`` stands for the table's columns, which sql/schema declares once; a
    query may be a list of lines; ``{name}`` stands for a threshold's value.
    """
    kwargs: dict[str, Any] = {}
    for key, value in declared.items():
        if value == "{declared_columns}":
            kwargs[key] = [column.name for column in declared_columns()[table]]
        elif key == QUERY:
            # A remark at its end must not swallow the bracket that closes over the query.
            text = _filled(_lines(value), thresholds).rstrip().removesuffix(";")
            kwargs[key] = f"{text}\n" if "--" in text else text
        elif isinstance(value, str) and (whole := _PLACEHOLDER.fullmatch(value)):
            kwargs[key] = _threshold(whole[1], thresholds).value
        else:
            kwargs[key] = value
    return kwargs


def _lines(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "\n".join(text)


def _filled(text: str, thresholds: dict[str, Threshold]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] in _OURS:
            return match[0]
        return str(_threshold(match[1], thresholds).value)

    return _PLACEHOLDER.sub(value, text)


def _threshold(name: str, thresholds: dict[str, Threshold]) -> Threshold:
    if name not in thresholds:
        raise ValueError(f"{{{name}}} is no threshold of meta.thresholds")
    return thresholds[name]
