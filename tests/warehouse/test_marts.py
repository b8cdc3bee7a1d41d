"""The views of sql/marts, on a few rows that each say one thing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from pipelines.warehouse.marts import SLOW_TO_COUNT, build_marts, make_views
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema, declared_columns

FIRST_DAY = date(2026, 3, 1)


class Desk:
    """A warehouse of a few articles: each names entities, some in its headline."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        apply_schema(self.connection)

    def article(
        self, name: str, day: int, outlet: str, names: str, version: int = 1, **more: Any
    ) -> None:
        """``names``: entities, a sentence after the other: "A B. A"; "!" after one in the headline."""
        when = datetime.combine(FIRST_DAY, datetime.min.time(), UTC) + timedelta(day, hours=9)
        row = {
            "article_id": name, "version": version, "source_id": outlet, "article_body": "text",
            "content_sha256": f"{name} {version}", "fetch_id": f"{name} {version}",
            "fetch_date": when.date(), "extractor": "html", "extractor_version": "1",
            "change_kind": "first" if version == 1 else "publisher_edit", "valid_from": when,
            "word_count": 100,
        }  # fmt: skip
        insert_rows(self.connection, "article_versions", [row | more])
        self.connection.execute(
            "UPDATE article_versions SET valid_to = ? WHERE article_id = ? AND version < ?",
            [when, name, version],
        )
        for sentence, words in enumerate(names.split(".")):
            for place, word in enumerate(words.split()):
                insert_rows(
                    self.connection,
                    "mentions",
                    [
                        {
                            "mention_id": f"{name} {version} {sentence} {place}",
                            "article_id": name,
                            "version": version,
                            "mention_type": "person",
                            "entity_id": word.strip("!") if word != "?" else None,
                            "exact": word,
                            "start_char": place,
                            "end_char": place + 1,
                            "sentence_no": sentence,
                            "in_headline": word.endswith("!"),
                            "recognizer": "r",
                            "recognizer_version": "1",
                        }
                    ],
                )

    def rows(self, sql: str) -> list[Any]:
        """After the marts were made."""
        known = {"entity_type": "person", "origin": "local"}
        for (name,) in self.connection.execute(
            "SELECT DISTINCT entity_id FROM mentions WHERE entity_id IS NOT NULL"
            " AND entity_id NOT IN (SELECT entity_id FROM entities)"
        ).fetchall():
            insert_rows(self.connection, "entities", [{"entity_id": name, "name": name} | known])
        build_marts(self.connection)
        return self.connection.execute(sql).fetchall()


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.connection.close()


def test_every_view_and_column_says_what_it_is(desk):
    make_views(desk.connection)
    silent = desk.connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns()"
        " WHERE schema_name IN ('mart', 'rollups') AND coalesce(comment, '') = ''"
        " UNION ALL SELECT view_name, '' FROM duckdb_views()"
        " WHERE schema_name = 'mart' AND coalesce(comment, '') = ''"
    ).fetchall()
    assert silent == []


def test_no_mart_has_a_type_that_other_tools_cannot_read():
    assert [
        (table, column.name)
        for table, columns in declared_columns().items()
        for column in columns
        if table.startswith("mart.") and "HUGEINT" in column.data_type
    ] == []


def test_each_view_can_be_written_as_sql_and_read_again(desk):
    """EXPORT DATABASE and DuckLake keep the text of a view."""
    make_views(desk.connection)
    views = desk.connection.execute(
        "SELECT view_name, sql FROM duckdb_views() WHERE schema_name = 'mart'"
    ).fetchall()
    for name, sql in views:
        again = sql.replace(f"CREATE VIEW mart.{name}", "CREATE OR REPLACE TEMP VIEW again", 1)
        desk.connection.execute(again)
        assert desk.connection.execute("SELECT count(*) FROM again").fetchall(), name


def test_a_new_warehouse_has_empty_marts(desk):
    made = build_marts(desk.connection)
    assert made.days_counted == 0
    assert set(made.names) - set(made.rows) == SLOW_TO_COUNT
    # No run has told yet what is checked.
    assert {name for name, rows in made.rows.items() if rows} == set()


def test_an_edited_article_counts_as_it_is_now_on_the_day_it_was_first_captured(desk):
    desk.article("ferry", 0, "herald", "A. A B")
    desk.article("ferry", 2, "herald", "A. A C", version=2)
    assert desk.rows("SELECT day, name, mention_count FROM mart.entity_daily ORDER BY name") == [
        (FIRST_DAY, "A", 2), (FIRST_DAY, "C", 1),
    ]  # fmt: skip
    assert desk.rows("SELECT day, article_count, edited_count FROM mart.outlet_daily") == [
        (FIRST_DAY, 1, 1)
    ]
    assert desk.rows(
        "SELECT version, after_hours, body_changed, headline_changed FROM mart.article_changes"
    ) == [(2, 48.0, False, False)]


def test_who_wrote_it_counts_not_who_carries_it(desk):
    desk.article("copy", 0, "portal", "A", publisher_id="herald")
    desk.article("own", 0, "herald", "A")
    desk.article("nobody's", 0, "portal", "A")
    assert desk.rows(
        "SELECT outlet_id, article_count FROM mart.entity_outlet ORDER BY outlet_id"
    ) == [("herald", 2), ("portal", 1)]
    assert desk.rows("SELECT article_count, publisher_count FROM mart.entity_daily") == [(3, 2)]


def test_entities_of_one_name_stay_apart(desk):
    for entity in ("Q1", "Q2"):
        row = {"entity_id": entity, "name": "Ann Lee", "entity_type": "person", "origin": "local"}
        insert_rows(desk.connection, "entities", [row])
    desk.article("one", 0, "herald", "Q1 Q2. Q2")
    assert desk.rows("SELECT name, mention_count FROM mart.dim_entity ORDER BY 2") == [
        ("Ann Lee", 1), ("Ann Lee", 2),
    ]  # fmt: skip
    assert desk.rows("SELECT left_id, right_id FROM mart.co_mentions") == [("Q1", "Q2")]


def test_a_pair_is_as_close_as_its_articles_are_common(desk):
    desk.article("both", 0, "herald", "A B. A B")
    desk.article("apart", 1, "herald", "A. B")
    desk.article("one", 1, "courier", "A")
    assert desk.rows(
        "SELECT name, with_name, sentence_count, article_count, share_of_articles, closeness"
        " FROM mart.who_with_whom ORDER BY name"
    ) == [("A", "B", 2, 1, 1 / 3, 1 / 4), ("B", "A", 2, 1, 1 / 2, 1 / 4)]


class TestTrend:
    def test_the_first_days_have_no_baseline(self, desk):
        desk.article("one", 0, "herald", "A")
        assert desk.rows(
            "SELECT articles_7d, usual_articles, ratio, rise, is_new, baseline_days"
            " FROM mart.entity_trend"
        ) == [(1, None, None, None, True, 0)]

    def test_a_young_warehouse_compares_with_the_days_it_has(self, desk):
        """Days 0 and 1 are the baseline, 2 to 8 the seven: 2 articles in 2 days are 7 a week."""
        desk.article("one", 0, "herald", "A")
        desk.article("two", 1, "herald", "A")
        for day in (2, 8):
            desk.article(f"day {day}", day, "herald", "A B")
        found = desk.rows(
            "SELECT name, articles_7d, usual_articles, ratio, is_new, baseline_days, last_day"
            " FROM mart.entity_trend ORDER BY name"
        )
        assert found == [
            ("A", 2, 7.0, 2 / 7, False, 2, date(2026, 3, 9)),
            ("B", 2, 0.0, None, True, 2, date(2026, 3, 9)),
        ]

    def test_four_weeks_and_no_more_are_the_baseline(self, desk):
        desk.article("long ago", 0, "herald", "A B")
        for day in (10, 17, 24, 31):
            desk.article(f"day {day}", day, "herald", "A")
        desk.article("last", 40, "courier", "A")
        assert desk.rows(
            "SELECT name, articles_7d, publishers_7d, usual_articles, rise, baseline_days"
            " FROM mart.entity_trend"
        ) == [("A", 1, 1, 1.0, 0.0, 28)]


def test_a_blind_spot_is_what_three_others_report(desk):
    for outlet in ("bell", "courier", "herald"):
        desk.article(f"of {outlet}", 0, outlet, "A" + " B" * (outlet != "bell"))
    desk.article("other", 1, "tide", "C")
    desk.article("silent", 1, "mute", "")
    assert desk.rows(
        "SELECT outlet_id, name, outlets_reporting, share_of_others, outlet_articles"
        " FROM mart.blind_spots"
    ) == [("tide", "A", 3, 1.0, 1)]


def test_the_calendar_has_the_days_between_and_those_of_publication(desk):
    desk.article("one", 0, "herald", "A", date_published=datetime(2026, 2, 26, 23, 30, tzinfo=UTC))
    desk.article("two", 3, "herald", "A")
    assert desk.rows("SELECT min(day), max(day), count(*) FROM mart.dim_date") == [
        (date(2026, 2, 26), date(2026, 3, 4), 7)
    ]
    desk.connection.execute("SET TimeZone = 'Asia/Tokyo'")
    assert desk.rows("SELECT published_day FROM mart.fct_mention WHERE article_id = 'one'") == [
        (date(2026, 2, 26),)
    ]


def test_an_outlet_that_no_list_has_is_in_its_dimension(desk):
    insert_rows(
        desk.connection,
        "sources",
        [{"source_id": "quiet", "name": "Quiet Post", "origin": "configured"}],
    )
    desk.article("one", 0, "herald", "A")
    assert desk.rows(
        "SELECT outlet_id, name, article_count FROM mart.dim_outlet ORDER BY outlet_id"
    ) == [("herald", "herald", 1), ("quiet", "Quiet Post", 0)]


def test_a_day_s_languages_share_it(desk):
    for n, language in enumerate(["en", "en", "de", None]):
        desk.article(str(n), 0, "herald", "", in_language=language)
    assert desk.rows(
        "SELECT in_language, article_count, share_of_day, word_count FROM mart.language_daily"
        " ORDER BY article_count DESC, in_language NULLS LAST"
    ) == [("en", 2, 0.5, 200), ("de", 1, 0.25, 100), (None, 1, 0.25, 100)]


def test_an_open_name_is_a_mention_and_counts_for_nobody(desk):
    desk.article("one", 0, "herald", "? A!")
    assert desk.rows("SELECT entity_id, in_headline FROM mart.fct_mention ORDER BY entity_id") == [
        ("A", True),
        (None, False),
    ]
    assert desk.rows("SELECT mention_count, headline_count FROM mart.entity_daily") == [(1, 1)]


def test_views_answer_where_the_file_is_attached_beside_another(tmp_path):
    path = tmp_path / "news.duckdb"
    with duckdb.connect(str(path)) as connection:
        apply_schema(connection)
        make_views(connection)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS other (READ_ONLY)")
        views = connection.execute(
            "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'other'"
            " AND NOT internal"
        ).fetchall()
        assert len(views) > 20
        for schema, view in views:
            connection.execute(f"FROM other.{schema}.{view}").fetchall()
