"""Where the article is on an HTML page: the element whose blocks weigh most.

Each block adds its words where it is prose and costs where it is none, so that the element around
the article outweighs both the page (which adds chrome) and each paragraph. What a template calls a
box (``related``, ``comments``) counts against it only while the box holds a small part of the
page's prose: sites put a whole article into an element called ``premium`` or ``content-header``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.clean.page.blocks import PageBlock, Surroundings, is_heading
from pipelines.clean.text.lines import Line

_MOST_WORDS = 60
"""A long paragraph tells no more of where the article is than this many words."""
_LINKED = 0.5
"""Share of link text from which a paragraph is a pointer."""
_TELLING_SHARE = 0.5
"""Of the prose: an element that holds half of it is no box beside the article."""
_TELLING_SHARES = {"comment": 0.7}
"""Comments are often longer than the article."""
_APART = frozenset({"comment", "navigation", "teaser", "share", "paywall", "note"})
_BESIDE = frozenset({"caption", "credit", "byline", "date"})
_CHROME_TAGS = frozenset({"nav", "footer", "aside", "form", "dialog"})
_CARDS = 3
_CARD_SHARE = 0.6
_LED_SHARE = 0.1
_ARTICLE_WORDS = 120
_CARD_LINES = 4
"""Lines of a card from its title to its summary: an author, a date and a section between them."""
_TITLE_WORDS = 3
_REPEATED = 3
_REPEATED_LETTERS = 12
_SHORT_PROSE = 30


@dataclass(frozen=True, slots=True)
class Hint:
    """What the elements around a block say of it, those that hold much of the prose left out."""

    role: str | None = None
    rule: str | None = None
    in_chrome: bool = False
    """Inside nav, footer, aside, form or dialog."""


_NO_HINT = Hint()


@dataclass(slots=True)
class PageLayout:
    """A page's blocks weighed: which are prose, what their surroundings mean, which are cards."""

    blocks: Sequence[PageBlock]
    lines: Sequence[Line]
    prose: list[bool] = field(init=False)
    total: int = field(init=False)
    """Words of prose on the page, each block's up to a bound."""
    mass: Counter[int] = field(init=False)
    """The same by container: elements of one kind in one place count as one."""
    repeated: frozenset[str] = field(init=False)
    """Match keys of what the page prints three times or more, unless that is most of its prose."""
    cards: frozenset[int] = field(init=False)
    """Prose that only sums up a linked title, in a row of such."""
    _hints: dict[Surroundings, Hint] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        pairs = zip(self.blocks, self.lines, strict=True)
        self.prose = [
            line.prose and block.link_share < _LINKED and not block.around.in_consent
            for block, line in pairs
        ]
        self.mass = Counter()
        self.total = 0
        for index in self.prose_indexes():
            words = self.weight(index)
            self.total += words
            for element in around(self.blocks[index]):
                self.mass[element.container] += words
        self.repeated = self._repeated()
        self.cards = self._cards()

    def prose_indexes(self) -> Iterator[int]:
        """Indexes of the prose blocks."""
        return (index for index, prose in enumerate(self.prose) if prose)

    def weight(self, index: int) -> int:
        """Words of a block, bounded."""
        return min(self.lines[index].words, _MOST_WORDS)

    def hint(self, index: int) -> Hint:
        """What the template says of a block."""
        element = self.blocks[index].around
        found = self._hints.get(element)
        if found is None:
            found = self._hints[element] = self._hint_at(element)
        return found

    def _hint_at(self, element: Surroundings) -> Hint:
        own = self._own_hint(element)
        chrome = element.tag in _CHROME_TAGS and self.share(element) < _TELLING_SHARE
        if element.outer is None:
            return own if not chrome else Hint(own.role, own.rule, in_chrome=True)
        outer = self._hints.get(element.outer)
        if outer is None:
            outer = self._hints[element.outer] = self._hint_at(element.outer)
        named = own if own.role else outer
        if not (chrome or outer.in_chrome):
            return named
        return Hint(named.role, named.rule, in_chrome=True)

    def _own_hint(self, element: Surroundings) -> Hint:
        role = element.own_hint
        if role is None or role == "standfirst":
            return _NO_HINT
        least = _TELLING_SHARES.get(role, _TELLING_SHARE)
        if self.share(element) >= least and not element.in_consent:
            return _NO_HINT
        return Hint(role, element.own_rule)

    def narrow(self, top: Surroundings) -> None:
        """Take shares of the prose in ``top`` from now on: what is a box beside its text?"""
        self.total = self.mass[top.container]
        self._hints.clear()

    def share(self, element: Surroundings) -> float:
        """Share of the prose that lies in elements of this kind in this place."""
        return self.mass[element.container] / self.total if self.total else 0.0

    def _cards(self) -> frozenset[int]:
        """Summaries of linked titles, each in a box of its own, where most of their kind are.

        A list whose items begin with their link may also be the article itself (a round-up): such
        items are cards only on a page that has an article's worth of other prose.
        """
        below = self._in_rows(self._sums_up_link)
        led = self._in_rows(self._begins_with_link) - below
        others = sum(self.weight(i) for i in self.prose_indexes() if i not in led)
        return below | led if others >= _ARTICLE_WORDS else below

    def _in_rows(self, is_card: Callable[[int], bool]) -> frozenset[int]:
        prose: Counter[int] = Counter()
        boxes: dict[int, set[Surroundings]] = defaultdict(set)
        found: list[int] = []
        for index in self.prose_indexes():
            element = self.blocks[index].around
            prose[element.container] += 1
            if is_card(index):
                boxes[element.container].add(element)
                found.append(index)
        cards = {c for c, n in boxes.items() if len(n) >= max(_CARDS, _CARD_SHARE * prose[c])}
        return frozenset(i for i in found if self.blocks[i].around.container in cards)

    def _begins_with_link(self, index: int) -> bool:
        block = self.blocks[index]
        return block.leads_with_link and block.tag != "p" and block.link_share > _LED_SHARE

    def _sums_up_link(self, index: int) -> bool:
        for before in range(index - 1, max(-1, index - 1 - _CARD_LINES), -1):
            block, line = self.blocks[before], self.lines[before]
            if block.link_share >= 0.8 and line.words >= _TITLE_WORDS:
                return True
            if self.prose[before] or is_heading(block.tag):
                return False
        return False

    def repeats(self, index: int) -> bool:
        """True for a line that the page prints three times or more: what a template adds."""
        return self.blocks[index].key in self.repeated

    def _repeated(self) -> frozenset[str]:
        times = Counter(block.key for block in self.blocks if len(block.key) >= _REPEATED_LETTERS)
        found = frozenset(key for key, count in times.items() if count >= _REPEATED)
        words = sum(self.weight(i) for i in self.prose_indexes() if self.blocks[i].key in found)
        return found if 2 * words < self.total else frozenset()

    def value(self, index: int) -> float:
        """What a block adds to an element that holds it."""
        block, line = self.blocks[index], self.lines[index]
        if index in self.cards or self.repeats(index):
            return -5.0
        hint = self.hint(index)
        if self.prose[index]:
            return _prose_value(line, self.weight(index), hint)
        if line.sentence and block.link_share < _LINKED and hint.role is None:
            return 0.0 if hint.in_chrome else line.words * 0.5
        if block.link_share > 0.6:
            return -4.0
        return -1.0 if is_heading(block.tag) else -1.5


def _prose_value(line: Line, words: int, hint: Hint) -> float:
    if hint.role == "comment":
        return -10.0
    if hint.role in _APART:
        return -5.0 if hint.in_chrome or line.words < _SHORT_PROSE else words * 0.3
    if hint.role in _BESIDE or hint.in_chrome:
        return words * 0.2
    return float(words)


def around(block: PageBlock) -> Iterator[Surroundings]:
    """The elements around a block, innermost first."""
    element: Surroundings | None = block.around
    while element is not None:
        yield element
        element = element.outer


def heaviest(layout: PageLayout) -> Surroundings | None:
    """The element whose blocks weigh most, the innermost of equals; None on an empty page."""
    weights: dict[Surroundings, float] = {}
    for index, block in enumerate(layout.blocks):
        for element in around(block):
            if element in weights:
                break
            weights[element] = 0.0
        weights[block.around] += layout.value(index)
    if not weights:
        return None
    for element in sorted(weights, key=lambda element: -element.depth):
        if element.outer is not None:
            weights[element.outer] += weights[element]
    return max(weights, key=lambda element: (round(weights[element], 3), element.depth))
