"""The crawl over a small web, in this process: what each rule of it does to the tables."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.archive import Archive, ArchiveError
from pipelines.compute import Outcome
from pipelines.ingest.records import SourceError
from pipelines.ingest.sources import Source, chosen_sources
from pipelines.ingest.web.crawl import ContactMissingError, CrawlReport, crawl
from pipelines.ingest.web.frontier import page_id_of
from pipelines.settings import Settings
from pipelines.warehouse.schema import apply_schema
from tests.factories import page, write_sources
from tests.web.feeds import Item, atom, rss2, sitemap, sitemap_index
from tests.web.server import Answer, Host, SmallWeb

NOW = datetime.now(UTC).replace(microsecond=0)


class Inline:
    """Reads feeds in this process: what a worker does is tested with the pool."""

    def one(self, task, item, warm_up=None) -> Outcome[Any, Any]:
        try:
            return Outcome(item, task(item), None)
        except ValueError as error:
            return Outcome(item, None, f"{type(error).__name__}: {error}")


@dataclass
class Desk:
    """A warehouse, an archive, and a web of one host that they crawl."""

    connection: duckdb.DuckDBPyConnection
    archive: Archive
    settings: Settings
    web: SmallWeb
    host: Host
    runs: int = 0

    def crawl(self, *sources: Source, **options: Any) -> CrawlReport:
        self.runs += 1
        return crawl(
            self.connection,
            self.archive,
            Inline(),
            sources,
            options.pop("settings", self.settings),
            run_id=f"run-{self.runs}",
            **options,
        )

    def rows(self, sql: str) -> list[dict[str, Any]]:
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, sql: str) -> Any:
        ((value,),) = self.connection.execute(sql).fetchall()
        return value

    def paths(self) -> list[str]:
        """What was asked for since the last look, rules left out."""
        seen = [s.path for s in self.web.seen()[self.looked :]]
        self.looked += len(seen)
        return [p for p in seen if p not in ("/robots.txt", "/.well-known/tdmrep.json")]

    looked: int = 0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with SmallWeb() as web, duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        apply_schema(connection)
        settings = Settings(
            home=tmp_path,
            contact="desk@crawl.example",
            allow_addresses="127.0.0.0/8",
            gap_seconds=0.0,
            request_seconds=3,
            crawl_minutes=1,
        )
        archive = Archive(str(tmp_path / "archive"))
        yield Desk(connection, archive, settings, web, web.host("herald"))


def item(host: Host, name: str, **changes: Any) -> Item:
    host.serve(f"/{name}.html", page(headline=f"Pilots and {name}"), etag=True)
    values = {"link": host.url(f"/{name}.html"), "title": f"Pilots and {name}", "published": NOW}
    return Item(**(values | changes))


def feed_source(host: Host, **changes: Any) -> Source:
    return replace(Source("herald", "feed", host.url("/feed.xml"), "Herald"), **changes)


def serve_feed(host: Host, *items: Item) -> None:
    host.serve(
        "/feed.xml", rss2("Herald", host.url("/"), items), content_type="application/rss+xml"
    )


def test_the_web_is_not_asked_without_a_contact(desk: Desk):
    with pytest.raises(ContactMissingError, match="NEWSLEDGER_CONTACT"):
        desk.crawl(
            feed_source(desk.host), settings=desk.settings.model_copy(update={"contact": None})
        )
    assert desk.web.seen() == []


def test_a_feed_that_is_not_due_is_not_polled_unless_forced(desk: Desk):
    serve_feed(desk.host, item(desk.host, "a"))
    source = feed_source(desk.host)
    desk.crawl(source)
    assert desk.paths() == ["/feed.xml", "/a.html"]
    desk.crawl(source)
    assert desk.paths() == []
    report = desk.crawl(source, force=True)
    assert desk.paths() == ["/feed.xml"]
    assert report.unchanged == 1
    assert desk.one("SELECT count(*) FROM raw.fetches WHERE kind = 'feed'") == 1


def test_an_address_of_the_command_line_that_is_a_feed_is_read_as_one(desk: Desk):
    serve_feed(desk.host, item(desk.host, "a"), item(desk.host, "b"))
    (source,) = chosen_sources(Path("none"), paths=[desk.host.url("/feed.xml")], path_source="mine")
    desk.crawl(source, force=True)
    assert sorted(desk.paths()) == ["/a.html", "/b.html", "/feed.xml"]
    kinds = desk.rows("SELECT kind, count(*) AS n FROM raw.fetches GROUP BY kind ORDER BY kind")
    assert kinds == [{"kind": "feed", "n": 1}, {"kind": "page", "n": 2}]
    # A second time: each is asked for again, by name or by its feed, and nothing is new.
    desk.crawl(source, force=True)
    assert desk.one("SELECT count(*) FROM raw.fetches") == 3


def test_a_page_of_another_source_can_be_asked_for_by_name(desk: Desk):
    serve_feed(desk.host, item(desk.host, "a"))
    desk.crawl(feed_source(desk.host))
    desk.paths()
    (named,) = chosen_sources(Path("none"), paths=[desk.host.url("/a.html")], path_source="mine")
    desk.crawl(named, force=True)
    assert desk.paths() == ["/a.html"]
    assert desk.rows("SELECT source_id, last_status FROM raw.pages") == [
        {"source_id": "herald", "last_status": "unchanged"}
    ]


def test_a_list_of_addresses_and_what_in_it_is_none(desk: Desk, tmp_path: Path):
    item(desk.host, "a")
    listed = tmp_path / "pages.txt"
    listed.write_text(f"# ours\n{desk.host.url('/a.html')}\n\nftp://old.example/x\nnonsense\n")
    write_sources(
        tmp_path / "sources.yaml", {"id": "list", "kind": "pages", "location": "pages.txt"}
    )
    sources = chosen_sources(tmp_path / "sources.yaml")
    for _ in range(2):
        desk.crawl(*sources)
    assert desk.rows(
        "SELECT outcome, string_split(outcome_reason, ':')[1] AS code, count(*) AS n"
        " FROM raw.fetches GROUP BY ALL ORDER BY ALL"
    ) == [
        {"outcome": "captured", "code": None, "n": 1},
        {"outcome": "refused", "code": "address_invalid", "n": 2},
    ]
    listed.unlink()
    with pytest.raises(SourceError, match=r"pages\.txt"):
        desk.crawl(*sources)


def test_a_source_whose_feed_carries_all_its_text_needs_no_page(desk: Desk):
    text = "<p>" + "Pilots keep one roster from the spring on. " * 30 + "</p>"
    serve_feed(desk.host, item(desk.host, "a", content=text), item(desk.host, "b"))
    desk.crawl(feed_source(desk.host, content="feed"))
    assert desk.paths() == ["/feed.xml"]
    rows = desk.rows(
        "SELECT kind, outcome, outcome_reason, target_uri, entry_id IS NOT NULL AS stated"
        " FROM raw.fetches WHERE kind <> 'feed' ORDER BY target_uri"
    )
    assert [(r["kind"], r["outcome"], r["stated"]) for r in rows] == [
        ("feed_entry", "captured", True),
        ("feed_entry", "failed", True),
    ]
    assert rows[1]["outcome_reason"].startswith("no_content:")


def test_of_too_many_entries_the_newest_come_first(desk: Desk):
    items = [item(desk.host, f"p{n}", published=NOW - timedelta(hours=n)) for n in range(6)]
    serve_feed(desk.host, *items[::-1])
    desk.crawl(feed_source(desk.host, max_pages=2))
    assert sorted(desk.paths()) == ["/feed.xml", "/p0.html", "/p1.html"]
    assert "many: 4" in desk.one("SELECT last_status FROM raw.feeds")
    # The feed changes, and the next poll adds the next ones.
    serve_feed(desk.host, *items)
    desk.crawl(feed_source(desk.host, max_pages=2), force=True)
    assert sorted(desk.paths()) == ["/feed.xml", "/p2.html", "/p3.html"]


def test_sitemaps_are_found_through_robots_rules_and_old_pages_left_out(desk: Desk):
    host = desk.host
    host.serve("/robots.txt", f"Sitemap: {host.url('/index.xml')}\n", content_type="text/plain")
    new = item(host, "new", updated=NOW - timedelta(days=1))
    old = item(host, "old", updated=NOW - timedelta(days=90))
    host.serve("/map.xml", sitemap([new, old]), content_type="application/xml")
    host.serve(
        "/index.xml", sitemap_index([(host.url("/map.xml"), NOW)]), content_type="application/xml"
    )
    desk.crawl(Source("herald", "sitemap", host.url("/"), "Herald"))
    assert desk.paths() == ["/index.xml", "/map.xml", "/new.html"]
    assert "old: 1 page" in desk.one(
        "SELECT last_status FROM raw.feeds WHERE parent_id IS NOT NULL"
    )


def test_sitemap_indexes_that_name_themselves_come_to_an_end(desk: Desk):
    host = desk.host
    for n in range(8):
        below = [(host.url(f"/{n + 1}.xml"), NOW), (host.url("/0.xml"), NOW)]
        host.serve(f"/{n}.xml", sitemap_index(below), content_type="application/xml")
    desk.crawl(Source("herald", "sitemap", host.url("/0.xml"), "Herald"))
    assert desk.paths() == ["/0.xml", "/1.xml", "/2.xml", "/3.xml"]


def test_a_statement_that_changes_asks_for_its_page_again_and_one_of_another_feed_does_not(
    desk: Desk,
):
    host = desk.host
    first = item(host, "a", updated=NOW)
    host.serve(
        "/feed.xml", atom("Herald", host.url("/"), [first]), content_type="application/atom+xml"
    )
    host.serve(
        "/other.xml",
        rss2("Herald", host.url("/"), [replace(first, title="Said otherwise")]),
        content_type="application/rss+xml",
    )
    source = feed_source(host)
    other = Source("other", "feed", host.url("/other.xml"), "Other")
    desk.crawl(source)
    desk.paths()
    desk.crawl(other)
    assert desk.paths() == ["/other.xml"]
    later = replace(first, updated=NOW + timedelta(minutes=5))
    host.serve(
        "/feed.xml", atom("Herald", host.url("/"), [later]), content_type="application/atom+xml"
    )
    desk.crawl(source, other, force=True)
    assert sorted(desk.paths()) == ["/a.html", "/feed.xml", "/other.xml"]
    assert desk.one("SELECT count(*) FROM raw.feed_entries") == 3
    assert desk.one("SELECT count(*) FROM raw.pages") == 1


def test_the_canonical_address_of_a_captured_page_is_not_asked_for(desk: Desk):
    host = desk.host
    spelled = item(host, "print", link=host.url("/print.html?layout=print"))
    host.serve(
        "/print.html",
        page().replace(b"</head>", b"<link rel='canonical' href='/story.html'></head>"),
    )
    serve_feed(host, spelled)
    desk.crawl(feed_source(host))
    serve_feed(host, spelled, item(host, "story"))
    desk.paths()
    desk.crawl(feed_source(host), force=True)
    assert desk.paths() == ["/feed.xml"]
    state = desk.one(
        f"SELECT state FROM raw.pages WHERE page_id = '{page_id_of(host.url('/story.html'))}'"
    )
    assert state == "same"


def test_a_source_that_moves_is_polled_at_its_new_place_alone(desk: Desk):
    host = desk.host
    index = sitemap_index([(host.url("/old-map.xml"), NOW)])
    host.serve("/old.xml", index, content_type="application/xml")
    host.serve("/old-map.xml", sitemap([item(host, "a")]), content_type="application/xml")
    host.serve("/new.xml", sitemap([item(host, "b")]), content_type="application/xml")
    old, new = (
        Source("herald", "sitemap", host.url(f"/{n}.xml"), "Herald") for n in ("old", "new")
    )
    desk.crawl(old)
    assert desk.paths() == ["/old.xml", "/old-map.xml", "/a.html"]
    desk.crawl(new, force=True)
    assert desk.paths() == ["/new.xml", "/b.html"]
    desk.crawl(old)
    assert desk.paths() == ["/old.xml"], "back again"


def test_what_there_is_no_time_for_waits(desk: Desk):
    serve_feed(desk.host, *(item(desk.host, f"p{n}") for n in range(5)))
    short = desk.settings.model_copy(update={"gap_seconds": 0.4, "crawl_minutes": 1.3 / 60})
    report = desk.crawl(feed_source(desk.host), settings=short)
    waiting = desk.one("SELECT count(*) FROM raw.pages WHERE state = 'waiting'")
    assert waiting >= 3
    assert report.captured + waiting == 5
    # What waits has no row of failure, and the next run finds it.
    assert desk.one("SELECT count(*) FROM raw.fetches WHERE outcome <> 'captured'") == 0
    desk.crawl(feed_source(desk.host))
    assert desk.one("SELECT count(*) FROM raw.pages WHERE state = 'captured'") == 5


def test_an_answer_that_is_no_feed_is_archived_and_not_taken_for_a_page(desk: Desk):
    desk.host.serve("/feed.xml", page(), etag=True)
    desk.crawl(feed_source(desk.host))
    (row,) = desk.rows("SELECT kind, outcome, outcome_reason, payload_sha256 FROM raw.fetches")
    assert (row["kind"], row["outcome"]) == ("feed", "failed")
    assert row["outcome_reason"].startswith("not_a_feed:")
    assert row["payload_sha256"]
    (feed,) = desk.rows("SELECT failures, etag, last_status FROM raw.feeds")
    assert feed["failures"] > 0
    assert feed["etag"] is None, "it would be answered by 304, and never be read"


def test_a_site_that_cannot_be_reached_gets_one_row_and_its_pages_wait(desk: Desk):
    with socket.socket() as closed:
        closed.bind(("127.0.0.9", 0))
        port = closed.getsockname()[1]
    lists = Source("gone", "pages", "gone.txt", "Gone", base=Path(desk.settings.home))
    (desk.settings.home / "gone.txt").write_text(
        "".join(f"http://127.0.0.9:{port}/{n}.html\n" for n in range(4))
    )
    desk.crawl(lists)
    assert desk.one("SELECT count(*) FROM raw.fetches") == 1
    assert desk.one("SELECT count(*) FROM raw.pages WHERE state = 'waiting'") == 4
    (state,) = desk.rows("SELECT not_before, failures, reason FROM raw.sites")
    assert state["not_before"] > NOW
    assert "connect" in state["reason"]


@pytest.mark.parametrize("allowed", [0, 1, 3])
def test_a_full_disk_ends_the_crawl_and_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, allowed: int
):
    serve_feed(desk.host, *(item(desk.host, f"p{n}") for n in range(3)))
    put, left = Archive.put, [allowed]

    def full(self, stream, limit):
        if left[0] == 0:
            raise ArchiveError(28, "No space left on device")
        left[0] -= 1
        return put(self, stream, limit)

    monkeypatch.setattr(Archive, "put", full)
    with pytest.raises(ArchiveError):
        desk.crawl(feed_source(desk.host))
    # What was under way beside the one that failed may have been archived and not written.
    assert desk.one("SELECT count(*) FROM raw.fetches") <= allowed
    monkeypatch.undo()
    desk.crawl(feed_source(desk.host), force=True)
    assert desk.one("SELECT count(*) FROM raw.pages WHERE state = 'captured'") == 3
    assert desk.one("SELECT count(*) FROM raw.fetches WHERE kind = 'page'") == 3
    assert desk.one("SELECT count(*) FROM raw.feed_entries") == 3


def test_text_of_the_web_is_data_wherever_it_is_stored(desk: Desk):
    evil = "'); DROP TABLE raw.pages; -- \x1b[2J\u202e\u0000"
    host = desk.host
    path = "/..%2f..%2fetc/passwd;%00'%20OR%201=1"
    host.serve(path, page(headline="Plain words"))
    host.serve(
        "/feed.xml",
        rss2(
            "Herald",
            host.url("/"),
            [Item(link=host.url(path), title=evil.replace("\u0000", ""), published=NOW)],
        ),
        content_type="application/rss+xml",
        headers={"ETag": "'); DROP TABLE raw.feeds; --"},
    )
    desk.crawl(feed_source(host))
    (entry,) = desk.rows("SELECT title, url FROM raw.feed_entries")
    assert "DROP TABLE" in entry["title"]
    assert not any(c in entry["title"] for c in "\x1b\u202e\u0000")
    assert desk.one("SELECT count(*) FROM raw.pages") == 1
    files = [p for p in Path(desk.archive.root).rglob("*") if p.is_file()]
    assert files
    assert all(p.suffix == ".gz" and len(p.stem) == 64 for p in files)


def test_an_answer_without_a_body_is_a_failure_and_no_input_to_hold(desk: Desk):
    serve_feed(desk.host, item(desk.host, "a"))
    desk.host.route("/a.html", Answer(b""))
    desk.crawl(feed_source(desk.host))
    (row,) = desk.rows("SELECT outcome, outcome_reason FROM raw.fetches WHERE kind = 'page'")
    assert row["outcome"] == "failed"
    assert row["outcome_reason"].startswith("empty")
