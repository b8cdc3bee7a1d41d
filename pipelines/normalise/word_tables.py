"""The tables of ``data/`` by which names are compared and contexts read, each read once a process.

Rows of ``given_names.csv``: forms that are short for a name (``short``), or that transliteration
rules and old spellings make of one name (``spelling``), in a tradition: arabic, slavic, hebrew,
greek, indian, latin. ``common_names.csv``: given and family names that many people bear, most
frequent ones of a census and of other countries by hand; a name of two such words tells little.
``field_words.csv``: words for what people do (``role``), among them some that are used in every
field (``general``), and words that texts about a field use (``topic``). ``general_words.csv``:
words of which many organizations and places of the same name are made. ``frequent_words.csv``:
words that stand in news about anything.

Provenance: ``editor``, entered by hand from general knowledge; ``census-1990``, the most frequent
names of the United States Census of 1990 (public domain).
"""

from __future__ import annotations

import csv
import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

DATA = Path(__file__).parent / "data"


def _rows(table: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, strict=True)


@functools.cache
def short_forms() -> Mapping[str, frozenset[str]]:
    """Names that a short form may be short for: ``alex`` gives alexander and alexandra."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows("given_names"):
        if row["kind"] == "short":
            for form in row["forms"].split("|"):
                found[form].add(row["name"])
    return {form: frozenset(names) for form, names in found.items()}


@functools.cache
def spellings() -> Mapping[str, frozenset[str]]:
    """The names that a form is a spelling of, by themselves: ``mohamed`` gives muhammad."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows("given_names"):
        if row["kind"] == "spelling":
            for form in (row["name"], *filter(None, row["forms"].split("|"))):
                found[form].add(row["name"])
    return {form: frozenset(names) for form, names in found.items()}


@functools.cache
def traditions() -> Mapping[str, frozenset[str]]:
    """The traditions in which a form is a given name: ``yusuf`` gives arabic."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows("given_names"):
        if row["kind"] == "spelling":
            for form in (row["name"], *filter(None, row["forms"].split("|"))):
                found[form].add(row["tradition"])
    return {form: frozenset(names) for form, names in found.items()}


@functools.cache
def common_names() -> frozenset[str]:
    """Given and family names that many people bear."""
    return frozenset(row["name"] for row in _rows("common_names"))


@functools.cache
def given_names() -> frozenset[str]:
    """Common given names, with all short forms and spellings."""
    common = {row["name"] for row in _rows("common_names") if row["part"] == "given"}
    formal = {row["name"] for row in _rows("given_names")}
    return frozenset(common | formal | set(short_forms()) | set(spellings()))


@functools.cache
def surname_first() -> frozenset[str]:
    """Family names of languages in which they stand first: Chinese, Korean, Hungarian, …"""
    return frozenset(row["name"] for row in _rows("common_names") if row["surname_first"])


@functools.cache
def role_words() -> Mapping[str, str]:
    """Words for what somebody is, with their field; empty for those of every field."""
    roles = {row["word"]: row["field"] for row in _rows("field_words") if row["kind"] == "role"}
    general = {row["word"]: "" for row in _rows("field_words") if row["kind"] == "general"}
    return roles | general


@functools.cache
def topic_words() -> Mapping[str, str]:
    """Words that texts about a field use, with the field."""
    return {row["word"]: row["field"] for row in _rows("field_words") if row["kind"] == "topic"}


@functools.cache
def frequent_words() -> frozenset[str]:
    """Words that stand in news about anything."""
    return frozenset(row["word"] for row in _rows("frequent_words"))


@functools.cache
def general_words() -> Mapping[str, bool]:
    """Words that say nothing of which organization or place; True: a country has one such."""
    return {row["word"]: bool(row["national"]) for row in _rows("general_words")}
