"""Which blocks of an HTML page are its article: trafilatura's choice, mended where the page's own
structure is plainly against it.

Mends, each with its rule id: paragraphs that stand between kept ones in the same container come
back (``html.same_container``); the standfirst comes back (``html.standfirst``); pointers to other
pieces, share and subscription lines and picture credits go, by the line rules of plain text pages.
"""

from __future__ import annotations

from collections import Counter

from pipelines.clean.alignment import align
from pipelines.clean.ledger import Judged
from pipelines.clean.line_rules import Verdict, classify
from pipelines.clean.metadata import Metadata
from pipelines.clean.page_blocks import PageBlock, is_heading
from pipelines.clean.spacing import match_key
from pipelines.clean.text_lines import Line, make_line

_CUT_ROLES = frozenset({"teaser", "share", "comment", "placeholder", "paywall"})
_CUT_RULES = frozenset(
    {"text.caption_credit", "text.label.note", "text.copyright_sign", "text.relative_age"}
)
_STANDFIRST_REACH = 14
_LINKED = 0.5


def judge_blocks(blocks: list[PageBlock], paragraphs: list[str], meta: Metadata) -> list[Judged]:
    """The verdict on every block of a page.

    Args:
        blocks: the page's visible blocks in order.
        paragraphs: what the body extractor kept, folded, in its order.
        meta: for the headline and the description.

    Returns:
        One verdict per block, plus body text that no visible block shows, in page order.

    """
    found = align([b.key for b in blocks], [match_key(p) for p in paragraphs])
    lines = [make_line(b.text, isolated=True) for b in blocks]
    page = _PageBody(blocks, lines, set(found.kept), meta)
    page.return_same_container()
    page.return_standfirst()
    page.find_first()
    judged_at: list[list[Judged]] = [[] for _ in range(len(blocks) + 1)]
    for index in range(len(blocks)):
        judged_at[index + 1].append(page.verdict(index))
    kept_keys = {blocks[i].key for i in page.kept}
    for number, after in found.unplaced:
        text = paragraphs[number]
        if match_key(text) not in kept_keys and not _is_address(text):
            judged_at[after + 1].append(
                Judged(text, "body", "html.trafilatura.unplaced", 0.6, keep=True)
            )
    return [block for group in judged_at for block in group]


def _is_address(text: str) -> bool:
    return " " not in text and "/" in text


class _PageBody:
    """A page's blocks with the set of those that count as body so far."""

    def __init__(
        self, blocks: list[PageBlock], lines: list[Line], kept: set[int], meta: Metadata
    ) -> None:
        self.blocks = blocks
        self.lines = lines
        self.kept = kept
        self.rules: dict[int, str] = {}
        self.first: int | None = None
        self.title = match_key(meta.headline or "")
        self.description = match_key(meta.description or "")

    def return_same_container(self) -> None:
        """Keep prose that shares kept prose's container and lies between or right after it."""
        prose = [i for i in sorted(self.kept) if self.lines[i].prose]
        if len(prose) < 2:
            return
        places = Counter(self.blocks[i].around.container for i in prose)
        bodies = {container for container, count in places.items() if count >= 2}
        first, last = prose[0], prose[-1]
        for index in range(first, len(self.blocks)):
            block = self.blocks[index]
            if index > last + 12 or (index > last and block.tag == "h1"):
                break
            if index in self.kept or block.around.container not in bodies:
                continue
            if self._may_return(index):
                self._keep(index, "html.same_container")
                last = max(last, index)

    def _may_return(self, index: int) -> bool:
        block, line = self.blocks[index], self.lines[index]
        return line.sentence and block.link_share < _LINKED and block.key != self.title

    def return_standfirst(self) -> None:
        """Keep the standfirst: near the headline, named so by template or description."""
        prose = [i for i in sorted(self.kept) if self.lines[i].prose]
        if not prose:
            return
        first = prose[0]
        title = self._title_index(first)
        start = max(0, first - _STANDFIRST_REACH) if title is None else title + 1
        if any(self.blocks[i].around.hint == "standfirst" for i in self.kept if i <= first):
            return
        for index in range(start, first):
            if self._is_standfirst(index):
                self._keep(index, "html.standfirst")
                return

    def find_first(self) -> None:
        """Note the first body block, the printed headline aside."""
        body = (i for i in self.kept if self.blocks[i].key != self.title)
        self.first = min(body, default=None)

    def _title_index(self, before: int) -> int | None:
        titles = [i for i in range(before) if self._is_title(i)]
        return titles[-1] if titles else None

    def _is_standfirst(self, index: int) -> bool:
        block, line = self.blocks[index], self.lines[index]
        if (
            index in self.kept
            or line.words < 6
            or block.link_share >= _LINKED
            or block.around.in_chrome
        ):
            return False
        told = self.description[:60]
        if len(told) >= 30 and block.key.startswith(told):
            return True
        return block.around.hint == "standfirst" and (line.prose or line.words >= 8)

    def _keep(self, index: int, rule: str) -> None:
        self.kept.add(index)
        self.rules[index] = rule

    def _is_title(self, index: int) -> bool:
        block = self.blocks[index]
        return bool(self.title) and (block.key == self.title or block.tag == "h1")

    def verdict(self, index: int) -> Judged:
        """The verdict on one block."""
        block, line = self.blocks[index], self.lines[index]
        if self.title and block.key == self.title:
            return Judged(block.text, "headline", "html.headline", 0.95, keep=False)
        if index in self.kept:
            cut = self._cut(index)
            if cut is not None:
                return Judged(block.text, cut.role, cut.rule_id, cut.confidence, keep=False)
            rule = self.rules.get(index, "html.trafilatura")
            role = "standfirst" if self._leads(index, rule) else body_role(block)
            return Judged(
                block.text, role, rule, 0.9 if rule == "html.trafilatura" else 0.75, keep=True
            )
        return _dropped(block, line)

    def _leads(self, index: int, rule: str) -> bool:
        """True for the standfirst: the first of the body, where something names it so."""
        named = rule == "html.standfirst" or self.blocks[index].around.hint == "standfirst"
        return named and index == self.first

    def _cut(self, index: int) -> Verdict | None:
        return None if index in self.rules else cut_of(self.lines[index])


def cut_of(line: Line) -> Verdict | None:
    """Why a line among an article's paragraphs is none of them, or None."""
    if line.long_prose:
        return None
    found = classify(line)
    if found and (found.role in _CUT_ROLES or found.rule_id in _CUT_RULES):
        return found
    return None


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
