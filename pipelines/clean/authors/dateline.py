"""Datelines: where, when and for whom a report was filed, at the head of its first paragraph."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from pipelines.clean.authors.agency_names import agencies_in, agency_named, outlet_named
from pipelines.clean.authors.byline_words import is_day, is_flag, is_place
from pipelines.clean.characters.spacing import match_key
from pipelines.clean.fields.dates import first_printed, month_number, stated
from pipelines.clean.records import PrintedDate

_LONGEST = 90
# A dash between spaces, an em or en dash, a dash behind a full stop, or a colon.
_SPLIT = re.compile(r"\s*(?:\.?[–—―]+(?!\d)|\.?\s-{1,2}\s|\s-|\.?-{1,2}\s|[:：](?=\s))\s*")
_AGENCY = re.compile(
    r"^(?P<place>[^()（）]*?)\s*[(（](?P<agency>[^()（）]{2,40})[)）]\s*[.:,]?\s*$"
)
_SLASHED = re.compile(r"^(?P<place>[^/]*?)\s*/(?P<agency>[^/]{2,40})/\s*[.:,]?\s*$")
_PARTS = re.compile(r"[,/،、]|(?<=[^\W\d_]{4})\.(?:\s|$)")
"""Full stops part whole words, not ``Wis.`` or ``N.Y.``"""
_YEARLESS = (
    re.compile(r"(?<!\w)\d{1,2}\.?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,14})\.?(?!\w)"),
    re.compile(r"(?<!\w)(?P<month>[^\W\d_]{3,14})\.?\s+\d{1,2}(?!\w)"),
)
_LONE_DAY = re.compile(r"(?<!\d)\d{1,2}\s?(?:日|일)")
_PLACE_WORDS = 6
_LEAST_TOWN = 4
"""Letters of an unknown place in capitals; shorter words in capitals are mostly acronyms."""
_LOOK_AHEAD = 160
_UNSPACED = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
_CHINESE = re.compile(
    r"^[（(【［\[]?\s*(?P<outlet>[\u3400-\u9fff]{0,8}?(?:社|网|網|报|報|讯))"
    r"(?:记者|記者)?[\u3400-\u9fff]{0,4}?(?P<place>[\u3400-\u9fff]{2,8}?)\s*"
    r"(?P<date>(?:\d{1,2}月)?\d{1,2}日?)(?:专|專|综合)?[电電讯訊]\s*"
    r"(?:[（(][^（()）]{0,40}[)）])?\s*[)）】］\]]?"
)
_BOXED = re.compile(
    r"^[【\[［(（](?P<inside>[^】\]］)）]{2,40})[】\]］)）]"
    r"(?P<reporter>\s*[\uac00-\ud7a3]{2,5}\s?(?:기자|특파원))?\s*(?P<dash>[=＝–—-]\s*)?"
)
_UNDASHED = re.compile(
    r"(?P<head>[^()/]{3,60}(?:\([^()]{2,20}\)|/[^/]{2,20}/)\.?)\s+(?=[^\W\d_])(?=\W*[^a-zа-я])"
)
_SIGN = re.compile(r"[^\W\d_]{2,5}")
_LEAST_TEXT = 60
"""Characters behind a place that stands alone: a heading ("Paris – Roubaix") has fewer."""
_EQUALS = re.compile(r"\s*[=＝]\s*")


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline as printed."""

    text: str
    """With its dash."""
    place: str | None
    outlet: str | None
    """As printed: a known outlet or agency, or a name in the brackets of a dateline with a date."""
    date_text: str | None


def read_dateline(paragraph: str) -> Dateline | None:
    """The dateline that opens ``paragraph``, or None.

    What stands before the first dash must be a place (one to six words, the first capitalised or
    in a script without capitals) with at least one of: a printed date, an agency in brackets, a
    known outlet. A place alone must be known, or stand in capitals, and no second dash may follow
    in the sentence: two dashes enclose an aside. Chinese, Japanese and Korean agencies enclose
    theirs in brackets or end it with a sign for a dispatch.
    """
    text = paragraph.lstrip("\u200e\u200f ")[: _LONGEST + _LOOK_AHEAD]
    return _east_asian(text) or _behind_bracket(text) or _before_dash(text) or _undashed(text)


def first_dateline(paragraphs: Iterable[str]) -> Dateline | None:
    """The dateline of the first or second paragraph: a standfirst may come before it."""
    return next(filter(None, map(read_dateline, islice(paragraphs, 2))), None)


def dateline_date(
    dateline: Dateline | None, language: str | None, fetched_at: datetime
) -> PrintedDate | None:
    """The day a dateline names, bounded by the capture; None where it names none."""
    if dateline is None or dateline.date_text is None:
        return None
    return stated(first_printed(dateline.date_text, language), "dateline", fetched_at)


def _before_dash(text: str) -> Dateline | None:
    """``PLACE, date (AGENCY) –`` in all its parts and orders."""
    found = _SPLIT.search(text[: _LONGEST + 3])
    if found is None or found.start() == 0:
        return None
    head, rest = text[: found.start()].strip(), text[found.end() :]
    end = found.end()
    colon = found.group().strip() in {":", "："}
    behind = None if colon or _has_agency(head) else _outlet_behind(rest)
    if behind:
        end += behind.end()
    read = _head(head, colon=colon, rest=rest, agency_behind=behind)
    return Dateline(text[:end].rstrip(), *read) if read else None


def _head(
    head: str, *, colon: bool, rest: str, agency_behind: re.Match[str] | None = None
) -> tuple[str | None, str | None, str | None] | None:
    """Place, outlet and date of what stands before the dash, or None."""
    bracket = _AGENCY.match(head) or _SLASHED.match(head)
    outlet = _outlet(bracket["agency"]) if bracket else None
    if ":" in head:
        return None
    if bracket and outlet is None:
        place = bracket["place"].strip(" ,.")
        if _is_signed(place, bracket["agency"]):
            return place, None, None
        return _filed(bracket["place"], bracket["agency"])
    date_text, where = _date(bracket["place"] if bracket else head)
    parts = _parts(where)
    if agency_behind is not None:
        outlet = agency_behind["outlet"].strip()
    if outlet is None:
        outlet = next((part for part in parts if _outlet(part) and not is_place(part)), None)
        parts = [part for part in parts if part != outlet]
    place = ", ".join(parts) or None
    sure = bool(date_text or outlet)
    if not _is_place(parts, place, rest, sure=sure, colon=colon):
        return None
    if colon and not outlet and not _is_known(place):
        return None
    return place, outlet, date_text


def _filed(before: str, inside: str) -> tuple[str, str, str] | None:
    """A town in capitals or a known place, a date and a name in brackets: an outlet of any name."""
    date_text, where = _date(before)
    place = ", ".join(_parts(where))
    named = inside[:1].isupper() and len(inside.split()) <= _PLACE_WORDS
    if not (date_text and named and place and (place.isupper() or _is_known(place))):
        return None
    return place, inside.strip(), date_text


def _is_signed(place: str, sign: str) -> bool:
    """A known place with letters in brackets, or any with small ones, as German desks sign."""
    if not _SIGN.fullmatch(sign) or not place[:1].isupper() or len(place.split()) > 2:
        return False
    return sign.islower() or _is_known(place)


def _parts(where: str) -> list[str]:
    """What commas, slashes and full stops part, days of the week left out."""
    parts = (part.strip(" ,").lstrip(".") for part in _PARTS.split(where))
    return [part for part in parts if part and not is_day(part)]


def _behind_bracket(text: str) -> Dateline | None:
    """``(AGENCY) -`` first, with the place and date behind it or without."""
    found = re.match(r"[(（\[](?P<agency>[^()（）\[\]]{2,40})[)）\]]\s*(?:[–—―-]+|\.-)\s+", text)
    if found is None or not _outlet(found["agency"]):
        return None
    outlet = found["agency"].strip()
    later = _SPLIT.search(text[found.end() : found.end() + _LONGEST])
    if later and later.start():
        head = text[found.end() : found.end() + later.start()]
        date_text, where = _date(head)
        parts = _parts(where)
        place = ", ".join(parts)
        if parts and (_is_known(place) or (date_text and place.isupper())):
            end = found.end() + later.end()
            return Dateline(text[:end].rstrip(), place, outlet, date_text)
    return Dateline(text[: found.end()].rstrip(), None, outlet, None)


def _undashed(text: str) -> Dateline | None:
    """``Place, Nov 3 (AGENCY) The …``: without a dash all three must be there."""
    found = _UNDASHED.match(text)
    if found is None:
        return None
    read = _head(found["head"], colon=False, rest="")
    if read is None or read[2] is None or not agencies_in(read[1] or ""):
        return None
    return Dateline(found["head"], *read)


def _east_asian(text: str) -> Dateline | None:
    """Agencies' heads in Chinese, Japanese and Korean."""
    if not re.match(rf"[（(【［\[]?\s*{_UNSPACED}", text):
        return None
    if found := _CHINESE.match(text):
        return Dateline(found.group().strip(), found["place"], found["outlet"], found["date"])
    found = _BOXED.match(text)
    if found is None:
        return None
    inside = _LONE_DAY.sub(" ", found["inside"])
    day = _LONE_DAY.search(found["inside"])
    pieces = [p.strip() for p in _EQUALS.split(inside) if p.strip()]
    joined = len(pieces) > 1
    if not joined:
        pieces = inside.split()
    outlet = next((p for p in pieces if _outlet(p)), None)
    places = [p for p in pieces if p != outlet]
    if not places or not (outlet or joined) or len(pieces) > 3:
        return None
    return Dateline(found.group().strip(), places[0], outlet, day.group() if day else None)


def _outlet_behind(rest: str) -> re.Match[str] | None:
    """``MOSCOW, Nov 3 — RIA Novosti.``, ``القاهرة - (رويترز) -``: the agency behind the dash."""
    found = re.match(r"[(（/]?(?P<outlet>[^.()（）/–—]{2,30}?)[)）/]?\s?(?:[.–—]|\s-)\s*", rest)
    return found if found and agency_named(found["outlet"]) else None


def _has_agency(head: str) -> bool:
    bracket = _AGENCY.match(head) or _SLASHED.match(head)
    return bool(bracket and _outlet(bracket["agency"]))


@functools.lru_cache(maxsize=1024)
def _outlet(name: str) -> str | None:
    return name.strip() if outlet_named(name) or agencies_in(name) else None


def _date(text: str) -> tuple[str | None, str]:
    """A day printed in ``text``, and ``text`` without it; a day without its year is one too."""
    stamp = first_printed(text)
    if stamp and stamp.precision != "month":
        return text[stamp.start : stamp.end], text[: stamp.start] + text[stamp.end :]
    for pattern in _YEARLESS:
        for found in pattern.finditer(text):
            if month_number(found["month"]) is not None:
                return found.group(), text[: found.start()] + text[found.end() :]
    lone = _LONE_DAY.search(text)
    if lone:
        return lone.group(), text[: lone.start()] + text[lone.end() :]
    return None, text


def _is_known(place: str | None) -> bool:
    """True for places of the reference catalogue, one or two joined (``Berlin/Paris``)."""
    parts = [part for part in re.split(r"\s*[,/]\s*", place or "") if part]
    return bool(parts) and len(parts) <= 2 and is_place(parts[0])


def _is_place(parts: list[str], place: str | None, rest: str, *, sure: bool, colon: bool) -> bool:
    if not place:
        return False
    words = place.split()
    if len(words) > _PLACE_WORDS or any(c.isdigit() for c in place) or '"' in place:
        return False
    if not all(p[:1].isupper() or not p[:1].islower() for p in parts):
        return False
    if any(is_flag(part) for part in (place, *parts)):
        return False
    if sure:
        return all(word[:1].isupper() or len(word) <= 3 or not word[:1].islower() for word in words)
    return _stands_alone(place, rest, colon=colon)


def _stands_alone(place: str, rest: str, *, colon: bool) -> bool:
    """A place without date or agency: known or a town in capitals, and no aside behind it."""
    if len(match_key(place)) < 3 or len(rest) < _LEAST_TEXT:
        return False
    if _begins_small(rest) or _SPLIT.search(_sentence(rest)):
        return False
    if _is_known(place):
        return not colon or place.isupper()
    town = place.split(",")[0]
    letters = sum(map(str.isalpha, town))
    return (
        not colon
        and place.isupper()
        and letters >= _LEAST_TOWN
        and len(town.split()) <= 2
        and (not _is_organisation(town))
    )


def _begins_small(rest: str) -> bool:
    first = rest.lstrip("\"'“„«‘ ")[:1]
    return first.islower() or not first


def _sentence(rest: str) -> str:
    return re.split(r"[.!?]\s", rest, maxsplit=1)[0].replace(":", " ")


@functools.lru_cache(maxsize=1024)
def _is_organisation(name: str) -> bool:
    return match_key(name) in _organisations()


@functools.cache
def _organisations() -> frozenset[str]:
    from pipelines.reference.tables import forms, rows

    found: set[str] = set()
    for table in ("organizations", "outlets"):
        for _, row in rows(table):
            strong, weak = forms(row)
            found.update(match_key(form) for form in (row["name"], *strong, *weak))
    return frozenset(found)
