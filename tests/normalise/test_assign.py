"""Entities are a function of what is stored: no order of arrival, no repetition changes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.normalise.assign import assign
from pipelines.normalise.catalogue import Catalogue
from pipelines.normalise.records import LOCAL, Annotation, Entity, Mention, Referent
from pipelines.normalise.store import store
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.schema import apply_schema

from .conftest import ENTITIES

CATALOGUE = Catalogue(ENTITIES)
NAMES = ("Ada Bell", "A. Bell", "Ada Mary Bell", "Ada Bell-Hart", "Tom Hale", "Thomas Hale")
TOWNS = ("Marvale", "Elmsund", "Porthollow")
START = datetime(2026, 3, 1, tzinfo=UTC)


def mentioned(referent: Referent, start: int) -> Mention:
    return Mention(
        mention_type=referent.entity_type,
        exact=referent.name,
        start_char=start,
        end_char=start + len(referent.name),
        in_headline=False,
        sentence_no=0,
        confidence=0.9,
        recognizer="spacy",
        referent=referent,
    )


def article(number: int, people: list[tuple[str, str]]) -> Annotation:
    """An article that names people, each with one signal, and one known country."""
    germany = CATALOGUE.entity("Q183")
    assert germany is not None
    things = [Referent("place", "Germany", "name", germany)]
    things += [
        Referent("person", name, LOCAL, context=tuple(sorted({f"place:{town}", "with:Q183"})))
        for name, town in dict(people).items()
    ]
    mentions, at = [], 0
    for referent in things:
        mentions.append(mentioned(referent, at))
        at += len(referent.name) + 1
    return Annotation(f"article{number}", 1, tuple(mentions))


def warehouse(articles: list[Annotation]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    apply_schema(connection)
    for annotation in articles:
        number = int(annotation.article_id.removeprefix("article"))
        connection.execute(
            """
            INSERT INTO article_versions BY NAME
            SELECT ? AS article_id, 1 AS version, 's' AS source_id, 'u' AS url, '' AS article_body,
                0 AS word_count, 'x' AS body_sha256, 'c' AS content_sha256, ? AS fetch_id,
                DATE '2026-03-01' AS fetch_date, 'e' AS extractor, '1' AS extractor_version,
                'first' AS change_kind, ?::TIMESTAMPTZ AS valid_from, 'r' AS run_id
            """,
            [annotation.article_id, f"f{number}", START + timedelta(hours=number)],
        )
    return connection


def arrive(connection: duckdb.DuckDBPyConnection, batch: list[Annotation]) -> int:
    with transaction(connection):
        store(connection, batch, recognizer_version="1", run_id="r")
        return assign(connection, lambda: CATALOGUE, [], run_id="r")


def tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall()
        for name in ("mentions", "article_entities", "entities", "entity_names")
    }


PEOPLE = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(TOWNS)), max_size=3)


@settings(max_examples=15, deadline=None)
@given(st.lists(PEOPLE, min_size=2, max_size=7), st.randoms(use_true_random=False), st.data())
def test_any_order_in_any_batches_gives_the_same_tables(people, random, data):
    articles = [article(number, named) for number, named in enumerate(people)]
    together = warehouse(articles)
    arrive(together, articles)
    shuffled = articles[:]
    random.shuffle(shuffled)
    apart = warehouse(articles)
    while shuffled:
        size = data.draw(st.integers(1, len(shuffled)))
        arrive(apart, shuffled[:size])
        shuffled = shuffled[size:]
    assert tables(apart) == tables(together)


def test_what_is_read_again_changes_nothing_and_what_is_gone_leaves_no_trace():
    articles = [article(n, [("Ada Bell", "Marvale")]) for n in range(3)]
    connection = warehouse(articles)
    arrive(connection, articles)
    before = tables(connection)
    arrive(connection, articles[1:])
    assert tables(connection) == before
    assert connection.execute("SELECT count(*) FROM ops.unassigned").fetchone() == (0,)
    for annotation in articles:
        arrive(connection, [Annotation(annotation.article_id, 1, ())])
    assert not any(tables(connection).values())


def test_nothing_new_assigns_nothing():
    articles = [article(0, [("Ada Bell", "Marvale")])]
    connection = warehouse(articles)
    assert arrive(connection, articles) == 2
    assert assign(connection, lambda: CATALOGUE, [], run_id="r") == 0


def test_every_thing_named_has_its_entity_or_its_reason():
    known = Referent("place", "Germany", "name", CATALOGUE.entity("Q183"))
    open_one = Referent("person", "Bell", "ambiguous", candidates=("Q1", "Q2"))
    local = Referent("person", "Ada Bell", LOCAL)
    at = [(known, 0), (open_one, 20), (local, 40)]
    annotation = Annotation("article0", 1, tuple(mentioned(r, start) for r, start in at))
    connection = warehouse([annotation])
    arrive(connection, [annotation])
    rows = connection.execute(
        "SELECT name, reason, entity_id, candidates FROM article_entities ORDER BY name"
    ).fetchall()
    (ada, bell, germany) = rows
    assert ada[2].startswith("local:")
    assert bell == ("Bell", "ambiguous", None, ["Q1", "Q2"])
    assert germany == ("Germany", "name", "Q183", [])
    linked = connection.execute(
        "SELECT exact, entity_id FROM mentions WHERE entity_id IS NOT NULL ORDER BY exact"
    ).fetchall()
    assert linked == [("Ada Bell", ada[2]), ("Germany", "Q183")]


def test_an_id_that_changed_leads_to_the_present_one():
    # The one that was seen first keeps the plain id: an older article that comes late takes it.
    later, earlier = article(5, [("Ada Bell", "Marvale")]), article(1, [("Ada Bell", "Elmsund")])
    connection = warehouse([later, earlier])
    arrive(connection, [later])
    (old,) = connection.execute(
        "SELECT entity_id FROM article_entities WHERE name = 'Ada Bell'"
    ).fetchone()
    arrive(connection, [earlier])
    ids = {row[0] for row in connection.execute("SELECT entity_id FROM entities").fetchall()}
    assert (
        old in ids
        or connection.execute(
            "SELECT count(*) FROM entity_redirects WHERE old_id = ?", [old]
        ).fetchone()[0]
        == 1
    )


@pytest.mark.parametrize("country", ["DE", None])
def test_known_entities_are_described_by_the_catalogue(country):
    entity = Entity("Q183", "place", "Germany", "catalogue", country, "Q183")
    annotation = Annotation(
        "article0", 1, (mentioned(Referent("place", "Germany", "name", entity), 0),)
    )
    connection = warehouse([annotation])
    arrive(connection, [annotation])
    row = connection.execute("SELECT entity_id, name, country, origin FROM entities").fetchone()
    assert row == ("Q183", "Germany", "DE", "catalogue")
    names = {n for (n,) in connection.execute("SELECT name FROM entity_names").fetchall()}
    assert {"Germany", "Deutschland"} <= names
