"""What a person's name looks like in print, whatever the script."""

from __future__ import annotations

import re
import unicodedata

from pipelines.clean.authors import byline_words as words

LONGEST = 60
_MOST_WORDS = 6
_LEAST_SENTENCE = 4
_LONGEST_SIGNS, _LONGEST_SPELT = 8, 32
"""Characters of a name in Han, kana or Hangul, and of one spelt out in letters (Thai, katakana)."""
_ACCOUNT = re.compile(r"[a-z]+(?:[-_][a-z]+)+|\w+[._]\w+")
"""A user's account or the last part of an address: no spaces, joined by hyphens or dots."""
_NEVER = re.compile(r"[!?…=<>{}\[\]#%*\\^~|@:;]|\.{2}|\.\s+\w{3,}.*\.\s")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[- ]?){1,3}$")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_unspaced(name: str) -> bool:
    """True for a name in a script whose names are written without spaces (CJK, Hangul, Thai)."""
    return bool(_UNSPACED.search(name))


def is_name(name: str, *, strict: bool) -> bool:
    """True for what can be a person's name.

    ``strict`` is for visible lines, which may be anything: each word must begin with a capital,
    a letter without case or be a particle. Otherwise the value is stated to be an author, and
    only addresses, sentences and bare punctuation are refused.
    """
    tokens = name.split()
    if not 2 <= len(name) <= LONGEST or not 1 <= len(tokens) <= _MOST_WORDS:
        return False
    if _NEVER.search(name) or any(map(str.isdigit, name)):
        return False
    if not any(len(re.findall(r"[^\W\d_]", token)) > 1 for token in tokens):
        return False
    small = [t for t in tokens if t[:1].islower() and not _is_particle(t)]
    if len(tokens) == 1 and _ACCOUNT.fullmatch(name):
        return False
    if not strict:
        return not small or len(small) == len(tokens) < _LEAST_SENTENCE
    if small or tokens[-1].casefold() in words.particles():
        return False
    if is_unspaced(name):
        if "\u0e00" <= name[0] <= "\u0eff" or "・" in name or "·" in name:
            return len(name) <= _LONGEST_SPELT
        return len(name.replace(" ", "")) <= _LONGEST_SIGNS
    return all(_begins(token) for token in tokens)


def _begins(token: str) -> bool:
    first = token.lstrip("'’\"“„«(")[:1]
    return _is_particle(token) or unicodedata.category(first or " ") in {"Lu", "Lt", "Lo"}


def _is_particle(token: str) -> bool:
    low = token.casefold()
    if low in words.particles():
        return True
    return low[:2] in {"d'", "d’", "l'", "l’", "o'", "o’"} or low[:3] in {
        "al-",
        "el-",
        "ul-",
        "as-",
        "an-",
    }


def turned(last: str, first: str) -> str | None:
    """``Roe, Jane`` as ``Jane Roe``, or None where the two are not one name.

    One word before the comma (particles aside) and one word, with initials at most, behind it:
    nobody credits two people by one word each.
    """
    surname = [t for t in last.split() if t.casefold() not in words.particles()]
    given, *rest = first.split() or [""]
    if len(surname) != 1 or not given or is_unspaced(last + first):
        return None
    if not (surname[0][:1].isupper() and given[:1].isupper() and len(given.rstrip(".")) > 1):
        return None
    if rest and not _INITIALS.fullmatch(" ".join(rest)):
        return None
    return f"{first} {last}"
