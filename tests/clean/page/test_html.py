from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.clean.pages import FETCHED, HEADLINE, PARAGRAPHS, article, html_page, role_of


def test_the_body_is_the_standfirst_and_the_paragraphs() -> None:
    page = article(html_page())
    standfirst = "Nine million crowns go to a new pier; ferries move to the south quay."
    assert page.article_body == "\n\n".join((standfirst, *PARAGRAPHS))
    assert role_of(page, standfirst) == "standfirst"


def test_metadata_comes_from_the_page_s_own_description() -> None:
    page = article(html_page())
    assert page.headline == HEADLINE
    assert page.authors == ("Tove Askeland", "Jon Reyes")
    assert page.publisher_name == page.site_name == "The Marvale Lantern"
    assert page.article_section == "Local"
    assert page.is_accessible_for_free is True
    assert page.in_language == "en"
    assert page.canonical_url == "https://lantern.example/news/2025/pier"
    assert page.byline == "By Tove Askeland and Jon Reyes"
    assert page.dateline == "MARVALE, March 14, 2025 –"


def test_a_stated_zone_becomes_utc() -> None:
    page = article(html_page())
    assert page.published is not None
    assert page.published.value == datetime(2025, 3, 14, 8, 30, tzinfo=UTC)
    assert (page.published.precision, page.published.source) == ("minute", "json_ld")
    assert page.modified is not None
    assert page.modified.value == datetime(2025, 3, 15, 8, 0, tzinfo=UTC)


def test_every_visible_block_is_in_the_ledger_once_with_its_reason() -> None:
    page = article(html_page())
    texts = [b.text for b in page.blocks]
    assert len(texts) == len(set(texts))
    assert role_of(page, "Home") == "navigation"
    assert role_of(page, "The broken pier") == "caption"
    assert role_of(page, "Lighthouse keeper") == "teaser"
    assert role_of(page, "By Tove") == "byline"
    assert role_of(page, HEADLINE) == "headline"
    assert all(b.rule_id for b in page.blocks)


def test_a_date_after_the_capture_is_no_date() -> None:
    early = FETCHED - timedelta(days=30)
    assert article(html_page(), fetched_at=early).published is None or (
        article(html_page(), fetched_at=early).published.source != "json_ld"  # type: ignore[union-attr]
    )


def test_a_page_without_dates_gets_none() -> None:
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])
    page = article(f"<html><body><h1>{HEADLINE}</h1>{body}</body></html>", url=None)
    assert page.published is None
    assert page.canonical_url is None


def test_a_date_in_another_piece_s_teaser_is_not_taken() -> None:
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])
    side = "<aside><time datetime='2025-03-01'>1 March 2025</time><a href='/x'>Other</a></aside>"
    page = article(f"<html><body><h1>{HEADLINE}</h1>{body}{side}</body></html>", url=None)
    assert page.published is None


def test_the_address_dates_a_page_that_prints_no_date() -> None:
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])
    page = article(
        f"<html><body><h1>{HEADLINE}</h1>{body}</body></html>",
        url="https://lantern.example/2025/03/14/pier",
    )
    assert page.published is not None
    assert (page.published.precision, page.published.source) == ("day", "url")


def test_a_pointer_between_paragraphs_leaves_the_body() -> None:
    pointer = "Read more: Storm leaves two thousand homes in the dark"
    page = article(html_page((*PARAGRAPHS[:2], pointer, *PARAGRAPHS[2:])))
    assert pointer not in page.article_body
    assert role_of(page, pointer) == "teaser"


def test_broken_json_ld_falls_back_to_meta_elements() -> None:
    page = article(html_page().replace('"@graph": [', '"@graph": [[[{'))
    assert page.headline == HEADLINE
    assert page.publisher_name == "The Marvale Lantern"


def test_a_body_that_only_json_ld_holds_is_kept() -> None:
    words = " ".join(PARAGRAPHS).replace('"', "")
    page = article(
        "<html><head><title>Pier</title><script type='application/ld+json'>"
        f'{{"@type": "NewsArticle", "headline": "Pier", "articleBody": "{words}"}}'
        "</script></head><body><div id='root'></div></body></html>"
    )
    assert "hollow" in page.article_body


def test_the_line_that_is_read_as_byline_is_called_so() -> None:
    line = "By Tove Askeland in Marvale and Jon Reyes in Ostholm"
    page = article(
        html_page().replace(
            '<div class="byline">By Tove Askeland and Jon Reyes', f"<div><span>{line}</span>"
        )
    )
    assert page.byline == line
    assert role_of(page, line) == "byline"
