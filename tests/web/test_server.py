"""The small web itself answers, breaks and remembers as its tests rely on."""

from __future__ import annotations

import http.client
import threading
import time
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from pipelines.clean.extract import extract
from pipelines.clean.records import Article, Capture
from tests.web.server import DRIP_SECONDS, Answer, SmallWeb
from tests.web.small_web import CORRECTION, PIECES, Press, pieces


def get(url: str, headers: dict[str, str] | None = None, seconds: float = 5):
    """Status, headers and body."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=seconds)
    try:
        connection.request("GET", url.removeprefix(f"http://{parts.netloc}"), headers=headers or {})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


@pytest.fixture
def web():
    with SmallWeb() as web:
        yield web


def test_hosts_are_addresses_of_their_own(web):
    a, b = web.host("a"), web.host("b")
    assert (a.address, b.address) == ("127.0.0.1", "127.0.0.2")
    assert web.host("a") is a
    b.serve("/x.html", "<p>b", headers={"X-More": "1"})
    assert get(a.url("/x.html"))[0] == 404
    status, headers, body = get(b.url("/x.html?page=2"))
    assert (status, body, headers["X-More"]) == (200, b"<p>b", "1")
    b.serve("/x.html?page=2", "<p>two")
    assert get(b.url("/x.html?page=2"))[2] == b"<p>two"
    assert web.wait_until_answered()
    assert [(s.host, s.path, s.status) for s in web.seen()] == [
        ("a", "/x.html", 404),
        ("b", "/x.html?page=2", 200),
        ("b", "/x.html?page=2", 200),
    ]
    assert all(s.ended >= s.started for s in web.seen())
    assert len(web.seen("b")) == len(web.seen("b", "/x.html?page=2")) == 2


def test_validators_are_answered_by_304(web):
    host = web.host("a")
    host.serve("/tag", "one", etag='W/"odd--gzip"')
    host.serve("/time", "one", last_modified=datetime(2026, 3, 2, 12, tzinfo=UTC))
    host.serve("/text", "one", last_modified="yesterday, about noon")
    assert get(host.url("/tag"))[1]["ETag"] == 'W/"odd--gzip"'
    assert get(host.url("/tag"), {"If-None-Match": 'W/"odd--gzip"'})[0] == 304
    assert get(host.url("/tag"), {"If-None-Match": '"odd--gzip"'})[0] == 200
    at = get(host.url("/time"))[1]["Last-Modified"]
    assert at == "Mon, 02 Mar 2026 12:00:00 GMT"
    assert get(host.url("/time"), {"If-Modified-Since": at})[0] == 304
    assert get(host.url("/time"), {"If-Modified-Since": "Mon, 02 Mar 2026 11:00:00 GMT"})[0] == 200
    assert get(host.url("/text"), {"If-Modified-Since": "yesterday, about noon"})[0] == 304
    assert [seen.conditional for seen in web.seen("a", "/tag")] == [False, True, True]
    host.serve("/tag", "two", etag=True)
    assert get(host.url("/tag"), {"If-None-Match": 'W/"odd--gzip"'})[2] == b"two"


def test_bodies_are_compressed_for_those_who_ask(web):
    host = web.host("a")
    host.serve("/x", "text " * 100, gzip=True)
    assert get(host.url("/x"))[2] == b"text " * 100
    status, headers, body = get(host.url("/x"), {"Accept-Encoding": "gzip"})
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert len(body) == int(headers["Content-Length"]) < 100


def test_answers_in_turn_redirects_and_functions(web):
    host = web.host("a")
    host.in_turn("/x", Answer(status=500), Answer(b"up"))
    assert [get(host.url("/x"))[0] for _ in range(3)] == [500, 200, 200]
    host.redirect("/old", "/new", status=301)
    status, headers, _ = get(host.url("/old"))
    assert (status, headers["Location"]) == (301, "/new")
    host.serve("/echo", lambda seen: Answer(seen.headers["user-agent"].encode()))
    assert get(host.url("/echo"), {"User-Agent": "me"})[2] == b"me"
    host.remove("/echo")
    assert get(host.url("/echo"))[0] == 404


def test_broken_answers(web):
    host = web.host("a")
    for broken in ("reset", "short", "drip", "hang"):
        host.serve(f"/{broken}", b"x" * 1000, broken=broken)
    with pytest.raises(ConnectionResetError):
        get(host.url("/reset"))
    with pytest.raises(http.client.IncompleteRead):
        get(host.url("/short"))
    with pytest.raises(TimeoutError):
        get(host.url("/hang"), seconds=0.1)
    connection = http.client.HTTPConnection(urlsplit(host.url()).netloc, timeout=5)
    connection.request("GET", "/drip")
    response = connection.getresponse()
    begin = time.monotonic()
    assert response.read(3) == b"xxx"
    assert 1.5 * DRIP_SECONDS < time.monotonic() - begin < 1000 * DRIP_SECONDS / 2
    connection.close()
    assert web.wait_until_answered()
    assert [seen.status for seen in web.seen()][:3] == [0, 200, 0]
    assert web.seen()[2].ended - web.seen()[2].started < 500 * DRIP_SECONDS, (
        "it ends when the other side goes"
    )


def test_a_cut_drops_what_is_open_and_refuses_what_is_new(web):
    host = web.host("a")
    host.serve("/slow", "done", delay=30)
    host.serve("/x", "fine")
    failures = []

    def ask() -> None:
        with pytest.raises((http.client.HTTPException, OSError)) as error:
            get(host.url("/slow"), seconds=20)
        failures.append(error.type)

    thread = threading.Thread(target=ask)
    thread.start()
    assert web.wait_for(1, 5)
    web.cut()
    thread.join(5)
    assert len(failures) == 1
    with pytest.raises((http.client.HTTPException, OSError)):
        get(host.url("/x"))
    assert len(web.seen()) == 1, "what was dropped at the door is no request"
    assert host.connections == 2
    web.restore()
    assert get(host.url("/x"))[2] == b"fine"


def test_nothing_is_left_running():
    before = threading.active_count()
    with SmallWeb() as web:
        host = web.host("a")
        host.serve("/slow", "done", delay=30)
        host.serve("/hang", broken="hang")
        idle = http.client.HTTPConnection(urlsplit(host.url()).netloc, timeout=5)
        idle.request("GET", "/none")
        idle.getresponse().read()
        open_ones = []
        for path in ("/slow", "/hang"):
            connection = http.client.HTTPConnection(urlsplit(host.url()).netloc, timeout=5)
            connection.request("GET", path)
            open_ones.append(connection)
        assert web.wait_for(3, 5)
        begin = time.monotonic()
    assert time.monotonic() - begin < 15, "half of what the slow answer takes"
    assert threading.active_count() == before
    for connection in (idle, *open_ones):
        connection.close()


def test_every_piece_of_the_papers_is_read_as_it_was_written(web):
    press = Press(web)
    get(press.url("flaky"))
    slugs = [slug for paper in PIECES.values() for slug in paper]
    assert sorted([*slugs, "bus-depot"]) == sorted(pieces())
    bodies = set()
    for slug in slugs:
        article = read(press, slug)
        assert article.headline == pieces()[slug].headline
        assert article.article_body == "\n\n".join(pieces()[slug].paragraphs)
        assert article.published.value == press.published(slug)
        assert article.in_language == "en"
        bodies.add(article.article_body)
    assert len(bodies) == len(slugs)
    assert all(early < late for early, late in pairwise(press.published(s) for s in pieces()))


def test_an_edit_changes_the_page_and_where_told_the_feed(web):
    press = Press(web)
    _, before, feed = get(press.lantern.url("/atom.xml"))
    press.edit("library")
    assert CORRECTION in read(press, "library").article_body
    assert get(press.lantern.url("/atom.xml"))[2] == feed
    press.edit("orchard", in_feed=True)
    assert CORRECTION in read(press, "orchard").article_body
    stated = {"If-Modified-Since": before["Last-Modified"]}
    status, _, body = get(press.lantern.url("/atom.xml"), stated)
    assert status == 200
    assert body != feed


def read(press: Press, slug: str) -> Article:
    """A piece's page as the cleaning stage reads it."""
    url = press.url(slug)
    status, _, body = get(url)
    assert status == 200
    capture = Capture("f", "s", url, "text/html", "utf-8", body, datetime.now(UTC))
    article = extract(capture)
    assert isinstance(article, Article)
    return article
