"""Entities across articles: B-cubed precision and recall of mentions (Bagga and Baldwin, 1998).

For each labelled mention: of the labelled mentions in its found cluster, the share that are the same
thing (precision); of the mentions of that thing, the share that are in its cluster (recall); the
measure is the mean over mentions, F1 that of both means.

A labelled mention is found where a mention overlaps it, the longest overlap counts. One that was missed
is a cluster of its own: its precision is 1, the recall of all mentions of its thing falls. So is one
that the pipeline leaves without entity, with the others of its article that it takes for the same.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.names.documents import Document, Place, overlap
from evals.names.ledger import Found, found_in

SAME_STRING = "same string"
TYPE_AND_NAME = "type + name"
BEST_JOINING = "best joining"
Key = Callable[[Found], Hashable]
KEYS: dict[str, Key] = {
    "newsledger": lambda found: found.thing,
    SAME_STRING: lambda found: found.exact,
    TYPE_AND_NAME: lambda found: (found.mention_type, _plain(found.referent_name)),
}
"""Which found mentions are one thing, by reader. The second is what a table of strings gives; the
third takes the fullest form in the article, accents, case and punctuation aside."""


@dataclass(frozen=True, slots=True)
class Shares:
    """B-cubed of one mention."""

    precision: float
    recall: float


def b_cubed(
    true: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]
) -> dict[Hashable, Shares]:
    """The shares of each mention.

    Args:
        true: mention -> thing, of all labelled mentions.
        found: mention -> cluster; a mention that is not in it is a cluster of its own.

    """
    things: dict[Hashable, set[Hashable]] = defaultdict(set)
    clusters: dict[Hashable, set[Hashable]] = defaultdict(set)
    for mention, thing in true.items():
        things[thing].add(mention)
        if mention in found:
            clusters[found[mention]].add(mention)
    shares = {}
    for mention, thing in true.items():
        own = clusters[found[mention]] if mention in found else {mention}
        right = len(own & things[thing])
        shares[mention] = Shares(right / len(own), right / len(things[thing]))
    return shares


def f1(shares: Iterable[Shares]) -> float:
    """F1 of the mean precision and the mean recall; 0 of nothing."""
    every = list(shares)
    if not every:
        return 0.0
    precision = sum(s.precision for s in every) / len(every)
    recall = sum(s.recall for s in every) / len(every)
    return 2 * precision * recall / (precision + recall)


@dataclass(slots=True)
class Clustered:
    """One set's mentions: what each is, and what each reader takes it for."""

    true: dict[Place, str]
    found: dict[Place, Found]
    """By label; labels that no mention overlaps are left out."""

    def shares(self, reader: str) -> dict[Place, Shares]:
        """B-cubed of every labelled mention, by label."""
        key = KEYS[reader]
        clusters = {place: key(found) for place, found in self.found.items()}
        return b_cubed(self.true, clusters)  # type: ignore[arg-type,return-value]

    def best_shares(self) -> dict[Place, Shares]:
        """B-cubed, were all that the articles name joined rightly: what is lost before they are compared."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for place, found in self.found.items():
            votes[found.referent][self.true[place]] += 1
        meant = {referent: min(v, key=lambda t: (-v[t], t)) for referent, v in votes.items()}
        clusters = {place: meant[found.referent] for place, found in self.found.items()}
        return b_cubed(self.true, clusters)  # type: ignore[arg-type,return-value]


def clustered(documents: Sequence[Document], true: Mapping[Place, str]) -> Clustered:
    """Runs all documents into one warehouse and finds each label there."""
    by_article: dict[tuple[str, bool], list[Place]] = defaultdict(list)
    mentions = found_in(documents)
    for place in mentions:
        by_article[place[:2]].append(place)
    found = {}
    for label in true:
        best = max(by_article[label[:2]], key=lambda p: (overlap(p, label), p), default=None)
        if best is not None and overlap(best, label):
            found[label] = mentions[best]
    return Clustered(dict(true), found)


def mistakes(case: Clustered, places: Iterable[Place]) -> list[str]:
    """A line for each thing whose mentions are in several clusters, or share one with another thing."""
    wanted = set(places)
    clusters: dict[str, set[str]] = defaultdict(set)
    printed: dict[str, set[str]] = defaultdict(set)
    for place in wanted:
        found = case.found.get(place)
        clusters[case.true[place]].add(found.thing if found else "missed")
        printed[case.true[place]].add(found.exact if found else "-")
    owners: dict[str, set[str]] = defaultdict(set)
    for place, found in case.found.items():
        owners[found.thing].add(case.true[place])
    lines = []
    for thing, ids in sorted(clusters.items()):
        others = sorted({o for i in ids for o in owners[i]} - {thing})
        if len(ids) > 1:
            lines.append(f"{thing} is in {len(ids)}: {', '.join(sorted(printed[thing]))}")
        if others:
            lines.append(f"{thing} is one with {', '.join(others)}")
    return lines


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(
        "".join(
            c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c)
        ).split()
    )
