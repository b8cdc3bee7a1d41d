"""Several web hosts on loopback, in this process; a log of every request that they saw.

Each host is an address of its own (127.0.0.1, 127.0.0.2, ...: Linux answers on all of 127.0.0.0/8)
on a free port, so that each is a site of its own for whoever crawls it. Routes may change while the
hosts run.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

HTML = "text/html; charset=utf-8"
DRIP_SECONDS = 0.05
"""Between two bytes of an answer that drips."""

Broken = Literal["reset", "short", "drip", "hang"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request, as the host saw it. Times are of ``time.monotonic``."""

    host: str
    method: str
    path: str
    """As asked for, with its query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    started: float
    ended: float | None = None
    """Just before the last byte was sent, or when the connection was gone; None until then."""
    status: int = 0
    """0 where no status was sent."""

    @property
    def conditional(self) -> bool:
        """True where it carries a validator of an earlier answer."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route answers."""

    body: bytes = b""
    status: int = 200
    content_type: str | None = HTML
    headers: tuple[tuple[str, str], ...] = ()
    etag: str | None = None
    """Sent as it is, quotes included."""
    last_modified: str | None = None
    delay: float = 0.0
    """Seconds before the first byte."""
    gzip: bool = False
    """True: compressed for those who accept that."""
    broken: Broken | None = None
    """``reset``: the connection is reset in place of an answer; ``short``: half of the body that was
    announced; ``drip``: a byte at a time; ``hang``: nothing, until the other side gives up."""


Route = Answer | Callable[[Seen], Answer]


class Host:
    """One host: a table of routes and the server that answers by it."""

    def __init__(self, web: SmallWeb, name: str, address: str) -> None:
        self.name = name
        self.address = address
        self.connections = 0
        """Connections that reached it, those it dropped included."""
        self.routes: dict[str, Route] = {}
        self.live: set[socket.socket] = set()
        self.web = web
        self._server = _Server((address, 0), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name=name)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        """Address of a path of this host."""
        return f"http://{self.address}:{self._server.server_address[1]}{path}"

    def serve(
        self,
        path: str,
        body: str | bytes | Callable[[Seen], Answer] = b"",
        *,
        etag: bool | str = False,
        last_modified: datetime | str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        """Answers ``path`` (with its query, or without: then whatever the query is) from now on.

        Args:
            path: the path.
            body: a payload, or a function of the request that returns an ``Answer``.
            etag: True: one made of the body; a text: sent as it is.
            last_modified: a time, or a text that is sent as it is.
            headers: more headers.
            more: other fields of ``Answer``.

        """
        if callable(body):
            self.route(path, body)
            return
        payload = body.encode() if isinstance(body, str) else body
        if etag is True:
            etag = f'"{hashlib.sha256(payload).hexdigest()[:16]}"'
        if isinstance(last_modified, datetime):
            last_modified = format_datetime(last_modified, usegmt=True)
        extra = tuple((headers or {}).items())
        self.route(
            path,
            Answer(payload, headers=extra, etag=etag or None, last_modified=last_modified, **more),
        )

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Sends whoever asks for ``path`` to another address."""
        self.route(path, Answer(status=status, headers=(("Location", to),)))

    def in_turn(self, path: str, *answers: Answer) -> None:
        """Answers the first request by the first answer, and so on; the last one stays."""
        left = list(answers)

        def next_answer(_: Seen) -> Answer:
            with self.web.lock:
                return left.pop(0) if len(left) > 1 else left[0]

        self.route(path, next_answer)

    def route(self, path: str, route: Route) -> None:
        """Sets what ``path`` answers."""
        with self.web.lock:
            self.routes[path] = route

    def remove(self, path: str) -> None:
        """From now on 404."""
        with self.web.lock:
            del self.routes[path]

    def answer(self, seen: Seen) -> Answer:
        """What the table says for a request."""
        with self.web.lock:
            route = self.routes.get(seen.path) or self.routes.get(seen.path.partition("?")[0])
        if route is None:
            return Answer(b"<!doctype html><title>Not here</title><p>No such page.", status=404)
        return route(seen) if callable(route) else route

    def drop_connections(self) -> None:
        """Ends every open connection at once."""
        with self.web.lock:
            for connection in self.live:
                _reset_at_close(connection)
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stops answering; returns when no thread of this host is left."""
        self._server.shutdown()
        self.drop_connections()
        self._server.server_close()
        self._thread.join()


@dataclass
class SmallWeb:
    """The hosts, and what they saw. A context manager: at its end nothing is left running."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    hosts: dict[str, Host] = field(default_factory=dict)
    is_cut: bool = False

    def __post_init__(self) -> None:
        self._log: list[Seen] = []
        self._changed = threading.Condition(self.lock)

    def __enter__(self) -> SmallWeb:
        return self

    def __exit__(self, *_: object) -> None:
        for host in self.hosts.values():
            host.close()

    def host(self, name: str, address: str | None = None) -> Host:
        """The host of that name; a new one gets the next address, or the one given."""
        if name not in self.hosts:
            taken = {host.address for host in self.hosts.values()}
            free = (f"127.0.0.{n}" for n in range(1, 255) if f"127.0.0.{n}" not in taken)
            self.hosts[name] = Host(self, name, address or next(free))
        return self.hosts[name]

    def seen(self, host: str | None = None, path: str | None = None) -> list[Seen]:
        """The requests so far in the order of their arrival: all, of a host, of one of its paths."""
        with self.lock:
            return [
                seen
                for seen in self._log
                if host in (None, seen.host) and path in (None, seen.path)
            ]

    def wait_for(self, requests: int, seconds: float) -> bool:
        """Waits until so many requests have arrived in all. False where they have not in time."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._log) >= requests, seconds)

    def wait_until_answered(self, seconds: float = 5) -> bool:
        """Waits until no request is under way: an answer is read before its end is noted."""
        with self._changed:
            return self._changed.wait_for(
                lambda: all(seen.ended is not None for seen in self._log), seconds
            )

    def cut(self) -> None:
        """Cuts the network: what is open is reset, and so is every connection that is tried."""
        self.is_cut = True
        for host in self.hosts.values():
            host.drop_connections()

    def restore(self) -> None:
        """Ends the cut."""
        self.is_cut = False

    def began(self, seen: Seen) -> int:
        """Notes a request; returns its number, for ``ended``."""
        with self._changed:
            self._log.append(seen)
            self._changed.notify_all()
            return len(self._log) - 1

    def ended(self, number: int, status: int, at: float) -> None:
        """Notes that a request was answered at that time, or will not be."""
        with self._changed:
            self._log[number] = replace(self._log[number], ended=at, status=status)
            self._changed.notify_all()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], host: Host) -> None:
        self.host = host
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer looks its own name up in the DNS here.
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        with self.host.web.lock:
            self.host.connections += 1
            self.host.live.add(request)
            if not self.host.web.is_cut:
                return True
        _reset_at_close(request)
        return False

    def shutdown_request(self, request: Any) -> None:
        with self.host.web.lock:
            self.host.live.discard(request)
        # Without the polite goodbye of the base class: it would come before a reset.
        request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that end early are what these hosts are for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    _sent_at = 0.0

    def log_message(self, *_: object) -> None:
        """Nothing on standard error: the log is ``SmallWeb.seen``."""

    def do_GET(self) -> None:
        web = self.server.host.web
        seen = Seen(
            self.server.host.name,
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            time.monotonic(),
        )
        number = web.began(seen)
        status = 0
        try:
            status = self._send(self.server.host.answer(seen), seen)
        except OSError:
            self.close_connection = True
        finally:
            web.ended(number, status, self._sent_at if status else time.monotonic())

    def _send(self, answer: Answer, seen: Seen) -> int:
        web = self.server.host.web
        gone = answer.delay > 0 and self._gone_within(answer.delay)
        if answer.broken == "hang":
            gone = self._gone_within(None)
        if gone or web.is_cut or answer.broken == "reset":
            _reset_at_close(self.connection)
            self.close_connection = True
            return 0
        unchanged = answer.status == 200 and _unchanged(answer, seen)
        body = b"" if unchanged else answer.body
        zipped = answer.gzip and not unchanged and "gzip" in seen.headers.get("accept-encoding", "")
        if zipped:
            body = gzip.compress(body, mtime=0)
        status = 304 if unchanged else answer.status
        self.send_response(status)
        for name, value in _headers(answer):
            self.send_header(name, value)
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        if not unchanged:
            self.send_header("Content-Length", str(len(body)))
        # Before the last byte leaves: after it, this thread may be late where the reader is not.
        self._sent_at = time.monotonic()
        self.end_headers()
        self._send_body(body, answer.broken)
        self.wfile.flush()
        return status

    def _send_body(self, body: bytes, broken: Broken | None) -> None:
        if broken == "short":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif broken == "drip":
            for position in range(len(body)):
                self._sent_at = time.monotonic()
                self.wfile.write(body[position : position + 1])
                if self._gone_within(DRIP_SECONDS):
                    return
        else:
            self.wfile.write(body)

    def _gone_within(self, seconds: float | None) -> bool:
        """Waits so long, or for ever; True as soon as the other side is gone, or the web closes."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)


def _reset_at_close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _headers(answer: Answer) -> list[tuple[str, str]]:
    own = {
        "Content-Type": answer.content_type,
        "ETag": answer.etag,
        "Last-Modified": answer.last_modified,
    }
    return [(name, value) for name, value in own.items() if value] + list(answer.headers)


def _unchanged(answer: Answer, seen: Seen) -> bool:
    """RFC 9110, 13.2.2: the entity tag decides where there is one, the time otherwise."""
    tags = seen.headers.get("if-none-match")
    if tags is not None:
        return answer.etag is not None and answer.etag in tags
    since = seen.headers.get("if-modified-since")
    if since is None or answer.last_modified is None:
        return False
    try:
        return parsedate_to_datetime(answer.last_modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        # Not a date by RFC 9110; hosts that send one compare the texts.
        return since == answer.last_modified
