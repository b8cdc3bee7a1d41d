from __future__ import annotations

import pytest

from pipelines.normalise.spans import Span, trim, without_overlaps


def trimmed(text: str, entity_type: str = "organization") -> tuple[str, str] | None:
    span = trim(text, Span(0, len(text), entity_type, "spacy", 0.8))
    return None if span is None else (text[span.start : span.end], span.entity_type)


@pytest.mark.parametrize(
    ("printed", "entity_type", "name"),
    [
        ("the White House", "organization", "White House"),
        ("Acme Inc.'s", "organization", "Acme Inc."),
        ("• Leeds,", "place", "Leeds"),
        ("“Reuters”", "organization", "Reuters"),
        ("the U.S.", "place", "U.S."),
        ("Leeds.", "place", "Leeds"),
        ("X.", "organization", "X"),
        ("Prime Minister Jane Doe’s", "person", "Jane Doe"),
        ("Pope Francis", "person", "Pope Francis"),
        ("Chief", "person", "Chief"),
        ("Friends of", "organization", "Friends"),
        ("Leeds\n\nYork", "place", "Leeds"),
    ],
)
def test_a_span_is_cut_to_the_name(printed, entity_type, name):
    assert trimmed(printed, entity_type) == (name, entity_type)


def test_a_courtesy_title_makes_a_person():
    assert trimmed("Ms. Okoro", "place") == ("Okoro", "person")


@pytest.mark.parametrize("printed", ["--", "…", " \n ", "🙂", "\u202e"])
def test_nothing_is_left_of_a_span_without_letters(printed):
    assert trimmed(printed) is None


def test_earlier_spans_win_over_later_ones_that_overlap():
    spans = [
        Span(5, 9, "place", "a", 1),
        Span(0, 6, "person", "b", 1),
        Span(0, 4, "person", "c", 1),
    ]
    assert [s.recognizer for s in without_overlaps(spans)] == ["c", "a"]
