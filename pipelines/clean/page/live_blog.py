"""Live blogs and tickers: prose under clock times that follow one another."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from pipelines.clean.fields.facts import PageFacts
from pipelines.clean.fields.json_ld import types_of
from pipelines.clean.page.address import page_words, path_segments, words_of
from pipelines.clean.page.blocks import PageBlock
from pipelines.clean.page.prose import LINKED, is_prose, is_wide, width
from pipelines.clean.records import Skip

_ENTRIES = 6
"""Times with prose: fewer stand in many an article's account of a day."""
_LEAD_WIDTH = 600
"""About 100 words: a live blog that opens with so much is kept, as that article."""
_REACH = 8
"""Blocks from an entry's time to its prose: title, author and picture lie between."""
_STAMP_WIDTH = 60
_MOST_LETTERS = 1_000
_CLOCK = re.compile(
    r"(?<![\d.:])([01]?\d|2[0-3])(?:[:.h]|\s?[時时시点點]\s?)([0-5]\d)(?!\d|[.:]\d{3})"
)
_SEPARATOR = re.compile(r"\s*[:：|•]\s*|\s+[–—-]\s+")


def live_blog(page: PageFacts, blocks: list[PageBlock], kept: Collection[str]) -> Skip | None:
    """``Skip("live_blog", signals)`` for a live blog or ticker, else None.

    Two signals must agree: the entries, and the page's own word (schema.org's LiveBlogPosting, or
    the address or title). An account of a day by the clock has the first alone.

    Args:
        page: what the page states of itself.
        blocks: its visible blocks outside chrome, in order.
        kept: the texts that the body would hold.

    """
    stamps = _stamps(blocks)
    if len(stamps) < _ENTRIES:
        return None
    told = sum(
        any(is_prose(b, kept) for b in blocks[start + 1 : min(end, start + _REACH + 1)])
        for start, end in pairwise([*stamps, len(blocks)])
    )
    if told < max(_ENTRIES, len(stamps) // 2) or not _in_order([_clock(blocks[i]) for i in stamps]):
        return None
    lead = (b for b in blocks[: stamps[0]] if b.tag != "li" and is_prose(b, kept))
    if sum(width(b.text) for b in lead) >= _LEAD_WIDTH:
        return None
    signals = {"LiveBlogPosting": _declared(page), "named live": _named(page)}
    if not any(signals.values()):
        return None
    return Skip(
        "live_blog", ", ".join(["timed entries", *(n for n, told in signals.items() if told)])
    )


def _stamps(blocks: list[PageBlock]) -> list[int]:
    """Places of the lines that tell an entry's time; the page's own, of another kind, aside."""
    stamps = [i for i, b in enumerate(blocks) if len(b.text) <= _STAMP_WIDTH and _is_stamp(b)]
    kinds = Counter(blocks[i].around.container for i in stamps)
    first = next((n for n, i in enumerate(stamps) if kinds[blocks[i].around.container] > 1), 0)
    return stamps[first:]


def _is_stamp(block: PageBlock) -> bool:
    return block.link_share < LINKED and _CLOCK.search(block.text) is not None


def _clock(block: PageBlock) -> int:
    """Minutes since midnight."""
    found = _CLOCK.search(block.text)
    return int(found[1]) * 60 + int(found[2]) if found else 0


def _in_order(clocks: list[int]) -> bool:
    """Four of five follow the one before, newest first or oldest first; midnight breaks one."""
    steps = [after - before for before, after in pairwise(clocks)]
    return max(sum(s <= 0 for s in steps), sum(s >= 0 for s in steps)) >= 0.8 * len(steps)


def _declared(page: PageFacts) -> bool:
    return any("liveblogposting" in types_of(node) for node in page.nodes) or any(
        "LiveBlogPosting" in (e.get("itemtype") or "")
        for e in page.root.iter("body", "main", "article", "div")
    )


def _named(page: PageFacts) -> bool:
    """The address or the title says so; a word that is also a verb counts only where it stands out.

    Alone between separators (``Storm | Live``), in capitals (``LIVE``), or as a whole part of the
    address or the first word of one.
    """
    words, alone = page_words()["live"], page_words()["live_alone"]
    title = unicodedata.normalize("NFC", (page.meta("title") or page.title or "")[:_MOST_LETTERS])
    parts = path_segments(page.url) or []
    for text in (title.casefold(), *parts):
        spaced = f" {' '.join(words_of(text))} "
        if any(w in spaced if is_wide(w) else f" {w} " in spaced for w in words):
            return True
    if any(words_of(part)[:1] and words_of(part)[0] in alone for part in parts):
        return True
    capitals = (word for word in words_of(title) if word.isupper())
    lone = (" ".join(words_of(part)) for part in _SEPARATOR.split(title))
    return any(word.casefold() in alone for word in (*capitals, *lone))
