"""What all assets share: partitions, and metadata derived from the one definition of the schema."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import dagster as dg

from pipelines.defs.freshness import freshness_of
from pipelines.defs.lineage import origin
from pipelines.ingest.capture import FIRST_DAY
from pipelines.settings import Settings, SettingsError, load_settings
from pipelines.warehouse.schema import Column, declared_columns, declared_comments, declared_tables

DAYS = dg.DailyPartitionsDefinition(start_date=FIRST_DAY.isoformat(), end_offset=1)
"""A partition a UTC day of capture, today included."""

OWNERS = ["team:data-engineering"]

BESIDE = {
    "fetches": ("raw.feeds", "raw.feed_entries", "raw.pages", "raw.inputs"),
    "articles": ("articles", "article_blocks", "article_evidence", "sources"),
    "mentions": ("article_entities",),
    "entities": ("entity_ids", "entity_names", "entity_offices", "entity_redirects"),
}
"""Tables and views that an asset writes beside its own table: their columns are shown with it."""


def day_of(context: dg.AssetExecutionContext) -> date:
    """The day that this run works on."""
    return date.fromisoformat(context.partition_key)


def table_metadata(asset: str, table: str) -> dict[str, Any]:
    """Name and column schema of an asset's table for the UI.

    Descriptions are the comments in sql/schema, each with the columns that it comes from: the
    open-source UI draws no graph of columns.
    """
    return {
        "dagster/table_name": table,
        "dagster/column_schema": _table_schema(
            declared_tables()[table], lambda column: origin(asset, column)
        ),
    } | columns_of(BESIDE.get(asset, ()))


def columns_of(tables: Iterable[str]) -> dict[str, Any]:
    """The columns of tables and views for the UI, an entry each."""
    return {
        name: dg.MetadataValue.table_schema(_table_schema(declared_columns()[name]))
        for name in tables
    }


def _table_schema(
    columns: Iterable[Column], origin_of: Callable[[str], str] = lambda _: ""
) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.data_type,
                description=f"{column.description}{origin_of(column.name)}",
                constraints=dg.TableColumnConstraints(nullable=column.nullable),
            )
            for column in columns
        ]
    )


def mart_names() -> list[str]:
    """The tables and views that analysts and BI tools read ready-made."""
    return sorted(name for name in declared_comments() if name.startswith("mart."))


def list_of(tables: Iterable[str]) -> str:
    """What one row of each is, as a Markdown list."""
    return "\n".join(f"* `{name}`: {declared_comments()[name]}" for name in tables)


def freshness() -> dg.FreshnessPolicy | None:
    """When an asset that the schedule makes is stale; by default settings where these are wrong."""
    try:
        settings = load_settings()
    except SettingsError:
        settings = Settings.model_construct()
    return freshness_of(settings.schedule, settings.stale_hours)


def options(group: str, *kinds: str) -> dict[str, Any]:
    """Options that every asset which runs make has in common."""
    return {
        "group_name": group,
        "kinds": {"duckdb", *kinds},
        "owners": OWNERS,
        "freshness_policy": freshness(),
    }


def asset_options(asset: str, table: str, group: str, *kinds: str) -> dict[str, Any]:
    """Options that every asset over a table has in common."""
    return options(group, *kinds) | {
        "description": declared_comments()[table],
        "tags": {"newsledger/table": table},
        "metadata": table_metadata(asset, table),
    }


def code_version() -> str:
    """The versions that decide what a run's rows look like."""
    from pipelines import __version__
    from pipelines.clean.extract import EXTRACTOR_VERSION
    from pipelines.normalise.version import recognizer_version
    from pipelines.settings import load_settings

    recognizer = recognizer_version(load_settings())
    return f"newsledger {__version__}; extract {EXTRACTOR_VERSION}; recognise {recognizer}"
