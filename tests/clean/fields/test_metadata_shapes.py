"""The shapes in which pages describe themselves: JSON-LD as it is published, microdata, metas."""

from __future__ import annotations

import html
import json

import pytest

from pipelines.clean.characters.spacing import match_key
from pipelines.clean.fields.json_ld import article_node, read_nodes
from tests.clean.pages import HEADLINE, PARAGRAPHS, article

ARTICLE = {"@type": "NewsArticle", "headline": HEADLINE, "datePublished": "2025-03-14"}
TEXT = json.dumps(ARTICLE)
URL = "https://lantern.example/pier"
BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])


def headline_of(*scripts: str, url: str | None = None, titles: tuple[str, ...] = ()) -> object:
    node = article_node(read_nodes(scripts), url, titles)
    return node and node.get("headline")


@pytest.mark.parametrize(
    "script",
    [
        TEXT,
        f"[{TEXT}]",
        json.dumps({"@graph": [{"@type": "WebSite", "name": "Lantern"}, ARTICLE]}),
        json.dumps({"@type": "WebPage", "mainEntity": ARTICLE}),
        json.dumps({"@type": "ItemPage", "about": [{"mainEntity": [ARTICLE]}]}),
        json.dumps(ARTICLE | {"@type": ["Article", "NewsArticle"]}),
        json.dumps(ARTICLE | {"@type": "https://schema.org/NewsArticle"}),
        json.dumps(ARTICLE | {"@type": "schema:BlogPosting"}),
        TEXT[:-1] + ",}",
        TEXT + ";",
        TEXT.replace('", "', '",\n\t"').replace("storm", "storm\n"),
        TEXT.replace("storm", "\x02storm"),
        TEXT.replace("storm-torn", "storm\\'torn"),
        f"<!-- {TEXT} -->",
        f"//<![CDATA[\n{TEXT}\n//]]>",
        f"/*<![CDATA[*/{TEXT}/*]]>*/",
        html.escape(TEXT),
        "\ufeff" + TEXT,
        json.dumps({"@type": "Organization"}) + TEXT,
        json.dumps({"@type": "Organization"}) + ",\n" + TEXT,
        TEXT + "{broken",
    ],
)
def test_an_article_is_found_in_whatever_shape(script: str) -> None:
    found = headline_of(script)
    assert isinstance(found, str)
    assert found.split()[-1] == "pier"


@pytest.mark.parametrize("script", ["", "{", "null", "7", '"text"', "[" * 100_000, "var x = 1;"])
def test_a_script_that_says_nothing_is_passed_over(script: str) -> None:
    assert headline_of(script, TEXT) == HEADLINE
    assert headline_of(script) is None


def test_of_several_articles_the_one_at_the_address_or_with_the_title_is_the_pages() -> None:
    teaser = json.dumps(ARTICLE | {"headline": "Herring fleet waits", "url": f"{URL}/fleet"})
    here = json.dumps(ARTICLE | {"mainEntityOfPage": {"@id": f"{URL}?ref=front"}})
    assert headline_of(teaser, here, url=URL) == HEADLINE
    assert headline_of(here, teaser, url=f"{URL}/fleet") == "Herring fleet waits"
    assert headline_of(teaser, TEXT, titles=("herringfleetwaits",)) == "Herring fleet waits"
    assert headline_of(teaser, TEXT, titles=(match_key(f"{HEADLINE} - Lantern"),)) == HEADLINE


def test_references_are_resolved() -> None:
    graph = {"@graph": [ARTICLE | {"publisher": {"@id": "#o"}}, {"@id": "#o", "@type": "X", "name": "Lantern"}]}  # fmt: skip
    node = article_node(read_nodes([json.dumps(graph)]), None)
    assert node is not None
    assert node["publisher"]["name"] == "Lantern"


def test_a_script_of_any_json_ld_media_type_counts() -> None:
    kind = 'type="application/LD+JSON; charset=utf-8"'
    page = article(f"<html><head><script {kind}>{TEXT}</script></head><body>{BODY}</body></html>")
    assert page.headline == HEADLINE


def microdata(inner: str, *, kind: str = "https://schema.org/NewsArticle") -> str:
    return f"<div itemscope itemtype='{kind}'>{inner}<div itemprop='articleBody'>{BODY}</div></div>"


def test_the_articles_own_microdata_is_read() -> None:
    inner = (
        "<meta itemprop='headline' content='Pier to be rebuilt in May'>"
        "<time itemprop='datePublished' datetime='2025-03-14T09:30:00+01:00'>Friday</time>"
        "<meta itemprop='articleSection' content='Local'>"
    )
    page = article(f"<html><body>{microdata(inner)}</body></html>")
    assert page.headline == "Pier to be rebuilt in May"
    assert page.article_section == "Local"
    assert {row.source for row in page.evidence if row.is_chosen} >= {"microdata"}


@pytest.mark.parametrize("kind", ["Person", "ImageObject", "VideoObject", "Comment"])
def test_properties_of_another_item_are_not_the_articles(kind: str) -> None:
    other = (
        f"<div itemscope itemtype='https://schema.org/{kind}'>"
        "<meta itemprop='datePublished' content='2019-01-01'>"
        "<meta itemprop='headline' content='Another piece of work'></div>"
    )
    page = article(f"<html><body>{microdata(other)}</body></html>")
    assert page.published is None
    assert page.headline != "Another piece of work"


def test_a_teasers_item_is_not_the_pages() -> None:
    teaser = (
        "<div itemscope itemtype='https://schema.org/Article'>"
        "<meta itemprop='headline' content='Herring fleet waits'>"
        "<meta itemprop='datePublished' content='2025-03-02'></div>"
    )
    own = microdata("<meta itemprop='datePublished' content='2025-03-14'>")
    page = article(f"<html><body>{teaser}{own}</body></html>", url=None)
    assert page.published is not None
    assert page.published.value.day == 14


def test_entities_that_were_escaped_twice_are_undone() -> None:
    head = "<meta property='og:title' content='Pier &amp;amp; quay: who pays &amp;quot;rent&amp;quot;?'>"
    page = article(f"<html><head>{head}</head><body>{BODY}</body></html>", url=None)
    assert page.headline == 'Pier & quay: who pays "rent"?'


def test_a_title_inside_a_picture_is_not_the_pages() -> None:
    icon = "<svg><title>Menu</title></svg>"
    page = article(f"<html><body>{icon}<title>{HEADLINE}</title>{BODY}</body></html>", url=None)
    assert page.headline == HEADLINE


@pytest.mark.parametrize("url", ["http://[", "lantern", "https://lantern.example:no/pier"])
def test_an_address_that_is_none_costs_nothing_but_itself(url: str) -> None:
    page = article(
        f"<html><head><title>{HEADLINE}</title></head><body>{BODY}</body></html>", url=url
    )
    assert page.headline == HEADLINE
