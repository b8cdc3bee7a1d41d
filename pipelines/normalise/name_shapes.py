"""What the form of a name alone tells: initials, capitals, pairs and lists.

A small model judges by the words around a name; where the form is plain it overrules the model.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.normalise.names import COMPANY_FORMS, name_words
from pipelines.normalise.spans import Span

LONGEST_IN_CAPITALS = 4
"""Words: a longer run in capitals is a headline, not a name."""
LISTED_CONFIDENCE = 0.85

_SURNAME = r"[A-Z][^\W\d_A-Z][^\W\d_]+(?:-[A-Z][^\W\d_]+)?"
# "J.K. Rowling", "F. Scott Fitzgerald", "George W. Bush"; not the initials of states, bodies and
# bearings: "U.S. Census", "S. Main Street".
_WITH_INITIALS = re.compile(
    r"(?!(?:U\.\s?[SKN]|E\.\s?U|D\.\s?C|N\.\s?[YJCDMEW]|S\.\s?[CDEW]|L\.\s?A|B\.\s?C|P\.\s?O)\.)"
    rf"(?:(?:[A-Z]\.\s?){{2,3}}{_SURNAME}|[A-DF-MO-RT-VX-Z]\.\s[A-Z][^\W\d_]+\s{_SURNAME}"
    rf"|[A-Z][^\W\d_A-Z][^\W\d_]+\s[A-Z]\.\s{_SURNAME})"
)
# Two capitalised words between two persons of a list, no digits and nothing in small letters.
_BETWEEN = re.compile(
    r", (?P<name>[A-Z][^\W\d_]+(?: [A-Z]\.)? [A-Z][^\W\d_]+(?:-[A-Z][^\W\d_]+)?)(?:,? and |, )"
)


def is_plausible(text: str, span: Span) -> bool:
    """False for one Latin letter, and for a whole headline in capitals."""
    name = text[span.start : span.end]
    if len(name) == 1:
        return not name.isascii()
    return not (name.isupper() and name.count(" ") >= LONGEST_IN_CAPITALS)


def typed_by_shape(text: str, span: Span) -> Span:
    """A person where initials stand before or inside the name: "J.K. Rowling".

    No companies: "A. P. Moller plc" has its form behind.
    """
    name = text[span.start : span.end]
    if span.entity_type == "person" or _WITH_INITIALS.fullmatch(name) is None:
        return span
    if name_words(name)[-1].casefold() in COMPANY_FORMS:
        return span
    return replace(span, entity_type="person")


def listed_persons(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Full names between two persons of a list: "Ada Bell, Ana Ruiz and Li Wei".

    ``spans``: sorted, apart.
    """
    persons = [span for span in spans if span.entity_type == "person"]
    for before, after in itertools.pairwise(persons):
        found = _BETWEEN.fullmatch(text, before.end, after.start)
        if found is not None and " " in text[before.start : before.end]:
            start, end = found.span("name")
            yield Span(start, end, "person", "pattern", LISTED_CONFIDENCE)
