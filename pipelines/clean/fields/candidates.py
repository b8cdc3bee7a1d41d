"""Statements about an article's values before they are judged, and the rows they become."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.clean.characters.spacing import fold, match_key
from pipelines.clean.records import Evidence, PrintedDate

_RULES = Path(__file__).parents[1] / "data" / "evidence_rules.csv"
_MOST_ROWS = 8
_LONGEST_VALUE = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """One statement as read, with the place it was read from."""

    value: str
    """Text, folded; a date in ISO 8601."""
    source: str
    """One of ``records.EVIDENCE_SOURCES``."""
    detail: str | None = None
    """The very place, for example ``NewsArticle.headline``, ``og:title`` or ``h1``."""
    set_aside: str | None = None
    """The rule that rules it out whatever the others say; None where it may be taken."""
    date: PrintedDate | None = None
    """Of a date: the moment."""

    @property
    def key(self) -> str:
        """What equal statements share."""
        return self.value if self.date else match_key(self.value) or self.value


def evidence_rows(
    field: str,
    candidates: Iterable[Candidate],
    chosen: Candidate | None = None,
    rule_id: str = "",
    value: str | None = None,
) -> tuple[Evidence, ...]:
    """The candidates for one field as rows: the chosen one first, the others in their order.

    Args:
        field: the column they speak for.
        candidates: all of them; the same value from the same source counts once.
        chosen: the one taken, if any.
        rule_id: the rule that took it.
        value: what the article has of it, where that is not the statement word for word.

    Returns:
        At most 8 rows. A loser's rule is the one that ruled it out, else ``FIELD.agrees`` where
        it says the same as the chosen one, else ``FIELD.weaker``.

    """
    rows: list[Evidence] = []
    seen: set[tuple[str, str]] = set()
    prefix = field.removesuffix("_published") if field == "date_published" else field
    if chosen is not None:
        taken = value or chosen.value
        rows.append(_row(field, taken, chosen, rule_id, is_chosen=True))
        seen |= {(taken, chosen.source), (chosen.value, chosen.source)}
    for candidate in candidates:
        if candidate is chosen or (candidate.value, candidate.source) in seen:
            continue
        if not candidate.value or len(rows) == _MOST_ROWS:
            continue
        seen.add((candidate.value, candidate.source))
        same = chosen is not None and candidate.key == chosen.key
        rule = candidate.set_aside or f"{prefix}.{'agrees' if same else 'weaker'}"
        rows.append(_row(field, candidate.value, candidate, rule, is_chosen=False))
    return tuple(rows)


def _row(
    field: str, value: str, candidate: Candidate, rule_id: str, *, is_chosen: bool
) -> Evidence:
    return Evidence(
        field=field,
        value=value[:_LONGEST_VALUE],
        source=candidate.source,
        detail=candidate.detail,
        rule_id=rule_id,
        is_chosen=is_chosen,
        confidence=confidence_of(rule_id),
    )


def confidence_of(rule_id: str) -> float:
    """How much a rule trusts the statement it judges, 0 to 1.

    Raises:
        KeyError: for a rule that ``data/evidence_rules.csv`` does not list.

    """
    found = rules().get(rule_id)
    return rules()[f"*.{rule_id.rpartition('.')[2]}"] if found is None else found


@functools.cache
def rules() -> dict[str, float]:
    """Confidence by rule id; ``*.NAME`` stands for that rule of any field."""
    with _RULES.open(encoding="utf-8", newline="") as lines:
        return {row["rule_id"]: float(row["confidence"]) for row in csv.DictReader(lines)}


def single(text: str | None, source: str, detail: str | None = None) -> list[Candidate]:
    """A text as a list of one candidate; empty where there is no text."""
    folded = fold(text or "")
    return [Candidate(folded, source, detail)] if folded else []


def source_of_meta(name: str) -> str:
    """The source of a meta element by its name."""
    return "open_graph" if name.startswith(("og:", "article:")) else "meta"
