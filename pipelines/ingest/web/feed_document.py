"""One XML feed through feedparser's parser classes, without what hostile documents do to them.

``feedparser.parse`` itself is not called. It opens a ``bytes`` argument as a file's path, has no
bound on entries, and takes 135 s for 200 KB of letters in ``<author>`` (a regular expression for
mail addresses that is quadratic, measured on 6.0.14). Its classes read all that it reads; the
overrides here bound that work, and keep apart what it mixes: captions of pictures from the
entry's own text, Dublin Core dates from dates of change.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any
from xml.sax import SAXException, expatreader, handler

import feedparser.api
from feedparser.datetimes import _parse_date

MAX_ENTRIES = 1_000
"""Entries that are read of one feed: feeds carry 10 to 500."""
MAX_NESTED = 1_000
"""Open elements; feeds have 10."""
MAX_NAMESPACES = 100
"""Namespaces that are told apart: feedparser looks through all of them at each element."""
MAX_ATTRIBUTES = 100
"""Attributes of an element: Python's SAX reader looks through all of them for each."""
MAX_WORK = 1_000_000
"""Pieces of text and, five times, elements that are read: 5 s at the slowest. A feed of 1,000
entries with full texts has 100,000 elements where its markup is not escaped."""
_ELEMENT_WORK = 5
_COSTLY_WORK = 25
"""Work of a link or an author, which feedparser joins and searches."""
_MAX_BASE = 2_048
_GIANT_TAG = re.compile(r"<[A-Za-z_/][^<>]{65536}")
"""Expat keeps all of a tag's attributes, at forty times their size."""
# What feedparser's handlers run into on odd elements (an end tag without its start, mostly).
HANDLER_FAULTS = (
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError,
    AssertionError,
)  # fmt: skip
PARSER_FAULTS = (SAXException, feedparser.exceptions.UndeclaredNamespace, *HANDLER_FAULTS)


@dataclass(frozen=True, slots=True)
class Document:
    """What feedparser made of a document."""

    version: str
    """feedparser's name of the format; empty where it is none that it knows."""
    feed: dict[str, Any]
    entries: list[dict[str, Any]]
    problem: str | None = None
    """Why the document is not well-formed."""
    cut: bool = False
    """True where more than MAX_ENTRIES entries were there."""


class _EnoughError(Exception):
    """A bound was reached; what was read so far stands."""


def read_document(text: str, base: str) -> Document:
    """Reads a feed as XML or, where it is not well-formed, as feedparser reads tag soup.

    ``text`` is what ``xml_text`` makes of a payload. ``base`` is the address that relative links
    are resolved against, before ``xml:base``. Dates are feedparser's ``*_parsed`` tuples in UTC.
    Added to its keys: ``guid_stated`` (a guid before it is resolved), ``dc_date``,
    ``dc_date_parsed``, ``dc_description``, ``itunes_summary``. What lies behind a bound is not
    read, and ``problem`` says so. Raises nothing on bad input.
    """
    strict = _strict_parser()(base, None, "utf-8")
    problem = cut = None
    if giant := _GIANT_TAG.search(text):
        text = text[: giant.start()]
    try:
        _read_strictly(strict, text)
    except _EnoughError as reached:
        cut = str(reached)
    except PARSER_FAULTS as error:
        problem = _words(error)
    if problem is None:
        return _document(strict, cut, None)
    loose = _loose_parser()(base, None, "utf-8")
    try:
        loose.feed(text)
    except _EnoughError as reached:
        cut = str(reached)
    except PARSER_FAULTS as error:
        problem = f"{problem}; {_words(error)}"
    best = loose if len(loose.entries) >= len(strict.entries) else strict
    return _document(best, cut, problem)


def _document(parser: Any, cut: str | None, problem: str | None) -> Document:
    problems = (problem, parser.fault, cut if cut != "entries" else None)
    problem = "; ".join(filter(None, problems)) or None
    entries = [entry for entry in parser.entries if isinstance(entry, dict)]
    return Document(parser.version or "", parser.feeddata, entries, problem, cut == "entries")


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _read_strictly(parser: Any, text: str) -> None:
    reader = expatreader.create_parser(namespaceHandling=1)  # noqa: S315 - hardened below and fed without document types
    reader.setFeature(handler.feature_external_ges, False)
    reader.setFeature(handler.feature_external_pes, False)
    reader.setProperty(handler.property_lexical_handler, _NoDoctype())
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    # In one piece: expat 2.5 scans a long token anew with every piece that it is fed.
    reader.feed(text.encode("utf-8", "ignore"))
    reader.close()


class _NoDoctype(handler.LexicalHandler):
    """Ends the reading of a document whose type declaration was not taken out before."""

    def startDTD(self, name: str, public_id: str | None, system_id: str | None) -> None:  # noqa: N802, ARG002 - SAX's name
        raise SAXException("a document type declaration")


@functools.cache
def _strict_parser() -> Any:
    class Strict(_bounded(feedparser.api.StrictFeedParser)):  # type: ignore[misc]
        """Passes over what no feed has."""

        def startElementNS(self, name: object, qname: object, attributes: Any) -> None:  # noqa: N802 - SAX's name
            if attributes.getLength() > MAX_ATTRIBUTES:
                raise SAXException(f"more than {MAX_ATTRIBUTES} attributes")
            super().startElementNS(name, qname, attributes)

    return Strict


@functools.cache
def _loose_parser() -> Any:
    class Loose(_bounded(feedparser.api.LooseFeedParser)):  # type: ignore[misc]
        """Passes over references to characters that there are not."""

        def handle_charref(self, ref: str) -> None:
            self.spend(1)
            digits = ref[1:] if ref[:1] in "xX" else ref
            code = int(digits, 16 if ref[:1] in "xX" else 10) if len(digits) <= 7 else 0
            if code in (9, 10, 13) or 31 < code < 0xD800 or 0xDFFF < code < 0x110000:
                super().handle_charref(ref)

        def handle_entityref(self, ref: str) -> None:
            self.spend(1)
            super().handle_entityref(ref)

    return Loose


def _bounded(parser: Any) -> Any:
    """A feedparser class with bounds, and with the elements kept apart that are not the entry's."""

    class Bounded(parser):  # type: ignore[misc]
        # The markup goes to the cleaning stage or to plain text, never to a browser.
        sanitize_html = False
        resolve_relative_uris = False
        work = 0
        fault: str | None = None

        def spend(self, cost: int) -> None:
            self.work += cost
            if self.work > MAX_WORK:
                raise _EnoughError("more markup than is read")

        def unknown_starttag(self, tag: str, attributes: list[tuple[str, str]]) -> None:
            self.spend(_ELEMENT_WORK)
            # feedparser joins the base anew at each element below it.
            attributes = [
                (name, value)
                for name, value in attributes
                if len(value) <= _MAX_BASE or name.lower() not in ("base", "xml:base")
            ]
            try:
                super().unknown_starttag(tag, attributes)
            except HANDLER_FAULTS as error:
                self.fault = self.fault or _words(error)

        def unknown_endtag(self, tag: str) -> None:
            self.spend(1)
            depth = self.depth
            try:
                super().unknown_endtag(tag)
            except HANDLER_FAULTS as error:
                self.fault = self.fault or _words(error)
                if self.depth == depth:
                    # What feedparser does last at an end tag, and did not come to.
                    self.depth -= 1
                    for stack in (self.basestack, self.langstack):
                        del stack[-1:]
                    if self.basestack:
                        self.baseuri: str = self.basestack[-1]

        def handle_data(self, text: str, escape: int = 1) -> None:
            self.spend(1)
            super().handle_data(text, escape)

        def _start_item(self, attributes: dict[str, str]) -> None:
            if len(self.entries) >= MAX_ENTRIES:
                raise _EnoughError("entries")
            super()._start_item(attributes)

        _start_entry = _start_item

        def push(self, element: str, expecting_text: int) -> None:
            if len(self.elementstack) >= MAX_NESTED:
                raise _EnoughError(f"more than {MAX_NESTED:,} open elements")
            super().push(element, expecting_text)

        def track_namespace(self, prefix: str | None, uri: str) -> None:
            if len(self.namespaces_in_use) < MAX_NAMESPACES:
                super().track_namespace(prefix, uri)

        def _add_tag(self, term: object, scheme: object, label: object) -> None:  # noqa: ARG002 - feedparser's signature
            # Categories are not used, and feedparser compares each with all before it.
            self._get_context().setdefault("tags", [])

        def _sync_author_detail(self, key: str = "author") -> None:
            # In place of a search for mail addresses, which is slow and knows none in .news.
            self.spend(_COSTLY_WORK)
            context = self._get_context()
            details = dict.get(context, f"{key}s")
            if details and not details[-1]:
                details[-1]["name"] = dict.get(context, key)

        def _start_link(self, attributes: dict[str, str]) -> None:
            self.spend(_COSTLY_WORK)
            # feedparser takes the text of any link element for the entry's address.
            if attributes.get("rel", "alternate") == "alternate" or {"href", "url", "uri"} & set(
                attributes
            ):
                super()._start_link(attributes)
            else:
                self.push("other_link", 0)

        def _end_link(self) -> None:
            top = self.elementstack[-1][0] if self.elementstack else None
            self.pop("other_link" if top == "other_link" else "link")

        def _end_guid(self) -> None:
            top = self.elementstack[-1] if self.elementstack else None
            if top and top[0] == "id" and self.guidislink:
                stated = "".join(_text(piece) for piece in top[2]).strip()
                self._get_context().setdefault("guid_stated", stated)
            super()._end_guid()

        _end_id = _end_guid

        def _start_dc_date(self, attributes: dict[str, str]) -> None:  # noqa: ARG002
            self.push("dc_date", 1)

        def _end_dc_date(self) -> None:
            value = self.pop("dc_date")
            self._save("dc_date_parsed", _parse_date(value), overwrite=True)

    # feedparser files a second description under "content", and a caption for the entry's own.
    for name in ("media_title", "media_description", "media_credit", "media_text"):
        _set_aside(Bounded, name, kept=False)
    for name in ("dc_description", "itunes_summary"):
        _set_aside(Bounded, name, kept=True)
    return Bounded


def _set_aside(parser: Any, name: str, *, kept: bool) -> None:
    """Lets an element be read under its own name, or passed over."""

    def start(self: Any, attributes: dict[str, str]) -> None:  # noqa: ARG001 - feedparser's signature
        self.push(name, int(kept))

    def end(self: Any) -> None:
        self.pop(name)

    setattr(parser, f"_start_{name}", start)
    setattr(parser, f"_end_{name}", end)


def _text(piece: str | bytes) -> str:
    return piece.decode("utf-8", "replace") if isinstance(piece, bytes) else piece
