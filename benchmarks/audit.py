"""What the audit costs: a day of 200,000 mentions, beside the extraction and recognition of it.

``python -m benchmarks.audit`` prints wall time, CPU time and peak memory, each in a process of its
own. The day is one of the samples many times over (``big_day.sql``): rows as the line writes them,
so that every check passes. What its extraction and recognition would take is measured on all sample
pages, for which nothing was read before, and scaled by the number of words; the time to store it is
left out, so the ratio errs on the high side.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.project import ROOT
from pipelines.settings import Settings

DAY = date(2026, 3, 2)
"""The day of the samples with most articles."""
MENTIONS = 200_000
GOAL_RATIO = 0.15
GOAL_MEMORY = 700
"""MB, Great Expectations' own 250 included."""
ASSETS = ("fetches", "extracted_articles", "articles", "mentions", "entities", "marts")
ROUNDS = 5
SLOWEST = 8


def fill(home: Path) -> None:
    """The samples by the line itself, then copies of one of their days."""
    newsledger(home, "run")
    from pipelines.warehouse.connection import writing

    with writing(Settings(home=home)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM mentions WHERE article_id IN (SELECT article_id FROM"
            " article_versions WHERE fetch_date = ? AND version = 1 AND valid_to IS NULL)",
            [DAY],
        ).fetchone()
        connection.execute("SET VARIABLE day = ?", [DAY])
        connection.execute("SET VARIABLE copies = ?", [MENTIONS // row[0] if row else 0])
        connection.execute((ROOT / "benchmarks" / "big_day.sql").read_text(encoding="utf-8"))
        connection.execute("CHECKPOINT")


def newsledger(home: Path, *arguments: str) -> float:
    """Runs a command; returns its CPU seconds, those of its processes included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        env=os.environ | {"NEWSLEDGER_HOME": str(home)},
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def counted(home: Path) -> dict[str, int]:
    """Rows of the day."""
    from pipelines.warehouse.connection import connect

    with connect(Settings(home=home).warehouse_file, read_only=True) as connection:
        row = connection.execute(
            """
            SELECT
                count(DISTINCT (v.article_id, v.version)), sum(v.word_count)::BIGINT,
                sum(r.mention_count)::BIGINT
            FROM article_versions AS v JOIN ops.recognitions AS r USING (article_id, version)
            WHERE v.fetch_date = ?
            """,
            [DAY],
        ).fetchone()
    return dict(zip(("articles", "words", "mentions"), row or (0, 0, 0), strict=True))


def measured_line() -> dict[str, float]:
    """CPU seconds of one process a word, for extraction and for recognition: medians of rounds."""
    from benchmarks.recognition import _samples, ours

    texts = list(_samples())
    ours(texts, {})  # loads the models
    words = sum(len(text.article_body.split()) for text in texts)
    return {
        "extract": _cpu(lambda: list(_samples())) / words,
        "recognise": _cpu(lambda: ours(texts, {})) / words,
    }


def _cpu(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def measured_audit(home: Path) -> dict[str, Any]:
    """Every check of the day, as a run makes them; what it cost, and what did not pass."""
    from pipelines.quality.audit import audit_asset

    settings = Settings(home=home)
    wall, cpu = time.perf_counter(), time.process_time()
    results = [
        result
        for asset in ASSETS
        for result in audit_asset(settings, asset, None if asset == "marts" else DAY, "benchmark")
    ]
    return {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "checks": len(results),
        "carried": sum(result.carried for result in results),
        "failed": [f"{r.check.asset}.{r.check.name}" for r in results if not r.success],
        "engine": "great_expectations" in sys.modules,
    }


def slowest(home: Path) -> list[tuple[str, float]]:
    """The rules that cost most, with their seconds as plain queries."""
    from pipelines.quality.suites import load_suites
    from pipelines.warehouse.connection import connect

    found = []
    with connect(Settings(home=home).warehouse_file, read_only=True) as connection:
        for suite in load_suites():
            for check in suite.checks:
                if check.query and not suite.reads_the_clock:
                    query = suite.rule_sql(check, suite.partition(DAY))
                    begun = time.perf_counter()
                    connection.execute(f"SELECT count(*) FROM ({query})").fetchall()
                    found.append((f"{check.asset}.{check.name}", time.perf_counter() - begun))
    return sorted(found, key=lambda one: -one[1])[:SLOWEST]


def _apart(work: str, *arguments: str) -> Any:
    """What a function of this module returns in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.audit", work, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def report(folder: Path) -> None:
    """Prints the figures."""
    home = folder / "audited"
    _apart("fill", str(home))
    day, line = _apart("counted", str(home)), _apart("measured_line")
    first, again = _apart("measured_audit", str(home)), _apart("measured_audit", str(home))
    newsledger(folder / "samples", "run")
    idle = statistics.median(newsledger(folder / "samples", "run") for _ in range(3))
    extract, recognise = (line[part] * day["words"] for part in ("extract", "recognise"))
    ratio = first["cpu"] / (extract + recognise)
    print(f"audit of {day['mentions']:,} mentions in {day['articles']:,} articles of one day")
    print(f"  extraction, CPU of one process     {extract:8.1f} s   scaled by words")
    print(f"  recognition, the same              {recognise:8.1f} s   nothing read before")
    print(f"  audit, {first['checks']:3} checks, CPU            {first['cpu']:8.1f} s   ratio {ratio:.3f}   (goal {GOAL_RATIO})")  # fmt: skip
    print(f"    wall                             {first['wall']:8.1f} s")
    print(f"    peak of its process              {first['peak']:8.0f} MB  (goal {GOAL_MEMORY})")
    print(f"  again: {again['carried']} of {again['checks']} carried, CPU     {again['cpu']:8.1f} s   wall {again['wall']:.1f} s, {again['peak']:.0f} MB")  # fmt: skip
    print(f"newsledger run, nothing new, CPU     {idle:8.1f} s")
    for name in first["failed"]:
        print(f"  did not pass: {name}")
    for name, taken in _apart("slowest", str(home)):
        print(f"  {name:45} {taken:6.2f} s as a plain query")


def main(arguments: list[str]) -> int:
    """Without arguments prints the figures; else what one function returns, as JSON."""
    if arguments:
        work = {f.__name__: f for f in (fill, counted, measured_line, measured_audit, slowest)}
        print(json.dumps(work[arguments[0]](*map(Path, arguments[1:]))))
        return 0
    with tempfile.TemporaryDirectory() as name:
        report(Path(name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
