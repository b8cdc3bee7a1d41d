"""Which blocks of an HTML page are its article, and what every other block is.

Our own reading of the page comes first, since it costs little. Where its signals disagree (it holds
little of the page's prose, says nothing of what the headline says, or differs from the body that
the page states for machines) trafilatura is asked as well, and the one that the page bears out is
taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.clean.characters.spacing import match_key
from pipelines.clean.fields.metadata import Metadata
from pipelines.clean.ledger import Judged
from pipelines.clean.page.alignment import align
from pipelines.clean.page.blocks import PageBlock, is_heading
from pipelines.clean.page.choice import Choice, choose, doubts
from pipelines.clean.page.layout import PageLayout
from pipelines.clean.page.reading import Reading, read_region
from pipelines.clean.page.standfirst import return_standfirst
from pipelines.clean.records import Evidence
from pipelines.clean.text.line_rules import classify
from pipelines.clean.text.lines import Line, make_line, word_count

_SHOWN = 200
"""Characters of a reading that its evidence shows."""
_TRUST = {"html.region": 0.8, "html.trafilatura": 0.7, "html.script_state": 0.6}
_LONG_ENOUGH = 24
"""Letters that are in another text by no chance."""
_LEAST_WORDS = 30
"""Words of visible text below which the page's scripts are searched."""


@dataclass(slots=True)
class PageBody:
    """A page's blocks judged."""

    judged: list[Judged]
    evidence: tuple[Evidence, ...]
    """The readings that were weighed, where there was more than one; the chosen one first."""


def judge_blocks(
    blocks: list[PageBlock],
    meta: Metadata,
    second: Callable[[], list[str]],
    in_scripts: Callable[[], list[str]],
) -> PageBody:
    """The verdict on every block of a page.

    Args:
        blocks: the page's visible blocks in order.
        meta: for the headline, the description and the body that the page states.
        second: gives the paragraphs of the second opinion, folded, in order; asked where needed.
        in_scripts: gives those that only the page's scripts hold; asked where it shows no text.

    Returns:
        One verdict per block, in page order, with body text that no visible block shows, and the
        readings between which the body was chosen.

    """
    lines = [make_line(b.text, isolated=True, key=b.key) for b in blocks]
    layout = PageLayout(blocks, lines)
    title = match_key(meta.headline or "")
    reading = read_region(layout, title)
    unplaced: list[tuple[str, int]] = []
    own = reading
    readings = {"html.region": _text(layout, own)}
    choice = Choice("html.region", doubts(layout, reading, meta))
    if choice.doubts:
        paragraphs = second()
        found = align([b.key for b in blocks], [match_key(p) for p in paragraphs])
        unseen = [(paragraphs[number], after) for number, after in found.unplaced]
        words = sum(word_count(text) for text, _ in unseen if not _is_address(text))
        readings["html.trafilatura"] = "\n\n".join(paragraphs)
        choice = choose(layout, reading, found, words, choice.doubts, meta)
        if choice.rule == "html.trafilatura":
            reading, unplaced = choice.reading, unseen
        if not unplaced and not _enough(layout, reading) and (hidden := in_scripts()):
            choice = Choice("html.script_state", choice.doubts)
            reading = Reading()
            unplaced = [(text, len(blocks) - 1) for text in hidden]
            readings[choice.rule] = "\n\n".join(hidden)
    return_standfirst(layout, reading, meta)
    page = _Verdicts(blocks, lines, reading, title, choice.rule)
    return PageBody(page.in_order(unplaced), _evidence(readings, choice))


def _text(layout: PageLayout, reading: Reading) -> str:
    return "\n\n".join(layout.blocks[i].text for i in sorted(reading.kept))


def _evidence(readings: dict[str, str], choice: Choice) -> tuple[Evidence, ...]:
    """The start of each reading; a page that was read once needs none."""
    if not choice.doubts:
        return ()
    because = f"doubts: {', '.join(choice.doubts)}"
    rows = [
        Evidence(
            "article_body", text[:_SHOWN], "text", because, rule, rule == choice.rule, _TRUST[rule]
        )
        for rule, text in readings.items()
        if text
    ]
    return tuple(sorted(rows, key=lambda row: not row.is_chosen))


def _enough(layout: PageLayout, reading: Reading) -> bool:
    return sum(layout.lines[i].words for i in reading.kept) >= _LEAST_WORDS


class _Verdicts:
    """The verdicts of one reading."""

    def __init__(
        self, blocks: list[PageBlock], lines: list[Line], reading: Reading, title: str, rule: str
    ) -> None:
        self.blocks = blocks
        self.lines = lines
        self.reading = reading
        self.title = title
        self.rule = rule
        body = (i for i in reading.kept if blocks[i].key != title)
        self.first = min(body, default=None)

    def in_order(self, unplaced: list[tuple[str, int]]) -> list[Judged]:
        """A verdict per block, unplaced body text behind the block that it follows."""
        after: list[list[Judged]] = [[] for _ in range(len(self.blocks) + 1)]
        keys = [self.blocks[i].key for i in sorted(self.reading.kept)]
        for text, place in unplaced:
            if not (_is_shown(match_key(text), keys) or _is_address(text)):
                after[place + 1].append(Judged(text, "body", f"{self.rule}.unplaced", 0.6, True))
        judged = list(after[0])
        for index in range(len(self.blocks)):
            judged.append(self.verdict(index))
            judged.extend(after[index + 1])
        return judged

    def verdict(self, index: int) -> Judged:
        """The verdict on one block."""
        block, line = self.blocks[index], self.lines[index]
        if self.title and block.key == self.title:
            return Judged(block.text, "headline", "html.headline", 0.95, keep=False)
        if index in self.reading.kept:
            rule = self.reading.rules.get(index, self.rule)
            role = "standfirst" if self._leads(index, rule) else body_role(block)
            return Judged(block.text, role, rule, 0.9 if rule == self.rule else 0.75, keep=True)
        cut = self.reading.cuts.get(index)
        if cut is not None and cut.role != "other":
            return Judged(block.text, cut.role, cut.rule_id, cut.confidence, keep=False)
        dropped = _dropped(block, line)
        if cut is not None and dropped.role == "other":
            return Judged(block.text, cut.role, cut.rule_id, cut.confidence, keep=False)
        return dropped

    def _leads(self, index: int, rule: str) -> bool:
        """True for the standfirst: the first of the body, where something names it so."""
        named = rule == "html.standfirst" or self.blocks[index].around.hint == "standfirst"
        return named and index == self.first


def _is_shown(key: str, kept: list[str]) -> bool:
    """True for a text that a kept block prints, or that prints one: machine data beside print."""
    return any(key == own or (len(own) >= _LONG_ENOUGH and own in key) for own in kept)


def _is_address(text: str) -> bool:
    return " " not in text and "/" in text


def _dropped(block: PageBlock, line: Line) -> Judged:
    """The role of a block that is no body: by its surroundings, else by what it says."""
    hint = block.around.hint
    if hint and hint != "standfirst":
        return Judged(block.text, hint, block.around.hint_rule or "html.hint", 0.7, keep=False)
    found = classify(line)
    if found is not None:
        return Judged(block.text, found.role, found.rule_id, found.confidence, keep=False)
    if block.around.in_list or block.link_share > 0.8:
        return Judged(block.text, "navigation", "html.links", 0.6, keep=False)
    return Judged(block.text, "other", "html.dropped", 0.5, keep=False)


def body_role(block: PageBlock) -> str:
    """The role of a kept block by its markup."""
    if is_heading(block.tag):
        return "heading"
    if block.tag in {"li", "dt", "dd"}:
        return "list_item"
    if block.around.in_quote:
        return "quote"
    if block.around.in_table:
        return "table"
    return "body"
