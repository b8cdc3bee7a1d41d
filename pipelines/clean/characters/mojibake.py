"""UTF-8 that someone read as another encoding and stored so: undone where that is certain.

A passage (what stands between two tags, quotes or line ends) is undone when every character of it
that is not ASCII, written back in the wrong encoding, gives well-formed UTF-8 of characters that
can stand there. Right text does that by chance only where a capital stands before a sign (a quote
after an accented word in capitals). So a page needs two different sequences, or a punctuation mark
twice, and one that no right text has: a small letter run on into an accented capital, such a mark
of three bytes, or several letters in a row. Passages that mix broken and right letters stay.
"""

from __future__ import annotations

import codecs
import functools
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.clean.fields.candidates import confidence_of
from pipelines.clean.records import Evidence

_RULE = "text.mojibake_repaired"
_LONGEST_VALUE = 500
"""Characters of a value that evidence keeps."""
_MOST_ROUNDS = 3
"""Misreadings on top of one another that are undone."""
_WESTERN = ("cp1252", "latin_1", "iso8859_15", "cp1254")
# What no right text has, in UTF-8, as text misread in one of these is stored. A pattern
# that begins with one byte is searched at the speed of memory: 0.05 ms a page.
_REST = (
    r"(?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]"
    r"|\xe2(?:\x80[\x93-\xba]|\x82\xac|\x84\xa2))"
)
_IN_WESTERN = re.compile(
    (
        r"\xc3(?:(?<=[a-z]\xc3)[\x83-\x85]R|\xa2(?:\xe2\x82\xac|\xc2\x80)"
        r"|[\x82-\x9f]R(?:\xc3[\x82-\x9f]R){2}|[\xa0-\xaf]R{2}\xc3[\xa0-\xaf]R{2})"
    )
    .replace("R", _REST)
    .encode()
)
# The same for other encodings by single characters, as fast: what the first byte of é, “ or а, or
# the last of е, is in them. Most are rare in right text.
_SIGNS = {
    "cp1251": "ГЂµ",
    "cp1250": "ĂĹµ",
    "mac_roman": "√‚µÿ",
    "cp850": "├Ô",
    "cp437": "├Γ",
}
_REFERENCES = re.compile("&(?:[Aa](?:tilde|circ)|#(?:19[45]|226));")
_PASSAGE = re.compile(r'[^<>"\r\n]+')
_REFERENCE = re.compile(r"&(?:[A-Za-z]{2,8}\d{0,2}|#\d{3,5}|#[xX][0-9A-Fa-f]{2,4});")
_SEQUENCE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_UNMISTAKABLE = re.compile(
    rb"[a-z][\xc3-\xc5][\x80-\xbf]|\xe2\x80[\x90-\xaf\xb9\xba]"
    rb"|(?:[\xc2-\xdf][\x80-\xbf]){3}|(?:[\xe0-\xef][\x80-\xbf]{2}){2}"
)
_MARK = re.compile(rb"\xe2\x80[\x90-\xaf\xb9\xba]")
# Windows-1252 has no 9D: readers drop the last byte of a closing quote.
_CUT_QUOTE = re.compile(rb"\xe2\x80(?![\x80-\xbf])")
_OPENING_QUOTE = b"\xe2\x80\x9c"
# Letters of other scripts than Latin: these do not stand alone among ASCII.
_OTHER = (
    "\u0370-\u1dff\u1f00-\u1fff\u2c00-\u2fff\u3040-\ud7ff\uf900-\ufdff\ufe70-\ufefc"
    "\U00010000-\U0001efff\U00020000-\U0003ffff"
)
_OTHERS = re.compile(f"[{_OTHER}]")
_LONE = re.compile(f"(?<![{_OTHER}])[{_OTHER}](?![{_OTHER}])")
_IMPLAUSIBLE = re.compile("[\x80-\x9f\u0250-\u02af\u0700-\u074f\u0780-\u08ff\ue000-\uf8ff\ufffd]")


@dataclass(frozen=True, slots=True)
class Misreading:
    """That a page's text was UTF-8 read as another encoding."""

    encoding: str
    """The wrong one, as Python names it."""
    passages: int
    """How many were undone."""
    printed: str
    """The first of them, as it was."""

    def evidence(self) -> Evidence:
        """The broken text as a statement that was set aside for the one that was meant."""
        passages = f"{self.passages} passage{'s' if self.passages > 1 else ''}"
        return Evidence(
            field="article_body",
            value=self.printed[:_LONGEST_VALUE],
            source="text",
            detail=f"UTF-8 read as {self.encoding}, {passages}",
            rule_id=_RULE,
            is_chosen=False,
            confidence=confidence_of(_RULE),
        )


def undo_misreading(text: str) -> tuple[str, Misreading | None]:
    """``text`` with its misread passages as they were meant, and what was found.

    Args:
        text: a decoded page, markup and all, or plain text.

    Returns:
        The text itself and None where nothing is misread for certain.

    """
    found = [_Found(text, encoding) for encoding in _suspects(text)]
    best = max(found, key=lambda one: (one.is_certain, one.sequences), default=None)
    if best is None or not best.is_certain:
        return text, None
    return best.undone(), Misreading(best.encoding, len(best.passages), best.first_printed())


def _suspects(text: str) -> list[str]:
    """The encodings that a page may have been misread as: a quick look, seldom wrong."""
    if _REFERENCES.search(text):
        return list(_WESTERN)
    if text.isascii():
        return []
    signed = [code for code, signs in _SIGNS.items() if any(sign in text for sign in signs)]
    suspects = [code for code in signed if _unmistakable_in(code).search(text)]
    if _IN_WESTERN.search(text.encode("utf-8", "replace")):
        suspects[:0] = _WESTERN
    return suspects


class _Found:
    """A page's passages that are UTF-8 misread as one encoding."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self.encoding = encoding
        self.passages: list[tuple[int, int, str]] = []
        """Start, end and what was meant."""
        self.sequences = 0
        different: set[bytes] = set()
        unmistakable, marks = False, 0
        for start, end, passage in _passages(text):
            data = _as_read(passage, encoding)
            meant = _meant(data, encoding) if data else None
            if data and meant:
                self.passages.append((start, end, meant))
                sequences = _SEQUENCE.findall(data)
                self.sequences += len(sequences)
                different.update(sequences)
                unmistakable = unmistakable or bool(_UNMISTAKABLE.search(data))
                marks += len(_MARK.findall(data))
        self.is_certain = unmistakable and (len(different) > 1 or marks > 1)

    def undone(self) -> str:
        """The page with its passages as they were meant."""
        parts, position = [], 0
        for start, end, meant in self.passages:
            parts += [self.text[position:start], meant]
            position = end
        return "".join([*parts, self.text[position:]])

    def first_printed(self) -> str:
        """The first passage as it was."""
        start, end, _ = self.passages[0]
        return self.text[start:end].strip()


def _passages(text: str) -> Iterator[tuple[int, int, str]]:
    """Passages that are not plain ASCII: place and text, references to such characters resolved."""
    for found in _PASSAGE.finditer(text):
        passage = found[0]
        if "&" in passage:
            passage = _REFERENCE.sub(_resolved, passage)
        if not passage.isascii():
            yield found.start(), found.end(), passage


def _resolved(found: re.Match[str]) -> str:
    character = html.unescape(found[0])
    return found[0] if character.isascii() else character


@functools.cache
def _bytes_of(encoding: str) -> dict[int, int]:
    """Byte of each character of a single-byte encoding; what it leaves undefined are controls."""
    table: dict[int, int] = {}
    for byte in range(256):
        table[ord(bytes((byte,)).decode(encoding, "ignore") or chr(byte))] = byte
    return table


@functools.cache
def _unmistakable_in(encoding: str) -> re.Pattern[str]:
    """What no right text has, as it looks in an encoding."""
    seen: dict[int, list[str]] = {}
    for code, byte in _bytes_of(encoding).items():
        seen.setdefault(byte, []).append(chr(code))

    def of(first: int, last: int) -> str:
        characters = "".join(c for byte in range(first, last + 1) for c in seen[byte])
        return f"[{re.escape(characters)}]"

    rest, two, three = of(0x80, 0xBF), of(0xC2, 0xDF), of(0xE0, 0xEF)
    mark = f"(?<={of(0xE2, 0xE2)}){of(0x80, 0x80)}{rest}"
    # Every branch begins behind one set of characters: so the search skips what is not in it.
    return re.compile(
        f"{of(0xC2, 0xEF)}(?:(?<=[a-z]{of(0xC3, 0xC5)}){rest}|{mark}"
        f"|(?<={two}){rest}(?:{two}{rest}){{2}}|(?<={three}){rest}{{2}}{three}{rest}{{2}})"
    )


def _as_read(passage: str, encoding: str) -> bytes | None:
    """The bytes that were read as ``passage``, or None where it can't have been that encoding."""
    if encoding == "cp1252":
        passage = passage.replace("â€\ufffd", "â€\x9d")
    try:
        data = codecs.charmap_encode(passage, "strict", _bytes_of(encoding))[0]
    except UnicodeEncodeError:
        return None
    if encoding == "cp1252" and _OPENING_QUOTE in data:
        data = _CUT_QUOTE.sub(b"\xe2\x80\x9d", data)
    return data


def _meant(data: bytes, encoding: str) -> str | None:
    """What bytes say in UTF-8, misreadings of misreadings undone, or None where it can't be."""
    text = None
    for _ in range(_MOST_ROUNDS):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            break
        again = _as_read(text, encoding)
        if again is None or not _UNMISTAKABLE.search(again):
            break
        data = again
    return text if text and _is_plausible(text) else None


def _is_plausible(text: str) -> bool:
    """True where no character is one that text does not hold, and other scripts come in words."""
    if _IMPLAUSIBLE.search(text) or len(_LONE.findall(text)) * 4 > len(_OTHERS.findall(text)):
        return False
    return not any(unicodedata.category(character) == "Cn" for character in set(text))
