"""The two readers that are compared: the working tree's, and bare trafilatura.

trafilatura runs with its defaults and metadata; comments are off, as ours leaves them out. Both get
the same bytes and the same address.
"""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from evals.pages import Page
from pipelines.clean.extract import extract
from pipelines.clean.records import Article, Capture

OURS = "newsledger"
BARE = "trafilatura"
_WARM_PAGES = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one page."""

    body: str = ""
    title: str | None = None
    published: str | None = None
    """ISO 8601."""
    authors: tuple[str, ...] = ()


Read = Callable[[Page], Reading]


def article_of(page: Page, content_type: str = "text/html") -> Article | None:
    """One page through the working tree's reader; None where it is skipped."""
    article = extract(
        Capture("eval", "eval", page.url, content_type, None, page.payload, page.fetched_at)
    )
    return article if isinstance(article, Article) else None


def reading_of(article: Article | None) -> Reading:
    """An article's values; a skipped page reads as nothing."""
    if article is None:
        return Reading()
    published = article.published.value.isoformat() if article.published else None
    return Reading(article.article_body, article.headline, published, article.authors)


def read_newsledger(page: Page) -> Reading:
    """An HTML page through the working tree's reader."""
    return reading_of(article_of(page))


def read_trafilatura(page: Page) -> Reading:
    """A page through trafilatura's defaults."""
    from trafilatura import bare_extraction

    document = bare_extraction(
        page.payload, url=page.url, include_comments=False, with_metadata=True
    )
    if document is None:
        return Reading()
    authors = tuple(a.strip() for a in (document.author or "").split(";") if a.strip())
    return Reading(document.text or "", document.title, document.date, authors)


READERS: dict[str, Read] = {OURS: read_newsledger, BARE: read_trafilatura}


@contextmanager
def quiet() -> Iterator[None]:
    """Without trafilatura's report of every page that it finds nothing on; a table says it."""
    logger = logging.getLogger("trafilatura")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def taking_turns(
    pages: Sequence[Page], readers: dict[str, Read]
) -> Iterator[tuple[Page, dict[str, tuple[Reading, float]]]]:
    """Every page through every reader, with the CPU seconds that each took.

    The same conditions for all: a first pass that is not measured; before each reading garbage is
    collected and what the libraries remember of the page's strings forgotten; readers alternate.
    """
    with quiet():
        for page in pages[:_WARM_PAGES]:
            for read in readers.values():
                read(page)
        gc.collect()
        # What is loaded by now stays: without this each collection would walk through all of it.
        gc.freeze()
        try:
            for number, page in enumerate(pages):
                names = list(readers)
                turn = number % len(names)
                found = {}
                for name in names[turn:] + names[:turn]:
                    found[name] = _timed(readers[name], page)
                yield page, {name: found[name] for name in names}
        finally:
            gc.unfreeze()


def _timed(read: Read, page: Page) -> tuple[Reading, float]:
    _forget_strings()
    gc.collect()
    begun = time.process_time()
    reading = read(page)
    return reading, time.process_time() - begun


def _forget_strings() -> None:
    """Both readers meet the same strings; who comes second would find them in these caches.

    Not ``trafilatura.meta.reset_caches``: it drops jusText's stop lists too, which no reader of many
    pages builds more than once, and which would cost trafilatura's defaults 25 ms a page.
    """
    from htmldate.extractors import try_date_expr
    from htmldate.validators import reset_validator_caches
    from trafilatura.utils import line_processing, trim

    for cached in (try_date_expr, line_processing, trim):
        cached.cache_clear()
    reset_validator_caches()
