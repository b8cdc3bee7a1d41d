"""People's judgements as they bear on what is stored: what is merged, moved, kept apart.

A judgement names ids as they were when somebody judged. A local id may change as articles come, so
it is found again through its anchor: the first article that named the entity then. Everything here
is a function of the judgements in force and of what is stored, so an undone judgement leaves no
trace, and a warehouse built anew from the archive ends with the same entities.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.judgements import NAME, NOT_THE_SAME, REFERENT, SAME, Judgement
from pipelines.normalise.names import LOCAL_PREFIX, entity_key
from pipelines.warehouse.rows import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

logger = logging.getLogger(__name__)

_WIKIDATA = re.compile(r"Q[1-9]\d*")
_COLUMNS = (
    "judgement_id", "left_id", "right_id", "judgement", "score", "user", "reason", "created_at",
    "deleted_at", "left_anchor", "right_anchor",
)  # fmt: skip
"""The columns of ``entity_judgements``."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What judgements say of ids and referents."""

    merged: Mapping[str, str] = field(default_factory=dict)
    """base_id -> the entity_id that it is one with, through any number of merges."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """referent_id -> the entity_id that it was split off to."""
    set_aside: tuple[Judgement, ...] = ()
    """Rows that a later judgement contradicts."""
    sets: Sets = field(default_factory=lambda: Sets((), {}))
    """What is one and what is not, for who wants to ask further."""


@dataclass(frozen=True, slots=True)
class Named:
    """One referent that judgements may move."""

    referent_id: str
    article_id: str
    base_id: str
    keys: frozenset[str] = frozenset()
    """``<type>|<key>`` of its fullest form in the article."""
    context: frozenset[str] = frozenset()
    printed: str | None = None
    """That form, as printed."""


def split_off_id(judgement_id: str) -> str:
    """The entity that a judgement takes something out to: stable for as long as it is in force."""
    digest = hashlib.sha256(f"split|{judgement_id}".encode()).hexdigest()
    return f"{LOCAL_PREFIX}{digest[:16]}"


def note_judgements(connection: DuckDBPyConnection, judgements: Iterable[Judgement]) -> None:
    """Replaces ``entity_judgements`` by the ledger's content, within the caller's transaction.

    The local names that a new, changed or undone judgement bears on are compared again: they go
    into ``ops.unassigned``.
    """
    rows = {tuple(getattr(row, name) for name in _COLUMNS) for row in judgements}
    listed = ", ".join(f'"{name}"' for name in _COLUMNS)
    stored = set(
        connection.execute(f"SELECT {listed} FROM entity_judgements").fetchall()  # noqa: S608
    )
    if rows == stored:
        return
    ids: dict[tuple[str, str | None], None] = {}
    for row in sorted(rows ^ stored, key=repr):
        record = dict(zip(_COLUMNS, row, strict=True))
        ids[record["left_id"], record["left_anchor"]] = None
        ids[record["right_id"], record["right_anchor"]] = None
    connection.execute("DELETE FROM entity_judgements")
    ordered = sorted(rows, key=lambda row: (row[_COLUMNS.index("created_at")], row[:3]))
    insert_rows(
        connection,
        "entity_judgements",
        [dict(zip(_COLUMNS, row, strict=True)) for row in ordered],
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE rejudged (any_id VARCHAR, anchor VARCHAR)")
    insert_rows(
        connection, "rejudged", [{"any_id": any_id, "anchor": anchor} for any_id, anchor in ids]
    )
    connection.execute(project.sql_text("load/entities_rejudged.sql"))


def kept_apart(judgements: Iterable[Judgement]) -> tuple[frozenset[str], ...]:
    """Pairs of referents that are not one thing: what compares articles must not join them.

    Only local entities are compared, and those have anchors.
    """
    return tuple(
        frozenset({row.left_anchor, row.right_anchor})
        for row in in_force(judgements)
        if row.judgement == NOT_THE_SAME and not row.takes_out
        if row.left_anchor and row.right_anchor
    )


def in_force(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Those that are not undone, oldest first."""
    return sorted((row for row in judgements if row.deleted_at is None), key=lambda row: row.order)


class Sets:
    """Ids that are one, and sets of them that are not; of contradictions the latest counts."""

    def __init__(self, judgements: Iterable[Judgement], bases: Mapping[str, str]) -> None:
        """Work through judgements.

        ``bases``: the present base_id of each anchor's referent.
        """
        self._bases = bases
        self.rows = in_force(judgements)
        self._split_off = {split_off_id(row.judgement_id) for row in self.rows if row.takes_out}
        self.set_aside: list[Judgement] = []
        self._parents: dict[str, str] = {}
        self._apart: dict[str, set[str]] = {}
        self._joined: list[Judgement] = []
        for row in reversed(self.rows):
            self._take(row)
        self.set_aside.reverse()
        self._joined.reverse()
        self._ranks = self._ranked()
        self._leads: dict[str, str] = {}
        for node in sorted(self._ranks, key=self._ranks.__getitem__):
            self._leads.setdefault(self.root(node), node)

    def left(self, row: Judgement) -> str:
        """The present id of what a row's ``left_id`` meant."""
        return self._present(row.left_id, row.left_anchor)

    def right(self, row: Judgement) -> str:
        """The same for ``right_id``; what is taken out is the entity that it becomes."""
        if row.takes_out:
            return split_off_id(row.judgement_id)
        return self._present(row.right_id, row.right_anchor)

    def root(self, node: str) -> str:
        """One id for all that are one; not the id that is shown."""
        return _root(self._parents, node)

    def lead(self, node: str) -> str:
        """The id that all that are one with ``node`` bear.

        A Wikidata id before another known one, that before a local one; else the one that was
        judged first, of a pair the left one. So a further merge changes it only for a better kind.
        """
        return self._leads.get(self.root(node), node)

    def nodes(self) -> list[str]:
        """Every id that a judgement in force bears on, as it is now."""
        return sorted(self._ranks)

    def are_apart(self, left: str, right: str) -> bool:
        """True where somebody judged that what these are one with is not the same."""
        return self.root(right) in self._apart.get(self.root(left), ())

    def before(self, row: Judgement) -> Mapping[str, str]:
        """The union-find of what was one when ``row`` was judged, by the merges in force."""
        parents: dict[str, str] = {}
        for joined in self._joined:
            if joined.order < row.order:
                _join(parents, self.left(joined), self.right(joined))
        return parents

    def _present(self, any_id: str, anchor: str | None) -> str:
        if anchor is None or not any_id.startswith(LOCAL_PREFIX) or any_id in self._split_off:
            return any_id
        return self._bases.get(anchor, any_id)

    def _take(self, row: Judgement) -> None:
        if row.judgement not in (SAME, NOT_THE_SAME):
            return
        left, right = self.root(self.left(row)), self.root(self.right(row))
        if row.judgement == NOT_THE_SAME:
            if left == right:
                self.set_aside.append(row)
            else:
                self._apart.setdefault(left, set()).add(right)
                self._apart.setdefault(right, set()).add(left)
        elif right in self._apart.get(left, ()):
            self.set_aside.append(row)
        else:
            self._joined.append(row)
            if left != right:
                self._join_sets(left, right)

    def _join_sets(self, left: str, right: str) -> None:
        _join(self._parents, left, right)
        lead, other = (left, right) if self.root(left) == left else (right, left)
        for enemy in self._apart.pop(other, set()):
            self._apart[enemy].discard(other)
            self._apart[enemy].add(lead)
            self._apart.setdefault(lead, set()).add(enemy)

    def _ranked(self) -> dict[str, tuple[int, int, int]]:
        ranks: dict[str, tuple[int, int, int]] = {}
        first = {row.judgement_id: n for n, row in reversed(list(enumerate(self.rows)))}
        for number, row in enumerate(self.rows):
            if row.judgement not in (SAME, NOT_THE_SAME):
                continue
            for side, node in enumerate((self.left(row), self.right(row))):
                # Rows of one decision are of one time: what it named first leads them all.
                rank = (_kind(node), first[row.judgement_id], side * (number + 1))
                ranks[node] = min(rank, ranks.get(node, rank))
        return ranks


def _kind(any_id: str) -> int:
    if _WIKIDATA.fullmatch(any_id):
        return 0
    return 2 if any_id.startswith(LOCAL_PREFIX) else 1


def _root(parents: Mapping[str, str], node: str) -> str:
    while (parent := parents.get(node, node)) != node:
        node = parent
    return node


def _join(parents: dict[str, str], left: str, right: str) -> None:
    """Joins two sets; the root is the lesser id, so that it does not depend on the order."""
    left, right = _root(parents, left), _root(parents, right)
    if left != right:
        parents[max(left, right)] = min(left, right)


def merged_ids(sets: Sets) -> dict[str, str]:
    """Each id that is one with another -> the id that they bear."""
    leads = {node: sets.lead(node) for node in sets.nodes()}
    return {node: lead for node, lead in leads.items() if node != lead}


def moved_referents(sets: Sets, referents: Sequence[Named]) -> dict[str, str]:
    """What splits in force take out: referent_id -> entity_id.

    Each split works on what the ones before it left. It takes from the entity, as it was one when
    it was judged, the referents named, those that bear the name, and of those that came later the
    ones that share more signals with an average referent taken out than with one that stayed.
    """
    place = {named.referent_id: named.base_id for named in referents}
    for split in _splits(sets):
        parents = sets.before(split[0])
        scope = _root(parents, sets.left(split[0]))
        inside = [n for n in referents if _root(parents, place[n.referent_id]) == scope]
        taken = _taken(split, inside)
        stayed = _stayed(split, inside, taken)
        signals = [
            Counter(s for n in inside if n.referent_id in part for s in n.context)
            for part in (taken, stayed)
        ]
        for named in inside:
            if named.referent_id in taken or (
                named.referent_id not in stayed
                and _closer(named, signals[0], len(taken), signals[1], len(stayed))
            ):
                place[named.referent_id] = split_off_id(split[0].judgement_id)
    moved = {}
    for named in referents:
        entity_id = sets.lead(place[named.referent_id])
        if place[named.referent_id] != named.base_id and entity_id != sets.lead(named.base_id):
            moved[named.referent_id] = entity_id
    return moved


def _splits(sets: Sets) -> list[list[Judgement]]:
    """The rows of each decision that takes something out of one entity, oldest first."""
    splits: dict[tuple[str, str], list[Judgement]] = {}
    for row in sets.rows:
        if row.takes_out and row not in sets.set_aside:
            splits.setdefault((row.judgement_id, row.left_id), []).append(row)
    return list(splits.values())


def _taken(split: Sequence[Judgement], inside: Sequence[Named]) -> set[str]:
    """What a split names: a referent whose id is no longer there means its article."""
    there = {named.referent_id for named in inside}
    ids = {r.right_id.removeprefix(REFERENT) for r in split if r.right_id.startswith(REFERENT)}
    articles = {
        row.right_anchor
        for row in split
        if row.right_id.startswith(REFERENT) and row.right_id.removeprefix(REFERENT) not in there
    }
    keys = {row.right_id.removeprefix(NAME) for row in split if row.right_id.startswith(NAME)}
    return {
        named.referent_id
        for named in inside
        if named.referent_id in ids or named.article_id in articles or named.keys & keys
    }


def _stayed(
    split: Sequence[Judgement], inside: Sequence[Named], taken: Collection[str]
) -> set[str]:
    beginnings = {part for row in split for part in row.stayed}
    lengths = {len(part) for part in beginnings}
    return {
        named.referent_id
        for named in inside
        if named.referent_id not in taken
        and any(named.referent_id[:length] in beginnings for length in lengths)
    }


def _closer(
    named: Named, with_members: Counter[str], members: int, with_others: Counter[str], others: int
) -> bool:
    """True where it shares more signals with the average member than with the average other.

    The average, not the sum: of a name's two bearers one is usually in most of the articles, and
    everything that is often in the news stands beside him somewhere.
    """
    shared = sum(with_members[signal] for signal in named.context)
    elsewhere = sum(with_others[signal] for signal in named.context)
    return shared * max(1, others) > elsewhere * max(1, members)


def judge(connection: DuckDBPyConnection, judgements: Iterable[Judgement]) -> Judged:
    """What follows from judgements for what is stored; reads only.

    ``article_entities.base_id`` says what articles alone show, and must be up to date.
    """
    rows = in_force(judgements)
    if not rows:
        return Judged()
    sets = Sets(rows, _bases(connection, rows))
    moved = moved_referents(sets, _in_scope(connection, sets))
    return Judged(merged_ids(sets), moved, tuple(sets.set_aside), sets)


def warn_of_contradictions(judged: Judged) -> None:
    """Logs each row that a later one contradicts."""
    for row in judged.set_aside:
        logger.warning(
            "judgement %s (%s, %s is %s) is set aside: later judgements say otherwise",
            row.judgement_id, row.left_id, row.right_id, row.judgement,
        )  # fmt: skip


def _bases(connection: DuckDBPyConnection, rows: Sequence[Judgement]) -> dict[str, str]:
    anchors = sorted({a for row in rows for a in (row.left_anchor, row.right_anchor) if a})
    found = connection.execute(
        "SELECT referent_id, min(base_id) FROM article_entities"
        " WHERE list_contains($anchors, referent_id) AND base_id IS NOT NULL GROUP BY referent_id",
        {"anchors": anchors},
    ).fetchall()
    return dict(found)


def _in_scope(connection: DuckDBPyConnection, sets: Sets) -> list[Named]:
    """The referents that splits in force may move."""
    roots = {sets.root(sets.left(row)) for row in sets.rows if row.takes_out}
    bases = [node for node in sets.nodes() if sets.root(node) in roots]
    return list(referents_of(connection, bases)) if bases else []


def referents_of(connection: DuckDBPyConnection, bases: Sequence[str]) -> Iterator[Named]:
    """The referents of entities as articles alone show them, by ``base_id``."""
    rows: list[Any] = connection.execute(
        project.sql_text("load/entities_in_scope.sql"), {"bases": list(bases)}
    ).fetchall()
    for referent_id, article_id, kind, base_id, name_key, context, exact in rows:
        keys = {name_key, entity_key(kind, exact) if exact else None} - {None}
        yield Named(
            referent_id,
            article_id,
            base_id,
            frozenset(f"{kind}|{key}" for key in keys),
            frozenset(context or ()),
            exact,
        )
