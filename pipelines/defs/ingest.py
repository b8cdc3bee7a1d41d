"""Asset ``fetches``: captures from every enabled source."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.defs.common import DAYS, asset_options, code_version, day_of
from pipelines.defs.figures import figures_of, stopwatch
from pipelines.defs.resources import WRITER_POOL, Processes, Warehouse
from pipelines.defs.sources import WEB_SOURCES, report_source
from pipelines.defs.versions import CAPTURE_VERSION

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.ingest.capture import CaptureReport
    from pipelines.ingest.sources import Source
    from pipelines.ingest.web.crawl import CrawlReport

TRIES_MORE, SECONDS_BETWEEN = 2, 20
"""Fetching alone is tried again: what it met may pass. The stages after it are pure: they would
fail the same way. No RetryPolicy: that one tries again after a user's interruption too."""


class Inputs(dg.Config):
    """What one run captures besides the enabled sources."""

    capture: bool = True
    """False: only what is captured already is worked on."""
    only_source: str | None = None
    """Capture this source alone, enabled or not."""
    paths: list[str] = []  # noqa: RUF012  # a pydantic field: copied for each instance
    """Files, folders and WARCs to capture instead of the sources."""
    refetch: bool = False
    """True: the pages that the sources gave in the last week are asked for again."""
    path_source: str | None = None
    """Source that the paths belong to; default: named after each path."""
    manifest: str | None = None
    """Manifest of a folder among the paths, relative to it."""


@dg.asset(
    partitions_def=DAYS,
    pool=WRITER_POOL,
    deps=[spec.key for spec in WEB_SOURCES],
    code_version=CAPTURE_VERSION,
    **asset_options("fetches", "raw.fetches", "ingest", "python"),
)
def fetches(
    context: dg.AssetExecutionContext, config: Inputs, warehouse: Warehouse, processes: Processes
) -> dg.MaterializeResult:
    """Captures what is new in the sources; payloads are archived by SHA-256 first."""
    from pipelines.ingest.register import register_sources
    from pipelines.warehouse.runs import start_run

    day, seconds = day_of(context), stopwatch()
    sources = _sources(warehouse, config)
    with _tried_again(), warehouse.writing() as connection:
        start_run(connection, context.run.run_id, day, code_version())
        register_sources(connection, sources)
        metadata = {}
        if config.capture:
            files = _read_files(warehouse, connection, sources, context.run.run_id)
            metadata = _file_metadata(files)
            web = _ask_web(warehouse, processes, connection, sources, context.run.run_id, config)
            if web:
                metadata |= _web_metadata(web)
                for spec in WEB_SOURCES:
                    _report(context, spec.key.path[-1], web)
        spent = seconds()
        figures = figures_of(connection, "fetches", day)
    return dg.MaterializeResult(
        data_version=figures.data_version,
        metadata=figures.metadata | metadata | {"seconds": spent},
    )


@contextlib.contextmanager
def _tried_again() -> Iterator[None]:
    """Asks Dagster to try the step again where storage failed, archive or warehouse."""
    import duckdb

    try:
        yield
    except (OSError, duckdb.IOException) as error:
        raise dg.RetryRequested(TRIES_MORE, SECONDS_BETWEEN) from error


def _report(context: dg.AssetExecutionContext, source: str, web: "CrawlReport") -> None:
    if pages := web.captured_of[source]:
        numbers = {"pages_captured": pages, "requests_failed": web.failed_of[source]}
        report_source(context.instance, source, numbers)


def _sources(warehouse: Warehouse, config: Inputs) -> "tuple[Source, ...]":
    """The sources of this run. Raises dagster's Failure where the list of them is wrong."""
    from pipelines.ingest.records import SourceError
    from pipelines.ingest.sources import chosen_sources

    try:
        return chosen_sources(
            warehouse.settings.sources_file,
            only=config.only_source,
            paths=config.paths,
            path_source=config.path_source,
            manifest=config.manifest,
        )
    except SourceError as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _read_files(
    warehouse: Warehouse,
    connection: "DuckDBPyConnection",
    sources: "tuple[Source, ...]",
    run_id: str,
) -> "CaptureReport":
    from pipelines.ingest.capture import capture
    from pipelines.progress import track

    candidates = (c for source in sources if not source.is_web for c in source.candidates())
    return capture(
        connection,
        warehouse.archive,
        track(candidates, "capture"),
        run_id=run_id,
        now=datetime.now(UTC),
        max_payload_bytes=warehouse.settings.max_payload_bytes,
    )


def _ask_web(
    warehouse: Warehouse,
    processes: Processes,
    connection: "DuckDBPyConnection",
    sources: "tuple[Source, ...]",
    run_id: str,
    config: Inputs,
) -> "CrawlReport | None":
    """Asks the web for the sources that lie there; None where there is none."""
    web = [source for source in sources if source.is_web]
    if not web:
        return None
    from pipelines.ingest.web.crawl import ContactMissingError, crawl

    try:
        return crawl(
            connection,
            warehouse.archive,
            processes.compute(),
            web,
            warehouse.settings,
            run_id=run_id,
            force=bool(config.only_source or config.paths),
            refetch=config.refetch,
        )
    except ContactMissingError as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _file_metadata(report: "CaptureReport") -> dict[str, dg.MetadataValue]:
    return {
        "inputs_seen": dg.MetadataValue.int(report.seen),
        "inputs_unchanged": dg.MetadataValue.int(report.unchanged),
        "captured": dg.MetadataValue.int(report.captured),
        "rejected": dg.MetadataValue.int(report.rejected),
        "rejected_by_reason": dg.MetadataValue.json(dict(report.reasons)),
        "remarks": dg.MetadataValue.json(dict(report.remarks)),
        "records_passed_over": dg.MetadataValue.json(dict(report.passed_over)),
        "revisits_resolved": dg.MetadataValue.int(report.resolved),
        "days_touched": dg.MetadataValue.json(sorted(str(d) for d in report.days)),
    }


def _web_metadata(report: "CrawlReport") -> dict[str, dg.MetadataValue]:
    return {
        "feeds_polled": dg.MetadataValue.int(report.polled),
        "entries_new": dg.MetadataValue.int(report.entries_new),
        "pages_captured": dg.MetadataValue.int(report.captured),
        "answers_unchanged": dg.MetadataValue.int(report.unchanged),
        "requests_failed": dg.MetadataValue.json(dict(report.problems)),
        "left_for_the_next_run": dg.MetadataValue.int(report.left),
    }
