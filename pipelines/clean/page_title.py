"""The headline of an HTML page: what it states and what it prints, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipelines.clean.json_ld import text_of
from pipelines.clean.page_facts import PageFacts
from pipelines.clean.spacing import fold, match_key

_BREAK = re.compile(r"\s+(?:[|–—·»«:•]|-{1,2}|\|\|)\s+|\s*[|｜]\s*|(?<=\w):\s+(?=\w)")
_SAME_TITLE = 0.6
"""Likeness from which a printed heading is the page's title in other words."""
_CUT_AT = 40
"""Letters from which a stated headline that begins the printed one was cut off, not reworded."""


def headline(page: PageFacts, sites: Sequence[str | None]) -> str | None:
    """The headline, or None.

    JSON-LD's headline, printed with the capitals and quotes of the ``h1`` where both are the same;
    without one, the ``h1`` that is likest to the meta elements' titles and the page's title.
    ``sites`` are names of the site, to be cut off.
    """
    shown = [fold(" ".join(h.itertext())) for h in page.root.iter("h1")]
    shown = [text for text in shown if len(match_key(text)) >= 3]
    stated = text_of(page.node.get("headline"))
    told = [stated, *(contents[0] for contents in page.meta_all("title")), _page_title(page)]
    named = [without_site_name(text, sites) for text in told if text]
    keys = [match_key(text) for text in named]
    for heading in shown:
        key = match_key(heading)
        if key in (keys[:1] if stated else keys) or _is_cut(keys[:1], key):
            return heading
    if stated:
        return named[0]
    if named and shown:
        heading = max(shown, key=lambda text: _likeness(match_key(text), keys))
        if len(shown) == 1 or _likeness(match_key(heading), keys) >= _SAME_TITLE:
            return heading
    return next(iter((*named, *shown)), None)


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
