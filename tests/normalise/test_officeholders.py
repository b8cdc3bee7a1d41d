"""An office and a surname: whom they mean on a day."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.normalise.catalogue import Catalogue

from .marked import holder, meant

CATALOGUE = Catalogue(
    [
        holder("person:old-hale", "Tom Hale", "Hale", ("president", "1989", "1993-01-20")),
        holder("person:young-hale", "Roy Hale", "Hale", ("president", "2001-01-20", "2009")),
        holder("person:ruth-bell", "Ruth Bell", "Bell", ("prime_minister", "2019", None)),
        holder("person:sam-bell", "Sam Bell", "Bell", ("senator", "2011", None)),
    ]
)


def meaning(text: str, day: date | None = None) -> str:
    return next(shown for _, shown in meant(text, CATALOGUE, day))


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("President [Hale]P agreed.", date(1990, 5, 1), "person:old-hale"),
        ("President [Hale]P agreed.", date(2009, 5, 1), "person:young-hale"),
        ("President [Hale]P agreed.", date(1993, 1, 20), "person:old-hale"),
        ("President [Hale]P agreed.", date(2015, 5, 1), "ambiguous"),
        ("President [Hale]P agreed.", None, "ambiguous"),
        ("Prime Minister [Bell]P agreed.", date(2020, 5, 1), "person:ruth-bell"),
        ("Prime Minister [Bell]P agreed.", date(2018, 5, 1), "ambiguous"),
        ("Sen. [Bell]P agreed.", date(2020, 5, 1), "person:sam-bell"),
        ("Coach [Bell]P agreed.", date(2020, 5, 1), "ambiguous"),
        ("Mr. [Bell]P agreed.", date(2020, 5, 1), "ambiguous"),
        ("[Bell]P agreed.", date(2020, 5, 1), "ambiguous"),
    ],
)
def test_the_office_of_that_day_tells_who_is_meant(text, day, expected):
    assert meaning(text, day) == expected
