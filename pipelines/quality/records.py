"""What an audit gives: the result of one check on one partition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipelines.quality.suites import Check

SAMPLE = 20
"""Failing rows kept beside a result, with all that its query says of them."""
LONGEST_VALUE = 200
"""Characters of a value in a sample: never whole texts."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check gave on one partition."""

    check: Check
    partition: date | None
    """Day; None where the check is on a whole table."""
    success: bool
    """False also where the rule could not be evaluated: see ``error``."""
    observed: Any = None
    element_count: int | None = None
    """Rows under audit."""
    unexpected_count: int | None = None
    """Rows that break the rule."""
    failing_keys: tuple[str, ...] = ()
    """Keys of failing rows, sorted, MAX_KEYS at most."""
    error: str | None = None
    """Why the rule itself broke; None where it was evaluated."""
    sql: str | None = None
    """Query that shows the failing rows, ready to paste."""
    samples: tuple[Mapping[str, Any], ...] = field(default=())
    """Up to SAMPLE failing rows as that query gives them, values cut to LONGEST_VALUE."""
    checked_at: datetime | None = None
    """When the rule was run; None: now."""
    carried: bool = False
    """True where nothing had changed since ``checked_at``, so that the rule was not run again."""
    override_id: str | None = None
    """Override that lets this failure be published."""

    @property
    def status(self) -> str:
        """``passed``, ``failed``, or ``broken`` where the rule itself failed."""
        return "passed" if self.success else "broken" if self.error else "failed"
