"""RFC 9309: which answers allow what, how groups and patterns are read, and what hostile files cost."""

from __future__ import annotations

import codecs
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.ingest.web.robots import (
    MAX_BYTES,
    Rules,
    expires,
    from_text,
    matches,
    read_rules,
    restore,
)

SITE = "https://news.example.org"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def rules(text: str, agent: str = "newsledger") -> Rules:
    return from_text(text, agent=agent)


def allowed(text: str, path: str) -> bool:
    return rules(text).allowed(SITE + path)


@pytest.mark.needs_shared
def test_every_case_of_the_evaluation_set_holds(shared_root: Path) -> None:
    lines = (shared_root / "eval/robots/cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    wrong = [
        case
        for case in cases
        if read_rules(200, case["robots_txt"].encode(), agent=case["agent"]).allowed(case["url"])
        != case["allowed"]
    ]
    assert len(cases) == 78
    assert wrong == []


@pytest.mark.parametrize(
    ("status", "state", "free"),
    [
        (200, "rules", False),
        (206, "rules", False),
        (301, "none", True),
        (304, "unreachable", False),
        (308, "none", True),
        (400, "none", True),
        (401, "none", True),
        (403, "none", True),
        (404, "none", True),
        (408, "unreachable", False),
        (410, "none", True),
        (429, "unreachable", False),
        (451, "none", True),
        (500, "unreachable", False),
        (503, "unreachable", False),
        (100, "unreachable", False),
        (999, "unreachable", False),
        (None, "unreachable", False),
    ],
)
def test_the_status_decides_where_there_are_no_rules_to_read(
    status: int | None, state: str, free: bool
) -> None:
    read = read_rules(status, b"User-agent: *\nDisallow: /\n")
    assert read.state == state
    assert read.allowed(f"{SITE}/a") is free
    assert read.allowed(f"{SITE}/robots.txt")


def test_the_status_text_carries_the_reason() -> None:
    assert read_rules(200, b"").status == "rules"
    assert read_rules(404, b"").status == "none: 404"
    assert read_rules(503, b"").status == "unreachable: 503"
    assert read_rules(None, b"").status == "unreachable: no answer"
    assert read_rules(None, b"", reason="dns").status == "unreachable: dns"


def test_verdicts_are_those_of_the_table_of_captures() -> None:
    some = rules("User-agent: *\nDisallow: /b")
    assert [some.verdict(SITE + path) for path in ("/a", "/b")] == ["allowed", "disallowed"]
    assert read_rules(None, b"").verdict(f"{SITE}/a") == "unreachable"
    assert read_rules(404, b"").verdict(f"{SITE}/a") == "allowed"


@pytest.mark.parametrize("status", [200, 404, 503, None])
def test_what_is_kept_gives_the_same_rules_again(status: int | None) -> None:
    text = "User-agent: *\nDisallow: /b\nCrawl-delay: 7\nSitemap: https://x.org/s.xml\n"
    read = read_rules(status, text.encode())
    again = restore(read.status, read.text)
    assert again == read
    assert again.allowed(f"{SITE}/b") == read.allowed(f"{SITE}/b")
    assert (read.text == text) is (status == 200)


def test_a_status_that_was_never_kept_forbids() -> None:
    assert not restore("", None).allowed(f"{SITE}/")


@pytest.mark.parametrize(
    ("text", "agent", "free"),
    [
        ("User-agent: NewsLedger\nDisallow: /", "newsledger", False),
        ("User-agent: newsledger/1.2\nDisallow: /", "newsledger", False),
        ("User-agent: newsledger (+https://x.org)\nDisallow: /", "newsledger", False),
        ("User-agent: newsledger*\nDisallow: /", "newsledger", False),
        # A name that only begins or ends like ours is another crawler's.
        ("User-agent: news\nDisallow: /", "newsledger", True),
        ("User-agent: ledger\nDisallow: /", "newsledger", True),
        ("User-agent: newsledger-images\nDisallow: /", "newsledger", True),
        ("User-agent: * \nDisallow: /", "newsledger", False),
        ("User-agent: * # everyone\nDisallow: /", "newsledger", False),
        ("User-agent: *bot\nDisallow: /", "newsledger", True),
        ("User-agent: \nDisallow: /", "newsledger", True),
        # Our group replaces the general one, even empty.
        ("User-agent: *\nDisallow: /\n\nUser-agent: newsledger\n", "newsledger", True),
        ("User-agent: newsledger\nDisallow:\n\nUser-agent: *\nDisallow: /", "newsledger", True),
        ("User-agent: *\nDisallow: /\nUser-agent: newsledger\nAllow: /", "other", False),
        # Groups of the same agent are one.
        ("User-agent: newsledger\nAllow: /x\nUser-agent: b\nUser-agent: NEWSLEDGER\nDisallow: /",
         "newsledger", False),
        ("User-agent: *\nAllow: /x\nUser-agent: b\nDisallow: /y\nUser-agent: *\nDisallow: /",
         "newsledger", False),
        # Nothing but a rule ends the list of agents.
        ("User-agent: newsledger\n\n# note\n\nUser-agent: b\nDisallow: /", "newsledger", False),
        ("User-agent: newsledger\nCrawl-delay: 5\nUser-agent: b\nDisallow: /", "newsledger", False),
        ("User-agent: newsledger\nHost: x.org\nUser-agent: b\nDisallow: /", "newsledger", False),
        ("User-agent: newsledger\nDisallow:\nUser-agent: b\nDisallow: /", "newsledger", True),
        # Rules before every group are nobody's.
        ("Disallow: /\nUser-agent: b\nDisallow: /", "newsledger", True),
    ],
)  # fmt: skip
def test_groups(text: str, agent: str, free: bool) -> None:
    assert rules(text, agent).allowed(f"{SITE}/a") is free


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\n\n", "\r\n\r\n"])
def test_any_line_end_will_do(end: str) -> None:
    text = end.join(["User-agent: *", "Disallow: /b", "Allow: /b/c", ""])
    assert [allowed(text, path) for path in ("/a", "/b", "/b/c")] == [True, False, True]


@pytest.mark.parametrize(
    "line",
    [
        "Disallow: /b", "disallow:/b", "DISALLOW : /b", "\t Disallow:\t/b \t", "Disallow: /b # why",
        "Disallow /b", "Dissallow: /b", "Disalow: /b", "Disallow: /b\u00a0", "\ufeffDisallow: /b",
    ],
)  # fmt: skip
def test_ways_to_write_a_rule(line: str) -> None:
    assert not allowed(f"User-agent: *\n{line}\n", "/b")


@pytest.mark.parametrize(
    "line",
    [
        "Disallow this page please", "Dis allow: /", "#Disallow: /", "Disallow", "Disallow:", ":/",
        "Noindex: /", "Disallow-all: /", "Disallow: # /", "\0Disallow: /", "Disallow: b",
    ],
)  # fmt: skip
def test_lines_that_are_no_rule(line: str) -> None:
    assert allowed(f"User-agent: *\n{line}\n", "/b")


@pytest.mark.parametrize("name", ["User-agent", "useragent", "USER AGENT", "user-Agent"])
def test_ways_to_write_an_agent(name: str) -> None:
    assert not allowed(f"{name}: *\nDisallow: /", "/b")


@pytest.mark.parametrize(
    ("pattern", "path", "hit"),
    [
        ("/b", "/b", True),
        ("/b", "/bc?d", True),
        ("/b", "/B", False),
        ("/b", "/a/b", False),
        ("/b/", "/b", False),
        ("/", "", True),
        ("/b$", "/b", True),
        ("/b$", "/bc", False),
        ("/b$", "/b?c", False),
        ("/*.gif$", "/a/b.gif", True),
        ("/*.gif$", "/a/b.gif?c", False),
        ("*.gif$", "/a.gif", True),
        ("/a/*/c", "/a/b/c/d", True),
        ("/a/*/c", "/a/c", False),
        ("/a**b", "/axxb", True),
        ("/a*", "/a", True),
        ("/*?", "/a", False),
        ("/*?", "/a?b", True),
        ("/a?b=c&d", "/a?b=c&d=e", True),
        ("/a;b", "/a;b", True),
        ("/a b", "/a%20b", True),
        # Percent-encoding is undone or done on both sides before they are compared.
        ("/caf\u00e9", "/caf%C3%A9", True),
        ("/caf%c3%a9", "/caf\u00e9", True),
        ("/%62%61%7A", "/baz", True),
        ("/baz", "/%62%61%7a", True),
        ("/a%2Fb", "/a/b", False),
        ("/a%2fb", "/a%2Fb", True),
        ("/x-%2A", "/x-*", True),
        ("/x-%2A", "/x-y", False),
        ("/x-%24", "/x-$", True),
        ("/x-%24", "/x-", False),
        ("/a%zz", "/a%zz", True),
        # What would end a line elsewhere is a part of the pattern.
        ("/a\u2028Disallow: /c", "/c", False),
        ("/a\u0085b", "/a%C2%85b", True),
        ("/a\x0bb", "/a%0Bb", True),
    ],
)  # fmt: skip
def test_patterns(pattern: str, path: str, hit: bool) -> None:
    assert allowed(f"User-agent: *\nDisallow: {pattern}", path) is not hit
    assert matches(pattern, SITE + path) is hit


@pytest.mark.parametrize(
    ("lines", "path", "free"),
    [
        (["Disallow: /a", "Allow: /a/b"], "/a/b", True),
        (["Allow: /a/b", "Disallow: /a"], "/a/b", True),
        (["Allow: /a", "Disallow: /a/b"], "/a/b", False),
        (["Disallow: /a", "Allow: /a"], "/a", True),
        (["Allow: /a", "Disallow: /*.htm"], "/a.htm", False),
        (["Disallow: /", "Allow: /$"], "/", True),
        (["Disallow: /", "Allow: /$"], "/a", False),
        (["Disallow: /"], "/robots.txt", True),
        (["Disallow: /"], "/robots.txt?a", True),
        (["Disallow: /"], "/a/robots.txt", False),
        (["Disallow: /a"], "#/a", True),
        (["Disallow: /a"], "/a#b", False),
    ],
)
def test_the_longest_match_counts_and_allow_wins_a_tie(
    lines: list[str], path: str, free: bool
) -> None:
    assert allowed("\n".join(["User-agent: *", *lines]), path) is free


@pytest.mark.parametrize("url", ["http://[x/a", "http://x.org/\ud800"])
def test_what_is_no_address_is_not_allowed(url: str) -> None:
    assert not rules("User-agent: *\nDisallow: /b").allowed(url)
    assert not matches("/*", url)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: b"# caf\xe9\n" + text.encode(),
    ],
)
def test_encodings(encode: Callable[[str], bytes]) -> None:
    read = read_rules(200, encode("User-agent: *\nDisallow: /b\n"))
    assert [read.allowed(SITE + path) for path in ("/a", "/b")] == [True, False]


def test_other_bytes_are_replaced_and_still_match_themselves() -> None:
    read = read_rules(200, b"User-agent: *\nDisallow: /caf\xe9\n\0\xff\nDisallow: /c\0\n")
    assert not read.allowed(f"{SITE}/caf%E9")
    assert read.allowed(f"{SITE}/cafe")
    assert read.allowed(f"{SITE}/c")
    assert read.text is not None
    assert "\0" not in read.text


def test_500_kib_are_read_and_the_line_that_the_limit_cuts_is_not() -> None:
    head = b"User-agent: *\nDisallow: /first\n"
    filling = b"#" * (MAX_BYTES - len(head) - 20) + b"\n"
    read = read_rules(200, head + filling + b"Disallow: /cut-off-here\nDisallow: /late\n")
    assert not read.allowed(f"{SITE}/first")
    assert all(read.allowed(SITE + path) for path in ("/cut-off-here", "/cut", "/c", "/late"))
    assert read.text is not None
    assert len(read.text) <= MAX_BYTES
    assert restore(read.status, read.text) == read


def test_rules_right_up_to_the_limit_are_read() -> None:
    head = b"User-agent: *\n"
    last = b"\nDisallow: /last\n"
    body = head + b"#" * (MAX_BYTES - len(head) - len(last)) + last
    assert len(body) == MAX_BYTES
    assert not read_rules(200, body + b"Disallow: /late\n").allowed(f"{SITE}/last")


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 10", 10),
        ("User-agent: *\nCrawl-delay: 2.5 # s", 2.5),
        ("User-agent: *\nCrawl-delay: .5", 0.5),
        ("User-agent: *\nCrawl-delay: x\nCrawl-delay: 8\nCrawl-delay: 3", 8),
        ("User-agent: *\nCrawl-delay: 8\nUser-agent: newsledger\nCrawl-delay: 3", 3),
        ("User-agent: newsledger\nCrawl-delay: 3\nUser-agent: *\nCrawl-delay: 8", 3),
        ("User-agent: newsledger\nDisallow:\nUser-agent: *\nCrawl-delay: 8", None),
        ("User-agent: other\nCrawl-delay: 8", None),
        ("Crawl-delay: 8\nUser-agent: *", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: inf", None),
        ("User-agent: *\nCrawl-delay: nan", None),
        ("User-agent: *\nCrawl-delay: 1e9", None),
        ("User-agent: *\nCrawl-delay: 10s", None),
        ("User-agent: *\nCrawl-delay: " + "9" * 400, None),
        ("", None),
    ],
)
def test_crawl_delay(text: str, delay: float | None) -> None:
    assert rules(text).crawl_delay == delay


def test_sitemaps_belong_to_no_group_and_keep_their_order() -> None:
    read = rules(
        "Sitemap: https://x.org/b.xml\nUser-agent: other\nDisallow: /\nsitemap:https://x.org/a.xml\n"
        "Sitemap: https://x.org/b.xml # again\nSitemap https://x.org/c.xml\nSitemap: /d.xml\nSitemap:\n"
    )
    assert read.sitemaps == (
        "https://x.org/b.xml",
        "https://x.org/a.xml",
        "https://x.org/c.xml",
        "/d.xml",
    )
    many = rules("".join(f"Sitemap: https://x.org/{n}.xml\n" for n in range(9000)))
    assert len(many.sitemaps) == 500


def test_usage_preferences_by_path() -> None:
    read = rules(
        "User-agent: *\nAllow: /\nContent-Usage: train-ai=n\nContent-Usage: /open/ train-ai=y\n"
        "Content-Signal: search=yes, ai-train=no\nUser-agent: other\nContent-Usage: train-ai=y\n"
    )
    signal = "content-signal: search=yes, ai-train=no"
    assert read.usage(f"{SITE}/a") == f"content-usage: train-ai=n | {signal}"
    assert read.usage(f"{SITE}/open/a") == f"content-usage: train-ai=y | {signal}"
    assert read_rules(404, b"").usage(f"{SITE}/a") is None
    assert rules("User-agent: other\nContent-Signal: search=yes").usage(f"{SITE}/a") is None


def test_usage_preferences_before_all_groups_are_for_everyone() -> None:
    text = "Content-Signal: ai-train=no\nUser-agent: other\nDisallow: /\n"
    assert rules(text).usage(f"{SITE}/a") == "content-signal: ai-train=no"
    own = rules(text + "User-agent: newsledger\nAllow: /\n")
    assert own.usage(f"{SITE}/a") == "content-signal: ai-train=no"


def test_usage_preferences_are_bounded_and_printable() -> None:
    assert rules(f"User-agent: *\nContent-Usage: {'x' * 501}").usage(f"{SITE}/a") is None
    said = rules("User-agent: *\nContent-Usage: a=\x1b[2J\u202eb").usage(f"{SITE}/a")
    assert said == "content-usage: a= [2J b"
    many = rules("User-agent: *\n" + "".join(f"Content-Usage: a{n}=y\n" for n in range(9000)))
    assert len((many.usage(f"{SITE}/a") or "").split(" | ")) == 50


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        (None, 24 * 60),
        ("", 24 * 60),
        ("public", 24 * 60),
        ("max-age=7200", 120),
        ("public, Max-Age = 7200, immutable", 120),
        ('max-age="7200"', 120),
        ("s-maxage=60", 24 * 60),
        ("x-max-age=60", 24 * 60),
        ("max-age=0", 30),
        ("max-age=60", 30),
        ("no-store", 30),
        ("private, no-cache, max-age=7200", 30),
        ("no-cachet", 24 * 60),
        ("max-age=31536000", 24 * 60),
        ("max-age=" + "9" * 5000, 24 * 60),
        ("max-age=-5", 24 * 60),
    ],
)
def test_rules_are_kept_for_half_an_hour_to_a_day(header: str | None, minutes: int) -> None:
    assert expires(NOW, header) == NOW + timedelta(minutes=minutes)
    assert expires(NOW, header, state="none") == NOW + timedelta(minutes=minutes)
    assert expires(NOW, header, state="unreachable") == NOW + timedelta(hours=1)


_K = MAX_BYTES
HOSTILE = {
    "one line of wildcards": "User-agent: *\nDisallow: /" + "*a" * (_K // 2),
    "wildcards without end": "User-agent: *\nDisallow: /" + "*" * _K,
    "long lines of wildcards": "User-agent: *\n"
    + "".join(f"Disallow: /{'*a' * 500}{n}\n" for n in range(_K // 1020)),
    "many lines of wildcards": "User-agent: *\n"
    + "".join(f"Disallow: /*a*{n}\n" for n in range(_K // 18)),
    "percent signs": "User-agent: *\nDisallow: /" + "%" * _K,
    "escapes": "User-agent: *\nDisallow: /" + "%41" * (_K // 3),
    "dollars": "User-agent: *\nDisallow: /" + "$" * (_K // 4),
    "agents": "".join(f"User-agent: b{n}\n" for n in range(100_000)),
    "groups": "".join(f"User-agent: b{n}\nDisallow: /{n}\n" for n in range(100_000)),
    "groups of ours": "User-agent: newsledger\nDisallow: /\n" * 20_000,
    "agents twice": "".join(f"User-agent: b{n}\n" for n in range(14_000)) * 2 + "Disallow: /\n",
    "agents by rules": "".join(f"User-agent: b{n}\n" for n in range(14_000))
    + "".join(f"Disallow: /{n}\n" for n in range(14_000)),
    "rules": "User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(100_000)),
    "NULs": "User-agent: *\nDisallow: /" + "\0" * _K,
    "line ends": "\r\n" * _K,
    "spaces": "User-agent: *\nDisallow:" + " " * _K + "/",
    "colons": ":" * _K,
    "comments": "#" * _K,
    "digits": "User-agent: *\nCrawl-delay: " + "9" * _K,
    "usage": "User-agent: *\n" + "".join(f"Content-Usage: /*a*{n} a\n" for n in range(20_000)),
    "no text": "\U0010ffff" * (_K // 4),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_read_in_bounded_time(name: str) -> None:
    body = HOSTILE[name].encode()
    url = f"{SITE}/{'a' * 2000}"
    start = time.process_time()
    read = read_rules(200, body * (1 + 4 * MAX_BYTES // max(len(body), 1)))
    read.allowed(url)
    read.usage(url)
    # Measured 0.3 s at most on a slow core; what this guards against takes minutes.
    assert time.process_time() - start < 5
