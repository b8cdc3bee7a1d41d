"""Short forms that an article explains: in brackets behind the long form, or by its initials."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from pipelines.normalise.names import entity_key, fold_name, name_words
from pipelines.normalise.recognise import Passage

_BRACKETED = re.compile(r"(?:['’]s?)?\s?[(\[]\s?(?P<short>[^\W\d_][\w.&-]{1,9})\s?[)\]]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Words that initials leave out.
_UNCOUNTED = frozenset({"of", "the", "and", "for", "in", "on", "de", "la", "del", "des", "du"})
SHORTEST_BY_INITIALS = 3
LONGEST_WORD = 24


def explained_forms(passages: Iterable[Passage]) -> dict[str, str]:
    """Short forms in brackets with the long form before them, as this article prints them.

    The long form is a recognised organization whose letters the short one takes in order, or else
    the words that begin with its letters, whatever they name: "artificial pancreas (AP)". A short
    form with two long ones is left out.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for passage in passages:
        text = passage.text
        organizations = {s.end: s for s in passage.spans if s.entity_type == "organization"}
        for bracket in _BRACKETED.finditer(text):
            short = bracket["short"]
            if not short[0].isupper() or short[1:].islower():
                continue
            span = organizations.get(bracket.start())
            if span is not None and _abbreviates(short, text[span.start : span.end]):
                found[short].add(text[span.start : span.end])
            elif phrase := _phrase_with_initials(text, bracket.start(), short):
                found[short].add(phrase)
    return _unambiguous(found)


def initials_of(organizations: Iterable[str]) -> dict[str, str]:
    """Initials (three letters and more) of the article's organizations, with the long forms."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in organizations:
        initials = "".join(word[0] for word in _WORD.findall(name) if word not in _UNCOUNTED)
        if len(initials) >= SHORTEST_BY_INITIALS and initials.isupper():
            found[initials].add(name)
    return _unambiguous(found)


def _unambiguous(found: dict[str, set[str]]) -> dict[str, str]:
    return {
        short: min(names)
        for short, names in found.items()
        if len({entity_key("organization", name) for name in names}) == 1
    }


def _abbreviates(short: str, name: str) -> bool:
    """True where the letters of ``short`` stand in ``name`` in order, the first one first."""
    letters = fold_name(short).replace(" ", "")
    rest = iter(fold_name(name))
    return (
        len(name_words(name)) > 1
        and fold_name(name)[:1] == letters[:1]
        and all(letter in rest for letter in letters)
    )


def _phrase_with_initials(text: str, end: int, short: str) -> str | None:
    """The last words before ``end`` whose initials spell ``short``, small words not counted."""
    letters = [char for char in short.casefold() if char.isalnum()]
    words = list(_WORD.finditer(text, max(0, end - LONGEST_WORD * len(letters)), end))
    position = len(words)
    while letters and position:
        position -= 1
        word = words[position].group().casefold()
        if word[0] == letters[-1]:
            letters.pop()
        elif word not in _UNCOUNTED:
            return None
    return None if letters or position == len(words) else text[words[position].start() : end]
