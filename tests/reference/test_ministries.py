"""A country and a field name a ministry, whether or not a row lists it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.reference import ministries, tables
from pipelines.reference.entities import load_entities
from pipelines.reference.ministries import (
    fields_by_form,
    load_ministries,
    ministry_entity,
    ministry_of,
)
from pipelines.reference.tables import TableError


def test_the_rule_names_a_body_that_no_row_lists() -> None:
    made = ministry_entity("ministry:CN:finance")
    assert made is not None
    assert made.entity_id == "ministry:CN:finance"
    assert made.name == "Finance Ministry of China"
    assert (made.entity_type, made.kind, made.country) == ("organization", "ministry", "CN")
    assert {"Ministry of Finance of China", "Chinese Finance Ministry"} <= set(made.aliases)
    assert "Finance Ministry" in made.weak_aliases


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("NL", "Culture Ministry of the Netherlands"),
        ("BS", "Culture Ministry of the Bahamas"),
        ("CD", "Culture Ministry of the Democratic Republic of the Congo"),
        ("FR", "Culture Ministry of France"),
    ],
)
def test_the_article_is_set_where_english_has_it(country: str, name: str) -> None:
    made = ministry_of(country, "culture")
    assert made is not None
    assert made.name == name


@pytest.mark.parametrize(
    ("entity_id", "name"),
    [
        ("ministry:US:foreign", "United States Department of State"),
        ("ministry:GB:interior", "Home Office"),
        ("ministry:IN:foreign", "Ministry of External Affairs"),
    ],
)
def test_a_body_with_a_row_of_its_own_is_that_row(entity_id: str, name: str) -> None:
    own = ministry_entity(entity_id)
    assert own is not None
    assert own.name == name
    assert own in load_entities()


@pytest.mark.parametrize(
    "entity_id", ["ministry:XX:foreign", "ministry:CN:magic", "ministry:cn:foreign", "Q148", ""]
)
def test_nothing_else_is_a_ministry(entity_id: str) -> None:
    assert ministry_entity(entity_id) is None


def test_a_form_tells_its_field_whatever_its_case() -> None:
    assert fields_by_form()["ministry of external affairs"] == "foreign"
    assert fields_by_form()["home ministry"] == "interior"
    assert fields_by_form()["defense ministry"] == "defence"


def test_fields_are_unique_and_sorted() -> None:
    fields = [ministry.field for ministry in load_ministries()]
    assert fields == sorted(set(fields))


def test_no_row_has_the_id_of_a_ministry_by_rule() -> None:
    assert [e.entity_id for e in load_entities() if e.entity_id.startswith("ministry:")] == []


HEADER = "key,name,aliases,own_names,provenance\n"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("a,Art Ministry,Ministry of Art,,editor\nb,Craft Ministry,ministry of art,,editor\n",
         r"ministries\.csv:3: 'ministry of art' is a form of 'a' already"),
        ("a,Art Ministry,,FR=Nobody's Office,editor\n",
         r"ministries\.csv:2: no organization of FR is called \"Nobody's Office\""),
        ("a,Art Ministry,,FR=Home Office,editor\n",
         r"ministries\.csv:2: no organization of FR is called 'Home Office'"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_stand_names_its_line(
    lines: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_entities()
    (tmp_path / "ministries.csv").write_text(HEADER + lines, encoding="utf-8")
    monkeypatch.setattr(tables, "DATA", tmp_path)
    with pytest.raises(TableError, match=message):
        ministries.load_ministries.__wrapped__()
