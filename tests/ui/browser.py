"""The Dagster UI over a home, and a headless Chromium that reads its pages."""

from __future__ import annotations

import contextlib
import html
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.factories import environment

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--window-size=1600,2400",
    "--virtual-time-budget=30000",
)
STARTS_WITHIN = 120.0
PAGE_WITHIN = 120.0
TRIES = 5


def find_chromium() -> str | None:
    """The browser that CHROMIUM names, else the first that is installed; None without any."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def webserver(home: Path) -> Iterator[str]:
    """``newsledger webserver`` over a home, on a free port of loopback. Yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / "webserver.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", "webserver", "--port", str(port)],
            env=environment(home),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _await(f"{address}/server_info", server, log)
        yield address
    finally:
        end(server)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that leads a session, and whatever it started."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)


def _await(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"the webserver did not answer: {log.read_text()[-2000:]}")


def page_text(chromium: str, address: str, expected: Iterable[str]) -> str:
    """The text of a page as rendered, one space between words.

    The UI shows parts of a page as they arrive: it is loaded again, a few times, while one of
    ``expected`` is missing. What the last try gave is returned in any case.
    """
    wanted, text = list(expected), ""
    for _ in range(TRIES):
        text = _rendered(chromium, address)
        if all(part in text for part in wanted):
            break
    return text


def _rendered(chromium: str, address: str) -> str:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            [chromium, *FLAGS, f"--user-data-dir={profile}", "--dump-dom", address],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            dom, _ = browser.communicate(timeout=PAGE_WITHIN)
        except subprocess.TimeoutExpired:
            return ""
        finally:
            end(browser)
    markup = re.sub(r"(?s)<(script|style).*?</\1>", " ", dom.decode(errors="replace"))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())
