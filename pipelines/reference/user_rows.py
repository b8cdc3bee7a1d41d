"""One row of a user's catalogue, whatever file it comes from, and what a name in it must be."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

LONGEST_NAME = 200
"""Code points. Longer ones are descriptions: no text prints them as a name."""
LONGEST_ID = 200
MOST_FORMS = 300
"""Forms that one entity may bring; the most that a person in the public lists has is below that."""
EXAMPLES = 5
"""Places kept of each reason."""

ENTITY_TYPES = frozenset({"person", "organization", "place", "nationality", "event"})
_RESERVED = "local:"
_WIKIDATA = re.compile(r"Q[1-9][0-9]{0,11}")
_COUNTRY = re.compile(r"[A-Z]{2}")
# ECMA-48 controls, line separators, overrides of direction, surrogates, what is no character.
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class RowError(ValueError):
    """A row, or a name in it, that cannot be used. The message is one of a small set of reasons."""


class UserRow(NamedTuple):
    """What one row of a user's file says of an entity."""

    own_id: str
    """The file's own id, or one that follows from type and name."""
    wikidata_id: str | None
    entity_type: str
    name: str
    names: tuple[str, ...]
    """Full names, ``name`` among them."""
    weak_names: tuple[str, ...]
    """What the file itself calls weak, and lone given or family names."""
    country: str | None = None
    """ISO 3166-1 alpha-2, upper case."""
    kind: str = ""


@dataclass(slots=True)
class ImportReport:
    """What became of the rows of the user's files. Counts and some places, so it stays small."""

    rows: int = 0
    """Lines that hold something."""
    taken: int = 0
    """Rows that are in the catalogue, by themselves or as part of an entity."""
    rejected: Counter[str] = field(default_factory=Counter)
    """Rows, by reason."""
    ignored: Counter[str] = field(default_factory=Counter)
    """Rows that name nothing of ours, by schema."""
    names_left_out: Counter[str] = field(default_factory=Counter)
    """Names of rows that were taken without them, by reason."""
    examples: dict[str, list[str]] = field(default_factory=dict)
    """Reason -> the first places, ``file:line`` and what stands there."""

    def reject(self, reason: str, place: str) -> None:
        """Counts a row that is not taken."""
        self.rejected[reason] += 1
        self._example(reason, place)

    def leave_out(self, reason: str, place: str) -> None:
        """Counts a name that is not taken."""
        self.names_left_out[reason] += 1
        self._example(reason, place)

    def _example(self, reason: str, place: str) -> None:
        known = self.examples.setdefault(reason, [])
        if len(known) < EXAMPLES:
            known.append(place)


def clean_name(value: object) -> str:
    """A name in NFC with single spaces. Raises RowError for what no text can print as a name."""
    if not isinstance(value, str):
        raise RowError("name that is no text")
    if not value.isprintable() and _CONTROL.search(value):
        raise RowError("control character in a name")
    if len(value) > 2 * LONGEST_NAME:
        # Before the costly normalisation, which may shorten a name by half.
        raise RowError(f"name longer than {LONGEST_NAME} characters")
    name = " ".join(value.split())
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    if not name:
        raise RowError("empty name")
    if len(name) > LONGEST_NAME:
        raise RowError(f"name longer than {LONGEST_NAME} characters")
    if not any(map(str.isalpha, name)):
        raise RowError("name without a letter")
    return name


def clean_names(values: Iterable[object], report: ImportReport, place: str) -> list[str]:
    """The names that can be used, each once, in order; the others are counted."""
    found: dict[str, None] = {}
    for value in values:
        try:
            name = clean_name(value)
        except RowError as error:
            report.leave_out(str(error), place)
            continue
        if name in found:
            continue
        if len(found) == MOST_FORMS:
            report.leave_out(f"more than {MOST_FORMS} names of one entity", place)
            break
        found[name] = None
    return list(found)


def clean_id(value: object) -> str:
    """An id as the file gives it. Raises RowError where it cannot stand in the warehouse."""
    if not isinstance(value, str) or not value:
        raise RowError("no id")
    if len(value) > LONGEST_ID or not value.isprintable() or " " in value:
        raise RowError("id with spaces or control characters, or too long")
    if value.startswith(_RESERVED):
        raise RowError(f"id that begins with {_RESERVED!r}, which is ours")
    return value


def wikidata_id(*values: object) -> str | None:
    """The first that is a Wikidata id."""
    for value in values:
        if isinstance(value, str) and _WIKIDATA.fullmatch(value):
            return value
    return None


def country_code(values: Iterable[object]) -> str | None:
    """The one ISO 3166-1 alpha-2 code among ``values``; None where there are several."""
    codes = {
        value.upper()
        for value in values
        if isinstance(value, str) and _COUNTRY.fullmatch(value.upper())
    }
    return codes.pop() if len(codes) == 1 else None
