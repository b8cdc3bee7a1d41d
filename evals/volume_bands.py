"""Bands of volumes on simulated sources: how often a steady one falls outside, how often a loss is seen.

``python -m evals.volume_bands [SOURCES]`` prints a line a kind of source and size. The volumes of a
day are a Poisson distribution whose expectation is drawn from a gamma distribution: days of a
newsroom scatter more than chance alone. Sources of all kinds scatter by 5 to 30 % (relative
standard deviation), drift by up to 2 % a week, and two in three have fewer documents, or hardly
any, on Saturdays and Sundays. Regular ones scatter by 5 to 10 % and have the same days all week.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.quality.measures import learn_volumes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KINDS = ("all kinds", "regular")
SIZES = (3, 10, 30, 100, 300, 1000)
"""Documents on a usual weekday."""
FIRST = date(2026, 1, 1)
HISTORY, JUDGED = 43, 42
"""Days that are learnt from before the first one is judged, and days judged."""
LEFT = {"halved": 0.5, "a fifth left": 0.2}
"""Losses, and the share of the documents that is left."""


@dataclass(slots=True)
class Tally:
    """What the bands said of the sources of one size, counted in source-days."""

    judged: int = 0
    with_minimum: int = 0
    blocked: int = 0
    """Steady, but below the minimum that stops a publish."""
    low: int = 0
    high: int = 0
    losses: dict[str, list[int]] | None = None
    """Of each loss: days on which it stopped the publish, and on which it was at least told."""

    def line(self, kind: str, size: int) -> str:
        """A line of the table."""
        share = 100 / max(self.judged, 1)
        told = "".join(
            f"{stopped * share:10.1f} / {seen * share:5.1f}"
            for stopped, seen in (self.losses or {}).values()
        )
        return (
            f"{kind:10}{size:6,}{self.judged:10,}{self.with_minimum * share:10.1f}{self.blocked:9}"
            f"{self.low:8}{self.high:8}{told}"
        )


def simulate(sources: int, seed: int = 6) -> dict[tuple[str, int], Tally]:
    """Tallies by kind and size, of ``sources`` sources each; the same for the same seed."""
    import duckdb

    generator = random.Random(seed)
    keys = [(kind, size) for kind in KINDS for size in SIZES]
    tallies = {key: Tally(losses={name: [0, 0] for name in LEFT}) for key in keys}
    volumes = {
        f"{kind}/{size}/{number}": _volumes(generator, kind, size)
        for kind, size in keys
        for number in range(sources)
    }
    with duckdb.connect() as connection:
        for path in project.sql_files("schema"):
            connection.execute(path.read_text(encoding="utf-8"))
        connection.execute("SET TimeZone = 'UTC'")
        for offset in range(HISTORY + JUDGED):
            day = FIRST + timedelta(offset)
            _measured(connection, [(name, v[offset]) for name, v in volumes.items()])
            if offset >= HISTORY:
                learn_volumes(connection, day, datetime(2027, 1, 1, tzinfo=UTC))
                _judge(connection, tallies, generator)
            connection.execute(
                "INSERT INTO ops.source_days (source_id, day, measure, value, base, hours)"
                " SELECT source_id, ?, measure, value, base, 24 FROM measured",
                [day],
            )
    return tallies


def _volumes(generator: random.Random, kind: str, size: int) -> list[int]:
    is_regular = kind == "regular"
    weekend = generator.choice((1.0, generator.uniform(0.3, 0.9), generator.uniform(0, 0.3)))
    weekend = 1.0 if is_regular else weekend
    scatter = generator.uniform(0.05, 0.1 if is_regular else 0.3)
    drift = 0.0 if is_regular else generator.uniform(-0.02, 0.02)
    values = []
    for offset in range(HISTORY + JUDGED):
        expected = size * (1 + drift) ** (offset / 7)
        expected *= weekend if (FIRST + timedelta(offset)).weekday() >= 5 else 1
        expected *= generator.gammavariate(scatter**-2, scatter**2)
        values.append(_poisson(generator, expected))
    return values


def _poisson(generator: random.Random, expected: float) -> int:
    """Arrivals within one unit of time, whose distances are exponential."""
    arrivals, time = 0, generator.expovariate(1.0)
    while time <= expected:
        arrivals, time = arrivals + 1, time + generator.expovariate(1.0)
    return arrivals


def _measured(connection: DuckDBPyConnection, rows: list[tuple[str, int]]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE measured (source_id VARCHAR, measure VARCHAR, value DOUBLE,"
        " base BIGINT, by_hour INTEGER[])"
    )
    names, values = zip(*rows, strict=True)
    connection.execute(
        "INSERT INTO measured SELECT source_id, 'volume', value, value, NULL"
        " FROM (SELECT unnest(?) AS source_id, unnest(?) AS value)",
        [list(names), list(values)],
    )


def _judge(
    connection: DuckDBPyConnection,
    tallies: dict[tuple[str, int], Tally],
    generator: random.Random,
) -> None:
    rows = connection.execute(
        "SELECT source_id, value, low, high, least FROM banded ORDER BY source_id"
    ).fetchall()
    for source_id, value, low, high, least in rows:
        kind, size, _ = source_id.split("/")
        tally = tallies[kind, int(size)]
        tally.judged += 1
        tally.with_minimum += least is not None
        tally.blocked += least is not None and value < least
        tally.low += low is not None and value < low
        tally.high += high is not None and value > high
        for name, share in LEFT.items():
            left = sum(generator.random() < share for _ in range(int(value)))
            counts = (tally.losses or {})[name]
            counts[0] += least is not None and left < least
            counts[1] += low is not None and left < low


def main() -> None:
    """Prints the table."""
    sources = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print(f"{sources} sources of each size; of losses: % of days that stop the publish / are told")
    heads = (
        f"{'source':10}{'a day':>6}{'days':>10}{'min. %':>10}{'stopped':>9}{'low':>8}{'high':>8}"
    )
    print(heads + "".join(f"{name:>18}" for name in LEFT))
    for (kind, size), tally in simulate(sources).items():
        print(tally.line(kind, size))


if __name__ == "__main__":
    main()
