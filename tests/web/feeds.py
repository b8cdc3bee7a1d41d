"""The same items as a feed or sitemap of each kind."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True, slots=True)
class Item:
    """One entry; what is None is left out."""

    link: str
    title: str
    published: datetime
    summary: str | None = None
    author: str | None = None
    updated: datetime | None = None
    content: str | None = None
    """Markup of the full text."""


def rss2(title: str, home: str, items: Iterable[Item]) -> bytes:
    """RSS 2.0 with ``content:encoded`` and ``dc:creator``."""
    rows = "".join(
        f"<item><title>{escape(i.title)}</title><link>{escape(i.link)}</link>"
        f"<guid isPermaLink='false'>{escape(_guid(i))}</guid>"
        f"<pubDate>{format_datetime(i.published, usegmt=True)}</pubDate>"
        f"{_tag('dc:creator', i.author)}{_tag('description', i.summary)}"
        + (f"<content:encoded><![CDATA[{i.content}]]></content:encoded>" if i.content else "")
        + "</item>\n"
        for i in items
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<rss version='2.0'"
        " xmlns:content='http://purl.org/rss/1.0/modules/content/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>"
        f"<title>{escape(title)}</title><link>{escape(home)}</link>"
        f"<description>News of {escape(title)}</description><ttl>60</ttl>\n{rows}</channel></rss>\n"
    ).encode()


def rss091(title: str, home: str, items: Iterable[Item]) -> bytes:
    """RSS 0.91: title, link and description are all that there is, in ISO 8859-1."""
    rows = "".join(
        f"<item><title>{escape(i.title)}</title><link>{escape(i.link)}</link>"
        f"{_tag('description', i.summary)}</item>\n"
        for i in items
    )
    text = (
        "<?xml version='1.0' encoding='ISO-8859-1'?>\n<rss version='0.91'><channel>"
        f"<title>{escape(title)}</title><link>{escape(home)}</link>"
        f"<description>News of {escape(title)}</description><language>en</language>\n"
        f"{rows}</channel></rss>\n"
    )
    return text.encode("iso-8859-1", "xmlcharrefreplace")


def atom(title: str, home: str, items: Iterable[Item]) -> bytes:
    """Atom 1.0."""
    rows = "".join(
        f"<entry><title>{escape(i.title)}</title><link rel='alternate' href={quoteattr(i.link)}/>"
        f"<id>{escape(_guid(i))}</id><published>{i.published.isoformat()}</published>"
        f"<updated>{(i.updated or i.published).isoformat()}</updated>"
        + (f"<author><name>{escape(i.author)}</name></author>" if i.author else "")
        + f"{_tag('summary', i.summary)}</entry>\n"
        for i in items
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom'>"
        f"<title>{escape(title)}</title><link href={quoteattr(home)}/><id>{escape(home)}</id>\n"
        f"{rows}</feed>\n"
    ).encode()


def rdf(title: str, home: str, items: Iterable[Item]) -> bytes:
    """RSS 1.0 with Dublin Core dates and ``sy:`` periods."""
    items = list(items)
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(i.link)}/>" for i in items)
    rows = "".join(
        f"<item rdf:about={quoteattr(i.link)}><title>{escape(i.title)}</title>"
        f"<link>{escape(i.link)}</link>{_tag('description', i.summary)}"
        f"<dc:date>{i.published.isoformat()}</dc:date>{_tag('dc:creator', i.author)}</item>\n"
        for i in items
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>"
        f"<channel rdf:about={quoteattr(home)}><title>{escape(title)}</title>"
        f"<link>{escape(home)}</link><description>News of {escape(title)}</description>"
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{rows}</rdf:RDF>\n"
    ).encode()


def json_feed(title: str, home: str, items: Iterable[Item]) -> bytes:
    """JSON Feed 1.1."""
    rows = [
        {
            "id": _guid(i),
            "url": i.link,
            "title": i.title,
            "summary": i.summary or "",
            "date_published": i.published.isoformat(),
            "authors": [{"name": i.author}] if i.author else [],
        }
        for i in items
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": home,
        "items": rows,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def sitemap_index(children: Iterable[tuple[str, datetime]]) -> bytes:
    """A sitemap of sitemaps: address and last change of each."""
    rows = "".join(
        f"<sitemap><loc>{escape(url)}</loc><lastmod>{changed.isoformat()}</lastmod></sitemap>\n"
        for url, changed in children
    )
    return _sitemap("sitemapindex", "", rows)


def sitemap(items: Iterable[Item]) -> bytes:
    """A plain sitemap."""
    rows = "".join(
        f"<url><loc>{escape(i.link)}</loc><lastmod>{(i.updated or i.published).isoformat()}</lastmod>"
        "</url>\n"
        for i in items
    )
    return _sitemap("urlset", "", rows)


def news_sitemap(name: str, items: Iterable[Item]) -> bytes:
    """A news sitemap: it states titles and dates of publication."""
    rows = "".join(
        f"<url><loc>{escape(i.link)}</loc><news:news><news:publication>"
        f"<news:name>{escape(name)}</news:name><news:language>en</news:language>"
        "</news:publication>"
        f"<news:publication_date>{i.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(i.title)}</news:title></news:news></url>\n"
        for i in items
    )
    return _sitemap("urlset", " xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'", rows)


def _sitemap(root: str, namespaces: str, rows: str) -> bytes:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f"<{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'{namespaces}>\n{rows}</{root}>\n"
    ).encode()


def _tag(name: str, text: str | None) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


def _guid(item: Item) -> str:
    return f"item-{zlib.crc32(item.link.encode()):08x}"
