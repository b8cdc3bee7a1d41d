"""Assets ``marts`` and ``snapshot``: views for analysts, and the file that they open."""

import dagster as dg

from pipelines.defs.common import OWNERS
from pipelines.defs.resources import WRITER_POOL, Warehouse


@dg.asset(
    deps=["articles", "mentions", "entities"],
    pool=WRITER_POOL,
    group_name="publish",
    kinds={"duckdb", "sql"},
    owners=OWNERS,
    description="Views and rollups for analysts and BI tools, from sql/marts.",
)
def marts(warehouse: Warehouse) -> dg.MaterializeResult:
    """Makes every view of sql/marts anew."""
    from pipelines.warehouse.marts import build_marts

    with warehouse.writing() as connection:
        counts = build_marts(connection)
    rows = [dg.TableRecord({"mart": name, "rows": count}) for name, count in counts.items()]
    return dg.MaterializeResult(metadata={"marts": dg.MetadataValue.table(rows)})


@dg.asset(
    deps=["marts"],
    pool=WRITER_POOL,
    group_name="publish",
    kinds={"duckdb"},
    owners=OWNERS,
    description="The published file, replaced only when no blocking check stands failed.",
)
def snapshot(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Publishes the audited warehouse: copied, synced, renamed onto the file that analysts open."""
    from pipelines.quality.results import blocking_failures
    from pipelines.warehouse.publish import publish_file
    from pipelines.warehouse.runs import end_run, record_snapshot

    with warehouse.writing() as connection:
        failures = blocking_failures(connection)
        if failures:
            lines = [f"{day} {asset}.{check}: {why}" for day, asset, check, why in failures]
            raise dg.Failure(
                "not published, a blocking check stands failed: " + "; ".join(lines),
                metadata={"failures": dg.MetadataValue.json(lines)},
                allow_retries=False,
            )
        connection.execute("DELETE FROM staging.article_blocks")
        connection.execute("DELETE FROM staging.article_evidence")
        connection.execute("DELETE FROM staging.articles")
        end_run(connection, context.run.run_id, "success")
        record_snapshot(connection, context.run.run_id)
        (articles, mentions, entities) = connection.execute(
            "SELECT article_count, mention_count, entity_count FROM ops.snapshots"
            " ORDER BY published_at DESC LIMIT 1"
        ).fetchone() or (0, 0, 0)
        connection.execute("CHECKPOINT")
    size = publish_file(warehouse.settings)
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(warehouse.settings.published_file)),
            "bytes": size,
            "articles": articles,
            "mentions": mentions,
            "entities": entities,
        }
    )
