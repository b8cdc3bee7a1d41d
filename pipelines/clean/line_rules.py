"""Rules that say what one line of a plain text page is, whatever the outlet or language.

Each returns a verdict with its rule's id; the order in ``classify`` is the order of trust.
Structure comes before words: a date is a date by its figures, a teaser by its repetition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.clean import labels
from pipelines.clean.dates import first_printed
from pipelines.clean.text_lines import Line
from pipelines.reference.outlets import load_outlets

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+(?:\.[a-z]{3,4})?")
_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|mp4|pdf)", re.IGNORECASE)
_CREDIT_BRACKET = re.compile(r"[\[(（【][^\[\]()（）【】]{2,120}[\])）】]\s*$")
_AGE_WORDS = 5
_NUMBER = re.compile(r"\d+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")
_TITLE_AFTER_LABEL = re.compile(r"^[^:：.!?]{2,40}[:：]\s*\S")
_CLOCK = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a line."""

    role: str
    rule_id: str
    confidence: float


def classify(line: Line) -> Verdict | None:
    """What a line is when it is surely no article text, judged by itself; None otherwise."""
    for rule in (_placeholder, _date, _relative_age, _labelled, _caption, _outlet, _promotion):
        verdict = rule(line)
        if verdict is not None:
            return verdict
    return None


def _placeholder(line: Line) -> Verdict | None:
    """Image names, lone addresses, separators: lines without a word of language."""
    if line.images or not line.key:
        return Verdict("placeholder", "text.no_words", 0.95)
    if " " in line.text:
        return None
    if _FILE_NAME.fullmatch(line.text) or _SLUG.fullmatch(line.text):
        return Verdict("placeholder", "text.slug", 0.9)
    if _ADDRESS.fullmatch(line.text):
        return Verdict("navigation", "text.address", 0.9)
    if line.text.isdecimal() or _CLOCK.fullmatch(line.text):
        return Verdict("other", "text.number", 0.8)
    return None


def _date(line: Line) -> Verdict | None:
    """A short line that is mostly a date: weekday, ``Published:`` and a clock may stand by."""
    if line.words > 14 or len(line.text) > 110 or not _NUMBER.search(line.text):
        return None
    stamp = first_printed(line.text)
    if stamp is None or stamp.precision == "month":
        return None
    rest = line.text[: stamp.start] + line.text[stamp.end :]
    if len([w for w in rest.split() if any(map(str.isalpha, w))]) <= 4:
        return Verdict("date", "text.date_line", 0.95)
    return None


def _relative_age(line: Line) -> Verdict | None:
    """``3 hours ago`` in any language: a small number, a few short lower-case words, no stop."""
    if line.stopped or line.words > _AGE_WORDS or len(line.text) > 32:
        return None
    numbers = _NUMBER.findall(line.text)
    words = line.text.split()
    if not 1 <= len(numbers) <= 2 or not any(_NUMBER.fullmatch(w) for w in words[:2]):
        return _unspaced_age(line)
    letters = [w for w in words if not _NUMBER.fullmatch(w)]
    if not letters or int(numbers[0]) > 99 or len(letters) > 3:
        return None
    if all(w.isalpha() and len(w) <= 10 for w in letters) and all(
        w == w.lower() for w in letters[1:]
    ):
        small = letters[0] == letters[0].lower() or not _NUMBER.fullmatch(words[0])
        return Verdict("date", "text.relative_age", 0.85) if small else None
    return None


_UNSPACED_AGE = re.compile("\\d{1,3}\\s?[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,4}\\s?前?전?")


def _unspaced_age(line: Line) -> Verdict | None:
    if _UNSPACED_AGE.fullmatch(line.text):
        return Verdict("date", "text.relative_age", 0.8)
    return None


def _labelled(line: Line) -> Verdict | None:
    """Lines that a label of ``labels.csv`` names."""
    if found := labels.whole_line(line.text):
        role = "section" if found.role == "section" else found.role
        return Verdict(role, f"text.label.{found.role}", 0.9)
    if line.long_prose:
        return None
    if found := labels.prefix(line.text):
        short = not found.rest or not line.prose
        if not found.rest and found.role in {"byline", "credit", "date"}:
            return Verdict("navigation", "text.empty_label", 0.85)
        if found.role in {"byline", "credit", "date"} and line.words <= 12 and short:
            return Verdict(found.role, f"text.prefix.{found.role}", 0.85)
        if found.role in {"caption", "note"} and (short or line.words < 30):
            return Verdict(found.role, f"text.prefix.{found.role}", 0.75)
    if line.prose and line.words > 14:
        return None
    found = labels.opening(line.text)
    if found is None:
        return None
    if found.role == "byline":
        return _byline(line, found.rest)
    if found.role == "modified":
        return Verdict("date", "text.opening.modified", 0.8) if _NUMBER.search(line.text) else None
    if found.role == "teaser":
        return (
            Verdict("teaser", "text.opening.teaser", 0.85)
            if not line.stopped or line.words < 16
            else None
        )
    if (line.words <= 8 and (not line.stopped or line.words <= 5)) or found.role == "paywall":
        return Verdict(found.role, f"text.opening.{found.role}", 0.8)
    return None


def _byline(line: Line, rest: str) -> Verdict | None:
    """``By`` and names: few words, each a capital or a joining word, no full stop."""
    if line.stopped or not rest or line.words > 9 or _NUMBER.search(line.text):
        return None
    names = [w for w in line.text.split()[1:] if w[:1].isalpha()]
    capitals = sum(w[:1].isupper() or not w[:1].islower() for w in names)
    return (
        Verdict("byline", "text.opening.byline", 0.8)
        if names and capitals >= 0.6 * len(names)
        else None
    )


def _caption(line: Line) -> Verdict | None:
    """A line that closes with a bracketed picture credit: ``[Name/Agency]``, ``(Photo: Name)``."""
    if line.text.startswith("©"):
        return Verdict("credit", "text.copyright_sign", 0.85)
    found = _CREDIT_BRACKET.search(line.text)
    if found is None or line.words > 80:
        return None
    inside = found.group().strip(" []()（）【】")
    label = labels.prefix(inside)
    lead = line.text[: found.start()].rstrip()
    if label and label.role in {"caption", "credit"}:
        return Verdict("caption", "text.caption_credit", 0.9)
    opening = labels.prefix(inside.split(" ", 1)[0] + ":")
    if opening and opening.role == "caption" and not line.long_prose:
        return Verdict("caption", "text.caption_credit", 0.8)
    names_agency = any(
        load_outlets().named(part) for part in re.split(r"[/,]|\bvia\b", inside) if part.strip()
    )
    slashed = "/" in inside and not any(c.isdigit() for c in inside)
    if found.group().startswith("[") and (slashed or names_agency):
        return Verdict("caption", "text.caption_credit", 0.9)
    if slashed and names_agency and not line.long_prose and lead:
        return Verdict("caption", "text.caption_credit", 0.8)
    return None


def _outlet(line: Line) -> Verdict | None:
    """A line that is an outlet's name and nothing else, or a short label and an outlet's name."""
    if line.words > 8 or (line.stopped and line.words > 4):
        return None
    if load_outlets().named(line.text):
        return Verdict("outlet", "text.outlet_name", 0.9)
    label, colon, rest = line.text.partition(":")
    if colon and rest.strip() and len(label.split()) <= 3 and load_outlets().named(rest.strip()):
        return Verdict("credit", "text.label_and_outlet", 0.85)
    return None


def _promotion(line: Line) -> Verdict | None:
    """Sentences that sell a subscription or tell of cookies: two such words, or one in a few."""
    if line.long_prose or line.words > 45:
        return None
    for role, count in sorted(labels.told_words(line.text).items()):
        if count >= 2 or (line.words <= 18 and not line.prose):
            return Verdict(role, f"text.words.{role}", 0.7)
    return None


def is_label_and_title(line: Line) -> bool:
    """``Label: A Title Without a Full Stop`` on a line of its own, as pointers to other pieces are.

    Needs a label of one to four words, then at least four words of which most that can be are
    capitalised, or an unstopped clause; quotes are speech, not titles.
    """
    if (
        line.stopped
        or line.words > 24
        or not line.isolated
        or not _TITLE_AFTER_LABEL.match(line.text)
    ):
        return False
    label, _, title = line.text.replace("：", ":").partition(":")
    words = title.split()
    if not 1 <= len(label.split()) <= 4 or len(words) < 4 or title.strip()[:1] in "\"“«„‘'":
        return False
    return label[:1].isupper() or not label[:1].isascii()
