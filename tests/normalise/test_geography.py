"""Which of the places of one name an article means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.normalise.catalogue import Catalogue

from .conftest import known
from .marked import meant, place

CATALOGUE = Catalogue(
    [
        place("Q90", "Paris", "capital", country="FR", within=("France",)),
        place("Q142", "France", "country", country="FR"),
        place("Q1439", "Texas", "subdivision", "Tex.", country="US", within=("United States",)),
        place("Q1397", "Ohio", "subdivision", country="US", within=("United States",)),
        place("Q30", "United States", "country", "U.S.", country="US"),
        place("Q27", "Ireland", "country", country="IE"),
        place("Q6106", "Portland", "city", country="US", weak=("Portland",),
              within=("Oregon", "United States")),
        place("Q49201", "Portland, Maine", "city", country="US", weak=("Portland",),
              within=("Maine", "United States")),
        place("Q824", "Oregon", "subdivision", country="US", weak=("Ore.",),
              within=("United States",)),
        place("Q724", "Maine", "subdivision", country="US", within=("United States",)),
        place("Q230", "Georgia", "country", country="GE", weak=("Georgia",)),
        place("Q1428", "Georgia (U.S. state)", "subdivision", country="US", weak=("Georgia",)),
        place("Q994", "Tbilisi", "capital", country="GE", within=("Georgia",)),
        place("Q23556", "Atlanta", "city", country="US", within=("Georgia", "United States")),
        known("nationality:fr", "nationality", "French", country="FR"),
        replace(
            known("Q11201", "organization", "Supreme Court of the United States", country="US",
                  weak=("Supreme Court",)),
            kind="court",
        ),
    ]
)  # fmt: skip


def meaning(text: str, name: str) -> str:
    return next(shown for form, shown in meant(text, CATALOGUE) if form == name)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("She flew to Paris on Monday.", "Paris", "Q90"),
        ("Paris, France, was calm.", "Paris", "Q90"),
        ("A fire in Paris, Texas, was put out.", "Paris", "unsupported"),
        ("PARIS, Tex. (AP) - A fire was put out.", "PARIS", "unsupported"),
        ("PARIS (AP) - Texas and Ohio won prizes.", "PARIS", "Q90"),
        ("In [Portland]L, Ore., it rained.", "Portland", "Q6106"),
        ("It rained on [Portland]L. Maine has much rain.", "Portland", "Q49201"),
        ("It rained on [Portland]L.", "Portland", "ambiguous"),
        ("Rain fell in Atlanta and across [Georgia]L.", "Georgia", "Q1428"),
        ("Rain fell in Tbilisi and across [Georgia]L.", "Georgia", "Q230"),
        ("In Atlanta and Tbilisi they spoke of [Georgia]L.", "Georgia", "ambiguous"),
        ("They live in the town of Ireland.", "Ireland", "unsupported"),
        ("They live in Ireland.", "Ireland", "Q27"),
        ("Texas, Ohio and Maine agreed.", "Texas", "Q1439"),
        ("Ohio and Texas, Maine and Paris agreed.", "Texas", "Q1439"),
    ],
)
def test_the_article_says_which_place_it_is(text, name, expected):
    assert meaning(text, name) == expected


def test_a_famous_town_is_another_one_in_an_article_at_home_elsewhere():
    local = "Residents of Paris met the sheriff of Lamar County. Texas and Ohio sent help."
    assert meaning(local, "Paris") == "unsupported"
    assert meaning(f"{local} French guests came.", "Paris") == "Q90"


def test_every_country_has_a_supreme_court():
    marked = "The [Supreme Court]O ruled on Monday."
    assert meaning(marked, "Supreme Court") == "unsupported"
    assert meaning(f"{marked} The U.S. government agreed.", "Supreme Court") == "Q11201"
