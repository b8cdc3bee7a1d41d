"""Articles with the names that they print, written to a home as the stages would have left them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipelines.ids import stable_id, text_sha256
from pipelines.warehouse.connection import writing
from pipelines.warehouse.rows import insert_rows
from tests.quality.seeding import DAY, Seeded

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CONTEXT = 32
READER = "written for a test"


@dataclass(frozen=True)
class Name:
    """One thing that an article names, wherever it is printed in the text."""

    exact: str
    kind: str = "person"
    entity: str | None = "local"
    """``local``: an id of our own, made of the name; None: left open; else the id of an entity."""
    reason: str = "local"
    in_headline: bool = False
    role: str | None = None
    """Printed right before the name."""
    known_as: str | None = None
    """Name of the entity; None: ``exact``."""

    @property
    def entity_id(self) -> str | None:
        """The id of its entity."""
        return (
            f"local:{stable_id(self.kind, self.exact)[:16]}"
            if self.entity == "local"
            else self.entity
        )


def print_article(
    home: Seeded, key: str, body: str, names: Sequence[Name] = (), headline: str = ""
) -> str:
    """One article of DAY whose text prints ``names``, each wherever it stands. Returns its id.

    All tables of names are as after a run: mentions, things, entities with their names, what was
    read. Entities that are there already stay as they are.
    """
    article = stable_id("article", key)
    mentions = [m for name in names for m in _mentions(article, name, headline, body)]
    version = {
        "article_id": article, "version": 1, "source_id": "harbour-herald.example",
        "headline": headline or "No name in it", "article_body": body, "in_language": "en",
        "word_count": len(body.split()), "body_sha256": text_sha256(body), "authors": [],
        "content_sha256": text_sha256(headline + body), "fetch_id": f"fetch-{key}",
        "fetch_date": DAY, "extractor": "html", "extractor_version": "1", "change_kind": "first",
        "valid_from": AT, "run_id": "written", "date_published": AT,
        "date_published_precision": "minute",
    }  # fmt: skip
    read = {"article_id": article, "version": 1, "recognizer_version": READER,
            "mention_count": len(mentions), "recognised_at": AT, "run_id": "written"}  # fmt: skip
    with writing(home.settings) as connection:
        insert_rows(connection, "article_versions", [version])
        insert_rows(connection, "ops.recognitions", [read])
        insert_rows(connection, "mentions", mentions)
        things = {
            thing["referent_id"]: thing for thing in (_thing(article, n, mentions) for n in names)
        }
        insert_rows(connection, "article_entities", list(things.values()))
        for name in names:
            _add_entity(connection, name)
    return article


def _mentions(article: str, name: Name, headline: str, body: str) -> list[dict[str, Any]]:
    text = headline if name.in_headline else body
    found = []
    start = text.index(name.exact)
    while start >= 0:
        end = start + len(name.exact)
        found.append(
            {
                "mention_id": stable_id(article, int(name.in_headline), start, end),
                "article_id": article, "version": 1, "entity_id": name.entity_id,
                "referent_id": stable_id(article, name.exact, name.kind, name.entity_id),
                "mention_type": name.kind, "exact": name.exact, "start_char": start,
                "end_char": end, "prefix": text[max(0, start - CONTEXT) : start],
                "suffix": text[end : end + CONTEXT], "in_headline": name.in_headline,
                "sentence_no": text.count(". ", 0, start), "confidence": 0.9,
                "recognizer": "pattern", "recognizer_version": READER, "run_id": "written",
                "role_text": name.role, "role_is_former": False if name.role else None,
            }
        )  # fmt: skip
        start = text.find(name.exact, end)
    return found


def _thing(article: str, name: Name, mentions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    referent = stable_id(article, name.exact, name.kind, name.entity_id)
    mine = [m for m in mentions if m["referent_id"] == referent]
    return {
        "article_id": article, "version": 1, "referent_id": referent, "entity_id": name.entity_id,
        "base_id": name.entity_id, "entity_type": name.kind, "name": name.exact,
        "name_key": name.exact.casefold(), "reason": name.reason, "candidates": [],
        "context": [], "mention_count": len(mine), "in_headline": any(m["in_headline"] for m in mine),
        "recognizer_version": READER, "run_id": "written",
    }  # fmt: skip


def _add_entity(connection: Any, name: Name) -> None:
    known = "SELECT 1 FROM entities WHERE entity_id = ?"
    if name.entity_id is None or connection.execute(known, [name.entity_id]).fetchone():
        return
    is_item = name.entity_id.startswith("Q")
    shown = name.known_as or name.exact
    entity = {
        "entity_id": name.entity_id, "entity_type": name.kind, "name": shown,
        "origin": "catalogue" if is_item else "local", "first_seen": AT, "last_seen": AT,
        "wikidata_id": name.entity_id if is_item else None,
    }  # fmt: skip
    insert_rows(connection, "entities", [entity])
    forms = dict.fromkeys([shown, name.exact])
    insert_rows(
        connection,
        "entity_names",
        [
            {"entity_id": name.entity_id, "name": form, "origin": "mention",
             "name_kind": "name" if form == shown else "alias"}
            for form in forms
        ],
    )  # fmt: skip
