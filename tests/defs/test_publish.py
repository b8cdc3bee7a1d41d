"""What the Dagster UI says of the snapshot that analysts read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipelines.defs.publish import live_in_words, live_metadata
from pipelines.quality.live import LiveSnapshot, PublishedAgainst

AT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


def test_a_live_snapshot_is_named_by_its_time_and_age():
    live = LiveSnapshot(AT, timedelta(hours=30), (), (), is_stale=True, articles=16)
    words = "Live: the snapshot of 2026-03-02 06:30 UTC, 30.0 hours old, which is too old."
    assert live_in_words(live) == words
    assert live_metadata(live)["age, hours"].value == 30
    assert live_metadata(live)["articles"].value == 16


def test_what_stops_a_newer_one_is_named():
    live = LiveSnapshot(AT, timedelta(hours=3), ("mentions.spans_exact: 3 rows",), ())
    assert live_in_words(live).endswith("No newer one, because of mentions.spans_exact: 3 rows.")


def test_without_any_it_says_why():
    live = LiveSnapshot(None, None, (), (), problem="nothing was published")
    assert live_in_words(live) == "No snapshot is live: nothing was published."
    assert "age, hours" not in live_metadata(live)


def test_overrides_that_it_was_published_by_are_a_table():
    against = PublishedAgainst("articles.volume@2026-03-02", "a strike", "nora", AT)
    live = LiveSnapshot(AT, timedelta(0), (), (against,))
    (row,) = live_metadata(live)["published against"].records
    assert row.data == {"check": "articles.volume@2026-03-02", "why": "a strike", "who": "nora"}
