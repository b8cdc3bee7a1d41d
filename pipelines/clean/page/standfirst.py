"""The standfirst: the summary printed between headline and text, which is part of the article."""

from __future__ import annotations

from pipelines.clean.characters.spacing import match_key
from pipelines.clean.fields.metadata import Metadata
from pipelines.clean.page.layout import PageLayout
from pipelines.clean.page.reading import Reading
from pipelines.clean.text.line_rules import classify
from pipelines.clean.text.lines import Line

_REACH = 14
"""Blocks before the first paragraph among which it is looked for."""
_LINKED = 0.5
_LEAST_WORDS = 6
_LEAD_WORDS = 8
_UNSTOPPED_LEAD_WORDS = 12
_LEAD_LINKED = 0.3
_NOT_LEAD = frozenset(
    {"caption", "credit", "byline", "date", "share", "note", "comment", "paywall", "teaser"}
)
_TOLD = 30, 60
"""Letters of the description that a standfirst begins with: at least, and at most compared."""


def return_standfirst(layout: PageLayout, reading: Reading, meta: Metadata) -> None:
    """Keep the standfirst: near the headline, named so by the template or by the description."""
    prose = [i for i in sorted(reading.kept) if layout.lines[i].prose]
    if not prose:
        return
    first = prose[0]
    if any(layout.blocks[i].around.hint == "standfirst" for i in reading.kept if i <= first):
        return
    title, told = match_key(meta.headline or ""), match_key(meta.description or "")
    titles = [i for i in range(first) if _is_title(layout, i, title)]
    start = titles[-1] + 1 if titles else max(0, first - _REACH)
    for index in range(start, first):
        if _is_standfirst(layout, reading, index, told[: _TOLD[1]]):
            reading.kept.add(index)
            reading.rules[index] = "html.standfirst"
            return
    printed = next((i for i in titles if layout.blocks[i].key == title), None)
    if titles:
        _return_lead(layout, reading, start if printed is None else printed + 1, first)


def _return_lead(layout: PageLayout, reading: Reading, start: int, first: int) -> None:
    """Keep the first sentence between the headline and the text where nothing makes it another's.

    Templates set the lead apart from the text, in the page's header as often as not.
    """
    for index in range(start, first):
        block, line = layout.blocks[index], layout.lines[index]
        if index in reading.kept or not _is_lead(line):
            continue
        if block.link_share >= _LEAD_LINKED or index in layout.cards or layout.repeats(index):
            continue
        if block.around.in_consent or layout.hint(index).role in _NOT_LEAD or classify(line):
            continue
        reading.kept.add(index)
        reading.rules[index] = "html.lead"
        return


def _is_lead(line: Line) -> bool:
    return line.words >= (_LEAD_WORDS if line.sentence else _UNSTOPPED_LEAD_WORDS)


def _is_title(layout: PageLayout, index: int, title: str) -> bool:
    block = layout.blocks[index]
    return bool(title) and (block.key == title or block.tag == "h1")


def _is_standfirst(layout: PageLayout, reading: Reading, index: int, told: str) -> bool:
    block, line = layout.blocks[index], layout.lines[index]
    if index in reading.kept or line.words < _LEAST_WORDS or block.link_share >= _LINKED:
        return False
    if block.around.in_chrome:
        return False
    if len(told) >= _TOLD[0] and block.key.startswith(told):
        return True
    return block.around.hint == "standfirst" and (line.prose or line.words >= _LEAST_WORDS + 2)
