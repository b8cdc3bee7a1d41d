"""Whose folder it is: what is replaced, what is refused, and what a failure leaves."""

from __future__ import annotations

import fcntl
import json
import os

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.export import write
from pipelines.export.folder import replacing
from pipelines.export.records import ExportError, ExportFailedError
from pipelines.export.verify import differences
from pipelines.settings import Settings
from pipelines.warehouse.query import SnapshotError
from tests.export.conftest import exported

ONE = {"tables": ("sources",)}


def run(settings, *arguments: str):
    return CliRunner().invoke(
        app, ["export", *arguments], env={"NEWSLEDGER_HOME": str(settings.home)}
    )


def everything(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_an_old_export_is_replaced_as_a_whole(samples, tmp_path):
    exported(samples, tmp_path / "out", tables=("sources", "entities"))
    exported(samples, tmp_path / "out", table_format="csv", **ONE)
    assert set(everything(tmp_path / "out")) == {
        "manifest.json",
        "datapackage.json",
        "withheld.csv",
        "sources.csv",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_or_missing_folder_is_taken(samples, tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "new" / "below"):
        exported(samples, folder, **ONE)
        assert (folder / "manifest.json").exists()


def test_a_folder_that_is_no_export_is_refused_and_left_alone(samples, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(ExportError, match=r"thesis\.txt"):
        exported(samples, folder)
    (folder / "manifest.json").write_text('{"name": "of another program"}')
    with pytest.raises(ExportError, match="no export of newsledger"):
        exported(samples, folder)
    (folder / "thesis.txt").unlink()
    with pytest.raises(ExportError, match="no export of newsledger"):
        exported(samples, folder)
    assert list(everything(folder)) == ["manifest.json"]


def test_an_export_with_files_of_others_is_refused_and_names_them(samples, tmp_path):
    exported(samples, tmp_path / "out", **ONE)
    (tmp_path / "out" / "notes").mkdir()
    (tmp_path / "out" / "notes" / "mine.md").write_text("mine")
    before = everything(tmp_path / "out")
    with pytest.raises(ExportError, match=r"notes/mine\.md"):
        exported(samples, tmp_path / "out", **ONE)
    assert everything(tmp_path / "out") == before


def test_links_files_the_home_and_what_holds_it_are_refused(samples, stated, tmp_path):
    settings = stated()
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "file").write_text("text")
    for folder in (
        tmp_path / "link",
        tmp_path / "file",
        settings.home,
        settings.home.parent,
        settings.home / "archive" / "ab",
        settings.home / "published",
        settings.home / "archive",
        "/",
    ):
        with pytest.raises(ExportError):
            exported(settings, type(tmp_path)(folder))
    exported(settings, settings.home / "exports", **ONE)


def test_a_mounted_volume_is_refused_since_it_cannot_be_replaced(samples, tmp_path, monkeypatch):
    monkeypatch.setattr(type(tmp_path), "is_mount", lambda self: self.name == "volume")
    (tmp_path / "volume").mkdir()
    with pytest.raises(ExportError, match="name a folder in it"):
        exported(samples, tmp_path / "volume", **ONE)
    exported(samples, tmp_path / "volume" / "out", **ONE)


def test_an_archive_elsewhere_is_refused_too(stated, tmp_path):
    settings = stated().model_copy(update={"archive": str(tmp_path / "cellar")})
    (tmp_path / "cellar").mkdir()
    with pytest.raises(ExportError, match="own state"):
        exported(settings, tmp_path / "cellar")


def test_a_failure_midway_leaves_the_old_export_whole(samples, tmp_path, monkeypatch):
    exported(samples, tmp_path / "out", **ONE)
    before = everything(tmp_path / "out")

    def full(*arguments, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "write_manifest", full)
    with pytest.raises(ExportFailedError, match=r"No space left.*is whole"):
        exported(samples, tmp_path / "out")
    assert everything(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_swap_that_fails_puts_the_old_export_back(samples, tmp_path, monkeypatch):
    exported(samples, tmp_path / "out", **ONE)
    before = everything(tmp_path / "out")
    kind = type(tmp_path)
    rename = kind.rename

    def fails(self, target):
        if self.name.endswith("-new"):
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(kind, "rename", fails)
    with pytest.raises(ExportFailedError, match="Permission denied"):
        exported(samples, tmp_path / "out", tables=("entities",))
    assert everything(tmp_path / "out") == before


def test_an_export_killed_between_the_renames_is_found_again(samples, tmp_path):
    exported(samples, tmp_path / "out", **ONE)
    before = everything(tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / ".out.newsledger-old")
    with pytest.raises(RuntimeError, match="cut short"):
        with replacing(tmp_path / "out"):
            raise RuntimeError("cut short")
    assert everything(tmp_path / "out") == before


def test_two_exports_to_one_folder_do_not_meet(samples, tmp_path):
    with (tmp_path / ".out.newsledger-lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(ExportError, match="under way"):
            exported(samples, tmp_path / "out", **ONE)
    exported(samples, tmp_path / "out", **ONE)


def test_nothing_published_is_said_and_nothing_is_left(tmp_path):
    with pytest.raises(SnapshotError, match="newsledger run"):
        exported(Settings(home=tmp_path / "home"), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_verify_finds_what_changed(samples, tmp_path):
    folder = tmp_path / "out"
    exported(samples, folder, tables=("sources", "entities"))
    assert differences(folder) == (4, [])
    changed = folder / "sources.parquet"
    content = bytearray(changed.read_bytes())
    content[100] ^= 1
    changed.write_bytes(bytes(content))
    (folder / "entities.parquet").unlink()
    (folder / "more.csv").write_text("x")
    _, found = differences(folder)
    assert [line.partition(":")[0] for line in found] == [
        "more.csv",
        "entities.parquet",
        "sources.parquet",
    ]
    assert run(samples, str(folder), "--verify").exit_code == 1


def test_verify_reads_no_file_outside_the_folder(samples, tmp_path):
    folder = tmp_path / "out"
    exported(samples, folder, **ONE)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["other_files"].append({"path": "../secret", "rows": 0, "bytes": 0, "sha256": ""})
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "secret").write_text("x")
    assert "../secret: missing" in differences(folder)[1]


@pytest.mark.parametrize(
    "damage",
    [
        lambda said: said["tables"][0].update(rows_exported=16),
        lambda said: said["sources"][0].update(usage_terms="CC0"),
        lambda said: said["tables"][0]["files"][0].pop("rows"),
        lambda said: said["withheld_articles"]["rows"].clear() or said.pop("options"),
        lambda said: said.pop("manifest_sha256"),
    ],
)
def test_verify_finds_a_changed_manifest(samples, tmp_path, damage):
    exported(samples, tmp_path, **ONE)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text())
    damage(manifest)
    path.write_text(json.dumps(manifest))
    assert differences(tmp_path)[1] == ["manifest.json: differs from the hash that it bears"]


def test_verify_finds_what_is_no_file_and_does_not_wait_for_it(samples, tmp_path):
    exported(samples, tmp_path, **ONE)
    (tmp_path / "sources.parquet").unlink()
    os.mkfifo(tmp_path / "sources.parquet")
    assert differences(tmp_path)[1] == ["sources.parquet: is no file"]


def test_the_command_tells_what_it_wrote_and_withheld(stated, tmp_path):
    settings = stated("UPDATE sources SET usage_terms = NULL")
    result = run(settings, str(tmp_path / "out"), "--tables", "articles,sources")
    assert result.exit_code == 0, result.output
    assert "articles without their text: 16 (nobody noted terms" in result.output
    assert "each of them: withheld.csv" in result.output
    assert "sources" in result.output
    assert run(settings, str(tmp_path / "out"), "--verify").exit_code == 0


def test_the_command_tells_how_many_rows_are_of_other_days(samples, tmp_path):
    result = run(samples, str(tmp_path / "out"), "--tables", "articles", "--since", "2030-01-01")
    assert result.exit_code == 0, result.output
    assert "16 of other days left out" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "xlsx"], "use parquet, csv or jsonl"),
        (["--texts", "some"], "use permitted, all or none"),
        (["--as", "ftm,rdf"], "use tables, ftm or ninjs"),
        (["--tables", "articles,nonsense"], "nonsense: no such table"),
        (["--tables", "staging.articles"], "no such table"),
        (["--tables", "articles; DROP TABLE articles"], "no such table"),
        (["--tables", ","], "name at least one"),
        (["--as", "ftm", "--tables", "articles"], "add tables to --as"),
        (["--since", "2026-03-02", "--until", "2026-03-01"], "lies after"),
        (["--gzip"], "compressed already"),
    ],
)
def test_wrong_use_ends_with_2_and_says_the_mend(samples, tmp_path, arguments, said):
    result = run(samples, str(tmp_path / "out"), *arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "out").exists()


def test_verify_of_what_is_no_export_ends_with_2(samples, tmp_path):
    assert run(samples, str(tmp_path), "--verify").exit_code == 2
