"""Exact spans of names, with their type where it is labelled, bare spaCy beside us.

F1 over all documents together: 2 x hits through labels and findings. Optional spans and those outside
the labelled part count neither way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evals.bootstrap import Contribution, figure
from evals.names.bare import BARE_SPACY, ents
from evals.names.documents import Document, Place
from evals.readers import OURS
from evals.scores import ENTITY_TYPES

Spans = Mapping[Place, str]
"""Span and type."""


def readings(document: Document) -> dict[str, Spans]:
    """What each reader finds in a document."""
    return {
        OURS: {document.place(m): m.mention_type for m in document.annotation.mentions},
        BARE_SPACY: {place: ent.entity_type for place, ent in ents(document).items()},
    }


def span_scores(
    document: Document, said: Spans, *, typed: bool, only: str | None = None
) -> dict[str, Contribution]:
    """What one reading of a document adds to each measure of spans.

    Args:
        document: the labels.
        said: the reading.
        typed: the labels have types: spans are compared with their type, and by type.
        only: of the reading, spans of this type alone.

    """
    said = {p: t for p, t in said.items() if document.labelled(p) and only in (None, t)}
    true = document.gold
    if not typed:
        return {"span_f1": _f1(true, said)}
    found = {"typed_span_f1": _f1(true.items(), said.items())}
    for kind in ENTITY_TYPES:
        of_kind = [{p for p, t in spans.items() if t == kind} for spans in (true, said)]
        found[f"{kind}_span_f1"] = _f1(*of_kind)
    return found


def f1(
    documents: Iterable[Document], reader: str, *, typed: bool, only: str | None = None
) -> float:
    """One reader's F1 over some documents together, as ``span_scores`` counts."""
    name = "typed_span_f1" if typed else "span_f1"
    scores = (span_scores(d, readings(d)[reader], typed=typed, only=only) for d in documents)
    return figure([score[name] for score in scores]) or 0.0


def _f1(true: Iterable[object], said: Iterable[object]) -> Contribution:
    one, other = set(true), set(said)
    return 2.0 * len(one & other), float(len(one) + len(other))
