"""Feeds of every kind become plain entries, whatever their publishers and attackers put in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.ingest.web.feeds import read_feed
from pipelines.ingest.web.records import Entry, Feed, FeedError

URL = "https://www.example.org/news/feed.xml"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def read(markup: str, **options: str) -> Feed:
    return read_feed(markup.encode(), url=URL, **options)


def rss(items: str, *, channel: str = "", spaces: str = "") -> Feed:
    return read(
        f'<rss version="2.0" {spaces}><channel>{channel}{items}</channel></rss>',
        content_type="application/rss+xml",
    )


def item(inside: str, spaces: str = "") -> Entry:
    (entry,) = rss(f"<item>{inside}</item>", spaces=spaces).entries
    return entry


def atom(inside: str, spaces: str = "") -> Entry:
    (entry,) = read(f"<feed {ATOM} {spaces}><entry>{inside}</entry></feed>").entries
    return entry


def refused(payload: bytes, **options: str) -> str:
    with pytest.raises(FeedError) as caught:
        read_feed(payload, url=URL, **options)
    return str(caught.value).split(":")[0]


def codes(feed: Feed) -> set[str]:
    return {remark.split(":")[0] for remark in feed.remarks}


def test_an_rss_item_gives_all_that_it_states() -> None:
    feed = rss(
        "<item><title>Dam &amp; bridge reopen</title><link>/2024/dam</link>"
        "<guid isPermaLink='false'>id-7</guid><description>&lt;p&gt;Traffic is back.&lt;/p&gt;</description>"
        "<author>desk@example.org (Ada Brook)</author><pubDate>Tue, 05 Mar 2024 10:00:00 +0200</pubDate></item>",
        channel="<title>Example &lt;b&gt;News&lt;/b&gt;</title><ttl>30</ttl>",
    )
    assert (feed.kind, feed.title, feed.poll_minutes, feed.remarks) == (
        "rss",
        "Example News",
        30,
        (),
    )
    assert feed.entries == (
        Entry(
            url="https://www.example.org/2024/dam",
            guid="id-7",
            title="Dam & bridge reopen",
            summary="Traffic is back.",
            authors=("Ada Brook",),
            published=datetime(2024, 3, 5, 8, 0, tzinfo=UTC),
            published_text="Tue, 05 Mar 2024 10:00:00 +0200",
        ),
    )


def test_an_atom_entry_gives_all_that_it_states() -> None:
    entry = atom(
        "<id>tag:example.org,2024:1</id><title type='html'>A &lt;em&gt;new&lt;/em&gt; mayor</title>"
        "<link rel='self' href='https://www.example.org/1.atom'/><link href='../2024/mayor'/>"
        "<link rel='enclosure' href='/a.mp3'/><published>2024-03-05T10:00:00+01:00</published>"
        "<updated>2024-03-06T10:00:00Z</updated><author><name>Bo Lind</name></author>"
        "<author><name>Cy Moss</name><email>cy@example.org</email></author>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Sworn in.</p></div></content>"
    )
    assert entry.url == "https://www.example.org/2024/mayor"
    assert (entry.title, entry.authors) == ("A new mayor", ("Bo Lind", "Cy Moss"))
    assert entry.published == datetime(2024, 3, 5, 9, 0, tzinfo=UTC)
    assert entry.modified == datetime(2024, 3, 6, 10, 0, tzinfo=UTC)
    assert entry.content == "<p>Sworn in.</p>"
    assert (entry.summary, entry.guid) == (None, "tag:example.org,2024:1")


def test_rdf_and_its_dublin_core() -> None:
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        f' {DC} xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>R</title>'
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>"
        '<item rdf:about="https://www.example.org/a"><title>T</title><link>https://www.example.org/a</link>'
        "<dc:creator>Di Fenn</dc:creator><dc:date>2024-03-05</dc:date></item></rdf:RDF>"
    )
    (entry,) = feed.entries
    assert (feed.kind, feed.poll_minutes) == ("rdf", 360)
    assert (entry.authors, entry.guid) == (("Di Fenn",), "https://www.example.org/a")
    assert (entry.published_text, entry.modified) == ("2024-03-05", None)
    assert entry.published == datetime(2024, 3, 5, tzinfo=UTC)


def test_a_date_of_change_is_no_date_of_publication() -> None:
    entry = atom("<title>T</title><updated>2024-03-06T10:00:00Z</updated>")
    assert (entry.published, entry.published_text) == (None, None)
    assert entry.modified == datetime(2024, 3, 6, 10, 0, tzinfo=UTC)


def test_a_date_that_nobody_can_read_is_kept_as_printed() -> None:
    entry = item("<pubDate>first Monday of Lent</pubDate>")
    assert (entry.published, entry.published_text) == (None, "first Monday of Lent")


def test_json_feed() -> None:
    feed = read_feed(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "J",
                "items": [
                    {
                        "id": 7,
                        "url": "/j",
                        "title": "AT&T < B",
                        "content_text": "One.\n\nTwo < three.",
                        "date_published": "2024-03-05T10:00:00-05:00",
                        "authors": [{"name": "Ed Park"}, {"url": "https://x.example"}],
                    },
                    "not an item",
                    {"id": "https://www.example.org/k", "external_url": "ftp://x"},
                ],
            }
        ).encode(),
        url=URL,
        content_type="application/feed+json",
    )
    first, second = feed.entries
    assert (feed.kind, feed.title, codes(feed)) == ("json", "J", {"ill_formed"})
    assert (first.guid, first.url) == ("7", "https://www.example.org/j")
    assert (first.title, first.authors) == ("AT&T < B", ("Ed Park",))
    assert first.content == "<p>One.</p>\n<p>Two &lt; three.</p>"
    assert first.published == datetime(2024, 3, 5, 15, 0, tzinfo=UTC)
    assert second.url == "https://www.example.org/k"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<link>https://a.example/1</link>", "https://a.example/1"),
        ("<link>\n https://a.example/1?a=1&amp;b=2 \n</link>", "https://a.example/1?a=1&b=2"),
        ("<guid>https://a.example/g</guid>", "https://a.example/g"),
        ("<guid>12345</guid>", None),
        ("<guid isPermaLink='false'>https://a.example/g</guid>", None),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>file:///etc/passwd</link>", None),
        ("<enclosure url='https://a.example/x.mp3'/>", None),
        ("<comments>https://a.example/c</comments>", None),
        ("<source url='https://b.example/feed'>B</source>", None),
        ("<link>https://[broken</link>", None),
        (f"<link>https://a.example/{'x' * 3000}</link>", None),
    ],
)
def test_the_page_of_an_rss_item(inside: str, expected: str | None) -> None:
    assert item(inside).url == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (
            "<link rel='related' href='/r'/><link rel='alternate' href='/p'/>",
            "https://www.example.org/p",
        ),
        ("<link rel='alternate' type='application/pdf' href='/p'/>", "https://www.example.org/p"),
        (
            "<link rel='enclosure'>https://a.example/e</link><link href='/p'/>",
            "https://www.example.org/p",
        ),
        ("<link rel='via' href='/v'/>", None),
        ("<link xml:base='https://b.example/d/' href='p'/>", "https://b.example/d/p"),
    ],
)
def test_the_page_of_an_atom_entry(inside: str, expected: str | None) -> None:
    assert atom(inside).url == expected


def test_a_feed_services_own_address_gives_way_to_the_pages() -> None:
    entry = item(
        "<link>https://proxy.example/~r/1</link><fb:origLink>https://www.example.org/own</fb:origLink>",
        spaces='xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"',
    )
    assert entry.url == "https://www.example.org/own"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("It&amp;amp;#8217;s &amp;lt;b&amp;gt;on&amp;lt;/b&amp;gt;", "It’s on"),
        ("<![CDATA[One<br/>two &nbsp; three]]>", "One two three"),
        ("History of the &amp;lt;blink&amp;gt; tag", "History of the <blink> tag"),
        ("1 &lt; 2 and 3 &gt; 2", "1 < 2 and 3 > 2"),
        ("Up&lt;script&gt;alert(1)&lt;/script&gt; and away", "Up and away"),
        ("Cafe\u0301 \u202eevil\u202c\u200b x", "Caf\u00e9 evil x"),
        ("  \n ", None),
        ("&lt;img src='x'/&gt;", None),
    ],
)
def test_titles_are_what_is_printed(printed: str, expected: str | None) -> None:
    assert item(f"<title>{printed}</title>").title == expected


def test_terminal_escapes_and_nul_bytes_do_not_get_through() -> None:
    feed = read_feed(b"<rss><item><title>a\x1b[31mb\x00c</title></item></rss>", url=URL)
    assert feed.entries[0].title == "a[31mbc"
    assert codes(feed) == {"control_characters"}


def test_a_caption_is_neither_title_nor_text_of_its_entry() -> None:
    caption = "<media:title>Caption</media:title><media:description>" + "Photo. " * 300
    for inside in (
        f"<media:content url='x'>{caption}</media:description></media:content><title>T</title><description>D</description>",
        f"<title>T</title><description>D</description><media:group>{caption}</media:description></media:group>",
    ):
        entry = item(inside, spaces=MEDIA)
        assert (entry.title, entry.summary, entry.content) == ("T", "D", None)


def test_a_second_description_is_no_full_text() -> None:
    entry = item(
        "<description>D</description><itunes:summary>S</itunes:summary><dc:description>E</dc:description>",
        spaces=f'{DC} xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
    )
    assert (entry.summary, entry.content) == ("D", None)


def test_full_text_is_kept_as_markup() -> None:
    body = "<p>" + "A long report. " * 100 + "</p>"
    encoded = f"<content:encoded><![CDATA[{body}]]></content:encoded>"
    entry = item(f"<description>Short.</description>{encoded}", spaces=CONTENT)
    assert (entry.summary, entry.content) == ("Short.", body)
    described = item(f"<description><![CDATA[{body}]]></description>")
    assert described.content == body
    assert described.summary is not None
    assert described.summary.startswith("A long report.")


@pytest.mark.parametrize("end", ["…", "...", "[&hellip;]", "[...]</p><p> "])
def test_a_text_that_breaks_off_is_no_full_text(end: str) -> None:
    body = f"<p>{'A long report. ' * 100}{end}</p>"
    entry = item(f"<content:encoded><![CDATA[{body}]]></content:encoded>", spaces=CONTENT)
    assert entry.content is None


def test_short_descriptions_and_pictures_are_no_full_text() -> None:
    assert item("<description>Short.</description>").content is None
    assert atom("<content type='image/png'>aGVsbG8=</content>").content is None


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("<author>a@b.example (Ann Bee)</author>", ("Ann Bee",)),
        ("<author>Ann Bee &lt;a@b.example&gt;</author>", ("Ann Bee",)),
        ("<author>a@b.example</author>", ()),
        ("<author>https://b.example/ann</author>", ()),
        (
            "<dc:creator>Ann Bee</dc:creator><dc:creator>Cy Moss</dc:creator>",
            ("Ann Bee", "Cy Moss"),
        ),
        ("<author>Ann Bee</author><dc:creator>Ann Bee</dc:creator>", ("Ann Bee",)),
        ("<dc:creator><![CDATA[ O'Hara &amp; Sons ]]></dc:creator>", ("O'Hara & Sons",)),
    ],
)
def test_authors_are_names(stated: str, names: tuple[str, ...]) -> None:
    assert item(stated, spaces=DC).authors == names


@pytest.mark.parametrize(
    ("channel", "minutes"),
    [
        ("<ttl>1</ttl>", 5),
        ("<ttl>999999</ttl>", 10080),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("", None),
        ("<sy:updatePeriod> hourly </sy:updatePeriod>", 60),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            15,
        ),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", 10080),
    ],
)
def test_how_often_a_feed_asks_to_be_polled(channel: str, minutes: int | None) -> None:
    spaces = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    assert rss("<item/>", channel=channel, spaces=spaces).poll_minutes == minutes


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", "empty"),
        (b" \r\n\xef\xbb\xbf", "empty"),
        (b"<!doctype html><html><body><item>x</item></body></html>", "not_a_feed"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "not_a_feed"),
        (b"<urlset><url><loc>https://www.example.org/</loc></url></urlset>", "not_a_feed"),
        (b"plain words", "not_a_feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not_a_feed"),
        (b'{"items": []}', "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "ill_formed"),
        (b'{"version":' + b"[" * 100_000, "ill_formed"),
        (b'{"version":' + b"9" * 10_000 + b"}", "ill_formed"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_code(payload: bytes, code: str) -> None:
    assert refused(payload) == code


@pytest.mark.parametrize(
    "markup",
    [
        "<rss><item><title>One</title></item><item><title>Two &nbsp; &bogus;</title></item></rss>",
        "<rss><item><title>One</title></item><item><title>Two</title>",
        "<rss><item><title>One</title></item><item><title>Two & more</title></item></rss>",
        "<rss><item><title>One</title><width></height></item><item><title>Two</title></item></rss>",
        "<rss><item><title>One</title></width></item><item><title>Two</title></item></channel>",
        "<rss><item><title>One&#99999999;</title></item><item><title>Two&#0;</title></item></rss>",
        "warning: x\n<rss><item><title>One</title></item><item><title>Two</title></item></rss>",
    ],
)
def test_damaged_feeds_give_their_entries_and_a_remark(markup: str) -> None:
    feed = read(markup)
    assert [(entry.title or "")[:3] for entry in feed.entries] == ["One", "Two"]
    assert codes(feed) == {"ill_formed"}


@pytest.mark.parametrize(
    ("payload", "options"),
    [
        ("<rss><item><title>Ähre</title></item></rss>".encode(), {}),
        ("<rss><item><title>Ähre</title></item></rss>".encode(), {"charset": "iso-8859-1"}),
        ("<rss><item><title>Ähre</title></item></rss>".encode("utf-16"), {}),
        ("<rss><item><title>Ähre</title></item></rss>".encode("latin-1"), {"charset": "latin-1"}),
        (
            "<rss><item><title>Ähre</title></item></rss>".encode("latin-1"),
            {"content_type": "text/xml; charset='iso-8859-1'"},
        ),
        (
            "<?xml version='1.0' encoding='windows-1252'?><rss><item><title>Ähre</title></item></rss>".encode(
                "cp1252"
            ),
            {},
        ),
        (
            "<?xml version='1.0' encoding='punycode'?><rss><item><title>Ähre</title></item></rss>".encode(),
            {},
        ),
    ],
)
def test_encodings(payload: bytes, options: dict[str, str]) -> None:
    assert read_feed(payload, url=URL, **options).entries[0].title == "Ähre"


def test_one_broken_byte_does_not_turn_a_feed_to_gibberish() -> None:
    payload = (
        "<rss><item><title>Ähre</title></item><item><title>x".encode()
        + b"\xff</title></item></rss>"
    )
    feed = read_feed(payload, url=URL)
    assert feed.entries[0].title == "Ähre"
    assert codes(feed) == {"encoding"}


@pytest.mark.needs_shared
def test_every_feed_of_the_conditions_yields_its_entries(shared_root: Path) -> None:
    from evals.feeds import ASKED, measure

    tally = measure(shared_root)
    assert tally.files == 894
    assert tally.crashes == []
    assert tally.missing == []
    assert tally.with_entries == tally.yielding == 565
    for group in ASKED:
        assert tally.held["newsledger"][group] >= tally.held["feedparser"][group], group
