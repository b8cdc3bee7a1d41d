"""What is taken of what a page states, by which rule, and what is kept of the rest."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.clean.fields import candidates
from pipelines.clean.fields.candidates import Candidate, confidence_of, evidence_rows
from pipelines.clean.records import EVIDENCE_SOURCES, Article, Evidence, Statement
from tests.clean.pages import FETCHED, HEADLINE, PARAGRAPHS, article, html_page

BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])
SHARED = "Marvale gives nine million for its broken pier"
OTHER = "Herring fleet waits for calmer days off Marvale"
ADDRESS = "https://lantern.example/news/marvale-council-votes-to-rebuild-storm-torn-pier-8841"


def ld(**properties: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **properties}
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


def og(title: str) -> str:
    return f"<meta property='og:title' content='{title}'>"


def page(head: str = "", above: str = "", **capture: object) -> Article:
    html = (
        f"<html lang='en'><head>{head}</head><body>{above}<article>{BODY}</article></body></html>"
    )
    return article(html, **{"url": "https://lantern.example/pier", **capture})  # type: ignore[arg-type]


def rows(read: Article, field: str) -> list[Evidence]:
    return [row for row in read.evidence if row.field == field]


def rule(read: Article, field: str) -> str:
    return next(row.rule_id for row in rows(read, field) if row.is_chosen)


def lost(read: Article, field: str) -> dict[str, str]:
    """Rule by value of what was set aside."""
    return {row.value: row.rule_id for row in rows(read, field) if not row.is_chosen}


# Headline


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


# Date of publication

DAY = datetime(2025, 3, 14, 8, 30, tzinfo=UTC)


def dated(read: Article) -> tuple[datetime | None, str]:
    return (read.published.value if read.published else None, rule(read, "date_published"))


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


# The other fields


def test_a_canonical_link_to_the_front_page_is_a_slip() -> None:
    head = "<link rel='canonical' href='https://lantern.example/'>"
    url = "<meta property='og:url' content='https://lantern.example/pier?id=2'>"
    read = page(head + url)
    assert (read.canonical_url, rule(read, "canonical_url")) == (
        "https://lantern.example/pier?id=2",
        "canonical_url.open_graph",
    )
    assert lost(read, "canonical_url") == {"https://lantern.example/": "canonical_url.front_page"}
    bad = page("<link rel='canonical' href='javascript:void(0)'>")
    assert bad.canonical_url is None
    assert "canonical_url.no_address" in lost(bad, "canonical_url").values()
    home = page(head, url="https://lantern.example/")
    assert home.canonical_url == "https://lantern.example/"


def test_an_address_in_json_ld_counts_on_the_pages_own_site() -> None:
    assert page(ld(url="/pier")).canonical_url == "https://lantern.example/pier"
    away = page(ld(url="https://wire.example.org/pier"))
    assert away.canonical_url is None
    assert "canonical_url.other_site" in lost(away, "canonical_url").values()


def test_a_description_that_says_the_headline_again_is_none() -> None:
    head = ld(headline=HEADLINE, description=HEADLINE)
    read = page(f"{head}<meta name='description' content='Ferries move to the south quay.'>")
    assert read.description == "Ferries move to the south quay."
    assert lost(read, "description")[HEADLINE] == "description.repeats_headline"
    site = "<meta property='og:site_name' content='The Marvale Lantern'>"
    named = page(f"{site}<meta name='description' content='The Marvale Lantern'>")
    assert named.description is None
    assert set(lost(named, "description").values()) == {"description.names_site"}


def test_the_section_is_stated_or_the_breadcrumbs_step_below_the_front_page() -> None:
    steps = [{"@type": "ListItem", "name": n} for n in ("Home", "Local", "Harbour", HEADLINE)]
    crumbs = json.dumps({"@type": "BreadcrumbList", "itemListElement": steps})
    script = f"<script type='application/ld+json'>{crumbs}</script>"
    read = page(script + og(HEADLINE))
    assert (read.article_section, rule(read, "article_section")) == (
        "Local",
        "article_section.json_ld",
    )
    read = page(script + "<meta property='article:section' content='Town'>")
    assert (read.article_section, rule(read, "article_section")) == (
        "Town",
        "article_section.open_graph",
    )
    read = page("<meta property='article:section' content='/local/harbour'>")
    assert read.article_section is None
    assert set(lost(read, "article_section").values()) == {"article_section.no_name"}


@pytest.mark.parametrize(
    ("head", "free"),
    [
        (ld(isAccessibleForFree="False"), False),
        (ld(isAccessibleForFree=True), True),
        (ld(hasPart={"@type": "WebPageElement", "isAccessibleForFree": False}), False),
        ("<meta property='article:content_tier' content='locked'>", False),
        ("<meta property='article:content_tier' content='free'>", True),
        ("<meta property='article:content_tier' content='metered'>", None),
        ("", None),
    ],
)
def test_whether_an_article_is_free_is_what_the_page_states(head: str, free: bool | None) -> None:
    assert page(head).is_accessible_for_free is free


def test_a_metered_page_is_neither_open_nor_closed() -> None:
    read = page("<meta property='article:content_tier' content='metered'>")
    assert lost(read, "is_accessible_for_free") == {"metered": "is_accessible_for_free.metered"}


def test_the_bodys_language_stands_before_the_declared_one() -> None:
    html = f"<html lang='da'><body><article><h1>{HEADLINE}</h1>{BODY}</article></body></html>"
    read = article(html)
    assert (read.in_language, rule(read, "in_language")) == ("en", "in_language.model")
    assert lost(read, "in_language") == {"da": "in_language.weaker"}


# Rows


def test_the_chosen_row_has_the_articles_value_and_comes_first() -> None:
    read = article(html_page())
    values = {
        "headline": read.headline,
        "canonical_url": read.canonical_url,
        "article_section": read.article_section,
        "description": read.description,
        "in_language": read.in_language,
        "is_accessible_for_free": "true",
        "date_published": "2025-03-14T09:30+01:00",
        "date_modified": "2025-03-15T08:00+00:00",
    }
    for field, value in values.items():
        found = rows(read, field)
        assert [row.is_chosen for row in found] == [True] + [False] * (len(found) - 1), field
        assert found[0].value == value
    assert all(row.source in EVIDENCE_SOURCES for row in read.evidence)
    assert all(0 <= row.confidence <= 1 and row.value for row in read.evidence)


def test_the_same_statement_counts_once_and_eight_are_kept() -> None:
    same = [Candidate("Pier", "meta", name) for name in ("title", "dc.title")]
    assert len(evidence_rows("headline", same, same[0], "headline.told")) == 1
    many = [Candidate(f"Pier {n}", "meta") for n in range(20)]
    assert len(evidence_rows("headline", many, many[-1], "headline.told")) == 8
    long = [Candidate("x" * 900, "meta")]
    assert len(evidence_rows("headline", long)[0].value) == 500


def test_every_rule_has_its_confidence_and_its_meaning() -> None:
    table = Path(candidates.__file__).parents[1] / "data" / "evidence_rules.csv"
    with table.open(encoding="utf-8", newline="") as lines:
        listed = list(csv.DictReader(lines))
    assert len({row["rule_id"] for row in listed}) == len(listed)
    assert all(row["meaning"] and 0 < float(row["confidence"]) < 1 for row in listed)
    for source in EVIDENCE_SOURCES:
        assert confidence_of(f"any_field.{source}") > 0
    with pytest.raises(KeyError):
        confidence_of("headline.unheard_of")


def test_plain_text_and_feed_text_have_evidence_too() -> None:
    told = Statement(title=SHARED, published=DAY, published_text="2025-03-14T08:30:00Z",
                     summary="Ferries move to the south quay.")  # fmt: skip
    markup = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    fed = article(markup, url="https://lantern.example/pier", stated=told, is_fragment=True)
    assert rule(fed, "headline") == "headline.feed"
    assert rule(fed, "description") == "description.feed"
    assert dated(fed) == (DAY, "date.feed")
    assert lost(fed, "date_published") == {"2025-03-14": "date.weaker"}


def test_the_evidence_is_the_same_every_time() -> None:
    head = ld(headline=HEADLINE, datePublished="2025-03-14") + og(SHARED)
    assert page(head).evidence == page(head).evidence
