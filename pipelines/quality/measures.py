"""Figures of a day that rules compare with the days before it: volumes, shares, new names."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.quality.suites import SuiteError, find_check
from pipelines.warehouse.connection import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

VOLUME = "volume"


MEASURES = {
    "fetches": {"failed_requests": "requests_answered_as_usual"},
    "articles": {
        VOLUME: "volume_not_below_band",
        "quarantined": "quarantined_share_as_usual",
        "undated": "undated_share_as_usual",
        "language": "no_language_gone",
        "words": "articles_as_long_as_usual",
    },
    "mentions": {
        "unlinked": "unlinked_share_as_usual",
        "new_entities": "new_entity_rate_as_usual",
    },
}
"""What is measured at the audit of each asset, and the check whose thresholds shape its band."""

AT_ONCE = 7
"""Days of history measured at a time: with 300,000 mentions a day, 42 at once take 1.6 GB."""
_FACTS = {"fetches": "requests", "articles": "articles", "mentions": "mentions"}
_SHARE_THRESHOLDS = ("learn_days", "needed", "days_needed", "sigmas", "change", "expected")
"""Those of a share, a language or a length; not each has all of them."""


def measure_day(
    connection: DuckDBPyConnection,
    asset: str,
    day: date | None,
    *,
    now: datetime | None = None,
) -> None:
    """Brings the rows of ``ops.source_days`` up to date that the rules of ``asset`` read.

    Days before it that never were measured (they were worked on by a version before this one) are
    measured first, so that they are history. ``now`` (default: the present) says how much of the
    day is over. Does nothing for assets without such rules.

    Raises SuiteError where a check that a band takes its thresholds from is gone.
    """
    if day is None or asset not in MEASURES:
        return
    now = now or datetime.now(UTC)
    _measure_history(connection, _unmeasured(connection, day))
    shares = [name for name in MEASURES[asset] if name != VOLUME]
    with transaction(connection):
        _facts(connection, asset, [day])
        if VOLUME in MEASURES[asset]:
            learn_volumes(connection, day, now)
            _store(connection, [VOLUME])
        _share_rules(connection, asset, shares)
        _set(connection, day=day)
        connection.execute(project.sql_text("load/measure_share_bands.sql"))
        _store(connection, shares)


def _unmeasured(connection: DuckDBPyConnection, day: date) -> list[date]:
    """Days of the history that were worked on before they could be measured, oldest first."""
    _set(connection, day=day, learn_days=_thresholds("articles", VOLUME)["learn_days"])
    query = project.sql_text("load/measure_missing.sql")
    return [found for (found,) in connection.execute(query).fetchall()]


def _thresholds(asset: str, measure: str) -> dict[str, Any]:
    name = MEASURES[asset][measure]
    found = find_check(asset, name)
    if found is None:
        raise SuiteError(f"expectations/: asset {asset} lacks the check {name!r}, which has a band")
    return {threshold.name: threshold.value for threshold in found[1].thresholds}


def _measure_history(connection: DuckDBPyConnection, days: list[date]) -> None:
    """Writes the figures of days that are over, without bands: nobody judges them any more."""
    for begin in range(0, len(days), AT_ONCE):
        with transaction(connection):
            for asset, measures in MEASURES.items():
                _facts(connection, asset, days[begin : begin + AT_ONCE])
                _set(connection, measures=list(measures))
                connection.execute(project.sql_text("load/measure_history.sql"))


def _facts(connection: DuckDBPyConnection, asset: str, days: list[date]) -> None:
    """Makes the temporary table ``measured``: a row a source, day and measure."""
    _set(connection, days=days, first_day=min(days), last_day=max(days))
    connection.execute(project.sql_text(f"load/measure_{_FACTS[asset]}.sql"))


def learn_volumes(connection: DuckDBPyConnection, day: date, now: datetime) -> None:
    """Makes the temporary table ``banded`` from ``measured``: volumes of the day with their bands.

    ``measured`` has the columns source_id, measure, value, base and by_hour.
    """
    _set(connection, day=day, now=now, **_thresholds("articles", VOLUME))
    connection.execute(project.sql_text("load/measure_volume_bands.sql"))


def _store(connection: DuckDBPyConnection, measures: list[str]) -> None:
    """Writes those rows of ``banded`` that say something new."""
    _set(connection, measures=measures)
    connection.execute(project.sql_text("load/measure_store.sql"))


def _share_rules(connection: DuckDBPyConnection, asset: str, measures: list[str]) -> None:
    """Fills the temporary table ``rules``: a row a measure, from the thresholds of its check."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE rules (measure VARCHAR, learn_days INTEGER, needed BIGINT,"
        " days_needed BIGINT, sigmas DOUBLE, change DOUBLE, expected DOUBLE)"
    )
    for measure in measures:
        values = _thresholds(asset, measure)
        connection.execute(
            "INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?)",
            [measure, *(values.get(key) for key in _SHARE_THRESHOLDS)],
        )


def _set(connection: DuckDBPyConnection, **variables: Any) -> None:
    """Sets the variables that the statements in ``sql/load/measure_*.sql`` read."""
    for name, value in variables.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])
