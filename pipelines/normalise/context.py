"""What an article says around a thing that it names: the signals by which articles are compared.

A signal is a string ``kind:value``. Two articles that name somebody alike speak of one person only
where they share signals (``pipelines.normalise.clusters``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.normalise.names import entity_key
from pipelines.normalise.recognise import Passage
from pipelines.normalise.records import LOCAL, Referent, Role
from pipelines.normalise.spans import Span


def signals(
    passages: Sequence[Passage],
    referents: Sequence[Mapping[Span, Referent]],
    roles: Sequence[Mapping[Span, Role]],
) -> dict[Referent, tuple[str, ...]]:
    """The signals of each referent of one article, sorted.

    ``with:<entity_id>`` and ``with:<type>|<key>`` for what else the article names.
    """
    del passages, roles
    named = {r for by_span in referents for r in by_span.values()}
    ids = {r: f"with:{_id(r)}" for r in named if r.entity or r.reason == LOCAL}
    return {r: tuple(sorted({s for other, s in ids.items() if other != r})) for r in named}


def _id(referent: Referent) -> str:
    if referent.entity:
        return referent.entity.entity_id
    return f"{referent.entity_type}|{entity_key(referent.entity_type, referent.name)}"
