"""What a data engineer sees of a run with one failing rule, in a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.quality.suites import find_check
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from tests.factories import newsledger
from tests.ui.browser import find_chromium, page_text, webserver

DAY = "2026-03-03"
SHIFTED = 3


@pytest.fixture(scope="module")
def chromium() -> str:
    """A browser; the tests are skipped where there is none."""
    found = find_chromium()
    if not found:
        pytest.skip("no Chromium: install one, or name it in CHROMIUM")
    return found


@pytest.fixture(scope="module")
def shifted(chromium: str, sample_home: Path, tmp_path_factory: pytest.TempPathFactory):
    """A home whose last run met mentions that are not where they say, and their ids."""
    home = tmp_path_factory.mktemp("ui") / "home"
    shutil.copytree(sample_home, home)
    with writing(Settings(home=home)) as connection:
        rows = connection.execute(
            "SELECT m.mention_id FROM mentions AS m"
            " JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version"
            " WHERE v.fetch_date = ? ORDER BY m.mention_id LIMIT ?",
            [DAY, SHIFTED],
        ).fetchall()
        keys = [key for (key,) in rows]
        connection.execute(
            "UPDATE mentions SET start_char = start_char + 1, end_char = end_char + 1"
            " WHERE list_contains(?, mention_id)",
            [keys],
        )
    run = newsledger(home, "run", "--date", DAY)
    assert run.returncode == 1, run.stdout + run.stderr
    return home, keys


def test_the_checks_page_shows_the_sentence_the_count_and_the_failing_rows(chromium, shifted):
    home, keys = shifted
    _, check = find_check("mentions", "spans_exact")
    expected = [check.description, f"FAILED. {SHIFTED} of ", "2 rows failing", *keys]
    with webserver(home) as address:
        text = page_text(
            chromium, f"{address}/assets/mentions?view=checks&checkDetail=spans_exact", expected
        )
    missing = [part for part in expected if part not in text]
    assert not missing, text
    assert "This is a blocking asset check" in text
    assert f"DATE '{DAY}'" in text, "the query, ready to paste"
    assert "Plots" in text
