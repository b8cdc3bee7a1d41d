"""What an article prints somebody as: the words beside a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.normalise.catalogue import Catalogue
from pipelines.normalise.recognise import Passage
from pipelines.normalise.records import Role
from pipelines.normalise.spans import Span


def roles_of(passages: Sequence[Passage], catalogue: Catalogue) -> list[Mapping[Span, Role]]:
    """The role beside each person's name that has one, a mapping a passage."""
    del catalogue
    return [{} for _ in passages]
