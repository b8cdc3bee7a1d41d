"""Every command and query of README, CONTRIBUTING and docs/ runs, and prints what the page shows.

How a page is written, so that this can be told (`tests/docs/pages.py` reads it):

* ``sh``: commands, a line each. ``newsledger …`` is run on a copy of the samples' home and must end
  with 0. It is looked up instead (its command and options exist) where a word is a placeholder
  (``KEY``, ``FOLDER``, ``…``), and where `lookup.NOT_RUN` names the command with the reason.
  ``export`` counts for the rest of the page; ``make`` and ``python -m evals|benchmarks`` are looked
  up; ``source``, ``cd`` and ``git clone`` are for the reader's shell.
* ``console``: ``$ command`` with what it prints below. Compared whole, standard error included, at
  100 columns. A line ``…`` stands for any lines, ``…`` within a line for anything.
* ``sql``: run by ``newsledger sql``; one that has an ATTACH, in a DuckDB of its own.
* ``python``: run; the blocks of a page share their variables.
* ``text`` right below a ``sql`` or ``python`` block: what that prints. Alone: a figure or a list.
* ``json``, ``yaml``: parsed.
* A comment above a block: ``<!-- not run: REASON -->``, ``<!-- run by tests/PATH.py -->`` (that
  test runs it), ``<!-- exits: 2 -->``. A block that is not run has its commands looked up, where it
  is ``sh``.
* Commands between backticks in running text are looked up.

Anything else fails: no block is passed over in silence. After a change of what commands print:

    UPDATE_DOCS=1 python -m pytest tests/docs

writes the outputs that the pages show anew: elisions stay where they are, run ids and times of today
become ``…``. Read the difference before it is committed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from pipelines.project import ROOT
from tests.docs import pages
from tests.docs.execute import (
    Checkout,
    Printed,
    checkout,
    masked,
    run_line,
    run_python,
    run_sql,
)
from tests.docs.lookup import (
    LookupFailedError,
    has_placeholder,
    is_not_run,
    linked_file,
    look_up,
)

GENERATED = ("checks.md", "dictionary.md")
"""Pages that commands write, without commands in them; other tests say when they are stale."""

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(page for page in (ROOT / "docs").glob("*.md") if page.name not in GENERATED),
]
READERS_SHELL = ("source", "cd")
ALSO_RUN = ("export", "python", "cp", "printf")
"""Commands other than newsledger that a ``sh`` block may have run."""
UPDATE = bool(os.environ.get("UPDATE_DOCS"))


@dataclass
class Reading:
    """A page being read through: where it runs, what is wrong, what to show instead."""

    page: Path
    at: Checkout
    problems: list[str] = field(default_factory=list)
    changes: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    variables: dict[str, object] = field(default_factory=dict)
    last: tuple[int, list[str]] | None = None
    """The block that ran last, and what it printed."""

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(f"{self.page.name}:{line}: {message}")

    def compare(self, line: int, kind: str, shown: tuple[str, ...], printed: list[str]) -> None:
        if pages.alike(shown, printed):
            return
        if UPDATE:
            self.changes[line, kind] = pages.shown_anew(shown, masked(printed))
        else:
            wanted = "\n".join(printed)
            self.wrong(line, f"the page does not show what is printed (UPDATE_DOCS=1):\n{wanted}")


def read_through(reading: Reading) -> None:
    """Runs a page from top to bottom; what is wrong is collected."""
    for block in pages.blocks(reading.page.read_text(encoding="utf-8")):
        kind, said = block.marker or ("", "")
        if kind == "run by":
            if not (ROOT / said).is_file():
                reading.wrong(block.line, f"there is no test {said}")
            continue
        if kind == "not run" and len(said) < 10:
            reading.wrong(block.line, "say why it is not run")
        try:
            _read_block(reading, block, not_run=kind == "not run", code=int(said) if kind == "exits" else 0)  # fmt: skip
        except (ValueError, LookupFailedError) as error:
            reading.wrong(block.line, str(error))
    if reading.changes:
        pages.with_outputs(reading.page, reading.changes)


def _read_block(reading: Reading, block: pages.Block, *, not_run: bool, code: int) -> None:
    if not (block.language == "text" and block.follows):
        reading.last = None
    match block.language:
        case "sh" | "console":
            for command in pages.commands(block):
                _read_command(reading, block, command, not_run=not_run, code=code)
        case _ if not_run:
            return
        case "sql":
            printed = run_sql(reading.at, block.text)
            if _ends(reading, block.line, printed, code):
                reading.last = (block.line, pages.printed_lines(printed.output))
        case "python":
            try:
                output = run_python(reading.at, block.text, reading.variables)
            except Exception as error:  # noqa: BLE001  # whatever a page's code raises is its failure
                reading.wrong(block.line, f"{type(error).__name__}: {error}")
                return
            reading.last = (block.line, pages.printed_lines(output))
        case "text":
            if reading.last is not None:
                reading.compare(block.line, "text", block.lines, reading.last[1])
            elif re.search(r"^(\$ |newsledger |SELECT )", block.text, re.MULTILINE):
                reading.wrong(block.line, "this is a command: use sh, console or sql")
            reading.last = None
        case "json":
            json.loads(f"[{block.text.strip().removesuffix(',')}]")
        case "yaml":
            yaml.safe_load(block.text)
        case other:
            reading.wrong(
                block.line, f"```{other}: the test knows no such block; see its docstring"
            )


def _read_command(
    reading: Reading, block: pages.Block, command: pages.Command, *, not_run: bool, code: int
) -> None:
    words = shlex.split(command.text, comments=True)
    if not words or words[0] in READERS_SHELL or words[:2] == ["git", "clone"]:
        return
    ours = words[0] == "newsledger"
    module = re.search(r"^\S*python -m (evals|benchmarks)\b", command.text) is not None
    shown = block.language == "console"
    if not_run:
        if ours:
            look_up(command.text.partition(" | ")[0])
    elif words[0] == "make" and shown:
        _first_run(reading, command)
    elif words[0] == "make" or module or (ours and not shown and (is_not_run(words) or has_placeholder(words))):  # fmt: skip
        look_up(command.text.partition(" | ")[0])
    elif ours or shown or words[0] in ALSO_RUN:
        printed = run_line(reading.at, command.text)
        if _ends(reading, command.line, printed, code) and shown:
            reading.compare(command.line, "console", command.shown, pages.printed_lines(printed.output))  # fmt: skip
    else:
        look_up(command.text)


def _first_run(reading: Reading, command: pages.Command) -> None:
    """``make run`` ends with what ``newsledger run`` printed when the samples' home was made."""
    look_up(command.text)
    summary = (reading.at.folder / "data" / "summary.txt").read_text(encoding="utf-8")
    home = re.search(r"(\S*/)?published/news\.duckdb", summary)
    if home and home[1]:
        summary = summary.replace(home[1], "data/")
    reading.compare(command.line, "console", command.shown, pages.printed_lines(summary))


def _ends(reading: Reading, line: int, printed: Printed, code: int) -> bool:
    """Whether it ended with the exit code that it should; else that is wrong with the page."""
    if printed.code != code:
        reading.wrong(line, f"ended with {printed.code}, not {code}:\n{printed.output}")
    return printed.code == code


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_everything_on_the_page_runs_and_prints_what_it_shows(page, sample_home, tmp_path):
    reading = Reading(page, checkout(sample_home, tmp_path / "newsledger"))
    read_through(reading)
    assert not reading.problems, "\n\n".join(reading.problems)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_running_text_exist(page):
    problems = []
    for line, span in pages.spans(page.read_text(encoding="utf-8")):
        if span.startswith(("newsledger ", "make ")):
            try:
                look_up(span)
            except LookupFailedError as error:
                problems.append(f"{page.name}:{line}: {error}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    gone = [
        target
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not target.startswith(("http:", "https:", "mailto:", "#"))
        and not linked_file(page, target).exists()
    ]
    assert not gone, f"{page.name}: {gone}"
