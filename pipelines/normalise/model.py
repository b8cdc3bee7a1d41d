"""The statistical recogniser: a small spaCy model a language, paragraph by paragraph."""

from __future__ import annotations

import functools
import importlib
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.normalise.spans import Span
from pipelines.normalise.version import MODELS, model_package

logger = logging.getLogger(__name__)

# Import names of the same official model: the distribution that we pin, then the official one.
PACKAGES = tuple(package.replace("-", "_") for package in MODELS["en"])
MODEL = "en_core_web_sm-3.8.0"

# Only ner and senter run: ner has its own tok2vec, and leaving the shared one out gives the same
# entities 43 % faster (measured on 10,806 entities).
EXCLUDED = ("tok2vec", "tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer")

# "U.S.-Russia" is two places; two surnames so joined are two persons. In French a hyphen joins the
# parts of one name far more often.
HYPHEN_BEFORE_CAPITAL = r"(?<=[A-Za-z.])[-\u2013](?=[A-Z])"
_INFIXES = {"en": (HYPHEN_BEFORE_CAPITAL,)}

# Labels of OntoNotes (English) and of WikiNER (French) as entity types. Dates, amounts, works, laws
# and languages are dropped, and so is MISC, which is any of these or a nationality.
TYPES = {
    "PERSON": "person",
    "PER": "person",
    "ORG": "organization",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "nationality",
    "EVENT": "event",
}

# spaCy needs about 1 GB per million characters; a longer text is read in pieces.
LONGEST_PIECE = 100_000
# Characters that the model reads at once: fewer cost more calls, more leave the processor's cache.
# Of 5, 10, 20 and 40 thousand this was the fastest; a whole article by itself takes a third more.
BATCH_CHARS = 20_000
# Characters after which what they added to the vocabulary is freed: a worker reads millions.
ZONE_CHARS = 200_000
# No word of any language but data, an address, a rule across the page: spaCy's tokenizer takes time
# quadratic in its length (20,000 quotation marks: more than 20 s). It knows no lone surrogates.
_NO_WORD = re.compile("\\S{300,}|[\ud800-\udfff]")
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")
# The confidence of a label for which a model states no precision, nor one over all labels.
UNKNOWN_PRECISION = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model sees in one text. Offsets are code points of that text."""

    spans: tuple[Span, ...]
    sentence_starts: tuple[int, ...]
    """Ascending; the first is 0."""


def available(language: str) -> bool:
    """True where the model of a language (``en``) is installed. Warns once a process if not."""
    return _package(language) is not None


def warm_up(language: str) -> None:
    """Loads the model of a language, once a process; nothing where there is none."""
    if available(language):
        _pipeline(language)


def paragraphs(text: str) -> list[tuple[int, str]]:
    """The text in the pieces that the model reads by themselves: offset and paragraph.

    Paragraphs end at blank lines; one longer than ``LONGEST_PIECE`` is cut. They begin and end with
    a sign that is no space, so the same paragraph in two articles (syndicated copy) is the same
    piece wherever it stands, and need be read once.
    """
    pieces = []
    start = 0
    for end in [*(found.end() for found in _PARAGRAPH_BREAK.finditer(text)), len(text)]:
        for at in range(start, end, LONGEST_PIECE):
            piece = text[at : min(at + LONGEST_PIECE, end)]
            stripped = piece.lstrip()
            if stripped:
                pieces.append((at + len(piece) - len(stripped), stripped.rstrip()))
        start = end
    return pieces


def read_paragraphs(language: str, texts: Sequence[str]) -> Iterator[Reading]:
    """Names and sentences of each paragraph, in the order given.

    A paragraph's reading does not depend on those beside it. Raises LookupError where the language
    has no model here (``available``).
    """
    if not available(language):
        raise LookupError(f"no model for {language!r}")
    pipeline = _pipeline(language)
    for zone in in_portions(texts, ZONE_CHARS):
        # Nothing of spaCy's leaves the zone, and no reader holds it open.
        with pipeline.nlp.memory_zone():
            readings = [
                _reading(doc, pipeline.confidence)
                for batch in in_portions(zone, BATCH_CHARS)
                for doc in pipeline.nlp.pipe(map(_words_only, batch), batch_size=len(batch))
            ]
        yield from readings


def read(text: str, language: str, known: Mapping[str, Reading] | None = None) -> Reading | None:
    """Names and sentences of a text; None where its language has no model here.

    ``known``: readings by paragraph, for those that were read already. Where that is all of them,
    the model is not loaded.
    """
    if not available(language):
        return None
    pieces = paragraphs(text)
    known = known or {}
    missing = list(dict.fromkeys(piece for _, piece in pieces if piece not in known))
    found = dict(zip(missing, read_paragraphs(language, missing), strict=True)) if missing else {}
    spans: list[Span] = []
    starts = {0}
    for offset, piece in pieces:
        reading = known.get(piece) or found[piece]
        starts.update(offset + start for start in reading.sentence_starts)
        spans.extend(
            Span(s.start + offset, s.end + offset, s.entity_type, s.recognizer, s.confidence)
            for s in reading.spans
        )
    return Reading(tuple(spans), tuple(sorted(starts)))


def in_portions(texts: Iterable[str], characters: int) -> Iterator[list[str]]:
    """Consecutive texts together: each portion as many as have so many characters, at least one."""
    portion: list[str] = []
    size = 0
    for text in texts:
        if portion and size + len(text) > characters:
            yield portion
            portion, size = [], 0
        portion.append(text)
        size += len(text)
    if portion:
        yield portion


def _words_only(text: str) -> str:
    return _NO_WORD.sub(lambda run: " " * len(run.group()), text)


def _reading(doc: Any, confidence: Callable[[str], float]) -> Reading:
    spans = tuple(
        Span(ent.start_char, ent.end_char, TYPES[ent.label_], "spacy", confidence(ent.label_))
        for ent in doc.ents
        if ent.label_ in TYPES
    )
    starts = {0, *(sentence.start_char for sentence in doc.sents)}
    return Reading(spans, tuple(sorted(starts)))


@dataclass(frozen=True, slots=True)
class _Pipeline:
    nlp: Any
    confidence: Callable[[str], float]
    """Of a label's spans: the precision that the model's own evaluation states."""


@functools.cache
def _package(language: str) -> str | None:
    package = model_package(language)
    if package is None and language in MODELS:
        logger.warning(
            "no spaCy model for %r: names are found by the catalogue alone; install the package %s",
            language,
            MODELS[language][0],
        )
    return package


@functools.cache
def _pipeline(language: str) -> _Pipeline:
    package = _package(language)
    if package is None:
        raise LookupError(f"no model for {language!r}")
    import spacy

    # thinc's own matrix products (BLIS): to the bit, a row's result does not depend on the rows
    # beside it, which is not so with numpy's; so a batch changes no reading.
    nlp = importlib.import_module(package.replace("-", "_")).load(exclude=list(EXCLUDED))
    nlp.enable_pipe("senter")
    if extra := _INFIXES.get(language):
        infixes = [*nlp.Defaults.infixes, *extra]
        nlp.tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
    return _Pipeline(nlp, functools.cache(functools.partial(_precision, nlp.meta["performance"])))


def _precision(performance: Mapping[str, Any], label: str) -> float:
    """Of a label, else (French states none by label) of all."""
    by_label = performance.get("ents_per_type", {}).get(label, {}).get("p")
    return round(by_label or performance.get("ents_p") or UNKNOWN_PRECISION, 3)
