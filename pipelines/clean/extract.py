"""The cleaning stage's entry: one capture in, one article or one recorded skip out."""

from __future__ import annotations

from dataclasses import replace

from pipelines.clean.limits import DEFAULT_LIMITS, Limits
from pipelines.clean.records import Article, Capture, Skip

EXTRACTOR_VERSION = "3+trafilatura-2.3.1"
"""Stored with every article. Raise the number whenever the same bytes would give another result;
the second half is the library's version (a test compares it with the one installed)."""


def extract(capture: Capture, limits: Limits = DEFAULT_LIMITS) -> Article | Skip:
    """Read one archived payload.

    Args:
        capture: bytes and what is known of where they came from.
        limits: bounds on size and shape; what lies over one is skipped.

    Returns:
        An ``Article`` (its body is empty where the page has no article text), or a ``Skip`` with
        one of ``empty, too_large, too_many_elements, too_many_attributes, too_many_lines, too_deep,
        not_text, unsupported_type, is_feed, is_sitemap, is_robots_rules, listing, live_blog``.

    """
    from pipelines.clean.characters.decoding import binary_kind, decode
    from pipelines.clean.characters.mojibake import undo_misreading

    payload = capture.payload
    if len(payload) > limits.max_page_bytes:
        return Skip("too_large", f"{len(payload)} bytes; the bound is {limits.max_page_bytes}")
    if not payload.strip():
        return Skip("empty")
    if kind := binary_kind(payload):
        return Skip("not_text", kind)
    text, misread = undo_misreading(decode(payload, capture.charset))
    result = _read(text, capture, limits)
    if misread is None or isinstance(result, Skip):
        return result
    return replace(result, evidence=(*result.evidence, misread.evidence()))


def _read(text: str, capture: Capture, limits: Limits) -> Article | Skip:
    """Decoded text through the reader for its kind."""
    from pipelines.clean.characters.decoding import page_kind

    if capture.is_fragment:
        from pipelines.clean.feed_text import read_feed_text

        return read_feed_text(text, capture, limits)
    page = page_kind(text, capture.content_type)
    if isinstance(page, Skip):
        return page
    if page == "html":
        from pipelines.clean.page.reader import read_html

        return read_html(text, capture, limits)
    from pipelines.clean.text.reader import read_plain_text

    return read_plain_text(text, capture, limits)
