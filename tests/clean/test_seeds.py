"""The five seed pages against their hand labels."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from evals.pages import load_module
from pipelines.clean.records import Article
from pipelines.reference.outlets import load_outlets
from tests.clean.pages import article

pytestmark = pytest.mark.needs_shared
LATER = datetime(2025, 8, 25, tzinfo=UTC)
SEEDS = ("000", "001", "002", "003", "004")


def seed(shared_root: Path, number: str) -> tuple[Article, dict[str, object]]:
    path = next((shared_root / "seeds").glob(f"{number}_*.txt"))
    gold = json.loads((shared_root / "seeds_gold" / f"{number}.json").read_text("utf-8"))
    return article(path.read_bytes(), "text/plain", url=None, fetched_at=LATER), gold


@pytest.fixture(scope="module")
def measures(shared_root: Path) -> ModuleType:
    return load_module(shared_root / "eval" / "measures.py")


@pytest.mark.parametrize("number", SEEDS)
def test_headline_and_body(shared_root: Path, measures: ModuleType, number: str) -> None:
    page, gold = seed(shared_root, number)
    assert page.headline == gold["title"]
    assert measures.token_f1(gold["body"], page.article_body) >= 0.97
    assert page.in_language == "en"


def test_teasers_stay_out(shared_root: Path) -> None:
    page, gold = seed(shared_root, "003")
    related = gold["related"]
    assert isinstance(related, list)
    assert related
    assert "Maduro" not in page.article_body
    assert "Dean Cain" not in page.article_body


@pytest.mark.parametrize(
    ("number", "value", "precision"),
    [("000", (2025, 8, 8), "day"), ("003", (2025, 8, 9, 11, 39), "minute")],
)
def test_dates(shared_root: Path, number: str, value: tuple[int, ...], precision: str) -> None:
    page, _ = seed(shared_root, number)
    assert page.published is not None
    assert page.published.value == datetime(*value, tzinfo=UTC)  # type: ignore[misc,arg-type]
    assert (page.published.precision, page.published.source) == (precision, "text")


@pytest.mark.parametrize("number", ["001", "002", "004"])
def test_no_date_is_none(shared_root: Path, number: str) -> None:
    assert seed(shared_root, number)[0].published is None


@pytest.mark.parametrize(("number", "name"), [("001", "Al Jazeera"), ("003", "Tempo")])
def test_publisher(shared_root: Path, number: str, name: str) -> None:
    page, _ = seed(shared_root, number)
    outlet = load_outlets().named(page.publisher_name or "")
    assert outlet is not None
    assert outlet.name == name


def test_site_from_the_title_s_suffix(shared_root: Path) -> None:
    assert seed(shared_root, "004")[0].site_name == "PRESS AI WORLD"
