"""Every labelled page body, whatever its language, through ``annotate``: nothing fails, no span is off.

How many names are found in a language without a model says how far the catalogue reaches there; whether
they are right is not measured: nobody labelled them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from evals.pages import Page
from pipelines.normalise.annotate import annotate
from pipelines.normalise.records import Annotation, Text


@dataclass(slots=True)
class Tally:
    """Pages of one language."""

    pages: int = 0
    mentions: int = 0
    linked: int = 0
    """Mentions of a known entity."""
    broken: int = 0
    """Mentions whose offsets do not give what they say."""
    failures: list[str] = field(default_factory=list)
    """Page and error."""


def tallies(pages: Iterable[Page]) -> dict[str, Tally]:
    """Tallies by language of all pages that have a labelled body, most pages first."""
    found: dict[str, Tally] = {}
    for page in pages:
        if "body" in page.truth:
            _add(found.setdefault(page.language, Tally()), page)
    return dict(sorted(found.items(), key=lambda item: (-item[1].pages, item[0])))


def _add(tally: Tally, page: Page) -> None:
    text = Text(page.id, 1, page.truth.get("title"), page.truth["body"], page.language)
    tally.pages += 1
    try:
        annotation = annotate(text)
    except Exception as error:  # noqa: BLE001 - which page fails and how is what is counted
        tally.failures.append(f"{page.id}: {error!r}")
        return
    tally.mentions += len(annotation.mentions)
    tally.linked += sum(mention.entity is not None for mention in annotation.mentions)
    tally.broken += broken_spans(text, annotation)


def broken_spans(text: Text, annotation: Annotation) -> int:
    """Mentions that are not what stands at their place."""
    return sum(
        ((text.headline or "") if m.in_headline else text.article_body)[m.start_char : m.end_char]
        != m.exact
        for m in annotation.mentions
    )
