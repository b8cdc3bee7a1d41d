"""Names of organizations and places compared: spellings of one form, and how much a name tells."""

from __future__ import annotations

import functools
import re

from pipelines.normalise.names import entity_key, name_words
from pipelines.normalise.romanised import plain
from pipelines.normalise.word_tables import general_words

# Words that British and American English, or a name's short and long form, write in two ways.
_ONE_SPELLING = {
    "centre": "center", "theatre": "theater", "harbour": "harbor", "labour": "labor",
    "defence": "defense", "organisation": "organization", "programme": "program",
    "saint": "st", "mount": "mt", "fort": "ft", "department": "dept", "university": "univ",
    "association": "assn", "brothers": "bros", "and": "&",
}  # fmt: skip
_LINKS = frozenset({"of", "the", "for", "&", "and", "in", "on", "at", "de", "du", "des", "la"})
_ACRONYM = re.compile(r"[A-Z]{3,6}")
SHORTEST_ACRONYM = 3
SPECIFIC_WORDS = 2
"""So many words that are not general name one thing: chance seldom puts two such together."""


@functools.lru_cache(maxsize=65536)
def compared(entity_type: str, name: str) -> str:
    """The key under which two spellings of an organization or place are one name."""
    words = entity_key(entity_type, name.replace("&", " and ")).split()
    return " ".join(_ONE_SPELLING.get(word, word) for word in words) or plain(name)


def acronym(name: str) -> str | None:
    """The first letters of a name of three words and more, or the acronym that it is."""
    if _ACRONYM.fullmatch(name):
        return name.casefold()
    words = [word for word in name_words(name) if word.casefold() not in _LINKS]
    if not SHORTEST_ACRONYM <= len(words) <= 6 or not all(word[0].isupper() for word in words):
        return None
    return plain("".join(word[0] for word in words))


@functools.lru_cache(maxsize=65536)
def telling_words(entity_type: str, name: str) -> tuple[int, bool]:
    """How many words of a name are not general, and whether a country has one such thing."""
    words = [plain(w) for w in entity_key(entity_type, name).split() if w not in _LINKS]
    general = general_words()
    return (
        sum(word not in general and len(word) > 1 and not word.isdigit() for word in words),
        any(general.get(word, False) for word in words),
    )
