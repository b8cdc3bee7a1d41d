"""What a catalogue is asked by: ids, printed forms, normalised names and their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.normalise.names import entity_key, fold_name, same_length_fold
from pipelines.reference.lexicon import Lexicon, LexiconBuilder, open_lexicon

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.reference.entities import KnownEntity

FORMAT = 1
"""Bump it when the files of an index, or what they hold for the same entities, change."""

# A shorter name in capitals is more often an acronym of something else.
SHORTEST_CAPITALISED = 4
STRONG, CAPITALS = 1, 2
"""Bits of a form's number: the form alone means the entity; it is one of its forms in capitals."""
BITS = 2
"""Of a form's number, below that of the entity."""


@dataclass(frozen=True, slots=True)
class Index:
    """Strings -> numbers of entities."""

    ids: Lexicon
    forms: Lexicon
    """Folded to the same length -> ``number << BITS | STRONG | CAPITALS``."""
    names: Lexicon
    """``name_key`` of names and strong aliases of two words and more."""
    words: Lexicon
    """Folded words of all forms."""

    def save(self, folder: Path) -> None:
        """Writes the four lexicons into ``folder``."""
        self.ids.save(folder, "ids")
        self.forms.save(folder, "forms")
        self.names.save(folder, "names")
        self.words.save(folder, "words")


def open_index(folder: Path) -> Index:
    """Opens what ``Index.save`` wrote. Raises OSError where it is not there."""
    return Index(*(open_lexicon(folder, name) for name in ("ids", "forms", "names", "words")))


def name_key(entity_type: str, key: str) -> str:
    """A type and an ``entity_key`` as one string."""
    return f"{key}\t{entity_type}"


class IndexBuilder:
    """Takes entities one by one, so that a million of them need not be held."""

    def __init__(self, scratch: Path | None = None) -> None:
        """Starts empty. ``scratch``: a folder for what need not be in memory."""
        self._ids, self._forms = LexiconBuilder(scratch), LexiconBuilder(scratch)
        self._names, self._words = LexiconBuilder(scratch), LexiconBuilder(scratch)

    def add(self, number: int, entity: KnownEntity) -> None:
        """Adds an entity under a number that stands for it from now on."""
        self._ids.add(entity.entity_id, number)
        weak = set(entity.weak_aliases) - {""}
        strong = {entity.name, *entity.aliases} - weak - {""}
        for form in strong:
            self._add_form(form, number << BITS | STRONG)
            key = entity_key(entity.entity_type, form)
            if " " in key:
                self._names.add(name_key(entity.entity_type, key), number)
        for form in weak:
            self._add_form(form, number << BITS)
        for word in {word for form in strong | weak for word in fold_name(form).split()}:
            self._words.add(word, number)

    def _add_form(self, form: str, number: int) -> None:
        folded = same_length_fold(form)
        self._forms.add(folded, number)
        # Datelines and some headlines print names in capitals.
        capitals = folded.upper()
        if (
            capitals != folded
            and len(folded) >= SHORTEST_CAPITALISED
            and len(capitals) == len(folded)
        ):
            self._forms.add(capitals, number | CAPITALS)

    def build(self) -> Index:
        """The index of all that was added. The builder is used up."""
        return Index(
            self._ids.build(), self._forms.build(), self._names.build(), self._words.build()
        )
