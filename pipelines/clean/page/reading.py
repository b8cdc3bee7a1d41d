"""Which blocks of the article's element are its text: our own reading of an HTML page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipelines.clean.page.blocks import PageBlock, Surroundings, is_heading
from pipelines.clean.page.layout import PageLayout, around, heaviest
from pipelines.clean.text.line_rules import Verdict, classify
from pipelines.clean.text.lines import LONG_PROSE_WORDS, Line

_LINKED = 0.6
_LISTED = frozenset({"li", "dd", "dt", "td", "th"})
_PARAGRAPH_TAGS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol"})
_HOME_SHARE = 0.1
_SHORT = 12
_NO_TEXT, _TEXT = "", "~"
"""Ranks below and above all headings' (h1 to h6) in the alphabet."""
_ALL_LINKED = 0.8
_POINTER_WORDS = 20
"""Words of a closing sentence with a link that may only point elsewhere."""
_POINTING = 0.32
_MAIN_HOME = 0.2
"""Of a reading's prose: a kind of element that holds less is no home of the article's text."""
_OPENING_WORDS = 25
"""Words of a paragraph with which the text has begun: a standfirst may be shorter."""
_COLONS = (":", "：")
_OPENERS = (*_COLONS, ",", "，", "،")
"""How a line ends that leads over to the text: what it introduces, or whom it greets."""
_CLOSING = 8
"""Words of an unstopped line below the last paragraph that may belong to the text."""
_CUT_ROLES = frozenset({"teaser", "share", "comment", "placeholder", "paywall"})
_CUT_RULES = frozenset(
    {"text.caption_credit", "text.label.note", "text.copyright_sign", "text.relative_age"}
)


REPEATED = Verdict("note", "html.repeated", 0.8)
PRINTED_BEFORE = Verdict("note", "html.printed_before", 0.8)
PARAGRAPH_WORDS = 12
"""Words of a line that is a paragraph and no label."""


@dataclass(slots=True)
class Reading:
    """What one reading of a page keeps, and why it cuts what it cuts."""

    kept: set[int] = field(default_factory=set)
    rules: dict[int, str] = field(default_factory=dict)
    """The rule that kept a block, where it is not the reading's own."""
    cuts: dict[int, Verdict] = field(default_factory=dict)
    top: Surroundings | None = None


def read_region(layout: PageLayout, title: str) -> Reading:
    """Our own reading.

    Args:
        layout: the page's blocks, weighed.
        title: match key of the headline; empty where there is none.

    """
    top = heaviest(layout)
    reading = Reading(top=top)
    if top is None:
        return reading
    layout.narrow(top)
    inside = [i for i, block in enumerate(layout.blocks) if top in around(block)]
    printed: set[str] = set()
    for index in inside:
        key = layout.blocks[index].key
        if title and key == title:
            continue
        cut = _cut(layout, index)
        if cut is None and key in printed:
            cut = PRINTED_BEFORE
        if cut is None:
            reading.kept.add(index)
            if layout.lines[index].words >= PARAGRAPH_WORDS:
                printed.add(key)
        else:
            reading.cuts[index] = cut
    _drop_opening(layout, reading)
    _trim(layout, reading)
    _drop_tail(layout, reading)
    _drop_apart(layout, reading)
    _drop_labels(layout, reading)
    _drop_empty_headings(layout, reading)
    return reading


def _cut(layout: PageLayout, index: int) -> Verdict | None:
    """Why a block inside the article's element is none of its text, or None."""
    block, line = layout.blocks[index], layout.lines[index]
    if index in layout.cards:
        return Verdict("teaser", "html.card", 0.8)
    if layout.repeats(index):
        return REPEATED
    hint = layout.hint(index)
    if hint.role is not None and not _outweighs(line, hint.role):
        return Verdict(hint.role, hint.rule or "html.hint", 0.75)
    if block.link_share > (_ALL_LINKED if line.sentence else _LINKED):
        return Verdict("navigation", "html.pointer", 0.75)
    cut = cut_of(line)
    return None if cut is not None and cut.role == "date" and is_heading(block.tag) else cut


def _outweighs(line: Line, role: str) -> bool:
    """True for text that is more than what its box is named for.

    Sites call the text behind a paywall by the paywall's name more often than its offer, and
    nobody's date fills a paragraph.
    """
    if role == "paywall":
        return line.prose and line.words >= PARAGRAPH_WORDS and not _sells(line)
    return role == "date" and line.prose and line.words >= PARAGRAPH_WORDS


def _sells(line: Line) -> bool:
    found = classify(line)
    return found is not None and found.role == "paywall"


def cut_of(line: Line) -> Verdict | None:
    """Why a line among an article's paragraphs is none of them, or None."""
    if line.long_prose:
        return None
    found = classify(line)
    if found and (found.role in _CUT_ROLES or found.rule_id in _CUT_RULES):
        return found
    return None


def _drop_opening(layout: PageLayout, reading: Reading) -> None:
    """Cut the lines above the first paragraph that say what they are: byline, date, section.

    Further down such a line may be part of the text: a signature in a letter, a day in a diary.
    """
    for index in sorted(reading.kept):
        line = layout.lines[index]
        if layout.prose[index] and line.words >= _OPENING_WORDS:
            return
        found = classify(line)
        if found is not None:
            reading.kept.discard(index)
            reading.cuts[index] = found


def _trim(layout: PageLayout, reading: Reading) -> None:
    """Cut what is no sentence before the first paragraph and after the last.

    Headings and lines among the first paragraph's own siblings stay, and longer lines among the
    last one's: editors forget full stops.
    """
    text = [i for i in sorted(reading.kept) if layout.lines[i].sentence or layout.prose[i]]
    if not text:
        return
    first, last = text[0], text[-1]
    home, end = _parent(layout.blocks[first]), _parent(layout.blocks[last])
    for index in sorted(reading.kept):
        block, line = layout.blocks[index], layout.lines[index]
        if index < first and not _named_standfirst(block):
            opens = is_heading(block.tag) or line.words >= _CLOSING or line.text.endswith(_OPENERS)
            opens = opens and _parent(block) is home
            if not (opens or _introduces(layout, reading, index)):
                _set_aside(reading, index, "html.before_text")
        elif index > last and block.tag not in _LISTED:
            closes = line.words >= _CLOSING and not block.link_share
            if _parent(block) is not end or not closes:
                _set_aside(reading, index, "html.after_text")


def _introduces(layout: PageLayout, reading: Reading, index: int) -> bool:
    """True for a line with a colon right before what it introduces."""
    return layout.lines[index].text.endswith(_COLONS) and index + 1 in reading.kept


def _home(block: PageBlock) -> int:
    """The kind of element whose paragraphs a block is one of."""
    parent = _parent(block)
    return parent.container if parent is not None else 0


def _parent(block: PageBlock) -> Surroundings | None:
    """The element that a paragraph is one of several in."""
    return block.around.outer if block.around.tag in _PARAGRAPH_TAGS else block.around


def _named_standfirst(block: PageBlock) -> bool:
    return block.around.hint == "standfirst"


def _drop_tail(layout: PageLayout, reading: Reading) -> None:
    """Cut what follows the text inside its element: boxes of other kinds, then closing pointers."""
    homes: Counter[int] = Counter()
    for index in reading.kept:
        if layout.prose[index]:
            homes[_home(layout.blocks[index])] += layout.weight(index)
    least = _MAIN_HOME * homes.total()
    for index in sorted(reading.kept, reverse=True):
        block = layout.blocks[index]
        if homes[_home(block)] >= least or block.tag in _LISTED or block.around.in_quote:
            break
        if layout.lines[index].words >= LONG_PROSE_WORDS:
            break
        _set_aside(reading, index, "html.box_after_text")
    for index in sorted(reading.kept, reverse=True):
        if not _points_on(layout.blocks[index], layout.lines[index]):
            break
        reading.kept.discard(index)
        reading.cuts[index] = Verdict("teaser", "html.closing_pointer", 0.6)


def _points_on(block: PageBlock, line: Line) -> bool:
    """True for a closing line with a link: a few words, or little besides the link."""
    if not block.link_share or line.words > _POINTER_WORDS:
        return False
    few = line.words <= _SHORT and block.tag not in _LISTED
    return few or block.link_share >= _POINTING


def _drop_apart(layout: PageLayout, reading: Reading) -> None:
    """Cut short lines without a stop that stand in boxes of their own among the paragraphs.

    Captions, credits and labels of embedded things stand so; an article's own short lines
    (headings, list items, a verse) are marked up as such or share the paragraphs' container.
    """
    homes: Counter[int] = Counter()
    for index in reading.kept:
        if layout.prose[index]:
            homes[_home(layout.blocks[index])] += layout.weight(index)
    least = _HOME_SHARE * sum(layout.weight(i) for i in reading.kept if layout.prose[i])
    for index in sorted(reading.kept):
        block, line = layout.blocks[index], layout.lines[index]
        if line.sentence or layout.prose[index] or is_heading(block.tag) or block.tag in _LISTED:
            continue
        if line.words > _SHORT or block.around.in_quote:
            continue
        if homes[_home(block)] < least and not _introduces(layout, reading, index):
            _set_aside(reading, index, "html.stands_apart")


def _drop_labels(layout: PageLayout, reading: Reading) -> None:
    """Cut a line that ends with a colon where what it introduces was cut as a pointer."""
    for index in sorted(reading.kept):
        following = reading.cuts.get(index + 1)
        if following is None or following.role not in {"navigation", "teaser"}:
            continue
        line = layout.lines[index]
        if line.text.endswith(_COLONS) and line.words <= _SHORT:
            reading.kept.discard(index)
            reading.cuts[index] = Verdict("teaser", "html.label_of_pointer", 0.7)


def _drop_empty_headings(layout: PageLayout, reading: Reading) -> None:
    """Cut headings under which nothing was kept: the next is a heading of their rank, or none."""
    below = _NO_TEXT
    for index in sorted(reading.kept, reverse=True):
        tag = layout.blocks[index].tag
        if is_heading(tag) and below <= tag:
            _set_aside(reading, index, "html.heading_without_text")
        else:
            below = tag if is_heading(tag) else _TEXT


def _set_aside(reading: Reading, index: int, rule: str) -> None:
    reading.kept.discard(index)
    reading.cuts[index] = Verdict("other", rule, 0.6)
