"""Politeness: one request at a time to a registrable domain, and a gap after each.

Gaps are measured on a clock that only runs forward (``time.monotonic``); what must outlive the run
is kept in UTC. Nothing here waits longer than one gap at a time, whatever a clock does.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MAX_CRAWL_DELAY = 60.0
"""Longest Crawl-delay that is honoured, in seconds; a site that wants more is asked each minute."""

BUSY_GAP = 30.0
"""Seconds between requests to a site that answered 429 (Media Cloud's value)."""

MAX_PARK = timedelta(hours=24)
"""Longest time that a site is left alone, whatever its Retry-After says."""

FIRST_PARK = timedelta(minutes=10)
"""How long a site is left alone that could not be reached (Media Cloud's value); then doubled."""

UNREACHED = frozenset({"dns", "connect", "tls"})
"""Codes of ``FetchError`` that say that a site was not reached."""

CUT_SHORT = frozenset({"reset", "timeout"})
"""Codes that one page may cause; so many in a row are the site's."""
CUT_SHORT_IN_A_ROW = 3

# A wait shorter than this may add nothing to a clock's reading and so never end.
_LEAST_WAIT = 0.001

_DIGITS = re.compile(r"[0-9]+")


class TurnRefusedError(Exception):
    """A site may not be asked now; nothing was sent."""


class ParkedError(TurnRefusedError):
    """The site is left alone ``until`` (UTC), for ``reason``."""

    def __init__(self, site: str, until: datetime, reason: str) -> None:
        super().__init__(f"{site} is left alone until {until.isoformat()}: {reason}")
        self.site = site
        self.until = until
        self.reason = reason


class BudgetOverError(TurnRefusedError):
    """The time that the run may ask the web is over, or would be before the site's gap is."""

    def __init__(self, site: str) -> None:
        super().__init__(f"no time left in this run to ask {site}")
        self.site = site


@dataclass(frozen=True, slots=True)
class SiteState:
    """What a later run must know of a site: a row of ``raw.sites``. Times are UTC."""

    site: str
    last_request_at: datetime | None = None
    not_before: datetime | None = None
    gap_seconds: float | None = None
    failures: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to send one request to a site, now."""

    site: str
    started_at: datetime
    """UTC."""
    waited: float
    """Seconds since the turn was asked for."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Gates:
    """The gates of all sites, and the connections they share. For one event loop."""

    def __init__(
        self,
        gap_seconds: float,
        *,
        connections: int,
        budget_seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """``gap_seconds``: between two requests to a site; ``connections``: requests under way at
        once, all sites together; ``budget_seconds``: from now on, until no turn is given any more;
        None: always. ``clock`` is in seconds and runs forward.
        """
        self.gap_seconds = gap_seconds
        self.clock = clock
        self.now = now
        self.sleep = sleep
        self.slots = asyncio.Semaphore(connections)
        self.deadline = None if budget_seconds is None else clock() + budget_seconds
        self._gates: dict[str, Gate] = {}

    def of(self, site: str) -> Gate:
        """The gate of a site, always the same one."""
        gate = self._gates.get(site)
        if gate is None:
            gate = self._gates[site] = Gate(site, self)
        return gate

    def restore(self, states: Iterable[SiteState]) -> None:
        """Take up what an earlier run left; before the first turn."""
        for state in states:
            self.of(state.site).restore(state)

    def states(self) -> tuple[SiteState, ...]:
        """What a later run must know, by site."""
        return tuple(self._gates[site].state() for site in sorted(self._gates))


class Gate:
    """Requests to one site: in the order asked for, one at a time, the gap between them."""

    def __init__(self, site: str, gates: Gates) -> None:
        self.site = site
        self.failures = 0
        self.reason: str | None = None
        self.last_request_at: datetime | None = None
        self._gates = gates
        self._gap = gates.gap_seconds
        self._delays: dict[str, float] = {}
        self._busy = False
        self._cut_short = 0
        self._parked_until: datetime | None = None
        self._ended: float | None = None
        self._taken = False
        self._queue: deque[asyncio.Future[bool]] = deque()
        self._parking = asyncio.Event()

    @property
    def gap_seconds(self) -> float:
        """Seconds from the end of one request to the start of the next."""
        return max(self._gap, BUSY_GAP) if self._busy else self._gap

    @property
    def not_before(self) -> datetime | None:
        """Until when the site is left alone; None where it is not."""
        until = self._parked_until
        return until if until is not None and until > self._gates.now() else None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """The right to send one request, held until it ended.

        Waits for the turns asked for before, for the site's gap, then for a connection. Raises
        ParkedError as soon as the site is parked, BudgetOverError as soon as it is clear that the
        turn would come after the deadline.
        """
        asked = self._gates.clock()
        self._refuse()
        await self._take()
        try:
            await self._keep_gap()
            async with self._gates.slots:
                self._refuse()
                try:
                    yield Turn(self.site, self._gates.now(), self._gates.clock() - asked)
                finally:
                    self._ended = self._gates.clock()
                    self.last_request_at = self._gates.now()
        finally:
            self._leave()

    def slow_to(self, crawl_delay: float | None, origin: str = "") -> None:
        """Set the gap to the site's Crawl-delay, where that is longer than ours; 60 s at most.

        None: there is none (any more). Of a site's ``origin`` values, each with rules of its own,
        the longest delay holds.
        """
        self._delays[origin] = min(crawl_delay or 0.0, MAX_CRAWL_DELAY)
        self._gap = max(self._gates.gap_seconds, *self._delays.values())

    def after_429(self) -> None:
        """Keep at least 30 s between requests from now on, for the rest of the run.

        The next run starts with that gap too, and goes back to the usual one with ``slow_to``.
        """
        self._busy = True

    def park(self, until: datetime, reason: str) -> None:
        """Leave the site alone until then, a day at most; those that wait for a turn are told.

        A longer parking that is in force stays. Raises ValueError where ``until`` is not aware.
        """
        if until.tzinfo is None:
            raise ValueError("park: until has no time zone")
        now = self._gates.now()
        until = min(until.astimezone(UTC), now + MAX_PARK)
        if until <= max(now, self.not_before or now):
            return
        self._parked_until = until
        self.reason = reason
        self._parking.set()
        while self._queue:
            waiting = self._queue.popleft()
            if not waiting.done():
                waiting.set_result(False)

    def failed(self, code: str) -> datetime | None:
        """Count a request that ended with this ``FetchError`` code; when the site is parked by it.

        Codes that say that the site was not reached park it: for 10 minutes, doubled with each one
        in a row, a day at most; so do three answers in a row that broke off or never came. Any
        other code shows that it was reached, but for those of addresses that were refused unasked,
        which show nothing.
        """
        if code.startswith("address_"):
            return None
        if code not in UNREACHED | CUT_SHORT:
            self.succeeded()
            return None
        self._cut_short += 1
        if code in CUT_SHORT and not self.failures and self._cut_short < CUT_SHORT_IN_A_ROW:
            return None
        self.failures += 1
        until = self._gates.now() + min(FIRST_PARK * 2 ** min(self.failures - 1, 8), MAX_PARK)
        self.park(until, f"not reached: {code}")
        return self.not_before

    def succeeded(self) -> None:
        """Count a request that was answered, whatever the answer."""
        self.failures = 0
        self._cut_short = 0

    def state(self) -> SiteState:
        """What a later run must know."""
        until = self.not_before
        return SiteState(
            site=self.site,
            last_request_at=self.last_request_at,
            not_before=until,
            gap_seconds=self.gap_seconds,
            failures=self.failures,
            reason=self.reason if until else None,
        )

    def restore(self, state: SiteState) -> None:
        """Take up what an earlier run left.

        Its gap holds until ``slow_to`` sets another. Times that lie in the future, because the
        machine's clock was wrong then, cost one gap, and a day of parking at most.
        """
        now = self._gates.now()
        longest = max(self._gates.gap_seconds, MAX_CRAWL_DELAY)
        self._gap = min(max(self._gates.gap_seconds, state.gap_seconds or 0.0), longest)
        self.failures = max(0, state.failures)
        if state.not_before is not None:
            self.park(state.not_before, state.reason or "parked by an earlier run")
        if state.last_request_at is not None:
            self.last_request_at = state.last_request_at
            elapsed = (now - state.last_request_at).total_seconds()
            self._ended = self._gates.clock() - elapsed

    def _refuse(self) -> None:
        """Raise where no turn is given now."""
        until = self.not_before
        if until is not None:
            raise ParkedError(self.site, until, self.reason or "")
        deadline = self._gates.deadline
        if deadline is not None and self._gates.clock() >= deadline:
            raise BudgetOverError(self.site)

    async def _take(self) -> None:
        """Be the one whose turn it is, after those that came before."""
        while self._taken:
            place: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            self._queue.append(place)
            try:
                handed = await place
            except asyncio.CancelledError:
                # A cancelled place is passed over by _leave; a turn it had been given goes on.
                if not place.cancelled() and place.result():
                    self._leave()
                raise
            if handed:
                return
            self._refuse()
        self._taken = True

    def _leave(self) -> None:
        """Hand the turn to the next in the queue."""
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(True)
                return
        self._taken = False

    async def _keep_gap(self) -> None:
        """Wait until the gap since the last request is over; without a connection."""
        while True:
            self._refuse()
            wait = self._remaining()
            if wait <= 0:
                return
            deadline = self._gates.deadline
            if deadline is not None and self._gates.clock() + wait >= deadline:
                raise BudgetOverError(self.site)
            await self._pause(max(wait, _LEAST_WAIT))

    def _remaining(self) -> float:
        if self._ended is None:
            return 0.0
        now = self._gates.clock()
        # A clock that was set back: count from now on, or the wait would be as long as its error.
        self._ended = min(self._ended, now)
        return self._ended + self.gap_seconds - now

    async def _pause(self, seconds: float) -> None:
        """Sleep, but no longer than until the site is parked."""
        self._parking.clear()
        sleeping = asyncio.ensure_future(self._gates.sleep(seconds))
        parking = asyncio.ensure_future(self._parking.wait())
        try:
            await asyncio.wait({sleeping, parking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            parking.cancel()
        if sleeping.done():
            sleeping.result()


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """When a site asks to be asked again: ``Retry-After`` (RFC 9110, section 10.2.3), UTC.

    Seconds or an HTTP date, at most 24 hours after ``now``; None for what is neither, is absent,
    or lies in the past.
    """
    text = (value or "").strip()
    if not text or len(text) > 64:
        return None
    if _DIGITS.fullmatch(text):
        seconds = min(int(text), int(MAX_PARK.total_seconds()))
        return now.astimezone(UTC) + timedelta(seconds=seconds)
    try:
        stated = parsedate_to_datetime(text)
        when = stated.replace(tzinfo=UTC) if stated.tzinfo is None else stated.astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return min(when, now.astimezone(UTC) + MAX_PARK) if when > now else None
