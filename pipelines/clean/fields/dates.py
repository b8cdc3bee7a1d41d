"""Dates as pages state them: machine-readable stamps and printed ones, with precision and source.

A stated zone is kept beside the moment in UTC. A clock time without a zone is stored as if it were
UTC: the printed figures survive and the error is at most half a day either way; its zone is None.
Midnight sharp counts as a date without a time, because publishing systems write it for days they
know no hour of. A year of two figures counts from 1969 to 2068, as POSIX reads it.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from pipelines.clean.records import PrintedDate

_MONTHS = Path(__file__).parents[1] / "data" / "months.csv"
_EARLIEST_YEAR = 1605  # the year of the first printed newspaper
_UNSET = {(1970, 1, 1), (1900, 1, 1), (1980, 1, 1)}  # what systems write for no date
MAX_AHEAD = timedelta(days=1)
"""How far a stated date may lie after its capture: clocks and zones are not always right."""
_YEAR_FIRST = frozenset({"ko", "ja", "zh", "hu", "lt"})
"""Languages that write short dates year first (Unicode CLDR); ``24.04.25`` is April there."""
_MONTH_FIRST = frozenset({"en-us", "en-ph"})
"""Locales whose English writes the month first (Unicode CLDR); English alone leaves it open."""
_BUDDHIST = 543
"""Years that the calendar of Thailand is ahead; printed years from 2400 on are its own."""

_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+\-−]\d{2}:?\d{2}|[+\-−]\d{2})?)?(?!\d)",
    re.IGNORECASE,
)
_ISO_BASIC = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z)?)?$"
)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})$")

_WORD = r"[^\W\d_][\w’'\u0300-\u036f\u0900-\u0e7f]*"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_PRINTED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*{_DAY}\s*[日일]",
        rf"(?<!\d){_YEAR}(?P<sep>[-/.])\s?(?P<month>\d{{1,2}})(?P=sep)\s?{_DAY}(?!\d)",
        rf"(?<!\d){_DAY}(?:st|nd|rd|th|er|º|ª|\.)?,?[\s\-]+(?:de\s+|of\s+|d[’'])?(?P<name>{_WORD})\.?,?[\s\-]+(?:de\s+|del\s+)?{_YEAR}(?!\d)",
        rf"(?P<name>{_WORD})\.?\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}[.,]?\s+(?:m\.\s+)?(?P<name>{_WORD})\.?\s+{_DAY}(?!\d)",
        rf"(?<!\d){_YEAR}\.\s?gada\s+{_DAY}\.\s?(?P<name>{_WORD})",
        rf"(?<!\d){_DAY}\s+tháng\s+(?P<month>\d{{1,2}})(?:\s*,|\s+năm)?\s+{_YEAR}(?!\d)",
        rf"(?<!\d){_DAY}(?P<sep>[./-])\s?(?P<month>\d{{1,2}})(?P=sep)\s?{_YEAR}(?!\d)",
        r"(?<![\w./,-])(?P<day>\d\d|\d(?=/))(?P<sep>[./])(?P<month>\d\d|\d(?=/))(?P=sep)(?P<short>\d\d)(?!\w|[./,-]\w)",
    )
)
_MONTH_YEAR = re.compile(rf"(?P<name>{_WORD})\.?,?\s+(?:de\s+)?{_YEAR}(?!\d)", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})\s?(?:(?P<sep>[:h時시])\s?(?P<minute>\d{2})?|\.(?P<dotted>\d{2})(?=\s*(?:uhr|wib|wita|wit|am|pm|a\.m|p\.m|cest|cet|gmt|utc|[|•]|$)))"
    r"(?::\d{2})?(?!\d)\s*(?P<half>[ap]\.?\s?m\b\.?)?"
    r"(?:\s*\(?(?P<zone>UTC|GMT|[A-Z]{2,4}T|WIB|WITA|Z)\b\)?)?"
    r"(?P<offset>\s?[+\-−]\d{1,2}(?::?\d{2})?(?!\d))?",
    re.IGNORECASE,
)
_HALF_HOUR = re.compile(r"(?<![\d:.])(?P<hour>\d{1,2})\s?(?P<half>[ap]\.?m\b\.?)", re.IGNORECASE)
_ZONES: dict[str, float] = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
    "msk": 3, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "hst": -10, "wib": 7, "wita": 8, "wit": 9, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8,
    "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
"""Hours east of UTC; only abbreviations that name one zone in print (no IST, BST, CST)."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment read from text, not yet tied to a place on the page."""

    value: datetime
    """Aware, UTC."""
    precision: str
    start: int
    """Where it was read, in code points of the text."""
    end: int
    zone: int | None = None
    """Minutes east of UTC as stated; None where no zone is."""


def stated(stamp: Stamp | None, source: str, fetched_at: datetime) -> PrintedDate | None:
    """``stamp`` as a page's date, or None where it cannot be: more than a day after the capture."""
    if stamp is None or stamp.value > fetched_at + MAX_AHEAD:
        return None
    return PrintedDate(stamp.value, stamp.precision, source, stamp.zone)


def iso_text(moment: PrintedDate) -> str:
    """ISO 8601 to the stated precision, on the clock of the stated zone if there is one."""
    value = moment.value
    if moment.precision in {"year", "month", "day"}:
        return value.date().isoformat()[: {"year": 4, "month": 7, "day": 10}[moment.precision]]
    if moment.zone_offset_minutes is None:
        value = value.replace(tzinfo=None)
    else:
        value = value.astimezone(timezone(timedelta(minutes=moment.zone_offset_minutes)))
    return value.isoformat(timespec="seconds" if moment.precision == "second" else "minutes")


def machine_date(text: str | None, language: str | None = None) -> Stamp | None:
    """Read a stamp: ISO 8601 and its common slips, RFC 2822, Unix seconds, or a printed date.

    ``language`` as in ``printed``.
    """
    if not text:
        return None
    text = text.strip()[:80]
    found = _ISO.match(text) or _ISO_BASIC.match(text)
    if found:
        return _from_parts(found, found.start(), found.end())
    if month := _ISO_MONTH.match(text):
        value = _moment(int(month[1]), int(month[2]), 1)
        return Stamp(value, "month", 0, len(text)) if value else None
    if text.isdecimal() and len(text) in {10, 13}:
        return _unix(int(text[:10]))
    return _rfc_date(text) or first_printed(text, language)


def _unix(seconds: int) -> Stamp | None:
    value = datetime.fromtimestamp(seconds, tz=UTC)
    return (
        Stamp(value, "second" if value.second else "minute", 0, 10, 0)
        if value.year > 1994
        else None
    )


def _rfc_date(text: str) -> Stamp | None:
    from email.utils import parsedate_to_datetime

    try:
        value = parsedate_to_datetime(text)
        offset = value.utcoffset()
        value = (value.replace(tzinfo=UTC) if offset is None else value).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    zone = None if offset is None else int(offset.total_seconds() // 60)
    return Stamp(value, "second" if value.second else "minute", 0, len(text), zone)


def path_of(url: str) -> str:
    """The path of an address; empty where it is no address (``http://[``)."""
    from urllib.parse import urlsplit

    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def url_date(url: str) -> Stamp | None:
    """A day written in an address's path, for example ``/2025/08/08/`` or ``-20250808``."""
    path = path_of(url)
    for pattern in (_URL_SLASHED, _URL_DASHED, _URL_COMPACT, _URL_NAMED):
        for found in pattern.finditer(path):
            month = found["month"]
            number = int(month) if month.isdecimal() else month_number(month, "en")
            value = _moment(int(found["year"]), number, int(found["day"])) if number else None
            if value and value.year >= 1990:
                return Stamp(value, "day", found.start(), found.end())
    return None


def url_stamp(url: str) -> Stamp | None:
    """The moment that begins a long number in an address, for example ``A2026012914320005196``.

    Editorial systems number pieces by the minute they were made: year to minute, then a serial
    number. The day of it is what it tells: a piece may lie for hours before it is out.
    """
    for found in _URL_SERIAL.finditer(path_of(url)[:_LONGEST_PATH]):
        value = _moment(int(found["year"]), int(found["month"]), int(found["day"]))
        if value and int(found["hour"]) < 24 and int(found["minute"]) < 60:
            return Stamp(value, "day", found.start(), found.end())
    return None


def url_month(url: str) -> Stamp | None:
    """A month written in an address's path: ``/2025/08/``."""
    for found in _URL_MONTH.finditer(path_of(url)[:_LONGEST_PATH]):
        value = _moment(int(found["year"]), int(found["month"]), 1)
        if value:
            return Stamp(value, "month", found.start(), found.end())
    return None


_LONGEST_PATH = 1_000
_URL_SERIAL = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)\d{0,12}(?!\d)"
)
_URL_MONTH = re.compile(r"/(?P<year>(?:19[89]|20\d)\d)/(?P<month>0[1-9]|1[0-2])(?=/)")
_URL_SLASHED = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?!\d)"
)
_URL_DASHED = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_URL_COMPACT = re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)")
_URL_NAMED = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)/(?P<month>[a-z]{3})/(?P<day>\d{1,2})(?!\d)"
)


def first_printed(text: str, language: str | None = None) -> Stamp | None:
    """The first date printed in ``text``, with the clock time beside it, or None."""
    return next(iter(printed(text, language)), None)


def printed(text: str, language: str | None = None) -> Iterator[Stamp]:
    """Every full date printed in ``text``, in order; where there is none, a month and year.

    ``language`` (ISO 639-1, or with a country: ``en-gb``) decides month names that two languages
    use for different months, the order of day and month in slashed figures, and of short years;
    without it those are left unread.
    """
    text = unicodedata.normalize("NFC", text)
    taken: list[tuple[int, int]] = []
    stamps: list[Stamp] = []
    for pattern in _PRINTED:
        for found in pattern.finditer(text):
            if any(found.start() < end and start < found.end() for start, end in taken):
                continue
            day = _printed_day(found, language)
            if day is None:
                continue
            taken.append(found.span())
            stamps.append(_with_clock(text, day, found.start(), found.end()))
    if not stamps:
        stamps = list(_months_of_years(text, language))
    yield from sorted(stamps, key=lambda s: s.start)


def _months_of_years(text: str, language: str | None) -> Iterator[Stamp]:
    for found in _MONTH_YEAR.finditer(text):
        if text[: found.start()].rstrip(" .")[-1:].isdigit():
            continue  # a day that the month does not have
        number = month_number(found["name"], language)
        value = _moment(int(found["year"]), number, 1) if number else None
        if value:
            yield Stamp(value, "month", found.start(), found.end())


def _printed_day(found: re.Match[str], language: str | None) -> datetime | None:
    groups = found.groupdict()
    if groups.get("short"):
        return _short_day(groups, language)
    year, day = int(groups["year"]), int(groups["day"])
    if groups.get("name"):
        number = month_number(groups["name"], language)
        return _moment(_common_era(year), number, day) if number else None
    month = int(groups["month"])
    starts_with_year = found.group().lstrip()[:4].isdecimal()
    if starts_with_year or groups.get("sep") in {".", None}:
        return _moment(year, month, day)
    return _figures(_common_era(year), day, month, language)


def _figures(year: int, first: int, second: int, language: str | None) -> datetime | None:
    """A day of two figures between strokes, in the order that they or the language settle."""
    if language in _MONTH_FIRST and first <= 12:
        return _moment(year, first, second)
    if first > 12 or first == second or (language is not None and language != "en"):
        return _moment(year, second, first)
    return _moment(year, first, second) if second > 12 else None


def _short_day(groups: dict[str, str | None], language: str | None) -> datetime | None:
    """A day whose year has two figures; None without a language to settle the order by."""
    first, second, last = (int(groups[name] or 0) for name in ("day", "month", "short"))
    if language is None:
        return None
    if language[:2] in _YEAR_FIRST:
        return _moment(_century(first), second, last)
    if groups["sep"] == ".":
        return _moment(_century(last), second, first)
    return _figures(_century(last), first, second, language)


def _century(year: int) -> int:
    return year + (2000 if year <= 68 else 1900)


def _common_era(year: int) -> int:
    return year - _BUDDHIST if 2400 <= year < 2743 else year


def _with_clock(text: str, day: datetime, start: int, end: int) -> Stamp:
    """Add the clock time printed within a few characters after or before the day."""
    after = text[end : end + 40]
    clock = _clock(_CLOCK.search(after) or _HALF_HOUR.search(after))
    reach = end + 40
    if clock is None:
        before = text[max(0, start - 24) : start]
        clock, reach = _clock(_CLOCK.search(before) or _HALF_HOUR.search(before)), end
    if clock is None:
        return Stamp(day, "day", start, end)
    hour, minute, zone = clock
    value = day.replace(hour=hour, minute=minute) - timedelta(hours=zone or 0)
    minutes = None if zone is None else round(zone * 60)
    return Stamp(value, "minute", start, min(reach, len(text)), minutes)


def _clock(found: re.Match[str] | None) -> tuple[int, int, float | None] | None:
    if found is None:
        return None
    groups = found.groupdict()
    hour = int(groups["hour"])
    minute = int(groups.get("minute") or groups.get("dotted") or 0)
    half = (groups.get("half") or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23 or minute > 59:
        return None
    zone = _ZONES.get((groups.get("zone") or "").lower())
    offset = _offset(groups.get("offset") or "")
    return hour, minute, zone if offset is None else offset


def _offset(text: str) -> float | None:
    """Hours east of UTC from ``+07:00``, ``-0330`` or ``+2``."""
    text = text.strip().replace("−", "-").replace(":", "")
    if not text[1:].isdecimal():
        return None
    hours, minutes = int(text[1:3]), int(text[3:5] or 0)
    return (-1 if text[0] == "-" else 1) * (hours + minutes / 60) if hours <= 14 else None


def _from_parts(found: re.Match[str], start: int, end: int) -> Stamp | None:
    groups = found.groupdict()
    day = _moment(int(groups["year"]), int(groups["month"]), int(groups["day"]))
    if day is None or groups["hour"] is None:
        return Stamp(day, "day", start, end) if day else None
    hour, minute, second = int(groups["hour"]), int(groups["minute"]), int(groups["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return Stamp(day, "day", start, end)
    if not (hour or minute or second):
        return Stamp(day, "day", start, end)
    zone = groups["zone"] or ""
    offset = _offset(zone) if zone[:1] in {"+", "-", "−"} else 0.0 if zone else None
    value = day.replace(hour=hour, minute=minute, second=second) - timedelta(hours=offset or 0.0)
    minutes = None if offset is None else round(offset * 60)
    return Stamp(value, "second" if second else "minute", start, end, minutes)


def _moment(year: int, month: int, day: int) -> datetime | None:
    if not _EARLIEST_YEAR <= year < 2200 or (year, month, day) in _UNSET:
        return None
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def month_number(name: str, language: str | None = None) -> int | None:
    """1 to 12 for a month's name or usual abbreviation in any language of ``data/months.csv``."""
    months = _month_names().get(_month_key(name))
    if not months:
        return None
    code = language[:2] if language else None
    numbers = {number for number, languages in months if code in languages} or {
        number for number, _ in months
    }
    return numbers.pop() if len(numbers) == 1 else None


def _month_key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold()).rstrip(".")


@functools.cache
def _month_names() -> dict[str, tuple[tuple[int, frozenset[str]], ...]]:
    names: dict[str, list[tuple[int, frozenset[str]]]] = {}
    with _MONTHS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            entry = (int(row["month"]), frozenset(row["languages"].split("|")))
            names.setdefault(row["name"], []).append(entry)
    return {name: tuple(entries) for name, entries in names.items()}
