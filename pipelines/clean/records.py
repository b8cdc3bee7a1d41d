"""What the cleaning stage receives and returns: plain records, no Dagster, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.clean.learnt_chrome import Sightings

ROLES = frozenset(
    {
        "headline", "body", "heading", "standfirst", "list_item", "quote", "table",
        "caption", "credit", "byline", "date", "dateline", "section", "outlet",
        "teaser", "paywall", "share", "navigation", "note", "comment", "placeholder", "other",
    }
)  # fmt: skip
"""Every role a block may have in ``article_blocks.role``."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a feed or sitemap stated of a page when it was fetched; absent is None.

    Texts are plain, NFC and folded.
    """

    title: str | None = None
    summary: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    """Aware."""
    published_text: str | None = None
    """The same, as printed: tells how much of ``published`` is stated, and the day it is there."""
    modified: datetime | None = None
    """Aware."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One archived payload with what is known of where it came from."""

    fetch_id: str
    source_id: str
    target_uri: str | None
    """The page's address, or None where a file came without one."""
    content_type: str | None
    """Media type without parameters, for example ``text/html`` or ``text/plain``."""
    charset: str | None
    """As declared by the transport; the page itself may say otherwise."""
    payload: bytes
    fetched_at: datetime
    """Aware, UTC. Bounds what a printed date may be; never used as a date of publication."""
    stated: Statement | None = None
    """Evidence beside the page; None where no feed or sitemap led to it."""
    is_fragment: bool = False
    """True: the payload is the text that a feed carries, markup without a page around it."""
    learnt_lines: frozenset[str] = frozenset()
    """Names of the lines that its source is known to repeat; read by the plain text reader."""


@dataclass(frozen=True, slots=True)
class Block:
    """One visible block of the page, kept or dropped, in page order."""

    role: str
    text: str
    rule_id: str
    """Which rule decided, for example ``text.relative_age`` or ``html.trafilatura``."""
    confidence: float
    """0 to 1: how sure the rule is of the role."""
    start_char: int | None = None
    """Place in ``article_body`` in code points, end exclusive; None for a dropped block."""
    end_char: int | None = None

    @property
    def is_body(self) -> bool:
        """True where the block is part of ``article_body``."""
        return self.start_char is not None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement about one of the article's values, taken or set aside."""

    field: str
    """Name of the column it speaks for, for example ``headline`` or ``date_published``."""
    value: str
    """As read: text folded; a date in ISO 8601; ``true`` or ``false``; not empty."""
    source: str
    """One of ``EVIDENCE_SOURCES``."""
    detail: str | None
    """The very place, for example ``NewsArticle.headline``, ``og:title`` or ``h1``."""
    rule_id: str
    """Which rule took it or set it aside, for example ``headline.printed`` or ``date.future``."""
    is_chosen: bool
    confidence: float
    """0 to 1: how much the judgement trusts this statement."""


EVIDENCE_SOURCES = frozenset(
    {
        "json_ld", "microdata", "open_graph", "meta", "title", "link", "time", "url", "text",
        "dateline", "feed", "model",
    }
)  # fmt: skip
"""Kinds of place a statement is read from; ``text`` is print, ``model`` the language model."""


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as a page states it."""

    value: datetime
    """Aware, UTC. A date without a time stands at 00:00 UTC; the precision says so."""
    precision: str
    """second, minute, day, month or year: how much of ``value`` is stated."""
    source: str
    """Where it was read: json_ld, meta, url, time, text, dateline or feed (sitemaps too)."""
    zone_offset_minutes: int | None = field(default=None, compare=False)
    """Minutes east of UTC as stated beside the time; None where no zone is. ``value`` is in UTC."""


@dataclass(frozen=True, slots=True)
class Article:
    """What one payload says, as a careful editor would keep it. A missing value is None."""

    headline: str | None
    article_body: str
    """NFC; paragraphs joined by a blank line; exactly the body blocks joined."""
    blocks: tuple[Block, ...]
    extractor: str
    """``html`` or ``plain_text``: which of our readers made it."""
    canonical_url: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    """News agencies credited for the text (``AFP``, ``via dpa``), as printed, in order."""
    dateline: str | None = None
    dateline_place: str | None = None
    published: PrintedDate | None = None
    modified: PrintedDate | None = None
    in_language: str | None = None
    """ISO 639-1 code, or None where the text is too short or mixed to tell."""
    text_direction: str | None = None
    """``ltr`` or ``rtl``: the direction that most of the body's letters run in."""
    article_section: str | None = None
    description: str | None = None
    is_accessible_for_free: bool | None = None
    publisher_name: str | None = None
    """The outlet that wrote it, as the page names it (``TEMPO.CO``, ``Al Jazeera``)."""
    site_name: str | None = None
    """The site that carries it, as the page names it."""
    evidence: tuple[Evidence, ...] = ()
    """Every statement that was weighed, the losers too, a field's chosen one first."""
    sightings: Sightings | None = None
    """What a plain text page tells of the lines that its source repeats."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a payload is no article: a recorded decision, not a failure."""

    reason: str
    """A short code, for example ``not_text`` or ``is_feed``."""
    detail: str | None = field(default=None)
