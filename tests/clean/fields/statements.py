"""Pages that state things in many places, and what was made of each statement."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from pipelines.clean.records import Article, Evidence
from tests.clean.pages import PARAGRAPHS, article

DAY = datetime(2025, 3, 14, 8, 30, tzinfo=UTC)
BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])
SHARED = "Marvale gives nine million for its broken pier"
OTHER = "Herring fleet waits for calmer days off Marvale"
ADDRESS = "https://lantern.example/news/marvale-council-votes-to-rebuild-storm-torn-pier-8841"


def ld(**properties: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **properties}
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


def og(title: str) -> str:
    return f"<meta property='og:title' content='{title}'>"


def page(head: str = "", above: str = "", **capture: object) -> Article:
    html = (
        f"<html lang='en'><head>{head}</head><body>{above}<article>{BODY}</article></body></html>"
    )
    return article(html, **{"url": "https://lantern.example/pier", **capture})  # type: ignore[arg-type]


def rows(read: Article, field: str) -> list[Evidence]:
    return [row for row in read.evidence if row.field == field]


def rule(read: Article, field: str) -> str:
    return next(row.rule_id for row in rows(read, field) if row.is_chosen)


def lost(read: Article, field: str) -> dict[str, str]:
    """Rule by value of what was set aside."""
    return {row.value: row.rule_id for row in rows(read, field) if not row.is_chosen}


def dated(read: Article) -> tuple[datetime | None, str]:
    return (read.published.value if read.published else None, rule(read, "date_published"))
