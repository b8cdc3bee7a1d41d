"""Statements are read where the drafts place them, kept as stated, and bounded."""

from __future__ import annotations

import json
import time

import pytest

from pipelines.ingest.web.reservations import (
    HEAD_BYTES,
    MAX_FILE_CHARACTERS,
    Statements,
    combined,
    header_statements,
    page_statements,
    tdmrep_for,
)

POLICY = "https://example.org/policy.json"
URL = "https://news.example.org"


def head(markup: str, charset: str | None = "utf-8") -> Statements:
    page = f"<!doctype html><html><head>{markup}</head><body>...</body></html>"
    return page_statements(page.encode(), charset)


# --- headers


@pytest.mark.parametrize(
    ("value", "stated"),
    [("1", "1"), ("0", "0"), (" 1 ", "1"), ("2", None), ("true", None), ("", None), ("1, 1", None),
     ("01", None), ("\u0661", None)],
)  # fmt: skip
def test_a_reservation_is_0_or_1_and_anything_else_is_unset(value: str, stated: str | None) -> None:
    expected = f"{stated}; from=header" if stated else None
    assert header_statements((("tdm-reservation", value),)).tdm_reservation == expected
    expected = f"{stated}; from=meta" if stated else None
    assert head(f'<meta name="tdm-reservation" content="{value}">').tdm_reservation == expected


def test_a_policy_stands_beside_the_reservation() -> None:
    said = header_statements((("tdm-reservation", "1"), ("tdm-policy", POLICY)))
    assert said.tdm_reservation == f"1; policy={POLICY}; from=header"
    assert said.tdm_policy is None


def test_a_policy_alone_reserves_nothing_but_is_remembered() -> None:
    said = header_statements((("tdm-policy", POLICY),))
    assert (said.tdm_reservation, said.tdm_policy) == (None, POLICY)


@pytest.mark.parametrize(
    "policy",
    ["javascript:alert(1)", "policy.json", "https://x.org/a b", "https://x.org/\x1b[2J", "",
     "https://x.org/\u202ea", "https://x.org/" + "a" * 2048],
)  # fmt: skip
def test_a_policy_that_is_no_address_is_left_out(policy: str) -> None:
    said = header_statements((("tdm-reservation", "1"), ("tdm-policy", policy)))
    assert said.tdm_reservation == "1; from=header"


def test_a_policy_cannot_pass_for_another_part_of_the_record() -> None:
    said = header_statements((("tdm-reservation", "1"), ("tdm-policy", "/p;from=meta")))
    assert said.tdm_reservation == "1; policy=/p%3Bfrom=meta; from=header"


def test_of_two_reservations_that_disagree_1_counts() -> None:
    both = (("tdm-reservation", "0"), ("tdm-reservation", "1"), ("tdm-reservation", "no"))
    assert header_statements(both).tdm_reservation == "1; from=header"


def test_usage_preferences_are_kept_as_sent() -> None:
    said = header_statements(
        (
            ("content-signal", "search=yes, ai-train=no"),
            ("content-type", "text/html"),
            ("content-usage", "train-ai=n"),
            ("content-usage", "search=y;x=\x1b1"),
        )
    )
    assert said.usage_preference == (
        "content-usage: train-ai=n | content-usage: search=y;x= 1 | "
        "content-signal: search=yes, ai-train=no"
    )


@pytest.mark.parametrize(
    ("values", "stated"),
    [
        (["noindex, nofollow"], "header: noindex, nofollow"),
        (["newsledger: noindex"], "header newsledger: noindex"),
        (["NewsLedger : noindex", "nosnippet"], "header newsledger: noindex | header: nosnippet"),
        (["otherbot: noindex"], None),
        (["otherbot: noindex, nofollow", "noarchive"], "header: noarchive"),
        (["noarchive, otherbot: none, newsledger: noindex, nofollow"],
         "header: noarchive | header newsledger: noindex, nofollow"),
        (["max-snippet:20, max-image-preview: large"],
         "header: max-snippet:20, max-image-preview: large"),
        (["unavailable_after: Sunday, 01 Mar 2026 12:00:00 GMT"],
         "header: unavailable_after: Sunday, 01 Mar 2026 12:00:00 GMT"),
        (["newsledger: max-snippet: 5"], "header newsledger: max-snippet: 5"),
        (["noai, noimageai"], "header: noai, noimageai"),
        (["", " , "], None),
    ],
)  # fmt: skip
def test_robots_tags_for_everyone_or_for_us(values: list[str], stated: str | None) -> None:
    headers = [("x-robots-tag", value) for value in values]
    assert header_statements(headers).robots_meta == stated


def test_headers_without_statements_state_nothing() -> None:
    assert header_statements((("content-type", "text/html"),)) == Statements()


def test_what_is_kept_is_bounded() -> None:
    long = "a" * 100_000
    said = header_statements(
        [
            ("content-usage", long),
            ("x-robots-tag", long),
            *[("content-signal", f"{n}=y") for n in range(9999)],
        ]
    )
    assert len(said.usage_preference or "") <= 2000
    assert len(said.robots_meta or "") <= 2000


# --- pages


def test_a_page_states_all_in_its_head() -> None:
    said = head(
        '<meta charset=utf-8><title>A page</title><link rel="icon" href="/i">'
        f'<META NAME="TDM-Reservation" CONTENT="1"/><meta content="{POLICY}" name=tdm-policy>'
        "<meta name='robots' content='noindex'><meta name=NewsLedger content='nosnippet'>"
        "<meta name='otherbot' content='none'><link href='/a?b=1&amp;c=2' rel='x CANONICAL'>"
        '<link rel="canonical" href="/second">'
    )
    assert said == Statements(
        tdm_reservation=f"1; policy={POLICY}; from=meta",
        robots_meta="meta robots: noindex | meta newsledger: nosnippet",
        canonical="/a?b=1&c=2",
    )


MARK = '<meta name="robots" content="noindex">'


@pytest.mark.parametrize(
    "markup",
    [
        f"<!-- {MARK} -->",
        f"<!-- {MARK}",
        f"<!--!>{MARK}-->",
        f"<script>var a = '{MARK}'</script>",
        f"<script>{MARK}",
        f"<SCRIPT>{MARK}</SCRIPTS>{MARK}</script >",
        f"<style>{MARK}</style>",
        f"<title>{MARK}</title>",
        f"<noscript>{MARK}</noscript>",
        f"<template>{MARK}</template>",
        f"<body>{MARK}",
        f"</head><body>{MARK}",
        f"</body>{MARK}",
        f"</html>{MARK}",
        f"<p>{MARK}",
        f"<svg><title>a</title></svg>{MARK}",
        f"text {MARK}",
        f"<meta name=description content='{MARK}'>",
        f'<meta name=description content="{MARK}',
        f"<? {MARK.replace('>', '')}>",
        f"<![CDATA[{MARK.replace('>', '')}]]>",
        f"<a{MARK}>",
        '<meta name="robots">',
        '<meta name="robots" content=" ">',
        '<meta property="robots" content="noindex">',
        '<metaname="robots" content="noindex">',
        "&lt;meta name=robots content=noindex&gt;",
    ],
)
def test_what_is_not_in_the_head_is_not_the_heads(markup: str) -> None:
    assert head(markup).robots_meta is None


@pytest.mark.parametrize(
    "before",
    [
        "",
        "<!-- a -->",
        "<!-->",
        "<!--->",
        "<!-- -- > -->",
        "<!-- a --!>",
        "<!--[if IE]><p>old<![endif]-->",
        "<?xml version='1.0'?>",
        "<script>if (a < b) { c('<p>') }</script>",
        "<script src=a></script>\n<style>p > a {}</style>",
        "<title>A < B & </p></title>",
        "<noscript><img src=a></noscript>",
        "<base href='/'><link rel=preload href=a>",
        "<meta name=description content='a > b'>",
        '<meta name=description content="it\'s">',
        "</p></x>",
        "\0\ufeff\n\t",
        "</head>\n",
        "<script/>a</script>",
    ],
)
def test_what_may_stand_before_a_statement(before: str) -> None:
    assert head(before + MARK).robots_meta == "meta robots: noindex"


@pytest.mark.parametrize(
    "markup",
    [
        "<meta name = robots content = noindex>",
        "<meta\nname='robots'\ncontent='noindex'\n/>",
        "<meta/name='robots'/content='noindex'>",
        "<meta name=robots content=noindex name=description content=other>",
        "<meta name=robots content=&#110;oindex>",
        "<meta async name=' Robots ' content='\tnoindex\n'>",
        "<meta =a name=robots content=noindex>",
    ],
)
def test_ways_to_write_a_tag(markup: str) -> None:
    said = page_statements(markup.encode(), None).robots_meta
    assert said is not None
    assert said.startswith("meta robots: noindex")


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("https://example.org/a", "https://example.org/a"),
        (" /a ", "/a"),
        ("", None),
        ("/a b", None),
        ("/a\x00b", None),
        ("/\u202ea", None),
        ("/" + "a" * 3000, None),
        ("/" + "&#9" * 3000, None),
        ("&#" + "9" * 5000, None),
    ],
)
def test_the_canonical_address_is_kept_as_written(href: str, canonical: str | None) -> None:
    assert head(f'<link rel="canonical" href="{href}">').canonical == canonical


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("utf-8", "utf-8"),
        (None, "utf-8"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1251", "cp1251"),
        ("no-such-charset", "utf-8"),
        ("\0", "utf-8"),
        ("punycode", "utf-8"),
        ("unicode_escape", "utf-8"),
        ("base64", "utf-8"),
        ("utf-16-le", "utf-16-le"),
        ("utf-8", "utf-16"),
        (None, "utf-8-sig"),
        ("Shift_JIS", "shift_jis"),
        ("GBK", "gbk"),
    ],
)
def test_charsets(charset: str | None, codec: str) -> None:
    page = '<html><head><link rel="canonical" href="/abc">'
    assert page_statements(page.encode(codec), charset).canonical == "/abc"


def test_a_declared_charset_reads_the_address() -> None:
    page = '<link rel="canonical" href="/n\u00famero">'
    assert page_statements(page.encode("latin-1"), "iso-8859-1").canonical == "/n\u00famero"


def test_the_first_256_kib_are_read() -> None:
    padding = "<!--" + "x" * (HEAD_BYTES - len(MARK) - 7) + "-->"
    assert page_statements((padding + MARK).encode(), None).robots_meta == "meta robots: noindex"
    assert page_statements((padding + " " + MARK).encode(), None).robots_meta is None


_N = 1_000_000
HOSTILE = {
    "less-than": "<" * _N,
    "comments": "<!--" * _N,
    "closed comments": "<!---->" * _N,
    "half comments": "<!-- -" * _N,
    "dashes": "<!--" + "-" * _N,
    "metas": "<meta " * _N,
    "closed metas": "<meta>" * _N,
    "attributes": "<meta " + "a " * _N,
    "same attributes": "<meta " + "a=b " * _N,
    "quotes": "<meta a='" * _N,
    "mixed quotes": "<meta a='b' c=\"" * _N,
    "equals": "<meta " + "=" * _N,
    "spaced equals": "<meta " + "= " * _N,
    "slashes": "<meta " + "/" * _N,
    "spaces": "<meta " + " " * _N,
    "spaces in tags": ("<meta" + " " * 1000 + ">") * 1000,
    "spaces before equals": ("<meta a" + " " * 1000 + "b>") * 1000,
    "spaces after": " " * _N,
    "scripts": "<script>" * _N,
    "closed scripts": "<script></script>" * _N,
    "half closed scripts": "<script>" + "</script" * _N,
    "titles": "<title></titl" * _N,
    "ends": "</" * _N,
    "end tags": "</x>" * _N,
    "declarations": "<!" * _N,
    "closed declarations": "<!>" * _N,
    "instructions": "<?>" * _N,
    "names": "<" + "meta" * _N,
    "entities": "<meta name=robots content='" + "&#9" * _N + "'>",
    "robots": MARK * 50_000,
    "canonicals": "<link rel=canonical href=''>" * _N,
    "rels": "<link rel='" + "a " * _N + "'>",
    "NULs": "\0" * _N,
    "bytes": "\ufffd" * _N,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_read_in_bounded_time(name: str) -> None:
    body = HOSTILE[name].encode()
    start = time.process_time()
    said = page_statements(body, None)
    # Measured 0.15 s at most; what is quadratic over 256 KiB takes minutes.
    assert time.process_time() - start < 3
    assert len(said.robots_meta or "") <= 2000


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "utf-7", "hz", "iso2022_jp_2"]
)
def test_charsets_of_no_page_do_not_read_it(charset: str) -> None:
    start = time.process_time()
    page_statements(b"<meta " + b"a-" * _N, charset)
    assert time.process_time() - start < 3


# --- the file of an origin


def test_the_first_rule_in_sequence_counts() -> None:
    text = json.dumps(
        [
            {"location": "/papers/", "tdm-reservation": 1},
            {"location": "/pages/", "tdm-reservation": 1, "tdm-policy": POLICY},
            {"location": "/images/*.jpg$", "tdm-reservation": 0},
            {"location": "/pages/open/", "tdm-reservation": 0},
        ]
    )
    assert tdmrep_for(text, f"{URL}/papers/a") == "1; from=tdmrep"
    assert tdmrep_for(text, f"{URL}/pages/open/a") == f"1; policy={POLICY}; from=tdmrep"
    assert tdmrep_for(text, f"{URL}/images/a/b.jpg") == "0; from=tdmrep"
    assert tdmrep_for(text, f"{URL}/images/a/b.jpg?c") is None
    assert tdmrep_for(text, f"{URL}/Papers/a") is None
    assert tdmrep_for(text, f"{URL}/") is None


def test_one_rule_for_everything() -> None:
    text = '\ufeff[{"location": "/", "tdm-reservation": 1, "more": [1]}]'
    assert tdmrep_for(text, f"{URL}/a/b?c=d") == "1; from=tdmrep"
    assert tdmrep_for(text, URL) == "1; from=tdmrep"


@pytest.mark.parametrize("value", ["2", "-1", '"1"', "true", "1.0", "null", "[1]", "1e0", "{}"])
def test_a_malformed_value_of_the_rule_that_counts_is_unset(value: str) -> None:
    text = f'[{{"location": "/a", "tdm-reservation": {value}}}, {{"location": "/", "tdm-reservation": 1}}]'
    assert tdmrep_for(text, f"{URL}/a") is None
    assert tdmrep_for(text, f"{URL}/b") == "1; from=tdmrep"


@pytest.mark.parametrize("location", ["null", '""', "7", '["/"]', '"' + "/" * 3000 + '"', '"a"'])
def test_a_rule_without_a_usable_location_matches_nothing(location: str) -> None:
    text = f'[{{"location": {location}, "tdm-reservation": 0}}, 5, null, {{"location": "/", "tdm-reservation": 1}}]'
    assert tdmrep_for(text, f"{URL}/a") == "1; from=tdmrep"


@pytest.mark.parametrize(
    "text",
    [
        "", "not json", "<html>", '{"location": "/", "tdm-reservation": 1}', "[]", "null", "7",
        '[{"location": "/", "tdm-reservation": 1}', "[" * 100_000, '{"a":' * 100_000,
        "[" + "9" * 100_000 + "]",
        '[{"location": "/", "tdm-reservation": 1}]' + " " * MAX_FILE_CHARACTERS,
    ],
)  # fmt: skip
def test_a_file_that_is_no_array_of_rules_states_nothing(text: str) -> None:
    assert tdmrep_for(text, f"{URL}/a") is None


def test_a_hostile_file_is_read_in_bounded_time() -> None:
    rules = [{"location": f"/{'*a' * 100}{n}", "tdm-reservation": 1} for n in range(2000)]
    text = json.dumps(rules)
    start = time.process_time()
    for page in range(5):
        assert tdmrep_for(text, f"{URL}/{'a' * 2000}-{page}") is None
    assert time.process_time() - start < 3


# --- together


def test_the_page_supersedes_the_header_and_the_header_the_file() -> None:
    file = f"1; policy={POLICY}; from=tdmrep"
    header = Statements(tdm_reservation="0; from=header")
    page = Statements(tdm_reservation="1; policy=/p; from=meta")
    assert combined(file, Statements()).tdm_reservation == file
    assert combined(file, header).tdm_reservation == "0; from=header"
    assert combined(file, header, page).tdm_reservation == "1; policy=/p; from=meta"
    assert combined(None, header, Statements()).tdm_reservation == "0; from=header"
    assert combined(None, Statements()).tdm_reservation is None


def test_what_a_later_place_leaves_out_is_not_reset() -> None:
    file = f"1; policy={POLICY}; from=tdmrep"
    page = Statements(tdm_reservation="1; from=meta")
    assert (
        combined(file, Statements(), page).tdm_reservation
        == f"1; policy={POLICY}; from=meta; policy-from=tdmrep"
    )
    header = Statements(tdm_policy="/p")
    assert (
        combined("1; from=tdmrep", header).tdm_reservation
        == "1; policy=/p; from=tdmrep; policy-from=header"
    )
    alone = combined(None, header)
    assert (alone.tdm_reservation, alone.tdm_policy) == (None, "/p")


def test_all_statements_of_a_page_are_one_record() -> None:
    header = header_statements(
        (("content-usage", "train-ai=n"), ("x-robots-tag", "noarchive"), ("tdm-reservation", "1"))
    )
    page = head(MARK + '<link rel=canonical href="/a">')
    assert combined(None, header, page, "content-signal: ai-train=no") == Statements(
        tdm_reservation="1; from=header",
        usage_preference="content-usage: train-ai=n | robots.txt content-signal: ai-train=no",
        robots_meta="header: noarchive | meta robots: noindex",
        canonical="/a",
    )
