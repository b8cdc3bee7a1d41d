"""What an article prints somebody as: the words beside a name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from pipelines.normalise.catalogue import Catalogue, Match
from pipelines.normalise.names import SUFFIXES
from pipelines.normalise.recognise import Passage
from pipelines.normalise.records import Role
from pipelines.normalise.role_appositions import behind_name
from pipelines.normalise.role_phrases import Phrase, before_name
from pipelines.normalise.role_tokens import Ground, Token, lies_in
from pipelines.normalise.role_words import STATE_OFFICES, RoleWords, prefix_of_time, role_words
from pipelines.normalise.spans import Span
from pipelines.reference.entities import KnownEntity

Country = tuple[int, int, str]
"""Where a country or its people are named, and the country's ISO 3166-1 alpha-2 code."""

# What can follow the sign behind which an apposition stands, or "of".
_BEHIND = re.compile(r"\s{0,2}(?:\([^()\n]{1,30}\)\s?)?(?:[,\u2013\u2014-]|of\s)")
_NEXT_WORD = re.compile(r" ([a-z][a-z-]{2,30})(?![\w'’])")
# Words that are printed as a part of the name that they stand before.
_REGNAL = frozenset({"king", "queen", "emperor", "empress", "pope"})
# Behind these stands where somebody works, not whose office it is: "ambassador to Ukraine".
_ABROAD = frozenset({"to", "in", "at", "from", "on", "with", "for", "à", "para", "en"})
_BANK = frozenset({"bank", "reserve"})


def roles_of(
    passages: Sequence[Passage], catalogue: Catalogue, language: str = "en"
) -> list[Mapping[Span, Role]]:
    """The role beside each person's name that has one, a mapping a passage.

    ``language``: ISO 639-1; the words of roles are known for English, and for titles before names
    in French, German, Spanish, Italian and Portuguese. Elsewhere there are none.
    A role's text is a stretch of the passage, within one line, of at most 120 code points; it
    never holds another person's name. A role says what stands there and nothing more: an office
    has a code only where the words around it do not name a company, a club or a region.
    """
    del catalogue
    words = role_words(language)
    if words is None:
        return [{} for _ in passages]
    return [_of_passage(passage, words) for passage in passages]


def fields_of(role: str, language: str = "en") -> tuple[str, ...]:
    """The fields that the words of a printed role belong to, sorted: politics, sport, law, …"""
    words = role_words(language)
    if words is None:
        return ()
    tokens = Ground(role, words, False, (), ()).tokens(0, len(role))
    printed = [token.word for token in tokens]
    found: set[str] = set()
    end = len(printed)
    while end > 0:
        head = words.head_at(printed, end)
        if head is not None and head[1].field:
            found.add(head[1].field)
        end = head[0] if head is not None else end - 1
    return tuple(sorted(found))


def _of_passage(passage: Passage, words: RoleWords) -> dict[Span, Role]:
    people = [span for span in passage.spans if span.entity_type == "person"]
    if not people:
        return {}
    ground = _ground(passage, words)
    countries = _Countries(passage, ground)
    roles: dict[Span, Role] = {}
    for at, span in enumerate(people):
        floor = people[at - 1].end if at else 0
        ceiling = people[at + 1].start if at + 1 < len(people) else len(passage.text)
        phrase = _phrase(ground, span, floor, ceiling)
        if phrase is not None:
            roles[span] = _role(ground, phrase, countries)
    return roles


def _ground(passage: Passage, words: RoleWords) -> Ground:
    others = [span for span in passage.spans if span.entity_type != "person"]
    named = {(span.start, span.end) for span in others}
    named |= {(m.start, m.end) for m in passage.known if _is_no_person(m.strong)}
    # "français", "russische": printed small, a nationality only in its own language.
    named |= {(m.start, m.end) for m in passage.weak if _are_people(m)}
    organizations = [(s.start, s.end) for s in others if s.entity_type == "organization"]
    return Ground(passage.text, words, passage.in_headline, sorted(named), organizations)


def _is_no_person(entities: Iterable[KnownEntity]) -> bool:
    return all(entity.entity_type != "person" for entity in entities)


def _are_people(match: Match) -> bool:
    return all(entity.entity_type == "nationality" for entity in match.weak)


def _phrase(ground: Ground, span: Span, floor: int, ceiling: int) -> Phrase | None:
    """In front of the name before behind it: a title is nearer to it than an apposition."""
    text = ground.text
    if _is_attribute(ground, span):
        return None
    following = text[span.end : span.end + 2].strip()[:1]
    phrase = None
    first = text[span.start : span.end].split()
    if len(first) > 1 and first[0].casefold() in _REGNAL and first[1].casefold() not in SUFFIXES:
        phrase = before_name(ground, span.start + len(first[0]) + 1, floor, following)
    elif span.start > floor and text[span.start - 1] in " \u00a0":
        phrase = before_name(ground, span.start, floor, following)
    if phrase is None and _BEHIND.match(text, span.end, span.end + 40):
        phrase = behind_name(ground, span.end, ceiling)
    return phrase


def _is_attribute(ground: Ground, span: Span) -> bool:
    """True for a name that is a role, or that describes one: "the Ann Lee biographer …"."""
    printed = ground.text[span.start : span.end].casefold().split()
    if len(printed) > 1 and tuple(printed) in ground.words.heads:
        return True
    behind = _NEXT_WORD.match(ground.text, span.end)
    return behind is not None and ((behind[1],) in ground.words.heads)


class _Countries:
    """The countries that a passage names, by name or by their people's."""

    def __init__(self, passage: Passage, ground: Ground) -> None:
        people = (match for match in passage.weak if _are_people(match))
        self._matches = sorted((*passage.known, *people), key=lambda match: match.start)
        self._starts = [match.start for match in self._matches]
        self._ground = ground

    def within(self, start: int, end: int, *, of_minister: bool = False) -> list[Country]:
        """Those of a stretch, but for the ones in a company's or a club's name.

        ``of_minister``: no company has ministers, so what looks like its name is none
        ("German Transport Minister").
        """
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [
            (match.start, match.end, country)
            for match in self._matches[first:last]
            if match.end <= end and (country := self._country(match, of_minister)) is not None
        ]

    def _country(self, match: Match, of_minister: bool) -> str | None:
        text = self._ground.text
        entities = [e for e in match.strong or match.weak if not _is_plural(match, e, text)]
        found = {e.country for e in entities if e.country and _is_state(e)}
        if len(found) != 1 or (not of_minister and _is_in_private_body(self._ground, match)):
            return None
        return found.pop()


def _is_plural(match: Match, entity: KnownEntity, text: str) -> bool:
    """In front of a role "Indians" is a team's name, "Indian" a country's people."""
    printed = text[match.start : match.end].casefold()
    return entity.entity_type == "nationality" and printed == f"{entity.name}s".casefold()


def _is_in_private_body(ground: Ground, match: Match) -> bool:
    """True inside "Bank of Ghana", false inside "Chinese Foreign Ministry"."""
    for start, end in ground.organizations:
        if start <= match.start and match.end <= end and end - start > match.end - match.start:
            words = ground.text[start:end].split()
            return not any(ground.words.has("public", word) for word in words)
    return False


def _is_state(entity: KnownEntity) -> bool:
    """A country, its people or a ministry of it; not a region or the people of one."""
    if entity.entity_type == "organization":
        return entity.kind == "ministry"
    if entity.entity_type == "place":
        return entity.kind in ("country", "dependency")
    _, _, key = entity.entity_id.rpartition(":")
    return entity.entity_type == "nationality" and (
        key.casefold() == (entity.country or "").casefold() or entity.entity_id.startswith("Q")
    )


def _role(ground: Ground, phrase: Phrase, countries: _Countries) -> Role:
    text = ground.text[phrase.start : phrase.end]
    if phrase.head is None:
        return Role(text)
    of_minister = (phrase.head.office or "").endswith("minister")
    inside = countries.within(phrase.start, phrase.end, of_minister=of_minister)
    head_end = phrase.printed_head[-1].end
    behind = phrase.after[0].folded if phrase.after else ""
    # A spokesman speaks for a country; an envoy for one is sent there.
    abroad = behind in _ABROAD and (behind != "for" or phrase.head.office != "spokesperson")
    qualifying = [c for c in inside if c[1] <= head_end or not abroad]
    return Role(
        text,
        office=_office(ground, phrase, qualifying),
        country=qualifying[0][2] if qualifying else None,
        former=phrase.over or _is_former(phrase, ground.words),
    )


def _is_former(phrase: Phrase, words: RoleWords) -> bool:
    parts = (part for t in (*phrase.before, *phrase.printed_head) for part in t.word.split("-"))
    if _behind(phrase) != phrase.after:
        return True
    whole = [token.word for token in phrase.before]
    if len(phrase.printed_head) == 1:
        head = phrase.printed_head[0]
        if prefix_of_time(head.word) and (head.folded,) not in words.heads:
            return True
    return any(words.has("time", word) for word in (*parts, *whole))


def _office(ground: Ground, phrase: Phrase, countries: Sequence[Country]) -> str | None:
    """The code of the office; None where the words around the head make it another one."""
    words = ground.words
    head = phrase.head
    printed = " ".join(token.folded for token in phrase.printed_head)
    if head is None or any(words.has("under", token.word) for token in phrase.before):
        return None
    office = head.office
    if office == "minister" or (office is None and printed == "secretary"):
        return _portfolio(phrase, words) or office
    if office == "governor" and _is_of_bank(ground, phrase):
        return None
    if office == "speaker" and printed == ground.text[phrase.start : phrase.end]:
        return None
    if office not in STATE_OFFICES or _is_of_state(ground, phrase, countries):
        return office
    return "chair" if office == "president" else None


def _portfolio(phrase: Phrase, words: RoleWords) -> str | None:
    """The minister's field: the longest of the table that stands beside the head."""
    beside = " ".join(token.folded for token in (*phrase.before, *phrase.after))
    found = [
        (len(name), name)
        for name in words.portfolios
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", beside)
    ]
    return words.portfolios[max(found)[1]] if found else None


def _is_of_bank(ground: Ground, phrase: Phrase) -> bool:
    around = (*phrase.before, *phrase.after)
    return any(
        token.folded in _BANK
        or lies_in(ground.organizations, token.start, token.start + len(token.word))
        for token in around
    )


def _is_of_state(ground: Ground, phrase: Phrase, countries: Sequence[Country]) -> bool:
    """True where a state's office is meant: a country, its people or nothing says whose it is."""
    words = ground.words
    if phrase.is_cut or not _is_whole(phrase.printed_head, words, countries):
        return False
    after = _behind(phrase)
    if after and after[0].folded in _ABROAD:
        return False
    return all(_is_states(token, words, countries) for token in (*phrase.before, *after))


def _behind(phrase: Phrase) -> tuple[Token, ...]:
    """The words behind the head without "at the time"."""
    ends = [token.folded for token in phrase.after[-3:]] == ["at", "the", "time"]
    return phrase.after[:-3] if ends else phrase.after


def _is_whole(head: Sequence[Token], words: RoleWords, countries: Sequence[Country]) -> bool:
    """False for a compound with what is no country: "EZB-Präsidentin"."""
    folded = tuple(token.folded for token in head)
    if folded in words.heads or "-" not in head[0].word:
        return True
    return _is_states(head[0], words, countries) or any(
        words.has("time", part) for part in head[0].word.split("-")
    )


def _is_states(token: Token, words: RoleWords, countries: Sequence[Country]) -> bool:
    kinds = ("neutral", "time", "state", "article", "connector")
    return any(start < token.end and token.start < end for start, end, _ in countries) or any(
        words.has(kind, token.word) for kind in kinds
    )
