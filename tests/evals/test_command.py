"""``python -m evals`` on pages of one's own: tables, JSON, floors, old and new, one page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals.__main__ import BEGIN, END, main
from evals.pages import Folders
from evals.report import language_groups
from tests.evals.conftest import PARAGRAPHS, TITLE, row, truth, write_set


@pytest.fixture
def run(folders: Folders, tmp_path: Path) -> Any:
    """Runs the command on the folder with floors of its own. Returns the exit code."""

    def command(*arguments: str) -> int:
        where = ["--eval", str(folders.evaluation), "--seeds", str(folders.seeds)]
        return main([*where, "--floors", str(tmp_path / "floors.json"), *arguments])

    return command


def worsen(evaluation: Path) -> None:
    """The page's bytes lose most of what is labelled; the labels stay."""
    for name in ("page.html.gz", "plain.html"):
        page = evaluation / "extraction/mine/html" / name
        page.write_text(f"<html><head><title>Other</title></head><body><p>{PARAGRAPHS[2]}</p></body></html>")  # fmt: skip


def test_tables_and_json(run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out/report.json"
    assert run("--only", "extraction", "--json", str(target)) == 0
    assert "mine: 2 pages" in capsys.readouterr().out
    report = json.loads(target.read_text())
    assert report["schema"] == 1
    found = report["sets"]["mine"]
    assert (found["pages"], len(found["digest"])) == (2, 64)
    assert found["per_page"]["ids"] == ["one", "two"]
    names = ["body_token_f1", "body_shingle_f1", "title", "date", "authors", "kept", "left_out", "speed"]  # fmt: skip
    assert list(found["measures"]) == names
    for name, summary in found["measures"].items():
        contrast = "ratio:trafilatura" if name == "speed" else "difference:trafilatura"
        assert set(summary) == {"n", "newsledger", "trafilatura", contrast}
        assert set(summary["newsledger"]) == {"value", "low", "high"}
    for reader in ("newsledger", "trafilatura"):
        assert all(len(column) == 2 for column in found["per_page"]["scores"][reader].values())
    assert found["measures"]["title"]["newsledger"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert found["languages"]["other"]["pages"] == 2
    assert report["speed"]["pages"] == 2


def test_below_a_floor_is_exit_code_1_until_a_flag_lowers_it(
    run: Any, evaluation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floors = tmp_path / "floors.json"
    assert run("--only", "extraction", "--raise-floors") == 0
    high = json.loads(floors.read_text())
    assert high["mine"]["floors"]["title"] == 1.0
    worsen(evaluation)
    assert run("--only", "extraction") == 1
    assert "BELOW: mine title: 0.0000 is below its floor 1.0" in capsys.readouterr().out
    assert run("--only", "extraction", "--raise-floors") == 1
    assert json.loads(floors.read_text()) == high
    assert run("--only", "extraction", "--no-floors") == 0
    assert run("--only", "extraction", "--lower-floors") == 0
    assert json.loads(floors.read_text())["mine"]["floors"]["title"] == 0.0


def test_missing_sets_and_labels_are_said(
    run: Any, evaluation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_set(evaluation, "titles", [row("one", truth={"title": TITLE})])
    write_set(evaluation, "empty", [])
    assert run("--only", "extraction", "--only", "seeds", "--only", "mentions", "--only", "feeds", "--only", "warehouse") == 0  # fmt: skip
    out = capsys.readouterr().out
    for said in (
        "empty: no pages",
        "titles: no page has a label for body, published",
        "seeds: no documents at",
        "mentions: no ",
        "feeds: no files at",
        "warehouse: neither",
    ):
        assert said in out


def test_wrong_use_is_exit_code_2(
    run: Any, evaluation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--only", "extraction", "--set", "theirs") == 2
    assert "theirs/pages.jsonl: no such file; the folder has ['mine']" in capsys.readouterr().err
    write_set(evaluation, "broken", [row("one"), row("two", truth=None)])
    assert run("--only", "extraction") == 2
    assert "broken/pages.jsonl:2: " in capsys.readouterr().err
    assert main(["--shared", str(tmp_path / "nowhere")]) == 2
    assert "NEWSLEDGER_SHARED" in capsys.readouterr().err
    assert run("--only", "extraction", "--set", "mine", "--against", str(tmp_path)) == 2
    assert "neither a report nor a commit" in capsys.readouterr().err


def test_old_and_new_side_by_side(
    run: Any, evaluation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    assert run("--only", "extraction", "--json", str(before)) == 0
    worsen(evaluation)
    capsys.readouterr()
    assert run("--only", "extraction", "--json", str(after), "--against", str(before)) == 0
    out = capsys.readouterr().out
    (line,) = (line for line in out.splitlines() if line.startswith("mine  title"))
    assert line.split()[2:] == ["1.0000", "0.0000", "-1.0000", "[-1.0000,", "-1.0000]", "0.0000"]
    write_set(evaluation, "mine", [row("three")])
    assert run("--only", "extraction", "--against", str(before)) == 0
    assert "other pages" in capsys.readouterr().out


def test_a_report_is_read_again_and_written_into_a_document(
    run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, document = tmp_path / "report.json", tmp_path / "evaluation.md"
    assert run("--only", "extraction", "--json", str(target)) == 0
    document.write_text(f"# Mine\n\n{BEGIN}\nold\n{END}\n\nMore.\n")
    assert run("--read", str(target), "--markdown", str(document)) == 0
    text = document.read_text()
    assert "| mine | 2     | newsledger" in text
    assert "old" not in text.splitlines()
    assert text.endswith(f"{END}\n\nMore.\n")
    (tmp_path / "no_marks.md").write_text("# Mine\n")
    assert run("--read", str(target), "--markdown", str(tmp_path / "no_marks.md")) == 2
    (tmp_path / "other.json").write_text('{"schema": 99}')
    assert run("--read", str(tmp_path / "other.json")) == 2


def test_the_worst_pages_and_one_page(
    run: Any, evaluation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = truth() | {"title": "Another title", "must_contain": ["Nowhere printed"]}
    wrong["body"] = "\n\n".join([PARAGRAPHS[0], "A paragraph that the page does not have at all."])
    write_set(evaluation, "mine", [row("one"), row("two", truth=wrong)])
    assert run("--only", "extraction", "--worst", "3") == 0
    out = capsys.readouterr().out
    assert "mine  title  0.000  trafilatura 0.000  two" in out
    assert run("--page", "two") == 0
    out = capsys.readouterr().out
    assert "title: expected 'Another title'" in out
    assert f"newsledger {TITLE!r}" in out
    assert "missing: Nowhere printed" in out
    assert "- A paragraph that the page does not have at all." in out
    assert "extra: kept body html." in out
    assert run("--page", "nowhere") == 2


def test_pages_as_plain_text(run: Any, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    assert run("--only", "text", "--json", str(target)) == 0
    found = json.loads(target.read_text())["sets"]["text/mine"]
    assert list(found["measures"]) == ["body_token_f1", "body_shingle_f1"]
    assert found["measures"]["body_token_f1"]["newsledger"]["value"] > 0.9


def test_languages_with_few_pages_are_counted_together() -> None:
    languages = ["de"] * 6 + ["en"] * 7 + ["fr"] * 4 + ["und"]
    groups = language_groups(languages)
    assert {name: len(places) for name, places in groups.items()} == {"en": 7, "de": 6, "other": 5}
    assert list(groups) == ["en", "de", "other"]
    assert sorted(place for places in groups.values() for place in places) == list(range(18))
    assert list(language_groups(["de"] * 5)) == ["de"]
