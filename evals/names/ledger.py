"""Annotated articles through the warehouse's own tables: what each mention is, compared with the others.

Runs ``store`` and ``assign`` on a DuckDB in memory: referents are stored, local ones clustered,
entities described in SQL, as in a run of the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from evals.names.across import seen_at
from evals.names.documents import Document, Place
from pipelines.normalise.catalogue import default_catalogue
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.schema import apply_schema

_VERSION = """
    INSERT INTO article_versions BY NAME
    SELECT ? AS article_id, 1 AS version, 'eval' AS source_id, 'eval' AS url, ? AS article_body,
        0 AS word_count, 'eval' AS body_sha256, 'eval' AS content_sha256, ? AS fetch_id,
        ?::TIMESTAMPTZ::DATE AS fetch_date, 'eval' AS extractor, '1' AS extractor_version,
        'first' AS change_kind, ?::TIMESTAMPTZ AS valid_from, 'eval' AS run_id
"""


class LedgerError(RuntimeError):
    """The tree's pipeline does not store what articles name: one from before it did."""


@dataclass(frozen=True, slots=True)
class Found:
    """One mention as the warehouse has it."""

    mention_type: str
    exact: str
    thing: str
    """The entity's id; where it has none, the id of what its article names there."""
    referent: str
    """The id of what its article names there."""
    referent_name: str
    entity_name: str | None
    is_known: bool
    """The entity is of the catalogue or made by a naming rule."""
    names: frozenset[str]
    """The known entity's name and strong aliases."""


def found_in(documents: Sequence[Document]) -> dict[Place, Found]:
    """Every mention of some articles, all of them in one warehouse.

    Articles are stored in the order of their capture, a third of them at a time, as three runs would.

    Raises:
        LedgerError: the tree is older than that.

    """
    steps = _steps()
    arrived = sorted(documents, key=lambda d: (seen_at(d.text), d.key))
    size = max(1, -(-len(arrived) // 3))
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        apply_schema(connection)
        for start in range(0, len(arrived), size):
            _arrive(connection, arrived[start : start + size], steps)
        return _read(connection)


Steps = tuple[Callable[..., None], Callable[..., int]]


def _steps() -> Steps:
    """``store`` and ``assign``."""
    try:
        from pipelines.normalise.assign import assign
        from pipelines.normalise.store import store
    except ImportError as error:
        # A commit that --against evaluates may be of before articles' names were stored so.
        raise LedgerError(f"no clusters, no canonical names: {error}") from error
    return store, assign


def _arrive(connection: duckdb.DuckDBPyConnection, batch: Sequence[Document], steps: Steps) -> None:
    store, assign = steps
    for document in batch:
        when = seen_at(document.text)
        connection.execute(
            _VERSION, [document.key, document.text.article_body, document.key, when, when]
        )
    annotations = [document.annotation for document in batch]
    with transaction(connection):
        store(connection, annotations, recognizer_version="eval", run_id="eval")
        assign(connection, default_catalogue, [], run_id="eval")


def _read(connection: duckdb.DuckDBPyConnection) -> dict[Place, Found]:
    names: dict[str, set[str]] = {}
    for entity_id, name in connection.execute(
        "SELECT entity_id, name FROM entity_names WHERE name_kind <> 'weak_alias' AND origin <> 'mention'"
    ).fetchall():
        names.setdefault(entity_id, set()).add(name)
    found = connection.execute(
        """
        SELECT m.article_id, m.in_headline, m.start_char, m.end_char, m.mention_type, m.exact,
            m.referent_id, m.entity_id, a.name, e.name, e.origin
        FROM mentions AS m
        JOIN article_entities AS a ON m.article_id = a.article_id AND m.referent_id = a.referent_id
        LEFT JOIN entities AS e ON m.entity_id = e.entity_id
        """
    ).fetchall()
    return {
        (key, in_headline, start, end): Found(
            mention_type,
            exact,
            entity_id or referent_id,
            referent_id,
            referent_name,
            entity_name,
            origin not in (None, "local"),
            frozenset(names.get(entity_id, ())),
        )
        for key, in_headline, start, end, mention_type, exact, referent_id, entity_id,
            referent_name, entity_name, origin in found
    }  # fmt: skip
