"""Makes the pictures in ``docs/pictures``: the Dagster UI and the terminal, by headless Chromium.

Fills a home of its own with the samples; ``ui`` opens the webserver over it on loopback and
photographs the asset graph and the checks of ``extracted_articles``, ``terminal`` (see
terminal_pictures.py) what commands show. Without arguments it makes both. Needs a Chromium on the
machine (``CHROMIUM`` names it where it is not found).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright
from terminal_pictures import terminal_pictures

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

GROUPS = ("ingest", "clean", "validate", "normalise", "publish")
SETTLE_MS = 5000
"""The UI lays the graph out and reads the checks after the page has loaded."""


KINDS = ("ui", "terminal")


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
        home = _filled_home(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        if "terminal" in kinds:
            terminal_pictures(browser, home, PICTURES)
        if "ui" in kinds:
            with _webserver(home) as address:
                page = browser.new_page(viewport={"width": 1600, "height": 900})
                _asset_graph(page, address)
                _checks(page, address)
        browser.close()
    print(f"pictures are in {PICTURES.relative_to(PROJECT)}")
    return 0


def _environment(home: Path) -> dict[str, str]:
    return os.environ | {"NEWSLEDGER_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}


def _filled_home(folder: Path) -> Path:
    """A home with the samples."""
    home = folder / "home"
    command = [sys.executable, "-m", "pipelines.cli", "run"]
    subprocess.run(command, env=_environment(home), cwd=PROJECT, check=True)
    return home


@contextmanager
def _webserver(home: Path) -> Iterator[str]:
    """The Dagster webserver over a home. Yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "dagster_webserver",
            "-w",
            "workspace.yaml",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
        ],
        env=_environment(home),
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/server_info", server)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"the webserver did not answer at {address}")


def _asset_graph(page: Page, address: str) -> None:
    """The asset graph, every group opened."""
    groups = ",".join(f"global@global:{group}" for group in GROUPS)
    page.set_viewport_size({"width": 2800, "height": 900})
    page.goto(f"{address}/asset-groups?expanded={quote(groups)}")
    page.wait_for_selector("text=extracted_articles", timeout=60_000)
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=PICTURES / "asset_graph.png")


def _checks(page: Page, address: str) -> None:
    """The checks of ``extracted_articles``, one that holds a row back opened."""
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(f"{address}/assets/extracted_articles?view=checks&checkDetail=body_present")
    page.wait_for_selector("text=body_present", timeout=60_000)
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=PICTURES / "checks_extracted_articles.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(KINDS)))
