"""Assets ``mentions`` and ``entities``: who and what the articles name."""

import dagster as dg

from pipelines.defs.common import DAYS, asset_options, day_of
from pipelines.defs.figures import figures_of, per_second, stopwatch
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
        **asset_options(name, name, "normalise", "python", "spacy"),
    )


@dg.multi_asset(specs=[_spec("mentions"), _spec("entities")], pool=WRITER_POOL, name="recognised")
def recognised(context: dg.AssetExecutionContext, warehouse: Warehouse, processes: Processes):  # type: ignore[no-untyped-def]
    """Recognises and resolves names in versions that this recognizer version has not read."""
    from pipelines.normalise.stage import recognise_pending

    day, seconds = day_of(context), stopwatch()
    with warehouse.writing() as connection:
        report = recognise_pending(
            connection,
            processes.compute(),
            warehouse.settings,
            day=day,
            run_id=context.run.run_id,
        )
        spent = seconds()
        (words,) = connection.execute(
            """
            SELECT coalesce(sum(v.word_count), 0)
            FROM ops.recognitions AS r
            JOIN article_versions AS v ON r.article_id = v.article_id AND r.version = v.version
            WHERE r.run_id = ?
            """,
            [context.run.run_id],
        ).fetchone() or (0,)
        mentions = figures_of(connection, "mentions", day)
        entities = figures_of(connection, "entities", day)
    yield dg.MaterializeResult(
        asset_key="mentions",
        data_version=mentions.data_version,
        metadata=mentions.metadata
        | per_second(words, spent)
        | {"texts_read": report.pending, "mentions_found": report.mentions, "seconds": spent},
    )
    yield dg.MaterializeResult(
        asset_key="entities",
        data_version=entities.data_version,
        metadata=entities.metadata | {"things_reassigned": report.reassigned},
    )
