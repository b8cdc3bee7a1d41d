"""Text, addresses and dates of feeds and sitemaps, as they come and as the tables keep them."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, date, datetime
from urllib.parse import quote, urljoin, urlsplit

MAX_TITLE = 1_000
MAX_SUMMARY = 4_000
MAX_AUTHOR = 200
MAX_DATE_TEXT = 100
"""Characters that are kept of each. Longer ones are mistakes or attacks: print is far below."""
MAX_ADDRESS = 2_048
"""Longest address that is followed (Media Cloud's MAX_URL); no search engine takes longer ones."""
_MARKUP_A_CHARACTER = 20
"""Characters of markup that are read to have one of text; what lies behind is not looked at."""

# Controls, soft hyphen, zero-width space, direction marks, embeddings, overrides and isolates,
# joiners of words, byte order mark, interlinear marks, noncharacters, lone surrogates. ZWJ
# and ZWNJ stay: they shape emoji and Persian or Indic words.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# Elements that titles are marked up with. Others are left: "the <blink> tag" is a title, too.
_MARKED_UP = re.compile(
    r"<(a|abbr|b|big|cite|div|em|font|h[1-6]|i|iframe|"
    r"mark|object|p|q|s|script|small|span|strong|style|sub|sup|u)\b[^<>]{0,500}>"
    r"[^<>]{0,2000}</\1\s*>|<(?:br|img)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_MAY_BE_MARKUP = re.compile(r"[<&]")
_SILENT = ("script", "style", "template", "noscript", "iframe", "object", "svg", "math")
# Where a tag stands that is not of a line's own elements, and parts words.
_BLOCK = re.compile(
    r"(?=</?(?!(?:a|abbr|acronym|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|"
    r"small|span|strike|strong|sub|sup|time|tt|u|var|wbr)\b)[a-zA-Z])",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"[\t\n\r]")
_UNPRINTABLE = re.compile(rf"[\x00-\x20\"<>\\^`{{|}}\x7f-\xa0\u2028\u2029]|{_INVISIBLE.pattern}")
_W3C = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


def fold(text: str, limit: int) -> str | None:
    """One line of text: NFC, no characters that show nothing, runs of spaces one; None if empty.

    A text over ``limit`` code points is cut at a space and ends in an ellipsis.
    """
    text = _INVISIBLE.sub("", text[: limit * _MARKUP_A_CHARACTER])
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", text).strip())
    if len(text) > limit:
        head = text[: limit - 1]
        text = (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head) + "…"
    return text or None


def plain(value: object, limit: int, *, markup: bool) -> str | None:
    """A feed's text without markup: ``fold`` of what a browser would show.

    ``markup`` tells whether the feed declares the value as HTML. What still looks like markup
    then is encoded twice, or was declared as text in error: character references are resolved
    up to twice more, and tags that pair or stand alone (``<em>…</em>``, ``<br>``) dropped.
    """
    if not isinstance(value, str):
        return None
    text = value[: limit * _MARKUP_A_CHARACTER]
    if markup and _MAY_BE_MARKUP.search(text):
        text = _shown(text)
    for _ in range(2):
        if _MARKED_UP.search(text):
            text = _shown(text)
        elif _REFERENCE.search(text):
            text = _REFERENCE.sub(lambda found: html.unescape(found.group()), text)
        else:
            break
    return fold(text, limit)


def address(value: object, base: str | None = None) -> str | None:
    """An absolute http(s) address as it can be asked for, or None.

    As browsers read it: spaces around and line breaks within dropped, other characters that no
    address may hold percent-encoded. Letters of all scripts stay. None over MAX_ADDRESS.
    """
    if not isinstance(value, str) or len(value) > 4 * MAX_ADDRESS:
        return None
    # No address has "&amp;" in it: what is left of it was encoded twice.
    url = _IN_ADDRESS.sub("", value.strip()).replace("&amp;", "&")
    if not url:
        return None
    try:
        if base and not _ABSOLUTE.match(url):
            url = urljoin(base, url)
        url = _UNPRINTABLE.sub(lambda found: quote(found.group(), errors="replace"), url)
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not usable or len(url) > MAX_ADDRESS:
        return None
    return parts.scheme.lower() + url[len(parts.scheme) :]


def moment(text: object) -> datetime | None:
    """A date of W3C's profile of ISO 8601 (as RFC 3339 and sitemaps use it) in UTC, or None.

    Without a zone it is taken as UTC, without a time as midnight. Years and months alone give
    None: there is no day in them.
    """
    found = _W3C.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        if hour is None:
            naive = date(int(year), int(month), int(day))
            return datetime(naive.year, naive.month, naive.day, tzinfo=UTC)
        seconds = min(int(second or 0), 59)
        clock = f"{year}-{month}-{day}T{hour}:{minute}:{seconds:02}"
        stated = datetime.fromisoformat(clock + (zone or "Z").upper())
        return stated.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def author(value: object) -> str | None:
    """A name out of what a feed gives as author, or None.

    ``a@b.example (Name)`` and ``Name <a@b.example>`` are Name; mail and web addresses alone are
    no name. Several names in one value stay together, as printed.
    """
    text = plain(value, MAX_AUTHOR, markup=False)
    if text is None or re.match(r"(?:https?:|www\.)", text, re.IGNORECASE):
        return None
    if _MAIL.search(text):
        text = re.sub(r"(?:mailto:)?" + _MAIL.pattern, " ", text)
        named = re.fullmatch(r"[\s<>()\[\],;:|-]*\(([^()]+)\)[\s<>()]*", text)
        text = named.group(1) if named else re.sub(r"<\s*>|\(\s*\)|\[\s*\]", " ", text)
    return fold(text.strip(" \t<>\"'|,;:-"), MAX_AUTHOR)


def _shown(markup: str) -> str:
    """What a browser would show of markup; a space where blocks meet."""
    from lxml import etree
    from lxml import html as lxml_html

    # libxml2 ends its text at a NUL, and refuses an encoding declaration in decoded text.
    markup = _BLOCK.sub(" ", markup.replace("\x00", "").replace("<?", "&lt;?"))
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        data = f"<div>{markup}</div>".encode("utf-8", "ignore")
        root = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    etree.strip_elements(root, *_SILENT, with_tail=False)
    text: str = etree.tostring(root, method="text", encoding="unicode")
    return text
