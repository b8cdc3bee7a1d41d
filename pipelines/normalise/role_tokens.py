"""The words of one text around a name, as the reading of roles sees them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.normalise.role_words import RoleWords

_TOKEN = re.compile(r"[^\W_](?:[\w&]|[.'’/\-\u2010\u2011](?=\w))*(?:['’](?!\w))?|[^\w\s]")
_ELISION = re.compile(r"(?:[dl]|(?:de|da|su|a|ne)ll)['’](?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
_SHORTENED = frozenset(
    {
        "inc",
        "corp",
        "co",
        "ltd",
        "st",
        "bros",
        "univ",
        "dept",
        "mr",
        "mrs",
        "ms",
        "dr",
        "hon",
        "mme",
    }
)
_CALENDAR = frozenset(
    {
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday",
        "saturday", "sunday", "today", "yesterday", "tomorrow",
    }
)  # fmt: skip
# First words of sentences that are no names.
_OPENERS = frozenset(
    {
        "and", "but", "or", "so", "then", "as", "if", "like", "unlike", "for", "with", "after",
        "under", "before", "since", "when", "while", "once", "though", "although", "because",
        "without", "despite", "between", "to", "from", "in", "at", "on", "by", "of", "about",
        "against", "meanwhile", "also", "now", "later", "earlier", "even", "only", "both", "not",
        "yet", "still", "today", "there", "here", "this", "that", "some", "many", "all",
    }
)  # fmt: skip
_AND = frozenset({"and", "&", "et", "und", "y", "e"})
_CONTRACTED = frozenset({"it", "he", "she", "that", "who", "there", "what", "here", "let"})
# Endings that make adjectives of nouns and never make verbs.
_ADJECTIVE = re.compile(r"\w{3,}(?:al|ary|ous|ian|ist|ish)")
_TWO_SENTENCES = re.compile(r"[a-z]{2}\.[A-Z]")
_OPENING = frozenset('.!?:“”"‘(—–\n\r\t•*>|')


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign; offsets in the whole text."""

    start: int
    end: int
    word: str
    """Without the possessive ending."""
    possessive: bool = False

    @property
    def is_word(self) -> bool:
        """False for a sign."""
        return self.word[0].isalnum()

    @property
    def folded(self) -> str:
        """The word, case folded."""
        return self.word.casefold()


@dataclass(frozen=True, slots=True)
class Ground:
    """One text with the names in it that are no person's."""

    text: str
    words: RoleWords
    in_headline: bool
    named: Sequence[tuple[int, int]]
    """Sorted; they may overlap."""
    organizations: Sequence[tuple[int, int]]
    """Those of them that are organizations."""

    def tokens(self, start: int, end: int) -> list[Token]:
        """The words and signs of a stretch of the text."""
        found: list[Token] = []
        done = start
        for match in _TOKEN.finditer(self.text, start, end):
            at, stop = match.span()
            if at < done:
                continue
            elided = _ELISION.match(self.text, at, stop) if self._elides else None
            if elided is not None:
                found.append(Token(at, elided.end() - 1, self.text[at : elided.end() - 1]))
                at = elided.end()
            found.append(self._token(at, stop, end))
            done = found[-1].end
        return found

    @property
    def _elides(self) -> bool:
        return self.words.has("article", "l")

    def _token(self, at: int, stop: int, end: int) -> Token:
        word = self.text[at:stop]
        ending = _POSSESSIVE.search(word)
        if ending is not None:
            return Token(at, stop, word[: ending.start()], possessive=True)
        if stop < end and self.text[stop] == "." and self._is_shortened(word):
            return Token(at, stop + 1, f"{word}.")
        return Token(at, stop, word)

    def _is_shortened(self, word: str) -> bool:
        return bool(
            word in self.words.shortened
            or word.casefold() in _SHORTENED
            or (_INITIALS.fullmatch(word) and word[-1].isupper())
        )

    def is_named(self, token: Token) -> bool:
        """True for a word inside a name that is no person's."""
        return lies_in(self.named, token.start, token.start + len(token.word))

    def belongs(self, tokens: Sequence[Token], at: int) -> bool:
        """True where a word left of a role's head is part of the role.

        A name, a word of the table, a possessive noun, a compound; any word right behind an
        article, where no verb can stand; a capital that is not merely the sentence's first.
        """
        token = tokens[at]
        if not token.is_word or token.folded in _CALENDAR or _TWO_SENTENCES.search(token.word):
            return False
        if self.is_named(token):
            return True
        if self._is_determiner(token):
            return False
        if token.possessive:
            return token.folded not in _CONTRACTED
        if self._is_described(tokens, at) or "-" in token.word:
            return True
        if token.folded.endswith("ed") and not self._is_participle(tokens, at):
            return False
        if self.is_listed(token):
            return True
        if token.folded in _AND:
            return at > 0 and self._may_be_joined(tokens, at)
        if token.word[0].isupper():
            return not self.in_headline and (
                not self._opens_sentence(tokens, at) or self._is_before_noun(tokens, at)
            )
        # "nuisance-animal control officer": what a compound describes is a noun.
        compound = at > 0 and "-" in tokens[at - 1].word
        return compound or _ADJECTIVE.fullmatch(token.folded) is not None

    def _is_participle(self, tokens: Sequence[Token], at: int) -> bool:
        """True for "newly elected", "Iran's ousted", "Retired Gen.": elsewhere it is a verb."""
        if at and (tokens[at - 1].possessive or tokens[at - 1].folded.endswith("ly")):
            return True
        return tokens[at].word[0].isupper()

    def _may_be_joined(self, tokens: Sequence[Token], at: int) -> bool:
        """True for the "and" of "president and chief executive", "foreign and defence"."""
        return (
            self.is_listed(tokens[at - 1])
            or self.words.head_at([token.word for token in tokens[:at]], at) is not None
        )

    def is_listed(self, token: Token) -> bool:
        """True for a word that the table lets stand in front of a role's head."""
        words = self.words
        return (
            any(words.has(kind, token.word) for kind in ("modifier", "neutral", "time", "under"))
            or token.folded in words.portfolios
            or (token.folded,) in words.heads
        )

    def _is_determiner(self, token: Token) -> bool:
        return self.words.has("article", token.word) or self.words.has("possessive", token.word)

    def _is_described(self, tokens: Sequence[Token], at: int) -> bool:
        """True between an article and a noun; "his friend President …" are two nouns."""
        return (
            0 < at < len(tokens) - 1
            and self._is_determiner(tokens[at - 1])
            and not self.words.has("connector", tokens[at].word)
            and tokens[at + 1].word.islower()
        )

    def _is_before_noun(self, tokens: Sequence[Token], at: int) -> bool:
        """True for a sentence's first word before a role in small letters: "Acme president"."""
        adverb = tokens[at].folded in _OPENERS or tokens[at].folded.endswith("ly")
        return not adverb and any(token.word.islower() for token in tokens[at + 1 :])

    def _opens_sentence(self, tokens: Sequence[Token], at: int) -> bool:
        token = tokens[at]
        if len(token.word) > 1 and token.word.isupper():
            return False  # an acronym
        if at:
            return tokens[at - 1].word in _OPENING
        before = self.text[max(0, token.start - 3) : token.start].rstrip(" ")
        return not before or before[-1] in _OPENING


def lies_in(places: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """True where one of ``places`` (sorted) holds the whole stretch."""
    at = bisect.bisect_right(places, (start, 1 << 60))
    return any(stop >= end for _, stop in places[max(0, at - 3) : at])
