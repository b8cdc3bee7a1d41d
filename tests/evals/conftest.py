"""A small folder of labelled pages, written for these tests."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from evals.pages import Folders

PARAGRAPHS = (
    "The harbour council of Elmsund voted on Tuesday to rebuild the old ferry quay, which has been"
    " closed since a storm broke its northern wall in the spring of last year.",
    "Work is to begin in May and to cost eleven million crowns, most of it from a fund for small"
    " ports. Engineers will drive new piles beside the old ones before any stone is moved.",
    "Fishermen asked that one berth be kept open all summer. The council's chair, Marit Holm, said"
    " that this was possible if the weather allowed the divers to finish early.",
    "A survey of the sea bed last autumn found the ground firmer than the first plans had assumed,"
    " so that two of the five towers can be left out of the design.",
)
TITLE = "Elmsund votes to rebuild its ferry quay"
UNWANTED = "Subscribe to our newsletter"


def page_html(title: str = TITLE, paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>"
        "<meta property='article:published_time' content='2024-03-05T08:00:00+00:00'>"
        "<meta name='author' content='Jon Vik'></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{body}</article><footer><p>{UNWANTED}</p></footer></body></html>"
    )


def truth() -> dict[str, Any]:
    return {
        "body": "\n\n".join(PARAGRAPHS),
        "title": TITLE,
        "published": "2024-03-05",
        "authors": ["Jon Vik"],
        "must_contain": [PARAGRAPHS[1]],
        "must_not_contain": [UNWANTED],
    }


def write_set(evaluation: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    folder = evaluation / "extraction" / name
    (folder / "html").mkdir(parents=True, exist_ok=True)
    (folder / "html/page.html.gz").write_bytes(gzip.compress(page_html().encode(), mtime=0))
    (folder / "html/plain.html").write_text(page_html(), encoding="utf-8")
    manifest = folder / "pages.jsonl"
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return manifest


def row(page: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": page,
        "url": f"https://news.example/{page}",
        "file": "html/page.html.gz",
        "lang": "en",
        "truth": truth(),
    } | changes


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    write_set(tmp_path / "eval", "mine", [row("one"), row("two", file="html/plain.html")])
    return tmp_path / "eval"


@pytest.fixture
def folders(tmp_path: Path, evaluation: Path) -> Folders:
    return Folders(evaluation, tmp_path / "seeds")
