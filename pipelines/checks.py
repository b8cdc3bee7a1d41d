"""The rules in force, chosen and put into words; with the results of one, where there are some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.quality.suites import QUERY, SEVERITIES, Check, load_suites
from pipelines.warehouse.schema import declared_columns

if TYPE_CHECKING:
    from pipelines.settings import Settings

Record = dict[str, Any]
DAYS_SHOWN = 5
"""Days of a check whose results are told: those where it does not hold come first."""


class UnknownCheckError(ValueError):
    """No check is of that name, or of those asked for; the message says which there are."""


def chosen_checks(
    name: str | None = None, asset: str | None = None, severity: str | None = None
) -> list[Check]:
    """Checks in the order of their assets and suites.

    ``name``: a check's, or ``asset.check`` where two assets have one of that name. Raises
    UnknownCheckError where nothing is left, and SuiteError as ``load_suites`` does.
    """
    known = [c for suite in load_suites() for c in suite.checks]
    known.sort(key=lambda check: check.asset)
    assets = sorted({check.asset for check in known})
    if asset is not None and asset not in assets:
        raise UnknownCheckError(f"--asset {asset!r}: use one of {', '.join(assets)}")
    if severity is not None and severity not in SEVERITIES:
        raise UnknownCheckError(f"--severity {severity!r}: use one of {', '.join(SEVERITIES)}")
    found = [
        check
        for check in known
        if (name is None or name in (check.name, f"{check.asset}.{check.name}"))
        and asset in (None, check.asset)
        and severity in (None, check.severity)
    ]
    if not found:
        raise UnknownCheckError(_nothing(name, known))
    return found


def _nothing(name: str | None, known: Sequence[Check]) -> str:
    if name is None:
        return "no check is of that asset and severity"
    from difflib import get_close_matches

    names = sorted({check.name for check in known})
    if name in names:
        return f"check {name!r} is of another asset or severity"
    near = get_close_matches(name, names, 3, 0.5)
    mend = f"did you mean {', '.join(near)}?" if near else "newsledger checks lists them"
    return f"no check {name!r}: {mend}"


def effect_in_words(check: Check) -> str:
    """What a failure does."""
    parts = []
    if check.on_failure:
        parts.append("holds its rows back in quarantine")
    if check.stops == "downstream":
        parts.append("stops what is derived from the rows, and the publish")
    elif check.stops == "publish":
        parts.append("stops the publish")
    elif not check.on_failure:
        parts.append("stops nothing")
    if check.names_rows and not check.on_failure:
        parts.append("lists its rows in the quarantine")
    return "; ".join(parts)


def scope_in_words(check: Check) -> str:
    """Which rows are under audit, and what its failing keys are."""
    rows = "each day's rows" if check.is_daily else "the whole table"
    return f"{rows} of {check.table}; failing keys are values of {check.key}"


def batch_of(suite: str) -> str:
    """SELECT of the rows that a suite has under audit; ``{partition}`` stands for the day.

    Raises KeyError where there is no suite of that name.
    """
    return {known.name: known.batch for known in load_suites()}[suite]


def value_in_words(value: Any) -> str:
    """A threshold's value or an argument: lists joined by commas, text as it is."""
    if isinstance(value, list):
        return ", ".join(value_in_words(item) for item in value)
    return "true" if value is True else "false" if value is False else str(value)


def arguments(check: Check) -> dict[str, str]:
    """Arguments of a check that has no query, in words; a query has none beside it."""
    columns = [column.name for column in declared_columns()[check.table]]
    return {
        key: "the columns that sql/schema declares" if value == columns else value_in_words(value)
        for key, value in check.kwargs.items()
        if key != QUERY
    }


def as_record(check: Check) -> Record:
    """Everything that is declared of a check."""
    return {
        "asset": check.asset,
        "check": check.name,
        "table": check.table,
        "description": check.description,
        "severity": check.severity,
        "stops": check.stops or "nothing",
        "on_failure": check.on_failure or "report",
        "owner": check.owner,
        "is_daily": check.is_daily,
        "key": check.key,
        "names_rows": check.names_rows,
        "declared_in": f"expectations/{check.suite}.json",
        "expectation": check.expectation,
        "arguments": {k: v for k, v in check.kwargs.items() if k != QUERY},
        "thresholds": [
            {"name": t.name, "value": t.value, "reason": t.reason} for t in check.thresholds
        ],
        "batch": batch_of(check.suite),
        "query": check.query,
    }


def latest_results(settings: Settings, check: Check) -> list[Record] | None:
    """The latest result of a check on each day, or on its whole table, from the snapshot.

    Those that do not hold come first, then the newest day. None where nothing is published, or an
    older newsledger published it.
    """
    import duckdb

    from pipelines.warehouse.query import SnapshotError, snapshot

    try:
        with snapshot(settings.published_file) as connection:
            found = connection.execute(
                project.sql_text("load/check_results.sql"),
                {"asset": check.asset, "name": check.name},
            )
            columns = [column[0] for column in found.description]
            return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    except (SnapshotError, duckdb.Error):
        return None
