"""What the benchmarks share: medians, and commands ready to be run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 5


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median wall time of some rounds, in seconds."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def command(home: Path, *arguments: str) -> Callable[[], object]:
    """A newsledger command, ready to be run."""
    environment = os.environ | {"NEWSLEDGER_HOME": str(home)}
    words = [sys.executable, "-m", "pipelines.cli", *arguments]
    return lambda: subprocess.run(words, env=environment, check=True, capture_output=True)


def python(code: str) -> Callable[[], object]:
    """A Python program, ready to be run."""
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
