"""Faults in what is remembered of feeds, their entries, pages and sites."""

from __future__ import annotations

import pytest

from tests.quality.faults.alone import catch_alone
from tests.quality.seeding import DAY, Clean, Fault, Seeded, stays_clean

CRAWL = """
INSERT INTO raw.feeds BY NAME
SELECT
    'feed-' || n AS feed_id, 'samples-pages' AS source_id, 'feed' AS kind,
    'https://quay.example/feed/' || n AS url, 60 AS poll_minutes, 0.0 AS failures,
    TIMESTAMPTZ '2026-03-02 08:00:00+00' AS polled_at, 'ok' AS last_status,
    TIMESTAMPTZ '2026-03-02 09:00:00+00' AS next_fetch_at,
    TIMESTAMPTZ '2026-03-02 08:00:00+00' AS last_success_at
FROM range(2) AS r(n);
INSERT INTO raw.pages BY NAME
SELECT
    'page-' || n AS page_id, 'samples-pages' AS source_id, 'https://quay.example/' || n AS url,
    'quay.example' AS site, 'feed-1' AS feed_id, 'entry-' || n AS entry_id, 'waiting' AS state,
    0 AS attempts, 0 AS capture_count, TIMESTAMPTZ '2026-03-02 08:00:00+00' AS first_seen_at,
    TIMESTAMPTZ '2026-03-02 08:00:00+00' AS next_fetch_at
FROM range(3) AS r(n);
INSERT INTO raw.feed_entries BY NAME
SELECT
    'entry-' || n AS entry_id, 'feed-1' AS feed_id, 'samples-pages' AS source_id,
    'page-' || n AS page_id, 'https://quay.example/' || n AS url, 'Q&A with the pilots, part ' || n
    AS title, TIMESTAMPTZ '2026-03-02 07:00:00+00' AS date_published,
    TIMESTAMPTZ '2026-03-02 08:00:00+00' AS first_seen_at
FROM range(3) AS r(n);
INSERT INTO raw.sites VALUES ('quay.example', now(), NULL, 2.0, 0, NULL);
INSERT INTO raw.origins BY NAME
SELECT
    'https://quay.example:443' AS origin, TIMESTAMPTZ '2026-03-02 08:00:00+00' AS robots_fetched_at,
    TIMESTAMPTZ '2026-03-03 08:00:00+00' AS robots_expires_at, 'none' AS robots_status;
"""
"""A feed that named three pages, of which none was asked for yet, and a second feed."""


def crawled(change: str, *keys: str):
    """A seed: the crawl's tables filled, then one thing changed."""

    def seed(home: Seeded) -> tuple[str, ...]:
        home.write(CRAWL)
        if change:
            home.write(change)
        return keys

    return seed


FAULTS = [
    Fault("a feed of no source", "fetches", "feed_references_hold", "critical",
          crawled("UPDATE raw.feeds SET source_id = 'nobody' WHERE feed_id = 'feed-0'", "feed-0")),
    Fault("a feed twice", "fetches", "feed_id_unique", "critical",
          crawled("INSERT INTO raw.feeds SELECT * FROM raw.feeds WHERE feed_id = 'feed-0'",
                  "feed-0")),
    Fault("a feed polled every minute", "fetches", "feed_state_whole", "warning",
          crawled("UPDATE raw.feeds SET poll_minutes = 1 WHERE feed_id = 'feed-0'", "feed-0"),
          effect="flagged"),
    Fault("a feed that answers no more", "fetches", "feed_answers", "warning",
          crawled("UPDATE raw.feeds SET failures = 12, last_status = 'http_status_404: not found'"
                  " WHERE feed_id = 'feed-1'", "feed-1"), effect="flagged"),
    Fault("an entry of no page", "fetches", "entry_references_hold", "critical",
          crawled("UPDATE raw.feed_entries SET page_id = 'none' WHERE entry_id = 'entry-1'",
                  "entry-1")),
    Fault("an entry's text without its file", "fetches", "entry_text_archived", "critical",
          crawled("UPDATE raw.feed_entries SET content_sha256 = 'ab' WHERE entry_id = 'entry-1'",
                  "entry-1")),
    Fault("an entry dated 2099", "fetches", "entry_date_plausible", "warning",
          crawled("UPDATE raw.feed_entries SET date_published = TIMESTAMPTZ '2099-01-01'"
                  " WHERE entry_id = 'entry-2'", "entry-2"), effect="flagged"),
    Fault("markup in a feed's title", "fetches", "entry_text_is_plain", "warning",
          crawled("UPDATE raw.feed_entries SET title = 'Pilots &#8217;ready&#8217; <b>now</b>'"
                  " WHERE entry_id = 'entry-2'", "entry-2"), effect="flagged"),
    Fault("a page of no feed", "fetches", "page_references_hold", "critical",
          crawled("UPDATE raw.pages SET feed_id = 'none' WHERE page_id = 'page-1'", "page-1")),
    Fault("a page that waits for ever", "fetches", "page_state_whole", "critical",
          crawled("UPDATE raw.pages SET next_fetch_at = NULL WHERE page_id = 'page-1'", "page-1")),
    Fault("a page the same as nothing", "fetches", "page_state_whole", "critical",
          crawled("UPDATE raw.pages SET state = 'same', canonical_page_id = 'none'"
                  " WHERE page_id = 'page-0'", "page-0")),
    Fault("robots rules kept for a month", "fetches", "rules_kept_a_day", "warning",
          crawled("UPDATE raw.origins SET robots_expires_at = robots_fetched_at + INTERVAL 30 DAY",
                  "https://quay.example:443"), effect="flagged"),
    Fault("an input of no source", "fetches", "input_source_exists", "critical",
          crawled("INSERT INTO raw.inputs VALUES ('nobody', 'a.html', 'x', now(), 1, 'run')",
                  "a.html")),
]  # fmt: skip
CLEAN = [
    Clean("a feed whose pages wait", crawled(""), ("fetches",)),
    Clean("an entry that announces tomorrow's piece", crawled(
        "UPDATE raw.feed_entries SET date_published = first_seen_at + INTERVAL 1 DAY"),
        ("fetches",)),
    Clean("an entry from the archive", crawled(
        "UPDATE raw.feed_entries SET date_published = TIMESTAMPTZ '1912-04-15'"), ("fetches",)),
    Clean("a feed that failed a few times", crawled("UPDATE raw.feeds SET failures = 3"),
          ("fetches",)),
    Clean("a feed of before, listed no more", crawled(
        "UPDATE raw.feeds SET failures = 12, next_fetch_at = NULL"), ("fetches",)),
    Clean("a sitemap that states addresses only", crawled(
        "UPDATE raw.feed_entries SET title = NULL, date_published = NULL"), ("fetches",)),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_by_its_check(sample_home, tmp_path, monkeypatch, fault):
    catch_alone(Seeded(sample_home, tmp_path), fault, monkeypatch)


@pytest.mark.parametrize("variant", CLEAN, ids=lambda variant: variant.name)
def test_what_is_unusual_but_right_raises_no_alarm(sample_home, tmp_path, variant):
    assert variant.day == DAY
    stays_clean(Seeded(sample_home, tmp_path), variant)
