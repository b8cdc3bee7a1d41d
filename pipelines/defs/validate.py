"""Asset ``articles`` and the checks of every asset that has a suite."""

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.defs.common import DAYS, asset_options, day_of
from pipelines.defs.resources import WRITER_POOL, Warehouse
from pipelines.quality.suites import Check, load_suites, suites_of

if TYPE_CHECKING:
    from pipelines.quality.engine import CheckResult

SAMPLE = 20
"""Failing keys shown in the UI; ops.quality_results has up to 1,000."""


@dg.asset(
    partitions_def=DAYS,
    pool=WRITER_POOL,
    deps=["extracted_articles"],
    **asset_options("article_versions", "validate", "sql"),
)
def articles(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Promotes what every row rule accepts; holds the rest in quarantine with every reason."""
    from pipelines.quality.validate import validate_staged

    day = day_of(context)
    with warehouse.writing() as connection:
        report = validate_staged(connection, day=day, run_id=context.run.run_id)
        (rows, held) = connection.execute(
            """
            SELECT
                (SELECT count(*) FROM article_versions WHERE fetch_date = $day),
                (SELECT count(DISTINCT fetch_id) FROM ops.quarantine
                 WHERE fetch_date = $day AND resolved_at IS NULL)
            """,
            {"day": day},
        ).fetchone() or (0, 0)
    return dg.MaterializeResult(
        metadata={
            "dagster/partition_row_count": rows,
            "staged": report.staged,
            "versions_written": report.versions,
            "newly_quarantined": report.quarantined,
            "in_quarantine": held,
        }
    )


def check_specs(asset: str) -> list[dg.AssetCheckSpec]:
    """A spec an expectation, from the suites alone."""
    return [
        dg.AssetCheckSpec(
            name=check.name,
            asset=asset,
            description=check.description,
            blocking=check.blocking,
            partitions_def=DAYS,
            metadata={
                "table": check.table,
                "expectation": check.expectation,
                "severity": check.severity,
                "arguments": dg.MetadataValue.json(check.kwargs),
                "on_failure": check.on_failure or "report",
                "declared_in": f"expectations/{check.suite}.json",
            },
        )
        for suite in suites_of(asset)
        for check in suite.checks
    ]


def audit_of(asset: str) -> dg.AssetChecksDefinition:
    """One check step for an asset: all its suites, one import of Great Expectations."""

    @dg.multi_asset_check(
        name=f"{asset}_audit", specs=check_specs(asset), can_subset=True, pool=WRITER_POOL
    )
    def audit(
        context: dg.AssetCheckExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult]:
        from pipelines.quality import engine
        from pipelines.quality.quarantine import held_keys
        from pipelines.quality.results import record, with_held

        day = date.fromisoformat(context.partition_key)
        wanted = {key.name for key in context.selected_asset_check_keys}
        with warehouse.writing():
            pass  # brings the schema up to date before it is opened read-only
        results = [
            result
            for suite in suites_of(asset)
            for result in engine.audit(warehouse.settings.warehouse_file, suite, day)
            if result.check.name in wanted
        ]
        with warehouse.writing() as connection:
            results = with_held(results, held_keys(connection, asset, day))
            record(connection, results, context.run.run_id, day)
        yield from map(_shown, results)
        broken = [result for result in results if result.error]
        if broken:
            names = ", ".join(result.check.name for result in broken)
            raise dg.Failure(f"rules that broke, so the audit is not whole: {names}")

    return audit


def _shown(result: "CheckResult") -> dg.AssetCheckResult:
    check: Check = result.check
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
        keys = [dg.TableRecord({"key": key}) for key in result.failing_keys[:SAMPLE]]
        metadata["failing_keys"] = dg.MetadataValue.table(
            keys, dg.TableSchema([dg.TableColumn("key", "string")])
        )
    if result.sql:
        metadata["query"] = dg.MetadataValue.md(f"```sql\n{result.sql}\n```")
    if result.error:
        metadata["error"] = dg.MetadataValue.md(f"**The rule broke.**\n```\n{result.error}\n```")
    loud = check.blocking or result.error
    return dg.AssetCheckResult(
        asset_key=check.asset,
        check_name=check.name,
        passed=result.success,
        severity=dg.AssetCheckSeverity.ERROR if loud else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


audits = [audit_of(asset) for asset in sorted({suite.asset for suite in load_suites()})]
