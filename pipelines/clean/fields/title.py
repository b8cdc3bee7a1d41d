"""Titles of an HTML page as candidates: what it states and what it prints, less the site's name."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import unquote

from pipelines.clean.authors.stated_text import LEAST_TITLE, outlet_names, site_names
from pipelines.clean.characters.spacing import fold, match_key
from pipelines.clean.fields.candidates import Candidate, source_of_meta
from pipelines.clean.fields.dates import path_of
from pipelines.clean.fields.facts import PageFacts
from pipelines.clean.fields.json_ld import text_of
from pipelines.clean.fields.microdata import value_of
from pipelines.clean.text.lines import word_count

_BREAK = re.compile(
    r"\s+(?:[|–—·»«:•]|-{1,2}|\|\||::)\s+|\s*[|｜ㅣ]\s*|(?<=\w):\s+(?=[\w\"'“”„‚‘«»])"
)
_TIGHT = re.compile(r"\s*[:：|｜ㅣ–—]\s*|\s-\s|-(?=\w)")
"""Separators of a site's name that may stand without spaces: ``Title:site``."""
_LONGEST_SITE = 80
_LONGEST_TITLE = 1_000
_MOST_HEADINGS = 50
_MOST_TITLES = 12
_LABEL_WORDS = 2
"""Words of a heading that names a section or a kind of piece, and no event."""
_LEAST_SHARE = 0.4
"""Share of a title that must be left where its feed cut it."""
_LEAST_KEY = 3
_CHROME = frozenset({"nav", "footer", "aside", "li"})
_TRAIL = re.compile(r"bread-?crumb", re.IGNORECASE)
_TRAIL_REACH = 6
"""Elements around a heading that are asked whether they are a breadcrumb."""
_ID = re.compile(r"\w*\d\w*")
_GERMANIC = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa"}
)
_PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "å": "a"})
"""Letters that addresses write in one of two ways; other accents are dropped."""
_TOKEN = re.compile(r"[^\W_]+")
_LEAST_SLUG_WORDS = 4


@dataclass(frozen=True, slots=True)
class Title:
    """One title of the page."""

    text: str
    """Without the site's name."""
    key: str
    as_read: Candidate
    parts: tuple[str, ...] = ()
    """Of a heading: the texts of its parts where it is printed in several."""
    in_chrome: bool = False
    """Of a heading: it closes a breadcrumb or stands in navigation."""


def told_titles(page: PageFacts, sites: Sequence[str]) -> list[Title]:
    """The page's stated titles: JSON-LD, microdata, meta elements, ``<title>``; the headline first.

    ``sites`` are names of the site as the page states them, to be cut off.
    """
    own = site_names(page.url)
    found = list(_json_ld(page))
    marked = (e for e in page.items.get("headline", ()) if e.tag not in {"h1", "h2"})
    detail = "itemprop=headline"
    found += [Candidate(value_of(e), "microdata", detail) for e in islice(marked, _MOST_TITLES)]
    for name, contents in page.meta_named("title"):
        found.append(Candidate(contents[0], source_of_meta(name), name))
    if page.title:
        found.append(Candidate(page.title[:_LONGEST_TITLE], "title", "title"))
    titles = []
    for candidate in found[: 2 * _MOST_TITLES]:
        text = without_site_name(candidate.value, sites, own)
        if match_key(text):
            titles.append(Title(text, match_key(text), candidate))
    return titles


def _json_ld(page: PageFacts) -> Iterator[Candidate]:
    for name in ("headline", "alternativeHeadline", "name"):
        if text := text_of(page.node.get(name)):
            yield Candidate(text[:_LONGEST_TITLE], "json_ld", name)


def printed_titles(page: PageFacts, tag: str) -> list[Title]:
    """The page's headings of one kind (``h1`` or ``h2``) in order."""
    titles = []
    for element in page.elements.get(tag, [])[:_MOST_HEADINGS]:
        text = fold(" ".join(element.itertext())[:_LONGEST_TITLE])
        if len(match_key(text)) >= _LEAST_KEY:
            as_read = Candidate(text, "text", tag)
            titles.append(
                Title(text, match_key(text), as_read, _parts(element), _in_chrome(element))
            )
    return titles


def _parts(heading: Any) -> tuple[str, ...]:
    """Texts of the elements that a heading is printed in, none where it is printed in one."""
    while (
        len(heading) == 1
        and not (heading.text or "").strip()
        and not (heading[0].tail or "").strip()
    ):
        heading = heading[0]
    texts = [heading.text or ""]
    for child in heading:
        texts += [" ".join(child.itertext()), child.tail or ""]
    parts = tuple(text for part in texts if match_key(text := fold(part[:_LONGEST_TITLE])))
    return parts if len(parts) > 1 else ()


def _in_chrome(heading: Any) -> bool:
    """True for a heading in navigation or at the end of a breadcrumb: no print of the article."""
    if any(_TRAIL.search(name) for name in heading.attrib) or _names_trail(heading):
        return True
    for distance, ancestor in enumerate(heading.iterancestors()):
        if ancestor.tag in {"article", "main", "body"}:
            return False
        if ancestor.tag in _CHROME or (distance < _TRAIL_REACH and _names_trail(ancestor)):
            return True
    return False


def _names_trail(element: Any) -> bool:
    names = " ".join(filter(None, map(element.get, ("class", "id", "itemtype"))))
    return bool(_TRAIL.search(names))


def spelt_in(title: str, url: str | None) -> float:
    """How far an address spells out a title, 0 to 1: the words that both have, of the longer one.

    Editorial systems make the address of the headline when a piece is filed. Numbers and ids in it
    are no words; letters with accents count in both ways in which addresses write them.
    """
    slug = _slug_words(url)
    if len(slug) < _LEAST_SLUG_WORDS:
        return 0.0
    folded = unicodedata.normalize("NFC", title).casefold()
    forms = (_words(folded.translate(table)) for table in (_GERMANIC, _PLAIN))
    return max(len(words & slug) / max(len(words), len(slug)) for words in forms)


def _slug_words(url: str | None) -> set[str]:
    path = path_of(url)[:_LONGEST_TITLE] if url else ""
    segments = [_words(unquote(segment).casefold()) for segment in path.split("/")]
    words = max(segments, key=len, default=set())
    return words - {"html", "htm", "php", "aspx"}


def _words(text: str) -> set[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = _TOKEN.findall(bare.replace("'", "").replace("’", ""))
    return {word for word in words if not _ID.fullmatch(word)}


def feed_title(title: str | None, url: str | None, sites: Iterable[str] = ()) -> str | None:
    """A feed's title without the site's name; None where it is no title."""
    title = fold(title or "")
    if not match_key(title) or "://" in title:
        return None
    named = without_site_name(title, (*sites, *outlet_names(url)))
    keys = {match_key(name) for name in (*sites, *site_names(url))}
    return None if match_key(named) in keys else named


def names_site(text: str, sites: Iterable[str]) -> bool:
    """True where ``text`` is a name of one of ``sites``, in a longer or shorter form."""
    return _names_site(text, _keys(tuple(sites)))


def is_label(own: str, title: str) -> bool:
    """True for a word or two (``Politics``) of which a longer title has none."""
    short = word_count(own) <= _LABEL_WORDS and word_count(title) >= 2 * _LABEL_WORDS
    return short and not set(own.casefold().split()) & set(title.casefold().split())


def agreement(one: str, other: str) -> float:
    """How far two titles agree, 0 to 1; one that holds all of the other is a longer print of it."""
    short, long = sorted(map(match_key, (one, other)), key=len)
    if len(short) >= LEAST_TITLE and short in long and len(short) >= _LEAST_SHARE * len(long):
        return 1.0
    return likeness(short, [long])


def likeness(key: str, others: Iterable[str]) -> float:
    """The greatest share of letters in common, in order, with one of ``others``, 0 to 1."""
    from difflib import SequenceMatcher

    matchers = (SequenceMatcher(None, key[:300], o[:300], autojunk=False) for o in others)
    return max((matcher.ratio() for matcher in matchers), default=0.0)


def ends_as_part(title: str, part: str) -> bool:
    """True where ``title`` is a kicker, a break and then ``part``."""
    key = match_key(part)
    tails = (title[found.end() :] for found in _BREAK.finditer(title))
    return any(match_key(tail) == key for tail in tails)


def begins_as_part(title: str, part: str) -> bool:
    """True where ``title`` is ``part``, a break and something else."""
    key = match_key(part)
    heads = (title[: found.start()] for found in _TIGHT.finditer(title))
    return any(match_key(head) == key for head in heads)


def without_site_name(title: str, sites: Iterable[str | None], at_end: Iterable[str] = ()) -> str:
    """``title`` less leading or trailing parts that name one of ``sites``.

    Names in ``at_end`` are cut off at the end only: a domain's first word may open a title.
    """
    title = title[:_LONGEST_TITLE]
    keys = _keys(tuple(site for site in sites if site))
    every = keys | _keys(tuple(at_end))
    breaks = list(_BREAK.finditer(title))
    for found in reversed(breaks):
        if _names_site(title[found.end() :], every):
            title = title[: found.start()]
    if breaks and _names_site(title[: breaks[0].start()], keys):
        title = title[breaks[0].end() :]
    return _without_tight_name(title, every).strip() or title


def _without_tight_name(title: str, keys: Set[str]) -> str:
    """``title`` less a site's name behind a colon or stroke that has no spaces around it."""
    start = max(1, len(title) - _LONGEST_SITE)
    found = [mark for mark in _TIGHT.finditer(title, start) if "-" not in mark[0]]
    if found and _names_site(title[found[-1].end() :], keys):
        return title[: found[-1].start()]
    return title


@functools.lru_cache(maxsize=64)
def _keys(sites: tuple[str, ...]) -> frozenset[str]:
    """Match keys of a site's names: asked for every title of a page."""
    return frozenset(match_key(site) for site in sites)


def _names_site(text: str, keys: Set[str]) -> bool:
    key = match_key(text)
    return bool(key) and any(key == site or _is_form_of(key, site) for site in keys)


def _is_form_of(key: str, site: str) -> bool:
    """``examplenews`` for ``example``, and the other way round; short names must be equal."""
    if len(key) <= 3 or len(site) <= 3:
        return False
    return key in site or (site in key and len(key) < 2 * len(site))
