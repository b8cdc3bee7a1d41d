"""Promise 3: analysts never wait and never block, while runs publish under them."""

from __future__ import annotations

import subprocess
import sys

import duckdb

from tests.factories import environment, newsledger, page, write_pages, write_sources


def test_readers_never_fail_while_runs_write_and_publish(tmp_path):
    home = tmp_path / "home"
    listed = []

    def add(number: int) -> None:
        url = f"https://host.example/{number}"
        at = f"2026-03-02T{number:02}:00:00Z"
        listed.append((f"p{number}.html", page(f"Port number {number}"), url, at))
        write_pages(tmp_path / "pages", listed)

    sources = write_sources(
        tmp_path / "sources.yaml", {"id": "harbour", "kind": "folder", "location": "pages"}
    )
    add(0)
    assert newsledger(home, "run", NEWSLEDGER_SOURCES=str(sources)).returncode == 0
    published = home / "published" / "news.duckdb"
    seen, commands = [], 0
    for number in range(1, 3):
        add(number)
        writer = subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", "run"],
            env=environment(home, NEWSLEDGER_SOURCES=str(sources)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while writer.poll() is None:
            with duckdb.connect(str(published), read_only=True) as reader:
                (articles, broken) = reader.execute(
                    "SELECT count(*), count(*) FILTER (WHERE m.n IS NULL) FROM articles AS a LEFT JOIN"
                    " (SELECT article_id, count(*) AS n FROM mentions GROUP BY ALL) AS m USING (article_id)"
                ).fetchone()
            assert broken == 0, "a snapshot is whole: no article without its mentions"
            seen.append(articles)
            result = newsledger(home, "sql", "SELECT count(*) AS n FROM articles")
            assert result.returncode == 0, result.stderr
            commands += 1
        assert writer.returncode == 0
    assert seen == sorted(seen)
    assert commands >= 10
    with duckdb.connect(str(published), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM articles").fetchone() == (3,)
