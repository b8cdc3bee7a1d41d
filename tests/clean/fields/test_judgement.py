"""What is taken of the other fields, and the rows that are kept of every statement."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from pipelines.clean.fields import candidates
from pipelines.clean.fields.candidates import Candidate, confidence_of, evidence_rows
from pipelines.clean.records import EVIDENCE_SOURCES, Statement
from tests.clean.fields.statements import BODY, DAY, SHARED, dated, ld, lost, og, page, rows, rule
from tests.clean.pages import HEADLINE, PARAGRAPHS, article, html_page


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
