"""``make bench``: what the line costs, beside the plainest thing that does part of the same."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks import captures
from benchmarks.measuring import command, python, seconds
from pipelines.project import ROOT

COPIES = 20
"""Times that the sample pages are taken, each under another address: some 300 pages."""


def many_pages(folder: Path) -> Path:
    """The sample pages many times over, each under an address of its own."""
    import json

    source = ROOT / "samples" / "pages"
    folder.mkdir()
    entries = [
        json.loads(line) for line in (source / "manifest.jsonl").read_text().splitlines() if line
    ]
    with (folder / "manifest.jsonl").open("w") as manifest:
        for copy in range(COPIES):
            for entry in entries:
                name = f"{copy:02}-{entry['file']}"
                content = (source / entry["file"]).read_bytes()
                (folder / name).write_bytes(content + f"<!-- {copy} -->".encode())
                url = f"{entry['url']}{'&' if '?' in entry['url'] else '?'}edition={copy}"
                at = "2026-03-02T12:00:00Z"
                manifest.write(json.dumps({"file": name, "url": url, "fetched_at": at}) + "\n")
    return folder


def trafilatura_alone(folder: Path) -> float:
    """Seconds that trafilatura's defaults take for the same pages in one process."""
    code = (
        "import sys, pathlib, trafilatura;"
        f"[trafilatura.bare_extraction(p.read_bytes(), with_metadata=True) for p in sorted(pathlib.Path({str(folder)!r}).glob('*.html'))]"
    )
    return seconds(python(code), rounds=3)


def main() -> int:
    """Runs every benchmark and prints a line each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = folder / "home"
        pages = many_pages(folder / "pages")
        count = len(list(pages.glob("*.html")))

        begin = time.perf_counter()
        command(home, "ingest", str(pages))()
        first = time.perf_counter() - begin
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        again = seconds(command(home, "ingest", str(pages)), rounds=3)
        alone = trafilatura_alone(pages)
        print(
            f"ingest {count} pages, whole line       {first:7.2f} s   {count / first:6.1f} pages/s"
        )
        print(f"  trafilatura alone, one process   {alone:7.2f} s   ratio {first / alone:.2f}")
        print(f"  the same again: nothing is new   {again:7.2f} s   ratio {again / first:.2f}")
        print(f"  largest process, peak            {peak:7.0f} MB")

        _spans()
        captures.report(folder)
    # Each in a process of its own: what is loaded here must not be in their figures.
    for part in ("recognition", "catalogue", "audit", "analyst"):
        subprocess.run([sys.executable, "-m", f"benchmarks.{part}"], check=True)
    return 0


def _spans() -> None:
    """The span promise over a million mentions, as the check asks it."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            CREATE TABLE bodies AS
                SELECT i AS article_id, repeat('Ünser 😀 Text. ', 200) AS article_body FROM range(10000) AS t(i);
            CREATE TABLE spans AS
                SELECT i % 10000 AS article_id, 14 * (i % 150) AS start_char, 5 AS length, 'Ünser' AS exact
                FROM range(1000000) AS t(i);
            """
        )
        query = (
            "SELECT count(*) FROM spans JOIN bodies USING (article_id)"
            " WHERE substring(article_body, start_char + 1, length) <> exact"
        )
        taken = seconds(lambda: connection.execute(query).fetchall(), rounds=3)
        plain = seconds(
            lambda: connection.execute(
                "SELECT count(*) FROM spans JOIN bodies USING (article_id) WHERE length(exact) > 9"
            ).fetchall(),
            rounds=3,
        )
        print(f"span promise, 1,000,000 mentions    {taken:7.3f} s")
        print(f"  the join without the comparison  {plain:7.3f} s   ratio {taken / plain:.2f}")


if __name__ == "__main__":
    sys.exit(main())
