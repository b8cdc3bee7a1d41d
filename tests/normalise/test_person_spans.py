"""Where a person's name begins and ends."""

from __future__ import annotations

import pytest

from pipelines.normalise.person_spans import as_person
from pipelines.normalise.spans import Span


def name(text: str, marked: str, entity_type: str = "person") -> str:
    start = text.index(marked)
    span = as_person(text, Span(start, start + len(marked), entity_type, "spacy", 0.8))
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("Goalkeeper Ada Bell left.", "Goalkeeper Ada Bell", "Ada Bell"),
        ("Actress Ada Mary Bell left.", "Actress Ada Mary Bell", "Ada Mary Bell"),
        ("Hunter S. Hale wrote.", "Hunter S. Hale", "Hunter S. Hale"),
        ("Baker Hale ran.", "Baker Hale", "Baker Hale"),
        ("King Harald V spoke.", "King Harald V", "King Harald V"),
        ("Tom Hale, Jr., spoke.", "Tom Hale", "Tom Hale, Jr."),
        ("Tom Hale Jr spoke.", "Tom Hale", "Tom Hale Jr"),
        ("Tom Hale III spoke.", "Tom Hale", "Tom Hale III"),
        ("Tom Hale, II. Liga", "Tom Hale", "Tom Hale"),
        ("Hale, Jr., spoke.", "Hale", "Hale"),
        ("Tom Hale, junior minister", "Tom Hale", "Tom Hale"),
    ],
)
def test_the_name_alone_with_its_suffix(text, marked, expected):
    assert name(text, marked) == expected


def test_other_names_stay():
    assert name("Goalkeeper Union Marvale met.", "Goalkeeper Union Marvale", "organization") == (
        "Goalkeeper Union Marvale"
    )
