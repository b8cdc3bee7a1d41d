"""What a name is made of: titles, initials, surnames, the key under which two forms are one."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata

LOCAL_PREFIX = "local:"
REMEMBERED = 32_768
"""Names whose folded form a process keeps at hand: articles repeat them, and so does news."""

# Words that stand before a person's name and are no part of it. English only: the model is.


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


HONORIFICS = _words("""
    mr mrs ms miss mx dr prof professor sir dame rev reverend fr pastor bishop archbishop cardinal
    rabbi imam sheikh justice
""")
OFFICES = _words("""
    president premier chancellor senator sen representative rep congressman congresswoman governor
    gov mayor minister secretary ambassador envoy speaker leader chairman chairwoman chair director
    commissioner councillor councilman councilwoman chief deputy spokesman spokeswoman spokesperson
    attorney sheriff judge coach captain capt general gen colonel col major maj lieutenant lt
    sergeant sgt corporal cpl admiral adm officer detective constable inspector superintendent
    mp mep pm ceo
""")
# Before a single name these are part of it ("Pope", "Queen"), before a full name they are titles.
REGNAL = _words("""
    pope king queen prince princess emperor empress duke duchess lord lady saint father sister
    brother
""")
TITLES = HONORIFICS | OFFICES
# Before a title these belong to it: "Prime Minister", "Vice President".
MODIFIERS = _words("""
    prime vice former acting interim first foreign defence defense finance interior state police
    executive
""")
SUFFIXES = _words("jr sr ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi")
PARTICLES = _words("""
    van von der den de del della di da do dos das du la le el al bin ibn ben bint abu ter ten zu
""")
COMPANY_FORMS = _words("""
    inc incorporated corp corporation co company ltd limited plc llc llp ag gmbh sa nv bv
""")

_FOLDED_PUNCTUATION = tuple(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
        "\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ",
    }.items()
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_NAME_WORD = re.compile(r"\S+")


def same_length_fold(text: str) -> str:
    """One form for apostrophes, hyphens and spaces; every character keeps its offset."""
    # Most texts have few of them: 30 times as fast as translate().
    for printed, folded in _FOLDED_PUNCTUATION:
        if printed in text:
            text = text.replace(printed, folded)
    return text


@functools.lru_cache(maxsize=REMEMBERED)
def fold_name(name: str) -> str:
    """Key of a name: NFKD, case folded, no marks, words joined by one space.

    ``"U.S."`` gives ``"u s"``. Two transliterations of one name keep two keys: spelling variants
    are the catalogue's business. Never empty for a name with a letter or digit.
    """
    if name.isascii():
        return " ".join(_WORD.findall(name.casefold()))
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return " ".join(_WORD.findall(plain)) or " ".join(_WORD.findall(name.casefold()))


def name_words(name: str) -> list[str]:
    """The words of a name as printed, commas and full stops at their edges left off."""
    return [word.strip(".,;:") for word in _NAME_WORD.findall(name) if word.strip(".,;:")]


def without_titles(words: list[str]) -> list[str]:
    """Drop titles and offices before a personal name; the last word always stays."""
    start = 0
    for at in range(len(words) - 1):
        if _is_title(words, at):
            start = at + 1
        elif words[at].casefold() not in MODIFIERS:
            break
    return words[start:]


def _is_title(words: list[str], at: int) -> bool:
    word = words[at].casefold()
    return word in TITLES or (word in REGNAL and len(_without_suffix(words[at + 1 :])) > 1)


def _without_suffix(words: list[str]) -> list[str]:
    return words[:-1] if words and words[-1].casefold() in SUFFIXES else words


def person_words(name: str) -> list[str]:
    """The words that tell one person from another: no titles, no middle initials."""
    words = without_titles(name_words(name))
    if len(words) <= 2:
        return words
    middle = [word for word in words[1:-1] if len(word) > 1 and not _is_initials(word)]
    return [words[0], *middle, words[-1]]


def untitled(name: str) -> str:
    """A person's name as it is shown: as printed, without titles before it."""
    kept = len(without_titles(name_words(name)))
    return " ".join(name.split()[-kept:]).strip(",;:")


def surname(words: list[str]) -> str:
    """The family name of western-order words: what is left of a suffix, with its particles."""
    end = len(words)
    while end > 1 and words[end - 1].casefold() in SUFFIXES:
        end -= 1
    start = end - 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(words[start:end])


@functools.lru_cache(maxsize=REMEMBERED)
def entity_key(entity_type: str, name: str) -> str:
    """Normalised name under which a name of this type is looked up and hashed."""
    if entity_type == "person":
        return fold_name(" ".join(person_words(name)))
    words = fold_name(name).split()
    if entity_type == "organization":
        while len(words) > 1 and words[-1] in COMPANY_FORMS:
            words.pop()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


def local_id(entity_type: str, name: str) -> str:
    """Stable id of a name that no catalogue knows: ``local:`` and 16 hexadecimal digits."""
    digest = hashlib.sha256(f"{entity_type}|{entity_key(entity_type, name)}".encode()).hexdigest()
    return f"{LOCAL_PREFIX}{digest[:16]}"


def _is_initials(word: str) -> bool:
    return bool(re.fullmatch(r"(?:[A-Z]\.?){1,3}", word)) and ("." in word or len(word) == 1)
