"""A form is strong only where it means one thing: rivals are data, so that a new row meets them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.reference import build
from pipelines.reference.entities import KnownEntity, load_entities
from pipelines.reference.tables import values

BUILD_DATA = Path(build.__file__).parent / "data"
# A shared name means the largest place where that has this many times the people of the next.
DOMINANT = 10
# A lone person's form is a surname that the tables of people test; nationalities are words.
CHECKED = {"place", "organization", "event"}


def build_rows(name: str) -> Iterator[dict[str, str]]:
    with (BUILD_DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@pytest.fixture(scope="module")
def strong() -> dict[str, KnownEntity]:
    """Strong forms of one capitalised word in Latin letters; of several, of places alone."""
    return {
        form: entity
        for entity in load_entities()
        if entity.entity_type in CHECKED
        for form in entity.aliases
    }


@pytest.fixture(scope="module")
def excused() -> set[str]:
    return {row["form"] for row in build_rows("strong_anyway.csv")}


@pytest.mark.parametrize("kind", ["word", "given name", "surname"])
def test_no_strong_form_is_a_word_or_a_persons_name(
    kind: str, strong: dict[str, KnownEntity], excused: set[str]
) -> None:
    common = {row["form"] for row in build_rows("common_forms.csv") if row["kind"] == kind}
    assert len(common) > 400
    assert {f: strong[f].name for f in sorted(common & set(strong)) if f not in excused} == {}


def test_no_strong_form_is_a_name_that_several_cities_share(
    strong: dict[str, KnownEntity], excused: set[str]
) -> None:
    wrong = {}
    for row in build_rows("shared_names.csv"):
        sizes = [int(place.rpartition(":")[2]) for place in values(row["places"])]
        if row["form"] in strong and sizes[0] < DOMINANT * sizes[1] and row["form"] not in excused:
            wrong[row["form"]] = (strong[row["form"]].name, row["places"])
    assert wrong == {}


def test_cities_that_share_a_name_are_rows_with_their_region() -> None:
    named: dict[str, list[KnownEntity]] = defaultdict(list)
    for entity in load_entities():
        if entity.kind in {"city", "capital"}:
            for form in (*entity.aliases, *entity.weak_aliases):
                named[form].append(entity)
    shared = [row["form"] for row in build_rows("shared_names.csv")]
    assert [form for form in shared if not named[form]] == []
    for form in ("Springfield", "Portland", "Columbia", "Kingston", "Birmingham", "Richmond"):
        assert len(named[form]) > 1, form
        assert len({entity.within for entity in named[form]}) == len(named[form]), form


def test_what_may_stay_strong_is_strong(excused: set[str]) -> None:
    forms = {form for entity in load_entities() for form in entity.aliases}
    assert sorted(excused - forms) == []


def test_omitted_forms_are_not_strong() -> None:
    places = (entity for entity in load_entities() if entity.entity_type == "place")
    strong = {form for entity in places for form in entity.aliases}
    assert [r["form"] for r in build_rows("omitted.csv") if r["form"] in strong] == []


@pytest.mark.parametrize(
    "form",
    ["Education Department", "World Cup", "Emirates", "Macedonia", "Columbia", "Senate", "Georgia",
     "Supreme Court", "Parliament", "Foreign Ministry", "Congo", "Victoria", "Cambridge"],
)  # fmt: skip
def test_known_traps_need_support(form: str) -> None:
    assert [e.name for e in load_entities() if form in e.aliases] == []
