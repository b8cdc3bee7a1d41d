"""What differs between two readings of a page: values, and bodies word by word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Any

COMPARED = (
    "article_id", "headline", "byline", "authors", "agencies", "dateline", "dateline_place",
    "date_published", "date_published_precision", "date_published_source", "date_modified",
    "in_language", "text_direction", "article_section", "description", "canonical_url",
    "is_accessible_for_free", "publisher_id", "source_id", "extractor",
)  # fmt: skip
"""Columns that are compared value by value; the body is compared word by word."""
CONTEXT = 8
"""Words and marks shown on either side of a change."""
PASSAGES = 4
"""Changed passages kept of a body, the first ones."""
LONGEST = 300
"""Characters shown of one addition or removal: its beginning and its end."""
RUN = 5
"""Words and marks in a row that, where each text has them once, are taken for the same place."""
ALIGNABLE = 250_000
"""Pairs of words that are aligned between two such places (half a second at the worst, measured on
one word repeated); beyond, the whole passage counts as replaced."""

BREAK = "\n\n"
"""Between paragraphs; where two bodies differ in breaks alone, no word was added or removed."""
_TOKEN = re.compile(
    r"\n\n|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|[^\w\s]"
)
"""A break between paragraphs, a character of a script without spaces, a word, or a mark."""

Passage = list[tuple[str, str]]
"""Pieces of text in order, each with ``same``, ``added`` or ``removed``."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value that differs, as shown; None where there is none."""

    field: str
    before: str | None
    after: str | None

    @property
    def kind(self) -> str:
        """``added`` (there was none), ``removed`` (there is none now) or ``changed``."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class BodyChange:
    """How far two bodies differ."""

    words_added: int
    words_removed: int
    characters_added: int
    """Characters of the words and marks that were added; spaces are not counted."""
    characters_removed: int
    similarity: float
    """0 to 1: twice the words and marks in common over those of both (Dice, in order); 1 where only
    spaces or breaks between paragraphs differ."""
    passages: list[Passage] = field(default_factory=list)
    """The first ``PASSAGES`` changes with the words around them."""


def value_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ValueChange]:
    """The values of ``COMPARED`` that differ. An empty list and an absent column are no value."""
    changes = []
    for name in COMPARED:
        old, new = _value(before.get(name)), _value(after.get(name))
        if old != new:
            changes.append(ValueChange(name, _shown(old), _shown(new)))
    return changes


def _value(value: Any) -> Any:
    return None if value in (None, [], "") else value


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def body_change(before: str, after: str) -> BodyChange | None:
    """How two bodies differ; None where they are equal.

    Cost is linear in the texts but for short passages without a run of words in common.
    """
    if before == after:
        return None
    old, new = list(_TOKEN.finditer(before)), list(_TOKEN.finditer(after))
    old_words, new_words = [m[0] for m in old], [m[0] for m in new]
    edits = list(_edits(old_words, new_words))
    gone = _printed(old_words[i] for i1, i2, _, _ in edits for i in range(i1, i2))
    come = _printed(new_words[j] for _, _, j1, j2 in edits for j in range(j1, j2))
    total = len(_printed(old_words)) + len(_printed(new_words))
    return BodyChange(
        words_added=sum(map(_is_word, come)),
        words_removed=sum(map(_is_word, gone)),
        characters_added=sum(map(len, come)),
        characters_removed=sum(map(len, gone)),
        similarity=(total - len(gone) - len(come)) / total if total else 1.0,
        passages=[_passage(before, after, old, new, near) for near in _near(edits)[:PASSAGES]],
    )


def _printed(tokens: Iterable[str]) -> list[str]:
    return [token for token in tokens if token != BREAK]


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"


Edit = tuple[int, int, int, int]
"""``before[i1:i2]`` became ``after[j1:j2]``."""


def _edits(before: Sequence[str], after: Sequence[str]) -> Iterator[Edit]:
    """What differs between two lists of words, in order."""
    at = to = 0
    for i, j in [*_anchors(before, after), (len(before), len(after))]:
        for i1, i2, j1, j2 in _aligned(before[at:i], after[to:j]):
            yield at + i1, at + i2, to + j1, to + j2
        at, to = i, j


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Places that are surely the same: runs of words that each text has once, in one order.

    The patience diff of Bram Cohen, on runs instead of lines: linear but for a sort, whatever the
    texts, where aligning every word with every other is quadratic.
    """
    old, new = _single_runs(before), _single_runs(after)
    pairs = sorted((i, new[run]) for run, i in old.items() if run in new)
    # The longest run of pairs whose second places ascend as well (patience sorting).
    tops: list[int] = []
    piles: list[int] = []
    links: list[int | None] = []
    for number, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        links.append(piles[pile - 1] if pile else None)
        if pile == len(tops):
            tops.append(j)
            piles.append(number)
        else:
            tops[pile], piles[pile] = j, number
    chain: list[tuple[int, int]] = []
    link = piles[-1] if piles else None
    while link is not None:
        chain.append(pairs[link])
        link = links[link]
    return chain[::-1]


def _single_runs(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Runs of ``RUN`` words that occur once, with their places, whatever breaks lie in them."""
    printed = [n for n, word in enumerate(words) if word != BREAK]
    places: dict[tuple[str, ...], int] = {}
    repeated = set()
    for first in range(len(printed) - RUN + 1):
        run = tuple(words[n] for n in printed[first : first + RUN])
        if run in places:
            repeated.add(run)
        places[run] = printed[first]
    return {run: n for run, n in places.items() if run not in repeated}


def _aligned(before: Sequence[str], after: Sequence[str]) -> Iterator[Edit]:
    """The edits between two short lists of words, found word by word."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if not old and not new:
        return
    if not old or not new or len(old) * len(new) > ALIGNABLE:
        yield head, head + len(old), head, head + len(new)
        return
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield head + i1, head + i2, head + j1, head + j2


def _near(edits: list[Edit]) -> list[list[Edit]]:
    """Edits whose contexts touch, together."""
    groups: list[list[Edit]] = []
    for edit in edits:
        if groups and edit[0] - groups[-1][-1][1] <= 2 * CONTEXT:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return groups


def _passage(
    before: str,
    after: str,
    old: list[re.Match[str]],
    new: list[re.Match[str]],
    edits: list[Edit],
) -> Passage:
    """A few changes with the words around them, as printed."""
    first, last = edits[0], edits[-1]
    pieces: Passage = []
    at = max(0, first[0] - CONTEXT)
    for i1, i2, j1, j2 in edits:
        pieces.append(("same", _slice(before, old, at, i1)))
        pieces.append(("removed", _slice(before, old, i1, i2)))
        pieces.append(("added", _slice(after, new, j1, j2)))
        at = i2
    pieces.append(("same", _slice(before, old, at, min(len(old), last[1] + CONTEXT))))
    return [(kind, _cut(text)) for kind, text in pieces if text]


def _slice(text: str, tokens: list[re.Match[str]], first: int, last: int) -> str:
    """The text from one token up to another, the spaces behind it left out."""
    if first >= last:
        return ""
    return text[tokens[first].start() : tokens[last - 1].end()].replace(BREAK, "¶")


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]} … {len(text) - 2 * half:,} characters … {text[-half:]}"
