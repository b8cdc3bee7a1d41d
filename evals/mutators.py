"""Ways to break a page: bytes and a source of chance in, bytes out; the same chance, the same page."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_TAG = re.compile(rb"</?[a-zA-Z][^<>]{0,2000}>")
_OPEN = re.compile(rb"<(div|p|ul|li|table|tr|td|span|section|article|a|b|h2)\b[^<>]{0,500}>")
_CHARSET = re.compile(rb"charset=[\"']?[\w-]+", re.IGNORECASE)
_LD = re.compile(rb"(<script[^<>]*application/ld\+json[^<>]*>)(.*?)(</script>)", re.DOTALL)
_LABELS = (
    b"utf-8", b"utf-16", b"iso-8859-1", b"windows-1251", b"shift_jis", b"gb18030", b"euc-kr", b"x-none",
    b"punycode", b"utf-7",
)  # fmt: skip
_ENCODINGS = (
    "utf-16", "utf-16-le", "utf-32", "cp1251", "shift_jis", "gb18030", "latin-1", "big5", "euc_kr", "utf-7",
)  # fmt: skip

Mutator = Callable[[bytes, random.Random], bytes]


def _place(page: bytes, rng: random.Random) -> int:
    return rng.randrange(len(page) + 1)


def _insert(page: bytes, rng: random.Random, piece: bytes) -> bytes:
    """``piece`` between two tags where there are any."""
    start = page.find(b">", _place(page, rng)) + 1
    return page[:start] + piece + page[start:]


def _giant(rng: random.Random, most: int) -> int:
    """``most`` in one of four cases, else a tenth: so that thousands of pages take minutes."""
    return rng.choice((most, most // 10, most // 10, most // 10))


def _subtree(page: bytes, rng: random.Random) -> bytes:
    """A stretch of the page from one opening tag to a closing one not far behind it."""
    start = page.find(b"<", _place(page, rng))
    end = page.find(b">", start + rng.randrange(20, 5_000))
    return page[max(start, 0) : end + 1 or None][:20_000]


def cut(page: bytes, rng: random.Random) -> bytes:
    """The page up to anywhere, or from anywhere on."""
    place = _place(page, rng)
    return page[:place] if rng.random() < 0.7 else page[place:]


def drop_tags(page: bytes, rng: random.Random) -> bytes:
    """Some of the tags left out, opening or closing ones or both."""
    share, kind = rng.choice((0.02, 0.2, 0.6)), rng.choice((b"<", b"</"))
    return _TAG.sub(lambda m: b"" if m[0].startswith(kind) and rng.random() < share else m[0], page)


def duplicate(page: bytes, rng: random.Random) -> bytes:
    """A stretch of the page many times in a row."""
    return _insert(page, rng, _subtree(page, rng) * rng.choice((2, 2, 30, 1_000)))


def nest(page: bytes, rng: random.Random) -> bytes:
    """The page inside elements thousands deep, closed or not, or a stretch nested in itself."""
    depth = rng.choice((50, 240, 300, 5_000, 40_000))
    found = _OPEN.search(page, _place(page, rng)) or _OPEN.search(page)
    tag, name = (found[0], found[1]) if found else (b"<div>", b"div")
    closing = b"</" + name + b">" if rng.random() < 0.5 else b""
    opening = tag if len(tag) < 80 else b"<" + name + b">"
    return _insert(page, rng, opening * depth) + closing * depth


def swap_bytes(page: bytes, rng: random.Random) -> bytes:
    """Bytes replaced by any others."""
    data = bytearray(page)
    for _ in range(rng.choice((3, 100, 5_000))):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def relabel(page: bytes, rng: random.Random) -> bytes:
    """Another encoding declared than the page is in."""
    label = b"charset=" + rng.choice(_LABELS)
    if _CHARSET.search(page):
        return _CHARSET.sub(label, page, count=1)
    return b"<meta " + label + b">" + page


def recode(page: bytes, rng: random.Random) -> bytes:
    """Another encoding than declared; what it does not have as character references, or as ``?``."""
    errors = rng.choice(("xmlcharrefreplace", "replace", "ignore"))
    return page.decode("utf-8", "replace").encode(rng.choice(_ENCODINGS), errors)


def misread(page: bytes, rng: random.Random) -> bytes:
    """UTF-8 read as something else and stored as UTF-8, once or twice."""
    for _ in range(rng.choice((1, 1, 2))):
        page = page.decode(
            rng.choice(("cp1252", "latin-1", "cp1251", "mac_roman")), "replace"
        ).encode()
    return page


def escape(page: bytes, rng: random.Random) -> bytes:
    """Ampersands escaped once more, or a stretch of markup escaped."""
    if rng.random() < 0.5:
        return page.replace(b"&", b"&amp;")
    start = _place(page, rng)
    end = start + rng.randrange(5_000)
    return page[:start] + page[start:end].replace(b"<", b"&lt;").replace(b">", b"&gt;") + page[end:]


def giant_attribute(page: bytes, rng: random.Random) -> bytes:
    """An attribute of a million characters, or thousands of attributes."""
    filler = rng.choice((b"a", b" ", b"&amp;", b"display:", b"\xc3\xa9", b"'", b"=", b"/"))
    if rng.random() < 0.5:
        name = rng.choice((b"class", b"style", b"id", b"href", b"content", b"datetime", b"data-x"))
        tag = rng.choice((b"div", b"a", b"meta", b"time", b"p"))
        piece = (
            b"<"
            + tag
            + b" "
            + name
            + b'="'
            + filler * (_giant(rng, 1_000_000) // len(filler))
            + b'">'
        )
    else:
        piece = b"<p " + b" ".join(b"a%d=%d" % (n, n) for n in range(20_000)) + b">"
    return _insert(page, rng, piece)


def giant_table(page: bytes, rng: random.Random) -> bytes:
    """A table or list of thousands of cells, closed or not."""
    cell = rng.choice((b"<tr><td>1<td>2", b"<li>One thing of many", b"<dt>a<dd>b", b"<option>x"))
    outer = rng.choice((b"table", b"ul", b"dl", b"select"))
    return _insert(
        page, rng, b"<" + outer + b">" + cell * _giant(rng, 20_000) + b"</" + outer + b">"
    )


def repeat_block(page: bytes, rng: random.Random) -> bytes:
    """One block a thousand times, the same or numbered."""
    texts = (
        b"Subscribe now", b"2 hours ago", b"By A. Writer", b"12 March 2024", b"&nbsp;",
        b"The council met on Thursday and put off its decision on the pier once more, it said.",
    )  # fmt: skip
    text, tag = rng.choice(texts), rng.choice((b"p", b"div", b"h2", b"a", b"li", b"time"))
    numbers = rng.random() < 0.5
    pieces = (
        b"<%b>%b%b</%b>" % (tag, text, b" %d" % n if numbers else b"", tag)
        for n in range(_giant(rng, 8_000))
    )
    return _insert(page, rng, b"".join(pieces))


def one_line(page: bytes, rng: random.Random) -> bytes:
    """A run of a million characters without a tag: words, one word, marks or numbers."""
    filler = rng.choice(
        (b"word ", b"a", b"1", b". ", b"- ", b"\xe2\x80\x9c", b"2024-01-01 ", b"By ", b"| ", b"@", b"(",
         b"\xe4\xb8\x80", b"&", b"&#", b"\\u00e9", b"http://", b"/", b"\xd8\xa7", b"[](")
    )  # fmt: skip
    return _insert(page, rng, b"<p>" + filler * (_giant(rng, 1_000_000) // len(filler)))


def unclosed(page: bytes, rng: random.Random) -> bytes:
    """An element whose text runs on to the end, or a tag that never ends."""
    opening = (
        b"<script>", b"<style>", b"<!--", b"<textarea>", b"<title>", b"<noscript>", b"<svg>", b"<template>",
        b"<![CDATA[", b"<plaintext>", b"<select>", b"<a href='", b"<iframe>", b"<?php ", b"<math>",
    )  # fmt: skip
    return _insert(page, rng, rng.choice(opening) * rng.choice((1, 1, 500)))


def break_json_ld(page: bytes, rng: random.Random) -> bytes:
    """JSON-LD cut, deep, huge, or not JSON at all."""
    bad = (
        b'{"@type": "NewsArticle", "headline": ', b"[" * 100_000, b'{"a":' * 50_000, b"\\" * 100_000,
        b'{"@graph": [' + b'{"@type": "NewsArticle", "headline": "x"},' * 20_000 + b"{}]}",
        b'{"@type": "NewsArticle", "author": [' + b'{"name": "A. Writer"},' * 20_000 + b"{}]}",
        b'{"@type": ["NewsArticle"], "headline": {"@value": ["x", 1, null]}, "datePublished": 1e400, '
        b'"author": {"name": {"name": [[["x"]]]}}, "publisher": [null], "image": {}}',
        b'{"@type": "NewsArticle", "headline": "' + b"word " * 200_000 + b'", "datePublished": "' + b"1" * 99_999 + b'"}',
        b'{"@id": "#a", "@type": "NewsArticle", "isPartOf": {"@id": "#a"}, "author": {"@id": "#a"}}',
    )  # fmt: skip
    new = rng.choice(bad)
    found = _LD.search(page)
    if found and rng.random() < 0.7:
        content = found[2][: rng.randrange(len(found[2]) + 1)] if rng.random() < 0.4 else new
        return page[: found.start(2)] + content + page[found.end(2) :]
    return _insert(page, rng, b'<script type="application/ld+json">' + new + b"</script>")


def controls(page: bytes, rng: random.Random) -> bytes:
    """Bidirectional and other controls, NULs, lone surrogates and noncharacters strewn in."""
    marks = (
        "\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\x00", "\x85", "\u2028", "\ufdd0", "\U0010ffff",
        "\u0301", "\ufffd", "\x1b", "\x0b", "&#0;", "&#xD800;", "&#x1F600;", "&#99999999;", "&#133;",
    )  # fmt: skip
    pieces = [(mark * rng.choice((1, 1, 50))).encode() for mark in rng.sample(marks, 5)] + [
        b"\xed\xa0\x80"
    ]
    for _ in range(rng.choice((5, 300))):
        place = _place(page, rng)
        page = page[:place] + rng.choice(pieces) + page[place:]
    return page


MUTATORS: tuple[Mutator, ...] = (
    cut, drop_tags, duplicate, nest, swap_bytes, relabel, recode, misread, escape, giant_attribute,
    giant_table, repeat_block, one_line, unclosed, break_json_ld, controls,
)  # fmt: skip
