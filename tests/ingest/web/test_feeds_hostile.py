"""Hostile feeds cost little, read nothing and crash nothing."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import textwrap
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.web.feed_text import address, author, moment, plain
from pipelines.ingest.web.feeds import read_feed
from pipelines.ingest.web.records import FeedError
from tests.ingest.web.test_feeds import URL, codes, read, refused, rss


def test_a_payload_that_reads_like_a_path_or_an_address_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_text("<rss><item><title>secret</title></item></rss>")
    for payload in (str(secret), f"file://{secret}", "http://127.0.0.1:1/feed"):
        assert refused(payload.encode()) == "not_a_feed"


def test_external_entities_are_neither_read_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        place = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        for declaration in (
            f'[<!ENTITY x SYSTEM "file://{secret}">]',
            f'[<!ENTITY x SYSTEM "{secret}">]',
            f'[<!ENTITY x SYSTEM "{place}">]',
            f'[<!ENTITY % p SYSTEM "{place}"> %p;]',
            f'SYSTEM "{place}"',
            f'PUBLIC "-//X//Y" "{place}" [<!ENTITY x SYSTEM "file://{secret}">]',
        ):
            for prolog in ("", '<?xml version="1.0"?>', "<!-- c -->"):
                feed = read(
                    f"{prolog}<!DOCTYPE rss {declaration}><rss><item><title>T &x;</title></item></rss>"
                )
                assert "secret" not in str(feed)
                assert (feed.entries[0].title or "").startswith("T")
        with pytest.raises(BlockingIOError):
            server.accept()


def test_harmless_entities_are_resolved() -> None:
    feed = read(
        '<!DOCTYPE rss [<!ENTITY eacute "&#233;"><!ENTITY mark "(C)"><!ENTITY big "aaaaaaaaaaaaaaaaaaaaaa">'
        "]><rss><item><title>Caf&eacute; &mark;</title></item></rss>"
    )
    assert feed.entries[0].title == "Café (C)"
    assert codes(feed) == {"entities"}


_BOMBS = """
    import json, sys
    from pipelines.ingest.web.feeds import read_feed

    def laughs(join):
        names = ["lol"] + [f"lol{i}" for i in range(1, 10)]
        subset = '<!ENTITY lol "lollollollollollollollollol">' + join.join(
            f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip(names, names[1:]))
        return subset

    def doc(subset, body, before=""):
        return f"{before}<!DOCTYPE rss [{subset}]><rss><item><title>{body}</title></item></rss>"

    item = "<rss><channel><item><title>%s</title></item></channel></rss>"
    bombs = {
        "laughs on one line": doc(laughs(""), "&lol9;"),
        "laughs on lines": doc(laughs("\\n"), "&lol9;"),
        "laughs behind a declaration": doc(laughs("\\n"), "&lol9;", "<?xml version='1.0'?>"),
        "laughs behind a comment": doc(laughs("\\n"), "&lol9;", "<!-- x -->"),
        "laughs in an attribute": doc(laughs(""), "x").replace("<item>", "<item a='&lol9;'>"),
        "laughs in UTF-16": doc(laughs("\\n"), "&lol9;"),
        "quadratic": doc('<!ENTITY a "' + "a" * 60_000 + '">', "&a;" * 60_000),
        "many short ones": doc('<!ENTITY a "aaaaaaaaaaaaaaaa">', "&a;" * 300_000),
        "parameter entities": doc(
            '<!ENTITY % a "xxxxxxxxxxxxxxxxxxxxxxxxxxxx">' + "".join(
                f'<!ENTITY % b{i} "%a;%a;%a;%a;">' for i in range(1000)), "x"),
        "declarations without end": "<!DOCTYPE rss [" + '<!ENTITY a "b">' * 200_000,
        "comments without end": "<!DOCTYPE rss [" + "<!--" * 500_000,
        "angle brackets": item % ("<" * 200_000),
        "tags without end": item % ("<a" * 100_000),
        "attributes": "<rss><item " + " ".join(f'a{i}="1"' for i in range(100_000)) + "/></rss>",
        "elements in one another": "<rss><item>" + "<a>" * 200_000,
        "letters in author": "<rss><item><author>" + "a" * 500_000 + "</author></item></rss>",
        "categories": "<rss><item>" + "".join(
            f"<category>{i}</category>" for i in range(30_000)) + "</item></rss>",
        "items": "<rss>" + "<item><title>x</title></item>" * 50_000 + "</rss>",
        "a title": item % ("x " * 2_000_000),
        "a base": f"<rss xml:base='http://e.example/{'a' * 60_000}'><item>{'<x/>' * 50_000}</item></rss>",
    }
    results = {}
    for name, bomb in bombs.items():
        try:
            payload = bomb.encode("utf-16" if "UTF-16" in name else "utf-8")
            feed = read_feed(payload, url="https://www.example.org/feed")
            results[name] = [len(feed.entries), max((len(e.title or "") for e in feed.entries), default=0)]
        except ValueError as error:
            results[name] = str(error)
    # Not ru_maxrss, which begins with the peak of whoever started this process.
    status = open("/proc/self/status").read()
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    json.dump({"results": results, "peak": peak}, sys.stdout)
"""


def test_bombs_cost_little_and_give_little() -> None:
    """In a process of its own, so that the peak is theirs; the limits catch what would not end."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_BOMBS)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    for name, result in outcome["results"].items():
        if isinstance(result, str):
            assert result.startswith("not_a_feed"), (name, result)
        else:
            entries, longest = result
            assert entries <= 1000, name
            assert longest <= 1000, name
    assert outcome["results"]["items"][0] == 1000
    assert outcome["peak"] < 400, "MB"


def test_a_feed_that_is_cut_says_so() -> None:
    feed = rss("<item><title>x</title></item>" * 1001)
    assert len(feed.entries) == 1000
    assert codes(feed) == {"entries_cut"}


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(alphabet="<>&;/='\"!?[]- abcitemrsx#0", max_size=300).map(str.encode)
)
def test_any_bytes_are_a_feed_or_refused(noise: bytes) -> None:
    for payload in (noise, b"<rss><item>" + noise, b"<feed><entry><title>" + noise + b"</title>"):
        try:
            feed = read_feed(payload, url=URL)
        except FeedError:
            continue
        str(feed).encode()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.booleans())
def test_plain_text_is_folded_and_bounded(text: str, markup: bool) -> None:
    shown = plain(text, 50, markup=markup)
    if shown is not None:
        assert 0 < len(shown) <= 50
        assert shown == " ".join(shown.split())
        shown.encode()


@given(st.text(max_size=100))
def test_addresses_and_names_of_any_text(text: str) -> None:
    link = address(text, URL)
    assert link is None or link.startswith(("http://", "https://"))
    author(text)
    assert moment(text) is None or moment(text).tzinfo is UTC  # type: ignore[union-attr]
