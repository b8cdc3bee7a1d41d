"""What a merge or a split of entities is: the rows of the ledger, or why it is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipelines import project
from pipelines.entities import Known, Record, records
from pipelines.judgements import NAME, NOT_THE_SAME, REFERENT, SAME, UNSURE, Judgement
from pipelines.normalise.judged import referents_of, split_off_id
from pipelines.normalise.names import LOCAL_PREFIX, entity_key

NEAR = 5
"""Articles and names that a refusal lists."""
REMEMBERED = 16
"""Characters kept of the ids of referents that a split leaves in: enough to tell 10**9 apart."""
_UNDATED = datetime(1, 1, 1, tzinfo=UTC)
"""The ledger sets the time of what it writes."""


class RefusedError(ValueError):
    """A judgement that would change nothing, or contradicts another; the message names the mend."""


def anchor(known: Known, entity_id: str, left_out: Iterable[str] = ()) -> str | None:
    """The referent that finds a local entity again: its earliest, of its own id first."""
    split_off = {split_off_id(row.judgement_id) for row in known.judgements if row.takes_out}
    if not entity_id.startswith(LOCAL_PREFIX) or entity_id in split_off:
        return None
    out = set(left_out)
    rows = [row for row in _referents(known, entity_id) if row["referent_id"] not in out]
    own = [row for row in rows if row["base_id"] == entity_id]
    found = (own or rows or [{"referent_id": None}])[0]["referent_id"]
    return None if found is None else str(found)


def _referents(known: Known, entity_id: str) -> list[Record]:
    return records(
        known.connection,
        project.sql_text("load/entities_referents.sql"),
        {"entity_id": entity_id},
    )


def plan_merge(
    known: Known, names: Sequence[str], *, force: bool = False, unsure: bool = False
) -> list[Judgement]:
    """The rows that make entities one, the first one's id leading; ``unsure``: nobody knows.

    Raises UnknownEntityError, RefusedError.
    """
    ids = list(dict.fromkeys(known.resolve(name) for name in names))
    if len(ids) < 2:
        raise RefusedError(f"{' and '.join(names)} are one already: {ids[0]}")
    types = {entity_id: known.entity(entity_id)["entity_type"] for entity_id in ids}
    if len(set(types.values())) > 1 and not force and not unsure:
        listed = ", ".join(f"{entity_id} is of type {kind}" for entity_id, kind in types.items())
        raise RefusedError(f"{listed}; --force merges them all the same")
    for n, left in enumerate(ids):
        for right in ids[n + 1 :]:
            _refuse_pair(known, left, right, unsure=unsure)
    kind = UNSURE if unsure else SAME
    found_by = anchor(known, ids[0])
    return [_row(known, ids[0], other, found_by, anchor(known, other), kind) for other in ids[1:]]


def _refuse_pair(known: Known, left: str, right: str, *, unsure: bool = False) -> None:
    sets = known.sets
    if sets.root(left) == sets.root(right):
        raise RefusedError(
            f"{left} and {right} are one already{_by(known, left, right, SAME)}, which the next"
            " run applies"
        )
    if sets.are_apart(left, right) and not unsure:
        by = _by(known, left, right, NOT_THE_SAME)
        raise RefusedError(
            f"{left} and {right} were judged not to be the same{by}; to merge them, undo that"
            " first: newsledger entities undo ID"
        )


def _by(known: Known, left: str, right: str, kind: str) -> str:
    """The judgements between two sets, as part of a sentence."""
    sets = known.sets
    roots = {sets.root(left), sets.root(right)}
    found = [
        row
        for row in sets.rows
        if row.judgement == kind
        and {sets.root(sets.left(row)), sets.root(sets.right(row))} <= roots
        and row not in known.judged.set_aside
    ]
    ids = list(dict.fromkeys(f"{row.judgement_id} ({_said(row)})" for row in found))
    return f" by judgement {', '.join(ids)}" if ids else ""


def plan_apart(known: Known, left_name: str, right_name: str) -> list[Judgement]:
    """The row that keeps two entities apart. Raises UnknownEntityError, RefusedError."""
    left, right = known.resolve(left_name), known.resolve(right_name)
    sets = known.sets
    if left == right or sets.root(left) == sets.root(right):
        by = _by(known, left, right, SAME)
        mend = (
            "undo that: newsledger entities undo ID"
            if by
            else "take articles or a name out: newsledger entities split ID --article A"
        )
        raise RefusedError(f"{left_name} and {right_name} are one{by}; {mend}")
    if sets.are_apart(left, right):
        raise RefusedError(
            f"{left} and {right} are kept apart already{_by(known, left, right, NOT_THE_SAME)}"
        )
    anchors = anchor(known, left), anchor(known, right)
    return [_row(known, left, right, *anchors, NOT_THE_SAME)]


def plan_split(
    known: Known, name: str, articles: Sequence[str], names: Sequence[str]
) -> list[Judgement]:
    """The rows that take articles, or what bears a name, out of an entity into a new one.

    Raises UnknownEntityError, RefusedError.
    """
    entity_id = known.resolve(name)
    referents = _referents(known, entity_id)
    chosen: dict[str, str] = {}
    for article in articles:
        chosen |= _of_article(entity_id, referents, article)
    keys, bearers = _of_names(known, entity_id, referents, names)
    taken = chosen.keys() | bearers
    stayed = [row["referent_id"] for row in referents if row["referent_id"] not in taken]
    if not stayed:
        raise RefusedError(f"that is all of {entity_id}: nothing would be left in it")
    left_in = tuple(sorted(referent[:REMEMBERED] for referent in stayed))
    rights: list[tuple[str, str | None]] = [
        (REFERENT + referent, article) for referent, article in sorted(chosen.items())
    ]
    rights += [(NAME + key, None) for key in keys]
    # What finds the entity again is what stays in it.
    found_by = anchor(known, entity_id, left_out=taken)
    rows = [_row(known, entity_id, right, found_by, found, NOT_THE_SAME) for right, found in rights]
    # One line of the ledger says what was left in.
    return [replace(rows[0], stayed=left_in), *rows[1:]]


def _of_article(entity_id: str, referents: Sequence[Record], article: str) -> dict[str, str]:
    """The entity's referents in one article, by an id or the beginning of one -> its id."""
    found = {
        row["referent_id"]: row["article_id"]
        for row in referents
        if row["article_id"].startswith(article.strip().lower())
    }
    articles = sorted(set(found.values()))
    if len(articles) > 1:
        raise RefusedError(f"{article!r} may be any of {', '.join(articles)}: give more of it")
    if not articles or not article.strip():
        listed = ", ".join(sorted({row["article_id"] for row in referents})[:NEAR])
        raise RefusedError(f"article {article} does not name {entity_id}; {listed} do")
    return found


def _of_names(
    known: Known, entity_id: str, referents: Sequence[Record], names: Sequence[str]
) -> tuple[list[str], set[str]]:
    """Keys ``<type>|<key>`` of printed names, and the referents that bear them."""
    if not names:
        return [], set()
    mine = {row["referent_id"] for row in referents}
    bases = sorted({row["base_id"] for row in referents})
    named = [n for n in referents_of(known.connection, bases) if n.referent_id in mine]
    keys: list[str] = []
    for name in names:
        wanted = {
            key
            for n in named
            for key in n.keys
            if key.partition("|")[2] == entity_key(key.partition("|")[0], name)
        }
        if not wanted:
            shown = Counter(n.printed for n in named if n.printed)
            listed = ", ".join(repr(p) for p, _ in shown.most_common(NEAR))
            raise RefusedError(
                f"in no article {name!r} is the fullest name of {entity_id}; those are"
                f" {listed}. --article takes out single articles"
            )
        keys += sorted(wanted)
    keys = list(dict.fromkeys(keys))
    return keys, {n.referent_id for n in named if n.keys & set(keys)}


def _said(row: Judgement) -> str:
    by = f" by {row.user}" if row.user else ""
    why = f": {row.reason}" if row.reason else ""
    return f"{row.created_at:%Y-%m-%d}{by}{why}"


def _row(
    known: Known,
    left: str,
    right: str,
    left_anchor: str | None,
    right_anchor: str | None,
    judgement: str,
) -> Judgement:
    names = known.names((left, right))
    return Judgement(
        judgement_id="",
        left_id=left,
        right_id=right,
        judgement=judgement,
        created_at=_UNDATED,
        left_anchor=left_anchor,
        right_anchor=right_anchor,
        left_name=names.get(left),
        right_name=names.get(right),
    )
