"""A byline taken apart: persons, desks, agencies and outlets; roles, dates and places left out.

Words come from ``data/byline_words.csv``. Where a form is a word of one language only ("di", "na",
"in"), it counts on pages of that language.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.clean.authors import byline_words as words
from pipelines.clean.authors.agency_names import agencies_in, agency_named, outlet_named
from pipelines.clean.authors.person_names import is_name, is_unspaced, turned
from pipelines.clean.characters.spacing import match_key

LONGEST = 300
"""Characters of a byline that are read: longer ones hold a biography after the names."""
MOST_CREDITS = 20
_LONGEST_SIGNATURE = 120
_MOST_SIGNS = 4
_SIGN = re.compile(r"[a-zäöüß]{2,4}")
PIECE = "\x1f"
"""Separates the texts of two elements inside a byline: a place where a name may end."""

_WIDE = str.maketrans(
    {
        "：": ": ",
        "／": " / ",
        "｜": " | ",
        "、": ", ",
        "，": ", ",
        "；": "; ",
        "،": ", ",
        "\u3000": " ",
        "\xa0": " ",
    }
)
_ADDRESS = re.compile(r"\S{1,64}@\S{1,100}|(?<!\S)@\w{1,40}|(?:https?://|www\.)\S{1,200}")
_BRACKETS = re.compile(r"[(\[（【《〈]([^()\[\]（）【】《》〈〉]{0,80})[)\]）】》〉]")
_HARD = re.compile(rf"\s*[|•●¦\n;{PIECE}]\s*|\s+·\s+|\s+(?=[\u3400-\u9fff]{{1,4}}\s?[:/])")
_SOFT = re.compile(r"\s+[–—›»>-]\s+|\s+/\s+|(?<=\w\w)/(?=\w+\s\w)")
"""Separators after which a credit for pictures or editing goes on."""
_COMMA = re.compile(r"\s*[,&+]\s+|\s*&\s*|,(?=[^\W\d])")
_GLUED_DIGIT = re.compile(r"(?<=[^\W\d_]{3})(?=\d)")
_GLUED_WORD = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z][a-z]{2})")
_WORD = re.compile(r"[^\W\d_]+")
_EDGES = ' \t,;:*–—-_"“”„«»'


@dataclass(frozen=True, slots=True)
class Credit:
    """One name in a byline."""

    name: str
    """As printed."""
    kind: str
    """person, desk, agency, outlet or site."""


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline says."""

    credits: tuple[Credit, ...] = ()
    is_opened: bool = False
    """True where a word for "by" or "author" opens it."""

    def of(self, *kinds: str) -> tuple[str, ...]:
        """Names of these kinds, in order."""
        return tuple(credit.name for credit in self.credits if credit.kind in kinds)


def read_byline(
    text: str,
    language: str | None = None,
    *,
    printed: bool = False,
    sites: frozenset[str] = frozenset(),
) -> Byline:
    """The byline in ``text``.

    Args:
        text: one line, read up to ``LONGEST``; ``PIECE`` between the texts of its elements, where
            known.
        language: ISO 639-1 code of the page, or None.
        printed: True for a visible line, which may be anything; a name of one word counts there
            only behind a word for "by". False for a value that is stated to be an author.
        sites: match keys of the names of the page's site.

    """
    return _read(text[:LONGEST], language, printed, sites)


@functools.lru_cache(maxsize=4096)
def _read(text: str, language: str | None, printed: bool, sites: frozenset[str]) -> Byline:
    text = _glue_split(text.translate(_WIDE)).strip()
    whole = _BRACKETS.fullmatch(text)
    if whole:
        text = whole[1]
    notes = [found[1] for found in _BRACKETS.finditer(text)]
    text = _ADDRESS.sub(PIECE, _BRACKETS.sub(PIECE, text))
    reader = _Reader(language, sites, printed=printed)
    for segment in _HARD.split(text):
        reader.begin()
        for part in _SOFT.split(segment):
            if part.strip(_EDGES):
                reader.read(part.strip())
    for note in notes:
        reader.credits.extend(Credit(name, "agency") for name in agencies_in(note))
    if not reader.credits and not printed and words.is_desk(text):
        reader.credits.append(Credit(text, "desk"))
    return Byline(tuple(dict.fromkeys(reader.credits))[:MOST_CREDITS], reader.opened)


def read_signs(text: str, language: str | None) -> Byline | None:
    """The signature at the end of a text by signs for its authors, as German desks print it.

    One to four signs of two to four small letters ("abc, de"), sure only before a credit for
    pictures or sources. A sign beside an agency's is the editor's who took its report over.
    """
    if len(text) > _LONGEST_SIGNATURE:
        return None
    text = text.translate(_WIDE).strip()
    whole = _BRACKETS.fullmatch(text)
    first, *others = _HARD.split(whole[1] if whole else text)
    signs = [part.strip() for part in re.split(r"[,/]", first)]
    if len(signs) > _MOST_SIGNS or not all(map(_SIGN.fullmatch, signs)):
        return None
    if any(map(agency_named, signs)):
        return None
    openers = (words.opener(other, language) for other in others)
    if not any(found and found.kind in {"other", "source"} for found in openers):
        return None
    return Byline(tuple(Credit(sign, "person") for sign in signs), is_opened=True)


def _glue_split(text: str) -> str:
    """Parts that templates print without a space between: ``RoeStaff Writer``, ``Roe5 min``."""

    def cut(found: re.Match[str]) -> str:
        word = _WORD.match(text, found.start())
        return PIECE if word and words.ends_name(word.group()) else ""

    text = _GLUED_DIGIT.sub(PIECE, text)
    return _GLUED_WORD.sub(cut, text)


class _Reader:
    """The credits found so far, segment by segment."""

    def __init__(self, language: str | None, sites: frozenset[str], *, printed: bool) -> None:
        self.language = language
        self.sites = sites
        self.printed = printed
        self.credits: list[Credit] = []
        self.mode = ""
        self.opened = False
        self.waits = False

    def begin(self) -> None:
        """A strong separator: the credit before it has ended, unless it still awaits its name."""
        if not self.waits:
            self.mode = ""
        self.waits = False

    def read(self, segment: str) -> None:
        """One segment between two strong separators."""
        while (opener := words.opener(segment, self.language)) is not None:
            self._enter(opener.kind)
            if not opener.rest or len(opener.rest) >= len(segment):
                self.waits = True
                return
            segment = opener.rest
        later = words.by_inside(segment, self.language)
        if later is not None:
            self._enter("by")
            segment = later
        elif self.mode == "other":
            return
        found = list(self._credits(words.before_other(segment)))
        late = self.printed and self.opened and self.mode != "by"
        if self.mode == "source" or late:
            found = [c for c in found if c.kind in {"agency", "outlet"}]
        self.credits.extend(found)

    def _enter(self, kind: str) -> None:
        """A word opens a credit: what stood before the first author's word was no author."""
        if kind == "by" and not self.opened:
            self.opened = True
            self.credits = [c for c in self.credits if c.kind in {"agency", "outlet"}]
        self.mode = kind

    def _credits(self, segment: str) -> Iterator[Credit]:
        parts = self._parts(segment)
        if len(parts) == 2 and not any(map(self._is_no_name, parts)):
            name = turned(*parts)
            if name:
                yield Credit(name, "person")
                return
        full = False
        for part in parts:
            other = words.opener(part, self.language)
            if other is not None and other.kind in {"other", "source"}:
                break
            for credit in self._part_credits(part, after_name=full):
                full = full or " " in credit.name
                yield credit

    def _parts(self, segment: str) -> list[str]:
        parts = [p for part in _COMMA.split(segment) for p in words.split_and(part, self.language)]
        if self.language == "zh":
            parts = [p for part in parts for p in words.split_spaced(part)]
        parts = [p for part in parts if (p := part.strip(_EDGES))]
        signed = [part for part in parts if words.is_signed(part)]
        return signed or parts

    def _is_no_name(self, part: str) -> bool:
        return bool(self._organisation(part)) or words.is_role(part) or words.is_place(part)

    def _part_credits(self, part: str, *, after_name: bool) -> Iterator[Credit]:
        kind = self._organisation(part)
        if kind:
            yield from _credited(part.strip(" ."), kind)
            return
        if "/" in part and (agencies := agencies_in(part)):
            yield from (Credit(name, "agency") for name in agencies)
            return
        figureless = _until_figure(part)
        name = words.without_roles(figureless)
        if words.is_account(name or part):
            return
        if not name:
            if not self.printed and words.is_desk(figureless):
                yield Credit(figureless, "desk")
            return
        if name != part and (kind := self._organisation(name)):
            yield from _credited(name, kind)
            return
        one = " " not in name and not is_unspaced(name)
        if one and self.printed and (after_name or self.mode != "by"):
            return
        if words.is_place(name) or (one and words.is_date_word(name)):
            return
        if words.is_company(name):
            yield Credit(name, "outlet")
        elif words.is_desk(name):
            yield Credit(figureless.strip(_EDGES), "desk")
        elif is_name(name, strict=self.printed):
            yield Credit(name, "person")

    def _organisation(self, part: str) -> str | None:
        key = match_key(part)
        if key in self.sites or match_key(words.without_article(part)) in self.sites:
            return "site"
        outlet = outlet_named(part)
        if outlet is None:
            return None
        return outlet.role if outlet.role in {"agency", "pictures"} else "outlet"


def _credited(name: str, kind: str) -> Iterator[Credit]:
    """The credit of an organisation, unless it is one that sells pictures: it wrote nothing."""
    if kind != "pictures":
        yield Credit(name, kind)


def _until_figure(part: str) -> str:
    """``part`` up to its first word with a digit, less the day or month before that."""
    tokens = part.split()
    cut = next((i for i, token in enumerate(tokens) if any(map(str.isdigit, token))), None)
    if cut is None:
        return part
    while cut and words.is_calendar(tokens[cut - 1]):
        cut -= 1
    return " ".join(tokens[:cut])
