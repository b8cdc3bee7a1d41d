"""Where the role in front of a person's name begins and ends: a walk over the words there.

Its last word, or the one before its "of …", is a word of the table; what stands before that belongs
to it as far as ``Ground.belongs`` says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.normalise.role_tokens import Ground, Token
from pipelines.normalise.role_words import Head

LONGEST = 120
"""Code points of a role: a longer stretch is a clause."""
BEFORE = 160
"""Code points in front of a name that are read."""
MOST_WORDS = 10
"""Words on either side of a role's head."""

# A word of the table is a verb or a part of an adverb behind these: "to coach", "in general".
_NOT_BEFORE_NOUN = frozenset(
    {
        "to", "will", "would", "can", "could", "should", "may", "might", "must", "did", "does",
        "do", "not", "in", "i", "we", "you", "they", "who",
    }
)  # fmt: skip
# Behind a role they say more of it: "who …", "until 2010".
RELATIVE = frozenset(
    {"who", "whom", "whose", "which", "that", "where", "when", "while", "until", "since", "during"}
)
# Where one of these follows, what looked like an apposition is a clause.
CLAUSE = frozenset(
    {
        "is", "are", "was", "were", "be", "been", "has", "have", "had", "will", "would", "can",
        "could", "may", "might", "must", "should", "do", "does", "did", "says", "said", "say",
        "told", "tells", "asked", "added", "adds", "wrote", "warned", "called", "made", "took",
        "gave", "went", "came", "got", "became", "if", "because", "but", "or", "as", "than", "then",
        "not", "after", "before", "despite", "he", "she", "they", "it", "we", "you", "i",
    }
)  # fmt: skip
_OWNED = re.compile(r"\s?['’]s?\s")
CLOSING = frozenset(',.;:!?)]"”»–—')


@dataclass(frozen=True, slots=True)
class Phrase:
    """A role as it stands in the text."""

    start: int
    end: int
    head: Head | None = None
    """None for an affiliation or a clause: "of … University", "heads …"."""
    printed_head: tuple[Token, ...] = ()
    before: tuple[Token, ...] = ()
    """Words in front of the head."""
    after: tuple[Token, ...] = ()
    """Words behind it."""
    over: bool = False
    """True where the words around it say that it is over: "who was"."""
    is_cut: bool = False
    """True where more was said behind the head: "president of …"."""


def before_name(ground: Ground, start: int, floor: int, following: str) -> Phrase | None:
    """The role in front of the name at ``start``.

    ``floor``: where the last name of a person before it ends. ``following``: the sign behind the
    name, which closes "the mayor, …,".
    """
    line = max(floor, ground.text.rfind("\n", floor, start) + 1)
    owned = _OWNED.match(ground.text, floor, start)
    if start - line > BEFORE:
        line = ground.text.find(" ", start - BEFORE, start) + 1 or start
    elif owned is not None:
        line = max(line, owned.end())
    elif line == floor and ground.text[line - 1 : line].isalnum():
        # What a hyphen joins to the name before: "Ann Lee-backed candidate …".
        line += len(ground.text[line:start]) - len(ground.text[line:start].lstrip("-\u2010\u2011"))
        line = line if line == floor else ground.text.find(" ", line, start) + 1 or start
    tokens = ground.tokens(line, start)
    while tokens and ground.words.has("honorific", tokens[-1].word.rstrip(".")):
        tokens.pop()
    if not tokens or tokens[-1].possessive:
        return None
    if tokens[-1].word != ",":
        return _ending_at(ground, tokens, is_open=False)
    if following and following not in CLOSING:
        return None
    return _reversed(ground, tokens[:-1], owned=owned is not None and line == owned.end())


def _ending_at(ground: Ground, tokens: Sequence[Token], *, is_open: bool) -> Phrase | None:
    """The role that ends with the last of ``tokens``.

    ``is_open``: any words may follow its head.
    """
    end = len(tokens)
    found = head_ending(ground, tokens, end)
    if found is None:
        found = _head_with_complement(ground, tokens, is_open=is_open)
    if found is None:
        return None
    (head_start, head), head_end = found
    first = head_start
    while first > max(0, head_start - MOST_WORDS) and ground.belongs(tokens, first - 1):
        first -= 1
    while first < head_start and (
        tokens[end - 1].end - tokens[first].start > LONGEST or _may_be_verb(tokens, first)
    ):
        first += 1
    if first == head_start and _may_be_verb(tokens, first):
        return None
    return Phrase(
        tokens[first].start,
        tokens[end - 1].end,
        head,
        tuple(tokens[head_start:head_end]),
        tuple(tokens[first:head_start]),
        tuple(tokens[head_end:end]),
    )


def head_ending(
    ground: Ground, tokens: Sequence[Token], end: int
) -> tuple[tuple[int, Head], int] | None:
    """The head whose last word is ``tokens[end - 1]``: its first word's place, itself, ``end``."""
    if end == 0 or tokens[end - 1].possessive or not tokens[end - 1].is_word:
        return None
    first = max(0, end - ground.words.longest)
    found = ground.words.head_at([token.word for token in tokens[first:end]], end - first)
    return None if found is None else ((first + found[0], found[1]), end)


def _head_with_complement(
    ground: Ground, tokens: Sequence[Token], *, is_open: bool
) -> tuple[tuple[int, Head], int] | None:
    """The head of "ambassador to Ukraine", "ministre français des Affaires étrangères"."""
    if is_small(ground, tokens[-1]):
        return None  # what follows "co-author with" is the complement, not the name
    adjectives_follow = ground.words.language not in ("en", "de")
    for at in range(len(tokens) - 1, max(0, len(tokens) - MOST_WORDS), -1):
        token = tokens[at]
        if not token.is_word or token.folded in CLAUSE or token.folded in RELATIVE:
            return None
        connects = ground.words.has("connector", token.word) and token.folded not in ("and", "&")
        if connects or (adjectives_follow and (ground.is_named(token) or ground.is_listed(token))):
            found = head_ending(ground, tokens, at)
            if found is not None:
                return found
        inside = is_small(ground, token) or token.possessive
        capital = token.word[0].isupper() and not ground.in_headline
        if not (inside or is_open or capital or ground.is_named(token) or ground.is_listed(token)):
            return None
    return None


def is_small(ground: Ground, token: Token) -> bool:
    """True for an article or a word such as "of"."""
    return ground.words.has("connector", token.word) or ground.words.has("article", token.word)


def _may_be_verb(tokens: Sequence[Token], first: int) -> bool:
    return (
        tokens[first].word.islower() and first > 0 and tokens[first - 1].folded in _NOT_BEFORE_NOUN
    )


def _reversed(ground: Ground, tokens: Sequence[Token], *, owned: bool) -> Phrase | None:
    """The role of "the mayor of Springfield, …,": an article or an owner stands before it.

    ``owned``: another person's name in the possessive stands before ``tokens``.
    """
    phrase = _ending_at(ground, tokens, is_open=True) if tokens else None
    if phrase is None:
        return None
    in_front = [token for token in tokens if token.end <= phrase.start]
    definite = owned and not in_front
    if in_front:
        definite = any(
            ground.words.has(kind, in_front[-1].word) for kind in ("article", "possessive")
        )
    return phrase if definite or any(token.possessive for token in phrase.before) else None
