"""What a site states about the use of its pages: recorded as stated, acted on by nobody here.

Text and data mining reservations (W3C Community Group report TDMRep of 10 May 2024) from headers,
page and ``/.well-known/tdmrep.json``; usage preferences (IETF aipref drafts, Content-Signal); what
robots tags say; and the address a page calls its own. No meaning beyond 0 and 1 is read into any of
it: the drafts change.
"""

from __future__ import annotations

import codecs
import functools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from pipelines.ingest.web.robots import TOKEN, matches

HEAD_BYTES = 256 * 1024
"""What is read of a page."""

MAX_FILE_CHARACTERS = 512 * 1024
"""Longest tdmrep.json that is read."""

_MAX_RULES = 1000
_MAX_TEXT = 1000
_MAX_ADDRESS = 2048

# Robots directives that carry a value after a colon; another word before one names an agent.
_VALUED = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
_SCOPE = re.compile(r"\s*([A-Za-z][\w-]*)\s*:")

# Start tags that leave an HTML parser in the head (HTML Standard, 13.2.6.4.4 and 13.2.6.4.6); any
# other one, or text, begins the body. What the second group holds is text or inert.
_VOID = frozenset({"html", "head", "meta", "link", "base", "basefont", "bgsound"})
_RAW = frozenset({"script", "style", "title", "noscript", "noframes", "template"})
_BODY_ENDS = frozenset({"body", "html", "br"})

_TEXT = re.compile(r"[^\s<\0\u200b\ufeff]")
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_COMMENT_END = re.compile(r"-->|(?<!<!)--!>")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>][^\s/>=]*)(\s*=\s*)?")
_BARE = re.compile(r"[^\s>]*")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}

# Codecs of Python's that are markup's too. The others (punycode, unicode_escape) read ASCII as
# something else, some of them in quadratic time.
_CHARSETS = re.compile(
    r"ascii|utf_?(8|16|32).*|iso8859.*|cp\d+|koi8.*|mac_.*|big5.*|gb.*|euc_.*|shift_jis.*|johab|tis_620"
)


@dataclass(frozen=True, slots=True)
class Statements:
    """What was stated in one place, or of all of them together; None where nothing was."""

    tdm_reservation: str | None = None
    """``1`` or ``0``, then ``; policy=ADDRESS`` where there is one, then ``; from=PLACE`` (header,
    meta or tdmrep), then ``; policy-from=PLACE`` where the policy was stated elsewhere."""
    usage_preference: str | None = None
    """Content-Usage and Content-Signal, each after its name and a colon; `` | `` between."""
    robots_meta: str | None = None
    """X-Robots-Tag and robots metadata for all agents and for us, each after ``header``, ``meta
    robots`` and so on and a colon; `` | `` between."""
    canonical: str | None = None
    """The address of ``rel=canonical`` as written, relative ones included."""
    tdm_policy: str | None = None
    """A policy that was stated without a valid reservation beside it."""


def header_statements(headers: Iterable[tuple[str, str]], *, agent: str = TOKEN) -> Statements:
    """What an answer's headers state; names in lower case, as ``Response.headers`` has them."""
    said: dict[str, list[str]] = {}
    for name, value in headers:
        said.setdefault(name, []).append(value)
    usage = [
        f"{name}: {text}"
        for name in ("content-usage", "content-signal")
        for value in said.get(name, [])
        if (text := _plain(value))
    ]
    tags = [tag for value in said.get("x-robots-tag", []) for tag in _robots_tag(value, agent)]
    flag = _flag(said.get("tdm-reservation", []))
    policy = _policy(said.get("tdm-policy", []))
    return Statements(
        tdm_reservation=_reservation(flag, policy, "header"),
        usage_preference=_joined(usage),
        robots_meta=_joined(tags),
        tdm_policy=policy if flag is None else None,
    )


def page_statements(body: bytes, charset: str | None, *, agent: str = TOKEN) -> Statements:
    """What the head of an HTML page states, of which 256 KiB are read.

    ``charset`` is the one that the transport declared. What stands in comments, scripts, styles,
    ``noscript``, templates or the body is not the head's. Time grows with the length alone.
    """
    flags: list[str] = []
    policies: list[str] = []
    robots: list[str] = []
    canonical: str | None = None
    for tag, attributes in _head(_decode(body[:HEAD_BYTES], charset)):
        if tag == "link":
            if canonical is None and "canonical" in attributes.get("rel", "").lower().split():
                canonical = _address(attributes.get("href", ""))
            continue
        name = attributes.get("name", "").strip().lower()
        content = attributes.get("content", "")
        if name == "tdm-reservation":
            flags.append(content)
        elif name == "tdm-policy":
            policies.append(content)
        elif name in {"robots", agent.lower()} and (text := _plain(content)):
            robots.append(f"meta {name}: {text}")
    flag = _flag(flags)
    policy = _policy(policies)
    return Statements(
        tdm_reservation=_reservation(flag, policy, "meta"),
        robots_meta=_joined(robots),
        canonical=canonical,
        tdm_policy=policy if flag is None else None,
    )


def tdmrep_for(text: str, url: str) -> str | None:
    """What a ``/.well-known/tdmrep.json`` states for an address of its origin.

    The first rule in sequence whose location matches counts, even where its value is malformed and
    so means nothing; patterns match as in robots rules (TDMRep, "TDM File on the Origin Server").
    Out comes what ``Statements.tdm_reservation`` holds, or None. A text that is not an array of
    rules, or over 512 Ki characters, states nothing.
    """
    for location, value, policy in _tdmrep_rules(text):
        if matches(location, url):
            return _reservation(value, policy, "tdmrep")
    return None


def combined(
    tdmrep: str | None,
    header: Statements,
    page: Statements | None = None,
    robots_usage: str | None = None,
) -> Statements:
    """All that was stated of a page.

    ``tdmrep`` is from ``tdmrep_for``, ``robots_usage`` from ``Rules.usage``. A header's reservation
    and policy supersede those of the file, the page's both, each on its own: what a later place
    leaves out is not reset (TDMRep, "Processing priority").
    """
    page = page or Statements()
    value: int | None = None
    policy: str | None = None
    place = policy_place = ""
    for source in (Statements(tdm_reservation=tdmrep), header, page):
        parts = _parts(source.tdm_reservation)
        if parts:
            value, stated, place = parts
            if stated:
                policy, policy_place = stated, place
        if source.tdm_policy:
            policy, policy_place = source.tdm_policy, "meta" if source is page else "header"
    elsewhere = bool(policy) and policy_place != place
    # A policy says how to be granted what is reserved: one from elsewhere has no bearing on 0.
    reservation = _reservation(value, policy if value or not elsewhere else None, place)
    if reservation and value and elsewhere:
        reservation += f"; policy-from={policy_place}"
    return Statements(
        tdm_reservation=reservation,
        usage_preference=_joined([header.usage_preference, _prefixed("robots.txt", robots_usage)]),
        robots_meta=_joined([header.robots_meta, page.robots_meta]),
        canonical=page.canonical,
        tdm_policy=policy if value is None else None,
    )


def _plain(text: str) -> str:
    """Text on one line, without controls and marks that turn the writing's direction; bounded."""
    clean = "".join(c if c.isprintable() else " " for c in text[: 4 * _MAX_TEXT])
    return " ".join(clean.split())[:_MAX_TEXT]


def _joined(texts: Iterable[str | None]) -> str | None:
    return " | ".join(dict.fromkeys(text for text in texts if text))[: 2 * _MAX_TEXT] or None


def _prefixed(place: str, text: str | None) -> str | None:
    return f"{place} {text}" if text else None


def _address(text: str) -> str | None:
    """An address that can be kept in one word, or None."""
    text = text.strip()
    usable = text and len(text) <= _MAX_ADDRESS and text.isprintable() and " " not in text
    return text if usable else None


def _flag(values: list[str]) -> int | None:
    """0 or 1; other values mean unset. Of two that disagree the reservation counts."""
    valid = {value.strip() for value in values} & {"0", "1"}
    return int(max(valid)) if valid else None


def _policy(values: list[str]) -> str | None:
    """The first usable address of a policy, its semicolons encoded: they part what we store."""
    for value in values:
        address = _address(value)
        if address and address.lower().startswith(("http://", "https://", "/")):
            return address.replace(";", "%3B")
    return None


def _reservation(value: int | None, policy: str | None, place: str) -> str | None:
    if value is None:
        return None
    return f"{value}{f'; policy={policy}' if policy else ''}; from={place}"


def _parts(reservation: str | None) -> tuple[int, str | None, str] | None:
    if reservation is None:
        return None
    value, *stated = reservation.split("; ")
    named = dict(part.split("=", 1) for part in stated)
    return int(value), named.get("policy"), named["from"]


def _robots_tag(value: str, agent: str) -> list[str]:
    """The directives of one X-Robots-Tag that address everyone or the agent.

    ``name:`` before a directive addresses it and those after it, up to the next name.
    """
    said: dict[str, list[str]] = {}
    addressee = ""
    for part in _plain(value).split(","):
        scope = _SCOPE.match(part)
        if scope and scope[1].lower() not in _VALUED:
            addressee = scope[1].lower()
            part = part[scope.end() :]
        if part.strip():
            said.setdefault(addressee, []).append(part.strip())
    return [
        f"header{f' {name}' if name else ''}: {', '.join(said[name])}"
        for name in ("", agent.lower())
        if name in said
    ]


@functools.lru_cache(maxsize=32)
def _tdmrep_rules(text: str) -> tuple[tuple[str, int | None, str | None], ...]:
    """Location, value and policy of each rule."""
    if len(text) > MAX_FILE_CHARACTERS:
        return ()
    try:
        read = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return ()
    rules = []
    for rule in read[:_MAX_RULES] if isinstance(read, list) else ():
        location = rule.get("location") if isinstance(rule, dict) else None
        if not isinstance(location, str) or not 0 < len(location) <= _MAX_ADDRESS:
            continue
        value = rule.get("tdm-reservation")
        policy = rule.get("tdm-policy")
        rules.append(
            (
                location,
                value if type(value) is int and value in (0, 1) else None,
                _policy([policy]) if isinstance(policy, str) else None,
            )
        )
    return tuple(rules)


def _decode(body: bytes, charset: str | None) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", errors="replace")
    try:
        name = codecs.lookup(charset or "utf-8").name.replace("-", "_")
    except (LookupError, ValueError):
        name = "utf_8"
    return body.decode(name if _CHARSETS.fullmatch(name) else "utf-8", errors="replace")


def _head(text: str) -> Iterable[tuple[str, dict[str, str]]]:
    """Each ``meta`` and ``link`` of the head with its attributes.

    A tokeniser of the head alone: the position only moves forward, and whatever is not closed ends
    the reading, so that hostile markup costs no more than one pass.
    """
    position = 0
    while True:
        start = text.find("<", position)
        if start < 0 or _TEXT.search(text, position, start):
            return
        tag = _TAG.match(text, start)
        if tag is None:
            position = _declaration_end(text, start)
            if position < 0:
                return
            continue
        name = tag[2].lower()
        attributes, position = _attributes(text, tag.end())
        if position < 0:
            return
        if tag[1]:
            if name in _BODY_ENDS:
                return
        elif name in _RAW:
            end = _RAW_END[name].search(text, position)
            if end is None:
                return
            position = end.start()
        elif name not in _VOID:
            return
        elif name in {"meta", "link"}:
            yield name, attributes


def _declaration_end(text: str, start: int) -> int:
    """Where a comment, a doctype or the like ends; -1: never, or it is text after all."""
    if text.startswith("<!--", start):
        # From the dashes on: "<!-->" is a comment too.
        end = _COMMENT_END.search(text, start + 2)
        return end.end() if end else -1
    if text[start + 1 : start + 2] not in {"!", "?", "/"}:
        return -1
    return text.find(">", start) + 1 or -1


def _attributes(text: str, position: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag, the first of a name counting, and where it ends; -1: it does not."""
    found: dict[str, str] = {}
    while attribute := _ATTRIBUTE.match(text, position):
        position = attribute.end()
        value = ""
        if attribute[2]:
            quote = text[position : position + 1]
            if quote in {'"', "'"}:
                end = text.find(quote, position + 1)
                if end < 0:
                    return found, -1
                value = text[position + 1 : end]
                position = end + 1
            else:
                bare = _BARE.match(text, position)
                value = bare[0] if bare else ""
                position += len(value)
        # No statement is so long, and unescape() fails on numbers of 4,300 digits.
        kept = unescape(value) if len(value) <= 2 * _MAX_ADDRESS else ""
        found.setdefault(attribute[1].lower(), kept)
    return found, text.find(">", position) + 1 or -1
