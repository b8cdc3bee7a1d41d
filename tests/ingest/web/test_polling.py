"""When a feed is asked for again: often enough to miss nothing, seldom enough to bother nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.web import polling
from pipelines.ingest.web.polling import (
    DEFAULT_MINUTES,
    DORMANT_FAILURES,
    DORMANT_MINUTES,
    MAX_BACKOFF_MINUTES,
    MAX_MINUTES,
    MIN_MINUTES,
    SLACK,
    WISH_MAX_MINUTES,
    Outcome,
    Poll,
    PollState,
    fresh_minutes,
    next_poll,
    outcome_of,
)

NOW = datetime(2024, 3, 5, 10, 0, tzinfo=UTC)
FIRST = PollState()


def wait(state: PollState, now: datetime = NOW) -> float:
    assert state.next_fetch_at is not None
    return (state.next_fetch_at - now) / timedelta(minutes=1)


def polled(new_per_day: float, days: float, *, known: int = 30, **options: float) -> PollState:
    """A feed that has so many new entries a day, polled on time for so many days."""
    state = next_poll(FIRST, Poll("ok", new_entries=known), NOW)
    now, seen = NOW, 0
    while now < NOW + timedelta(days=days):
        assert state.next_fetch_at is not None
        now = state.next_fetch_at
        there = int((now - NOW) / timedelta(days=1) * new_per_day)
        poll = Poll("ok", new_entries=there - seen, known_entries=known, **options)  # type: ignore[arg-type]
        state, seen = next_poll(state, poll, now), there
    return state


def failing(outcome: Outcome, times: int) -> list[PollState]:
    states, now = [next_poll(FIRST, Poll("ok"), NOW)], NOW
    for _ in range(times):
        now = states[-1].next_fetch_at or now
        states.append(next_poll(states[-1], Poll(outcome, "timeout: 30 s"), now))
    return states


def test_the_first_poll_says_nothing_of_the_rate() -> None:
    state = next_poll(FIRST, Poll("ok", new_entries=40), NOW)
    assert (state.poll_minutes, state.failures, state.new_per_day) == (DEFAULT_MINUTES, 0, None)
    assert (state.last_status, state.last_success_at, state.last_new_at) == ("ok", NOW, NOW)
    assert wait(state) == DEFAULT_MINUTES * (1 - SLACK)


def test_busy_feeds_are_polled_often_and_quiet_ones_seldom() -> None:
    busy, daily, silent = polled(100, 21), polled(3, 21), polled(0, 21)
    assert busy.poll_minutes == MIN_MINUTES
    assert 150 < (daily.poll_minutes or 0) < 300
    assert (silent.poll_minutes or 0) > 1000
    assert busy.new_per_day == pytest.approx(100, rel=0.15)


def test_entries_that_may_have_been_missed_halve_the_interval() -> None:
    before = PollState(240, 0.0, 3.0, last_success_at=NOW - timedelta(minutes=240))
    state = next_poll(before, Poll("ok", new_entries=10, known_entries=0), NOW)
    assert (state.poll_minutes or 0) <= 120
    assert (state.last_status or "").startswith("ok; missed:")
    enough = next_poll(before, Poll("ok", new_entries=2, known_entries=8), NOW)
    assert enough.last_status == "ok"


def test_a_late_poll_does_not_blame_the_interval() -> None:
    before = PollState(240, 0.0, 3.0, last_success_at=NOW - timedelta(days=2))
    state = next_poll(before, Poll("ok", new_entries=10, known_entries=0), NOW)
    assert (state.poll_minutes or 0) > 120
    assert state.last_status == "ok"


def test_a_feeds_own_wish_is_granted_up_to_a_bound() -> None:
    assert polled(100, 21, wish_minutes=60).poll_minutes == 60
    assert polled(100, 21, wish_minutes=10_080).poll_minutes == WISH_MAX_MINUTES
    assert polled(100, 21, fresh_minutes=45.0).poll_minutes == 45
    assert polled(100, 21, wish_minutes=5).poll_minutes == MIN_MINUTES


def test_a_wish_does_not_cost_entries() -> None:
    before = PollState(360, 0.0, 100.0, last_success_at=NOW - timedelta(minutes=360))
    poll = Poll("ok", new_entries=25, known_entries=0, wish_minutes=1440, fresh_minutes=1440.0)
    assert next_poll(before, poll, NOW).poll_minutes == DEFAULT_MINUTES


def test_an_unchanged_answer_is_a_success() -> None:
    before = PollState(60, 3.5, 12.0, last_success_at=NOW - timedelta(hours=1), last_new_at=NOW)
    state = next_poll(before, Poll("unchanged"), NOW)
    assert (state.failures, state.last_status, state.last_success_at) == (0, "unchanged", NOW)
    assert state.last_new_at == before.last_new_at
    assert (state.new_per_day or 0) < 12


def test_soft_failures_weigh_half_of_hard_ones() -> None:
    soft, hard = failing("soft", 4), failing("hard", 4)
    assert [state.failures for state in soft] == [0, 0.5, 1, 1.5, 2]
    assert [state.failures for state in hard] == [0, 1, 2, 3, 4]
    waits = [round(wait(after, before.next_fetch_at or NOW)) for before, after in pairwise(hard)]
    assert waits == [108, 216, 432, 864]


def test_a_failure_leaves_interval_rate_and_success() -> None:
    before = PollState(120, 0.0, 6.0, NOW, NOW, "ok", NOW, NOW)
    state = next_poll(
        before, Poll("hard", "http_status_404: gone fishing"), NOW + timedelta(hours=2)
    )
    assert (state.poll_minutes, state.new_per_day) == (120, 6.0)
    assert (state.last_success_at, state.last_new_at) == (NOW, NOW)
    assert state.last_status == "http_status_404: gone fishing"


def test_a_feed_that_keeps_failing_is_asked_once_a_week_and_says_so() -> None:
    *_, before, last = failing("hard", int(DORMANT_FAILURES))
    assert wait(last, before.next_fetch_at or NOW) == DORMANT_MINUTES * (1 - SLACK)
    assert (last.last_status or "").startswith("timeout: 30 s; dormant: polled once a week")


def test_gone_is_dormant_at_once() -> None:
    state = next_poll(PollState(60, 0.0), Poll("gone", "http_status_410: Gone"), NOW)
    assert wait(state) == DORMANT_MINUTES * (1 - SLACK)
    assert (state.failures or 0) >= DORMANT_FAILURES


def test_a_dormant_feed_that_answers_is_healthy() -> None:
    dormant = failing("hard", 12)[-1]
    now = dormant.next_fetch_at or NOW
    state = next_poll(dormant, Poll("ok", new_entries=3, known_entries=20), now)
    assert (state.failures, state.last_status) == (0, "ok")
    assert wait(state, now) <= 2 * DEFAULT_MINUTES


def test_retry_after_is_obeyed_for_a_day() -> None:
    for hours, expected in ((5, 5 * 60), (88, 1440), (-3, 60 * 2**0.5 * (1 - SLACK))):
        poll = Poll("soft", "http_status_429: slow down", retry_at=NOW + timedelta(hours=hours))
        assert wait(next_poll(PollState(60, 0.0), poll, NOW)) == pytest.approx(expected)


def test_remarks_of_the_readers_stay_with_the_status() -> None:
    state = next_poll(FIRST, Poll("ok", remarks=("ill_formed: x", "entries_cut: y")), NOW)
    assert state.last_status == "ok; ill_formed: x; entries_cut: y"


@pytest.mark.parametrize(
    ("problem", "outcome"),
    [
        ("timeout: 30 s", "soft"),
        ("dns: no such host", "soft"),
        ("http_status_429: Too Many Requests", "soft"),
        ("http_status_503", "soft"),
        ("http_status_520: ", "soft"),
        ("robots_unreachable: x", "soft"),
        ("http_status_404: Not Found", "hard"),
        ("http_status_403: Forbidden", "hard"),
        ("not_a_feed: its root is <html>", "hard"),
        ("too_large: x", "hard"),
        ("robots_disallowed: x", "hard"),
        ("http_status_410: Gone", "gone"),
    ],
)
def test_classes_of_failure(problem: str, outcome: Outcome) -> None:
    assert outcome_of(problem) == outcome


@pytest.mark.parametrize(
    ("cache_control", "expires", "date", "minutes"),
    [
        ("max-age=600", None, None, 10),
        ("public, Max-Age=600, s-maxage=9", "Tue, 05 Mar 2024 12:00:00 GMT", None, 10),
        ("s-maxage=600", None, None, None),
        ("no-cache, max-age=600", "Tue, 05 Mar 2024 12:00:00 GMT", None, None),
        ("max-age=0", None, None, None),
        (None, "Tue, 05 Mar 2024 10:30:00 GMT", None, 30),
        (None, "Tue, 05 Mar 2024 10:30:00 GMT", "Tue, 05 Mar 2024 10:20:00 GMT", 10),
        (None, "Tue, 05 Mar 2024 09:30:00 GMT", None, None),
        (None, "0", None, None),
        (None, "Tue, 99 Foo", "junk", None),
        ("max-age=" + "9" * 5000, None, None, 9999999999 / 60),
        (None, None, None, None),
    ],
)
def test_how_long_an_answer_is_fresh(
    cache_control: str | None, expires: str | None, date: str | None, minutes: float | None
) -> None:
    assert fresh_minutes(cache_control, expires, date, NOW) == minutes


polls = st.builds(
    Poll,
    outcome=st.sampled_from(["ok", "unchanged", "soft", "hard", "gone"]),
    problem=st.just("code: words"),
    new_entries=st.integers(0, 1000),
    known_entries=st.integers(0, 1000),
    wish_minutes=st.none() | st.integers(-5, 10**6),
    fresh_minutes=st.none() | st.floats(0, 1e9),
    retry_at=st.none() | st.integers(-(10**5), 10**5).map(lambda m: NOW + timedelta(minutes=m)),
)
states = st.builds(
    PollState,
    poll_minutes=st.none() | st.integers(-10, 10**5),
    failures=st.none() | st.floats(0, 100),
    new_per_day=st.none() | st.floats(0, 1e6),
    last_success_at=st.none() | st.integers(-(10**6), 10).map(lambda m: NOW + timedelta(minutes=m)),
)


@given(states, st.lists(polls, min_size=1, max_size=8))
def test_always_within_bounds(state: PollState, history: list[Poll]) -> None:
    for poll in history:
        state = next_poll(state, poll, NOW)
        assert MIN_MINUTES <= (state.poll_minutes or 0) <= MAX_MINUTES
        assert MIN_MINUTES * (1 - SLACK) <= wait(state) <= DORMANT_MINUTES
        assert (state.failures or 0) >= 0
        assert state.polled_at == NOW


@given(states, st.lists(st.sampled_from(["soft", "hard"]), min_size=1, max_size=30))
def test_waits_grow_with_failures(state: PollState, history: list[Outcome]) -> None:
    before = 0.0
    for outcome in history:
        state = next_poll(state, Poll(outcome, "x: y"), NOW)
        assert wait(state) >= before
        before = wait(state)
        dormant = (state.failures or 0) >= DORMANT_FAILURES
        assert dormant == ("dormant" in (state.last_status or ""))
        assert dormant or before <= MAX_BACKOFF_MINUTES


def test_a_feed_too_short_for_the_time_passed_keeps_its_rate() -> None:
    before = PollState(60, 0.0, 12.0, last_success_at=NOW - timedelta(days=30))
    assert next_poll(before, Poll("ok", new_entries=20), NOW).new_per_day == 12.0


@given(states, st.lists(polls, max_size=8))
def test_any_feed_recovers_with_one_good_answer(state: PollState, history: list[Poll]) -> None:
    for poll in history:
        state = next_poll(state, poll, NOW)
    state = next_poll(state, Poll("ok", new_entries=5, known_entries=20), NOW)
    assert state.failures == 0
    assert wait(state) <= MAX_MINUTES


@given(states, polls)
def test_equal_histories_give_equal_times(state: PollState, poll: Poll) -> None:
    assert next_poll(state, poll, NOW) == next_poll(state, poll, NOW)


def test_the_constants_agree() -> None:
    assert polling.RATE_BEFORE_ANY == 12
    assert MIN_MINUTES < DEFAULT_MINUTES < WISH_MAX_MINUTES < MAX_MINUTES < DORMANT_MINUTES
