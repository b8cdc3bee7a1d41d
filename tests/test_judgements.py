"""The ledger of judgements: what it holds survives crashes, copies and hands; nothing is rewritten."""

from __future__ import annotations

import json
import logging
import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.judgements import (
    Judgement,
    LedgerError,
    UnknownJudgementError,
    chosen_judgement,
    judge_rows,
    read_judgements,
    undo_judgement,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def row(left: str, right: str, judgement: str = "positive", **more: object) -> Judgement:
    return Judgement("", left, right, judgement, NOON, **more)


def judged(ledger: Path, *pairs: tuple[str, str], now: datetime | None = None) -> str:
    rows = [row(left, right) for left, right in pairs]
    return judge_rows(ledger, rows, user="ada", reason="seen", now=now)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "home" / "judgements.jsonl"


def test_without_a_ledger_nothing_is_judged(ledger: Path) -> None:
    assert read_judgements(ledger) == []


def test_what_is_written_is_read_with_who_when_and_why(ledger: Path) -> None:
    judgement_id = judge_rows(
        ledger,
        [row("local:a", "referent:r1", "negative", left_anchor="r0", stayed=("r2", "r3"))],
        user="ada",
        reason="another “Ada”",
        now=NOON,
    )
    (read,) = read_judgements(ledger)
    assert read.judgement_id == judgement_id
    assert (read.user, read.reason, read.created_at) == ("ada", "another “Ada”", NOON)
    assert (read.left_anchor, read.right_anchor, read.stayed) == ("r0", None, ("r2", "r3"))
    assert read.takes_out


def test_the_rows_of_one_decision_are_undone_together(ledger: Path) -> None:
    first = judged(ledger, ("local:a", "local:b"), ("local:a", "local:c"))
    second = judged(ledger, ("local:a", "local:d"))
    assert first != second
    undo_judgement(ledger, first, user="bo")
    gone = {r.right_id: r.deleted_at is not None for r in read_judgements(ledger)}
    assert gone == {"local:b": True, "local:c": True, "local:d": False}
    with pytest.raises(UnknownJudgementError):
        undo_judgement(ledger, first, user="bo")


def test_nothing_is_ever_rewritten(ledger: Path) -> None:
    before = b""
    for step in range(6):
        if step % 3 == 2:
            undo_judgement(ledger, read_judgements(ledger)[-1].judgement_id, user=None)
        else:
            judged(ledger, (f"local:{step}", "local:x"))
        now = ledger.read_bytes()
        assert now.startswith(before)
        assert len(now) > len(before)
        before = now


def test_a_decision_is_later_than_those_before_it_though_the_clock_went_back(ledger: Path) -> None:
    judged(ledger, ("local:a", "local:b"), now=NOON)
    judged(ledger, ("local:a", "local:c"), now=NOON - timedelta(days=1))
    assert [r.right_id for r in read_judgements(ledger)] == ["local:b", "local:c"]
    undo_judgement(ledger, read_judgements(ledger)[0].judgement_id, user=None, now=NOON)
    deleted = read_judgements(ledger)[0].deleted_at
    assert deleted is not None
    assert deleted > read_judgements(ledger)[1].created_at


@given(st.integers(min_value=1))
def test_a_last_line_cut_short_is_left_out_and_the_ledger_goes_on(tmp_path_factory, cut) -> None:
    ledger = tmp_path_factory.mktemp("ledger") / "judgements.jsonl"
    judged(ledger, ("local:a", "local:b"))
    whole = ledger.read_bytes()
    judged(ledger, ("local:a", "local:ç"))
    last = ledger.read_bytes()[len(whole) :]
    kept = last[: cut % (len(last) - 1)]
    ledger.write_bytes(whole + kept)
    assert [r.right_id for r in read_judgements(ledger)] == ["local:b"]
    judged(ledger, ("local:a", "local:d"))
    assert ledger.read_bytes().startswith(whole + kept)
    assert [r.right_id for r in read_judgements(ledger)] == ["local:b", "local:d"]
    judged(ledger, ("local:a", "local:e"))
    assert [r.right_id for r in read_judgements(ledger)] == ["local:b", "local:d", "local:e"]


def test_a_whole_last_line_without_its_line_break_counts(ledger: Path) -> None:
    judged(ledger, ("local:a", "local:b"))
    ledger.write_bytes(ledger.read_bytes().rstrip(b"\n"))
    judged(ledger, ("local:a", "local:c"))
    assert [r.right_id for r in read_judgements(ledger)] == ["local:b", "local:c"]


def test_the_warning_names_the_line(ledger: Path, caplog) -> None:
    judged(ledger, ("local:a", "local:b"))
    with ledger.open("ab") as file:
        file.write(b'{"judgement_id": "cut')
    with caplog.at_level(logging.WARNING):
        read_judgements(ledger)
    assert f"{ledger}:2" in caplog.text


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ('{"judgement_id": "cut', "damaged"),
        ("[1, 2]", "damaged"),
        ('{"judgement_id": "x", "left_id": "a"}', "right_id"),
        (
            '{"judgement_id": "x", "left_id": "a", "right_id": "b", "judgement": "maybe",'
            ' "created_at": "2026-03-02T12:00:00+00:00"}',
            "maybe",
        ),
        (
            '{"judgement_id": "x", "left_id": "a", "right_id": 7, "judgement": "positive",'
            ' "created_at": "2026-03-02T12:00:00+00:00"}',
            "right_id is 7",
        ),
        (
            '{"judgement_id": "x", "left_id": "a", "right_id": "b", "judgement": "positive",'
            ' "created_at": "2026-03-02T12:00:00"}',
            "time zone",
        ),
        ('{"undo": "x"}', "created_at"),
    ],
)
def test_damage_elsewhere_is_an_error_that_names_file_and_line(ledger: Path, damage, said) -> None:
    judged(ledger, ("local:a", "local:b"))
    with ledger.open("a") as file:
        file.write(damage + "\n")
    judged_line = json.dumps(json.loads(ledger.read_text().splitlines()[0]))
    with ledger.open("a") as file:
        file.write(judged_line + "\n")
    with pytest.raises(LedgerError, match=said) as caught:
        read_judgements(ledger)
    assert f"{ledger}:2:" in str(caught.value)
    with pytest.raises(LedgerError):
        judged(ledger, ("local:a", "local:c"))


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_lines_says_nothing(tmp_path_factory, dice) -> None:
    ledger = tmp_path_factory.mktemp("ledger") / "judgements.jsonl"
    for step in range(5):
        judged(ledger, (f"local:{step}", "local:x"))
    undo_judgement(ledger, read_judgements(ledger)[2].judgement_id, user=None)
    read = read_judgements(ledger)
    lines = ledger.read_text().splitlines()
    dice.shuffle(lines)
    ledger.write_text("\n".join([*lines, lines[0]]) + "\n")
    assert read_judgements(ledger) == read


def test_an_undo_of_what_the_ledger_does_not_hold_is_no_error(ledger: Path, caplog) -> None:
    judged(ledger, ("local:a", "local:b"))
    with ledger.open("a") as file:
        file.write('{"undo": "gone", "created_at": "2026-03-02T12:00:00+00:00"}\n')
    assert len(read_judgements(ledger)) == 1
    assert "gone" in caplog.text


def judge_often(ledger: Path, name: str) -> None:
    for step in range(10):
        judged(ledger, (f"local:{name}{step}", "local:x"))


def test_two_people_at_once_lose_nothing(ledger: Path) -> None:
    context = multiprocessing.get_context("fork")
    people = [context.Process(target=judge_often, args=(ledger, name)) for name in "ab"]
    for process in people:
        process.start()
    for process in people:
        process.join()
    read = read_judgements(ledger)
    assert len({r.left_id for r in read}) == len({r.judgement_id for r in read}) == 20
    assert sorted(r.created_at for r in read) == [r.created_at for r in read]


class TestChoosing:
    @pytest.fixture
    def judgements(self) -> list[Judgement]:
        gone = {"deleted_at": NOON}
        return [
            Judgement("abcd11", "local:a", "local:b", "positive", NOON),
            Judgement("abcd22", "local:a", "local:c", "positive", NOON),
            Judgement("ffff33", "local:a", "local:d", "positive", NOON, **gone),
        ]

    def test_by_id_beginning_or_as_the_latest(self, judgements) -> None:
        assert chosen_judgement(judgements, "abcd11") == "abcd11"
        assert chosen_judgement(judgements, "abcd2") == "abcd22"
        assert chosen_judgement(judgements, None) == "abcd22"

    @pytest.mark.parametrize(
        ("name", "said"),
        [("abcd", "any of"), ("ffff33", "undone already"), ("eeee", "no judgement"), ("", "no")],
    )
    def test_what_means_none_or_several_is_refused(self, judgements, name, said) -> None:
        with pytest.raises(UnknownJudgementError, match=said):
            chosen_judgement(judgements, name)
