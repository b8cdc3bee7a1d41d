"""Goals: a figure, a lead over what is beside it, a limit, the lowest page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals import comparison, floors, quality, report, run, tables
from evals.comparison import goal_figure, goals_table
from evals.names.measure import Results, Table, measure
from evals.pages import Folders
from evals.scores import MEASURES, Scored

COST = {"newsledger": [(1.1, 1.0), (1.3, 1.0)], "bare spaCy": [(1.0, 1.0), (1.0, 1.0)]}


@pytest.fixture
def found() -> report.Report:
    """Spans of two texts, their cost, and a table that no floor holds."""
    names = Scored("names/mine", "d1")
    for key, ours, bare in (("one", 8.0, 7.0), ("two", 6.0, 5.0)):
        names.add(
            key, "en", {"newsledger": {"span_f1": (ours, 10.0)}, "bare": {"span_f1": (bare, 10.0)}}
        )
    cost = Scored("cost", "d2")
    for number in range(2):
        cost.add(str(number), "en", {reader: {"cost": c[number]} for reader, c in COST.items()})
    tallies = Table("d3", {"de": {"pages": 45, "newsledger": 0.5}})
    judged = Table("d4", {"spans that are exact": {"newsledger": 1.0}}, judged=True)
    results = Results([names, cost], {"by language": tallies, "languages": judged}, ["a note"])
    made = report.new_report()
    run.add_names(made, results)
    return made


def test_what_a_goal_is_held_against(found: report.Report) -> None:
    assert goal_figure(found, "names/mine", "span_f1") == 0.7
    assert goal_figure(found, "names/mine", "above:span_f1") == pytest.approx(0.1)
    assert goal_figure(found, "names/mine", "lowest:span_f1") == 0.6
    assert goal_figure(found, "cost", "at_most:cost") == pytest.approx(1.2)
    assert goal_figure(found, "names/theirs", "span_f1") is None
    assert goal_figure(found, "names/mine", "canonical") is None


def test_goals_are_reached_or_not(
    found: report.Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals: dict[str, Any] = {
        "names/mine": {"span_f1": 0.75, "above:span_f1": 0.09, "lowest:span_f1": 0.61},
        "names/theirs": {"span_f1": 0.1},
        "cost": {"at_most:cost": 1.15},
    }
    (tmp_path / "goals.json").write_text(json.dumps(goals))
    monkeypatch.setattr(comparison, "GOALS_FILE", tmp_path / "goals.json")
    rows = [line.split("  ") for line in goals_table(found, None).splitlines()[1:]]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert cells == [
        ["names/mine", "span F1", "0.75", "-", "0.7000", "0.6000", "bare", "no"],
        ["names/mine", "span F1 above what is beside it", "0.09", "-", "0.1000", "0.6000", "bare", "yes"],
        ["names/mine", "span F1 of the lowest page", "0.61", "-", "0.6000", "0.5000", "bare", "no"],
        ["cost", "cost / bare spaCy's", "at most 1.15", "-", "1.20", "1.00", "bare spaCy", "no"],
    ]  # fmt: skip


def test_every_goal_is_of_a_measure_that_there_is() -> None:
    goals = json.loads(comparison.GOALS_FILE.read_text())
    for wanted in goals.values():
        for measure_name in wanted:
            how, _, plain = measure_name.rpartition(":")
            assert how in ("", "above", "at_most", "lowest")
            assert plain in MEASURES or plain in quality.counts(quality.Audited())


def test_cost_and_counts_have_no_floor(found: report.Report) -> None:
    made = floors.changed(found, {}, rise=True, fall=False)
    assert {name: entry["floors"] for name, entry in made.items()} == {
        "names/mine": {"span_f1": 0.7},
        "cost": {},
        "languages": {"spans that are exact": 1.0},
    }


def test_tables_show_counts_as_counts_and_who_is_beside(found: report.Report) -> None:
    text = tables.sections(found, {})
    assert "names/mine: 2 texts" in text
    assert "cost: 2 rounds" in text
    (line,) = (line for line in text.splitlines() if line.startswith("de"))
    assert line.split() == ["de", "45", "0.5000"]
    (line,) = (line for line in text.splitlines() if line.startswith("CPU s"))
    assert "x1.20" in line


def test_without_labels_nothing_is_measured(tmp_path: Path) -> None:
    results = measure(Folders(tmp_path / "eval", tmp_path / "seeds"))
    assert (results.sets, results.tables) == ([], {})
    assert results.notes[0].startswith("mentions: no labelled seeds at ")
    assert len(results.notes) == 5
