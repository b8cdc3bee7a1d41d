"""Which pairs of entities are most worth a look: they may be one, and many mentions hang on it.

Looked at are names that are alike though articles did not show one thing, names that stand for two
types, and names that were left open between two known entities. What somebody judged already, or
was unsure of, is not offered again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING

from pipelines import project
from pipelines.entities import Known, Record, records
from pipelines.judgements import UNSURE
from pipelines.normalise.clusters import Appearance, blocks, reasons, score
from pipelines.normalise.names import LOCAL_PREFIX, entity_key, fold_name

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_ENTITIES = 50_000
"""Entities that are compared, the most mentioned: a pair is worth as much as its rarer side."""
LARGEST_BLOCK = 50
"""Names that share a block are compared where they are at most so many; more is a common name."""
WEIGHED = 5
"""Pairs whose contexts are compared, for each one that is offered."""
NEARLY_ALIKE = 0.87
"""Least likeness (difflib's ratio) of names that may be two spellings: Sergei, Sergey."""
MOST_REASONS = 5
"""Reasons of one pair that are shown, the most telling."""
SHORTEST_ACRONYM = 3
"""Letters: two stand for too many things."""
ENOUGH_IN_COMMON = 3
"""Shared signals that double what a pair is worth; more add nothing."""

# How much each kind of likeness leaves in doubt, by judgement: no labelled pairs exist yet.
SAME_NAME, OTHER_TYPE, LEFT_OPEN = 1.0, 0.9, 0.8
CONTAINED, INITIALS, ACRONYM, SPELLED = 0.6, 0.6, 0.6, 0.5


@dataclass(frozen=True, slots=True)
class Side:
    """One entity of a pair."""

    entity_id: str
    name: str
    entity_type: str
    country: str | None
    mentions: int
    example: str = ""
    """A place of an article that names it, with words around."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entities that may be one."""

    left: Side
    """The one whose id would stay."""
    right: Side
    reasons: tuple[str, ...]
    worth: float
    """Doubt, 0 to 2, times the mentions that hang on it."""
    merge_command: str
    apart_command: str
    unsure_command: str


@dataclass(slots=True)
class _Found:
    doubt: float = 0.0
    reasons: dict[str, None] = field(default_factory=dict)
    mentions: int = 0


def offered_pairs(
    known: Known, kind: str | None = None, limit: int = 10, *, unsure: bool = False
) -> list[Pair]:
    """The pairs most worth a look, the best first. ``unsure``: with those that were left unsure."""
    rows = records(
        known.connection, project.sql_text("load/review_names.sql"), {"kind": kind}, MOST_ENTITIES
    )
    entities = {row["entity_id"]: row for row in rows}
    found: dict[tuple[str, str], _Found] = defaultdict(_Found)
    for left, right, doubt, reason in _alike(rows):
        _note(found, entities, left, right, doubt, reason)
    for left, right, mentions, reason in _left_open(known.connection, kind, entities):
        _note(found, entities, left, right, LEFT_OPEN, reason, mentions)
    silent = _unsure_sets(known) if not unsure else set()
    ranked = sorted(
        (pair for pair in found if not _is_judged(known, pair, silent)),
        key=lambda pair: (-found[pair].doubt * found[pair].mentions, pair),
    )[: limit * WEIGHED]
    _weigh(known.connection, ranked, found, entities)
    ranked.sort(key=lambda pair: (-found[pair].doubt * found[pair].mentions, pair))
    return _shown(known.connection, ranked[:limit], found, entities)


def _note(
    found: dict[tuple[str, str], _Found],
    entities: dict[str, Record],
    left: str,
    right: str,
    doubt: float,
    reason: str,
    mentions: int = 0,
) -> None:
    one = found[min(left, right), max(left, right)]
    one.doubt = max(one.doubt, doubt)
    one.reasons[reason] = None
    at_stake = min(entities[left]["mentions"], entities[right]["mentions"])
    one.mentions = max(one.mentions, at_stake, mentions)


def _alike(rows: Sequence[Record]) -> Iterator[tuple[str, str, float, str]]:
    """Pairs with names alike: ids, doubt, reason. Two known ones differ: somebody listed both."""
    by_block: dict[str, dict[str, Record]] = defaultdict(dict)
    for row in rows:
        for block in _blocks(row):
            by_block[block][row["entity_id"]] = row
    seen = set()
    for sharing in by_block.values():
        if len(sharing) > LARGEST_BLOCK:
            continue
        for left, right in combinations(sharing.values(), 2):
            pair = frozenset((left["entity_id"], right["entity_id"]))
            local = any(any_id.startswith(LOCAL_PREFIX) for any_id in pair)
            if local and pair not in seen:
                seen.add(pair)
                doubt, reason = likeness(left, right)
                if doubt:
                    yield left["entity_id"], right["entity_id"], doubt, reason


def _blocks(row: Record) -> set[str]:
    """Keys of which two entities share one where they are compared."""
    kind: str = row["entity_type"]
    keys: set[str] = set()
    for name in (row["name"], *row["names"]):
        keys.update(blocks(kind, name))
        words = fold_name(name).split()
        if not words:
            continue
        keys.add(f"={entity_key(kind, name)}")
        if len(words) > 1:
            keys.update((f"<{words[0]} {words[1][0]}", f">{words[-1]} {words[0][0]}"))
            keys.add(f"={_initials(words)}")
    return keys


def likeness(left: Record, right: Record) -> tuple[float, str]:
    """How much doubt the names of two entities leave, 0 to 1, and why; 0: they are not alike.

    ``left``, ``right``: ``entity_type``, ``name``, ``names``.
    """
    keys = [
        {entity_key(row["entity_type"], name) for name in (row["name"], *row["names"])}
        for row in (left, right)
    ]
    kinds = left["entity_type"], right["entity_type"]
    if keys[0] & keys[1]:
        if kinds[0] == kinds[1]:
            return SAME_NAME, "the same name, but articles do not show that they are one"
        return OTHER_TYPE, f"the same name, read as {kinds[0]} and as {kinds[1]}"
    best = (0.0, "")
    for one in sorted(keys[0]):
        for other in sorted(keys[1]):
            best = max(best, _likeness("person" in kinds, one, other))
    if best[0] and kinds[0] != kinds[1]:
        return OTHER_TYPE * best[0], f"{best[1]}; read as {kinds[0]} and as {kinds[1]}"
    return best


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)


def _likeness(are_people: bool, one: str, other: str) -> tuple[float, str]:
    short, long = sorted((one.split(), other.split()), key=len)
    if len(short) == 1 and len(short[0]) >= SHORTEST_ACRONYM and short[0] == _initials(long):
        return ACRONYM, "one name may be the other's initials"
    if len(short) < 2:
        return 0.0, ""
    if sorted(short) == sorted(long):
        return SAME_NAME, "the same words in another order"
    # A word more is a middle name or "Group"; two make another thing of it: a sea, its monitor.
    held = set(short) <= set(long) and len(long) == len(short) + 1
    if held and (not are_people or short[0] == long[0]):
        return CONTAINED, "one name holds the other"
    fits = short[-1] == long[-1] and short[0][0] == long[0][0]
    if are_people and fits and 1 in (len(short[0]), len(long[0])):
        return INITIALS, "the same surname, and an initial that fits"
    ratio = SequenceMatcher(None, " ".join(short), " ".join(long), autojunk=False).ratio()
    if ratio >= NEARLY_ALIKE:
        return SPELLED * ratio, "spelled nearly alike"
    return 0.0, ""


def _left_open(
    connection: DuckDBPyConnection, kind: str | None, entities: dict[str, Record]
) -> Iterator[tuple[str, str, int, str]]:
    """Pairs of known entities between which a name was left open: ids, mentions, reason."""
    for row in records(connection, project.sql_text("load/review_open.sql"), {"kind": kind}):
        there = [any_id for any_id in row["candidates"] if any_id in entities]
        articles = f"{row['articles']:,} article" + ("" if row["articles"] == 1 else "s")
        for left, right in combinations(there, 2):
            reason = f"{row['name']!r} is left open between them in {articles}"
            yield left, right, row["mentions"], reason


def _is_judged(known: Known, pair: tuple[str, str], silent: set[frozenset[str]]) -> bool:
    sets = known.sets
    roots = frozenset(sets.root(any_id) for any_id in pair)
    return len(roots) == 1 or sets.are_apart(*pair) or roots in silent


def _unsure_sets(known: Known) -> set[frozenset[str]]:
    sets = known.sets
    return {
        frozenset((sets.root(sets.left(row)), sets.root(sets.right(row))))
        for row in sets.rows
        if row.judgement == UNSURE
    }


def _weigh(
    connection: DuckDBPyConnection,
    pairs: Sequence[tuple[str, str]],
    found: dict[tuple[str, str], _Found],
    entities: dict[str, Record],
) -> None:
    """Sets doubt and reasons of pairs by what their articles say around them.

    Two local entities by what compares articles itself (``clusters.score``), so that the reasons
    are those for which it left them apart; others by the signals that they share.
    """
    ids = sorted({any_id for pair in pairs for any_id in pair})
    appearances = _appearances(connection, ids)
    names = _names(connection, appearances)
    for pair in pairs:
        one, other = (appearances.get(any_id, []) for any_id in pair)
        kinds = {entities[any_id]["entity_type"] for any_id in pair}
        found_of = found[pair]
        if all(any_id.startswith(LOCAL_PREFIX) for any_id in pair) and len(kinds) == 1:
            compared = [(score(a, b), a, b) for a in one for b in other]
            best = max(compared, key=lambda scored: scored[0], default=None)
            if best is not None and best[0] > 0:
                # A half is where articles are joined: the nearer, the more doubtful.
                found_of.doubt *= 1 + min(1.0, 2 * best[0])
                said = [_readable(reason, names) for reason in reasons(best[1], best[2])]
                found_of.reasons |= dict.fromkeys(said[:MOST_REASONS])
                continue
        shared = _signals(one) & _signals(other)
        if shared:
            found_of.doubt *= 1 + min(len(shared), ENOUGH_IN_COMMON) / ENOUGH_IN_COMMON
            listed = sorted({_readable(value, names) for value in shared})
            shown = ", ".join(listed[:ENOUGH_IN_COMMON])
            more = len(listed) - ENOUGH_IN_COMMON
            found_of.reasons[f"both with {shown}" + (f" and {more} more" if more > 0 else "")] = (
                None
            )


def _signals(appearances: Sequence[Appearance]) -> set[str]:
    """What the articles name beside an entity."""
    signals = (signal.partition(":") for a in appearances for signal in a.context)
    return {value for kind, _, value in signals if kind == "with"}


def _appearances(connection: DuckDBPyConnection, ids: Sequence[str]) -> dict[str, list[Appearance]]:
    """The first appearances of entities, by id."""
    rows = connection.execute(project.sql_text("load/review_context.sql"), {"ids": list(ids)})
    found: dict[str, list[Appearance]] = defaultdict(list)
    for entity_id, referent_id, kind, name, context, seen_at in rows.fetchall():
        appearance = Appearance(referent_id, kind, name, frozenset(context or ()), seen_at)
        found[entity_id].append(appearance)
    return found


def _names(
    connection: DuckDBPyConnection, appearances: dict[str, list[Appearance]]
) -> dict[str, str]:
    """The names of the known things that signals name, by id."""
    values = {
        signal.partition(":")[2]
        for of_entity in appearances.values()
        for appearance in of_entity
        for signal in appearance.context
    }
    rows = connection.execute(
        "SELECT entity_id, name FROM entities WHERE list_contains($ids, entity_id)",
        {"ids": sorted(values)},
    ).fetchall()
    return dict(rows)


def _readable(text: str, names: dict[str, str]) -> str:
    """A reason or a signal with names in place of ids."""
    words = (names.get(word, word.rpartition("|")[2]) for word in text.split(" "))
    return " ".join(words)


def _shown(
    connection: DuckDBPyConnection,
    pairs: Sequence[tuple[str, str]],
    found: dict[tuple[str, str], _Found],
    entities: dict[str, Record],
) -> list[Pair]:
    ids = sorted({any_id for pair in pairs for any_id in pair})
    examples = {
        row["entity_id"]: ("" if row["from_start"] else "…") + row["words"].strip() + "…"
        for row in records(connection, project.sql_text("load/review_examples.sql"), {"ids": ids})
    }
    shown = []
    for pair in pairs:
        sides = sorted(
            (_side(entities[any_id], examples.get(any_id, "")) for any_id in pair),
            key=lambda side: (
                side.entity_id.startswith(LOCAL_PREFIX), -side.mentions, side.entity_id,
            ),
        )  # fmt: skip
        left, right = sides[0].entity_id, sides[1].entity_id
        force = " --force" if sides[0].entity_type != sides[1].entity_type else ""
        shown.append(
            Pair(
                left=sides[0],
                right=sides[1],
                reasons=tuple(found[pair].reasons),
                worth=round(found[pair].doubt * found[pair].mentions, 2),
                merge_command=f"newsledger entities merge {left} {right}{force}",
                apart_command=f"newsledger entities split {left} {right}",
                unsure_command=f"newsledger entities merge {left} {right} --unsure",
            )
        )
    return shown


def _side(row: Record, example: str) -> Side:
    side = Side(row["entity_id"], row["name"], row["entity_type"], row["country"], row["mentions"])
    return replace(side, example=example)
