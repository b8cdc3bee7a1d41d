"""How a reading is compared with its labels; the definitions that come with the labelled pages.

They are written here anew so that a folder of pages needs no code beside it; a test holds them
against that folder's own ``measures.py``. Standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Set
from datetime import UTC, date, datetime

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
"""Kana, Han and Thai, which put no space between words."""
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_BY = re.compile(r"^(?:by|von|par|por|av|door)\s+")
SHINGLE_WORDS = 4
"""Words a shingle, as in the article extraction benchmark that the measure is from."""


def folded(text: str) -> str:
    """Text with each run of white space as one space."""
    return " ".join(text.split())


def tokens(text: str) -> list[str]:
    """Words in lower case; each character of a script without spaces is one."""
    return _TOKEN.findall(text.lower())


def token_f1(true: str, found: str) -> float:
    """F1 of two bags of words, 0 to 1; 1 where both are empty."""
    one, other = Counter(tokens(true)), Counter(tokens(found))
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def shingle_scores(true: str, found: str) -> tuple[float | None, float | None]:
    """Precision and recall of a document's shingles of four words.

    A corpus' F1 is that of the mean precision and the mean recall. Words are runs of letters, case
    kept, in every script. None where that side has no shingle.
    """
    one, other = _shingles(true), _shingles(found)
    hits = (one & other).total()
    precision = hits / other.total() if other else None
    recall = hits / one.total() if one else None
    return precision, recall


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    if len(words) <= SHINGLE_WORDS:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[start:] for start in range(SHINGLE_WORDS)), strict=False))


def same_title(true: str, found: str) -> bool:
    """Equal after NFKC, case folding and dropping all that is no letter or digit."""
    one, other = (
        _WORD.findall(unicodedata.normalize("NFKC", text).casefold()) for text in (true, found)
    )
    return one == other


def same_day(true: str, found: str) -> bool:
    """Two dates in ISO 8601: the same day in a stated zone or in UTC; False where one is none."""
    try:
        return not _days(true).isdisjoint(_days(found))
    except ValueError:
        return False


def _days(text: str) -> set[date]:
    moment = datetime.fromisoformat(text)
    return {moment.date(), (moment.astimezone(UTC) if moment.tzinfo else moment).date()}


def author_f1(true: Iterable[str], found: Iterable[str]) -> float | None:
    """F1 of two sets of names, accents and case folded, a leading "by" dropped; None: both empty."""
    one, other = ({name for n in names if (name := _name(n))} for names in (true, found))
    if not one and not other:
        return None
    return 2 * len(one & other) / (len(one) + len(other))


def _name(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().strip()
    return " ".join(_WORD.findall(_BY.sub("", plain)))


def span_f1(true: Set[Hashable], found: Set[Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1 of two sets of spans; 0 where that side is empty."""
    hits = len(true & found)
    precision, recall = hits / (len(found) or 1), hits / (len(true) or 1)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)
