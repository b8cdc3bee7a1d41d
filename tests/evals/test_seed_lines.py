"""Each line of a labelled text against the ledger."""

from __future__ import annotations

from evals.seeds import LEDGER_ROLES, line_scores, lines_with_blocks
from pipelines.clean.records import ROLES, Block

LINES = [
    {"label": "title", "text": "Elmsund votes to rebuild its quay"},
    {"label": "blank", "text": ""},
    {"label": "chrome", "text": "* * *"},
    {"label": "body", "text": "The council voted on Tuesday,[](https://news.example/1) after a"},
    {"label": "body", "text": "long debate about [money](https://news.example/2)."},
    {"label": "related", "text": "3 hours ago"},
    {"label": "chrome", "text": "Share"},
]


def block(role: str, text: str, start: int | None = None) -> Block:
    return Block(role, text, "test", 1.0, start, None if start is None else start + len(text))


BLOCKS = [
    block("headline", "Elmsund votes to rebuild its quay"),
    block("body", "The council voted on Tuesday, after a long debate about money.", 0),
    block("date", "3 hours ago"),
    block("share", "Share"),
]


def test_lines_find_their_block_whatever_was_joined_or_folded() -> None:
    roles = [found and found.role for _, found in lines_with_blocks(LINES, BLOCKS)]
    assert roles == ["headline", "body", "body", "date", "share"]


def test_a_role_is_right_or_wrong_and_so_is_the_cut() -> None:
    scores = line_scores(LINES, BLOCKS)
    assert scores == {"line_roles": (4.0, 5.0), "line_kept": (5.0, 5.0)}


def test_a_kept_teaser_is_wrong_twice() -> None:
    kept = [*BLOCKS[:2], block("teaser", "3 hours ago", 70), BLOCKS[3]]
    assert line_scores(LINES, kept) == {"line_roles": (4.0, 5.0), "line_kept": (4.0, 5.0)}


def test_a_lost_line_is_wrong_and_does_not_shift_the_others() -> None:
    scores = line_scores(LINES, [BLOCKS[0], *BLOCKS[2:]])
    assert scores["line_roles"] == (2.0, 5.0)


def test_every_right_role_is_one_of_the_ledger() -> None:
    assert set().union(*LEDGER_ROLES.values()) <= ROLES
