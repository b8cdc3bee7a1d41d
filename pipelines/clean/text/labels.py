"""Lines that news sites print around articles, read from ``data/labels.csv``."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path(__file__).parents[1] / "data" / "labels.csv"
KINDS = ("line", "start", "prefix", "word")
_SHORT_LINE_WORDS = 8
"""A label that opens a line says what the line is only where little else follows."""
_UNSPACED_REST = 4
"""Characters after a label in a script without spaces: ``share`` + ``this article``."""
_COLON = re.compile(r"\s*[:：]\s*")
_SPACES = re.compile(r"\s+")
_NO_SPACES = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]"
_NO_LETTER = frozenset("PSZC")
_NO_LETTER_OR_DIGIT = frozenset("PSZCN")


@dataclass(frozen=True, slots=True)
class Label:
    """A recognised label."""

    role: str
    kind: str
    rest: str
    """What the line holds besides the label."""


@functools.cache
def _table() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            table[row["kind"]].setdefault(_key(row["label"]), row["role"])
    return table


def _key(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return _SPACES.sub(" ", text).strip()


def _edges_off(key: str) -> str:
    r"""``key`` without punctuation around it or a count behind it.

    By category: what ``\W`` matches includes the vowel signs that end words of many scripts.
    """
    start, end = 0, len(key)
    while start < end and unicodedata.category(key[start])[0] in _NO_LETTER:
        start += 1
    while end > start and unicodedata.category(key[end - 1])[0] in _NO_LETTER_OR_DIGIT:
        end -= 1
    return key[start:end]


def whole_line(text: str) -> Label | None:
    """The label that the line is, counts and punctuation at its edges aside."""
    if len(text) > 80:
        return None
    table = _table()["line"]
    key = _key(text)
    role = table.get(key) or table.get(_edges_off(key))
    return Label(role, "line", "") if role else None


def opening(text: str) -> Label | None:
    """The label that a short line starts with."""
    key = _edges_off(_key(text[:200])) if len(text) <= 200 else ""
    words = key.split(" ")
    # A colon parts the label from a title, which may be long.
    short = len(words) <= _SHORT_LINE_WORDS + 4
    if not key or not (short or _COLON.search(key[:40])):
        return None
    table = _table()["start"]
    for length in range(min(5, len(words)), 0, -1):
        start = " ".join(words[:length]).rstrip(":!,.")
        role = table.get(start)
        if role and (short or words[length - 1].endswith(":")):
            return Label(role, "start", " ".join(words[length:]))
    if not short:
        return None
    if not re.match(_NO_SPACES, key):
        return None
    unspaced = next((label for label in _unspaced() if key.startswith(label)), None)
    if unspaced is None:
        return None
    rest = key[len(unspaced) :]
    # Without spaces a label may be the start of a longer word or of a sentence.
    apart = not rest[:1].isalpha() or len(rest) <= _UNSPACED_REST
    return Label(table[unspaced], "start", rest) if apart else None


@functools.cache
def _unspaced() -> tuple[str, ...]:
    """Labels in scripts that do not part words, longest first."""
    labels = [label for label in _table()["start"] if re.match(_NO_SPACES, label)]
    return tuple(sorted(labels, key=lambda label: (-len(label), label)))


def prefix(text: str) -> Label | None:
    """The label before a colon: ``Photo: …``; its first word counts where the rest qualifies it."""
    parts = _COLON.split(text[:200], maxsplit=1)
    if len(parts) < 2:
        return None
    words = _key(parts[0]).strip("[(").split(" ")
    if len(words) > 6:
        return None
    table = _table()["prefix"]
    for length in range(len(words), 0, -1):
        role = table.get(" ".join(words[:length]).strip(" .*"))
        if role:
            return Label(role, "prefix", _COLON.split(text, maxsplit=1)[1].strip())
    return None


def told_words(text: str) -> dict[str, int]:
    """How many words of each role occur in the line."""
    key = f" {_NOT_LETTER.sub(' ', _key(text))} "
    counts: dict[str, int] = {}
    by_first_word = _words()
    for first in by_first_word.keys() & key.split():
        for word, role in by_first_word[first]:
            if f" {word} " in key:
                counts[role] = counts.get(role, 0) + 1
    return counts


@functools.cache
def _words() -> dict[str, tuple[tuple[str, str], ...]]:
    """Words with their roles by the first word of each."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for word, role in _table()["word"].items():
        first = word.split(" ", 1)[0]
        found[first] = (*found.get(first, ()), (word, role))
    return found


_NOT_LETTER = re.compile(r"[^\w']+")
