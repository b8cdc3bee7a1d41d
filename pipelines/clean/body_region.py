"""Where the article is in a plain text page, and what every line of the page is.

The body is the run of lines with the most prose: each paragraph adds its words, each line that is
none costs, so that a list of teasers costs more than its summaries bring while an inner heading
between two paragraphs costs little.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipelines.clean.headline import find_headline
from pipelines.clean.ledger import Judged
from pipelines.clean.line_rules import Verdict, classify, is_label_and_title
from pipelines.clean.text_lines import Line

_MOST_WORDS = 60  # a long paragraph tells no more of where the article is than this many words
_TITLE_COST = 12.0
_HEADING_COST = 3.0
_CHROME_COST = 18.0
_LIGHT_COST = 4.0
_SUMMARY_WORDS = 45
_HEADING_WORDS = 14
_LIGHT_ROLES = frozenset({"caption", "credit", "placeholder", "date", "byline", "other"})
_END_ROLES = frozenset({"comment", "share", "byline", "note", "navigation"})
_END_MIN_WORDS = 60
"""Words of prose that must lie before a comments header for it to end the article."""


@dataclass(slots=True)
class Page:
    """A judged page."""

    judged: list[Judged]
    headline: str | None = None
    site_name: str | None = None


@dataclass(slots=True)
class _State:
    lines: list[Line]
    verdicts: list[Verdict | None]
    headline: int | None = None
    titles: frozenset[int] = field(default_factory=frozenset)
    """Lines that print the headline, with or without the site's name."""


def judge_page(lines: list[Line], told: str | None = None) -> Page:
    """A verdict on every line, the headline and the site's name.

    Args:
        lines: the page's lines, blank ones left out.
        told: the title that the page's feed states.

    Returns:
        The page; its judged blocks are in the order of ``lines``.

    """
    state = _State(lines, [classify(line) for line in lines])
    _mark_teasers(state)
    start, end = _best_run(state)
    title = find_headline(lines, state.verdicts, start, end, told)
    state.headline, state.titles = title.index, title.printed_at
    if title.index is not None and title.index >= start:
        start, end = _best_run(state, after=title.index)
    judged = [_judge(state, index, start, end) for index in range(len(lines))]
    return Page(judged, title.text, title.site_name)


def _mark_teasers(state: _State) -> None:
    """Teaser lists by structure: a title printed twice, or a title beside a relative age.

    The summary that follows such a title, one short paragraph, belongs to it. The first title of a
    page may be the article's own, printed as page title and as headline: a repeated line counts
    only where an age or another repeated title is near, or prose came before both.
    """
    lines, verdicts = state.lines, state.verdicts
    counts = Counter(line.key for line in lines if line.words >= 3)
    prose_before = 0
    first_seen: dict[str, int] = {}
    for index, line in enumerate(lines):
        if line.prose and counts[line.key] < 2:
            prose_before += line.words
        if (
            counts[line.key] > 1
            and line.words >= 3
            and verdicts[index] is None
            and not line.long_prose
        ):
            first_seen.setdefault(line.key, prose_before)
            if first_seen[line.key] >= _END_MIN_WORDS or _age_near(state, index):
                verdicts[index] = Verdict("teaser", "text.repeated_title", 0.9)
                _mark_summary(state, index)
        elif _title_like(line) and verdicts[index] is None and _follows_age_list(state, index):
            verdicts[index] = Verdict("teaser", "text.title_and_age", 0.75)
            _mark_summary(state, index)


def _title_like(line: Line) -> bool:
    return not line.stopped and 3 <= line.words <= 25


def _is_age(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.rule_id == "text.relative_age"


def _age_near(state: _State, index: int) -> bool:
    near = state.verdicts[max(0, index - 1) : index + 2]
    return any(map(_is_age, near))


def _follows_age_list(state: _State, index: int) -> bool:
    """True where titles and ages alternate: an age right after this line and another within six."""
    following = state.verdicts[index + 1 : index + 2]
    around = state.verdicts[max(0, index - 6) : index + 8]
    return any(map(_is_age, following)) and sum(map(_is_age, around)) >= 2


def _mark_summary(state: _State, index: int) -> None:
    for place in range(index + 1, min(index + 3, len(state.lines))):
        line = state.lines[place]
        if state.verdicts[place] is None and line.prose and line.words <= _SUMMARY_WORDS:
            state.verdicts[place] = Verdict("teaser", "text.teaser_summary", 0.75)
            return


def _value(state: _State, index: int, prose_before: int) -> float:
    line, verdict = state.lines[index], state.verdicts[index]
    if index in state.titles:
        return -1.0
    if verdict is not None:
        return -_LIGHT_COST if verdict.role in _LIGHT_ROLES else -_CHROME_COST
    if line.prose:
        value = float(min(line.words, _MOST_WORDS))
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


def _is_afterword(state: _State, index: int, prose_before: int) -> bool:
    """A labelled paragraph after the page's closing lines: two signals, so length is no guard."""
    from pipelines.clean import labels

    found = labels.prefix(state.lines[index].text)
    if found is None or found.role not in {"note", "byline"} or prose_before < _END_MIN_WORDS:
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
        if verdict is not None and verdict.role == "comment" and prose >= _END_MIN_WORDS:
            break
        if total <= 0:
            total, start = 0.0, index
        total += _value(state, index, prose)
        line = state.lines[index]
        prose += line.words if verdict is None and line.prose else 0
        if total > best:
            best, best_run = total, (start, index + 1)
    return best_run


def _judge(state: _State, index: int, start: int, end: int) -> Judged:
    line, verdict = state.lines[index], state.verdicts[index]
    if index in state.titles:
        return Judged(line.text, "headline", "text.headline", 0.9, keep=False)
    if start <= index < end:
        return _judge_inside(state, index)
    if verdict is not None:
        return Judged(line.text, verdict.role, verdict.rule_id, verdict.confidence, keep=False)
    if index < start:
        return Judged(line.text, "navigation", "text.before_body", 0.6, keep=False)
    if is_label_and_title(line):
        return Judged(line.text, "teaser", "text.label_and_title", 0.7, keep=False)
    if line.prose:
        return Judged(line.text, "note", "text.after_body", 0.5, keep=False)
    return Judged(line.text, "other", "text.after_body", 0.6, keep=False)


def _judge_inside(state: _State, index: int) -> Judged:
    line, verdict = state.lines[index], state.verdicts[index]
    if verdict is not None:
        return Judged(line.text, verdict.role, verdict.rule_id, verdict.confidence, keep=False)
    if line.bullet:
        return Judged(line.text, "list_item", "text.bullet", 0.8, keep=True)
    if line.prose or line.sentence:
        return Judged(line.text, "body", "text.prose", 0.9, keep=True)
    if is_label_and_title(line):
        return Judged(line.text, "teaser", "text.label_and_title", 0.7, keep=False)
    if line.words <= _HEADING_WORDS:
        return Judged(line.text, "heading", "text.heading", 0.7, keep=True)
    return Judged(line.text, "body", "text.inside_body", 0.6, keep=True)
