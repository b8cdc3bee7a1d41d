"""A report as tables: aligned text for the terminal, or Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.floors import UNJUDGED, Floors
from evals.readers import OURS
from evals.report import Report
from evals.scores import MEASURES

MISSING = "-"
Row = Sequence[str]


def table(head: Row, rows: Iterable[Row], *, markdown: bool = False) -> str:
    """Rows under a head, columns as wide as their widest cell."""
    every = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[i]) for row in every) for i in range(len(head))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in every]
    if not markdown:
        return "\n".join("  ".join(cells).rstrip() for cells in lines)
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def number(value: float | None, measure: str = "") -> str:
    """A figure: four decimals, one for pages a CPU second, none for a count."""
    if value is None:
        return MISSING
    if isinstance(value, int):
        return str(value)
    return f"{value:.1f}" if measure == "speed" else f"{value:.4f}"


def interval(estimate: Mapping[str, Any] | None, measure: str = "") -> str:
    """``[low, high]`` of an estimate."""
    if not estimate or estimate["low"] is None:
        return MISSING
    return f"[{number(estimate['low'], measure)}, {number(estimate['high'], measure)}]"


def contrast(summary: Mapping[str, Any], reader: str) -> str:
    """The first reader against another with the interval: ``+0.0120 [-0.0010, +0.0250]``, ``x1.31 […]``."""
    for kind, style in (("difference", "{:+.4f}"), ("ratio", "x{:.2f}")):
        found = summary.get(f"{kind}:{reader}")
        if found and found["value"] is not None:
            value, low, high = (style.format(found[key]) for key in ("value", "low", "high"))
            return f"{value} [{low}, {high}]"
    return MISSING


def others(found: Mapping[str, Any]) -> list[str]:
    """The readers of a set beside newsledger, the one that it is held against first."""
    return [reader for reader in found["per_page"]["scores"] if reader != OURS]


def of_names(found: Mapping[str, Any]) -> bool:
    """Whether a set is of mentions and entities; else it is of pages."""
    return any(MEASURES[name].of_names for name in found["measures"])


def summary_table(sets: Mapping[str, Any], *, markdown: bool = False) -> str:
    """A row a set and reader, a column a measure: some sets at a glance."""
    names = [m for m in MEASURES if any(m in s["measures"] for s in sets.values())]
    rows = []
    for name, found in sets.items():
        for reader in found["per_page"]["scores"]:
            cells = [
                number(found["measures"].get(m, {}).get(reader, {}).get("value"), m) for m in names
            ]
            rows.append([name, str(found["pages"]), reader, *cells])
    head = ["set", "pages", "reader", *(MEASURES[m].title for m in names)]
    return table(head, rows, markdown=markdown)


def set_table(found: Mapping[str, Any], floors: Mapping[str, float], *, markdown: bool) -> str:
    """One set: every measure with intervals, the difference between the readers, and the floor."""
    beside = others(found)
    first = beside[0] if beside else ""
    rows = []
    for name, summary in found["measures"].items():
        ours = summary.get(OURS)
        rows.append(
            [
                MEASURES[name].title,
                str(summary["n"]),
                number(ours["value"] if ours else None, name),
                interval(ours, name),
                *(number(summary.get(reader, {}).get("value"), name) for reader in beside),
                contrast(summary, first),
                MISSING if name in UNJUDGED else number(floors.get(name)),
            ]
        )
    against = f"newsledger against {first}, 95 %" if beside[1:] else "newsledger against it, 95 %"
    head = ["measure", "n", OURS, "95 %", *beside, against, "floor"]
    return table(head, rows, markdown=markdown)


def language_table(found: Mapping[str, Any], *, markdown: bool) -> str:
    """One set by language: a row a language and measure, most pages first."""
    other = next(iter(others(found)), None)
    rows = []
    for language, group in found["languages"].items():
        for name, summary in group["measures"].items():
            ours, theirs = summary.get(OURS), summary.get(other)
            rows.append(
                [
                    language,
                    str(group["pages"]),
                    MEASURES[name].title,
                    str(summary["n"]),
                    number(ours["value"] if ours else None, name),
                    interval(ours, name),
                    number(theirs["value"] if theirs else None, name),
                    contrast(summary, other or ""),
                ]
            )
    head = [
        "language",
        "pages",
        "measure",
        "n",
        OURS,
        "95 %",
        other or "",
        "newsledger against it, 95 %",
    ]
    return table(head, rows, markdown=markdown)


def figures_table(found: Mapping[str, Any], floors: Mapping[str, float], *, markdown: bool) -> str:
    """An evaluation without intervals: a row a figure, a column a reader, or whatever it counts."""
    columns = list(dict.fromkeys(r for values in found["values"].values() for r in values))
    is_judged = found.get("judged", True)
    rows = [
        [name, *(number(values.get(c)) for c in columns), *([number(floors.get(name))] * is_judged)]
        for name, values in found["values"].items()
    ]
    head = ["figure", *(c.strip() for c in columns), *(["floor"] * is_judged)]
    return table(head, rows, markdown=markdown)


def sections(
    report: Report, floors: Floors, *, markdown: bool = False, languages: bool = True
) -> str:
    """Every table of a report, each under its title."""
    parts: list[tuple[str, str]] = []
    pages = {name: found for name, found in report["sets"].items() if not of_names(found)}
    if pages:
        parts.append(("All sets of pages", summary_table(pages, markdown=markdown)))
    for name, found in report["sets"].items():
        own = floors_for(floors, name, found["digest"])
        title = f"{name}: {found['pages']} {_unit(name, found)}"
        parts.append((title, set_table(found, own, markdown=markdown)))
        if languages and len(found["languages"]) > 1:
            parts.append((f"{name} by language", language_table(found, markdown=markdown)))
    for name, found in report["figures"].items():
        own = floors_for(floors, name, found["digest"])
        parts.append((name, figures_table(found, own, markdown=markdown)))
    mark = "###" if markdown else "##"
    return "\n\n".join(f"{mark} {title}\n\n{text}" for title, text in parts)


def _unit(name: str, found: Mapping[str, Any]) -> str:
    if "cost" in found["measures"]:
        return "rounds"
    if name.startswith("clusters/across"):
        return "cases"
    return "texts" if of_names(found) else "pages"


def floors_for(floors: Floors, name: str, digest: str) -> Mapping[str, float]:
    """The floors of a set, none where they are for other pages."""
    entry = floors.get(name)
    return entry["floors"] if entry and entry["digest"] == digest else {}
