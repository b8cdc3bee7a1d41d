"""When a second opinion is worth its cost, and which of two readings the page bears out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.clean.fields.metadata import Metadata
from pipelines.clean.page.alignment import Alignment
from pipelines.clean.page.layout import PageLayout
from pipelines.clean.page.reading import (
    PARAGRAPH_WORDS,
    PRINTED_BEFORE,
    REPEATED,
    Reading,
    cut_of,
)

_LEAST_SHARE = 0.7
"""Of the page's prose, comments and teasers aside: what holds less may be another box."""
_LEAST_WORDS = 120
"""Short pieces are weighed against chrome of their own size."""
_SAME = 0.9
_STEM = 5
"""Letters of a word that are compared: enough to tell words apart, few enough for inflection."""
_LEAST_STEMS = 4
_LEAST_COMMON = 0.3
"""Share of the headline's and description's words that an article repeats."""
_FIRST_BLOCKS = 40
_STEMS = re.compile(r"[^\W\d_]{4,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2}")


@dataclass(slots=True)
class Choice:
    """Which reading is taken and why."""

    rule: str
    """``html.region`` (our own) or ``html.trafilatura``."""
    doubts: tuple[str, ...] = ()
    """Signals against our own reading: none where it was taken without a second opinion."""
    reading: Reading = field(default_factory=Reading)


def doubts(layout: PageLayout, reading: Reading, meta: Metadata) -> tuple[str, ...]:
    """The signals against our own reading, by name."""
    found = []
    words = sum(layout.lines[i].words for i in reading.kept if layout.prose[i])
    if words < _LEAST_WORDS:
        found.append("short")
    prose = {
        layout.blocks[i].key: layout.weight(i)
        for i in layout.prose_indexes()
        if i not in layout.cards and layout.blocks[i].around.hint != "comment"
    }
    page = sum(prose.values())
    kept = sum(layout.weight(i) for i in reading.kept if layout.prose[i])
    if kept < _LEAST_SHARE * page:
        found.append("share")
    if _told(layout, reading.kept, meta) is False:
        found.append("topic")
    return tuple(found)


def choose(
    layout: PageLayout,
    own: Reading,
    theirs: Alignment,
    unseen_words: int,
    found: tuple[str, ...],
    meta: Metadata,
) -> Choice:
    """The reading that the page bears out.

    Args:
        layout: the page's blocks, weighed.
        own: our own reading.
        theirs: the second opinion's paragraphs among the page's blocks.
        unseen_words: words of its paragraphs that no visible block shows.
        found: the doubts that made us ask.
        meta: for the headline and the description.

    Two readings that agree are one: ours is taken, which knows the role of each block. Where they
    differ the one that speaks of the headline is taken, and else the second opinion: it was asked
    because ours is weak.

    """
    other = _reading_of(layout, theirs)
    size_own, size_other = _words(layout, own.kept), _words(layout, other.kept) + unseen_words
    common = _words(layout, own.kept & other.kept)
    if 2 * common >= _SAME * (size_own + size_other) or not size_other:
        return Choice("html.region", found, own)
    told_own, told_other = _told(layout, own.kept, meta), _told(layout, other.kept, meta)
    if told_own and told_other is False and not unseen_words:
        return Choice("html.region", found, own)
    return Choice("html.trafilatura", found, other)


def _reading_of(layout: PageLayout, theirs: Alignment) -> Reading:
    """The second opinion less what no reading keeps: repeats, and lines that say what they are."""
    reading = Reading()
    printed: set[str] = set()
    for index in sorted(theirs.kept):
        key, line = layout.blocks[index].key, layout.lines[index]
        cut = REPEATED if layout.repeats(index) else cut_of(line)
        if cut is None and key in printed:
            cut = PRINTED_BEFORE
        if cut is not None:
            reading.cuts[index] = cut
            continue
        reading.kept.add(index)
        if line.words >= PARAGRAPH_WORDS:
            printed.add(key)
    return reading


def _words(layout: PageLayout, kept: set[int]) -> int:
    """Words of a reading that has a sentence: titles and dates in a row are no text."""
    lines = [layout.lines[i] for i in kept]
    if not any(line.prose or line.sentence for line in lines):
        return 0
    return sum(line.words for line in lines)


def _told(layout: PageLayout, kept: set[int], meta: Metadata) -> bool | None:
    """True where the text speaks of headline and description; None where they say little."""
    text = " ".join(layout.blocks[i].text for i in sorted(kept)[:_FIRST_BLOCKS])
    return speaks_of(text, f"{meta.headline or ''} {meta.description or ''}")


def speaks_of(text: str, told: str) -> bool | None:
    """True where ``text`` shares words with ``told``; None where ``told`` has too few of them."""
    stems = _stems(told)
    if len(stems) < _LEAST_STEMS:
        return None
    return len(stems & _stems(text)) >= _LEAST_COMMON * len(stems)


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _STEMS.findall(text.casefold())}
