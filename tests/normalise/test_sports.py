"""Places' names that stand for their teams."""

from __future__ import annotations

import pytest

from pipelines.normalise.catalogue import Catalogue

from .marked import meant, place, referents_of

CATALOGUE = Catalogue(
    [
        place("Q39121", "Leeds", "city", country="GB"),
        place("Q128147", "Hull", "city", country="GB"),
        place("Q21", "England", "country part", country="GB"),
        place("Q664", "New Zealand", "country", country="NZ"),
        place("Q145", "United Kingdom", "country", country="GB"),
    ]
)


def meanings(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, meaning in meant(text, CATALOGUE):
        found.setdefault(name, set()).add(meaning)
    return found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Leeds beat the visitors 2-1 after extra time.", "Leeds"),
        ("The goalkeeper saved twice against Leeds in the first half.", "Leeds"),
        ("“We were lucky,” said Leeds coach Ada Bell.", "Leeds"),
        ("“We were lucky,” said England's captain, Ada Bell.", "England"),
        ("England v New Zealand ended in rain.", "England"),
        ("The striker scored as Hull won the match.", "Hull"),
        ("Leeds 2, Hull 1: the striker scored late.", "Hull"),
    ],
)
def test_a_teams_name_names_no_place(text, name):
    assert meanings(text)[name] == {"stand_in"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The striker scored twice in Leeds, and the match was won.", "Leeds"),
        ("LEEDS, England (AP) - The striker scored twice in the match.", "LEEDS"),
        ("The team flew to New Zealand for the match and won 2-1.", "New Zealand"),
        ("The Hull native scored twice in the match.", "Hull"),
        ("The minister said England beat its target for housing by 2-3 percent.", "England"),
        ("Leeds has a new library. The mayor opened it.", "Leeds"),
        ("The goalkeeper of Leeds, England, saved twice.", "Leeds"),
    ],
)
def test_a_place_in_sports_news_stays_a_place(text, name):
    assert "stand_in" not in meanings(text)[name]


def test_in_a_sports_article_a_name_without_a_place_around_it_is_a_team():
    text = (
        "England have failed to play to their potential in this tournament.\n\n"
        "The striker and the goalkeeper missed the semifinal. The coach said the squad was ready "
        "to face the champions after the playoffs. The match will be played in Leeds."
    )
    assert meanings(text) == {"England": {"stand_in"}, "Leeds": {"Q39121"}}


def test_a_stand_in_keeps_what_it_is_named_after():
    (_, referent), *_ = referents_of("Leeds beat Hull 2-1 in the match.", CATALOGUE)
    assert (referent.reason, referent.candidates) == ("stand_in", ("Q39121",))
    assert referent.entity is None


def test_a_players_country_is_a_country():
    text = "In the first match of the tournament New Zealand's Ada Bell won 6-4, 6-3."
    assert meanings(text)["New Zealand"] == {"Q664"}
