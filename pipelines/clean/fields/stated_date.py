"""The day of publication where page and feed both speak of it: which one is the better evidence.

A page's own stamp (JSON-LD, a meta element, ``<time>``) is what its publisher says of this very
article and wins. The other evidence is weaker than a feed's date, each for a reason of its own: a
day in the address has no hour and no zone, a printed clock time mostly no zone, a dateline tells
the day of the report and not of its publication, and what is printed near a headline may be the
day of an update or today's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pipelines.clean.fields.dates import machine_date, stated
from pipelines.clean.records import PrintedDate, Statement

_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?")
_UNIX = re.compile(r"\d{10}|\d{13}")
_MIDNIGHT = re.compile(r"0?0:00(?::00(?:[.,]0+)?)?")
_OWN_STAMPS = frozenset({"json_ld", "meta", "time"})
_FINENESS = {"year": 0, "month": 1, "day": 2, "minute": 3, "second": 4}
_LONGEST_PRINT = 80
_AHEAD, _BEHIND = timedelta(hours=14), timedelta(hours=12)
"""How far local clocks are from UTC (tz database): Kiribati and Baker Island."""


def published_of(
    own: PrintedDate | None, statement: Statement | None, fetched_at: datetime
) -> PrintedDate | None:
    """The day of publication.

    Args:
        own: what the page itself shows, the best of it.
        statement: what a feed or sitemap said of the page.
        fetched_at: bounds what a date may be.

    Returns:
        ``own`` where it is the page's own stamp, unless that names a day only and the feed the
        minute on the same day. Of a day in the address or in print the feed's date is taken where
        both can be one moment and the feed's is finer; of one in print also where the feed's is
        earlier: no feed names a page before it is out. A dateline's day yields to any feed's.

    """
    told = feed_date(statement, fetched_at) if statement else None
    if told is None or own is None or own.source == "dateline":
        return told or own
    finer = _FINENESS[told.precision] > _FINENESS[own.precision]
    if own.source in _OWN_STAMPS:
        return told if finer and _same_day(own, told, statement) else own
    if _may_be_one(own, told):
        zoned = told.precision in {"minute", "second"}
        return told if finer or (zoned and own.source == "text") else own
    return told if own.source == "text" and told.value < own.value else own


def feed_date(statement: Statement, fetched_at: datetime) -> PrintedDate | None:
    """The feed's date with the precision of its print; None where it cannot be.

    Midnight sharp on the feed's own clock is a day without an hour, as everywhere in this stage.
    """
    if statement.published is None:
        return None
    stamp = machine_date(statement.published.astimezone(UTC).isoformat())
    if stamp is None:
        return None
    text = (statement.published_text or "").strip()[:_LONGEST_PRINT]
    printed = machine_date(text)
    if printed is not None and printed.value == stamp.value:
        stamp = replace(stamp, zone=printed.zone)
    clock = _CLOCK.search(text)
    if text and not _UNIX.fullmatch(text) and (clock is None or _MIDNIGHT.fullmatch(clock[0])):
        stamp = machine_date(_before_clock(text))
    return stated(stamp, "feed", fetched_at)


def feed_modified(statement: Statement, fetched_at: datetime) -> PrintedDate | None:
    """When the feed says that its own text was last changed; None where it cannot be.

    For that text only: of pages, sitemaps and feeds state the time of their own making too often.
    """
    if statement.modified is None:
        return None
    stamp = machine_date(statement.modified.astimezone(UTC).isoformat())
    return stated(stamp, "feed", fetched_at)


def _before_clock(text: str) -> str:
    clock = _CLOCK.search(text)
    return (text[: clock.start()] if clock else text).strip().rstrip("Tt,")


def _same_day(own: PrintedDate, told: PrintedDate, statement: Statement | None) -> bool:
    """True where the feed's moment lies on the page's day (month, year), in UTC or as printed."""
    text = ((statement and statement.published_text) or "").strip()[:_LONGEST_PRINT]
    printed = machine_date(_before_clock(text))
    days = {told.value.date(), *([printed.value.date()] if printed else [])}
    return any(
        _as_coarse(day, own.precision) == _as_coarse(own.value.date(), own.precision)
        for day in days
    )


def is_same_day(day: PrintedDate, moment: PrintedDate) -> bool:
    """True where ``moment`` lies on ``day`` (month, year), in UTC or on the clock of its zone."""
    offset = timedelta(minutes=moment.zone_offset_minutes or 0)
    days = {moment.value.date(), (moment.value + offset).date()}
    own = _as_coarse(day.value.date(), day.precision)
    return any(_as_coarse(other, day.precision) == own for other in days)


def _as_coarse(day: date, precision: str) -> tuple[int, ...]:
    return (day.year, day.month, day.day)[: {"year": 1, "month": 2}.get(precision, 3)]


def _may_be_one(own: PrintedDate, told: PrintedDate) -> bool:
    """True where both can be one moment, in whatever zone the page was printed."""
    if own.precision in {"month", "year"}:
        near = (told.value - _BEHIND, told.value + _AHEAD)
        return any(
            _as_coarse(day.date(), own.precision) == _as_coarse(own.value.date(), own.precision)
            for day in near
        )
    length = timedelta(days=1) if own.precision == "day" else timedelta(0)
    return own.value - _AHEAD <= told.value <= own.value + length + _BEHIND
