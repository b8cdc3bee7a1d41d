"""What readers of a page's metadata share: its tree, meta elements, JSON-LD node and blocks.

One pass over the tree collects everything, so that each reader looks things up.
"""

from __future__ import annotations

import csv
import functools
import html
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.clean.characters.spacing import fold, match_key
from pipelines.clean.fields.json_ld import Node, article_node, read_nodes, text_of
from pipelines.clean.fields.microdata import article_properties
from pipelines.clean.page.blocks import PageBlock
from pipelines.clean.records import Statement

_META_NAMES = Path(__file__).parents[1] / "data" / "meta_names.csv"
_LOCALE = re.compile(r"([a-z]{2})(?:[-_]([a-z]{2})\b|[-_]|$)")
_DAY_FIRST_COUNTRIES = frozenset({"uk", "au", "ie", "nz", "za", "in", "ng", "ke", "sg", "my"})
"""Country domains where English writes the day before the month (Unicode CLDR, short dates)."""
_TAGS = ("meta", "link", "base", "title", "time", "h1", "h2", "script")
_MOST_OF_A_TAG = 500


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A parsed page, indexed for its metadata."""

    root: Any
    blocks: list[PageBlock]
    url: str | None
    fetched_at: datetime
    node: Node
    """The JSON-LD node of the article; empty where there is none."""
    metas: dict[str, list[str]]
    """Contents of the meta elements by lower-case property, name or itemprop, in page order."""
    stated: Statement | None = None
    """What a feed or sitemap said of the page."""
    nodes: list[Node] = field(default_factory=list)
    """Every JSON-LD object of the page."""
    items: dict[str, list[Any]] = field(default_factory=dict)
    """Elements that state the article in microdata, by lower-case property."""
    title: str | None = None
    """The page's ``<title>``, folded."""
    elements: dict[str, list[Any]] = field(default_factory=dict)
    """The page's ``link``, ``base``, ``time``, ``h1`` and ``h2`` elements by tag, in order."""
    locale: str | None = None
    """The declared language, with its country where that is declared: ``en-gb``; a hint."""

    def meta(self, field: str) -> str | None:
        """The content of the first meta element present of those that state ``field``."""
        return next((self.metas[n][0] for n in meta_names()[field] if n in self.metas), None)

    def meta_all(self, field: str) -> list[list[str]]:
        """Contents of all meta elements that state ``field``, a list a name, in order of trust."""
        return [self.metas[n] for n in meta_names()[field] if n in self.metas]

    def meta_named(self, field: str) -> list[tuple[str, list[str]]]:
        """As ``meta_all``, each list with the name that it stands under."""
        return [(n, self.metas[n]) for n in meta_names()[field] if n in self.metas]


def page_facts(
    root: Any,
    blocks: list[PageBlock],
    url: str | None,
    fetched_at: datetime,
    stated: Statement | None = None,
) -> PageFacts:
    """Index a parsed page."""
    elements: dict[str, list[Any]] = {tag: [] for tag in _TAGS}
    for element in root.iter(*_TAGS):
        if element.tag in {"meta", "script"} or len(elements[element.tag]) < _MOST_OF_A_TAG:
            elements[element.tag].append(element)
    scripts = elements.pop("script")
    nodes = read_nodes(
        script.text or "" for script in scripts if "ld+json" in (script.get("type") or "").lower()
    )
    items = article_properties([name.getparent() for name in _marked()(root)])
    metas = _metas(elements.pop("meta"), items)
    title = _title(elements.pop("title"))
    titles = {match_key(text) for text in (title, *metas.get("og:title", ())[:1]) if text}
    node = article_node(nodes, url, titles - {""}) or {}
    declared = (
        text_of(node.get("inLanguage")),
        root.get("lang"),
        next((metas[n][0] for n in meta_names()["language"] if n in metas), None),
    )
    locale = next(filter(None, (locale_of(value, url) for value in declared)), None)
    return PageFacts(
        root, blocks, url, fetched_at, node, metas, stated, nodes, items, title, elements, locale
    )


@functools.cache
def _marked() -> Any:
    from lxml import etree

    # Attributes, not elements with one: a third faster on the dev pages.
    return etree.XPath("descendant-or-self::*/@itemprop")


def _metas(elements: list[Any], items: dict[str, list[Any]]) -> dict[str, list[str]]:
    own = {id(element) for found in items.values() for element in found}
    metas: dict[str, list[str]] = {}
    for element in elements:
        content = element.get("content") or element.get("value") or ""
        # Systems that escape an escaped text leave a second layer of entities behind.
        content = fold(html.unescape(content) if "&" in content else content)
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if attribute == "itemprop" and id(element) not in own:
                continue
            for name in (element.get(attribute) or "").lower().split():
                metas.setdefault(name, []).append(content)
    return metas


def _title(titles: list[Any]) -> str | None:
    """The page's title: the first in the head (an ``svg`` may hold others)."""
    heads = [e for e in titles if e.getparent() is not None and e.getparent().tag == "head"]
    first = next(iter(heads or [e for e in titles if not _in_picture(e)]), None)
    return fold(html.unescape(first.text_content())) or None if first is not None else None


def _in_picture(element: Any) -> bool:
    return any(ancestor.tag in {"svg", "symbol"} for ancestor in element.iterancestors())


def locale_of(declared: str | None, url: str | None = None) -> str | None:
    """``de`` or ``en-gb`` of a declared language tag; None where it is none.

    English without a country, or with the one that templates come with, takes the country of the
    address where dates begin with the day there.
    """
    found = _LOCALE.match((declared or "").strip().lower())
    if found is None:
        return None
    if found[1] == "en" and url and found[2] in {None, "us"}:
        last = url.split("//")[-1].split("/")[0].split(":")[0].rsplit(".", 1)[-1]
        if last in _DAY_FIRST_COUNTRIES:
            return f"en-{'gb' if last == 'uk' else last}"
    if found[2]:
        return f"{found[1]}-{found[2]}"
    return str(found[1])


@functools.cache
def meta_names() -> dict[str, tuple[str, ...]]:
    """Names of meta elements by the field they state, in order of trust."""
    names: dict[str, list[str]] = {}
    with _META_NAMES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names.setdefault(row["field"], []).append(row["name"])
    return {field: tuple(listed) for field, listed in names.items()}
