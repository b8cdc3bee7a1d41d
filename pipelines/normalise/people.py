"""The persons of one article: full names, and the words that stand for them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.normalise.names import (
    PARTICLES,
    SUFFIXES,
    fold_name,
    person_words,
    surname,
)
from pipelines.normalise.recognise import Passage


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
        self.by_surname[last].add(name)
        self.by_surname[last.split()[-1]].add(name)
        self.by_first[words[0]].add(name)

    def anchors(self) -> dict[str, str]:
        """Each full name with the longest form of the same name in the article.

        Two are the same where first name, surname and suffix (Jr, III) agree.
        """
        by_identity: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for name in self.full:
            by_identity[_identity(name)].append(name)
        merged: dict[str, str] = {}
        for names in by_identity.values():
            longest = min(names, key=lambda name: (-len(person_words(name)), -len(name), name))
            merged.update(dict.fromkeys(names, longest))
        return merged


def people_of(passages: Iterable[Passage]) -> People:
    """Collect the full names that the article's texts print."""
    people = People()
    for passage in passages:
        for span in passage.spans:
            name = passage.text[span.start : span.end]
            if span.entity_type == "person" and is_full_name(name):
                people.add(name)
    return people


def is_full_name(name: str) -> bool:
    """True for two words and more, none in small letters but particles, without digits."""
    words = person_words(name)
    return (
        len(words) > 1
        and not any(char.isdigit() for char in name)
        and all(word.casefold() in PARTICLES or not word[0].islower() for word in words)
    )


def _identity(name: str) -> tuple[str, str, str]:
    words = person_words(name)
    suffix = words[-1].casefold() if words[-1].casefold() in SUFFIXES else ""
    return fold_name(words[0]), fold_name(surname(words)), suffix
