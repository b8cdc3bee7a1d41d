"""Every audit over labelled pages: what is counted, listed and held against floors and goals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals import floors, quality, report, run, tables
from evals.__main__ import main
from evals.comparison import goal_figure, goals_table
from evals.pages import Folders
from tests.evals.conftest import row, write_set

SHELL = (
    "<html><head><title>Elmsund</title></head><body><nav><a href='/'>Home</a></nav></body></html>"
)


def audited(*failing: quality.Failing, blocking: int = 0) -> quality.Audited:
    return quality.Audited(
        captures=8, results=40, critical=20, blocking=blocking, failing=[*failing]
    )


def failing(severity: str = "warning", error: str | None = None, rows: int = 2) -> quality.Failing:
    examples = tuple(quality.Row(f"key{n}", f"mine/{n}.html", None) for n in range(rows))
    return quality.Failing(severity, "articles", "body_short", 1, rows, error, examples)


def reported(found: quality.Audited) -> report.Report:
    made = report.new_report()
    made["quality"] = quality.as_record(found)
    for name, values, judged in (
        ("quality", quality.shares(found), True),
        ("quality: counts", quality.counts(found), False),
    ):
        made["figures"][name] = {"digest": "d", "judged": judged, "values": values}
    return made


def test_a_blocking_failure_is_below_the_floor_and_misses_the_goal() -> None:
    good, bad = reported(audited()), reported(audited(failing("critical"), blocking=1))
    known = floors.changed(good, {}, rise=True, fall=False)
    assert list(known) == ["quality"]
    assert known["quality"]["floors"]["critical checks that hold"] == 1.0
    assert floors.judge(good, known).below == []
    (below,) = floors.judge(bad, known).below
    assert "critical checks that hold: 0.9500" in below
    measure = "at_most:false blocking failures"
    assert [goal_figure(r, "quality: counts", measure) for r in (good, bad)] == [0.0, 1.0]
    assert [goals_table(r, None).splitlines()[1].split()[-1] for r in (good, bad)] == ["yes", "no"]
    assert goal_figure(report.new_report(), "quality: counts", measure) is None


def test_a_rule_that_broke_blocks_whatever_its_severity() -> None:
    counts = quality.counts(audited(failing(), failing(error="no such column"), blocking=1))
    assert counts["failing checks that block nothing"] == {"newsledger": 1}


def test_a_terminal_shows_the_rows_to_read_and_a_page_only_counts() -> None:
    found = audited(failing(rows=5))
    found.held["body_present"] = [quality.Row("f1", "mine/a.html", "https://news.example/a")]
    made = reported(found)
    text = quality.section(made)
    assert "warning   articles.body_short  1               5" in text
    assert "  key2  mine/2.html\n\nheld: body_present" in text
    assert "  f1  mine/a.html  https://news.example/a" in text
    assert "key4" in quality.section(made, most=5)
    assert "key3" not in text
    page = quality.section(made, markdown=True)
    assert "| held     | body_present        | -              | 1    |" in page
    assert "key0" not in page
    assert "news.example" not in page
    assert quality.section(reported(audited())) == "Every check holds, and nothing is held."
    assert quality.section(report.new_report()) == ""


def test_pages_go_through_the_whole_line(folders: Folders, tmp_path: Path) -> None:
    """A page without an article is held, and named with its address; nothing blocks."""
    manifest = write_set(
        folders.evaluation,
        "mine",
        [row("one", file="html/plain.html"), row("two", file="html/shell.html")],
    )
    (manifest.parent / "html/shell.html").write_text(SHELL)
    target = tmp_path / "report.json"
    where = ["--eval", str(folders.evaluation), "--seeds", str(folders.seeds)]
    assert main([*where, "--only", "quality", "--no-floors", "--json", str(target)]) == 0
    found: dict[str, Any] = json.loads(target.read_text())
    assert found["quality"]["captures"] == 2
    assert found["quality"]["blocking"] == 0
    assert found["quality"]["results"] > found["quality"]["critical"] > 10
    (held,) = found["quality"]["held"]["body_present"]
    assert held["page"] == "mine/html/shell.html"
    assert held["address"] == "https://news.example/two"
    assert "body_present" in [check["check"] for check in found["quality"]["failing"]]
    counts = found["figures"]["quality: counts"]["values"]
    assert counts["captures that are held"] == {"newsledger": 1}


def test_without_pages_the_part_is_left_out(tmp_path: Path) -> None:
    made = run.evaluate(Folders(tmp_path / "eval", tmp_path / "seeds"), ["quality"])
    assert made["notes"][0].startswith("quality: neither pages at")
    assert "quality" not in tables.sections(made, {})


def test_a_tree_of_before_the_audits_leaves_a_note(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def old(*_: object) -> None:
        raise ImportError("no pipelines.quality.audit")

    monkeypatch.setattr(quality, "measure", old)
    made = run.evaluate(folders, ["quality"])
    assert "quality: this tree cannot be measured so" in made["notes"][0]
