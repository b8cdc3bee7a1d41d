"""Full text search over headlines and bodies of the current articles: ranked, filtered, in SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.asking import MOST_CHARACTERS, Part, QuestionError, read_question, without_elisions
from pipelines.phrases import Phrase

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HEADLINE_WEIGHT = 3.0
"""A word in the headline counts as much as three in the body, in its length as well: the weighted
fields of Robertson, Zaragoza and Taylor (2004). A headline says what the article is about, but an
article that speaks of it throughout is still found before one that only has it there."""
BATCHES = (5, None)
"""Candidates, a hit that is asked for, whose texts are read for a phrase, the best first, until
enough have it. Their words stand near each other already; up to 50 texts are read one by one, of
more DuckDB reads the whole column. None: all."""
NUMBERS_APART = MOST_CHARACTERS
"""Between the words of one part and those of the next: a part has fewer words than that."""
NEAR_SPELLINGS = 3
NO_INDEX = (
    "this snapshot has no index of words, or not the one that is asked now: an older newsledger"
    " published it; newsledger run publishes a new one"
)


class NoIndexError(RuntimeError):
    """The snapshot cannot be searched; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles may be found. None: any. Days are of the first capture, both included."""

    in_language: str | None = None
    outlet_id: str | None = None
    entity_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    field: str | None = None
    """headline or body; None: both."""


ANY = Wanted()


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that was found."""

    rank: int
    score: float
    day: date
    outlet_id: str
    in_language: str | None
    article_id: str
    headline: str
    article_body: str


@dataclass(slots=True)
class Lookup:
    """What is looked up for a question: the parameters of ``sql/load/search_ranked.sql``."""

    parts: list[Part]
    asked: list[dict[str, Any]] = field(default_factory=list)
    """Words and stems: word_no (negative: must not occur), how, text, stemmer."""
    phrases: list[Phrase] = field(default_factory=list)
    steps: list[dict[str, int]] = field(default_factory=list)
    """Words of the phrases that must be there: phrase_no, place within it, word_no."""
    stemmed: bool = True
    """False: the fts extension is not there, words are looked up as they are."""
    index_stemmed: bool = True
    """False: articles whose language has a stemmer were indexed without one."""


def look_up(
    connection: DuckDBPyConnection, arguments: Iterable[str], wanted: Wanted = ANY
) -> Lookup:
    """Reads a question and reduces its words to stems, in the languages that the index has.

    ``connection`` is a snapshot with search. Raises QuestionError, NoIndexError.
    """
    parts = read_question(arguments)
    lookup = Lookup(parts)
    stemmers = _stemmers(connection, lookup, wanted)
    for number, part in enumerate(parts, start=1):
        _add_part(connection, lookup, part, number * NUMBERS_APART, stemmers)
    if not any(word["word_no"] > 0 for word in lookup.asked):
        raise QuestionError("say at least one word that articles must have")
    return lookup


def _stemmers(connection: DuckDBPyConnection, lookup: Lookup, wanted: Wanted) -> list[str]:
    from pipelines.warehouse.stemming import NO_STEMMER, STEMMERS

    known = connection.execute(
        "SELECT 1 FROM duckdb_columns()"
        " WHERE schema_name = 'search' AND table_name = 'postings' AND column_name = 'positions'"
    ).fetchone()
    if not known:
        raise NoIndexError(NO_INDEX)
    rows = connection.execute(
        "SELECT DISTINCT stemmer, in_language FROM search.documents"
        " WHERE $language IS NULL OR in_language = $language",
        {"language": wanted.in_language},
    ).fetchall()
    lookup.index_stemmed = not any(
        stemmer == NO_STEMMER and (language or "").split("-")[0] in STEMMERS
        for stemmer, language in rows
    )
    loaded = connection.execute(
        "SELECT 1 FROM duckdb_functions() WHERE function_name = 'stem' AND function_type = 'scalar'"
    ).fetchone()
    lookup.stemmed = loaded is not None
    return sorted({stemmer for stemmer, _ in rows})


def _add_part(
    connection: DuckDBPyConnection,
    lookup: Lookup,
    part: Part,
    number: int,
    stemmers: Sequence[str],
) -> None:
    """Several words that are asked as one (a phrase, well-known, a run of Chinese) are a phrase."""
    text = part.text if part.is_phrase else without_elisions(part.text)
    words = _words(connection, text)
    in_pairs = any(word.in_pairs for word in words)
    is_prefix = part.is_prefix and not in_pairs
    numbers = {word: number + offset for offset, word in enumerate(dict.fromkeys(words))}
    if len(words) > 1 and not is_prefix and text == part.text:
        printed = text if in_pairs else " ".join(word.folded for word in words)
        lookup.phrases.append(Phrase(printed, in_pairs, part.is_excluded))
        if not in_pairs and not part.is_excluded:
            lookup.steps += [
                {"phrase_no": number, "place": place, "word_no": numbers[word]}
                for place, word in enumerate(words)
            ]
    if part.is_excluded and len(words) > 1:
        numbers = {words[-1]: number} if is_prefix else {}
    for word, word_no in numbers.items():
        rows = _ways(connection, word, stemmers, is_prefix=is_prefix and word == words[-1])
        lookup.asked += [
            {
                "word_no": -word_no if part.is_excluded else word_no,
                "how": how,
                "text": text,
                "stemmer": stemmer,
            }
            for how, text, stemmer in rows
        ]


def _ways(
    connection: DuckDBPyConnection, word: _Word, stemmers: Sequence[str], *, is_prefix: bool
) -> list[tuple[str, str, str | None]]:
    """The ways to find a word in the index: how, text, stemmer."""
    if is_prefix:
        return [("prefix", word.folded, None)]
    if word.in_pairs and len(word.printed) == 1:
        # A lone character stands in the index within pairs only.
        return [("inside", word.folded, None)]
    stems = connection.execute(
        "SELECT without_accents(stem($word, stemmer)), stemmer"
        " FROM (SELECT unnest($stemmers::VARCHAR[]) AS stemmer) ORDER BY stemmer",
        {"word": word.printed, "stemmers": list(stemmers)},
    ).fetchall()
    return [("word", word.folded, None), *(("stem", stem, stemmer) for stem, stemmer in stems)]


@dataclass(frozen=True, slots=True)
class _Word:
    printed: str
    """In small letters."""
    folded: str
    """Without accents too."""
    in_pairs: bool
    """Of a script of which the index has pairs of characters."""


def _words(connection: DuckDBPyConnection, text: str) -> list[_Word]:
    rows = connection.execute(
        "SELECT printed, without_accents(printed), regexp_matches(printed, $pairs) FROM"
        " (SELECT unnest(words_in(small_letters($text))) AS printed)",
        {"text": text, "pairs": PAIRS},
    ).fetchall()
    return [_Word(*row) for row in rows]


PAIRS = (
    r"^[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}"
    "\u30fc\u3005]"
)
"""Scripts of which the index has pairs of characters; as in ``sql/load/search_macros.sql``."""


def ranked_query(lookup: Lookup, wanted: Wanted, limit: int) -> tuple[str, dict[str, Any]]:
    """``sql/load/search_ranked.sql`` with its conditions on phrases; and its parameters.

    All candidates are looked at; ``find`` goes through them in batches.
    """
    values = {
        "asked": lookup.asked,
        "steps": lookup.steps,
        "in_language": wanted.in_language,
        "outlet_id": wanted.outlet_id,
        "entity_id": wanted.entity_id,
        "first_day": wanted.first_day,
        "last_day": wanted.last_day,
        "body_weight": 0.0 if wanted.field == "headline" else 1.0,
        "headline_weight": {"headline": 1.0, "body": 0.0}.get(wanted.field or "", HEADLINE_WEIGHT),
        "candidates": None if lookup.phrases else limit,
        "shown": limit,
    }
    conditions = []
    for number, phrase in enumerate(lookup.phrases):
        names = {f"pattern_{number}_{n}": pattern for n, pattern in enumerate(phrase.patterns())}
        values |= names
        met = " AND ".join(f"regexp_matches(searched, ${name})" for name in names)
        conditions.append(f"NOT ({met})" if phrase.is_excluded else met)
    sql = project.sql_text("load/search_ranked.sql")
    if conditions:
        sql = sql.replace("WHERE TRUE", "WHERE\n    " + "\n    AND ".join(conditions))
    return sql, values


def find(
    connection: DuckDBPyConnection, lookup: Lookup, wanted: Wanted = ANY, limit: int = 10
) -> list[Hit]:
    """The best articles, at most ``limit``: by score, then the newest, then by article_id."""
    sql, values = ranked_query(lookup, wanted, limit)
    if not lookup.phrases:
        return _hits(connection.execute(sql, values).fetchall())
    found: list[Hit] = []
    for batch in BATCHES:
        values["candidates"] = batch and batch * limit
        found = _hits(connection.execute(sql, values).fetchall())
        if len(found) >= limit:
            break
    return found


def _hits(rows: Iterable[tuple[Any, ...]]) -> list[Hit]:
    return [
        Hit(number, score, day, outlet, language, article, headline or "", body)
        for number, (score, day, outlet, language, article, headline, body) in enumerate(rows, 1)
    ]


def unknown_words(connection: DuckDBPyConnection, lookup: Lookup) -> dict[str, list[str]]:
    """Words asked for that no article prints, each with words near to it that some print."""
    unknown: dict[str, list[str]] = {}
    sql = project.sql_text("load/search_unknown.sql")
    values = {"asked": lookup.asked, "most": NEAR_SPELLINGS}
    for word, near in connection.execute(sql, values).fetchall():
        unknown.setdefault(word, []).extend([near] if near else [])
    return unknown


def found_words(connection: DuckDBPyConnection, lookup: Lookup) -> frozenset[str]:
    """The words of the index (small letters, no accents) that what is asked for stands for."""
    sql = project.sql_text("load/search_words.sql")
    rows = connection.execute(sql, {"asked": lookup.asked}).fetchall()
    return frozenset(word for (word,) in rows)


def sql_of(lookup: Lookup, wanted: Wanted, limit: int) -> str:
    """The query that ``find`` asks, with its values written in: runs in any DuckDB as it is."""
    text, values = ranked_query(lookup, wanted, limit)
    return re.sub(r"\$([a-z_0-9]+)", lambda match: _literal(values[match[1]]), text)


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case date():
            return f"'{value.isoformat()}'"
        case dict():
            return (
                "{" + ", ".join(f"'{key}': {_literal(item)}" for key, item in value.items()) + "}"
            )
        case list():
            items = [_literal(item) for item in value]
            apart = ",\n        " if any(isinstance(item, dict) for item in value) else ", "
            return f"[{apart.join(items)}]"
        case _:
            return str(value)
