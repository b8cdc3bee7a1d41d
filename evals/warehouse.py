"""How a published snapshot compares with labels: read through SQL, as an analyst would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from evals.bodies import load_module, shared_folder

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
    """File name and labels of each seed document."""
    for path in sorted((root / "seeds_gold").glob("*.json")):
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


def print_seeds(published: Path) -> None:
    """Prints how a snapshot of the seeds compares with their labels."""
    root = shared_folder()
    scores = measures(root)
    articles = articles_by_file(published)
    true: set[Any] = set()
    found: set[Any] = set()
    for file, gold in gold_seeds(root):
        article = articles[file]
        expected, spans = span_sets(file, gold, article)
        true |= expected
        found |= spans
        same = "same" if article["headline"] == gold["title"] else "DIFFERENT"
        f1 = scores.token_f1(gold["body"], article["article_body"])
        date = f"{article['date_published']} ({article['date_published_precision']})"
        print(f"{file[:3]}  headline {same}  body F1 {f1:.4f}  {article['publisher_name']}  {date}")
    result = scores.span_f1(true, found)
    print(
        f"mentions, exact span and type: F1 {result['f1']:.4f}"
        f"  precision {result['precision']:.4f}  recall {result['recall']:.4f}"
    )


def print_publishers(published: Path) -> None:
    """Prints the body score of a snapshot of ``extraction/publishers``."""
    root = shared_folder()
    scores = measures(root)
    articles = articles_by_file(published)
    with (root / "eval/extraction/publishers/pages.jsonl").open(encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    values = []
    for page in pages:
        article = articles.get(page["file"])
        body = article["article_body"] if article else ""
        values.append(scores.token_f1(page["truth"].get("body") or "", body))
    print(
        f"{len(articles)} of {len(pages)} pages are articles;"
        f" body token F1 {sum(values) / len(values):.4f} (pages held in quarantine count 0)"
    )
