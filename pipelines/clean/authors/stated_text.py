"""What a feed states of a page in words, less what feed systems add to it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.address import site
from pipelines.clean.authors.byline import read_byline
from pipelines.clean.characters.spacing import fold, match_key
from pipelines.clean.records import Statement
from pipelines.clean.text import labels
from pipelines.reference.outlets import load_outlets

LONGEST_SUMMARY = 500
"""Characters of a summary that are kept: what goes on is the text itself, not a summary of it."""
ADDED = 60
"""Characters that feed systems put around an article's title or link below its text; the longest
wording of such a line in the languages of WordPress has some 45."""
LEAST_TITLE = 12
"""Letters from which a title found inside a line is no chance."""
_STOP = re.compile(r"[.!?…\]\"”»。！？।؟](?=\s)")
_ACCOUNTS = frozenset({"admin", "administrator", "webmaster", "root", "user", "unknown"})
"""Accounts that publishing systems create; nobody's name."""
_NAME_OF_ADDRESS = re.compile(
    r"\S+@\S+\s*\((?P<after>[^()]+)\)|\"?(?P<before>[^<>\"@]+)\"?\s*<[^<>]*>"
)
_MOST_AUTHORS = 20
_LONGEST_AUTHOR = 200
_ARTICLE = re.compile(r"^(?:the|der|die|das|la|le|il|el)\s+", re.IGNORECASE)


def site_names(url: str | None) -> tuple[str, ...]:
    """Names of the site at ``url``: its domain, the domain's first label, its outlet's names."""
    domain = site(url)
    return (domain, domain.split(".")[0], *outlet_names(url)) if domain else ()


def outlet_names(url: str | None) -> tuple[str, ...]:
    """Names of the outlet at ``url``; empty where it is none that we know."""
    outlet = load_outlets().at(site(url) or "")
    return (outlet.name, *outlet.aliases) if outlet else ()


def summary_of(statement: Statement | None) -> str | None:
    """The summary without feed systems' trailer, bounded; None where it only repeats the title."""
    if statement is None or not statement.summary:
        return None
    text = fold(statement.summary[: 4 * LONGEST_SUMMARY])
    if len(text) < 2 * LONGEST_SUMMARY:
        text = _without_trailer(text, fold(statement.title or ""))
    if not match_key(text) or match_key(text) == match_key(statement.title or ""):
        return None
    if len(text) <= LONGEST_SUMMARY:
        return text
    cut = text[: LONGEST_SUMMARY - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def _without_trailer(text: str, title: str) -> str:
    """``text`` less what feed systems add: the entry's title in a few words, in any language, or a
    label that leads on to the page.
    """
    starts = [found.end() for found in _STOP.finditer(text)]
    last = text[starts[-1] :] if starts else ""
    if last and len(last) <= ADDED and (label := labels.opening(last)) and label.role == "teaser":
        text = text[: starts[-1]]
    place = text.rfind(title) if len(match_key(title)) >= LEAST_TITLE else -1
    if place <= 0 or len(text) - place - len(title) > ADDED:
        return text
    start = max((end for end in starts if end <= place), default=0)
    return text[:start].rstrip() if start and place - start <= ADDED else text


def people_of(statement: Statement | None, sites: Iterable[str]) -> tuple[str, ...]:
    """Persons and agencies that the feed names as authors, each once, in order.

    Args:
        statement: authors as stated: names, ``address (name)`` or ``name <address>``.
        sites: names of the page's site, none of which is an author; nor is another outlet,
            agencies aside, or an account's name.

    """
    if statement is None:
        return ()
    keys = {match_key(_ARTICLE.sub("", name)) for name in sites} - {""}
    texts = map(_without_address, statement.authors[:_MOST_AUTHORS])
    found = (
        name
        for text in texts
        for name in read_byline(text).of("person", "agency", "outlet", "desk", "site")
    )
    return tuple(dict.fromkeys(name for name in found if not _is_outlet(name, keys)))


def _without_address(text: str) -> str:
    if "@" not in text:
        return text
    found = _NAME_OF_ADDRESS.fullmatch(text[:_LONGEST_AUTHOR].strip())
    return (found["after"] or found["before"]).strip() if found else ""


def byline_of(statement: Statement | None, named: tuple[str, ...]) -> str | None:
    """The feed's authors as it prints them, where they name somebody."""
    if statement is None or not named:
        return None
    printed = map(_without_address, statement.authors[:_MOST_AUTHORS])
    return ", ".join(text for text in printed if any(n in text for n in named))[:200] or None


def _is_outlet(name: str, sites: set[str]) -> bool:
    key = match_key(_ARTICLE.sub("", name))
    if key in _ACCOUNTS or key in sites:
        return True
    if " " not in name and ("." in name or any(len(key) > 3 and key in own for own in sites)):
        return True
    if any(len(own) >= LEAST_TITLE and own in key for own in sites):
        return True
    outlet = load_outlets().named(name)
    return outlet is not None and outlet.role != "agency"
