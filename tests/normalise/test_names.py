from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalise.names import (
    entity_key,
    fold_name,
    local_id,
    person_words,
    same_length_fold,
    surname,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("President Angela Merkel", ["Angela", "Merkel"]),
        ("Sgt. Maria del Rosario", ["Maria", "del", "Rosario"]),
        ("Donald J. Trump", ["Donald", "Trump"]),
        ("J. K. Rowling", ["J", "Rowling"]),
        ("Pope Francis", ["Pope", "Francis"]),
        ("King Charles III", ["King", "Charles", "III"]),
        ("Queen Rania Yassin", ["Rania", "Yassin"]),
        ("Minister", ["Minister"]),
    ],
)
def test_titles_and_middle_initials_are_no_part_of_a_person(name, words):
    assert person_words(name) == words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Angela Merkel", "Merkel"),
        ("Ursula von der Leyen", "von der Leyen"),
        ("Robert Downey Jr.", "Downey"),
        ("Bashar al-Assad", "al-Assad"),
        ("Pelé", "Pelé"),
    ],
)
def test_surname_carries_its_particles_and_no_suffix(name, expected):
    assert surname(person_words(name)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José Álvarez", "JOSE ALVAREZ"),
        ("O’Neill", "O'Neill"),
        ("Ａcme", "Acme"),
    ],
)
def test_folding_joins_spellings_that_differ_in_case_marks_and_apostrophes(one, other):
    assert fold_name(one) == fold_name(other)


def test_company_forms_and_articles_are_no_part_of_an_organization():
    assert entity_key("organization", "The Acme Widget Co., Ltd.") == "acme widget"


def test_local_ids_depend_on_type_and_normalised_name_alone():
    assert local_id("person", "Dr. Jane Q. Doe") == local_id("person", "JANE DOE")
    assert local_id("person", "Jane Doe") != local_id("organization", "Jane Doe")
    prefix, digits = local_id("place", "Leeds").split(":")
    assert prefix == "local"
    assert len(digits) == 16
    assert int(digits, 16) >= 0


@given(st.text())
def test_folding_for_comparison_keeps_every_offset(text):
    assert len(same_length_fold(text)) == len(text)


@given(st.text(min_size=1))
def test_any_text_has_a_key(text):
    assert isinstance(entity_key("person", text), str)
    assert isinstance(entity_key("organization", text), str)
