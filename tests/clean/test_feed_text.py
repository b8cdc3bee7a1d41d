"""The text that a feed carries: markup without a page, and what feed systems put below it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.clean.records import Article, Capture, Skip, Statement
from tests.clean.pages import FETCHED, HEADLINE, PARAGRAPHS, article, read, role_of

URL = "https://lantern.example/news/2025/pier"
STATED = Statement(
    title=HEADLINE,
    summary="Nine million crowns go to a new pier.",
    authors=("Tove Askeland", "The Lantern"),
    published=datetime(2025, 3, 14, 8, 42, tzinfo=UTC),
    published_text="Fri, 14 Mar 2025 09:42:00 +0100",
    modified=datetime(2025, 3, 15, 7, 0, tzinfo=UTC),
)
TEXT = PARAGRAPHS[1:]
MARKUP = "".join(f"<p>{p}</p>\n" for p in TEXT)
BODY = "\n\n".join(TEXT)


def carried(markup: str, stated: Statement | None = STATED, url: str | None = URL) -> Article:
    return article(markup, url=url, stated=stated, is_fragment=True)


def test_all_of_the_text_is_the_body_and_the_feed_says_the_rest() -> None:
    read = carried(MARKUP)
    assert read.article_body == BODY
    assert (read.headline, read.authors, read.byline) == (
        HEADLINE,
        ("Tove Askeland",),
        "Tove Askeland",
    )
    assert read.description == STATED.summary
    assert read.published is not None
    assert (read.published.value, read.published.source) == (STATED.published, "feed")
    assert read.modified is not None
    assert read.modified.value == STATED.modified
    assert (read.extractor, read.in_language) == ("html", "en")


def test_every_body_block_is_where_it_says() -> None:
    read = carried(f"<h2>{HEADLINE}</h2>{MARKUP}<p><a href='{URL}'>Continue reading</a></p>")
    for block in read.blocks:
        if block.is_body:
            assert read.article_body[block.start_char : block.end_char] == block.text
    assert role_of(read, HEADLINE) == "headline"


def test_without_a_statement_only_the_text_is_known() -> None:
    read = carried(MARKUP, stated=None, url=None)
    assert read.article_body == BODY
    assert (read.headline, read.published, read.authors) == (None, None, ())


@pytest.mark.parametrize(
    "markup",
    [
        "<br><br>".join(TEXT),
        "<br/>".join(TEXT),
        "<br />\n<br />".join(TEXT),
        "\n\n".join(TEXT),
        "\r\n".join(TEXT),
        f"<div>{TEXT[0]}<br><br>{TEXT[1]}<p>{TEXT[2]}</div>",
        MARKUP.replace("<", "&lt;").replace(">", "&gt;"),
        f"<html><body>{MARKUP}</body></html>",
        f"<em>{TEXT[0]}</em>\n\n{TEXT[1]}\n\n{TEXT[2]}",
    ],
)
def test_paragraphs_are_found_however_they_are_marked(markup: str) -> None:
    assert carried(markup).article_body == BODY


@pytest.mark.parametrize(
    "trailer",
    [
        f"<p>The post <a href='{URL}'>{HEADLINE}</a> appeared first on <a href='/'>Lantern</a>.</p>",
        f"<p>Der Beitrag <a href='{URL}'>{HEADLINE}</a> erschien zuerst auf <a>Lantern</a>.</p>",
        f"<p>記事 <a href='{URL}'>{HEADLINE}</a> は <a href='/'>Lantern</a> に最初に表示されました。</p>",
        f"<p>The post {HEADLINE} appeared first on The Marvale Lantern.</p>",
        f"<p>La entrada {HEADLINE} se publicó primero en The Marvale Lantern.</p>",
        f"<p><a href='{URL}?utm_source=rss'>Continue reading</a></p>",
        f"<p>(<a href='{URL}#more-12'>Jatka lukemista</a> →)</p>",
        "<p><a href='/news/2025/pier'>Seguir leyendo</a>...</p>",
        f"<p><a href='{URL}#comments'>3 comments</a></p>",
        f"submitted by <a href='/u/gull'>gull</a> <a href='{URL}'>[link]</a> <a href='/c'>[comments]</a>",
        "<p>[…]</p>",
        "<p><a href='https://lantern.example/x'>Lighthouse keeper retires after 40 years</a></p>",
        "<p>Read more: Storm leaves two thousand homes in the dark</p>",
        f"<p><a href='{URL}'>Read on</a></p><p>Share this:</p><ul><li><a href='/t'>Post</a></li></ul>",
        "<figure><img src='p.jpg'><figcaption>The broken pier in January.</figcaption></figure>",
        "<img src='https://count.example/pixel.gif' width='1' height='1'>",
    ],
)
def test_what_feed_systems_put_below_the_text_is_cut(trailer: str) -> None:
    read = carried(MARKUP + trailer)
    assert read.article_body == BODY
    assert all(block.rule_id for block in read.blocks)


@pytest.mark.parametrize(
    ("tail", "cut"),
    [
        (f" <a href='{URL}'>Continue reading →</a>", "Continue reading →"),
        (f" […] <a href='{URL}'>Weiterlesen</a> »", "[…] Weiterlesen »"),
        (f" You can read it <a href='{URL}'>here</a>.", "You can read it here."),
        (" [...]", "[...]"),
        (" […]", "[…]"),
    ],
)
def test_a_last_paragraph_keeps_its_own_words(tail: str, cut: str) -> None:
    read = carried(MARKUP.removesuffix("</p>\n") + tail + "</p>")
    assert read.article_body == BODY
    assert read.blocks[-1].text == cut
    assert read.blocks[-1].rule_id == "html.feed_trailer"


@pytest.mark.parametrize(
    "last",
    [
        "That is when the council votes again, and the pier will be storm-torn no more by then.",
        "The survey is <a href='https://lantern.example/survey.pdf'>public</a> since Monday.",
        "The town's own <a href='https://marvale.example/'>page on the pier</a> tells of the rents.",
        "No ferry left the south quay on Friday.",
    ],
)
def test_a_last_sentence_of_the_article_stays(last: str) -> None:
    stated = Statement(title="Council votes on pier")
    read = carried(f"{MARKUP}<p>{last}</p>", stated=stated)
    assert len(read.article_body) > len(BODY) + 30


def test_what_stands_above_the_text_is_cut() -> None:
    above = "<p>By Tove Askeland</p><p>March 14, 2025, 9:42</p>"
    read = carried(f"{above}{MARKUP}")
    assert read.article_body == BODY
    assert read.byline == "By Tove Askeland"


def test_headings_lists_and_quotes_keep_their_roles() -> None:
    read = carried(
        f"<p>{TEXT[0]}</p><h3>What comes next</h3><ul><li>Ferries leave from the quay</li>"
        f"<li>Work begins in May</li></ul><blockquote><p>{TEXT[2]}</p></blockquote>"
    )
    assert role_of(read, "What comes next") == "heading"
    assert role_of(read, "Work begins") == "list_item"
    assert role_of(read, TEXT[2][:20]) == "quote"
    assert read.article_body.count("\n\n") == 4


def test_a_template_that_wraps_all_of_the_text_costs_none_of_it() -> None:
    for name in ("field-teaser", "related-content", "footer"):
        assert carried(f"<div class='{name}'>{MARKUP}</div>").article_body == BODY
    assert carried(f"<aside>{MARKUP}</aside>").article_body == BODY


def test_links_alone_are_no_article() -> None:
    read = carried(f"<p><a href='{URL}'>Continue reading</a></p><p><a href='/c'>Comments</a></p>")
    assert read.article_body == ""
    assert read.headline == HEADLINE


def test_a_summary_that_is_the_text_is_none() -> None:
    short = f"<p>{TEXT[0]}</p>"
    assert carried(short, Statement(title=HEADLINE, summary=TEXT[0])).description is None


def test_a_dateline_is_read_and_yields_to_the_feeds_date() -> None:
    read = carried(f"<p>{PARAGRAPHS[0]}</p>{MARKUP}")
    assert read.dateline is not None
    assert read.published is not None
    assert read.published.source == "feed"
    undated = carried(f"<p>{PARAGRAPHS[0]}</p>{MARKUP}", Statement(title=HEADLINE))
    assert undated.published is not None
    assert undated.published.source == "dateline"


def test_what_is_no_text_is_skipped() -> None:
    for payload in (b"", b"%PDF-1.7", b"<!-- nothing -->"):
        capture = Capture(
            "f", "s", URL, "text/html", None, payload, FETCHED, STATED, is_fragment=True
        )
        from pipelines.clean.extract import extract

        result = extract(capture)
        assert isinstance(result, Skip) or result.article_body == ""
    assert isinstance(read("<div>" * 100_001, is_fragment=True), Skip)
