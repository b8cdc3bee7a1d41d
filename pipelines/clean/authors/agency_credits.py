"""News agencies that a text is credited to: in its dateline, byline, text's end and metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.clean.authors import byline_words as words
from pipelines.clean.authors.agency_names import agencies_in, agency_named
from pipelines.clean.authors.dateline import Dateline
from pipelines.clean.authors.sources import AuthorStatement
from pipelines.clean.fields.candidates import confidence_of
from pipelines.clean.ledger import Judged
from pipelines.clean.records import Evidence

_LAST_BLOCKS = 3
_AFTER_TEXT = 3
_LONGEST_CREDIT = 120
_AT_END = re.compile(
    r"[.!?…\"”»。！？।؟]\s*[(\[（【](?P<inside>[^()\[\]（）【】]{2,60})[)\]）】]\s*$"
)
_WHOLE = re.compile(r"\s*[(\[（【]?(?P<inside>[^()\[\]（）【】]{2,120}?)[)\]）】]?\s*$")
_COPYRIGHT = re.compile(
    r"^(?:©|\(c\)|copyright)\s*(?:\d{4})?\s*(?:by\s+)?(?P<inside>[^.,;|]{2,40})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    source: str
    detail: str
    rule: str


def credited_agencies(
    statements: Sequence[AuthorStatement],
    judged: Sequence[Judged],
    dateline: Dateline | None,
) -> tuple[tuple[str, ...], tuple[Evidence, ...]]:
    """Agencies credited for the text, as printed, each once, and the evidence for each.

    Args:
        statements: what was said of its authors.
        judged: the page's blocks; a credit line stands in the last of the text or right below it.
        dateline: the text's dateline.

    """
    found = [*_of_dateline(dateline), *_of_statements(statements), *_of_text(judged)]
    unique: dict[str, _Found] = {}
    rows: list[Evidence] = []
    for one in found:
        outlet = agency_named(one.name)
        if outlet is None:
            continue
        first = outlet.source_id not in unique
        unique.setdefault(outlet.source_id, one)
        if first or all(r.value != one.name or r.source != one.source for r in rows):
            rows.append(
                Evidence(
                    "agencies",
                    one.name,
                    one.source,
                    one.detail,
                    f"agencies.{one.rule}" if first else "agencies.agrees",
                    first,
                    confidence_of(f"agencies.{one.rule}"),
                )
            )
    rows.sort(key=lambda row: not row.is_chosen)
    return tuple(one.name for one in unique.values()), tuple(rows[:8])


def _of_dateline(dateline: Dateline | None) -> Iterator[_Found]:
    if dateline is not None and dateline.outlet:
        for name in agencies_in(dateline.outlet):
            yield _Found(name, "dateline", "dateline", "dateline")


def _of_statements(statements: Sequence[AuthorStatement]) -> Iterator[_Found]:
    for statement in statements:
        for name in statement.of("agency"):
            rule = "byline" if statement.place else "stated"
            yield _Found(name, statement.source, statement.detail, rule)


def _of_text(judged: Sequence[Judged]) -> Iterator[_Found]:
    """Credit lines: a bracket behind the last sentence, or a line of its own."""
    kept = [i for i, block in enumerate(judged) if block.keep]
    if not kept:
        return
    for index in kept[-_LAST_BLOCKS:]:
        if at_end := _AT_END.search(judged[index].text[-200:]):
            yield from _credit(at_end["inside"])
    nearby = [
        *kept[-_LAST_BLOCKS:],
        *range(kept[-1] + 1, min(len(judged), kept[-1] + 1 + _AFTER_TEXT)),
    ]
    for index in nearby:
        block = judged[index]
        if len(block.text) <= _LONGEST_CREDIT and block.role not in {
            "caption",
            "teaser",
            "comment",
        }:
            yield from _credit(block.text)


def _credit(text: str) -> Iterator[_Found]:
    """The agencies of a line that says nothing else: ``dpa/lth``, ``Source: AFP``, ``© AFP``."""
    text = text.strip()
    whole = _WHOLE.fullmatch(text)
    inside = whole["inside"].strip() if whole else text
    if copyright_ := _COPYRIGHT.match(inside):
        inside = copyright_["inside"].strip()
    opener = words.opener(inside.replace("：", ": "), None)
    opened = opener is not None and opener.kind == "source"
    if opener is not None and opened:
        inside = opener.rest
    for name in agencies_in(inside) if opened else _bare(inside):
        yield _Found(name, "text", "credit line", "credit_line")


def _bare(text: str) -> tuple[str, ...]:
    """Agencies in a line of agencies and desk signs alone (``dpa/lth``, ``AFP, Reuters``)."""
    parts = [
        part
        for part in re.split(r"\s*[/,;|&+]\s*|\s+(?:and|und|et|y|e|und|och|og)\s+", text)
        if part
    ]
    names = [part for part in parts if agency_named(part)]
    signs = [part for part in parts if part not in names]
    if not names or any(len(sign) > 5 or not sign.islower() for sign in signs):
        return ()
    return tuple(names)
