"""How the Dagster UI shows a check and its results."""

import json

import dagster as dg

from pipelines.quality.records import CheckResult
from pipelines.quality.suites import Check


def declared(check: Check) -> dict[str, object]:
    """What the UI says of a check before it has run."""
    return {
        "table": check.table,
        "expectation": check.expectation,
        "severity": check.severity,
        "owner": check.owner,
        "arguments": dg.MetadataValue.json(check.kwargs),
        "on_failure": check.on_failure or "report",
        "declared_in": f"expectations/{check.suite}.json",
    }


def shown(result: CheckResult) -> dg.AssetCheckResult:
    """A result for the UI. A rule that broke looks different from bad data."""
    check = result.check
    metadata: dict[str, dg.MetadataValue] = {}
    if result.element_count is not None:
        metadata["element_count"] = dg.MetadataValue.int(result.element_count)
    if result.unexpected_count is not None:
        metadata["unexpected_count"] = dg.MetadataValue.int(result.unexpected_count)
    if result.observed is not None:
        metadata["observed"] = dg.MetadataValue.text(
            json.dumps(result.observed, ensure_ascii=False, default=str)
        )
    if result.failing_keys:
        keys = [dg.TableRecord({"key": key}) for key in result.failing_keys[:20]]
        metadata["failing_keys"] = dg.MetadataValue.table(
            keys, dg.TableSchema([dg.TableColumn("key", "string")])
        )
    if result.sql:
        metadata["query"] = dg.MetadataValue.md(f"```sql\n{result.sql}\n```")
    if result.error:
        metadata["error"] = dg.MetadataValue.md(f"**The rule broke.**\n```\n{result.error}\n```")
    loud = (check.severity == "critical" or result.error) and not result.override_id
    return dg.AssetCheckResult(
        asset_key=check.asset,
        check_name=check.name,
        passed=result.success,
        severity=dg.AssetCheckSeverity.ERROR if loud else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )
