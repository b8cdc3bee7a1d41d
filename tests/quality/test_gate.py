"""What forbids a publish, and what a snapshot says of the checks that it was published against."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.console import print_summary
from pipelines.quality.live import live_snapshot
from pipelines.quality.overrides import Target, decide, with_overrides
from pipelines.quality.results import blocking_failures
from pipelines.runner import RunReport
from pipelines.summary import summarise
from pipelines.warehouse.publish import publish_file
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.runs import record_snapshot
from tests.factories import fetch_row
from tests.held import held_elsewhere
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


@pytest.fixture
def settings(tmp_path):
    return home(tmp_path)


@pytest.fixture
def c(settings):
    with warehouse(settings) as connection:
        yield connection


def blocked(connection):
    return [(day, check) for day, _, check, _ in blocking_failures(connection)]


def test_the_latest_result_of_each_day_and_table_counts(c):
    note(c, failing("a"), 0)
    note(c, failing(), 1)
    note(c, failing("a", day=NEXT), 0)
    note(c, failing("e", check=WHOLE), 1)
    assert blocked(c) == [(None, "entities_unique"), (NEXT, "spans_hold")]
    note(c, failing("a", "b"), 2)
    assert blocked(c) == [(None, "entities_unique"), (DAY, "spans_hold"), (NEXT, "spans_hold")]


def test_a_warning_blocks_only_where_its_rule_broke(c):
    note(c, failing("a", check=WARNING))
    assert blocked(c) == []
    note(c, failing(check=WARNING, error="no such column", count=None), 1)
    ((_, _, _, why),) = blocking_failures(c)
    assert why == "the rule broke: no such column"


def test_a_rule_that_is_gone_or_made_milder_blocks_no_more(c):
    note(c, failing("a", check=replace(CRITICAL, name="former")))
    assert blocked(c) == []
    note(c, failing("a"))
    assert blocked(c) == [(DAY, "spans_hold")]
    c.execute("UPDATE ops.quality_checks SET severity = 'warning', stops = 'nothing'")
    assert blocked(c) == []


def test_a_result_under_a_day_of_a_check_that_is_on_the_whole_table_now_does_not_count(c):
    note(c, failing("e", check=replace(WHOLE, is_daily=True)))
    assert blocked(c) == []


def test_a_day_that_was_not_audited_blocks_whatever_is_overridden(c):
    note(c, failing("a"))
    decide(c, [SPANS], "known", "ann")
    insert_rows(c, "raw.fetches", [fetch_row("f1")])
    insert_rows(
        c,
        "ops.extractions",
        [
            {
                "fetch_id": "f1",
                "fetch_date": DAY,
                "fetched_at": datetime(2026, 3, 2, tzinfo=UTC),
                "extractor_version": "x",
                "outcome": "kept",
                "extracted_at": datetime.now(UTC),
            }
        ],
    )
    assert blocked(c) == [(DAY, "audit")]


def published(settings, connection, run_id):
    record_snapshot(connection, run_id)
    connection.execute("CHECKPOINT")


def test_a_snapshot_names_the_checks_that_it_was_published_against(settings):
    with warehouse(settings) as c:
        note(c, failing("a"))
        note(c, failing("e", check=WHOLE))
        decide(c, [SPANS], "known misprint", "ann")
        published(settings, c, "r1")
        stamped = c.execute("SELECT len(override_ids) FROM ops.snapshots").fetchall()
    publish_file(settings)
    assert stamped == [(1,)]
    live = live_snapshot(settings)
    assert [(o.check, o.note, o.decided_by) for o in live.overrides] == [
        ("mentions.spans_hold@2026-03-02", "known misprint", "ann")
    ]
    assert live.run_id == "r1"
    (why,) = live.why_not_newer
    assert why.startswith("entities.entities_unique: 1 rows")
    with warehouse(settings) as c:
        note(c, with_overrides(c, [failing()])[0], 1)
        published(settings, c, "r2")
    publish_file(settings)
    assert live_snapshot(settings).overrides == ()


def test_the_live_snapshot_says_how_old_it_is(settings):
    nothing = live_snapshot(settings)
    assert (nothing.published_at, nothing.age, nothing.why_not_newer) == (None, None, ())
    assert "nothing is published yet" in (nothing.problem or "")
    with warehouse(settings) as c:
        published(settings, c, "r1")
    publish_file(settings)
    live = live_snapshot(settings)
    assert live.published_at is not None
    assert not live.is_stale
    later = live_snapshot(settings, live.published_at + timedelta(hours=26, seconds=1))
    assert later.age == timedelta(hours=26, seconds=1)
    assert later.is_stale


def test_while_somebody_writes_the_live_snapshot_says_who_and_does_not_wait(settings):
    with warehouse(settings) as c:
        note(c, failing("a"))
        published(settings, c, "r1")
    publish_file(settings)
    with held_elsewhere(settings):
        live = live_snapshot(settings)
    assert live.published_at is not None
    (why,) = live.why_not_newer
    assert why.startswith("being written by ")


def test_a_snapshot_from_before_overrides_were_known_can_be_read(settings):
    with warehouse(settings) as c:
        published(settings, c, "r1")
        c.execute("ALTER TABLE ops.snapshots DROP COLUMN override_ids")
        c.execute("CHECKPOINT")
    publish_file(settings)
    assert live_snapshot(settings).overrides == ()


def test_the_summary_of_a_run_that_found_nothing_new_says_what_still_stands_failed(settings):
    """Rows that did not change are not checked again: the results of before are what stands."""
    with warehouse(settings) as c:
        note(c, failing("a", day=NEXT), 0)
        note(c, failing(), 0)
        note(c, failing("a", "b"), 1)
        note(c, failing("x", check=WARNING), 1)
        note(c, failing("e", check=WHOLE), 1)
    summary = summarise(settings, ["a run that wrote no result"], [DAY])
    assert [(f.day, f.name, f.severity, f.unexpected) for f in summary.failed_checks] == [
        ("2026-03-02", "spans_hold", "critical", 2),
        ("whole table", "entities_unique", "critical", 1),
        ("2026-03-02", "spans_are_short", "warning", 1),
    ]
    with warehouse(settings) as c:
        decide(c, [SPANS], "known misprint", "ann")
    summary = summarise(settings, [], [DAY])
    assert [f.name for f in summary.failed_checks] == ["entities_unique", "spans_are_short"]
    (accepted,) = summary.overridden_checks
    assert (accepted.name, accepted.override_note) == ("spans_hold", "known misprint")


def test_the_summary_names_the_decision_beside_the_check(settings, capsys):
    with warehouse(settings) as c:
        note(c, failing("a"))
        decide(c, [SPANS], "known\x1b[2J misprint", "ann")
    print_summary(settings, RunReport(days=[DAY]), summarise(settings, [], [DAY]))
    text = capsys.readouterr().out
    assert "checks failed       0" in text
    assert "mentions.spans_hold: 1 rows; published all the same: known<U+001B>" in text
