"""One page for the maintainer: what was expected, what was read, and the rule of each wrong block."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from evals import measures
from evals.extraction import is_in
from evals.pages import Page
from evals.readers import OURS, article_of, quiet, read_trafilatura, reading_of
from evals.report import Report
from evals.scores import MEASURES
from pipelines.clean.records import Article, Block

_WIDTH = 110
_RUNS = 12
_SAME = 3
"""Fewer words than this in common by chance do not part a run of lost or extra words."""
_SHINGLE = 3
"""Words; short enough for a block of a few words, long enough not to occur elsewhere by chance."""


def worst_lines(report: Report, count: int) -> Iterator[str]:
    """The pages of each set with newsledger's lowest scores, a line a page and measure."""
    for name, found in report["sets"].items():
        pages = found["per_page"]
        for measure, column in pages["scores"][OURS].items():
            if MEASURES[measure].relative or any(score and len(score) > 2 for score in column):
                continue
            scores = sorted(
                (score[0] / score[1], pages["ids"][place])
                for place, score in enumerate(column)
                if score and score[1] and score[0] < score[1]
            )
            for value, page in scores[:count]:
                others = {
                    reader: columns[measure][pages["ids"].index(page)]
                    for reader, columns in pages["scores"].items()
                    if reader != OURS and measure in columns
                }
                beside = "".join(
                    f"  {reader} {s[0] / s[1]:.3f}" for reader, s in others.items() if s and s[1]
                )
                yield f"{name}  {MEASURES[measure].title}  {value:.3f}{beside}  {page}"


def page_lines(page: Page) -> Iterator[str]:
    """Fields, segments, lost and extra words of the body, and wrong blocks of one page."""
    article = article_of(page)
    reading = reading_of(article)
    with quiet():
        bare = read_trafilatura(page)
    yield f"page {page.id}  language {page.language}  {page.url or ''}"
    for name, expected in page.truth.items():
        if name in ("title", "published", "authors"):
            yield f"  {name}: expected {expected!r}"
            yield f"    newsledger {getattr(reading, name)!r}"
            yield f"    trafilatura {getattr(bare, name)!r}"
    body = measures.folded(reading.body)
    for label, wanted in (("must_contain", True), ("must_not_contain", False)):
        for text in page.truth.get(label, []):
            if is_in(text, body) is not wanted:
                yield f"  {'missing' if wanted else 'unwanted'}: {_short(text)}"
                if article:
                    yield from (f"    in {_described(b)}" for b in _blocks_with(article, text))
    if "body" in page.truth:
        yield from _body_lines(page.truth["body"], reading.body, bare.body, article)


def _body_lines(true: str, ours: str, bare: str, article: Article | None) -> Iterator[str]:
    f1 = measures.token_f1
    yield f"  body token F1: newsledger {f1(true, ours):.4f}, trafilatura {f1(true, bare):.4f}"
    for sign, text in _runs(true, ours):
        yield from textwrap.wrap(text, _WIDTH, initial_indent=f"    {sign} ", max_lines=2)
    if article is None:
        yield "  the page is skipped"
        return
    shingles = _shingles(true)
    for block in article.blocks:
        own = _shingles(block.text)
        shared = (own & shingles).total() / (own.total() or 1)
        if block.is_body and shared < 0.5:
            yield f"  extra: {_described(block)}"
        elif not block.is_body and own.total() > _SHINGLE and shared > 0.8:
            yield f"  lost: {_described(block)}"


def _runs(true: str, found: str) -> list[tuple[str, str]]:
    """The longest runs of words that only one side has, in page order; ``-`` lost, ``+`` extra."""
    one, other = true.split(), found.split()
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    ends = (len(one), len(other), 0)
    runs: list[tuple[int, int, str, str]] = []
    a = c = 0
    for b, d, size in [m for m in matcher.get_matching_blocks() if m.size >= _SAME] + [ends]:
        runs += [(b - a, b, "-", " ".join(one[a:b]))] if b > a else []
        runs += [(d - c, b, "+", " ".join(other[c:d]))] if d > c else []
        a, c = b + size, d + size
    longest = sorted(runs, key=lambda run: -run[0])[:_RUNS]
    return [(sign, text) for _, _, sign, text in sorted(longest, key=lambda run: run[1])]


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = measures.tokens(text)
    return Counter(zip(*(words[i:] for i in range(_SHINGLE)), strict=False))


def _blocks_with(article: Article, text: str) -> list[Block]:
    """Blocks that hold a labelled string, or most of its words where it spans several."""
    folded = measures.folded(text)
    exact = [b for b in article.blocks if folded in measures.folded(b.text)]
    if exact:
        return exact[:2]
    own = _shingles(text)
    return [b for b in article.blocks if 2 * (_shingles(b.text) & own).total() > own.total() > 0][
        :2
    ]


def _described(block: Block) -> str:
    kept = "kept" if block.is_body else "cut"
    return f"{kept} {block.role} {block.rule_id} ({block.confidence:.2f}): {_short(block.text)}"


def _short(text: Any) -> str:
    return textwrap.shorten(str(text), _WIDTH, placeholder=" …")
