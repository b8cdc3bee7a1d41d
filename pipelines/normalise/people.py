"""The persons of one article: full names, and the words that stand for them alone."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.normalise.names import (
    PARTICLES,
    SUFFIXES,
    fold_name,
    name_words,
    person_words,
    surname,
)
from pipelines.normalise.recognise import Passage
from pipelines.normalise.sentences import sentence_number
from pipelines.normalise.spans import Span

_PAIR = 2


@dataclass(slots=True)
class People:
    """Full names of persons in one article, by the words that stand for them."""

    full: set[str] = field(default_factory=set)
    by_surname: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_first: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, name: str) -> None:
        """Take in a full name."""
        words = person_words(name)
        self.full.add(name)
        last = surname(words)
        # As it opens a sentence ("Van der Bell") and stands in a headline in capitals.
        for form in (last, last[0].upper() + last[1:], last.split()[-1], last.upper()):
            self.by_surname[form].add(name)
        for form in (words[0], words[0].upper()):
            self.by_first[form].add(name)

    def nearest(self, passage: Passage, span: Span) -> str | None:
        """The full name that a surname of several persons stands for, where grammar is plain.

        The last sentence of its paragraph that prints such a full name prints only one.
        """
        text = passage.text
        paragraph = text.rfind("\n\n", 0, span.start) + 1
        named = self.by_surname.get(text[span.start : span.end], set())
        sentence, found = -1, set[str]()
        for other in before(passage.spans, span):
            if other.start < paragraph or (found and other.end <= sentence):
                break
            name = text[other.start : other.end]
            if name in named:
                number = sentence_number(passage.sentence_starts, other.start)
                sentence = passage.sentence_starts[number]
                found.add(name)
        identities = {_identity(name) for name in found}
        return min(found) if len(identities) == 1 else None

    def anchors(self) -> dict[str, str]:
        """Each full name with the longest form of the same name in the article.

        Two are the same where first name, surname and suffix (Jr, III) agree, or where one is the
        two given names or the two family names of one longer name: "Ana Lucía" and "Pike Ortega".
        """
        by_identity: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for name in self.full:
            by_identity[_identity(name)].append(name)
        merged: dict[str, str] = {}
        for names in by_identity.values():
            longest = min(names, key=_fullness)
            merged.update(dict.fromkeys(names, longest))
        ends: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for name in self.full:
            words = person_words(name)
            if len(words) > _PAIR and words[-1].casefold() not in SUFFIXES:
                for pair in (words[:_PAIR], words[-_PAIR:]):
                    ends[tuple(pair)].add(merged[name])
        for name, anchor in merged.items():
            longer = ends.get(tuple(person_words(anchor)), set())
            if len(longer) == 1:
                merged[name] = min(longer)
        return merged


def people_of(passages: Iterable[Passage]) -> People:
    """Collect the full names that the article's texts print."""
    people = People()
    names = {
        p.text[s.start : s.end] for p in passages for s in p.spans if s.entity_type == "person"
    }
    full = sorted(filter(is_full_name, names))
    for name in full:
        if name_words(name)[0].casefold() not in PARTICLES:
            people.add(name)
    # "Von der Leyen" opens a sentence after "Ursula von der Leyen"; "Van Morrison" is whole.
    for name in full:
        if name_words(name)[0].casefold() in PARTICLES and name not in people.by_surname:
            people.add(name)
    return people


def before(spans: Sequence[Span], span: Span) -> Iterator[Span]:
    """The spans (sorted, apart) before one, the nearest first."""
    first = bisect.bisect_left(spans, span.start, key=lambda one: one.start)
    return (spans[at] for at in range(first - 1, -1, -1))


def is_full_name(name: str) -> bool:
    """True for two words and more, none in small letters but particles, without digits."""
    words = person_words(name)
    return (
        len(words) > 1
        and not any(char.isdigit() for char in name)
        and all(word.casefold() in PARTICLES or not word[0].islower() for word in words)
    )


def _fullness(name: str) -> tuple[int, bool, int, str]:
    """Sorts the fullest form first; capitals are how a headline prints it."""
    return -len(person_words(name)), name.isupper(), -len(name), name


def _identity(name: str) -> tuple[str, str, str]:
    words = person_words(name)
    suffix = words[-1].casefold() if words[-1].casefold() in SUFFIXES else ""
    return fold_name(words[0]), fold_name(surname(words)), suffix
