"""What a payload is, and its text: sniffing by content, then honest decoding."""

from __future__ import annotations

import codecs
import json
import re

from pipelines.clean.records import Skip

_BINARY_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"RIFF", "riff"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"wOF2", "font"),
    (b"wOFF", "font"),
    (b"SQLite format 3\x00", "sqlite"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The HTML standard has 1024 bytes searched; large heads put scripts before the meta element.
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_XML_ENCODING = re.compile(
    rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE
)
_META_WINDOW = 16_384
# Labels that the WHATWG encoding standard reads as a superset of what they name.
_SUPERSETS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "big5": "big5hkscs",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
}
# Python's codecs that pages are written in: others that it knows (punycode, idna, escapes) take
# quadratic time or make text of anything; UTF-16 has a mark or is taken for binary.
_PRINTS = re.compile(
    r"cp\d|iso8859|iso2022|koi8|mac-|gb|big5|euc_|shift_jis|johab|hz|tis-620|ascii|kz1048|ptcp154"
)
_STRAY_BYTES = "newsledger.stray_bytes"
# Marks of Windows-1252 that word processors paste. None of the bytes begins a sequence in UTF-8.
_PASTED = dict(zip(b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99", "€…‘’“”•–—™", strict=True))
_ASCII = re.compile("[\x00-\x7f]+")
_BROKEN_SHARE = 20
_DETECTION_SAMPLE = 20_000
_HTML_TAG = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|div|p|article|section|h[1-6]|table|span|br)\b[^<]{0,4000}?>",
    re.IGNORECASE,
)
# Possessive: comments that end in several places would cost exponential time otherwise.
_LEADING_XML = re.compile(
    r"(?>\s+|<\?[^>]{0,500}\?>|<!--.{0,5000}?-->|<!DOCTYPE[^>\[]{0,500}(?:\[[^\]]{0,5000}\]\s*)?>)*+"
    r"<([\w:.-]+)",
    re.DOTALL | re.IGNORECASE,
)
# Without namespace prefixes.
_FEED_ROOTS = {"rss", "feed", "rdf", "channel"}
_SITEMAP_ROOTS = {"urlset", "sitemapindex"}
# Its specification has the version, an address, among the first members (jsonfeed.org).
_JSON_FEED = re.compile(r"""["']version["']\s*:\s*["']https?:\\?/\\?/jsonfeed\.org""")
_JSON_FEED_WINDOW = 20_000
# Comments and blank lines, then the line that opens a group (RFC 9309, 2.2.1).
_ROBOTS_RULES = re.compile(
    r"(?:[^\S\n]*(?:#[^\n]{0,2000})?\n){0,200}[^\S\n]*user-agent[^\S\n]*:", re.IGNORECASE
)
# Types that say nothing of what the text is. Others (style sheets, scripts, Markdown) are no pages.
_UNTOLD_TYPES = {
    None,
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/xml",
    "text/xml",
}
_FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
}


def decode(payload: bytes, charset: str | None) -> str:
    """Text of ``payload``, as little guessed as possible.

    Order: byte order mark; ISO-2022-JP where it is declared and its escapes are there; strict UTF-8
    (text in another encoding practically never passes it, so it wins over a wrong declaration);
    UTF-8 with a few broken places, by its well-formed sequences; the transport's charset; the
    page's own declaration; detection; UTF-8 with replacement characters.
    """
    for bom, encoding in _BOMS:
        if payload.startswith(bom):
            return payload.decode(encoding, errors="replace").removeprefix("\ufeff")
    # The only encoding of pages whose bytes are all ASCII.
    if b"\x1b$" in payload and "iso-2022-jp" in map(str.lower, _labels(payload, charset)):
        return payload.decode("iso2022_jp", errors="replace")
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        labels = _labels(payload, charset)
    if _mostly_utf8(payload, declared=any(map(_is_utf8, labels))):
        return payload.decode("utf-8", errors=_STRAY_BYTES)
    for label in labels:
        text = _strictly(payload, label)
        if text is not None:
            return text
    return _detected(payload)


def _labels(payload: bytes, charset: str | None) -> list[str]:
    """What the transport and the page itself name as its encoding."""
    return [label for label in (charset, _declared(payload)) if label]


def _declared(payload: bytes) -> str | None:
    found = _META_CHARSET.search(payload, 0, _META_WINDOW) or _XML_ENCODING.match(payload)
    return found.group(1).decode("ascii") if found else None


def _strictly(payload: bytes, label: str) -> str | None:
    name = label.strip().lower()
    for codec in dict.fromkeys((_SUPERSETS.get(name, name), name)):
        try:
            if _PRINTS.match(codecs.lookup(codec).name):
                return payload.decode(codec)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return None


def _is_utf8(label: str) -> bool:
    try:
        return codecs.lookup(label.strip()).name == "utf-8"
    except (LookupError, ValueError):
        return False


def _mostly_utf8(payload: bytes, *, declared: bool) -> bool:
    """True where only stray bytes or a cut end keep a page from being UTF-8.

    Of text in another encoding hardly a character passes as UTF-8 by chance, so twenty sequences
    for a broken one tell even against a declaration. Where UTF-8 is declared, as many are enough,
    and two broken places count for nothing: else a page in English would be read as something else
    for one byte.
    """
    text = payload.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if declared and broken <= 2:
        return True
    wide = len(_ASCII.sub("", text)) - broken
    return wide >= broken * (1 if declared else _BROKEN_SHARE)


def _stray(error: UnicodeError) -> tuple[str, int]:
    """A Windows-1252 quote or dash between ASCII in a UTF-8 page: pasted there; else a mark."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, start, end = error.object, error.start, error.end
    around = data[max(0, start - 1) : start] + data[end : end + 1]
    if end - start == 1 and around.isascii() and data[start] in _PASTED:
        return _PASTED[data[start]], end
    return "\ufffd", end


codecs.register_error(_STRAY_BYTES, _stray)


def _detected(payload: bytes) -> str:
    from charset_normalizer import from_bytes

    half = _DETECTION_SAMPLE // 2
    sample = payload if len(payload) <= _DETECTION_SAMPLE else payload[:half] + payload[-half:]
    best = from_bytes(sample).best()
    if best is not None:
        text = _strictly(payload, best.encoding)
        if text is not None:
            return text
    return payload.decode("utf-8", errors="replace")


def binary_kind(payload: bytes) -> str | None:
    """Name of the binary format that ``payload`` starts as, or None where it may be text."""
    for magic, kind in _BINARY_MAGIC:
        if payload.startswith(magic):
            return kind
    if payload[4:8] == b"ftyp":
        return "mp4"
    head = payload[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return None
    return "binary" if head.count(0) > len(head) // 100 else None


def _is_json(text: str, content_type: str | None) -> bool:
    """True for a declared JSON payload, and for text that is a JSON document whatever its type."""
    if content_type and content_type.rpartition("/")[2].rpartition("+")[2] == "json":
        return True
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def page_kind(text: str, content_type: str | None) -> str | Skip:
    """``html`` or ``plain_text`` for a decoded payload, or why it is no page.

    The content decides over the declared type where the two disagree: servers send feeds as HTML
    and pages as text.
    """
    root = _LEADING_XML.match(text[:20_000])
    name = root.group(1).lower() if root else ""
    local = name.rpartition(":")[2]
    if local in _FEED_ROOTS:
        return Skip("is_feed", name)
    if local in _SITEMAP_ROOTS:
        return Skip("is_sitemap", name)
    if content_type in _FEED_TYPES:
        return Skip("is_feed", content_type)
    lead = text[:200].lstrip()
    if _ROBOTS_RULES.match(text):
        return Skip("is_robots_rules")
    if lead[:1] in {"{", "["} and _is_json(text, content_type):
        feed = _JSON_FEED.search(text, 0, _JSON_FEED_WINDOW)
        return Skip("is_feed", "json") if feed else Skip("not_text", "json")
    if content_type in {"text/html", "application/xhtml+xml"}:
        return "html"
    if name in {"html", "head", "body"} or lead[:15].lower().startswith("<!doctype html"):
        return "html"
    if content_type == "text/plain":
        return "plain_text"
    if len(_HTML_TAG.findall(text[:100_000])) >= 2:
        return "html"
    if content_type in _UNTOLD_TYPES:
        return "plain_text"
    return Skip("unsupported_type", content_type)
