"""How the Dagster UI shows a check, its results and what an audit gave in all.

The page of a check has, from above: what must hold and with which thresholds (the check's
description), what came of it in words (the result's), then the result's metadata, which the UI
sorts by their labels, hence the numbers before them; below it draws each number over time. A check
that passes says only its numbers: Dagster keeps every result of every run.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date

import dagster as dg

from pipelines.quality.records import CheckResult
from pipelines.quality.suites import Check

COLUMNS = 12
"""Columns of a sample shown: more do not fit a page."""
LONGEST_CELL = 200
LONGEST_TEXT = 2000
"""Characters of a message or an observed value: every result is kept in Dagster's log."""

STOPPED = {
    "downstream": "Until it passes or is overridden, nothing downstream of the asset is derived"
    " from the day, and nothing is published.",
    "publish": "Until it passes or is overridden, nothing is published.",
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """A result of the days before, as ``ops.quality_results`` has it."""

    check: str
    day: date
    """Partition; where the check is on a whole table, the day of the audit."""
    status: str
    """passed, failed or broken."""
    unexpected_count: int | None
    element_count: int | None


def declared(check: Check) -> dict[str, object]:
    """What the UI says of a check before it has run."""
    return {
        "table": check.table,
        "expectation": check.expectation,
        "severity": check.severity,
        "stops": check.stops or "nothing",
        "owner": check.owner,
        "arguments": dg.MetadataValue.json(check.kwargs),
        "on_failure": check.on_failure or "report",
        "declared_in": _place(check),
    }


def about(check: Check) -> str:
    """What must hold, the thresholds with their reasons, whose rule it is (Markdown)."""
    thresholds = "".join(
        f"\n- `{t.name}` = `{_cut(t.value)}`: {t.reason}" for t in check.thresholds
    )
    return (
        check.description
        + (f"\n\nThresholds:\n{thresholds}" if thresholds else "")
        + f"\n\n*{check.severity}, looked after by {check.owner}, declared in {_place(check)}*"
    )


def shown(result: CheckResult, earlier: Iterable[Earlier] = ()) -> dg.AssetCheckResult:
    """A result for the UI. A rule that broke looks different from bad data.

    Args:
        result: what the audit gave.
        earlier: results of the days before, for a check that does not pass.

    """
    check = result.check
    loud = (check.severity == "critical" or result.error) and not result.override_id
    return dg.AssetCheckResult(
        asset_key=check.asset,
        check_name=check.name,
        passed=result.success,
        severity=dg.AssetCheckSeverity.ERROR if loud else dg.AssetCheckSeverity.WARN,
        description=in_words(result),
        metadata=_metadata(result, list(earlier)),
    )


def in_words(result: CheckResult) -> str:
    """What came of a check: passed, failed or RULE BROKE, how many rows, and what follows."""
    parts = [_verdict(result)]
    if not result.success:
        parts.append(_consequence(result))
    if result.carried and result.checked_at:
        at = result.checked_at.astimezone(UTC)
        parts.append(f"Not run again: nothing has changed since {at:%Y-%m-%d %H:%M} UTC.")
    if not result.success:
        parts.append(f"What must hold: {result.check.description}")
    return "\n\n".join(parts)


def _verdict(result: CheckResult) -> str:
    check, failing, looked_at = result.check, result.unexpected_count, result.element_count
    if result.error:
        return (
            f"RULE BROKE. The rule itself failed, so nothing is known of the data."
            f" Mend it in {_place(check)}. It said: {_cut(result.error.splitlines()[0])}"
        )
    rows = "" if looked_at is None else f" {looked_at:,} rows looked at."
    if result.success:
        return f"PASSED.{rows}"
    if not failing:
        return f"FAILED.{rows} Observed: {_cut(_observed(result))}."
    if not check.names_rows:
        return f"FAILED.{rows} {failing:,} failing, by {check.key}."
    share = _share(result)
    if share is None:
        return f"FAILED. {failing:,} rows break it, those of earlier runs included.{rows}"
    return f"FAILED. {failing:,} of {looked_at:,} rows break it ({share:.3g} %)."


def _consequence(result: CheckResult) -> str:
    check = result.check
    if result.override_id:
        return (
            f"OVERRIDDEN by {result.override_id}: it is published all the same; ops.overrides"
            " says who decided so, and why."
        )
    if result.error:
        return "Until the rule is mended or overridden, nothing is published."
    if check.on_failure == "quarantine":
        return "These captures are held in quarantine; what passes goes on."
    return STOPPED.get(check.stops or "", "It stops nothing: what fails is published, and listed.")


def _metadata(result: CheckResult, earlier: Sequence[Earlier]) -> dict[str, dg.MetadataValue]:
    metadata: dict[str, dg.MetadataValue] = {}
    if result.error:
        metadata["0 RULE BROKE"] = dg.MetadataValue.text(_cut(result.error, LONGEST_TEXT))
    if result.element_count is not None:
        metadata["1 rows looked at"] = dg.MetadataValue.int(result.element_count)
    if result.unexpected_count is not None:
        metadata["2 rows failing"] = dg.MetadataValue.int(result.unexpected_count)
    if (share := _share(result)) is not None:
        metadata["3 share failing, %"] = dg.MetadataValue.float(round(share, 3))
    if result.observed is not None and result.observed != result.unexpected_count:
        text = dg.MetadataValue.text(_cut(_observed(result), LONGEST_TEXT))
        metadata["3 value observed"] = text
    if not result.success:
        metadata |= _failure(result, earlier)
    return metadata


def _failure(result: CheckResult, earlier: Sequence[Earlier]) -> dict[str, dg.MetadataValue]:
    check = result.check
    tables: dict[str, list[dict[str, object]]] = {
        "4 threshold": [
            {"name": t.name, "value": _cut(t.value), "reason": t.reason} for t in check.thresholds
        ],
        "5 failing rows": [
            {name: _cut(value) for name, value in list(row.items())[:COLUMNS]}
            for row in result.samples
        ]
        or [{check.key: key} for key in result.failing_keys[:20]],
        "8 by day": [
            {
                "day": f"{e.day}",
                "result": e.status,
                "rows failing": "" if e.unexpected_count is None else f"{e.unexpected_count:,}",
                "rows looked at": "" if e.element_count is None else f"{e.element_count:,}",
            }
            for e in earlier
        ],
    }
    shown_rows = {label: _table(rows) for label, rows in tables.items() if rows}
    if not result.sql:
        return shown_rows
    return shown_rows | {
        # Of what the UI shows without a click, only a path has a button that copies it as it is.
        "6 failing query": dg.MetadataValue.path(result.sql),
        "7 how to run it": dg.MetadataValue.text(
            "pasted into the shell of newsledger sql for what is published; for what is not yet, in"
            " the folder of NEWSLEDGER_HOME: duckdb -readonly work/warehouse.duckdb"
        ),
    }


def _table(rows: Sequence[Mapping[str, object]]) -> dg.MetadataValue:
    columns = [dg.TableColumn(name, "string") for name in rows[0]]
    records = [dg.TableRecord({name: str(row[name]) for name in row}) for row in rows]
    return dg.MetadataValue.table(records, dg.TableSchema(columns))


def observation_of(
    results: Sequence[CheckResult], day: date | None, in_quarantine: int, often: Iterable[str]
) -> dg.AssetObservation:
    """What an audit gave in all, as numbers that the UI draws on the asset's page.

    Args:
        results: every check of one asset on one day.
        day: that day; None where the asset has none.
        in_quarantine: rows of it that ``ops.quarantine`` lists at present.
        often: checks that failed of late, which get a line each; the others' would be flat.

    """
    status = [result.status for result in results]
    line = set(often)
    numbers: dict[str, int] = {
        "checks failed": status.count("failed"),
        "checks whose rule broke": status.count("broken"),
        "rows in quarantine": in_quarantine,
    }
    numbers |= {
        f"rows failing {result.check.name}": result.unexpected_count
        for result in results
        if result.check.name in line and result.unexpected_count is not None
    }
    return dg.AssetObservation(
        asset_key=results[0].check.asset,
        partition=day.isoformat() if day else None,
        metadata={label: dg.MetadataValue.int(number) for label, number in numbers.items()},
    )


def _share(result: CheckResult) -> float | None:
    """Per cent of the rows that break the rule; None where they were not counted together."""
    failing, looked_at = result.unexpected_count, result.element_count
    if failing is None or not looked_at or failing > looked_at or not result.check.names_rows:
        return None
    return 100 * failing / looked_at


def _observed(result: CheckResult) -> str:
    return json.dumps(result.observed, ensure_ascii=False, default=str)


def _place(check: Check) -> str:
    return f"expectations/{check.suite}.json"


def _cut(value: object, longest: int = LONGEST_CELL) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"
