"""Old and new side by side: two reports' figures, and what each goal lacks.

The old report is a file that ``--json`` wrote, or is made anew from a commit: its ``pipelines`` with
this tree's ``evals``, so that both are scored alike.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.bootstrap import paired
from evals.readers import OURS
from evals.report import EVERY_PAGE, Report, read_report
from evals.scores import MEASURES, Measure
from evals.tables import MISSING, number, others, table

PROJECT = Path(__file__).resolve().parents[1]
GOALS_FILE = Path(__file__).with_name("goals.json")


class ComparisonError(Exception):
    """There is nothing to compare with; says why."""


def old_report(source: str, arguments: Sequence[str]) -> Report:
    """The report to compare with.

    Args:
        source: path of a report, or a commit as git names it.
        arguments: of ``python -m evals``, where the commit is to be evaluated.

    Raises:
        ComparisonError: it is neither, or the commit cannot be evaluated.

    """
    path = Path(source)
    if path.is_file():
        try:
            return read_report(path)
        except ValueError as error:
            raise ComparisonError(str(error)) from error
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        _unpack(source, tree)
        report = _evaluate(tree, arguments)
    report["commit"] = _git("rev-parse", "--short", source).decode().strip()
    return report


def _git(*arguments: str) -> bytes:
    command = ["git", *arguments]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    if result.returncode:
        message = result.stderr.decode(errors="replace").strip()
        raise ComparisonError(f"neither a report nor a commit: {message}")
    return result.stdout


def _unpack(commit: str, tree: Path) -> None:
    archive = _git("archive", "--format=tar", commit)
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(tree, filter="data")
    for path in sorted((tree / "evals").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for path in sorted((PROJECT / "evals").rglob("*")):
        if path.suffix in (".py", ".json", ".txt") and path.parent.name != "baselines":
            copy = tree / path.relative_to(PROJECT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())


def _evaluate(tree: Path, arguments: Sequence[str]) -> Report:
    report = tree / "report.json"
    # PYTHONPATH comes before the environment's own packages, an editable install of this tree too.
    command = [
        sys.executable,
        "-P",
        "-m",
        "evals",
        *arguments,
        "--json",
        str(report),
        "--no-floors",
    ]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    result = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode or not report.is_file():
        last = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
        raise ComparisonError(f"the commit's tree cannot be evaluated: {' '.join(last)}")
    return read_report(report)


def comparison_table(old: Report, new: Report, *, markdown: bool = False) -> str:
    """Every figure that both reports have: old, new, difference with its paired interval."""
    rows = list(_set_rows(old, new))
    for name, found in new["figures"].items():
        before = old["figures"].get(name, {}).get("values", {})
        for figure, values in found["values"].items():
            one, other = before.get(figure, {}).get(OURS), values.get(OURS)
            if one is not None and other is not None:
                rows.append([name, figure, number(one), number(other), f"{other - one:+.4f}", ""])
    head = ["set", "measure", "old", "new", "difference, 95 %", "beside it"]
    return table(head, rows, markdown=markdown)


def _set_rows(old: Report, new: Report) -> Iterator[list[str]]:
    for name, found in new["sets"].items():
        before = old["sets"].get(name)
        for measure, summary in found["measures"].items():
            title = MEASURES[measure].title
            bare = number(_beside(summary)[1], measure)
            value = number(summary.get(OURS, {}).get("value"), measure)
            was = (before or {}).get("measures", {}).get(measure, {}).get(OURS, {}).get("value")
            if before is None or was is None:
                yield [name, title, MISSING, value, "not in the old report", bare]
            elif before["digest"] != found["digest"]:
                yield [name, title, MISSING, value, "other pages", bare]
            elif MEASURES[measure].relative:
                yield [name, MEASURES[measure].relative, *_relative(measure, before, found), ""]
            else:
                change = paired_change(before["per_page"], found["per_page"], measure)
                yield [name, title, number(was), value, change, bare]


def _beside(summary: Mapping[str, Any]) -> tuple[str, float | None]:
    """The reader that newsledger is held against in a measure, and its figure."""
    for reader, estimate in summary.items():
        if reader != OURS and isinstance(estimate, Mapping) and ":" not in reader:
            return reader, estimate["value"]
    return "", None


def _relative(measure: str, before: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """CPU seconds of two runs differ by the machine and its load; those of one run are compared."""
    old, new = (ratio(s["measures"][measure]) for s in (before, found))
    if old is None or new is None:
        return [MISSING, MISSING, MISSING]
    return [f"{old:.2f}", f"{new:.2f}", f"{new - old:+.2f}"]


def ratio(summary: Mapping[str, Any]) -> float | None:
    """Our figure through the other's in the same run, of a measure that is compared so."""
    value = summary.get(f"ratio:{_beside(summary)[0]}", {}).get("value")
    return None if value is None else float(value)


def paired_change(before: Mapping[str, Any], after: Mapping[str, Any], measure: str) -> str:
    """New minus old over the same pages, with its interval."""
    ids = {page: place for place, page in enumerate(before["ids"])}
    old = before["scores"][OURS][measure]
    new = after["scores"][OURS][measure]
    pairs = [
        (new[place], old[ids[page]])
        for place, page in enumerate(after["ids"])
        if page in ids and new[place] is not None and old[ids[page]] is not None
    ]
    if not pairs:
        return MISSING
    found = paired({"new": [p[0] for p in pairs], "old": [p[1] for p in pairs]})["difference:old"]
    if found.value is None or found.low is None or found.high is None:
        return MISSING
    return f"{found.value:+.4f} [{found.low:+.4f}, {found.high:+.4f}]"


def goals_table(new: Report, old: Report | None, *, markdown: bool = False) -> str:
    """The project's goals: goal, old, new, what is beside it in the same run, and whether it is reached."""
    goals = json.loads(GOALS_FILE.read_text(encoding="utf-8"))
    rows = []
    for name, wanted in goals.items():
        for measure, goal in wanted.items():
            value = goal_figure(new, name, measure)
            if value is None:
                continue
            how, _, plain = measure.rpartition(":")
            was = goal_figure(old, name, measure) if old else None
            reader, bare = _bare_figure(new, name, measure)
            about = MEASURES.get(plain, Measure(plain, plain))
            digits = 2 if about.relative else 4
            cells = [MISSING if v is None else f"{v:.{digits}f}" for v in (was, value, bare)]
            title = (about.relative or about.title) + _HOW[how]
            at_most = how == "at_most"
            reached = value <= goal if at_most else value >= goal
            limit = f"at most {goal:g}" if at_most else f"{goal:g}"
            rows.append([name, title, limit, *cells, reader, "yes" if reached else "no"])
    head = ["set", "measure", "goal", "old", "new", "beside it", "which is", "reached"]
    return table(head, rows, markdown=markdown)


_HOW = {"": "", "at_most": "", "lowest": " of the lowest page", "above": " above what is beside it"}
"""Prefixes of a goal's measure, and what they add to its title."""


def goal_figure(report: Report, name: str, measure: str) -> float | None:
    """What a goal is held against; None where it was not measured.

    Args:
        report: old or new.
        name: a set's, or ``EVERY_PAGE``.
        measure: a measure, where it is relative in units of the other reader's, or a figure of an
            evaluation without intervals; ``lowest:<measure>``: of the page where it is lowest;
            ``above:<measure>``: newsledger's less the other reader's; ``at_most:<measure>``: the
            measure, which is not to exceed the goal.

    """
    how, _, plain = measure.rpartition(":")
    if plain not in MEASURES:
        figure = report["figures"].get(name, {}).get("values", {}).get(plain, {}).get(OURS)
        return None if figure is None else float(figure)
    found = _set_of(report, name)
    if how == "lowest":
        return _lowest(found, plain, OURS)
    summary = (found or {}).get("measures", {}).get(plain, {})
    if MEASURES[plain].relative:
        return ratio(summary)
    if how == "above":
        value = summary.get(f"difference:{_beside(summary)[0]}", {}).get("value")
    else:
        value = summary.get(OURS, {}).get("value")
    return None if value is None else float(value)


def _bare_figure(report: Report, name: str, measure: str) -> tuple[str, float | None]:
    """Who is beside newsledger, and its own figure; 1 in its own units."""
    how, _, plain = measure.rpartition(":")
    if plain not in MEASURES:
        return MISSING, None
    found = _set_of(report, name)
    reader, value = _beside((found or {}).get("measures", {}).get(plain, {}))
    if how == "lowest" and found is not None:
        reader = next(iter(others(found)), "")
        value = _lowest(found, plain, reader)
    elif MEASURES[plain].relative and reader:
        value = 1.0
    return reader or MISSING, value


def _set_of(report: Report, name: str) -> Mapping[str, Any] | None:
    return report.get("speed") if name == EVERY_PAGE else report["sets"].get(name)


def _lowest(found: Mapping[str, Any] | None, measure: str, reader: str) -> float | None:
    column = (found or {}).get("per_page", {}).get("scores", {}).get(reader, {}).get(measure, [])
    return min((score[0] / score[1] for score in column if score and score[1]), default=None)
