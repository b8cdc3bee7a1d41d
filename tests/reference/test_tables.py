"""The reference tables hold: what a row must be, and what strong forms promise."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from pipelines.reference import tables
from pipelines.reference.entities import KnownEntity, load_entities
from pipelines.reference.outlets import OUTLET_ROLES, load_outlets
from pipelines.reference.tables import TableError

TABLES = sorted(path.stem for path in tables.DATA.glob("*.csv"))
# Tables whose rows are entities; the others say something about them.
ENTITY_TABLES = [table for table in TABLES if table not in {"ministries", "offices"}]
TYPES = {"person", "organization", "place", "nationality", "event"}
SOURCES = {"editor", "rigour", "cldr", "geonames", "factbook", "entity-linking", "seeds"}
OFFICES = {
    "ambassador", "chair", "chancellor", "chief_executive", "coach", "crown_prince",
    "defence_minister", "deputy_prime_minister", "emir", "envoy", "finance_minister",
    "foreign_minister", "governor", "governor_general", "interior_minister", "mayor", "minister",
    "monarch", "pope", "premier", "president", "prime_minister", "secretary_general",
    "secretary_of_state", "senator", "speaker", "spokesperson", "sultan", "supreme_leader",
    "vice_president",
}  # fmt: skip
DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
COUNTRIES = {row["key"] for _, row in tables.rows("territories")}


@pytest.fixture(scope="module")
def entities() -> tuple[KnownEntity, ...]:
    return load_entities()


def test_tables_are_those_that_the_loader_reads() -> None:
    assert TABLES == [
        "events",
        "ministries",
        "nationalities",
        "offices",
        "organizations",
        "outlets",
        "people",
        "places",
        "territories",
    ]


@pytest.mark.parametrize("table", ENTITY_TABLES)
def test_rows_are_complete(table: str) -> None:
    wrong = []
    for place, row in tables.rows(table):
        sources = tables.values(row["provenance"])
        if not row["name"]:
            wrong.append(f"{place}: no name")
        if not sources or set(sources) - SOURCES:
            wrong.append(f"{place}: provenance {row['provenance']!r}")
        if row["country"] and row["country"] not in COUNTRIES:
            wrong.append(f"{place}: unknown country {row['country']!r}")
        if row["wikidata_id"] and not re.fullmatch(r"Q[1-9]\d*", row["wikidata_id"]):
            wrong.append(f"{place}: {row['wikidata_id']!r} is no Wikidata id")
    assert wrong == []


@pytest.mark.parametrize("table", ENTITY_TABLES)
def test_cells_hold_no_blank_values_and_no_stray_spaces(table: str) -> None:
    wrong = []
    for place, row in tables.rows(table):
        for column in ("name", "aliases", "weak_aliases", "provenance"):
            parts = row[column].split("|") if row[column] else []
            if any(not part or part != " ".join(part.split()) for part in parts):
                wrong.append(f"{place}: {column}")
            if len(parts) != len(set(parts)):
                wrong.append(f"{place}: {column} repeats a value")
    assert wrong == []


def test_ids_are_unique_and_in_order(entities: tuple[KnownEntity, ...]) -> None:
    ids = [entity.entity_id for entity in entities]
    assert ids == sorted(set(ids))
    assert {entity.entity_type for entity in entities} == TYPES


def test_id_is_the_wikidata_id_or_a_catalogue_id(entities: tuple[KnownEntity, ...]) -> None:
    for entity in entities:
        if entity.wikidata_id is None:
            assert re.fullmatch(r"[a-z]+:[A-Za-z0-9-]+", entity.entity_id), entity
        else:
            assert entity.entity_id == entity.wikidata_id


def test_a_strong_form_means_one_thing(entities: tuple[KnownEntity, ...]) -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    for entity in entities:
        for form in entity.aliases:
            holders[form].add(entity.entity_id)
    assert {form: ids for form, ids in holders.items() if len(ids) > 1} == {}


def test_no_form_is_both_strong_and_weak(entities: tuple[KnownEntity, ...]) -> None:
    assert [e.entity_id for e in entities if set(e.aliases) & set(e.weak_aliases)] == []


def test_every_entity_can_be_found_by_some_form(entities: tuple[KnownEntity, ...]) -> None:
    assert [e.entity_id for e in entities if not e.aliases and not e.weak_aliases] == []


def test_a_lone_surname_is_never_strong(entities: tuple[KnownEntity, ...]) -> None:
    wrong = []
    for person in (entity for entity in entities if entity.entity_type == "person"):
        words = person.name.split()
        if len(words) > 1:
            wrong += [form for form in person.aliases if form in (words[0], words[-1])]
    assert wrong == []


@pytest.mark.parametrize(
    "form",
    ["Jordan", "Chad", "Georgia", "Lima", "Nice", "Washington", "Apple", "Time", "May", "X",
     "Congress", "Putin", "Trump", "Xi", "Tempo", "The Sun", "Die Zeit", "Reading", "Of", "Island"],
)  # fmt: skip
def test_ambiguous_words_need_support(form: str, entities: tuple[KnownEntity, ...]) -> None:
    assert [entity.entity_id for entity in entities if form in entity.aliases] == []


@pytest.mark.parametrize(
    ("form", "entity_id", "entity_type"),
    [
        ("U.S.", "Q30", "place"),
        ("US", "Q30", "place"),
        ("Britain", "Q145", "place"),
        ("UAE", "Q878", "place"),
        ("Côte d'Ivoire", "Q1008", "place"),
        ("Côte d’Ivoire", "Q1008", "place"),
        ("Россия", "Q159", "place"),
        ("Kiev", "Q1899", "place"),
        ("Alaska", "Q797", "place"),
        ("Middle East", "Q7204", "place"),
        ("Russians", "nationality:RU", "nationality"),
        ("European", "nationality:european", "nationality"),
        ("Kremlin", "organization:kremlin", "organization"),
        ("White House", "Q35525", "organization"),
        ("EU", "Q458", "organization"),
        ("Anadolu", "outlet:anadolu-agency", "organization"),
        ("Volodymyr Zelensky", "Q3874799", "person"),
        ("Си Цзиньпин", "Q15031", "person"),
        ("World War Two", "Q362", "event"),
    ],
)
def test_strong_forms_as_printed(
    form: str, entity_id: str, entity_type: str, entities: tuple[KnownEntity, ...]
) -> None:
    found = [(e.entity_id, e.entity_type) for e in entities if form in e.aliases]
    assert found == [(entity_id, entity_type)]


def test_every_country_has_a_nationality(
    entities: tuple[KnownEntity, ...],
) -> None:
    states = {row["key"] for _, row in tables.rows("territories") if row["kind"] == "country"}
    demonyms = {e.country for e in entities if e.entity_type == "nationality"}
    assert len(states) >= 195
    assert states - demonyms <= {"VA"}


def test_offices_are_complete() -> None:
    wrong = []
    for place, row in tables.rows("offices"):
        if row["office"] not in OFFICES:
            wrong.append(f"{place}: unknown office {row['office']!r}")
        if not row["title"]:
            wrong.append(f"{place}: no title")
        if row["country"] and row["country"] not in COUNTRIES:
            wrong.append(f"{place}: unknown country {row['country']!r}")
        if set(tables.values(row["provenance"])) - SOURCES or not row["provenance"]:
            wrong.append(f"{place}: provenance {row['provenance']!r}")
        dates = [date for date in (row["since"], row["until"]) if date]
        wrong += [f"{place}: {d!r} is no ISO 8601 date" for d in dates if not DATE.fullmatch(d)]
        if row["until"] and row["until"] <= row["since"]:
            wrong.append(f"{place}: ends before it begins")
    assert wrong == []


def test_terms_of_office_tell_namesakes_apart(entities: tuple[KnownEntity, ...]) -> None:
    bushes = [e for e in entities if "Bush" in e.weak_aliases and e.offices]
    terms = {
        (office.since, office.until)
        for bush in bushes
        for office in bush.offices
        if office.office == "president"
    }
    assert len(bushes) == 2
    assert terms == {("1989-01-20", "1993-01-20"), ("2001-01-20", "2009-01-20")}


def test_offices_come_in_order(entities: tuple[KnownEntity, ...]) -> None:
    held = [[office.since or "" for office in e.offices] for e in entities if len(e.offices) > 1]
    assert held
    assert held == [sorted(dates) for dates in held]


def test_an_office_needs_its_holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in tables.DATA.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "offices.csv").open("a", encoding="utf-8") as lines:
        lines.write("Nobody Known,mayor,Mayor of Nowhere,,,,editor\n")
    monkeypatch.setattr(tables, "DATA", tmp_path)
    with pytest.raises(TableError, match=r"people\.csv has no 'Nobody Known'"):
        load_entities.__wrapped__()


def test_places_say_what_contains_them(entities: tuple[KnownEntity, ...]) -> None:
    portlands = {e.within for e in entities if "Portland" in e.weak_aliases and e.kind == "city"}
    assert ("Oregon", "United States") in portlands
    assert ("Maine", "United States") in portlands
    (berlin,) = (e for e in entities if e.name == "Berlin" and e.kind == "capital")
    assert berlin.within == ("Germany",)


@pytest.mark.parametrize("entity_type", ["place", "organization", "event"])
def test_kinds_are_given(entity_type: str, entities: tuple[KnownEntity, ...]) -> None:
    without = [e.name for e in entities if e.entity_type == entity_type and not e.kind]
    assert without == []


def test_outlets_enter_the_catalogue_as_organizations(
    entities: tuple[KnownEntity, ...],
) -> None:
    named = {entity.name for entity in entities if entity.entity_type == "organization"}
    assert {outlet.name for outlet in load_outlets()} <= named
    assert {outlet.role for outlet in load_outlets()} == OUTLET_ROLES


def test_importing_stays_light() -> None:
    code = (
        "import sys; import pipelines.reference.entities, pipelines.reference.outlets; "
        "print([m for m in ('spacy','dagster','duckdb','lxml','pandas','numpy') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
