"""Addresses are read in one way, networks are told apart, foreign text is made harmless."""

from __future__ import annotations

from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.web.guard import (
    BLOCKED_PORTS,
    MAX_ADDRESS,
    checked_url,
    is_public,
    printable,
    read_address,
    redirect_target,
)
from pipelines.ingest.web.records import FetchError


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("HTTP://WWW.Example.ORG", "http://www.example.org/"),
        ("https://example.org:443/a?b#part", "https://example.org/a?b"),
        ("http://example.org:8080?q=1", "http://example.org:8080/?q=1"),
        ("http://example.org./", "http://example.org/"),
        (
            "http://bücher.example/straße?q=ö x",
            "http://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%B6%20x",
        ),
        ("http://my_blog.example.org/", "http://my_blog.example.org/"),
        ("http://example.org/100%/%7Ea", "http://example.org/100%/%7Ea"),
        ("http://example.org/a/./b/../c/", "http://example.org/a/c/"),
        ("http://example.org/open/%2E%2e/closed/..", "http://example.org/"),
        ("http://example.org//a//b", "http://example.org//a//b"),
        ("http://[2606:4700:0:0::1]:8080/", "http://[2606:4700::1]:8080/"),
        ("http://0x5db8d822/", "http://93.184.216.34/"),
    ],
)
def test_an_address_has_one_form(url: str, asked: str) -> None:
    assert checked_url(url) == asked
    assert checked_url(asked) == asked


def test_the_parts_of_an_address_are_those_of_its_url() -> None:
    address = read_address("https://[2606:4700::1]:8443/a?b")
    assert (address.scheme, address.host, address.port, address.target) == (
        "https",
        "2606:4700::1",
        8443,
        "/a?b",
    )
    assert address.authority == "[2606:4700::1]:8443"


def test_the_length_is_bounded_as_sent() -> None:
    checked_url("http://example.org/" + "a" * (MAX_ADDRESS - 19))
    for tail in ("a" * MAX_ADDRESS, "ö" * (MAX_ADDRESS // 2)):
        with pytest.raises(FetchError, match="address_invalid: longer"):
            checked_url("http://example.org/" + tail)


def test_a_password_is_not_repeated_in_the_error() -> None:
    with pytest.raises(FetchError) as caught:
        checked_url("http://name:secret@example.org/")
    assert caught.value.code == "address_credentials"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("port", sorted(BLOCKED_PORTS))
def test_ports_of_other_protocols_are_refused(port: int) -> None:
    with pytest.raises(FetchError, match="address_invalid: port"):
        checked_url(f"http://example.org:{port}/")


@given(st.text(max_size=40), st.sampled_from(["", "http://", "http://example.org/", "https://["]))
def test_any_text_is_an_address_in_one_form_or_refused(text: str, start: str) -> None:
    try:
        url = checked_url(start + text)
    except FetchError:
        return
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    assert checked_url(url) == url
    parts = urlsplit(url)
    assert parts.hostname == read_address(url).host
    assert parts.username is None


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b?c", "http://example.org/b?c"),
        ("//other.example/x", "http://other.example/x"),
        (" https://other.example ", "https://other.example/"),
        ("caf\u00c3\u00a9", "http://example.org/a/caf%C3%A9"),
        ("caf\u00e9", "http://example.org/a/caf%C3%A9"),
    ],
)
def test_redirects_are_resolved_and_checked(location: str, target: str) -> None:
    assert redirect_target("http://example.org/a/", location) == target


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://[::1", "address_invalid"),
        ("file:///etc/passwd", "address_scheme"),
        ("//user@other.example/", "address_credentials"),
        ("http://\x00/", "address_invalid"),
    ],
)
def test_redirects_to_what_is_no_web_address_are_refused(location: str, code: str) -> None:
    with pytest.raises(FetchError) as caught:
        redirect_target("http://example.org/a/", location)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:8.8.8.8",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "1fff::1",
        "2001::1",
        "2001:0:808:808::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "2606:4700::5efe:10.0.0.1",
        "2606:4700::200:5efe:127.0.0.1",
        "4000::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1%1",
        "fec0::1",
        "ff02::1",
        "localhost",
        "1",
        "127.1",
        "0177.0.0.1",
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2001:200::1",
        "2002:808:808::1",
        "2400::1",
        "2606:4700::1",
        "2606:4700::5efe:8.8.8.8",
    ],
)
def test_the_others_are(address: str) -> None:
    assert is_public(address)


def test_networks_that_settings_name_are_allowed_in_every_spelling() -> None:
    allowed = (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    for address in ("127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1", "fd00::1"):
        assert is_public(address, allowed)
    for address in ("10.0.0.1", "::1", "fd00::1%eth0"):
        assert not is_public(address, allowed)


def test_foreign_text_is_one_line_of_visible_characters() -> None:
    assert printable("a\x1b[31mb\x00\u202ec \t\r\n\u2028d\ud800\u200b", 80) == (
        "a\ufffd[31mb\ufffd\ufffdc d\ufffd\ufffd"
    )
    assert printable("Ünïcode — “text” ١٢ 日本", 80) == "Ünïcode — “text” ١٢ 日本"
    assert printable("x" * 11, 10) == "x" * 9 + "…"
    assert printable(" " * 100 + "x", 10) == "…"


@given(st.text(max_size=200), st.integers(1, 50))
def test_printable_text_is_printable_and_bounded(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert shown.isprintable()
    assert len(shown) <= limit
