"""Addresses: when two of them are the same article's."""

from __future__ import annotations

from urllib.parse import urlsplit

from pipelines.ids import stable_id


def normalise(url: str) -> str | None:
    """The address as articles are identified by it, or None where it is no http(s) address.

    Lower-case host without ``www.``, no scheme (http and https serve the same article), no
    fragment, no tracking parameters (courlan's list), no trailing slash.
    """
    from courlan import clean_url

    if not url.lower().startswith(("http://", "https://")):
        return None
    cleaned = clean_url(url) or url
    try:
        parts = urlsplit(cleaned)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return None
    if not host:
        return None
    default = {"http": 80, "https": 443}[parts.scheme.lower()]
    place = host.removeprefix("www.") + (f":{port}" if port and port != default else "")
    query = f"?{parts.query}" if parts.query else ""
    return f"{place}{parts.path.rstrip('/')}{query}"


def site(url: str | None) -> str | None:
    """The registrable domain of an address (``news.example.co.uk`` -> ``example.co.uk``).

    A host that the public suffix list does not know (``localhost``, an IP) stands for itself.
    """
    if not url:
        return None
    from courlan import extract_domain

    domain: str | None = extract_domain(url)
    if domain:
        return domain
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def article_id(
    url: str | None, canonical_url: str | None, source_id: str, payload_sha256: str
) -> str:
    """The id of the article that a capture shows.

    By its canonical address where that lies on the same site; by the address it was captured at
    otherwise, so that an aggregator's copy that points home is an article of its own; by source and
    payload where there is no address.
    """
    fetched = normalise(url) if url else None
    canonical = normalise(canonical_url) if canonical_url else None
    if fetched and canonical and site(url) == site(canonical_url):
        # A front page named as canonical on every article would make one article of a whole site.
        fetched = canonical if "/" in canonical else fetched
    if fetched:
        return stable_id("url", fetched)
    return stable_id("payload", source_id, payload_sha256)
