"""How a published snapshot compares with labels: read through SQL, as an analyst would."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from evals.measures import span_f1, token_f1
from evals.pages import load_module

_NO_ARTICLE: dict[str, Any] = {"headline": None, "article_body": "", "mentions": []}
TYPES = {
    "PERSON": "person",
    "ORG": "organization",
    "GPE": "place",
    "LOC": "place",
    "NORP": "nationality",
    "EVENT": "event",
}
"""Labels of the gold data as mention types; dates are no mentions."""


def measures(root: Path) -> ModuleType:
    """The measures that come with the evaluation data."""
    return load_module(root / "eval" / "measures.py")


def gold_seeds(root: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """File name and labels of each seed document; ``root`` holds ``seeds_gold``, or is that."""
    folder = root / "seeds_gold" if (root / "seeds_gold").is_dir() else root
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        yield gold["file"], gold


def articles_by_file(published: Path) -> dict[str, dict[str, Any]]:
    """Current articles with their mentions, by the file that they were read from."""
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        cursor = connection.execute(
            """
            SELECT f.location, a.*, s.name AS publisher_name
            FROM articles AS a
            JOIN raw.fetches AS f ON a.fetch_id = f.fetch_id
            LEFT JOIN sources AS s ON a.publisher_id = s.source_id
            """
        )
        names = [column[0] for column in cursor.description]
        articles = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
        for article in articles.values():
            found = connection.execute(
                "SELECT m.mention_type, m.exact, m.start_char, m.end_char, m.in_headline, m.entity_id,"
                " e.name FROM mentions AS m LEFT JOIN entities AS e ON m.entity_id = e.entity_id"
                " WHERE m.article_id = ? AND m.version = ?",
                [article["article_id"], article["version"]],
            ).fetchall()
            keys = ("type", "text", "start", "end", "in_headline", "entity_id", "name")
            article["mentions"] = [dict(zip(keys, row, strict=True)) for row in found]
    return articles


def unspaced(text: str, position: int) -> int:
    """A position counted without white space, so that texts that differ in it alone can be compared."""
    return position - sum(character.isspace() for character in text[:position])


def span_sets(
    file: str, gold: dict[str, Any], article: dict[str, Any]
) -> tuple[set[Any], set[Any]]:
    """True and found spans of the body, as (file, start, end, type); optional ones count neither way."""
    body, found_body = gold["body"], article["article_body"]
    optional = {
        (unspaced(body, s["start"]), unspaced(body, s["end"])) for s in gold["optional_spans"]
    }
    true = {
        (file, unspaced(body, m["start"]), unspaced(body, m["end"]), TYPES[m["type"]])
        for m in gold["mentions"]
        if m["type"] in TYPES
    }
    found = {
        (file, unspaced(found_body, m["start"]), unspaced(found_body, m["end"]), m["type"])
        for m in article["mentions"]
        if not m["in_headline"]
    }
    return (
        {span for span in true if span[1:3] not in optional},
        {span for span in found if span[1:3] not in optional},
    )


def ingest(home: Path, path: Path, *options: str) -> Path:
    """Ingests a folder into a home of its own, by the command line. Returns the snapshot's path."""
    subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "ingest", str(path), *options],
        env=os.environ | {"NEWSLEDGER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return home / "published" / "news.duckdb"


def seed_figures(published: Path, root: Path) -> dict[str, float]:
    """How a snapshot of the seeds compares with their labels.

    Args:
        published: the snapshot.
        root: the folder that holds ``seeds_gold``, or that folder.

    """
    articles = articles_by_file(published)
    true: set[Any] = set()
    found: set[Any] = set()
    headlines, bodies = [], []
    for file, gold in gold_seeds(root):
        article = articles.get(file, _NO_ARTICLE)
        expected, spans = span_sets(file, gold, article)
        true |= expected
        found |= spans
        headlines.append(float(article["headline"] == gold["title"]))
        bodies.append(token_f1(gold["body"], article["article_body"]))
    precision, recall, f1 = span_f1(true, found)
    return {
        "seeds: headline as labelled": statistics.mean(headlines),
        "seeds: body token F1": statistics.mean(bodies),
        "seeds: mentions, exact span and type, F1": f1,
        "seeds: mentions, precision": precision,
        "seeds: mentions, recall": recall,
    }


def page_figures(published: Path, pages: Path) -> dict[str, float]:
    """The body score of a snapshot of labelled pages; pages held in quarantine count 0.

    Args:
        published: the snapshot.
        pages: their ``pages.jsonl``.

    """
    articles = articles_by_file(published)
    with pages.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    scores = [
        token_f1(row["truth"].get("body") or "", articles.get(row["file"], _NO_ARTICLE)["article_body"])
        for row in rows
    ]  # fmt: skip
    name = pages.parent.name
    return {
        f"{name}: pages that are articles": len(articles) / (len(rows) or 1),
        f"{name}: body token F1": statistics.mean(scores),
    }
