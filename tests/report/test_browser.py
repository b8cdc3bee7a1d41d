"""The page in a browser, from a file: nothing is asked of any machine, nothing is wider than the screen."""

from __future__ import annotations

import contextlib
import itertools
import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from pipelines.report.page import policy, report_page
from pipelines.report.queries import chosen_period
from tests.report.made import IMAGE, hostile, warehouse
from tests.ui.browser import FLAGS, end, find_chromium

STARTS_WITHIN = 60.0
LEAKING = "<!doctype html><title>x</title><img src='http://127.0.0.1:9/leak.png'>"


class Tab:
    """A tab that is told what to do through the DevTools protocol, and what it asked for."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self._asked: dict[str, str] = {}

    @property
    def requests(self) -> list[str]:
        """Addresses that were asked, in order; what the page's policy stopped was not."""
        return list(self._asked.values())

    def say(self, method: str, **params: Any) -> Any:
        """Sends a command, waits for its answer, and returns that."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            if (answer := self._heard()).get("id") == number:
                return answer["result"]

    def open(self, page: Path, width: int) -> None:
        """Opens a file at a width, and waits until it has loaded."""
        self._asked.clear()
        self.say(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        self.say("Page.navigate", url=page.as_uri())
        while self._heard().get("method") != "Page.loadEventFired":
            pass

    def value(self, expression: str) -> Any:
        """What an expression is worth in the page."""
        return self.say("Runtime.evaluate", expression=expression, returnByValue=True)["result"][
            "value"
        ]

    def _heard(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=STARTS_WITHIN))
        if message.get("method") == "Network.requestWillBeSent":
            self._asked[message["params"]["requestId"]] = message["params"]["request"]["url"]
        if message.get("params", {}).get("blockedReason") == "csp":
            self._asked.pop(message["params"]["requestId"], None)
        return message


@contextlib.contextmanager
def browser(chromium: str, profile: Path) -> Iterator[Tab]:
    """A headless Chromium with one tab."""
    flags = [flag for flag in FLAGS if not flag.startswith("--virtual-time")]
    process = subprocess.Popen(
        [
            chromium,
            *flags,
            f"--user-data-dir={profile}",
            "--remote-debugging-port=0",
            "--remote-allow-origins=*",
            "about:blank",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        address = _tab(profile / "DevToolsActivePort")
        with connect(address, max_size=None, proxy=None) as socket:
            tab = Tab(socket)
            for domain in ("Page", "Network", "Runtime"):
                tab.say(f"{domain}.enable")
            yield tab
    finally:
        end(process)


def _tab(told: Path) -> str:
    """The address of the tab's DevTools, once the browser has told its port."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, IndexError, ValueError):
            port = int(told.read_text().splitlines()[0])
            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with direct.open(f"http://127.0.0.1:{port}/json/list", timeout=5) as answer:
                pages = [tab for tab in json.load(answer) if tab["type"] == "page"]
            return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(0.1)
    raise RuntimeError("Chromium did not start")


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A browser's tab; the tests are skipped where there is no browser."""
    chromium = find_chromium()
    if not chromium:
        pytest.skip("no Chromium: install one, or name it in CHROMIUM")
    with browser(chromium, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report whose names are markup, some long, some right to left."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    with warehouse(hostile()) as connection:
        path.write_text(report_page(connection, chosen_period(connection)), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 390])
def test_it_asks_nothing_and_fits(tab, page, width):
    tab.open(page, width)
    assert tab.requests == [page.as_uri()]
    assert tab.value("document.querySelectorAll('section').length") == 9
    for state in ("", "document.querySelectorAll('details').forEach(d => d.open = true);"):
        assert tab.value(f"{state} document.documentElement.scrollWidth") <= width
    shown = ["wide", "narrow"] if width > 720 else ["narrow", "wide"]
    visible = "getComputedStyle(document.querySelector('figure > svg.{}')).display"
    assert [tab.value(visible.format(kind)) for kind in shown] == ["block", "none"]
    assert tab.value("getComputedStyle(document.querySelector('nav')).display") == "flex"


def test_no_text_is_cut_off_by_its_drawing(tab, page):
    for width in (1280, 390):
        tab.open(page, width)
        cut = tab.value(
            "[...document.querySelectorAll('figure > svg')].flatMap(svg => {"
            " const room = svg.getBoundingClientRect();"
            " return [...svg.querySelectorAll('text')].filter(text => {"
            "  const box = text.getBoundingClientRect();"
            "  return box.left < room.left - 2 || box.right > room.right + 2;"
            " }).map(text => text.textContent); })"
        )
        assert cut == []


def test_an_address_that_got_into_it_would_be_seen_but_the_policy_stops_it(tab, page, tmp_path):
    leaking = tmp_path / "leaking.html"
    leaking.write_text(LEAKING)
    tab.open(leaking, 1280)
    assert tab.requests == [leaking.as_uri(), "http://127.0.0.1:9/leak.png"]
    guarded = f'<meta http-equiv="Content-Security-Policy" content="{policy()}">{IMAGE}'
    leaking.write_text(f"<!doctype html><title>x</title>{guarded}")
    tab.open(leaking, 1280)
    assert tab.requests == [leaking.as_uri()]
