"""The crawl disturbed: the network cut, the process killed; no feed entry is lost or doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from tests.factories import environment
from tests.web.crawling import crawl, let_time_pass, rows, settings, working_file
from tests.web.server import SmallWeb
from tests.web.small_web import two_papers

EACH = 8
"""Pages of each of the two papers."""
KILLED_AFTER = (1, 2, 3, 4, 6)
"""Requests of a run that have arrived when it is killed: while it waits for rules, for a feed, and
between pages. What is done stays done, so that each run gets further than the one before."""


@pytest.fixture
def web():
    with SmallWeb() as web:
        yield web


def start(home, sources) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "run"],
        env=environment(home, **settings(sources, "127.0.0.0/24")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_whole(home, links: set[str]) -> None:
    """Every entry, page, capture and article is there, and there once."""
    file = working_file(home)
    entries = rows(file, "SELECT url, page_id FROM raw.feed_entries")
    assert sorted(e["url"] for e in entries) == sorted(links)
    pages = rows(file, "SELECT page_id, url, state, capture_count FROM raw.pages")
    assert {p["page_id"] for p in pages} == {e["page_id"] for e in entries}
    assert len(pages) == len(links)
    assert {(p["state"], p["capture_count"]) for p in pages} == {("captured", 1)}
    captures = rows(
        file, "SELECT target_uri FROM raw.fetches WHERE kind = 'page' AND outcome = 'captured'"
    )
    assert sorted(c["target_uri"] for c in captures) == sorted(links)
    published = home / "published" / "news.duckdb"
    articles = rows(published, "SELECT url, version FROM article_versions")
    assert sorted((a["url"], a["version"]) for a in articles) == sorted((u, 1) for u in links)
    unarchived = rows(
        file, "SELECT * FROM raw.fetches WHERE payload_sha256 IS NOT NULL AND archive_path IS NULL"
    )
    assert unarchived == []


def test_runs_killed_while_they_ask_the_web_lose_and_double_nothing(tmp_path, web):
    sources, links = two_papers(web, tmp_path, EACH)
    home = tmp_path / "home"
    for moment in KILLED_AFTER:
        before = len(web.seen())
        process = start(home, sources)
        try:
            assert web.wait_for(before + moment, 60), f"no {moment} requests came of it"
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        assert process.returncode == -signal.SIGKILL, "it ended before it was killed"
        assert web.wait_until_answered()
    result = crawl(home, sources)
    assert result.returncode == 0, result.stdout + result.stderr
    assert_whole(home, links)
    # A killed run costs at most the request of each host that was under way, asked for again.
    asked = [s.path for s in web.seen() if s.path.endswith(".html")]
    assert len(asked) <= len(links) + 2 * len(KILLED_AFTER)


def test_a_cut_of_the_network_loses_and_doubles_nothing(tmp_path, web):
    sources, links = two_papers(web, tmp_path, EACH)
    home = tmp_path / "home"
    process = start(home, sources)
    # Its pipes are read as it goes, so that it never waits for us.
    output: list[str] = []
    reader = threading.Thread(target=lambda: output.extend(process.communicate()))
    reader.start()
    try:
        assert web.wait_for(12, 60)
        web.cut()
        reader.join(200)
        assert process.poll() is not None, "the run ends by itself, though nothing answers"
    finally:
        process.kill()
        reader.join()
    assert process.returncode in (0, 1), output
    assert "Traceback" not in output[1]
    seen = rows(working_file(home), "SELECT state, count(*) AS n FROM raw.pages GROUP BY ALL")
    states = {row["state"]: row["n"] for row in seen}
    assert set(states) == {"captured", "waiting"}, "a cut gives nothing up"
    failed = rows(
        working_file(home), "SELECT outcome_reason FROM raw.fetches WHERE outcome <> 'captured'"
    )
    assert failed, "what could not be had is in the tables"

    web.restore()
    # Its pages wait for their next turn; the robots rules are those of before the cut.
    let_time_pass(home, timedelta(hours=12))
    result = crawl(home, sources)
    assert result.returncode == 0, result.stdout + result.stderr
    assert_whole(home, links)
