"""When a page is asked for again, and when no more: rules over one row of ``raw.pages``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.ingest.web.frontier import PageRow
    from pipelines.ingest.web.visit import Visit

FIRST_WAIT = timedelta(minutes=30)
"""After a visit that gave nothing; doubled with each further one: the next scheduled run."""
LONGEST_WAIT = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=7)
"""A page that was never to be had for so long is given up. Long enough for a cut of the network
over a weekend, and its feed names it anew where that matters."""


def next_revisit(page: PageRow, hours: Sequence[float], now: datetime) -> datetime | None:
    """The next age, counted from the first capture, at which the page is looked at for edits."""
    since = page.captured_at or now
    ages = (since + timedelta(hours=hour) for hour in hours)
    return min((age for age in ages if age > now), default=None)


def after_answer(page: PageRow, hours: Sequence[float], now: datetime, status: str) -> None:
    """Brings the row up to date after an answer, changed or not."""
    page.state = "captured"
    page.attempts = 0
    page.checked_at = now
    page.captured_at = page.captured_at or now
    page.next_fetch_at = next_revisit(page, hours, now)
    page.last_status = status


def after_problem(page: PageRow, visit: Visit, hours: Sequence[float], now: datetime) -> None:
    """Brings the row up to date after a visit that gave nothing.

    A passing fault is met again later, within bounds; a lasting one ends it. A page that was
    captured before stays captured.
    """
    page.attempts += 1
    page.checked_at = now
    page.last_status = visit.problem
    keep_on = visit.passing and now - page.first_seen_at < GIVE_UP_AFTER
    if page.capture_count:
        page.next_fetch_at = next_revisit(page, hours, now)
    elif keep_on:
        wait = min(FIRST_WAIT * 2 ** min(page.attempts - 1, 10), LONGEST_WAIT)
        page.state = "waiting"
        page.next_fetch_at = max(now + wait, visit.retry_at or now)
    else:
        page.state = "refused" if visit.refused else "given_up"
        page.next_fetch_at = None
