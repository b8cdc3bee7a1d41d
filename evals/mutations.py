"""Real pages, broken: none may crash the reader, hold it up or make it grow.

``python -m evals.mutations [--count 10000] [--seed 1] [--slowest 5]`` breaks the labelled pages
beside the checkout (``$NEWSLEDGER_SHARED`` or ``../shared``), one to three mutations a page, and
reads them as a run does: through ``Compute``, in a process a core, with a run's bound on a page's
time. It prints the outcomes, failures by kind with their tracebacks, times, the slowest pages with
the mutations that made them, and the workers' memory as the count grows. The same seed gives the
same pages. Exit code 1 where a page failed or took longer than its time, 2 without the data.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import logging
import os
import random
import resource
import statistics
import sys
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.mutators import MUTATORS, Mutator
from evals.pages import LATE, MANIFEST, set_names, shared_folder
from pipelines.clean.extract import extract
from pipelines.clean.records import Article, Capture, Skip
from pipelines.compute import Compute, ItemTimeoutError
from pipelines.settings import Settings

_LARGEST = 4 * 2**20
"""Bytes of a broken page; the reader skips pages over 10 MiB unread."""
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Broken:
    """How to make one broken page: small, so that it is made where it is read."""

    file: str
    url: str | None
    seed: int

    def mutators(self) -> list[Mutator]:
        """One to three, in order."""
        rng = random.Random(self.seed)
        return [rng.choice(MUTATORS) for _ in range(rng.choice((1, 1, 2, 3)))]

    def page(self) -> bytes:
        """The broken page, at most 4 MiB."""
        rng = random.Random(self.seed)
        page = _original(self.file)
        for mutate in self.mutators():
            page = mutate(page, rng)[:_LARGEST]
        return page


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one broken page."""

    kind: str
    """``article``, a skip's reason, or ``crash``."""
    seconds: float
    peak_mib: float
    resident_mib: float
    pid: int
    trace: str = ""


@functools.lru_cache(maxsize=8)
def _original(file: str) -> bytes:
    path = Path(file)
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def read(broken: Broken) -> Reading:
    """One broken page through the reader, its promises checked."""
    capture = Capture("f", "s", broken.url, "text/html", None, broken.page(), LATE)
    begun = time.perf_counter()
    trace = ""
    try:
        result = extract(capture)
        kind = result.reason if isinstance(result, Skip) else "article"
        if isinstance(result, Article):
            check(result)
    except (MemoryError, ItemTimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - a crash is looked for: its trace is the result
        kind, trace = "crash", "".join(traceback.format_exception(error)[-4:])
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Reading(kind, seconds, peak, _resident_mib(), os.getpid(), trace)


def check(article: Article) -> None:
    """Raises ValueError where body and ledger of an article disagree."""
    body = [block for block in article.blocks if block.is_body]
    if "\n\n".join(block.text for block in body) != article.article_body:
        raise ValueError("the body is not its blocks joined")
    for block in body:
        if article.article_body[block.start_char : block.end_char] != block.text:
            raise ValueError(f"a span is not exact: {block.start_char}-{block.end_char}")


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def broken_pages(
    originals: Sequence[tuple[str, str | None]], count: int, seed: int
) -> Iterator[Broken]:
    """``count`` broken pages, every original in turn."""
    for number in range(count):
        file, url = originals[number % len(originals)]
        yield Broken(file, url, seed * 1_000_003 + number)


def labelled_pages(root: Path) -> list[tuple[str, str | None]]:
    """File and address of every labelled page, set by set, each in its file's order."""
    found = []
    for name in set_names(root / "eval"):
        base = root / "eval" / "extraction" / name
        for line in (base / MANIFEST).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            url = row["url"] if row["url"].startswith("http") else None
            found.append((str(base / row["file"]), url))
    return found


def warm_up() -> None:
    """As the stage's: what the reader loads once is no page's time. Silences libraries."""
    import trafilatura  # noqa: F401

    from pipelines.reference.outlets import load_outlets

    logging.disable(logging.CRITICAL)
    load_outlets()


def main(arguments: list[str] | None = None) -> int:
    """Print what became of the pages."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.mutations", description="Broken pages, read."
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slowest", type=int, default=5, help="list so many pages")
    options = parser.parse_args(arguments)
    root = shared_folder()
    if not set_names(root / "eval"):
        print(f"no evaluation data at {root}; set NEWSLEDGER_SHARED", file=sys.stderr)
        return 2
    settings = Settings()
    compute = Compute(settings.workers, settings.page_seconds)
    pages = broken_pages(labelled_pages(root), options.count, options.seed)
    readings: list[tuple[Reading, Broken]] = []
    lost: list[tuple[str, Broken]] = []
    memory: dict[int, dict[int, Reading]] = {}
    marks = {options.count // 10, options.count // 2, options.count}
    for number, outcome in enumerate(compute.run(read, pages, warm_up), start=1):
        if outcome.result is None:
            lost.append((outcome.error or "", outcome.item))
        else:
            readings.append((outcome.result, outcome.item))
        if number in marks:
            memory[number] = {reading.pid: reading for reading, _ in readings[-200:]}
    compute.close()
    _report(readings, lost, memory, options.slowest)
    return 1 if lost or any(reading.kind == "crash" for reading, _ in readings) else 0


def _report(
    readings: list[tuple[Reading, Broken]],
    lost: list[tuple[str, Broken]],
    memory: dict[int, dict[int, Reading]],
    slowest: int,
) -> None:
    print(f"{len(readings) + len(lost)} pages")
    for kind, count in Counter(reading.kind for reading, _ in readings).most_common():
        print(f"  {count:6}  {kind}")
    for error, count in Counter(error for error, _ in lost).most_common():
        print(f"  {count:6}  no result: {error}")
    for error, broken in lost[:_MOST_TOLD]:
        print(f"    {error.partition(':')[0]}  {_told(broken)}")
    crashes: dict[str, list[tuple[Reading, Broken]]] = defaultdict(list)
    for reading, broken in readings:
        if reading.kind == "crash":
            crashes[reading.trace].append((reading, broken))
    for trace, cases in sorted(crashes.items(), key=lambda item: -len(item[1])):
        print(f"\n{len(cases)} crashes, first {_told(cases[0][1])}\n{trace}")
    times = sorted(reading.seconds for reading, _ in readings)
    if len(times) > 1:
        p99 = statistics.quantiles(times, n=100)[98]
        print(
            f"seconds a page: p50 {statistics.median(times):.3f}, mean {statistics.mean(times):.3f},"
            f" p99 {p99:.2f}, max {times[-1]:.2f}"
        )
    for reading, broken in sorted(readings, key=lambda item: -item[0].seconds)[:slowest]:
        print(f"  {reading.seconds:6.2f} s  {reading.kind}  {_told(broken)}")
    for number, workers in memory.items():
        told = ", ".join(
            f"{one.resident_mib:.0f} (peak {one.peak_mib:.0f})" for one in workers.values()
        )
        print(f"MiB of each worker after {number} pages: {told}")


def _told(broken: Broken) -> str:
    names = " + ".join(mutate.__name__ for mutate in broken.mutators())
    return f"{Path(broken.file).name} seed {broken.seed}: {names}"


if __name__ == "__main__":
    raise SystemExit(main())
