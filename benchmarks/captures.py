"""Captures a second and peak memory on a WARC of pages, beside warcio alone reading the same file."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

PAGES = 20_000
FEW = 5_000
"""A file of a quarter of the length: memory must be the same for both."""
SEED = 20_000
WORDS = 3_000
PARAGRAPHS = 3_000
_SYLLABLES = [
    "ba",
    "be",
    "ber",
    "bu",
    "da",
    "den",
    "di",
    "dor",
    "el",
    "en",
    "far",
    "fi",
    "ga",
    "gen",
    "har",
    "hol",
    "im",
    "in",
    "ka",
    "kel",
    "la",
    "len",
    "lo",
    "mar",
    "me",
    "mi",
    "na",
    "nor",
    "o",
    "or",
    "pa",
    "per",
    "ra",
    "ren",
    "ri",
    "sa",
    "sel",
    "so",
    "ta",
    "ten",
    "tor",
    "u",
    "ul",
    "va",
    "ver",
    "wa",
    "wi",
    "za",
]


def _paragraphs(chance: random.Random) -> list[str]:
    """Paragraphs of invented words, the common ones short and frequent as in any language."""
    words = [
        "".join(chance.choices(_SYLLABLES, k=1 + min(3, chance.randrange(1 + rank // 100))))
        for rank in range(1, WORDS + 1)
    ]
    weights = [1 / rank for rank in range(1, WORDS + 1)]
    texts = []
    for _ in range(PARAGRAPHS):
        sentences = (
            " ".join(chance.choices(words, weights, k=chance.randint(6, 28))).capitalize() + "."
            for _ in range(chance.randint(2, 6))
        )
        texts.append(f'<p class="article-text">{" ".join(sentences)}</p>\n')
    return texts


def write_warc(path: Path, pages: int) -> None:
    """Writes a WARC of ``pages`` responses, 10 to 30 KB each, no two alike; always the same."""
    chance = random.Random(SEED)
    paragraphs = _paragraphs(chance)
    menu = "".join(
        f'<li class="menu-item"><a href="/section/{n}">Section {n}</a></li>\n' for n in range(60)
    )
    begin = datetime(2026, 2, 1, tzinfo=UTC)
    with path.open("wb") as file:
        for number in range(pages):
            title = f"Report {number} of the harbour office"
            text = "".join(chance.choices(paragraphs, k=chance.randint(15, 60)))
            body = (
                f"<!DOCTYPE html><html><head><title>{title}</title></head><body><ul>{menu}</ul>\n"
                f"<article><h1>{title}</h1>\n{text}</article></body></html>\n"
            ).encode()
            http = (
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
                f'ETag: "{number:x}"\r\nContent-Length: {len(body)}\r\n\r\n'
            ).encode()
            at = begin + timedelta(seconds=number)
            header = (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:bench:{number}>\r\n"
                f"WARC-Target-URI: https://bench.example/{number}\r\n"
                f"WARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}\r\n"
                "Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(http) + len(body)}\r\n\r\n"
            ).encode()
            packer = zlib.compressobj(3, zlib.DEFLATED, 31)
            record = header + http + body + b"\r\n\r\n"
            file.write(packer.compress(record) + packer.flush())


def capture_warc(path: Path, home: Path) -> tuple[int, float]:
    """Captures the file into a fresh warehouse and archive; the number of captures, and seconds."""
    from pipelines.archive import Archive
    from pipelines.ingest.capture import capture
    from pipelines.ingest.files import read_path
    from pipelines.settings import Settings
    from pipelines.warehouse.connection import writing

    settings = Settings(home=home)
    with writing(settings) as connection:
        begin = time.perf_counter()
        report = capture(
            connection,
            Archive(settings.archive_root),
            read_path("bench", path),
            run_id="bench",
            now=datetime(2026, 3, 1, tzinfo=UTC),
            max_payload_bytes=settings.max_payload_bytes,
        )
    return report.captured, time.perf_counter() - begin


def read_with_warcio(path: Path) -> tuple[int, float]:
    """Reads every payload with warcio and drops it; their number, and seconds."""
    from warcio.archiveiterator import ArchiveIterator

    count, begin = 0, time.perf_counter()
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            record.content_stream().read()
            count += 1
    return count, time.perf_counter() - begin


def measured(work: str, path: Path) -> tuple[int, float, float]:
    """Records, seconds and peak megabytes of ``capture`` or ``warcio`` in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.captures", work, str(path)]
    result = subprocess.run(words, check=True, capture_output=True, text=True)
    count, seconds, megabytes = json.loads(result.stdout)
    return count, seconds, megabytes


def report(folder: Path) -> None:
    """Measures, and prints a line each."""
    few, many = folder / "few.warc.gz", folder / "many.warc.gz"
    write_warc(few, FEW)
    write_warc(many, PAGES)
    _, _, small = measured("capture", few)
    count, ours, large = measured("capture", many)
    _, plain, _ = measured("warcio", many)
    print(f"capture {count} pages of a WARC      {ours:7.2f} s   {count / ours:6.0f} captures/s")
    print(
        f"  warcio alone reads the same      {plain:7.2f} s   {count / plain:6.0f} records/s"
        f"   ratio {ours / plain:.2f}"
    )
    print(f"  peak, {FEW} and {count} pages   {small:9.0f} MB and {large:.0f} MB")


def main(work: str, path: Path) -> int:
    """One measured pass; prints its figures as JSON."""
    # Left for the caller to remove: on ext4 a mass deletion slows the making of files for minutes.
    home = Path(tempfile.mkdtemp(dir=path.parent))
    count, seconds = read_with_warcio(path) if work == "warcio" else capture_warc(path, home)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([count, seconds, peak]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
