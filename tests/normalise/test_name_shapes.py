"""What the form of a name alone tells, where the model is wrong."""

from __future__ import annotations

import pytest

from .marked import meant, spans_of


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[J.K. Rowe]O wrote it.", [("J.K. Rowe", "person")]),
        ("[Casey E. Hale]O spoke.", [("Casey E. Hale", "person")]),
        ("[F. Scott Hale]O spoke.", [("F. Scott Hale", "person")]),
        ("[U.S. Census]O data came.", [("U.S. Census", "organization")]),
        ("[S. Main Street]L was closed.", [("S. Main Street", "place")]),
        ("[A. P. Moller plc]O grew.", [("A. P. Moller plc", "organization")]),
        ("[T]P was there.", []),
        ("[HALE WINS AND BELL LOSES BIG]O", []),
    ],
)
def test_initials_make_a_person_and_single_letters_nobody(catalogue, marked, expected):
    assert spans_of(marked, catalogue) == expected


def test_a_full_name_between_two_persons_of_a_list_is_a_person(catalogue):
    marked = "[Ada Bell]P, Ana Ruiz and [Li Wei]P won. Ruiz sang."
    assert ("Ana Ruiz", "person") in spans_of(marked, catalogue)
    assert ("Ruiz", "local: Ana Ruiz") in meant(marked, catalogue)


def test_a_hyphen_between_known_surnames_makes_two_persons(catalogue):
    assert spans_of("The [Modi-Merkel]O talks failed.", catalogue) == [
        ("Modi", "person"),
        ("Merkel", "person"),
    ]


def test_two_hyphened_surnames_of_an_unknown_person_stay_one(catalogue):
    assert spans_of("[Kate Hale-Bell]P came. [Hale-Bell]P sang.", catalogue) == [
        ("Kate Hale-Bell", "person"),
        ("Hale-Bell", "person"),
    ]
