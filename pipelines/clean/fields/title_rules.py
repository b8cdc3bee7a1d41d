"""The rules by which a headline is taken, each of them alone; ``judgement`` holds their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.clean.characters.spacing import match_key
from pipelines.clean.fields.title import (
    Title,
    agreement,
    begins_as_part,
    ends_as_part,
    is_label,
    likeness,
    names_site,
    spelt_in,
)

_SAME_TITLE = 0.6
"""Likeness from which a printed heading is the page's title in other words."""
_SAME_WORDS = 0.9
"""Likeness of titles that differ in a word's form at most."""
_CUT_AT = 40
"""Letters from which a stated headline that begins the printed one was cut off, not reworded."""
_CUT_MARKS = ("…", "...")
_LONGEST_STATED = 100
"""Characters from which a stated headline may be cut off: search engines show some 110."""
_SPELT = 0.85
"""Share of words from which an address spells a title out."""
_LEAST_SPELT = 0.5
_MOST_BEHIND = 3
"""How many times a heading's length a title may have that is the heading and the site's name."""
_TITLE_WORDS = 3
"""Words of a title from which two statements of it are no chance."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A title taken, by one rule."""

    title: Title
    text: str
    """The headline: the title's own words, in the form to keep."""
    rule_id: str


def stated_and_printed(
    told: Sequence[Title], main: Sequence[Title], lower: Callable[[], Sequence[Title]]
) -> Choice | None:
    """The JSON-LD headline where a heading prints it: an ``h1``, a lower one where there is none.

    It is the one statement that is about the piece and not about a list or a share of it.
    """
    own = _json_ld(told)
    if own is None:
        return None
    heading = next((t for t in main or lower() if t.key == own.key), None)
    if heading is None:
        return None
    return Choice(heading, _printed_form(heading, own), "headline.stated_and_printed")


def confirmed(told: Sequence[Title], main: Sequence[Title]) -> Choice | None:
    """The heading that most stated titles repeat, alone or with something behind a break.

    A label (``News``) that the page's title has too is no headline where another title is long.
    """
    best: tuple[int, Choice] | None = None
    for heading in main:
        same = [t for t in told if t.key == heading.key]
        longer = [t for t in told if _continues(t, heading)]
        others = [t for t in told if t not in same and t not in longer]
        if not (same or longer) or any(is_label(heading.text, title.text) for title in others):
            continue
        if best is None or len(same) + len(longer) > best[0]:
            text = _printed_form(heading, same[0]) if same else heading.text
            best = (len(same) + len(longer), Choice(heading, text, "headline.printed_and_told"))
    return best[1] if best else None


def _continues(title: Title, heading: Title) -> bool:
    """True for the heading with something short behind a break: a site's name or a section."""
    short = len(title.key) < _MOST_BEHIND * len(heading.key)
    return short and begins_as_part(title.text, heading.text)


def names_series(heading: Title, told: Sequence[Title], url: str | None) -> bool:
    """True for a heading that is no headline, but the name of a site or a series before it.

    A stated title opens with it, and what follows is a title of its own: another statement or the
    address says so.
    """
    for title in told:
        if not begins_as_part(title.text, heading.text):
            continue
        rest = title.text[len(heading.text) :]
        if any(t.key == title.key[len(heading.key) :] for t in told):
            return True
        share = spelt_in(rest, url)
        if share >= _LEAST_SPELT and share > spelt_in(heading.text, url):
            return True
    return False


def cut_off(told: Sequence[Title], main: Sequence[Title]) -> Choice | None:
    """The heading that goes on where the first stated title was cut off."""
    for heading in main:
        for title in told[:1]:
            if _CUT_AT <= len(title.key) < len(heading.key) and heading.key.startswith(title.key):
                return Choice(heading, heading.text, "headline.cut_off")
    return None


def kicker_apart(told: Sequence[Title], main: Sequence[Title]) -> Choice | None:
    """A part of a heading that a stated title is, or ends with behind a kicker of its own."""
    for heading in main:
        for part in heading.parts:
            long = len(part.split()) >= _TITLE_WORDS or len(match_key(part)) >= _CUT_AT // 2
            key = match_key(part)
            if long and any(t.key == key or ends_as_part(t.text, part) for t in told):
                return Choice(heading, part, "headline.kicker_apart")
    return None


def spelt_in_address(told: Sequence[Title], url: str | None) -> Choice | None:
    """The title that shares and page agree on and that the address spells out.

    For pages without a heading of their own: their ``h1`` closes a breadcrumb and repeats either.
    """
    own = _json_ld(told)
    twice = _twice_told(told, own)
    share = spelt_in(twice.text, url) if twice else 0.0
    if twice is None or share < _SPELT or (own and spelt_in(own.text, url) >= share):
        return None
    return Choice(twice, twice.text, "headline.spelt_in_address")


def stated(told: Sequence[Title]) -> Choice | None:
    """The JSON-LD headline, which no heading confirms: it stands before one that nothing does.

    One that was cut off gives way to a stated title that goes on.
    """
    own = _json_ld(told)
    if own is None:
        return None
    if own.text.endswith(_CUT_MARKS) or len(own.text) >= _LONGEST_STATED:
        for title in told:
            if len(title.key) > len(own.key) >= _CUT_AT and title.key.startswith(own.key):
                return Choice(title, title.text, "headline.cut_off")
    return Choice(own, own.text, "headline.stated")


def likeliest(
    told: Sequence[Title], main: Sequence[Title], shown: Sequence[Title]
) -> Choice | None:
    """The heading that is likest to the stated titles; a lone one stands unless it is a label."""
    headings = main or [t for t in shown if any(t.key == other.key for other in told)]
    headings = [t for t in headings if not any(is_label(t.text, o.text) for o in told)]
    if not headings or (not main and not told):
        return None
    keys = [title.key for title in told]
    heading = max(headings, key=lambda t: likeness(t.key, keys))
    if not main or len(headings) == 1 or likeness(heading.key, keys) >= _SAME_TITLE:
        return Choice(heading, heading.text, "headline.printed")
    return None


def lower_heading(told: Sequence[Title], lower: Sequence[Title], url: str | None) -> Choice | None:
    """A lower heading that is one of the stated titles or that the address spells out."""
    for heading in lower:
        if heading.in_chrome:
            continue
        same = next((t for t in told if t.key == heading.key), None)
        if same is not None:
            text = _printed_form(heading, same)
            return Choice(heading, text, "headline.heading_of_address")
    fits = [(spelt_in(t.text, url), t) for t in lower if not t.in_chrome]
    if not fits:
        return None
    share, heading = max(fits, key=lambda fit: fit[0])
    if share < max(_LEAST_SPELT, *(spelt_in(t.text, url) for t in told), 0.0):
        return None
    return Choice(heading, heading.text, "headline.heading_of_address")


def any_title(told: Sequence[Title], shown: Sequence[Title]) -> Choice | None:
    """A stated title, the one that others repeat with something behind it first."""
    for title in told:
        if any(t.key != title.key and begins_as_part(t.text, title.text) for t in told):
            return Choice(title, title.text, "headline.shared_head")
    for title in told:
        return Choice(title, title.text, "headline.told")
    return next((Choice(t, t.text, "headline.printed") for t in shown), None)


def last_resort(told: Sequence[Title], headings: Sequence[Title]) -> Choice | None:
    """A title that is the site's name, where the page has no other: a page has to have one."""
    title = next(iter((*told, *headings)), None)
    return Choice(title, title.text, "headline.site_name") if title else None


def with_feed(
    own: str | None, others: Sequence[str], fed: str, sites: Sequence[str]
) -> tuple[str, str]:
    """``own``, unless the feed speaks for another of the page's titles, or is all there is.

    Feeds shorten titles and put sections before them: what the page itself prints is taken.
    """
    for least in (_SAME_WORDS, _SAME_TITLE):
        for text in (own, *others):
            if text is not None and agreement(text, fed) >= least:
                return text, "headline.feed_agrees"
    sound = own is not None and not is_label(own, fed) and not names_site(own, sites)
    return (own, "headline.told") if own is not None and sound else (fed, "headline.feed")


def _twice_told(told: Sequence[Title], own: Title | None) -> Title | None:
    """The title that an Open Graph or meta element and ``<title>`` agree on against JSON-LD's."""
    page = next((t for t in told if t.as_read.source == "title"), None)
    shared = [t for t in told if t.as_read.source in {"open_graph", "meta"}]
    if page is None or (own is not None and own.key == page.key):
        return None
    return next((t for t in shared if t.key == page.key), None)


def _json_ld(told: Sequence[Title]) -> Title | None:
    """The JSON-LD headline, or None."""
    own = (t for t in told if t.as_read.source == "json_ld" and t.as_read.detail == "headline")
    return next(own, None)


def _printed_form(heading: Title, stated: Title) -> str:
    """The words as printed, unless print has them in capitals throughout or in several parts."""
    shouted = heading.text.isupper() and not stated.text.isupper()
    return stated.text if shouted or heading.parts else heading.text
