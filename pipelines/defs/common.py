"""What all assets share: partitions, and metadata derived from the one definition of the schema."""

from datetime import date
from typing import Any

import dagster as dg

from pipelines.ingest.capture import FIRST_DAY
from pipelines.warehouse.schema import declared_comments, declared_tables

DAYS = dg.DailyPartitionsDefinition(start_date=FIRST_DAY.isoformat(), end_offset=1)
"""A partition a UTC day of capture, today included."""

OWNERS = ["team:data-engineering"]


def day_of(context: dg.AssetExecutionContext) -> date:
    """The day that this run works on."""
    return date.fromisoformat(context.partition_key)


def table_metadata(table: str) -> dict[str, Any]:
    """Name and column schema of a table for the UI, from the comments in sql/schema."""
    return {
        "dagster/table_name": table,
        "dagster/column_schema": dg.TableSchema(
            columns=[
                dg.TableColumn(
                    name=column.name,
                    type=column.data_type,
                    description=column.description,
                    constraints=dg.TableColumnConstraints(nullable=column.nullable),
                )
                for column in declared_tables()[table]
            ]
        ),
    }


def asset_options(table: str, group: str, *kinds: str) -> dict[str, Any]:
    """Options that every asset over a table has in common."""
    return {
        "description": declared_comments()[table],
        "group_name": group,
        "kinds": {"duckdb", *kinds},
        "owners": OWNERS,
        "metadata": table_metadata(table),
    }


def code_version() -> str:
    """The versions that decide what a run's rows look like."""
    from pipelines import __version__
    from pipelines.clean.extract import EXTRACTOR_VERSION
    from pipelines.normalise.version import recognizer_version
    from pipelines.settings import load_settings

    recognizer = recognizer_version(load_settings())
    return f"newsledger {__version__}; extract {EXTRACTOR_VERSION}; recognise {recognizer}"
