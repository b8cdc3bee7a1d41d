"""People's judgements as they bear on what is stored: what is merged, moved, kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.judgements import Judgement


@dataclass(frozen=True, slots=True)
class Judged:
    """What judgements say of ids and referents."""

    merged: Mapping[str, str] = field(default_factory=dict)
    """base_id -> the entity_id that it is one with, through any number of merges."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """referent_id -> the entity_id that it was split off to."""
    apart: tuple[frozenset[str], ...] = ()
    """Pairs of referents that are not one thing."""


def judge(connection: DuckDBPyConnection, judgements: Iterable[Judgement]) -> Judged:
    """Copies the judgements into ``entity_judgements`` and says what follows from them."""
    del connection, judgements
    return Judged()
