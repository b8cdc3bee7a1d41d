"""Promise 4: same input, same output: after a crash, in another order, with two runs at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.factories import environment, newsledger, query
from tests.promises.corpus import build, content

HOMES, KILLS_A_HOME = 4, 5


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    return build(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, sources):
    """Tables of a run that nothing disturbed, and how long it took (s)."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    begin = time.monotonic()
    result = newsledger(home, "run", NEWSLEDGER_SOURCES=str(sources))
    seconds = time.monotonic() - begin
    assert result.returncode == 1, "the damaged file is an input that failed"
    assert "payload_readable: 1" in result.stdout
    tables = content(home / "published" / "news.duckdb")
    assert len(tables["article_versions"]) == 15
    assert len(tables["mentions"]) > 30
    return tables, seconds


def start(home: Path, sources: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "run"],
        env=environment(home, NEWSLEDGER_SOURCES=str(sources)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill_at(home: Path, sources: Path, seconds: float) -> bool:
    """Starts a run and kills it. True where it was still running."""
    process = start(home, sources)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def kill_within(home: Path, sources: Path, moment: float, seconds: float) -> None:
    """Kills a run at ``moment`` (0 to 1) of its length, in seconds.

    A run after a killed one has less to do: one that ends before its moment is followed by another,
    aimed at half the time, until one is killed.
    """
    while not kill_at(home, sources, 0.3 + moment * seconds):
        seconds /= 2


def test_killed_runs_started_again_end_like_an_undisturbed_one(tmp_path, sources, undisturbed):
    tables, seconds = undisturbed
    dice = random.Random(20260302)
    # Every stage of a run is as likely to be hit: the moments are spread over its whole length.
    moments = [(n + dice.random()) / (HOMES * KILLS_A_HOME) for n in range(HOMES * KILLS_A_HOME)]
    dice.shuffle(moments)

    def disturbed(number: int) -> None:
        home = tmp_path / f"home{number}"
        mine = moments[number * KILLS_A_HOME : (number + 1) * KILLS_A_HOME]
        for moment in mine:
            kill_within(home, sources, moment, seconds)
        last = newsledger(home, "run", NEWSLEDGER_SOURCES=str(sources))
        assert "Traceback" not in last.stderr, last.stderr
        assert last.returncode in (0, 1), last.stdout
        assert content(home / "published" / "news.duckdb") == tables
        status = newsledger(home, "status", NEWSLEDGER_SOURCES=str(sources))
        assert "waiting      nothing" in status.stdout

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(disturbed, range(HOMES)))


def test_two_runs_started_at_once_both_end_well(tmp_path, sources, undisturbed):
    home = tmp_path / "home"
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", "run"],
            env=environment(home, NEWSLEDGER_SOURCES=str(sources)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [run.communicate(timeout=300) for run in runs]
    assert [run.returncode for run in runs].count(1) == 1, "one met the damaged file"
    assert sum("nothing new" in out for out, _ in outputs) == 1
    assert sum("waiting for the writer lock, held by process" in err for _, err in outputs) == 1
    assert content(home / "published" / "news.duckdb") == undisturbed[0]


def test_a_day_at_a_time_in_reverse_gives_the_same_tables(tmp_path, sources, undisturbed):
    home = tmp_path / "home"
    first = newsledger(home, "run", "--date", "2026-03-02", NEWSLEDGER_SOURCES=str(sources))
    assert first.returncode == 0, "captures of another day wait; that is no failure"
    assert "waiting             9  captures of other days" in first.stdout
    newsledger(home, "run", "--date", "2026-03-01", NEWSLEDGER_SOURCES=str(sources))
    assert content(home / "published" / "news.duckdb") == undisturbed[0]
    # And the second way round is all there is: nothing is left for a run without a day.
    (left,) = query(home, "SELECT count(*) AS n FROM mart.capture_fates WHERE fate = 'pending'")
    assert left["n"] == 0
