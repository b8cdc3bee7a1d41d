"""``newsledger catalogue`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.catalogue_cli import app
from tests.factories import environment
from tests.reference.catalogue_files import DEFAULTS, ftm, write_lines


@pytest.fixture(autouse=True)
def small_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default catalogue is large; its place in this takes five entities."""
    monkeypatch.setattr("pipelines.reference.entities.load_entities", lambda: DEFAULTS)


def catalogue(home: Path, *arguments: str, **more: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=environment(home, **more))


def test_show_says_what_is_in_force(tmp_path):
    result = catalogue(tmp_path)
    assert result.exit_code == 0, result.output
    assert result.output == catalogue(tmp_path, "show").output
    assert "your files   none" in result.output
    assert [line.split() for line in result.output.splitlines() if "organization" in line] == [
        ["entities", "organization", "2"]
    ]
    assert not (tmp_path / "catalogue").exists()


def test_build_compiles_and_show_knows_it(tmp_path):
    file = write_lines(
        tmp_path / "catalogue.d" / "mine.json",
        ftm("Q567", "Person", "Angela Dorothea Merkel"),
        ftm("x", "Company", "Halden Marine", "Target"),
    )
    before = catalogue(tmp_path, "show")
    assert "not yet" in before.output
    built = catalogue(tmp_path, "build")
    assert built.exit_code == 0, built.output
    assert f"your file    {file}" in built.output
    assert "2 read: 2 taken (1 of them joined an entity), 0 rejected" in built.output
    assert "1 common word" in built.output
    rows = {tuple(line.split()[:2]): line.split()[2:] for line in built.stdout.splitlines()}
    assert rows["entities", "person"] == ["0", "1", "0"]
    assert rows["entities", "organization"] == ["2", "0", "1"]
    assert catalogue(tmp_path, "show").stdout == built.stdout
    shown = json.loads(catalogue(tmp_path, "show", "--format", "json").output)
    assert Path(shown["folder"]).is_dir()
    assert before.output.splitlines()[0] == f"version      {shown['version']}"


def test_build_without_files_has_nothing_to_do(tmp_path):
    result = catalogue(tmp_path, "build")
    assert (result.exit_code, "your files   none" in result.output) == (0, True)
    assert not (tmp_path / "catalogue").exists()


def test_check_names_file_line_and_reason_and_writes_nothing(tmp_path):
    file = write_lines(
        tmp_path / "mine.json", ftm("x", "Person", "Ada Bell"), "{", ftm("y", "Oops", "B")
    )
    result = catalogue(tmp_path / "home", "check", str(file))
    assert result.exit_code == 1
    assert "3 read: 1 taken" in result.output
    assert "1 not JSON\n      mine.json:2: {" in result.output
    assert "1 unknown schema\n      mine.json:3: " in result.output
    # The memory of what was hashed is all that a home may gain.
    assert {p.name for p in (tmp_path / "home").rglob("*")} <= {"catalogue", "digests.json"}


def test_check_ends_with_0_where_every_row_is_taken_or_ignored(tmp_path):
    file = write_lines(tmp_path / "a.json", ftm("x", "Person", "Ada Bell"), ftm("s", "Sanction"))
    result = catalogue(tmp_path, "check", str(file))
    assert result.exit_code == 0, result.output
    assert "ignored    1 Sanction" in result.output


def test_check_shows_nothing_that_could_drive_a_terminal(tmp_path):
    file = write_lines(tmp_path / "a.json", "\x1b[2J{\u202e")
    assert "<U+001B>[2J{<U+202E>" in catalogue(tmp_path, "check", str(file)).output


@pytest.mark.parametrize(
    ("arguments", "more", "message"),
    [
        (["check"], {}, "no files to check"),
        (["check", "none.json"], {}, "there is no"),
        (["show", "--format", "xml"], {}, "use text or json"),
        (["show"], {"NEWSLEDGER_CATALOGUE": "/none.json"}, "NEWSLEDGER_CATALOGUE: there is no"),
        (["build"], {"NEWSLEDGER_CATALOGUE": "/none.json"}, "NEWSLEDGER_CATALOGUE: there is no"),
        (["show"], {"NEWSLEDGER_WORKERS": "x"}, "NEWSLEDGER_WORKERS"),
    ],
)
def test_wrong_use_ends_with_2_and_names_the_mend(tmp_path, arguments, more, message):
    result = catalogue(tmp_path, *arguments, **more)
    assert (result.exit_code, message in result.output) == (2, True), result.output


def test_a_home_that_cannot_be_written_is_named(tmp_path):
    write_lines(tmp_path / "catalogue.d" / "a.json", ftm("x", "Person", "Ada Bell"))
    (tmp_path / "catalogue").write_text("in the way")
    result = catalogue(tmp_path, "build")
    assert (result.exit_code, f"{tmp_path}/catalogue" in result.output) == (2, True), result.output
