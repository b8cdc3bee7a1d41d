"""Faults in captures, their fates and their sources, and what looks like one and is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.quality.faults.alone import catch_alone
from tests.quality.faults.written_pages import harbour_story
from tests.quality.seeding import DAY, Clean, Fault, Seeded, stays_clean


def capture(home: Seeded, where: str = "outcome = 'captured'") -> str:
    """The first capture of the day that a condition holds for."""
    return home.column(
        f"SELECT fetch_id FROM raw.fetches WHERE fetch_date = ? AND {where} ORDER BY 1 LIMIT 1",
        [DAY],
    )[0]


def changed(assignment: str, where: str = "outcome = 'captured'"):
    """A seed that changes one capture of the day."""

    def seed(home: Seeded) -> list[str]:
        key = capture(home, where)
        home.write(f"UPDATE raw.fetches SET {assignment} WHERE fetch_id = ?", [key])
        return [key]

    return seed


def statement(sql: str, keys: str | None = None):
    """A seed that runs one statement; ``keys`` asks for what it broke, before it does."""

    def seed(home: Seeded) -> list[str]:
        found = home.column(keys) if keys else []
        home.write(sql)
        return found

    return seed


def twice(home: Seeded) -> list[str]:
    key = capture(home)
    home.write("INSERT INTO raw.fetches SELECT * FROM raw.fetches WHERE fetch_id = ?", [key])
    return [key]


def two_lengths(home: Seeded) -> list[str]:
    """Two captures of one payload, one of which claims another length."""
    key = capture(home)
    home.write(
        "INSERT INTO raw.fetches SELECT * REPLACE ('copy' AS fetch_id, payload_bytes + 1 AS"
        " payload_bytes) FROM raw.fetches WHERE fetch_id = ?",
        [key],
    )
    return [*home.column(
        "SELECT fetch_id FROM raw.fetches WHERE fetch_date = ? AND payload_sha256 ="
        " (SELECT payload_sha256 FROM raw.fetches WHERE fetch_id = 'copy')", [DAY]
    )]  # fmt: skip


def empty_input(home: Seeded) -> list[str]:
    home.arrive([("https://quay.example/empty", b"")], until="promoted")
    # Its arrival was audited: without this the audit would carry that result over.
    home.write("DELETE FROM ops.audits")
    return home.column("SELECT fetch_id FROM raw.fetches WHERE outcome = 'rejected'")


def fate_lost(home: Seeded) -> list[str]:
    key = capture(home)
    home.write("DELETE FROM ops.extractions WHERE fetch_id = ?", [key])
    return [key]


def fate_without_row(home: Seeded) -> list[str]:
    """A capture counts as kept, but no article has its content."""
    (key,) = home.column(
        "SELECT fetch_id FROM ops.extractions WHERE fetch_date = ? AND outcome = 'kept'"
        " ORDER BY 1 LIMIT 1",
        [DAY],
    )
    home.write("UPDATE ops.extractions SET content_sha256 = 'none' WHERE fetch_id = ?", [key])
    return [key]


def fate_twice(home: Seeded) -> list[str]:
    key = capture(home)
    home.write(
        "INSERT INTO ops.extractions SELECT * FROM ops.extractions WHERE fetch_id = ?", [key]
    )
    return [key]


def many_held(home: Seeded) -> list[str]:
    """Of thirty more captures a third is in quarantine."""
    home.write(
        """
        INSERT INTO raw.fetches
        SELECT f.* REPLACE ('more-' || n AS fetch_id, NULL AS payload_sha256, 'failed' AS outcome)
        FROM (FROM raw.fetches WHERE fetch_date = DATE '2026-03-02' ORDER BY fetch_id LIMIT 1) AS f,
            range(30) AS r(n);
        INSERT INTO ops.quarantine BY NAME
        SELECT 'fetches' AS asset_key, fetch_id AS row_key, 'seeded' AS reason, fetch_id, fetch_date,
            'seed' AS run_id, now() AS created_at, 'held' AS effect
        FROM raw.fetches WHERE fetch_id IN ('more-1', 'more-2', 'more-3', 'more-4', 'more-5',
            'more-6', 'more-7', 'more-8', 'more-9', 'more-10')
        """
    )
    return [DAY.isoformat()]


def reader_down(home: Seeded) -> list[str]:
    """Of forty more captures the reader broke on thirty."""
    home.write(
        """
        INSERT INTO raw.fetches
        SELECT f.* REPLACE ('more-' || n AS fetch_id, NULL AS payload_sha256)
        FROM (FROM raw.fetches WHERE fetch_date = DATE '2026-03-02' ORDER BY fetch_id LIMIT 1) AS f,
            range(40) AS r(n);
        INSERT INTO ops.quarantine BY NAME
        SELECT 'extracted_articles' AS asset_key, fetch_id AS row_key, 'extraction_succeeded' AS reason,
            fetch_id, fetch_date, 'seed' AS run_id, now() AS created_at, 'held' AS effect
        FROM raw.fetches WHERE starts_with(fetch_id, 'more-') ORDER BY fetch_id LIMIT 30
        """
    )
    return [DAY.isoformat()]


def source_twice(home: Seeded) -> list[str]:
    home.write("INSERT INTO sources SELECT * FROM sources WHERE source_id = 'samples-texts'")
    return ["samples-texts"]


FAULTS = [
    Fault("a dropped column", "fetches", "fetches_schema", "critical",
          statement("ALTER TABLE raw.fetches DROP COLUMN etag"), effect=None),
    Fault("a capture twice", "fetches", "fetch_id_unique", "critical", twice),
    Fault("an empty input", "fetches", "payload_readable", "warning", empty_input, effect="held"),
    Fault("a payload that is not in the archive", "fetches", "payload_archived", "critical",
          changed("archive_path = NULL")),
    Fault("a payload under another's hash", "fetches", "payload_archived", "critical",
          changed("payload_sha256 = repeat('0', 64)")),
    Fault("two lengths of one payload", "fetches", "payload_size_agrees", "critical", two_lengths),
    Fault("a source that does not exist", "fetches", "fetch_references_hold", "critical",
          changed("source_id = 'nobody'")),
    Fault("a feed entry that does not exist", "fetches", "fetch_references_hold", "critical",
          changed("entry_id = 'none'")),
    Fault("an unknown kind of capture", "fetches", "fetch_kind_known", "critical",
          changed("kind = 'carrier pigeon'")),
    Fault("an unknown outcome", "fetches", "fetch_outcome_known", "critical",
          changed("outcome = 'perhaps'")),
    Fault("a failure without a reason", "fetches", "fetch_outcome_explained", "warning",
          changed("outcome = 'failed', outcome_reason = NULL"), effect="flagged"),
    Fault("a capture in another day's partition", "fetches", "fetch_date_is_its_day", "critical",
          changed("fetched_at = fetched_at + INTERVAL 1 DAY")),
    Fault("a capture older than the web", "fetches", "fetched_since_the_web", "critical",
          changed("fetched_at = TIMESTAMPTZ '1970-01-01 00:00:00+00'")),
    Fault("a page that robots rules forbid", "fetches", "robots_obeyed", "critical",
          changed("robots_verdict = 'disallowed'")),
    Fault("a capture without a fate", "articles", "nothing_lost", "critical", fate_lost),
    Fault("a fate without its row", "articles", "fates_backed", "critical", fate_without_row),
    Fault("two fates of one reading", "articles", "fate_once", "critical", fate_twice),
    Fault("a third of a day in quarantine", "articles", "few_quarantined", "warning", many_held,
          effect=None),
    Fault("a reader that breaks on most pages", "articles", "extraction_is_not_down", "critical",
          reader_down, effect=None),
    Fault("a source twice", "articles", "source_id_unique", "critical", source_twice),
    Fault("an unknown role of a source", "articles", "source_role_known", "warning",
          statement("UPDATE sources SET source_role = 'oracle' WHERE source_id = 'samples-texts'",
                    "SELECT 'samples-texts'"), effect="flagged"),
    Fault("a country by its name", "articles", "source_codes_valid", "warning",
          statement("UPDATE sources SET country = 'Norway' WHERE source_id = 'samples-texts'",
                    "SELECT 'samples-texts'"), effect="flagged"),
]  # fmt: skip


def new_source(home: Seeded) -> None:
    home.arrive(
        [("https://new-paper.example/1", harbour_story(1))], source="new-paper", until="promoted"
    )


def quiet_day(home: Seeded) -> None:
    """One page on a day of its own."""
    home.arrive(
        [("https://quay.example/one", harbour_story(2))],
        at=datetime(2026, 3, 8, 9, tzinfo=UTC),
        until="promoted",
    )


def same_page_twice(home: Seeded) -> None:
    """Two visits to one page that did not change."""
    page = [("https://quay.example/same", harbour_story(3))]
    home.arrive(page, until="promoted")
    home.arrive(
        page, at=datetime(2026, 3, 2, 17, tzinfo=UTC), until="promoted", run_id="second-arrival"
    )


CLEAN = [
    Clean("a new source", new_source, ("fetches", "articles")),
    Clean("a quiet Sunday", quiet_day, ("fetches", "articles"), datetime(2026, 3, 8, tzinfo=UTC).date()),
    Clean("a page that was captured twice", same_page_twice, ("articles",)),
    Clean("a request that failed and says why", changed(
        "kind = 'page', outcome = 'failed', outcome_reason = 'timeout: no answer in 30 s'",
        "outcome = 'captured'"), ("fetches",)),
    Clean("a page that robots rules forbade, not captured", changed(
        "kind = 'page', outcome = 'refused', robots_verdict = 'disallowed',"
        " outcome_reason = 'robots_disallowed: forbidden'"), ("fetches",)),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_by_its_check(sample_home, tmp_path, monkeypatch, fault):
    catch_alone(Seeded(sample_home, tmp_path), fault, monkeypatch)


@pytest.mark.parametrize("variant", CLEAN, ids=lambda variant: variant.name)
def test_what_is_unusual_but_right_raises_no_alarm(sample_home, tmp_path, variant):
    stays_clean(Seeded(sample_home, tmp_path), variant)
