"""The crawl of a small web: each article once, politely, within what sites allow; then its edits.

One story is crawled by five runs of the command line; the tests look at what the hosts saw of each
run and at the snapshot that it published.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.factories import newsledger
from tests.web.crawling import CONTACT, GAP, settings
from tests.web.server import SmallWeb
from tests.web.small_web import ALLOWED, CORRECTION, CRAWL_DELAY, Press, pieces
from tests.web.story import Step, Story, told_story

ROBOTS, TDMREP = "/robots.txt", "/.well-known/tdmrep.json"
MORE_THAN_ONCE = {
    ("courier", "/2026/flaky.html"),
    ("courier", "/go/loop"),
    ("courier", "/go/loop-again"),
    ("broken", "/reset.html"),
    ("shut", ROBOTS),
}
"""What is asked for again in one run: passing faults are tried anew, a loop is a loop."""


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    with told_story(tmp_path_factory.mktemp("crawl")) as story:
        yield story


def fetch(story: Story, name: str) -> dict[str, Any]:
    """The row of what became of a link of the courier's feed in the first run."""
    return fetch_of(story.first, story.press.trouble()[name])


def fetch_of(step: Step, url: str) -> dict[str, Any]:
    (row,) = step.rows("SELECT * FROM raw.fetches WHERE target_uri = ? AND kind = 'page'", url)
    return row


def page_of(step: Step, url: str) -> dict[str, Any]:
    (row,) = step.rows("SELECT * FROM raw.pages WHERE url = ?", url)
    return row


def test_what_the_web_does_is_no_failure_of_a_run(story):
    for name, step in story.steps.items():
        assert step.result.returncode == 0, f"{name}: {step.result.stdout}{step.result.stderr}"
        # Retries are rows where they fail, and nothing where they succeed: no log among the summary.
        assert "stamina" not in step.result.stdout + step.result.stderr


# The first run


def test_every_article_is_there_once(story):
    articles = story.first.rows("SELECT headline, version, article_body FROM articles")
    assert sorted(a["headline"] for a in articles) == sorted(p.headline for p in pieces().values())
    assert {a["version"] for a in articles} == {1}
    bodies = {a["headline"]: a["article_body"] for a in articles}
    for piece in pieces().values():
        assert bodies[piece.headline] == "\n\n".join(piece.paragraphs)


def test_every_path_is_asked_for_once(story):
    times = Counter((s.host, s.path) for s in story.first.seen)
    assert {place: n for place, n in times.items() if n > 1 and place not in MORE_THAN_ONCE} == {}
    answered = Counter((s.host, s.path) for s in story.first.seen if s.status == 200)
    assert set(answered.values()) == {1}
    for slug in pieces():
        if slug not in ("bus-depot", "flaky"):
            place = story.press.url(slug)
            assert any(s.status == 200 and place.endswith(s.path) for s in story.first.seen), slug


def test_nothing_is_asked_for_unconditionally_that_was_seen_before(story):
    assert not any(s.conditional for s in story.first.seen), "there was nothing to compare with"


def test_robots_rules_are_asked_for_once_an_origin_and_before_all_else(story):
    for host in ("lantern", "wire", "courier", "busy", "broken"):
        asked = story.first.asked(host)
        assert asked[0].path == ROBOTS
        assert [s.path for s in asked].count(ROBOTS) == 1
        assert [s.path for s in asked].count(TDMREP) <= 1
    statuses = {r["origin"]: r["robots_status"] for r in story.first.rows("FROM raw.origins")}
    origin = {name: host.url("") for name, host in story.press.web.hosts.items()}
    assert statuses[origin["lantern"]].startswith("rules")
    assert statuses[origin["courier"]].startswith("none")
    assert statuses[origin["shut"]].startswith("unreachable")


def test_every_request_says_who_asks(story):
    for seen in story.first.seen:
        agent = seen.headers["user-agent"]
        assert agent.startswith("newsledger/")
        assert CONTACT in agent
        assert "cookie" not in seen.headers
        assert "referer" not in seen.headers


def test_every_entry_ends_as_a_page_and_a_capture_with_an_outcome(story):
    entries = story.first.rows(
        "SELECT e.url, p.state, p.attempts, p.last_status, f.outcome, f.outcome_reason"
        " FROM raw.feed_entries AS e LEFT JOIN raw.pages AS p USING (page_id)"
        " LEFT JOIN raw.fetches AS f"
        " ON f.target_uri = p.url AND f.kind IN ('page', 'feed_entry')"
    )
    # Once more for the bus depot: the page is missing, the text of the feed is a capture as well.
    assert len(entries) == 37 + 1
    for entry in entries:
        assert entry["state"] in ("waiting", "captured", "same", "refused", "given_up"), entry
        assert entry["outcome"] in ("captured", "failed", "refused"), entry
        assert entry["last_status"], entry
        if entry["outcome"] != "captured":
            assert ":" in entry["outcome_reason"], entry
    (pages,) = story.first.rows(
        "SELECT count(*) AS n, count(DISTINCT page_id) AS ids FROM raw.pages"
    )
    assert pages == {"n": 38, "ids": 38}
    (feeds,) = story.first.rows("SELECT count(*) AS n FROM raw.feeds WHERE last_status LIKE 'ok%'")
    assert feeds["n"] == 9


def test_every_kind_of_feed_gives_its_entries(story):
    entries = story.first.rows(
        "SELECT parse_path(f.url)[-1] AS file, count(*) AS n, count(e.date_published) AS published,"
        " count(e.date_modified) AS modified, count(e.title) AS titled, count(e.guid) AS known"
        " FROM raw.feeds AS f JOIN raw.feed_entries AS e USING (feed_id) GROUP BY ALL ORDER BY ALL"
    )
    counted = {e["file"]: (e["n"], e["titled"], e["published"]) for e in entries}
    assert counted == {
        "rss.xml": (5, 5, 5),
        "rss091.xml": (2, 2, 0),
        "atom.xml": (6, 6, 6),
        "index.rdf": (2, 2, 2),
        "feed.json": (2, 2, 2),
        "sitemap-archive.xml.gz": (2, 0, 0),
        "sitemap-news.xml": (1, 1, 1),
        "feed": (17, 17, 17),
    }
    modified = {e["file"]: e["modified"] for e in entries}
    assert modified["atom.xml"] == 6
    assert modified["sitemap-archive.xml.gz"] == 2
    stated = story.first.rows(
        "SELECT title, authors, date_published FROM raw.feed_entries WHERE url = ? AND title IS NOT NULL",
        story.press.url("glass"),
    )
    assert stated == [
        {
            "title": pieces()["glass"].headline,
            "authors": ["Nell Harkaway"],
            "date_published": story.press.published("glass"),
        }
    ]


def test_a_forbidden_page_is_never_asked_for_and_its_row_says_so(story):
    path = "/private/minutes.html"
    for step in story.steps.values():
        assert not step.asked("lantern", path)
    for row in (fetch_of(story.first, story.press.lantern.url(path)), fetch(story, "minutes")):
        assert row["outcome"] == "refused"
        assert row["robots_verdict"] == "disallowed"
        assert row["outcome_reason"].startswith("robots_disallowed:")
        assert row["payload_sha256"] is None
    assert page_of(story.first, story.press.lantern.url(path))["state"] == "refused"


def test_without_rules_to_be_had_all_of_a_host_is_forbidden(story):
    assert {s.path for step in story.steps.values() for s in step.asked("shut")} == {ROBOTS}
    row = fetch(story, "shut")
    assert (row["outcome"], row["robots_verdict"]) == ("refused", "unreachable")
    page = page_of(story.first, story.press.trouble()["shut"])
    assert page["state"] == "waiting", "the rules may be there another time"


def test_gaps_between_requests_to_one_host(story):
    for name, step in story.steps.items():
        for host in {s.host for s in step.seen}:
            least = CRAWL_DELAY if host == "wire" else GAP
            asked = sorted(step.asked(host), key=lambda s: s.started)
            gaps = [late.started - early.ended for early, late in pairwise(asked)]
            assert all(gap >= least - 0.005 for gap in gaps), (name, host, min(gaps))


def test_hosts_are_asked_side_by_side(story):
    order = [s.host for s in sorted(story.first.seen, key=lambda s: s.started)]
    for pair in (("lantern", "wire"), ("wire", "courier"), ("lantern", "courier")):
        turns = [host for host in order if host in pair]
        assert sum(a != b for a, b in pairwise(turns)) >= 10, pair
    (slow,) = story.first.asked("courier", "/2026/slow.html")
    others = [s for s in story.first.seen if slow.started < s.started < slow.ended]
    assert {s.host for s in others} - {"courier"}, "a slow answer keeps no other host waiting"
    assert "courier" not in {s.host for s in others}


def test_what_is_stated_about_use_is_in_the_rows(story):
    press, first = story.press, story.first
    bakery = fetch_of(first, press.url("bakery"))["tdm_reservation"]
    assert bakery.startswith("1")
    assert press.lantern.url("/tdm-policy.json") in bakery
    assert "header" in bakery
    school = fetch_of(first, press.url("school"))
    assert school["tdm_reservation"].startswith("1")
    assert "meta" in school["tdm_reservation"]
    assert "noarchive" in school["robots_meta"]
    assert "max-snippet:50" in school["robots_meta"]
    for slug in ("railway", "mill"):
        stated = fetch_of(first, press.url(slug))["tdm_reservation"]
        assert stated.startswith("1")
        assert press.wire.url("/archive-policy.json") in stated
        assert "tdmrep" in stated
    ferry = fetch_of(first, press.url("ferry"))
    assert "train-ai=n, search=y" in ferry["usage_preference"]
    assert ferry["tdm_reservation"] is None
    for slug in ("library", "kites"):
        row = fetch_of(first, press.url(slug))
        stated = [row[c] for c in ("tdm_reservation", "usage_preference", "robots_meta")]
        assert stated == [None, None, None]
        assert row["robots_verdict"] == "allowed"


def test_validators_are_kept_byte_for_byte(story):
    row = fetch_of(story.first, story.press.url("pier"))
    assert row["etag"] == 'W/"pier--gzip"'
    (feed,) = story.first.rows("FROM raw.feeds WHERE url LIKE '%rss091.xml'")
    assert feed["etag"] == "'not quoted as it should be'"
    (feed,) = story.first.rows("FROM raw.feeds WHERE url LIKE '%/rss.xml'")
    stated = story.first.validators["lantern", "/rss.xml"]
    assert (feed["etag"], feed["last_modified"]) == stated
    assert feed["title"] == "The Fenmouth Lantern"


def test_redirects_are_followed_and_recorded(story):
    press = story.press
    moved, guest = fetch(story, "moved"), fetch(story, "guest")
    assert (moved["outcome"], moved["final_uri"]) == ("captured", press.url("moved"))
    assert (guest["outcome"], guest["final_uri"]) == ("captured", press.url("guest"))
    (article,) = story.first.rows(
        "SELECT url FROM articles WHERE headline = ?", pieces()["guest"].headline
    )
    assert article["url"] == press.url("guest")
    assert fetch_of(story.first, press.url("library"))["final_uri"] is None
    loop = fetch(story, "loop")
    assert (loop["outcome"], loop["robots_verdict"]) == ("failed", "allowed")
    assert loop["outcome_reason"].startswith("too_many_redirects")
    assert 2 <= sum(s.path.startswith("/go/loop") for s in story.first.seen) <= 11


def test_no_redirect_leads_to_an_address_that_is_not_allowed(story):
    for name in ("inner", "private"):
        row = fetch(story, name)
        assert row["outcome"] == "refused", row
        assert row["outcome_reason"].startswith("address_private"), row
        assert page_of(story.first, story.press.trouble()[name])["state"] == "refused"
    file = fetch(story, "file")
    assert file["outcome"] == "refused"
    assert file["outcome_reason"].startswith("address_scheme")
    assert story.press.inner.connections == 0


def test_broken_answers_are_data(story):
    codes = {
        "missing": "http_status_404",
        "gone": "http_status_410",
        "busy": "http_status_429",
        "hang": "timeout",
        "drip": "timeout",
        "short": "truncated",
    }
    for name, code in codes.items():
        row = fetch(story, name)
        assert row["outcome"] == "failed", row
        assert row["outcome_reason"].startswith(f"{code}:"), row
        assert row["http_status"] == (int(code[-3:]) if code.startswith("http") else None)
        page = page_of(story.first, story.press.trouble()[name])
        assert page["state"] == ("given_up" if name in ("missing", "gone") else "waiting"), page
        assert page["attempts"] == 1
    assert fetch(story, "reset")["outcome_reason"].startswith(("reset:", "protocol:"))
    assert [s.status for s in story.first.asked("courier", "/2026/flaky.html")] == [500, 200]


def test_a_host_that_asks_to_come_back_later_is_left_alone(story):
    url = story.press.trouble()["busy"]
    assert len(story.first.asked("busy", "/2026/page.html")) == 1
    page = page_of(story.first, url)
    assert page["next_fetch_at"] - page["checked_at"] > timedelta(minutes=59)
    (site,) = story.first.rows("FROM raw.sites WHERE site = ?", story.press.busy.address)
    assert site["not_before"] - page["checked_at"] > timedelta(minutes=59)
    assert site["reason"]
    assert len(story.day_later.asked("busy", "/2026/page.html")) == 1


def test_two_spellings_of_an_address_are_one_page(story):
    pier = story.first.rows(
        "SELECT DISTINCT page_id FROM raw.feed_entries WHERE url LIKE '%/pier%'"
    )
    assert len(pier) == 1
    assert len([s for s in story.first.seen if "/pier.html" in s.path]) == 1
    assert "utm_" not in page_of(story.first, story.press.url("pier"))["url"]


def test_a_canonical_address_makes_one_article_of_two_pages(story):
    urls = (story.press.url("choir"), story.press.url("choir", "?view=print"))
    fates = story.first.rows(
        "SELECT DISTINCT article_id FROM mart.capture_fates WHERE target_uri IN (?, ?)", *urls
    )
    assert len(fates) == 1
    versions = story.first.rows(
        "SELECT version FROM article_versions WHERE headline = ?", pieces()["choir"].headline
    )
    assert versions == [{"version": 1}]
    print_page = page_of(story.first, urls[1])
    assert print_page["canonical_page_id"] == page_of(story.first, urls[0])["page_id"]


def test_full_text_of_a_feed_stands_in_for_a_page_that_is_missing(story):
    url = story.press.lantern.url("/2026/bus-depot.html")
    kinds = story.first.rows(
        "SELECT kind, outcome, http_status FROM raw.fetches WHERE target_uri = ? ORDER BY kind", url
    )
    assert kinds == [
        {"kind": "feed_entry", "outcome": "captured", "http_status": None},
        {"kind": "page", "outcome": "failed", "http_status": 404},
    ]
    (article,) = story.first.rows("SELECT * FROM articles WHERE url = ?", url)
    piece = pieces()["bus-depot"]
    assert article["headline"] == piece.headline
    assert article["article_body"] == "\n\n".join(piece.paragraphs)
    assert article["date_published"] == story.press.published("bus-depot")
    assert article["date_published_source"] == "feed"
    # Where there is a page, the page counts, though the feed carries its text as well.
    market = story.first.rows(
        "SELECT kind FROM raw.fetches WHERE target_uri = ?", story.press.url("market")
    )
    assert market == [{"kind": "page"}]


def test_nothing_is_lost_on_the_way(story):
    for step in story.steps.values():
        fates = step.rows(
            "SELECT fate, reason FROM mart.capture_fates AS c JOIN raw.fetches AS f USING (fetch_id)"
            " WHERE f.kind IN ('page', 'feed_entry') AND f.outcome = 'captured'"
        )
        assert {f["fate"] for f in fates} <= {"kept", "skipped"}
        (missing,) = step.rows(
            "SELECT count(*) AS n FROM raw.fetches WHERE outcome = 'captured' AND archive_path IS NULL"
        )
        assert missing["n"] == 0


# The runs after it


def test_a_run_with_nothing_due_asks_for_nothing(story):
    assert story.idle.seen == []
    before, after = (s.rows("SELECT count(*) FROM raw.fetches") for s in (story.first, story.idle))
    assert before == after


def test_a_day_later_all_is_asked_for_again_conditionally(story):
    step = story.day_later
    conditional = 0
    for seen in step.seen:
        etag, last_modified = step.validators.get((seen.host, seen.path), (None, None))
        if etag or last_modified:
            conditional += 1
            assert seen.headers.get("if-none-match") == etag, seen
            assert seen.headers.get("if-modified-since") == last_modified, seen
            assert seen.status == 304, seen
    # Nine feeds and sitemaps, and the pages of 20 pieces: one has no validators, one no page.
    assert conditional >= 9 + 20
    asked = {(s.host, s.path) for s in step.seen}
    assert {place for place in step.validators if place not in asked} <= {
        ("lantern", "/2026/choir.html"),
        ("lantern", "/2026/choir.html?view=print"),
        ("courier", "/2026/flaky.html"),
    }


def test_a_day_later_nothing_is_new(story):
    tables = (
        "SELECT article_id, version, fetch_id, body_sha256 FROM article_versions",
        "SELECT entry_id FROM raw.feed_entries",
        "SELECT page_id, state, capture_count, payload_sha256 FROM raw.pages",
        "SELECT fetch_id FROM raw.fetches WHERE outcome = 'captured'",
        "SELECT mention_id FROM mentions",
    )
    for table in tables:
        before, after = (s.rows(f"{table} ORDER BY ALL") for s in (story.idle, story.day_later))
        assert before == after, table
    statuses = story.day_later.rows("SELECT DISTINCT last_status FROM raw.feeds")
    assert {s["last_status"].partition(";")[0] for s in statuses} == {"unchanged"}


def test_rules_that_are_still_fresh_are_not_asked_for_again(story):
    for step in (story.day_later, story.told):
        again = {s.host for s in step.seen if s.path in (ROBOTS, TDMREP)}
        assert again <= {"shut"}


def test_an_edit_that_the_feed_states_becomes_version_two(story):
    step = story.told
    asked = {(s.host, s.path, s.status, s.conditional) for s in step.seen}
    assert asked == {
        ("lantern", "/atom.xml", 200, True),
        ("lantern", "/2026/orchard.html", 200, True),
    }
    assert versions(step, "orchard") == [(1, "first", False), (2, "publisher_edit", True)]
    assert versions(step, "library") == [(1, "first", False)], "no feed spoke of that edit"
    (article,) = step.rows(
        "SELECT date_modified FROM articles WHERE headline = ?", pieces()["orchard"].headline
    )
    assert article["date_modified"] == story.press.edited["orchard"]


def test_refetch_finds_an_edit_that_no_feed_states(story):
    step = story.refetched
    changed = [s.path for s in step.seen if s.status == 200 and s.path != "/2026/school.html"]
    assert changed == ["/2026/library.html"], "one page has no validators, one has changed"
    for seen in step.seen:
        etag, last_modified = step.validators.get((seen.host, seen.path), (None, None))
        if (etag or last_modified) and seen.path != "/2026/library.html":
            assert seen.conditional, seen
            assert seen.status == 304, seen
    assert versions(step, "library") == [(1, "first", False), (2, "publisher_edit", True)]
    assert versions(step, "orchard") == versions(story.told, "orchard")
    (count,) = step.rows("SELECT count(*) AS n, max(version) AS version FROM article_versions")
    assert count == {"n": len(pieces()) + 2, "version": 2}


def versions(step: Step, slug: str) -> list[tuple[int, str, bool]]:
    """Each version of a piece: its number, the kind of change, whether it has the correction."""
    found = step.rows(
        "SELECT version, change_kind, contains(article_body, ?) AS corrected"
        " FROM article_versions WHERE headline = ? ORDER BY version",
        CORRECTION,
        pieces()[slug].headline,
    )
    return [(row["version"], row["change_kind"], row["corrected"]) for row in found]


# Before anything is asked


def test_without_a_contact_the_web_is_not_asked(tmp_path):
    with SmallWeb() as web:
        sources = Press(web).sources(tmp_path / "sources.yaml")
        crawling = settings(sources, ALLOWED)
        del crawling["NEWSLEDGER_CONTACT"]
        result = newsledger(tmp_path / "home", "run", **crawling)
        assert result.returncode == 2, result.stdout + result.stderr
        assert "NEWSLEDGER_CONTACT" in result.stderr
        assert "Traceback" not in result.stderr
        assert web.seen() == []
        assert {host.connections for host in web.hosts.values()} == {0}
