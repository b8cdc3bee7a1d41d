"""The role behind a person's name: an apposition, or the body that somebody is of.

Commas or dashes stand around an apposition, its noun is a word of the table ("…, 54, a professor of
law at …,"); or it says whom somebody leads ("…, who heads …,").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.normalise.role_phrases import (
    CLAUSE,
    CLOSING,
    LONGEST,
    MOST_WORDS,
    RELATIVE,
    Phrase,
    head_ending,
    is_small,
)
from pipelines.normalise.role_tokens import Ground, Token, lies_in

AFTER = 220
"""Code points behind a name that are read."""
_DASHES = frozenset("–—")
# They open a clause that the comma behind a name may close: "Like Ann Lee, the coach …".
_INTRODUCING = frozenset(
    {
        "like", "unlike", "for", "with", "after", "under", "before", "since", "when", "while",
        "once", "if", "though", "although", "because", "without", "despite", "between", "to",
        "from", "in", "at",
    }
)  # fmt: skip


def behind_name(ground: Ground, end: int, ceiling: int) -> Phrase | None:
    """The role behind the name that ends at ``end``.

    ``ceiling``: where the next person's name begins, or the text ends.
    """
    newline = ground.text.find("\n", end, ceiling)
    line = ceiling if newline < 0 else newline
    last = min(line, end + AFTER)
    closed = last == line and (newline >= 0 or ceiling == len(ground.text))
    tokens = ground.tokens(end, last)
    at = _behind_brackets(tokens)
    if at < len(tokens) and tokens[at].folded == "of":
        return _affiliation(ground, tokens[at:])
    if at >= len(tokens) or not _opens(ground.text, tokens[at]):
        return None
    at, aged = _behind_age(tokens, at + 1)
    return _Apposition(ground, tokens, closed, aged, _introduces(ground, end)).read(at)


def _affiliation(ground: Ground, tokens: Sequence[Token]) -> Phrase | None:
    """The "of … University" right behind a name.

    Only for bodies that say what they are: titles of works look like organizations too.
    """
    named = [token for token in tokens[1:3] if not ground.words.has("article", token.word)]
    start = named[0].start if named else -1
    end = max((end for at, end in ground.organizations if at == start), default=0)
    parts = (token.word for token in tokens if start <= token.start < end)
    is_body = any(ground.words.has("institution", word) for word in parts)
    return Phrase(tokens[0].start, end) if is_body else None


def _behind_brackets(tokens: Sequence[Token]) -> int:
    """Past "(54)", "(D-Ohio)"."""
    if not tokens or tokens[0].word != "(":
        return 0
    return next((at + 1 for at, token in enumerate(tokens[:8]) if token.word == ")"), 0)


def _opens(text: str, token: Token) -> bool:
    return token.word == "," or (
        token.word in _DASHES
        and text[token.start - 1] == " "
        and text[token.end : token.end + 1] == " "
    )


def _behind_age(tokens: Sequence[Token], at: int) -> tuple[int, bool]:
    """Past "54,", "aged 54,"."""
    first = at + (at < len(tokens) and tokens[at].folded in ("aged", "age"))
    aged = first < len(tokens) and tokens[first].word.isdigit() and len(tokens[first].word) < 4
    if not aged:
        return at, False
    comma = first + 1 < len(tokens) and tokens[first + 1].word == ","
    return first + 1 + comma, True


def _introduces(ground: Ground, end: int) -> bool:
    """True where the comma behind the name may close the sentence's opening clause."""
    start = max(ground.text.rfind(sign, max(0, end - AFTER), end) for sign in ("\n", ". ", "“"))
    opening = ground.tokens(start + 1, end) if end - start < AFTER else []
    signs = any(token.word == "," for token in opening)
    words = [token for token in opening if token.is_word]
    return bool(words) and not signs and words[0].folded in _INTRODUCING


@dataclass(frozen=True, slots=True)
class _Apposition:
    """Reads "a professor of law at …," behind a name."""

    ground: Ground
    tokens: Sequence[Token]
    closed: bool
    """True where a line or the text ends behind the last token, False where another person's name
    stands there or the reading was cut."""
    aged: bool
    introduced: bool

    def read(self, at: int) -> Phrase | None:
        """The role whose first word, or whose article, is ``tokens[at]``."""
        over = False
        if self._folded(at) == "who":
            at += 1
            if self.ground.words.has("verb", self._folded(at)):
                return self._clause(at)
            if self._folded(at) not in ("is", "was", "serves", "served"):
                return None
            over = self._folded(at) in ("was", "served")
            at += 2 if self._folded(at + 1) == "as" else 1
        definite = self._is_determiner(at)
        while self._is_determiner(at):
            at += 1
        phrase = self._noun(at, definite=definite)
        if phrase is None:
            return None
        behind = next((t.folded for t in self.tokens[at:] if t.start >= phrase.end), "")
        return replace(phrase, over=over or behind == "until")

    def _folded(self, at: int) -> str:
        return self.tokens[at].folded if at < len(self.tokens) else ""

    def _is_determiner(self, at: int) -> bool:
        if at >= len(self.tokens) or self.tokens[at].possessive:
            return False
        words = self.ground.words
        return words.has("article", self._folded(at)) or words.has("possessive", self._folded(at))

    def _noun(self, at: int, *, definite: bool) -> Phrase | None:
        end = self._run(at)
        found = head_ending(self.ground, self.tokens, end)
        if found is None or found[0][0] < at:
            return None
        (head_start, head), _ = found
        free = definite or not (self.introduced or self.ground.in_headline)
        front = range(at, head_start)
        if not free and not all(self.ground.belongs(self.tokens, place) for place in front):
            return None
        end = self._with_second(end)
        stop = whole = self._complement(end)
        closes = self._closes(stop)
        if stop > end and (not closes or not self._fits(at, stop)):
            # What follows is another person's name, or too long: the noun stands for itself.
            if self._folded(stop) in CLAUSE or self.introduced:
                return None
            stop = end
        elif not closes and not self._goes_on(stop, definite=definite or self.aged):
            return None
        tokens = self.tokens
        return Phrase(
            tokens[at].start,
            tokens[stop - 1].end,
            head,
            tuple(tokens[head_start : found[1]]),
            tuple(tokens[at:head_start]),
            tuple(tokens[found[1] : stop]),
            is_cut=stop < whole,
        )

    def _goes_on(self, at: int, *, definite: bool) -> bool:
        """True for "a teacher and father of two": what follows does not matter."""
        return definite and not self.introduced and self._folded(at) == "and"

    def _run(self, at: int) -> int:
        """Behind the last of the words that may be a noun and what describes it."""
        words, end = self.ground.words, at
        while end < min(len(self.tokens), at + MOST_WORDS):
            token = self.tokens[end]
            stops = token.folded in CLAUSE or token.folded in RELATIVE
            if not token.is_word or stops or words.has("connector", token.word):
                # "secretary of state", "editor in chief": connectors inside a head.
                longer = [n for n in (end + 2, end + 3) if self._is_head(at, n, end)]
                if not longer:
                    break
                end = longer[-1]
                continue
            end += 1
        return end

    def _is_head(self, at: int, end: int, inside: int) -> bool:
        if end > len(self.tokens):
            return False
        found = head_ending(self.ground, self.tokens, end)
        return found is not None and at <= found[0][0] < inside

    def _with_second(self, end: int) -> int:
        """Past "and chief executive"."""
        if self._folded(end) not in ("and", "&"):
            return end
        first = end + 1 + self._is_determiner(end + 1)
        second = self._run(first)
        found = head_ending(self.ground, self.tokens, second)
        return end if found is None or found[0][0] < first else second

    def _complement(self, at: int) -> int:
        """Behind "of …", "at … in …": up to a sign, a relative clause or a verb."""
        if not self.ground.words.has("connector", self._folded(at)) or self._folded(at) in (
            "and",
            "&",
        ):
            return at
        while at < len(self.tokens):
            token = self.tokens[at]
            inside = token.is_word or token.word in "&'’"
            if not inside and not lies_in(self.ground.named, token.start, token.end):
                break
            if token.folded in RELATIVE or token.folded in CLAUSE:
                break
            if self.introduced and token.word.islower() and not is_small(self.ground, token):
                break
            at += 1
        return at

    def _closes(self, at: int) -> bool:
        if at >= len(self.tokens):
            return self.closed
        return self.tokens[at].word in CLOSING or self.tokens[at].folded in RELATIVE

    def _fits(self, at: int, stop: int) -> bool:
        return self.tokens[stop - 1].end - self.tokens[at].start <= LONGEST

    def _is_body(self, at: int) -> bool:
        """True for "the Tidal Board", "a Leeds bank"; false for "the research"."""
        words = self.ground.words
        if is_small(self.ground, self.tokens[at]) and not words.has("article", self._folded(at)):
            return False
        return any(token.word[0].isupper() for token in self.tokens[at : at + 4])

    def _clause(self, at: int) -> Phrase | None:
        """The "heads …" of "who heads …,"."""
        stop = at + 1
        if stop >= len(self.tokens) or not self._is_body(stop):
            return None
        while stop < len(self.tokens) and (
            self.tokens[stop].is_word
            or lies_in(self.ground.named, self.tokens[stop].start, self.tokens[stop].end)
        ):
            if self.tokens[stop].folded in RELATIVE or self.tokens[stop].folded in CLAUSE:
                return None
            stop += 1
        if not self._closes(stop) or not self._fits(at, stop):
            return None
        return Phrase(self.tokens[at].start, self.tokens[stop - 1].end)
