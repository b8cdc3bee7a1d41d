"""Whom an office and a surname mean: "President Hale" is the known Hale who is president."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from datetime import date

from pipelines.normalise.names import HONORIFICS, OFFICES, REGNAL
from pipelines.normalise.rule_words import word_rows
from pipelines.reference.entities import KnownEntity, Office

_WORDS_BEFORE = re.compile(r"(?:[^\W\d_][\w.'’-]{0,20} ){1,4}$")
_REACH = 84
LONGEST_ABBREVIATION = 4
"""A longer word before a full stop ends a sentence ("… the minister. He …")."""


def office_holders(
    text: str, start: int, known: Sequence[KnownEntity], day: date | None = None
) -> list[KnownEntity]:
    """Those of ``known``, persons who bear the surname at ``start``, whom the words before mean.

    Who holds or held the office printed there, by ``day``; where the table of offices says nothing
    of somebody, any office before the name will do. A form of address ("Mr") means nobody.
    """
    title, office = _printed(text, start)
    if title is None:
        return []
    holders = [entity for entity in known if _held(entity, office, day)]
    if holders:
        now = [entity for entity in holders if day and _held(entity, office, day, on_day=True)]
        return now or holders
    return [] if any(entity.offices for entity in known) else list(known)


def _printed(text: str, start: int) -> tuple[str | None, str | None]:
    """The title right before a name, case folded, and the office it is; None for none."""
    found = _WORDS_BEFORE.search(text, max(0, start - _REACH), start)
    words = found[0].split() if found else []
    if not words or (words[-1].endswith(".") and len(words[-1]) > LONGEST_ABBREVIATION + 1):
        return None, None
    for first in range(len(words)):
        title = " ".join(words[first:]).casefold().replace("-", " ")
        for form in (title, title.rstrip(".")):
            if form in _offices():
                return form, _offices()[form]
    last = words[-1].casefold().rstrip(".")
    named = last in OFFICES or last in REGNAL
    return (last, None) if named and last not in HONORIFICS else (None, None)


def _held(
    entity: KnownEntity, office: str | None, day: date | None, *, on_day: bool = False
) -> bool:
    """True where the person held the office by a day, or on that day; some office for None."""
    return any(
        (office is None or held.office == office) and _within(held, day, on_day=on_day)
        for held in entity.offices
    )


def _within(held: Office, day: date | None, *, on_day: bool) -> bool:
    """Terms are as precise as known: a year covers all its days."""
    if day is None:
        return True
    printed = day.isoformat()
    begun = held.since is None or held.since <= printed[: len(held.since)]
    over = on_day and held.until is not None and held.until < printed[: len(held.until)]
    return begun and not over


@functools.cache
def _offices() -> Mapping[str, str]:
    """Titles that are offices, case folded, with the office's word."""
    return {
        row["word"].casefold().replace("-", " "): row["office"]
        for row in word_rows("roles")
        if row["kind"] == "head" and row["office"]
    }
