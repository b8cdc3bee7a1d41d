"""Floors: they judge the pages they were measured on, and fall by a flag alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.floors import FloorsError, changed, judge, read_floors, write_floors

FLOORS: dict[str, Any] = {"mine": {"digest": "d1", "floors": {"title": 0.9, "date": 0.5}}}


def report(title: float, date: float, digest: str = "d1") -> dict[str, Any]:
    measures = {
        name: {"n": 10, "newsledger": {"value": value}, "trafilatura": {"value": 0.1}}
        for name, value in (("title", title), ("date", date), ("speed", 30.0))
    }
    return {"sets": {"mine": {"digest": digest, "measures": measures}}, "figures": {}}


def test_at_the_floor_is_enough() -> None:
    verdict = judge(report(0.9, 0.7), FLOORS)
    assert (verdict.judged, verdict.below) == (2, [])


def test_each_figure_below_its_floor_is_named() -> None:
    verdict = judge(report(0.8999, 0.4), FLOORS)
    assert verdict.below == [
        "mine date: 0.4000 is below its floor 0.5",
        "mine title: 0.8999 is below its floor 0.9",
    ]


def test_a_figure_that_is_gone_is_below_its_floor() -> None:
    found = report(0.95, 0.7)
    del found["sets"]["mine"]["measures"]["title"]
    assert judge(found, FLOORS).below == ["mine title: not measured; its floor is 0.9"]


def test_other_pages_are_not_judged() -> None:
    verdict = judge(report(0.1, 0.1, digest="d2"), FLOORS)
    assert verdict.below == []
    assert verdict.unjudged == ["mine: the floors are for other pages"]


def test_a_set_that_was_not_run_is_not_judged() -> None:
    assert judge({"sets": {}, "figures": {}}, FLOORS).below == []


def test_floors_rise_when_asked_and_do_not_fall_with_it() -> None:
    found = changed(report(0.95678, 0.4), FLOORS, rise=True, fall=False)
    assert found["mine"]["floors"] == {"title": 0.9567, "date": 0.5}


def test_floors_fall_when_asked_and_do_not_rise_with_it() -> None:
    found = changed(report(0.95, 0.4), FLOORS, rise=False, fall=True)
    assert found["mine"]["floors"] == {"title": 0.9, "date": 0.4}
    assert FLOORS["mine"]["floors"] == {"title": 0.9, "date": 0.5}


def test_new_figures_get_a_floor_and_speed_none() -> None:
    found = changed(report(0.95, 0.4), {}, rise=True, fall=False)
    assert found == {"mine": {"digest": "d1", "floors": {"title": 0.95, "date": 0.4}}}


def test_floors_of_other_pages_are_replaced_by_the_lowering_flag_alone() -> None:
    other = report(0.2, 0.2, digest="d2")
    with pytest.raises(FloorsError, match="--floors FILE"):
        changed(other, FLOORS, rise=True, fall=False)
    found = changed(other, FLOORS, rise=False, fall=True)
    assert found["mine"] == {"digest": "d2", "floors": {"title": 0.2, "date": 0.2}}


def test_figures_without_pages_have_floors_too() -> None:
    values = {"links": {"newsledger": 0.7, "bare": 0.9}}
    found = {"sets": {}, "figures": {"mentions": {"digest": "m", "values": values}}}
    floors = {"mentions": {"digest": "m", "floors": {"links": 0.8}}}
    assert judge(found, floors).below == ["mentions links: 0.7000 is below its floor 0.8"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert read_floors(path) == {}
    write_floors(FLOORS, path)
    assert read_floors(path) == FLOORS


@pytest.mark.parametrize("content", ["{", "[]", '{"mine": {}}', '{"mine": {"digest": "d", "floors": {"title": "high"}}}'])  # fmt: skip
def test_floors_that_cannot_be_read_are_an_error_and_not_no_floors(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "floors.json"
    path.write_text(content)
    with pytest.raises(FloorsError, match="not sets with"):
        read_floors(path)
