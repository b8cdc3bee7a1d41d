"""The page's own description of itself in microdata: properties of the item that is the article.

A property belongs to the nearest element around it that opens an item (WHATWG HTML, 5.2). Old
templates write properties without an item: those count as the article's as long as nothing else
encloses them. A person's, a picture's, a comment's or a breadcrumb's properties are not its own.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipelines.clean.characters.spacing import fold
from pipelines.clean.fields.json_ld import ARTICLE_TYPES, type_name

_OPEN_TYPES = frozenset({"", "webpage", "itempage", "creativework", "blog"})
"""Types of an item around the article, whose properties speak of the page."""
_MOST_ELEMENTS = 2_000
_LONGEST = 2_000


def article_properties(marked: list[Any]) -> dict[str, list[Any]]:
    """Elements that state a property of the article, by the property's name in lower case.

    Args:
        marked: the page's elements with ``itemprop``, in order.

    Of several article items the one that holds an ``articleBody`` is the page's, else the one with
    most properties: a teaser has a headline and a date at most.

    """
    owned = [(element, owner_of(element)) for element in marked[:_MOST_ELEMENTS]]
    articles: Counter[Any] = Counter()
    for element, owner in owned:
        if owner is not None and item_type(owner) in ARTICLE_TYPES:
            whole = "articlebody" in element.get("itemprop").lower().split()
            articles[owner] += 1_000 if whole else 1
    main = max(articles, key=lambda item: articles[item], default=None)
    found: dict[str, list[Any]] = {}
    for element, owner in owned:
        if owner is None or owner is main or item_type(owner) in _OPEN_TYPES:
            for name in element.get("itemprop").lower().split():
                found.setdefault(type_name(name), []).append(element)
    return found


def owner_of(element: Any) -> Any | None:
    """The element that opens the item which ``element``'s property belongs to, or None."""
    return next((a for a in element.iterancestors() if a.get("itemscope") is not None), None)


def item_type(item: Any) -> str:
    """The last word of the item's type in lower case; empty where it has none."""
    kinds = (item.get("itemtype") or "").split()
    return type_name(kinds[0]).lower() if kinds else ""


def value_of(element: Any) -> str:
    """What a property's element says: ``datetime``, ``content``, an address or its text."""
    for attribute in ("datetime", "content"):
        if value := element.get(attribute):
            return fold(value[:_LONGEST])
    if element.tag in {"a", "link", "area"} and element.get("href"):
        return fold(element.get("href")[:_LONGEST])
    return fold(" ".join(element.itertext())[:_LONGEST])
