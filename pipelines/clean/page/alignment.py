"""Which page blocks a body extractor kept: its paragraphs aligned with the page's own blocks."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_LONG_ENOUGH = 24
"""Letters and digits a text needs before finding it inside another one means anything."""
_COVERED = 0.6
"""Share of a block that kept fragments must cover for the block to count as kept."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Result of ``align``."""

    kept: frozenset[int]
    """Indexes of page blocks that the extractor kept."""
    unplaced: tuple[tuple[int, int], ...]
    """(index of the kept paragraph, index of the page block it follows, -1 for the start):
    text that the extractor has and no visible block shows, such as a body from JSON-LD."""


def align(page: Sequence[str], kept: Sequence[str]) -> Alignment:
    """Match kept paragraphs with page blocks, each block at most once.

    Args:
        page: match keys of the page's blocks, in page order.
        kept: match keys of the extractor's paragraphs, in its order.

    Returns:
        The alignment. Of several equal blocks (a headline repeated in a teaser list) the one next
        after the last match is taken.

    """
    places: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(page):
        if key:
            places[key].append(index)
    taken: set[int] = set()
    last = -1
    open_paragraphs: list[tuple[int, int]] = []
    for number, key in enumerate(kept):
        if not key:
            continue
        place = _next_place(places.get(key), last)
        if place is None:
            open_paragraphs.append((number, last))
            continue
        taken.add(place)
        last = place
    unplaced = _place_parts(page, kept, open_paragraphs, taken)
    return Alignment(frozenset(taken), tuple(unplaced))


def _next_place(free: list[int] | None, last: int) -> int | None:
    """Take the first free place after ``last``, else the nearest before it, out of ``free``."""
    if not free:
        return None
    at = bisect_right(free, last)
    return free.pop(at if at < len(free) else -1)


def _place_parts(
    page: Sequence[str],
    kept: Sequence[str],
    open_paragraphs: Sequence[tuple[int, int]],
    taken: set[int],
) -> list[tuple[int, int]]:
    """Second pass: paragraphs that join several blocks, and blocks that lost a part."""
    joined = "\n".join(kept[number] for number, _ in open_paragraphs)
    covered: dict[int, int] = defaultdict(int)
    unplaced: list[tuple[int, int]] = []
    if not joined:
        return unplaced
    window = 400
    for number, after in open_paragraphs:
        key = kept[number]
        nearby = range(max(0, after - window), min(len(page), after + window))
        inside = [i for i in nearby if i not in taken and len(page[i]) >= 2 and page[i] in key]
        if sum(len(page[i]) for i in inside if len(page[i]) >= 4) >= _COVERED * len(key):
            taken.update(_in_sequence(page, key, inside))
            continue
        holder = next((i for i in nearby if len(key) >= _LONG_ENOUGH and key in page[i]), None)
        if holder is None:
            unplaced.append((number, after))
        elif holder not in taken:
            covered[holder] += len(key)
    taken.update(i for i, size in covered.items() if size >= _COVERED * len(page[i]))
    return unplaced


def _in_sequence(page: Sequence[str], key: str, inside: Sequence[int]) -> list[int]:
    """Those of ``inside`` that follow one another in ``key``: short ones also occur by chance."""
    chosen: list[int] = []
    position = 0
    for index in inside:
        found = key.find(page[index], position)
        if found < 0 or found - position > _LONG_ENOUGH:
            continue
        chosen.append(index)
        position = found + len(page[index])
    return chosen
