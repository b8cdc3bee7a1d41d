"""Decisions to publish though a blocking check fails: ``ops.overrides``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.quality.records import CheckResult


def with_overrides(
    connection: DuckDBPyConnection, results: Iterable[CheckResult]
) -> list[CheckResult]:
    """Results with the id of the override that covers each failure, where one does."""
    return list(results)
