"""Asset ``extracted_articles``: captures that await extraction, as articles with their blocks."""

import dagster as dg

from pipelines.clean.extract import EXTRACTOR_VERSION
from pipelines.defs.common import DAYS, asset_options, day_of
from pipelines.defs.figures import figures_of, per_second, stopwatch
from pipelines.defs.resources import WRITER_POOL, Processes, Warehouse


@dg.asset(
    partitions_def=DAYS,
    pool=WRITER_POOL,
    deps=["fetches"],
    code_version=EXTRACTOR_VERSION,
    **asset_options("extracted_articles", "staging.articles", "clean", "python"),
)
def extracted_articles(
    context: dg.AssetExecutionContext, warehouse: Warehouse, processes: Processes
) -> dg.MaterializeResult:
    """Derives articles from the archive, only for captures this extractor version has not seen."""
    from pipelines.clean.stage import extract_pending

    day, seconds = day_of(context), stopwatch()
    with warehouse.writing() as connection:
        report = extract_pending(
            connection, warehouse.archive, processes.compute(), day=day, run_id=context.run.run_id
        )
        spent = seconds()
        (words,) = connection.execute(
            "SELECT coalesce(sum(word_count), 0) FROM staging.articles WHERE run_id = ?",
            [context.run.run_id],
        ).fetchone() or (0,)
        figures = figures_of(connection, "extracted_articles", day)
    return dg.MaterializeResult(
        data_version=figures.data_version,
        metadata=figures.metadata
        | per_second(words, spent)
        | {
            "pending": report.pending,
            "extracted": report.staged,
            "failed": report.failed,
            "skipped": sum(report.skipped.values()),
            "skipped_by_reason": dg.MetadataValue.json(dict(report.skipped)),
            "seconds": spent,
        },
    )
