"""Rules that say what one line of a plain text page is, whatever the outlet or language.

Each returns a verdict with its rule's id; the order in ``classify`` is the order of trust.
Structure comes before words: a date is a date by its figures, a teaser by its repetition.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipelines.clean.fields.dates import first_printed
from pipelines.clean.text import labels
from pipelines.clean.text.lines import Line
from pipelines.reference.outlets import load_outlets

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+(?:\.[a-z]{3,4})?")
_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|mp4|pdf)", re.IGNORECASE)
_CREDIT_BRACKET = re.compile(r"[\[(（【][^\[\]()（）【】]{2,120}[\])）】]\s*$")
_AGE_WORDS = 5
_AGE_LETTERS = 16
_MOST_AGE = 99
_PARTICLE = 4
"""Letters of a word before the number of an age."""
_NUMBER = re.compile(r"\d+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+\.\w+")
_LONGEST_ADDRESS = 2_000
_TITLE_AFTER_LABEL = re.compile(r"^[^:：.!?]{2,40}[:：]\s*\S")
_CLOCK = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}")
_CLOCK_OR_BAR = re.compile(r"\b\d{1,2}[:.]\d{2}\b(?!\.?\d)|\s[|·•]\s")
_COPYRIGHT_END = re.compile(r"©\s?[^©.!?]{2,70}\.?$")
_LABEL_END = re.compile(r"(?:[\s,.;|(–-])([^\W\d_]{2,20})\s?[:：]\s?([^:：.!?]{2,60})\)?$")
_SLASHED_END = re.compile(
    r"(?:^|[.!?)\]…|]\s*)([^.!?()\[\]|/]{2,40}(?:\s?/\s?[^.!?()\[\]|/]{2,40}){1,3})$"
)
_CREDIT_PARTS = re.compile(r"[/,]|\bvia\b")
_CREDIT_NAMES = 4
_CAPTION_WORDS = 60
_TITLE_CAPTION_WORDS = 30
"""Words of a caption that ends in an agency's name alone; sentences of the text may end so too."""
_JOINING = frozenset({"via", "pool", "and", "und", "et", "y", "von", "van", "de", "di", "da"})


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
    if " " in line.text or len(line.text) > _LONGEST_ADDRESS:
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
    if line.words > 18 or len(line.text) > 130 or not _NUMBER.search(line.text):
        return None
    stamp = first_printed(line.text)
    if stamp is None or stamp.precision == "month":
        return None
    rest = line.text[: stamp.start] + line.text[stamp.end :]
    others = len([w for w in rest.split() if any(map(str.isalpha, w))])
    if others <= 4:
        return Verdict("date", "text.date_line", 0.95)
    # An author's name or a place may share the line: a clock or bars show that it is no sentence.
    if others <= 9 and not line.stopped and _CLOCK_OR_BAR.search(rest):
        return Verdict("date", "text.date_and_names", 0.8)
    return None


def _relative_age(line: Line) -> Verdict | None:
    """``3 hours ago`` in any language: a small number among a few short small words, no stop.

    Before the number stand particles at most (``il y a``, ``vor``), then a unit and ``ago``.
    """
    if line.stopped or line.words > _AGE_WORDS or len(line.text) > 32:
        return None
    words = line.text.split()
    place = next((i for i, w in enumerate(words[:4]) if _NUMBER.fullmatch(w)), None)
    if place is None or len(_NUMBER.findall(line.text)) > 2:
        return _unspaced_age(line)
    before, after = words[:place], [w for w in words[place + 1 :] if not _NUMBER.fullmatch(w)]
    if not 1 <= len(after) <= 3 or int(words[place]) > _MOST_AGE:
        return None
    opened = "".join(before)  # only its first letter may be a capital: an acronym opens a title
    if opened[1:] != opened[1:].lower():
        return None
    if not all(_is_word(w) and len(w) <= _PARTICLE for w in before):
        return None
    if not all(_is_word(w) and len(w) <= _AGE_LETTERS for w in after):
        return None
    # German units are capitalised; after a bare number a capital begins a name or a title.
    small = after[1:] if before else after
    return Verdict("date", "text.relative_age", 0.85) if small == [*map(str.lower, small)] else None


def _is_word(word: str) -> bool:
    """Letters with their marks: vowel signs of Indic and Thai words fail ``isalpha``."""
    return all(unicodedata.category(c)[0] in "LM" for c in word)


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
    if line.text.startswith("©") and not line.long_prose:
        return Verdict("credit", "text.copyright_sign", 0.85)
    if _ends_in_credit(line):
        return Verdict("caption", "text.caption_credit", 0.8)
    if _slashed_names(line):
        return Verdict("credit", "text.slashed_names", 0.75)
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
    names_agency = _names_agency(inside)
    slashed = "/" in inside and not any(c.isdigit() for c in inside)
    if found.group().startswith("[") and (slashed or names_agency):
        return Verdict("caption", "text.caption_credit", 0.9)
    if slashed and names_agency and not line.long_prose and lead:
        return Verdict("caption", "text.caption_credit", 0.8)
    if names_agency and lead and line.words <= _TITLE_CAPTION_WORDS and lead[-1] not in ".!?。":
        return Verdict("caption", "text.caption_credit", 0.7)
    return None


def _ends_in_credit(line: Line) -> bool:
    """A caption whose end credits its picture: ``… © Name``, ``… Photo: Name``, ``….Name/Agency``.

    A paragraph of an article ends in a stop, not in a name after a sign or a label for pictures.
    """
    if line.words > _CAPTION_WORDS or line.text.startswith("©"):
        return False
    if "©" in line.text and _COPYRIGHT_END.search(line.text):
        return True
    if line.stopped:
        return False
    if found := _LABEL_END.search(line.text):
        label = labels.prefix(found.group(1) + ":")
        if label and label.role == "caption" and len(found.group(2).split()) <= 8:
            return True
    found = _SLASHED_END.search(line.text) if "/" in line.text else None
    return found is not None and found.start() > 0 and _names_agency(found.group(1))


def _slashed_names(line: Line) -> bool:
    """``Name/Agency`` alone on a line, as picture credits are: no word of it begins small."""
    if "/" not in line.text or line.stopped or not 2 <= line.words <= 7:
        return False
    parts = [part.strip() for part in line.text.split("/")]
    if not all(parts) or len(parts) > _CREDIT_NAMES:
        return False
    words = [w for w in line.text.replace("/", " ").split() if w.casefold() not in _JOINING]
    names = all(w[0].isalpha() and w[0] != w[0].lower() for w in words)
    person = max(len(part.split()) for part in parts) >= 2
    return _names_agency(line.text) or (names and person and len(parts) == 2 and len(words) <= 4)


def _names_agency(text: str) -> bool:
    """True where a part of a credit is an outlet or agency, whole or by its first word."""
    outlets = load_outlets()
    for part in _CREDIT_PARTS.split(text):
        words = part.split()
        if words and (outlets.named(part.strip()) or (len(words) == 2 and outlets.named(words[0]))):
            return True
    return False


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


def is_title_case(line: Line) -> bool:
    """Nearly every longer word is capitalised, as English titles are and headings rarely are."""
    words = [word for word in line.text.split() if len(word) >= 4 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) >= 3 and capitals >= 0.8 * len(words)
