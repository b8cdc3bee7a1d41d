"""The headline of a plain text page: the title above the body that speaks of what the body says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.clean.characters.spacing import match_key
from pipelines.clean.text.line_rules import Verdict
from pipelines.clean.text.lines import Line

_SITE_BREAK = re.compile(r"\s+[-–—|·•»:]{1,2}\s+|\s*[|｜]\s*|\s+[–—-]{1,2}(?=\S)")
_WORDS = range(3, 36)
_SITE_WORDS = 6
_LONGEST_SITE = 120
_LEAST_OVERLAP = 0.2
_BODY_WORDS = 400
_TOKEN = re.compile(r"[^\W\d_]{3,}|\d{2,}")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")
_STEM = 5
"""Letters of a word that are compared: enough to tell words apart, few enough for inflection."""
_QUOTES = "\"'”’»« "
_ASKING = ("?", "!", "？", "！", "…")
_LONGEST_SENTENCE = 20
"""Words of a question that may still be a headline once the body has begun."""
_SIGNED = 0.15
_SIGNED_REACH = 4
"""Lines below a headline, a standfirst among them, within which its byline or date stands."""
_REACH = 12
"""Lines above the body within which a headline is looked for first."""


@dataclass(frozen=True, slots=True)
class Title:
    """Where and what the headline is."""

    text: str | None
    index: int | None
    printed_at: frozenset[int]
    """Every line that prints it, the page's title with the site's name included."""
    site_name: str | None


def find_headline(
    lines: Sequence[Line],
    verdicts: Sequence[Verdict | None],
    start: int,
    end: int,
    told: str | None = None,
) -> Title:
    """The headline of a page whose body is ``lines[start:end]``.

    A line printed above the body a second time with ``- Site`` behind it is the headline for sure,
    and tells the site's name. So is the line nearest above the text that prints ``told``, the title
    that the page's feed states; without such a line it stands only where the page shows none.
    Otherwise the candidate wins whose words the body repeats most, the nearer to the body on a tie.
    """
    pair = _title_with_site(lines, start, end)
    if pair is not None:
        return pair
    stated = _line_of(lines, told, start, end)
    if stated is not None:
        return Title(lines[stated].text, stated, _same_lines(lines, stated, start), None)
    body = " ".join(line.text for line in lines[start:end] if line.prose)
    words = _stems(" ".join(body.split()[:_BODY_WORDS]))
    best: tuple[float, int] | None = None
    for index in range(min(end, len(lines))):
        if verdicts[index] is not None or not _may_be(lines[index], index, start):
            continue
        if index >= start and any(line.prose for line in lines[start:index]):
            break
        score = _score(lines[index], words, start - index) + _repeated(lines, index, start)
        score += _SIGNED if _is_signed(verdicts, index) else 0.0
        if score >= _LEAST_OVERLAP and (best is None or score >= best[0]):
            best = (score, index)
    chosen = best[1] if best else _lone_title(lines, verdicts, start)
    if chosen is None:
        return Title(told, None, frozenset(), None)
    return Title(lines[chosen].text, chosen, _same_lines(lines, chosen, start), None)


def _line_of(lines: Sequence[Line], told: str | None, start: int, end: int) -> int | None:
    """The line that prints the feed's title: nearest above the body, else inside it."""
    key = match_key(told or "")
    places = [i for i, line in enumerate(lines[:end]) if key and line.key == key]
    return min(places, key=lambda i: (i > start, abs(start - i)), default=None)


def _same_lines(lines: Sequence[Line], chosen: int, start: int) -> frozenset[int]:
    key = lines[chosen].key
    above = lines[: max(chosen, start) + 1]
    return frozenset(i for i, line in enumerate(above) if line.key == key)


def _title_with_site(lines: Sequence[Line], start: int, end: int) -> Title | None:
    keys = {line.key: i for i, line in reversed(list(enumerate(lines[:end]))) if line.words >= 3}
    for index, line in enumerate(lines[: max(start, 1) + 1]):
        for found in _SITE_BREAK.finditer(line.text):
            if len(line.text) - found.end() > _LONGEST_SITE:
                continue
            head, tail = line.text[: found.start()], line.text[found.end() :]
            place = keys.get(match_key(head))
            if place is not None and place != index and 0 < len(tail.split()) <= _SITE_WORDS:
                key = lines[place].key
                same = {i for i, other in enumerate(lines[:end]) if other.key == key}
                last = max(i for i in same)
                return Title(lines[place].text, last, frozenset(same | {index}), tail.strip())
    return None


def _may_be(line: Line, index: int, start: int) -> bool:
    if line.bullet or line.words not in _WORDS:
        return False
    if index < start:
        return True
    return not line.prose or (line.words <= _LONGEST_SENTENCE and not _is_statement(line))


def _is_statement(line: Line) -> bool:
    """True for a line that ends as a statement does; a headline may ask or exclaim."""
    return line.stopped and not line.text.rstrip(_QUOTES).endswith(_ASKING)


def _score(line: Line, told: set[str], distance: int) -> float:
    stems = _stems(line.text)
    if not stems:
        return 0.0
    overlap = len(stems & told) / len(stems)
    return (
        overlap
        + (0.1 if line.marked_heading else 0.0)
        - (0.35 if _is_statement(line) else 0.0)
        - (0.1 if line.words < 4 else 0.0)
        - 0.01 * max(0, distance - _REACH)
    )


def _is_signed(verdicts: Sequence[Verdict | None], index: int) -> bool:
    """True where a byline or a date stands right below, as it does under headlines."""
    below = verdicts[index + 1 : index + 1 + _SIGNED_REACH]
    return any(v is not None and v.role in {"byline", "date"} for v in below)


def _repeated(lines: Sequence[Line], index: int, start: int) -> float:
    """A bonus for a title that an earlier line, as a page's own title, prints or contains."""
    stems = _stems(lines[index].text)
    if len(stems) < 3:
        return 0.0
    for line in lines[: min(index, start, 3)]:
        if len(stems & _stems(line.text)) >= 0.7 * len(stems):
            return 0.25
    return 0.0


def _lone_title(
    lines: Sequence[Line], verdicts: Sequence[Verdict | None], start: int
) -> int | None:
    """Without a telling line: the last unstopped title-like line right above the body."""
    for index in range(min(start, len(lines)) - 1, max(-1, start - 4), -1):
        line = lines[index]
        if (
            verdicts[index] is None
            and not line.stopped
            and line.words in _WORDS
            and not line.bullet
        ):
            return index
    return None


def _stems(text: str) -> set[str]:
    folded = text.casefold()
    return {word[:_STEM] for word in _TOKEN.findall(folded)} | {
        text[i : i + 2] for i in range(len(text) - 1) if _UNSPACED.match(text[i : i + 2])
    }
