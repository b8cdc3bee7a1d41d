"""A feed's or sitemap's bytes as XML text that no parser can be harmed by.

Document type declarations never reach a parser: whoever declares entities wants them expanded, and
the libraries' own guards differ by version (expat has none below 2.4.1, and lets 8 MiB grow a
hundredfold after). feedparser's filter misses a declaration that does not begin a line.
"""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass

MAX_ENTITIES = 256
MAX_ENTITY_TEXT = 16
"""Declared entities that are kept, and the characters of each: names of letters and signs. A
reference takes three bytes, so that text grows fivefold at most."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How "<?" or "<x" begins without a byte order mark (XML 1.0, appendix F).
_WIDE = (
    (re.compile(rb"<\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<"), "utf-32-be"),
    (re.compile(rb"<\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0<\0[^\0]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),
)
_XML_ENCODING = re.compile(
    r"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
# Labels that the WHATWG encoding standard reads as a superset of what they name.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
# Codecs of text. Others decode at more than linear cost (punycode, idna) or hide markup (utf-7).
_TEXT_CODEC = re.compile(
    r"ascii|utf-(?:8|8-sig|16|16-[bl]e|32|32-[bl]e)|iso8859-\d+|cp\d+|koi8-\w|mac-\w+|gb\w+|"
    r"big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|hz|johab|tis-620|kz1048|ptcp154|hp-roman8"
)
_SEVEN_BIT = re.compile(r"iso2022_\w+|hz")
_SAMPLE = 20_000
_ENOUGH_LETTERS = 20
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,1000}>", re.IGNORECASE)
_ROOT = re.compile(
    r"\s*(?:(?:<\?[^<>]{0,1000}>|<!--(?:[^-]|-(?!->)){0,10000}-->)\s*){0,50}"
    r"<(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,40})"
)
_SPACE = re.compile(r"\s*")
_DOCTYPE_MARK = re.compile(r"[\"'\[\]>]|<!--|<\?")
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_REFERENCE = re.compile(r"&([\w.:-]{1,64});")
_ENTITY = re.compile(
    r"<!ENTITY\s+(?:(?P<parameter>%)\s+)?(?P<name>[\w.:-]{1,64})\s+"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<outer>\w+))"
)


@dataclass(frozen=True, slots=True)
class XmlText:
    """Decoded XML: no XML declaration, no document type, no character that XML forbids."""

    text: str
    remarks: tuple[str, ...] = ()


def xml_text(payload: bytes, charset: str | None = None) -> XmlText:
    """The text of an XML document; ``charset`` is the transport's.

    Encoding, the first that fits: byte order mark; strict UTF-8, which text in another encoding
    practically never is, so that it wins over wrong declarations; the transport's; the
    document's; UTF-8 with a few bytes broken; detection by charset-normalizer. The outcome
    does not hang on which detector is installed, as feedparser's does.

    Declared entities of a letter or a sign are resolved; longer ones and those made of other
    entities are not, and their references stay as they are. A remark each tells of broken
    encodings, characters that were removed, and entities that were left out.
    """
    text, remarks = _decoded(payload, charset)
    cleaned = _ILLEGAL.sub("", text)
    if len(cleaned) < len(text):
        remarks.append(f"control_characters: {len(text) - len(cleaned):,} removed")
    cleaned = cleaned.lstrip("\ufeff \t\r\n")
    if declared := _DECLARATION.match(cleaned):
        cleaned = cleaned[declared.end() :].lstrip()
    cleaned, entities, left_out = _without_doctype(cleaned)
    if left_out:
        remarks.append(f"entities: {left_out:,} declarations left out")
    if entities:
        cleaned = _REFERENCE.sub(lambda found: entities.get(found[1], found[0]), cleaned)
    return XmlText(cleaned, tuple(remarks))


def root_name(text: str) -> str:
    """The local name of the root element in lower case; empty where there is none in sight."""
    root = _ROOT.match(text)
    return root.group(1).lower() if root else ""


def _decoded(payload: bytes, charset: str | None) -> tuple[str, list[str]]:
    marked = _marked_encoding(payload)
    if marked:
        return payload.decode(marked, "replace"), []
    declared = _XML_ENCODING.match(payload[:1000].decode("latin-1"))
    labels = [label for label in (charset, declared and declared.group(1)) if label]
    names = [name for label in labels if (name := _codec(label))]
    seven_bit = [name for name in names if _SEVEN_BIT.fullmatch(name)]
    for name in (*seven_bit, "utf-8", *names):
        try:
            return payload.decode(name), []
        except (UnicodeDecodeError, ValueError):
            continue
    text = payload.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    if broken * 20 <= whole or (broken <= 2 and whole):
        return text, [f"encoding: {broken:,} broken places in UTF-8"]
    # On a handful of letters any detector guesses.
    name = _detected(payload) if broken > _ENOUGH_LETTERS else "cp1252"
    stated = f"declared as {', '.join(labels)}" if labels else "none declared"
    return payload.decode(name, "replace"), [f"encoding: {stated}, read as {name}"]


def _marked_encoding(payload: bytes) -> str | None:
    """The encoding that the first bytes show."""
    for bom, name in _BOMS:
        if payload.startswith(bom):
            return name
    return next((name for start, name in _WIDE if start.match(payload)), None)


def _detected(payload: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(payload[:_SAMPLE]).best()
    return (best and _codec(best.encoding)) or "cp1252"


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(name, name) if _TEXT_CODEC.fullmatch(name) else None


def _without_doctype(text: str) -> tuple[str, dict[str, str], int]:
    """The text without its document type, the harmless entities it declares, and how many not.

    The entities' texts are as they may stand in a document: escaped.
    """
    start = _doctype_start(text)
    if start is None:
        return text, {}, 0
    end = _doctype_end(text, start)
    entities: dict[str, str] = {}
    left_out = 0
    for found in _ENTITY.finditer(text, start, end):
        value = found["double"] if found["double"] is not None else found["single"]
        resolved = None if value is None or found["parameter"] else _resolved(value)
        if resolved is None or len(entities) >= MAX_ENTITIES:
            left_out += 1
        elif found["name"] not in _PREDEFINED:
            # The first declaration of a name binds (XML 1.0, 4.2).
            entities.setdefault(found["name"], html.escape(resolved, quote=False))
    return text[:start] + text[end:], entities, left_out


def _resolved(value: str) -> str | None:
    """An entity's text; None where it is long or made of other entities."""
    if len(value) > MAX_ENTITY_TEXT:
        return None
    if re.fullmatch(r"&#(?:\d{1,7}|x[0-9a-fA-F]{1,6});", value):
        return html.unescape(value)
    return None if "&" in value or "<" in value or "%" in value else value


def _doctype_start(text: str) -> int | None:
    place = 0
    while True:
        found = _SPACE.match(text, place)
        place = found.end() if found else place
        if text.startswith("<?", place):
            place = text.find("?>", place) + 2
            if place < 2:
                return None
        elif text.startswith("<!--", place):
            place = text.find("-->", place + 4) + 3
            if place < 3:
                return None
        else:
            return place if text[place : place + 9].upper() == "<!DOCTYPE" else None


def _doctype_end(text: str, start: int) -> int:
    """Where the declaration ends; the text's end where it does not."""
    place = start + 9
    subset = False
    closers = {'"': '"', "'": "'", "<!--": "-->", "<?": "?>"}
    while found := _DOCTYPE_MARK.search(text, place):
        mark = found.group()
        place = found.end()
        if mark in closers:
            end = text.find(closers[mark], place)
            if end < 0 and mark not in "\"'":
                break
            place = end + len(closers[mark]) if end >= 0 else place
        elif mark == ">" and not subset:
            return place
        else:
            subset = mark == "[" or (subset and mark != "]")
    return len(text)
