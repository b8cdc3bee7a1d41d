"""Column lineage for the Dagster UI, from ``sql/lineage.json``.

An asset's column is mapped to the columns that its values come from; one without any comes from
outside of the warehouse, from the catalogue or from the run.
"""

from __future__ import annotations

import functools
import json

import dagster as dg

from pipelines import project

Sources = dict[str, dict[str, list[tuple[str, str]]]]


@functools.cache
def declared_lineage() -> Sources:
    """By asset and column of its table the columns (asset, column) that its values come from."""
    text = (project.ROOT / "sql" / "lineage.json").read_text(encoding="utf-8")
    return {
        asset: {
            column: [(upstream, name) for upstream, name in sources]
            for column, sources in columns.items()
        }
        for asset, columns in json.loads(text).items()
    }


def column_lineage(asset: str) -> dg.TableColumnLineage:
    """The lineage of an asset's columns, as the UI reads it. Raises KeyError for an unknown one."""
    return dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(asset_key=upstream, column_name=name)
                for upstream, name in sources
            ]
            for column, sources in declared_lineage()[asset].items()
        }
    )


def origin(asset: str, column: str) -> str:
    """The columns that a column comes from, in words, to follow its description; or nothing."""
    sources = declared_lineage().get(asset, {}).get(column, [])
    return f" From {', '.join(f'{a}.{name}' for a, name in sources)}." if sources else ""
