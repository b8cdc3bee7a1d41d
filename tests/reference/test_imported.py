"""A user's files as entities: what is taken, merged, weak, rejected."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pytest

from pipelines.normalise.names import same_length_fold
from pipelines.reference import imported, user_rows
from pipelines.reference.entities import KnownEntity
from pipelines.reference.ftm import SCHEMATA
from pipelines.reference.imported import catalogue_files
from pipelines.reference.merged import MergeReport, merged
from pipelines.reference.strength import weakness
from pipelines.reference.user_rows import LONGEST_NAME, MOST_FORMS
from pipelines.settings import Settings, SettingsError
from tests.reference.catalogue_files import DEFAULTS, ftm, write_lines


def taken(
    tmp_path: Path, *files: Path, defaults: tuple[KnownEntity, ...] = DEFAULTS
) -> tuple[dict[str, KnownEntity], MergeReport]:
    """The catalogue by id, with what became of the rows."""
    report = MergeReport()
    found = list(merged(defaults, files, tmp_path, report, same_length_fold))
    assert [entity.entity_id for entity in found] == sorted({e.entity_id for e in found})
    return {entity.entity_id: entity for entity in found}, report


class TestFollowTheMoney:
    def test_an_entity_brings_its_names_country_and_kind(self, tmp_path):
        record = ftm(
            "NK-7", "Company", "Halden Marine AS", alias=["Halden Shipping"], country=["no"],
            weakAlias=["HMA Group"], registrationNumber=["912"],
        )  # fmt: skip
        entities, report = taken(tmp_path, write_lines(tmp_path / "a.ftm.json", record))
        entity = entities["NK-7"]
        assert (entity.entity_type, entity.name, entity.country, entity.kind) == (
            "organization", "Halden Marine AS", "NO", "company",
        )  # fmt: skip
        assert entity.aliases == ("Halden Marine AS", "Halden Shipping")
        assert entity.weak_aliases == ("HMA Group",)
        assert (entity.wikidata_id, entity.provenance) == (None, "a.ftm.json")
        assert (report.read.rows, report.read.taken) == (1, 1)

    def test_nested_targets_are_read_for_themselves_alone(self, tmp_path):
        nested = ftm("NK-9", "Organization", "Halden Trust")
        record = ftm("NK-8", "Person", "Marte Halden", ownershipOwner=[nested]) | {
            "caption": "Marte Halden", "target": True, "datasets": ["x"],
        }  # fmt: skip
        entities, _ = taken(tmp_path, write_lines(tmp_path / "targets.nested.json", record))
        assert "NK-8" in entities
        assert "NK-9" not in entities

    def test_the_caption_names_it_where_it_is_one_of_its_names(self, tmp_path):
        one = ftm("a", "Person", "Иван Халден", "Ivan Halden") | {"caption": "Ivan Halden"}
        other = ftm("b", "Person", "Olga Halden") | {"caption": "somebody"}
        entities, _ = taken(tmp_path, write_lines(tmp_path / "a.json", one, other))
        assert entities["a"].name == "Ivan Halden"
        assert entities["b"].name == "Olga Halden"

    def test_a_lone_part_of_a_name_is_weak_though_listed_as_an_alias(self, tmp_path):
        record = ftm("a", "Person", "Marte Li Halden", alias=["Li Halden"], lastName=["Li Halden"])
        entities, _ = taken(tmp_path, write_lines(tmp_path / "a.json", record))
        assert entities["a"].weak_aliases == ("Li Halden",)

    def test_several_countries_are_none(self, tmp_path):
        records = [
            ftm("a", "Person", "Ada Bell", country=["us", "gb"]),
            ftm("b", "Person", "Ida Bell", citizenship=["FR"], country=[]),
            ftm("c", "Person", "Uda Bell", country=["suhh"]),
        ]
        entities, _ = taken(tmp_path, write_lines(tmp_path / "a.json", *records))
        assert [entities[key].country for key in "abc"] == [None, "FR", None]

    def test_schemata_that_name_nothing_are_counted_and_unknown_ones_rejected(self, tmp_path):
        records = [ftm("a", "Address", "1 High Street"), ftm("b", "Wizard", "Ada Bell")]
        entities, report = taken(tmp_path, write_lines(tmp_path / "a.json", *records))
        assert set(entities) == {entity.entity_id for entity in DEFAULTS}
        assert report.read.ignored == {"Address": 1}
        assert report.read.rejected == {"unknown schema": 1}

    def test_every_schema_has_a_type_of_ours_or_a_reason(self):
        import csv

        with SCHEMATA.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                assert row["entity_type"] in user_rows.ENTITY_TYPES or row["note"], row


class TestCsv:
    def test_the_columns_of_our_own_tables(self, tmp_path):
        file = write_lines(
            tmp_path / "mine.csv",
            "name,entity_type,country,wikidata_id,aliases,weak_aliases,kind,provenance",
            "Halden Harbour Board,organization,no,Q777,Board of Halden Harbour|HHB Board,HHB,agency,desk",
            '"Bell, Ada Bell & Co",organization,,,,,,',
        )
        entities, report = taken(tmp_path, file)
        entity = entities["Q777"]
        assert entity.aliases == (
            "Halden Harbour Board", "Board of Halden Harbour", "HHB Board",
        )  # fmt: skip
        assert (entity.weak_aliases, entity.kind, entity.country) == (("HHB",), "agency", "NO")
        (made,) = [e for e in entities.values() if e.name == "Bell, Ada Bell & Co"]
        assert made.entity_id.startswith("user:")
        assert not report.read.rejected

    def test_a_list_of_forms_as_texts_print_them(self, tmp_path):
        file = write_lines(
            tmp_path / "known.csv",
            "wikidata_id,name,entity_type,surface_forms,occurrences",
            "Q183,Germany,place,Germany|German|Federal Republic of Germany|GERMANY,136",
        )
        entities, _ = taken(tmp_path, file)
        germany = entities["Q183"]
        assert "Federal Republic of Germany" in germany.aliases
        assert "GERMANY" in germany.aliases
        assert "German" in germany.weak_aliases
        assert germany.provenance == "editor|known.csv"

    def test_an_id_of_its_own_stays_where_there_is_no_wikidata_id(self, tmp_path):
        file = write_lines(tmp_path / "a.csv", "id,name,entity_type", "desk-1,Halden Quay,place")
        assert taken(tmp_path, file)[0]["desk-1"].wikidata_id is None

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("Halden Quay,place,extra", "cells that do not fit the header"),
            ("Halden Quay,harbour", "unknown entity type"),
            (",place", "empty name"),
            ("123,place", "name without a letter"),
        ],
    )
    def test_a_bad_row_is_rejected_with_its_line(self, tmp_path, row, reason):
        file = write_lines(tmp_path / "a.csv", "name,entity_type", "Moss Quay,place", row)
        entities, report = taken(tmp_path, file)
        assert "Moss Quay" in {entity.name for entity in entities.values()}
        assert report.read.rejected == {reason: 1}
        assert report.read.examples[reason][0].startswith("a.csv:3:")

    def test_an_open_quote_costs_no_more_than_the_csv_field_limit(self, tmp_path):
        csv.field_size_limit(2**31 - 1)  # as a library may have it for the whole process
        rows = [f"Halden Quay {number},place" for number in range(9000)]
        file = write_lines(tmp_path / "a.csv", "name,entity_type", '"Moss Quay,place', *rows)
        _, report = taken(tmp_path, file)
        assert sum(report.read.rejected.values()) == 1
        assert report.read.taken > 1000


class TestMerging:
    def test_a_row_with_a_known_wikidata_id_joins_its_entity(self, tmp_path):
        record = ftm("ofac-1", "Person", "Angela Dorothea Merkel", wikidataId=["Q567"])
        entities, report = taken(tmp_path, write_lines(tmp_path / "a.json", record))
        merkel = entities["Q567"]
        assert (merkel.name, merkel.country) == ("Angela Merkel", "DE")
        assert merkel.aliases == ("Angela Merkel", "Angela Dorothea Merkel")
        assert merkel.weak_aliases == ("Merkel",)
        assert "ofac-1" not in entities
        assert report.merged_rows == 1

    def test_rows_of_one_id_are_one_entity_though_only_one_has_the_wikidata_id(self, tmp_path):
        one = write_lines(tmp_path / "a.json", ftm("x-1", "Person", "Ada Bell"))
        other = write_lines(
            tmp_path / "b.json",
            ftm("x-1", "Person", "Ada Mary Bell", wikidataId=["Q9001"]),
            ftm("y-4", "Person", "A. M. Bell", wikidataId=["Q9001"]),
        )
        entities, _ = taken(tmp_path, one, other)
        assert set(entities["Q9001"].aliases) == {"Ada Bell", "Ada Mary Bell", "A. M. Bell"}
        assert entities["Q9001"].wikidata_id == "Q9001"
        assert "x-1" not in entities

    def test_an_id_of_the_default_catalogue_joins_too(self, tmp_path):
        file = write_lines(
            tmp_path / "a.json",
            ftm("organization:kremlin", "PublicBody", "The Kremlin Press Office"),
        )
        entities, _ = taken(tmp_path, file)
        assert "The Kremlin Press Office" in entities["organization:kremlin"].aliases

    def test_another_type_under_a_known_id_is_rejected(self, tmp_path):
        file = write_lines(tmp_path / "a.json", ftm("Q567", "Company", "Merkel Steel Works"))
        entities, report = taken(tmp_path, file)
        assert entities["Q567"] == DEFAULTS[1]
        assert report.read.rejected == {"another type than this id has": 1}

    def test_what_the_default_catalogue_holds_for_weak_stays_weak(self, tmp_path):
        record = ftm("Q43297", "Company", "Time magazine", alias=["Time", "Time Weekly"])
        entities, _ = taken(tmp_path, write_lines(tmp_path / "a.json", record))
        assert entities["Q43297"].weak_aliases == ("Time",)
        assert "Time Weekly" in entities["Q43297"].aliases

    @pytest.mark.parametrize(
        "form", ["Germany", "GERMANY", "Deutschland", "German", "Time magazine"]
    )
    def test_a_form_of_something_else_in_the_default_catalogue_is_weak(self, tmp_path, form):
        file = write_lines(
            tmp_path / "a.json", ftm("x", "Organization", "Halden Institute", alias=[form])
        )
        entities, report = taken(tmp_path, file)
        assert entities["x"].weak_aliases == (form,)
        assert sum(report.weak.values()) == 1

    def test_two_of_the_users_own_may_share_a_strong_form(self, tmp_path):
        file = write_lines(
            tmp_path / "a.json", ftm("x", "Person", "Ada Bell"), ftm("y", "Person", "Ada Bell")
        )
        entities, _ = taken(tmp_path, file)
        assert entities["x"].aliases == entities["y"].aliases == ("Ada Bell",)

    def test_a_form_that_one_row_calls_weak_is_weak(self, tmp_path):
        rows = [
            ftm("x", "Person", "Ada Bell", alias=["Abel Dabel"]),
            ftm("x", "Person", "Ada Bell", weakAlias=["Abel Dabel"]),
        ]
        for number, order in enumerate((rows, rows[::-1])):
            file = write_lines(tmp_path / f"{number}.json", *order)
            assert taken(tmp_path, file)[0]["x"].weak_aliases == ("Abel Dabel",)

    def test_names_in_capitals_are_known_in_running_text_too(self, tmp_path):
        file = write_lines(tmp_path / "a.json", ftm("x", "Person", "ADA MARY BELL"))
        assert taken(tmp_path, file)[0]["x"].aliases == ("ADA MARY BELL", "Ada Mary Bell")

    def test_without_files_the_default_catalogue_comes_out_as_it_is(self, tmp_path):
        entities, report = taken(tmp_path)
        assert tuple(entities[e.entity_id] for e in DEFAULTS) == DEFAULTS
        assert {origin for origin, _ in report.entities} == {"default"}


@pytest.mark.parametrize(
    ("entity_type", "name", "expected"),
    [
        ("person", "Ada Bell", None),
        ("person", "Bell", "one word of a person's name"),
        ("person", "习近平", None),
        ("person", "李明", "one word of a person's name"),
        ("person", "トランプ", "one word of a person's name"),
        ("person", "アンゲラ・メルケル", None),
        ("person", "트럼프", "one word of a person's name"),
        ("organization", "Gazprom", None),
        ("organization", "Target", "common word"),
        ("organization", "The Target", "common word"),
        ("organization", "Target Corporation", None),
        ("organization", "ABC", "short"),
        ("organization", "ABCD", None),
        ("organization", "the fed", "no capital"),
        ("place", "Halden", None),
        ("place", "东京", "short"),
        ("place", "哈尔登", None),
        ("place", "القاهرة", None),
    ],
)  # fmt: skip
def test_which_names_stand_for_themselves(entity_type, name, expected):
    assert weakness(entity_type, name) == expected


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("record", "reason"),
        [
            ("{", "not JSON"),
            ("[" * 100_000, "not JSON"),
            ("9" * 5000, "not JSON"),
            ('"Ada Bell"', "no JSON object"),
            ({"id": "a", "properties": {}}, "no schema"),
            ({"id": "a", "schema": ["Person"], "properties": {}}, "unknown schema"),
            ({"id": "a", "schema": "Person", "properties": []}, "no properties"),
            (ftm("", "Person", "Ada Bell"), "no id"),
            (ftm("a b", "Person", "Ada Bell"), "id with spaces or control characters, or too long"),
            (ftm("a" * 999, "Person", "Ada Bell"), "id with spaces or control characters, or too long"),
            (ftm("local:1", "Person", "Ada Bell"), "id that begins with 'local:', which is ours"),
            (ftm("a", "Person"), "no name that can be used"),
            (ftm("a", "Person", "x" * 10**6), "no name that can be used"),
            (ftm("a", "Person", "Ada\x1b[2JBell", "\u202eAda Bell", " ", "7-9"), "no name that can be used"),
        ],
    )  # fmt: skip
    def test_a_line_that_cannot_be_used_is_counted_and_the_others_are_read(
        self, tmp_path, record, reason
    ):
        good = ftm("good", "Person", "Ida Bell")
        entities, report = taken(tmp_path, write_lines(tmp_path / "a.json", good, record, good))
        assert "good" in entities
        assert report.read.rejected == {reason: 1}
        assert report.read.examples[reason][0].startswith("a.json:2: ")

    def test_names_that_cannot_be_used_are_left_out_and_counted(self, tmp_path):
        names = ["Ada Bell", "Ada\x00Bell", "x" * (LONGEST_NAME + 1), "", 7, "  Ada \t Bell"[2:5]]
        entities, report = taken(
            tmp_path, write_lines(tmp_path / "a.json", ftm("a", "Person", *names))
        )
        assert entities["a"].aliases == ("Ada Bell",)
        assert sum(report.read.names_left_out.values()) == 4

    def test_an_entity_has_a_bounded_number_of_names(self, tmp_path):
        names = [f"Ada Bell {number}" for number in range(MOST_FORMS * 2)]
        file = write_lines(
            tmp_path / "a.json", ftm("a", "Person", *names), ftm("a", "Person", "Uda Bell")
        )
        entities, report = taken(tmp_path, file)
        assert len(entities["a"].aliases) == MOST_FORMS
        assert list(report.read.names_left_out) == [f"more than {MOST_FORMS} names of one entity"]

    def test_a_line_without_end_is_skipped_without_being_held(self, tmp_path, monkeypatch):
        monkeypatch.setattr(imported, "LONGEST_LINE", 1 << 20)
        good = ftm("good", "Person", "Ida Bell")
        file = write_lines(tmp_path / "a.json", good, "x" * (5 << 20), good)
        entities, report = taken(tmp_path, file)
        assert "good" in entities
        assert report.read.rejected == {"line longer than 1 MiB": 1}
        assert report.read.rows == 3

    def test_bytes_that_are_no_utf8(self, tmp_path):
        file = write_lines(tmp_path / "a.json", ftm("good", "Person", "Ida Bell"))
        file.write_bytes(b"\xff\xfe\n\n" + file.read_bytes())
        entities, report = taken(tmp_path, file)
        assert "good" in entities
        assert report.read.examples == {"not UTF-8": ["a.json:1"]}

    def test_a_byte_order_mark_is_no_part_of_the_first_column(self, tmp_path):
        file = write_lines(tmp_path / "a.csv", "\ufeffname,entity_type", "Halden Quay,place")
        assert taken(tmp_path, file)[1].read.taken == 1

    def test_examples_stay_few_however_many_lines_are_bad(self, tmp_path):
        _, report = taken(tmp_path, write_lines(tmp_path / "a.json", *["{"] * 5000))
        assert report.read.rejected == {"not JSON": 5000}
        assert len(report.read.examples["not JSON"]) == user_rows.EXAMPLES


class TestFiles:
    def test_folders_give_their_catalogue_files_and_gz_is_read_through(self, tmp_path):
        write_lines(tmp_path / "c" / "b.jsonl", ftm("b", "Person", "Ida Bell"))
        (tmp_path / "c" / "a.csv.gz").write_bytes(
            gzip.compress(b"id,name,entity_type\na,Moss Quay,place\n")
        )
        (tmp_path / "c" / "README.md").write_text("notes")
        (tmp_path / "c" / ".hidden.csv").write_text("x")
        files = catalogue_files(Settings(home=tmp_path, catalogue=str(tmp_path / "c")))
        assert [file.name for file in files] == ["a.csv.gz", "b.jsonl"]
        assert {"a", "b"} <= set(taken(tmp_path, *files)[0])

    def test_several_paths_and_the_folder_of_the_home(self, tmp_path):
        one = write_lines(tmp_path / "one.json", ftm("a", "Person", "Ada Bell"))
        other = write_lines(tmp_path / "catalogue.d" / "two.ijson", ftm("b", "Person", "Ida Bell"))
        both = Settings(home=tmp_path, catalogue=f"{one}{os.pathsep}{other}{os.pathsep}")
        assert catalogue_files(both) == [one, other]
        assert catalogue_files(Settings(home=tmp_path)) == [other]
        assert catalogue_files(Settings(home=tmp_path / "new")) == []

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("a.json", None, "there is no"),
            ("a.txt", b"x", r"give \*.json"),
            ("folder/x.md", b"x", r"holds no \*.json"),
            ("a.json", b'[\n{"id": "a"}\n]', "one JSON array"),
            ("a.csv", b"title,entity_type\nx,place\n", "no column 'name'"),
            ("a.json.gz", b"no gzip", "cannot be read"),
            ("a.json.gz", gzip.compress(b"{}\n" * 99999)[:-20], "cannot be read"),
        ],
    )
    def test_a_file_that_cannot_be_read_at_all_is_a_wrong_setting(
        self, tmp_path, name, content, message
    ):
        path = tmp_path / name
        if content is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        named = path.parent if "/" in name else path
        with pytest.raises(SettingsError, match=f"NEWSLEDGER_CATALOGUE: .*{message}"):
            taken(tmp_path, *catalogue_files(Settings(home=tmp_path, catalogue=str(named))))
