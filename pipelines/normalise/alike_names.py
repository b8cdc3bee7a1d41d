"""Names as they are compared: which may be one thing's, and how much that takes."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.normalise import person_names as names
from pipelines.normalise.evidence import (
    DECISIVE,
    FAIR,
    NEED,
    NEED_ACRONYM,
    NEED_ACROSS,
    NEED_ELSEWHERE,
    NEED_GENERAL,
    NEED_NAME,
    NEED_PLACE,
    NEED_SPECIFIC,
)
from pipelines.normalise.general_names import SPECIFIC_WORDS, acronym, compared, telling_words
from pipelines.normalise.names import entity_key as uncached_key
from pipelines.normalise.person_names import (
    PersonName,
    is_common,
    name_blocks,
    parse,
    relation,
    without_roles,
)

ACRONYM = "acronym"
ACROSS = "across"
"""One article's model takes a name for a person's, another's for an organization's or a place's."""
_TYPED = frozenset({"person", "organization", "place"})
_OF_NAMES = ("middle:", "born:")
entity_key = functools.lru_cache(maxsize=65536)(uncached_key)
"""``names.entity_key``: many articles print the same names."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared: a person's parts, or the key of anything else."""

    entity_type: str
    key: str
    shown: str
    person: PersonName | None = None
    bare: str = ""
    """Its key whatever its type is."""

    def related(self, other: Name) -> str | None:
        """How the two may be one thing's: one of ``person_names.RELATIONS``, ACRONYM, None."""
        if self.person is not None and other.person is not None:
            return relation(self.person, other.person)
        if self.entity_type != other.entity_type:
            same = self.bare == other.bare and " " in self.bare
            return (
                ACROSS
                if same and _TYPED.issuperset((self.entity_type, other.entity_type))
                else None
            )
        if self.key == other.key:
            return names.SAME
        if self.entity_type == "organization":
            short, short_other = acronym(self.shown), acronym(other.shown)
            if short and short == short_other and short in (self.key, other.key):
                return ACRONYM
        return None

    def need(self, other: Name, related: str) -> int:
        """Points that the two need, related so."""
        if self.person is not None and other.person is not None:
            return NEED[related][is_common(self.person) and is_common(other.person)]
        if related == ACROSS:
            return NEED_ACROSS
        if self.entity_type == "person":
            # A lone name is not one person's in two articles.
            return DECISIVE
        if related == ACRONYM:
            return NEED_ACRONYM
        if self.entity_type not in ("organization", "place"):
            return NEED_SPECIFIC
        telling, national = telling_words(self.entity_type, self.shown)
        if not telling:
            return NEED_NAME if national else NEED_GENERAL
        if telling >= SPECIFIC_WORDS:
            return NEED_SPECIFIC
        return NEED_PLACE if self.entity_type == "place" else NEED_NAME

    def need_elsewhere(self) -> int:
        """Points that one person needs who is in different places."""
        if self.person is None:
            return 0
        return FAIR if is_common(self.person) else NEED_ELSEWHERE


def name_of(entity_type: str, name: str, context: Iterable[str] = ()) -> Name:
    """The name with what the context adds to it: a middle initial, a family name at birth."""
    return _name(entity_type, name, adds_to_name(context))


@functools.lru_cache(maxsize=65536)
def _name(entity_type: str, name: str, context: frozenset[str]) -> Name:
    bare = " ".join(without_roles(entity_key(entity_type, name).split()))
    if entity_type != "person":
        return Name(entity_type, compared(entity_type, name), name, bare=bare)
    parsed = parse(name)
    if parsed is None:
        return Name(entity_type, entity_key(entity_type, name), name)
    middle, born = _values(context, "middle"), _values(context, "born")
    if middle or born:
        parsed = names.with_more(parsed, middle, born)
    return Name(entity_type, entity_key(entity_type, name), "", parsed, bare)


def name_keys(name: Name) -> tuple[str, ...]:
    """Keys of which two names must share one, directly or through others, to be one thing's."""
    if name.person is not None:
        blocks = {f"person|{block}" for block in name_blocks(name.person)}
        return tuple(sorted(blocks | _any_type(name)))
    keys = {f"{name.entity_type}|{name.key}"}
    if name.entity_type == "organization" and (short := acronym(name.shown)):
        keys.add(f"{name.entity_type}|.{short}")
    return tuple(sorted(keys | _any_type(name)))


def _any_type(name: Name) -> set[str]:
    return {f"|{name.bare}"} if name.entity_type in _TYPED and " " in name.bare else set()


def adds_to_name(context: Iterable[str]) -> frozenset[str]:
    """The signals of a context that say more of the name itself."""
    return frozenset(s for s in context if s.startswith(_OF_NAMES))


def _values(context: frozenset[str], kind: str) -> frozenset[str]:
    prefix = f"{kind}:"
    return frozenset(s.removeprefix(prefix) for s in context if s.startswith(prefix))
