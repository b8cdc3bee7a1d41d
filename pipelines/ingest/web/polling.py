"""When a feed or sitemap is asked for again, and how its failures add up: plain arithmetic.

The interval follows the rate at which new entries come, as in Miniflux's entry frequency; entries
shared with the poll before tell whether some were missed, as in Media Cloud's rss-fetcher, whose
fractional failure score this is too. Nothing is random: equal histories give equal times.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

MINUTES_A_DAY = 1440
DEFAULT_MINUTES = 60
"""Interval of a feed of which nothing is known: what ``sy:updatePeriod`` says in most feeds."""
MIN_MINUTES = 15
"""Half of the schedule's half hour. Media Cloud goes down to 10, which few feeds reward."""
MAX_MINUTES = MINUTES_A_DAY
"""A feed that lists one day loses entries when it is asked less often than once a day."""
WISH_MAX_MINUTES = 360
"""Longest interval that a feed's ``ttl`` or an answer's max-age is granted: these are often a
system's untouched defaults. Six hours is Media Cloud's interval for a feed without a wish."""
NEW_ENTRIES_A_POLL = 0.5
"""New entries to expect of a poll. Miniflux aims at one; half of one halves an article's delay."""
SMOOTHING_DAYS = 7.0
"""The rate's memory: a week evens out nights and weekends (Miniflux counts a week's entries)."""
RATE_BEFORE_ANY = NEW_ENTRIES_A_POLL * MINUTES_A_DAY / DEFAULT_MINUTES
"""New entries a day that the default interval amounts to: where the estimate starts."""
ENOUGH_KNOWN = 1 / 3
"""Share of a poll's entries that should be known already; with fewer, the next burst may push
entries out before they are seen. Media Cloud's least share of duplicates."""
LATE = 2.0
"""A poll that comes so many intervals after the one before says nothing about the interval."""
SLACK = 0.1
"""Share of an interval by which a feed is due early: a run of the schedule that comes a moment
before the feed's turn would otherwise leave it to the next run, and double its interval."""

SOFT_FAILURE = 0.5
"""What a passing fault adds to the score (Media Cloud): it takes twice as many to slow a feed."""
HARD_FAILURE = 1.0
DORMANT_FAILURES = 10.0
"""Score from which a feed is asked for once a week: at the default interval after six days of
lasting faults or thirteen of passing ones. Media Cloud, which had a bound of 4, then 10, then 30,
found that feeds do come back."""
MAX_BACKOFF_MINUTES = MINUTES_A_DAY
"""Longest wait of a feed that is not dormant (Media Cloud's MAXIMUM_BACKOFF_MINS)."""
DORMANT_MINUTES = 7 * MINUTES_A_DAY
RETRY_AFTER_MAX_MINUTES = MINUTES_A_DAY
"""Longest Retry-After that is obeyed (Media Cloud; 88 hours were seen there)."""

Outcome = Literal["ok", "unchanged", "soft", "hard", "gone"]

_SOFT_CODES = frozenset(
    {"dns", "connect", "tls", "reset", "timeout", "protocol", "truncated", "unreachable",
     "robots_unreachable", "http_status_408", "http_status_425", "http_status_429"}
)  # fmt: skip
_SERVER_FAULT = re.compile(r"http_status_5\d\d")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_NOT_FRESH = re.compile(r"(?:^|[,\s])(?:no-cache|no-store)(?:$|[,\s])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PollState:
    """What polling one feed remembers; each field a column of ``raw.feeds``."""

    poll_minutes: int | None = None
    """Minutes between polls while nothing fails."""
    failures: float | None = None
    """Failure score; 0 is healthy."""
    new_per_day: float | None = None
    """New entries a day, smoothed; None until the second good poll."""
    polled_at: datetime | None = None
    next_fetch_at: datetime | None = None
    """Not polled before this."""
    last_status: str | None = None
    """``ok``, ``unchanged``, or a reason that begins with a code; then what there is to remark."""
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll gave."""

    outcome: Outcome
    problem: str | None = None
    """Of a failure: a code, a colon and words."""
    new_entries: int = 0
    """Entries not seen before."""
    known_entries: int = 0
    """Entries that were known before this poll."""
    wish_minutes: int | None = None
    """The feed's own interval (``ttl``, ``sy:update*``)."""
    fresh_minutes: float | None = None
    """How long the answer calls itself fresh: see ``fresh_minutes``."""
    retry_at: datetime | None = None
    """Of a failure: the site asks not to come before this (Retry-After)."""
    remarks: tuple[str, ...] = ()
    """What the readers left out or mended; kept behind the status."""


def next_poll(state: PollState, poll: Poll, now: datetime) -> PollState:
    """The state after a poll at ``now`` (aware, UTC).

    ``poll_minutes`` stays within MIN_MINUTES and MAX_MINUTES; ``next_fetch_at`` lies at most
    DORMANT_MINUTES ahead. A success clears the failure score; a failure leaves the interval
    and doubles the wait with each point of the score. Nothing is ever switched off: a feed over
    DORMANT_FAILURES, or gone (410), is asked for once a week, and its status says so.
    """
    if poll.outcome in ("ok", "unchanged"):
        return _succeeded(state, poll, now)
    return _failed(state, poll, now)


def outcome_of(problem: str) -> Outcome:
    """The class of a failure, by the code that its reason begins with.

    Passing faults are soft: the network's, 408, 425, 429 and 5xx (the answers that RFC 9110 calls
    worth another try), robots rules that could not be had. 410 is gone. All others are hard,
    404 and payloads that are no feed too.
    """
    code = problem.split(":", 1)[0].strip()
    if code == "http_status_410":
        return "gone"
    return "soft" if code in _SOFT_CODES or _SERVER_FAULT.fullmatch(code) else "hard"


def fresh_minutes(
    cache_control: str | None, expires: str | None, date: str | None, now: datetime
) -> float | None:
    """Minutes for which an answer calls itself fresh (RFC 9111, 4.2.1), or None.

    Takes the values of Cache-Control, Expires and Date; max-age goes before Expires, and
    ``no-cache`` and ``no-store`` before both. s-maxage is for shared caches and left alone.
    """
    if cache_control and _NOT_FRESH.search(cache_control):
        return None
    if cache_control and (found := _MAX_AGE.search(cache_control)):
        return int(found.group(1)) / 60 or None
    until = _http_date(expires)
    if until is None:
        return None
    minutes = (until - (_http_date(date) or now)) / timedelta(minutes=1)
    return minutes if minutes > 0 else None


def _succeeded(state: PollState, poll: Poll, now: datetime) -> PollState:
    before = state.last_success_at
    elapsed = max((now - before) / timedelta(minutes=1), 0.0) if before else None
    rate = _rate(state.new_per_day, poll, elapsed)
    base = _bounded(state.poll_minutes or DEFAULT_MINUTES)
    wanted = float(DEFAULT_MINUTES)
    if rate is not None:
        wanted = NEW_ENTRIES_A_POLL * MINUTES_A_DAY / max(rate, 1e-9)
    if (state.failures or 0.0) >= HARD_FAILURE:
        # What comes back after a fault is watched until its rate is known again.
        wanted = min(wanted, DEFAULT_MINUTES)
    share = _known_share(poll, base, elapsed)
    cap = WISH_MAX_MINUTES
    if share < ENOUGH_KNOWN:
        wanted = min(wanted, base / 2)
        # Entries that are being lost weigh more than a wish.
        cap = DEFAULT_MINUTES
    floor = max(min(poll.wish_minutes or 0, cap), min(poll.fresh_minutes or 0.0, cap))
    minutes = _bounded(max(wanted, floor))
    remarks = poll.remarks
    if share == 0:
        remarks = ("missed: no entry of the last poll is left, some may have been missed", *remarks)
    return replace(
        state,
        poll_minutes=minutes,
        failures=0.0,
        new_per_day=rate,
        polled_at=now,
        next_fetch_at=_due(now, minutes),
        last_status=_status(poll.outcome, remarks),
        last_success_at=now,
        last_new_at=now if poll.new_entries else state.last_new_at,
    )


def _failed(state: PollState, poll: Poll, now: datetime) -> PollState:
    failures = max(state.failures or 0.0, 0.0)
    failures += SOFT_FAILURE if poll.outcome == "soft" else HARD_FAILURE
    if poll.outcome == "gone":
        # RFC 9110, 15.5.11: the condition is likely to be permanent.
        failures = max(failures, DORMANT_FAILURES)
    base = _bounded(state.poll_minutes or DEFAULT_MINUTES)
    remarks = poll.remarks
    if failures >= DORMANT_FAILURES:
        wait = float(DORMANT_MINUTES)
        remarks = (f"dormant: polled once a week, failure score {failures:g}", *remarks)
    else:
        wait = min(base * 2**failures, MAX_BACKOFF_MINUTES)
    due = _due(now, wait)
    if poll.retry_at is not None:
        latest = now + timedelta(minutes=RETRY_AFTER_MAX_MINUTES)
        due = max(due, min(poll.retry_at, latest))
    return replace(
        state,
        poll_minutes=base,
        failures=failures,
        polled_at=now,
        next_fetch_at=due,
        last_status=_status(poll.problem or poll.outcome, remarks),
    )


def _rate(before: float | None, poll: Poll, elapsed: float | None) -> float | None:
    """New entries a day, the past weighing less the longer ago it is; None on the first poll,
    when all entries are new and say nothing.
    """
    if elapsed is None:
        return before
    known = RATE_BEFORE_ANY if before is None else max(before, 0.0)
    days = max(elapsed, 1.0) / MINUTES_A_DAY
    seen = poll.new_entries / days
    if poll.new_entries and not poll.known_entries and seen < known:
        # The feed was too short for the time passed: there were more than it shows.
        return known
    weight = 1 - math.exp(-days / SMOOTHING_DAYS)
    return known + weight * (seen - known)


def _known_share(poll: Poll, base: int, elapsed: float | None) -> float:
    """Share of the poll's entries that were known; 1 where that says nothing of the interval."""
    total = poll.new_entries + poll.known_entries
    if not poll.new_entries or elapsed is None or elapsed > LATE * base:
        return 1.0
    return poll.known_entries / total


def _bounded(minutes: float) -> int:
    return round(min(max(minutes, MIN_MINUTES), MAX_MINUTES))


def _due(now: datetime, minutes: float) -> datetime:
    return now + timedelta(minutes=minutes * (1 - SLACK))


def _status(first: str, remarks: Iterable[str]) -> str:
    return "; ".join((first, *remarks))


def _http_date(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
