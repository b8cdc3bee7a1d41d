"""Pictures of the Dagster UI: the asset graph, checks of which one fails, an asset's plots.

A fault is put into the working warehouse first: mentions of one day that do not stand where they
say. What the run after it shows is photographed.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect

PROJECT = Path(__file__).resolve().parents[1]
GROUPS = ("ingest", "clean", "validate", "normalise", "publish")
DAYS = ("2026-03-01", "2026-03-03")
SETTLE_MS = 8000
"""The UI lays the graph out and draws plots after the page has loaded."""
PATIENCE_MS = 120_000


def ui_pictures(browser: Browser, home: Path, pictures: Path) -> None:
    """Makes ``asset_*.png`` and ``check*.png`` in ``pictures``, of a home with the samples.

    The home is changed: its last run fails.
    """
    _run(home, "run", "--from", DAYS[0], "--to", DAYS[1])
    with _webserver(home) as address:
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        _asset_graph(page, address, pictures / "asset_graph.png")
        _asset_lineage(page, address, pictures / "asset_lineage.png")
        _shift_mentions(home, DAYS[1])
        _run(home, "run", "--date", DAYS[1], succeeds=False)
        _checks(page, address, pictures / "checks_failing.png")
        _check_detail(page, address, pictures / "check_detail.png")
        _asset_plots(page, address, pictures / "asset_plots.png")
        page.close()


def environment(home: Path) -> dict[str, str]:
    """The environment of newsledger and of Dagster over a home."""
    return os.environ | {"NEWSLEDGER_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}


def _run(home: Path, *arguments: str, succeeds: bool = True) -> None:
    command = [sys.executable, "-m", "pipelines.cli", *arguments]
    done = subprocess.run(command, env=environment(home), cwd=PROJECT, check=False)
    if done.returncode != (0 if succeeds else 1):
        raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}")


def _shift_mentions(home: Path, day: str) -> None:
    from pipelines.settings import Settings
    from pipelines.warehouse.connection import writing

    with writing(Settings(home=home)) as connection:
        connection.execute(
            """
            UPDATE mentions
            SET start_char = start_char + 1, end_char = end_char + 1
            WHERE mention_id IN (
                SELECT m.mention_id
                FROM mentions AS m
                JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
                WHERE v.fetch_date = ?
                ORDER BY m.mention_id
                LIMIT 3)
            """,
            [day],
        )


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
        env=environment(home),
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


def _wait_for(address: str, server: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"the webserver did not answer at {address}")


def _asset_graph(page: Page, address: str, path: Path) -> None:
    """The asset graph, every group opened."""
    groups = ",".join(f"global@global:{group}" for group in GROUPS)
    page.set_viewport_size({"width": 2800, "height": 900})
    page.goto(f"{address}/asset-groups?expanded={quote(groups)}")
    page.wait_for_selector("text=extracted_articles")
    expect(page.get_by_text("Loading")).to_have_count(0, timeout=PATIENCE_MS)
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=path)


def _asset_lineage(page: Page, address: str, path: Path) -> None:
    """The columns of ``mentions``, each with the columns that it comes from."""
    page.set_viewport_size({"width": 1600, "height": 1000})
    page.goto(f"{address}/assets/mentions?view=overview")
    page.wait_for_selector("text=The text of the span")
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=path)


def _checks(page: Page, address: str, path: Path) -> None:
    """The checks of ``mentions``, the one that stops the publish opened."""
    page.set_viewport_size({"width": 1600, "height": 1100})
    _open_check(page, address)
    page.get_by_placeholder("Filter checks").fill("sp")
    page.wait_for_timeout(1000)
    page.screenshot(path=path)


def _check_detail(page: Page, address: str, path: Path) -> None:
    """The same check alone: sentence, result in words, rows, query, plots."""
    page.set_viewport_size({"width": 1600, "height": 2200})
    _open_check(page, address)
    top = page.get_by_text("About", exact=True).bounding_box()
    end = page.get_by_text("Plots", exact=True).bounding_box()
    if top is None or end is None:
        raise RuntimeError("the page of the check lacks its parts")
    left, upper = top["x"] - 24, top["y"] - 24
    height = min(end["y"] + 360, 2200) - upper
    page.screenshot(path=path, clip={"x": left, "y": upper, "width": 1600 - left, "height": height})


def _open_check(page: Page, address: str) -> None:
    page.goto(f"{address}/assets/mentions?view=checks&checkDetail=spans_exact")
    page.wait_for_selector("text=What must hold")
    page.wait_for_timeout(SETTLE_MS)


def _asset_plots(page: Page, address: str, path: Path) -> None:
    """What runs and audits of ``mentions`` gave in numbers, over time."""
    page.set_viewport_size({"width": 1600, "height": 4200})
    page.goto(f"{address}/assets/mentions?view=overview")
    page.get_by_text("Plots", exact=True).first.click()
    page.get_by_text("Events", exact=True).last.click()
    page.wait_for_selector("text=checks failed")
    page.wait_for_timeout(SETTLE_MS)
    begin = page.get_by_text("Metadata", exact=True).bounding_box()
    if begin is None:
        raise RuntimeError("the page of the asset has no metadata")
    left, upper = begin["x"] - 48, begin["y"] - 16
    page.screenshot(path=path, clip={"x": left, "y": upper, "width": 960, "height": 1750})
