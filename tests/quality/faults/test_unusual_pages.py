"""Pages that look odd and are right: no check of any stage names them.

They arrive together, each at a site of its own, and are audited once: an audit of each by itself
says the same and takes minutes.
"""

from __future__ import annotations

import pytest

from tests.quality.faults.written_pages import ALL, WIRE
from tests.quality.seeding import Seeded

AT_MANY_SITES = "wire copy at eight sites"
CLEAN = [*ALL, AT_MANY_SITES]
"""What is unusual about each page, or about the pages of a site."""


def _pages() -> list[tuple[str, bytes]]:
    """Addresses and pages; the first part of an address is the place in CLEAN."""
    alone = [
        (f"https://site-{CLEAN.index(name)}.example/{number}", page)
        for name, versions in ALL.items()
        for number, page in enumerate(versions)
    ]
    place = CLEAN.index(AT_MANY_SITES)
    return alone + [(f"https://site-{place}-{n}.example/1", page) for n, page in enumerate(WIRE)]


def _place(address: str | None) -> str:
    """What CLEAN says of the page at an address, or of a site; the empty text for any other."""
    host = (address or "").removeprefix("https://").partition("/")[0]
    if not host.startswith("site-"):
        return ""
    return CLEAN[int(host.removesuffix(".example").split("-")[1])]


@pytest.fixture(scope="module")
def failing(sample_home, tmp_path_factory) -> dict[str, set[str]]:
    """Failing checks by what they name: pages, sites; those of anything else under the empty text."""
    home = Seeded(sample_home, tmp_path_factory.mktemp("unusual"))
    pages = _pages()
    results = [*home.arrive(pages, until="promoted").values(), *home.audit("articles").values()]
    address = home.column(
        "SELECT (fetch_id, target_uri) FROM raw.fetches UNION ALL SELECT (article_id, url) FROM"
        " article_versions UNION ALL SELECT (source_id, domain) FROM sources"
    )
    places = {key: _place(where) for key, where in address}
    found: dict[str, set[str]] = {name: set() for name in CLEAN}
    kept = set(home.column("SELECT url FROM article_versions"))
    for where, _ in pages:
        if where not in kept:
            found[_place(where)].add("not kept")
    for result in results:
        for key in () if result.success else result.failing_keys or ("",):
            found.setdefault(places.get(key, ""), set()).add(result.check.name)
    return found


@pytest.mark.parametrize("name", CLEAN)
def test_no_check_names_the_page(failing, name):
    assert failing[name] == set()


def test_no_check_on_a_whole_fails(failing):
    assert set(failing) == set(CLEAN)
