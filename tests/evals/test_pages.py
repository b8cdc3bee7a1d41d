"""Any folder with ``extraction/<set>/pages.jsonl`` is a set; mistakes are named with their line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.pages import LATE, Folders, PagesError, read_set, set_names
from tests.evals.conftest import PARAGRAPHS, row, truth, write_set


def test_sets_are_found_by_their_manifest(evaluation: Path) -> None:
    (evaluation / "extraction/notes").mkdir()
    assert set_names(evaluation) == ["mine"]
    assert set_names(evaluation / "nothing") == []


def test_pages_packed_or_not(evaluation: Path) -> None:
    pages = read_set(evaluation, "mine").pages
    assert [page.id for page in pages] == ["one", "two"]
    assert pages[0].payload == pages[1].payload
    assert PARAGRAPHS[0].encode() in pages[0].payload


def test_only_file_and_truth_are_needed(tmp_path: Path) -> None:
    write_set(tmp_path, "bare", [{"file": "html/plain.html", "truth": {}}])
    (page,) = read_set(tmp_path, "bare").pages
    assert (page.id, page.url, page.language) == ("html/plain.html", None, "und")
    assert page.fetched_at == LATE


def test_an_address_that_is_none_is_left_out(tmp_path: Path) -> None:
    write_set(tmp_path, "bare", [row("one", url="hard::one.html")])
    assert read_set(tmp_path, "bare").pages[0].url is None


def test_empty_labels_are_no_labels_but_no_authors_is_one(tmp_path: Path) -> None:
    empty: dict[str, Any] = {"body": "", "title": None, "authors": [], "must_contain": []}
    write_set(tmp_path, "empty", [row("one", truth=empty | {"topics": ["ports"]})])
    assert read_set(tmp_path, "empty").pages[0].truth == {"authors": []}


def test_the_digest_is_of_the_labels(tmp_path: Path) -> None:
    write_set(tmp_path, "a", [row("one")])
    write_set(tmp_path, "b", [row("one")])
    write_set(tmp_path, "c", [row("other")])
    a, b, c = (read_set(tmp_path, name).digest for name in "abc")
    assert a == b != c


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (row("two", file="html/gone.html"), "cannot read"),
        (row("two", file=None), "'file' and 'truth'"),
        (row("two", truth=[]), "'truth' is to be an object"),
        (row("two", truth=truth() | {"authors": "Jon Vik"}), "truth.authors is to be a list"),
        (row("two", truth=truth() | {"published": "5 March"}), "truth.published is to be a date"),
        (row("two", crawled="today"), "today"),
        (row("one"), "'one' is there twice"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(
    tmp_path: Path, wrong: dict[str, Any], message: str
) -> None:
    manifest = write_set(tmp_path, "mine", [row("one"), wrong])
    with pytest.raises(PagesError, match=message) as caught:
        read_set(tmp_path, "mine")
    assert str(caught.value).startswith(f"{manifest}:2: ")


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    manifest = write_set(tmp_path, "mine", [row("one")])
    with manifest.open("a") as lines:
        lines.write("\n{\n")
    with pytest.raises(PagesError, match=r"pages\.jsonl:3: "):
        read_set(tmp_path, "mine")


def test_a_cut_gzip_is_named(tmp_path: Path) -> None:
    write_set(tmp_path, "mine", [row("one")])
    packed = tmp_path / "extraction/mine/html/page.html.gz"
    packed.write_bytes(packed.read_bytes()[:-20])
    with pytest.raises(PagesError, match=r"pages\.jsonl:1: cannot read .*page\.html\.gz"):
        read_set(tmp_path, "mine")


def test_labels_of_seeds_lie_beside_them() -> None:
    assert Folders(Path("eval"), Path("data/texts")).gold == Path("data/texts_gold")
