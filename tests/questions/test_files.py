"""What a file of ``sql/questions`` must be, and what is said where it is not."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pipelines.questions import (
    FOLDER,
    TOPICS,
    ParameterError,
    QuestionFileError,
    UnknownQuestionError,
    filled,
    find_question,
    given_values,
    literal,
    load_questions,
    read_question,
    run,
)

GOOD = """\
-- Who wrote most?
-- Counted in articles.
-- topic: outlets
-- $since date = (SELECT DATE '2026-01-01'): first day.
-- $name text = NULL: one outlet alone:
--     its id.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $name::VARCHAR AS name
)

SELECT g.since, g.name, 'not $x; nor this' AS text -- nor $y; here
FROM given AS g;
"""


def write(tmp_path, text):
    path = tmp_path / "who_wrote_most.sql"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_whole(tmp_path):
    question = read_question(write(tmp_path, GOOD))
    assert (question.name, question.words, question.notes, question.topic) == (
        "who_wrote_most",
        "Who wrote most?",
        "Counted in articles.",
        "outlets",
    )
    since, name = question.parameters
    assert (since.name, since.kind, since.default) == (
        "since",
        "date",
        "(SELECT DATE '2026-01-01')",
    )
    assert (name.default, name.words) == ("NULL", "one outlet alone: its id.")
    assert question.sql.startswith("WITH given AS (")
    assert question.sql.endswith("FROM given AS g")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("Who wrote most?", "Who wrote most.", "1: the first line is not one question"),
        ("-- Counted in articles.\n", "", "1: no line after the question says how to read"),
        ("-- topic: outlets\n", "", "1: no line '-- topic: NAME'"),
        ("topic: outlets", "topic: sport", "3: unknown topic 'sport'; use news,"),
        ("$since date =", "$since day =", "4: unknown type 'day'; use text,"),
        ("NULL: one outlet alone:", "NULL", "5: not a parameter; write '-- $name TYPE = DEFAULT"),
        ("-- $name text", "-- $since text", "5: $since is declared twice"),
        ("-- $name text", "-- $Name text", "5: $Name: use small letters"),
        ("$name::VARCHAR AS name", "$nam::VARCHAR AS name", "10: $nam is no parameter"),
        ("$name::VARCHAR AS name", "1 AS name", "7: $name is used 0 times"),
        ("$name::VARCHAR AS name", "$name::DATE AS name", "7: write $name::VARCHAR AS name"),
        ("g.name,", "$name,", "13: $name stands outside of the block"),
        ("g.name,", "", "7: given.name is not used"),
        ("FROM given AS g;", "FROM given AS g", "7: write one statement that ends with ';'"),
        ("FROM given AS g;", "FROM given AS g; SELECT 1;", "7: write one statement"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, before, after, message):
    assert before in GOOD
    with pytest.raises(QuestionFileError) as raised:
        read_question(write(tmp_path, GOOD.replace(before, after)))
    assert str(raised.value).startswith(f"who_wrote_most.sql:{message}")


def test_there_are_questions_of_every_topic_sorted_by_it():
    questions = load_questions()
    assert len(questions) >= 24
    assert list(dict.fromkeys(q.topic for q in questions)) == list(TOPICS)
    assert {q.name for q in questions} == {path.stem for path in FOLDER.glob("*.sql")}
    assert len({q.words for q in questions}) == len(questions)


@pytest.mark.parametrize("question", load_questions(), ids=lambda q: q.name)
def test_a_question_is_well_formed(question):
    assert question.words[0].isupper()
    assert re.fullmatch(r"[a-zA-Z].*\.", question.notes)
    for parameter in question.parameters:
        assert parameter.words.endswith((".", "…")), parameter.name
        for choice in parameter.choices:
            assert choice in parameter.words
    # Ties are broken by what is one row's own, so that the same rows come in the same order.
    assert "ORDER BY" in question.sql or "CROSS JOIN audits" in question.sql


class TestValues:
    @pytest.fixture
    def question(self, tmp_path):
        return read_question(write(tmp_path, GOOD))

    def test_are_read_by_their_type(self, question):
        values = given_values(question, ["since=2026-03-02", "name=a=b"])
        assert values == {"since": date(2026, 3, 2), "name": "a=b"}

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("since=soon", "since=soon: give a day as 2026-03-31"),
            ("since=2026-02-30", "since=2026-02-30: give a day"),
            ("name=", "name=: give a text"),
            ("nam=x", "no parameter 'nam'; did you mean name?"),
            ("since", "'since': write name=value"),
        ],
    )
    def test_a_wrong_one_is_refused(self, question, text, message):
        with pytest.raises(ParameterError, match=re.escape(message)):
            given_values(question, [text])
        with pytest.raises(ParameterError, match="set twice"):
            given_values(question, ["name=a", "name=b"])

    def test_of_another_type_are_refused(self, question):
        for wrong in ({"since": "2026-03-02"}, {"name": 3}, {"no": 1}):
            with pytest.raises(ParameterError):
                filled(question, wrong)

    def test_of_a_few_texts_are_one_of_these_whatever_its_case(self, tmp_path):
        text = GOOD.replace("$name text =", "$name own|copied =")
        question = read_question(write(tmp_path, text))
        assert question.parameters[1].kind == "text"
        assert given_values(question, ["name=Copied"]) == {"name": "copied"}
        with pytest.raises(ParameterError, match="name=mine: give own or copied, or leave it out"):
            given_values(question, ["name=mine"])
        with pytest.raises(ParameterError, match="give own or copied"):
            filled(question, {"name": "mine"})

    @pytest.mark.parametrize("number", ["-1", "2147483648", "9" * 30])
    def test_a_number_that_no_count_can_be_is_refused(self, number):
        question = find_question("who_is_in_the_news")
        with pytest.raises(ParameterError, match="give a whole number from 0 to 2147483647"):
            given_values(question, [f"top={number}"])

    @pytest.mark.parametrize(
        "text", ["$since", "it's", "'; DROP TABLE x; --", '"', "é\n)", "$name::"]
    )
    def test_fill_the_statement_as_they_are_bound(self, question, text):
        import duckdb

        with duckdb.connect() as connection:
            values = {"name": text, "since": date(2026, 3, 2)}
            bound = run(connection, question, values).fetchall()
            assert bound == [(date(2026, 3, 2), text, "not $x; nor this")]
            statements = connection.extract_statements(filled(question, values))
            assert len(statements) == 1
            assert connection.execute(statements[0]).fetchall() == bound

    def test_defaults_stay_expressions_in_the_filled_statement(self, question):
        assert "(SELECT DATE '2026-01-01')::DATE AS since" in filled(question)
        assert "NULL::VARCHAR AS name" in filled(question)

    def test_literals(self):
        assert [literal(v) for v in (None, True, 3, 0.5, date(2026, 3, 2), "a'b")] == [
            "NULL",
            "TRUE",
            "3",
            "0.5",
            "DATE '2026-03-02'",
            "'a''b'",
        ]
        with pytest.raises(ParameterError):
            literal("a\0b")


def test_a_misspelt_name_suggests_the_nearest():
    assert find_question("Who-is-in-the-news").name == "who_is_in_the_news"
    with pytest.raises(UnknownQuestionError, match="did you mean who_is_in_the_news"):
        find_question("who_is_in_the_newz")
    with pytest.raises(UnknownQuestionError, match="newsledger questions lists them all"):
        find_question("zzz")
