"""Whose piece it is: the one that the page goes by, and every other statement."""

from __future__ import annotations

from pipelines.clean.authors.publisher import publisher_of
from pipelines.clean.records import Evidence
from tests.clean.pages import HEADLINE, PARAGRAPHS, article

BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
URL = "https://lantern.example/news/2025/pier"


def page(head: str = "", after: str = "", body: str = BODY) -> str:
    return f"<html><head>{head}</head><body><article><h1>{HEADLINE}</h1>{body}{after}</article></body></html>"


def rows(html: str, url: str = URL) -> list[Evidence]:
    return [row for row in article(html, url=url).evidence if row.field == "publisher"]


def test_the_own_site_stands_where_nothing_names_another() -> None:
    found = rows(page())
    assert [(r.value, r.source, r.rule_id, r.is_chosen) for r in found] == [
        ("lantern.example", "url", "publisher.host", True)
    ]


def test_a_known_outlet_that_the_page_names_beats_the_host() -> None:
    found = rows(page('<meta property="og:site_name" content="Reuters">'))
    assert (found[0].value, found[0].rule_id) == ("Reuters", "publisher.named")
    assert ("lantern.example", False) in [(r.value, r.is_chosen) for r in found]


def test_a_canonical_address_on_another_site_names_the_publisher() -> None:
    html = page('<link rel="canonical" href="https://www.theguardian.com/world/pier">')
    found = rows(html)
    assert (found[0].source, found[0].rule_id, found[0].is_chosen) == (
        "link",
        "publisher.canonical",
        True,
    )
    read = article(html, url=URL)
    row = publisher_of(read, URL)
    assert row is not None
    assert found[0].value == row.name


def test_the_datelines_agency_and_a_credit_line_are_kept_as_losers() -> None:
    body = f"<p>MARVALE (AFP) – {PARAGRAPHS[1]}</p>{BODY}"
    found = rows(page(body=body, after="<p>Originally published by The Guardian</p>"))
    losers = {(r.value, r.source) for r in found if not r.is_chosen}
    assert losers == {("AFP", "dateline"), ("The Guardian", "text")}
    assert found[0].value == "lantern.example"
