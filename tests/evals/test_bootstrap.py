"""Figures and their intervals."""

from __future__ import annotations

import pytest

from evals import bootstrap
from evals.bootstrap import Estimate, figure, paired

SCORES = [(score, 1.0) for score in (0.2, 0.9, 1.0, 0.7, 0.95, 0.4, 0.8, 1.0)]


def numbers(estimate: Estimate) -> tuple[float, float, float]:
    assert estimate.low is not None
    assert estimate.value is not None
    assert estimate.high is not None
    return estimate.low, estimate.value, estimate.high


def test_a_mean_a_share_and_a_rate_are_quotients_of_sums() -> None:
    assert figure([(0.5, 1.0), (1.0, 1.0), (0.0, 0.0)]) == 0.75
    assert figure([(1.0, 2.0), (3.0, 3.0)]) == 0.8
    assert figure([(1.0, 0.02), (1.0, 0.06)]) == 25.0
    assert figure([(0.0, 0.0)]) is None


def test_shingles_are_the_f1_of_two_means() -> None:
    assert figure([(1.0, 1.0, 0.5, 1.0), (0.0, 0.0, 0.0, 1.0)]) == pytest.approx(0.4)
    assert figure([(0.0, 0.0, 0.0, 1.0)]) == 0.0


def test_the_same_scores_give_the_same_intervals() -> None:
    other = [(score / 2, weight) for score, weight in SCORES]
    assert paired({"a": SCORES, "b": other}) == paired({"a": SCORES, "b": other})


def test_intervals_do_not_hang_on_how_many_resamples_are_drawn_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = paired({"a": SCORES})
    monkeypatch.setattr(bootstrap, "_CELLS", 1_000)
    assert paired({"a": SCORES}) == whole


def test_the_interval_holds_the_figure_and_narrows_with_pages() -> None:
    few, many = (numbers(paired({"a": SCORES * times})["a"]) for times in (1, 16))
    assert few[1] == pytest.approx(many[1])
    assert few[0] < many[0] < many[1] < many[2] < few[2]


def test_pages_are_paired() -> None:
    # Both vary much from page to page, the second is always a little worse: the difference is sure.
    worse = [(score - 0.01, weight) for score, weight in SCORES]
    found = paired({"a": SCORES, "b": worse})
    low, _, high = numbers(found["a"])
    assert high - low > 0.2
    assert numbers(found["difference:b"]) == pytest.approx((0.01, 0.01, 0.01))


def test_speeds_are_compared_as_a_ratio() -> None:
    slow = [(1.0, 0.02), (1.0, 0.06), (1.0, 0.04)]
    fast = [(pages, seconds / 2) for pages, seconds in slow]
    ratio = paired({"a": fast, "b": slow}, "ratio")["ratio:b"]
    assert numbers(ratio) == pytest.approx((2.0, 2.0, 2.0))


def test_where_nothing_counts_there_is_no_figure() -> None:
    found = paired({"a": [(0.0, 0.0)], "b": [(1.0, 1.0)]})
    assert found["a"].value is None
    assert found["difference:b"].as_dict() == {"value": None, "low": None, "high": None}
