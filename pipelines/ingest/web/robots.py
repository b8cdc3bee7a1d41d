"""Robots rules (RFC 9309): what a site lets us ask for, how often, and the sitemaps it names.

Lines and groups are read here; what a pattern matches is Protego's to say, which sees the rules of
one group only. Its own reading of groups is not used: it ends a group at records the RFC says must
not end one (section 2.2.4), it takes ``User-agent: news`` for any name that begins so, and a file
of 97 KB (3,000 agents over 3,000 rules) cost it 13 s and 640 MB.
"""

from __future__ import annotations

import codecs
import functools
import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import quote, urlsplit

from protego import Protego

TOKEN = "newsledger"  # noqa: S105 - a product token
"""Our product token: the name that a group of rules addresses us by."""

MAX_BYTES = 500 * 1024
"""What is read of a file (RFC 9309, section 2.5: at least 500 KiB)."""

State = Literal["rules", "none", "unreachable"]

_LONGEST = timedelta(hours=24)  # RFC 9309, section 2.4
# A floor, so that no run (20 minutes at most) asks a site that forbids caching twice.
_SHORTEST = timedelta(minutes=30)
_UNREACHABLE = timedelta(hours=1)
_MAX_SITEMAPS = 500
_MAX_USAGE = 50
_MAX_USAGE_CHARACTERS = 500

# 408 and 429 are 4xx, of which the RFC says that the crawler MAY go on. They state a passing fault
# and a wish to be left alone, not that there is no file: reading them as consent would send more
# requests to a site that has just refused one for being too many.
_PASSING = frozenset({408, 429})

# Names of records as written, misspellings that Protego and Google's parser also accept included.
_FIELDS = {
    **dict.fromkeys(("user-agent", "useragent", "user agent"), "user-agent"),
    "allow": "allow",
    **dict.fromkeys(
        ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"), "disallow"
    ),
    **dict.fromkeys(("crawl-delay", "crawldelay", "crawl delay"), "crawl-delay"),
    **dict.fromkeys(("sitemap", "sitemaps", "site-map"), "sitemap"),
    "content-usage": "content-usage",
    "content-signal": "content-signal",
}
_NAME = re.compile(r"[A-Za-z_-]+")  # RFC 9309, section 2.2.1: all that a product token may hold
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_MAX_AGE = re.compile(r"(?:^|[\s,;])max-age\s*=\s*\"?([0-9]+)", re.IGNORECASE)
_UNCACHED = re.compile(r"(?:^|[\s,;])no-(?:store|cache)(?![\w-])", re.IGNORECASE)
_VISIBLE = "".join(map(chr, range(0x20, 0x7F)))


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin's robots.txt says to one agent."""

    state: State
    """rules; none (there is no file: all is allowed); unreachable (all is forbidden)."""
    reason: str = ""
    text: str | None = None
    """The file as it was read, to be kept and given to ``restore``; None without rules."""
    crawl_delay: float | None = None
    """Seconds between requests that our group, or else the group of all agents, asks for."""
    sitemaps: tuple[str, ...] = ()
    """As stated, in order; the standard asks for absolute addresses, some are relative."""
    _usage: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    _patterns: Protego | None = field(default=None, repr=False, compare=False)

    @property
    def status(self) -> str:
        """The state, and after a colon its reason: what ``raw.origins.robots_status`` holds."""
        return f"{self.state}: {self.reason}" if self.reason else self.state

    def allowed(self, url: str) -> bool:
        """Whether an address of this origin may be asked for.

        ``/robots.txt`` itself always may (section 2.2.2); what is no address never.
        """
        try:
            if urlsplit(url).path == "/robots.txt":
                return True
            if self._patterns is None:
                return self.state != "unreachable"
            return self._patterns.can_fetch(url, TOKEN)
        except ValueError:  # an unclosed bracket, a lone surrogate
            return False

    def verdict(self, url: str) -> str:
        """The same as ``raw.fetches.robots_verdict`` says it: allowed, disallowed, unreachable."""
        if self.allowed(url):
            return "allowed"
        return "unreachable" if self.state == "unreachable" else "disallowed"

    def usage(self, url: str) -> str | None:
        """Usage preferences that the file states for an address, as written, or None.

        ``Content-Usage`` (draft-ietf-aipref-attach: an optional path before the preference, the
        longest matching path counts) and ``Content-Signal``, each with its name before a colon,
        joined with `` | ``.
        """
        found = []
        for name in ("content-usage", "content-signal"):
            matching = [
                (path, said)
                for kind, path, said in self._usage
                if kind == name and (not path or matches(path, url))
            ]
            longest = max((len(path) for path, _ in matching), default=0)
            found += [f"{name}: {said}" for path, said in matching if len(path) == longest]
        return " | ".join(dict.fromkeys(found)) or None


def read_rules(
    status: int | None, body: bytes, *, agent: str = TOKEN, reason: str | None = None
) -> Rules:
    """The rules that an answer to ``GET /robots.txt`` sets (RFC 9309, section 2.3.1).

    ``status`` is that of the answer after redirects were followed, five at least: 2xx is read; 4xx
    means no rules, 401 and 403 too, but 408 and 429 count as unreachable; 5xx, anything else and
    None (no answer) are unreachable. A 3xx here is a redirect too many or one that leads nowhere,
    which may be taken for a missing file (2.3.1.2); 304, to which there is nothing to read, may
    not. ``reason`` replaces the status in the result's reason: why there was no answer.
    """
    if status is not None and 200 <= status < 300:
        return from_text(_decode(_cut(body)), agent=agent)
    said = reason or ("no answer" if status is None else str(status))
    missing = status is not None and 300 <= status < 500 and status != 304
    return Rules("none" if missing and status not in _PASSING else "unreachable", said)


def from_text(text: str, *, agent: str = TOKEN) -> Rules:
    """The rules for ``agent``, a product token, of a robots.txt that was read.

    Groups that name the agent are merged; the groups of ``*`` count only where there is none
    (section 2.2.1). Lines that cannot be read are passed over. Time and memory grow with the
    text's length alone, of which 500 Ki characters are read.
    """
    if len(text) > MAX_BYTES:
        text = text[: max(text.rfind("\n", 0, MAX_BYTES), text.rfind("\r", 0, MAX_BYTES), 0)]
    records, sitemaps = _records(text, agent.lower())
    rules = dict.fromkeys(
        f"{name}: {_encoded(value)}" for name, value in records if name in {"allow", "disallow"}
    )
    # The first: where a file holds delays only, those of the agents after ours are in our group.
    delays = (_seconds(value) for name, value in records if name == "crawl-delay")
    return Rules(
        state="rules",
        text=text,
        crawl_delay=next((delay for delay in delays if delay is not None), None),
        sitemaps=tuple(dict.fromkeys(sitemaps))[:_MAX_SITEMAPS],
        _usage=_preferences(records),
        _patterns=Protego.parse("\n".join(["user-agent: *", *rules])),
    )


def restore(status: str, text: str | None, *, agent: str = TOKEN) -> Rules:
    """Rules from ``Rules.status`` and ``Rules.text`` as they were kept."""
    state, _, reason = status.partition(":")
    if state == "rules":
        return from_text(text or "", agent=agent)
    return Rules("none" if state == "none" else "unreachable", reason.strip())


def expires(fetched_at: datetime, cache_control: str | None, *, state: State = "rules") -> datetime:
    """When a robots.txt that was asked for at ``fetched_at`` is to be asked for again.

    After what Cache-Control's max-age says, 30 minutes at least, 24 hours at most and by default
    (RFC 9309, section 2.4); an unreachable one after an hour. A caller that still holds rules from
    before may keep their text for the day the file is back, but section 2.3.1.4 wants all
    forbidden in the meantime, and ``Rules`` of an unreachable file do that.
    """
    if state == "unreachable":
        return fetched_at + _UNREACHABLE
    said = cache_control or ""
    age = _MAX_AGE.search(said)
    if _UNCACHED.search(said):
        return fetched_at + _SHORTEST
    if age is None:
        return fetched_at + _LONGEST
    # Longer numbers than a day has seconds need no reading: int() refuses those of 4,300 digits.
    seconds = int(age[1]) if len(age[1]) < 10 else math.inf
    return fetched_at + max(_SHORTEST, timedelta(seconds=min(seconds, _LONGEST.total_seconds())))


def matches(pattern: str, url: str) -> bool:
    """Whether a path pattern (``*``, a final ``$``) matches an address as a robots rule would."""
    try:
        urlsplit(url)
        return not _single(pattern).can_fetch(url, TOKEN)
    except ValueError:
        return False


@functools.lru_cache(maxsize=1024)
def _single(pattern: str) -> Protego:
    return Protego.parse(f"user-agent: *\ndisallow: {_encoded(pattern)}")


def _cut(body: bytes) -> bytes:
    """The first 500 KiB without the line that the limit cuts: half of it may say another thing."""
    if len(body) <= MAX_BYTES:
        return body
    return body[: max(body.rfind(b"\n", 0, MAX_BYTES), body.rfind(b"\r", 0, MAX_BYTES), 0)]


def _decode(body: bytes) -> str:
    # The RFC knows UTF-8 only; a file with a mark of UTF-16 is read all the same, because what it
    # forbids would be lost otherwise.
    wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = body.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    return text.replace("\0", "\ufffd")


def _records(text: str, agent: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The records of the agent's group, each a name and a value that is not empty, and sitemaps."""
    own: list[tuple[str, str]] = []
    general: list[tuple[str, str]] = []
    sitemaps: list[str] = []
    named = grouped = is_own = is_general = ended = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        name, value = _record(line)
        if name == "user-agent":
            if ended:
                is_own = is_general = ended = False
            grouped = True
            token = _NAME.match(value)
            is_own |= token is not None and token[0].lower() == agent
            is_general |= value.split(maxsplit=1)[:1] == ["*"]
            named |= is_own
            continue
        # Allow and disallow alone end the list of agents, even without a value.
        ended |= name in {"allow", "disallow"}
        if not name or not value:
            continue
        if name == "sitemap":
            sitemaps.append(value)
            continue
        # A preference that stands before all groups is for everyone.
        for_all = not grouped and name.startswith("content-")
        if is_own or for_all:
            own.append((name, value))
        if is_general or for_all:
            general.append((name, value))
    return (own if named else general), sitemaps


def _record(line: str) -> tuple[str, str]:
    line = line.partition("#")[0].strip("\ufeff \t")
    name, colon, value = line.partition(":")
    known = _FIELDS.get(name.strip().lower()) if colon else None
    if known:
        return known, value.strip()
    # "Disallow /private" without its colon; more than two words are prose.
    words = line.split()
    if len(words) == 2:
        return _FIELDS.get(words[0].lower(), ""), words[1]
    return "", ""


def _encoded(pattern: str) -> str:
    """A pattern in printable ASCII (section 2.2.2), so that nothing in it can end a line."""
    return quote(pattern, safe=_VISIBLE, errors="replace")


def _seconds(value: str) -> float | None:
    number = float(value) if _SECONDS.fullmatch(value) else math.inf
    return number if math.isfinite(number) else None


def _preferences(records: list[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    """Name, path (empty: all) and preference of each usage record."""
    found: dict[tuple[str, str, str], None] = {}
    for name, value in records:
        if not name.startswith("content-") or len(value) > _MAX_USAGE_CHARACTERS:
            continue
        path = value.split(maxsplit=1)[0] if value.startswith("/") else ""
        said = "".join(c if c.isprintable() else " " for c in value[len(path) :])
        if said.strip():
            found[name, path, " ".join(said.split())] = None
    return tuple(found)[:_MAX_USAGE]
