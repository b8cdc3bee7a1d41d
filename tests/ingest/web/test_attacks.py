"""Hostile addresses, names and servers: nothing private is reached, all ends soon, with a reason.

A case is a row of a table in attacks.py, or of one below. Each must end in a FetchError of the code
it names, or in an answer within its bounds, in bounded time, with bounded bytes taken, and without
a single connection to a listener that was not to be reached.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import socket
import time
import tracemalloc
from ipaddress import ip_network
from typing import Any

import pytest

from pipelines.ingest.web.client import Client
from pipelines.ingest.web.guard import redirect_target
from pipelines.ingest.web.records import FetchError, Request, Response
from tests.ingest.web import asking
from tests.ingest.web.attacks import ADDRESSES, CASES, MAX_BYTES, RELATIVE, Case
from tests.ingest.web.hostile import (
    Script,
    Site,
    Talk,
    answer,
    says,
    says_once,
    serve,
    unasked,
)

OPEN = "127.0.0.3"
"""Stands for the public web: the one address that may be asked."""
FORBIDDEN = "127.0.0.2"
"""Stands for the inner network."""
ALLOWED = (ip_network(f"{OPEN}/32"),)
SECONDS = 0.5
PATIENT_SECONDS = 10.0
"""For what must end by itself, on a busy machine too: it takes some hundredths of a second."""


def client(**options: Any) -> Client:
    usual = {"allowed_networks": ALLOWED, "total_seconds": PATIENT_SECONDS}
    return asking.client(**usual | options)


async def asked(web: Client, request: Request, seconds: float = PATIENT_SECONDS) -> tuple[str, str]:
    """Code and words of the failure, or ``answered`` and the body's length."""
    began = time.monotonic()
    try:
        response = await web.get(request)
    except FetchError as error:
        result = error.code, error.detail
    else:
        assert len(response.body) <= request.max_bytes
        assert not any(name.startswith("set-cookie") for name, _ in response.headers)
        result = "answered", str(len(response.body))
    assert time.monotonic() - began < seconds + PATIENT_SECONDS, "no attack holds on for ever"
    assert result[1].isprintable()
    assert len(result[1]) <= 400
    return result


@pytest.mark.parametrize(
    ("url", "code"), [row[1:] for row in ADDRESSES], ids=[row[0] for row in ADDRESSES]
)
@pytest.mark.parametrize("way", ["asked for", "redirected to"])
def test_addresses(url: str, code: str, way: str) -> None:
    async def run() -> tuple[str, Site]:
        async with serve(says(answer(b"inner")), FORBIDDEN) as inner, client() as web:
            target = url.replace("{p}", str(inner.port))
            if way == "redirected to":
                try:
                    target = await followed(web, target)
                except FetchError as error:
                    return error.code, inner
            return (await asked(web, Request(target)))[0], inner

    found, inner = asyncio.run(run())
    assert inner.connections == 0
    if way == "asked for" or not url.startswith(RELATIVE):
        assert found == code


async def followed(web: Client, target: str) -> str:
    """What a site's redirect to ``target`` asks the crawl to fetch next."""
    location = target.encode("utf-8", "surrogateescape").decode("latin-1")
    if not re.fullmatch(r"[^\x00\s]*( [^\x00\s]+)*", location) or len(location) > 50_000:
        return redirect_target("http://example.org/", location)  # no header can carry it
    sent = answer(b"", f"Location: {location}", status="301 Moved Permanently")
    async with serve(says(sent), OPEN) as site:
        response = await web.get(Request(site.url))
    assert response.status == 301
    return redirect_target(response.url, response.header("location") or "")


@pytest.mark.parametrize(
    "addresses",
    [
        [FORBIDDEN],
        ["10.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.2"],
        ["fe80::1%lo"],
        [OPEN, FORBIDDEN],
        [FORBIDDEN, OPEN],
        [OPEN] * 300 + ["169.254.169.254"],
        ["inner.example"],
        ["127.1"],
        ["\x1b[2J"],
    ],
    ids=lambda found: f"{found[0]!r} and {len(found) - 1} more",
)
def test_names_that_lead_inside(addresses: list[str]) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return addresses

    async def run() -> None:
        async with serve(says(answer()), FORBIDDEN) as inner:
            async with serve(says(answer()), OPEN, inner.port) as site:
                async with client(resolver=resolve) as web:
                    request = Request(f"http://news.example:{inner.port}/")
                    assert (await asked(web, request))[0] == "address_private"
        assert (inner.connections, site.connections) == (0, 0)

    asyncio.run(run())


def test_a_name_that_changes_between_check_and_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: public when first looked up, the inner network from then on."""
    answers = itertools.chain([OPEN], itertools.repeat(FORBIDDEN))
    real = socket.getaddrinfo

    def rebinding(host: str | None, *rest: Any, **options: Any) -> Any:
        return real(next(answers) if host == "rebind.example" else host, *rest, **options)

    async def run() -> None:
        async with serve(says(answer(b"inner")), FORBIDDEN) as inner:
            async with serve(says_once(answer(b"public")), OPEN, inner.port) as site:
                monkeypatch.setattr(socket, "getaddrinfo", rebinding)
                async with client() as web:
                    request = Request(f"http://rebind.example:{inner.port}/")
                    assert await asked(web, request) == ("answered", "6")
                    # That connection is closed by now: the next one is looked up and checked anew.
                    assert (await asked(web, request))[0] == "address_private"
        assert (inner.connections, site.connections) == (0, 1)

    asyncio.run(run())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_servers(case: Case) -> None:
    seconds = SECONDS if case.code == "timeout" else PATIENT_SECONDS

    async def run() -> Site:
        async with serve(case.script, OPEN) as site, client(total_seconds=seconds) as web:
            request = Request(site.url, **{"max_bytes": MAX_BYTES} | case.request)
            assert (await asked(web, request, seconds))[0] == case.code
        return site

    site = asyncio.run(run())
    assert site.sent <= case.taken
    assert len(site.requests) <= 1


@pytest.mark.parametrize("name", ["gzip bomb", "endless body", "endless chunks", "endless headers"])
def test_memory_is_bounded(name: str) -> None:
    case = next(case for case in CASES if case.name == name)

    async def run() -> int:
        async with serve(case.script, OPEN) as site, client() as web:
            with contextlib.suppress(FetchError):  # what is imported late does not count
                await web.get(Request(site.url, max_bytes=1))
            tracemalloc.start()
            await asked(web, Request(site.url, max_bytes=MAX_BYTES))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return peak

    assert asyncio.run(run()) < 3 * MAX_BYTES


async def hangs_up(talk: Talk) -> None:
    talk.reset()


@pytest.mark.parametrize(
    "script",
    [
        says(answer(b"not TLS")),
        unasked(answer(b"not TLS")),
        unasked(b"\x16\x03\x03\xff\xff" + b"x" * 70_000),
        hangs_up,
    ],
    ids=["waits for plain HTTP", "speaks plain HTTP", "endless handshake", "resets"],
)
def test_tls_of_servers_that_have_none(script: Script) -> None:
    async def run() -> str:
        async with serve(script, OPEN) as site, client(connect_seconds=0.2) as web:
            return (await asked(web, Request(site.url.replace("http:", "https:"))))[0]

    assert asyncio.run(run()) == "tls"


def test_what_a_server_said_cannot_alter_the_next_request() -> None:
    """Header injection and request splitting through a stored validator."""
    split = '"a"\r\nHost: inner.example\r\n\r\nGET /admin HTTP/1.1\r\n'

    async def run() -> Site:
        async with serve(says(answer()), OPEN) as site, client() as web:
            for value in (split, '"a"\nX-In: 1', '"a"\x00', '"a"\x85\u2028X-In: 1'):
                request = Request(site.url, etag=value, last_modified=value, accept=value)
                assert await asked(web, request) == ("answered", "0")
        return site

    site = asyncio.run(run())
    assert len(site.requests) == 4
    for number in range(4):
        sent = set(site.headers(number))
        assert sent == {"host", "user-agent", "accept-encoding", "connection"}


def test_answers_do_not_leak_from_one_request_into_the_next() -> None:
    """A second answer, sent along with the first, is not taken for that of the next request."""
    script = says(answer(b"mine") + answer(b"planted"))

    async def run() -> list[Response]:
        async with serve(script, OPEN) as site, client() as web:
            return [await web.get(Request(site.url)) for _ in range(3)]

    assert [response.body for response in asyncio.run(run())] == [b"mine"] * 3
