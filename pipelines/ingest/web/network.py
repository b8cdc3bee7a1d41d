"""Connections of the crawl: only to addresses that were checked, with bounds on what they carry.

A name is resolved once for each connection, and the connection goes to an address that was
resolved then, so that a name whose answer changes between check and use (DNS rebinding) gains
nothing. TLS and the Host header keep the name.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

import httpcore2

from pipelines.ingest.web.guard import is_public, printable
from pipelines.ingest.web.records import FetchError

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Host and port to IP addresses as text, in the order in which to try them; raises OSError."""

MAX_HEAD_BYTES = 64 * 1024
"""What a server may send before the headers of its answer end, interim answers (1xx) included.
Servers themselves commonly stop at 8 to 32 KiB; h11's own bound, 100 KiB, holds a message only."""
MAX_TRIED = 4
"""Addresses of one name that are tried before the host counts as out of reach."""
_START = b"HTTP/"


class SystemResolver:
    """Names by the system's resolver, in threads of its own.

    A look-up in C cannot be stopped, and asyncio's shared pool has a few threads only: name
    servers that never answer would hold up every other host.
    """

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Addresses of a host. Raises OSError."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _getaddrinfo, host, port)
        return list(dict.fromkeys(found))

    def close(self) -> None:
        """Takes no more names; what is under way ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _getaddrinfo(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class PinnedBackend(httpcore2.AsyncNetworkBackend):
    """Opens TCP connections to checked addresses, and no other kind of connection.

    One address that is not public refuses the whole name: a public site has no reason to name an
    inner one, mixed answers are what rebinding looks like, and whether a page is fetched must not
    hang on which record came first.
    """

    def __init__(
        self, allowed_networks: Sequence[IPv4Network | IPv6Network], resolver: Resolver
    ) -> None:
        self._allowed = tuple(allowed_networks)
        self._resolver = resolver
        self._tcp = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> Stream:
        """Connects within ``timeout`` seconds, the look-up included.

        Raises FetchError: dns, address_private or connect.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        tried = (await self._addresses(host, port, timeout))[:MAX_TRIED]
        reason = ""
        for place, address in enumerate(tried):
            share = None
            if timeout is not None:
                share = max(0.0, timeout - (loop.time() - began)) / (len(tried) - place)
            try:
                tcp = await self._tcp.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except httpcore2.ConnectTimeout:
                reason = f"{address} did not answer in time"
            except (httpcore2.ConnectError, OSError) as error:
                reason = root_reason(error)
            else:
                return Stream(tcp)
        raise FetchError("connect", reason)

    async def _addresses(self, host: str, port: int, seconds: float | None) -> list[str]:
        found = [host] if _is_literal(host) else await self._resolved(host, port, seconds)
        for address in found:
            if not is_public(address, self._allowed):
                raise FetchError("address_private", f"{host} is {printable(address, 60)}")
        return found

    async def _resolved(self, host: str, port: int, seconds: float | None) -> list[str]:
        try:
            async with asyncio.timeout(seconds):
                found = await self._resolver(host, port)
        except TimeoutError as error:
            raise FetchError("dns", f"no answer for {host} in time") from error
        except (OSError, ValueError) as error:
            raise FetchError("dns", f"{host}: {root_reason(error)}") from error
        if not found:
            raise FetchError("dns", f"{host} has no address")
        return found


class Stream(httpcore2.AsyncNetworkStream):
    """A connection that counts what it receives since the last request, and bounds its head."""

    def __init__(self, inner: httpcore2.AsyncNetworkStream) -> None:
        self._inner = inner
        self._in_head = True
        self._start = b""
        self.received = 0
        """Bytes since the last request, framing included, TLS not."""
        self.ended = False
        """Whether the server closed its side."""

    def end_head(self) -> None:
        """Says that the headers were read: what follows is body, bounded by its reader."""
        self._in_head = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes. Raises FetchError headers_too_large, protocol or reset in the head."""
        if self._in_head:
            max_bytes = min(max_bytes, MAX_HEAD_BYTES - self.received)
            if max_bytes <= 0:
                raise FetchError("headers_too_large", f"no end after {MAX_HEAD_BYTES:,} bytes")
        data = await self._inner.read(max_bytes, timeout)
        self.received += len(data)
        self.ended = self.ended or not data
        if self._in_head:
            self._check_head(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends (a part of) a request, with which an answer begins anew."""
        if buffer:
            self._in_head, self._start, self.received = True, b"", 0
        await self._inner.write(buffer, timeout)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> Stream:
        """The same connection under TLS. Raises FetchError tls."""
        try:
            return Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout))
        except httpcore2.ConnectTimeout as error:
            raise FetchError("tls", "no handshake in time") from error
        except (httpcore2.ConnectError, OSError, ValueError) as error:
            raise FetchError("tls", root_reason(error)) from error

    def get_extra_info(self, info: str) -> Any:
        """What httpcore2 asks of the connection, its socket for example."""
        return self._inner.get_extra_info(info)

    async def aclose(self) -> None:
        """Closes at once."""
        await self._inner.aclose()

    def _check_head(self, data: bytes) -> None:
        if not data:
            raise FetchError("reset", "closed before the headers ended")
        # Found out early: h11 waits for a whole head, and text without an empty line has none.
        self._start += data[: len(_START) - len(self._start)]
        if not _START.startswith(self._start):
            raise FetchError("protocol", f"no HTTP answer: {printable(repr(data[:40]), 120)}")


def root_reason(error: BaseException) -> str:
    """What the libraries below say of a failure, in at most 200 printable characters."""
    reason = str(error)
    while error.__cause__ is not None:
        error = error.__cause__
        reason = str(error) or reason
    return printable(reason or type(error).__name__, 200)


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
