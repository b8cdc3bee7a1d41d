"""How well feeds are read, beside bare feedparser on the same files in the same run.

``python -m evals.feeds [--list GROUP]`` reads ``feeds/conditions`` of the evaluation data: 894 feeds,
each with an ``Expect:`` expression over feedparser's result in its leading comment.

A condition is counted in a group when all that it asks of the feed is there in our records: titles
(entries' and the feed's), links (``link``, ``links[n].href``), dates, ids, and beside these authors,
summaries and contents. What it says of form (``bozo``, ``version``, ``encoding``) is left aside
for both readers. The expression is interpreted, not executed.

What the readers differ in on purpose is levelled for both of them, on both sides of ``==``:

* text: we keep what is printed, feedparser markup that it sanitised; compared as printed text
  (tags, scripts and spaces out, references resolved). Where a condition expects nothing but
  tags, nothing printed is right. The strict column shows feedparser's own equality;
* dates: we keep instants, and of the printed form that of publication; compared as instants;
* authors: we keep names, feedparser "name (mail address)"; compared without mail addresses.
  Links and ids are compared as strings.
"""

from __future__ import annotations

import argparse
import ast
import html
import io
import re
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from evals.pages import shared_folder
from pipelines.ingest.web.feeds import read_feed
from pipelines.ingest.web.records import Entry, Feed, FeedError

GROUPS = ("titles", "links", "dates", "ids", "authors", "summaries", "contents")
ASKED = GROUPS[:4]
TEXTS = ("titles", "summaries", "contents")
SERVER = "http://127.0.0.1:8097/"
"""Where the conditions expect the files to have been served."""
_FORM = frozenset({"bozo", "version", "encoding", "bozo_exception"})
_INSTANTS = {"published", "issued", "updated", "modified", "date"}
_UNPRINTED = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-zA-Z][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
Address = tuple[str | int, ...]
Look = Callable[[Address], Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One file: bytes, address, headers as served, condition."""

    name: str
    payload: bytes
    url: str
    headers: dict[str, str]
    expectation: str | None


@dataclass(slots=True)
class Tally:
    """Results over all files."""

    files: int = 0
    crashes: list[str] = field(default_factory=list)
    with_entries: int = 0
    yielding: int = 0
    missing: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    held: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    failed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0.0


class NotAskedError(Exception):
    """The condition is about something that our records do not hold."""


def conditions(root: Path) -> Path:
    """Where the feeds lie: below ``eval``, or below the evaluation data's folder itself."""
    return (root / "eval" if (root / "eval").is_dir() else root) / "feeds/conditions"


def cases(root: Path) -> Iterator[Case]:
    """The files of ``feeds/conditions``; ``root`` holds ``eval``, or is that folder itself."""
    base = conditions(root)
    for path in sorted(base.rglob("*.xml")):
        payload = path.read_bytes()
        encoding = "utf-16" if payload[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        comment = payload.decode(encoding, "replace").partition("-->")[0]
        expected = re.search(r"Expect:\s*(.+?)\s*\n", comment + "\n")
        expectation = expected[1] if expected else None
        headers = {
            name.lower(): value.strip()
            for name, value in re.findall(r"^Header:\s*([\w-]+):[ \t]*(.*)$", comment, re.MULTILINE)
        }
        name = path.relative_to(base).as_posix()
        # Upstream serves the files named http_ and those about headers; the others have no address.
        served = path.name.startswith("http_") or path.parent.name == "http"
        own = SERVER + name if served else ""
        location = urljoin(own, headers.pop("content-location", ""))
        url = location if location.startswith("http") else own
        headers = {"content-type": "application/xml"} | headers
        yield Case(name, payload, url, headers, expectation)


def measure(root: Path) -> Tally:
    """Reads every file with both readers and asks both the same conditions."""
    import feedparser

    tally = Tally()
    warnings.simplefilter("ignore", DeprecationWarning)
    for case in cases(root):
        tally.files += 1
        headers = case.headers | {"content-location": case.url}
        bare = feedparser.parse(io.BytesIO(case.payload), response_headers=headers)
        begun = time.process_time()
        ours = _read(case, tally)
        tally.seconds += time.process_time() - begun
        if bare["entries"]:
            tally.with_entries += 1
            if ours is not None and len(ours.entries) == len(bare["entries"]):
                tally.yielding += 1
            else:
                tally.missing.append(case.name)
        if case.expectation:
            _ask(case, ours or Feed("none", ()), bare, tally)
    return tally


def _read(case: Case, tally: Tally) -> Feed | None:
    try:
        return read_feed(case.payload, url=case.url, content_type=case.headers["content-type"])
    except FeedError:
        return None
    except Exception as error:  # noqa: BLE001 - a crash is what is counted
        tally.crashes.append(f"{case.name}: {error!r}")
        return None


def _ask(case: Case, ours: Feed, bare: Any, tally: Tally) -> None:
    tree = ast.parse(case.expectation or "", mode="eval").body
    try:
        groups = [group_of(path) for path in paths(tree)]
    except NotAskedError:
        tally.asked["other"] += 1
        return
    if not groups:
        tally.asked["form only"] += 1
        return
    group = groups[0]
    tally.asked[group] += 1
    answers = {
        "newsledger": holds(tree, lambda path: ours_at(ours, path), levelled=True),
        "feedparser": holds(tree, lambda path: bare_at(bare, path), levelled=True),
        "feedparser, strict": holds(tree, lambda path: bare_at(bare, path), levelled=False),
    }
    for reader, answer in answers.items():
        tally.held[reader][group] += answer
    if not answers["newsledger"]:
        tally.failed[group].append(f"{case.name}: {case.expectation}")


def path_of(node: ast.expr) -> Address | None:
    """``entries[0]['title']`` and ``entries[0].title`` as ('entries', 0, 'title')."""
    if isinstance(node, ast.Name):
        return (node.id,)
    key: Any
    if isinstance(node, ast.Attribute):
        key = node.attr
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        key = node.slice.value
    else:
        return None
    above = path_of(node.value)
    return (*above, key) if above else None


def paths(node: ast.expr) -> list[Address]:
    """What an expression asks of the feed, its form aside. Raises NotAskedError on other syntax."""
    if (path := path_of(node)) is not None:
        return [] if path[0] in _FORM else [path]
    if isinstance(node, ast.Constant | ast.Tuple | ast.Dict):
        return []
    if isinstance(node, ast.BoolOp):
        return [path for value in node.values for path in paths(value)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return paths(node.operand)
    if isinstance(node, ast.Compare) and all(isinstance(op, ast.Eq) for op in node.ops):
        return [path for side in (node.left, *node.comparators) for path in paths(side)]
    raise NotAskedError(ast.dump(node)[:80])


def group_of(path: Address) -> str:
    """The group of what a path leads to. Raises NotAskedError where our records have no such thing."""
    match path:
        case ("entries", int(), "title") | ("entries", int(), "title_detail", "value"):
            return "titles"
        case ("feed", "title") | ("feed", "title_detail", "value"):
            return "titles"
        case ("entries", int(), "link") | ("entries", int(), "links", 0, "href"):
            return "links"
        case ("entries", int(), str(key)) if key.removesuffix("_parsed") in _INSTANTS:
            return "dates"
        case ("entries", int(), "id" | "guid"):
            return "ids"
        case ("entries", int(), "author") | ("entries", int(), "author_detail", "name"):
            return "authors"
        case ("entries", int(), "authors", int(), "name"):
            return "authors"
        case ("entries", int(), "summary" | "description"):
            return "summaries"
        case ("entries", int(), "summary_detail" | "description_detail", "value"):
            return "summaries"
        case ("entries", int(), "content", 0, "value"):
            return "contents"
    raise NotAskedError(str(path))


def ours_at(feed: Feed, path: Address) -> Any:
    """What our records hold under feedparser's path; raises LookupError where that is nothing."""
    if path[0] == "feed":
        return feed.title or ""
    entry = feed.entries[int(path[1])]
    key = str(path[2]).removesuffix("_parsed")
    value: Any
    if key in _INSTANTS:
        value = _date_of(entry, publication=key in ("published", "issued"))
    elif key == "authors":
        value = entry.authors[int(path[3])]
    else:
        value = {
            "title": entry.title, "title_detail": entry.title, "link": entry.url,
            "links": entry.url, "id": entry.guid, "guid": entry.guid,
            "author": "".join(entry.authors[:1]) or None,
            "author_detail": "".join(entry.authors[:1]) or None,
            # Without a summary, feedparser gives the content for it.
            "summary": entry.summary or entry.content,
            "description": entry.summary or entry.content,
            "summary_detail": entry.summary, "description_detail": entry.summary,
            "content": entry.content,
        }[key]  # fmt: skip
    if value is None and group_of(path) in TEXTS:
        # A text in which nothing is printed (a picture, an empty element) is None with us.
        return ""
    if value is None:
        raise LookupError(key)
    return value


def _date_of(entry: Entry, *, publication: bool) -> datetime | None:
    # feedparser files dc:date under "updated"; with us it is the date of publication, so that the
    # one date an entry has answers for both.
    if publication:
        return entry.published
    return entry.modified or entry.published


def bare_at(result: Any, path: Address) -> Any:
    """The same of feedparser's result."""
    value = result
    for key in path:
        value = value[key]
    return value


def holds(tree: ast.expr, look: Look, *, levelled: bool) -> bool:
    """Whether a condition holds, its form aside; one about something that is not there does not."""
    try:
        return bool(_value(tree, look, levelled))
    except (LookupError, TypeError):
        return False


def _value(node: ast.expr, look: Look, levelled: bool) -> Any:
    if (path := path_of(node)) is not None:
        return look(path)
    if isinstance(node, ast.BoolOp):
        asked = [value for value in node.values if paths(value)]
        answers = (_value(value, look, levelled) for value in asked)
        return all(answers) if isinstance(node.op, ast.And) else any(answers)
    if isinstance(node, ast.UnaryOp):
        return not _value(node.operand, look, levelled)
    if isinstance(node, ast.Compare):
        sides = [_value(side, look, levelled) for side in (node.left, *node.comparators)]
        if levelled:
            group = group_of(paths(node)[0])
            sides = [_levelled(side, group) for side in sides]
        return all(side == sides[0] for side in sides[1:])
    return ast.literal_eval(node)


def _levelled(value: Any, group: str) -> Any:
    if group in TEXTS:
        return _printed(str(value))
    if group == "dates":
        return _instant(value)
    if group == "authors":
        return re.sub(r"\s*[(<]?\S+@\S+[)>]?\s*", "", str(value)).strip(" ()")
    return value


def _printed(text: str) -> str:
    before = None
    while text != before:
        before = text
        text = html.unescape(_UNPRINTED.sub(" ", text))
    return "".join(text.split())


def _instant(value: Any) -> datetime | None:
    from feedparser.datetimes import _parse_date

    parsed = _parse_date(value) if isinstance(value, str) else value
    if isinstance(parsed, tuple):
        return datetime(*parsed[:6], tzinfo=UTC)  # type: ignore[misc]
    return parsed if isinstance(parsed, datetime) else None


def print_tally(tally: Tally) -> None:
    """The table: groups by reader, and the counts before it."""
    print(f"files {tally.files}, crashes {len(tally.crashes)}, CPU {tally.seconds:.1f} s")
    print(f"files with entries {tally.with_entries}, yielding all of them {tally.yielding}")
    for line in (*tally.crashes, *tally.missing):
        print(f"  {line}")
    rest = sum(tally.asked[name] for name in ("other", "form only"))
    print(
        f"conditions in the groups {sum(tally.asked.values()) - rest}, about other things {rest}\n"
    )
    readers = ("newsledger", "feedparser", "feedparser, strict")
    print(f"{'conditions that hold':22}{'asked':>6}" + "".join(f"{r:>20}" for r in readers))
    for label, groups in (*((g, (g,)) for g in GROUPS[:4]), ("the four together", ASKED),
                          *((g, (g,)) for g in GROUPS[4:])):  # fmt: skip
        asked = sum(tally.asked[g] for g in groups)
        cells = (sum(tally.held[r][g] for g in groups) for r in readers)
        print(f"{label:22}{asked:6}" + "".join(f"{n:12} {n / max(asked, 1):7.1%}" for n in cells))


def figures(tally: Tally) -> dict[str, dict[str, float]]:
    """Shares of conditions that hold, by group and reader."""
    found = {
        group: {
            reader: tally.held[reader][group] / tally.asked[group]
            for reader in ("newsledger", "feedparser")
        }
        for group in GROUPS
        if tally.asked[group]
    }
    return found | {
        "files that yield all entries": {"newsledger": tally.yielding / (tally.with_entries or 1)}
    }


def main(arguments: list[str] | None = None) -> int:
    """Print the figures. Exit code 2 where the evaluation data is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.feeds", description="Readers of feeds, measured."
    )
    parser.add_argument("--list", choices=GROUPS, help="list our failures in a group")
    options = parser.parse_args(arguments)
    root = shared_folder()
    if not conditions(root).is_dir():
        print(f"no evaluation data at {root}; set NEWSLEDGER_SHARED", file=sys.stderr)
        return 2
    tally = measure(root)
    print_tally(tally)
    for line in tally.failed[options.list or ""]:
        print(f"  {line}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
