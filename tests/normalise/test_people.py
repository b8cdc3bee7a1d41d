"""Persons inside one article: which full name a short one stands for."""

from __future__ import annotations

from pipelines.normalise.annotate import annotate
from pipelines.normalise.records import Text

from .marked import meant


def test_of_two_persons_the_one_just_named_is_meant(catalogue):
    marked = "[Tom Hale]P met [Ruth Hale]P. On Monday [Tom Hale]P sang. [Hale]P left."
    assert meant(marked, catalogue)[-1] == ("Hale", "local: Tom Hale")


def test_a_sentence_with_both_leaves_it_open(catalogue):
    assert meant("[Tom Hale]P met [Ruth Hale]P. [Hale]P left.", catalogue)[-1] == (
        "Hale",
        "ambiguous",
    )


def test_another_paragraph_tells_nothing(catalogue):
    marked = "[Ruth Hale]P came.\n\n[Tom Hale]P sang.\n\n[Hale]P left."
    assert meant(marked, catalogue)[-1] == ("Hale", "ambiguous")


def test_a_particle_with_a_capital_opens_a_sentence(catalogue):
    marked = "[Ada van der Bell]P sang. [Van der Bell]P left."
    assert meant(marked, catalogue)[-1] == ("Van der Bell", "local: Ada van der Bell")


def test_two_given_names_or_two_family_names_stand_for_the_longer_name(catalogue):
    marked = "[Ana Lucía Ferro Lind]P sang. [Ana Lucía]P bowed. [Ferro Lind]P left."
    assert {found for _, found in meant(marked, catalogue)} == {"local: Ana Lucía Ferro Lind"}
    marked = "[Ana Lucía Ferro]P met [Ana Lucía Lind]P. [Ana Lucía]P left."
    assert meant(marked, catalogue)[-1] == ("Ana Lucía", "local: Ana Lucía")


def test_a_first_name_may_be_a_particle(catalogue):
    assert meant("[Van Hale]P sang.", catalogue) == [("Van Hale", "local: Van Hale")]


def test_initials_are_shown_as_printed(catalogue):
    assert meant("Dr. [J.K. Hale]P sang.", catalogue) == [("J.K. Hale", "local: J.K. Hale")]


def test_a_headline_in_capitals_names_the_persons_of_the_body(english_model, catalogue):
    text = Text(
        "a", 1, "HALE AND MERKEL MEET OKAFOR",
        "Angela Merkel met Tom Hale and Jane Okafor on Monday. Mrs Okafor sang.", "en",
    )  # fmt: skip
    headline = [m for m in annotate(text, catalogue).mentions if m.in_headline]
    assert [(m.exact, m.referent.name) for m in headline] == [
        ("HALE", "Tom Hale"),
        ("MERKEL", "Angela Merkel"),
        ("OKAFOR", "Jane Okafor"),
    ]
