"""Invented short news in which one thing has several names and one name means several things.

``evals/data/across_articles.txt`` and, held out, ``across_articles_held.txt``. The format, a line each::

    @ married-01 married                    a case (its id, its kind): the articles below belong to it
    ## [[Ada Bell|p:bell]] wins in Bled     an article begins; its headline
    [[Bell|p:bell]] led from the start.     a paragraph of its body
    % a remark

``[[printed|id]]`` is a label: what is printed and who or what it is. Ids hold over a whole file; their
letter is the type (p person, o organization, t place). Other names of the text have no label. Who reads
all of a case's articles can tell who is who; surnames alone only ever follow the full name.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from evals.names.documents import Document, Place
from pipelines.normalise.records import Text

DATA = Path(__file__).parents[1] / "data"
FILES = {
    "across_articles": DATA / "across_articles.txt",
    "across_articles_held": DATA / "across_articles_held.txt",
}
KINDS = (
    "namesakes_abroad", "namesakes_near", "transliteration", "married", "initials", "nickname",
    "surname_only", "junior", "surname_first", "organization", "town", "career", "relatives", "title",
)  # fmt: skip
TYPES = {"p": "person", "o": "organization", "t": "place"}
SEED = 20_250_808
FIRST_DAY = date(2025, 1, 6)
_DAYS = 180
_LABEL = re.compile(r"\[\[([^\[\]|]+)\|(\w:[\w-]+)\]\]")


class AcrossError(ValueError):
    """A line of the file cannot be used; names it by number."""


@dataclass(slots=True)
class Case:
    """Articles about the same few people, companies or towns."""

    key: str
    kind: str
    articles: list[Document] = field(default_factory=list)
    things: dict[Place, str] = field(default_factory=dict)
    """Who or what each label is."""


def read_cases(path: Path) -> list[Case]:
    """The cases of a file; each article published on a day of its own, by chance but the same each time.

    Raises:
        AcrossError: a line stands outside a case or an article, or a label is malformed.

    """
    cases: list[Case] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            _read_line(line.strip(), cases)
        except (AcrossError, IndexError) as error:
            raise AcrossError(f"{path.name}:{number}: {error or 'no case or article'}") from error
    articles = [article for case in cases for article in case.articles]
    for article, text in zip(articles, _dated([a.text for a in articles]), strict=True):
        article.text = text
    return cases


def _read_line(line: str, cases: list[Case]) -> None:
    if not line or line.startswith("%"):
        return
    if line.startswith("@"):
        key, kind = line[1:].split()
        if kind not in KINDS:
            raise AcrossError(f"no kind {kind!r}")
        cases.append(Case(key, kind))
        return
    case = cases[-1]
    in_headline = line.startswith("##")
    if in_headline:
        key = f"{case.key}/{len(case.articles) + 1}"
        case.articles.append(Document(key, Text(key, 1, None, "", "en"), {}))
    article = case.articles[-1]
    before = "" if in_headline or not article.text.article_body else "\n\n"
    offset = len(article.text.article_body + before)
    text, labels = _labels(line.removeprefix("##").strip())
    for start, end, thing in labels:
        place = article.key, in_headline, offset + start, offset + end
        article.gold[place] = TYPES[thing[0]]
        case.things[place] = thing
    old = article.text
    headline = text if in_headline else old.headline
    body = old.article_body if in_headline else old.article_body + before + text
    article.text = Text(old.article_id, 1, headline, body, "en")


def _labels(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without marks, and the labelled spans in it."""
    text, at = "", 0
    found = []
    for mark in _LABEL.finditer(marked):
        text += marked[at : mark.start()]
        found.append((len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        at = mark.end()
    text += marked[at:]
    if "[[" in text or "]]" in text:
        raise AcrossError("a label is not [[printed|letter:id]]")
    return text, found


def _dated(texts: list[Text]) -> Iterator[Text]:
    days = random.Random(SEED)
    for text in texts:
        day = FIRST_DAY + timedelta(days=days.randrange(_DAYS))
        yield Text(text.article_id, 1, text.headline, text.article_body, "en", day)


def seen_at(text: Text) -> datetime:
    """When an article is said to have been captured: on its day, at an hour of its own."""
    chance = random.Random(f"{SEED}{text.article_id}")
    midnight = datetime.combine(text.day or FIRST_DAY, datetime.min.time(), UTC)
    return midnight + timedelta(seconds=chance.randrange(86_400))
