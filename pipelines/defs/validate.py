"""Asset ``articles`` and the checks of every asset that has a suite."""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from pipelines.defs.check_view import about, declared, shown
from pipelines.defs.common import DAYS, asset_options, day_of
from pipelines.defs.figures import figures_of, stopwatch
from pipelines.defs.resources import WRITER_POOL, Warehouse
from pipelines.defs.versions import articles_version
from pipelines.quality.suites import load_suites, suites_of

WHOLE = ("marts",)
"""Assets without days."""


@dg.asset(
    partitions_def=DAYS,
    pool=WRITER_POOL,
    deps=["extracted_articles"],
    code_version=articles_version(),
    **asset_options("articles", "article_versions", "validate", "sql"),
)
def articles(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Promotes what every row rule accepts; holds the rest in quarantine with every reason."""
    from pipelines.quality.validate import validate_staged

    day, seconds = day_of(context), stopwatch()
    with warehouse.writing() as connection:
        report = validate_staged(connection, day=day, run_id=context.run.run_id)
        spent = seconds()
        figures = figures_of(connection, "articles", day)
    return dg.MaterializeResult(
        data_version=figures.data_version,
        metadata=figures.metadata
        | {
            "staged": report.staged,
            "versions_written": report.versions,
            "newly_quarantined": report.quarantined,
            "seconds": spent,
        },
    )


def check_specs(asset: str) -> list[dg.AssetCheckSpec]:
    """A spec an expectation, from the suites alone."""
    return [
        dg.AssetCheckSpec(
            name=check.name,
            asset=asset,
            description=about(check),
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
        from pipelines.defs.trends import earlier_results, observation
        from pipelines.quality.audit import audit_asset

        day = date.fromisoformat(context.partition_key) if context.has_partition_key else None
        wanted = {key.name for key in context.selected_asset_check_keys}
        settings = warehouse.settings
        every = audit_asset(settings, asset, day, context.run.run_id)
        results = [result for result in every if result.check.name in wanted]
        context.op_execution_context.log_event(observation(settings, day, every))
        earlier = earlier_results(settings, every)
        for result in results:
            yield shown(result, earlier.get(result.check.name, ()))
        broken = [result for result in results if result.error and not result.override_id]
        if broken:
            names = ", ".join(result.check.name for result in broken)
            raise dg.Failure(f"rules that broke, so the audit is not whole: {names}")

    return audit


audits = [audit_of(asset) for asset in sorted({suite.asset for suite in load_suites()})]
