"""What the small web publishes: three papers, and hosts that are shut, busy or broken.

``lantern``  a town's paper: RSS 0.91, RSS 2.0, Atom; rules, reservations, canonical addresses
``wire``     an agency: RDF, JSON Feed, sitemaps; it asks for a Crawl-delay
``courier``  a paper whose feed leads everywhere: redirects, slow answers, missing pages, other hosts
``shut``     its robots.txt cannot be had     ``busy``   asks to come back in an hour
``broken``   resets, hangs, drips, stops      ``inner``  an address that nobody may ask
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from tests.factories import write_sources
from tests.web import feeds
from tests.web.feeds import Item
from tests.web.server import Answer, Host, SmallWeb

CRAWL_DELAY = 0.8
"""Seconds that ``wire`` asks for between two requests."""
INNER = "127.1.0.1"
"""Address of ``inner``: outside of ``ALLOWED``."""
ALLOWED = "127.0.0.0/24"
"""What the crawl may ask though it is not public."""
CORRECTION = (
    "After publication the paper went through its notes once more: the figures given above are"
    " those of last year, and this year’s are a little higher."
)
"""The paragraph that an edit adds."""
PRINT = "<link rel='stylesheet' href='/print.css'>"
XML, JSON = "application/xml", "application/feed+json"
NAMES = {
    "lantern": "The Fenmouth Lantern",
    "wire": "Northern Coast Wire",
    "courier": "Hill Courier",
}
PIECES = {
    "lantern": ("pier", "library", "market", "orchard", "bakery", "school", "choir", "tide-gauge",
                "chess", "guest"),
    "wire": ("lighthouse", "ferry", "glass", "reservoir", "railway", "mill", "heron"),
    "courier": ("slow", "flaky", "moved", "kites", "wells"),
}  # fmt: skip
"""Pieces whose pages each paper serves; ``bus-depot`` is in a feed of the lantern's alone."""
PATHS = {
    "moved": "/2026/new-place.html",
    "railway": "/archive/railway.html",
    "mill": "/archive/mill.html",
}
"""Where a piece does not lie at ``/2026/SLUG.html``."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An article as it was written."""

    slug: str
    headline: str
    paragraphs: tuple[str, ...]


@cache
def pieces() -> dict[str, Piece]:
    """The articles of ``articles.txt`` by their short names."""
    text = (Path(__file__).parent / "articles.txt").read_text(encoding="utf-8")
    written = {}
    for part in text.split("@ ")[1:]:
        slug, headline, *rest = part.strip().split("\n")
        written[slug] = Piece(slug, headline, tuple(line for line in rest if line))
    return written


def page(
    piece: Piece, paper: str, published: datetime, edited: datetime | None = None, head: str = ""
) -> bytes:
    """A page of a paper. An edited one has a paragraph more; ``head`` is more of its head."""
    paragraphs, modified = list(piece.paragraphs), ""
    if edited:
        paragraphs.insert(3, CORRECTION)
        modified = f"<meta property='article:modified_time' content='{edited.isoformat()}'>"
    body = "\n".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    headline = escape(piece.headline)
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        f"<title>{headline} - {paper}</title>{head}\n<meta property='og:site_name' content='{paper}'>"
        f"<meta property='article:published_time' content='{published.isoformat()}'>{modified}</head>\n"
        "<body><nav><a href='/'>Home</a> <a href='/town'>Town</a> <a href='/coast'>Coast</a></nav>\n"
        f"<main><article><h1>{headline}</h1>\n{body}\n</article></main>\n"
        "<aside><h2>Most read</h2><a href='/2026/fair.html'>Fair moves to May</a></aside>\n"
        f"<footer>{paper}. Printed on paper until further notice.</footer></body></html>\n"
    ).encode()


@dataclass
class Press:
    """The papers on their hosts."""

    web: SmallWeb
    began: datetime = field(
        default_factory=lambda: datetime.now(UTC).replace(microsecond=0) - timedelta(hours=8)
    )
    """When the first piece came out; each later one follows by some minutes."""
    edited: dict[str, datetime] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)
    """What the feed says of edits."""

    def __post_init__(self) -> None:
        self.lantern = self.web.host("lantern")
        self.wire = self.web.host("wire")
        self.courier = self.web.host("courier")
        self.shut = self.web.host("shut")
        self.busy = self.web.host("busy")
        self.broken = self.web.host("broken")
        self.inner = self.web.host("inner", INNER)
        for host in (self.lantern, self.wire, self.courier):
            for slug in PIECES[host.name]:
                self._serve_piece(host, slug)
        self._serve_lantern()
        self._serve_wire()
        self._serve_courier()
        self._serve_trouble()

    def edit(self, slug: str, *, in_feed: bool = False) -> None:
        """The paper changes a piece of the lantern's; its Atom feed says so, or keeps silent."""
        now = datetime.now(UTC).replace(microsecond=0)
        self.edited[slug] = now
        self._serve_piece(self.lantern, slug)
        if in_feed:
            self.told[slug] = now
            self._serve_atom()

    def url(self, slug: str, query: str = "") -> str:
        """Address of a piece."""
        host = next(name for name, slugs in PIECES.items() if slug in slugs)
        return self.web.host(host).url(_path(slug)) + query

    def published(self, slug: str) -> datetime:
        """When a piece came out."""
        return self.began + timedelta(minutes=7 * list(pieces()).index(slug))

    def validators(self) -> dict[tuple[str, str], tuple[str | None, str | None]]:
        """Entity tag and time of every path that has one of them at present, by host and path."""
        stated = {}
        for host in self.web.hosts.values():
            for path, route in list(host.routes.items()):
                if isinstance(route, Answer) and (route.etag or route.last_modified):
                    stated[host.name, path] = (route.etag, route.last_modified)
        return stated

    def sources(self, path: Path) -> Path:
        """Writes the list of sources that leads to all of it."""
        listed = [self.url("kites"), self.url("wells"), "", "# and one that a feed names too"]
        listed.append(self.url("pier"))
        (path.parent / "pages.txt").write_text("\n".join(listed) + "\n", encoding="utf-8")
        return write_sources(
            path,
            _source("lantern-rss", "feed", self.lantern.url("/rss.xml")),
            _source("lantern-atom", "feed", self.lantern.url("/atom.xml")),
            _source("lantern-091", "feed", self.lantern.url("/rss091.xml")),
            _source("wire-rdf", "feed", self.wire.url("/index.rdf")),
            _source("wire-json", "feed", self.wire.url("/feed.json")),
            _source("wire-sitemap", "sitemap", self.wire.url("/sitemap.xml")),
            _source("courier", "feed", self.courier.url("/feed")),
            _source("courier-list", "pages", "pages.txt"),
        )

    def _serve_piece(self, host: Host, slug: str) -> None:
        """A page; some have an entity tag, some a time, some both, and one has nothing."""
        piece, more = pieces()[slug], dict[str, Any](etag=True)
        head = ""
        changed = self.edited.get(slug, self.published(slug))
        if slug == "pier":
            more = {"etag": 'W/"pier--gzip"', "last_modified": changed, "gzip": True}
            head = f"<link rel='canonical' href='{self.url(slug)}'>"
        elif slug == "market":
            more = {"last_modified": changed}
        elif slug == "bakery":
            policy = self.lantern.url("/tdm-policy.json")
            more["headers"] = {"tdm-reservation": "1", "tdm-policy": policy}
        elif slug == "school":
            more = {"headers": {"X-Robots-Tag": "noarchive"}}
            head = (
                "<meta name='tdm-reservation' content='1'>"
                "<meta name='robots' content='max-snippet:50'>"
            )
        elif slug == "choir":
            head = "<link rel='canonical' href='/2026/choir.html'>"
            for_print = page(piece, NAMES[host.name], self.published(slug), None, head + PRINT)
            host.serve("/2026/choir.html?view=print", for_print, etag=True)
        elif slug == "ferry":
            more["headers"] = {"Content-Usage": "train-ai=n, search=y"}
        elif slug == "slow":
            more["delay"] = 1.5
        body = page(piece, NAMES[host.name], self.published(slug), self.edited.get(slug), head)
        if slug == "flaky":
            host.in_turn(_path(slug), Answer(b"down", status=500), Answer(body, etag='"up"'))
        else:
            host.serve(_path(slug), body, **more)

    def _item(self, slug: str, link: str | None = None, content: str | None = None) -> Item:
        piece = pieces()[slug]
        return Item(
            link or self.url(slug),
            piece.headline,
            self.published(slug),
            summary=piece.paragraphs[0][:120],
            author="Nell Harkaway",
            updated=self.told.get(slug),
            content=content,
        )

    def _serve_lantern(self) -> None:
        host, home = self.lantern, self.lantern.url("/")
        host.serve("/robots.txt", "User-agent: *\nDisallow: /private/\n", content_type="text/plain")
        minutes = replace(pieces()["pier"], headline="Minutes of the council")
        host.serve("/private/minutes.html", page(minutes, NAMES["lantern"], self.began))
        full = {slug: _markup(pieces()[slug]) for slug in ("bus-depot", "market")}
        host.serve(
            "/rss.xml",
            feeds.rss2(
                NAMES["lantern"],
                home,
                [
                    self._item("pier", self.url("pier", "?utm_source=rss&utm_medium=feed")),
                    self._item("library"),
                    Item(host.url("/private/minutes.html"), minutes.headline, self.began),
                    self._item("bus-depot", host.url("/2026/bus-depot.html"), full["bus-depot"]),
                    self._item("market", content=full["market"]),
                ],
            ),
            content_type="application/rss+xml",
            etag='W/"kettle-1"',
            last_modified=self.began,
            gzip=True,
        )
        host.serve(
            "/rss091.xml",
            feeds.rss091("Shore Notes", home, [self._item("tide-gauge"), self._item("chess")]),
            content_type="text/xml",
            etag="'not quoted as it should be'",
        )
        self._serve_atom()

    def _serve_atom(self) -> None:
        items = [self._item(slug) for slug in ("orchard", "bakery", "school", "choir")]
        choir = self._item("choir", self.url("choir", "?view=print"))
        pier = self._item("pier", self.url("pier", "?utm_medium=atom#top"))
        self.lantern.serve(
            "/atom.xml",
            feeds.atom(NAMES["lantern"], self.lantern.url("/"), [*items, choir, pier]),
            content_type="application/atom+xml; charset=utf-8",
            last_modified=max([self.began, *self.told.values()]),
        )

    def _serve_wire(self) -> None:
        host, home, name = self.wire, self.wire.url("/"), NAMES["wire"]
        host.serve(
            "/robots.txt",
            "User-agent: *\nDisallow: /\n\n"
            f"User-agent: newsledger\nDisallow: /drafts/\nCrawl-delay: {CRAWL_DELAY}\n",
            content_type="text/plain",
        )
        host.serve(
            "/.well-known/tdmrep.json",
            '[{"location": "/archive/*", "tdm-reservation": 1,'
            f' "tdm-policy": "{host.url("/archive-policy.json")}"}}]',
            content_type="application/json",
        )
        at = self.began
        items = {slug: self._item(slug) for slug in PIECES["wire"]}
        rdf = feeds.rdf(name, home, [items["lighthouse"], items["ferry"]])
        host.serve("/index.rdf", rdf, content_type=XML, etag=True, last_modified=at)
        as_json = feeds.json_feed(name, home, [items["glass"], items["reservoir"]])
        host.serve("/feed.json", as_json, content_type=JSON, etag=True)
        children = [(host.url("/sitemap-archive.xml.gz"), at), (host.url("/sitemap-news.xml"), at)]
        host.serve("/sitemap.xml", feeds.sitemap_index(children), content_type=XML, etag=True)
        archive = gzip.compress(feeds.sitemap([items["railway"], items["mill"]]), mtime=0)
        host.serve("/sitemap-archive.xml.gz", archive, content_type="application/gzip", etag=True)
        news = feeds.news_sitemap(name, [items["heron"]])
        host.serve("/sitemap-news.xml", news, content_type=XML, last_modified=at)

    def _serve_courier(self) -> None:
        """Its robots.txt is 404. Links of its feed in the order of ``TROUBLE``, among good ones."""
        host = self.courier
        host.redirect("/2026/moved.html", "/2026/new-place.html", status=301)
        host.redirect("/go/guest", self.url("guest"))
        host.redirect("/go/loop", "/go/loop-again")
        host.redirect("/go/loop-again", host.url("/go/loop"))
        host.redirect("/go/inner", self.inner.url("/panel.html"), status=307)
        host.redirect("/go/private", "http://10.255.255.1/panel.html", status=308)
        host.redirect("/go/file", "file:///etc/hostname")
        host.redirect("/go/minutes", self.lantern.url("/private/minutes.html"))
        host.serve("/2026/gone.html", "It is gone.", status=410)
        links = [self.url("slow"), self.url("flaky"), *self.trouble().values()]
        items = [
            Item(link, f"Item {number} of the day", self.began + timedelta(minutes=number))
            for number, link in enumerate(links)
        ]
        host.serve("/feed", feeds.rss2(NAMES["courier"], host.url("/"), items), etag=True,
                   content_type=XML)  # fmt: skip

    def trouble(self) -> dict[str, str]:
        """Links of the courier's feed that lead elsewhere or nowhere, each with a short name."""
        return {
            "moved": self.courier.url("/2026/moved.html"),
            "guest": self.courier.url("/go/guest"),
            "missing": self.courier.url("/2026/missing.html"),
            "gone": self.courier.url("/2026/gone.html"),
            "loop": self.courier.url("/go/loop"),
            "inner": self.courier.url("/go/inner"),
            "private": self.courier.url("/go/private"),
            "file": self.courier.url("/go/file"),
            "minutes": self.courier.url("/go/minutes"),
            "shut": self.shut.url("/2026/page.html"),
            "busy": self.busy.url("/2026/page.html"),
            "reset": self.broken.url("/reset.html"),
            "hang": self.broken.url("/hang.html"),
            "drip": self.broken.url("/drip.html"),
            "short": self.broken.url("/short.html"),
        }

    def _serve_trouble(self) -> None:
        body = page(replace(pieces()["pier"], headline="Never to be seen"), "Nobody", self.began)
        self.shut.serve("/robots.txt", "later", status=500)
        self.shut.serve("/2026/page.html", body)
        self.busy.serve("/2026/page.html", "Too many", status=429, headers={"Retry-After": "3600"})
        self.broken.serve("/reset.html", body, broken="reset")
        self.broken.serve("/hang.html", body, broken="hang")
        self.broken.serve("/drip.html", body, broken="drip")
        self.broken.serve("/short.html", body, broken="short")
        self.inner.serve("/panel.html", body)


def two_papers(web: SmallWeb, folder: Path, each: int) -> tuple[Path, set[str]]:
    """Two hosts with a feed of ``each`` pages and nothing wrong, for tests that disturb the crawl.

    Returns the list of sources and the addresses of the pages.
    """
    written, sources = list(pieces().values()), []
    links: set[str] = set()
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=8)
    for number, name in enumerate(("left", "right")):
        host = web.host(name)
        mine = written[number * each : (number + 1) * each]
        for piece in mine:
            host.serve(f"/{piece.slug}.html", page(piece, name, at), etag=True)
        items = [Item(host.url(f"/{piece.slug}.html"), piece.headline, at) for piece in mine]
        # Slow enough that a run can be killed while it waits for the feed.
        host.serve("/rss.xml", feeds.rss2(name, host.url("/"), items), content_type=XML, delay=0.2)
        sources.append(_source(name, "feed", host.url("/rss.xml")))
        links.update(item.link for item in items)
    return write_sources(folder / "sources.yaml", *sources), links


def _path(slug: str) -> str:
    return PATHS.get(slug, f"/2026/{slug}.html")


def _markup(piece: Piece) -> str:
    return "\n".join(f"<p>{escape(text)}</p>" for text in piece.paragraphs)


def _source(name: str, kind: str, location: str) -> dict[str, Any]:
    return {"id": name, "kind": kind, "location": location, "language": "en"}
