"""Lists of pointers to other pieces, known by their structure in whatever language they stand.

A list repeats itself: the same title twice (of a picture and of a text), a title and its age, a
title and its one short paragraph, one short label on every item. An article does none of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipelines.clean.text.line_rules import Verdict
from pipelines.clean.text.lines import Line

PROSE_BEFORE = 60
"""Words of prose that must lie before a list for it to end the article."""
_TITLE_WORDS = range(3, 26)
SUMMARY_WORDS = 45
"""A teaser's summary is one paragraph no longer than this; agencies' leads have 25 to 40 words."""
_LIST_ITEMS = 3
"""Titles each with one short paragraph that make a list: two sections of an article may look so."""
_ITEM_LINES = 4
"""Short lines (rubric, title, author, age) of one item above its summary."""
_LIST_TITLE_WORDS = 4
_LABEL_WORDS = 4
_LABEL_REPEATS = 3


def mark_lists(lines: Sequence[Line], verdicts: list[Verdict | None]) -> None:
    """Adds the verdicts that only the lines around a line can tell; keeps those that are there.

    Args:
        lines: the page's lines.
        verdicts: what each line is by itself, None where it may be text; changed in place.

    """
    _take_back_lone_age(verdicts)
    _mark_repeated_labels(lines, verdicts)
    _mark_titles(lines, verdicts)
    _mark_titles_with_summaries(lines, verdicts)
    _mark_ages(verdicts)


def is_age(verdict: Verdict | None) -> bool:
    """True for ``3 hours ago``, in a list of teasers or not."""
    return verdict is not None and verdict.rule_id in {"text.relative_age", "text.teaser_age"}


def _take_back_lone_age(verdicts: list[Verdict | None]) -> None:
    """A number and some small words may be a heading (``5 key takeaways``): ages come in lists."""
    ages = [i for i, verdict in enumerate(verdicts) if is_age(verdict)]
    if len(ages) == 1:
        verdicts[ages[0]] = None


def _mark_repeated_labels(lines: Sequence[Line], verdicts: list[Verdict | None]) -> None:
    """The same few words on three lines or more are a template's: ``Reply``, ``Topic``, ``Listen``.

    Names before a colon are left: an interview prints its speakers so.
    """
    counts = Counter(line.key for line in lines if line.words <= _LABEL_WORDS and not line.bullet)
    for index, line in enumerate(lines):
        if (
            counts[line.key] >= _LABEL_REPEATS
            and verdicts[index] is None
            and line.words <= _LABEL_WORDS
            and not line.stopped
            and not line.bullet
            and not line.text.endswith((":", "："))
        ):
            verdicts[index] = Verdict("navigation", "text.repeated_label", 0.7)


def _mark_titles(lines: Sequence[Line], verdicts: list[Verdict | None]) -> None:
    """A title printed twice, or beside a relative age, with the summary that follows it.

    The first title of a page may be the article's own, printed as page title and as headline: a
    repeated line counts only where an age is near, or prose came before both.
    """
    counts = Counter(line.key for line in lines if line.words >= 3)
    prose_before = 0
    first_seen: dict[str, int] = {}
    for index, line in enumerate(lines):
        if line.prose and counts[line.key] < 2:
            prose_before += line.words
        if verdicts[index] is not None:
            continue
        if counts[line.key] > 1 and line.words >= 3 and not line.long_prose:
            first_seen.setdefault(line.key, prose_before)
            if first_seen[line.key] >= PROSE_BEFORE or _age_near(verdicts, index):
                verdicts[index] = Verdict("teaser", "text.repeated_title", 0.9)
                if _in_one_item(lines, verdicts, index):
                    _mark_summary(lines, verdicts, index)
        elif not line.stopped and line.words in _TITLE_WORDS and _follows_age_list(verdicts, index):
            verdicts[index] = Verdict("teaser", "text.title_and_age", 0.75)
            _mark_summary(lines, verdicts, index)


def _in_one_item(lines: Sequence[Line], verdicts: Sequence[Verdict | None], index: int) -> bool:
    """True where an age or the other printing of a title stands beside it, no text between them.

    A line that comes back after every few paragraphs is an advertisement's place in an article.
    """
    if _age_near(verdicts, index):
        return True
    for line in reversed(lines[max(0, index - _ITEM_LINES) : index]):
        if line.key == lines[index].key:
            return True
        if line.prose:
            return False
    return False


def _age_near(verdicts: Sequence[Verdict | None], index: int) -> bool:
    return any(map(is_age, verdicts[max(0, index - 1) : index + 2]))


def _follows_age_list(verdicts: Sequence[Verdict | None], index: int) -> bool:
    """True where titles and ages alternate: an age right after this line and another within six."""
    around = verdicts[max(0, index - 6) : index + 8]
    return any(map(is_age, verdicts[index + 1 : index + 2])) and sum(map(is_age, around)) >= 2


def _mark_summary(lines: Sequence[Line], verdicts: list[Verdict | None], index: int) -> None:
    """The one short paragraph under a title. Where text goes on after it, it is the article's."""
    for place in range(index + 1, min(index + 3, len(lines))):
        if verdicts[place] is None and _is_summary(lines, place):
            verdicts[place] = Verdict("teaser", "text.teaser_summary", 0.75)
            return


def _is_summary(lines: Sequence[Line], place: int) -> bool:
    line = lines[place]
    alone = place + 1 >= len(lines) or not (lines[place + 1].prose or lines[place + 1].sentence)
    return line.prose and line.words <= SUMMARY_WORDS and alone


def _mark_titles_with_summaries(lines: Sequence[Line], verdicts: list[Verdict | None]) -> None:
    """After the article, three titles in a row that each have one short paragraph and no more."""
    prose_before, index = 0, 0
    run: list[tuple[int, int]] = []
    while index < len(lines):
        item = _item(lines, verdicts, index)
        if item is not None:
            run.append((index, item))
            index = item + 1
            continue
        _mark_run(run, prose_before, verdicts)
        prose_before += sum(lines[place].words for _, place in run)
        run = []
        line = lines[index]
        prose_before += line.words if line.prose and verdicts[index] is None else 0
        index += 1
    _mark_run(run, prose_before, verdicts)


def _item(lines: Sequence[Line], verdicts: Sequence[Verdict | None], start: int) -> int | None:
    """The place of the summary of the item that begins at ``start``, or None where none does."""
    titled = False
    for place in range(start, min(start + _ITEM_LINES + 1, len(lines))):
        line = lines[place]
        if line.prose:
            return place if titled and _is_summary(lines, place) else None
        free = verdicts[place] is None or verdicts[place].role == "teaser"  # type: ignore[union-attr]
        titled = titled or (free and not line.stopped and line.words >= _LIST_TITLE_WORDS)
    return None


def _mark_run(
    run: Sequence[tuple[int, int]], prose_before: int, verdicts: list[Verdict | None]
) -> None:
    if len(run) < _LIST_ITEMS or prose_before < PROSE_BEFORE:
        return
    for start, summary in run:
        for place in range(start, summary + 1):
            if verdicts[place] is None:
                rule = "text.list_summary" if place == summary else "text.list_title"
                verdicts[place] = Verdict("teaser", rule, 0.7)


def _mark_ages(verdicts: list[Verdict | None]) -> None:
    """An age beside a teaser is the teaser's, not the article's."""
    for index, verdict in enumerate(verdicts):
        beside = verdicts[max(0, index - 1) : index] + verdicts[index + 1 : index + 2]
        if is_age(verdict) and any(v is not None and v.role == "teaser" for v in beside):
            verdicts[index] = Verdict("teaser", "text.teaser_age", 0.85)
