"""Lines that a source prints on many documents: what a document tells of them, and what they tell.

A line is chrome of its source where it stands on the same side of the text in three documents that
are different articles. What a document says of its own lines depends on that document alone, and
lines are only ever learnt, never unlearnt: in whatever order documents arrive, the same lines are
learnt, and a document read with them is the same.

What guards the text. A line inside the text is never learnt and never dropped, but for its last
lines, and these only where learnt from other documents, from the end upwards, as long as an article
remains. Lines above the headline, between headline and text, and below the text are kept apart: the
lead of one article is the teaser below another. A paragraph printed in several articles is inside
the text of each. Copies of one article have the same paragraph in their middle and count once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.clean.characters.spacing import match_key
from pipelines.clean.text import labels
from pipelines.clean.text.line_rules import Verdict
from pipelines.clean.text.lines import Line
from pipelines.clean.text.teaser_lists import PROSE_BEFORE
from pipelines.ids import stable_id

ABOVE, UNDER, BELOW = "above", "under", "below"
"""Above the headline, between headline and text, below the text."""
MOST_LINES = 150
"""Lines of one side that are looked at, those nearest to the text."""
_LAST_LINES = 8
"""Lines at the end of the text that may be chrome that the structure did not tell from it."""
_AFTERWORD_LINES = 3
"""Lines of a note at the end of a text, the first of which shows what it is."""
_LETTERS = 2
"""A line of fewer letters is a mark or a number."""
_DIGITS = re.compile(r"\d+")
_CONTACT = re.compile(r"https?://|www\.|\S@\S|(?:^|\s)@\w|\+\d[\d ()-]{6,}\d")
_OPENED_BY = frozenset(
    {"comment", "share", "byline", "note", "navigation", "paywall", "placeholder"}
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A line of a document that may be chrome of its source."""

    line_key: str
    """What two printings share; with the side the name under which it is learnt."""
    side: str
    text: str
    counts: bool
    """True where it is evidence; a line inside the text, without a second sign, is none."""

    @property
    def name(self) -> str:
        """Side and key, as in ``Capture.learnt_lines``."""
        return learnt_name(self.side, self.line_key)


@dataclass(frozen=True, slots=True)
class Sightings:
    """What one document tells of its source's lines."""

    document_key: str
    """The same for copies of one article: hash of the paragraph in the middle of its text."""
    lines: tuple[Sighting, ...]
    """Each line and side once."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where a page's text and headline are."""

    start: int
    end: int
    """After the last line of the text."""
    titles: frozenset[int]
    """Lines that print the headline."""

    @property
    def headline(self) -> int:
        """The last of the lines above the text that print the headline, else the text's start."""
        return max((i for i in self.titles if i < self.start), default=self.start)


def learnt_name(side: str, line_key: str) -> str:
    """How a learnt line is named in ``Capture.learnt_lines``."""
    return f"{side}:{line_key}"


def line_key(text: str) -> str | None:
    """Hash of the line's letters with all numbers alike; None where it has too few letters."""
    key = match_key(_DIGITS.sub("0", text))
    return stable_id(key)[:16] if sum(map(str.isalpha, key)) >= _LETTERS else None


def sightings_of(
    lines: Sequence[Line], verdicts: Sequence[Verdict | None], region: Region
) -> Sightings | None:
    """The lines of a page that may be its source's chrome; None where the page has no text.

    Args:
        lines: the page's lines.
        verdicts: what each is by itself and by its neighbours; a line with a verdict is known.
        region: where its text is, read without any learnt line.

    """
    middle = _middle(lines, region)
    if middle is None:
        return None
    found: dict[str, Sighting] = {}
    for side, index, counts in _places(lines, verdicts, region):
        key = line_key(lines[index].text)
        if key is None:
            continue
        sighting = Sighting(key, side, lines[index].text, counts)
        if sighting.name not in found or counts:
            found[sighting.name] = sighting
    return Sightings(stable_id(lines[middle].key), tuple(found.values()))


def mark_learnt(
    lines: Sequence[Line],
    verdicts: list[Verdict | None],
    region: Region,
    learnt: frozenset[str],
) -> bool:
    """Adds verdicts to the lines that were learnt; returns whether there were any.

    Args:
        lines: the page's lines.
        verdicts: changed in place.
        region: as for ``sightings_of``.
        learnt: names of the source's learnt lines.

    """
    marked = False
    remaining = sum(line.words for line in lines[region.start : region.end] if line.prose)
    at_end = True
    for side, index, _ in _places(lines, verdicts, region):
        line = lines[index]
        key = line_key(line.text)
        known = key is not None and learnt_name(side, key) in learnt
        if region.start <= index < region.end:
            remaining -= line.words if line.prose else 0
            at_end = at_end and known and remaining >= PROSE_BEFORE
            if not at_end:
                continue
        if known:
            role = "note" if line.prose and side != ABOVE else "navigation"
            verdicts[index] = Verdict(role, "text.learnt", 0.85)
            marked = True
    return marked


def _places(
    lines: Sequence[Line], verdicts: Sequence[Verdict | None], region: Region
) -> list[tuple[str, int, bool]]:
    """Side, place and whether it counts of each line that may be learnt; text's from its end up."""
    headline, first = region.headline, max(region.start, region.end - 1 - _LAST_LINES)
    sides = (
        (ABOVE, list(range(headline))[-MOST_LINES:]),
        (UNDER, list(range(headline + 1, region.start))[-MOST_LINES:]),
        (BELOW, list(range(region.end, len(lines)))[:MOST_LINES]),
        (BELOW, list(range(region.end - 1, first, -1))),
    )
    return [
        (side, i, not region.start <= i < region.end or _is_afterword(lines, verdicts, i, first))
        for side, places in sides
        for i in places
        if verdicts[i] is None and i not in region.titles
    ]


def _is_afterword(
    lines: Sequence[Line], verdicts: Sequence[Verdict | None], index: int, first: int
) -> bool:
    """True where the line or one right above it shows that the article may have ended there."""
    above = range(index, max(first, index - _AFTERWORD_LINES), -1)
    return any(_has_second_sign(lines, verdicts, place) for place in above)


def _has_second_sign(lines: Sequence[Line], verdicts: Sequence[Verdict | None], index: int) -> bool:
    """A sign beside repetition that a last paragraph is none of the article.

    An address, a label of notes or authors, a word of subscriptions, or a closing line before it.
    """
    text = lines[index].text
    found = labels.prefix(text)
    before = verdicts[index - 1] if index else None
    return (
        bool(_CONTACT.search(text))
        or (found is not None and found.role in {"note", "byline", "credit"})
        or bool(labels.told_words(text))
        or (before is not None and before.role in _OPENED_BY)
    )


def _middle(lines: Sequence[Line], region: Region) -> int | None:
    """The paragraph in which the text's words reach their half."""
    prose = [i for i in range(region.start, region.end) if lines[i].prose]
    half = sum(lines[i].words for i in prose) / 2
    read = 0
    for index in prose:
        read += lines[index].words
        if read >= half:
            return index
    return None
