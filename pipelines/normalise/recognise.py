"""Which stretches of one text are names: the model, the catalogue and a few patterns, combined."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.normalise.catalogue import Catalogue, Match, types_of
from pipelines.normalise.heads import CALENDAR, typed_by_head, with_longer_names, without_office
from pipelines.normalise.ministries import ministry_spans
from pipelines.normalise.model import Reading
from pipelines.normalise.name_shapes import is_plausible, listed_persons, typed_by_shape
from pipelines.normalise.names import COMPANY_FORMS, SUFFIXES, TITLES, name_words
from pipelines.normalise.person_spans import as_person
from pipelines.normalise.scripts import ends_word
from pipelines.normalise.sentences import sentence_starts, with_paragraphs
from pipelines.normalise.spans import Span, trim, without_overlaps

# Set by hand, to rank beside the model's own figures (its precision for a label): how much speaks
# for a span, not a probability.
CATALOGUE_CONFIDENCE = 0.9
AGREED_CONFIDENCE = 0.97
PATTERN_CONFIDENCE = 0.95

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]+|(?<!\w)[@#]\w+")
_MINISTRY = re.compile(
    r"\s+(?:(?:[Ff]oreign|[Dd]efen[cs]e|[Ii]nterior|[Ff]inance|[Hh]ealth|[Ee]nergy|[Jj]ustice"
    r"|[Ee]ducation|[Tt]rade|[Cc]ommerce|[Ee]conom(?:y|ic|ics)|[Aa]griculture|[Ii]nformation"
    r"|[Cc]ulture|[Ll]abou?r|[Tt]ourism|[Tt]ransport|[Ee]nvironment|[Aa]ffairs|[Ss]ecurity"
    r"|and)\s+)+[Mm]inistry"
)
# Share of words with a capital from which a headline counts as title case.
TITLE_CASE_SHARE = 0.7
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL_AFTER = re.compile(r" (?P<word>[A-Z][^\W\d_]+)")
_CAPITAL_BEFORE = re.compile(r"[^\W_][,)]? (?P<word>(?![AI] )[A-Z][^\W\d_]*) $")
LONGEST_WORD = 24
EVENT_NOUNS = frozenset({"war", "conflict", "crisis", "invasion", "dispute", "talks"})
_PEERAGE = re.compile(r"\b(?:Duke|Duchess|Earl|Countess|Marquess|Prince|Princess) of $")
_DATELINE = re.compile(
    r"(?:^|(?<=\n)|(?<=[.!?]\s))(?P<place>[A-Z][A-Z'’.]{1,20}(?:[ -][A-Z][A-Z'’.]{1,20}){0,3})"
    r"(?P<detail>\s?,\s(?:[A-Z][\w.]{0,15}\s?){1,3}\d{0,2})?"
    r"(?P<agency>\s?\([A-Z][^()\n]{1,24}\))?\s?(?:--|[-\u2013\u2014])\s"
)
_DASH = re.compile(r"\s[-\u2013\u2014]{1,2}\s")
_DASHED_PART = re.compile(r"(?:(?!\s[-\u2013\u2014]{1,2}\s).)+")
_LIST_PART = re.compile(r"[^,]+")
_ONE_NAME = re.compile(rf"&|\band\b|,\s*(?:{'|'.join(sorted(COMPANY_FORMS))})(?!\w)", re.IGNORECASE)
# "Hale III", "Hale Jr."; in small letters "v" is versus.
_SUFFIX_AFTER = re.compile(
    rf",?\s+(?:[Jj]r|[Ss]r|{'|'.join(sorted(word.upper() for word in SUFFIXES))})(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of an article with what was found in it."""

    text: str
    in_headline: bool
    spans: tuple[Span, ...]
    """Sorted, not overlapping."""
    votes: tuple[Span, ...]
    """What the model alone says, trimmed: evidence for the type of a name elsewhere."""
    known: tuple[Match, ...]
    """Known names that mean something by themselves."""
    weak: tuple[Match, ...]
    """Known names that need support from the article and mean nothing by themselves."""
    sentence_starts: tuple[int, ...]


def recognise(
    text: str, catalogue: Catalogue, reading: Reading | None, *, english: bool, in_headline: bool
) -> Passage:
    """Find names in one text. Without a model's ``reading``, only those of the catalogue.

    ``english``: rules that are made for English words apply.
    """
    addresses = _addresses(text)
    starts = sentence_starts(text) if reading is None else reading.sentence_starts
    voted = [] if reading is None else _model_spans(text, reading.spans)
    voted = [span for span in voted if _outside(addresses, span.start, span.end)]
    matches = [m for m in _refined(text, catalogue) if _outside(addresses, m.start, m.end)]
    spans = (
        _combine(text, voted, matches, in_headline=in_headline)
        if english
        else _known(text, matches)
    )
    if not (in_headline and is_title_case(text)):
        spans = with_longer_names(text, spans, _countries(matches))
        spans = without_overlaps([*spans, *listed_persons(text, spans)])
    return Passage(
        text=text,
        in_headline=in_headline,
        spans=tuple(spans),
        votes=tuple(voted),
        known=tuple(match for match in matches if match.strong),
        weak=tuple(match for match in matches if match.weak and not match.strong),
        sentence_starts=with_paragraphs(text, starts),
    )


def _addresses(text: str) -> list[tuple[int, int]]:
    if not any(sign in text for sign in ("@", "#", "www.", "://")):
        return []
    return [found.span() for found in _ADDRESS.finditer(text)]


def _countries(matches: Iterable[Match]) -> set[tuple[int, int]]:
    return {(m.start, m.end) for m in matches if any(e.kind == "country" for e in m.strong)}


def is_title_case(text: str) -> bool:
    """True where most words have a capital, so that a capital tells nothing."""
    words = [word for word in _WORD.findall(text) if len(word) > 3]
    capitals = sum(word[0].isupper() for word in words)
    return bool(words) and capitals / len(words) >= TITLE_CASE_SHARE


def _refined(text: str, catalogue: Catalogue) -> Iterator[Match]:
    """Catalogue matches, longer ones that are no single name replaced by the names in them.

    "Ukraine war" is a place and a word, "German Bundestag" a nationality and an organization that
    is known without it; "Second World War" stays.
    """
    for match in catalogue.find(text):
        name = text[match.start : match.end]
        first, _, rest = name.partition(" ")
        modifiers, _, noun = name.rpartition(" ")
        if list(types_of(match)) == ["event"] and noun in EVENT_NOUNS:
            yield from _within(text, match.start, match.start + len(modifiers), catalogue)
        elif _is_demonym(first, catalogue) and _same_without(rest, match, catalogue):
            yield from _within(text, match.start, match.start + len(first), catalogue)
            yield replace(match, start=match.end - len(rest))
        else:
            yield match


def _is_demonym(word: str, catalogue: Catalogue) -> bool:
    form = catalogue.form(word)
    return form is not None and "nationality" in types_of(form)


def _same_without(rest: str, match: Match, catalogue: Catalogue) -> bool:
    form = catalogue.form(rest)
    return form is not None and bool(form.strong) and form.strong == match.strong


def _within(text: str, start: int, end: int, catalogue: Catalogue) -> Iterator[Match]:
    for match in catalogue.find(text[start:end]):
        yield replace(match, start=start + match.start, end=start + match.end)


def _model_spans(text: str, spans: Iterable[Span]) -> list[Span]:
    single = (piece for span in spans for piece in _split(text, span))
    trimmed = (trim(text, span) for span in single)
    likely = (without_office(text, s) for s in trimmed if s is not None and is_plausible(text, s))
    typed = (as_person(text, typed_by_head(text, typed_by_shape(text, span))) for span in likely)
    return without_overlaps(span for span in typed if _is_name(text, span))


def _split(text: str, span: Span) -> Iterable[Span]:
    """Split what the model took for one name: "Orange, Riverside" is two, "HULL - Orange" too.

    A comma before a company's form, and any in a name with "and" or "&", is part of the name.
    """
    name = text[span.start : span.end]
    dashed = _DASH.search(name) is not None
    parts = list((_DASHED_PART if dashed else _LIST_PART).finditer(name))
    one = span.entity_type == "person" or _ONE_NAME.search(name)
    if len(parts) < 2 or (one and not dashed):
        return [span]
    return [
        replace(span, start=span.start + part.start(), end=span.start + part.end())
        for part in parts
    ]


def _is_name(text: str, span: Span) -> bool:
    """A name is more than a title, has a capital or a letter without case, an event at its end."""
    words = name_words(text[span.start : span.end])
    if span.entity_type == "event" and words[-1][:1].islower():
        return False
    if all(word.casefold() in TITLES for word in words):
        return False
    return any(char.isalpha() and not char.islower() for char in text[span.start : span.end])


def _known(text: str, matches: Iterable[Match]) -> list[Span]:
    spans = (_catalogue_span(text, match, None) for match in matches)
    return [span for span in spans if span is not None]


def _combine(
    text: str, voted: list[Span], matches: list[Match], *, in_headline: bool
) -> list[Span]:
    """Patterns first, then the catalogue where the model has no longer name, then the model."""
    patterns = [
        *ministry_spans(text, matches),
        *_ministries(text, matches),
        *_peers(text, matches),
        *_datelines(text, matches),
    ]
    known: list[Span] = []
    starts = {span.start for span in voted} | {match.start for match in matches}
    ends = {span.end for span in voted} | {match.end for match in matches}
    for match in matches:
        over = list(_overlapping(voted, match.start, match.end))
        if any(_is_longer_name(text, span, match) for span in over):
            continue
        same = next((s for s in over if (s.start, s.end) == (match.start, match.end)), None)
        span = _catalogue_span(text, match, same)
        if span is not None:
            part = same is None and not in_headline and _is_part(text, span, starts, ends)
            known.append(replace(span, whole=not part))
    return without_overlaps([*patterns, *known, *voted])


def _is_part(text: str, span: Span, starts: set[int], ends: set[int]) -> bool:
    """True for a place that the model did not see and that has a capitalised word beside it.

    "Leeds" in "the Leeds Harriers" is; a title, a day, another name or a sentence's first word
    beside it tells nothing.
    """
    if span.entity_type not in ("place", "nationality"):
        return False
    after = _CAPITAL_AFTER.match(text, span.end)
    is_place = span.entity_type == "place"
    if is_place and after and after.start("word") not in starts and _may_join(after["word"]):
        return True
    before = _CAPITAL_BEFORE.search(text, max(0, span.start - LONGEST_WORD), span.start)
    return before is not None and before.end("word") not in ends and _may_join(before["word"])


def _may_join(word: str) -> bool:
    return word.casefold().strip(".") not in TITLES and word[:3].casefold() not in CALENDAR


def _catalogue_span(text: str, match: Match, same: Span | None) -> Span | None:
    types = list(types_of(match))
    if not types or _SUFFIX_AFTER.match(text, match.end):
        return None
    agreed = same is not None and same.entity_type in types
    if len(types) > 1 and not agreed:
        return None
    article = len("the ") if text.startswith("the ", match.start) else 0
    return Span(
        start=match.start + article,
        end=match.end,
        entity_type=same.entity_type if same is not None and agreed else types[0],
        recognizer="catalogue",
        confidence=AGREED_CONFIDENCE if agreed else CATALOGUE_CONFIDENCE,
    )


def _is_longer_name(text: str, span: Span, match: Match) -> bool:
    """True where the model's span is a longer name in which the known one is only a part.

    "Bank of China" is; "Ukraine crisis" is not, nor is a person's full name with a word beside it.
    """
    if not (span.start <= match.start and match.end <= span.end):
        return False
    rest = text[span.start : match.start] + " " + text[match.end : span.end]
    if not any(char.isupper() or char.isdigit() for char in rest):
        return False
    full_name = " " in text[match.start : match.end].strip()
    return not (full_name and list(types_of(match)) == ["person"])


def _ministries(text: str, matches: Iterable[Match]) -> Iterable[Span]:
    """A demonym and a ministry's field: an organization, in whatever case it is printed."""
    for match in matches:
        if "nationality" not in types_of(match):
            continue
        found = _MINISTRY.match(text, match.end)
        if found is not None and ends_word(text, found.end()):
            yield Span(match.start, found.end(), "organization", "pattern", PATTERN_CONFIDENCE)


def _peers(text: str, matches: Iterable[Match]) -> Iterable[Span]:
    """A noble title names a person, not the place in it."""
    for match in matches:
        found = _PEERAGE.search(text, max(0, match.start - 16), match.start)
        if found is not None and "place" in types_of(match):
            yield Span(found.start(), match.end, "person", "pattern", PATTERN_CONFIDENCE)


def _datelines(text: str, matches: Iterable[Match]) -> Iterable[Span]:
    """The place in capitals that opens a report: "LEEDS, England (AP) - …", "LEEDS - …".

    Labels are printed so too ("EXCLUSIVE - …"): without a region, day or agency behind it the
    place must be named elsewhere in the text.
    """
    known = {match.start for match in matches if match.strong}
    for found in _DATELINE.finditer(text):
        start, end = found.span("place")
        sure = found["detail"] or found["agency"]
        if start not in known and (sure or found["place"].title() in text):
            yield Span(start, end, "place", "pattern", PATTERN_CONFIDENCE)


def _overlapping(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    """Those of ``spans`` (sorted, apart) that share a character with the place."""
    first = bisect.bisect_right(spans, start, key=lambda span: span.end)
    for span in itertools.islice(spans, first, None):
        if span.start >= end:
            return
        yield span


def _outside(places: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """True where none of ``places`` (sorted, apart) shares a character with the place."""
    first = bisect.bisect_right(places, start, key=lambda place: place[1])
    return first == len(places) or places[first][0] >= end
