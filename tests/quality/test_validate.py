"""Row rules decide, versions are a chain, nothing is lost, and the order of arrival does not count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ids import stable_id
from pipelines.quality.results import blocking_failures, unaudited_days
from pipelines.quality.validate import validate_staged
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema
from tests.factories import DAY, NOON, block_row, fetch_row, staged_row

BODY = "Pilots of the two harbours will share a roster from April. " * 5


def warehouse():
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    apply_schema(connection)
    return connection


def stage(connection, captures, run_id="run", **changes):
    """Captures (id, article, body, hour) are recorded and staged."""
    for name, article, body, hour in captures:
        at = NOON.replace(hour=0) + timedelta(hours=hour)
        known = connection.execute(
            "SELECT 1 FROM raw.fetches WHERE fetch_id = ?", [name]
        ).fetchone()
        if not known:
            insert_rows(connection, "raw.fetches", [fetch_row(name, fetched_at=at)])
        row = staged_row(name, article, body, fetched_at=at, run_id=run_id, **changes)
        insert_rows(connection, "staging.articles", [row])
        insert_rows(connection, "staging.article_blocks", [block_row(name, body)])
    return validate_staged(connection, day=DAY, run_id=run_id)


def versions(connection):
    return connection.execute(
        """
        SELECT article_id, version, fetch_id, left(article_body, 6), change_kind,
               hour(valid_from), hour(valid_to)
        FROM article_versions ORDER BY ALL
        """
    ).fetchall()


def fates(connection):
    return connection.execute(
        "SELECT fetch_id, outcome, outcome_reason FROM ops.extractions ORDER BY ALL"
    ).fetchall()


def test_an_accepted_row_becomes_version_1_with_its_blocks():
    c = warehouse()
    report = stage(c, [("f1", "a", "First " + BODY, 1)])
    assert (report.staged, report.versions, report.quarantined) == (1, 1, 0)
    assert versions(c) == [("a", 1, "f1", "First ", "first", 1, None)]
    assert c.execute("SELECT article_id, version, block_no FROM article_blocks").fetchall() == [
        ("a", 1, 0)
    ]
    assert c.execute("SELECT count(*) FROM staging.articles").fetchone() == (0,)
    assert c.execute("SELECT count(*) FROM staging.article_blocks").fetchone() == (0,)


def test_an_edit_is_a_new_version_and_an_unchanged_capture_is_skipped():
    c = warehouse()
    stage(
        c,
        [
            ("f1", "a", "First " + BODY, 1),
            ("f2", "a", "First " + BODY, 2),
            ("f3", "a", "Secnd " + BODY, 3),
        ],
    )
    assert versions(c) == [
        ("a", 1, "f1", "First ", "first", 1, 3),
        ("a", 2, "f3", "Secnd ", "publisher_edit", 3, None),
    ]
    assert fates(c) == [("f1", "kept", None), ("f2", "skipped", "unchanged"), ("f3", "kept", None)]
    assert c.execute("SELECT article_body LIKE 'Secnd%' FROM articles").fetchall() == [(True,)]


def test_an_edit_taken_back_is_a_third_version():
    c = warehouse()
    stage(
        c,
        [
            ("f1", "a", "First " + BODY, 1),
            ("f2", "a", "Secnd " + BODY, 2),
            ("f3", "a", "First " + BODY, 3),
        ],
    )
    assert [v[1:4] for v in versions(c)] == [
        (1, "f1", "First "),
        (2, "f2", "Secnd "),
        (3, "f3", "First "),
    ]


def test_the_same_bytes_again_are_called_so():
    c = warehouse()
    for name, hour in (("f1", 1), ("f2", 2)):
        stage(c, [(name, "a", BODY, hour)], payload_sha256="same")
    assert fates(c)[1] == ("f2", "skipped", "duplicate_payload")


def test_what_a_new_extractor_changes_is_not_the_publishers_edit():
    c = warehouse()
    stage(c, [("f1", "a", "First " + BODY, 1)], extractor_version="1")
    stage(c, [("f1", "a", "Mended" + BODY, 1)], run_id="later", extractor_version="2")
    assert [(v[1], v[3], v[4]) for v in versions(c)] == [
        (1, "First ", "first"),
        (2, "Mended", "re_extraction"),
    ]
    stage(c, [("f2", "a", "Edited" + BODY, 5)], run_id="last", extractor_version="2")
    assert [(v[1], v[3], v[4]) for v in versions(c)][2] == (3, "Edited", "publisher_edit")


def test_a_row_is_held_once_with_every_reason_and_its_payload():
    c = warehouse()
    report = stage(
        c,
        [("bad", "a", "too short", 1), ("good", "b", BODY, 1)],
        date_published=NOON + timedelta(days=9),
        date_published_precision="day",
        date_published_source="meta",
    )
    assert report.quarantined == 2
    rows = c.execute(
        "SELECT row_key, reason, payload_sha256 IS NOT NULL, run_id, resolved_at FROM ops.quarantine ORDER BY ALL"
    ).fetchall()
    assert rows == [
        ("bad", "body_present", True, "run", None),
        ("bad", "published_before_capture", True, "run", None),
        ("good", "published_before_capture", True, "run", None),
    ]
    assert fates(c)[0] == ("bad", "quarantined", "body_present, published_before_capture")
    assert versions(c) == []


def test_a_held_row_that_passes_later_leaves_with_its_history_kept():
    c = warehouse()
    stage(c, [("f", "a", "too short", 1)], extractor_version="1")
    stage(c, [("f", "a", BODY, 1)], run_id="later", extractor_version="2")
    assert c.execute(
        "SELECT reason, resolution, resolved_at IS NOT NULL FROM ops.quarantine"
    ).fetchall() == [("body_present", "passed", True)]
    assert len(versions(c)) == 1


def test_a_reason_that_no_longer_holds_leaves_and_the_row_stays_held_for_the_others():
    c = warehouse()
    after = {
        "date_published": NOON + timedelta(days=9),
        "date_published_precision": "day",
        "date_published_source": "meta",
    }
    stage(c, [("f", "a", "too short", 1)], extractor_version="1", **after)
    stage(c, [("f", "a", BODY, 1)], run_id="later", extractor_version="2", **after)
    assert c.execute("SELECT reason, resolution FROM ops.quarantine ORDER BY ALL").fetchall() == [
        ("body_present", "superseded"),
        ("published_before_capture", None),
    ]


def test_a_held_row_that_is_read_as_no_article_leaves_quarantine():
    c = warehouse()
    stage(c, [("f", "a", "too short", 1), ("g", "b", "too short", 1)], extractor_version="1")
    skip = {
        "fetch_id": "f",
        "fetch_date": DAY,
        "fetched_at": NOON,
        "extractor_version": "2",
        "outcome": "skipped",
        "outcome_reason": "listing",
        "extracted_at": datetime.now(UTC) + timedelta(seconds=1),
        "run_id": "later",
    }
    insert_rows(c, "ops.extractions", [skip])
    validate_staged(c, day=DAY, run_id="later")
    assert c.execute("SELECT row_key, resolution FROM ops.quarantine ORDER BY ALL").fetchall() == [
        ("f", "skipped"),
        ("g", None),
    ]


def test_a_failed_extraction_and_an_unreadable_input_are_held_with_details():
    c = warehouse()
    insert_rows(
        c,
        "raw.fetches",
        [
            fetch_row("crash"),
            fetch_row(
                "cut", outcome="rejected", outcome_reason="unreadable: EOFError", archive_path=None
            ),
        ],
    )
    insert_rows(
        c,
        "staging.articles",
        [
            {k: v for k, v in staged_row("crash", "x", "").items() if k in
             ("fetch_id", "fetch_date", "fetched_at", "payload_sha256", "source_id", "extractor_version")}
            | {"extraction_error": "timeout: more than 30 s"}
        ],
    )  # fmt: skip
    validate_staged(c, day=DAY, run_id="run")
    assert c.execute(
        "SELECT row_key, reason, detail FROM ops.quarantine ORDER BY ALL"
    ).fetchall() == [
        ("crash", "extraction_succeeded", "timeout: more than 30 s"),
        ("cut", "payload_readable", "unreadable: EOFError"),
    ]
    assert [f[:2] for f in fates(c)] == [("crash", "quarantined"), ("cut", "quarantined")]


def test_a_rule_that_breaks_lets_nothing_through(monkeypatch):
    from dataclasses import replace

    from pipelines.quality import validate

    def broken(asset):
        suites = []
        for suite in original(asset):
            checks = tuple(
                replace(c, kwargs={"unexpected_rows_query": "SELECT nope FROM {batch}"})
                if c.name == "body_present" else c for c in suite.checks
            )  # fmt: skip
            suites.append(replace(suite, checks=checks))
        return tuple(suites)

    original = validate.suites_of
    monkeypatch.setattr(validate, "suites_of", broken)
    c = warehouse()
    with pytest.raises(duckdb.Error, match="nope"):
        stage(c, [("f", "a", BODY, 1)])
    assert versions(c) == []
    assert c.execute("SELECT count(*) FROM staging.articles").fetchone() == (1,)


def recognise(c, article, version, exact="Pilots"):
    """One mention in the body, as the recognition stage writes it."""
    insert_rows(
        c,
        "mentions",
        [
            {
                "mention_id": stable_id(article, version, 0, 6, 12),
                "article_id": article,
                "version": version,
                "mention_type": "person",
                "exact": exact,
                "start_char": 6,
                "end_char": 12,
                "sentence_no": 0,
                "in_headline": False,
                "recognizer": "test",
                "recognizer_version": "1",
            }
        ],
    )
    row = {"article_id": article, "version": version, "recognizer_version": "1", "mention_count": 1}
    insert_rows(c, "ops.recognitions", [row | {"recognised_at": datetime.now(UTC)}])


def audited(c, *assets):
    """A passed check of each asset, now."""
    insert_rows(
        c,
        "ops.quality_results",
        [
            {
                "run_id": "run",
                "partition_key": DAY,
                "asset_key": asset,
                "check_name": "any",
                "expectation": "any",
                "severity": "critical",
                "success": True,
                "checked_at": datetime.now(UTC),
            }
            for asset in assets
        ],
    )


def test_a_version_moved_by_a_late_capture_keeps_its_mentions():
    c = warehouse()
    stage(c, [("f2", "a", "Secnd " + BODY, 2)])
    recognise(c, "a", 1)
    stage(c, [("f1", "a", "First " + BODY, 1)], run_id="later")
    assert [v[1:4] for v in versions(c)] == [(1, "f1", "First "), (2, "f2", "Secnd ")]
    moved = c.execute("SELECT mention_id, version FROM mentions").fetchall()
    assert moved == [(stable_id("a", 2, 0, 6, 12), 2)], "the id is the one that recognition gives"
    assert c.execute("SELECT article_id, version FROM ops.recognitions").fetchall() == [("a", 2)]


def test_a_day_written_after_its_audit_stands_in_the_way_of_a_publish():
    c = warehouse()
    assert blocking_failures(c) == []
    stage(c, [("f1", "a", "First " + BODY, 1)])
    assert unaudited_days(c) == [DAY], "written, never audited"
    audited(c, "articles")
    assert unaudited_days(c) == [DAY], "never read for mentions"
    recognise(c, "a", 1)
    assert unaudited_days(c) == [DAY], "its mentions are not audited"
    audited(c, "entities", "mentions")
    assert blocking_failures(c) == []
    stage(c, [("f2", "b", "Secnd " + BODY, 2)], run_id="later")
    assert [(f[0], f[2]) for f in blocking_failures(c)] == [(DAY, "audit")]


captures = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.sampled_from(["First ", "Secnd ", "Third "]), st.integers(0, 23)
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda c: (c[0], c[2]),
)


@settings(max_examples=40, deadline=None)
@given(captures, st.data())
def test_any_order_of_arrival_gives_the_same_tables(drawn, data):
    rows = [(f"f-{a}-{hour}", a, text + BODY, hour) for a, text, hour in drawn]
    together = warehouse()
    stage(together, rows)
    apart = warehouse()
    for number, row in enumerate(data.draw(st.permutations(rows))):
        stage(apart, [row], run_id=f"run{number}")
    assert versions(apart) == versions(together)
    assert [f[:2] for f in fates(apart)] == [f[:2] for f in fates(together)]
    blocks = "SELECT article_id, version, block_no, block_text FROM article_blocks ORDER BY ALL"
    assert apart.execute(blocks).fetchall() == together.execute(blocks).fetchall()
    for c in (apart, together):
        total = c.execute("SELECT count(*) FROM ops.extractions").fetchone()
        assert total == (len(rows),), "kept + quarantined + skipped = captured"
