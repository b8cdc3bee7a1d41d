"""Names, addresses and certificates between a request and its server."""

from __future__ import annotations

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpcore2
import pytest

from pipelines.ingest.web.client import Client
from pipelines.ingest.web.network import PinnedBackend
from pipelines.ingest.web.records import FetchError, Request, Response
from tests.ingest.web.asking import AGENT, LOOPBACK, PAGE, ask, client, resolver
from tests.ingest.web.hostile import Site, Talk, answer, says, serve


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    async def run() -> Response:
        both = {"allowed_networks": (ip_network("127.0.0.0/8"),)}
        async with serve(says(answer(PAGE))) as site:
            names = resolver("127.0.0.9", "127.0.0.1")
            async with Client(AGENT, **both, resolver=names) as web:
                return await web.get(Request(f"http://two.example:{site.port}/"))

    assert asyncio.run(run()).body == PAGE


def test_nothing_listening_is_a_failure_to_connect() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"

        async def run() -> None:
            async with client() as web:
                await web.get(Request(url))

        with pytest.raises(FetchError, match=r"^connect: .*refused|^connect: .*failed"):
            asyncio.run(run())


@pytest.mark.parametrize(
    "failure",
    [
        socket.gaierror(-2, "Name or service not known"),
        UnicodeError("label too long"),
        TimeoutError(),
    ],
)
def test_names_that_do_not_resolve(failure: Exception) -> None:
    async def fails(host: str, port: int) -> list[str]:
        raise failure

    async def run(names: Any) -> None:
        async with client(resolver=names) as web:
            await web.get(Request("http://no.example/"))

    for names in (fails, resolver()):
        with pytest.raises(FetchError, match=r"^dns: "):
            asyncio.run(run(names))


def test_a_look_up_is_bounded_in_time() -> None:
    ended = []

    async def hangs(host: str, port: int) -> list[str]:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(host)
        return []

    async def run() -> None:
        async with client(resolver=hangs, connect_seconds=0.05) as web:
            await web.get(Request("http://slow.example/"))

    began = datetime.now(UTC)
    with pytest.raises(FetchError, match=r"^dns: .*in time"):
        asyncio.run(run())
    assert ended == ["slow.example"], "nobody goes on looking up"
    assert datetime.now(UTC) - began < timedelta(seconds=5), "half of what is usual"


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert ask(says(answer(PAGE))).body == PAGE


def test_no_socket_of_the_machine_is_opened() -> None:
    """The pool's interface has sockets of the file system; ours has no way to one: it refuses."""
    backend = PinnedBackend(LOOPBACK, resolver())
    with pytest.raises(NotImplementedError):
        asyncio.run(backend.connect_unix_socket("/run/any.sock"))
    assert isinstance(backend, httpcore2.AsyncNetworkBackend)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of news.example, signed by itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    path = tmp_path_factory.mktemp("tls") / "news.pem"
    path.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(encoding)
    )
    return path


def tls_site(certificate: Path, named: list[str | None]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    return context


def test_tls_and_host_keep_the_name_of_a_pinned_address(certificate: Path) -> None:
    named: list[str | None] = []

    async def run() -> tuple[Response, Site]:
        async with serve(says(answer(PAGE)), tls=tls_site(certificate, named)) as site:
            trust = ssl.create_default_context(cafile=str(certificate))
            async with client(resolver=resolver("127.0.0.1"), tls=trust) as web:
                return await web.get(Request(f"https://News.Example.:{site.port}/")), site

    response, site = asyncio.run(run())
    assert response.body == PAGE
    assert named == ["news.example"]
    assert site.headers()["host"] == f"news.example:{site.port}"


@pytest.mark.parametrize(("host", "trusted"), [("other.example", True), ("news.example", False)])
def test_certificates_are_checked(certificate: Path, host: str, trusted: bool) -> None:
    async def run() -> Site:
        async with serve(says(answer(PAGE)), tls=tls_site(certificate, [])) as site:
            trust = ssl.create_default_context(cafile=str(certificate)) if trusted else None
            async with client(resolver=resolver("127.0.0.1"), tls=trust) as web:
                with pytest.raises(FetchError, match=r"^tls: .*certificate verify failed"):
                    await web.get(Request(f"https://{host}:{site.port}/"))
        return site

    assert asyncio.run(run()).requests == []


def test_a_broken_tls_stream_is_a_failure_of_tls(certificate: Path) -> None:
    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.say(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
        talk.say_under_tls(b"\x17\x03\x03\x00\x20" + b"x" * 32)
        await talk.request()

    async def run() -> None:
        async with serve(script, tls=tls_site(certificate, [])) as site:
            trust = ssl.create_default_context(cafile=str(certificate))
            async with client(resolver=resolver("127.0.0.1"), tls=trust) as web:
                await web.get(Request(f"https://news.example:{site.port}/"))

    with pytest.raises(FetchError, match=r"^tls: "):
        asyncio.run(run())
