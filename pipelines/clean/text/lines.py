"""A plain text page as lines with the features that the line rules read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from pipelines.clean.characters.spacing import fold, match_key, strip_invisible

_LINE_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_EMPTY_LINK = re.compile(r"\[\s*\]\((?:[^()\s]|\([^()\s]*\))*\)")
_IMAGE_LINK = re.compile(r"!\[([^\]\n]{0,300})\]\([^()\n]*\)")
_LINK = re.compile(
    r"(?<!!)\[([^\[\]\n]{1,300})\]\((?:https?:|/|#|mailto:)(?:[^()\s]|\([^()\s]*\))*\)"
)
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+(?=\S)")
_BULLET = re.compile(r"^(?:[•‣◦▪●■·∙➤►]|[-*+–](?=\s))\s*")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_THAI_LIKE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_WORD = re.compile(r"[^\W_]+(?:['’\u0900-\u0dff\u0300-\u036f-][^\W_]+)*")
_CLOSING = "\"'”’“‘»›«‹」』)]}*_ "
"""What may follow a full stop; German and others close with the signs that English opens with."""
_SENTENCE_END = ".!?…。！？।॥۔؟።"
_PROSE_WORDS = 8
"""A line with fewer words is no paragraph of prose even with a full stop."""
_UNSTOPPED_PROSE_WORDS = 28
"""A line this long is prose without a full stop too: headlines and captions are shorter."""
_UNSTOPPED_LETTERS = 100
"""Thai and its neighbours print no full stop: so many letters are prose, headlines have fewer."""
LONG_PROSE_WORDS = 40
"""Such a paragraph with sentence punctuation is never dropped on one weak signal."""
_WRAP_WIDTH = range(55, 101)


@dataclass(slots=True)
class Line:
    """One line of the page, not blank."""

    text: str
    """Folded, Markdown links reduced to their text."""
    key: str
    words: int
    stopped: bool
    """Ends with sentence punctuation, closing quotes aside."""
    bullet: bool
    marked_heading: bool
    isolated: bool
    """Blank lines (or the page's edge) on both sides."""
    images: bool = False
    """Held an image and nothing else."""

    @property
    def prose(self) -> bool:
        """True for a paragraph or a full sentence of some length."""
        return (self.stopped and self.words >= _PROSE_WORDS) or self.words >= _UNSTOPPED_PROSE_WORDS

    @property
    def sentence(self) -> bool:
        """True for a short sentence too: ``“No,” he said.``"""
        return self.stopped and self.words >= 3

    @property
    def long_prose(self) -> bool:
        """True for what one weak signal may not drop."""
        return self.words >= LONG_PROSE_WORDS and any(c in self.text for c in _SENTENCE_END)


def word_count(text: str) -> int:
    """Words of ``text``; scripts without spaces count one per two (Han, kana) or five letters."""
    han = len(_UNSPACED.findall(text))
    thai = len(_THAI_LIKE.findall(text))
    if han or thai:
        text = _THAI_LIKE.sub(" ", _UNSPACED.sub(" ", text))
    return len(_WORD.findall(text)) + (han + 1) // 2 + thai // 5


def read_lines(text: str) -> list[Line]:
    """Lines of a page in order, blank ones left out, hard-wrapped paragraphs joined."""
    raw = [fold_markdown(line) for line in _LINE_BREAK.split(strip_invisible(text))]
    raw = _unwrapped(raw)
    lines: list[Line] = []
    for number, line in enumerate(raw):
        if not line:
            continue
        before = raw[number - 1] if number else ""
        after = raw[number + 1] if number + 1 < len(raw) else ""
        lines.append(make_line(line, isolated=not before and not after))
    return lines


def fold_markdown(line: str) -> str:
    """One folded line: links without text removed, links with text reduced to it."""
    line = fold(line)
    if "](" in line:
        line = _IMAGE_LINK.sub(r"![\1]", _EMPTY_LINK.sub(" ", line))
        line = fold(_LINK.sub(r"\1", line))
    return line


def make_line(text: str, *, isolated: bool, key: str | None = None) -> Line:
    """Features of one folded line; ``key`` is its match key, where that is known already."""
    marked = bool(_MARKDOWN_HEADING.match(text))
    text = _MARKDOWN_HEADING.sub("", text)
    images = text.startswith("![") and text.endswith("]")
    return Line(
        text=text,
        key=match_key(text) if key is None or marked else key,
        words=word_count(text),
        stopped=_is_stopped(text) or len(_THAI_LIKE.findall(text)) >= _UNSTOPPED_LETTERS,
        bullet=bool(_BULLET.match(text)),
        marked_heading=marked,
        isolated=isolated,
        images=images,
    )


def _is_stopped(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in set(_SENTENCE_END) if text.rstrip(_CLOSING) else False


def _unwrapped(raw: list[str]) -> list[str]:
    """Join lines that a fixed width broke.

    Only where the page as a whole is wrapped: most lines of its multi-line groups are 55 to 100
    characters long and most of those break inside a sentence.
    """
    inner = [line for line, following in pairwise(raw) if line and following]
    if len(inner) < 4:
        return raw
    wide = [line for line in inner if len(line) in _WRAP_WIDTH]
    broken = [line for line in wide if not _is_stopped(line)]
    if len(wide) < 0.7 * len(inner) or len(broken) < 0.6 * len(inner):
        return raw
    joined: list[str] = []
    for line in raw:
        if joined and joined[-1] and line and not _BULLET.match(line):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined
