"""Outlets are found by what a page prints and by where it lies."""

from __future__ import annotations

import pytest

from pipelines.reference.outlets import Outlet, Outlets, load_outlets, name_key
from pipelines.reference.tables import TableError, slug


def outlet(name: str, *aliases: str, domains: tuple[str, ...] = ()) -> Outlet:
    return Outlet(slug(name), name, aliases, domains, None, "publisher", None, None)


@pytest.mark.parametrize(
    ("printed", "source_id"),
    [
        ("TEMPO.CO", "tempo"),
        ("Tempo", "tempo"),
        ("trtglobal", "trt-global"),
        ("Al-Jazeera", "al-jazeera"),
        ("AL JAZEERA", "al-jazeera"),
        (" Al Jazeera\u00a0", "al-jazeera"),
        ("Reuters", "reuters"),
        ("(AFP)", "agence-france-presse"),
        ("AP", "associated-press"),
        ("BelTA", "belta"),
        ("SCMP", "south-china-morning-post"),
        ("中央电视台", "cctv"),
        ("www.bbc.co.uk", "bbc"),
        ("jpost.com", "the-jerusalem-post"),
    ],
)
def test_named_by_what_is_printed(printed: str, source_id: str) -> None:
    found = load_outlets().named(printed)
    assert found is not None
    assert found.source_id == source_id


@pytest.mark.parametrize("printed", ["", " ", ".", "Nobody's Gazette", "said Reuters on Friday"])
def test_nothing_else_is_a_name(printed: str) -> None:
    assert load_outlets().named(printed) is None


@pytest.mark.parametrize(
    ("host", "source_id"),
    [
        ("aljazeera.com", "al-jazeera"),
        ("www.AlJazeera.com", "al-jazeera"),
        ("en.tempo.co:443", "tempo"),
        ("news.yahoo.co.jp", "yahoo-japan-news"),
        ("news.yahoo.com.", "yahoo-news"),
        ("finance.yahoo.com", "yahoo-finance"),
    ],
)
def test_at_a_host_or_its_nearest_parent(host: str, source_id: str) -> None:
    found = load_outlets().at(host)
    assert found is not None
    assert found.source_id == source_id


@pytest.mark.parametrize("host", ["", "com", "co.uk", "notaljazeera.com", "localhost"])
def test_at_an_unknown_host(host: str) -> None:
    assert load_outlets().at(host) is None


def test_a_name_that_two_outlets_bear_names_neither() -> None:
    two = Outlets([outlet("North Star", "Star"), outlet("South Star", "Star")])
    assert two.named("Star") is None
    assert two.named("north-star") is not None


def test_spelling_decides_where_folding_cannot() -> None:
    two = Outlets([outlet("LaPlata"), outlet("La Plata")])
    found = two.named("La Plata")
    assert found is not None
    assert found.source_id == "la-plata"
    assert two.named("LAPLATA") is None


def test_a_domain_belongs_to_one_outlet() -> None:
    with pytest.raises(TableError, match=r"star\.example belongs to both north and south"):
        Outlets([outlet("North", domains=("star.example",)),
                 outlet("South", domains=("star.example",))])  # fmt: skip


def test_every_outlet_is_found_under_its_own_name_or_is_shared() -> None:
    outlets = load_outlets()
    lost = [o.name for o in outlets if outlets.named(o.name) not in (o, None)]
    assert lost == []
    assert len(outlets) > 300


def test_domains_are_bare_lower_case_hosts() -> None:
    wrong = [
        domain
        for found in load_outlets()
        for domain in found.domains
        if domain != domain.casefold() or domain.startswith("www.") or "/" in domain
    ]
    assert wrong == []


def test_source_ids_are_unique() -> None:
    ids = [found.source_id for found in load_outlets()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("name", "key"), [("ＴＥＭＰＯ．ＣＯ", "tempoco"), ("Straße", "strasse"), ("आज तक", "आजतक")]
)
def test_name_key(name: str, key: str) -> None:
    assert name_key(name) == key
