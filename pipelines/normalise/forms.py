"""Printed forms of names as an index, and where they stand in a text as whole words."""

from __future__ import annotations

import re
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pipelines.normalise.scripts import (
    FIRST_JOINED,
    ends_word,
    places_behind,
    stems,
    word_pattern,
)

if TYPE_CHECKING:
    from pipelines.reference.lexicon import Lexicon

FormIndex = Mapping[str, list[str]]
"""First word of the forms -> the forms, longest first."""

_SURROGATE = re.compile("[\ud800-\udfff]")


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

    For the few forms of one article. Linear in the text, unlike one long regular expression.
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


def small_first_words(forms: Lexicon) -> frozenset[str]:
    """First words of the forms that begin with a small Latin letter: few names do."""
    firsts = (
        word_pattern().match(form)
        for letter in string.ascii_lowercase
        for form in forms.keys(letter, len(forms))
    )
    return frozenset(first.group() for first in firsts if first is not None)


def places(text: str, forms: Lexicon, small: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The same for the forms of a catalogue, however many they are: one look-up a word at most.

    ``small``: their ``small_first_words``; most words of a text are small and begin no name.

    What ends inside a word falls to ``ends_word``, so a Korean name before a particle is found. An
    Arabic or Hebrew one is also found behind a letter that is written together with it.
    """
    if _SURROGATE.search(text):
        # No form has one, and the lexicon speaks UTF-8. U+FFFD is no part of a word either.
        text = _SURROGATE.sub("\ufffd", text)
    prefixes, longest, done = forms.prefixes, forms.longest, 0
    for word in word_pattern().finditer(text):
        start = word.start()
        if start < done:
            continue
        if "a" <= text[start] <= "z" and word.group() not in small:
            continue
        starts = [start]
        if text[start] >= FIRST_JOINED:
            starts += [start + offset for offset in places_behind(word.group())]
        for at in starts:
            found = reversed(prefixes(text[at : at + longest]))
            form = next((form for form in found if ends_word(text, at + len(form))), None)
            if form is not None:
                done = at + len(form)
                yield at, done
                break
