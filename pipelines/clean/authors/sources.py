"""Where a page says who wrote it: every statement, read but not yet judged."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pipelines.clean.authors import byline_words as words
from pipelines.clean.authors.agency_names import agency_named
from pipelines.clean.authors.byline import PIECE, Byline, Credit, read_byline, read_signs
from pipelines.clean.authors.stated_text import byline_of, people_of
from pipelines.clean.characters.spacing import fold, match_key
from pipelines.clean.fields.facts import PageFacts
from pipelines.clean.fields.json_ld import text_of
from pipelines.clean.fields.microdata import item_type
from pipelines.clean.ledger import Judged
from pipelines.clean.page.blocks import PageBlock, Surroundings
from pipelines.clean.records import Statement

_MOST_ELEMENTS = 12
_MOST_VALUES = 20
_MOST_PIECES = 60
"""Elements and texts inside one that are read: a byline has few."""
_MOST_EXAMINED = 80
_MOST_UNPLACED = 200
"""Verdicts between two blocks' on text that no block shows."""
_MOST_UNSEEN = 3
"""Authors in markup that the page does not print; more of them are other pieces'."""
_META_ENDS = frozenset({"author", "authors", "byline", "byl", "authorname", "articleauthor"})
"""Last words of the names of meta elements that state authors, whatever system writes them."""
_META_CREATORS = frozenset({"dc", "dcterms", "dcterm", "rnews"})
_OTHERS_METAS = frozenset({"twitter", "smartbanner", "image", "photo", "comment", "og:image"})
_META_SPLIT = re.compile(r"[.:_\-]")
_LISTS = ("parsely-page", "parsely-metadata")
_BETWEEN = frozenset({"note", "share"})
"""Roles of lines between a text and its signature that do not count: advertisements, buttons."""
_TOLD_ROLES = frozenset({"byline", "caption", "credit", "comment"})
_ABOVE, _BELOW, _INTO_BODY = 5, 30, 8
"""Blocks above the headline, below it, and into the text among which a byline is the article's."""
_AFTER_BODY, _BEFORE_END = 4, 2
"""Blocks after the text's end, and of its end, among which a signature is the article's."""
_LONGEST_LINE = 160
_LONGEST_MARKED = 400
_MOST_SENTENCE_WORDS = 14
_AUTHOR_CLASS = re.compile(r"(?<![a-z])(?:author|byline|autor|auteur|writer)(?!ship|iz|is)")
_STOPPED = re.compile(r"[.!?。！？।؟]\s*$")


@dataclass(frozen=True, slots=True)
class AuthorStatement:
    """One statement of who wrote the article."""

    text: str
    """As read, folded; the texts of several elements joined by ``; ``."""
    credits: tuple[Credit, ...]
    source: str
    """One of ``records.EVIDENCE_SOURCES``."""
    detail: str
    place: str = ""
    """head or end for print near the headline or at the text's end; empty for what is stated."""
    is_opened: bool = False

    def of(self, *kinds: str) -> tuple[str, ...]:
        """Names of these kinds, in order."""
        return tuple(credit.name for credit in self.credits if credit.kind in kinds)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where on the page its own byline can stand."""

    head: tuple[int, ...]
    end: tuple[int, ...]


def author_statements(
    page: PageFacts,
    judged: Sequence[Judged],
    stated: Statement | None,
    names: Sequence[str],
    language: str | None,
) -> list[AuthorStatement]:
    """Every statement of authors, in order of trust where nothing else decides.

    Args:
        page: the parsed page.
        judged: the verdicts on its blocks.
        stated: what its feed says.
        names: the site's names.
        language: ISO 639-1 code of the text.

    """
    sites = site_keys(names)
    layout = page_layout(page.blocks, judged)
    found = [*_json_ld(page, sites, language), *_metas(page, sites, language)]
    found += [*_marked(page, layout, sites, language)]
    found += [*_printed(page.blocks, layout, sites, language)]
    if not any(statement.of("person") for statement in found):
        found += [*_classed(page, layout, sites, language)]
    found += _feed(stated, names)
    return [statement for statement in found if statement.credits]


def text_statements(
    judged: Sequence[Judged],
    stated: Statement | None,
    names: Sequence[str],
    language: str | None,
) -> list[AuthorStatement]:
    """Every statement of authors of a text without a page around it; arguments as above."""
    blocks = [_as_block(block) for block in judged]
    printed = _printed(blocks, page_layout(blocks, judged), site_keys(names), language)
    return [s for s in (*printed, *_feed(stated, names)) if s.credits]


def _as_block(block: Judged) -> PageBlock:
    hint = None if block.keep or block.role not in _TOLD_ROLES else block.role
    return PageBlock(block.text, match_key(block.text), "p", Surroundings(hint=hint), 0.0)


def site_keys(names: Iterable[str]) -> frozenset[str]:
    """Match keys of a site's names, with and without their article."""
    return frozenset(
        key
        for name in names
        for key in (match_key(name), match_key(words.without_article(name)))
        if key
    )


def page_layout(blocks: Sequence[PageBlock], judged: Sequence[Judged]) -> Layout:
    """The blocks around the headline and around the end of the text."""
    verdicts = _aligned(blocks, judged)
    kept = [i for i, verdict in enumerate(verdicts) if verdict is not None and verdict.keep]
    titles = [i for i, block in enumerate(blocks) if block.tag == "h1"]
    titles += [i for i, v in enumerate(verdicts) if v is not None and v.role == "headline"]
    first, last = (kept[0], kept[-1]) if kept else (max(titles, default=0), -1)
    above = [i for i in titles if i <= first] or titles
    title = max(above, default=first)
    reach = max(first, title) + _INTO_BODY
    if kept:
        reach = min(reach, max(first + 1, title + 1, last - _BEFORE_END + 1))
    head = range(max(0, min(title, first) - _ABOVE), min(len(blocks), reach, title + _BELOW))
    if last < 0:
        return Layout(tuple(head), ())
    below = [
        index
        for index in range(last + 1, min(len(blocks), last + 1 + 3 * _AFTER_BODY))
        if ((verdict := verdicts[index]) is None or verdict.role not in _BETWEEN)
        and not _is_elsewhere(blocks[index].around)
    ]
    end = (*range(max(head.stop, last - _BEFORE_END + 1), last + 1), *below[:_AFTER_BODY])
    return Layout(tuple(head), end)


def _is_elsewhere(around: Surroundings | None) -> bool:
    """True inside an aside, a menu or the page's footer; an article's own footer is its end."""
    while around is not None:
        if around.tag in {"aside", "nav", "dialog"}:
            return True
        if around.tag == "footer" and not around.in_article:
            return True
        around = around.outer
    return False


def _aligned(blocks: Sequence[PageBlock], judged: Sequence[Judged]) -> list[Judged | None]:
    """Each block's verdict; verdicts on text that no block shows are passed over."""
    verdicts: list[Judged | None] = []
    place = 0
    for block in blocks:
        step = place
        end = min(len(judged), place + _MOST_UNPLACED)
        while step < end and judged[step].text != block.text:
            step += 1
        verdicts.append(judged[step] if step < end else None)
        place = step + 1 if step < end else place
    return verdicts


def _statement(
    texts: Iterable[str],
    source: str,
    detail: str,
    sites: frozenset[str],
    language: str | None,
    *,
    place: str = "",
) -> AuthorStatement:
    """Stated values as one statement; each is read as a byline of its own."""
    texts = [text for text in texts if text][:_MOST_VALUES]
    read = [read_byline(text, language, printed=bool(place), sites=sites) for text in texts]
    credits_ = tuple(dict.fromkeys(credit for byline in read for credit in byline.credits))
    shown = "; ".join(fold(text.replace(PIECE, " ")) for text in texts)
    return AuthorStatement(
        shown, credits_, source, detail, place, any(byline.is_opened for byline in read)
    )


def _json_ld(
    page: PageFacts, sites: frozenset[str], language: str | None
) -> Iterator[AuthorStatement]:
    for key in ("author", "creator", "contributor"):
        names = list(_names(page.node.get(key)))
        if names:
            yield _statement(names, "json_ld", key, sites, language)


def _names(value: Any) -> Iterator[str]:
    """Names in a JSON-LD property: texts, items, lists of either; given and family name joined."""
    for item in value[:_MOST_VALUES] if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _names([part for part in item if not isinstance(part, list)])
            continue
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(item, dict) and not name:
            given, family = text_of(item.get("givenName")), text_of(item.get("familyName"))
            name = " ".join(filter(None, (given, family)))
        for part in name if isinstance(name, list) else [name]:
            if text := text_of(part):
                yield text


def _metas(
    page: PageFacts, sites: frozenset[str], language: str | None
) -> Iterator[AuthorStatement]:
    """Meta elements whose name ends in a word for author; the more particular names first."""
    named = [name for name in page.metas if _is_author_meta(name)]
    for name in sorted(named, key=lambda n: (n == "author", "creator" in n)):
        source = "open_graph" if name.startswith(("og:", "article:")) else "meta"
        yield _statement(map(html.unescape, page.metas[name]), source, name, sites, language)
    for number in "1234":
        label = page.metas.get(f"twitter:label{number}", [""])[0]
        value = page.metas.get(f"twitter:data{number}", [""])[:1]
        opener = words.opener(label, language) if label else None
        if opener and opener.kind == "by" and not opener.rest:
            yield _statement(value, "meta", f"twitter:data{number}", sites, language)
    for name in _LISTS:
        if listed := _listed(page.metas.get(name, [""])[0]):
            yield _statement(listed, "meta", name, sites, language)


def _is_author_meta(name: str) -> bool:
    parts = _META_SPLIT.split(name)
    if any(part in _OTHERS_METAS for part in parts):
        return False
    if parts[-1] == "name":
        parts = parts[:-1] or parts
    return parts[-1] in _META_ENDS or (parts[-1] == "creator" and parts[0] in _META_CREATORS)


def _listed(content: str) -> list[str]:
    try:
        value = json.loads(content) if content.startswith("{") else None
    except (ValueError, RecursionError):
        return []
    return (
        list(_names(value.get("authors") or value.get("author"))) if isinstance(value, dict) else []
    )


def _marked(
    page: PageFacts, layout: Layout, sites: frozenset[str], language: str | None
) -> Iterator[AuthorStatement]:
    """Microdata of the article, and links to an author's page beside the headline or the end."""
    shown = "\n".join(page.blocks[i].key for i in (*layout.head, *layout.end))

    def near(texts: Iterable[str]) -> list[str]:
        return [text for text in texts if (key := match_key(text)) and key in shown]

    elements = [*page.items.get("author", ()), *page.items.get("creator", ())][:_MOST_ELEMENTS]
    texts = list(dict.fromkeys(filter(None, map(_marked_text, elements))))
    if texts:
        own = near(texts) or texts[:_MOST_UNSEEN]
        yield _statement(own, "microdata", "author", sites, language)
    if page.node.get("author"):
        return  # saves a walk over every link; JSON-LD comes before them in trust
    links = page.root.xpath("descendant::a[@rel='author']")[:_MOST_ELEMENTS]
    if texts := near(map(_text, links)):
        yield _statement(texts, "link", "rel=author", sites, language)


def _classed(
    page: PageFacts, layout: Layout, sites: frozenset[str], language: str | None
) -> Iterator[AuthorStatement]:
    """Elements inside a line near the headline whose class is named after authors."""
    shown = "\n".join(page.blocks[i].key for i in layout.head)
    texts: list[str] = []
    examined = 0
    for element in page.root.iter("span", "a", "strong", "em", "b", "i", "cite", "div", "p"):
        named = element.get("class")
        if named and _AUTHOR_CLASS.search(named.lower()):
            examined += 1
            if examined > _MOST_EXAMINED or len(texts) >= _MOST_ELEMENTS:
                break
            text = _text(element)
            if len(text) <= _LONGEST_LINE and (key := match_key(text)) and key in shown:
                texts.append(text)
    read = [read_byline(text, language, printed=True, sites=sites) for text in texts]
    credits_ = tuple(dict.fromkeys(c for byline in read for c in byline.credits))
    if any(credit.kind == "person" for credit in credits_):
        yield AuthorStatement(
            "; ".join(fold(text.replace(PIECE, " ")) for text in dict.fromkeys(texts)),
            credits_,
            "text",
            "class=author",
            "head",
        )


def _marked_text(element: Any) -> str:
    """An author's item as text: its names, else its content or its text."""
    if content := element.get("content"):
        return fold(content)
    if element.get("itemscope") is not None or item_type(element):
        inner = islice(element.iter(), _MOST_PIECES)
        named = [e for e in inner if "name" in (e.get("itemprop") or "").lower().split()]
        if named:
            return "; ".join(_text(e) for e in named[:_MOST_ELEMENTS])
    return _text(element)


def _text(element: Any) -> str:
    if content := element.get("content"):
        return fold(content)
    parts = (part for part in islice(element.itertext(), _MOST_PIECES) if part.strip())
    return fold(PIECE.join(parts)[:_LONGEST_MARKED])


def _printed(
    blocks: Sequence[PageBlock], layout: Layout, sites: frozenset[str], language: str | None
) -> Iterator[AuthorStatement]:
    """The byline near the headline and the signature at the end."""
    for place, span in (("head", layout.head), ("end", layout.end)):
        read = [(i, byline) for i in span if (byline := _line(blocks[i], language, sites, place))]
        for group in _groups(blocks, read):
            credits_ = tuple(dict.fromkeys(c for _, byline in group for c in byline.credits))
            text = "; ".join(blocks[i].text for i, _ in group)
            opened = any(byline.is_opened for _, byline in group)
            yield AuthorStatement(text, credits_, "text", f"byline {place}", place, opened)


def _groups(
    blocks: Sequence[PageBlock], read: Sequence[tuple[int, Byline]]
) -> Iterator[list[tuple[int, Byline]]]:
    """Bylines in neighbouring blocks of one kind, together: an author a block."""
    group: list[tuple[int, Byline]] = []
    for index, byline in read:
        if group:
            last = group[-1][0]
            near = index - last <= 2
            alike = blocks[index].around.container == blocks[last].around.container
            hinted = blocks[index].around.hint == blocks[last].around.hint == "byline"
            if not (near and (alike or hinted)):
                yield group
                group = []
        group.append((index, byline))
    if group:
        yield group


def _line(
    block: PageBlock, language: str | None, sites: frozenset[str], place: str
) -> Byline | None:
    """The byline that a visible block is, or None."""
    hint = block.around.hint
    if block.tag in {"h1", "h2", "figcaption"} or hint in {"caption", "credit", "comment"}:
        return None
    hinted = hint == "byline" or block.tag == "address"
    if len(block.text) > (_LONGEST_MARKED if hinted else _LONGEST_LINE):
        return None
    if not hinted and _STOPPED.search(block.text) and block.text.count(" ") >= _MOST_SENTENCE_WORDS:
        return None
    if place == "end" and (signed := read_signs(block.text, language)):
        return signed
    if not hinted and not words.may_open(block.text):
        return None
    byline = read_byline(block.text, language, printed=True, sites=sites)
    if not byline.credits or not (byline.is_opened or (hinted and place == "head")):
        return None
    return byline


def _feed(stated: Statement | None, names: Sequence[str]) -> Iterator[AuthorStatement]:
    found = people_of(stated, names)
    if stated is None or not found:
        return
    credits_ = tuple(Credit(n, "agency" if agency_named(n) else "person") for n in found)
    text = byline_of(stated, found) or "; ".join(found)
    yield AuthorStatement(text, credits_, "feed", "author")
