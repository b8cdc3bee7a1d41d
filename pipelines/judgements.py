"""The ledger of people's judgements about entities: a file that outlives the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Judgement:
    """One row of ``entity_judgements``; the comments in sql/schema say what the columns mean."""

    judgement_id: str
    left_id: str
    right_id: str
    judgement: str
    created_at: datetime
    user: str | None = None
    reason: str | None = None
    score: float | None = None
    left_anchor: str | None = None
    right_anchor: str | None = None
    deleted_at: datetime | None = None


def read_judgements(ledger: Path) -> list[Judgement]:
    """Every judgement, oldest first; none where there is no ledger."""
    del ledger
    return []
