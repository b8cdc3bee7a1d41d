"""Asset ``articles`` and the checks of every asset that has a suite."""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from pipelines.defs.check_view import declared, shown
from pipelines.defs.common import DAYS, asset_options, day_of
from pipelines.defs.resources import WRITER_POOL, Warehouse
from pipelines.quality.suites import load_suites, suites_of

WHOLE = ("marts",)
"""Assets without days."""


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
                 WHERE fetch_date = $day AND resolved_at IS NULL AND effect = 'held')
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
            partitions_def=None if asset in WHOLE else DAYS,
            metadata=declared(check),
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
        from pipelines.quality.audit import audit_asset

        day = date.fromisoformat(context.partition_key) if context.has_partition_key else None
        wanted = {key.name for key in context.selected_asset_check_keys}
        results = [
            result
            for result in audit_asset(warehouse.settings, asset, day, context.run.run_id)
            if result.check.name in wanted
        ]
        yield from map(shown, results)
        broken = [result for result in results if result.error and not result.override_id]
        if broken:
            names = ", ".join(result.check.name for result in broken)
            raise dg.Failure(f"rules that broke, so the audit is not whole: {names}")

    return audit


audits = [audit_of(asset) for asset in sorted({suite.asset for suite in load_suites()})]
