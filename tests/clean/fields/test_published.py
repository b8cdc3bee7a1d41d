"""Which of the dates that a page states and prints is that of publication."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.clean.records import Statement
from tests.clean.fields.statements import BODY, DAY, dated, ld, lost, page, rows, rule
from tests.clean.pages import FETCHED, HEADLINE, PARAGRAPHS, article


def test_the_stated_zone_is_kept_in_the_evidence() -> None:
    read = page(ld(datePublished="2025-03-14T09:30:00+01:00"))
    assert dated(read) == (DAY, "date.json_ld")
    assert rows(read, "date_published")[0].value == "2025-03-14T09:30+01:00"
    read = page("<meta name='date' content='2025-03-14 09:30'>")
    assert rows(read, "date_published")[0].value == "2025-03-14T09:30"


def test_the_date_of_a_change_is_no_date_of_publication() -> None:
    read = page(ld(dateModified="2025-03-15T08:00:00Z"))
    assert read.published is None
    assert read.modified is not None
    assert lost(read, "date_published") == {"2025-03-15T08:00+00:00": "date.modified_not_published"}
    above = f"<h1>{HEADLINE}</h1><p>Updated: 15 March 2025, 10:00</p>"
    read = page("", above)
    assert read.published is None
    assert lost(read, "date_published")["2025-03-15T10:00"] == "date.modified_not_published"
    read = page("", f"<h1>{HEADLINE}</h1><p>15 March 2025, 10:00</p>")
    assert dated(read) == (datetime(2025, 3, 15, 10, tzinfo=UTC), "date.text")


def test_a_date_after_the_capture_is_set_aside_for_the_next() -> None:
    late = (FETCHED + timedelta(days=40)).isoformat()
    read = page(ld(datePublished=late) + "<meta name='date' content='2025-03-14T08:30Z'>")
    assert dated(read) == (DAY, "date.meta")
    assert "date.future" in lost(read, "date_published").values()


def test_a_stamp_from_years_before_the_address_is_the_sites_age() -> None:
    head = "<meta name='date' content='2009-01-01'>"
    read = page(head, url="https://lantern.example/2025/03/14/pier")
    assert dated(read) == (datetime(2025, 3, 14, tzinfo=UTC), "date.url")
    assert lost(read, "date_published") == {"2009-01-01": "date.site_founding_year"}
    near = page("<meta name='date' content='2025-03-13'>", url="https://l.example/2025/03/14/pier")
    assert rule(near, "date_published") == "date.meta"


def test_the_year_of_the_copyright_line_is_no_date() -> None:
    read = page("", f"<h1>{HEADLINE}</h1>" + "<footer>© 1998 The Marvale Lantern</footer>")
    assert read.published is None
    assert lost(read, "date_published") == {"1998": "date.site_founding_year"}


def test_todays_date_in_the_header_is_no_date_of_publication() -> None:
    today = "<div class='top'>Thursday, 20 March 2025</div>"
    read = page("", f"{today}<h1>{HEADLINE}</h1>")
    assert read.published is None
    assert lost(read, "date_published") == {"2025-03-20": "date.today_in_header"}
    below = page("", f"<h1>{HEADLINE}</h1><div>Thursday, 20 March 2025</div>")
    assert dated(below) == (datetime(2025, 3, 20, tzinfo=UTC), "date.text")
    stamp = "<header><time datetime='2025-03-20'>Today</time></header>"
    assert page("", f"{stamp}<h1>{HEADLINE}</h1>").published is None


def test_a_date_far_above_the_headline_is_another_pieces() -> None:
    above = "<p>2 March 2025</p>" + "<p>Notes of the harbour</p>" * 6 + f"<h1>{HEADLINE}</h1>"
    read = page("", above)
    assert read.published is None
    assert lost(read, "date_published") == {"2025-03-02": "date.far_from_headline"}


def test_times_of_other_pieces_are_kept_as_evidence_only() -> None:
    aside = "<aside><time datetime='2025-03-01'>1 March</time></aside>"
    read = page("", f"<h1>{HEADLINE}</h1>{aside}")
    assert read.published is None
    assert lost(read, "date_published") == {"2025-03-01": "date.other_piece"}
    several = "<time datetime='2025-03-01'>1</time><time datetime='2025-03-02'>2</time>"
    assert set(lost(page("", several), "date_published").values()) == {"date.unplaced"}


def test_a_stamp_of_the_day_alone_yields_to_one_with_the_time_on_that_day() -> None:
    head = ld(datePublished="2025-03-14") + "<meta name='date' content='2025-03-14T08:30Z'>"
    read = page(head)
    assert dated(read) == (DAY, "date.finer_same_day")
    assert lost(read, "date_published") == {"2025-03-14": "date.weaker"}
    comment = "<time datetime='2025-03-14T18:30Z'>a comment</time>"
    assert rule(page(ld(datePublished="2025-03-14"), comment), "date_published") == "date.json_ld"


def test_the_number_in_an_address_tells_a_day_where_nothing_else_does() -> None:
    url = "https://lantern.example/view/A2025031408300005196"
    read = page(url=url)
    assert dated(read) == (datetime(2025, 3, 14, tzinfo=UTC), "date.address_serial")
    read = page("", f"<h1>{HEADLINE}</h1><p>15 March 2025</p>", url=url)
    assert rule(read, "date_published") == "date.text"
    read = page(url="https://lantern.example/2025/03/pier/")
    assert read.published is not None
    assert (read.published.precision, rule(read, "date_published")) == (
        "month",
        "date.address_month",
    )


def test_dateline_and_feed_are_weighed_in_the_same_place() -> None:
    told = Statement(published=DAY, published_text="Fri, 14 Mar 2025 09:30:00 +0100")
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    html = f"<html><body><article><h1>{HEADLINE}</h1>{body}</article></body></html>"
    bare = article(html, url=None)
    assert rule(bare, "date_published") == "date.dateline"
    fed = article(html, url=None, stated=told)
    assert dated(fed) == (DAY, "date.feed")
    assert rows(fed, "date_published")[0].value == "2025-03-14T09:30+01:00"
    assert lost(fed, "date_published") == {"2025-03-14": "date.weaker"}
    day = page("", url="https://lantern.example/2025/03/14/pier", stated=told)
    assert rule(day, "date_published") == "date.feed_finer"
    late = page("", f"<h1>{HEADLINE}</h1><p>18 March 2025</p>", stated=told)
    assert rule(late, "date_published") == "date.feed_earlier"


@pytest.mark.parametrize(
    ("lang", "url", "day"),
    [
        ("en-GB", "https://lantern.example/pier", (3, 4)),
        ("en-US", "https://lantern.example/pier", (4, 3)),
        ("en-US", "https://lantern.co.uk/pier", (3, 4)),
        ("en", "https://lantern.com.au/pier", (3, 4)),
        ("fr", "https://lantern.example/pier", (3, 4)),
        ("en", "https://lantern.example/pier", None),
    ],
)
def test_the_order_of_day_and_month_is_the_languages(
    lang: str, url: str, day: tuple[int, int] | None
) -> None:
    html = f"<html lang='{lang}'><body><article><h1>{HEADLINE}</h1><p>03/04/2025</p>{BODY}</article></body></html>"
    read = article(html, url=url, fetched_at=FETCHED + timedelta(days=60)).published
    assert (read and (read.value.day, read.value.month)) == day
