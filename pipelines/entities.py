"""Entities as the snapshot and the ledger have them: found, described, with what was judged.

Reads the published snapshot alone. Records in, records out; ``entities_view`` shows them, and
``judging`` says what a judgement about them is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.judgements import REFERENT, Judgement
from pipelines.normalise.judged import Judged, judge, split_off_id
from pipelines.normalise.names import LOCAL_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

Record = dict[str, Any]

NEAR = 5
"""Entities named where an id is not known."""
SHORTEST_ID = 4
"""Characters that an abbreviated id has at least."""


class UnknownEntityError(LookupError):
    """No entity, or several, go by that id; the message lists what is near."""


@dataclass(frozen=True, slots=True)
class Description:
    """What is stored about one entity."""

    entity: Record
    """Its row of ``entities`` with ``mentions`` and ``articles``."""
    names: list[Record] = field(default_factory=list)
    offices: list[Record] = field(default_factory=list)
    roles: list[Record] = field(default_factory=list)
    """What articles print it as: ``role_text``, ``role_is_former``, ``mentions``."""
    articles: list[Record] = field(default_factory=list)
    beside: list[Record] = field(default_factory=list)
    referents: list[Record] = field(default_factory=list)
    """Why it is meant: ``reason``, ``base_id``, ``articles``."""
    open_names: list[Record] = field(default_factory=list)
    """Names that were left open and may be it."""
    redirects: list[Record] = field(default_factory=list)
    judgements: list[Record] = field(default_factory=list)


class Known:
    """A snapshot and the ledger's judgements, those that wait for the next run among them."""

    def __init__(self, connection: DuckDBPyConnection, judgements: Sequence[Judgement]) -> None:
        """Read what judgements mean for the snapshot."""
        self.connection = connection
        self.judgements = list(judgements)
        self.judged: Judged = judge(connection, judgements)
        self.sets = self.judged.sets

    def resolve(self, name: str) -> str:
        """The present id of an entity by an id, also one of before, or the beginning of one.

        Raises UnknownEntityError.
        """
        name = name.strip()
        rows = self.connection.execute(
            "SELECT any_id, entity_id FROM entity_ids"
            " WHERE any_id = $name OR starts_with(any_id, $name)"
            " OR starts_with(any_id, $local || $name) ORDER BY any_id",
            {"name": name, "local": LOCAL_PREFIX},
        ).fetchall()
        exact = [entity_id for any_id, entity_id in rows if any_id == name]
        if exact:
            return str(exact[0])
        short = len(name.removeprefix(LOCAL_PREFIX)) < SHORTEST_ID
        found = sorted({entity_id for _, entity_id in rows})
        if len(found) == 1 and not short:
            return str(found[0])
        for row in self.judgements:
            if row.takes_out and split_off_id(row.judgement_id).startswith(name) and not short:
                raise UnknownEntityError(
                    f"{name} is what judgement {row.judgement_id} takes out; it is there after the"
                    " next run (newsledger run)"
                )
        raise UnknownEntityError(self._unknown(name, found))

    def _unknown(self, name: str, found: list[str]) -> str:
        if len(found) > 1:
            rows = records(
                self.connection,
                "SELECT entity_id, name, entity_type FROM entities"
                " WHERE list_contains($ids, entity_id) ORDER BY entity_id",
                {"ids": found[: NEAR * 2]},
            )
            return f"{name!r} may be any of {len(found)}; give more of the id:\n{_listed(rows)}"
        rows = search(self.connection, name, limit=NEAR) or records(
            self.connection,
            "SELECT entity_id, name, entity_type FROM entities"
            " WHERE jaro_winkler_similarity(entity_id, $name) > 0.9"
            " ORDER BY jaro_winkler_similarity(entity_id, $name) DESC, entity_id",
            {"name": name},
            NEAR,
        )
        near = f"; near it:\n{_listed(rows)}" if rows else ""
        return (
            f"no entity has the id {name!r}{near or ': newsledger entities search NAME finds it'}"
        )

    def entity(self, entity_id: str) -> Record:
        """The row of ``entities``."""
        (row,) = records(
            self.connection, "SELECT * FROM entities WHERE entity_id = $id", {"id": entity_id}
        )
        return row

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """The names of entities, by id; ids that are none, or no longer, are left out."""
        rows = self.connection.execute(
            "SELECT entity_id, name FROM entities WHERE list_contains($ids, entity_id)",
            {"ids": list(ids)},
        ).fetchall()
        return dict(rows)

    def states(self) -> dict[Judgement, str]:
        """What became of each row of the ledger: ``in force``, ``undone``, ``set aside`` or waits.

        A row, or the undoing of one, waits where the snapshot was published before it.
        """
        stored = {
            tuple(row)
            for row in self.connection.execute(
                "SELECT judgement_id, left_id, right_id, deleted_at IS NOT NULL"
                " FROM entity_judgements"
            ).fetchall()
        }
        states = {}
        for row in self.judgements:
            gone = row.deleted_at is not None
            if (row.judgement_id, row.left_id, row.right_id, gone) not in stored:
                states[row] = "undone, waits for the next run" if gone else "waits for the next run"
            elif gone:
                states[row] = "undone"
            else:
                states[row] = "set aside" if row in self.judged.set_aside else "in force"
        return states

    def describe(self, name: str, limit: int = 10) -> Description:
        """Everything about one entity, lists cut at ``limit``. Raises UnknownEntityError."""
        entity_id = self.resolve(name)
        key = {"entity_id": entity_id}

        def rows(file: str) -> list[Record]:
            sql = project.sql_text(f"load/entities_{file}.sql")
            return records(self.connection, sql, key, limit)

        return Description(
            entity=_counted(self.connection, self.entity(entity_id)),
            names=rows("names"),
            offices=records(
                self.connection,
                "SELECT * EXCLUDE (entity_id) FROM entity_offices WHERE entity_id = $entity_id"
                " ORDER BY since DESC NULLS LAST, office",
                key,
                limit,
            ),
            roles=rows("roles"),
            articles=rows("articles"),
            beside=rows("beside"),
            referents=rows("reasons"),
            open_names=rows("open"),
            redirects=records(
                self.connection,
                "SELECT old_id, reason, since FROM entity_redirects WHERE entity_id = $entity_id"
                " ORDER BY since, old_id",
                key,
            ),
            judgements=self._concerning(entity_id),
        )

    def _concerning(self, entity_id: str) -> list[Record]:
        ids = [i for row in self.judgements for i in (row.left_id, row.right_id)]
        ids += [split_off_id(row.judgement_id) for row in self.judgements if row.takes_out]
        present = dict(
            self.connection.execute(
                "SELECT any_id, entity_id FROM entity_ids WHERE list_contains($ids, any_id)",
                {"ids": ids},
            ).fetchall()
        )
        found = []
        for row, state in self.states().items():
            right = split_off_id(row.judgement_id) if row.takes_out else row.right_id
            if entity_id in {present.get(row.left_id, row.left_id), present.get(right, right)}:
                found.append((row, state))
        return self.judgement_records(found)

    def judgement_records(self, rows: Iterable[tuple[Judgement, str]]) -> list[Record]:
        """Rows of the ledger as shown, each with what became of it and the names of its sides."""
        listed = list(rows)
        ids = [i for row, _ in listed for i in (row.left_id, row.right_id)]
        names = self.names(ids)
        return [_judgement_record(row, state, names) for row, state in listed]


def search(
    connection: DuckDBPyConnection, text: str, kind: str | None = None, limit: int = 20
) -> list[Record]:
    """Entities by name, alias or id, the best match and the most mentioned first."""
    sql = project.sql_text("load/entities_search.sql")
    return records(connection, sql, {"needle": text.strip(), "kind": kind}, limit)


def _judgement_record(row: Judgement, state: str, names: Mapping[str, str]) -> Record:
    return {
        "judgement_id": row.judgement_id,
        "judgement": row.judgement,
        "left_id": row.left_id,
        "left_name": row.left_name or names.get(row.left_id),
        "right_id": row.right_id,
        "right_name": row.right_name or names.get(row.right_id),
        "article_id": row.right_anchor if row.right_id.startswith(REFERENT) else None,
        "split_off_id": split_off_id(row.judgement_id) if row.takes_out else None,
        "created_at": row.created_at,
        "deleted_at": row.deleted_at,
        "user": row.user,
        "reason": row.reason,
        "state": state,
    }


def records(
    connection: DuckDBPyConnection, sql: str, parameters: Record, limit: int | None = None
) -> list[Record]:
    """A query's rows as mappings, at most ``limit``."""
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall() if limit is None else cursor.fetchmany(limit)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _counted(connection: DuckDBPyConnection, entity: Record) -> Record:
    (counts,) = records(
        connection,
        "SELECT count(*) AS mentions, count(DISTINCT article_id) AS articles FROM mentions"
        " WHERE entity_id = $id",
        {"id": entity["entity_id"]},
    )
    return entity | counts


def _listed(rows: Iterable[Record]) -> str:
    from pipelines.printable import printable

    return "\n".join(
        f"  {row['entity_id']}  {printable(row['name'])} ({row['entity_type']})" for row in rows
    )
