"""Asset ``extracted_articles``: captures that await extraction, as articles with their blocks."""

import dagster as dg

from pipelines.clean.extract import EXTRACTOR_VERSION
from pipelines.defs.common import DAYS, asset_options, day_of
from pipelines.defs.resources import WRITER_POOL, Processes, Warehouse


@dg.asset(
    partitions_def=DAYS,
    pool=WRITER_POOL,
    deps=["fetches"],
    code_version=EXTRACTOR_VERSION,
    **asset_options("staging.articles", "clean", "python"),
)
def extracted_articles(
    context: dg.AssetExecutionContext, warehouse: Warehouse, processes: Processes
) -> dg.MaterializeResult:
    """Derives articles from the archive, only for captures this extractor version has not seen."""
    from pipelines.clean.stage import extract_pending

    day = day_of(context)
    with warehouse.writing() as connection:
        report = extract_pending(
            connection, warehouse.archive, processes.compute(), day=day, run_id=context.run.run_id
        )
        (staged,) = connection.execute(
            "SELECT count(*) FROM staging.articles WHERE fetch_date = ?", [day]
        ).fetchone() or (0,)
    return dg.MaterializeResult(
        metadata={
            "dagster/partition_row_count": staged,
            "pending": report.pending,
            "extracted": report.staged,
            "failed": report.failed,
            "skipped": sum(report.skipped.values()),
            "skipped_by_reason": dg.MetadataValue.json(dict(report.skipped)),
        }
    )
