"""Authors of an HTML page, as stated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.clean.json_ld import names_of
from pipelines.clean.labels import prefix
from pipelines.clean.page_blocks import PageBlock
from pipelines.clean.page_facts import PageFacts
from pipelines.clean.spacing import fold, match_key

_MOST_ELEMENTS = 12
_BY = re.compile(
    r"^\s*(?:by|von|par|por|door|av|af|di|de|od|text|autor|autore|auteur|author)\s*:?\s+",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\s*[;|]\s*|\s*(?:[,/&]|\b(?:and|und|et|y|e|en|och|og|i|oraz)\b)\s+")
_NOTE = re.compile(r"\s*\([^()]*\)")
_PERSON = r"[^\W\d_a-z][\w.'’-]+(?:\s+(?:[a-z]{1,3}\s+)?[^\W\d_a-z][\w.'’-]*){1,3}"
_NAMES = re.compile(rf"{_PERSON}(?:\s*(?:,|&|und|and|et|y|e)\s+{_PERSON}){{0,5}}")


def authors(page: PageFacts, sites: set[str], named: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Authors stated in JSON-LD, meta elements, marked-up or printed bylines; each once, in order.

    ``sites`` are match keys of the site's names. The site itself counts only where JSON-LD names
    it as author and no person is named, by the page or, in ``named``, by its feed.
    """
    marked = page.root.xpath(".//*[@rel='author' or contains(@itemprop, 'author')]")
    told = [names_of(page.node.get("author")), names_of(page.node.get("creator"))]
    for names in (
        *told,
        *page.meta_all("author"),
        [fold(" ".join(element.itertext())) for element in marked[:_MOST_ELEMENTS]],
        _printed_bylines(page.blocks),
    ):
        found = [p for name in names for p in people(name) if match_key(p) not in sites]
        if found:
            return tuple(dict.fromkeys(found))
    if named:
        return named
    return tuple(dict.fromkeys(p for names in told for name in names for p in people(name)))


def people(text: str) -> Iterator[str]:
    """Single names in a stated author; none in an address or a sentence."""
    if "@" in text or "://" in text or len(text) > 200:
        return
    found = prefix(text)
    if found is not None and found.role == "caption":
        return
    for part in _SEVERAL.split(_BY.sub("", _NOTE.sub("", text))):
        name = part.strip(" .,;")
        if 2 <= len(name) <= 60 and not any(map(str.isdigit, name)):
            yield name


def _printed_bylines(blocks: list[PageBlock]) -> list[str]:
    """Short blocks near the headline that the template calls byline and that look like names."""
    start = next((i for i, block in enumerate(blocks) if block.tag == "h1"), None)
    if start is None:
        return []
    near = blocks[max(0, start - 4) : start + 14]
    texts = [b.text for b in near if b.around.hint == "byline" and len(b.text) <= 80]
    return [text for text in texts if _NAMES.fullmatch(_BY.sub("", text))][:4]
