"""The page's own description of itself in JSON-LD: the one node that is the article."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from pipelines.clean.spacing import fold

Node = dict[str, Any]

_ARTICLE_TYPES = frozenset(
    {
        "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle",
        "opinionnewsarticle", "backgroundnewsarticle", "reviewnewsarticle",
        "askpublicnewsarticle", "advertisercontentarticle", "satiricalarticle", "blogposting",
        "liveblogposting", "socialmediaposting", "report", "techarticle", "scholarlyarticle",
        "medicalscholarlyarticle",
    }
)  # fmt: skip
_FALLBACK_TYPES = frozenset({"webpage", "itempage", "videoobject", "review", "recipe"})
_MOST_NODES = 5_000
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_COMMENT = re.compile(
    r"^\s*(?:<!--|/\*.*?\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$",
    re.DOTALL,
)


def article_node(scripts: list[str], url: str | None) -> Node | None:
    """The node that describes this page's article.

    Args:
        scripts: contents of the page's ``application/ld+json`` elements.
        url: the page's address: of several articles the one at this address wins.

    Returns:
        The node with its ``@id`` references resolved one level deep, or None.

    """
    nodes = [node for script in scripts for node in _nodes(_loaded(script))]
    by_id = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2
    }
    articles = [node for node in nodes if _types(node) & _ARTICLE_TYPES]
    articles = articles or [
        node for node in nodes if _types(node) & _FALLBACK_TYPES and node.get("datePublished")
    ]
    if not articles:
        return None
    best = max(enumerate(articles), key=lambda pair: (_fit(pair[1], url), -pair[0]))[1]
    return {key: _resolved(value, by_id) for key, value in best.items()}


def _fit(node: Node, url: str | None) -> int:
    here = url is not None and any(
        isinstance(address, str) and _bare(address) == _bare(url)
        for address in (node.get("url"), node.get("@id"), _first_id(node.get("mainEntityOfPage")))
    )
    return (
        4 * here
        + 2 * bool(node.get("datePublished"))
        + bool(node.get("headline") or node.get("name"))
    )


def _bare(address: str) -> str:
    return address.split("#")[0].split("?")[0].split("//")[-1].rstrip("/")


def _first_id(value: object) -> object:
    return value.get("@id") if isinstance(value, dict) else value


def _loaded(script: str) -> Any:
    script = _COMMENT.sub("", script.strip())
    for text in (
        script,
        _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", script)),
        html.unescape(script),
    ):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: Any) -> Iterator[Node]:
    """Every object in ``value``, outermost first, without recursion."""
    queue, seen = [value], 0
    while queue and seen < _MOST_NODES:
        seen += 1
        item = queue.pop(0)
        if isinstance(item, dict):
            yield item
            queue.extend(v for v in item.values() if isinstance(v, (dict, list)))
        elif isinstance(item, list):
            queue.extend(item)


def _types(node: Node) -> set[str]:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {
        kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()
        for kind in kinds
        if isinstance(kind, str)
    }


def _resolved(value: Any, by_id: dict[str, Node]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, by_id) for item in value[:100]]
    if (
        isinstance(value, dict)
        and set(value) <= {"@id", "@type"}
        and isinstance(value.get("@id"), str)
    ):
        return by_id.get(value["@id"], value)
    return value


def text_of(value: Any) -> str | None:
    """A text property, folded and unescaped; the first of a list; None where it is no text."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return None
    return fold(html.unescape(html.unescape(value))) or None


def names_of(value: Any) -> list[str]:
    """Names of the persons or organisations in a property, in order, each once."""
    items = value if isinstance(value, list) else [value]
    names: list[str] = []
    for item in items:
        name = item.get("name") if isinstance(item, dict) else item
        for part in name if isinstance(name, list) else [name]:
            text = text_of(part)
            if text and text not in names:
                names.append(text)
    return names


def boolean_of(value: Any) -> bool | None:
    """A yes or no that publishers write as JSON booleans, ``"True"`` or ``"False"``."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().rsplit("/", 1)[-1].lower())
    return None
