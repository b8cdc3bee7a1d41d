"""What readers of a page's metadata share: its tree, meta elements, JSON-LD node and blocks."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.clean.json_ld import Node, article_node
from pipelines.clean.page_blocks import PageBlock
from pipelines.clean.records import Statement
from pipelines.clean.spacing import fold

_META_NAMES = Path(__file__).parent / "data" / "meta_names.csv"


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

    def meta(self, field: str) -> str | None:
        """The content of the first meta element present of those that state ``field``."""
        return next((self.metas[n][0] for n in meta_names()[field] if n in self.metas), None)

    def meta_all(self, field: str) -> list[list[str]]:
        """Contents of all meta elements that state ``field``, a list a name, in order of trust."""
        return [self.metas[n] for n in meta_names()[field] if n in self.metas]


def page_facts(
    root: Any,
    blocks: list[PageBlock],
    url: str | None,
    fetched_at: datetime,
    stated: Statement | None = None,
) -> PageFacts:
    """Index a parsed page."""
    scripts = [s.text or "" for s in root.iterfind(".//script[@type='application/ld+json']")]
    node = article_node(scripts, url) or {}
    return PageFacts(root, blocks, url, fetched_at, node, _metas(root), stated)


def _metas(root: Any) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = fold(element.get("content") or element.get("value") or "")
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for name in (element.get(attribute) or "").lower().split():
                metas.setdefault(name, []).append(content)
    return metas


@functools.cache
def meta_names() -> dict[str, tuple[str, ...]]:
    """Names of meta elements by the field they state, in order of trust."""
    names: dict[str, list[str]] = {}
    with _META_NAMES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names.setdefault(row["field"], []).append(row["name"])
    return {field: tuple(listed) for field, listed in names.items()}
