"""``make eval``: the working tree on labelled pages, beside what it is built on, in the same run.

Exit codes: 0 done; 1 a figure is below its floor; 2 wrong use, or the data is not there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evals import comparison, floors, page_report, quality, run, tables
from evals.pages import Folders, PagesError, page_key, read_set, set_names, shared_folder
from evals.report import Report, read_report, write_report

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
"""Between these lines of a Markdown file ``--markdown FILE`` writes its tables."""


def main(arguments: list[str] | None = None) -> int:
    """Runs what the options ask for. Returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _evaluate(options)
    except (PagesError, floors.FloorsError, comparison.ComparisonError, OSError) as error:
        print(error, file=sys.stderr)
    except ValueError as error:
        print(f"not usable: {error}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals",
        description="The working tree on labelled pages, bare trafilatura beside it in the same run; docs/evaluation.md.",
    )
    where = parser.add_argument_group("what to read")
    where.add_argument(
        "--shared",
        type=Path,
        help="holds eval, seeds and seeds_gold; default: $NEWSLEDGER_SHARED, or ../shared",
    )
    where.add_argument(
        "--eval",
        type=Path,
        metavar="FOLDER",
        help="holds extraction/<set>/pages.jsonl; yours may have any sets",
    )
    where.add_argument(
        "--seeds",
        type=Path,
        metavar="FOLDER",
        help="text files; their labels lie beside it in FOLDER_gold",
    )
    where.add_argument(
        "--only", action="append", choices=run.PARTS, help="run this part alone; may be repeated"
    )
    where.add_argument(
        "--set",
        dest="sets",
        action="append",
        metavar="SET",
        help="of extraction and text, this set alone; may be repeated",
    )
    where.add_argument(
        "--read", type=Path, metavar="REPORT", help="measure nothing: the figures of a report"
    )
    out = parser.add_argument_group("what to write")
    out.add_argument(
        "--json", type=Path, metavar="FILE", help="write all figures, page by page too"
    )
    out.add_argument(
        "--markdown",
        nargs="?",
        const="-",
        metavar="FILE",
        help="Markdown tables; into FILE between its marks, where one is given",
    )
    out.add_argument("--against", metavar="REPORT|COMMIT", help="old and new side by side")
    out.add_argument(
        "--worst",
        type=int,
        default=0,
        metavar="N",
        help="list so many of our worst pages a set and measure, and failing rows a check",
    )
    out.add_argument(
        "--page", metavar="ID", help="show one HTML page alone: expected, read, wrong blocks"
    )
    judge = parser.add_argument_group("floors")
    judge.add_argument(
        "--floors",
        type=Path,
        default=floors.FLOORS_FILE,
        metavar="FILE",
        help="default: evals/floors.json",
    )
    judge.add_argument("--no-floors", action="store_true", help="judge nothing")
    judge.add_argument(
        "--raise-floors", action="store_true", help="to what is measured, where that is higher"
    )
    judge.add_argument(
        "--lower-floors", action="store_true", help="to what is measured, where that is lower"
    )
    return parser  # fmt: skip


def _evaluate(options: argparse.Namespace) -> int:
    folders = _folders(options)
    if options.page:
        return _show_page(folders, options.page, options.sets)
    known = {} if options.no_floors else floors.read_floors(options.floors)
    if options.read:
        report = read_report(options.read)
    else:
        if not folders.evaluation.is_dir() and not folders.seeds.is_dir():
            raise PagesError(f"no evaluation data at {folders.evaluation}: set NEWSLEDGER_SHARED")
        report = run.evaluate(folders, options.only or run.PARTS, options.sets)
    if options.json:
        write_report(report, options.json)
    old = comparison.old_report(options.against, _passed_on(options)) if options.against else None
    _print(report, old, known, options)
    if options.raise_floors or options.lower_floors:
        known = floors.changed(report, known, rise=options.raise_floors, fall=options.lower_floors)
        floors.write_floors(known, options.floors)
    return 0 if options.no_floors else _judge(report, known)


def _folders(options: argparse.Namespace) -> Folders:
    shared = options.shared or shared_folder()
    return Folders(options.eval or shared / "eval", options.seeds or shared / "seeds")


def _passed_on(options: argparse.Namespace) -> list[str]:
    """The options with which another commit's tree is evaluated."""
    folders = _folders(options)
    arguments = [
        "--eval",
        str(folders.evaluation.resolve()),
        "--seeds",
        str(folders.seeds.resolve()),
    ]
    for name, values in (("--only", options.only), ("--set", options.sets)):
        for value in values or ():
            arguments += [name, value]
    return arguments


def _print(
    report: Report, old: Report | None, known: floors.Floors, options: argparse.Namespace
) -> None:
    markdown = bool(options.markdown)
    parts = [tables.sections(report, known, markdown=markdown)]
    mark = "###" if markdown else "##"
    if old is not None:
        compared = comparison.comparison_table(old, report, markdown=markdown)
        parts.insert(0, f"{mark} Old and new\n\n{compared}")
    goals = comparison.goals_table(report, old, markdown=markdown)
    parts.insert(0, f"{mark} Goals\n\n{goals}")
    if audited := quality.section(report, markdown=markdown, most=options.worst or quality.SHOWN):
        parts.append(f"{mark} What the checks say\n\n{audited}")
    if notes := report["notes"]:
        parts.append("\n".join(f"* {note}" for note in notes))
    if options.worst:
        parts.append("\n".join(page_report.worst_lines(report, options.worst)))
    text = "\n\n".join(parts)
    if options.markdown not in (None, "-"):
        _write_between(Path(options.markdown), text)
    else:
        print(text)


def _write_between(path: Path, text: str) -> None:
    content = path.read_text(encoding="utf-8")
    before, begin, rest = content.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path}: no lines {BEGIN} and {END}")
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def _judge(report: Report, known: floors.Floors) -> int:
    verdict = floors.judge(report, known)
    for line in verdict.unjudged:
        print(f"not judged: {line}")
    for line in verdict.below:
        print(f"BELOW: {line}")
    if verdict.below:
        print("a floor falls by --lower-floors alone", file=sys.stderr)
        return 1
    print(f"\n{verdict.judged} figures at or above their floors")
    return 0


def _show_page(folders: Folders, page_id: str, sets: list[str] | None) -> int:
    for name in sets or set_names(folders.evaluation):
        for page in read_set(folders.evaluation, name).pages:
            if page_id in (page.id, page_key(page.id)):
                print(f"[{name}]", *page_report.page_lines(page), sep="\n")
                return 0
    raise PagesError(f"no page {page_id!r} in {folders.evaluation / 'extraction'}")


if __name__ == "__main__":
    sys.exit(main())
