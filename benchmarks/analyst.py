"""What an analyst waits for: every question and mart, search, publish, start, on a warehouse of 12 million mentions.

``python -m benchmarks.analyst`` makes the warehouse (see ``synthetic``) in a temporary folder, some 13 GB; with
``--home DIR`` in a folder that is kept and used again. ``--articles N`` makes a smaller one. Medians of wall seconds;
beside each question, the same one on a database without counted tables, asked once.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from benchmarks.measuring import command, python, seconds
from benchmarks.synthetic import LAST_DAY, SCRIPTS, Size, fill
from pipelines import project
from pipelines.questions import Question, load_questions, run
from pipelines.search import Wanted, find, look_up
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.marts import build_marts, make_views
from pipelines.warehouse.publish import publish_file
from pipelines.warehouse.query import snapshot
from pipelines.warehouse.rollups import refresh_rollups
from pipelines.warehouse.schema import apply_schema, declared_tables
from pipelines.warehouse.search import refresh_search

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROUNDS = 5
LIMIT = 1.0
"""Seconds within which every question and search is to be answered."""
ABOUT = {
    "count": "SELECT count(*) FROM {mart}",
    "last 20": "SELECT * FROM {mart} ORDER BY 1 DESC LIMIT 20",
}
"""How a mart is read: all of its rows, and the last of its keys."""


def main(arguments: list[str] | None = None) -> int:
    """Prints the figures. Returns 0, or 1 where a question or a search took too long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.analyst")
    parser.add_argument("--articles", type=int, default=Size().articles)
    parser.add_argument("--home", type=Path, help="made where it is not there, and kept")
    parser.add_argument(
        "--no-baseline", action="store_true", help="leave out the questions without marts"
    )
    asked = parser.parse_args(arguments)
    with _home(asked.home) as home:
        settings = Settings(home=home)
        if not settings.published_file.exists():
            _make(settings, asked.articles)
        _describe(settings)
        slow = _questions(settings, baseline=not asked.no_baseline)
        _marts(settings)
        slow += _searches(settings)
        _start(settings)
        _publish(settings)
    for name in slow:
        print(f"SLOW: {name} took more than {LIMIT:.0f} s")
    return 1 if slow else 0


@contextmanager
def _home(kept: Path | None) -> Iterator[Path]:
    if kept:
        yield kept
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name) / "home"


def _make(settings: Settings, articles: int) -> None:
    """The warehouse with its counts and index, published; and what these cost."""
    usual = Size()
    size = Size(articles, entities=articles * usual.entities // usual.articles)
    _timed("made up", lambda: fill(settings, size))
    with writing(settings) as connection:
        make_views(connection)
        _timed("days counted, all", lambda: refresh_rollups(connection))
        _timed("texts indexed, all", lambda: refresh_search(connection))
        _timed("marts, nothing changed", lambda: build_marts(connection))
        connection.execute(
            "UPDATE article_versions SET word_count = word_count, publisher_id = source_id"
            " WHERE fetch_date = (SELECT max(fetch_date) FROM article_versions)"
        )
        _timed("marts, one day changed", lambda: build_marts(connection))
        connection.execute("CHECKPOINT")
    publish_file(settings)


def _timed(what: str, work: Callable[[], object]) -> None:
    begin = time.perf_counter()
    work()
    print(f"{what:<44} {time.perf_counter() - begin:8.2f} s", flush=True)


def _describe(settings: Settings) -> None:
    with snapshot(settings.published_file) as connection:
        for table in ("articles", "mentions", "entities", "sources"):
            rows = connection.sql(f"SELECT count(*) FROM {table}").fetchone()
            print(f"{table:<44} {rows[0] if rows else 0:>12,}")
    print(f"{'snapshot':<44} {settings.published_file.stat().st_size / 1e6:>9,.0f} MB", flush=True)


def _questions(settings: Settings, *, baseline: bool) -> list[str]:
    """Each question with its defaults, on the snapshot and without counted tables."""
    slow = []
    questions = load_questions()
    print(f"\n{'question':<40} {'seconds':>8} {'without marts':>14} {'ratio':>7}")
    with snapshot(settings.published_file) as connection, _unmarted(settings) as plain:
        for question in questions:
            taken = seconds(lambda q=question: run(connection, q, {}).fetchall(), ROUNDS)
            line = f"{question.name:<40} {taken:8.3f}"
            if baseline and _reads_marts(question):
                without = seconds(lambda q=question: run(plain, q, {}).fetchall(), rounds=1)
                line += f" {without:14.3f} {without / taken:6.0f}x"
            print(line, flush=True)
            if taken > LIMIT:
                slow.append(question.name)
    return slow


def _reads_marts(question: Question) -> bool:
    return "rollups." in question.sql or "mart." in question.sql


@contextmanager
def _unmarted(settings: Settings) -> Iterator[DuckDBPyConnection]:
    """A database of views on the snapshot, in which marts count from the mentions each time."""
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        apply_schema(connection)
        quoted = str(settings.published_file).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS snapshot (READ_ONLY)")
        for table in declared_tables():
            connection.execute(f"DROP TABLE {table} CASCADE")
            if not table.startswith("rollups."):
                full = table if "." in table else f"main.{table}"
                connection.execute(f"CREATE VIEW {full} AS FROM snapshot.{full}")
        connection.execute((SCRIPTS / "unmarted.sql").read_text(encoding="utf-8"))
        make_views(connection)
        yield connection
    finally:
        connection.close()


def _marts(settings: Settings) -> None:
    print(f"\n{'mart':<40} {'rows':>12} {'count':>8} {'last 20':>8}")
    with snapshot(settings.published_file) as connection:
        for path in project.sql_files("marts"):
            mart = f"mart.{path.stem}"
            queries = [query.format(mart=mart) for query in ABOUT.values()]
            figures = [seconds(lambda q=q: connection.sql(q).fetchall(), 3) for q in queries]
            row = connection.sql(f"SELECT count(*) FROM {mart}").fetchone()
            print(
                f"{mart:<40} {row[0] if row else 0:>12,} {figures[0]:8.3f} {figures[1]:8.3f}",
                flush=True,
            )


def _searches(settings: Settings) -> list[str]:
    """Searches for words that are rare, common and in between, alone and together."""
    slow = []
    print(f"\n{'search':<40} {'found':>8} {'seconds':>8}")
    with snapshot(settings.published_file, with_search=True) as connection:
        rare, usual, common, most = (_word(connection, share) for share in (5e-5, 1e-3, 3e-2, 0.2))
        month = Wanted(first_day=LAST_DAY - timedelta(30), last_day=LAST_DAY)
        (phrase,) = connection.execute(
            "SELECT array_to_string(string_split(article_body, ' ')[3:5], ' ') FROM articles"
            " ORDER BY article_id LIMIT 1"
        ).fetchone() or ("",)
        everywhere = [_word(connection, share) for share in (0.9, 0.7, 0.5)]
        for name, words, wanted in [
            ("a rare word", [rare], Wanted()),
            ("a common word", [common], Wanted()),
            ("a very common word", [most], Wanted()),
            ("two words", [usual, common], Wanted()),
            ("three words", [usual, common, most], Wanted()),
            (
                "three words, of a month and a language",
                [usual, common, most],
                replace(month, in_language="en"),
            ),
            ("a phrase of three words", [f'"{phrase}"'], Wanted()),
            ("a phrase of words that most have", [f'"{" ".join(everywhere)}"'], Wanted()),
            ("the beginning of a word", [f"{common[:4]}*"], Wanted()),
            ("one word without another", [common, f"-{most}"], Wanted()),
        ]:
            taken = seconds(
                lambda w=words, f=wanted: find(connection, look_up(connection, w, f), f), ROUNDS
            )
            hits = find(connection, look_up(connection, words, wanted), wanted)
            print(f"{name:<40} {len(hits):>8} {taken:8.3f}", flush=True)
            if taken > LIMIT:
                slow.append(f"search for {name}")
    return slow


def _word(connection: DuckDBPyConnection, share: float) -> str:
    """A word that about this share of the articles has."""
    row = connection.execute(
        "SELECT min(w.word) FROM (SELECT term_id, count(*) AS n FROM search.postings GROUP BY term_id) AS p"
        " JOIN search.words AS w USING (term_id) WHERE length(w.word) > 4"
        " GROUP BY p.n ORDER BY abs(p.n - ? * (SELECT count(*) FROM search.documents)) LIMIT 1",
        [share],
    ).fetchone()
    return str(row[0]) if row else ""


def _start(settings: Settings) -> None:
    """The plainest query by the command line, beside DuckDB from Python."""
    ours = seconds(command(settings.home, "sql", "select 1"), 11)
    bare = seconds(
        python(
            "import duckdb;"
            f"duckdb.connect({str(settings.published_file)!r}, read_only=True).sql('select 1').show()"
        ),
        11,
    )
    print(f"\n{'newsledger sql ' + chr(34) + 'select 1' + chr(34):<40} {ours:8.3f} s")
    print(f"{'  duckdb from Python':<40} {bare:8.3f} s   ratio {ours / bare:.2f}", flush=True)


def _publish(settings: Settings) -> None:
    """The publish beside a plain copy of the same file, in turns, since disks differ from time to time."""
    copies, publishes = [], []
    copy = settings.home / "copy"
    size = settings.warehouse_file.stat().st_size / 1e6
    for _ in range(3):
        copies.append(seconds(lambda: shutil.copyfile(settings.warehouse_file, copy), 1))
        copy.unlink()
        publishes.append(seconds(lambda: publish_file(settings), 1))
    ours, plain = statistics.median(publishes), statistics.median(copies)
    print(f"{f'publish of {size:,.0f} MB':<40} {ours:8.2f} s")
    print(f"{'  plain file copy':<40} {plain:8.2f} s   ratio {ours / plain:.2f}")


if __name__ == "__main__":
    sys.exit(main())
