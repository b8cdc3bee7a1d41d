"""Longer names by their head words."""

from __future__ import annotations

import pytest

from pipelines.normalise.catalogue import Catalogue

from .conftest import known
from .marked import meant, place, spans_of

CATALOGUE = Catalogue(
    [
        place("Q39121", "Leeds", "city", country="GB"),
        place("Q1397", "Ohio", "subdivision", country="US"),
        place("Q16", "Canada", "country", country="CA"),
        place("Q21", "England", "country part", country="GB"),
        place("Q25", "Wales", "country part", country="GB"),
        place("Q65", "Los Angeles", "city", country="US"),
        place("Q148", "China", "country", country="CN"),
        known("Q11701", "organization", "Congress"),
        known("Q19317", "event", "World Cup"),
    ]
)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("She works at Leeds General Hospital now.", "Leeds General Hospital", "organization"),
        ("He left the University of Ohio in May.", "University of Ohio", "organization"),
        ("An Ohio State recruiter came.", "Ohio State", "organization"),
        ("They drove down Leeds Street at night.", "Leeds Street", "place"),
        ("They met near Ohio River on Monday.", "Ohio River", "place"),
        ("The new GM of Canada plant opened.", "GM of Canada", "organization"),
        ("It was the [Labour Party]O of Canada that won.", "Labour Party of Canada", "organization"),
        ("Fans of the Leeds [Harriers]O sang.", "Leeds Harriers", "organization"),
        ("They camped below Mount Leeds in June.", "Mount Leeds", "place"),
        ("We saw the 1999 [World Cup]E there.", "1999 World Cup", "event"),
        ("La Universidad de Ohio abre.", "Universidad de Ohio", "organization"),
        ("He plays for the Leeds 49ers now.", "Leeds 49ers", "organization"),
        ("The body [Shelter]O (England and Wales) said so.", "Shelter (England and Wales)",
         "organization"),
    ],
)  # fmt: skip
def test_the_longer_name_is_the_mention(text, name, kind):
    assert (name, kind) in spans_of(text, CATALOGUE)
    assert dict(meant(text, CATALOGUE))[name].startswith(("local: ", "unsupported"))


@pytest.mark.parametrize(
    ("text", "name", "entity_id"),
    [
        ("It rained in Ohio Monday.", "Ohio", "Q1397"),
        ("It rained in Ohio President Bell said.", "Ohio", "Q1397"),
        ("A new Ohio law came into force.", "Ohio", "Q1397"),
        ("China [Congress]O members met.", "China", "Q148"),
        ("The state of Ohio and the city of Leeds agreed.", "Ohio", "Q1397"),
        ("The club (Leeds) said so.", "Leeds", "Q39121"),
    ],
)
def test_what_stands_beside_a_name_need_not_belong_to_it(text, name, entity_id):
    assert dict(meant(text, CATALOGUE))[name] == entity_id


def test_each_name_of_a_list_with_one_head_is_a_part():
    found = dict(meant("Rain fell in Los Angeles, Orange and Ohio Counties again.", CATALOGUE))
    assert found["Los Angeles"] == "part"
    assert "Q1397" not in found.values()


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Clark County]P flooded.", ("Clark County", "place")),
        ("[Kanawha River]O rose.", ("Kanawha River", "place")),
        ("[Charlotte Church]P sang.", ("Charlotte Church", "person")),
        ("Near [Harwich County Clerk]L it rained.", ("Harwich County", "place")),
        ("[Harwich Council Director]O Ada spoke.", ("Harwich Council", "organization")),
        ("[DALTON - Madison County]P voted.", ("Madison County", "place")),
    ],
)
def test_the_last_word_says_what_a_name_is(marked, expected):
    assert expected in spans_of(marked, CATALOGUE)


@pytest.mark.parametrize("run", ["Ohio " * 4000, "Ohio, " * 4000, "Bank of " * 4000 + "Ohio",
                                 "Ohio and " * 4000 + "Leeds Counties", "Aa " * 8000 + "of Ohio"])  # fmt: skip
def test_long_runs_of_names_take_no_time(run):
    assert spans_of(run, CATALOGUE)
