"""What may be handed on: terms of sources and statements of pages, read by one list of patterns.

``data/statements.csv`` has a pattern a line and what it means: ``row`` (nothing of the article is
handed on), ``text`` (its facts are, its text is not) or ``open`` (all of it is). What no pattern
knows is unknown. No law is applied here, and nothing is advice: a person reads the terms.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.export.records import DATA, Options

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_RANKS = {"row": 1, "text": 2, "open": 3}
"""The most careful reading of several prevails."""


def judge_articles(connection: DuckDBPyConnection) -> None:
    """Makes the temporary tables ``source_terms`` and ``article_rights``.

    What they hold: ``sql/export/rights.sql``. The connection is to a snapshot; temporary
    tables need no write access to it.
    """
    with (DATA / "statements.csv").open(encoding="utf-8", newline="") as file:
        patterns = [
            (
                r["field"],
                r["pattern"],
                r["effect"],
                _RANKS[r["effect"]],
                number,
                r["licence"],
                r["url"],
            )
            for number, r in enumerate(csv.DictReader(file))
        ]
    connection.execute(
        "CREATE TEMP TABLE said_patterns (field VARCHAR, pattern VARCHAR, effect VARCHAR,"
        " effect_rank INTEGER, pattern_no INTEGER, licence VARCHAR, url VARCHAR)"
    )
    connection.executemany("INSERT INTO said_patterns VALUES (?, ?, ?, ?, ?, ?, ?)", patterns)
    connection.execute(project.sql_text("export/rights.sql"))


def is_text_handed_on(options: Options) -> str:
    """SQL over ``article_rights`` as ``r``: true where the article's text is in the export."""
    effects = {"permitted": "('open')", "all": "('open', 'unknown')", "none": "('')"}
    return f"coalesce(r.effect IN {effects[options.texts]}, false)"


def source_terms(connection: DuckDBPyConnection) -> list[dict[str, Any]]:
    """Each source with its terms as noted, and how they are read."""
    rows = connection.execute(
        "SELECT source_id, name, usage_terms, effect, licence, licence_url"
        " FROM source_terms ORDER BY source_id"
    ).fetchall()
    readings = {"row": "forbids", "text": "no texts", "open": "open", "unknown": "unknown"}
    return [
        {
            "source_id": source,
            "name": name,
            "usage_terms": terms,
            "read_as": readings[effect],
            "licence": licence or None,
            "licence_url": url or None,
        }
        for source, name, terms, effect, licence, url in rows
    ]
