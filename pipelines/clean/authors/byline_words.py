"""Words around names in bylines, read from ``data/byline_words.csv``."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.clean.characters.spacing import match_key
from pipelines.clean.fields.dates import month_number

_TABLE = Path(__file__).parents[1] / "data" / "byline_words.csv"
_OPENERS = ("by", "other", "source", "label")
_LONGEST_OPENER = 5
_FREE = 4
"""Letters from which an opening word counts on pages in any language; shorter ones ("di", "na",
"por") are names or other words elsewhere."""
_EVERYWHERE = frozenset({"by", "via"})
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ARTICLE = re.compile(r"^(?:the|der|die|das|la|le|il|el|los|las|les)\s+", re.IGNORECASE)
_AND_EVERYWHERE = frozenset({"and", "und", "et", "y", "e"})
_WORDS = re.compile(r"[\s:/|.(]+")
_HAN_NAME = re.compile("[\u3400-\u9fff]{2,4}")
_LONGEST_DESK = 60
_LONGEST_JOB = 4
_MOST_FRAME = 12
"""Words of a date or a role before "by" inside a line."""
_COLONS = ":/"


@dataclass(frozen=True, slots=True)
class Opener:
    """A word or phrase that opens a credit."""

    kind: str
    """by, other (pictures, editing, translation) or source."""
    rest: str


@functools.cache
def _forms() -> dict[str, dict[str, frozenset[str]]]:
    """Languages by form, by kind."""
    table: dict[str, dict[str, set[str]]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            form = row["form"].casefold().rstrip(".")
            table.setdefault(row["kind"], {}).setdefault(form, set()).add(row["language"])
    return {
        kind: {form: frozenset(languages) for form, languages in forms.items()}
        for kind, forms in table.items()
    }


@functools.cache
def particles() -> frozenset[str]:
    """Small words inside names (``van``, ``de``, ``bin``), case folded."""
    return frozenset(_forms()["particle"])


@functools.cache
def _unspaced_openers() -> tuple[tuple[str, str], ...]:
    """Openers in scripts that do not part words, longest first, with their kind."""
    found = [(form, kind) for kind in _OPENERS for form in _forms()[kind] if _UNSPACED.match(form)]
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair)))


@functools.cache
def _first_words() -> frozenset[str]:
    """First words of the phrases that open an author's credit."""
    return frozenset(form.split()[0] for kind in ("by", "label") for form in _forms()[kind])


def may_open(text: str) -> bool:
    """False for a line that holds no word for "by" or "author": a quick test before reading it."""
    if _UNSPACED.search(text):
        return True
    first = _first_words()
    return any(token in first for token in _WORDS.split(text.casefold()))


def opener(segment: str, language: str | None) -> Opener | None:
    """The credit word that ``segment`` starts with, the longest, or None."""
    tokens = segment.split(" ", _LONGEST_OPENER)
    for length in range(min(_LONGEST_OPENER, len(tokens)), 0, -1):
        head = " ".join(tokens[:length])
        rest = " ".join(tokens[length:]).strip()
        key = head.casefold().rstrip(":/.- ")
        marked = head[-1:] in _COLONS or rest[:1] in {":", "/"}
        for kind in _OPENERS:
            languages = _forms()[kind].get(key)
            if languages and _opens(kind, key, rest, language, languages, marked=marked):
                return Opener("by" if kind == "label" else kind, rest.lstrip(":/ "))
    return _unspaced_opener(segment)


def _opens(
    kind: str, key: str, rest: str, language: str | None, languages: frozenset[str], *, marked: bool
) -> bool:
    if marked or not rest:
        return (
            marked
            or kind != "by"
            or key in _EVERYWHERE
            or len(key) >= _FREE
            or (language in languages)
        )
    if kind == "label":
        return False
    if kind == "by":
        return _speaks(key, language, languages) and not rest[:1].islower()
    if kind == "other":
        return " " in key or (language in languages and key not in _forms()["role"])
    return " " in key or key in _EVERYWHERE


def _speaks(key: str, language: str | None, languages: frozenset[str]) -> bool:
    if key in _EVERYWHERE or len(key) >= _FREE or language in languages:
        return True
    return language is None and key not in particles()


def _unspaced_opener(segment: str) -> Opener | None:
    if not _UNSPACED.match(segment):
        return None
    for form, kind in _unspaced_openers():
        if not segment.startswith(form):
            continue
        rest = segment[len(form) :]
        if rest[:1] in {"", ":", "/", " "} or len(form) > 1:
            return Opener("by" if kind == "label" else kind, rest.lstrip(":/ "))
    return None


def by_inside(segment: str, language: str | None) -> str | None:
    """What follows a word for "by" inside ``segment`` where only a date or a role comes before."""
    tokens = segment.split()
    for place, token in enumerate(tokens[: min(len(tokens) - 1, _MOST_FRAME)]):
        key = token.casefold().rstrip(":")
        languages = _forms()["by"].get(key)
        if place and languages and _speaks(key, language, languages):
            if key in particles() and language not in languages:
                return None
            return " ".join(tokens[place + 1 :])
        if not (any(map(str.isdigit, token)) or is_calendar(token) or _is_frame(token)):
            return None
    return None


def _is_frame(token: str) -> bool:
    key = token.casefold().strip(".,:")
    return any(key in _forms()[kind] for kind in ("stop", "role", "qualifier", "desk")) or not key


@functools.cache
def _others_inside() -> re.Pattern[str]:
    phrases = [form for form in _forms()["other"] if " " in form]
    listed = "|".join(re.escape(form) for form in sorted(phrases, key=lambda f: (-len(f), f)))
    return re.compile(rf"[\s,.]+(?:{listed})\s", re.IGNORECASE)


def before_other(segment: str) -> str:
    """``segment`` up to a credit for pictures, editing or translation inside it."""
    if segment.count(" ") < 3:
        return segment
    found = _others_inside().search(segment)
    return segment[: found.start()] if found else segment


@functools.cache
def _and(language: str | None) -> re.Pattern[str]:
    forms = {
        form
        for form, languages in _forms()["and"].items()
        if form in _AND_EVERYWHERE or language in languages
    }
    listed = "|".join(re.escape(form) for form in sorted(forms, key=lambda f: (-len(f), f)))
    return re.compile(rf"\s+({listed}|{listed.upper()})\s+")


def split_and(text: str, language: str | None) -> list[str]:
    """``text`` at its words for "and".

    One letter joins names only where two words or more stand on either side: it joins the two
    halves of a Spanish or Catalan surname as well.
    """
    pieces = _and(language).split(text)
    parts = [pieces[0]]
    for word, following in zip(pieces[1::2], pieces[2::2], strict=True):
        lone = " " not in parts[-1].strip() or " " not in following.strip()
        if len(word) == 1 and word.casefold() in {"y", "e", "i", "a"} and lone:
            parts[-1] = f"{parts[-1]} {word} {following}"
        else:
            parts.append(following)
    return parts


def without_roles(part: str) -> str:
    """``part`` less titles of jobs before or after the name, and less what a small word opens."""
    tokens = _before_stop(part.split())
    tokens = _without_suffix(tokens)
    return " ".join(_before_job(_after_job(tokens))).strip(" ,;:–—-/'’\"“”„«»")


def _after_job(tokens: list[str]) -> list[str]:
    """A name without the job before it: "chief political correspondent Jane Roe"."""
    roles = [place for place, token in enumerate(tokens) if _key(token) in _forms()["role"]]
    if not roles or not _is_job(tokens[0]):
        return tokens
    start = 0
    while start < len(tokens) and _is_job(tokens[start]):
        start += 1
    behind = next((role + 1 for role in roles if role <= _LONGEST_JOB), 0)
    return tokens[max(start, behind) :] if max(start, behind) > roles[0] else tokens


def _before_job(tokens: list[str]) -> list[str]:
    """A name without the job behind it: from the first word of the job on, "political" say."""
    if not any(_key(token) in _forms()["role"] for token in tokens[1:]):
        return tokens
    end = next((i for i, token in enumerate(tokens) if i > 1 and _is_job(token)), None)
    return [] if end is None else tokens[:end]


@functools.cache
def _stops() -> frozenset[str]:
    """Words that end a name: small ones, "posted", what the page invites to do."""
    return frozenset(_forms()["stop"]) | frozenset(_forms()["action"])


def _before_stop(tokens: list[str]) -> list[str]:
    stops = _stops()
    for place, token in enumerate(tokens):
        key = _key(token)
        if key not in stops or key in particles():
            continue
        if token.islower() or (len(key) >= _FREE and place == 0) or (len(key) > 2 and place > 1):
            tokens = tokens[:place]
            break
    while (
        tokens
        and tokens[-1].islower()
        and (_key(tokens[-1]) in stops or _key(tokens[-1]) in particles())
    ):
        tokens = tokens[:-1]
    return tokens


def _without_suffix(tokens: list[str]) -> list[str]:
    """Names in scripts where the job follows the name, as a word or as its last characters."""
    if not any(map(_UNSPACED.match, tokens)):
        return tokens
    suffixes = _forms()["suffix"]
    for place, token in enumerate(tokens):
        if token in suffixes and place:
            return tokens[place - 1 : place] if _is_hangul(token) else tokens[:place]
        ending = next((s for s in suffixes if token.endswith(s) and len(token) - len(s) >= 2), None)
        if ending:
            bare = token[: -len(ending)]
            return [bare] if _is_hangul(token) else [*tokens[:place], bare]
    return tokens


def is_signed(part: str) -> bool:
    """True for a name with its job behind it, as Korean bylines print each author's."""
    tokens = part.split()
    if not any(map(_is_hangul, tokens)):
        return False
    suffixes = _forms()["suffix"]
    return any(_is_hangul(t) and (t in suffixes or t.endswith(tuple(suffixes))) for t in tokens)


def split_spaced(part: str) -> list[str]:
    """Chinese names of two to four characters with spaces between them, one each."""
    tokens = part.split()
    if len(tokens) > 1 and all(_HAN_NAME.fullmatch(token) for token in tokens):
        return tokens
    return [part]


def _is_hangul(token: str) -> bool:
    return "\uac00" <= token[:1] <= "\ud7a3"


def _key(token: str) -> str:
    return token.casefold().strip(".,;:()–—-'’\"“”")


def _is_job(token: str) -> bool:
    key = _key(token)
    forms = _forms()
    return key in forms["role"] or key in forms["qualifier"] or key in {"&", "and", "-", "of"}


def is_role(part: str) -> bool:
    """True where a word of ``part`` is a job at a news desk."""
    return any(_key(token) in _forms()["role"] for token in part.split())


def is_desk(part: str) -> bool:
    """True for a team's name: one of its words says so ("staff", "Redaktion", "編集部")."""
    desks = _forms()["desk"]
    if len(part) > _LONGEST_DESK:
        return False
    if any(half in desks for token in part.split() for half in _key(token).split("-")):
        return True
    return bool(_UNSPACED.search(part)) and part.endswith(_unspaced_desks())


@functools.cache
def _unspaced_desks() -> tuple[str, ...]:
    return tuple(sorted(form for form in _forms()["desk"] if _UNSPACED.match(form)))


def is_company(part: str) -> bool:
    """True for the name of a firm or an institution: its form says so ("Inc", "GmbH")."""
    forms = _forms()["company"]
    tokens = [token.casefold().rstrip(",.") for token in part.split()]
    if any(token in forms for token in tokens[1:]):
        return True
    return bool(_UNSPACED.search(part)) and any(
        form in part for form in forms if _UNSPACED.match(form)
    )


def is_account(name: str) -> bool:
    """True for accounts that publishing systems create."""
    return name.casefold() in _forms()["account"]


def is_flag(text: str) -> bool:
    """True for what desks print in capitals before a dash that is no place ("UPDATE –")."""
    return text.casefold().strip(" .:") in _forms()["flag"]


def is_day(text: str) -> bool:
    """True for the name of a day of the week."""
    return _key(text) in _forms()["day"]


def is_date_word(text: str) -> bool:
    """True for the name of a day or a month."""
    return is_day(text) or month_number(_key(text)) is not None


def is_calendar(token: str) -> bool:
    """True for a month, a day of the week or the word before a date."""
    key = _key(token)
    if key in _forms()["day"] or month_number(key) is not None:
        return True
    return key in _forms()["stop"] and not key[:1].isupper()


def ends_name(word: str) -> bool:
    """True for a word that templates print right behind a name: a job, a month, "posted"."""
    key = word.casefold()
    forms = _forms()
    return len(key) > 2 and (
        key in forms["role"]
        or key in forms["desk"]
        or key in forms["stop"]
        or key in forms["action"]
        or key in forms["day"]
        or month_number(key) is not None
    )


@functools.cache
def _places() -> frozenset[str]:
    from pipelines.reference.tables import forms, rows

    found: set[str] = set()
    for table in ("places", "territories"):
        for _, row in rows(table):
            strong, weak = forms(row)
            found.update(match_key(form) for form in (row["name"], *strong, *weak))
    return frozenset(found)


def is_place(name: str) -> bool:
    """True for a capital, city or country of the reference catalogue."""
    return match_key(name) in _places()


def without_article(name: str) -> str:
    """``name`` without a leading article."""
    return _ARTICLE.sub("", name)
