"""Ministries by rule: a country and a field of government name one, in any of its usual forms.

"Chinese Foreign Ministry", "China’s Foreign Ministry" and "Ministry of Foreign Affairs of China"
are one body, and so is "the Foreign Ministry" in an article that speaks of one country's alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipelines.normalise.catalogue import Catalogue, Match
from pipelines.normalise.scripts import ends_word
from pipelines.normalise.spans import Span
from pipelines.reference.entities import KnownEntity
from pipelines.reference.ministries import fields_by_form, ministry_of

MINISTRY_CONFIDENCE = 0.95
_MOST_WORDS = 8
_WORDS_AFTER = re.compile(rf"[^\W\d_]+(?: [^\W\d_]+){{0,{_MOST_WORDS - 1}}}")
_WORDS_BEFORE = re.compile(
    rf"(?<![^\W_])[^\W\d_]+(?: [^\W\d_]+){{1,{_MOST_WORDS - 1}}}(?= of (?:the )?$)"
)
_OF = re.compile(r" of (?:the )?$")
_OWN = re.compile(r"['’]s? ")
_OWNER_BEFORE = re.compile(r"(?P<name>(?:[^\W\d_][\w.]* ){0,3}[^\W\d_][\w.]*)['’]s? $")
_LONE = re.compile(
    r"(?<![^\W_])(?:Ministry (?:of|for) (?:the )?[A-Z][^\W\d_]+"
    r"(?:(?: and| of)(?: the)? [A-Z][^\W\d_]+){0,3}"
    r"|[A-Z][^\W\d_]+(?: (?:and )?[A-Z][^\W\d_]+){0,3} Ministry)(?![^\W_])"
)
_REACH = 96


def ministry_spans(text: str, matches: Iterable[Match]) -> Iterator[Span]:
    """Ministries in a text: with their country ("Chinese Foreign Ministry"), then by themselves.

    In small letters only behind a country's name or adjective.
    """
    if not _mentioned(text):
        return
    for match in matches:
        if _country(match.strong) is None:
            continue
        adjective = match.strong[0].entity_type == "nationality"
        own = _OWN.match(text, match.end)
        start = own.end() if own else match.end + 1
        end = _form_end(text, start)
        if end is not None and ends_word(text, end):
            yield _span(match.start if adjective or not own else start, end)
        before = _form_start(text, match.start)
        if before is not None and not adjective:
            yield _span(before, match.end)
    for found in _LONE.finditer(text):
        if found[0].casefold() in fields_by_form():
            yield _span(found.start(), found.end())


class Ministries:
    """Which countries' ministries one article speaks of."""

    def __init__(self, texts: Iterable[tuple[str, Sequence[Span]]], catalogue: Catalogue) -> None:
        """Read the ministries that are named with their country, of each text and its spans."""
        self._catalogue = catalogue
        self._stated: dict[str, set[str]] = defaultdict(set)
        for text, spans in texts:
            if not _mentioned(text):
                continue
            for span in spans:
                country, field = self._named(text, span)
                if country and field:
                    self._stated[field].add(country)

    def known(self, text: str, span: Span) -> tuple[KnownEntity, ...]:
        """The body that a span of ``text`` names; several where the article speaks of several.

        None where it is no ministry's name, or no country is said.
        """
        country, field = self._named(text, span)
        if field is None:
            return ()
        countries = [country] if country else sorted(self._stated.get(field, ()))
        found = (ministry_of(each, field) for each in countries)
        return tuple(ministry for ministry in found if ministry is not None)

    def _named(self, text: str, span: Span) -> tuple[str | None, str | None]:
        """Country and field; the country may stand before the span: "China’s Foreign Ministry"."""
        if span.entity_type != "organization":
            return None, None
        name = text[span.start : span.end]
        forms = fields_by_form()
        field = forms.get(name.casefold())
        if field is not None:
            owner = _OWNER_BEFORE.search(text, max(0, span.start - _REACH), span.start)
            return (self._country_at_end(owner["name"]) if owner else None), field
        words = name.split(" ")
        for cut in range(1, min(4, len(words))):
            field = forms.get(" ".join(words[cut:]).casefold())
            country = self._country_of(" ".join(words[:cut]).removesuffix("'s").removesuffix("’s"))
            if field and country:
                return country, field
        form, of, place = name.rpartition(" of ")
        field = forms.get(form.casefold()) if of else None
        return (self._country_of(place.removeprefix("the ")), field) if field else (None, None)

    def _country_at_end(self, name: str) -> str | None:
        words = name.split(" ")
        tails = (" ".join(words[at:]) for at in range(len(words)))
        return next((country for tail in tails if (country := self._country_of(tail))), None)

    def _country_of(self, name: str) -> str | None:
        form = self._catalogue.form(name)
        return _country(form.strong) if form is not None else None


def _mentioned(text: str) -> bool:
    return any(part in text for part in ("inistry", "epartment", "ffice", "reasury"))


def _country(known: Sequence[KnownEntity]) -> str | None:
    """The country that a name or an adjective alone means."""
    countries = {
        e.country for e in known
        if e.entity_type == "nationality" or (e.entity_type == "place" and e.kind == "country")
    }  # fmt: skip
    return countries.pop() if len(known) == 1 and len(countries) == 1 else None


def _form_end(text: str, start: int) -> int | None:
    """The end of the longest form of a ministry's name that begins at ``start``."""
    found = _WORDS_AFTER.match(text, start)
    words = found[0].split(" ") if found else []
    for count in range(len(words), 0, -1):
        form = " ".join(words[:count])
        if form.casefold() in fields_by_form():
            return start + len(form)
    return None


def _form_start(text: str, at: int) -> int | None:
    """The start of the longest form before "of the" before ``at``."""
    if _OF.search(text, max(0, at - 8), at) is None:
        return None
    found = _WORDS_BEFORE.search(text, max(0, at - _REACH), at)
    words = found[0].split(" ") if found else []
    for first in range(len(words) - 1):
        form = " ".join(words[first:])
        if found is not None and form.casefold() in fields_by_form():
            return found.end() - len(form)
    return None


def _span(start: int, end: int) -> Span:
    return Span(start, end, "organization", "pattern", MINISTRY_CONFIDENCE)
