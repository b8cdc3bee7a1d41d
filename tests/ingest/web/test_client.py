"""What one request sends and gives, against sites that behave, more or less."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from pipelines.ingest.web.client import ERROR_BODY_BYTES, Client
from pipelines.ingest.web.records import FetchError, Request, Response
from tests.ingest.web.asking import AGENT, PAGE, ask, client, code
from tests.ingest.web.hostile import Site, Talk, answer, says, says_once, serve, slowly


def test_an_answer_is_returned_as_sent() -> None:
    at = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
    sent = answer(PAGE, 'ETag: W/"caf\xe9"', "X-Note:  a  b ", "x-note: c", "Set-Cookie: id=1")
    response = ask(says(sent), path="a/../b?c#d", options={"now": lambda: at})
    assert response.status == 200
    assert response.headers == (
        ("content-length", str(len(PAGE))),
        ("etag", 'W/"caf\xe9"'),
        ("x-note", "a  b"),
        ("x-note", "c"),
    )
    assert response.body == PAGE
    assert response.started_at == at
    assert response.url.endswith("/b?c")


def test_a_request_carries_what_it_must_and_no_more() -> None:
    async def run() -> Site:
        async with serve(says(answer(PAGE, "Set-Cookie: id=1; Path=/"))) as site, client() as web:
            await web.get(Request(site.url + "a b?q=ü", accept="text/html"))
            await web.get(Request(site.url))
        return site

    site = asyncio.run(run())
    assert site.requests[0].startswith(b"GET /a%20b?q=%C3%BC HTTP/1.1\r\n")
    assert site.headers(0) == {
        "host": f"127.0.0.1:{site.port}",
        "user-agent": AGENT,
        "accept": "text/html",
        "accept-encoding": "gzip, deflate",
        "connection": "close",
    }
    assert "cookie" not in site.headers(1)
    assert site.connections == 2, "a connection each"


@pytest.mark.parametrize(
    "value",
    [
        '"plain"',
        'W/"weak"',
        "no quotes",
        'caf\xe9 \xff\x80"',
        '"tab\there"',
        "Tue, 06 May 2031 07:08:00 GMT",
    ],
)
def test_validators_are_sent_back_byte_for_byte(value: str) -> None:
    async def run() -> bytes:
        script = says(answer(status="304 Not Modified").replace(b"Content-Length: 0\r\n", b""))
        async with serve(script) as site, client() as web:
            response = await web.get(Request(site.url, etag=value, last_modified=value))
        assert (response.status, response.body) == (304, b"")
        return site.requests[0]

    head = asyncio.run(run())
    assert b"\r\nIf-None-Match: " + value.encode("latin-1") + b"\r\n" in head
    assert b"\r\nIf-Modified-Since: " + value.encode("latin-1") + b"\r\n" in head


@pytest.mark.parametrize(
    "value",
    ["", " ", " led", "led ", "a\r\nX-In: 1", "a\nb", "a\x00b", "\x1b[0m", "日本", "a" * 2000],
)
def test_validators_that_cannot_be_sent_as_they_are_stay_out(value: str) -> None:
    async def run() -> Site:
        async with serve(says(answer())) as site, client() as web:
            await web.get(Request(site.url, etag=value, last_modified=value))
        return site

    sent = set(asyncio.run(run()).headers())
    assert sent == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_a_user_agent_that_cannot_be_sent_is_refused() -> None:
    with pytest.raises(ValueError, match="user agent"):
        Client("test\r\nX-In: 1")


@pytest.mark.parametrize(
    "header",
    ["Content-Type: Text/HTML; charset=x", "Content-Type: text/html", "Content-Type: html", "X: y"],
)
def test_bodies_of_the_wanted_types_or_of_none_are_read(header: str) -> None:
    assert ask(says(answer(PAGE, header)), media_types=frozenset({"text/html"})).body == PAGE


def test_the_unwanted_type_is_named() -> None:
    sent = answer(PAGE, "Content-Type: image/PNG; x=y")
    with pytest.raises(FetchError, match=r"^content_type: image/png$"):
        ask(says(sent), media_types=frozenset({"text/html"}))


@pytest.mark.parametrize("status", ["403 Forbidden", "429 Slow", "503 Later", "999 Odd"])
def test_a_failure_is_told_by_its_status_whatever_its_body(status: str) -> None:
    html = frozenset({"text/html"})
    plain = answer(PAGE, "Content-Type: text/plain", "Retry-After: 9", status=status)
    response = ask(says(plain), media_types=html)
    assert (response.status, response.body) == (int(status[:3]), PAGE)
    assert response.header("retry-after") == "9"
    assert len(ask(says(answer(b"x" * 200_000, status=status))).body) == ERROR_BODY_BYTES
    for broken in (
        answer(PAGE, "Content-Encoding: br", status=status),
        answer(PAGE, "Content-Encoding: gzip", status=status),
        answer(PAGE, status=status)[:-9],
    ):
        assert ask(says_once(broken)).status == int(status[:3])


def test_redirects_are_not_followed() -> None:
    async def run() -> tuple[Response, Site]:
        async with serve(says(answer(PAGE))) as target, client() as web:
            sent = answer(b"x" * 500_000, f"Location: {target.url}", status="302 Found")
            async with serve(says(sent)) as site:
                return await web.get(Request(site.url)), target

    response, target = asyncio.run(run())
    assert (response.status, response.body) == (302, b"")
    assert response.header("location") == target.url
    assert target.connections == 0


def test_a_part_that_was_not_asked_for_is_refused() -> None:
    assert code(says(answer(PAGE, status="206 Partial Content"))) == "protocol"


def test_bodies_end_with_the_connection_where_no_length_is_given() -> None:
    assert ask(says_once(b"HTTP/1.0 200 OK\r\n\r\n" + PAGE)).body == PAGE


def test_interim_answers_are_passed_over() -> None:
    assert (
        ask(says(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + answer(PAGE))).body == PAGE
    )


@pytest.mark.parametrize(
    "surplus", [b"", b"surplus", b"</html>\r\n\r\n\r\n", answer(b"not asked for")[:20]]
)
def test_a_connection_that_went_stale_costs_nothing(surplus: bytes) -> None:
    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.say(answer(PAGE) + surplus)
        if surplus:
            await talk.request()

    async def run() -> Site:
        async with serve(script) as site, client() as web:
            for _ in range(3):
                assert (await web.get(Request(site.url))).body == PAGE
        return site

    assert asyncio.run(run()).connections == 3


def test_a_request_that_fails_is_not_sent_again() -> None:
    """Whether to ask again is for the caller to say, in the site's turn."""

    async def script(talk: Talk) -> None:
        await talk.request()

    async def run() -> Site:
        async with serve(script) as site, client() as web:
            with pytest.raises(FetchError) as caught:
                await web.get(Request(site.url))
            assert caught.value.code == "reset"
        return site

    site = asyncio.run(run())
    assert (site.connections, len(site.requests)) == (1, 1)


def test_more_requests_than_connections_wait_their_turn() -> None:
    async def run() -> Site:
        async with serve(says(answer(PAGE))) as site, client(connections=2) as web:
            found = await asyncio.gather(*(web.get(Request(site.url)) for _ in range(20)))
            assert {response.status for response in found} == {200}
        return site

    assert asyncio.run(run()).connections == 20


def test_what_no_one_foresaw_is_a_failed_request() -> None:
    async def breaks(host: str, port: int) -> list[str]:
        raise ZeroDivisionError("odd\x1b[2J")

    async def run() -> None:
        async with client(resolver=breaks) as web:
            await web.get(Request("http://odd.example/"))

    with pytest.raises(FetchError) as caught:
        asyncio.run(run())
    assert str(caught.value) == "protocol: ZeroDivisionError: odd\ufffd[2J"


def test_cancelling_a_request_is_no_failure_of_the_site() -> None:
    async def run() -> None:
        async with serve(slowly([b"HTTP/1.1 200 OK\r\n"])) as site, client() as web:
            asked = asyncio.create_task(web.get(Request(site.url)))
            await asyncio.sleep(0.05)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked

    asyncio.run(run())
