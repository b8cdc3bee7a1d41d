"""Figures over pages with 95 % intervals: a paired bootstrap, the pages resampled for all readers.

A page adds to each measure's sums by its *contribution*, pairs of numerator and denominator:

* a score: (score, 1); strings found: (found, asked); speed: (1, CPU seconds); F1 of spans:
  (2 x hits, true + found). The measure is the quotient of the sums;
* shingles: (precision, 1, recall, 1). The measure is the harmonic mean of both quotients.

(0, 0) is a page that has the label and yet does not count (no author stated and none found).
NumPy is there through spaCy, which newsledger declares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
SEED = 20_250_808
LEVEL = 0.95
_CELLS = 2_000_000
"""Resamples are drawn in parts of so many cells, so that thousands of pages need no more memory."""

Contribution = tuple[float, ...]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its interval; None where nothing counts."""

    value: float | None
    low: float | None
    high: float | None

    def as_dict(self) -> dict[str, float | None]:
        """For JSON, at six decimals: beyond them the machine's arithmetic may show."""
        return {
            name: None if number is None else round(number, 6)
            for name, number in (("value", self.value), ("low", self.low), ("high", self.high))
        }


def paired(
    columns: Mapping[str, Sequence[Contribution]], contrast: str = "difference"
) -> dict[str, Estimate]:
    """Estimates of each reader's figure, and of the first against each other.

    Args:
        columns: by reader, the contributions of the same pages in the same order; one page at least.
        contrast: ``difference`` (first minus other) or ``ratio`` (first through other).

    Returns:
        By reader; and under ``<contrast>:<other>`` for every reader but the first.

    """
    readers = list(columns)
    pages = np.array([columns[reader] for reader in readers], dtype=np.float64)
    points = _figures(pages.sum(axis=1))
    drawn = np.concatenate(
        [_figures(np.matmul(part, pages)) for part in _draws(pages.shape[1])], axis=-1
    )
    estimates = {r: _estimate(points[i], drawn[i]) for i, r in enumerate(readers)}
    for i, other in enumerate(readers[1:], 1):
        estimates[f"{contrast}:{other}"] = _estimate(
            _contrast(points[0], points[i], contrast), _contrast(drawn[0], drawn[i], contrast)
        )
    return estimates


def figure(column: Sequence[Contribution]) -> float | None:
    """One figure without an interval; None where nothing counts."""
    value = float(_figures(np.array(column, dtype=np.float64).sum(axis=0)))
    return None if np.isnan(value) else value


def _draws(pages: int) -> Iterator[Floats]:
    """How often each page is drawn, a row a resample."""
    # RandomState and not default_rng: NumPy promises to keep its stream (NEP 19).
    random = np.random.RandomState(SEED)
    step = max(1, _CELLS // pages)
    for start in range(0, RESAMPLES, step):
        size = min(step, RESAMPLES - start)
        yield random.multinomial(pages, np.full(pages, 1 / pages), size=size).astype(np.float64)


def _figures(sums: Floats) -> Floats:
    """From sums of contributions (last axis) to figures; NaN where nothing counts."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotients = sums[..., 0::2] / sums[..., 1::2]
        if quotients.shape[-1] == 1:
            return np.asarray(quotients[..., 0])
        # No document yielded a shingle: precision 0, as the benchmark counts it.
        precision, recall = np.nan_to_num(quotients[..., 0]), np.nan_to_num(quotients[..., 1])
        return np.nan_to_num(2 * precision * recall / (precision + recall))


def _contrast(first: Floats, other: Floats, contrast: str) -> Floats:
    if contrast == "difference":
        return np.asarray(first - other)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(first / other)


def _estimate(point: Floats, drawn: Floats) -> Estimate:
    finite = drawn[np.isfinite(drawn)]
    if not np.isfinite(point) or not finite.size:
        return Estimate(None, None, None)
    low, high = np.percentile(finite, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return Estimate(float(point), float(low), float(high))
