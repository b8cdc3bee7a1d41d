"""The page's own description of itself in JSON-LD: the one node that is the article.

Scripts are read leniently, because publishers' templates paste text into them: control characters,
trailing commas, escapes that JSON does not know, HTML entities, comments, several objects in a row.
"""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pipelines.clean.characters.spacing import fold, match_key

Node = dict[str, Any]

ARTICLE_TYPES = frozenset(
    {
        "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle",
        "opinionnewsarticle", "backgroundnewsarticle", "reviewnewsarticle",
        "askpublicnewsarticle", "advertisercontentarticle", "satiricalarticle", "blogposting",
        "liveblogposting", "socialmediaposting", "report", "techarticle", "scholarlyarticle",
        "medicalscholarlyarticle",
    }
)  # fmt: skip
"""schema.org's Article and the types below it, in lower case."""
_FALLBACK_TYPES = frozenset({"webpage", "itempage", "videoobject", "review", "recipe"})
PAGE_TYPES = frozenset({"webpage", "itempage"})
_MOST_NODES = 5_000
_LONGEST_SCRIPT = 2_000_000
_MOST_VALUES = 50
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_BETWEEN = re.compile(r"[\s,;\ufeff]*")
_OPENINGS = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */", "<![CDATA[")
_CLOSINGS = ("-->", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>")


def read_nodes(scripts: Iterable[str]) -> list[Node]:
    """Every object in the contents of ``application/ld+json`` elements, outermost first."""
    return [node for script in scripts for node in _nodes(_values(script))]


def article_node(nodes: list[Node], url: str | None, titles: Collection[str] = ()) -> Node | None:
    """The node that describes this page's article.

    Args:
        nodes: what ``read_nodes`` gave.
        url: the page's address: of several articles the one at this address wins.
        titles: match keys of the page's titles: a teaser's article bears another.

    Returns:
        The node with its ``@id`` references resolved one level deep, or None.

    """
    by_id = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2
    }
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES and len(node) > 2]
    articles = articles or [
        node for node in nodes if types_of(node) & _FALLBACK_TYPES and node.get("datePublished")
    ]
    if not articles:
        return None
    ranked = enumerate(articles)
    best = max(ranked, key=lambda pair: (_fit(pair[1], url, titles), -pair[0]))[1]
    return {key: _resolved(value, by_id) for key, value in best.items()}


def _fit(node: Node, url: str | None, titles: Collection[str]) -> int:
    here = url is not None and any(
        isinstance(address, str) and _bare(address) == _bare(url)
        for address in (node.get("url"), node.get("@id"), _first_id(node.get("mainEntityOfPage")))
    )
    headline = node.get("headline") or node.get("name")
    key = match_key(headline[:300]) if isinstance(headline, str) and titles else ""
    return (
        8 * here
        + 4 * any(key and (key in title or title in key) for title in titles)
        + 2 * bool(node.get("datePublished"))
        + bool(headline)
    )


def _bare(address: str) -> str:
    return address.split("#")[0].split("?")[0].split("//")[-1].rstrip("/")


def _first_id(value: object) -> object:
    return value.get("@id") if isinstance(value, dict) else value


def _values(script: str) -> list[Any]:
    """The JSON values of a script: as it stands, else after the first repair that gives any."""
    script = _unwrapped(script[:_LONGEST_SCRIPT])
    if not script:
        return []
    for repair in (_as_is, _without_slips, html.unescape, _unescaped_without_slips):
        if values := _decoded(repair(script)):
            return values
    return []


def _as_is(text: str) -> str:
    return text


def _without_slips(text: str) -> str:
    text = _ESCAPE.sub(lambda e: e[0] if e[1] in '"\\/bfnrtu' else e[1], _CONTROL.sub(" ", text))
    return _TRAILING_COMMA.sub(r"\1", text)


def _unescaped_without_slips(text: str) -> str:
    return _without_slips(html.unescape(text))


def _unwrapped(script: str) -> str:
    """``script`` without the comment or CDATA marks that old templates put around it."""
    script = script.strip().lstrip("\ufeff")
    for mark in _OPENINGS:
        script = script.removeprefix(mark).lstrip()
    script = script.rstrip("; \t\r\n")
    for mark in _CLOSINGS:
        script = script.removesuffix(mark).rstrip()
    return script


def _decoded(text: str) -> list[Any]:
    """Objects and lists that stand one after the other, up to the first that is broken."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    place = _end_of_gap(text, 0)
    while place < len(text) and len(values) < _MOST_VALUES:
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        values.append(value)
        place = _end_of_gap(text, place)
    return [value for value in values if isinstance(value, (dict, list))]


def _end_of_gap(text: str, place: int) -> int:
    gap = _BETWEEN.match(text, place)
    return gap.end() if gap else place


def _nodes(value: Any) -> Iterator[Node]:
    """Every object in ``value``, outermost first, without recursion."""
    queue, seen = deque([value]), 0
    while queue and seen < _MOST_NODES:
        seen += 1
        item = queue.popleft()
        if isinstance(item, dict):
            yield item
            queue.extend(v for v in item.values() if isinstance(v, (dict, list)))
        elif isinstance(item, list):
            queue.extend(item)


def types_of(node: Node) -> set[str]:
    """The last words of a node's types, in lower case."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {type_name(kind).lower() for kind in kinds if isinstance(kind, str)}


def type_name(kind: str) -> str:
    """``NewsArticle`` of ``https://schema.org/NewsArticle`` or ``schema:NewsArticle``."""
    return kind.strip().rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]


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
