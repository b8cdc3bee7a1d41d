"""What is asked of the index: words, phrases, beginnings of words, and what must not be there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PART = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\uff07]")
MOST_PARTS = 32
"""Words and phrases of one question."""
MOST_CHARACTERS = 1_000


class QuestionError(ValueError):
    """What is asked cannot be looked up; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that must, or must not, be in an article."""

    text: str
    """As asked, without quotes, minus and asterisk."""
    is_phrase: bool = False
    is_prefix: bool = False
    is_excluded: bool = False


def read_question(arguments: Iterable[str]) -> list[Part]:
    """Parts of a question: ``word``, ``"a phrase"``, ``begin*``, ``-word``, ``-"a phrase"``.

    An argument with spaces and none of these marks was quoted for the shell: it is a phrase.
    Raises QuestionError where nothing is asked for, or too much.
    """
    given = [_readable(argument) for argument in arguments]
    if sum(map(len, given)) > MOST_CHARACTERS:
        raise QuestionError(f"ask for less: {MOST_CHARACTERS:,} characters at most")
    parts: list[Part] = []
    for argument in given:
        if _is_quoted(argument):
            parts.append(Part(argument, is_phrase=True))
            continue
        parts += [_part(match) for match in _PART.finditer(argument)]
    parts = [part for part in parts if any(map(str.isalnum, part.text))]
    if len(parts) > MOST_PARTS:
        raise QuestionError(f"ask for less: {MOST_PARTS} words and phrases at most")
    if not any(not part.is_excluded for part in parts):
        raise QuestionError("say at least one word that articles must have")
    return parts


def _is_quoted(argument: str) -> bool:
    pieces = argument.split()
    marked = any(piece.startswith("-") or piece.endswith("*") for piece in pieces)
    return len(pieces) > 1 and '"' not in argument and not marked


def _part(match: re.Match[str]) -> Part:
    minus = bool(match["minus"])
    if match["phrase"] is not None:
        return Part(match["phrase"], is_phrase=True, is_excluded=minus)
    word = match["word"]
    return Part(word.rstrip("*"), is_prefix=word.endswith("*"), is_excluded=minus)


def _readable(argument: str) -> str:
    """Without what no text has: NUL, and halves of characters (surrogates from a command line)."""
    return argument.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8").strip()


def without_elisions(text: str) -> str:
    """Without the single letters that an apostrophe joins to a word: l'état, the state's."""
    pieces = _APOSTROPHES.split(text)
    longer = [piece for piece in pieces if len(piece) > 1]
    return " ".join(longer or pieces)
