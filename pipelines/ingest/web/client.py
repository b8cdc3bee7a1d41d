"""One request to the web, one hop, bounded in bytes and time whatever the server does.

Works on httpcore2, the engine of httpx2, and not on httpx2's client: that one keeps cookies, reads
every ``Location``, looks for proxies and passwords in the environment, and unpacks bodies without a
bound; all of it would have to be switched off again. Nothing is remembered between requests: what a
site said before is in our tables, where it can be seen. Connections are not kept either: requests
to a site are seconds apart, and one that a server had closed by then would have to be asked twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network
from types import TracebackType
from typing import Self

import httpcore2

from pipelines.ingest.web.content_coding import Body, codings
from pipelines.ingest.web.guard import WebAddress, printable, read_address
from pipelines.ingest.web.network import (
    MAX_HEAD_BYTES,
    PinnedBackend,
    Resolver,
    Stream,
    SystemResolver,
    root_reason,
)
from pipelines.ingest.web.records import FetchError, Request, Response

MAX_HEADERS = 256
"""Header fields of one answer; servers and their proxies commonly stop at 100."""
MAX_VALUE = 1024
"""Characters of a header that is sent. ETags, which servers choose, have some tens."""
ERROR_BODY_BYTES = 64 * 1024
"""What is read of the body of a 4xx or 5xx answer: its status is what counts."""
FRAMING = 2
"""Bytes on the wire for one of the body: chunks of some bytes only take as much. Beyond it, plus a
head's worth, a server sends framing (chunk extensions, trailers) and no body."""
SMALL_CHUNK = 512
MAX_SMALL_CHUNKS = 20_000
"""Chunks of less than SMALL_CHUNK bytes in one body. Each costs some 12 µs however little it holds:
bytes and time alone would let one server keep a core busy for a minute."""
MAX_RATIO = 100.0
"""Decoded bytes for one received. The most regular of honest bodies, a sitemap of 50,000 numbered
pages, packs 53 times (measured); zeros pack 1,030 times."""
_COOKIES = frozenset({b"set-cookie", b"set-cookie2"})
_SENDABLE = re.compile(r"[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")
_MEDIA_TYPE = re.compile(r"\s*([\w!#$&^.+-]+/[\w!#$&^.+-]+)\s*(?:[;,]|$)", re.ASCII)


class Client:
    """Asks for addresses; an async context manager. One for each event loop.

    ``allowed_networks`` may be asked though they are not public. ``total_seconds`` bounds a request
    from look-up to last byte, ``connect_seconds`` look-up and connecting, and TLS again,
    ``connections`` those open at once. ``max_ratio``: decoded bytes for one received, counted from
    1 MiB on. ``tls`` replaces the system's trust, ``now`` the clock.
    """

    def __init__(
        self,
        user_agent: str,
        allowed_networks: Sequence[IPv4Network | IPv6Network] = (),
        total_seconds: float = 60.0,
        connect_seconds: float = 10.0,
        connections: int = 16,
        *,
        resolver: Resolver | None = None,
        max_ratio: float = MAX_RATIO,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not _sendable(user_agent):
            raise ValueError(f"a user agent is one short line of Latin-1 text, not {user_agent!r}")
        self._user_agent = user_agent
        self._total_seconds = total_seconds
        self._timeouts = {"connect": connect_seconds}
        self._max_ratio = max_ratio
        self._now = now
        # Twice as many threads as connections: names that hang shall not hold up the others.
        self._system = SystemResolver(2 * connections)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls or httpcore2.default_ssl_context(),
            max_connections=connections,
            max_keepalive_connections=0,
            network_backend=PinnedBackend(allowed_networks, resolver or self._system),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._system.close()
        await self._pool.aclose()

    async def get(self, request: Request) -> Response:
        """The answer to one GET, whatever its status; redirects are the caller's.

        The body is read of 2xx answers, up to 64 KiB of it of 4xx and 5xx ones, and not at all of
        redirects. Cookies are left out of the headers. Raises FetchError, and nothing else.
        """
        address = read_address(request.url)
        try:
            async with asyncio.timeout(self._total_seconds):
                return await self._exchange(address, request)
        except FetchError:
            raise
        except TimeoutError as error:
            reason = f"no whole answer within {self._total_seconds:g} s"
            raise FetchError("timeout", reason) from error
        except Exception as error:
            # All of them: what a hostile server can raise in four libraries is not ours to list,
            # and one page must not end a crawl. What is not known is named in the row.
            raise _fetch_error(error) from error

    async def _exchange(self, address: WebAddress, request: Request) -> Response:
        started_at = self._now()
        url = httpcore2.URL(
            scheme=address.scheme, host=address.host, port=address.port, target=address.target
        )
        async with self._pool.stream(
            b"GET",
            url,
            headers=self._headers(address, request),
            extensions={"timeout": self._timeouts},
        ) as answer:
            head = Response(address.url, answer.status, _answer_headers(answer), b"", started_at)
            return replace(head, body=await self._body(answer, head, request))

    def _headers(self, address: WebAddress, request: Request) -> list[tuple[bytes, bytes]]:
        wanted: list[tuple[bytes, str | None]] = [
            (b"Host", address.authority),
            (b"User-Agent", self._user_agent),
            (b"Accept", request.accept),
            (b"Accept-Encoding", "gzip, deflate"),
            (b"Connection", "close"),
            (b"If-None-Match", request.etag),
            (b"If-Modified-Since", request.last_modified),
        ]
        return [
            (name, value.encode("latin-1")) for name, value in wanted if value and _sendable(value)
        ]

    async def _body(self, answer: httpcore2.Response, head: Response, request: Request) -> bytes:
        if 300 <= head.status < 400 and head.status != 304:
            return b""
        if head.status == 206:
            raise FetchError("protocol", "206: a part, though the whole was asked for")
        if head.status < 400:
            return await self._read(answer, head, request)
        shortened = replace(
            request,
            media_types=None,
            max_bytes=min(request.max_bytes, ERROR_BODY_BYTES),
            truncate=True,
        )
        try:
            return await self._read(answer, head, shortened)
        except (httpcore2.NetworkError, httpcore2.ProtocolError, FetchError, OSError):
            return b""

    async def _read(self, answer: httpcore2.Response, head: Response, request: Request) -> bytes:
        """The decoded body, within the bounds that the request sets."""
        _check_media_type(head.header("content-type"), request.media_types)
        length = head.header("content-length") or ""
        if length.isdecimal() and int(length) > request.max_bytes and not request.truncate:
            raise FetchError("too_large", f"{int(length):,} bytes announced")
        body = Body(
            codings(head.header("content-encoding")),
            max_bytes=request.max_bytes,
            max_ratio=self._max_ratio,
            truncate=request.truncate,
        )
        stream = _stream(answer)
        small = 0
        wire_bytes = FRAMING * request.max_bytes + MAX_HEAD_BYTES
        try:
            async with contextlib.aclosing(answer.aiter_stream()) as parts:
                async for part in parts:
                    body.feed(part)
                    if body.full:
                        break
                    small += len(part) < SMALL_CHUNK
                    if small > MAX_SMALL_CHUNKS:
                        raise FetchError("protocol", f"over {MAX_SMALL_CHUNKS:,} small chunks")
                    if stream.received > wire_bytes:
                        raise FetchError("too_large", f"over {wire_bytes:,} bytes on the wire")
        except httpcore2.ProtocolError as error:
            if stream.ended:
                raise FetchError("truncated", root_reason(error)) from error
            raise
        return body.content()


def _stream(answer: httpcore2.Response) -> Stream:
    stream = answer.extensions["network_stream"]
    if not isinstance(stream, Stream):
        raise FetchError("protocol", f"{answer.status}: another protocol, which was not asked for")
    return stream


def _answer_headers(answer: httpcore2.Response) -> tuple[tuple[str, str], ...]:
    _stream(answer).end_head()
    if len(answer.headers) > MAX_HEADERS:
        raise FetchError("headers_too_large", f"{len(answer.headers):,} fields")
    return tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in answer.headers
        if name.lower() not in _COOKIES
    )


def _sendable(value: str) -> bool:
    """Whether a value can go into a header as it is: no line ends, no NUL, nothing re-encoded."""
    return len(value) <= MAX_VALUE and _SENDABLE.fullmatch(value) is not None


def _check_media_type(declared: str | None, wanted: frozenset[str] | None) -> None:
    """Raises FetchError content_type; what is no media type declares none, as in browsers."""
    match = _MEDIA_TYPE.match(declared or "")
    if wanted is not None and match and match[1].lower() not in wanted:
        raise FetchError("content_type", printable(match[1].lower(), 100))


def _fetch_error(error: BaseException) -> FetchError:
    """What the libraries raised, as a FetchError."""
    reason = root_reason(error)
    if isinstance(error, FetchError):
        return error
    if isinstance(error, httpcore2.TimeoutException):
        return FetchError("timeout", reason)
    if isinstance(error, ssl.SSLError):
        return FetchError("tls", reason)
    if isinstance(error, (httpcore2.NetworkError, OSError)):
        return FetchError("reset", reason)
    if isinstance(error, httpcore2.ProtocolError):
        return FetchError("protocol", reason)
    return FetchError("protocol", f"{type(error).__name__}: {reason}")
