"""Referents -> entities: articles compared, people's judgements applied, the tables derived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.normalise.clusters import Appearance, cluster
from pipelines.normalise.judged import (
    judge,
    kept_apart,
    note_judgements,
    warn_of_contradictions,
)
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from duckdb import DuckDBPyConnection

    from pipelines.judgements import Judgement
    from pipelines.normalise.catalogue import Catalogue
    from pipelines.normalise.records import Entity


def assign(
    connection: DuckDBPyConnection,
    catalogue: Callable[[], Catalogue],
    judgements: Iterable[Judgement],
    *,
    run_id: str,
) -> int:
    """Gives every referent its entity and derives what follows. Within the caller's transaction.

    Compares local names that came or went since the last time with all that may be one with them;
    the result is a function of what is stored, whatever the order in which it came. Returns the
    number of referents whose entity changed. ``catalogue`` is asked for only where one did.
    """
    connection.execute("SET VARIABLE run_id = ?", [run_id])
    judgements = tuple(judgements)
    note_judgements(connection, judgements)
    connection.execute(project.sql_text("load/alike_names.sql"))
    rows = connection.execute(project.sql_text("load/appearances.sql")).fetchall()
    appearances = [
        Appearance(key, kind, name, frozenset(context), seen_at)
        for key, kind, name, context, seen_at in rows
    ]
    _fill(connection, "clustered", "base_id", cluster(appearances, kept_apart(judgements)))
    connection.execute(project.sql_text("load/entities_base.sql"))
    judged = judge(connection, judgements)
    warn_of_contradictions(judged)
    _fill(connection, "merged", "entity_id", judged.merged)
    _fill(connection, "moved", "entity_id", judged.moved)
    connection.execute(project.sql_text("load/assign_entities.sql"))
    _describe(connection, catalogue)
    changed = connection.execute("SELECT count(*) FROM changed").fetchone()
    return int(changed[0]) if changed else 0


def _fill(
    connection: DuckDBPyConnection, table: str, value: str, mapping: Mapping[str, str]
) -> None:
    key = "base_id" if table == "merged" else "referent_id"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({key} VARCHAR, {value} VARCHAR)")
    insert_rows(connection, table, [{key: k, value: v} for k, v in sorted(mapping.items())])


def _describe(connection: DuckDBPyConnection, catalogue: Callable[[], Catalogue]) -> None:
    """Entities, their names, offices and redirects, for what was touched."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE known AS
            SELECT * EXCLUDE (first_seen, last_seen) FROM entities LIMIT 0;
        CREATE OR REPLACE TEMP TABLE known_names AS
            SELECT * EXCLUDE (origin) FROM entity_names LIMIT 0;
        CREATE OR REPLACE TEMP TABLE known_offices AS SELECT * FROM entity_offices LIMIT 0;
        """
    )
    ids = [row[0] for row in connection.execute("SELECT entity_id FROM touched").fetchall()]
    entities: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    offices: list[dict[str, Any]] = []
    if ids:
        # It takes a second to open, which a run with nothing new need not pay.
        things = catalogue()
        for entity_id in sorted(ids):
            entity = things.entity(entity_id)
            if entity is not None:
                entities.append(_entity_row(entity))
                names += _name_rows(things, entity)
                offices += _office_rows(things, entity_id)
    insert_rows(connection, "known", entities)
    insert_rows(connection, "known_names", names)
    insert_rows(connection, "known_offices", offices)
    connection.execute(project.sql_text("load/describe_entities.sql"))


def _entity_row(entity: Entity) -> dict[str, Any]:
    return {
        "entity_id": entity.entity_id,
        "entity_type": entity.entity_type,
        "name": entity.name,
        "country": entity.country,
        "wikidata_id": entity.wikidata_id,
        "origin": entity.origin,
    }


def _name_rows(catalogue: Catalogue, entity: Entity) -> list[dict[str, Any]]:
    known = catalogue.get(entity.entity_id)
    if known is None:
        return [{"entity_id": entity.entity_id, "name": entity.name, "name_kind": "name"}]
    kinds = dict.fromkeys(known.weak_aliases, "weak_alias")
    kinds |= dict.fromkeys(known.aliases, "alias")
    kinds[known.name] = "name"
    return [
        {"entity_id": known.entity_id, "name": name, "name_kind": kind}
        for name, kind in kinds.items()
    ]


def _office_rows(catalogue: Catalogue, entity_id: str) -> list[dict[str, Any]]:
    known = catalogue.get(entity_id)
    return [
        {
            "entity_id": entity_id,
            "office": held.office,
            "title": held.title,
            "country": held.country,
            "since": held.since,
            "until": held.until,
        }
        for held in (known.offices if known else ())
    ]
