"""The words of roles, read from ``data/roles.csv``: offices, jobs, and what stands around them.

A row is a ``word`` (or phrase; printed so where it has a capital) of a ``language`` (ISO 639-1) and
its ``kind``: ``head`` a role by itself, with the ``office`` it is and its ``field``; ``portfolio``
what a minister is in charge of, with the office that makes; ``modifier`` a word in front of a head;
``neutral`` one that leaves a president a state's; ``time`` says that it is over or not yet;
``under`` makes it a deputy's; ``verb`` is what somebody does to a body ("who heads");
``honorific`` is no role; ``state`` names a country in general; ``institution`` and ``public`` tell
bodies from other names, and the state's from others; ``article``, ``possessive``, ``connector``
are the small words. ``provenance``: ``editor``, written for this project.
"""

from __future__ import annotations

import csv
import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "roles.csv"

STATE_OFFICES = frozenset(
    {
        "president", "vice_president", "prime_minister", "deputy_prime_minister", "chancellor",
        "monarch", "crown_prince", "governor_general", "supreme_leader", "emir", "sultan",
    }
)  # fmt: skip
"""Offices of a state whose words also name heads of clubs, companies and universities."""


@dataclass(frozen=True, slots=True)
class Head:
    """A word or phrase that is a role by itself: "spokesperson", "prime minister"."""

    office: str | None
    field: str | None
    """politics, sport, business, law, police, health, science, arts, media, religion, military or
    education; None: of no field."""


@dataclass(frozen=True, slots=True)
class RoleWords:
    """The words of one language, case folded but for those printed so: "CEO", "Gen."."""

    language: str
    heads: Mapping[tuple[str, ...], Head]
    longest: int
    """Words of the longest head."""
    portfolios: Mapping[str, str]
    """The field of a minister -> the office."""
    kinds: Mapping[str, frozenset[str]]
    """``modifier`` and the other kinds of the table -> words."""
    shortened: frozenset[str]
    """Words that a full stop ends, without it: "Gen"."""

    def head_at(self, words: Sequence[str], end: int) -> tuple[int, Head] | None:
        """The longest head whose last word is ``words[end - 1]``: where it starts, and what it is.

        ``words`` as printed; of a compound the part counts that is no word of time
        ("ex-minister", "president-elect").
        """
        for start in range(max(0, end - self.longest), end):
            head = self._head(words[start:end])
            if head is not None:
                return start, head
        prefix, hyphen, last = words[end - 1].rpartition("-")
        if not hyphen and prefix_of_time(words[end - 1]):
            head = self._head((words[end - 1][2:],))
            return None if head is None else (end - 1, head)
        if not hyphen or not prefix:
            return None
        head = self._head((prefix,) if self.has("time", last) else (last,))
        return None if head is None else (end - 1, head)

    def _head(self, words: Sequence[str]) -> Head | None:
        folded = tuple(word.casefold() for word in words)
        return self.heads.get(folded) or self.heads.get(tuple(words))

    def has(self, kind: str, word: str) -> bool:
        """True for a word of that kind."""
        return word.casefold() in self.kinds[kind]


def prefix_of_time(word: str) -> bool:
    """True for a word that may begin with "ex", as in "expresidente"."""
    return len(word) > 5 and word[:2].casefold() == "ex"


_KINDS = (
    "modifier", "neutral", "time", "under", "verb", "honorific", "state", "institution", "public",
    "article",
    "possessive", "connector",
)  # fmt: skip


@functools.cache
def role_words(language: str) -> RoleWords | None:
    """The words of a language (ISO 639-1), None for one that the table does not have."""
    rows = [row for row in _rows() if row["language"] == language]
    if not rows:
        return None
    heads: dict[tuple[str, ...], Head] = {}
    portfolios: dict[str, str] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        word = row["word"].casefold() if row["word"].islower() else row["word"]
        if row["kind"] == "head":
            heads[tuple(word.split())] = Head(row["office"] or None, row["field"] or None)
        elif row["kind"] == "portfolio":
            portfolios[word] = row["office"]
        else:
            kinds[row["kind"]].add(word)
    return RoleWords(
        language=language,
        heads=heads,
        longest=max(map(len, heads)),
        portfolios=portfolios,
        kinds={kind: frozenset(kinds[kind]) for kind in _KINDS},
        shortened=frozenset(word[:-1] for head in heads for word in head if word.endswith(".")),
    )


def offices() -> frozenset[str]:
    """Every office that a role may carry."""
    return frozenset(row["office"] for row in _rows() if row["office"])


@functools.cache
def _rows() -> tuple[dict[str, str], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines, strict=True))
