"""Days unlike the days before them, and days that only look so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.quality.suites import suites_of
from tests.quality.histories import JUDGED, LATER, SUITES, Day, Recorded, before, steady, wobbling
from tests.quality.seeding import Fault, catch

TODAY_AT_NOON = datetime(2026, 3, 31, 12, 5, tzinfo=UTC)
SUNDAY = JUDGED - timedelta(2)


def with_companion(home: Recorded, until: date = JUDGED) -> None:
    """Another source that goes on as ever: the machine works."""
    home.source("companion", steady([*before(until=until), until], 40))


def told(history: dict[date, Day], judged: Day, *, names: bool = False):
    """Seeds a source with this history and this day; the fault is the source."""

    def seed(home: Recorded) -> list[str]:
        with_companion(home)
        home.source("herald", {**history, JUDGED: judged}, names=names)
        home.measure(JUDGED - timedelta(1))
        return ["herald"]

    return seed


DAYS = before()
REGULAR = steady(DAYS, 100)
BILINGUAL = steady(DAYS, 100, french=30)
SOME_UNDATED = steady(DAYS, 100, undated=5)
SOME_HELD = steady(DAYS, 100, held=3)
WITH_FAILURES = steady(DAYS, 100, failed=4)
QUIET_SUNDAYS = {day: Day(wobbling(day, 30 if day.isoweekday() == 7 else 100)) for day in before()}


def silent_weekend(home: Recorded) -> list[str]:
    """A Sunday of a source that never rests, the second day without anything."""
    with_companion(home, SUNDAY)
    saturday = SUNDAY - timedelta(1)
    home.source("herald", steady([d for d in before(until=SUNDAY) if d != saturday], 100))
    return ["herald"]


def many_addresses(home: Recorded) -> list[str]:
    with_companion(home)
    home.source("herald", steady(DAYS, 60) | {JUDGED: Day(300)})
    return ["herald"]


def empty_folder(home: Recorded) -> list[str]:
    """A folder that was filled every day has nothing new, though a run looked."""
    with_companion(home)
    home.source("folder", steady(DAYS, 100), kind="file", asked=None)
    home.write(
        "INSERT INTO ops.runs (run_id, partition_key, started_at, status, code_version)"
        " VALUES ('r', $day, $at, 'success', '1')",
        {"day": JUDGED, "at": TODAY_AT_NOON},
    )
    return ["folder"]


FAULTS = [
    Fault("a source halves", "articles", "volume_not_below_band", "critical", told(REGULAR, Day(48))),
    Fault("a source is silent", "articles", "volume_not_below_band", "critical", told(REGULAR, Day(0))),
    Fault("a tenth of a source is left", "articles", "volume_not_below_band", "critical",
          told(steady(DAYS, 40), Day(4))),
    Fault("a source with quiet Sundays is silent on a Tuesday", "articles", "volume_not_below_band",
          "critical", told(QUIET_SUNDAYS, Day(2))),
    Fault("a silent weekend of a source that never rests", "articles", "volume_not_below_band",
          "critical", silent_weekend, day=SUNDAY),
    Fault("a Tuesday like a Sunday", "articles", "volume_as_usual", "warning",
          told(QUIET_SUNDAYS, Day(31))),
    Fault("five times as many", "articles", "volume_as_usual", "warning", many_addresses),
    Fault("a folder that stays empty", "articles", "volume_as_usual", "warning", empty_folder),
    Fault("two hours without capture", "articles", "no_hour_missing", "warning",
          told(steady(DAYS, 480), Day(480, outage=(9, 11)))),
    Fault("a third in quarantine", "articles", "quarantined_share_as_usual", "warning",
          told(SOME_HELD, Day(100, held=34))),
    Fault("all in quarantine", "articles", "quarantined_share_as_usual", "warning",
          told(REGULAR, Day(100, held=100))),
    Fault("dates gone", "articles", "undated_share_as_usual", "warning",
          told(SOME_UNDATED, Day(100, undated=100))),
    Fault("a third without a date", "articles", "undated_share_as_usual", "warning",
          told(SOME_UNDATED, Day(100, undated=33))),
    Fault("a language gone", "articles", "no_language_gone", "warning", told(BILINGUAL, Day(100))),
    Fault("its only language told as another", "articles", "no_language_gone", "warning",
          told(REGULAR, Day(100, french=100))),
    Fault("bodies are stubs", "articles", "articles_as_long_as_usual", "warning",
          told(REGULAR, Day(100, words=60))),
    Fault("links gone", "mentions", "unlinked_share_as_usual", "warning",
          told(steady(DAYS[-21:], 30), Day(30, unlinked=9), names=True)),
    Fault("all names are new", "mentions", "new_entity_rate_as_usual", "warning",
          told(steady(DAYS[-21:], 30), Day(30, new=9), names=True)),
    Fault("a site that shuts us out", "fetches", "requests_answered_as_usual", "warning",
          told(WITH_FAILURES, Day(60, failed=60))),
]  # fmt: skip
FAULTS = [
    replace(fault, effect=None, day=fault.day if fault.day == SUNDAY else JUDGED)
    for fault in FAULTS
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Recorded:
    """A home with tables and nothing in them, to be copied."""
    return Recorded(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def _only_history(monkeypatch):
    """Suites on rows would speak of articles without texts, and take most of the time."""
    chosen = lambda asset: tuple(s for s in suites_of(asset) if s.name in SUITES)  # noqa: E731
    monkeypatch.setattr("pipelines.quality.audit.suites_of", chosen)


@pytest.mark.usefixtures("_only_history")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_by_its_check(empty, tmp_path, fault):
    catch(Recorded(tmp_path, empty), fault)


@dataclass(frozen=True)
class Unlike:
    """A day that looks unlike the days before it, for a good reason."""

    name: str
    days: dict[date, Day]
    has_minimum: bool
    """True where the day is judged, and in order; False where nothing can be told."""
    asked: datetime | None = LATER
    now: datetime = LATER
    day: date = JUDGED
    names: bool = False
    more: Callable[[Recorded], None] = with_companion
    after: Callable[[Recorded], None] = lambda home: None


def nobody_else(home: Recorded) -> None:
    """No other source: a day without captures is one on which the machine was off."""


def an_hour_late(home: Recorded) -> None:
    """What was to come from nine to ten came from ten to eleven."""
    home.write(
        "UPDATE raw.fetches SET fetched_at = fetched_at + INTERVAL 1 HOUR"
        " WHERE fetch_date = ? AND hour(fetched_at) = 9",
        [JUDGED],
    )


def grown(day: date) -> int:
    return round(wobbling(day, 80) * 1.02 ** ((day - DAYS[0]).days / 7))


FRIDAYS = {day: Day(40) for day in DAYS if day.isoweekday() == 5}
WEEK_OFF = {day: each for day, each in REGULAR.items() if not 3 <= (JUDGED - day).days <= 9}
BATCH = {day: Day(600, until=1) for day in DAYS}

CLEAN = [
    Unlike("a usual day", REGULAR | {JUDGED: Day(97)}, True),
    Unlike("a new source", {JUDGED: Day(60)}, False),
    Unlike("a source of yesterday, which began with all that its feed still listed",
           {DAYS[-1]: Day(300), JUDGED: Day(20)}, False),
    Unlike("two weeks of history", steady(DAYS[-14:], 100) | {JUDGED: Day(20)}, False),
    Unlike("three a day, none today", steady(DAYS, 3), False),
    Unlike("three a day, nine today", steady(DAYS, 3) | {JUDGED: Day(9)}, False),
    Unlike("a dip within what is usual", {d: Day(wobbling(d, 100, 0.3)) for d in DAYS} | {JUDGED: Day(66)},
           True),
    Unlike("a busy day", REGULAR | {JUDGED: Day(170)}, True),
    Unlike("slow growth", {d: Day(grown(d)) for d in [*DAYS, JUDGED]}, True),
    Unlike("slow decline", {d: Day(200 - grown(d)) for d in [*DAYS, JUDGED]}, True),
    Unlike("less for a week already", REGULAR | {d: Day(45) for d in [*DAYS[-7:], JUDGED]}, True),
    Unlike("the machine was off for a week", WEEK_OFF | {JUDGED: Day(95)}, True, more=nobody_else),
    Unlike("the machine is off", REGULAR, False, more=nobody_else, asked=LATER - timedelta(10)),
    Unlike("a weekly paper on a Tuesday", FRIDAYS, False),
    Unlike("half a day by noon", REGULAR | {JUDGED: Day(100, until=12)}, True,
           asked=TODAY_AT_NOON, now=TODAY_AT_NOON),
    Unlike("nothing yet at two in the morning", REGULAR, False,
           asked=datetime(2026, 3, 31, 2, tzinfo=UTC), now=datetime(2026, 3, 31, 2, 5, tzinfo=UTC)),
    Unlike("a delivery that is an hour late", BATCH, False,
           asked=datetime(2026, 3, 31, 2, tzinfo=UTC), now=datetime(2026, 3, 31, 2, 5, tzinfo=UTC)),
    Unlike("switched off in the list", REGULAR, False, asked=LATER - timedelta(5)),
    Unlike("switched off at six in the morning", REGULAR | {JUDGED: Day(100, until=6)}, True,
           asked=datetime(2026, 3, 31, 6, 10, tzinfo=UTC)),
    Unlike("a folder that nobody fills any more", REGULAR, False, asked=None),
    Unlike("an hour without capture that was made up", steady(DAYS, 480) | {JUDGED: Day(480)}, True,
           after=an_hour_late),
    Unlike("a bilingual source with few articles, all in one language",
           steady(DAYS, 25, french=8) | {JUDGED: Day(19)}, True),
    Unlike("a language of one article in twenty", steady(DAYS, 100, french=5) | {JUDGED: Day(100)}, True),
    Unlike("a new language", REGULAR | {JUDGED: Day(100, french=60)}, True),
    Unlike("a source that never has dates", steady(DAYS, 100, undated=100) | {JUDGED: Day(100, undated=100)},
           True),
    Unlike("a few more without dates", SOME_UNDATED | {JUDGED: Day(100, undated=18)}, True),
    Unlike("a few more in quarantine", SOME_HELD | {JUDGED: Day(100, held=12)}, True),
    Unlike("short items today", REGULAR | {JUDGED: Day(100, words=230)}, True),
    Unlike("long reads today", REGULAR | {JUDGED: Day(100, words=2400)}, True),
    Unlike("a tournament with new names", steady(DAYS[-21:], 30) | {JUDGED: Day(30, new=3, unlinked=2)},
           False, names=True),
    Unlike("two failures of three requests", steady(DAYS, 3) | {JUDGED: Day(1, failed=2)}, False),
]  # fmt: skip


@pytest.mark.parametrize("unlike", CLEAN, ids=lambda unlike: unlike.name)
def test_what_is_unusual_but_right_raises_no_alarm(empty, tmp_path, unlike):
    home = Recorded(tmp_path, empty)
    unlike.more(home)
    home.source("herald", unlike.days, asked=unlike.asked, names=unlike.names)
    unlike.after(home)
    home.measure(unlike.day - timedelta(1))
    found = home.judge(unlike.day, unlike.now)
    assert {check: rows for check, rows in found.items() if rows} == {}
    (_, least, _, _) = home.volume("herald", unlike.day) or (None,) * 4
    assert (least is not None) == unlike.has_minimum
