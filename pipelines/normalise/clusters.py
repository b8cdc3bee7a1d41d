"""Which local names of different articles are one thing: a pure function of all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.normalise.names import entity_key, local_id


@dataclass(frozen=True, slots=True)
class Appearance:
    """One local referent of one article."""

    referent_id: str
    entity_type: str
    name: str
    context: frozenset[str]
    """The signals of ``pipelines.normalise.context``."""
    seen_at: datetime
    """When the article was first captured."""


def blocks(entity_type: str, name: str) -> tuple[str, ...]:
    """Keys of which two names must share one, directly or through others, to be one thing."""
    return (f"{entity_type}|{entity_key(entity_type, name)}",)


def cluster(
    appearances: Sequence[Appearance], apart: Iterable[frozenset[str]] = ()
) -> dict[str, str]:
    """The entity id of each referent, by ``referent_id``.

    ``apart``: pairs of referents that a person judged not to be the same.
    """
    del apart
    alike: dict[tuple[str, str], list[Appearance]] = defaultdict(list)
    for appearance in appearances:
        alike[appearance.entity_type, entity_key(appearance.entity_type, appearance.name)].append(
            appearance
        )
    return {
        a.referent_id: local_id(entity_type, group[0].name)
        for (entity_type, _), group in alike.items()
        for a in group
    }
