"""Pictures of the terminal: what ``explain`` and ``compare`` show of the samples.

The command itself runs, in colours, over a home that is filled with the samples; its output becomes
an SVG and Chromium photographs that. ``compare`` needs a change of the code to show anything: here
one that keeps the captions of photographs in the body is tried out.
"""

from __future__ import annotations

import dataclasses
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

PROJECT = Path(__file__).resolve().parents[1]
COLUMNS = 118
FERRY = "https://www.harbour-herald.example/shipping/2026/03/02/ferry-coaster-collide-gothenburg"
FRONT = "https://www.harbour-herald.example/world"
_WEB_FONT = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)
"""Would be fetched from a CDN; the machine's own fixed-width font serves as well."""


def terminal_pictures(browser: Browser, home: Path, pictures: Path) -> None:
    """Makes ``explain_*.png`` and ``compare.png`` in ``pictures``, of a home with the samples."""
    shown = _output(home, "explain", FERRY)
    fields, page = shown.split("\n\x1b[1mpage: ")
    page = f"\x1b[1mpage: {page}"
    _photograph(browser, pictures / "explain_fields.png", f"explain {FERRY}", fields)
    _photograph(browser, pictures / "explain_page.png", f"explain {FERRY} (continued)", page)
    _photograph(
        browser,
        pictures / "explain_skipped.png",
        f"explain {FRONT}",
        _output(home, "explain", FRONT),
    )
    _photograph(
        browser,
        pictures / "compare.png",
        "compare --from 2026-03-01 --to 2026-03-03 --limit 3",
        _comparison(home),
    )


def _output(home: Path, *arguments: str) -> str:
    """What a command writes to a terminal, styles included."""
    environment = os.environ | {
        "NEWSLEDGER_HOME": str(home),
        "FORCE_COLOR": "1",
        "COLORTERM": "truecolor",
        "TERM": "xterm-256color",
        "COLUMNS": str(COLUMNS),
    }
    command = [sys.executable, "-m", "pipelines.cli", *arguments]
    done = subprocess.run(
        command, env=environment, cwd=PROJECT, check=True, capture_output=True, text=True
    )
    return done.stdout


def _comparison(home: Path) -> str:
    """What ``compare`` shows where the code keeps captions, in this process."""
    from datetime import date

    from pipelines import compare_view
    from pipelines.archive import Archive
    from pipelines.clean import extract as reader
    from pipelines.compare import compare, stored

    before = reader.extract
    reader.extract = lambda *arguments: _with_captions(before(*arguments))
    try:
        with stored(home / "published" / "news.duckdb") as connection:
            archive = Archive(str(home / "archive"))
            serial: Any = _Serial()
            found = compare(
                connection, archive, serial, [date(2026, 3, day) for day in (1, 2, 3)], limit=3
            )
    finally:
        reader.extract = before
    found.extractor_version = f"{found.extractor_version}, captions kept"
    console = _console()
    compare_view.show(found, console)
    return console.export_text(styles=True)


def _with_captions(result: Any) -> Any:
    from pipelines.clean.ledger import Judged, build
    from pipelines.clean.records import Article

    if not isinstance(result, Article):
        return result
    body, blocks = build(
        Judged(b.text, b.role, b.rule_id, b.confidence, keep=b.is_body or b.role == "caption")
        for b in result.blocks
    )
    return dataclasses.replace(result, article_body=body, blocks=blocks)


class _Serial:
    """Stands in for the pool of processes, which would import the code as it is."""

    def run(
        self, task: Callable[[Any], Any], items: Iterable[Any], warm_up: object = None
    ) -> Iterator[Any]:
        from pipelines.compute import Outcome

        del warm_up
        for item in items:
            yield Outcome(item, task(item), None)


def _console() -> Console:
    return Console(
        file=io.StringIO(),
        record=True,
        width=COLUMNS,
        force_terminal=True,
        color_system="truecolor",
        markup=False,
        highlight=False,
        emoji=False,
    )


def _photograph(browser: Browser, path: Path, command: str, output: str) -> None:
    console = _console()
    console.print(Text(f"$ newsledger {command}\n"))
    console.print(Text.from_ansi(output.rstrip()))
    svg = console.export_svg(
        title="newsledger", theme=MONOKAI, code_format=_WEB_FONT.sub("", CONSOLE_SVG_FORMAT)
    )
    page = browser.new_page(viewport={"width": 1480, "height": 900})
    page.set_content(f"<body style='margin:0;width:1480px'>{svg}</body>")
    page.locator("svg").screenshot(path=path)
    page.close()
