"""What kind of page it is: an article, a list of pointers to articles, or a live blog.

A page is passed over only where its structure says so and other, independent signals agree: an
article passed over is a loss that no reader sees. A list has many headings that lead elsewhere and
hardly any text that is not one of their summaries. The other signals: what the page declares of
itself (schema.org types, Open Graph), the shape of its address, pages that follow, dates beside
the headings, and whether a headline is printed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pipelines.address import site
from pipelines.clean.characters.spacing import match_key
from pipelines.clean.fields.facts import PageFacts
from pipelines.clean.fields.json_ld import Node, types_of
from pipelines.clean.ledger import Judged
from pipelines.clean.page.address import address_shape
from pipelines.clean.page.blocks import PageBlock, is_heading
from pipelines.clean.page.live_blog import live_blog
from pipelines.clean.page.prose import LINKED, PROSE_WIDTH, is_text, width
from pipelines.clean.records import Skip

_ENTRIES = 6
"""Headings that lead elsewhere: fewer stand beside many an article."""
_POSTS = 3
_LINKS = 18
_HEADLINE_WIDTH = range(20, 300)
"""A headline is longer than a menu's label and shorter than a paragraph, in Latin letters."""
_LEAST_KEY = 6
_OWN_WIDTH = 400
"""About 65 words: the briefest news has a paragraph or two; a list's introduction has one."""
_FRONT_WIDTH = 1200
"""No article stands at a site's root, so a front's greeting may be longer."""
_SUMMARIES = 2
"""Paragraphs that one entry of a list may have."""
_SUMMARY_WIDTH = 600
"""About 100 words: a longer paragraph is no summary of another piece."""
_REACH = 8
"""Blocks from an entry's heading to its summary: label, date, author and picture lie between."""
_ENOUGH = 2.0
_MOST_KEYS = 200
_MOST_ANCHORS = 5_000
_MOST_LETTERS = 1_000
_DATED = 4

_PLACES = {
    "front page": 3.0,
    "list address": 1.0,
    "section address": 0.5,
    "article address": -1.0,
}
_LIST_TYPES = {
    "collectionpage": 2.0,
    "searchresultspage": 2.0,
    "profilepage": 2.0,
    "itemlist": 1.0,
    "blog": 1.0,
}
_LIST_KINDS = frozenset({"website", "blog", "profile", "object"})
_PUBLISHED = ("article:published_time", "og:article:published_time")
_CLOCK_OR_DAY = re.compile(r"^\W?\d{1,4}[:./-]\d{1,2}|\d{1,2}[:./-]\d{2,4}\W?$")
_NO_PAGE = ("javascript:", "mailto:", "tel:")
_HOST = re.compile(r"(?:https?:)?//(?:www\.)?([^/?#:]+)", re.IGNORECASE)


@dataclass(slots=True)
class _List:
    """A page seen as a list."""

    links: set[str] = field(default_factory=set)
    """Keys of the lines that lead elsewhere and are as long as headlines."""
    entries: set[str] = field(default_factory=set)
    """Those of them that are headings or stand with a summary, date or label: no mere menu."""
    posts: set[str] = field(default_factory=set)
    """Keys of the linked headings with prose below."""
    headings: int = 0
    """How many lines are linked headings."""
    dated: int = 0
    """How many lines are dates or begin or end with one."""
    own: int = 0
    """Width of the text that no entry's heading leads."""
    first: int = 0
    """Width of the text before the first linked heading."""


def page_type(
    page: PageFacts, blocks: Sequence[PageBlock], judged: Sequence[Judged]
) -> Skip | None:
    """Why a page is no article, or None where it is one or nothing tells.

    Args:
        page: what the page states of itself.
        blocks: its visible blocks in order.
        judged: the verdicts on them, for what the body would hold and which lines are dates.

    Returns:
        ``Skip("listing", signals)`` for fronts, sections, tags, authors, search results and
        archives; ``Skip("live_blog", signals)`` for live blogs and tickers; else None. The
        signals are few fixed words, so that equal reasons can be counted.

    """
    kept = {b.text for b in judged if b.keep}
    content = [b for b in blocks if not b.around.in_chrome]
    found = live_blog(page, content, kept)
    if found is not None:
        return found
    # The article of a page that a script or JSON-LD holds: no block shows it.
    unseen = kept - {b.text for b in blocks}
    width_unseen = sum(size for text in unseen if (size := width(text)) >= PROSE_WIDTH)
    return _listing(page, content, kept, judged, width_unseen)


def _listing(
    page: PageFacts,
    blocks: list[PageBlock],
    kept: Collection[str],
    judged: Sequence[Judged],
    unseen: int,
) -> Skip | None:
    found = _as_list(blocks, kept, {b.text for b in judged if b.role == "date"})
    if len(found.links) < _ENTRIES and len(found.posts) < _POSTS:
        return None
    place = address_shape(page.url)
    bound = _FRONT_WIDTH if place == "front page" else _OWN_WIDTH
    shapes = (
        ("entries", found.own + unseen, found.entries, _ENTRIES, _ENOUGH),
        ("posts", found.first + unseen, found.posts, _POSTS, _ENOUGH + 0.5),
        ("links", found.own + unseen, found.links, _LINKS, _ENOUGH + 0.5),
    )
    fitting = [s for s in shapes if len(s[2]) >= s[3] and s[1] < bound]
    if not fitting:
        return None
    printed = {b.text for b in judged if b.role == "headline"}
    signals = _signals(page, blocks, place, found, printed)
    if not _is_told(signals):
        return None
    for shape, _, keys, least, enough in fitting:
        if sum(signals.values()) >= enough and _lead_elsewhere(page, keys, least):
            told = (name for name, weight in signals.items() if weight > 0)
            return Skip("listing", ", ".join([shape, *told]))
    return None


def _as_list(blocks: list[PageBlock], kept: Collection[str], dates: Collection[str]) -> _List:
    """Entries and text of a page.

    Text belongs to an entry where it follows its heading closely. Paragraphs of one place are of
    one kind: where the first of them stands before any entry they are an article's, and the
    headings between them point to other pieces.
    """
    found = _List()
    since, summaries, last, post = _REACH + 1, 0, "", ""
    own: dict[int, bool] = {}
    for block in blocks:
        since += 1
        if block.link_share >= LINKED:
            if len(block.key) > _LEAST_KEY and width(block.text) in _HEADLINE_WIDTH:
                since, summaries, last = 0, 0, block.key
                found.links.add(last)
                found.dated += _CLOCK_OR_DAY.search(block.text) is not None
                if is_heading(block.tag) or block.link_share < 1:
                    found.entries.add(last)
                if is_heading(block.tag):
                    found.headings += 1
                    post = last
            continue
        if since == 1:
            found.entries.add(last)
        found.dated += block.text in dates
        if not is_text(block, kept):
            continue
        size = width(block.text)
        led = since <= _REACH and size <= _SUMMARY_WIDTH
        if size >= PROSE_WIDTH:
            summaries += 1
            led = led and summaries <= _SUMMARIES
            led = led and not own.setdefault(block.around.container, not led)
            if post:
                found.posts.add(post)
        found.own += 0 if led else size
        found.first += 0 if post else size
    return found


def _signals(
    page: PageFacts,
    blocks: list[PageBlock],
    place: str | None,
    found: _List,
    headlines: Collection[str],
) -> dict[str, float]:
    """What else speaks for a list (above 0) or against it, by name.

    ``headlines``: the lines judged to print the page's headline.
    """
    signals: dict[str, float] = {}
    if place:
        signals[place] = _PLACES[place]
    declared = {name for node in page.nodes for name in types_of(node)} | _outer_types(page)
    named = max(sorted(declared & _LIST_TYPES.keys()), key=_LIST_TYPES.__getitem__, default=None)
    if named:
        signals[named] = _LIST_TYPES[named]
    kind = (page.metas.get("og:type") or [""])[0].lower()
    if kind in _LIST_KINDS:
        signals[f"og:type {kind}"] = 0.5
    if _has_more_pages(page):
        signals["more pages"] = 0.5
    if found.headings >= _ENTRIES:
        signals["linked headings"] = 0.5
    if max(found.dated, len(page.elements.get("time", ()))) >= _DATED:
        signals["dated"] = 0.5
    printed = _headline_width(page, blocks, headlines)
    if printed is None:
        signals["no headline"] = 1.0
    elif place == "front page":
        pass  # the site's name or motto stands where an article has its headline
    else:
        long = printed in _HEADLINE_WIDTH
        signals["headline" if long else "short headline"] = -1.0 if long else 0.5
    if _describes_page(page, blocks):
        signals["article node"] = -3.0
    if kind == "article" and place != "front page":
        signals["og:type article"] = -1.0
    if any(name in page.metas for name in _PUBLISHED) or (
        page.stated is not None and page.stated.published is not None
    ):
        signals["published"] = -1.0
    return signals


def _is_told(signals: dict[str, float]) -> bool:
    """True where the page's address or its own types say that it lists.

    A short address says so only beside entries as news fronts have them: accounts, contacts and
    pages of a few lines have short addresses too.
    """
    if signals.keys() & (_LIST_TYPES.keys() | {"front page", "list address"}):
        return True
    return "section address" in signals and bool(signals.keys() & {"linked headings", "dated"})


def _outer_types(page: PageFacts) -> set[str]:
    """Microdata types of the elements that hold the whole page."""
    marked = (e.get("itemtype") for e in page.root.iter("html", "body", "main"))
    return {name.rstrip("/").rsplit("/", 1)[-1].lower() for name in marked if name}


def _has_more_pages(page: PageFacts) -> bool:
    return any(
        rel in {"next", "prev", "previous"}
        for element in page.root.iter("link", "a")
        for rel in (element.get("rel") or "").lower().split()
    )


def _headline_width(
    page: PageFacts, blocks: list[PageBlock], headlines: Collection[str]
) -> int | None:
    """Width of the headline printed: an unlinked first heading, or a good part of the title."""
    titles = (page.meta("title"), page.title)
    keys = [match_key(title[:_MOST_LETTERS]) for title in titles if title]
    widths = [
        width(b.text)
        for b in blocks
        if b.link_share < LINKED / 2
        and (
            b.tag == "h1"
            or b.text in headlines
            or any(b.key in k and len(b.key) > 0.4 * len(k) for k in keys)
        )
    ]
    return max(widths, default=None)


def _describes_page(page: PageFacts, blocks: list[PageBlock]) -> bool:
    """The JSON-LD article is this page: by its address, else by its text or headline.

    The headline counts where it is printed as no link: a list's articles are links.
    """
    here = {_bare(page.url)} | {_bare(address) for address in page.metas.get("og:url", ())}
    told = {_bare(address) for address in _addresses(page.node)} - {""}
    if told:
        return bool(told & here)
    if len(str(page.node.get("articleBody") or "")) >= _OWN_WIDTH:
        return True
    key = match_key(str(page.node.get("headline") or page.node.get("name") or "")[:_MOST_LETTERS])
    return bool(key) and any(b.key == key and b.link_share < LINKED for b in blocks)


def _addresses(node: Node) -> Iterator[str]:
    main = node.get("mainEntityOfPage")
    main = main.get("@id") if isinstance(main, dict) else main
    yield from (a for a in (node.get("url"), node.get("@id"), main) if isinstance(a, str))


def _bare(address: str | None) -> str:
    """An address without scheme, www and fragment, to compare it by."""
    bare = (address or "").split("#")[0].split("//")[-1]
    return bare.removeprefix("www.").rstrip("/")


def _lead_elsewhere(page: PageFacts, keys: Collection[str], least: int) -> bool:
    """True where so many of the lines link to other pages of the same site."""
    here, host = _bare(page.url), _host(page.url or "")
    some = sorted(keys)[:_MOST_KEYS]
    joined, led = "\n".join(some), set[str]()
    for element in islice(page.root.iter("a"), _MOST_ANCHORS):
        target = (element.get("href") or "").strip()
        if target[:1] in {"", "#"} or target.lower().startswith(_NO_PAGE):
            continue
        away = _host(target)
        if away and host and away != host and not _same_site(away, host):
            continue
        if here in {_bare(target), _bare(host + target)}:
            continue
        key = match_key("".join(element.itertext())[:_MOST_LETTERS])
        if len(key) > _LEAST_KEY and (key in joined or any(k in key for k in some)):
            led.add(key)
            if len(led) >= least:
                return True
    return False


def _host(address: str) -> str:
    found = _HOST.match(address)
    return found[1].lower() if found else ""


@functools.lru_cache(maxsize=4096)
def _same_site(host: str, other: str) -> bool:
    return site(f"https://{host}/") == site(f"https://{other}/")
