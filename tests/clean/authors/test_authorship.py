"""Who wrote an article: statements of a page weighed against each other, losers kept."""

from __future__ import annotations

import json

import pytest

from pipelines.clean.records import Article, Evidence, Statement
from tests.clean.pages import HEADLINE, PARAGRAPHS, article, text

BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
SITE = '<meta property="og:site_name" content="The Marvale Lantern">'


def page(
    head: str = "", byline: str = "", after: str = "", body: str = BODY, outside: str = ""
) -> str:
    return (
        f'<html lang="en"><head>{SITE}{head}</head><body><article><h1>{HEADLINE}</h1>{byline}'
        f"{body}{after}</article>{outside}</body></html>"
    )


def json_ld(author: object, **more: object) -> str:
    node = {"@type": "NewsArticle", "headline": HEADLINE, "author": author, **more}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def rows(read: Article, field: str = "authors") -> list[Evidence]:
    return [row for row in read.evidence if row.field == field]


def rule(read: Article, field: str = "authors") -> str:
    return next(row.rule_id for row in rows(read, field) if row.is_chosen)


TOVE = {"@type": "Person", "name": "Tove Askeland"}
JON = {"@type": "Person", "name": "Jon Reyes"}
BY_TOVE = "<p class='byline'>By Tove Askeland</p>"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Tove Askeland", ("Tove Askeland",)),
        (TOVE, ("Tove Askeland",)),
        ([TOVE, JON], ("Tove Askeland", "Jon Reyes")),
        ([[TOVE, JON]], ("Tove Askeland", "Jon Reyes")),
        ({"name": "Tove Askeland and Jon Reyes"}, ("Tove Askeland", "Jon Reyes")),
        ({"name": ["Tove Askeland", "Jon Reyes"]}, ("Tove Askeland", "Jon Reyes")),
        ({"givenName": "Tove", "familyName": "Askeland"}, ("Tove Askeland",)),
        ([TOVE, {"@type": "Organization", "name": "AFP"}], ("Tove Askeland", "AFP")),
        ([TOVE, {"@type": "Organization", "name": "The Marvale Lantern"}], ("Tove Askeland",)),
        ({"@type": "Organization", "name": "dpa"}, ("dpa",)),
        ({"name": "Lantern Staff"}, ("Lantern Staff",)),
        ({"name": "The Marvale Lantern"}, ("The Marvale Lantern",)),
        ({"name": "admin"}, ()),
        ({"url": "https://lantern.example/tove"}, ()),
        (None, ()),
        (7, ()),
    ],
)
def test_json_ld_in_all_its_shapes(author: object, names: tuple[str, ...]) -> None:
    assert article(page(json_ld(author))).authors == names


def test_a_reference_to_another_node_is_followed() -> None:
    graph = {
        "@graph": [
            {"@id": "#tove", "@type": "Person", "name": "Tove Askeland"},
            {"@type": "NewsArticle", "headline": HEADLINE, "author": {"@id": "#tove"}},
        ]
    }
    head = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    assert article(page(head)).authors == ("Tove Askeland",)


@pytest.mark.parametrize(
    "head",
    [
        meta("author", "Tove Askeland"),
        meta("parsely-author", "Askeland, Tove"),
        meta("sailthru.author", "Tove Askeland"),
        meta("dc.creator", "Tove Askeland"),
        meta("byl", "By Tove Askeland"),
        meta("citation_author", "Askeland, Tove"),
        meta("cms.story.author", "Tove Askeland"),
        '<meta property="article:author" content="Tove Askeland">',
        meta("twitter:label1", "Written by") + meta("twitter:data1", "Tove Askeland"),
        meta("twitter:label2", "Verfasst von") + meta("twitter:data2", "Tove Askeland"),
        meta("parsely-page", "{&quot;authors&quot;: [&quot;Tove Askeland&quot;]}"),
    ],
)
def test_meta_elements_by_whatever_system(head: str) -> None:
    assert article(page(head)).authors == ("Tove Askeland",)


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:author" content="https://www.facebook.com/lantern">',
        meta("twitter:creator", "@lantern"),
        meta("smartbanner:author", "Lantern Apps"),
        meta("cms_creator", "Jon Reyes"),
        meta("twitter:label1", "Reading time") + meta("twitter:data1", "Tove Askeland"),
        meta("author", "lantern-online"),
        meta("author", "desk@lantern.example"),
        meta("author", "Paris, France"),
    ],
)
def test_accounts_addresses_and_apps_are_no_authors(head: str) -> None:
    assert article(page(head)).authors == ()


@pytest.mark.parametrize(
    "byline",
    [
        "<p>By Tove Askeland</p>",
        "<div class='article-author'>Tove Askeland</div>",
        "<address>Tove Askeland</address>",
        "<div>14 March 2025 | 10:00 | By Tove Askeland</div>",
        "<div class='meta'>Harbour desk 3/14/2025 <span class='authorname-x'>Tove Askeland</span></div>",
        "<a rel='author' href='/t'>Tove Askeland</a>",
        "<span itemprop='author'>Tove Askeland</span>",
        "<div itemprop='author' itemscope itemtype='https://schema.org/Person'>By"
        " <b itemprop='name'>Tove Askeland</b>, politics</div>",
    ],
)
def test_print_and_markup_beside_the_headline(byline: str) -> None:
    assert article(page(byline=byline)).authors == ("Tove Askeland",)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<footer><a rel='author' href='/x'>Lantern House Ltd</a></footer>",
        "<aside><p>By Jon Reyes</p></aside>" + "<p>x</p>" * 12,
        "<figure><figcaption>By Jon Reyes</figcaption></figure>",
    ],
)
def test_other_pieces_and_pictures_have_their_own_authors(elsewhere: str) -> None:
    far = "<p>Other news of the week from the harbour.</p>" * 6
    assert article(page(outside=elsewhere)).authors == ()
    assert article(page(outside=far + elsewhere)).authors == ()
    read = article(page(byline=BY_TOVE, outside=far + elsewhere))
    assert read.authors == ("Tove Askeland",)


def test_authors_in_neighbouring_blocks_go_together() -> None:
    byline = "<div class='byline'>Tove Askeland</div><div class='byline'>Jon Reyes</div>"
    assert article(page(byline=byline)).authors == ("Tove Askeland", "Jon Reyes")


def test_print_that_names_others_altogether_wins() -> None:
    read = article(
        page(meta("author", "Web Producer Five") + meta("dc.creator", "Ilse Brandvik"), BY_TOVE)
    )
    assert read.authors == ("Tove Askeland",)
    assert rule(read) == "authors.printed_against"
    assert "Ilse Brandvik" in [row.value for row in rows(read) if not row.is_chosen]


def test_a_name_without_a_word_for_by_does_not_win() -> None:
    read = article(page(json_ld(TOVE), "<div class='byline'>Ilse Brandvik</div>"))
    assert (read.authors, rule(read)) == (("Tove Askeland",), "authors.stated")


def test_agreement_holds_the_first_statement_for_machines() -> None:
    read = article(page(json_ld([TOVE, JON]), BY_TOVE))
    assert (read.authors, rule(read)) == (("Tove Askeland", "Jon Reyes"), "authors.agreed")


def test_of_two_statements_the_one_that_print_bears_out_is_taken() -> None:
    head = json_ld({"name": "Ilse Brandvik"}) + meta("author", "Tove Askeland")
    read = article(page(head, BY_TOVE))
    assert (read.authors, rule(read)) == (("Tove Askeland",), "authors.agreed")
    unopened = "<div class='byline'>Tove Askeland</div>"
    assert article(page(head, unopened)).authors == ("Tove Askeland",)


def test_head_and_end_that_print_the_same_name_leave_others_out() -> None:
    head = meta("author", "Tove Askeland, Jon Reyes, Ilse Brandvik")
    assert len(article(page(head, BY_TOVE)).authors) == 3
    read = article(page(head, BY_TOVE, "<p>Written by Tove Askeland</p>"))
    assert (read.authors, rule(read)) == (("Tove Askeland",), "authors.printed_list")


def test_markup_of_other_pieces_is_not_the_articles() -> None:
    mark = "<span itemprop='author'>{}</span>"
    other = f"<aside><p>{mark.format('Jon Reyes')}</p></aside>"
    read = article(page(byline=mark.format("Tove Askeland"), outside=other))
    assert read.authors == ("Tove Askeland",)


def test_a_longer_printed_list_is_whole() -> None:
    read = article(page(meta("author", "Tove Askeland"), "<p>By Tove Askeland and Jon Reyes</p>"))
    assert (read.authors, rule(read)) == (("Tove Askeland", "Jon Reyes"), "authors.printed_list")


def test_persons_come_before_organisations_whoever_states_them() -> None:
    read = article(page(json_ld({"@type": "Organization", "name": "Harbour Media Inc."}), BY_TOVE))
    assert read.authors == ("Tove Askeland",)
    read = article(page(json_ld("The Marvale Lantern"), "<p>By Tove Askeland</p>"))
    assert (read.authors, rule(read)) == (("Tove Askeland",), "authors.printed")


def test_a_team_for_machines_stands_against_a_name_without_a_word_for_by() -> None:
    name = "<div class='byline'>Ilse Brandvik</div>"
    assert article(page(json_ld("Lantern Staff"), name)).authors == ("Lantern Staff",)
    assert article(page(json_ld("Lantern Staff"), BY_TOVE)).authors == ("Tove Askeland",)


def test_the_site_is_its_own_author_only_for_machines_and_last() -> None:
    assert rule(article(page(json_ld("The Marvale Lantern")))) == "authors.site"
    assert article(page(meta("author", "The Marvale Lantern"))).authors == ()
    read = article(page(json_ld("The Marvale Lantern") + meta("articleauthor", "AFP")))
    assert (read.authors, rule(read)) == (("AFP",), "authors.organisation")


def test_a_signature_at_the_end_counts_where_nothing_else_does() -> None:
    read = article(page(after="<p>Written by Tove Askeland</p>"))
    assert (read.authors, rule(read)) == (("Tove Askeland",), "authors.signature")
    assert read.byline == "Written by Tove Askeland"


def test_signs_of_authors_at_the_end() -> None:
    assert article(page(after="<p>abc, def; Foto: Shutterstock</p>")).authors == ("abc", "def")
    assert article(page(after="<p>abc, def</p>")).authors == ()


def test_the_feed_speaks_where_the_page_is_silent() -> None:
    told = Statement(authors=("Tove Askeland",))
    silent, stating = article(page(), stated=told), article(page(json_ld(JON)), stated=told)
    assert (silent.authors, rule(silent)) == (("Tove Askeland",), "authors.feed")
    assert stating.authors == ("Jon Reyes",)
    assert [row.value for row in rows(stating) if row.source == "feed"] == ["Tove Askeland"]


def test_losers_are_kept_and_every_row_names_its_place() -> None:
    head = (
        json_ld(TOVE) + meta("author", "The Marvale Lantern") + meta("dc.creator", "Ilse Brandvik")
    )
    found = rows(article(page(head, BY_TOVE)))
    assert [row.is_chosen for row in found] == [True, False, False, False]
    assert {(row.value, row.source, row.detail, row.rule_id) for row in found} == {
        ("Tove Askeland", "json_ld", "author", "authors.agreed"),
        ("Ilse Brandvik", "meta", "dc.creator", "authors.weaker"),
        ("The Marvale Lantern", "meta", "author", "authors.site_itself"),
        ("Tove Askeland", "text", "byline head", "authors.agrees"),
    }
    assert all(0 < row.confidence < 1 for row in found)


def test_the_printed_byline_is_kept_as_printed() -> None:
    read = article(page(json_ld(TOVE), "<p class='byline'>By Tove Askeland, Harbour Editor</p>"))
    assert read.byline == "By Tove Askeland, Harbour Editor"
    assert rule(read, "byline") == "byline.printed"
    assert article(page(json_ld(TOVE))).byline is None


PIER = PARAGRAPHS[1]


@pytest.mark.parametrize(
    ("body", "agencies"),
    [
        (f"<p>MARVALE (AFP) – {PIER}</p>", ("AFP",)),
        (f"<p>MARVALE, Nov 3 (dpa/abc) – {PIER}</p>", ("dpa",)),
        (f"<p>{PIER} They said so. (Reuters)</p>", ("Reuters",)),
        (f"<p>{PIER}</p><p>(dpa/abc)</p>", ("dpa",)),
        (f"<p>{PIER}</p><p>Source: Xinhua</p>", ("Xinhua",)),
        (f"<p>{PIER}</p><p>Quelle: dpa, AFP</p>", ("dpa", "AFP")),
        (f"<p>{PIER}</p><p>Mit Material der dpa</p>", ("dpa",)),
        (f"<p>{PIER}</p><p>(with material from AP)</p>", ("AP",)),
        (f"<p>{PIER}</p><p>© 2025 AFP</p>", ("AFP",)),
        (f"<p>MARVALE (AFP) – {PIER}</p><p>Source: AFP</p>", ("AFP",)),
        (f"<p>{PIER}</p><p>Map</p>", ()),
        (f"<p>{PIER}</p><p>Reuters and Marvale</p>", ()),
        (f"<p>{PIER}</p><p>Source: the harbour office</p>", ()),
        (f"<p>{PIER} They met the Movement for Aid (MAP).</p>", ()),
        (f"<p>{PIER} He spoke to Reuters.</p>", ()),
    ],
)
def test_agencies_credited_for_the_text(body: str, agencies: tuple[str, ...]) -> None:
    rest = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[2:])
    first, _, last = body.partition("</p>")
    read = article(page(body=f"{first}</p>{rest}{last}" if last else f"{rest}{body}"))
    if body.startswith("<p>MARVALE") and not last:
        read = article(page(body=f"{body}{rest}"))
    assert read.agencies == agencies


def test_an_agency_in_the_byline_is_credited_beside_its_persons() -> None:
    read = article(page(json_ld("AFP"), "<p class='byline'>By Tove Askeland with AFP</p>"))
    assert (read.authors, read.agencies) == (("Tove Askeland", "AFP"), ("AFP",))
    assert {row.rule_id for row in rows(read, "agencies")} == {"agencies.stated", "agencies.agrees"}


def test_plain_text_has_its_byline_and_agency_from_print() -> None:
    read = text(HEADLINE, "By Tove Askeland and Jon Reyes", *PARAGRAPHS, "(AFP)")
    assert (read.authors, read.byline) == (
        ("Tove Askeland", "Jon Reyes"),
        "By Tove Askeland and Jon Reyes",
    )
    assert read.agencies == ("AFP",)
    assert read.dateline_place == "MARVALE"


def test_the_text_of_a_feed_has_its_agency_and_authors() -> None:
    read = article(
        f"<p>MARVALE (AFP) – {PARAGRAPHS[1]}</p>" + BODY,
        stated=Statement(title=HEADLINE, authors=("Tove Askeland",)),
        is_fragment=True,
    )
    assert (read.authors, read.agencies, read.dateline_place) == (
        ("Tove Askeland",),
        ("AFP",),
        "MARVALE",
    )
