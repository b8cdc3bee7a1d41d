"""The measures, and that they are those of the labelled pages' own ``measures.py``."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from evals import measures
from evals.pages import load_module


def test_words_are_counted_and_case_is_not() -> None:
    assert measures.token_f1("The quay is open", "the QUAY is open") == 1.0
    assert measures.token_f1("one two three four", "one two") == pytest.approx(2 / 3)
    assert measures.token_f1("", "") == 1.0
    assert measures.token_f1("quay", "") == 0.0


def test_scripts_without_spaces_are_compared_by_character() -> None:
    assert measures.tokens("港の工事 2024") == ["港", "の", "工", "事", "2024"]


def test_shingles_know_the_order_of_words() -> None:
    assert measures.shingle_scores("a b c d e", "a b c d e") == (1.0, 1.0)
    assert measures.shingle_scores("a b c d e", "e d c b a") == (0.0, 0.0)
    precision, recall = measures.shingle_scores("a b c d e f", "a b c d")
    assert (precision, recall) == (1.0, 1 / 3)
    assert measures.shingle_scores("a b c d", "") == (None, 0.0)


@pytest.mark.parametrize(
    ("true", "found", "same"),
    [
        ("2024-03-05", "2024-03-05T23:00:00+00:00", True),
        ("2024-03-05T23:30:00-02:00", "2024-03-06", True),
        ("2024-03-05T08:00:00Z", "2024-03-05", True),
        ("2024-03-05", "2024-03-06", False),
        ("2024-03-05", "yesterday", False),
    ],
)
def test_a_day_is_the_same_in_the_stated_zone_or_in_utc(true: str, found: str, same: bool) -> None:
    assert measures.same_day(true, found) is same


def test_titles_are_compared_by_letters_and_digits() -> None:
    assert measures.same_title("“Quay” – open?", "quay OPEN")
    assert not measures.same_title("Quay open", "Quay open | The Elmsund Times")


def test_authors_are_a_set_of_names() -> None:
    assert measures.author_f1(["José Núñez"], ["by jose nunez"]) == 1.0
    assert measures.author_f1(["A B", "C D"], ["A B"]) == pytest.approx(2 / 3)
    assert measures.author_f1([], []) is None
    assert measures.author_f1([], ["A B"]) == 0.0


def test_spans() -> None:
    assert measures.span_f1({1, 2, 3, 4}, {1, 2}) == (1.0, 0.5, 2 / 3)
    assert measures.span_f1(set(), set()) == (0.0, 0.0, 0.0)


@pytest.mark.needs_shared
def test_they_agree_with_the_measures_that_come_with_the_pages(shared_root: Path) -> None:
    theirs = load_module(shared_root / "eval/measures.py")
    folder = shared_root / "eval/extraction/publishers"
    with (folder / "pages.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][:12]
    pairs = []
    for row, other in zip(rows, rows[1:] + rows[:1], strict=True):
        one, two = row["truth"], other["truth"]
        page = gzip.decompress((folder / row["file"]).read_bytes()).decode("utf-8", "replace")
        for found in (one["body"][200:], two["body"], page[:20_000], ""):
            pairs.append((one["body"], found))
            assert measures.token_f1(one["body"], found) == theirs.token_f1(one["body"], found)
        for names in (one["authors"], one["authors"][:1], two["authors"]):
            f1 = measures.author_f1(one["authors"], names)
            assert f1 == theirs.author_f1(one["authors"], names)
        for moment in (one["published"], two["published"], one["published"][:10]):
            same = measures.same_day(one["published"], moment)
            assert same == theirs.same_day(one["published"], moment)
        assert measures.same_title(one["title"], one["title"].upper())
    scores = [measures.shingle_scores(*pair) for pair in pairs]
    precision, recall = (
        [value for value in side if value is not None] for side in zip(*scores, strict=True)
    )
    expected = theirs.shingle_f1(pairs)
    assert sum(precision) / len(precision) == pytest.approx(expected["precision"])
    assert sum(recall) / len(recall) == pytest.approx(expected["recall"])
