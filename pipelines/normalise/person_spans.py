"""Where a person's name begins and ends: without the occupation before it, with its suffix."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

from pipelines.normalise.names import REGNAL, TITLES, name_words
from pipelines.normalise.spans import Span
from pipelines.normalise.word_tables import given_names, role_words

_FIRST = re.compile(r"[^\W\d_]+\s+(?=\S+\s+\S)")
_SUFFIX = re.compile(r",?\s+(?:Jr|Sr)\b\.?|\s+(?:II|III|IV)\b")
_FULL = 2


def as_person(text: str, span: Span) -> Span:
    """A person's span as the name alone; any other as it is.

    A report that opens with what somebody is has it with a capital ("Climber Ada Bell said"), and a
    model takes it for a name. Where a full name is left without it, and it is nobody's given name
    ("Hunter S. Thompson"), it is an occupation. A suffix tells father from son.
    """
    if span.entity_type != "person":
        return span
    first = _FIRST.match(text, span.start, span.end)
    if first is not None and _is_occupation(first.group().strip()):
        span = replace(span, start=first.end())
    if len(name_words(text[span.start : span.end])) >= _FULL:
        suffix = _SUFFIX.match(text, span.end)
        if suffix is not None:
            span = replace(span, end=suffix.end())
    return span


@functools.lru_cache(maxsize=4096)
def _is_occupation(word: str) -> bool:
    # Titles have rules of their own: "King Charles III" is one name.
    plain = word.casefold()
    return plain in role_words() and plain not in given_names() | TITLES | REGNAL
