"""What the shape of an address alone says of the page, and the words that addresses tell it by."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipelines.clean.page.prose import is_wide

_PAGE_WORDS = Path(__file__).parents[1] / "data" / "page_words.csv"
_EXTENSION = re.compile(r"\.(?:[sp]?html?|php\d?|aspx?|jsp|cms)$")
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2,4})?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH_OR_DAY = re.compile(r"[0-3]?\d")
_LONG_NUMBER = re.compile(r"\d{4}")
_NOT_LETTERS = re.compile(r"[\W_]+")
_SLUG_WORDS = 4
_WIDE_SLUG = 8
_SECTION_DEPTH = 3


def address_shape(url: str | None) -> str | None:
    """What an address alone says of its page: a hint, never proof.

    Returns:
        ``front page`` for the root of a site or of a language on it; ``list address`` for tags,
        authors, searches, archives of a month and further pages of a list; ``article address``
        where a title or a number of four figures or more ends it, or a day leads to its last part;
        ``section address`` for a short path without any of these; None where nothing tells.

    """
    segments = path_segments(url)
    if segments is None:
        return None
    asks = bool(urlsplit(url or "").query)
    words = page_words()
    if segments and (segments[-1] in words["front"] or _LANGUAGE.fullmatch(segments[-1])):
        segments = segments[:-1]
    if not segments:
        return None if asks else "front page"
    last, before = segments[-1], (segments[-2] if len(segments) > 1 else "")
    dated = next((n for n, s in enumerate(segments) if _YEAR.fullmatch(s)), None)
    if dated is not None:
        archive = all(map(_MONTH_OR_DAY.fullmatch, segments[dated + 1 :]))
        return "list address" if archive else "article address"
    if last in words["list"]:
        return "list address"
    if last.isdecimal() and len(last) < 4 and before in words["page"]:
        return "list address"
    if is_slug(last) or (last.isdecimal() and is_slug(before)):
        return (
            "list address"
            if before in words["list"] and not last.isdecimal()
            else ("article address")
        )
    if before in words["list"]:
        return "list address"
    return "section address" if len(segments) <= _SECTION_DEPTH and not asks else None


def path_segments(url: str | None) -> list[str] | None:
    """The parts of an address's path, decoded, NFC, case folded, the file's extension off.

    None without an address, or where it cannot be read.
    """
    if not url:
        return None
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    path = unicodedata.normalize("NFC", unquote(path)).casefold().rstrip("/")
    return [segment for segment in _EXTENSION.sub("", path).split("/") if segment]


def is_slug(segment: str) -> bool:
    """True for what articles' addresses end with: a title, or a number of four figures or more."""
    if is_wide(segment):
        return len(segment) >= _WIDE_SLUG
    return bool(_LONG_NUMBER.search(segment)) or len(words_of(segment)) >= _SLUG_WORDS


def words_of(text: str) -> list[str]:
    """The words of a slug or a title, without signs."""
    return [word for word in _NOT_LETTERS.split(text) if word]


@functools.cache
def page_words() -> dict[str, frozenset[str]]:
    """Words of addresses and titles by what they tell: list, page, front, live or live_alone."""
    words: dict[str, set[str]] = {}
    with _PAGE_WORDS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            words.setdefault(row["kind"], set()).add(row["word"])
    return {kind: frozenset(told) for kind, told in words.items()}
