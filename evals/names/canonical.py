"""Whether the name under which a mention is stored is the right one, end to end.

Each label of a person, a country or town, or a nationality in the seeds, against the name of the entity
that the warehouse gives the mention at exactly that place. A missed mention is wrong, and so is one
without an entity. Names are compared after NFKC and case folding; a known entity is right by its name or
one of its strong aliases ("United States of America"), a nationality also by its country. Beside it bare
spaCy's exact string, which is all the name that it gives.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from evals.bootstrap import Contribution
from evals.names.bare import BARE_SPACY, ents
from evals.names.documents import Canonical, Document, Place
from evals.names.ledger import Found
from evals.readers import OURS

LABELS = frozenset({"PERSON", "GPE", "NORP"})


def canonical_scores(
    document: Document, stored: Mapping[Place, Found]
) -> dict[str, dict[str, Contribution]]:
    """By reader: labels whose name is right, and labels."""
    asked = _asked(document)
    bare = ents(document)
    right = {
        OURS: sum(is_right(meant, stored.get(place)) for place, meant in asked.items()),
        BARE_SPACY: sum(
            place in bare and same_name(bare[place].exact, meant.name)
            for place, meant in asked.items()
        ),
    }
    return {r: {"canonical": (float(hits), float(len(asked)))} for r, hits in right.items()}


def wrong_names(document: Document, stored: Mapping[Place, Found]) -> list[str]:
    """A line a label whose name is wrong."""
    return [
        f"{document.key} {place[2]}: {meant.name} is {found.entity_name if found else 'missed'}"
        for place, meant in _asked(document).items()
        if not is_right(meant, found := stored.get(place))
    ]


def is_right(meant: Canonical, found: Found | None) -> bool:
    """Whether a stored mention bears the name that is meant."""
    if found is None or found.entity_name is None:
        return False
    names = {found.entity_name}
    if found.is_known:
        names |= found.names
    wanted = [meant.name]
    if meant.label == "NORP" and meant.country:
        wanted.append(meant.country)
    return any(same_name(name, one) for name in names for one in wanted)


def same_name(one: str, other: str) -> bool:
    """Equal after NFKC and case folding."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _asked(document: Document) -> dict[Place, Canonical]:
    return {
        place: meant
        for place, meant in document.canonical.items()
        if meant.label in LABELS and place not in document.optional
    }
