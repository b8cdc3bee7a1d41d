"""Asset ``fetches``: captures from every enabled source."""

from datetime import UTC, datetime

import dagster as dg

from pipelines.defs.common import DAYS, asset_options, code_version, day_of
from pipelines.defs.resources import WRITER_POOL, Warehouse


class Inputs(dg.Config):
    """What one run captures besides the enabled sources."""

    capture: bool = True
    """False: only what is captured already is worked on."""
    only_source: str | None = None
    """Capture this source alone, enabled or not."""
    paths: list[str] = []  # noqa: RUF012  # a pydantic field: copied for each instance
    """Files, folders and WARCs to capture instead of the sources."""
    path_source: str | None = None
    """Source that the paths belong to; default: named after each path."""
    manifest: str | None = None
    """Manifest of a folder among the paths, relative to it."""


@dg.asset(
    partitions_def=DAYS,
    pool=WRITER_POOL,
    **asset_options("raw.fetches", "ingest", "python"),
)
def fetches(
    context: dg.AssetExecutionContext, config: Inputs, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Captures what is new in the sources; payloads are archived by SHA-256 first."""
    from pipelines.ingest.capture import CaptureReport, capture
    from pipelines.ingest.register import register_sources
    from pipelines.ingest.sources import chosen_sources
    from pipelines.progress import track
    from pipelines.warehouse.runs import start_run

    settings, day = warehouse.settings, day_of(context)
    sources = chosen_sources(
        settings.sources_file,
        only=config.only_source,
        paths=config.paths,
        path_source=config.path_source,
        manifest=config.manifest,
    )
    with warehouse.writing() as connection:
        start_run(connection, context.run_id, day, code_version())
        register_sources(connection, sources)
        report = CaptureReport()
        if config.capture:
            candidates = (c for source in sources for c in source.candidates())
            report = capture(
                connection,
                warehouse.archive,
                track(candidates, "capture"),
                run_id=context.run_id,
                now=datetime.now(UTC),
                max_payload_bytes=settings.max_payload_bytes,
            )
        (rows, size) = connection.execute(
            "SELECT count(*), coalesce(sum(payload_bytes), 0)"
            " FROM raw.fetches WHERE fetch_date = ?",
            [day],
        ).fetchone() or (0, 0)
    return dg.MaterializeResult(
        metadata={
            "dagster/partition_row_count": rows,
            "payload_bytes": int(size),
            "inputs_seen": report.seen,
            "inputs_unchanged": report.unchanged,
            "captured": report.captured,
            "rejected": report.rejected,
            "rejected_by_reason": dg.MetadataValue.json(dict(report.reasons)),
            "days_touched": dg.MetadataValue.json(sorted(str(d) for d in report.days)),
        }
    )
