"""``make eval``: every evaluation, the stages alone and then the whole line over a fresh home."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from evals import bodies, feeds, mentions, warehouse


def main() -> int:
    """Runs all evaluations. Returns 0, or 2 where the data is not there."""
    root = bodies.shared_folder()
    if not (root / "eval").is_dir():
        print(f"no evaluation data at {root}: set NEWSLEDGER_SHARED", file=sys.stderr)
        return 2
    _title("Extraction: newsledger and trafilatura's defaults on the same pages")
    bodies.main(
        ["--set", "publishers", "--set", "bodies", "--set", "metadata2016", "--set", "segments"]
    )
    _title("Mentions: newsledger and bare spaCy on the same texts")
    mentions.main()
    _title("Feeds: newsledger and bare feedparser on the same files")
    feeds.main([])
    with tempfile.TemporaryDirectory() as folder:
        _title("The whole line: newsledger ingest seeds")
        warehouse.print_seeds(_ingest(Path(folder) / "seeds", root / "seeds"))
        _title("The whole line: newsledger ingest extraction/publishers --manifest pages.jsonl")
        pages = root / "eval/extraction/publishers"
        published = _ingest(Path(folder) / "publishers", pages, "--manifest", "pages.jsonl")
        warehouse.print_publishers(published)
    return 0


def _title(text: str) -> None:
    print(f"\n## {text}\n", flush=True)


def _ingest(home: Path, path: Path, *options: str) -> Path:
    """Ingests a folder into a home of its own. Returns the snapshot."""
    subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "ingest", str(path), *options],
        env=os.environ | {"NEWSLEDGER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return home / "published" / "news.duckdb"


if __name__ == "__main__":
    sys.exit(main())
