from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.clean.fields.dates import (
    first_printed,
    iso_text,
    machine_date,
    stated,
    url_date,
    url_month,
    url_stamp,
)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("Friday, March 14, 2025", "2025-03-14T00:00", "day"),
        ("March 14, 2025 | 11:39 am", "2025-03-14T11:39", "minute"),
        ("12:05 a.m. on March 14, 2025", "2025-03-14T00:05", "minute"),
        ("14.03.2025, 14:05 Uhr", "2025-03-14T14:05", "minute"),
        ("Publié le 3 février 2025 à 18h30", "2025-02-03T18:30", "minute"),
        ("14 de marzo de 2025", "2025-03-14T00:00", "day"),
        ("14 марта 2025, 12:00", "2025-03-14T12:00", "minute"),
        ("Jumat, 14 Maret 2025 11.39 WIB", "2025-03-14T04:39", "minute"),
        ("2025年3月14日 10:00", "2025-03-14T10:00", "minute"),
        ("2025. 3. 14. 14:02", "2025-03-14T14:02", "minute"),
        ("১৪ মার্চ ২০২৫", "2025-03-14T00:00", "day"),
        ("14 مارس 2025", "2025-03-14T00:00", "day"),
        ("9:05 PM EDT, March 14, 2025", "2025-03-15T01:05", "minute"),
        ("13/04/2025", "2025-04-13T00:00", "day"),
        ("May 2024", "2024-05-01T00:00", "month"),
    ],
)
def test_printed_dates(text: str, value: str, precision: str) -> None:
    stamp = first_printed(text)
    assert stamp is not None
    assert stamp.value == datetime.fromisoformat(value).replace(tzinfo=UTC)
    assert stamp.precision == precision


@pytest.mark.parametrize(
    "text", ["03/04/2025", "31 February 2025", "in 2025", "14 Foo 2025", "7 listopad 2024", ""]
)
def test_what_could_be_two_days_or_none_is_left_unread(text: str) -> None:
    assert first_printed(text) is None


def test_the_language_settles_what_is_ambiguous_without_it() -> None:
    polish, croatian = (first_printed("7 listopad 2024", code) for code in ("pl", "hr"))
    assert polish is not None
    assert croatian is not None
    assert (polish.value.month, croatian.value.month) == (11, 10)
    slashed = first_printed("03/04/2025", "fr")
    assert slashed is not None
    assert slashed.value == datetime(2025, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2025-03-14T11:39:00+0700", "2025-03-14T04:39", "minute"),
        ("2025-03-14T11:39:20.123Z", "2025-03-14T11:39:20", "second"),
        ("2025-03-14 11:39", "2025-03-14T11:39", "minute"),
        ("2025-03-14T00:00:00+02:00", "2025-03-14T00:00", "day"),
        ("2025-03", "2025-03-01T00:00", "month"),
        ("Fri, 14 Mar 2025 11:39:00 GMT", "2025-03-14T11:39", "minute"),
    ],
)
def test_machine_dates(text: str, value: str, precision: str) -> None:
    stamp = machine_date(text)
    assert stamp is not None
    assert stamp.value == datetime.fromisoformat(value).replace(tzinfo=UTC)
    assert stamp.precision == precision


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "0001-01-01", "2025-13-40", "soon", None])
def test_unset_and_impossible_stamps_are_no_dates(text: str | None) -> None:
    assert machine_date(text) is None


def test_a_date_more_than_a_day_after_the_capture_is_refused() -> None:
    stamp = machine_date("2025-03-14")
    assert stamp is not None
    assert stated(stamp, "meta", stamp.value - timedelta(hours=23)) is not None
    assert stated(stamp, "meta", stamp.value - timedelta(hours=25)) is None


def test_addresses() -> None:
    for path in ("2025/03/14/pier", "pier-2025-03-14", "2025/mar/14/pier", "pier-20250314.html"):
        stamp = url_date(f"https://lantern.example/{path}")
        assert stamp is not None
        assert stamp.value == datetime(2025, 3, 14, tzinfo=UTC)
    assert url_date("https://lantern.example/pier?id=20250314") is None


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("Fr 14.03.25 | 14:07 Uhr", "de", (2025, 3, 14)),
        ("14.03.98", "de", (1998, 3, 14)),
        ("25.03.14 10:00", "ko", (2025, 3, 14)),
        ("3/14/25", "en-us", (2025, 3, 14)),
        ("04/03/25", "en-gb", (2025, 3, 4)),
        ("04/03/25", "en", None),
        ("14.03.25", None, None),
        ("1.2.25", "de", None),
        ("Version 10.12.25.1", "de", None),
    ],
)
def test_short_years_need_a_language(
    text: str, language: str | None, day: tuple[int, int, int] | None
) -> None:
    stamp = first_printed(text, language)
    assert (stamp and (stamp.value.year, stamp.value.month, stamp.value.day)) == day


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ngày 14 tháng 3 năm 2025", "vi"),
        ("14 tháng 3, 2025", "vi"),
        ("2025. gada 14. martā", "lv"),
        ("14 มีนาคม 2568", "th"),
        ("14/03/2568", "th"),
        ("14 آذار 2025", "ar"),
        ("2025 m. kovo 14 d.", "lt"),
    ],
)
def test_dates_of_many_languages(text: str, language: str) -> None:
    stamp = first_printed(text, language)
    assert stamp is not None
    assert stamp.value.date().isoformat() == "2025-03-14"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025-03-14T09:30:00+01:00", "2025-03-14T09:30+01:00"),
        ("2025-03-14T09:30:15-03:30", "2025-03-14T09:30:15-03:30"),
        ("2025-03-14T09:30:00Z", "2025-03-14T09:30+00:00"),
        ("2025-03-14 09:30", "2025-03-14T09:30"),
        ("Fri, 14 Mar 2025 09:42:00 +0100", "2025-03-14T09:42+01:00"),
        ("Jumat, 14 Maret 2025 11.39 WIB", "2025-03-14T11:39+07:00"),
        ("2025-03-14", "2025-03-14"),
        ("2025-03", "2025-03"),
    ],
)
def test_a_date_is_written_as_it_was_stated(text: str, iso: str) -> None:
    moment = stated(machine_date(text), "meta", datetime(2030, 1, 1, tzinfo=UTC))
    assert moment is not None
    assert iso_text(moment) == iso


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://l.example/view/A2025031409300005196", "2025-03-14"),
        ("https://l.example/202503140930", "2025-03-14"),
        ("https://l.example/20250314", None),
        ("https://l.example/202513140930", None),
        ("https://l.example/202503142530", None),
        ("https://l.example/9920250314093000", None),
    ],
)
def test_a_serial_number_that_begins_with_a_minute(url: str, day: str | None) -> None:
    stamp = url_stamp(url)
    assert (stamp and stamp.value.date().isoformat()) == day


def test_a_month_in_an_address_is_no_more_than_a_month() -> None:
    stamp = url_month("https://l.example/2025/03/pier/")
    assert stamp is not None
    assert (stamp.value.month, stamp.precision) == (3, "month")
    assert url_month("https://l.example/2025/17/pier/") is None
