"""When an ambiguous form of a known name may be trusted: the article speaks for it."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from pipelines.normalise.catalogue import Match
from pipelines.normalise.names import TITLES
from pipelines.normalise.officeholders import office_holders
from pipelines.normalise.recognise import Passage
from pipelines.reference.entities import KnownEntity
from pipelines.reference.outlets import load_outlets

# A longer title before a full stop ends a sentence ("… the minister. He …").
LONGEST_ABBREVIATION = 4
_PLACED_BEFORE = re.compile(
    r"\b(?:in|near|across|outside|throughout|downtown"
    r"|(?:city|town|village|port|mayor|residents?|province|state|district|region) of)\s+$"
)
_INVESTED_BEFORE = re.compile(
    r"\b(?:stakes?|shares?|holdings?|majority|invest\w*|interest\w*|confiden\w+|trust\w*|faith"
    r"|belie\w+|roles?|part|member\w*)\s+in\s+$"
)
_PLACED_AFTER = re.compile(r"-(?:based|area|born)\b")
_CITED_BEFORE = re.compile(r"\b(?:[Aa]ccording to|told|via)\s+(?:the\s+)?$")
_CITED_AFTER = re.compile(r"\s+(?:report(?:s|ed)|said|says|writes|wrote|quoted|cited)\b")
_POSTED_BEFORE = re.compile(
    r"\b(?:said|says|wrote|writes|posted|post|posts|announced|statement|message|video|account)"
    r"\s+on\s+$"
)
_WORD = re.compile(r"[^\W\d_]+")
_OPENING = "\"'“‘«([—–-"
_DAY_AFTER = re.compile(r" \d")
_REACH = 32


def is_after_title(text: str, start: int) -> bool:
    """True where a title or an office stands right before ``start``."""
    if text[max(0, start - 1) : start] != " ":
        return False
    words = text[max(0, start - _REACH) : start].split()
    word = words[-1].lstrip(_OPENING) if words else ""
    title = word.removesuffix(".")
    if title.casefold() not in TITLES:
        return False
    return title == word or len(title) <= LONGEST_ABBREVIATION


@functools.lru_cache(maxsize=8)
def words_in(text: str) -> frozenset[str]:
    """The different words of a text, letters alone; kept for the next rule that asks."""
    return frozenset(_WORD.findall(text))


def small_words(passages: Iterable[Passage]) -> set[str]:
    """Words that the article prints in small letters: with a capital they need not be names."""
    return {word for p in passages for word in words_in(p.text) if word[0].islower()}


def is_placed(text: str, start: int, end: int) -> bool:
    """True where the words beside a name say that it is a place: "in …", "the mayor of …".

    One may also hold a stake in a company or have confidence in a person; acronyms are seldom
    places.
    """
    if end - start > 1 and text[start:end].isupper() and "." not in text[start:end]:
        return False
    if _PLACED_AFTER.match(text, end):
        return True
    window = text[max(0, start - _REACH) : start]
    return bool(_PLACED_BEFORE.search(window)) and not _INVESTED_BEFORE.search(window)


def supported_forms(passages: Sequence[Passage], day: date | None = None) -> dict[str, KnownEntity]:
    """Weak forms of the article, each with the one entity that the article speaks for.

    A person needs the full name somewhere, or right before an office that only one of the name
    holds (by ``day``, when the article was published); an organization its full name,
    a citation ("according to …", "… reported") or, for a platform, "said on …"; a place its
    full name. Forms with two supported readings and common words of the article are left out.
    """
    if not any(passage.weak for passage in passages):
        return {}
    small = small_words(passages)
    present = {
        e.entity_id for p in passages for m in p.known for e in m.strong if len(m.strong) == 1
    }
    found: dict[str, dict[str, KnownEntity]] = defaultdict(dict)
    for passage in passages:
        for match in passage.weak:
            form = passage.text[match.start : match.end]
            if form.casefold() in small or _DAY_AFTER.match(passage.text, match.end):
                continue
            holders = _holders(passage.text, match, day)
            for entity in match.weak:
                named = entity.entity_id in present or entity in holders
                if named or _speaks_for(passage.text, match, entity):
                    found[form][entity.entity_id] = entity
    return {form: next(iter(es.values())) for form, es in found.items() if len(es) == 1}


def _holders(text: str, match: Match, day: date | None) -> list[KnownEntity]:
    """The one person whom an office before the name means, as a list."""
    people = [entity for entity in match.weak if entity.entity_type == "person"]
    holders = office_holders(text, match.start, people, day) if people else []
    return holders if len(holders) == 1 else []


def _speaks_for(text: str, match: Match, entity: KnownEntity) -> bool:
    alike = [other for other in match.weak if other.entity_type == entity.entity_type]
    if len(alike) > 1:
        return False
    if entity.entity_type != "organization":
        return False
    before = text[max(0, match.start - _REACH) : match.start]
    if entity.name in _platforms():
        return bool(_POSTED_BEFORE.search(before))
    return bool(_CITED_BEFORE.search(before) or _CITED_AFTER.match(text, match.end))


@functools.cache
def _platforms() -> frozenset[str]:
    return frozenset(outlet.name for outlet in load_outlets() if outlet.role == "social")
