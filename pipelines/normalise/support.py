"""When an ambiguous form of a known name may be trusted: the article speaks for it."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipelines.normalise.catalogue import Match
from pipelines.normalise.names import TITLES
from pipelines.normalise.recognise import Passage
from pipelines.reference.entities import KnownEntity
from pipelines.reference.outlets import load_outlets

_TITLE_BEFORE = re.compile(r"([^\W\d_]+)(\.?) +$")
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
_DAY_AFTER = re.compile(r" \d")
_REACH = 32


def is_after_title(text: str, start: int) -> bool:
    """True where a title or an office stands right before ``start``."""
    before = _TITLE_BEFORE.search(text, max(0, start - _REACH), start)
    if before is None or before[1].casefold() not in TITLES:
        return False
    return not before[2] or len(before[1]) <= LONGEST_ABBREVIATION


def small_words(passages: Iterable[Passage]) -> set[str]:
    """Words that the article prints in small letters: with a capital they need not be names."""
    return {w for p in passages for w in _WORD.findall(p.text) if w[0].islower()}


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


def supported_forms(passages: Sequence[Passage]) -> dict[str, KnownEntity]:
    """Weak forms of the article, each with the one entity that the article speaks for.

    A person needs the full name somewhere or a title right before; an organization its full name,
    a citation ("according to …", "… reported") or, for a platform, "said on …"; a place its
    full name. Forms with two supported readings and common words of the article are left out.
    """
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
            for entity in match.weak:
                if entity.entity_id in present or _speaks_for(passage.text, match, entity):
                    found[form][entity.entity_id] = entity
    return {form: next(iter(es.values())) for form, es in found.items() if len(es) == 1}


def _speaks_for(text: str, match: Match, entity: KnownEntity) -> bool:
    alike = [other for other in match.weak if other.entity_type == entity.entity_type]
    if len(alike) > 1:
        return False
    if entity.entity_type == "person":
        return is_after_title(text, match.start)
    if entity.entity_type != "organization":
        return False
    before = text[max(0, match.start - _REACH) : match.start]
    if entity.name in _platforms():
        return bool(_POSTED_BEFORE.search(before))
    return bool(_CITED_BEFORE.search(before) or _CITED_AFTER.match(text, match.end))


@functools.cache
def _platforms() -> frozenset[str]:
    return frozenset(outlet.name for outlet in load_outlets() if outlet.role == "social")
