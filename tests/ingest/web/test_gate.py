"""Turns at one site come one at a time, in order, the gap between them; other sites go on."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from pipelines.ingest.web.gate import (
    BudgetOverError,
    Gate,
    Gates,
    ParkedError,
    SiteState,
    Turn,
    retry_after,
)

T = TypeVar("T")
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Time:
    """Time that passes when everyone sleeps. ``skew`` sets the wall clock wrong."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.skew = timedelta()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def clock(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds - 1000) + self.skew

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.seconds + seconds, next(self._numbers), future))
        await future

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        async def drive() -> T:
            task = asyncio.ensure_future(main)
            while True:
                for _ in range(100):
                    await asyncio.sleep(0)
                if task.done():
                    return task.result()
                while self._sleepers and self._sleepers[0][2].done():
                    heapq.heappop(self._sleepers)
                assert self._sleepers, "all wait, and nobody sleeps"
                at, _, future = heapq.heappop(self._sleepers)
                self.seconds = max(self.seconds, at)
                future.set_result(None)

        return asyncio.run(drive())


@pytest.fixture
def time() -> Time:
    return Time()


def gates(time: Time, gap: float = 5.0, connections: int = 4, budget: float | None = None) -> Gates:
    return Gates(
        gap,
        connections=connections,
        budget_seconds=budget,
        clock=time.clock,
        now=time.now,
        sleep=time.sleep,
    )


Log = list[tuple[str, float, float]]


async def ask(gate: Gate, time: Time, log: Log, name: str = "", takes: float = 1.0) -> None:
    async with gate.turn():
        start = time.seconds
        await time.sleep(takes)
        log.append((name or gate.site, start - 1000, time.seconds - 1000))


async def outcome(gate: Gate, time: Time) -> str:
    try:
        async with gate.turn():
            await time.sleep(1.0)
    except (ParkedError, BudgetOverError) as error:
        return f"{type(error).__name__} at {time.seconds - 1000:g}"
    return f"done at {time.seconds - 1000:g}"


def test_the_gap_runs_from_the_end_of_one_request_to_the_start_of_the_next(time: Time) -> None:
    log: Log = []

    async def main() -> None:
        gate = gates(time).of("a.org")
        await asyncio.gather(*(ask(gate, time, log, takes=2.0) for _ in range(4)))

    time.run(main())
    assert [start for _, start, _ in log] == pytest.approx([0, 7, 14, 21])
    assert all(b[1] - a[2] >= 5.0 for a, b in itertools.pairwise(log))


def test_turns_are_given_in_the_order_asked_for(time: Time) -> None:
    log: Log = []

    async def main() -> None:
        gate = gates(time).of("a.org")
        await asyncio.gather(*(ask(gate, time, log, name=str(n)) for n in range(6)))

    time.run(main())
    assert [name for name, _, _ in log] == list("012345")


def test_a_site_asked_after_its_gap_does_not_wait(time: Time) -> None:
    async def main() -> list[float]:
        gate = gates(time).of("a.org")
        waits = []
        for pause in (3.0, 5.0, 0.0):
            async with gate.turn() as turn:
                assert turn.started_at == time.now()
                waits.append(turn.waited)
            await time.sleep(pause)
        return waits

    assert time.run(main()) == pytest.approx([0, 2, 0])


def test_different_sites_are_asked_side_by_side(time: Time) -> None:
    log: Log = []

    async def main() -> None:
        all_gates = gates(time)
        await asyncio.gather(
            *(ask(all_gates.of(site), time, log) for site in ("a.org", "b.org", "c.org") * 2)
        )

    time.run(main())
    assert sorted(start for _, start, _ in log) == pytest.approx([0, 0, 0, 6, 6, 6])


def test_no_more_requests_are_under_way_than_there_are_connections(time: Time) -> None:
    under_way = most = 0

    async def one(gate: Gate) -> None:
        nonlocal under_way, most
        async with gate.turn():
            under_way += 1
            most = max(most, under_way)
            await time.sleep(1.0)
            under_way -= 1

    async def main() -> None:
        all_gates = gates(time, connections=3)
        await asyncio.gather(*(one(all_gates.of(f"{n}.org")) for n in range(10)))

    time.run(main())
    assert most == 3
    assert time.seconds == pytest.approx(1004)


def test_a_site_that_waits_for_its_gap_holds_no_connection(time: Time) -> None:
    log: Log = []

    async def main() -> None:
        all_gates = gates(time, gap=100.0, connections=1)
        slow = [asyncio.ensure_future(ask(all_gates.of("slow.org"), time, log)) for _ in "ab"]
        await time.sleep(2.0)
        others = [ask(all_gates.of(f"{n}.org"), time, log) for n in range(5)]
        await asyncio.gather(*slow, *others)

    time.run(main())
    assert [start for name, start, _ in log if name != "slow.org"] == pytest.approx([2, 3, 4, 5, 6])
    assert [start for name, start, _ in log if name == "slow.org"] == pytest.approx([0, 101])


@pytest.mark.parametrize(
    ("crawl_delay", "gap"), [(None, 5), (0, 5), (2, 5), (20, 20), (60, 60), (86400, 60)]
)
def test_a_crawl_delay_lengthens_the_gap_up_to_a_minute(
    time: Time, crawl_delay: float | None, gap: float
) -> None:
    log: Log = []

    async def main() -> None:
        gate = gates(time).of("a.org")
        gate.slow_to(crawl_delay)
        await asyncio.gather(ask(gate, time, log), ask(gate, time, log))

    time.run(main())
    assert log[1][1] - log[0][2] == pytest.approx(gap)


def test_a_crawl_delay_that_becomes_known_while_waiting_counts_at_once(time: Time) -> None:
    log: Log = []

    async def main() -> None:
        gate = gates(time).of("a.org")
        waiting = asyncio.gather(ask(gate, time, log), ask(gate, time, log))
        await time.sleep(2.0)
        gate.slow_to(30)
        await waiting

    time.run(main())
    assert log[1][1] - log[0][2] == pytest.approx(30)


def test_a_crawl_delay_that_is_gone_gives_the_usual_gap_back(time: Time) -> None:
    gate = gates(time).of("a.org")
    gate.slow_to(40)
    gate.slow_to(None)
    assert gate.gap_seconds == 5


def test_of_the_delays_of_a_sites_hosts_the_longest_holds(time: Time) -> None:
    gate = gates(time).of("a.org")
    gate.slow_to(40, "https://www.a.org")
    gate.slow_to(None, "https://news.a.org")
    assert gate.gap_seconds == 40
    gate.slow_to(10, "https://www.a.org")
    assert gate.gap_seconds == 10


def test_after_429_half_a_minute_lies_between_requests(time: Time) -> None:
    log: Log = []

    async def main() -> None:
        all_gates = gates(time)
        gate = all_gates.of("a.org")
        gate.after_429()
        gate.slow_to(None)
        await asyncio.gather(*(ask(gate, time, log) for _ in range(3)))
        assert all_gates.of("b.org").gap_seconds == 5

    time.run(main())
    assert [start for _, start, _ in log] == pytest.approx([0, 31, 62])


def test_a_longer_crawl_delay_holds_after_429(time: Time) -> None:
    gate = gates(time).of("a.org")
    gate.slow_to(45)
    gate.after_429()
    assert gate.gap_seconds == 45


def test_a_parked_site_refuses_at_once_also_those_in_the_queue(time: Time) -> None:
    async def main() -> list[str]:
        gate = gates(time).of("a.org")
        waiting = [asyncio.ensure_future(outcome(gate, time)) for _ in range(4)]
        await time.sleep(0.5)
        gate.park(time.now() + timedelta(minutes=5), "Retry-After")
        late = asyncio.ensure_future(outcome(gate, time))
        return list(await asyncio.gather(*waiting, late))

    # The request under way is let finish; nobody waits for it.
    assert time.run(main()) == ["done at 1"] + ["ParkedError at 0.5"] * 4


def test_parking_ends_the_wait_for_the_gap(time: Time) -> None:
    async def main() -> list[str]:
        gate = gates(time, gap=50.0).of("a.org")
        waiting = [asyncio.ensure_future(outcome(gate, time)) for _ in range(3)]
        await time.sleep(10.0)
        gate.park(time.now() + timedelta(hours=1), "Retry-After")
        return list(await asyncio.gather(*waiting))

    assert time.run(main()) == ["done at 1", "ParkedError at 10", "ParkedError at 10"]


def test_what_a_parked_site_says(time: Time) -> None:
    async def main() -> ParkedError:
        gate = gates(time).of("a.org")
        gate.park(time.now() + timedelta(minutes=5), "429: Retry-After")
        with pytest.raises(ParkedError) as caught:
            async with gate.turn():
                pass
        return caught.value

    error = time.run(main())
    assert (error.site, error.until, error.reason) == (
        "a.org",
        START + timedelta(minutes=5),
        "429: Retry-After",
    )


def test_other_sites_go_on_while_one_is_parked_and_it_does_later(time: Time) -> None:
    async def main() -> tuple[str, str, str]:
        all_gates = gates(time)
        gate = all_gates.of("a.org")
        gate.park(time.now() + timedelta(seconds=60), "Retry-After")
        first = await outcome(gate, time)
        other = await outcome(all_gates.of("b.org"), time)
        assert gate.not_before == START + timedelta(seconds=60)
        await time.sleep(60.0)
        assert gate.not_before is None
        return first, other, await outcome(gate, time)

    assert time.run(main()) == ("ParkedError at 0", "done at 1", "done at 62")


def test_the_longer_parking_holds_and_none_is_longer_than_a_day(time: Time) -> None:
    gate = gates(time).of("a.org")
    gate.park(START + timedelta(hours=2), "long")
    gate.park(START + timedelta(hours=1), "short")
    assert (gate.not_before, gate.reason) == (START + timedelta(hours=2), "long")
    gate.park(START + timedelta(days=400), "for ever")
    assert gate.not_before == START + timedelta(days=1)


def test_parking_until_a_time_without_a_zone_is_a_mistake(time: Time) -> None:
    with pytest.raises(ValueError, match="zone"):
        gates(time).of("a.org").park(datetime(2026, 3, 1), "naive")


def test_parking_into_the_past_does_nothing(time: Time) -> None:
    gate = gates(time).of("a.org")
    gate.park(START - timedelta(minutes=1), "late")
    assert gate.not_before is None
    assert gate.state().reason is None


def test_a_site_that_is_not_reached_is_parked_longer_each_time(time: Time) -> None:
    gate = gates(time).of("a.org")
    minutes = []
    for _ in range(10):
        until = gate.failed("connect")
        assert until is not None
        minutes.append((until - time.now()).total_seconds() / 60)
        time.seconds += (until - time.now()).total_seconds()
    assert minutes == pytest.approx([10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440])
    gate.succeeded()
    assert gate.failed("dns") == time.now() + timedelta(minutes=10)
    assert gate.reason == "not reached: dns"


@pytest.mark.parametrize("code", ["too_large", "content_type", "protocol"])
def test_an_answer_that_cannot_be_used_parks_nothing(time: Time, code: str) -> None:
    gate = gates(time).of("a.org")
    gate.failures = 3
    assert gate.failed(code) is None
    assert (gate.failures, gate.not_before) == (0, None)


def test_a_refused_address_says_nothing_of_the_site(time: Time) -> None:
    gate = gates(time).of("a.org")
    gate.failures = 3
    assert gate.failed("address_private") is None
    assert (gate.failures, gate.not_before) == (3, None)


def test_no_turn_is_given_after_the_deadline(time: Time) -> None:
    async def main() -> list[str]:
        gate = gates(time, budget=10.0).of("a.org")
        return list(await asyncio.gather(*(outcome(gate, time) for _ in range(4))))

    # The third would start at 12: it is told when that is clear, at 7, and the fourth with it.
    assert time.run(main()) == [
        "done at 1",
        "done at 7",
        "BudgetOverError at 7",
        "BudgetOverError at 7",
    ]


def test_a_budget_that_is_over_refuses_new_sites_too(time: Time) -> None:
    async def main() -> str:
        all_gates = gates(time, budget=10.0)
        await time.sleep(10.0)
        return await outcome(all_gates.of("a.org"), time)

    assert time.run(main()) == "BudgetOverError at 10"


def test_a_turn_that_waited_for_a_connection_past_the_deadline_is_refused(time: Time) -> None:
    async def main() -> list[str]:
        all_gates = gates(time, connections=1, budget=10.0)

        async def long() -> str:
            async with all_gates.of("a.org").turn():
                await time.sleep(30.0)
            return "done"

        return list(await asyncio.gather(long(), outcome(all_gates.of("b.org"), time)))

    assert time.run(main()) == ["done", "BudgetOverError at 30"]


def test_cancelling_a_request_frees_the_turn_and_keeps_the_gap(time: Time) -> None:
    log: Log = []

    async def main() -> None:
        gate = gates(time, connections=1).of("a.org")
        first = asyncio.ensure_future(ask(gate, time, log, "first", takes=100.0))
        second = asyncio.ensure_future(ask(gate, time, log, "second"))
        await time.sleep(3.0)
        first.cancel()
        await asyncio.wait({first, second})

    time.run(main())
    assert log == [("second", pytest.approx(8), pytest.approx(9))]


@pytest.mark.parametrize("cancelled", [1, 2])
def test_cancelling_one_that_waits_lets_the_next_take_its_place(time: Time, cancelled: int) -> None:
    log: Log = []

    async def main() -> None:
        gate = gates(time).of("a.org")
        tasks = [asyncio.ensure_future(ask(gate, time, log, str(n))) for n in range(4)]
        await time.sleep(2.0)  # 0 is done, 1 waits for the gap, 2 and 3 are in the queue
        tasks[cancelled].cancel()
        await asyncio.wait(tasks)

    time.run(main())
    assert [name for name, _, _ in log] == [str(n) for n in range(4) if n != cancelled]
    assert [start for _, start, _ in log] == pytest.approx([0, 6, 12])


def test_cancelling_one_to_whom_the_turn_was_just_handed_passes_it_on(time: Time) -> None:
    async def main() -> str:
        gate = gates(time).of("a.org")
        first: AbstractAsyncContextManager[Turn] = gate.turn()
        await first.__aenter__()
        second = asyncio.ensure_future(outcome(gate, time))
        third = asyncio.ensure_future(outcome(gate, time))
        await time.sleep(1.0)
        await first.__aexit__(None, None, None)
        second.cancel()  # before it could run
        await asyncio.wait({second})
        assert second.cancelled()
        return await third

    assert time.run(main()) == "done at 7"


def test_an_error_in_the_request_frees_the_turn(time: Time) -> None:
    async def main() -> str:
        gate = gates(time, connections=1).of("a.org")
        with pytest.raises(RuntimeError):
            async with gate.turn():
                raise RuntimeError
        return await outcome(gate, time)

    assert time.run(main()) == "done at 6"


def test_a_site_has_one_gate(time: Time) -> None:
    all_gates = gates(time)
    assert all_gates.of("a.org") is all_gates.of("a.org")
    assert all_gates.of("a.org") is not all_gates.of("b.org")


def test_the_next_run_keeps_the_gap_to_the_last_request(time: Time) -> None:
    log: Log = []

    async def first() -> tuple[SiteState, ...]:
        all_gates = gates(time)
        all_gates.of("a.org").slow_to(20)
        await ask(all_gates.of("a.org"), time, log)
        return all_gates.states()

    async def second(states: tuple[SiteState, ...]) -> None:
        all_gates = gates(time)
        all_gates.restore(states)
        await ask(all_gates.of("a.org"), time, log)

    states = time.run(first())
    assert states == (SiteState("a.org", START + timedelta(seconds=1), None, 20.0, 0, None),)
    time.seconds += 8.0
    time.run(second(states))
    assert log[1][1] - log[0][2] == pytest.approx(20)


def test_the_next_run_keeps_a_site_parked_and_goes_on_counting(time: Time) -> None:
    before = gates(time).of("a.org")
    before.failed("connect")
    all_gates = gates(time)
    all_gates.restore([before.state()])
    gate = all_gates.of("a.org")
    assert gate.state() == before.state()
    assert gate.state() == SiteState(
        "a.org", None, START + timedelta(minutes=10), 5.0, 1, "not reached: connect"
    )
    time.seconds += 600
    assert gate.state() == SiteState("a.org", None, None, 5.0, 1, None)
    assert gate.failed("timeout") == time.now() + timedelta(minutes=20)


def test_answers_that_break_off_park_a_site_from_the_third_in_a_row(time: Time) -> None:
    gate = gates(time).of("a.org")
    assert gate.failed("reset") is None
    assert gate.failed("timeout") is None
    gate.succeeded()
    assert gate.failed("reset") is None
    assert gate.failed("reset") is None
    assert gate.failed("timeout") == time.now() + timedelta(minutes=10)


def test_states_come_in_the_order_of_sites(time: Time) -> None:
    all_gates = gates(time)
    for site in ("b.org", "c.org", "a.org"):
        all_gates.of(site)
    assert [state.site for state in all_gates.states()] == ["a.org", "b.org", "c.org"]


def test_times_kept_by_a_clock_that_was_wrong_cost_a_gap_and_a_day_at_most(time: Time) -> None:
    years = START + timedelta(days=3650)
    log: Log = []

    async def main() -> None:
        all_gates = gates(time)
        all_gates.restore(
            [SiteState("a.org", years, None, 1e9, 0), SiteState("b.org", None, years)]
        )
        assert all_gates.of("b.org").not_before == START + timedelta(days=1)
        await ask(all_gates.of("a.org"), time, log)

    time.run(main())
    assert log[0][1] == pytest.approx(60)


def test_a_clock_that_is_set_back_costs_one_gap(time: Time) -> None:
    log: Log = []

    async def main() -> None:
        gate = gates(time).of("a.org")
        await ask(gate, time, log)
        time.seconds -= 900
        await ask(gate, time, log)

    time.run(main())
    assert log[1][1] == pytest.approx(1 - 900 + 5)


def test_the_wall_clock_does_not_move_the_gap(time: Time) -> None:
    log: Log = []

    async def main() -> None:
        gate = gates(time).of("a.org")
        await ask(gate, time, log)
        time.skew = timedelta(days=-3)
        await ask(gate, time, log)

    time.run(main())
    assert log[1][1] == pytest.approx(6)


def test_with_the_real_clock() -> None:
    async def main() -> list[float]:
        gate = Gates(0.05, connections=2).of("a.org")
        waited = []
        for _ in range(3):
            async with gate.turn() as turn:
                waited.append(turn.waited)
        return waited

    waited = asyncio.run(main())
    assert waited[0] < 0.05
    assert all(0.045 <= seconds < 2 for seconds in waited[1:])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("999999999999999999", 86400),
        ("Sun, 01 Mar 2026 12:02:00 GMT", 120),
        ("Sunday, 01-Mar-26 12:02:00 GMT", 120),
        ("Sun Mar  1 12:02:00 2026", 120),
        ("Fri, 01 Mar 2086 12:00:00 GMT", 86400),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_a_day_at_most(value: str, seconds: int) -> None:
    assert retry_after(value, START) == START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "soon",
        "-5",
        "1.5",
        "5 minutes",
        "٣",
        "Sun, 01 Mar 2026 11:00:00 GMT",
        "Sun, 99 Mar 2026 12:00:00 GMT",
        "Sun, 01 Mar 2026 12:02:00 +999999999999999999",
        "9" * 5000,
        "\0",
    ],
)
def test_other_retry_after_says_nothing(value: str | None) -> None:
    assert retry_after(value, START) is None
