"""Assets ``marts`` and ``snapshot``: views for analysts, and the file that they open."""

from datetime import date
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.defs.common import columns_of, list_of, mart_names, options
from pipelines.defs.figures import figures_of, stopwatch
from pipelines.defs.resources import WRITER_POOL, Warehouse
from pipelines.defs.versions import PUBLISH_VERSION, marts_version

if TYPE_CHECKING:
    from pipelines.quality.live import LiveSnapshot


@dg.asset(
    deps=["articles", "mentions", "entities"],
    pool=WRITER_POOL,
    code_version=marts_version(),
    description="What analysts and BI tools read beside the tables.\n\n"
    "* rollups: mentions counted by day, entity, outlet and pair; only days that changed\n"
    "* search: the words of the current articles, for full text; only articles that changed\n"
    f"* marts, from sql/marts:\n\n{list_of(mart_names())}",
    metadata=columns_of(mart_names()),
    **options("publish", "sql"),
)
def marts(warehouse: Warehouse) -> dg.MaterializeResult:
    """Counts the days that changed, makes every view of sql/marts anew, writes the dictionary."""
    from pipelines.warehouse.marts import build_marts

    seconds = stopwatch()
    with warehouse.writing() as connection:
        made = build_marts(connection)
        spent = seconds()
        figures = figures_of(connection, "marts")
    # Too many to be counted for show alone: no number.
    rows = [{"mart": name, "rows": made.rows.get(name)} for name in made.names]
    return dg.MaterializeResult(
        data_version=figures.data_version,
        metadata=figures.metadata
        | {
            "marts": dg.MetadataValue.table([dg.TableRecord(row) for row in rows]),
            "days counted anew": made.days_counted,
            "texts indexed anew": made.texts_indexed,
            "seconds": spent,
        },
    )


@dg.asset(
    deps=["marts"],
    pool=WRITER_POOL,
    code_version=PUBLISH_VERSION,
    description="The published file, replaced only when no blocking check stands failed.",
    **options("publish"),
)
def snapshot(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Publishes the audited warehouse: copied, synced, renamed onto the file that analysts open."""
    from pipelines.quality.live import live_snapshot
    from pipelines.quality.results import blocking_failures
    from pipelines.warehouse.publish import publish_file
    from pipelines.warehouse.runs import end_run, record_snapshot

    seconds = stopwatch()
    with warehouse.writing() as connection:
        failures = blocking_failures(connection)
        if not failures:
            connection.execute("DELETE FROM staging.article_blocks")
            connection.execute("DELETE FROM staging.article_evidence")
            connection.execute("DELETE FROM staging.articles")
            end_run(connection, context.run.run_id, "success")
            record_snapshot(connection, context.run.run_id)
            figures = figures_of(connection, "marts")
            connection.execute("CHECKPOINT")
    if failures:
        live = live_snapshot(warehouse.settings)
        context.log_event(dg.AssetObservation("snapshot", metadata=live_metadata(live)))
        raise dg.Failure(
            f"not published, a blocking check stands failed: {'; '.join(_lines(failures))}",
            metadata=live_metadata(live) | {"failures": dg.MetadataValue.json(_lines(failures))},
            allow_retries=False,
        )
    size = publish_file(warehouse.settings)
    live = live_snapshot(warehouse.settings)
    return dg.MaterializeResult(
        data_version=figures.data_version,
        metadata=live_metadata(live)
        | {
            "path": dg.MetadataValue.path(str(warehouse.settings.published_file)),
            "bytes": size,
            "seconds": seconds(),
        },
    )


def live_metadata(live: "LiveSnapshot") -> dict[str, dg.MetadataValue]:
    """What analysts read at this moment: since when, how much, why nothing newer, against what."""
    metadata: dict[str, dg.MetadataValue] = {
        "live snapshot": dg.MetadataValue.text(live_in_words(live))
    }
    if live.published_at and live.age is not None:
        metadata |= {
            "published at": dg.MetadataValue.timestamp(live.published_at),
            "age, hours": dg.MetadataValue.float(round(live.age.total_seconds() / 3600, 2)),
            "articles": dg.MetadataValue.int(live.articles),
            "mentions": dg.MetadataValue.int(live.mentions),
            "entities": dg.MetadataValue.int(live.entities),
        }
    if live.overrides:
        metadata["published against"] = dg.MetadataValue.table(
            [
                dg.TableRecord({"check": o.check, "why": o.note[:200], "who": o.decided_by[:80]})
                for o in live.overrides
            ]
        )
    return metadata


def live_in_words(live: "LiveSnapshot") -> str:
    """One paragraph: which snapshot is live, how old it is, and what stops a newer one."""
    if not live.published_at or live.age is None:
        begin = f"No snapshot is live: {live.problem}."
    else:
        hours = live.age.total_seconds() / 3600
        begin = (
            f"Live: the snapshot of {live.published_at:%Y-%m-%d %H:%M} UTC, {hours:,.1f} hours old"
            f"{', which is too old' if live.is_stale else ''}."
        )
    stops = f" No newer one, because of {'; '.join(live.why_not_newer)}." * bool(live.why_not_newer)
    return begin + stops


def _lines(failures: "list[tuple[date | None, str, str, str]]") -> list[str]:
    return [f"{day} {asset}.{check}: {why}" for day, asset, check, why in failures]
