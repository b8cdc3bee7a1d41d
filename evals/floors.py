"""Floors that figures may not fall below, kept beside the digest of the pages they were measured on.

``floors.json``: by set ``{"digest", "floors": {measure: floor}}``. Floors of other pages say nothing,
so a set with another digest is not judged. A floor rises when asked (``--raise-floors``) and falls
only by ``--lower-floors``. Speed and cost have none: they are the machine's as much as ours.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.readers import OURS
from evals.report import Report
from evals.scores import MEASURES

FLOORS_FILE = Path(__file__).with_name("floors.json")
UNJUDGED = frozenset(name for name, measure in MEASURES.items() if measure.relative)
_DIGITS = 4
Floors = dict[str, dict[str, Any]]


class FloorsError(Exception):
    """The floors cannot be read, or may not be changed so; says what to do."""


@dataclass(slots=True)
class Verdict:
    """How a report stands to its floors."""

    judged: int = 0
    below: list[str] = field(default_factory=list)
    """A line a figure below its floor."""
    unjudged: list[str] = field(default_factory=list)
    """Sets whose floors are for other pages."""


def read_floors(path: Path) -> Floors:
    """The floors of a file, none where there is no file.

    Raises:
        FloorsError: the file is no object of sets with a digest and floors.

    """
    if not path.is_file():
        return {}
    try:
        floors = json.loads(path.read_text(encoding="utf-8"))
        for entry in floors.values():
            str(entry["digest"]), {str(k): float(v) for k, v in entry["floors"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FloorsError(f"{path}: not sets with 'digest' and 'floors': {error!r}") from error
    return dict(floors)


def write_floors(floors: Floors, path: Path) -> None:
    """Writes floors, sets and measures in name order."""
    path.write_text(json.dumps(floors, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def judge(report: Report, floors: Floors) -> Verdict:
    """Holds every figure of a report against its floor."""
    verdict = Verdict()
    for name, digest, values in _judgeable(report):
        entry = floors.get(name)
        if entry is None:
            continue
        if entry["digest"] != digest:
            verdict.unjudged.append(f"{name}: the floors are for other pages")
            continue
        for measure, floor in sorted(entry["floors"].items()):
            value = values.get(measure)
            if value is None:
                verdict.below.append(f"{name} {measure}: not measured; its floor is {floor}")
                continue
            verdict.judged += 1
            if value < floor:
                verdict.below.append(f"{name} {measure}: {value:.4f} is below its floor {floor}")
    return verdict


def changed(report: Report, floors: Floors, *, rise: bool, fall: bool) -> Floors:
    """Floors after a run: each moved to what was measured, in the directions asked for.

    Raises:
        FloorsError: a set's floors are for other pages and may not fall: to replace them could
            lower them.

    """
    result = {name: entry | {"floors": dict(entry["floors"])} for name, entry in floors.items()}
    for name, digest, values in _judgeable(report):
        entry = result.get(name)
        if entry is not None and entry["digest"] != digest:
            if not fall:
                raise FloorsError(
                    f"{name}: the floors are for other pages; keep yours in a file of their own"
                    " (--floors FILE), or replace these with --lower-floors"
                )
            entry = None
        if entry is None:
            entry = result[name] = {"digest": digest, "floors": {}}
        kept = entry["floors"]
        for measure, value in values.items():
            new = math.floor(value * 10**_DIGITS + 1e-6) / 10**_DIGITS
            old = kept.get(measure)
            if old is None or (rise and new > old) or (fall and new < old):
                kept[measure] = new
    return result


def _judgeable(report: Report) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Every set and evaluation with its digest and newsledger's figures."""
    for name, found in report["sets"].items():
        values = {
            measure: summary[OURS]["value"]
            for measure, summary in found["measures"].items()
            if measure not in UNJUDGED and summary.get(OURS, {}).get("value") is not None
        }
        yield name, found["digest"], values
    for name, found in report["figures"].items():
        judged = {
            figure: values[OURS]
            for figure, values in found["values"].items()
            if values.get(OURS) is not None
        }
        if found.get("judged", True):
            yield name, found["digest"], judged
