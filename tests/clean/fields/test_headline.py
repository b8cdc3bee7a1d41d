"""Which of the titles that a page states and prints is the headline."""

from __future__ import annotations

import pytest

from pipelines.clean.records import Statement
from tests.clean.fields.statements import ADDRESS, OTHER, SHARED, ld, lost, og, page, rows, rule
from tests.clean.pages import HEADLINE


def test_a_stated_headline_that_the_page_prints_is_taken() -> None:
    read = page(
        ld(headline=HEADLINE) + og(SHARED) + f"<title>{SHARED}</title>", f"<h1>{HEADLINE}</h1>"
    )
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.stated_and_printed")
    assert lost(read, "headline")[SHARED] == "headline.weaker"


def test_a_printed_heading_that_the_share_title_confirms_stands_before_json_ld() -> None:
    read = page(
        ld(headline=OTHER) + og(HEADLINE) + f"<title>{OTHER}</title>", f"<h1>{HEADLINE}</h1>"
    )
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.printed_and_told")
    assert lost(read, "headline")[OTHER] == "headline.weaker"


def test_without_a_confirmed_heading_the_stated_headline_is_taken() -> None:
    read = page(ld(headline=OTHER), f"<h1>{HEADLINE}</h1>")
    assert (read.headline, rule(read, "headline")) == (OTHER, "headline.stated")


def test_a_printed_heading_stands_before_titles_in_the_head_alone() -> None:
    read = page(og(SHARED) + f"<title>{SHARED}</title>", f"<h1>{HEADLINE}</h1>")
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.printed")


CRUMB = f"<nav class='breadcrumb'><ol><li><h1>{SHARED}</h1></li></ol></nav><h2>{HEADLINE}</h2>"


def test_a_heading_that_closes_a_breadcrumb_is_no_print_of_the_headline() -> None:
    read = page(ld(headline=HEADLINE) + og(SHARED) + f"<title>{SHARED}</title>", CRUMB)
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.stated_and_printed")
    assert lost(read, "headline")[SHARED] in {"headline.in_breadcrumb", "headline.weaker"}
    crumb = next(row for row in rows(read, "headline") if row.detail == "h1")
    assert crumb.rule_id == "headline.in_breadcrumb"


def test_there_the_address_speaks_for_the_title_that_share_and_page_agree_on() -> None:
    address = "https://lantern.example/marvale-gives-nine-million-for-its-broken-pier-8841.html"
    read = page(ld(headline=HEADLINE) + og(SHARED) + f"<title>{SHARED}</title>", CRUMB, url=address)
    assert (read.headline, rule(read, "headline")) == (SHARED, "headline.spelt_in_address")
    read = page(ld(headline=HEADLINE) + og(SHARED) + f"<title>{SHARED}</title>", CRUMB, url=ADDRESS)
    assert read.headline == HEADLINE


def test_a_kicker_that_is_printed_apart_is_cut_where_a_stated_title_has_none() -> None:
    heading = f"<h1><span>Harbour</span><span> - </span><span>{HEADLINE}</span></h1>"
    read = page(og(HEADLINE), heading)
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.kicker_apart")
    read = page(og(f"Storm: {HEADLINE}"), heading)
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.kicker_apart")


def test_a_kicker_stays_where_the_stated_title_has_it_too() -> None:
    heading = f"<h1><span>Harbour</span><span> : </span><span>{HEADLINE}</span></h1>"
    assert page(og(f"Harbour: {HEADLINE}"), heading).headline == f"Harbour: {HEADLINE}"


def test_a_title_that_was_cut_off_gives_way_to_the_heading_that_goes_on() -> None:
    read = page(og(HEADLINE), f"<h1>{HEADLINE} before the herring season</h1>")
    assert read.headline == f"{HEADLINE} before the herring season"
    assert rule(read, "headline") == "headline.cut_off"
    read = page(ld(headline=f"{HEADLINE} bef…") + og(f"{HEADLINE} before herring"))
    assert (read.headline, rule(read, "headline")) == (
        f"{HEADLINE} before herring",
        "headline.cut_off",
    )


def test_a_heading_in_capitals_is_kept_as_it_is_stated() -> None:
    assert page(ld(headline=HEADLINE), f"<h1>{HEADLINE.upper()}</h1>").headline == HEADLINE


@pytest.mark.parametrize(
    "title",
    [
        f"{HEADLINE} - The Marvale Lantern",
        f"{HEADLINE} | The Marvale Lantern",
        f"The Marvale Lantern – {HEADLINE}",
        f"{HEADLINE}｜The Marvale Lantern",
        f"{HEADLINE}:The Marvale Lantern",
        f"{HEADLINE} :: lantern.example",
    ],
)
def test_the_sites_name_is_cut_off_at_either_end(title: str) -> None:
    site = "<meta property='og:site_name' content='The Marvale Lantern'>"
    read = page(f"{site}<title>{title}</title>")
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.told")


def test_a_heading_is_confirmed_by_a_title_with_an_unknown_name_behind_it() -> None:
    read = page(f"<title>{HEADLINE} ~ News</title>" + og(f"{HEADLINE} | Tidewater Press"),
                f"<h1>Local notes</h1><h1>{HEADLINE}</h1>")  # fmt: skip
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.printed_and_told")


def test_a_blogs_name_before_the_title_is_no_headline() -> None:
    read = page(
        f"<title>Voices from the quay: {HEADLINE}</title>" + og(HEADLINE),
        f"<h1>Voices from the quay</h1><h3>{HEADLINE}</h3>",
        url=ADDRESS,
    )
    assert read.headline == HEADLINE


def test_a_label_that_title_and_heading_share_is_no_headline() -> None:
    read = page(f"<title>News</title>{og(HEADLINE)}", "<h1>News</h1>")
    assert read.headline == HEADLINE


def test_the_sites_name_in_the_heading_leaves_the_headline_to_a_lower_heading() -> None:
    site = "<meta property='og:site_name' content='The Marvale Lantern'>"
    above = f"<h1>The Marvale Lantern</h1><h2>Site menu</h2><h2>{HEADLINE}</h2>"
    read = page(f"{site}<title>{OTHER}</title>", above, url=ADDRESS)
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.heading_of_address")
    assert lost(read, "headline")["The Marvale Lantern"] == "headline.site_name"


def test_of_stated_titles_the_one_that_others_repeat_with_more_behind_it_is_taken() -> None:
    read = page(
        og(f"{HEADLINE} - Local : Tidewater") + f"<meta name='headline' content='{HEADLINE}'>"
    )
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.shared_head")


def test_the_feed_decides_where_the_page_does_not() -> None:
    read = page("<title>News</title>", stated=Statement(title=HEADLINE))
    assert (read.headline, rule(read, "headline")) == (HEADLINE, "headline.feed")
    read = page(ld(headline=HEADLINE), f"<h1>{HEADLINE}</h1>", stated=Statement(title=SHARED))
    assert lost(read, "headline")[SHARED] == "headline.weaker"
