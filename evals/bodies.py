"""How well bodies and metadata are read, beside trafilatura's own defaults on the same run.

``python -m evals.bodies [--set publishers --set bodies …] [--worst N]`` prints one table a set. The
labelled pages lie outside the checkout: in ``$NEWSLEDGER_SHARED`` or in ``../shared``.

Both readers get the same bytes and address. trafilatura runs with its defaults except that
comments are left out, as ours leaves them out. Speed is pages per CPU second of this process.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from pipelines.clean.extract import EXTRACTOR_VERSION, extract
from pipelines.clean.records import Capture, Skip

SETS = ("publishers", "bodies", "metadata2016", "segments")
_LATE = datetime(2035, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one page."""

    body: str = ""
    title: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(slots=True)
class Scores:
    """One reader's results on one set; a list an answerable question, in page order."""

    body: list[tuple[float, str]] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    title: list[float] = field(default_factory=list)
    date: list[float] = field(default_factory=list)
    authors: list[float] = field(default_factory=list)
    contained: list[float] = field(default_factory=list)
    absent: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0
    pages: int = 0


def shared_folder() -> Path:
    """``$NEWSLEDGER_SHARED``, or ``shared`` beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("NEWSLEDGER_SHARED", beside))


def load_module(path: Path) -> ModuleType:
    """The evaluation data's own reader or measures as a module."""
    spec = importlib.util.spec_from_file_location(f"newsledger_eval_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_newsledger(payload: bytes, url: str | None, fetched_at: datetime) -> Reading:
    """One page through our reader; a skipped page reads as nothing."""
    article = extract(Capture("eval", "eval", url, "text/html", None, payload, fetched_at))
    if isinstance(article, Skip):
        return Reading()
    published = article.published.value.isoformat() if article.published else None
    return Reading(article.article_body, article.headline, published, article.authors)


def read_trafilatura(payload: bytes, url: str | None, fetched_at: datetime) -> Reading:  # noqa: ARG001 - one signature for both readers
    """One page through trafilatura's defaults."""
    from trafilatura import bare_extraction

    document = bare_extraction(payload, url=url, include_comments=False, with_metadata=True)
    if document is None:
        return Reading()
    authors = tuple(a.strip() for a in (document.author or "").split(";") if a.strip())
    return Reading(document.text or "", document.title, document.date, authors)


READERS: dict[str, Callable[[bytes, str | None, datetime], Reading]] = {
    "newsledger": read_newsledger,
    "trafilatura": read_trafilatura,
}


def score_set(root: Path, name: str) -> dict[str, Scores]:
    """Every reader's scores on ``extraction/<name>``; the readers take turns page by page."""
    measures = load_module(root / "eval" / "measures.py")
    scores = {reader: Scores() for reader in READERS}
    for url, payload, truth, row in _pages(root, name):
        for reader, read in READERS.items():
            begun = time.process_time()
            reading = read(payload, url, _fetched_at(row))
            scores[reader].cpu_seconds += time.process_time() - begun
            _add(scores[reader], reading, truth, str(row["id"]), measures)
    return scores


def _pages(
    root: Path, name: str
) -> Iterator[tuple[str | None, bytes, dict[str, Any], dict[str, Any]]]:
    load = load_module(root / "eval" / "load.py")
    for url, payload, truth, row in load.pages(root / "eval", name):
        yield (url if url.startswith("http") else None), payload, truth, row


def _fetched_at(row: dict[str, Any]) -> datetime:
    if not row.get("crawled"):
        return _LATE
    moment = datetime.fromisoformat(row["crawled"])
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _add(
    scores: Scores, reading: Reading, truth: dict[str, Any], page: str, measures: ModuleType
) -> None:
    scores.pages += 1
    if "body" in truth:
        scores.body.append((measures.token_f1(truth["body"], reading.body), page))
        scores.pairs.append((truth["body"], reading.body))
    if truth.get("title"):
        scores.title.append(float(measures.same_title(truth["title"], reading.title or "")))
    if truth.get("published"):
        found = reading.published is not None
        scores.date.append(
            float(found and measures.same_day(truth["published"], reading.published))
        )
    if "authors" in truth:
        f1 = measures.author_f1(truth["authors"], reading.authors)
        scores.authors.extend([] if f1 is None else [f1])
    if "must_contain" in truth:
        text = _folded(f"{reading.title or ''} {reading.body}")
        scores.contained.extend(float(_folded(s) in text) for s in truth["must_contain"])
        scores.absent.extend(float(_folded(s) not in text) for s in truth["must_not_contain"])


def _folded(text: str) -> str:
    return " ".join(text.split())


def table(
    name: str, results: dict[str, Scores], shingle_f1: Callable[..., dict[str, float]]
) -> str:
    """One set's results as text, a reader a line; ``-`` where the set has no such label."""
    columns = (
        "reader",
        "pages",
        "body F1",
        "4-gram F1",
        "title",
        "date",
        "authors",
        "contains",
        "leaves out",
        "pages/CPU s",
    )
    rows = [columns]
    for reader, scores in results.items():
        shingles = f"{shingle_f1(scores.pairs, cjk=True)['f1']:.4f}" if scores.pairs else "-"
        figures = (
            _mean([f1 for f1, _ in scores.body]), shingles, _mean(scores.title), _mean(scores.date),
            _mean(scores.authors), _mean(scores.contained), _mean(scores.absent),
        )  # fmt: skip
        speed = f"{scores.pages / scores.cpu_seconds:.1f}" if scores.cpu_seconds else "-"
        rows.append((reader, str(scores.pages), *figures, speed))
    widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join([f"[{name}]", *(line.rstrip() for line in lines)])


def _mean(values: list[float]) -> str:
    return f"{statistics.mean(values):.4f}" if values else "-"


def main(arguments: list[str] | None = None) -> int:
    """Print the tables. Exit code 2 where the evaluation data is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.bodies", description="Bodies and metadata, measured."
    )
    parser.add_argument(
        "--set", dest="sets", action="append", choices=SETS, help="default: publishers, bodies"
    )
    parser.add_argument(
        "--worst", type=int, default=0, help="list so many of our worst bodies a set"
    )
    options = parser.parse_args(arguments)
    root = shared_folder()
    if not (root / "eval" / "measures.py").is_file():
        print(f"no evaluation data at {root}; set NEWSLEDGER_SHARED", file=sys.stderr)
        return 2
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    shingle_f1 = load_module(root / "eval" / "measures.py").shingle_f1
    print(f"extractor {EXTRACTOR_VERSION}")
    for name in options.sets or ("publishers", "bodies"):
        results = score_set(root, name)
        print("\n" + table(name, results, shingle_f1))
        for f1, page in sorted(results["newsledger"].body)[: options.worst]:
            print(f"  {f1:.3f}  {page}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
