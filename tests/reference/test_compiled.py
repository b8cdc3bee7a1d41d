"""Versions of the catalogue, and their compiled form."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.normalise.catalogue import Catalogue, catalogue_at, default_catalogue
from pipelines.reference import compiled
from pipelines.reference.compiled import about, catalogue_version, prepare
from pipelines.reference.entities import KnownEntity, Office
from pipelines.reference.store import StoredEntities, store_entities
from pipelines.settings import Settings, SettingsError
from tests.conftest import PROJECT
from tests.factories import environment
from tests.reference.catalogue_files import DEFAULTS, ftm, known, write_lines

ADA = ftm("x-1", "Person", "Ada Bell", "Ада Белл", alias=["Bell"], country=["no"])
BOARD = ftm("x-2", "PublicBody", "Halden Harbour Board", weakAlias=["Board"])


@pytest.fixture(autouse=True)
def small_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default catalogue is large; its place in this takes five entities."""
    monkeypatch.setattr("pipelines.reference.entities.load_entities", lambda: DEFAULTS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a file of names in catalogue.d, written a minute ago."""
    write_lines(tmp_path / "catalogue.d" / "mine.json", ADA, BOARD)
    age(tmp_path / "catalogue.d" / "mine.json")
    return tmp_path


def age(path: Path, seconds: float = 60) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def versions(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "catalogue").iterdir() if path.is_dir())


class TestVersion:
    def test_without_files_of_the_user_it_is_that_of_the_tables(self, tmp_path, home):
        bare = Settings(home=tmp_path / "new")
        assert catalogue_version(bare) == compiled._default_digest()
        assert prepare(bare) is None
        assert catalogue_at(None) is default_catalogue()
        assert catalogue_version(Settings(home=home)) != catalogue_version(bare)
        assert not (tmp_path / "new").exists()

    def test_it_changes_with_the_content_and_with_nothing_else(self, home, tmp_path):
        file = home / "catalogue.d" / "mine.json"
        before = catalogue_version(Settings(home=home))
        other = write_lines(tmp_path / "elsewhere" / "other.json", ADA, BOARD)
        assert catalogue_version(Settings(home=home, catalogue=str(other))) == before
        os.utime(file)
        assert catalogue_version(Settings(home=home)) == before
        write_lines(file, ADA, BOARD, ADA)
        assert catalogue_version(Settings(home=home)) != before
        write_lines(file, ADA, BOARD)
        assert catalogue_version(Settings(home=home)) == before

    def test_it_changes_with_a_change_that_leaves_size_and_second_alone(self, tmp_path):
        file = write_lines(tmp_path / "catalogue.d" / "mine.csv", "name,entity_type", "Ada,place")
        before = catalogue_version(Settings(home=tmp_path))
        write_lines(file, "name,entity_type", "Ida,place")
        assert catalogue_version(Settings(home=tmp_path)) != before

    def test_it_changes_though_size_and_time_of_a_file_just_written_do_not(self, tmp_path):
        file = write_lines(tmp_path / "catalogue.d" / "mine.csv", "name,entity_type", "Ada,place")
        seen = file.stat()
        before = catalogue_version(Settings(home=tmp_path))
        write_lines(file, "name,entity_type", "Ida,place")
        os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        assert catalogue_version(Settings(home=tmp_path)) != before

    def test_the_order_of_the_files_does_not_count(self, tmp_path):
        one = write_lines(tmp_path / "one.json", ftm("x", "Person", "Ada Bell"))
        two = write_lines(tmp_path / "two.json", ftm("x", "Person", "Ada Mary Bell"))
        there = Settings(home=tmp_path, catalogue=f"{one}{os.pathsep}{two}")
        back = Settings(home=tmp_path, catalogue=f"{two}{os.pathsep}{one}")
        assert catalogue_version(there) == catalogue_version(back)
        assert prepare(there) == prepare(back)

    def test_an_unchanged_file_is_not_read_again(self, home, monkeypatch):
        settings = Settings(home=home)
        before = catalogue_version(settings)
        monkeypatch.setattr(compiled, "_file_digest", lambda path: pytest.fail(f"read {path}"))
        assert catalogue_version(settings) == before

    @pytest.mark.parametrize("content", ['{"half', "[1]", "7", '{"FILE": [1]}', '{"FILE": 7}'])
    def test_a_damaged_memory_of_digests_is_made_anew(self, home, content):
        settings = Settings(home=home)
        before = catalogue_version(settings)
        content = content.replace("FILE", str(home / "catalogue.d" / "mine.json"))
        (home / "catalogue" / "digests.json").write_text(content)
        assert catalogue_version(settings) == before

    def test_it_is_light(self, home):
        code = (
            "import sys; from pathlib import Path; from pipelines.settings import Settings;"
            "from pipelines.reference.compiled import catalogue_version;"
            f"catalogue_version(Settings(home=Path({str(home)!r})));"
            "print([m for m in ('marisa_trie', 'numpy', 'spacy', 'duckdb', 'sqlite3')"
            " if m in sys.modules])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert (done.stdout.strip(), done.stderr) == ("[]", "")


class TestCompiled:
    def test_it_answers_as_the_same_entities_in_memory(self, home):
        folder = prepare(Settings(home=home))
        assert folder is not None
        opened = Catalogue.open(Path(folder))
        entities = list(StoredEntities(Path(folder)))
        memory = Catalogue(entities)
        assert [e.entity_id for e in entities] == sorted(
            [e.entity_id for e in DEFAULTS] + ["x-1", "x-2"]
        )
        assert len(opened) == len(memory) == len(entities)
        text = (
            "Ada Bell of the Halden Harbour Board met Angela Merkel in GERMANY. Ада Белл спала."
            " The Board, Bell and Time magazine; ADA BELL."
        )
        assert opened.find(text) == memory.find(text)
        assert [text[m.start : m.end] for m in opened.find(text) if m.strong] == [
            "Ada Bell", "Halden Harbour Board", "Angela Merkel", "GERMANY", "Ада Белл",
            "Time magazine", "ADA BELL",
        ]  # fmt: skip
        for entity in entities:
            assert opened.get(entity.entity_id) == entity
            assert opened.entity(entity.entity_id) == memory.entity(entity.entity_id)
            for form in (entity.name, *entity.aliases, *entity.weak_aliases, "nothing"):
                assert opened.form(form) == memory.form(form)
                assert opened.named(entity.entity_type, form) == memory.named(
                    entity.entity_type, form
                )
                assert opened.search(form) == memory.search(form)
        assert opened.named("person", "ada BELL") == (opened.get("x-1"),)
        assert catalogue_at(folder) is catalogue_at(folder)

    def test_it_is_made_once(self, home):
        settings = Settings(home=home)
        folder = Path(str(prepare(settings)))
        made = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
        assert prepare(settings) == str(folder)
        assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == made

    def test_what_became_of_the_rows_is_kept(self, home):
        write_lines(home / "catalogue.d" / "bad.json", "{", ftm("a", "Vessel", "Halden"))
        known_of = about(Path(str(prepare(Settings(home=home)))))
        assert known_of["version"] == catalogue_version(Settings(home=home))
        assert (known_of["rows"], known_of["taken"]) == (4, 2)
        assert known_of["rejected"] == {"not JSON": 1}
        assert known_of["examples"] == {"not JSON": ["bad.json:1: {"]}
        assert known_of["ignored"] == {"Vessel": 1}
        assert ["yours", "person", 1] in known_of["entities"]
        assert ["yours", "weak", 2] in known_of["names"]

    def test_a_file_whose_name_is_no_text_is_read_too(self, home):
        write_lines(
            home / "catalogue.d" / os.fsdecode(b"na\xefve.json"),
            ftm("y", "Person", "Ida Bell"),
            "{",
        )
        folder = Path(str(prepare(Settings(home=home))))
        found = Catalogue.open(folder).get("y")
        assert found is not None
        assert found.provenance == "na?ve.json"
        assert about(folder)["examples"] == {"not JSON": ["na?ve.json:2: {"]}

    def test_several_processes_at_once_make_one_that_is_whole(self, home):
        code = (
            "import pipelines.reference.entities;"
            "from tests.reference.catalogue_files import DEFAULTS;"
            "pipelines.reference.entities.load_entities = lambda: DEFAULTS;"
            "from pipelines.settings import load_settings;"
            "from pipelines.reference.compiled import prepare;"
            "from pipelines.normalise.catalogue import catalogue_at;"
            "f = prepare(load_settings()); print(f, catalogue_at(f).get('x-1').name)"
        )
        running = [
            subprocess.Popen(
                [sys.executable, "-c", code],
                cwd=PROJECT,
                env=environment(home),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(3)
        ]
        outputs = [process.communicate(timeout=120) for process in running]
        assert len(set(outputs)) == 1, outputs
        assert outputs[0][0].endswith(" Ada Bell\n")
        assert len(versions(home)) == 1

    def test_what_fails_midway_leaves_nothing_behind(self, home, monkeypatch):
        monkeypatch.setattr(compiled, "_flush", lambda folder: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            prepare(Settings(home=home))
        assert versions(home) == []

    def test_a_file_that_is_gone_is_a_wrong_setting(self, home):
        settings = Settings(home=home, catalogue=str(home / "none.json"))
        for ask in (catalogue_version, prepare):
            with pytest.raises(SettingsError, match=r"none\.json"):
                ask(settings)

    def test_a_file_that_changes_while_it_is_read_is_read_again(self, home, monkeypatch):
        write = compiled._write

        def disturbed(folder, files):
            monkeypatch.setattr(compiled, "_write", write)
            done = write(folder, files)
            write_lines(home / "catalogue.d" / "mine.json", BOARD)
            return done

        monkeypatch.setattr(compiled, "_write", disturbed)
        folder = prepare(Settings(home=home))
        assert Catalogue.open(Path(str(folder))).get("x-1") is None


class TestOldVersions:
    def test_they_stay_for_a_day_in_which_a_run_may_use_them(self, home):
        first = Path(str(prepare(Settings(home=home))))
        write_lines(home / "catalogue.d" / "mine.json", ADA)
        second = Path(str(prepare(Settings(home=home))))
        assert versions(home) == sorted([first.name, second.name])
        age(first, compiled.KEPT_SECONDS + 60)
        for name in (".compiling-dead", "of the user"):
            (home / "catalogue" / name).mkdir()
            age(home / "catalogue" / name, compiled.KEPT_SECONDS + 60)
        prepare(Settings(home=home))
        assert versions(home) == sorted([second.name, "of the user"])

    def test_the_one_in_force_stays_however_old(self, home):
        folder = Path(str(prepare(Settings(home=home))))
        age(folder, compiled.KEPT_SECONDS * 9)
        assert prepare(Settings(home=home)) == str(folder)
        assert folder.is_dir()
        # It was in use a moment ago: a run may go on with it.
        write_lines(home / "catalogue.d" / "mine.json", BOARD)
        prepare(Settings(home=home))
        assert folder.is_dir()

    def test_an_open_catalogue_goes_on_answering_when_its_files_are_removed(self, home):
        folder = Path(str(prepare(Settings(home=home))))
        opened = Catalogue.open(folder)
        age(folder, compiled.KEPT_SECONDS + 60)
        write_lines(home / "catalogue.d" / "mine.json", BOARD)
        prepare(Settings(home=home))
        assert not folder.exists()
        assert [match.strong[0].entity_id for match in opened.find("Ada Bell")] == ["x-1"]


def test_every_field_of_an_entity_is_stored(tmp_path):
    offices = (
        Office("president", "President of Nowhere", "DE", "2001-02", None),
        Office("monarch", "Queen", None, None, "1999"),
    )
    entities = [
        KnownEntity("a", "person", "Ada\nBell", "NO", None, ("Ada",), ("Bell",), "x", "k", offices),
        known("Q1", "place", "Halden “Quay” 日本 \U0001f600"),
        KnownEntity("c", "event", "C", None, None, (), (), ""),
    ]
    assert list(store_entities(tmp_path, entities)) == entities
    stored = StoredEntities(tmp_path)
    assert list(stored) == entities
    assert stored[0:2] == entities[0:2]
    with pytest.raises(IndexError):
        stored[3]


def test_no_entities_at_all(tmp_path):
    assert list(store_entities(tmp_path, [])) == []
    assert list(StoredEntities(tmp_path)) == []
    empty = Catalogue([])
    assert (empty.find("Ada Bell"), empty.form("Ada"), empty.search("Ada")) == ([], None, [])
