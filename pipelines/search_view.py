"""Shows what a search found, or why it found nothing, in a terminal or a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding

from pipelines.snippets import snippet
from pipelines.terminal import HEADING, QUIET, line, page_out

if TYPE_CHECKING:
    from rich.text import Text

    from pipelines.search import Hit, Lookup, Wanted

FOUND = "bold yellow"
INDENT = (0, 0, 0, 4)


def print_hits(hits: Sequence[Hit], words: Collection[str], *, color: bool = True) -> None:
    """Each article: rank and headline, score, day and outlet, the best passage, its id."""
    with page_out(color=color) as console:
        for hit in hits:
            console.print(
                line((f"{hit.rank:>2}. ", QUIET), (hit.headline or "(no headline)", HEADING))
            )
            console.print(
                Padding(
                    line(
                        (f"{hit.day:%Y-%m-%d}  {hit.outlet_id}  {hit.in_language or '?'}", "cyan"),
                        (f"  score {hit.score:.2f}  {hit.article_id}", QUIET),
                    ),
                    INDENT,
                )
            )
            console.print(Padding(_passage(hit.article_body, words), INDENT))


def _passage(body: str, words: Collection[str]) -> Text:
    passage = snippet(body, words)
    parts: list[tuple[object, str] | str] = []
    last = 0
    for start, end in passage.marks:
        parts += [passage.text[last:start], (passage.text[start:end], FOUND)]
        last = end
    return line(*parts, passage.text[last:])


def print_nothing(
    lookup: Lookup, wanted: Wanted, unknown: Mapping[str, Sequence[str]], *, color: bool = True
) -> None:
    """What was looked for, as which stems, and words near to those that no article prints."""
    with page_out(color=color) as console:
        console.print(line("no article has all of this:"))
        for number in dict.fromkeys(row["word_no"] for row in lookup.asked if row["word_no"] > 0):
            rows = [row for row in lookup.asked if row["word_no"] == number]
            console.print(Padding(line(_looked_for(rows), (_near(rows, unknown), QUIET)), INDENT))
        for phrase in lookup.phrases:
            text = f'the phrase "{phrase.words}"'
            console.print(Padding(line(f"not {text}" if phrase.is_excluded else text), INDENT))
        limits = [
            f"{name} {value}"
            for name, value in (
                ("language", wanted.in_language),
                ("outlet", wanted.outlet_id),
                ("entity", wanted.entity_id),
                ("from", wanted.first_day),
                ("to", wanted.last_day),
                ("in the", wanted.field),
            )
            if value is not None
        ]
        if limits:
            console.print(line(f"within: {', '.join(limits)}"))


def _looked_for(rows: Sequence[Mapping[str, str | None]]) -> str:
    """``elections (stems: elect, election)``."""
    first = rows[0]
    word = {"prefix": f"{first['text']}*"}.get(str(first["how"]), str(first["text"]))
    stems = sorted({str(row["text"]) for row in rows if row["how"] == "stem"} - {word})
    return f"{word} (stems: {', '.join(stems)})" if stems else word


def _near(rows: Sequence[Mapping[str, str | None]], unknown: Mapping[str, Sequence[str]]) -> str:
    word = str(rows[0]["text"])
    if word not in unknown:
        return ""
    near = unknown[word]
    return f": in no article; near it: {', '.join(near)}" if near else ": in no article"
