"""Headline, authors and summary: what the page says, and its feed where the page does not."""

from __future__ import annotations

import pytest

from pipelines.clean.authors.stated_text import LONGEST_SUMMARY, summary_of
from pipelines.clean.records import Statement
from tests.clean.pages import HEADLINE, PARAGRAPHS, article, html_page, role_of, text

BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
OTHER = "Herring fleet waits for calmer days off Marvale"


def page(head: str = "", above: str = "") -> str:
    return f"<html><head>{head}</head><body>{above}<article>{BODY}</article></body></html>"


def named(title: str) -> Statement:
    return Statement(title=title)


@pytest.mark.parametrize(
    "title",
    [
        HEADLINE,
        f"Video: {HEADLINE}",
        f"LIVE | {HEADLINE} - The Marvale Lantern",
        "Marvale council votes to rebuild…",
        "An editor's other wording of it",
        "https://lantern.example/news/2025/pier",
        " ",
    ],
)
def test_a_headline_that_the_page_states_and_prints_stands(title: str) -> None:
    assert article(html_page(), stated=named(title)).headline == HEADLINE


def test_of_a_pages_titles_the_one_that_its_feed_knows_wins() -> None:
    html = page(
        f"<title>{OTHER}</title><meta property='og:title' content='{HEADLINE}'>",
        f"<h1>{OTHER} again</h1>",
    )
    assert article(html).headline == f"{OTHER} again"
    for title in (HEADLINE, f"Harbour: {HEADLINE}", "Marvale council votes to rebuild"):
        assert article(html, stated=named(title)).headline == HEADLINE


def test_a_second_heading_can_be_the_one_that_its_feed_knows() -> None:
    html = page("<title>Front</title>", f"<h1>Herring fleet waits</h1><h1>{HEADLINE}</h1>")
    assert article(html, stated=named(HEADLINE)).headline == HEADLINE


def test_a_page_without_a_title_has_its_feeds() -> None:
    assert article(page()).headline is None
    assert article(page(), stated=named(HEADLINE)).headline == HEADLINE
    html = page("<meta property='og:site_name' content='The Marvale Lantern'>")
    titled = article(html, stated=named(f"{HEADLINE} - The Marvale Lantern"))
    assert titled.headline == HEADLINE


@pytest.mark.parametrize("label", ["Local", "Harbour notes", "The Marvale Lantern", "Lantern"])
def test_a_section_or_the_sites_name_is_no_headline(label: str) -> None:
    html = page(
        f"<title>{label}</title><meta property='og:site_name' content='The Marvale Lantern'>",
        f"<h1>{label}</h1>",
    )
    assert article(html, stated=named(HEADLINE)).headline == HEADLINE


def test_a_short_headline_that_shares_a_word_with_its_feeds_stands() -> None:
    html = page("<title>Marvale votes</title>", "<h1>Marvale votes</h1>")
    assert article(html, stated=named(HEADLINE)).headline == "Marvale votes"


def test_a_feeds_title_that_is_its_sites_name_is_none() -> None:
    assert article(page(), stated=named("lantern.example")).headline is None


def test_a_line_of_plain_text_that_its_feed_names_is_the_headline() -> None:
    lines = ("Tides and harbour notes of the week", OTHER, *PARAGRAPHS)
    assert text(*lines, stated=named(OTHER)).headline == OTHER
    above = text(OTHER, "Pier, council and north winter storm", *PARAGRAPHS, stated=named(OTHER))
    assert above.headline == OTHER
    assert role_of(above, OTHER) == "headline"


def test_plain_text_without_a_title_has_its_feeds() -> None:
    assert text(*PARAGRAPHS).headline is None
    assert text(*PARAGRAPHS, stated=named(HEADLINE)).headline == HEADLINE


@pytest.mark.parametrize(
    ("stated", "people"),
    [
        (("Tove Askeland",), ("Tove Askeland",)),
        (("By Tove Askeland and Jon Reyes",), ("Tove Askeland", "Jon Reyes")),
        (("tove@lantern.example (Tove Askeland)",), ("Tove Askeland",)),
        (("Tove Askeland <tove@lantern.example>", "Jon Reyes"), ("Tove Askeland", "Jon Reyes")),
        (("desk@lantern.example",), ()),
        (("admin",), ()),
        (("Lantern",), ()),
        (("lantern.example",), ()),
        (("The Marvale Lantern", "Jon Reyes"), ("Jon Reyes",)),
        (("Marvale Lantern Newsroom",), ()),
        (("Reuters",), ("Reuters",)),
    ],
)
def test_a_page_without_authors_has_its_feeds_but_no_outlet(
    stated: tuple[str, ...], people: tuple[str, ...]
) -> None:
    html = page("<meta property='og:site_name' content='The Marvale Lantern'>")
    read = article(html, stated=Statement(authors=stated))
    assert read.authors == people
    assert (read.byline is not None) == bool(people)


def test_authors_that_the_page_names_stay() -> None:
    read = article(html_page(), stated=Statement(authors=("Ilse Brandvik",)))
    assert read.authors == ("Tove Askeland", "Jon Reyes")
    assert read.byline == "By Tove Askeland and Jon Reyes"


def test_a_person_in_the_feed_comes_before_the_site_as_its_own_author() -> None:
    node = (
        '{"@type": "NewsArticle", "author": {"name": "The Marvale Lantern"},'
        ' "publisher": {"name": "The Marvale Lantern"}}'
    )
    html = page(f"<script type='application/ld+json'>{node}</script>")
    assert article(html).authors == ("The Marvale Lantern",)
    assert article(html, stated=Statement(authors=("Jon Reyes",))).authors == ("Jon Reyes",)


def test_the_feeds_authors_are_those_of_plain_text() -> None:
    read = text(HEADLINE, *PARAGRAPHS, stated=Statement(authors=("Tove Askeland",)))
    assert (read.authors, read.byline) == (("Tove Askeland",), "Tove Askeland")


def test_the_summary_stands_in_for_a_description() -> None:
    summary = Statement(summary="Ferries leave from the south quay until autumn.")
    assert article(page(), stated=summary).description == summary.summary
    assert article(html_page(), stated=summary).description.startswith("Nine million")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("summary", "kept"),
    [
        (HEADLINE, None),
        ("", None),
        (
            f"Ferries move. The post {HEADLINE} appeared first on The Marvale Lantern.",
            "Ferries move.",
        ),
        (f"Ferries move […] L’article {HEADLINE} est apparu en premier sur X.", "Ferries move […]"),
        ("Ferries move. Continue reading...", "Ferries move."),
        (f"In “{HEADLINE}”, the Lantern told of ferries. They move.", ...),
    ],
)
def test_what_feed_systems_add_is_no_summary(summary: str, kept: object) -> None:
    found = summary_of(Statement(title=HEADLINE, summary=summary))
    assert found == (summary if kept is ... else kept)


def test_a_summary_is_bounded() -> None:
    long = summary_of(Statement(summary="Ferries move to the quay. " * 60))
    assert long is not None
    assert len(long) <= LONGEST_SUMMARY
    assert long.endswith("…")


@pytest.mark.parametrize("author", ["a@" + "(" * 5000, "<" * 5000 + "@", "a," * 5000, "@", "@ ()"])
def test_what_no_address_is_names_nobody(author: str) -> None:
    assert article(page(), stated=Statement(authors=(author,) * 50)).authors == ()
