"""The ledger and the body agree whatever comes in."""

from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.clean.records import ROLES, Article, Skip
from tests.clean.pages import PARAGRAPHS, html_page, read

LINES = st.one_of(
    st.text(max_size=200),
    st.sampled_from(PARAGRAPHS),
    st.sampled_from(
        (
            "Comments",
            "2 hours ago",
            "Share",
            "A\u0301 e\u0308 \U0001f469\u200d\U0001f4bb",
            "* * *",
            "[](x)",
        )
    ),
)
PAGES = st.lists(LINES, max_size=14).map("\n".join)
TAGS = st.sampled_from(
    ["p", "div", "li", "h1", "h2", "td", "aside", "nav", "br", "time", "figcaption", "script", "b"]
)
FRAGMENTS = st.lists(
    st.one_of(LINES, TAGS.map("<{}>".format), TAGS.map("</{}>".format)), max_size=30
).map("".join)
RELAXED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def agree(result: Article | Skip) -> None:
    if isinstance(result, Skip):
        assert result.reason
        return
    body = [b for b in result.blocks if b.is_body]
    assert "\n\n".join(b.text for b in body) == result.article_body
    for block in result.blocks:
        assert block.role in ROLES
        assert block.text
        assert 0 <= block.confidence <= 1
        if block.is_body:
            assert result.article_body[block.start_char : block.end_char] == block.text
        else:
            assert block.end_char is None
    assert unicodedata.is_normalized("NFC", result.article_body)
    assert "\x00" not in result.article_body


@RELAXED
@given(PAGES)
def test_plain_text(page: str) -> None:
    result = read(page.encode("utf-8", "replace"), "text/plain")
    agree(result)
    assert result == read(page.encode("utf-8", "replace"), "text/plain")


@RELAXED
@given(FRAGMENTS)
def test_html(fragments: str) -> None:
    payload = f"<html><body>{fragments}</body></html>".encode("utf-8", "replace")
    result = read(payload, "text/html")
    agree(result)
    assert result == read(payload, "text/html")


@RELAXED
@given(st.binary(max_size=300))
def test_any_bytes(payload: bytes) -> None:
    for content_type in ("text/html", "text/plain", None):
        agree(read(payload, content_type))


@RELAXED
@given(st.lists(LINES.filter(str.strip), min_size=1, max_size=6))
def test_paragraphs_in_a_page(paragraphs: list[str]) -> None:
    page = html_page((*PARAGRAPHS, *(p.replace("<", "‹") for p in paragraphs)))
    agree(read(page.encode("utf-8", "replace")))
