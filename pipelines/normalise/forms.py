"""Printed forms of names as an index, and where they stand in a text as whole words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pipelines.normalise.scripts import ends_word, stems, word_pattern

FormIndex = Mapping[str, list[str]]
"""First word of the forms -> the forms, longest first."""


def index_forms(forms: Iterable[str]) -> FormIndex:
    """Index forms by their first word; those that do not begin with a word are left out."""
    by_first_word: dict[str, list[str]] = defaultdict(list)
    for form in forms:
        first = word_pattern().match(form)
        if first is not None:
            by_first_word[first.group()].append(form)
    for alike in by_first_word.values():
        alike.sort(key=lambda form: (-len(form), form))
    return dict(by_first_word)


def occurrences(text: str, index: FormIndex) -> Iterator[tuple[int, int]]:
    """Places of indexed forms in ``text``: the longest at each place, left to right, apart.

    Linear in the text however many forms there are, unlike one long regular expression.
    """
    done = 0
    for word in word_pattern().finditer(text) if index else ():
        if word.start() < done:
            continue
        form = _longest(text, word.start(), word.group(), index)
        if form is not None:
            done = word.start() + len(form)
            yield word.start(), done


def _longest(text: str, start: int, word: str, index: FormIndex) -> str | None:
    for stem in stems(word):
        for form in index.get(stem, ()):
            if text.startswith(form, start) and ends_word(text, start + len(form)):
                return form
    return None
