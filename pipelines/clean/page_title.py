"""The headline of an HTML page: what it states and what it prints, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipelines.clean.json_ld import text_of
from pipelines.clean.page_facts import PageFacts
from pipelines.clean.spacing import fold, match_key
from pipelines.clean.stated_text import LEAST_TITLE, outlet_names, site_names
from pipelines.clean.text_lines import word_count

_BREAK = re.compile(r"\s+(?:[|–—·»«:•]|-{1,2}|\|\|)\s+|\s*[|｜]\s*|(?<=\w):\s+(?=\w)")
_SAME_TITLE = 0.6
"""Likeness from which a printed heading is the page's title in other words."""
_SAME_WORDS = 0.9
"""Likeness of titles that differ in a word's form at most."""
_MOST_HEADINGS = 50
_LABEL_WORDS = 2
"""Words of a heading that names a section or a kind of piece, and no event."""
_LEAST_SHARE = 0.4
"""Share of a title that must be left where its feed cut it."""
_CUT_AT = 40
"""Letters from which a stated headline that begins the printed one was cut off, not reworded."""


def headline(page: PageFacts, sites: Sequence[str]) -> str | None:
    """The headline, or None.

    JSON-LD's headline, printed with the capitals and quotes of the ``h1`` where both are the same;
    without one, the ``h1`` that is likest to the meta elements' titles and the page's title.
    ``sites`` are names of the site, to be cut off. A headline that the page both states and prints
    stands; of others the one that its feed knows it by is taken.
    """
    shown = [fold(" ".join(h.itertext())) for h in page.root.iter("h1")]
    shown = [text for text in shown if len(match_key(text)) >= 3][:_MOST_HEADINGS]
    stated = text_of(page.node.get("headline"))
    told = [stated, *(contents[0] for contents in page.meta_all("title")), _page_title(page)]
    named = [without_site_name(text, sites) for text in told if text]
    keys = [match_key(text) for text in named]
    for heading in shown:
        key = match_key(heading)
        if key in (keys[:1] if stated else keys) or _is_cut(keys[:1], key):
            return _told(page, heading, (), sites)
    return _told(page, _likeliest(shown, named, bool(stated)), (*shown, *named), sites)


def _likeliest(shown: list[str], named: list[str], stated: bool) -> str | None:
    """The headline of a page whose headings are none of its titles."""
    if stated:
        return named[0]
    if named and shown:
        keys = [match_key(text) for text in named]
        heading = max(shown, key=lambda text: _likeness(match_key(text), keys))
        if len(shown) == 1 or _likeness(match_key(heading), keys) >= _SAME_TITLE:
            return heading
    return next(iter((*named, *shown)), None)


def _told(
    page: PageFacts, own: str | None, others: Sequence[str], sites: Sequence[str]
) -> str | None:
    """``own``, unless the page's feed speaks for another of the page's titles, or is all there is.

    Feeds shorten titles and put sections before them: what the page itself prints is taken.
    """
    if page.stated is None or not (title := feed_title(page.stated.title, page.url, sites)):
        return own
    for least in (_SAME_WORDS, _SAME_TITLE):
        for text in (own, *others):
            if text is not None and agreement(text, title) >= least:
                return text
    sound = own is not None and not _is_label(own, title, {*sites, *site_names(page.url)})
    return own if sound else title


def feed_title(title: str | None, url: str | None, sites: Iterable[str] = ()) -> str | None:
    """A feed's title without the site's name; None where it is no title."""
    title = fold(title or "")
    if not match_key(title) or "://" in title:
        return None
    named = without_site_name(title, (*sites, *outlet_names(url)))
    keys = {match_key(name) for name in (*sites, *site_names(url))}
    return None if match_key(named) in keys else named


def _is_label(own: str, title: str, sites: Iterable[str]) -> bool:
    """True for a site's name, or a word or two (``Politics``) of which a longer title has none."""
    key = match_key(own)
    if not key or _names_site(own, {match_key(site) for site in sites}):
        return True
    short = word_count(own) <= _LABEL_WORDS and word_count(title) >= 2 * _LABEL_WORDS
    return short and not set(own.casefold().split()) & set(title.casefold().split())


def agreement(one: str, other: str) -> float:
    """How far two titles agree, 0 to 1; one that holds all of the other is a longer print of it."""
    short, long = sorted(map(match_key, (one, other)), key=len)
    if len(short) >= LEAST_TITLE and short in long and len(short) >= _LEAST_SHARE * len(long):
        return 1.0
    return _likeness(short, [long])


def _page_title(page: PageFacts) -> str | None:
    title = page.root.find(".//head/title")
    title = page.root.find(".//title") if title is None else title
    return fold(title.text_content()) if title is not None else None


def _is_cut(keys: list[str], printed: str) -> bool:
    return any(_CUT_AT <= len(key) < len(printed) and printed.startswith(key) for key in keys)


def _likeness(key: str, others: list[str]) -> float:
    from difflib import SequenceMatcher

    matchers = (SequenceMatcher(None, key[:300], o[:300], autojunk=False) for o in others)
    return max((matcher.ratio() for matcher in matchers), default=0.0)


def without_site_name(title: str, sites: Iterable[str | None]) -> str:
    """``title`` less a leading or trailing part that names one of ``sites``."""
    keys = {match_key(site) for site in sites if site}
    breaks = list(_BREAK.finditer(title))
    for found in reversed(breaks):
        if _names_site(title[found.end() :], keys):
            title = title[: found.start()]
    if breaks and _names_site(title[: breaks[0].start()], keys):
        title = title[breaks[0].end() :]
    return title.strip() or title


def _names_site(text: str, keys: set[str]) -> bool:
    key = match_key(text)
    return bool(key) and any(key == site or _is_form_of(key, site) for site in keys)


def _is_form_of(key: str, site: str) -> bool:
    """``examplenews`` for ``example``, and the other way round; short names must be equal."""
    if len(key) <= 3 or len(site) <= 3:
        return False
    return key in site or (site in key and len(key) < 2 * len(site))
