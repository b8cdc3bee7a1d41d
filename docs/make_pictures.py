"""Makes the pictures in ``docs/pictures``: the Dagster UI and the terminal, by headless Chromium.

Fills a home of its own with the samples; ``ui`` (see ui_pictures.py) opens the webserver over it on
loopback and photographs the asset graph, checks and plots, ``terminal`` (see terminal_pictures.py)
what commands show. ``report`` (see report_pictures.py) photographs the page of a made-up warehouse.
Without arguments it makes all. Needs a Chromium on the machine (``CHROMIUM`` names it where it is
not found).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from report_pictures import report_pictures
from terminal_pictures import terminal_pictures
from ui_pictures import environment, ui_pictures

PROJECT = Path(__file__).resolve().parents[1]
PICTURES = PROJECT / "docs" / "pictures"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KINDS = ("ui", "terminal", "report")


def main(kinds: list[str]) -> int:
    """Makes the pictures of these kinds. Returns 0, or 2 for wrong use and without a Chromium."""
    if unknown := set(kinds) - set(KINDS):
        print(f"unknown: {', '.join(sorted(unknown))}; use {', '.join(KINDS)}", file=sys.stderr)
        return 2
    chromium = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    if not chromium:
        print("no Chromium found: install it, or name it in CHROMIUM", file=sys.stderr)
        return 2
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        if "report" in kinds:
            report_pictures(browser, Path(folder) / "report", PICTURES)
        home = _filled_home(Path(folder)) if set(kinds) & {"ui", "terminal"} else Path(folder)
        if "terminal" in kinds:
            terminal_pictures(browser, home, PICTURES)
        if "ui" in kinds:
            ui_pictures(browser, home, PICTURES)
        browser.close()
    print(f"pictures are in {PICTURES.relative_to(PROJECT)}")
    return 0


def _filled_home(folder: Path) -> Path:
    """A home with the samples."""
    home = folder / "home"
    command = [sys.executable, "-m", "pipelines.cli", "run"]
    subprocess.run(command, env=environment(home), cwd=PROJECT, check=True)
    return home


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(KINDS)))
