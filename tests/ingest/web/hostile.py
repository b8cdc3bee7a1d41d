"""Servers on loopback that say exactly what a test tells them to, byte for byte."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field

Script = Callable[["Talk"], Awaitable[None]]
BLOCK = 64 * 1024


@dataclass
class Site:
    """A server and what happened at it."""

    host: str
    port: int
    connections: int = 0
    sent: int = 0
    """Bytes that it could get rid of."""
    requests: list[bytes] = field(default_factory=list)
    """Heads of the requests that came."""

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/"

    def headers(self, number: int = -1) -> dict[str, str]:
        """Headers of a request that came, names in lower case."""
        lines = self.requests[number].decode("latin-1").split("\r\n")[1:]
        pairs = (line.split(":", 1) for line in lines if line)
        return {name.lower(): value.strip() for name, value in pairs}


class Talk:
    """One connection at a site, from the server's side."""

    def __init__(
        self, site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._site = site
        self._reader = reader
        self._writer = writer

    async def request(self) -> bytes:
        """The head of the next request; raises IncompleteReadError at the end."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        self._site.requests.append(head)
        return head

    async def say(self, data: bytes) -> None:
        """Sends, waiting until the client takes it."""
        self._writer.write(data)
        await self._writer.drain()
        self._site.sent += len(data)

    def say_under_tls(self, data: bytes) -> None:
        """Sends past TLS, to where its records go."""
        os.write(self._writer.get_extra_info("socket").fileno(), data)

    def reset(self) -> None:
        """Ends with a TCP reset: closing without lingering sends one."""
        linger = struct.pack("ii", 1, 0)
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._writer.transport.abort()


@contextlib.asynccontextmanager
async def serve(
    script: Script, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Site]:
    """A site where each connection runs ``script``, and is closed after it."""
    site = Site(host, port)
    talks: set[asyncio.Task[None]] = set()

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        site.connections += 1
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        # The client hangs up when it has had enough: that is what is being tested.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await script(Talk(site, reader, writer))
        writer.close()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()
        talks.discard(task)

    server = await asyncio.start_server(run, host, port, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


def says(data: bytes) -> Script:
    """Answers each request on a connection with ``data``."""

    async def script(talk: Talk) -> None:
        while True:
            await talk.request()
            await talk.say(data)

    return script


def says_once(data: bytes) -> Script:
    """Answers one request, then closes."""

    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.say(data)

    return script


def endless(start: bytes, again: bytes) -> Script:
    """Answers with ``start``, then with ``again`` for as long as the client listens."""

    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.say(start)
        block = again * max(1, BLOCK // len(again))
        while True:
            await talk.say(block)

    return script


def slowly(parts: Iterable[bytes], gap: float = 0.02) -> Script:
    """Answers part by part, ``gap`` seconds between them, then waits for the client to leave."""

    async def script(talk: Talk) -> None:
        await talk.request()
        for part in parts:
            await talk.say(part)
            await asyncio.sleep(gap)
        await talk.request()

    return script


def resets(start: bytes) -> Script:
    """Sends ``start``, then resets the connection."""

    async def script(talk: Talk) -> None:
        await talk.request()
        if start:
            await talk.say(start)
            await asyncio.sleep(0.02)
        talk.reset()

    return script


def unasked(data: bytes) -> Script:
    """Sends without waiting for a request, then waits for the client to leave."""

    async def script(talk: Talk) -> None:
        await talk.say(data)
        await talk.request()

    return script


def answer(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer with its length; ``headers`` are lines as they go out."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
