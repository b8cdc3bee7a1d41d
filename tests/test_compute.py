"""No item can stop the others, and no worker outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.compute import Compute


def work(item: str) -> str:
    match item:
        case "raise":
            raise ValueError("bad page\nsecond line")
        case "loop":
            while True:
                pass
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "deep":
            return work_deep(0)
        case "catch all":
            return catch_all()
        case "callback":
            Slow()
            while True:
                pass
    return item.upper()


def work_deep(depth: int) -> str:
    return work_deep(depth + 1)


def catch_all() -> str:
    """As libraries do that go on after any error."""
    while True:
        try:
            while True:
                pass
        except Exception:  # noqa: BLE001
            return "went on"


class Slow:
    """What is raised in its end is lost, as in any callback of the collector."""

    def __del__(self) -> None:
        begun = time.monotonic()
        while time.monotonic() < begun + 1.3:
            pass


@pytest.fixture
def compute():
    pool = Compute(workers=2, item_seconds=1.0)
    yield pool
    pool.close()


def outcomes(compute: Compute, items):
    return {o.item: (o.result, o.error) for o in compute.run(work, items)}


def test_each_item_gets_its_outcome_and_the_good_ones_their_results(compute):
    good = [f"page {n}" for n in range(20)]
    got = outcomes(compute, [*good[:7], "raise", *good[7:12], "loop", "die", "deep", *good[12:]])
    assert {item: got[item] for item in good} == {item: (item.upper(), None) for item in good}
    assert got["raise"] == (None, "ValueError: bad page")
    assert got["loop"] == (None, "timeout: more than 1 s")
    assert got["die"][1].startswith("worker_died")
    assert got["deep"][1].startswith("RecursionError")


def test_no_item_gets_round_its_time(compute):
    """Libraries that catch every Exception and go on took a page's minutes for an article."""
    begun = time.monotonic()
    got = outcomes(compute, ["catch all", "page 1", "callback", "page 2"])
    assert time.monotonic() - begun < 30, "a silent worker is replaced only after a minute"
    assert got["catch all"] == (None, "timeout: more than 1 s")
    assert got["callback"] == (None, "timeout: more than 1 s")
    assert got["page 1"] == ("PAGE 1", None)
    assert got["page 2"] == ("PAGE 2", None)


def test_nothing_is_started_for_nothing(compute):
    assert outcomes(compute, []) == {}
    assert compute._pool is None


def test_items_are_taken_only_as_they_are_needed(compute):
    taken = []

    def items():
        for number in range(100):
            taken.append(number)
            yield f"page {number}"

    stream = compute.run(work, items())
    next(stream)
    assert len(taken) <= 8


PARENT = """
import sys, time
from pipelines.compute import Compute
from tests.test_compute import pid_then_wait
for outcome in Compute(2, 60).run(pid_then_wait, ["a", "b", "c", "d"]):
    print(outcome.result, flush=True)
"""


def pid_then_wait(item: str) -> int:
    if item in "cd":
        time.sleep(50)
    return os.getpid()


def test_workers_end_with_a_parent_that_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    workers = {int(parent.stdout.readline()) for _ in range(2)}
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(map(is_running, workers)):
        time.sleep(0.05)
    assert not [pid for pid in workers if is_running(pid)]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


LEAVE_OPEN = """
import multiprocessing, sys, time
from pipelines.compute import Compute

def use():
    compute = Compute(2)
    assert [o.result for o in compute.run(len, ["a", "bb", "ccc"])]
    time.sleep(0.5)  # both workers wait for more

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=use)
    process.start()
    process.join(60)
    print(process.exitcode)
    process.kill()
"""


def test_a_process_that_leaves_its_pool_open_ends(tmp_path):
    """Dagster's runs are such processes: they would stay, with their workers, after their run."""
    script = tmp_path / "leaves_open.py"
    script.write_text(LEAVE_OPEN)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.stdout.strip() == "0", done.stderr
