"""Lines that news sites print around articles, read from ``data/labels.csv``."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "labels.csv"
KINDS = ("line", "start", "prefix", "word")
_SHORT_LINE_WORDS = 8
"""A label that opens a line says what the line is only where little else follows."""
_EDGES = re.compile(r"^[\W_]+|[\W_\d]+$")
_COLON = re.compile(r"\s*[:：]\s*")
_SPACES = re.compile(r"\s+")


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


def whole_line(text: str) -> Label | None:
    """The label that the line is, counts and punctuation at its edges aside."""
    if len(text) > 80:
        return None
    table = _table()["line"]
    key = _key(text)
    role = table.get(key) or table.get(_EDGES.sub("", key))
    return Label(role, "line", "") if role else None


def opening(text: str) -> Label | None:
    """The label that a short line starts with."""
    key = _EDGES.sub("", _key(text[:200])) if len(text) <= 200 else ""
    words = key.split(" ")
    if not key or len(words) > _SHORT_LINE_WORDS + 4:
        return None
    table = _table()["start"]
    for length in range(min(5, len(words)), 0, -1):
        start = " ".join(words[:length]).rstrip(":!,.")
        role = table.get(start)
        if role:
            return Label(role, "start", " ".join(words[length:]))
    unspaced = next((label for label in _unspaced() if key.startswith(label)), None)
    return Label(table[unspaced], "start", key[len(unspaced) :]) if unspaced else None


@functools.cache
def _unspaced() -> tuple[str, ...]:
    """Labels in scripts that do not part words, longest first."""
    labels = [
        label for label in _table()["start"] if re.match("[\u3040-\u9fff\uac00-\ud7af]", label)
    ]
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
    for word, role in _table()["word"].items():
        if f" {word} " in key:
            counts[role] = counts.get(role, 0) + 1
    return counts


_NOT_LETTER = re.compile(r"[^\w']+")
