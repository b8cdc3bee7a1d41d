"""The web sources as external assets: a crawl reports what is new, freshness watches them."""

import warnings
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.defs.common import OWNERS
from pipelines.ingest.records import SourceError
from pipelines.ingest.sources import Source, load_sources
from pipelines.settings import SettingsError, load_settings

SHORTEST = timedelta(minutes=1)
"""Dagster's bound on the window of a freshness policy."""


def source_asset_key(source_id: str) -> dg.AssetKey:
    """The asset that stands for a source."""
    return dg.AssetKey(["sources", source_id])


def report_source(
    instance: dg.DagsterInstance, source_id: str, metadata: Mapping[str, Any] | None = None
) -> None:
    """Notes that a source gave something new now: its freshness counts from here.

    ``metadata`` has what the crawl got (plain numbers and texts), for the UI.
    """
    event = dg.AssetMaterialization(source_asset_key(source_id), metadata=metadata)
    instance.report_runless_asset_event(event)


def source_assets(path: Path) -> list[dg.AssetSpec]:
    """One external asset for each enabled web source of the list at ``path``.

    A list with mistakes gives none and a warning: the rest of the code location stays usable, and
    the next run says what is wrong, line by line.
    """
    try:
        sources = load_sources(path)
    except SourceError as error:
        warnings.warn(f"no source assets: {error}", stacklevel=2)
        return []
    return [_asset(s) for s in sources if s.enabled and s.is_web]


def _asset(source: Source) -> dg.AssetSpec:
    hours = source.fresh_hours
    metadata: dict[str, Any] = {"fresh_hours": hours}
    if "://" in source.location:
        metadata["url"] = dg.MetadataValue.url(source.location)
    return dg.AssetSpec(
        source_asset_key(source.id),
        description=f"{source.name}: {source.kind} at {source.location}. Fresh while it gave"
        f" something new within {hours:g} hours.",
        group_name="sources",
        kinds={source.kind},
        owners=OWNERS,
        metadata=metadata,
        freshness_policy=dg.FreshnessPolicy.time_window(max(timedelta(hours=hours), SHORTEST)),
    )


def _declared() -> list[dg.AssetSpec]:
    try:
        path = load_settings().sources_file
    except SettingsError as error:
        warnings.warn(f"no source assets: {error}", stacklevel=2)
        return []
    return source_assets(path)


WEB_SOURCES = _declared()
"""As the list was when the code location was loaded: reload it after a change."""
