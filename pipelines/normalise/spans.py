"""Spans of one text: trimming them to the name itself and keeping them apart."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipelines.normalise.names import without_titles

_EDGE = " \t\r\n\"'“”„‟«»‹›‘’‚`.,;:!?¡¿()[]{}<>*•·–—-_/|\\#@&+=~^%$€£…。、，"
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_HONOURED = re.compile(r"(?:Mr|Mrs|Ms|Miss|Sir|Dr)\b\.?\s+[^\W\d_]")
_DANGLING = re.compile(r"\s(?:of|and|the|in|for|at|to|by|on|with|from)$")
_POSSESSIVE = re.compile(r"['’ʼ`´](?:s|S)?$")
# A full stop belongs to the name after an initial or one of the usual short forms.
_ABBREVIATION = re.compile(
    r"(?:[\s.(-][^\W\d_]|\b(?:Inc|Corp|Co|Ltd|Bros|Jr|Sr|St|Mt|Ft|Dept|Univ|Assn|No|Jan|Feb"
    r"|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Mont"
    r"|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo))\.$"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A name in one text (headline or body), before it is resolved."""

    start: int
    end: int
    entity_type: str
    recognizer: str
    confidence: float
    whole: bool = True
    """False where it looks like a part of a longer name: it then names no entity."""

    def overlaps(self, other: Span) -> bool:
        """True where the two share a character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """True where the other lies wholly inside this one; equal spans contain each other."""
        return self.start <= other.start and other.end <= self.end


def trim(text: str, span: Span) -> Span | None:
    """Cut a span to the name: no line break, article, title, possessive or punctuation around it.

    None where nothing with a letter or digit is left.
    """
    start, end = _one_line(text, span.start, span.end)
    if _HONOURED.match(text[start:end]):
        span = replace(span, entity_type="person")
    while True:
        before = start, end
        start, end = _trim_edges(text, start, end)
        possessive = _POSSESSIVE.search(text[start:end])
        if possessive is not None and possessive.start() > 0:
            end = start + possessive.start()
        dangling = _DANGLING.search(text[start:end])
        if dangling is not None:
            end = start + dangling.start()
        article = _ARTICLE.match(text[start:end])
        if article is not None and article.end() < end - start:
            start += article.end()
        if span.entity_type == "person":
            start = _after_title(text, start, end)
        if (start, end) == before:
            break
    if not any(char.isalnum() for char in text[start:end]):
        return None
    if (start, end) == (span.start, span.end):
        return span
    if (start, end) == (span.start, span.end):
        return span
    return replace(span, start=start, end=end)


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Keep spans in the order given where they do not overlap one kept before; sort the result."""
    taken: list[Span] = []
    starts: list[int] = []
    for span in spans:
        if span.start >= span.end:
            continue
        at = bisect.bisect_left(starts, span.start)
        free_after = at == len(taken) or span.end <= taken[at].start
        if free_after and (at == 0 or taken[at - 1].end <= span.start):
            taken.insert(at, span)
            starts.insert(at, span.start)
    return taken


def _one_line(text: str, start: int, end: int) -> tuple[int, int]:
    for piece in re.finditer(r"[^\r\n\u2028\u2029]+", text[start:end]):
        if any(char.isalnum() for char in piece.group()):
            return start + piece.start(), start + piece.end()
    return start, start


def _trim_edges(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (_is_edge(text[start]) or _is_mark(text[start])):
        start += 1
    while start < end and _is_edge(text[end - 1]):
        if text[end - 1] == "." and _ABBREVIATION.search(text[max(start, end - 12) : end]):
            break
        end -= 1
    while start < end < len(text) and _is_mark(text[end]):
        end += 1
    return start, end


def _is_edge(char: str) -> bool:
    """Punctuation, spaces, and invisible or pictorial signs."""
    return char in _EDGE or char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "So")


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def _after_title(text: str, start: int, end: int) -> int:
    words = [(m.start(), m.group().strip(".,")) for m in re.finditer(r"\S+", text[start:end])]
    kept = len(without_titles([word for _, word in words]))
    return start + words[-kept][0] if words else start
