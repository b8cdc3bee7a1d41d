"""Assets ``mentions`` and ``entities``: who and what the articles name."""

import dagster as dg

from pipelines.defs.common import DAYS, asset_options, day_of
from pipelines.defs.resources import WRITER_POOL, Processes, Warehouse
from pipelines.normalise.version import recognizer_version
from pipelines.settings import Settings, SettingsError, load_settings


def _recognizer() -> str:
    """The recognizer's version for the UI; a wrong setting leaves the code location standing."""
    try:
        return recognizer_version(load_settings())
    except SettingsError:
        return recognizer_version(Settings.model_construct())


def _spec(name: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        name,
        deps=["articles"],
        code_version=_recognizer(),
        partitions_def=DAYS,
        **asset_options(name, "normalise", "python", "spacy"),
    )


@dg.multi_asset(specs=[_spec("mentions"), _spec("entities")], pool=WRITER_POOL, name="recognised")
def recognised(context: dg.AssetExecutionContext, warehouse: Warehouse, processes: Processes):  # type: ignore[no-untyped-def]
    """Recognises and resolves names in versions that this recognizer version has not read."""
    from pipelines.normalise.stage import recognise_pending

    day = day_of(context)
    with warehouse.writing() as connection:
        report = recognise_pending(
            connection,
            processes.compute(),
            warehouse.settings,
            day=day,
            run_id=context.run.run_id,
        )
        (mentions, linked, entities) = connection.execute(
            """
            SELECT count(*), count(m.entity_id), count(DISTINCT m.entity_id)
            FROM mentions AS m
            JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
            WHERE v.fetch_date = ?
            """,
            [day],
        ).fetchone() or (0, 0, 0)
    yield dg.MaterializeResult(
        asset_key="mentions",
        metadata={
            "dagster/partition_row_count": mentions,
            "texts_read": report.pending,
            "mentions_found": report.mentions,
            "linked": linked,
            "things_reassigned": report.reassigned,
        },
    )
    yield dg.MaterializeResult(
        asset_key="entities", metadata={"dagster/partition_row_count": entities}
    )
