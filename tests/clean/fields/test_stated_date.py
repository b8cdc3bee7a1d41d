"""The day of publication: the page's own word against its feed's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.clean.fields.stated_date import feed_date, published_of
from pipelines.clean.records import PrintedDate, Statement
from tests.clean.pages import FETCHED, HEADLINE, PARAGRAPHS, article, html_page, text

FEED = Statement(
    published=datetime(2025, 3, 14, 8, 42, tzinfo=UTC),
    published_text="Fri, 14 Mar 2025 09:42:00 +0100",
)
BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])
BARE = f"<html><body><article><h1>{HEADLINE}</h1>{BODY}</article></body></html>"
ADDRESS = "https://lantern.example/pier"


def own(day: str, precision: str, source: str) -> PrintedDate:
    return PrintedDate(datetime.fromisoformat(day).replace(tzinfo=UTC), precision, source)


def told(when: str, printed: str | None = None) -> Statement:
    return Statement(
        published=datetime.fromisoformat(when).replace(tzinfo=UTC), published_text=printed
    )


@pytest.mark.parametrize(
    ("statement", "day", "precision"),
    [
        (FEED, "2025-03-14T08:42", "minute"),
        (told("2025-03-14T08:42:17", "2025-03-14T08:42:17Z"), "2025-03-14T08:42:17", "second"),
        (told("2025-03-14T08:42:17"), "2025-03-14T08:42:17", "second"),
        (told("2025-03-14T00:00", "2025-03-14"), "2025-03-14", "day"),
        (told("2025-03-13T23:00", "Fri, 14 Mar 2025 00:00:00 +0100"), "2025-03-14", "day"),
        (told("2025-03-13T23:00", "2025-03-14T00:00:00+01:00"), "2025-03-14", "day"),
        (told("2025-03-14T00:00"), "2025-03-14", "day"),
        (told("2025-03-14T10:00", "2025-03-14T12:00:00+02:00"), "2025-03-14T10:00", "minute"),
        (told("2025-03-14T08:42:17", "1741941737"), "2025-03-14T08:42:17", "second"),
        (told("2025-03-01T00:00", "2025-03"), "2025-03-01", "month"),
    ],
)
def test_a_feeds_date_is_as_fine_as_it_is_printed(
    statement: Statement, day: str, precision: str
) -> None:
    assert feed_date(statement, FETCHED) == own(day, precision, "feed")


@pytest.mark.parametrize(
    "statement",
    [
        Statement(),
        told("2025-03-22T12:00"),
        told("1970-01-01T00:00"),
        told("1970-01-01T00:00", "Thu, 01 Jan 1970 00:00:00 GMT"),
        told("0001-01-01T00:00"),
        told("2025-01-01T00:00", "2025"),
    ],
)
def test_a_date_that_cannot_be_is_no_evidence(statement: Statement) -> None:
    assert feed_date(statement, FETCHED) is None
    assert published_of(None, statement, FETCHED) is None


@pytest.mark.parametrize(
    ("mine", "statement", "wins"),
    [
        # The page's own stamp.
        (own("2025-03-14T08:30", "minute", "json_ld"), FEED, "page"),
        (own("2025-03-16T08:30", "minute", "meta"), FEED, "page"),
        (own("2025-03-14", "day", "json_ld"), FEED, "feed"),
        (own("2025-03-13", "day", "json_ld"), FEED, "page"),
        (own("2025-03-14", "day", "time"), told("2025-03-14T00:00"), "page"),
        (
            own("2025-03-14", "day", "meta"),
            told("2025-03-15T02:10", "2025-03-14T22:10:00-04:00"),
            "feed",
        ),
        (own("2025-03-01", "month", "json_ld"), FEED, "feed"),
        (own("2025-02-01", "month", "json_ld"), FEED, "page"),
        # The address.
        (own("2025-03-14", "day", "url"), FEED, "feed"),
        (own("2025-03-15", "day", "url"), told("2025-03-14T20:00"), "feed"),
        (own("2025-03-14", "day", "url"), told("2025-03-18T09:00"), "page"),
        (own("2025-03-14", "day", "url"), told("2025-03-02T09:00"), "page"),
        (own("2025-03-14", "day", "url"), told("2025-03-14T00:00"), "page"),
        # Print.
        (own("2025-03-14T09:42", "minute", "text"), FEED, "feed"),
        (own("2025-03-14", "day", "text"), FEED, "feed"),
        (own("2025-03-14", "day", "text"), told("2025-03-18T09:00"), "page"),
        (own("2025-03-20", "day", "text"), FEED, "feed"),
        (own("2025-03-14T09:42", "minute", "text"), told("2025-03-14T00:00"), "page"),
        # The day of the report.
        (own("2025-03-13", "day", "dateline"), FEED, "feed"),
    ],
)
def test_the_better_evidence_wins(mine: PrintedDate, statement: Statement, wins: str) -> None:
    chosen = published_of(mine, statement, FETCHED)
    assert chosen == (mine if wins == "page" else feed_date(statement, FETCHED))


def test_without_a_statement_the_pages_own_date_stands() -> None:
    mine = own("2025-03-13", "day", "dateline")
    assert published_of(mine, None, FETCHED) == mine


def test_a_page_without_a_date_has_its_feeds() -> None:
    assert article(BARE, url=ADDRESS).published is None
    page = article(BARE, url=ADDRESS, stated=FEED)
    assert page.published == own("2025-03-14T08:42", "minute", "feed")


def test_a_pages_own_stamp_stays() -> None:
    page = article(html_page(), stated=told("2025-03-16T10:00"))
    assert page.published is not None
    assert page.published.source == "json_ld"


def test_no_page_is_dated_by_the_time_of_its_capture() -> None:
    assert article(BARE, url=ADDRESS, stated=Statement(title=HEADLINE)).published is None


def test_a_pages_date_of_change_is_never_its_feeds() -> None:
    changed = Statement(modified=datetime(2025, 3, 19, tzinfo=UTC))
    assert article(BARE, url=ADDRESS, stated=changed).modified is None


def test_plain_text_is_dated_by_the_same_rules() -> None:
    lines = (HEADLINE, *PARAGRAPHS)
    assert text(*lines).published == own("2025-03-14", "day", "dateline")
    assert text(*lines, stated=FEED).published == own("2025-03-14T08:42", "minute", "feed")
