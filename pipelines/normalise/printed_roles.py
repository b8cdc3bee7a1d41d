"""What the words right beside a name say that somebody is: role words, age, an earlier name.

Only words of fixed positions count (before the name, in apposition, after "is a"): a role word
elsewhere in the sentence is as often somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.normalise.word_tables import role_words

_WORD = re.compile(r"[^\W_][^\W_'’.-]*(?:[-'’.][^\W_]+)*")
REACH = 90
"""Code points beside a name that are read."""
LONGEST_ROLE = 7
"""Words of an apposition before its role word: "the newly elected deputy leader"."""
LONGEST_SHORT_FORM = 4
_ENDS = re.compile(r"[.;:!?()\"“”\n\u2013\u2014]|,\s")
_CHUNK_BEFORE = re.compile(
    r"(?:^|[,.;:\n\u2013\u2014(]\s*|\b(?:to|by|from|and|with|but|that|as)\s+)"
    r"((?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur|[^\W\d_]+['’]s)\s[^,.;:\n()]{2,60}),\s*$"
)
# What stands in small letters between an article and a full name is what somebody is.
_DESCRIBED = re.compile(r"\b(?:[Tt]he|[Aa]n?)\s(?:[^\W_][\w'’-]*\s){0,3}?([a-z][a-z-]{3,})\s$")
_NO_ROLE = frozenset(
    {
        "with", "from", "that", "when", "said", "says", "told", "asked", "against", "after",
        "before", "under", "over", "between", "into", "where", "which", "while", "because", "like",
        "than", "named", "called", "late", "former", "then", "great", "young", "younger", "elder",
        "older",
        "time", "days", "year", "years", "case", "match", "film", "book", "song", "album", "team",
        "plan", "bill", "move", "award", "prize", "show", "play", "series", "novel", "also", "both",
        "brothers", "sisters", "couple", "family", "only", "real", "made", "makes", "gave", "gives",
        "went", "came", "took", "wins", "beat", "beats",
    }
)  # fmt: skip
_IS = re.compile(
    r"\s*(?:,\s*who\s+|\s)?(?:(?:is|was|became|remains|has\s+been|had\s+been|will\s+be|will\s+become|to\s+become)\s+(?:(?:re-?)?(?:elected|"
    r"appointed|named|hired|chosen)\s+)?(?:as\s+)?|(?:works|worked|serves|served|plays|played)\s+as\s+)"
    r"(?=(?:an?|the|one|its|their|his|her|our|[^\W\d_]+['’]s|elected|former|[^\W\d_]+)\b)"
)
# An apposition ends where its noun does: a role word after these is somebody else's.
_AFTER_NOUN = frozenset(
    {
        "of", "for", "at", "in", "on", "who", "whose", "which", "that", "from", "with", "and",
        "but", "said", "says", "told", "to", "by", "as", "after", "when", "while", "where", "had",
        "has", "have", "was", "were", "is", "are", "will", "would", "over", "against", "into",
        "near",
    }
)  # fmt: skip
_AGE_AFTER = re.compile(r"\s*(?:,\s*(?:aged\s+)?|\(\s*(?:aged\s+)?)(\d{1,2})\s*(?=[,.;)]|$)")
_ASIDE = re.compile(
    r"\s*\((?!aged|\d)[^()\n]{1,60}\)(?=\s*,|\s)|,\s(?:née|nee|born|formerly)\s[^,.;\n]{2,40}(?=,)"
)
_AGE_BEFORE = re.compile(r"\b(\d{1,2})[- ]years?[- ]old\s+(?:[^\W\d_]+\s+){0,4}$")
_UNDER_NAME = re.compile(
    r"\b(?:née|nee|formerly|previously|(?:be|been|is|was|now|still|better|also|once)\s+(?:known|called|named)(?:\s+as)?"
    r"|(?:known|compet\w+|appear\w*|perform\w*|publish\w*|wr(?:ite|ote|iting)s?|rac(?:e[ds]?|ing)|record\w*|sings?|sang"
    r"|acts?|acted|play(?:s|ed)?|runs?|ran|serv\w+|sign\w*|born|registered|listed|credited|remembered)\s+as"
    r"|(?:maiden|married|birth|new|old|stage|full|real)\s+name(?:\s*,|\s+is|\s+was|\s+of|\s+as)?"
    r"|under\s+the\s+name(?:\s+of)?|(?:her|his|their)\s+(?:sur)?name\s+to|(?:goes|went)\s+by(?:\s+the\s+name(?:\s+of)?)?)\s+$"
)
_NAMES = r"((?:[^\W\d_a-z][\w'’-]*\s?){1,3})"
_BORN = re.compile(rf"\s*[,(]?\s*(?:née|nee|nées?|geb\.|geborene?)\s+{_NAMES}")
_ONCE = re.compile(
    r"\s*[,(]?\s*(?:(?:who|and)\s+)?(?:is\s+|was\s+|has\s+been\s+)?(?:now\s+|still\s+)?(?:(?:formerly|previously|once|"
    r"earlier|also|better)(?:\s+(?:known|called|named))?(?:\s+as)?|born|known\s+(?:(?:until|before)\s+[^,]{3,30}\s+)?as|"
    r"now(?:\s+(?:known|called|named))?(?:\s+as)?|(?:goes|went)\s+by(?:\s+the\s+name(?:\s+of)?)?)"
    rf"\s+{_NAMES}"
)  # fmt: skip


def roles_beside(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Role words that belong to the name at ``start`` to ``end``, each with its stretch of text.

    "Rovers goalkeeper NAME", "the mayor of the town, NAME", "NAME, a retired judge, …", "NAME, 34,
    who is a nurse", "NAME was elected mayor".
    """
    yield from _before(text, start)
    yield from _after(text, end)


def _before(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    at = max(0, start - REACH)
    chunk = _CHUNK_BEFORE.search(text, at, start)
    if chunk is not None:
        found = role_in(_words(text, chunk.start(1), chunk.end(1))[1:])
        if found:
            yield found, chunk.start(1), start
        return
    words = list(_WORD.finditer(text, at, start))[-4:]
    if not words:
        return
    # A full stop belongs to a short form ("Gov."), after a longer word it ends the sentence.
    between = text[words[-1].end() : start]
    is_short = words[-1].end() - words[-1].start() <= LONGEST_SHORT_FORM
    if between.strip(" \u00a0.") or "\n" in between or ("." in between and not is_short):
        return
    plain = [m.group().casefold().strip(".") for m in words]
    for size in (2, 1):
        word = " ".join(plain[-size:])
        if len(plain) >= size and word in role_words():
            yield word, words[0].start(), start
            return
    named = _DESCRIBED.search(text, at, start)
    if named is not None and named[1] not in _NO_ROLE:
        yield named[1], named.start(), start


def _after(text: str, end: int) -> Iterator[tuple[str, int, int]]:
    limit = min(len(text), end + REACH)
    aside = _ASIDE.match(text, end, limit)
    end = aside.end() if aside else end
    age = _AGE_AFTER.match(text, end, limit)
    at = age.end() if age else end
    is_a = _IS.match(text, at, limit)
    if is_a is not None:
        at = is_a.end()
    elif text[at : at + 1] in (",", "(", "\u2013", "\u2014") or text[at : at + 2] in (
        " (",
        " \u2013",
        " \u2014",
    ):
        at += 2
    else:
        return
    ends = _ENDS.search(text, at, limit)
    stop = ends.start() if ends else limit
    found = role_in(_words(text, at, stop))
    if found:
        yield found, at, stop


def _words(text: str, start: int, end: int) -> list[str]:
    return [m.group() for m in _WORD.finditer(text, start, end)]


def role_in(words: Sequence[str]) -> str | None:
    """The role that a noun phrase names: its last role word before a preposition or verb.

    None where it has none among its first words.
    """
    found = None
    known = role_words()
    plain = [word.casefold().removesuffix("'s").removesuffix("’s") for word in words]
    for at, word in enumerate(plain[: LONGEST_ROLE + 1]):
        if word in _AFTER_NOUN:
            break
        pair = " ".join(plain[at : at + 2])
        if pair in known:
            found = pair
        elif word in known and not (found and found.endswith(f" {word}")):
            found = word
        elif found and not words[at][0].isupper():
            # "goalkeeper injured in …": what follows the noun is no part of it.
            break
    return found


def roles_within(name: str) -> Iterator[str]:
    """Role words printed with a capital before a full name: "Goalkeeper Ann Lee"."""
    words = [word.strip(".,") for word in name.split()]
    for word in words[:-2]:
        if word.casefold() not in role_words():
            return
        yield word.casefold()


def age_beside(text: str, start: int, end: int) -> int | None:
    """The age printed with a name: "NAME, 34,", "34-year-old NAME"; years."""
    found = _AGE_AFTER.match(text, end, min(len(text), end + REACH)) or _AGE_BEFORE.search(
        text, max(0, start - REACH), start
    )
    return int(found[1]) if found else None


def is_said_to_be(text: str, start: int) -> bool:
    """True where the words before a name say that somebody has, had or will have it."""
    return _UNDER_NAME.search(text, max(0, start - REACH), start) is not None


def other_names(text: str, end: int) -> tuple[list[str], list[str]]:
    """Family names at birth ("née Weber"), and full names borne before or now, after a name."""
    limit = min(len(text), end + REACH)
    born = [m[1].strip() for m in (_BORN.match(text, end, limit),) if m]
    once = [m[1].strip() for m in (_ONCE.match(text, end, limit),) if m]
    return born, [name for name in once if " " in name]
