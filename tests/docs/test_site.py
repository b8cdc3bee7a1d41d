"""The docs as a site: it builds without a warning, and a reader's browser loads nothing from elsewhere."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipelines.project import ROOT

LOADS = {
    "audio": ("src",),
    "embed": ("src",),
    "form": ("action",),
    "iframe": ("src", "srcdoc"),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
"""Elements and attributes that make a browser load something, or send it (HTML Living Standard)."""

SAYS_ONLY = {"canonical", "next", "prev", "author", "license", "alternate"}
"""Values of ``rel`` of a ``link`` that loads nothing."""


class Loaded(HTMLParser):
    """Collects the addresses that a browser would load by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.diagrams = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.diagrams |= "mermaid" in (given.get("class") or "").split()
        if tag == "link" and set((given.get("rel") or "").split()) <= SAYS_ONLY:
            return
        self.found += [value for name in LOADS.get(tag, ()) if (value := given.get(name))]
        self.found += re.findall(r"url\(\s*['\"]?([^'\")]+)", given.get("style") or "")


def loaded(html: str) -> Loaded:
    parser = Loaded()
    parser.feed(html)
    return parser


def is_elsewhere(address: str) -> bool:
    return re.match(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE) is not None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built in strict mode: a warning is an error."""
    folder = tmp_path_factory.mktemp("site") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_page_is_in_the_navigation(site):
    import yaml

    nav = str(yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), yaml.SafeLoader)["nav"])
    pages = {page.name for page in (ROOT / "docs").glob("*.md")}
    assert {page for page in pages if f"'{page}'" not in nav} == set()
    assert {page.stem for page in site.glob("*.html")} >= {
        page.removesuffix(".md") for page in pages
    }


def test_no_page_loads_anything_from_elsewhere(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        found = loaded(page.read_text(encoding="utf-8"))
        assert [address for address in found.found if is_elsewhere(address)] == [], page.name
        # The theme would fetch the library for diagrams from the web; nothing else that it does.
        assert not found.diagrams, page.name


def test_no_style_loads_anything_from_elsewhere(site):
    styles = sorted(site.rglob("*.css"))
    assert styles
    for style in styles:
        text = style.read_text(encoding="utf-8")
        addresses = re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", text)
        assert [a for pair in addresses for a in pair if a and is_elsewhere(a)] == [], style.name


def test_what_is_no_page_is_not_published(site):
    assert list(site.rglob("*.py")) == []


def test_links_out_of_the_docs_lead_to_pages_of_the_site(site):
    text = (site / "maintainer.html").read_text(encoding="utf-8")
    assert 'href="contributing.html"' in text
    assert 'href="architecture.html"' in (site / "contributing.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/css">',
        '<link rel="preconnect" href="https://fonts.example">',
        '<img srcset="https://img.example/a.png 2x">',
        '<div style="background: url(https://img.example/a.png)"></div>',
    ],
)
def test_what_a_browser_would_load_is_seen(html):
    assert [address for address in loaded(html).found if is_elsewhere(address)]


def test_the_page_of_questions_is_of_these_questions():
    module = runpy.run_path(str(ROOT / "docs" / "questions_page.py"))
    written = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    assert written == module["page"](), "docs/questions.md is of older questions: run make docs"
