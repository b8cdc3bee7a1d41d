"""Texts -> texts with what the models see in them: every paragraph goes through a model once."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.normalise import model
from pipelines.normalise.annotate import language_of
from pipelines.normalise.readings import pack, unpack
from pipelines.normalise.version import model_version

if TYPE_CHECKING:
    from pipelines.compute import Compute
    from pipelines.normalise.model import Reading
    from pipelines.normalise.readings import Readings
    from pipelines.normalise.records import Text

WORK_CHARS = 40_000
"""Characters of one work item: about half a second, and enough for the model to be at its best."""


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text and the readings of its paragraphs, as a worker gets them."""

    text: Text
    packed: dict[str, bytes]
    """By paragraph, as ``readings.pack`` gives them; empty where its language has no model."""
    error: str | None = None
    """Why one of its paragraphs could not be read; then nothing is to be made of the text."""

    def readings(self) -> dict[str, Reading]:
        """By paragraph. One that was damaged where it was kept is left out, to be read again."""
        found = {}
        for paragraph, packed in self.packed.items():
            try:
                found[paragraph] = unpack(packed)
            except ValueError:
                continue
        return found


@dataclass(slots=True)
class ReadingReport:
    """What reading some texts took."""

    paragraphs: int = 0
    """Different ones of the texts, headlines included, where their language has a model."""
    read: int = 0
    """Those of them that a model read now: they were not kept."""


def read_texts(
    compute: Compute, kept: Readings, texts: Sequence[Text], report: ReadingReport
) -> list[ReadText]:
    """The texts with their readings, in the order given; new readings are kept.

    Each different paragraph that is not kept goes through its language's model once, many at a
    time. One that raises, hangs or kills its worker spoils the texts that it is in, no others.
    """
    by_language: dict[str, list[Text]] = defaultdict(list)
    for text in texts:
        by_language[language_of(text)].append(text)
    read: dict[int, ReadText] = {}
    for language, alike in sorted(by_language.items()):
        version = model_version(language) if model.available(language) else None
        if version is None:
            read.update((id(text), ReadText(text, {})) for text in alike)
            continue
        pieces = [paragraphs_of(text) for text in alike]
        wanted = list(dict.fromkeys(piece for of_text in pieces for piece in of_text))
        packed = kept.find(language, version, wanted)
        unread = [piece for piece in wanted if piece not in packed]
        report.paragraphs += len(wanted)
        report.read += len(unread)
        new, errors = _read(compute, language, unread)
        kept.add(language, version, new)
        packed |= new
        for text, of_text in zip(alike, pieces, strict=True):
            error = next((errors[piece] for piece in of_text if piece in errors), None)
            of_it = {} if error else {piece: packed[piece] for piece in of_text}
            read[id(text)] = ReadText(text, of_it, error)
    return [read[id(text)] for text in texts]


def paragraphs_of(text: Text) -> list[str]:
    """The different paragraphs of headline and body, as the model reads them."""
    parts = (text.headline or "", text.article_body)
    return list(dict.fromkeys(piece for part in parts for _, piece in model.paragraphs(part)))


def _read(
    compute: Compute, language: str, unread: Sequence[str]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """New readings, and why there is none, by paragraph."""
    found: dict[str, bytes] = {}
    suspects: list[list[str]] = []
    share = sum(map(len, unread)) // compute.workers + 1
    portions = model.in_portions(unread, min(WORK_CHARS, share))
    for portion, packed, _ in _outcomes(compute, language, portions):
        if packed is None:
            suspects += [[paragraph] for paragraph in portion]
        else:
            found |= zip(portion, packed, strict=True)
    errors: dict[str, str] = {}
    for (paragraph,), packed, error in _outcomes(compute, language, suspects):
        if packed is None:
            errors[paragraph] = str(error)
        else:
            found[paragraph] = packed[0]
    return found, errors


def _outcomes(
    compute: Compute, language: str, portions: Iterable[list[str]]
) -> Iterator[tuple[list[str], list[bytes] | None, str | None]]:
    warm_up = functools.partial(model.warm_up, language)
    for outcome in compute.run(functools.partial(_packed, language), portions, warm_up):
        yield outcome.item, outcome.result, outcome.error


def _packed(language: str, paragraphs: list[str]) -> list[bytes]:
    """In a worker."""
    return [pack(reading) for reading in model.read_paragraphs(language, paragraphs)]
