from __future__ import annotations

import random

import pytest

from pipelines.normalise.catalogue import Catalogue

from .conftest import ENTITIES, known


def names(catalogue: Catalogue, text: str) -> list[tuple[str, list[str]]]:
    return [
        (text[m.start : m.end], [entity.entity_id for entity in m.strong])
        for m in catalogue.find(text)
        if m.strong
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rain in Germany.", [("Germany", ["Q183"])]),
        ("Rain in Germanyland.", []),
        ("rain in germany", []),
        ("A US-German pact", [("US", ["Q30"]), ("German", ["nationality:de"])]),
        ("Donald J. Trump spoke", [("Donald J. Trump", ["Q22686"])]),
        ("in the U.S. today", [("U.S.", ["Q30"])]),
        ("GERMANY, Tuesday", [("GERMANY", ["Q183"])]),
        ("昨日、日本とドイツは", [("日本", ["Q17"]), ("ドイツ", ["Q183"])]),
        ("독일은 오늘", [("독일", ["Q183"])]),
        ("नरेन्द्र मोदी ने कहा", [("नरेन्द्र मोदी", ["Q1058"])]),
        ("नरेन्द्र मोदीजी", []),
        ("В Россия и мир", [("Россия", ["Q159"])]),
        ("Россиянин приехал", []),
    ],
)
def test_names_are_found_as_whole_words_in_every_script(catalogue, text, expected):
    assert names(catalogue, text) == expected


def test_a_combining_mark_belongs_to_the_word_before_it(catalogue):
    assert names(catalogue, "Paris\u0301 is misspelt") == []


def test_apostrophes_hyphens_and_spaces_match_in_any_form():
    catalogue = Catalogue([known("Q1", "person", "Brian O'Neil-Hart")])
    assert names(catalogue, "said Brian\u00a0O’Neil‑Hart.") == [("Brian\u00a0O’Neil‑Hart", ["Q1"])]


def test_the_longest_name_wins():
    catalogue = Catalogue(
        [known("Q1", "place", "New York"), known("Q2", "organization", "New York Philharmonic")]
    )
    assert names(catalogue, "the New York Philharmonic of New York") == [
        ("New York Philharmonic", ["Q2"]),
        ("New York", ["Q1"]),
    ]


def test_a_weak_form_means_nothing_by_itself(catalogue):
    (match,) = catalogue.find("Merkel spoke")
    assert match.strong == ()
    assert [entity.entity_id for entity in match.weak] == ["Q567"]


def test_the_order_of_the_entities_does_not_matter():
    shuffled = list(ENTITIES)
    random.Random(7).shuffle(shuffled)
    text = "Xi, Trump and Merkel met in Georgia, Jordan and the US; Time and Reuters were there."
    assert Catalogue(shuffled).find(text) == Catalogue(ENTITIES).find(text)


def test_spelling_variants_are_found_by_normalised_name_but_short_words_are_not(catalogue):
    (merkel,) = catalogue.named("person", "ANGELA MERKEL")
    assert merkel.entity_id == "Q567"
    assert catalogue.named("place", "us") == ()
