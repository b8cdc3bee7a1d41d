"""Each question's whole answer on the samples, which samples/README.md says in advance.

``expected/NAME.csv`` holds it. What differs from run to run (times of runs, their ids, versions of
code and models, the number of checks) stands there as VARIES. After a change that is meant:

    NEWSLEDGER_UPDATE=1 .venv/bin/pytest tests/questions/test_answers.py

writes the files anew; read the difference before it is kept: it must be right, not only recorded.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.questions import (
    bound_values,
    filled,
    load_questions,
    run,
)
from pipelines.warehouse.query import snapshot, write_csv

EXPECTED = Path(__file__).with_name("expected")
QUESTIONS = {question.name: question for question in load_questions()}

VARIES = "(varies)"
VARYING = {
    "last_confirmed_at",
    "last_audited_at",
    "published_at",
    "hours_ago",
    "snapshot_id",
    "code_version",
    "extractor_version",
    "recognizer_version",
    "checks",
    "passed",
}

OTHER_VALUES = {
    "since": date(2026, 3, 3),
    "until": date(2026, 3, 1),
    "day": date(2026, 3, 2),
    "days": 2,
    "top": 1,
    "type": "person",
    "country": "lt",
    "language": "RU",
    "entity": "ISTANBUL",
    "outlet": "Bosphorus-Courier.example",
    "other": "amber line",
    "source": "sample pages",
    "carrier": "NewsBasket.example",
    "least_publishers": 3,
    "name": "imo",
    "part": False,
    "id": "Q406",
    "role": "teaser",
    "office": "prime_minister",
    "changed": "date",
    "silent_only": True,
    "unusual_only": True,
    "field": "headline",
    "effect": "flagged",
    "article": "https://www.harbour-herald.example/shipping/2026/03/02/ferry-coaster-collide-gothenburg",
    "mention": "00fda319857327ef079b67ea63cb6b19",
    "words": "grain",
}
"""For each parameter a value that gives another answer than the default does."""

OTHERWISE = {
    # One row by default.
    ("what_changed_after_publication", "top"): 0,
    ("which_edits_were_silent", "top"): 0,
    ("what_waits_in_quarantine", "top"): 0,
    ("which_entity_is_it", "top"): 0,
    ("why_is_this_name_that_entity", "top"): 0,
    ("which_names_are_new", "days"): 1,
    # The one edit is of the last day.
    ("what_changed_after_publication", "since"): date(2026, 3, 4),
    ("which_edits_were_silent", "since"): date(2026, 3, 4),
}

BESIDE = {("which_entity_is_it", "part"): {"name": "grain"}}
"""What must be set as well for a parameter to count."""


@pytest.fixture(scope="module")
def samples(sample_home):
    with snapshot(sample_home / "published" / "news.duckdb") as connection:
        yield connection


@pytest.fixture
def changed(sample_home, tmp_path):
    """A copy of the samples' warehouse that a test may write to."""
    path = tmp_path / "changed.duckdb"
    shutil.copy(sample_home / "published" / "news.duckdb", path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def answer(connection, question, **values):
    """Rows of an answer as dictionaries."""
    relation = run(connection, QUESTIONS[question], values)
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def as_csv(relation) -> str:
    written = io.StringIO()
    write_csv(relation, written)
    header, *rows = csv.reader(io.StringIO(written.getvalue()))
    masked = io.StringIO()
    writer = csv.writer(masked, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(
            VARIES if name in VARYING else cell for name, cell in zip(header, row, strict=True)
        )
    return masked.getvalue()


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_on_the_samples(samples, name):
    found = as_csv(run(samples, QUESTIONS[name]))
    path = EXPECTED / f"{name}.csv"
    if os.environ.get("NEWSLEDGER_UPDATE"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_each_expected_answer_is_of_a_question():
    assert {path.stem for path in EXPECTED.iterdir()} == set(QUESTIONS)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [(q.name, p.name) for q in QUESTIONS.values() for p in q.parameters],
)
def test_each_parameter_changes_the_answer(samples, name, parameter):
    value = OTHERWISE.get((name, parameter), OTHER_VALUES[parameter])
    beside = BESIDE.get((name, parameter), {})
    question, values = QUESTIONS[name], beside | {parameter: value}
    rows = run(samples, question, values).fetchall()
    assert rows != run(samples, question, beside).fetchall()
    # The statement with literals in it gives the same.
    assert samples.sql(filled(question, values)).fetchall() == rows


class TestWhatTheSamplesCannotShow:
    """Rules of the questions on a warehouse that differs from the samples' in one thing."""

    def test_an_entity_is_found_by_any_id_or_name_whatever_its_case_and_accents(self, samples):
        name = "with_whom_does_an_entity_appear"
        by_id = answer(samples, name, entity="Q406")
        assert by_id
        for entity in ("Istanbul", "İSTANBUL", "istanbúl"):
            assert answer(samples, name, entity=entity) == by_id, entity

    def test_an_outlet_counts_once_on_however_many_days_it_names_one(self, changed):
        (before,) = answer(changed, "who_is_in_the_news", top=1)
        changed.execute(
            "INSERT INTO rollups.entity_outlet_days BY NAME SELECT * REPLACE (day - 1 AS day)"
            " FROM rollups.entity_outlet_days WHERE entity_id = ?",
            [before["entity_id"]],
        )
        (after,) = answer(changed, "who_is_in_the_news", top=1)
        assert after["publishers"] == before["publishers"]
        assert after["articles"] == 2 * before["articles"]

    def test_an_old_id_leads_to_the_present_entity(self, changed):
        changed.execute(
            "INSERT INTO entity_redirects VALUES ('local:gone', 'Q406', 'judgement', '2026-03-02', 'run')"
        )
        (row,) = answer(changed, "where_did_an_entity_go", id="local:gone")
        assert (row["entity_id"], row["moved_because"]) == ("Q406", "judgement")
        assert answer(changed, "where_did_an_entity_go")[0]["saved_id"] == "local:gone"
        days = answer(changed, "when_was_an_entity_in_the_news", entity="local:gone")
        assert {row["entity_id"] for row in days} == {"Q406"}

    def test_where_several_bear_a_name_each_has_its_rows(self, changed):
        changed.execute("INSERT INTO entity_names VALUES ('Q406', 'London', 'alias', 'en', 'test')")
        for name in ("who_named_it_first", "with_whom_does_an_entity_appear"):
            rows = answer(changed, name, entity="london", top=2)
            assert [r["entity_id"] for r in rows] == ["Q406", "Q406", "Q84", "Q84"], name
        found = answer(changed, "which_entity_is_it", name="london")
        assert {row["entity_id"] for row in found} == {"Q406", "Q84"}

    def test_an_outlet_that_adds_a_name_later_had_it_when_the_edit_was_captured(self, changed):
        (edited,) = changed.execute(
            "SELECT entity_id FROM article_entities JOIN articles USING (article_id, version)"
            " WHERE version = 2 AND entity_id IS NOT NULL ORDER BY entity_id LIMIT 1"
        ).fetchone()

        def herald():
            rows = answer(changed, "who_named_it_first", entity=edited, top=99)
            outlets = [r for r in rows if r["outlet_id"] == "harbour-herald.example"]
            return outlets[0]["first_captured"].date()

        assert herald() == date(2026, 3, 2)
        changed.execute(
            "DELETE FROM article_entities WHERE version = 1 AND entity_id = ?", [edited]
        )
        assert herald() == date(2026, 3, 3)

    def test_an_outlet_without_a_name_of_its_own_stays_the_first(self, changed):
        (before, *_) = answer(changed, "which_names_are_new", least_publishers=2)
        changed.execute("DELETE FROM sources WHERE source_id = ?", [before["first_outlet"]])
        (after, *_) = answer(changed, "which_names_are_new", least_publishers=2)
        assert after == before

    def test_an_article_without_a_headline_is_an_example_as_well(self, changed):
        changed.execute(
            "UPDATE article_versions SET date_published = NULL, valid_from = fetch_date"
        )
        changed.execute(
            "UPDATE article_versions SET headline = NULL, valid_from = '2026-01-01'"
            " WHERE article_id = (SELECT max(article_id) FROM articles WHERE source_id = 'samples-texts')"
        )
        for row in answer(changed, "which_articles_have_no_date"):
            assert changed.execute(
                "SELECT headline FROM articles WHERE article_id = ?", [row["article_id"]]
            ).fetchone() == (row["for_example"],)

    def test_a_day_without_a_new_article_is_asked_for_as_well(self, changed):
        """All of its pages were held, or edits of articles of before."""
        changed.execute(
            "INSERT INTO raw.fetches BY NAME SELECT * REPLACE (DATE '2026-03-05' AS fetch_date,"
            " 'held' AS fetch_id) FROM raw.fetches LIMIT 1"
        )
        changed.execute(
            "UPDATE article_versions SET fetch_date = '2026-03-05', valid_from = '2026-03-05 09:00:00+00'"
            " WHERE version = 2"
        )
        for name in ("is_the_data_fit_to_use", "what_became_of_each_capture"):
            values = bound_values(changed, QUESTIONS[name], {})
            assert values["until"] == date(2026, 3, 5), name
        for name in ("what_changed_after_publication", "which_edits_were_silent"):
            assert len(answer(changed, name)) == 1, name

    def test_hours_and_days_are_utc_wherever_the_statement_runs(self, changed):
        names = ("when_does_an_outlet_publish", "what_changed_after_publication")
        before = [answer(changed, name)[0] for name in names]
        changed.execute("SET TimeZone = 'Pacific/Kiritimati'")
        assert [answer(changed, name)[0] for name in names] == before

    def test_an_outlet_s_days_end_with_the_snapshot_s(self, changed):
        changed.execute("UPDATE sources SET domain = 'herald.example' WHERE name LIKE 'harbour%'")
        rows = answer(
            changed,
            "how_much_does_each_outlet_write",
            outlet="Herald.example",
            until=date(2026, 3, 9),
        )
        assert [row["day"] for row in rows] == [date(2026, 3, 3), date(2026, 3, 2)]

    def test_an_edit_is_silent_where_the_page_states_no_later_change(self, changed):
        changed.execute("UPDATE article_versions SET date_modified = date_published")
        (row,) = answer(changed, "which_edits_were_silent", silent_only=True)
        assert row["announced"] is False

    def test_a_usual_band_is_of_the_outlets_own_days_and_counts_silent_ones(self, changed):
        changed.execute(
            "INSERT INTO article_versions BY NAME SELECT * EXCLUDE (d, n) REPLACE ("
            " concat('a', d, '-', n) AS article_id, DATE '2026-03-03' - d::INTEGER AS fetch_date)"
            " FROM articles, range(1, 29) AS days (d), range(4) AS times (n)"
            " WHERE source_id = 'meridian-review.example' AND d % 7 > 0"
        )
        changed.execute("CHECKPOINT")
        rows = answer(
            changed,
            "how_much_does_each_outlet_write",
            outlet="meridian-review.example",
            since=date(2026, 3, 3),
        )
        (today,) = rows
        assert (today["articles"], today["usual"], today["status"]) == (0, 4.0, "as usual")
        assert today["low"] == 0, "one day in seven gave nothing"

    def test_a_day_is_not_fit_where_a_critical_check_failed_and_nobody_let_it_through(
        self, changed
    ):
        def verdict():
            rows = answer(
                changed, "is_the_data_fit_to_use", since=date(2026, 3, 2), until=date(2026, 3, 2)
            )
            return rows[-1]["verdict"]

        failed = (
            "UPDATE ops.quality_results SET success = {success}, unexpected_count = 2, override_id = {note}"
            " WHERE check_name = 'spans_exact' AND partition_key = '2026-03-02'"
        )
        changed.execute(failed.format(success=False, note="NULL"))
        assert verdict() == "not fit"
        changed.execute(
            "INSERT INTO ops.overrides BY NAME SELECT 'o1' AS override_id, 'mentions' AS asset_key,"
            " 'spans_exact' AS check_name, 'known' AS note, 'me' AS decided_by, now() AS decided_at"
        )
        changed.execute(failed.format(success=False, note="'o1'"))
        assert verdict() == "fit, but look"

    def test_a_span_that_is_not_exact_is_counted(self, changed):
        changed.execute("UPDATE mentions SET start_char = start_char + 1 WHERE exact = 'Vilnius'")
        (row,) = answer(changed, "are_all_spans_exact")
        assert row["broken"] > 0

    def test_a_source_that_gives_less_than_usual_is_named(self, changed):
        changed.execute(
            "INSERT INTO ops.source_days BY NAME SELECT 'samples-texts' AS source_id,"
            " DATE '2026-03-04' AS day, 'volume' AS measure, 0 AS value, 0 AS base, 24 AS hours,"
            " 9 AS usual, 4 AS low, 3 AS least"
        )
        rows = answer(changed, "which_sources_went_quiet", day=date(2026, 3, 4), unusual_only=True)
        assert [(r["source_id"], r["silent_days"], r["status"]) for r in rows] == [
            ("samples-texts", 1, "lost")
        ]

    def test_a_name_above_its_own_baseline_rises(self, changed):
        changed.execute(
            "INSERT INTO rollups.days SELECT DATE '2026-03-03' - d::INTEGER, 'x' FROM range(7, 36) AS r (d)"
        )
        changed.execute(
            "INSERT INTO rollups.entity_outlet_days SELECT DATE '2026-03-03' - d::INTEGER, 'Q84', 'x', 9, 9, 0, now()"
            " FROM range(7, 35) AS r (d)"
        )
        rising = answer(changed, "who_is_rising", top=1000)
        by_id = {row["entity_id"]: row for row in rising}
        assert rising[0]["entity_id"] == "Q406"
        assert by_id["Q84"]["usual_articles"] == 63
        assert by_id["Q84"]["rise"] < 0 < by_id["Q406"]["rise"]
        assert rising[-1]["entity_id"] == "Q84"
