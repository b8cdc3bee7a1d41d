"""Places' names that stand for their teams: "Leeds beat Hull 2-1" names two clubs.

Sports news calls a team by its place, and where it does it says so by its words: who captains,
beats and scores. A preposition of place, a dateline or a region behind the name still makes it a
place: "in Leeds", "Leeds, England".
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.normalise.recognise import Passage
from pipelines.normalise.rule_words import word_rows
from pipelines.normalise.spans import Span
from pipelines.normalise.support import is_placed, words_in

# Set by hand, then checked on the labelled sets (python -m evals.mentions): weights of the words of
# sports.csv, in the sentence with its neighbours or per hundred words of the whole article.
CUED = 0.4
"""Evidence beside a mention from which a cue of grammar tells ("beat", "against", "star")."""
ARTICLE = 2.5
"""Weight per hundred words from which an article is sports news: no cue is needed."""
SHORTEST_ARTICLE = 60
"""Words: a shorter text counts as this long, so that one word does not make it sports news."""
SCORE = 0.6
CLUB = 0.8
_SPORTING = frozenset({"sport", "club", "team", "league"})
"""Kinds of known organizations and events that speak of sport."""

# Two small numbers with a hyphen; not years, dates, dial codes.
_SCORE = re.compile(r"(?<![\w.,/$£€-])\d{1,3}[-\u2013]\d{1,3}(?![\w%/-]|[.,]\d)")
_AFTER = re.compile(r"(?P<own>\s?['’]s)?(?P<words>(?:\s[^\W\d_]+(?:[-'’][^\W\d_]+)?){1,3})")
_BETWEEN = frozenset(
    {"former", "interim", "head", "assistant", "vice", "national", "women's", "men's", "women’s"}
    | {"men’s", "first", "young", "veteran", "rookie", "starting", "team", "star", "record"}
)
"""Words that may stand between a team and what somebody is in it."""
_BEFORE = re.compile(
    r"\b(?:against|versus|vs?\.?|beat|beats|beating|defeat|defeated|defeating|edged|thrashed"
    r"|downed|routed|(?:lost|loss|losing|defeat|fell|falling|falls)\s+to|(?:drew|draw|tied|tie)"
    r"\s+with|(?:win|wins|won|victory|victories|triumph|lead)\s+over|faced?|facing|play|playing"
    r"|hosts?|hosting|visitors|hosts|rivals|champions|captained|coached|eliminated|upset)\s+$"
)
_TALLY_AFTER = re.compile(r"\s\d{1,3}(?:[-\u2013]\d{1,3})?(?:[\s,;.]|$)")
_VERSUS_AFTER = re.compile(r"\s(?:vs?\.?|versus)\s[A-Z]")
# "Leeds' Tom Hale beat …": the person plays, the place is where he is from.
_PERSON_AFTER = re.compile(r"\s?['’](?:s\s|\s)[A-Z]\w")
_REGION_AFTER = re.compile(r"\s?,\s(?:[A-Z]\w{1,5}\.|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)")
_REGION_BEFORE = re.compile(r"[^\W\d_]{2}\s?,\s$")
_REGION_END = re.compile(r"\s?(?:[,.;)\u2013\u2014-]|$)")
_PLACED_BEFORE = re.compile(
    r"\b(?:(?:from|of)\s(?:\w{1,12}\s)?"
    r"|(?:head(?:s|ed|ing)?|travel\w{0,4}|go(?:es|ing)?|went|trips?|off|fl(?:y|ew|ying|ights?)"
    r"|dr(?:ive|ove|iving)|return\w{0,3}|mov(?:e|ed|es|ing)|came|comes?|coming|visits?|journey)"
    r"\s(?:back\s)?to\s(?:the\s)?)$"
)
_PLACED_AFTER = re.compile(
    r"\s?,?\s(?:natives?|residents?|area|suburbs?|landmark|downtown|weather)\b"
)
_DATELINE_AFTER = re.compile(
    r"(?:\s?,\s[\w. ]{2,20})?(?:\s?[(-][^()\n]{1,24}[)-])?\s(?:--|[-\u2013\u2014])\s"
)
_REACH = 40


@dataclass(frozen=True, slots=True)
class _Words:
    weights: Mapping[str, float]
    uses: Mapping[str, str]


@functools.cache
def _words() -> _Words:
    found = list(word_rows("sports"))
    return _Words(
        {row["word"]: float(row["weight"]) for row in found if float(row["weight"])},
        {row["word"]: row["use"] for row in found if row["use"]},
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Where one text speaks of sport, and how much up to there."""

    places: Sequence[int]
    sums: Sequence[float]
    words: int

    @property
    def total(self) -> float:
        return self.sums[-1]

    def between(self, start: int, end: int) -> float:
        first = bisect.bisect_left(self.places, start)
        last = bisect.bisect_left(self.places, end)
        return self.sums[last] - self.sums[first]


def stand_ins(passages: Sequence[Passage]) -> list[frozenset[Span]]:
    """The places' names of an article that stand for teams, a set a passage.

    One mention is judged by its own sentence and by how much of the article is about sport; the
    same name may be the town in one place and the team in another.
    """
    if not any(span.entity_type == "place" for p in passages for span in p.spans):
        return [frozenset() for _ in passages]
    found = [_evidence(passage) for passage in passages]
    length = max(SHORTEST_ARTICLE, sum(evidence.words for evidence in found))
    density = 100 * sum(evidence.total for evidence in found) / length
    return [
        frozenset(_teams(passage, evidence, density))
        for passage, evidence in zip(passages, found, strict=True)
    ]


def _teams(passage: Passage, evidence: _Evidence, density: float) -> Iterator[Span]:
    """The density of the article alone tells only of known names: others may be players'."""
    known = {(match.start, match.end) for match in (*passage.known, *passage.weak)}
    for span in passage.spans:
        is_known = (span.start, span.end) in known
        if span.entity_type == "place" and _is_team(
            passage, span, evidence, density, is_known=is_known
        ):
            yield span


def _is_team(
    passage: Passage, span: Span, evidence: _Evidence, density: float, *, is_known: bool
) -> bool:
    text = passage.text
    use = _use_after(text, span.end)
    if use == "role":
        return True
    if _is_located(text, span):
        return False
    around = max(evidence.between(*_window(passage, span.start, beside)) for beside in (0, 1))
    if density >= ARTICLE and around > 0 and is_known:
        return not _PERSON_AFTER.match(text, span.end)
    if around >= 0 and _VERSUS_AFTER.match(text, span.end):
        return True
    if around < CUED:
        return False
    return bool(
        use
        or _BEFORE.search(text, max(0, span.start - _REACH), span.start)
        or _TALLY_AFTER.match(text, span.end)
    )


def _use_after(text: str, end: int) -> str:
    """How the word behind a name is used in sports news: ``role``, ``role_in_sport``, ``verb``."""
    found = _AFTER.match(text, end)
    for word in found["words"].split() if found else ():
        use = _words().uses.get(word.casefold(), "")
        if found and use and not (use == "verb" and found["own"]):
            return use
        if word.casefold() not in _BETWEEN and "-" not in word:
            break
    return ""


def _is_located(text: str, span: Span) -> bool:
    """True where grammar makes the name a place: "in …", "to …", "…, Ohio", a dateline."""
    if is_placed(text, span.start, span.end) or span.recognizer == "pattern":
        return True
    before = max(0, span.start - _REACH)
    if _REGION_AFTER.match(text, span.end) or _PLACED_AFTER.match(text, span.end):
        return True
    if text[span.start : span.end].isupper() and _DATELINE_AFTER.match(text, span.end):
        return True
    if _REGION_BEFORE.search(text, before, span.start) and _REGION_END.match(text, span.end):
        return True
    return bool(_PLACED_BEFORE.search(text, before, span.start))


def _window(passage: Passage, at: int, beside: int) -> tuple[int, int]:
    """The sentence of a mention, with so many on either side."""
    starts = passage.sentence_starts
    number = bisect.bisect_right(starts, at) - 1
    end = number + beside + 1
    return starts[max(0, number - beside)], starts[end] if end < len(starts) else len(passage.text)


def _evidence(passage: Passage) -> _Evidence:
    text, weights = passage.text, _words().weights
    found = [(score.start(), SCORE) for score in _SCORE.finditer(text)]
    for word in words_in(text):
        weight = weights.get(word.casefold())
        if weight is not None:
            found += [(at, weight) for at in _places(text, word)]
    found += [
        (match.start, CLUB)
        for match in passage.known
        if any(e.entity_type != "place" and e.kind in _SPORTING for e in match.strong)
    ]
    found.sort()
    sums = [0.0, *itertools.accumulate(weight for _, weight in found)]
    return _Evidence([place for place, _ in found], sums, text.count(" ") + 1)


def _places(text: str, word: str) -> Iterator[int]:
    """Where a word stands by itself."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (text[at - 1 : at].isalpha() or text[end : end + 1].isalpha()):
            yield at
        at = text.find(word, end)
