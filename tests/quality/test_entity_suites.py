"""The suites of mentions and entities: clean tables raise nothing, each fault is caught by its rule."""

from __future__ import annotations

from datetime import UTC, date, datetime

import duckdb
import pytest

from pipelines.normalise.records import LINKED_REASONS, LOCAL, OPEN_REASONS
from pipelines.normalise.role_words import offices
from pipelines.quality.suites import ROW_RULE, load_suites, suites_of
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BODY = "Kestrian President Ada Bell met Tom Hale. Bell left; Hale, a baker, stayed in Marvale."
TABLES = (
    "article_versions", "ops.recognitions", "mentions", "article_entities", "entities",
    "entity_names", "entity_offices", "entity_redirects", "entity_judgements",
)  # fmt: skip


def version(**changes):
    return {
        "article_id": "a", "version": 1, "source_id": "s", "headline": "Bell meets Hale",
        "article_body": BODY, "in_language": "en", "content_sha256": "c", "fetch_id": "f",
        "fetch_date": DAY, "extractor": "html", "extractor_version": "1", "change_kind": "first",
        "valid_from": NOON, "date_published": NOON, "date_published_precision": "minute",
    } | changes  # fmt: skip


def mention(number, exact, referent, entity, *, after="", kind="person", headline=False, **changes):
    text = version()["headline"] if headline else BODY
    start = text.index(exact, text.index(after))
    return {
        "mention_id": f"m{number}", "article_id": "a", "version": 1, "referent_id": referent,
        "entity_id": entity, "mention_type": kind, "exact": exact, "start_char": start,
        "end_char": start + len(exact), "sentence_no": 0, "in_headline": headline,
        "confidence": 0.9, "recognizer": "test", "recognizer_version": "1",
    } | changes  # fmt: skip


def referent(key, name, reason, entity, count, *, kind="person", headline=False, **changes):
    return {
        "article_id": "a", "version": 1, "referent_id": key, "entity_id": entity,
        "base_id": entity, "entity_type": kind, "name": name, "name_key": name.casefold(),
        "reason": reason, "candidates": [], "context": [], "mention_count": count,
        "in_headline": headline, "recognizer_version": "1",
    } | changes  # fmt: skip


def entity(key, name, kind="person", origin="local"):
    return {
        "entity_id": key, "entity_type": kind, "name": name, "origin": origin,
        "first_seen": NOON, "last_seen": NOON,
    }  # fmt: skip


ROLE = {"role_text": "Kestrian President", "role_office": "president", "role_country": "KE",
        "role_is_former": False}  # fmt: skip


def rows():
    """A warehouse in which everything is as it should be, with an open name and a merged id."""
    return {
        "article_versions": [version()],
        "ops.recognitions": [
            {"article_id": "a", "version": 1, "recognizer_version": "1", "mention_count": 6},
        ],
        "mentions": [
            mention(1, "Bell", "r1", "Q1", headline=True),
            mention(2, "Ada Bell", "r1", "Q1", **ROLE),
            mention(3, "Bell", "r1", "Q1", after="Bell left"),
            mention(4, "Tom Hale", "r2", "local:hale"),
            mention(5, "Hale", "r2", "local:hale", after="Hale, a", role_text="baker",
                    role_is_former=False),
            mention(6, "Marvale", "r3", None, kind="place"),
        ],
        "article_entities": [
            referent("r1", "Ada Bell", "name", "Q1", 3, headline=True),
            referent("r2", "Tom Hale", LOCAL, "local:hale", 2),
            referent("r3", "Marvale", "ambiguous", None, 1, kind="place",
                     candidates=["place:marvale", "place:marvale-2"]),
        ],
        "entities": [entity("Q1", "Ada Bell", origin="catalogue"), entity("local:hale", "Tom Hale")],
        "entity_names": [
            {"entity_id": "Q1", "name": "Ada Bell", "name_kind": "name", "origin": "catalogue"},
            {"entity_id": "Q1", "name": "Bell", "name_kind": "weak_alias", "origin": "catalogue"},
            {"entity_id": "local:hale", "name": "Tom Hale", "name_kind": "name",
             "origin": "mention"},
        ],
        "entity_offices": [
            {"entity_id": "Q1", "office": "president", "title": "President", "country": "KE",
             "since": "2024-05", "until": None},
        ],
        "entity_redirects": [
            {"old_id": "local:t-hale", "entity_id": "local:hale", "reason": "judgement",
             "since": NOON},
        ],
        "entity_judgements": [
            {"judgement_id": "j1", "left_id": "local:hale", "right_id": "local:t-hale",
             "judgement": "positive", "created_at": NOON},
        ],
    }  # fmt: skip


def fill(connection, tables):
    for table in TABLES:
        insert_rows(connection, table, tables[table])


@pytest.fixture
def connection():
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    apply_schema(connection)
    fill(connection, rows())
    return connection


def failing(connection):
    """The row rules of both assets that fail, with the keys that they name."""
    found = {}
    for suite in (*suites_of("mentions"), *suites_of("entities")):
        for check in suite.checks:
            if check.expectation != ROW_RULE:
                continue
            keys = connection.execute(
                f"SELECT DISTINCT {check.key} FROM ({suite.rule_sql(check, DAY)}) ORDER BY 1"
            ).fetchall()
            if keys:
                found[check.name] = [key for (key,) in keys]
    return found


def test_clean_tables_raise_nothing(connection):
    assert failing(connection) == {}


FAULTS = [
    ("UPDATE mentions SET version = 2 WHERE mention_id = 'm6'",
     {"mention_has_a_version": ["m6"], "referent_holds": ["m6"],
      "referent_counts_its_mentions": ["r3"], "mentions_as_many_as_found": ["a"]}),
    ("UPDATE mentions SET referent_id = 'r9' WHERE mention_id = 'm6'",
     {"referent_holds": ["m6"], "referent_counts_its_mentions": ["r3"]}),
    ("UPDATE mentions SET entity_id = 'local:hale' WHERE mention_id = 'm3'",
     {"referent_holds": ["m3"]}),
    ("UPDATE mentions SET role_text = 'Kestrian president' WHERE mention_id = 'm2'",
     {"role_is_printed": ["m2"]}),
    ("UPDATE mentions SET role_text = 'baker', role_is_former = false WHERE mention_id = 'm1'",
     {"role_is_printed": ["m1"]}),
    ("UPDATE mentions SET role_text = 'baker', role_is_former = false WHERE mention_id = 'm6'",
     {"role_is_a_persons": ["m6"]}),
    ("UPDATE mentions SET role_text = NULL WHERE mention_id = 'm2'",
     {"role_parts_have_a_role": ["m2"]}),
    ("UPDATE mentions SET role_is_former = NULL WHERE mention_id = 'm5'",
     {"role_parts_have_a_role": ["m5"]}),
    ("UPDATE mentions SET role_country = 'ke' WHERE mention_id = 'm2'",
     {"role_parts_have_a_role": ["m2"]}),
    ("INSERT INTO article_entities SELECT * FROM article_entities WHERE referent_id = 'r3'",
     {"referent_unique": ["r3"], "referent_counts_its_mentions": ["r3"]}),
    ("UPDATE article_entities SET version = 7 WHERE referent_id = 'r3'",
     {"referent_has_a_version": ["r3"], "referent_holds": ["m6"],
      "referent_counts_its_mentions": ["r3"]}),
    ("UPDATE article_entities SET entity_id = 'Q404' WHERE referent_id = 'r2';"
     " UPDATE mentions SET entity_id = 'Q404' WHERE referent_id = 'r2'",
     {"referent_references_hold": ["r2"], "mention_references_hold": ["m4", "m5"],
      "entity_is_named_somewhere": ["local:hale"]}),
    ("UPDATE article_entities SET entity_type = 'place' WHERE referent_id = 'r1'",
     {"referent_references_hold": ["r1"], "role_is_a_persons": ["m2"]}),
    ("UPDATE article_entities SET base_id = NULL WHERE referent_id = 'r1'",
     {"closed_referents_have_an_entity": ["r1"]}),
    ("UPDATE article_entities SET base_id = 'Q1' WHERE referent_id = 'r3'",
     {"closed_referents_have_an_entity": ["r3"]}),
    ("UPDATE article_entities SET reason = 'local', candidates = [] WHERE referent_id = 'r3'",
     {"closed_referents_have_an_entity": ["r3"]}),
    ("UPDATE article_entities SET candidates = ['Q2'] WHERE referent_id = 'r1'",
     {"only_open_referents_have_candidates": ["r1"]}),
    ("UPDATE article_entities SET candidates = [] WHERE referent_id = 'r3'",
     {"only_open_referents_have_candidates": ["r3"]}),
    ("UPDATE article_entities SET mention_count = 4 WHERE referent_id = 'r1'",
     {"referent_counts_its_mentions": ["r1"]}),
    ("UPDATE article_entities SET in_headline = true WHERE referent_id = 'r2'",
     {"referent_counts_its_mentions": ["r2"]}),
    ("UPDATE article_entities SET name_key = ' ' WHERE referent_id = 'r2'",
     {"referent_is_named": ["r2"]}),
    ("DELETE FROM mentions WHERE entity_id = 'local:hale'",
     {"referent_counts_its_mentions": ["r2"], "entity_is_named_somewhere": ["local:hale"],
      "mentions_as_many_as_found": ["a"]}),
    ("DELETE FROM entity_names WHERE name = 'Tom Hale'", {"entity_name_is_listed": ["local:hale"]}),
    ("UPDATE entity_redirects SET entity_id = 'Q404'",
     {"redirect_leads_to_an_entity": ["local:t-hale"]}),
    ("UPDATE entity_redirects SET old_id = entity_id",
     {"redirect_leads_elsewhere": ["local:hale"], "living_ids_lead_nowhere": ["local:hale"],
      "redirects_make_no_chain": ["local:hale"]}),
    ("UPDATE article_entities SET recognizer_version = '0' WHERE referent_id = 'r2'",
     {"one_recognizer_a_referent": ["r2"]}),
    ("UPDATE mentions SET recognizer_version = '0' WHERE mention_id = 'm6'",
     {"one_recognizer_a_version": ["m6"]}),
    ("UPDATE entity_redirects SET old_id = 'Q1'", {"living_ids_lead_nowhere": ["Q1"]}),
    ("INSERT INTO entity_redirects VALUES ('local:h', 'local:t-hale', 'articles', now(), NULL)",
     {"redirect_leads_to_an_entity": ["local:h"], "redirects_make_no_chain": ["local:h"]}),
    ("UPDATE entity_judgements SET right_id = left_id", {"judgement_is_about_two": ["j1"]}),
    ("UPDATE entity_judgements SET judgement_id = NULL", {"judgement_is_about_two": [None]}),
    ("UPDATE entity_judgements SET deleted_at = created_at - INTERVAL 1 HOUR",
     {"judgement_undone_after_it_was_made": ["j1"]}),
    ("INSERT INTO entity_judgements (judgement_id, left_id, right_id, judgement, created_at)"
     " VALUES ('j2', 'local:t-hale', 'local:hale', 'negative', now())",
     {"judgements_do_not_contradict": ["j1"]}),
    ("UPDATE entity_offices SET entity_id = 'Q404'", {"office_references_hold": ["Q404"]}),
    ("UPDATE entities SET entity_type = 'organization' WHERE entity_id = 'Q1'",
     {"office_references_hold": ["Q1"], "referent_references_hold": ["r1"],
      "mention_references_hold": ["m1", "m2", "m3"]}),
    ("INSERT INTO entity_offices SELECT * FROM entity_offices", {"office_stands_once": ["Q1"]}),
    ("UPDATE entity_offices SET until = '2023'", {"office_ends_after_it_began": ["Q1"]}),
    ("UPDATE entity_offices SET since = 'May 2024'", {"office_ends_after_it_began": ["Q1"]}),
    ("UPDATE entity_offices SET country = 'Kestria'",
     {"office_ends_after_it_began": ["Q1"]}),
    ("UPDATE entity_offices SET office = 'prime_minister'",
     {"role_agrees_with_catalogue": ["m2"]}),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "caught"), FAULTS, ids=[sql[:60] for sql, _ in FAULTS])
def test_each_fault_is_caught_by_its_rule_and_by_no_other(connection, fault, caught):
    connection.execute(fault)
    assert failing(connection) == caught


def test_every_row_rule_of_the_new_tables_has_a_fault_here():
    tested = {name for _, caught in FAULTS for name in caught}
    tables = ("article_entities", "entity_redirects", "entity_judgements", "entity_offices")
    rules = {
        check.name
        for suite in load_suites()
        for check in suite.checks
        if suite.table in tables and check.expectation == ROW_RULE and check.key == suite.key
    }
    assert rules - tested == set()


def test_an_undone_judgement_contradicts_nothing(connection):
    connection.execute(
        "INSERT INTO entity_judgements (judgement_id, left_id, right_id, judgement, created_at,"
        " deleted_at) VALUES ('j2', 'local:t-hale', 'local:hale', 'negative', now(), now())"
    )
    assert failing(connection) == {}


def test_an_office_may_end_in_the_year_in_which_it_began(connection):
    connection.execute("UPDATE entity_offices SET since = '2024-05-07', until = '2024'")
    assert "office_ends_after_it_began" not in failing(connection)


def test_suites_know_the_words_that_the_code_writes():
    allowed = {
        check.name: set(check.kwargs["value_set"])
        for suite in load_suites()
        for check in suite.checks
        if "value_set" in check.kwargs
    }
    assert allowed["referent_reason_known"] == {*LINKED_REASONS, LOCAL, *OPEN_REASONS}
    assert allowed["role_office_known"] == offices()
    assert allowed["office_known"] == offices() | {"premier"}


class TestWithGreatExpectations:
    """The rules that are no queries, and that the engine takes every suite."""

    SUITES = ("mentions", "article_entities", "entities", "entity_names", "entity_offices",
              "entity_redirects", "entity_judgements")  # fmt: skip

    def failed(self, tmp_path, *faults):
        from pipelines.quality.engine import run_suite

        settings = Settings(home=tmp_path / "home")
        with writing(settings) as connection:
            fill(connection, rows())
            for fault in faults:
                connection.execute(fault)
        found = {}
        for suite in load_suites():
            if suite.name in self.SUITES:
                for result in run_suite(settings.warehouse_file, suite, DAY):
                    assert result.error is None, (result.check.name, result.error)
                    if not result.success:
                        found[result.check.name] = result.failing_keys
        return found

    def test_clean_tables_pass_every_suite(self, tmp_path):
        assert self.failed(tmp_path) == {}

    def test_unknown_words_and_doubled_rows_are_caught(self, tmp_path):
        failed = self.failed(
            tmp_path,
            "UPDATE article_entities SET reason = 'guess', candidates = [] WHERE referent_id = 'r3'",
            "UPDATE article_entities SET entity_type = 'thing' WHERE referent_id = 'r3'",
            "UPDATE mentions SET role_office = 'boss' WHERE mention_id = 'm5'",
            "UPDATE entities SET origin = 'hearsay' WHERE entity_id = 'Q1'",
            "UPDATE entity_names SET name_kind = 'nickname' WHERE name = 'Bell'",
            "UPDATE entity_offices SET office = 'boss'",
            "INSERT INTO entity_redirects SELECT * FROM entity_redirects",
            "UPDATE entity_redirects SET reason = 'whim'",
            "UPDATE entity_judgements SET judgement = 'perhaps'",
        )
        expected = {
            "referent_reason_known": ("r3",),
            "referent_type_known": ("r3",),
            "role_office_known": ("m5",),
            "entity_origin_known": ("Q1",),
            "entity_name_kind_known": ("Q1",),
            "office_known": ("Q1",),
            "redirect_unique": ("local:t-hale",),
            "redirect_reason_known": ("local:t-hale",),
            "judgement_known": ("j1",),
        }
        assert {name: failed.get(name) for name in expected} == expected
