from __future__ import annotations

import pytest

from pipelines.normalise.sentences import sentence_number, sentence_starts, with_paragraphs


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ("Er kam. Dann ging er.", ["Er kam. ", "Dann ging er."]),
        ("一つ。二つ。", ["一つ。", "二つ。"]),
        ("पहला। दूसरा।", ["पहला। ", "दूसरा।"]),
        ("هل جاء؟ نعم.", ["هل جاء؟ ", "نعم."]),
        ("He paid 3.5 euros e.g. twice", ["He paid 3.5 euros e.g. twice"]),
        ("Heading\n\nText", ["Heading\n\n", "Text"]),
        ("", [""]),
    ],
)
def test_sentences_begin_after_the_stops_of_each_script(text, sentences):
    starts = sentence_starts(text)
    ends = (*starts[1:], len(text))
    assert [text[a:b] for a, b in zip(starts, ends, strict=True)] == sentences


def test_a_paragraph_always_begins_a_sentence():
    assert with_paragraphs("No stop here\n\nNext", [0]) == (0, 14)


def test_numbers_count_from_zero():
    starts = sentence_starts("One. Two.")
    assert [sentence_number(starts, at) for at in (0, 4, 5, 8)] == [0, 0, 1, 1]
