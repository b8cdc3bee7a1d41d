"""Which of GeoNames' alternate names are safe to look for in text, by script.

GeoNames does not say of which language a name is, nor whether it is in use. Latin ones hold old
names, nicknames and machine transliterations ("The Neck" for a Portland), so none of them is taken.
In other scripts most are today's name in some language; short ones are often words as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Script:
    letters: re.Pattern[str]
    shortest: int
    """In characters; below it too many names are words, or parts of words."""
    smallest: int
    """Inhabitants from which a city is likely to be named in this script at all."""


# Ukrainian, Russian, Bulgarian and Serbian letters; other Cyrillic alphabets are left out.
_SCRIPTS = (
    _Script(
        re.compile(
            r"[А-ЯЁЄІЇҐЈЉЊЋЂЏ][а-яёєіїґјљњћђџ’']+"
            r"(?:[ -](?:(?:на|над|де|ду|ла|ле|дель|дус|ди|да)[ -])?"
            r"[А-ЯЁЄІЇҐЈЉЊЋЂЏ][а-яёєіїґјљњћђџ]+)*"
        ),
        5,
        250_000,
    ),
    # Arabic and Persian letters without vowel signs.
    _Script(re.compile(r"[ء-يپچژگکیٱآ]+(?: [ء-يپچژگکی]+)*"), 6, 500_000),
    _Script(re.compile(r"[א-ת]+(?:[ -][א-ת]+)*"), 5, 500_000),
    # No spaces tell where a word ends: two signs stand inside other words too often.
    _Script(re.compile(r"[一-鿿]+"), 3, 250_000),
    _Script(re.compile(r"[ァ-ヺー・]+"), 4, 250_000),
    _Script(re.compile(r"[가-힣]+"), 4, 250_000),
    _Script(re.compile(r"[ऀ-ॿ]+(?: [ऀ-ॿ]+)*"), 5, 500_000),
    _Script(
        re.compile(r"[Α-ΩΆΈΉΊΌΎΏ][α-ωάέήίόύώϊϋΐΰς]+(?:[ -][Α-ΩΆΈΉΊΌΎΏ][α-ωάέήίόύώϊϋΐΰς]+)*"),
        6,
        500_000,
    ),
)


def printed_names(names: Iterable[str], population: int) -> Iterator[str]:
    """Those of ``names`` in a script other than Latin that text may be searched for, in order."""
    for name in names:
        for script in _SCRIPTS:
            if script.letters.fullmatch(name):
                if len(name) >= script.shortest and population >= script.smallest:
                    yield name
                break
