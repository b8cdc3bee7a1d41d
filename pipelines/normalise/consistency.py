"""A name is one thing in one article: what is learnt in one place is applied in every other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from pipelines.normalise.catalogue import Catalogue
from pipelines.normalise.forms import index_forms, occurrences
from pipelines.normalise.names import name_words
from pipelines.normalise.people import people_of
from pipelines.normalise.recognise import CATALOGUE_CONFIDENCE, Passage, is_title_case
from pipelines.normalise.scripts import ends_word, starts_word, word_pattern
from pipelines.normalise.spans import Span, without_overlaps
from pipelines.normalise.support import is_after_title, is_placed, small_words, supported_forms

PROPAGATED_CONFIDENCE = 0.85
ANCHORED_CONFIDENCE = 0.95

# A preposition of place beside a name tells more than the model's guess: F1 of places in local news
# rose from .663 to .684 with no loss elsewhere (python -m evals.mentions).
PLACED_WEIGHT = 2

MOST_SEARCHED = 300
"""Names of one article that are searched one by one; an index is linear for any number."""
_HYPHEN = re.compile(r"[-\u2010\u2011\u2013]")


def consistent(passages: Sequence[Passage], catalogue: Catalogue) -> list[Passage]:
    """Give each name one type in the whole article and find its other occurrences.

    Full names make their surnames persons, the model's majority decides for the rest; names that
    were seen once are marked wherever they stand. Headlines in title case, where a capital tells
    nothing, take only names that the body or the catalogue knows.
    """
    has_body = any(p.spans for p in passages if not p.in_headline)
    checked = [_headline_checked(p, has_body) for p in passages]
    evidence = _Evidence(checked, catalogue)
    typed = [replace(p, spans=tuple(evidence.retyped(p))) for p in checked]
    known = evidence.names_to_mark(typed)
    return [_marked(p, known, evidence) for p in typed]


class _Evidence:
    """What one article as a whole says about its names."""

    def __init__(self, passages: Sequence[Passage], catalogue: Catalogue) -> None:
        self.people = people_of(passages)
        self.supported = supported_forms(passages)
        self.catalogue = catalogue
        self.small_words = small_words(passages)
        self.votes: dict[str, Counter[str]] = defaultdict(Counter)
        for passage in passages:
            for span in passage.votes:
                titled = is_after_title(passage.text, span.start)
                name = passage.text[span.start : span.end]
                self.votes[name]["person" if titled else span.entity_type] += 1
                if is_placed(passage.text, span.start, span.end):
                    self.votes[name]["place"] += PLACED_WEIGHT

    def majority(self, name: str) -> str | None:
        """The type that the model gives this string most often; None for a tie."""
        ranked = self.votes[name].most_common(2) if name in self.votes else []
        if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
            return None
        return ranked[0][0]

    def stands_for_person(self, name: str) -> bool:
        """True for the surname of a full name here, or a first token that is used like one."""
        return name in self.people.by_surname or self._is_first_token(name)

    def retyped(self, passage: Passage) -> Iterator[Span]:
        """The passage's spans with the types that the article supports."""
        for span in passage.spans:
            name = passage.text[span.start : span.end]
            chosen = self.majority(name)
            of_model = span.recognizer == "spacy"
            if of_model and self._is_pair(name):
                yield from self._surnames(span, name)
                continue
            if self.stands_for_person(name) and (of_model or chosen == "person"):
                yield replace(span, entity_type="person", confidence=ANCHORED_CONFIDENCE)
            elif of_model and name in self.supported:
                yield replace(span, entity_type=self.supported[name].entity_type)
            elif of_model and is_after_title(passage.text, span.start):
                yield replace(span, entity_type="person")
            elif of_model and chosen is not None:
                yield replace(span, entity_type=chosen)
            else:
                yield span

    def names_to_mark(self, passages: Iterable[Passage]) -> dict[str, str]:
        """Strings to be marked wherever they stand, with their type.

        A single word that the article also prints in small letters is left alone.
        """
        known: dict[str, str] = {}
        for passage in passages:
            for span in passage.spans:
                name = passage.text[span.start : span.end]
                several = len(name_words(name)) > 1
                if several or (span.entity_type != "person" and self._is_only_a_name(name)):
                    known.setdefault(name, span.entity_type)
        alone = [*self.people.by_surname, *filter(self._is_first_token, self.people.by_first)]
        known.update((name, "person") for name in alone if self._is_only_a_name(name))
        return known

    def _is_only_a_name(self, name: str) -> bool:
        return len(name) > 1 and name.casefold() not in self.small_words

    def _is_first_token(self, name: str) -> bool:
        if name not in self.people.by_first:
            return False
        form = self.catalogue.form(name)
        known = () if form is None else (*form.strong, *form.weak)
        return self.majority(name) == "person" or any(e.entity_type == "person" for e in known)

    def _is_pair(self, name: str) -> bool:
        """Two names that a hyphen joins: each is known by itself."""
        parts = _HYPHEN.split(name)
        return len(parts) > 1 and all(
            self.stands_for_person(part) or self._is_surname(part)
            or ((form := self.catalogue.form(part)) is not None and bool(form.strong))
            for part in parts
        )  # fmt: skip

    def _surnames(self, span: Span, name: str) -> Iterator[Span]:
        """Those of a pair that only stand for known persons: nothing else would mark them."""
        for part in re.finditer(r"[^\W_]+(?:['’][^\W_]+)?", name):
            if self._is_surname(part[0]):
                start = span.start + part.start()
                yield replace(span, start=start, end=start + len(part[0]), entity_type="person")

    def _is_surname(self, name: str) -> bool:
        form = self.catalogue.form(name)
        return form is not None and any(e.entity_type == "person" for e in form.weak)


def _headline_checked(passage: Passage, has_body: bool) -> Passage:
    if not (passage.in_headline and has_body and is_title_case(passage.text)):
        return passage
    spans = tuple(span for span in passage.spans if span.recognizer != "spacy")
    return replace(passage, spans=spans, votes=())


def _places(text: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the names of an article stand as whole words: the longest at each place, apart."""
    if len(names) > MOST_SEARCHED:
        yield from occurrences(text, index_forms(names))
        return
    found = []
    for name in filter(word_pattern().match, names):
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if starts_word(text, at) and ends_word(text, end):
                found.append((at, -end))
            at = text.find(name, end)
    done = 0
    for start, negative in sorted(found):
        if start >= done:
            done = -negative
            yield start, done


def _marked(passage: Passage, known: dict[str, str], evidence: _Evidence) -> Passage:
    """Add what the passage's own reading left out: known names, supported weak forms.

    In a text in capitals the names stand in capitals.
    """
    if passage.text.isupper():
        known = {name.upper(): kind for name, kind in known.items()}
    weak = []
    for match in passage.weak:
        entity = evidence.supported.get(passage.text[match.start : match.end])
        if entity is not None:
            weak.append(
                Span(match.start, match.end, entity.entity_type, "catalogue", CATALOGUE_CONFIDENCE)
            )
    repeated = [
        Span(start, end, known[passage.text[start:end]], "article", PROPAGATED_CONFIDENCE)
        for start, end in _places(passage.text, known)
    ]
    return replace(passage, spans=tuple(without_overlaps([*passage.spans, *repeated, *weak])))
