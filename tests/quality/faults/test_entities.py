"""Faults in entities, their names, offices, redirects and in people's judgements about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from pipelines.quality.suites import suites_of
from tests.quality.narrowed import narrow
from tests.quality.seeding import Clean, Fault, Seeded, catch, stays_clean

ONLY = ("entities",)
NEW = (
    "INSERT INTO entities (entity_id, entity_type, name, origin, first_seen, last_seen)"
    " VALUES (?, 'person', 'Nobody At All', 'local', now(), now())"
)
SHOWN = "INSERT INTO entity_names VALUES (?, 'Nobody At All', 'name', NULL, 'mention')"


def some(home: Seeded, condition: str, number: int = 1) -> list[str]:
    """Ids of the first entities that fit."""
    return home.column(
        f"SELECT entity_id FROM entities WHERE {condition} ORDER BY 1 LIMIT {number}"
    )


def changed(change: str, condition: str = "origin = 'local'") -> Callable[[Seeded], list[str]]:
    """One entity is changed: its id is what the check must name."""

    def seed(home: Seeded) -> list[str]:
        keys = some(home, condition)
        home.write(f"UPDATE entities SET {change} WHERE entity_id = ?", keys)
        return keys

    return seed


def written(keys: Sequence[str], *statements: str) -> Callable[[Seeded], Sequence[str]]:
    """Rows are written as they stand; ``{living}`` is the id of some person."""

    def seed(home: Seeded) -> list[str]:
        (living,) = some(home, "entity_type = 'person' AND origin = 'catalogue'")
        for statement in statements:
            home.write(statement.replace("{living}", living))
        return [key.replace("{living}", living) for key in keys]

    return seed


def redirect(*pairs: tuple[str, str]) -> tuple[str, ...]:
    return tuple(
        f"INSERT INTO entity_redirects VALUES ('{old}', '{new}', 'articles', now(), 'r')"
        for old, new in pairs
    )


def judgement(key: str, left: str, right: str, word: str = "positive", undone: str = "NULL") -> str:
    return (
        "INSERT INTO entity_judgements (judgement_id, left_id, right_id, judgement, created_at,"
        f" deleted_at) VALUES ('{key}', '{left}', '{right}', '{word}', TIMESTAMPTZ '2026-03-02 09:00:00+00', {undone})"
    )


def office(values: str) -> str:
    """An office: office, title, country, since, until."""
    return f"INSERT INTO entity_offices VALUES ('{{living}}', {values})"


def an_item_twice(home: Seeded) -> list[str]:
    """Two entities are the same Wikidata item."""
    first, second = some(home, "entity_type = 'place' AND wikidata_id IS NOT NULL", 2)
    home.write("UPDATE entities SET wikidata_id = ? WHERE entity_id = ?", [first, second])
    return [first, second]


def doubled(home: Seeded) -> list[str]:
    keys = some(home, "TRUE")
    home.write("INSERT INTO entities SELECT * FROM entities WHERE entity_id = ?", keys)
    return keys


def named_by_nothing(home: Seeded) -> list[str]:
    home.write(NEW, ["local:nobody"])
    home.write(SHOWN, ["local:nobody"])
    return ["local:nobody"]


def shown_name_missing(home: Seeded) -> list[str]:
    keys = some(home, "origin = 'local'")
    home.write("DELETE FROM entity_names WHERE entity_id = ?", keys)
    return keys


def office_of_an_organization(home: Seeded) -> list[str]:
    keys = some(home, "entity_type = 'organization'")
    home.write("INSERT INTO entity_offices VALUES (?, 'mayor', 'Mayor', 'NO', '2020', NULL)", keys)
    return keys


def column_gone(table: str, column: str) -> Callable[[Seeded], list[str]]:
    def seed(home: Seeded) -> list[str]:
        home.write(f"ALTER TABLE {table} DROP COLUMN {column}")
        return []

    return seed


def renamed(home: Seeded) -> None:
    """Local organizations get odd names, each in its list of names too."""
    names = ("AT&T", "Ferry.example", "S.p.A./N.V.", "1&1", "Anzeiger", "Â Côté", "ᏣᎳᎩ")
    keys = some(home, "entity_type = 'organization' AND origin = 'local'", len(names))
    for key, name in zip(keys, names, strict=True):
        home.write("UPDATE entities SET name = ? WHERE entity_id = ?", [name, key])
        home.write("INSERT INTO entity_names VALUES (?, ?, 'alias', NULL, 'mention')", [key, name])


C, W = "critical", "warning"
FAULTS = [
    Fault("an entity twice", "entities", "entity_id_unique", C, doubled),
    Fault("an entity of an unknown type", "entities", "entity_type_known", C,
          changed("entity_type = 'vehicle'")),
    Fault("a Wikidata id of another form", "entities", "wikidata_id_formed", C,
          changed("wikidata_id = 'q84'")),
    Fault("a Wikidata item twice", "entities", "wikidata_id_unique", W, an_item_twice, "flagged"),
    Fault("another Wikidata item than the id says", "entities", "wikidata_id_is_the_id", W,
          changed("wikidata_id = 'Q999999999'", "wikidata_id = entity_id"), "flagged"),
    Fault("a country's name in place of its code", "entities", "entity_country_formed", W,
          changed("country = 'Norway'"), "flagged"),
    Fault("last seen before it was first seen", "entities", "seen_in_order", W,
          changed("last_seen = first_seen - INTERVAL 1 DAY"), "flagged"),
    Fault("an entity that nothing names", "entities", "entity_is_named_somewhere", W,
          named_by_nothing, "flagged"),
    Fault("a name shown that no list of names has", "entities", "entity_name_is_listed", W,
          shown_name_missing, "flagged"),
    Fault("a person called by a number", "entities", "entity_name_has_letters", W,
          changed("name = '12 345'", "entity_type = 'person'"), "flagged"),
    Fault("a button taken for a name", "entities", "entity_name_is_no_chrome", W,
          changed("name = 'Read more'"), "flagged"),
    Fault("an address taken for a name", "entities", "entity_name_is_no_address", W,
          changed("name = 'pics.harbour.example/a1b2'"), "flagged"),
    Fault("a name in a wrong encoding", "entities", "entity_name_is_text", W,
          changed("name = 'BjÃ¸rn Ã…sen'"), "flagged"),
    Fault("an origin that nobody knows", "entities", "entity_origin_known", W,
          changed("origin = 'hearsay'"), "flagged"),
    Fault("a column of entities gone", "entities", "entities_schema", C,
          column_gone("entities", "country"), None),
    Fault("a name of nothing", "entities", "entity_name_references_hold", C,
          written(["local:gone"],
                  "INSERT INTO entity_names VALUES ('local:gone', 'Gone', 'name', NULL, 'mention')")),
    Fault("a name twice", "entities", "entity_name_unique", C,
          written(["{living}"], "INSERT INTO entity_names SELECT * REPLACE ('alias' AS name_kind)"
                  " FROM entity_names WHERE entity_id = '{living}' LIMIT 1")),
    Fault("two names shown", "entities", "entity_has_one_name_shown", W,
          written(["{living}"],
                  "INSERT INTO entity_names VALUES ('{living}', 'X', 'name', NULL, 'catalogue')"),
          "flagged"),
    Fault("a kind of name that nobody knows", "entities", "entity_name_kind_known", W,
          written(["{living}"],
                  "INSERT INTO entity_names VALUES ('{living}', 'X', 'pet', NULL, 'catalogue')"),
          "flagged"),
    Fault("an origin of a name that nobody knows", "entities", "entity_name_origin_known", W,
          written(["{living}"],
                  "INSERT INTO entity_names VALUES ('{living}', 'X', 'alias', NULL, 'hearsay')"),
          "flagged"),
    Fault("a language's name in place of its code", "entities", "entity_name_language_formed", W,
          written(["{living}"],
                  "INSERT INTO entity_names VALUES ('{living}', 'X', 'alias', 'German', 'catalogue')"),
          "flagged"),
    Fault("an office of an organization", "entities", "office_references_hold", C,
          office_of_an_organization),
    Fault("an office that no list has", "entities", "office_known", W,
          written(["{living}"], office("'lord_of_tides', 'Lord', 'NO', '2020', NULL")), "flagged"),
    Fault("an office twice", "entities", "office_stands_once", W,
          written(["{living}"], *[office("'mayor', 'Mayor', 'NO', '2020', NULL")] * 2), "flagged"),
    Fault("an office that ends before it began", "entities", "office_ends_after_it_began", W,
          written(["{living}"], office("'mayor', 'Mayor', 'NO', '2020-05', '2019'")), "flagged"),
    Fault("a redirect to nothing", "entities", "redirect_leads_to_an_entity", C,
          written(["local:old"], *redirect(("local:old", "local:nothing")))),
    Fault("a redirect of a living id", "entities", "living_ids_lead_nowhere", C,
          written(["{living}"], *redirect(("{living}", "local:any")))),
    Fault("a redirect to itself", "entities", "redirect_leads_elsewhere", C,
          written(["local:old"], *redirect(("local:old", "local:old")))),
    Fault("a chain of redirects", "entities", "redirects_make_no_chain", C,
          written(["local:a"], *redirect(("local:a", "local:b"), ("local:b", "{living}")))),
    Fault("a circle of redirects", "entities", "redirects_make_no_chain", C,
          written(["local:a", "local:b"], *redirect(("local:a", "local:b"), ("local:b", "local:a")))),
    Fault("a redirect to two places", "entities", "redirect_unique", C,
          written(["local:old"], *redirect(("local:old", "{living}"), ("local:old", "local:x")))),
    Fault("a redirect for no known reason", "entities", "redirect_reason_known", W,
          written(["local:old"], "INSERT INTO entity_redirects VALUES"
                  " ('local:old', '{living}', 'whim', now(), 'r')"), "flagged"),
    Fault("an entity merged with itself", "entities", "judgement_is_about_two", C,
          written(["j1"], judgement("j1", "local:a", "local:a"))),
    Fault("a decision in words of its own", "entities", "judgement_known", C,
          written(["j1"], judgement("j1", "local:a", "local:b", "perhaps"))),
    Fault("a decision undone before it was made", "entities", "judgement_undone_after_it_was_made",
          W, written(["j1"], judgement("j1", "local:a", "local:b",
                                       undone="TIMESTAMPTZ '2026-03-01 09:00:00+00'")), "flagged"),
    Fault("two decisions against each other", "entities", "judgements_do_not_contradict", W,
          written(["j1"], judgement("j1", "local:a", "local:b"),
                  judgement("j2", "local:b", "local:a", "negative")), "flagged"),
]  # fmt: skip
CLEAN = [
    Clean("names that only resemble chrome, addresses, markup and broken letters", renamed, ONLY),
    Clean("a decision that was undone, and the opposite one",
          written([], judgement("j1", "local:a", "local:b", undone="now()"),
                  judgement("j2", "local:a", "local:b", "negative")), ONLY),
    Clean("an office that ends in the year in which it began",
          written([], office("'mayor', 'Mayor', 'NO', '2020-05-07', '2020'")), ONLY),
    Clean("two terms of the same office",
          written([], office("'mayor', 'Mayor', 'NO', '2008', '2012'"),
                  office("'mayor', 'Mayor', 'NO', '2016', NULL")), ONLY),
    Clean("many old ids of one entity",
          written([], *redirect(*((f"local:{n}", "{living}") for n in range(40)))), ONLY),
    Clean("a place and its people under one Wikidata item",
          changed("wikidata_id = (SELECT min(wikidata_id) FROM entities WHERE entity_type = 'place')",
                  "entity_type = 'nationality'"), ONLY),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_by_its_check(sample_home, tmp_path, monkeypatch, fault):
    narrow(monkeypatch, fault.check)
    catch(Seeded(sample_home, tmp_path), fault)


@pytest.mark.parametrize("variant", CLEAN, ids=lambda variant: variant.name)
def test_what_is_unusual_but_right_raises_no_alarm(sample_home, tmp_path, variant):
    stays_clean(Seeded(sample_home, tmp_path), variant)


def test_each_rule_on_entities_has_a_fault():
    declared = {check.name for suite in suites_of("entities") for check in suite.checks}
    schemas = {name for name in declared if name.endswith("_schema")} - {"entities_schema"}
    assert declared - {fault.check for fault in FAULTS} == schemas
