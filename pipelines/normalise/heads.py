"""Longer names by their head words: "Leeds" in "Leeds General Hospital" is a part of a hospital's.

A model trained on sentences often sees only the part that it knows, and a catalogue always does.
What a longer name is called after is not what it names, so the part is never resolved by itself.
The heads are data: ``heads.csv``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.normalise.names import TITLES, fold_name
from pipelines.normalise.rule_words import word_rows
from pipelines.normalise.spans import Span, without_overlaps
from pipelines.normalise.word_tables import general_words

LONGER_CONFIDENCE = 0.85
# First letters of months and days.
CALENDAR = frozenset(
    {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
    | {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
)
# Offices stand behind a name as well as before one: "Leeds Council Director".
_OFFICES = (TITLES | {"clerk", "marshal", "trustee", "trustees", "selectman"}) - {"justice", "fr"}
_ARTICLES = frozenset({"the", "la", "el", "le", "il", "lo", "die", "der", "das"})
# Words of public bodies' names, beside those of ``general_words.csv``.
_GENERAL = frozenset(
    {"of", "the", "and", "for", "election", "electoral", "foreign", "interior", "defence"}
    | {"defense", "army", "navy", "air", "representatives", "commons", "lords", "assembly"}
    | {"constitutional", "bank", "armed", "forces", "guard", "coast", "intelligence"}
)
# Before a name these are adjectives where a sentence or a headline begins.
_ADJECTIVES = frozenset({"New", "Old", "Little", "Upper", "Lower", "Point", "Camp"})

_RUN_AFTER = re.compile(r"(?: [A-Z][^\W\d_]{1,23}){1,5}")
_RUN_WORD = re.compile(r"[^\W\d_]+")
_OF = r"(?:of|de|du|d['’]|di|da|do|del|della|dos|von|van)\s?(?:the\s|la\s|las\s|los\s|les\s|el\s)?"
_OF_BEFORE = re.compile(rf"(?<!\w){_OF}$")
_RUN_BEFORE = re.compile(
    rf"(?<![^\W_])(?P<run>(?:[^\W\d_a-z][^\W_]{{1,23}}(?:\s['’]?s)?\s(?:(?:and|for)\s)?){{0,4}}"
    rf"(?P<head>[^\W\d_a-z][^\W\d_]{{1,23}}))\s{_OF}$"
)
_ACRONYM_BEFORE = re.compile(r"(?<![\w&])[A-Z][A-Z&]{1,5}\sof\s$")
_WORD_BEFORE = re.compile(r"(?P<before>[^\W_]\s)?(?<![^\W_])(?P<word>[A-Z][^\W\d_]{1,23}\.?)\s$")
_STATE_AFTER = re.compile(r" State(?![\w-])(?! [A-Z])")
# American teams that are named by a year: "49ers".
_NUMBERED_AFTER = re.compile(r" \d{2}ers(?!\w)")
_YEAR_BEFORE = re.compile(r"(?<!\d)(?:19|20)\d{2}\s$")
_OFFICE_AT_END = re.compile(r"\s(?P<word>[^\W\d_]+)$")
_ITEM_WORD = r"[A-Z][\w.'’-]{0,30}"
_LIST_ITEM = rf"(?:,\s(?:and\s|or\s)?|\s(?:and|or)\s){_ITEM_WORD}(?: {_ITEM_WORD}){{0,3}}?"
_LIST_HEAD = re.compile(
    rf"(?:{_LIST_ITEM}){{1,9}}\s(?:Counties|Streets|Avenues|Roads|Rivers|Universities|Colleges"
    r"|Hospitals|Districts|Provinces|Townships|Parishes|Creeks|Councils)(?!\w)"
)
_BRACKET_BEFORE = re.compile(r"(?<![^\W_])[A-Z][^\W\d_]+ \((?P<first>[A-Z][\w ]{1,30} and )?$")
_BRACKET_AFTER = re.compile(r"(?P<second> and [A-Z][\w ]{1,30})?\)")
_REACH = 90


@dataclass(frozen=True, slots=True)
class _Heads:
    last: Mapping[str, str]
    first: Mapping[str, str]
    of: Mapping[str, str]
    beside: Mapping[str, str]
    """Those that stand right before, without a preposition: "Landgericht Hamburg"."""
    surnames: frozenset[str]


@functools.cache
def _heads() -> _Heads:
    by: dict[str, dict[str, str]] = {"last": {}, "first": {}, "of": {}, "next": {}}
    surnames = set()
    for row in word_rows("heads"):
        by[row["position"]].setdefault(row["head"], row["type"])
        if row["surname"]:
            surnames.add(row["head"])
    return _Heads(by["last"], by["first"], by["of"], by["next"], frozenset(surnames))


def is_general(name: str) -> bool:
    """True for a name of common words alone: many countries have an Election Commission."""
    words = fold_name(name).split()
    return all(word in _GENERAL or word in general_words() for word in words)


def typed_by_head(text: str, span: Span) -> Span:
    """The span with the type that its last word gives: "Clark County" is no person.

    Words that are surnames too decide nothing for a person.
    """
    before, _, last = text[span.start : span.end].rpartition(" ")
    kind = _heads().last.get(last) if before else None
    if kind is None or (span.entity_type == "person" and last in _heads().surnames):
        return span
    return replace(span, entity_type=kind)


def without_office(text: str, span: Span) -> Span:
    """An organization or place without the office behind it: "Leeds Council" of "… Director".

    "Attorney’s Office" is a name: an office with a possessive stays.
    """
    if span.entity_type not in ("organization", "place"):
        return span
    end = span.end
    while (found := _OFFICE_AT_END.search(text[span.start : end])) is not None:
        if found["word"].casefold() not in _OFFICES or text.startswith(("'s ", "’s "), end):
            break
        end = span.start + found.start()
    return replace(span, end=end)


def with_longer_names(
    text: str, spans: Sequence[Span], countries: Container[tuple[int, int]]
) -> list[Span]:
    """The spans (sorted, apart), each that is a part of a longer name replaced by the longer one.

    ``countries``: places, as (start, end), that name a country. Before an organization a country
    is where that is ("US Congress"), a town is a part of its name ("Leeds Harriers").
    """
    longer = list(_longer_names(text, spans, countries))
    if longer:
        longer.sort(key=lambda span: (span.start - span.end, span.start))
        spans = without_overlaps([*longer, *spans])
    return [replace(span, whole=False) if _is_part(text, span) else span for span in spans]


def _longer_names(
    text: str, spans: Sequence[Span], countries: Container[tuple[int, int]]
) -> Iterator[Span]:
    for number, span in enumerate(spans):
        following = spans[number + 1 : number + 3]
        found = _to_the_right(text, span, following)
        if found is span and span.entity_type == "place":
            found = _with_organization(text, span, following, (span.start, span.end) in countries)
        found = _to_the_left(text, found)
        if found is not span:
            yield replace(found, recognizer="pattern", confidence=LONGER_CONFIDENCE, whole=True)


def _to_the_right(text: str, span: Span, following: Sequence[Span]) -> Span:
    if span.entity_type == "organization":
        return _with_bracket(text, span, following)
    if span.entity_type not in ("place", "person"):
        return span
    if span.entity_type == "place" and (state := _STATE_AFTER.match(text, span.end)):
        return replace(span, end=state.end(), entity_type="organization")
    if numbered := _NUMBERED_AFTER.match(text, span.end):
        return replace(span, end=numbered.end(), entity_type="organization")
    run = _RUN_AFTER.match(text, span.end)
    if run is None:
        return span
    found = span
    people = {s.start for s in following if s.entity_type == "person"}
    words = list(_RUN_WORD.finditer(run[0]))
    for number, word in enumerate(words):
        at = span.end + word.start()
        is_title = word[0].casefold() in TITLES
        if is_title and words[number + 1 :] and words[number + 1][0] in _heads().last:
            continue  # "Leeds General Hospital"
        if is_title or word[0][:3].casefold() in CALENDAR or at in people:
            break
        kind = _heads().last.get(word[0])
        if kind and not (span.entity_type == "person" and word[0] in _heads().surnames):
            found = replace(span, end=at + len(word[0]), entity_type=kind)
    return found


def _with_bracket(text: str, span: Span, following: Sequence[Span]) -> Span:
    """Two places in brackets are a part of a body's name: "Shelter (England and Wales)"."""
    if len(following) < 2 or not text.startswith(" (", span.end):
        return span
    first, second = following
    # The whole is the name where the model knows its beginning as an organization.
    places = first.entity_type == second.entity_type == "place"
    inside = first.start == span.end + 2 and text[first.end : second.start] == " and "
    if places and inside and text.startswith(")", second.end):
        return replace(span, end=second.end + 1)
    return span


def _with_organization(text: str, span: Span, following: Sequence[Span], is_country: bool) -> Span:
    """A town and right behind it an organization are one name, whichever of them is known."""
    if is_country or not following or following[0].entity_type != "organization":
        return span
    if text[span.end : following[0].start] != " ":
        return span
    return replace(span, end=following[0].end, entity_type="organization")


def _to_the_left(text: str, span: Span) -> Span:
    if span.entity_type == "event":
        year = _YEAR_BEFORE.search(text, max(0, span.start - 6), span.start)
        return replace(span, start=year.start()) if year else span
    if span.entity_type not in ("place", "organization"):
        return span
    if _OF_BEFORE.search(text, max(0, span.start - 12), span.start):
        return _with_head_before(text, span)
    before = _WORD_BEFORE.search(text, max(0, span.start - 28), span.start)
    if before is None:
        return span
    word = before["word"]
    kind = _heads().first.get(word) if span.entity_type == "place" else None
    if kind and not (word in _ADJECTIVES and not before["before"]):
        return replace(span, start=before.start("word"), entity_type=kind)
    kind = _heads().beside.get(word)
    return replace(span, start=before.start("word"), entity_type=kind) if kind else span


def _with_head_before(text: str, span: Span) -> Span:
    if span.entity_type == "place":
        acronym = _ACRONYM_BEFORE.search(text, max(0, span.start - 12), span.start)
        if acronym is not None:
            return replace(span, start=acronym.start(), entity_type="organization")
    found = _RUN_BEFORE.search(text, max(0, span.start - _REACH), span.start)
    kind = _heads().of.get(found["head"]) if found else None
    if found is None or kind is None:
        return span
    start = found.start("run")
    for word in _RUN_WORD.finditer(found["run"]):
        start = found.start("run") + word.start()
        known = word[0].casefold()
        if known not in TITLES and known not in _ARTICLES and known[:3] not in CALENDAR:
            break
    return replace(span, start=start, entity_type=kind)


def _is_part(text: str, span: Span) -> bool:
    """True in "Kent, Essex and Surrey Counties", each a county, and "Shelter (England and Wales)".

    A place in brackets alone says where something is ("Juventus (Italy)"); two that "and" joins
    are how a body tells for which countries it works.
    """
    if span.entity_type != "place":
        return False
    if text[span.end : span.end + 1] in (",", " ") and _LIST_HEAD.match(text, span.end):
        return True
    before = _BRACKET_BEFORE.search(text, max(0, span.start - _REACH), span.start)
    after = _BRACKET_AFTER.match(text, span.end)
    return bool(before and after and (before["first"] or after["second"]))
