"""A sample of broken pages, the same every time; ``python -m evals.mutations`` reads thousands."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from evals.mutations import broken_pages, check, labelled_pages, read
from evals.mutators import MUTATORS
from pipelines.clean.limits import most_attributes
from pipelines.clean.page.second_opinion import trafilatura_paragraphs
from pipelines.clean.records import Article, Skip
from tests.clean.pages import HEADLINE, html_page
from tests.clean.pages import read as read_page

SAMPLES = sorted((Path(__file__).parents[2] / "samples" / "pages").rglob("*.html"))
MUTATED = 48


@pytest.mark.parametrize("mutate", MUTATORS, ids=lambda m: m.__name__)
def test_our_own_pages_in_every_way(mutate) -> None:
    """Each mutation on two of the sample pages: no exception, and a ledger that agrees."""
    for number, path in enumerate(random.Random(mutate.__name__).sample(SAMPLES, 2)):
        page = mutate(path.read_bytes(), random.Random(f"{mutate.__name__} {number}"))
        begun = time.process_time()
        result = read_page(page[: 2**20])
        assert time.process_time() - begun < 10
        assert isinstance(result, (Article, Skip))
        if isinstance(result, Article):
            check(result)


def test_the_same_seed_gives_the_same_pages() -> None:
    pages = [(str(path), None) for path in SAMPLES[:3]]
    first, again, other = (
        [broken.page() for broken in broken_pages(pages, 9, seed)] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_crash_is_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyError("headline")

    monkeypatch.setattr("evals.mutations.extract", crash)
    reading = read(next(broken_pages([(str(SAMPLES[0]), None)], 1, 1)))
    assert reading.kind == "crash"
    assert "KeyError: 'headline'" in reading.trace


@pytest.mark.needs_shared
def test_real_pages(shared_root) -> None:
    pages = labelled_pages(shared_root)
    some = random.Random(5).sample(pages, MUTATED)
    small = [broken for broken in broken_pages(some, MUTATED, 7) if len(broken.page()) < 2**20]
    readings = [(read(broken), broken) for broken in small]
    assert len(readings) > MUTATED // 2
    assert [r for r in readings if r[0].kind == "crash"] == []
    assert max(reading.seconds for reading, _ in readings) < 10


MANY = {
    "cells": "<tr><td>1<td>2",
    "items": "<li><a href='/x'>One thing of many</a>",
    "headings": "<h1>Heading {n} of this page</h1>",
    "headlines": f"<h1>{HEADLINE}</h1>",
    "paragraphs": "<p>The council met on day {n} and put off its decision on the pier, it said.</p>",
    "dates": "<p>12 March 2024</p>",
    "ages": "<p>2 hours ago</p>",
    "bylines": "<p>By A. Writer and B. Writer</p>",
    "times": "<time datetime='2024-03-12'>12 March</time>",
    "signs without a space": "@" * 40,
    "breaks": "a line of text<br><br>",
    "open formatting": "<p><b><font>a ",
    "articles": "<article><h2><a href='/{n}'>Title {n}</a></h2><p>It met and put off the vote.</p></article>",
    "scopes": "<div itemscope itemtype='http://schema.org/NewsArticle'><i itemprop='author'>A</i></div>",
    "JSON-LD": '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>',
    "meta": "<meta property='og:title' content='A title'><meta name='author' content='A. Writer'>",
}


@pytest.mark.parametrize("kind", MANY)
def test_time_grows_with_the_page_not_with_its_square(kind: str) -> None:
    """Twice the page takes twice the time; three times leaves room for a busy machine."""

    def seconds(count: int) -> float:
        piece = "".join(
            MANY[kind].format(n=n) if "{n}" in MANY[kind] else MANY[kind] for n in range(count)
        )
        page = html_page().replace("<aside", f"{piece}<aside", 1)
        best = float("inf")
        for _ in range(2):
            begun = time.process_time()
            read_page(page)
            best = min(best, time.process_time() - begun)
        return best

    seconds(10)
    assert seconds(2_400) < 3.2 * seconds(1_200) + 0.25


def test_the_second_opinion_does_not_take_the_square_of_a_page() -> None:
    """justext, which trafilatura asks where it found little, took a minute for 8,000 headings."""
    from lxml.html import document_fromstring

    def seconds(count: int) -> float:
        headings = "".join(f"<h1>Heading {n} of this page</h1>" for n in range(count))
        root = document_fromstring(html_page().replace("<aside", f"{headings}<aside", 1))
        begun = time.process_time()
        trafilatura_paragraphs(root, None)
        return time.process_time() - begun

    once = max(seconds(1_400), 0.1)
    assert seconds(4_700) < 4 * once, "justext is asked"
    assert seconds(40_000) < 2 * once, "trafilatura is asked at all"


def test_an_element_with_thousands_of_attributes_is_skipped() -> None:
    attributes = " ".join(f"a{n}='> {n}'" for n in range(5_000))
    result = read_page(html_page().replace("<article", f"<article {attributes}"))
    assert isinstance(result, Skip)
    assert result.reason == "too_many_attributes"


def test_scripts_have_no_attributes() -> None:
    script = f"<script>for (i = 0; i<n ; i++) {{ {'a + ' * 5_000} }}</script>"
    assert most_attributes(script, 1_000) == 0
    assert isinstance(read_page(html_page().replace("<article>", script + "<article>")), Article)
