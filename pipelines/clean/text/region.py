"""Where the article is in a plain text page, and what every line of the page is.

The body is the run of lines with the most prose: each paragraph adds its words, each line that is
none costs, so that a list of teasers costs more than its summaries bring while an inner heading
between two paragraphs costs little.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.clean.learnt_chrome import Region, Sightings, mark_learnt, sightings_of
from pipelines.clean.ledger import Judged
from pipelines.clean.text import labels
from pipelines.clean.text.headline import Title, find_headline
from pipelines.clean.text.line_rules import Verdict, classify, is_label_and_title, is_title_case
from pipelines.clean.text.lines import Line
from pipelines.clean.text.teaser_lists import PROSE_BEFORE, SUMMARY_WORDS, mark_lists

_MOST_WORDS = 60  # a long paragraph tells no more of where the article is than this many words
_TITLE_COST = 16.0
_HEADING_COST = 3.0
_CHROME_COST = 18.0
_LIGHT_COST = 4.0
_ALONE_SHARE = 0.7
"""Worth of a short paragraph between short lines: of 141 on labelled pages half were teasers'."""
_WEAK_WORDS = 20
"""Words of a paragraph that a word of subscriptions or of the law in it does not judge alone."""
_LEGAL_SHARE = 0.3
"""Worth of a paragraph that speaks of cookies, terms or rights twice: less than an article's, but
the text where there is no other. After an article it has none."""
_HEADING_WORDS = 14
_STANDFIRST_REACH = 9
"""Lines below the headline within which a standfirst stands."""
_STANDFIRST_WORDS = 12
_LIST_REACH = 10
"""Items of a list without bullets below the colon that announces it."""
_LIGHT_ROLES = frozenset({"caption", "credit", "placeholder", "date", "byline", "other"})
_END_ROLES = frozenset({"comment", "share", "byline", "note", "navigation"})


@dataclass(slots=True)
class Page:
    """A judged page."""

    judged: list[Judged]
    headline: str | None = None
    site_name: str | None = None
    sightings: Sightings | None = None
    """What it tells of lines that its source repeats; the same whatever was learnt before."""


@dataclass(slots=True)
class _State:
    lines: list[Line]
    verdicts: list[Verdict | None]
    headline: int | None = None
    titles: frozenset[int] = field(default_factory=frozenset)
    """Lines that print the headline, with or without the site's name."""
    weak: dict[int, Verdict] = field(default_factory=dict)
    """Verdicts on prose by its words alone: they hold unless the text goes on around it."""
    legal: frozenset[int] = field(default_factory=frozenset)
    """Prose that its words put among notices and offers, as far as words can."""


def judge_page(
    lines: list[Line], told: str | None = None, learnt: frozenset[str] = frozenset()
) -> Page:
    """A verdict on every line, the headline and the site's name.

    Args:
        lines: the page's lines, blank ones left out.
        told: the title that the page's feed states.
        learnt: names of lines that the page's source is known to repeat.

    Returns:
        The page; its judged blocks are in the order of ``lines``.

    """
    state = _State(lines, [classify(line) for line in lines])
    _set_weak_aside(state)
    mark_lists(lines, state.verdicts)
    title, region = _locate(state, told)
    sightings = sightings_of(lines, state.verdicts, region)
    if learnt and sightings and mark_learnt(lines, state.verdicts, region, learnt):
        title, region = _locate(state, told)
    judged = [_judge(state, index, region.start, region.end) for index in range(len(lines))]
    return Page(judged, title.text, title.site_name, sightings)


def _set_weak_aside(state: _State) -> None:
    for index, verdict in enumerate(state.verdicts):
        line = state.lines[index]
        by_words = verdict is not None and verdict.rule_id.startswith("text.words.")
        if verdict is not None and by_words and line.prose and line.words >= _WEAK_WORDS:
            state.weak[index] = verdict
            state.verdicts[index] = None
    notices = {
        index
        for index, line in enumerate(state.lines)
        if state.verdicts[index] is None
        and line.prose
        and labels.told_words(line.text).get("note", 0) >= 2
    }
    state.legal = frozenset(notices | state.weak.keys())


def _locate(state: _State, told: str | None) -> tuple[Title, Region]:
    """Where text and headline are; the state's headline is set."""
    state.headline, state.titles = None, frozenset()
    start, end = _best_run(state)
    title = find_headline(state.lines, state.verdicts, start, end, told)
    state.headline, state.titles = title.index, title.printed_at
    if title.index is not None and title.index >= start:
        start, end = _best_run(state, after=title.index)
    return title, Region(start, end, title.printed_at)


def _value(state: _State, index: int, prose_before: int) -> float:
    line, verdict = state.lines[index], state.verdicts[index]
    if index in state.titles:
        return -1.0
    if verdict is not None:
        if verdict.rule_id == "text.repeated_label":
            return -_TITLE_COST / 2
        return -_LIGHT_COST if verdict.role in _LIGHT_ROLES else -_CHROME_COST
    if line.prose:
        value = float(min(line.words, _MOST_WORDS))
        if index in state.legal:
            value = -_LIGHT_COST if prose_before >= PROSE_BEFORE else value * _LEGAL_SHARE
        if line.words <= SUMMARY_WORDS and _stands_alone(state, index):
            value *= _ALONE_SHARE
        return -value if _is_afterword(state, index, prose_before) else value
    if line.sentence:
        return line.words * 0.7
    if line.bullet and line.words >= 5:
        return 2.0
    following = state.lines[index + 1] if index + 1 < len(state.lines) else None
    if (
        line.words <= _HEADING_WORDS
        and following is not None
        and following.prose
        and following.words >= 15
    ):
        return -_HEADING_COST if not is_label_and_title(line) else -_TITLE_COST
    return -_TITLE_COST if line.words > 2 else -_TITLE_COST / 2


def _stands_alone(state: _State, index: int) -> bool:
    """True for a paragraph without text right above or below it, as teasers' summaries stand."""
    beside = state.lines[max(0, index - 1) : index] + state.lines[index + 1 : index + 2]
    return not any(line.prose or line.sentence or line.bullet for line in beside)


def _is_afterword(state: _State, index: int, prose_before: int) -> bool:
    """A labelled paragraph after the page's closing lines: two signals, so length is no guard."""
    found = labels.prefix(state.lines[index].text)
    if found is None or found.role not in {"note", "byline"} or prose_before < PROSE_BEFORE:
        return False
    before = state.verdicts[max(0, index - 4) : index]
    return any(v is not None and v.role in _END_ROLES for v in before)


def _best_run(state: _State, after: int = -1) -> tuple[int, int]:
    """First line and the line after the last of the run with the greatest value."""
    best, best_run = 0.0, (after + 1, after + 1)
    total, start = 0.0, after + 1
    prose = 0
    for index in range(after + 1, len(state.lines)):
        verdict = state.verdicts[index]
        if verdict is not None and verdict.role == "comment" and prose >= PROSE_BEFORE:
            break
        if total <= 0:
            total, start = 0.0, index
        total += _value(state, index, prose)
        line = state.lines[index]
        if verdict is None and line.prose and index not in state.legal:
            prose += line.words
        if total > best:
            best, best_run = total, (start, index + 1)
    return best_run


def _judge(state: _State, index: int, start: int, end: int) -> Judged:
    line, verdict = state.lines[index], state.verdicts[index]
    if index in state.titles:
        return _judge_title(state, index)
    if index in state.weak and not (start < index < end - 1 and not _stands_alone(state, index)):
        verdict = state.weak[index]
        return _cut(line, verdict.role, verdict.rule_id, verdict.confidence)
    if start <= index < end:
        return _judge_inside(state, index, end)
    if verdict is not None:
        return _cut(line, verdict.role, verdict.rule_id, verdict.confidence)
    if index < start:
        if _is_standfirst(state, index, start):
            return Judged(line.text, "standfirst", "text.standfirst", 0.7, keep=True)
        return _cut(line, "navigation", "text.before_body", 0.6)
    if is_label_and_title(line):
        return _cut(line, "teaser", "text.label_and_title", 0.7)
    return _cut(line, "note" if line.prose else "other", "text.after_body", 0.5)


def _cut(line: Line, role: str, rule_id: str, confidence: float) -> Judged:
    return Judged(line.text, role, rule_id, confidence, keep=False)


def _judge_title(state: _State, index: int) -> Judged:
    """The headline; with the site's name it is the title of the browser's window."""
    line = state.lines[index]
    if state.headline is not None and line.key != state.lines[state.headline].key:
        return _cut(line, "navigation", "text.page_title", 0.9)
    return _cut(line, "headline", "text.headline", 0.9)


def _is_standfirst(state: _State, index: int, start: int) -> bool:
    """A full sentence between the headline and the text, whatever stands between them.

    Bylines, dates and captions part a standfirst from the text on many pages; what else stands
    there is short.
    """
    line = state.lines[index]
    return (
        state.headline is not None
        and state.headline < index < min(start, state.headline + _STANDFIRST_REACH)
        and line.prose
        and line.stopped
        and line.words >= _STANDFIRST_WORDS
    )


def _judge_inside(state: _State, index: int, end: int) -> Judged:
    line, verdict = state.lines[index], state.verdicts[index]
    if verdict is not None:
        return _cut(line, verdict.role, verdict.rule_id, verdict.confidence)
    if line.bullet:
        return Judged(line.text, "list_item", "text.bullet", 0.8, keep=True)
    if line.prose or line.sentence:
        return Judged(line.text, "body", "text.prose", 0.9, keep=True)
    if not _heads_text(state, index, end):
        return _cut(line, "other", "text.heads_nothing", 0.6)
    if is_label_and_title(line) and is_title_case(line):
        return _cut(line, "teaser", "text.label_and_title", 0.7)
    if line.words <= _HEADING_WORDS:
        return Judged(line.text, "heading", "text.heading", 0.7, keep=True)
    return Judged(line.text, "body", "text.inside_body", 0.6, keep=True)


def _heads_text(state: _State, index: int, end: int) -> bool:
    """True for a line that text follows, as it follows every heading, or that a colon announces.

    A line among other short lines is a label, a caption, a name in a box or a table's cell. Lines
    after a colon are a list that lost its bullets.
    """
    following = index + 1
    while following < end and state.verdicts[following] is not None:
        following += 1
    own = state.lines[index]
    if own.words > _HEADING_WORDS or (own.words > 3 and own.text.endswith((":", "："))):
        return True
    if following < end:
        line = state.lines[following]
        if line.prose or line.sentence or line.bullet:
            return True
    for before in reversed(state.lines[max(0, index - _LIST_REACH) : index]):
        if before.text.endswith((":", "：")):
            return True
        if before.prose or before.sentence:
            return False
    return False
