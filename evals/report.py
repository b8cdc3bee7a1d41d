"""What an evaluation found, as one JSON document: tables, floors and comparisons read only this.

``schema`` 1. ``sets``: by name ``{digest, pages, measures, languages, per_page}``; a measure is ``{n}``
and by reader ``{value, low, high}``, likewise ``difference:<reader>`` or ``ratio:<reader>``.
``figures``: by evaluation ``{digest, judged, values}`` of those without intervals (feeds, the whole
line, links by type); a value is numbers by column, newsledger's under its name; floors hold it where
``judged``. ``notes``: what could not be measured, and why.
"""

from __future__ import annotations

import json
import platform
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from evals.bootstrap import LEVEL, RESAMPLES, SEED, Contribution, paired
from evals.pages import page_key
from evals.scores import MEASURES, UNCOUNTED, Scored
from pipelines.clean.extract import EXTRACTOR_VERSION

SCHEMA = 1
OTHER = "other"
FEW_PAGES = 5
"""Languages with fewer pages in a set are counted together: a mean of three says little."""
EVERY_PAGE = "all pages"
"""Name of the sum of all sets of pages, for speed alone."""

Report = dict[str, Any]


def new_report() -> Report:
    """A report without results, with what the figures depend on."""
    return {
        "schema": SCHEMA,
        "extractor_version": EXTRACTOR_VERSION,
        "commit": _commit(),
        "python": platform.python_version(),
        "trafilatura": version("trafilatura"),
        "bootstrap": {"resamples": RESAMPLES, "seed": SEED, "level": LEVEL},
        "sets": {},
        "figures": {},
        "notes": [],
    }


def _commit() -> str | None:
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]  # fmt: skip
    folder = Path(__file__).resolve().parent
    try:
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return result.stdout.strip() or None


def add_set(report: Report, scored: Scored) -> None:
    """Adds the summary and the pages' scores of one set."""
    groups = language_groups(scored.languages)
    measures = _measures(scored.scores, range(len(scored.ids)))
    report["sets"][scored.name] = {
        "digest": scored.digest,
        "pages": len(scored.ids),
        "measures": measures,
        "languages": {
            language: {
                "pages": len(rows),
                "measures": _measures(scored.scores, rows) if len(groups) > 1 else measures,
            }
            for language, rows in groups.items()
        },
        "per_page": {
            "ids": [page_key(page) for page in scored.ids],
            "languages": scored.languages,
            "scores": {
                reader: {
                    measure: [_rounded(contribution) for contribution in column]
                    for measure, column in _in_order(columns)
                }
                for reader, columns in scored.scores.items()
            },
        },
    }


def language_groups(languages: Sequence[str]) -> dict[str, list[int]]:
    """Places of the pages of each language, the frequent first, ``other`` at the end."""
    counts = Counter(languages)
    names = sorted(
        (name for name, pages in counts.items() if pages >= FEW_PAGES and name != OTHER),
        key=lambda name: (-counts[name], name),
    )
    groups: dict[str, list[int]] = {name: [] for name in [*names, OTHER]}
    for place, language in enumerate(languages):
        groups[language if language in groups else OTHER].append(place)
    return {name: places for name, places in groups.items() if places}


def add_all_pages(report: Report, sets: Iterable[Scored]) -> None:
    """Speed over the pages of all sets together."""
    columns: dict[str, dict[str, list[Contribution | None]]] = {}
    pages = 0
    for scored in sets:
        pages += len(scored.ids)
        for reader, measures in scored.scores.items():
            columns.setdefault(reader, {"speed": []})["speed"] += measures["speed"]
    if pages:
        report["speed"] = {
            "pages": pages,
            "measures": _measures(columns, range(pages)),
        }


def _measures(
    scores: Mapping[str, Mapping[str, Sequence[Contribution | None]]], rows: Sequence[int]
) -> dict[str, Any]:
    """Estimates of every measure that any of some pages has."""
    found: dict[str, Any] = {}
    for name, measure in MEASURES.items():
        columns = {r: [c[name][i] for i in rows] for r, c in scores.items() if name in c}
        summary = summarised(columns, measure.contrast)
        if summary is not None:
            found[name] = summary
    return found


def summarised(
    columns: Mapping[str, Sequence[Contribution | None]], contrast: str
) -> dict[str, Any] | None:
    """One measure's estimates over the pages that have its label; None where no page has it."""
    labelled = [row for row in zip(*columns.values(), strict=True) if any(row)]
    if not labelled:
        return None
    width = next(len(c) for c in labelled[0] if c)
    nothing = UNCOUNTED * (width // 2)
    full = {
        reader: [row[place] or nothing for row in labelled] for place, reader in enumerate(columns)
    }
    counted = next(iter(full.values()))
    plain = contrast == "difference" and width == 2
    n = round(sum(c[1] for c in counted)) if plain else len(labelled)
    estimates = {name: e.as_dict() for name, e in paired(full, contrast).items()}
    return {"n": n} | estimates


def _in_order(columns: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, columns[name]) for name in MEASURES if name in columns]


def _rounded(contribution: Contribution | None) -> list[float] | None:
    if contribution is None:
        return None
    return [int(x) if x == int(x) else round(x, 5) for x in contribution]


def write_report(report: Report, path: Path) -> None:
    """Writes JSON with one line a list, so that two reports can be compared line by line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_json(report, "") + "\n", encoding="utf-8")


def _json(value: Any, indent: str) -> str:
    if not isinstance(value, dict) or not any(isinstance(v, dict | list) for v in value.values()):
        return json.dumps(value, ensure_ascii=False)
    inner = indent + " "
    items = (f"{inner}{json.dumps(k)}: {_json(v, inner)}" for k, v in value.items())
    return "{\n" + ",\n".join(items) + f"\n{indent}}}"


def read_report(path: Path) -> Report:
    """A report that was written before.

    Raises:
        ValueError: it is no report of this schema.

    """
    report = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(report, dict) or report.get("schema") != SCHEMA:
        raise ValueError(f"{path}: no report of schema {SCHEMA}; write one with --json")
    return report
