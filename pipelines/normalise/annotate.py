"""One article's text in, its mentions with their entities out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.normalise.names import entity_key
from pipelines.normalise.records import (
    LINKED_REASONS,
    LOCAL,
    OPEN_REASONS,
    Annotation,
    Mention,
    Referent,
    Text,
)

if TYPE_CHECKING:
    from pipelines.normalise.catalogue import Catalogue
    from pipelines.normalise.model import Reading
    from pipelines.normalise.spans import Span

CONTEXT = 32
"""Code points of prefix and suffix (W3C Text Quote Selector)."""

# A text of unknown language is English where this share of its words are these.
_ENGLISH_WORDS = frozenset(
    {"the", "of", "and", "to", "in", "is", "that", "for", "was", "said", "on", "with", "as", "at"}
)
_ENGLISH_SHARE = 0.1
_WORD = re.compile(r"[^\W\d_]+")
_RANK = {reason: rank for rank, reason in enumerate((*LINKED_REASONS, LOCAL, *OPEN_REASONS))}


def warm_up() -> None:
    """Load the model and the catalogue, for example as a process pool's initializer."""
    annotate(Text("", 0, None, "The first word.", "en"))


def annotate(
    text: Text,
    catalogue: Catalogue | None = None,
    readings: Mapping[str, Reading] | None = None,
) -> Annotation:
    """Find and resolve the names of one article.

    A pure function of the text and the catalogue (by default the one that ships with the
    package). Languages with a model go through the model and the catalogue, others through the
    catalogue alone. Offsets are code points of ``article_body`` or ``headline``;
    ``text[start_char:end_char] == exact`` always holds, and mentions of one text never overlap.
    Mentions of the headline come first, each text's in order.

    ``readings``: what the model saw in the text's paragraphs, for those that were read already.
    """
    from pipelines.normalise import model
    from pipelines.normalise.catalogue import default_catalogue
    from pipelines.normalise.confidence import calibrated
    from pipelines.normalise.consistency import consistent
    from pipelines.normalise.context import signals
    from pipelines.normalise.recognise import recognise
    from pipelines.normalise.resolve import resolve
    from pipelines.normalise.roles import roles_of
    from pipelines.normalise.sentences import sentence_number

    catalogue = catalogue or default_catalogue()
    language = language_of(text)
    passages = consistent(
        [
            recognise(
                part,
                catalogue,
                model.read(part, language, readings),
                english=language == "en",
                in_headline=in_headline,
            )
            for part, in_headline in _parts(text)
        ],
        catalogue,
    )
    referents = resolve(passages, catalogue, text.day)
    roles = roles_of(passages, catalogue, language)
    united = _united(referents, signals(passages, referents, roles))
    mentions: list[Mention] = []
    for passage, by_span, role in zip(passages, referents, roles, strict=True):
        mentions.extend(
            Mention(
                mention_type=span.entity_type,
                exact=passage.text[span.start : span.end],
                start_char=span.start,
                end_char=span.end,
                in_headline=passage.in_headline,
                sentence_no=sentence_number(passage.sentence_starts, span.start),
                confidence=calibrated(span, passage),
                recognizer=span.recognizer,
                referent=united[by_span[span]],
                role=role.get(span),
                prefix=passage.text[max(0, span.start - CONTEXT) : span.start],
                suffix=passage.text[span.end : span.end + CONTEXT],
            )
            for span in passage.spans
        )
    return Annotation(text.article_id, text.version, tuple(mentions))


def _united(
    referents: Sequence[Mapping[Span, Referent]], context: Mapping[Referent, tuple[str, ...]]
) -> dict[Referent, Referent]:
    """One referent for each thing: the strongest reason by which any of its forms is known."""
    alike: dict[object, list[Referent]] = defaultdict(list)
    for by_span in referents:
        for referent in by_span.values():
            alike[_identity(referent)].append(referent)
    united: dict[Referent, Referent] = {}
    for group in alike.values():
        first = min(group, key=lambda r: (_RANK[r.reason], -len(r.name), r.name))
        around = sorted({signal for referent in group for signal in context[referent]})
        one = replace(first, context=tuple(around))
        united.update((referent, one) for referent in group)
    return united


def _identity(referent: Referent) -> object:
    if referent.entity:
        return referent.entity.entity_id
    key = entity_key(referent.entity_type, referent.name)
    return referent.entity_type, key or referent.name, referent.reason, referent.candidates


def language_of(text: Text) -> str:
    """ISO 639-1 code: as stated, else English where its words are frequent, else empty."""
    if text.in_language:
        return text.in_language.casefold().split("-")[0].split("_")[0]
    words = _WORD.findall(f"{text.headline or ''} {text.article_body}".casefold())
    share = sum(word in _ENGLISH_WORDS for word in words)
    return "en" if words and share / len(words) >= _ENGLISH_SHARE else ""


def _parts(text: Text) -> Iterator[tuple[str, bool]]:
    if text.headline:
        yield text.headline, True
    yield text.article_body, False
