"""An override covers what was known when it was made, on one check and day, until the check holds."""

from __future__ import annotations

import pytest

from pipelines.quality.overrides import (
    Failure,
    OverrideError,
    Target,
    decide,
    in_force,
    read_target,
    take_back,
    with_overrides,
)
from pipelines.quality.results import blocking_failures, declare, record
from pipelines.quality.suites import MAX_KEYS
from tests.quality.standing import (
    CRITICAL,
    DAY,
    NEXT,
    WARNING,
    WHOLE,
    failing,
    home,
    note,
    warehouse,
)

SPANS = Target("mentions", "spans_hold", DAY)
MANY = [f"k{n}" for n in range(MAX_KEYS)]


@pytest.fixture
def c(tmp_path):
    with warehouse(home(tmp_path)) as connection:
        yield connection


def known(count, *keys, error=None, observed="0"):
    return Failure(count, frozenset(keys), error, observed)


@pytest.mark.parametrize(
    ("accepted", "now", "covered"),
    [
        (known(2, "a", "b"), known(2, "a", "b"), True),
        (known(2, "a", "b"), known(1, "b"), True),
        (known(2, "a", "b"), known(2, "a", "c"), False),
        (known(2, "a", "b"), known(3, "a", "b"), False),
        (known(3, "a"), known(2, "a"), True),
        (known(2000, *MANY), known(1500, *MANY[1:], "other"), True),
        (known(2000, *MANY), known(2001, *MANY), False),
        (known(999, *MANY[1:]), known(999, *MANY[:-1]), False),
        (known(None, observed='["a"]'), known(None, observed='["a"]'), True),
        (known(None, observed='["a"]'), known(None, observed='["b"]'), False),
        (known(1, "a"), known(None), False),
        (known(None, error="no column x"), known(None, error="no column x"), True),
        (known(None, error="no column x"), known(None, error="no column y"), False),
        (known(None, error="no column x"), known(1, "a"), False),
        (known(1, "a"), known(None, error="no column x"), False),
    ],
)
def test_covers_what_was_accepted_and_no_more(accepted, now, covered):
    assert accepted.covers(now) is covered


def test_a_target_is_a_check_and_perhaps_a_day():
    assert read_target("mentions.spans_hold@2026-03-02") == SPANS
    assert str(SPANS) == "mentions.spans_hold@2026-03-02"
    assert read_target(" sources.known ") == Target("sources", "known", None)
    for wrong in ("spans", "mentions.spans@today", "mentions.spans@2026-02-30", "a.b; DROP", ""):
        with pytest.raises(OverrideError, match=r"ASSET\.CHECK"):
            read_target(wrong)


def test_what_is_decided_no_longer_blocks_and_says_who_and_why(c):
    note(c, failing("a", "b"))
    assert [f[:3] for f in blocking_failures(c)] == [(DAY, "mentions", "spans_hold")]
    (made,) = decide(c, [Target("mentions", "spans_hold", None)], " known misprint ", "ann")
    assert (made.target, made.note, made.decided_by) == (SPANS, "known misprint", "ann")
    assert blocking_failures(c) == []
    assert in_force(c) == [made]


def test_covers_a_failure_whose_result_is_not_written_anew(c):
    """As with rows that did not change: the result of before stands, and is covered by now."""
    note(c, failing("a"))
    decide(c, [SPANS], "known", "ann")
    (result,) = with_overrides(c, [failing("a", carried=True)])
    assert result.override_id == in_force(c)[0].override_id
    record(c, [result], "later")
    assert blocking_failures(c) == []


def test_more_or_other_rows_block_again_and_fewer_do_not(c):
    note(c, failing("a", "b"))
    decide(c, [SPANS], "known", "ann")
    for hour, (keys, blocks) in enumerate(
        [(("a", "b"), 0), (("a", "c"), 1), (("a",), 0), (("a", "b", "c"), 1), (("b",), 0)], 1
    ):
        (result,) = with_overrides(c, [failing(*keys)])
        note(c, result, hour)
        assert len(blocking_failures(c)) == blocks, keys
    assert len(in_force(c)) == 1, "it lasts while the check does not hold"


def test_is_for_one_day_and_one_check(c):
    note(c, failing("a"))
    note(c, failing("a", day=NEXT))
    note(c, failing("a", check=WHOLE))
    with pytest.raises(OverrideError, match=r"several days.*@2026-03-02.*@2026-03-03"):
        decide(c, [Target("mentions", "spans_hold", None)], "known", "ann")
    decide(c, [SPANS], "known", "ann")
    assert [f[:3] for f in blocking_failures(c)] == [
        (None, "entities", "entities_unique"),
        (NEXT, "mentions", "spans_hold"),
    ]
    decide(c, [Target("entities", "entities_unique", None)], "known", "ann")
    assert len(blocking_failures(c)) == 1


def test_ends_by_itself_when_the_check_holds(c):
    note(c, failing("a"))
    decide(c, [SPANS], "known", "ann")
    (passed,) = with_overrides(c, [failing()])
    note(c, passed, 1)
    assert passed.override_id is None
    assert in_force(c) == []
    (again,) = with_overrides(c, [failing("a")])
    note(c, again, 2)
    assert len(blocking_failures(c)) == 1, "the same rows are a new failure"


def test_taken_back_it_blocks_again_with_its_history_kept(c):
    note(c, failing("a"))
    decide(c, [SPANS], "known", "ann")
    (ended,) = take_back(c, [SPANS])
    assert ended.note == "known"
    assert len(blocking_failures(c)) == 1
    rows = c.execute("SELECT note, ended_at IS NOT NULL FROM ops.overrides").fetchall()
    assert rows == [("known", True)]
    with pytest.raises(OverrideError, match="no override is in force for it; in force: none"):
        take_back(c, [SPANS])


def test_a_second_decision_replaces_the_first(c):
    note(c, failing("a"))
    decide(c, [SPANS], "one", "ann")
    note(c, with_overrides(c, [failing("a", "b")])[0], 1)
    decide(c, [SPANS], "two", "bob")
    assert [o.note for o in in_force(c)] == ["two"]
    assert blocking_failures(c) == []


def test_a_broken_rule_can_be_overridden_while_it_breaks_alike(c):
    broken = {"check": WARNING, "error": 'column "nope" not found', "count": None}
    note(c, failing(**broken))
    assert len(blocking_failures(c)) == 1
    decide(c, [Target("mentions", "spans_are_short", DAY)], "mended tomorrow", "ann")
    assert blocking_failures(c) == []
    note(c, with_overrides(c, [failing(**broken | {"error": "out of memory"})])[0], 1)
    assert len(blocking_failures(c)) == 1


def test_nothing_is_recorded_unless_every_target_can_be(c):
    note(c, failing("a"))
    note(c, failing(check=CRITICAL, day=NEXT))
    note(c, failing("x", check=WARNING))
    for target, message in [
        (Target("mentions", "spans_hold", NEXT), "does not stop the publish"),
        (Target("mentions", "spans_are_short", DAY), "does not stop the publish"),
        (Target("articles", "audit", DAY), "newsledger run finishes it"),
        (Target("mentions", "nope", None), "there is no result of such a check"),
    ]:
        with pytest.raises(OverrideError, match=message):
            decide(c, [SPANS, target], "known", "ann")
    with pytest.raises(OverrideError, match="say why: --note"):
        decide(c, [SPANS], "  ", "ann")
    note(c, failing("e", check=WHOLE))
    with pytest.raises(OverrideError, match="on a whole table, without a day"):
        decide(c, [Target("entities", "entities_unique", DAY)], "known", "ann")
    assert in_force(c) == []


def test_an_override_of_a_check_that_is_gone_ends(c):
    note(c, failing("a"))
    decide(c, [SPANS], "known", "ann")
    declare(c)  # what expectations/ declares, which this check is not
    assert in_force(c) == []
