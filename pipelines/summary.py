"""What a command's runs gave, for the summary at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.warehouse.connection import writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that does not hold by its latest result."""

    day: str
    asset: str
    name: str
    severity: str
    unexpected: int | None
    error: str | None
    override_note: str | None = None
    """Why a person lets it be published all the same; None where nobody does."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over the captures that the runs worked on."""

    captured: int
    kept: int
    quarantined: int
    skipped: int
    waiting: int
    """Captures taken in for days that were not worked on."""
    reasons: dict[str, dict[str, int]]
    """By fate, then by reason."""
    versions: int
    """Article versions written."""
    articles: int
    """Current articles in the warehouse."""
    mentions: int
    entities: int
    recognised: int
    """Texts read for mentions by the runs."""
    failed_inputs: int
    """Captures that could not be read or extracted."""
    failed_checks: tuple[FailedCheck, ...]
    """Of the runs' days and of whole tables; also where a run found nothing new to check."""
    overridden_checks: tuple[FailedCheck, ...]
    """Those that are published all the same, by a person's decision."""
    published: bool

    @property
    def balanced(self) -> bool:
        """Kept + quarantined + skipped = captured."""
        return self.kept + self.quarantined + self.skipped == self.captured


def summarise(
    settings: Settings, run_ids: Sequence[str], days: Sequence[date], asked: Sequence[str] = ()
) -> Summary:
    """Reads the summary of some runs, which worked on ``days``, from the warehouse.

    ``asked``: addresses that the user named.
    """
    ids = list(run_ids)
    addresses = list(asked)
    if addresses:
        from courlan import clean_url

        addresses += [clean_url(url) or url for url in asked]
    with writing(settings) as connection:
        connection.execute("SET VARIABLE run_ids = ?::VARCHAR[]", [ids])
        connection.execute("SET VARIABLE days = ?::DATE[]", [list(days)])
        connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [addresses])
        fates = connection.execute(project.sql_text("load/summary_fates.sql")).fetchall()
        cursor = connection.execute(project.sql_text("load/summary_counts.sql"))
        row = cursor.fetchone() or ()
        counts: dict[str, Any] = dict(zip((c[0] for c in cursor.description), row, strict=True))
        checks = connection.execute(project.sql_text("load/summary_checks.sql")).fetchall()
    failed = [FailedCheck(*check) for check in checks]
    reasons: dict[str, dict[str, int]] = {}
    totals = {"kept": 0, "quarantined": 0, "skipped": 0, "waiting": 0, "pending": 0}
    for fate, reason, number in fates:
        totals[fate] += number
        if reason:
            reasons.setdefault(fate, {})[reason] = number
    return Summary(
        captured=sum(totals.values()) - totals["waiting"],
        kept=totals["kept"],
        quarantined=totals["quarantined"],
        skipped=totals["skipped"],
        waiting=totals["waiting"],
        reasons=reasons,
        failed_checks=tuple(check for check in failed if check.override_note is None),
        overridden_checks=tuple(check for check in failed if check.override_note is not None),
        **counts,
    )
