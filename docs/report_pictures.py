"""Pictures of the report, as a desktop and as a phone show it, of a made-up warehouse.

The samples have three days; what a report looks like over weeks is shown by benchmarks.synthetic,
whose outlets, names and texts are invented words.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.synthetic import Size, fill
from pipelines.report.page import report_page
from pipelines.report.queries import chosen_period
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.marts import build_marts

SIZE = Size(articles=4_000, entities=3_000, outlets=16, days=90)
DESKTOP, PHONE = (1280, 2700), (390, 2300)
"""Width and height in CSS pixels: the first sections are enough to see what the page is."""


def report_pictures(browser: Browser, folder: Path, pictures: Path) -> None:
    """Makes ``report_desktop.png`` and ``report_phone.png`` in ``pictures``.

    ``folder`` is made; a home and the page are made in it.
    """
    folder.mkdir()
    page = folder / "report.html"
    settings = Settings(home=folder / "home")
    fill(settings, SIZE)
    with writing(settings) as connection:
        build_marts(connection)
        page.write_text(report_page(connection, chosen_period(connection)), encoding="utf-8")
    _photograph(browser, page, DESKTOP, pictures / "report_desktop.png")
    _photograph(browser, page, PHONE, pictures / "report_phone.png", scale=1.5)


def _photograph(
    browser: Browser, page: Path, size: tuple[int, int], picture: Path, scale: float = 1
) -> None:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale
    )
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.screenshot(path=str(picture))
    context.close()
