"""Sitemaps of every kind become plain entries; bombs and strangers' addresses do not."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.web import sitemaps
from pipelines.ingest.web.records import Entry, Feed, FeedError
from pipelines.ingest.web.sitemaps import read_sitemap

URL = "https://www.example.org/sitemap.xml"
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
PAGE = "https://www.example.org/2024/dam"


def urlset(inside: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACES}>{inside}</urlset>'.encode()


def read(payload: bytes | str) -> Feed:
    return read_sitemap(payload.encode() if isinstance(payload, str) else payload, url=URL)


def addresses(payload: bytes | str) -> list[str | None]:
    return [entry.url for entry in read(payload).entries]


def codes(feed: Feed) -> set[str]:
    return {remark.split(":")[0] for remark in feed.remarks}


def refused(payload: bytes) -> str:
    with pytest.raises(FeedError) as caught:
        read(payload)
    return str(caught.value).split(":")[0]


def test_a_page_and_its_last_change() -> None:
    feed = read(
        urlset(
            f"<url><loc> {PAGE}?a=1&amp;b=2 </loc><lastmod>2024-03-05T10:00+02:00</lastmod></url>"
        )
    )
    assert feed == Feed(
        kind="sitemap",
        entries=(Entry(url=f"{PAGE}?a=1&b=2", modified=datetime(2024, 3, 5, 8, 0, tzinfo=UTC)),),
    )


def test_a_news_sitemap_gives_title_date_and_publication() -> None:
    news = (
        "<news:news><news:publication><news:name>The Example</news:name><news:language>en</news:language>"
        "</news:publication><news:publication_date>2024-03-05</news:publication_date>"
        "<news:title>Dam &amp;amp; bridge</news:title></news:news>"
    )
    picture = "<image:image><image:loc>https://www.example.org/i.jpg</image:loc><image:title>No</image:title></image:image>"
    feed = read(urlset(f"<url>{picture}<loc>{PAGE}</loc>{news}</url>"))
    assert feed.title == "The Example"
    assert feed.entries == (
        Entry(
            url=PAGE,
            title="Dam & bridge",
            published=datetime(2024, 3, 5, tzinfo=UTC),
            published_text="2024-03-05",
        ),
    )


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("2024-03-05", datetime(2024, 3, 5, tzinfo=UTC)),
        ("2024-03-05T10:20:30Z", datetime(2024, 3, 5, 10, 20, 30, tzinfo=UTC)),
        ("2024-03-05T10:20:30.123456-05:00", datetime(2024, 3, 5, 15, 20, 30, tzinfo=UTC)),
        ("2024-03-05 10:20", datetime(2024, 3, 5, 10, 20, tzinfo=UTC)),
        ("2024-03", None),
        ("2024", None),
        ("2024-13-45", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_change(printed: str, moment: datetime | None) -> None:
    (entry,) = read(urlset(f"<url><loc>{PAGE}</loc><lastmod>{printed}</lastmod></url>")).entries
    assert entry.modified == moment


def test_an_index_names_sitemaps_of_its_site() -> None:
    feed = read(
        f"<sitemapindex {SPACES}><sitemap><loc>https://www.example.org/a.xml.gz</loc>"
        "<lastmod>2024-03-05</lastmod></sitemap><sitemap><loc>https://news.example.org/b.xml</loc></sitemap>"
        "<sitemap><loc>https://other.example/c.xml</loc></sitemap></sitemapindex>"
    )
    assert (feed.kind, feed.entries) == ("sitemap_index", ())
    assert feed.children == (
        ("https://www.example.org/a.xml.gz", datetime(2024, 3, 5, tzinfo=UTC)),
        ("https://news.example.org/b.xml", None),
    )
    assert feed.remarks == ("other_site: 1 left out",)


def test_only_the_sitemaps_own_site_is_believed() -> None:
    feed = read(
        urlset(
            "".join(
                f"<url><loc>{place}</loc></url>"
                for place in (
                    PAGE,
                    "http://m.example.org/x",
                    "https://example.org.attacker.example/",
                    "http://127.0.0.1/admin",
                    "ftp://www.example.org/x",
                    "javascript:alert(1)",
                    "",
                )
            )
        )
    )
    assert [entry.url for entry in feed.entries] == [PAGE, "http://m.example.org/x"]
    assert feed.remarks == ("no_address: 3 left out", "other_site: 2 left out")


def test_gzip_is_undone_by_its_magic() -> None:
    plain = urlset(f"<url><loc>{PAGE}</loc></url>")
    assert addresses(gzip.compress(plain)) == [PAGE]
    assert addresses(gzip.compress(gzip.compress(plain))) == [PAGE]
    half = len(plain) // 2
    assert addresses(gzip.compress(plain[:half]) + gzip.compress(plain[half:])) == [PAGE]


def test_a_gzip_stream_that_ends_early_gives_what_it_holds() -> None:
    pages = "".join(f"<url><loc>{PAGE}/{n * 7919 % 10007}</loc></url>" for n in range(2000))
    feed = read(gzip.compress(urlset(pages))[:-2000])
    assert 500 < len(feed.entries) < 2000
    assert codes(feed) == {"truncated", "ill_formed"}


def test_a_list_of_addresses() -> None:
    feed = read(f"{PAGE}\r\n\n  {PAGE}/2  \n# note\nhttps://other.example/\n")
    assert [entry.url for entry in feed.entries] == [PAGE, f"{PAGE}/2"]
    assert feed.remarks == ("no_address: 1 left out", "other_site: 1 left out")


def test_a_feed_in_a_sitemaps_place_is_read_as_a_feed() -> None:
    feed = read(
        f"<rss version='2.0'><channel><item><title>T</title><link>{PAGE}</link></item>"
        "<item><link>https://other.example/1</link></item><item><title>U</title></item></channel></rss>"
    )
    assert (feed.kind, [entry.url for entry in feed.entries]) == ("rss", [PAGE])
    assert feed.remarks == ("no_address: 1 left out", "other_site: 1 left out")


@pytest.mark.parametrize(
    "damaged",
    [
        f"<urlset><url><loc>{PAGE}</loc></url><url><loc>{PAGE}/2</loc>",
        f"<urlset><url><loc>{PAGE}</loc></url><url><loc>{PAGE}/2",
        f"<urlset><url><loc>{PAGE}</loc></foo></url><url><loc>{PAGE}/2</loc></url></urlset>",
        f"<urlset><url><loc>{PAGE}</loc><url><loc>{PAGE}/2</loc></url></urlset>",
        f"<urlset></urlset><url><loc>{PAGE}</loc></url><url><loc><![CDATA[{PAGE}/2]]></loc></url>",
        f"Notice: x\n<urlset><url><loc>{PAGE}</loc></url><url><loc>{PAGE}/2</loc></url></urlset>",
        f"<urlset><url><loc>{PAGE}</loc></url><url><loc>{PAGE}/2</loc><x:y/></url></urlset>",
        f"<urlset><url><loc>{PAGE}</loc><lastmod>&nope;</lastmod></url><url><loc>{PAGE}/2</loc></url></urlset>",
    ],
)
def test_damaged_sitemaps_give_what_can_be_read(damaged: str) -> None:
    feed = read(damaged)
    assert [entry.url for entry in feed.entries] == [PAGE, f"{PAGE}/2"]
    assert "ill_formed" in codes(feed)


def test_a_bare_ampersand_is_part_of_the_address() -> None:
    feed = read(urlset(f"<url><loc>{PAGE}?a=1&b=2&copy=3</loc></url>"))
    assert [entry.url for entry in feed.entries] == [f"{PAGE}?a=1&b=2&copy=3"]
    assert codes(feed) == {"ill_formed"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(encoding: str) -> None:
    markup = f"<urlset><url><loc>{PAGE}/ä</loc></url></urlset>"
    assert addresses(markup.encode(encoding)) == [f"{PAGE}/ä"]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", "empty"),
        (gzip.compress(b""), "empty"),
        (b"not a sitemap", "not_a_sitemap"),
        (b"<!doctype html><html><body>Not found</body></html>", "not_a_sitemap"),
        (b'{"urls": []}', "not_a_sitemap"),
        (gzip.compress(bytes(20_000_000)), "compression_ratio"),
        (gzip.compress(gzip.compress(bytes(50_000_000))), "compression_ratio"),
        (b" " * (sitemaps.MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_a_code(payload: bytes, code: str) -> None:
    assert refused(payload) == code


def test_the_protocols_bound_on_pages() -> None:
    pages = "".join(f"<url><loc>{PAGE}/{n}</loc></url>" for n in range(sitemaps.MAX_ENTRIES + 5))
    feed = read(urlset(pages))
    assert len(feed.entries) == sitemaps.MAX_ENTRIES
    assert codes(feed) == {"entries_cut"}


def test_entities_are_neither_expanded_nor_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    feed = read(
        f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY a "{"a" * 99}">'
        f'<!ENTITY b "&a;&a;">]><urlset><url><loc>{PAGE}/&x;&b;</loc></url></urlset>'
    )
    assert [entry.url for entry in feed.entries] == [f"{PAGE}/&x;&b;"]
    assert codes(feed) == {"entities", "ill_formed"}


_BOMBS = """
    import gzip, json, sys
    from pipelines.ingest.web.sitemaps import read_sitemap

    names = ["lol"] + [f"lol{i}" for i in range(1, 10)]
    laughs = '<!ENTITY lol "lollollollollollollollol">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip(names, names[1:]))
    bombs = {
        "laughs": f"<!DOCTYPE u [{laughs}]><urlset><url><loc>https://e.example/&lol9;</loc></url></urlset>",
        "quadratic": '<!DOCTYPE u [<!ENTITY a "' + "a" * 60_000 + '">]><urlset><url><loc>'
            + "&a;" * 60_000 + "</loc></url></urlset>",
        "elements in one another": "<urlset>" + "<url>" * 1_000_000,
        "elements side by side": "<urlset>" + "<x/>" * 500_000,
        "empty pages": "<urlset>" + "<url/>" * 500_000,
        "angle brackets": "<urlset>" + "<" * 2_000_000,
        "attributes": "<urlset " + " ".join(f'a{i}="1"' for i in range(300_000)) + "/>",
        "one address": "<urlset><url><loc>https://e.example/" + "a" * 12_000_000 + "</loc></url></urlset>",
    }
    results = {}
    payloads = {name: bomb.encode() for name, bomb in bombs.items()}
    payloads["members"] = gzip.compress(b"") * 100_000
    payloads["zeros"] = gzip.compress(bytes(40_000_000))
    for name, payload in payloads.items():
        try:
            feed = read_sitemap(payload, url="https://e.example/sitemap.xml")
            results[name] = sum(len(e.url) for e in feed.entries)
        except ValueError as error:
            results[name] = str(error).split(":")[0]
    # Not ru_maxrss, which begins with the peak of whoever started this process.
    status = open("/proc/self/status").read()
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    json.dump({"results": results, "peak": peak}, sys.stdout)
"""


def test_bombs_cost_little_and_give_little() -> None:
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
    results = outcome["results"]
    assert results.pop("zeros") == "compression_ratio"
    assert results.pop("members") == "empty"
    assert all(length <= 100 for length in results.values()), results
    assert outcome["peak"] < 400, "MB"


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(alphabet="<>&;/='\"!?[]- urlsetocdm:#0\n", max_size=300).map(str.encode)
)
def test_any_bytes_are_a_sitemap_or_refused(noise: bytes) -> None:
    for payload in (noise, b"<urlset><url><loc>" + noise, b"\x1f\x8b\x08\x00" + noise):
        try:
            feed = read(payload)
        except FeedError:
            continue
        assert all(e.url and e.url.startswith("http") for e in feed.entries)
