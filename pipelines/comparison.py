"""What a comparison of two readings found: one change a capture, and the counts over all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pipelines.differences import BodyChange, ValueChange

EXAMPLES = 3
"""Changes kept of each field."""
SPARE = 100
"""Changes kept beyond those asked for, so that they are sorted once in a while only."""


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one capture, where that differs from what is stored."""

    fetch_id: str
    article_id: str | None
    place: str | None
    """Address, or location where there is none."""
    headline: str | None
    before: str
    """Its fate as stored: ``kept``, ``pending``, or ``quarantined: why``, ``skipped: why``."""
    after: str
    values: list[ValueChange]
    body: BodyChange | None
    writes_version: bool
    """True where a run by this code, under a version of its own, would write a version."""

    @property
    def size(self) -> tuple[bool, int]:
        """Order of weight: another fate first, then the characters that differ."""
        values = sum(len(v.before or "") + len(v.after or "") for v in self.values)
        body = self.body.characters_added + self.body.characters_removed if self.body else 0
        return self.before != self.after, values + body


@dataclass(slots=True)
class FieldChanges:
    """How often a field differs."""

    added: int = 0
    """There was no value, now there is."""
    removed: int = 0
    changed: int = 0
    examples: list[tuple[str, ValueChange]] = field(default_factory=list)
    """(place, change), the first ``EXAMPLES`` in the order of places."""


@dataclass(slots=True)
class Comparison:
    """What one comparison found."""

    days: list[date]
    extractor_version: str
    """Of the code at hand."""
    stored_by: dict[str, int] = field(default_factory=dict)
    """Versions compared with, by the extractor version that wrote them."""
    captures: int = 0
    unchanged: int = 0
    versions: int = 0
    """Versions that a run by this code, under a version of its own, would write."""
    hash_only: int = 0
    """Of these, those in which nothing can be seen to differ, only the hash of their content."""
    fates: dict[tuple[str, str], int] = field(default_factory=dict)
    """(before, after) where they differ, with reasons, without their details."""
    fields: dict[str, FieldChanges] = field(default_factory=dict)
    bodies: int = 0
    """Bodies that differ."""
    words_added: int = 0
    words_removed: int = 0
    characters_added: int = 0
    characters_removed: int = 0
    similarities: list[float] = field(default_factory=list)
    """Of the bodies that differ."""
    changed: int = 0
    """Captures whose fate, values or body differ."""
    changes: list[Change] = field(default_factory=list)
    """The largest, at most as many as asked for."""

    def add(self, change: Change | None, by: str | None, limit: int) -> None:
        """Counts one capture.

        ``change`` is None where nothing differs; ``by`` is the extractor version that wrote what
        it was compared with. At least the ``limit`` largest changes are kept.
        """
        self.captures += 1
        if by is not None:
            self.stored_by[by] = self.stored_by.get(by, 0) + 1
        if change is None:
            self.unchanged += 1
            return
        self.versions += change.writes_version
        if not change.values and change.body is None and change.before == change.after:
            self.hash_only += 1
            return
        self.changed += 1
        if change.before != change.after:
            fates = _short(change.before), _short(change.after)
            self.fates[fates] = self.fates.get(fates, 0) + 1
        for value in change.values:
            counted = self.fields.setdefault(value.field, FieldChanges())
            setattr(counted, value.kind, getattr(counted, value.kind) + 1)
            counted.examples.append((change.place or change.fetch_id, value))
            counted.examples.sort(key=lambda e: (e[0], e[1].before or "", e[1].after or ""))
            del counted.examples[EXAMPLES:]
        if change.body is not None:
            self.bodies += 1
            self.words_added += change.body.words_added
            self.words_removed += change.body.words_removed
            self.characters_added += change.body.characters_added
            self.characters_removed += change.body.characters_removed
            self.similarities.append(change.body.similarity)
        self.changes.append(change)
        if len(self.changes) > limit + SPARE:
            self.keep_largest(limit)

    def keep_largest(self, limit: int) -> None:
        """Leaves the ``limit`` weightiest changes, in their order."""
        self.changes.sort(key=_by_weight)
        del self.changes[limit:]


def _short(fate: str) -> str:
    """A fate with its reason's code, without the detail behind it."""
    return ":".join(fate.split(":")[:2])


def _by_weight(change: Change) -> tuple[bool, int, str]:
    other_fate, characters = change.size
    return not other_fate, -characters, change.fetch_id
