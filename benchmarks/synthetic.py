"""A made-up warehouse of any size, skewed as news is, for measuring what analysts wait for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.warehouse.connection import writing

if TYPE_CHECKING:
    from pipelines.settings import Settings

SCRIPTS = Path(__file__).with_name("synthetic_sql")
LAST_DAY = date(2026, 3, 31)
SLICE = 15_000
"""Articles made at a time: bounds the memory."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of what. Some 40 mentions an article."""

    articles: int = 300_000
    entities: int = 2_600_000
    """Those that could be named; some 400,000 of them are, at 300,000 articles."""
    outlets: int = 120
    days: int = 365
    seed: int = 7


def fill(settings: Settings, size: Size) -> None:
    """Fills an empty home's warehouse. The same for the same size and seed."""
    with writing(settings) as connection:
        connection.execute("SET memory_limit = '8GB'")
        for name in ("articles", "entities", "outlets", "days", "seed"):
            connection.execute(f"SET VARIABLE {name} = {int(getattr(size, name))}")
        connection.execute(_script("base"))
        step = max(1, size.days * SLICE // size.articles)
        first = LAST_DAY - timedelta(size.days)
        while first <= LAST_DAY:
            last = first + timedelta(step - 1)
            connection.execute("SET VARIABLE first_day = ?::DATE", [first])
            connection.execute("SET VARIABLE last_day = ?::DATE", [last])
            connection.execute(_script("slice"))
            first = last + timedelta(1)
        connection.execute(_script("rest"))
        connection.execute("CHECKPOINT")


def _script(name: str) -> str:
    return (SCRIPTS / f"{name}.sql").read_text(encoding="utf-8")
