"""Asking the hostile sites: a client that may reach loopback, and what its request came to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from typing import Any

import pytest

from pipelines.ingest.web.client import Client
from pipelines.ingest.web.records import FetchError, Request, Response
from tests.ingest.web.hostile import Script, serve

LOOPBACK = (ip_network("127.0.0.1/32"),)
TRUSTS_NO_ONE = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # the system's list takes 30 ms to load
AGENT = "test/1 (+https://example.org/)"
PAGE = b"<p>Council approves the budget.</p>" * 100


def client(**options: Any) -> Client:
    usual = {
        "allowed_networks": LOOPBACK,
        "total_seconds": 5.0,
        "connect_seconds": 2.0,
        "tls": TRUSTS_NO_ONE,
    }
    return Client(AGENT, **usual | options)


def ask(script: Script, *, path: str = "", options: Any = None, **request: Any) -> Response:
    """The answer that a site running ``script`` gets across."""

    async def run() -> Response:
        async with serve(script) as site, client(**options or {}) as web:
            return await web.get(Request(site.url + path, **request))

    return asyncio.run(run())


def code(script: Script, **request: Any) -> str:
    """The code of the failure that a request to such a site ends in."""
    with pytest.raises(FetchError) as caught:
        ask(script, **request)
    return caught.value.code


def resolver(*addresses: str) -> Callable[[str, int], Awaitable[list[str]]]:
    """A resolver that gives every name these addresses."""

    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolve
