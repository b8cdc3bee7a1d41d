"""Persons' names taken apart and compared: spellings, short forms, initials, family names.

Compared are names alone; whether two of them are one person is for ``evidence`` and ``clusters``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipelines.normalise.names import PARTICLES, SUFFIXES, name_words, without_titles
from pipelines.normalise.romanised import (
    arabic,
    is_slavic_surname,
    plain,
    same_arabic,
    skeleton,
    slavic,
    without_digraphs,
)
from pipelines.normalise.word_tables import (
    common_names,
    given_names,
    role_words,
    short_forms,
    spellings,
    surname_first,
    traditions,
)

SAME, MIDDLE, SPELLED, ORDER, SHORT, COMPOUND, SUFFIX, INITIAL = (
    "same", "middle", "spelled", "order", "short", "compound", "suffix", "initial",
)  # fmt: skip
RELATIONS = (SAME, MIDDLE, SPELLED, ORDER, SHORT, COMPOUND, SUFFIX, INITIAL)
"""How two names may be one person's, from what says most to what says least: the same name but for
a middle initial; one has a middle name more; other spelling or romanisation; family name first;
a short form (Bob, Robert); one has a family name more (married, Spanish); one has Jr or III; one
has only an initial."""
_RANK = {relation: rank for rank, relation in enumerate(RELATIONS)}

_INITIALS = re.compile(r"(?:[^\W\d_]\.?){1,3}")
_ARABIC_ARTICLE = re.compile(r"^(?:al|el|ul|as|ash|an|ar|ad|az)-(?=\w)", re.IGNORECASE)
_SERVANT = re.compile(
    r"\bAbd(?:[aeu][lrsnz])?[- ](?:[aeu][lrsnz][h]?-)?(?=(?:rahm|r[ae]h|aziz|kar[ie]|lat[ie]|fat+a"
    r"|ham[ie]|[kq]ad|mal[ie]|nas+[ei]|sal+a|maj|wah+a|jab|ghan|ra[zs]|hal[ie]|hak|mo[uh]|mon|bas|ghaf))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """The parts of a person's name, folded by ``romanised.plain``."""

    given: str
    """Without hyphens; letters where ``initials``."""
    initials: bool
    """True where the given name is only initials."""
    middle: tuple[str, ...]
    """Names and initials between given and family name, in order."""
    family: frozenset[str]
    """The parts of the family name: two where it is compound, without particles."""
    suffix: str
    arabic: bool
    """The name itself shows that Arabic or Persian spelling rules apply."""
    slavic: bool
    whole: str
    """All words, particles too, as one: hyphens, spaces and particles set differently."""
    born: bool = False
    """True where ``family`` has a name that the person bore before."""


@functools.lru_cache(maxsize=65536)
def parse(name: str) -> PersonName | None:
    """Take a name apart. None where it is a single word."""
    printed = _SERVANT.sub("Abd", name)
    words = [word.strip("\"“”()'‘’") for word in without_titles(name_words(printed))]
    words = without_roles([word for word in words if plain(word)])
    suffix = ""
    while len(words) > 1 and words[-1].casefold() in SUFFIXES:
        suffix = plain(words.pop())
    if len(words) < 2:
        return None
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    family = [plain(part) for word in words[start:] for part in _family_parts(word)]
    given = words[0]
    initials = _is_initials(given)
    middle = [plain(word) for word in words[1:start] if word.casefold() not in PARTICLES]
    if initials and len(plain(given)) > 1:
        letters = plain(given)
        given, middle = letters[0], [*letters[1:], *middle]
    folded = [plain(word) for word in words]
    given = _servant(plain(given))
    has_article = any(_ARABIC_ARTICLE.match(word) for word in words[1:])
    known = [traditions().get(word, frozenset()) for word in folded]
    return PersonName(
        given=given,
        initials=initials,
        middle=tuple(middle),
        family=frozenset(filter(None, family)) or frozenset({plain(words[-1])}),
        suffix=suffix,
        arabic=has_article
        or given.startswith("abd")
        or any("arabic" in t for t in known)
        or any(word.casefold() in {"bin", "ibn", "bint", "abu", "ben"} for word in words[1:-1]),
        slavic=any("slavic" in t for t in known) or is_slavic_surname(folded[-1]),
        whole="".join(folded),
    )


def without_roles(words: list[str]) -> list[str]:
    """A role printed with a capital before a full name is no part of it: "Goalkeeper Ann Lee"."""
    roles, given = role_words(), given_names()
    while len(words) > 2 and words[0].casefold() in roles and plain(words[0]) not in given:
        words = words[1:]
    return words


def _servant(given: str) -> str:
    """Abdul, Abdel and Abdur before a name of God are one word, "servant of the"."""
    return re.sub(r"^abd[aeiou][lrsnz](?=[^aeiou][aeiou]|[^aeiou]{2}[aeiou])", "abd", given)


def _family_parts(word: str) -> list[str]:
    """Parts of a compound; an Arabic article is no part, a short second half no name of its own."""
    bare = _ARABIC_ARTICLE.sub("", word)
    if bare.casefold() in PARTICLES:
        return []
    parts = bare.split("-")
    if len(parts) > 1 and min(len(plain(part)) for part in parts) < 4:
        return [bare]
    return parts


def _is_initials(word: str) -> bool:
    return bool(_INITIALS.fullmatch(word)) and (
        len(plain(word)) == 1 or "." in word or (word.isupper() and len(word) == 2)
    )


def with_more(name: PersonName, middle: Iterable[str] = (), born: Iterable[str] = ()) -> PersonName:
    """The name with a middle initial or an earlier family name that the article gives."""
    initials = tuple(sorted(set(middle)))
    return replace(
        name,
        middle=name.middle or initials,
        family=name.family | frozenset(born),
        born=name.born or bool(set(born) - name.family),
    )


@functools.lru_cache(maxsize=65536)
def is_common(name: PersonName) -> bool:
    """True where many people must bear the name: each word of it is frequent, or an initial."""
    if any(len(word) > 1 for word in name.middle) or len(name.family) > 1:
        return False
    given = name.initials or _is_frequent(name.given)
    return given and all(_is_frequent(part) for part in name.family)


def _is_frequent(word: str) -> bool:
    return not common_names().isdisjoint(_written(word))


@functools.lru_cache(maxsize=65536)
def _written(word: str) -> frozenset[str]:
    """A word, and the names of which it is a spelling."""
    return frozenset({word, without_digraphs(word)}) | spellings().get(word, frozenset())


@functools.lru_cache(maxsize=65536)
def relation(one: PersonName, other: PersonName) -> str | None:
    """How the two may be one person's name, one of RELATIONS; None where they cannot."""
    if one.suffix != other.suffix and one.suffix and other.suffix:
        return None
    found = _in_order(one, other)
    if found is None and one.whole == other.whole and not (one.middle and other.middle):
        found = SPELLED
    if found is None and (_is_turned(one, other) or _is_turned(other, one)):
        found = ORDER
    if found is not None and one.suffix != other.suffix:
        return max(found, SUFFIX, key=_RANK.__getitem__)
    return found


def _is_turned(one: PersonName, other: PersonName) -> bool:
    turned = _turned(other)
    return turned is not None and (
        _in_order(one, turned) in (SAME, SPELLED)
        or (one.given + "".join(one.middle) == turned.given and one.family == turned.family)
    )


def _in_order(one: PersonName, other: PersonName) -> str | None:
    parts = (_given(one, other), _family(one, other), _middle(one, other))
    if None in parts:
        return None
    return max((part for part in parts if part), key=_RANK.__getitem__)


def _given(one: PersonName, other: PersonName) -> str | None:
    if one.given == other.given:
        return SAME
    if one.initials or other.initials:
        return INITIAL if _starts_alike(one.given, other.given) else None
    if _spelled_alike(one, other, one.given, other.given):
        return SPELLED
    shorts = short_forms()
    formal, others = shorts.get(one.given, frozenset()), shorts.get(other.given, frozenset())
    full, full_other = _written(one.given), _written(other.given)
    if formal & full_other or others & full or formal & others:
        return SHORT
    return None


def _starts_alike(one: str, other: str) -> bool:
    """An initial fits a name's first letter in each of its spellings."""
    ones = {form[0] for form in _written(one)} if len(one) > 1 else {one[0]}
    others = {form[0] for form in _written(other)} if len(other) > 1 else {other[0]}
    return bool(ones & others)


def _spelled_alike(one: PersonName, other: PersonName, left: str, right: str) -> bool:
    if not _written(left).isdisjoint(_written(right)):
        return True
    if one.slavic and other.slavic and slavic(left) == slavic(right):
        return True
    return one.arabic and other.arabic and same_arabic(arabic(left), arabic(right))


def _family(one: PersonName, other: PersonName) -> str | None:
    if one.family == other.family or one.whole == other.whole:
        return SAME
    if len(one.family) == len(other.family) and _all_within(one, one.family, other, other.family):
        return SPELLED
    if one.whole.removeprefix(one.given) == other.whole.removeprefix(other.given):
        return SPELLED
    wide, wide_other = one.family | _surnames(one), other.family | _surnames(other)
    if _all_within(one, one.family, other, wide_other):
        return COMPOUND
    if _all_within(other, other.family, one, wide):
        return COMPOUND
    return None


def _surnames(name: PersonName) -> frozenset[str]:
    """Middle words that may be a family name: "Gabriel García Márquez"."""
    return frozenset(word for word in name.middle if len(word) > 2 and word not in given_names())


def _all_within(
    one: PersonName, parts: frozenset[str], other: PersonName, wide: frozenset[str]
) -> bool:
    return all(any(_spelled_alike(one, other, part, o) for o in wide) for part in parts)


def _middle(one: PersonName, other: PersonName) -> str | None:
    """Middle names: one may be left out or shortened to its initial, not replaced."""
    shorter, longer = sorted((one.middle, other.middle), key=len)
    if not shorter:
        return MIDDLE if any(len(word) > 1 for word in longer) else SAME
    left = list(longer)
    for word in shorter:
        fits = next((w for w in left if _fits(word, w)), None)
        if fits is None:
            in_family = any(_fits(word, part) for part in one.family | other.family)
            if in_family and len(word) > 2:
                continue
            return None
        left.remove(fits)
    return SAME if shorter == longer else MIDDLE


def _fits(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return not _written(one).isdisjoint(_written(other))


def _turned(name: PersonName) -> PersonName | None:
    """The name with its first word as the family name, where its language may have it so."""
    family = sorted(name.family)
    words = {name.given, *family}
    if len(family) != 1 or name.initials or words.isdisjoint(surname_first()):
        return None
    if name.middle:
        # "Kim Jong Un" and "Jong Un Kim"
        return replace(
            name, given="".join((*name.middle, *family)), middle=(), family=frozenset({name.given})
        )
    return replace(name, given=family[0], family=frozenset({name.given}))


def bridges(name: PersonName, one: PersonName, other: PersonName) -> bool:
    """True where the two names' family names are both parts of this one's: Weber-Lang."""
    wide = name.family | _surnames(name)
    return _all_within(one, one.family, name, wide) and _all_within(other, other.family, name, wide)


def name_blocks(name: PersonName) -> frozenset[str]:
    """Keys of which two names must share one to be one person's.

    A pair of given and family name, each by the consonants that its spellings share, in
    alphabetical order, so that either may stand first; and initial with family name.
    """
    given = {name.given} if name.initials else _formal(name.given)
    with_particles = name.whole.removeprefix(name.given)
    family = name.family | _surnames(name)
    if not name.middle and not name.initials and with_particles:
        family |= {with_particles}
    found: set[str] = set()
    if name.slavic:
        # Ukrainian and Russian write one letter as h and as g.
        given = given | {slavic(form) for form in given}
    for part in family:
        written_so = _written(part) | ({slavic(part)} if name.slavic else frozenset())
        for written in written_so:
            bare = skeleton(written)
            if part in name.family or part == with_particles:
                found |= {f"{form[0]}.{bare}" for form in given}
            if not name.initials:
                found |= {"+".join(sorted((skeleton(form), bare))) for form in given}
    turned = _turned(name)
    if turned is not None and name.middle:
        (last,) = turned.family
        found.add("+".join(sorted((skeleton(turned.given), skeleton(last)))))
    return frozenset(found)


def _formal(given: str) -> frozenset[str]:
    shorts = short_forms().get(given, frozenset())
    return frozenset(form for word in (given, *shorts) for form in _written(word))
