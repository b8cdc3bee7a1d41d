"""The visible blocks of a parsed page, each once, in page order, with what surrounds them."""

from __future__ import annotations

import csv
import functools
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.clean.characters.spacing import fold, match_key

_UNSEEN = frozenset(
    {
        "head", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg",
        "math", "canvas", "audio", "video", "datalist", "param", "source", "track", "area",
        "map", "textarea", "select", "option", "input",
    }
)  # fmt: skip
_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
        "em", "font", "i", "img", "ins", "kbd", "mark", "nobr", "q", "rp", "rt", "ruby", "s",
        "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
        "wbr", "picture", "relative-time",
    }
)  # fmt: skip
_PHRASING_ONLY = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
"""Elements that hold phrasing content only (HTML standard, 4.3 and 4.4)."""
_BLOCK = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd",
        "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
        "hr", "html", "label", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search",
        "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z]+")
_HEADING = re.compile(r"h[1-6]$")

_TEMPLATE_WORDS = Path(__file__).parents[1] / "data" / "template_words.csv"
_TAG_ROLES = {
    "nav": "navigation",
    "footer": "navigation",
    "header": "navigation",
    "aside": "teaser",
    "form": "note",
    "button": "navigation",
    "label": "navigation",
    "figcaption": "caption",
    "figure": "caption",
    "time": "date",
    "address": "byline",
    "dialog": "note",
    "menu": "navigation",
}
_ARIA_ROLES = {
    "navigation": "navigation",
    "banner": "navigation",
    "contentinfo": "navigation",
    "complementary": "teaser",
    "search": "navigation",
    "dialog": "note",
    "alertdialog": "note",
    "menu": "navigation",
}
_ARTICLE = frozenset({"article", "main"})
"""No consent form: a page's wrapper may be named for the consent that it was given."""
_CONSENT_RULES = frozenset({"html.class.consent", "html.aria.note", "html.tag.note"})
_NAMING = ("class", "id", "itemprop", "data-testid", "data-component", "data-type")
"""Attributes in which templates name what an element is."""
_NAMING_TEXT = tuple(name for name in _NAMING if name != "id")
"""Of a heading or paragraph the id is an anchor in the text, not a name of its kind."""


@dataclass(slots=True, eq=False)
class Surroundings:
    """What a block inherits from the elements around it; each stands for one element.

    Not frozen, since a page makes hundreds and that triples their cost; nobody changes one.
    """

    hint: str | None = None
    """The role that the innermost telling element suggests."""
    hint_rule: str | None = None
    in_article: bool = False
    in_list: bool = False
    in_quote: bool = False
    in_table: bool = False
    in_chrome: bool = False
    """Inside nav, footer, aside, a form or a dialog."""
    container: int = 0
    """Hash of the tags and classes from the root down: blocks of one kind in one place share it."""
    tag: str = "body"
    own_hint: str | None = None
    """The role that this very element suggests; ``hint`` has the nearest one's."""
    own_rule: str | None = None
    outer: Surroundings | None = None
    """The block-level element around this one; None for the outermost."""
    depth: int = 0
    in_consent: bool = False
    """Inside a dialog or a box that asks for consent: never the article, however long."""


@dataclass(slots=True)
class PageBlock:
    """One run of visible text between two block boundaries."""

    text: str
    key: str
    tag: str
    """The nearest block-level element."""
    around: Surroundings
    link_share: float
    """Share of the characters that are link text."""
    leads_with_link: bool = False
    """The text begins inside a link."""


def page_blocks(root: Any) -> list[PageBlock]:
    """Visible blocks of an lxml HTML tree in document order.

    A block is the text between two block boundaries: block-level elements, or two ``<br>`` in a
    row. Text in a single line break's two halves stays one block.
    """
    return _Walk().run(root)


class _Walk:
    """State of one pass over the tree: the open run of text and the surroundings' stack."""

    def __init__(self) -> None:
        self.blocks: list[PageBlock] = []
        self.parts: list[str] = []
        self.linked = 0
        self.led = False
        self.link_depth = 0
        self.breaks = 0
        self.stack: list[tuple[str, Surroundings]] = [("body", Surroundings())]

    def run(self, root: Any) -> list[PageBlock]:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        skipped = None
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if not isinstance(tag, str) or tag in _UNSEEN or _is_hidden(element):
                    walk.skip_subtree()
                    skipped = element  # its end comes next
                    continue
                self._open(element, tag)
            else:
                if element is not skipped:
                    self._close(tag)
                self._text(element.tail)
        self._flush()
        return self.blocks

    def _open(self, element: Any, tag: str) -> None:
        if tag == "br":
            self.breaks += 1
            self.parts.append("\n")
            if self.breaks > 1:
                self._flush()
        elif self._is_inline(tag):
            self.link_depth += tag == "a"
        else:
            self._flush()
            self.stack.append((tag, _surroundings(element, tag, self.stack[-1][1])))
        self._text(element.text)

    def _close(self, tag: str) -> None:
        if tag == "a":
            self.link_depth = max(0, self.link_depth - 1)
        elif tag != "br" and not self._is_inline(tag):
            self._flush()
            self.stack.pop()

    def _is_inline(self, tag: str) -> bool:
        """True for phrasing content, and for elements of a site's own making inside a paragraph."""
        return tag in _INLINE or (tag not in _BLOCK and self.stack[-1][0] in _PHRASING_ONLY)

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if not text.isspace():
            self.breaks = 0
            if self.link_depth:
                if not self.linked:
                    self.led = not any(map(str.strip, self.parts))
                self.linked += len(text.strip())
        self.parts.append(text)

    def _flush(self) -> None:
        text = fold("".join(self.parts)) if self.parts else ""
        if text:
            tag, around = self.stack[-1]
            self.blocks.append(
                PageBlock(
                    text,
                    match_key(text),
                    tag,
                    around,
                    min(1.0, self.linked / len(text)),
                    leads_with_link=self.led and self.linked > 0,
                )
            )
        self.parts = []
        self.linked = 0
        self.led = False
        self.breaks = 0


def _is_hidden(element: Any) -> bool:
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style) and bool(_HIDDEN_STYLE.search(style))


def _surroundings(element: Any, tag: str, outer: Surroundings) -> Surroundings:
    hint, rule = _hint(element, tag)
    chrome = tag in {"nav", "footer", "aside", "form", "dialog"}
    kinds = _NUMBERED.sub("", (element.get("class") or "")[:_LONGEST_CLASS])
    name = f"{outer.container}/{tag}.{kinds}"
    return Surroundings(
        hint=hint or outer.hint,
        hint_rule=rule or outer.hint_rule,
        in_article=outer.in_article or tag in {"article", "main"},
        in_list=outer.in_list or tag in {"ul", "ol", "dl"},
        in_quote=outer.in_quote or tag == "blockquote",
        in_table=outer.in_table or tag == "table",
        in_chrome=outer.in_chrome or chrome,
        container=zlib.crc32(name.encode("utf-8", "replace")),
        tag=tag,
        own_hint=hint,
        own_rule=rule,
        outer=outer,
        depth=outer.depth + 1,
        in_consent=_is_consent(tag, rule) or (outer.in_consent and tag not in _ARTICLE),
    )


def _is_consent(tag: str, rule: str | None) -> bool:
    return rule in _CONSENT_RULES and tag not in {"form", *_ARTICLE}


def _hint(element: Any, tag: str) -> tuple[str | None, str | None]:
    """The role that an element's own names suggest, with the rule that read it."""
    attributes = _NAMING if tag not in _PHRASING_ONLY else _NAMING_TEXT
    named = " ".join(filter(None, map(element.get, attributes)))
    told = _named_role(named[:_LONGEST_NAME]) if named and tag not in {"body", "html"} else None
    if told:
        return ("note" if told == "consent" else told), f"html.class.{told}"
    aria = _ARIA_ROLES.get(element.get("role") or "")
    if aria:
        return aria, f"html.aria.{aria}"
    by_tag = _TAG_ROLES.get(tag)
    return (by_tag, f"html.tag.{tag}") if by_tag else (None, None)


_LONGEST_NAME = 500
"""Characters read of an element's names: they are kept for many elements, and may be megabytes."""


@functools.lru_cache(maxsize=8192)
def _named_role(named: str) -> str | None:
    """The most telling role of an element's names; a page repeats few of them many times."""
    words = set(_TOKEN.findall(_split_camel(_TOPIC.sub(" ", named))))
    return next((role for role, tokens in _hint_words() if words & tokens), None)


@functools.cache
def _hint_words() -> tuple[tuple[str, frozenset[str]], ...]:
    """Words in class, id and data attributes by the role they tell, the most telling role first."""
    words: dict[str, set[str]] = {}
    with _TEMPLATE_WORDS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            words.setdefault(row["role"], set()).add(row["word"])
    return tuple((role, frozenset(tokens)) for role, tokens in words.items())


_TOPIC = re.compile(r"(?<!\S)(?:tag|category)-\S+")
"""Names that publishing systems give a post for what it is about (``tag-energy``)."""
_NUMBERED = re.compile(r"(?<!\S)[a-zA-Z]+(?:-[a-zA-Z]+)*-(?=\S*\d)[0-9a-f]{4,}(?!\S)")
"""Class names that systems give one element alone (``post-1481``, ``element-1fc90f``)."""
_LONGEST_CLASS = 500
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _split_camel(name: str) -> str:
    return _CAMEL.sub(" ", name).lower()


def is_heading(tag: str) -> bool:
    """True for h1 to h6."""
    return bool(_HEADING.match(tag))
