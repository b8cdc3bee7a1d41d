"""Datelines: where, when and for whom a report was filed, at the head of its first paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from pipelines.clean.dates import first_printed, stated
from pipelines.clean.records import PrintedDate
from pipelines.reference.outlets import load_outlets

_LONGEST = 90
# A dash between spaces, an em or en dash, or a colon after a bracketed agency.
_SPLIT = re.compile(r"\s*(?:[–—―]|\s-{1,2}\s|\s-|-\s|[:：](?=\s))\s*")
_AGENCY = re.compile(r"^(?P<place>[^()（）]*?)\s*[(（](?P<agency>[^()（）]{2,40})[)）]\s*$")
_PLACE_WORDS = 6


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline as printed."""

    text: str
    """With its dash."""
    place: str | None
    outlet: str | None
    """As printed; it names a known outlet or agency."""
    date_text: str | None


def read_dateline(paragraph: str) -> Dateline | None:
    """The dateline that opens ``paragraph``, or None.

    What stands before the first dash must be a place (one to six words, the first capitalised or
    in a script without capitals) with at least one of: a printed date, an agency in brackets, a
    known outlet, capitals throughout.
    """
    found = _SPLIT.search(paragraph[: _LONGEST + 3])
    if found is None or found.start() == 0:
        return None
    head = paragraph[: found.start()].strip()
    agency = _AGENCY.match(head)
    outlet = _known(agency["agency"]) if agency else None
    rest = agency["place"] if agency else head
    stamp = first_printed(rest)
    date_text = rest[stamp.start : stamp.end] if stamp and stamp.precision != "month" else None
    if stamp and date_text:
        rest = rest[: stamp.start] + rest[stamp.end :]
    parts = [p.strip(" ,.") for p in re.split(r"[,/]", rest) if p.strip(" ,.")]
    if not agency and parts and (known := _known(parts[0])):
        outlet, parts = known, parts[1:]
    place = ", ".join(parts) or None
    if not _is_place(parts, place, sure=bool(date_text or outlet or agency)):
        return None
    if not (date_text or outlet) and found.group().strip() in {":", "："}:
        return None
    return Dateline(paragraph[: found.end()].rstrip(), place, outlet, date_text)


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


def _known(name: str) -> str | None:
    return name.strip() if load_outlets().named(name) else None


def _is_place(parts: list[str], place: str | None, *, sure: bool) -> bool:
    if not place:
        return sure
    words = place.split()
    if len(words) > _PLACE_WORDS or any(c.isdigit() for c in place):
        return False
    if not all(p[:1].isupper() or not p[:1].islower() for p in parts):
        return False
    return sure or (place.isupper() and len(place) > 2)
