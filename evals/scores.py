"""Measures and the scores of one set: what tables, floors, goals and comparisons share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evals.bootstrap import Contribution

UNCOUNTED: Contribution = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of the tables."""

    name: str
    title: str
    contrast: str = "difference"
    """How two readers are compared: ``difference`` or ``ratio``."""
    of_names: bool = False
    """Of mentions and entities; else of pages."""
    relative: str = ""
    """Title of our figure through the other's, for figures that are the machine's as much as ours: runs
    are compared by it, and no floor holds them."""


def _of_names(name: str, title: str, contrast: str = "difference", relative: str = "") -> Measure:
    return Measure(name, title, contrast, of_names=True, relative=relative)


ENTITY_TYPES = ("person", "organization", "place", "nationality", "event")

MEASURES = {
    measure.name: measure
    for measure in (
        Measure("body_token_f1", "body token F1"),
        Measure("body_shingle_f1", "body shingle F1"),
        Measure("title", "title"),
        Measure("date", "date"),
        Measure("authors", "authors"),
        Measure("kept", "wanted kept"),
        Measure("left_out", "unwanted out"),
        Measure("line_roles", "line roles"),
        Measure("line_kept", "lines kept or cut"),
        Measure("mentions", "mentions F1"),
        Measure("speed", "pages/CPU s", "ratio", relative="speed / trafilatura's"),
        _of_names("span_f1", "span F1"),
        _of_names("typed_span_f1", "span + type F1"),
        *(_of_names(f"{kind}_span_f1", f"span + type F1, {kind}") for kind in ENTITY_TYPES),
        _of_names("canonical", "canonical name"),
        _of_names("link_precision", "link precision"),
        _of_names("link_precision_exact", "link precision, exact spans"),
        _of_names("link_coverage", "link coverage"),
        _of_names("link_coverage_exact", "link coverage, exact spans"),
        _of_names("bcubed_f1", "B-cubed F1"),
        _of_names("bcubed_precision", "B-cubed precision"),
        _of_names("bcubed_recall", "B-cubed recall"),
        _of_names("found", "mentions found"),
        _of_names("cost", "CPU s a 1,000 words", "ratio", "cost / bare spaCy's"),
    )
}
"""Every measure of a set, in the order of the tables."""


@dataclass(slots=True)
class Scored:
    """Scores of one set: for each reader and measure a contribution a page, None: no such label."""

    name: str
    digest: str
    ids: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    scores: dict[str, dict[str, list[Contribution | None]]] = field(default_factory=dict)

    def add(
        self, page: str, language: str, found: Mapping[str, Mapping[str, Contribution]]
    ) -> None:
        """One page's contributions, by reader and measure."""
        for reader, contributions in found.items():
            columns = self.scores.setdefault(reader, {})
            for measure in {*columns, *contributions}:
                column = columns.setdefault(measure, [None] * len(self.ids))
                column.append(contributions.get(measure))
        self.ids.append(page)
        self.languages.append(language)
