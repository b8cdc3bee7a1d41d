"""What an article says around a thing that it names: the signals by which articles are compared.

A signal is a string ``kind:value``. Two articles that name somebody alike speak of one person only
where they share signals (``pipelines.normalise.clusters``). Kinds:

* ``text``: hash of a sentence that names it and of the place in it: the same in syndicated copy;
* ``role`` (word), ``title`` (role as printed), ``field`` (politics, sport, …), ``topic`` (the field
  of what stands around it), ``country`` (of its role): what somebody is;
* ``place``, ``near`` (ISO 3166-1 alpha-2): a place or country of the same sentence; ``within``: the
  place that a place is said to lie in;
* ``name``: what its sentence names, as printed, whatever it was taken for;
* ``word``: words of its paragraphs that are seldom in news about other things;
* ``with``: what else the article names, ``<entity_id>`` or ``<type>|<key>``;
* ``age``, ``middle`` (initial), ``born`` (an earlier family name), ``alias`` (two names of which
  the article says that they are one person's).
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.normalise.evidence import is_territory, read
from pipelines.normalise.heads import CALENDAR
from pipelines.normalise.names import entity_key, fold_name
from pipelines.normalise.person_names import parse
from pipelines.normalise.printed_roles import (
    age_beside,
    is_said_to_be,
    other_names,
    role_in,
    roles_beside,
    roles_within,
)
from pipelines.normalise.recognise import Passage
from pipelines.normalise.records import LOCAL, Referent, Role
from pipelines.normalise.romanised import plain
from pipelines.normalise.spans import Span
from pipelines.normalise.word_tables import frequent_words, role_words, topic_words

MOST_SIGNALS = 40
MOST_MENTIONS = 4
"""So many mentions of one thing are read for what stands beside them: the first ones."""
SHORTEST_COPY = 10
"""Words of a sentence that two writers do not write alike."""
SHORTEST_TELLING = 5
MOST_WORDS = 10
MOST_CANDIDATES = 3
MOST_TOPICS = 2
LONGEST_READ = 3000
"""Code points of a paragraph that are read for what it is about."""
_TITLE_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CAPITALISED = re.compile(
    r"(?<![^\W_])(?<![.!?] )[^\W\d_a-z][a-zà-ÿ'’-]{2,}(?: [^\W\d_a-z][a-zà-ÿ'’-]{2,}){0,3}"
)
_BREAK = re.compile(r"\n+")
_ORIGIN = re.compile(r"\s*(?:\(|of\s|from\s|,\s(?:of|from)\s)(?:the\s)?")
_INSIDE = re.compile(r",\s(?:in\s)?|\s(?:in|near)\s(?:the\s)?")
_BETWEEN = re.compile(r"(?:\s[a-z]+){0,3}\s")


def signals(
    passages: Sequence[Passage],
    referents: Sequence[Mapping[Span, Referent]],
    roles: Sequence[Mapping[Span, Role]],
) -> dict[Referent, tuple[str, ...]]:
    """The signals of each local referent of one article, sorted, at most MOST_SIGNALS.

    None for known and open ones: their names are not compared. A function of what the article
    prints, whatever the order of the mappings.
    """
    article = _Article(passages, referents, roles)
    return {
        referent: article.around(referent) if referent.reason == LOCAL else ()
        for by_span in referents
        for referent in by_span.values()
    }


@dataclass(frozen=True, slots=True)
class _Mention:
    number: int
    """Of the passage."""
    passage: Passage
    span: Span
    sentence: tuple[int, int]
    paragraph: tuple[int, int]
    role: Role | None


class _Article:
    """One article's mentions, by what they name."""

    def __init__(
        self,
        passages: Sequence[Passage],
        referents: Sequence[Mapping[Span, Referent]],
        roles: Sequence[Mapping[Span, Role]],
    ) -> None:
        self._referents = referents
        self._mentions: dict[Referent, list[_Mention]] = defaultdict(list)
        self._with: dict[str, None] = {}
        self._paragraphs: dict[
            tuple[int, tuple[int, int]], tuple[Counter[str], frozenset[str]]
        ] = {}
        for number, (passage, by_span, role) in enumerate(
            zip(passages, referents, roles, strict=True)
        ):
            paragraphs = [0, *(m.end() for m in _BREAK.finditer(passage.text))]
            length = len(passage.text)
            for span in passage.spans:
                referent = by_span[span]
                if named := _id(referent):
                    self._with[f"with:{named}"] = None
                    if referent.entity_type == "place" and not _is_country(referent):
                        printed = fold_name(passage.text[span.start : span.end])
                        self._with[f"name:{printed}"] = None
                if referent.reason == LOCAL and len(self._mentions[referent]) < MOST_MENTIONS:
                    sentence = _piece(passage.sentence_starts, length, span.start)
                    paragraph = _piece(paragraphs, length, span.start)
                    self._mentions[referent].append(
                        _Mention(number, passage, span, sentence, paragraph, role.get(span))
                    )
        self._sentences: dict[tuple[int, int], tuple[str, tuple[str, ...]]] = {}
        self._aliases = self._said_to_be_one()
        # The same for every referent but for its own: ranked once, and no more than may be taken.
        self._others = sorted((-_weight(text), text) for text in self._with)[: MOST_SIGNALS + 1]

    def around(self, referent: Referent) -> tuple[str, ...]:
        """The signals of one local referent."""
        found = {s for m in self._mentions[referent] for s in self._beside(referent, m)}
        found.update(self._subjects(referent), self._aliases.get(referent, ()))
        own = f"with:{_id(referent)}"
        ranked = {(-_weight(text), text) for text in found}
        ranked.update(pair for pair in self._others if pair[1] != own)
        return tuple(sorted(text for _, text in sorted(ranked)[:MOST_SIGNALS]))

    def _beside(self, referent: Referent, mention: _Mention) -> Iterator[str]:
        start, end = mention.sentence
        key = mention.number, start
        if key not in self._sentences:
            sentence = mention.passage.text[start:end]
            is_long = sentence.count(" ") + 1 >= SHORTEST_COPY
            self._sentences[key] = (
                fold_name(sentence) if is_long else "",
                () if mention.passage.in_headline else tuple(_capitalised(mention, start, end)),
            )
        copied, capitalised = self._sentences[key]
        if copied:
            yield f"text:{_digest(copied, str(mention.span.start - start))}"
        yield from (f"name:{name}" for name in capitalised)
        around = [
            (span, self._referents[mention.number][span])
            for span in _within(mention.passage.spans, start, end)
            if span != mention.span
        ]
        stretches: list[tuple[int, int]] = []
        if referent.entity_type == "person":
            yield from self._person(referent, mention, stretches)
        yield from _places(referent, mention, around, stretches)

    def _person(
        self, referent: Referent, mention: _Mention, stretches: list[tuple[int, int]]
    ) -> Iterator[str]:
        text, span = mention.passage.text, mention.span
        if mention.role is not None:
            yield from _role_signals(mention.role)
        for word, start, end in roles_beside(text, span.start, span.end):
            stretches.append((start, end))
            yield from _word_signals(word)
        for word in roles_within(text[span.start : span.end]):
            yield from _word_signals(word)
        age = age_beside(text, span.start, span.end)
        if age is not None:
            yield f"age:{age}"
        printed = parse(text[span.start : span.end])
        if printed is not None:
            yield from (f"middle:{word}" for word in printed.middle if len(word) == 1)
        yield from self._other_names(referent, text, span.end)

    def _other_names(self, referent: Referent, text: str, end: int) -> Iterator[str]:
        own = parse(referent.name)
        if own is None:
            return
        born, once = other_names(text, end)
        for name in born:
            yield from (f"born:{part}" for part in map(plain, name.split()[-1].split("-")) if part)
        for name in once:
            other = parse(name)
            if other is None or other.given != own.given or other.family == own.family:
                continue
            yield from (f"born:{part}" for part in sorted(other.family))

    def _said_to_be_one(self) -> Mapping[Referent, list[str]]:
        """Persons of whom the article says that they bore another one's name: a sign for both."""
        people = {
            entity_key("person", r.name): r for r in self._mentions if r.entity_type == "person"
        }
        signs: dict[Referent, list[str]] = defaultdict(list)
        for key, referent in people.items():
            given = referent.name.split()[0]
            for mention in self._mentions[referent]:
                text, span = mention.passage.text, mention.span
                born, once = other_names(text, span.end)
                others = [*once, *(f"{given} {family}" for family in born)]
                if is_said_to_be(text, span.start):
                    others += _of_given_name(referent, people.values())
                for name in others:
                    other = people.get(entity_key("person", name))
                    if other is not None and other != referent:
                        pair = sorted((key, entity_key("person", name)))
                        for one, known in ((referent, other), (other, referent)):
                            parsed = parse(known.name)
                            signs[one].append(f"alias:{_digest(*pair)}")
                            if parsed is not None:
                                signs[one] += [f"born:{part}" for part in sorted(parsed.family)]
        return signs

    def _subjects(self, referent: Referent) -> Iterator[str]:
        """What the paragraphs that name it are about: fields, and words seldom in other news."""
        fields: Counter[str] = Counter()
        words: set[str] = set()
        for mention in self._mentions[referent]:
            key = mention.number, mention.paragraph
            if key not in self._paragraphs:
                self._paragraphs[key] = _read(mention.passage.text[slice(*mention.paragraph)])
        for key in {(m.number, m.paragraph) for m in self._mentions[referent]}:
            fields.update(self._paragraphs[key][0])
            words |= self._paragraphs[key][1]
        most = sorted(fields, key=lambda f: (-fields[f], f))[:MOST_TOPICS]
        yield from (f"topic:{topic}" for topic in most)
        yield from (f"word:{word}" for word in _longest(words))


def _of_given_name(referent: Referent, people: Iterable[Referent]) -> list[str]:
    """The one other person of the article with the same given name, if there is one only."""
    own = parse(referent.name)
    found = [
        person.name
        for person in people
        if person != referent
        and own is not None
        and (other := parse(person.name)) is not None
        and other.given == own.given
    ]
    return found if len(found) == 1 else []


def _role_signals(role: Role) -> Iterator[str]:
    words = role.text.split()
    if role.office:
        yield from _word_signals(role.office.replace("_", " "))
    else:
        word = role_in(words)
        if word:
            yield from _word_signals(word)
    if role.country:
        yield f"country:{role.country}"
    if len(words) >= _TITLE_WORDS:
        yield f"title:{fold_name(role.text)}"


def _word_signals(word: str) -> Iterator[str]:
    yield f"role:{word}"
    field_of = role_words().get(word)
    if field_of:
        yield f"field:{field_of}"
        yield f"topic:{field_of}"


def _places(
    referent: Referent,
    mention: _Mention,
    around: Iterable[tuple[Span, Referent]],
    stretches: Sequence[tuple[int, int]],
) -> Iterator[str]:
    """Places and countries of the sentence; whose the name is, where the words say so."""
    text, span = mention.passage.text, mention.span
    for other, named in around:
        country = named.entity.country if named.entity else None
        printed = fold_name(text[other.start : other.end])
        if named.entity is None and named.reason != LOCAL:
            yield f"name:{printed}"
            yield from (f"with:{candidate}" for candidate in named.candidates[:MOST_CANDIDATES])
        if named.entity_type not in ("place", "nationality"):
            continue
        is_place = named.entity_type == "place"
        id_ = _id(named)
        between = text[span.end : other.start] if other.start >= span.end else ""
        if referent.entity_type == "place" and is_place and id_ and _INSIDE.fullmatch(between):
            yield f"within:{id_}"
        if is_place and id_ and not _is_country(named):
            yield f"place:{id_}"
        if country is None:
            continue
        yield f"near:{country}"
        of_role = any(start <= other.start < end for start, end in stretches)
        if referent.entity_type in ("person", "organization") and (
            of_role or _ORIGIN.fullmatch(between) or _is_before(text, named, other, span)
        ):
            yield f"country:{country}"


def _read(paragraph: str) -> tuple[Counter[str], frozenset[str]]:
    """How many words of each field a paragraph has, and what it has that others seldom have."""
    words = set(_WORD.findall(paragraph[:LONGEST_READ]))
    topics, known = topic_words(), _known_words()
    small = {word for word in words if len(word) >= SHORTEST_TELLING and word.islower()} - known
    singular = {w[:-1] if w.endswith("s") and not w.endswith("ss") else w for w in small}
    return (
        Counter(topics[word] for word in map(str.casefold, words) if word in topics),
        # The longest of several paragraphs are among the longest of each.
        frozenset(_longest(singular - known)),
    )


def _longest(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))[:MOST_WORDS]


@functools.cache
def _known_words() -> frozenset[str]:
    return frequent_words() | frozenset(topic_words()) | frozenset(role_words())


def _capitalised(mention: _Mention, start: int, end: int) -> Iterator[str]:
    """Words with a capital inside a sentence that nothing took for a name: they name something."""
    text, spans = mention.passage.text, _within(mention.passage.spans, start, end)
    first = _WORD.search(text, start, end)
    known = role_words()
    for found in _CAPITALISED.finditer(text, first.end() if first else start, end):
        if any(span.start < found.end() and found.start() < span.end for span in spans):
            continue
        words = found.group().split()
        if words[0].casefold()[:3] not in CALENDAR and words[-1].casefold() not in known:
            yield fold_name(found.group())


def _is_country(referent: Referent) -> bool:
    return referent.entity is not None and is_territory(referent.entity.entity_id)


def _is_before(text: str, named: Referent, other: Span, span: Span) -> bool:
    """A nationality right before the name: "French judge NAME", "the Chinese carmaker NAME"."""
    between = text[other.end : span.start]
    return named.entity_type == "nationality" and bool(_BETWEEN.fullmatch(between))


def _weight(text: str) -> int:
    counted = read(text)[2]
    return counted[0].points if counted else MOST_SIGNALS


def _id(referent: Referent) -> str | None:
    if referent.entity:
        return None if referent.entity_type == "nationality" else referent.entity.entity_id
    if referent.reason != LOCAL:
        return None
    return f"{referent.entity_type}|{entity_key(referent.entity_type, referent.name)}"


def _piece(starts: Sequence[int], length: int, at: int) -> tuple[int, int]:
    n = bisect.bisect_right(starts, at)
    return (starts[n - 1] if n else 0), (starts[n] if n < len(starts) else length)


def _within(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    first = bisect.bisect_left(spans, start, key=lambda span: span.start)
    last = bisect.bisect_left(spans, end, key=lambda span: span.start)
    return spans[first:last]


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=6).hexdigest()
