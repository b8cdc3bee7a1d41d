"""What the build derives from its sources, by sources of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.reference.build import __main__ as command
from pipelines.reference.build import cities, leaders, packages, territories
from pipelines.reference.build.packages import City, SourceMissingError
from pipelines.reference.build.scripts import printed_names
from pipelines.reference.build.sheets import Row, Sheet, read_sheet, text_of

COLUMNS = ("key", "name", "country", "wikidata_id", "kind", "context", "aliases", "weak_aliases",
           "provenance")  # fmt: skip


def place(name: str, country: str, **cells: str) -> Row:
    row = dict.fromkeys(COLUMNS, "") | {"name": name, "country": country, "kind": "city"}
    return row | {"provenance": "editor"} | cells


def city(
    number: int, name: str, country: str, population: int, *names: str, region: str = ""
) -> City:
    return City(number, name, country, region, population, names)


@pytest.fixture
def towns(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [
        city(1, "Oldford", "GB", 900_000, "Олдфорд", region="ENG"),
        city(2, "Newbury Falls", "US", 400_000, region="OH"),
        city(3, "Newbury Falls", "US", 60_000, region="TX"),
        city(4, "Grandville", "CA", 2_000_000, "Грандвиль", "Nick", region="10"),
        city(5, "Grandville", "US", 120_000, region="OH"),
        city(6, "Smallton", "FR", 90_000),
    ]
    monkeypatch.setattr(cities, "load_cities", lambda n: [c for c in known if c.population >= n])


def built(*rows: Row) -> dict[tuple[str, str], Row]:
    tables = {
        "places": Sheet(COLUMNS, rows),
        "territories": Sheet(COLUMNS, (place("Canada", "CA", key="CA", kind="country"),)),
    }
    sheet = cities.with_cities(tables, cities.shared_names(), set())
    return {(row["name"], row["context"]): row for row in sheet.rows}


@pytest.mark.usefixtures("towns")
def test_a_city_gets_a_row_and_a_small_one_only_as_a_rival() -> None:
    rows = built()
    assert rows["Oldford", "England"]["aliases"] == "Олдфорд"
    assert {name for name, _ in rows} == {"Oldford", "Newbury Falls", "Grandville"}


@pytest.mark.usefixtures("towns")
def test_shared_names_are_weak_unless_one_outweighs_the_others() -> None:
    rows = built()
    ohio, texas = rows["Newbury Falls", "Ohio"], rows["Newbury Falls", "Texas"]
    assert (ohio["weak_aliases"], texas["weak_aliases"]) == ("Newbury Falls", "Newbury Falls")
    assert (ohio["key"], texas["key"]) == ("newbury-falls-ohio-us", "newbury-falls-texas-us")
    assert rows["Grandville", "Quebec"]["weak_aliases"] == ""
    assert rows["Grandville", "Ohio"]["weak_aliases"] == "Grandville"


@pytest.mark.usefixtures("towns")
def test_what_was_entered_by_hand_wins_and_gains_names() -> None:
    rows = built(place("Oldford", "GB", wikidata_id="Q1", weak_aliases="Oldford"))
    row = rows["Oldford", "England"]
    assert row["wikidata_id"] == "Q1"
    assert row["weak_aliases"] == "Oldford|Олдфорд"
    assert row["provenance"] == "editor|geonames"


@pytest.mark.usefixtures("towns")
def test_a_second_build_changes_nothing() -> None:
    once = built(place("Oldford", "GB"))
    twice = built(*once.values())
    assert text_of(Sheet(COLUMNS, tuple(twice.values()))) == text_of(
        Sheet(COLUMNS, tuple(once.values()))
    )


def test_other_scripts_are_taken_and_latin_nicknames_are_not() -> None:
    names = (
        "The Neck",
        "Портленд",
        "波特",
        "波特蘭市",
        "ポートランド",
        "port land",
        "Ab",
        "Лондон ош",
    )
    assert list(printed_names(names, 600_000)) == ["Портленд", "波特蘭市", "ポートランド"]
    assert list(printed_names(("Портленд",), 90_000)) == []


LEADERS = """gec_code,country,office,text
xx,Freedonia,chief of state,President Rufus FIREFLY (since 7 May 2012)
xx,Freedonia,head of government,Prime Minister Gloria TEASDALE (since April 2018)
xx,Freedonia,chief of state,King UNKNOWN I (since 1 May 2001)
xx,Freedonia,chief of state,"President Rufus FIREFLY (since 7 May 2012), represented by Governor X (since 2 May 2001)"
"""


@pytest.fixture
def reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "leaders.csv").write_text(LEADERS, encoding="utf-8")
    monkeypatch.setattr(leaders, "country_codes", lambda: {"xx": "FD"})
    return tmp_path


def offices(reference: Path, *entered: Row) -> list[Row]:
    people = ("Rufus T. Firefly", "Gloria Teasdale")
    columns = ("person", "office", "title", "country", "since", "until", "provenance")
    tables = {
        "people": Sheet(COLUMNS, tuple(place(name, "FD") for name in people)),
        "territories": Sheet(COLUMNS, (place("Freedonia", "FD", key="FD"),)),
        "offices": Sheet(columns, entered),
    }
    return list(leaders.with_offices(tables, reference).rows)


def test_offices_are_read_from_the_printed_line(reference: Path) -> None:
    found = {(r["person"], r["office"], r["title"], r["since"]) for r in offices(reference)}
    assert found == {
        ("Rufus T. Firefly", "president", "President of Freedonia", "2012-05-07"),
        ("Gloria Teasdale", "prime_minister", "Prime Minister of Freedonia", "2018-04"),
    }


def test_an_office_entered_by_hand_wins(reference: Path) -> None:
    entered = dict.fromkeys(("title", "since", "until"), "") | {
        "person": "Gloria Teasdale", "office": "chancellor", "country": "FD", "provenance": "editor",
    }  # fmt: skip
    found = [r["office"] for r in offices(reference, entered) if r["person"] == "Gloria Teasdale"]
    assert found == ["chancellor"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError, match=r"leaders\.csv is not there; name its folder"):
        offices(tmp_path)


def test_a_missing_package_is_named_with_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packages, "WANTED", {"no_such_package": "1.0"})
    with pytest.raises(
        SourceMissingError, match=r"no_such_package.*pip install no_such_package==1\.0"
    ):
        packages.package("no_such_package")

    def missing(reference: Path) -> dict[Path, Sheet]:
        raise SourceMissingError(f"nothing in {reference}")

    monkeypatch.setattr(command, "build", missing)
    assert command.main(["--reference", "here"]) == 2
    assert "nothing in here" in capsys.readouterr().err


def test_check_writes_nothing_and_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "places.csv"
    table.write_text("name,country\nOld,FR\n", encoding="utf-8")
    fresh = Sheet(("name", "country"), ({"name": "New", "country": "FR"},))
    monkeypatch.setattr(command, "build", lambda reference: {table: fresh})
    assert command.main(["--check"]) == 1
    assert table.read_text(encoding="utf-8").endswith("Old,FR\n")
    assert "+ name New; country FR" in capsys.readouterr().out
    assert command.main([]) == 0
    assert read_sheet(table).rows == fresh.rows
    assert command.main(["--check"]) == 0


def test_territory_names_that_no_text_prints_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {
        "en": "Freedonia",
        "de": "Freedonien",
        "fr": "Fr. (îles)",
        "es": "SAR Freedonia China",
    }
    monkeypatch.setattr(
        territories, "_cldr_names", lambda code: (n for n in listed.values() if "(" not in n)
    )
    monkeypatch.setattr(territories, "_rigour_names", lambda row: iter(("Republic of Freedonia",)))
    sheet = Sheet(COLUMNS, (place("Freedonia", "FD", key="FD"),))
    (row,) = territories.with_names(
        {"territories": sheet}, {("territories", "SAR Freedonia China")}
    ).rows
    assert row["aliases"] == "Republic of Freedonia|Freedonien"
