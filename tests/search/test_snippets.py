"""The passage that is shown is the one with the most of what was asked for."""

from __future__ import annotations

import pytest

from pipelines.asking import Part, QuestionError, read_question
from pipelines.snippets import snippet

DULL = "The board met for an hour on other business and left by the side door. " * 8


def test_the_passage_has_the_words_and_says_where_they_are():
    text = f"Pilots wait.\n\n{DULL}The Élysée asked pilots for the tide tables. {DULL}"
    passage = snippet(text, {"pilots", "elysee", "tide"})
    assert passage.marked("[", "]").count("[") == 3
    assert "[Élysée] asked [pilots] for the [tide] tables" in passage.marked("[", "]")
    assert passage.text.startswith("… ")
    assert passage.text.endswith(" …")
    assert len(passage.text) < 260


def test_without_a_match_it_is_the_beginning():
    passage = snippet(f"Pilots\nwait.\n\n{DULL}", {"tide"})
    assert passage.text.startswith("Pilots wait. The board")
    assert passage.marks == ()


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("中央选举委员会", {"选举", "举委"}, "中央[选举委]员会"),
        ("ผลการเลือกตั้ง", {"ผล"}, "[ผล]การเลือกตั้ง"),
        ("की चुनाव का", {"चुनाव"}, "की [चुनाव] का"),
        ("", {"a"}, ""),
        ("قال مُحَمَّد", {"محمد"}, "قال [مُحَمَّد]"),
    ],
)
def test_marks_fit_any_script(text, words, marked):
    assert snippet(text, words).marked("[", "]") == marked


def test_a_question_is_read_as_people_write_it():
    assert read_question(
        ["pilots", "-strike", '"coast guard" har*', "port authority", '-"a b"']
    ) == [
        Part("pilots"),
        Part("strike", is_excluded=True),
        Part("coast guard", is_phrase=True),
        Part("har", is_prefix=True),
        Part("port authority", is_phrase=True),
        Part("a b", is_phrase=True, is_excluded=True),
    ]
    assert read_question(["port -strike har*"]) == [
        Part("port"),
        Part("strike", is_excluded=True),
        Part("har", is_prefix=True),
    ]
    with pytest.raises(QuestionError, match="at least one word"):
        read_question(["-strike"])
