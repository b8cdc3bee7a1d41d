from __future__ import annotations

from pipelines.clean.page.alignment import align


def test_of_equal_blocks_the_one_next_after_the_last_match_is_kept() -> None:
    page = ["title", "alpha", "bravo", "title", "charlie"]
    assert align(page, ["alpha", "title", "charlie"]).kept == {1, 3, 4}


def test_each_block_is_kept_once_however_often_the_extractor_has_it() -> None:
    assert align(["alpha", "bravo"], ["alpha", "alpha", "bravo"]).kept == {0, 1}


def test_a_paragraph_that_joins_blocks_keeps_them_all() -> None:
    page = ["menu", "firsthalfofthesentence", "secondhalfofthesentence", "footer"]
    assert align(page, ["firsthalfofthesentencesecondhalfofthesentence"]).kept == {1, 2}


def test_a_block_that_lost_a_part_is_kept_whole() -> None:
    block = "thecouncilvotedonthursdaytorebuildthepierinmay"
    assert align(["menu", block], [block[:40]]).kept == {1}


def test_text_that_no_block_shows_is_placed_after_what_came_before_it() -> None:
    found = align(["alpha", "bravo"], ["alpha", "wordsthatarenowhereonthepage", "bravo"])
    assert found.kept == {0, 1}
    assert found.unplaced == ((1, 0),)


def test_many_equal_blocks_are_aligned() -> None:
    assert len(align(["same"] * 60_000, ["same"] * 60_000).kept) == 60_000
