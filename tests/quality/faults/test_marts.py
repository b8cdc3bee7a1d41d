"""Marts that do not add up, and a publish that such a mart stops."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from pipelines.quality.suites import suites_of
from pipelines.warehouse.connection import connect
from tests.quality.named import print_article
from tests.quality.narrowed import narrow
from tests.quality.seeding import Clean, Fault, Seeded, catch, stays_clean

ONLY = ("marts",)


def view(name: str, select: str, keys: str = "") -> Callable[[Seeded], list[str]]:
    """A mart is made by another query, on ``right``, what it should be; ``keys`` finds the keys."""

    def seed(home: Seeded) -> list[str]:
        (declared,) = home.column(
            "SELECT sql FROM duckdb_views() WHERE schema_name = 'mart' AND view_name = ?", [name]
        )
        home.write(declared.replace(f"mart.{name}", "mart.as_declared", 1))
        home.write(
            f"CREATE OR REPLACE VIEW mart.{name} AS {select.format(right='mart.as_declared')}"
        )
        return home.column(keys) if keys else []

    return seed


def doubled(name: str, condition: str, key: str) -> Callable[[Seeded], list[str]]:
    """A mart shows rows twice. ``key``: what must be named, a value or a query."""
    found = key if key.startswith("(") else f"'{key}'"
    return view(
        name,
        f"SELECT * FROM {{right}} UNION ALL SELECT * FROM {{right}} WHERE {condition}",
        f"SELECT {found}",
    )


def outlet_twice(home: Seeded) -> list[str]:
    """An outlet has two rows in sources: each of its articles is counted twice."""
    (outlet,) = home.column("SELECT outlet_id FROM mart.outlet_daily ORDER BY ALL LIMIT 1")
    home.write("INSERT INTO sources SELECT * FROM sources WHERE source_id = ?", [outlet])
    return home.column("SELECT DISTINCT day FROM mart.outlet_daily WHERE outlet_id = ?", [outlet])


def entity_twice(home: Seeded) -> list[str]:
    """An entity has two rows, under two names."""
    keys = home.column("SELECT entity_id FROM entities ORDER BY 1 LIMIT 1")
    home.write(
        "INSERT INTO entities SELECT * REPLACE ('Another' AS name) FROM entities"
        " WHERE entity_id = ?",
        keys,
    )
    return keys


def skipped_without_a_reason(home: Seeded) -> list[str]:
    keys = home.column("SELECT min(fetch_id) FROM mart.capture_fates WHERE fate = 'skipped'")
    home.write("UPDATE ops.extractions SET outcome_reason = NULL WHERE fetch_id = ?", keys)
    return keys


def changed(table: str, values: str, condition: str, keys: str) -> Callable[[Seeded], list[str]]:
    """Rows of a rollup are not what they should be."""

    def seed(home: Seeded) -> list[str]:
        found = home.column(keys)
        home.write(f"UPDATE rollups.{table} SET {values} WHERE {condition}")
        return found

    return seed


def gone(table: str, condition: str, keys: str) -> Callable[[Seeded], list[str]]:
    """Rows of a rollup are not there."""

    def seed(home: Seeded) -> list[str]:
        found = home.column(keys)
        home.write(f"DELETE FROM rollups.{table} WHERE {condition}")
        return found

    return seed


C, W = "critical", "warning"
FIRST = "SELECT min(fetch_id) FROM raw.fetches"
NAMED = "SELECT min(entity_id) FROM rollups.entities"
LEFT_ID = "(SELECT min(left_id) FROM rollups.pairs)"
LEFT = f"left_id = {LEFT_ID}"
LEFT_KEY = f"SELECT right_id FROM rollups.pair_days WHERE {LEFT}"
FAULTS = [
    Fault("a column of a mart gone", "marts", "entity_daily_schema", C,
          view("entity_daily", "SELECT * EXCLUDE (country) FROM {right}"), None),
    Fault("a column of a mart renamed", "marts", "outlet_daily_schema", C,
          view("outlet_daily", "SELECT * RENAME (outlet AS name) FROM {right}"), None),
    Fault("articles counted once too often", "marts", "outlet_daily_adds_up", C,
          view("outlet_daily",
               "SELECT * REPLACE (article_count + 1 AS article_count) FROM {right}"
               " WHERE day = DATE '2026-03-01'",
               "SELECT DISTINCT fetch_date FROM articles"), None),
    Fault("an outlet with two rows in sources", "marts", "outlet_daily_adds_up", C,
          outlet_twice, None),
    Fault("an outlet twice a day", "marts", "outlet_daily_grain", C,
          view("outlet_daily", "SELECT * FROM {right} UNION ALL SELECT * FROM {right}"
               " WHERE day = DATE '2026-03-01'",
               "SELECT outlet_id FROM mart.as_declared WHERE day = DATE '2026-03-01'")),
    Fault("a type of entities left out", "marts", "entity_daily_adds_up", C,
          view("entity_daily", "SELECT * FROM {right} WHERE entity_type <> 'place'",
               "SELECT DISTINCT day FROM mart.as_declared WHERE entity_type = 'place'"), None),
    Fault("an entity with two rows", "marts", "entity_daily_grain", C, entity_twice),
    Fault("more articles than mentions", "marts", "entity_daily_grain", C,
          view("entity_daily", "SELECT * REPLACE (mention_count + 1 AS article_count) FROM {right}"
               " WHERE entity_id = (SELECT min(entity_id) FROM {right})",
               "SELECT min(entity_id) FROM mart.as_declared")),
    Fault("a capture left out", "marts", "each_capture_has_one_fate", C,
          view("capture_fates", "SELECT * FROM {right} WHERE fetch_id <> (" + FIRST + ")", FIRST)),
    Fault("a capture with two fates", "marts", "each_capture_has_one_fate", C,
          view("capture_fates", "SELECT * FROM {right} UNION ALL SELECT * REPLACE"
               " ('pending' AS fate) FROM {right} WHERE fetch_id = (" + FIRST + ")", FIRST)),
    Fault("a fate that nobody knows", "marts", "fate_known", C,
          view("capture_fates", "SELECT * REPLACE (CASE WHEN fetch_id = (" + FIRST + ")"
               " THEN 'mislaid' ELSE fate END AS fate) FROM {right}", FIRST)),
    Fault("a capture skipped without a reason", "marts", "fate_says_why", W,
          skipped_without_a_reason, "flagged"),
    Fault("a source that nobody sees", "marts", "source_health_shows_each_source", W,
          view("source_health", "SELECT * FROM {right} WHERE source_id <> 'samples-texts'",
               "SELECT 'samples-texts'"), "flagged"),
    Fault("a column of the pairs gone", "marts", "co_mentions_schema", C,
          view("co_mentions", "SELECT * EXCLUDE (left_name) FROM {right}"), None),
    Fault("a check with two latest results", "marts", "quality_today_once", C,
          doubled("quality_today", "check_name = 'spans_exact' AND partition_key = DATE '2026-03-02'",
                  "spans_exact")),
    Fault("two results of a check on a day", "marts", "quality_trend_once", C,
          doubled("quality_trend", "check_name = 'spans_exact' AND day = DATE '2026-03-02'",
                  "spans_exact")),
    Fault("a source twice a day", "marts", "source_quality_once", C,
          doubled("source_quality", "source_id = 'samples-texts'", "samples-texts")),
    Fault("a failing row twice", "marts", "quarantine_once", C,
          doubled("quarantine", "TRUE", "(SELECT min(row_key) FROM mart.as_declared)")),
    Fault("a change that is not shown", "marts", "article_changes_complete", C,
          view("article_changes", "SELECT * FROM {right} WHERE version <> 2",
               "SELECT article_id FROM mart.as_declared WHERE version = 2")),
    Fault("a gap shown twice", "marts", "blind_spots_grain", C,
          doubled("blind_spots", "entity_id = (SELECT min(entity_id) FROM {right})",
                  "(SELECT min(entity_id) FROM mart.as_declared)")),
    Fault("an outlet said to leave out what it names", "marts", "blind_spots_are_blind", C,
          view("blind_spots", "SELECT * FROM {right} UNION ALL SELECT b.* REPLACE (d.outlet_id AS"
               " outlet_id) FROM {right} AS b JOIN rollups.entity_outlet_days AS d USING (entity_id)"
               " WHERE b.entity_id = (SELECT min(entity_id) FROM {right})",
               "SELECT min(entity_id) FROM mart.as_declared")),
    Fault("a day that no calendar has", "marts", "dim_date_has_each_day", C,
          view("dim_date", "SELECT * FROM {right} WHERE day <> DATE '2026-03-02'",
               "SELECT DATE '2026-03-02'")),
    Fault("an entity that BI does not see", "marts", "dim_entity_shows_each_entity", C,
          view("dim_entity", "SELECT * FROM {right} WHERE entity_id <> (" + NAMED + ")", NAMED)),
    Fault("an outlet that BI sees twice", "marts", "dim_outlet_shows_each_outlet", C,
          doubled("dim_outlet", "outlet_id = 'samples-texts'", "samples-texts")),
    Fault("an entity twice at an outlet", "marts", "entity_outlet_grain", C,
          doubled("entity_outlet", "entity_id = (SELECT min(entity_id) FROM {right})",
                  "(SELECT min(entity_id) FROM mart.as_declared)")),
    Fault("mentions of an outlet left out", "marts", "entity_outlet_adds_up", C,
          view("entity_outlet", "SELECT * FROM {right} WHERE entity_id <> (" + NAMED + ")",
               "SELECT outlet_id FROM mart.as_declared WHERE entity_id = (" + NAMED + ")"), None),
    Fault("an entity with two trends", "marts", "entity_trend_grain", C,
          doubled("entity_trend", "entity_id = (" + NAMED + ")", "(" + NAMED + ")")),
    Fault("a trend over the wrong days", "marts", "entity_trend_adds_up", C,
          view("entity_trend", "SELECT * REPLACE (articles_7d + (entity_id = (" + NAMED + "))::BIGINT"
               " AS articles_7d) FROM {right}", NAMED)),
    Fault("a mention that BI does not see", "marts", "entity_daily_adds_up", C,
          view("fct_mention", "SELECT * FROM {right} WHERE mention_id <> (SELECT min(mention_id)"
               " FROM {right} WHERE entity_id IS NOT NULL)",
               "SELECT min_by(day, mention_id) FROM mart.as_declared WHERE entity_id IS NOT NULL"),
          None),
    Fault("a column of the fact gone", "marts", "fct_mention_schema", C,
          view("fct_mention", "SELECT * EXCLUDE (exact) FROM {right}"), None),
    Fault("a language left out", "marts", "language_daily_adds_up", C,
          view("language_daily", "SELECT * FROM {right} WHERE in_language IS DISTINCT FROM 'en'",
               "SELECT day FROM mart.as_declared WHERE in_language = 'en'"), None),
    Fault("a pair under both ids", "marts", "co_mentions_grain", C,
          view("co_mentions", "SELECT * REPLACE (right_id AS left_id, left_id AS right_id)"
               " FROM {right}", "SELECT right_id FROM mart.as_declared WHERE article_count > 1")),
    Fault("a pair in more articles than name the one", "marts", "who_with_whom_shares", C,
          view("who_with_whom", "SELECT * REPLACE (share_of_articles + 1 AS share_of_articles)"
               " FROM {right}", "SELECT entity_id FROM mart.as_declared WHERE article_count > 1")),
    Fault("a day without its state", "marts", "rollup_days_complete", C,
          gone("days", "day = DATE '2026-03-02'", "SELECT DATE '2026-03-02'")),
    Fault("an outlet's day counted wrongly", "marts", "entity_outlet_days_counts", C,
          changed("entity_outlet_days", "headline_count = article_count + 1",
                  "entity_id = (" + NAMED + ")", NAMED)),
    Fault("a day's sums of before", "marts", "entity_days_add_up", C,
          gone("entity_days", "day = DATE '2026-03-02' AND entity_id IN (SELECT min(entity_id)"
               " FROM rollups.entity_days WHERE day = DATE '2026-03-02')",
               "SELECT DATE '2026-03-02'"), None),
    Fault("an entity's sums of before", "marts", "rollup_entities_add_up", C,
          changed("entities", "mention_count = mention_count - 1", "entity_id = (" + NAMED + ")",
                  NAMED)),
    Fault("an outlet missing from an entity's sums", "marts", "entity_outlets_add_up", C,
          gone("entity_outlets", "entity_id = (" + NAMED + ")", NAMED)),
    Fault("a pair the wrong way round", "marts", "pair_days_counts", C,
          changed("pair_days", "left_id = right_id, right_id = left_id", LEFT, LEFT_KEY)),
    Fault("a pair's sums of before", "marts", "pairs_add_up", C,
          changed("pairs", "sentence_count = sentence_count + 1", LEFT, "SELECT " + LEFT_ID)),
]  # fmt: skip
CLEAN = [
    Clean("the marts as they are", lambda home: None, ONLY),
    Clean("an article without any name", lambda home: print_article(home, "none", "The tide came."),
          ONLY),
    Clean("a source that gave nothing yet",
          lambda home: home.write("INSERT INTO sources (source_id, name, origin)"
                                  " VALUES ('new-source', 'New source', 'configured')"), ONLY),
    Clean("an article whose outlet is in no list",
          lambda home: home.write("UPDATE article_versions SET publisher_id = 'nobody-knows'"), ONLY),
    Clean("a capture that waits",
          lambda home: home.write(f"DELETE FROM ops.extractions WHERE fetch_id = ({FIRST})"), ONLY),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_by_its_check(sample_home, tmp_path, monkeypatch, fault):
    narrow(monkeypatch, fault.check)
    catch(Seeded(sample_home, tmp_path), fault)


@pytest.mark.parametrize("variant", CLEAN, ids=lambda variant: variant.name)
def test_what_is_unusual_but_right_raises_no_alarm(sample_home, tmp_path, variant):
    stays_clean(Seeded(sample_home, tmp_path), variant)


def test_each_rule_that_compares_numbers_has_a_fault():
    declared = {
        check.name
        for suite in suites_of("marts")
        for check in suite.checks
        if not check.name.endswith("_schema")
    }
    assert declared - {fault.check for fault in FAULTS} == set()


def test_a_mart_that_does_not_add_up_keeps_the_snapshot_of_before(
    sample_home, tmp_path, monkeypatch
):
    from pipelines import runner
    from pipelines.warehouse import marts

    home = Seeded(sample_home, tmp_path)
    published = home.settings.published_file
    published.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(sample_home / "published" / "news.duckdb", published)
    before = published.stat().st_ino
    build = marts.build_marts

    def build_wrongly(connection):
        counts = build(connection)
        connection.execute(
            "CREATE OR REPLACE VIEW mart.capture_fates AS SELECT fetch_id, source_id, fetch_date,"
            " fetched_at, kind, location, target_uri, payload_sha256, 'mislaid' AS fate,"
            " NULL AS reason, NULL AS article_id FROM raw.fetches"
        )
        return counts

    for name in ("DAGSTER_HOME", "NEWSLEDGER_HOME", "NEWSLEDGER_ARCHIVE"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(marts, "build_marts", build_wrongly)
    report = runner.materialise(home.settings, runner.Inputs(), days=[])
    assert any("marts_audit" in line and "fate_known" in line for line in report.failures)
    assert published.stat().st_ino == before
    with connect(published, read_only=True) as connection:
        (mislaid,) = connection.execute(
            "SELECT count(*) FROM mart.capture_fates WHERE fate = 'mislaid'"
        ).fetchone()
    assert mislaid == 0

    monkeypatch.setattr(marts, "build_marts", build)
    assert runner.materialise(home.settings, runner.Inputs(), days=[]).failures == []
    assert published.stat().st_ino != before
