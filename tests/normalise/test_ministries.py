"""Ministries by their country and field; the fields are the reference's own."""

from __future__ import annotations

import pytest

from pipelines.normalise.catalogue import Catalogue, default_catalogue
from pipelines.reference.ministries import ministry_of

from .marked import meant, referents_of, spans_of


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return default_catalogue()


def foreign_ministry(country: str) -> str:
    found = ministry_of(country, "foreign")
    assert found is not None
    return found.entity_id


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Kenyan Foreign Ministry agreed.", "Kenyan Foreign Ministry"),
        ("The Kenyan foreign ministry agreed.", "Kenyan foreign ministry"),
        ("Kenya’s Foreign Ministry agreed.", "Foreign Ministry"),
        ("The Ministry of Foreign Affairs of Kenya agreed.",
         "Ministry of Foreign Affairs of Kenya"),
    ],
)  # fmt: skip
def test_a_country_and_a_field_are_one_body(catalogue, text, name):
    assert (name, foreign_ministry("KE")) in meant(text, catalogue)


def test_the_country_is_the_one_that_the_article_gave_it(catalogue):
    text = "The Kenyan Foreign Ministry agreed. Later the Foreign Ministry added a word."
    found = dict(referents_of(text, catalogue))
    assert found["Foreign Ministry"].entity == found["Kenyan Foreign Ministry"].entity
    assert found["Foreign Ministry"].reason == "rule"
    assert found["Foreign Ministry"].entity.country == "KE"
    assert found["Foreign Ministry"].entity.origin == "rule"
    assert catalogue.entity(foreign_ministry("KE")) == found["Foreign Ministry"].entity


def test_two_countries_leave_the_short_form_open(catalogue):
    text = (
        "The Kenyan Foreign Ministry and Peru’s Foreign Ministry agreed. "
        "Later the Foreign Ministry added a word."
    )
    *_, (name, referent) = referents_of(text, catalogue)
    assert (name, referent.reason) == ("Foreign Ministry", "ambiguous")
    assert set(referent.candidates) == {foreign_ministry("KE"), foreign_ministry("PE")}


def test_without_a_country_it_is_nobodys(catalogue):
    assert "rule" not in {
        r.reason for _, r in referents_of("The Foreign Ministry agreed.", catalogue)
    }


def test_the_possessor_is_a_mention_of_its_own(catalogue):
    assert spans_of("Kenya's Foreign Ministry agreed.", catalogue) == [
        ("Kenya", "place"),
        ("Foreign Ministry", "organization"),
    ]
