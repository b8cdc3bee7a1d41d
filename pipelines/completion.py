"""What can stand where a person types in the shell: commands, keywords, tables, columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.describe import Catalogue, Table

_LAST_WORD = re.compile(r"[\w.]*$")
_WORDS = re.compile(r"[\w.]+")
_ALIAS = re.compile(
    r"\b(?:from|join)\s+([\w.]+)(?:\s+(?:as\s+)?(?!on\b|using\b|where\b|join\b)(\w+))?",
    re.IGNORECASE,
)
_AFTER_TABLE_WORD = re.compile(r"\b(?:from|join|describe|summarize|table)\s+[\w.]*$", re.IGNORECASE)
_IN_TEXT = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True)
class Choice:
    """One completion: replaces the last ``replaces`` characters before the cursor."""

    text: str
    replaces: int
    kind: str
    """command, column, table or keyword."""


def choices(
    text: str,
    cursor: int,
    catalogue: Catalogue,
    *,
    commands: Sequence[str] = (),
    keywords: Sequence[str] = (),
    questions: Sequence[str] = (),
) -> Iterator[Choice]:
    """Completions at the cursor of what is typed, the likeliest first.

    After FROM and JOIN tables; else columns of the tables that the statement names, then tables,
    keywords, and the columns of other tables. Nothing inside quotes.
    """
    before = text[:cursor]
    if before.lstrip().startswith("."):
        yield from _of_command(before, catalogue, commands, questions)
        return
    if "'" in _IN_TEXT.sub("", before):
        return
    match = _LAST_WORD.search(before)
    word = match[0] if match else ""
    if not word and not _AFTER_TABLE_WORD.search(before):
        return
    seen: set[str] = set()
    for name, kind in _names(text, before, word, catalogue, keywords):
        if name.lower().startswith(word.lower()) and name != word and name not in seen:
            seen.add(name)
            yield Choice(name, len(word), kind)


def _names(
    text: str, before: str, word: str, catalogue: Catalogue, keywords: Sequence[str]
) -> Iterator[tuple[str, str]]:
    tables = [(name, "table") for name in catalogue]
    if _AFTER_TABLE_WORD.search(before):
        yield from tables
        return
    named = named_tables(text, catalogue)
    prefix, dot, _ = word.rpartition(".")
    if dot and prefix.lower() in named:
        for column in named[prefix.lower()].columns:
            yield f"{prefix}.{column.name}", "column"
    for table in named.values():
        for column in table.columns:
            yield column.name, "column"
    yield from tables
    for keyword in keywords:
        yield (keyword.upper() if word[:1].isupper() else keyword.lower()), "keyword"
    if not named:
        for name in sorted({c.name for t in catalogue.values() for c in t.columns}):
            yield name, "column"


def named_tables(text: str, catalogue: Catalogue) -> dict[str, Table]:
    """Tables that a statement reads, by the names and aliases that it gives them."""
    named: dict[str, Table] = {}
    for name, alias in _ALIAS.findall(text):
        table = catalogue.get(name.lower().removeprefix("main."))
        if table is not None:
            named[(alias or name).lower()] = table
    return named


def _of_command(
    before: str, catalogue: Catalogue, commands: Sequence[str], questions: Sequence[str]
) -> Iterator[Choice]:
    line = before.lstrip()
    name, space, argument = line.partition(" ")
    if not space:
        known: Sequence[str] = commands
        word = line
    else:
        word = argument
        known = {".describe": [*catalogue], ".tables": [*catalogue], ".question": questions}.get(
            name, ()
        )
        table = catalogue.get(argument.rpartition(".")[0].lower())
        if name == ".describe" and table is not None:
            known = [f"{table.name}.{column.name}" for column in table.columns]
    for text in known:
        if text.startswith(word) and text != word:
            yield Choice(text, len(word), "table" if space else "command")
