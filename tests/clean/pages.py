"""Pages written for these tests; the town of Marvale, its council and its papers do not exist."""

from __future__ import annotations

from datetime import UTC, datetime

from pipelines.clean.extract import extract
from pipelines.clean.records import Article, Capture, Skip

FETCHED = datetime(2025, 3, 20, 12, 0, tzinfo=UTC)

PARAGRAPHS = (
    "MARVALE, March 14, 2025 – The harbour council voted on Thursday to rebuild the north pier, "
    "which a winter storm had torn apart in January, and set aside nine million crowns for it.",
    "Engineers told the council that the old timber could not be saved. “We looked at every post,” "
    "said Ilse Brandvik, who led the survey, “and most of them were hollow.”",
    "Work is to begin in May and to end before the herring season. Until then ferries will leave "
    "from the south quay, where the town has put up a tent for passengers who wait in the rain.",
    "Shop owners on the pier asked for help with their rents. The council said that it would "
    "decide on that request at its next meeting, after the auditors have read the accounts.",
)
HEADLINE = "Marvale council votes to rebuild storm-torn pier"

HTML = """<!DOCTYPE html><html lang="en"><head>
<title>{headline} - The Marvale Lantern</title>
<link rel="canonical" href="/news/2025/pier">
<meta property="og:site_name" content="The Marvale Lantern">
<meta property="og:title" content="{headline} - The Marvale Lantern">
<meta name="description"
 content="Nine million crowns go to a new pier; ferries move to the south quay.">
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [
  {{"@type": "Organization", "@id": "#org", "name": "The Marvale Lantern"}},
  {{"@type": "NewsArticle", "headline": "{headline}", "datePublished": "2025-03-14T09:30:00+01:00",
   "dateModified": "2025-03-15T08:00:00Z",
   "author": [{{"@type": "Person", "name": "Tove Askeland"}},
   {{"@type": "Person", "name": "Jon Reyes"}}], "publisher": {{"@id": "#org"}},
   "articleSection": "Local", "isAccessibleForFree": "True"}}]}}</script></head>
<body><nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/s">Sport</a></li></ul></nav>
<article><h1>{headline}</h1>
<p class="standfirst">Nine million crowns go to a new pier; ferries move to the south quay.</p>
<div class="byline">By Tove Askeland and Jon Reyes</div>
<figure><img src="p.jpg"><figcaption>The broken pier in January.</figcaption></figure>
{body}
<aside class="related"><h3>More</h3>
<a href="/x">Lighthouse keeper retires after forty years at sea</a></aside>
</article>
<footer><p>© The Marvale Lantern. All rights reserved.</p></footer></body></html>"""


def html_page(paragraphs: tuple[str, ...] = PARAGRAPHS, headline: str = HEADLINE) -> str:
    """A news page with chrome around ``paragraphs``."""
    return HTML.format(headline=headline, body="\n".join(f"<p>{p}</p>" for p in paragraphs))


def read(
    page: str | bytes,
    content_type: str | None = "text/html",
    url: str | None = "https://lantern.example/news/2025/pier?ref=front",
    charset: str | None = None,
    fetched_at: datetime = FETCHED,
    **evidence: object,
) -> Article | Skip:
    """``page`` through the stage's entry."""
    payload = page.encode() if isinstance(page, str) else page
    capture = Capture("f1", "s1", url, content_type, charset, payload, fetched_at, **evidence)  # type: ignore[arg-type]
    return extract(capture)


def article(
    page: str | bytes, content_type: str | None = "text/html", **capture: object
) -> Article:
    """As ``read``, for pages that must be articles."""
    result = read(page, content_type, **capture)  # type: ignore[arg-type]
    assert isinstance(result, Article), result
    return result


def text(*lines: str, **capture: object) -> Article:
    """A plain text page of ``lines`` with a blank line between them."""
    return article("\n\n".join(lines), "text/plain", url=None, **capture)


def role_of(page: Article, start: str) -> str:
    """The role of the block that starts with ``start``."""
    return next(b.role for b in page.blocks if b.text.startswith(start))
