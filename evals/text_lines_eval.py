"""How well plain text pages are read, on pages whose markup was taken away.

``python -m evals.text_lines_eval [--set publishers --set bodies] [--worst N] [--tight]`` renders every
labelled HTML page as a naive text extractor would, all of its visible text with a line a block,
reads that text as a ``.txt`` file and compares the body with the true one. ``--dump PAGE`` prints
one page's ledger. The labelled pages lie outside the checkout: in ``$NEWSLEDGER_SHARED`` or in
``../shared``.

The bounds of the measure: ``all text`` keeps every line; ``best lines`` keeps every line of which
most words occur in the true body, which no reader of the lines can know.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from evals.pages import load_module, shared_folder
from pipelines.clean.characters.decoding import decode
from pipelines.clean.extract import extract
from pipelines.clean.records import Article, Capture

SETS = ("publishers", "bodies")
_LATE = datetime(2035, 1, 1, tzinfo=UTC)
_UNSEEN = frozenset(
    {
        "head", "script", "style", "noscript", "template", "iframe", "object", "svg", "math",
        "canvas", "audio", "video", "select", "textarea", "input", "datalist",
    }
)  # fmt: skip
_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i",
        "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub",
        "sup", "time", "tt", "u", "var", "wbr", "picture", "source", "del", "data", "button",
    }
)  # fmt: skip
_APART = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "figure", "table"}
)
"""Elements that every browser sets off by a margin: a blank line in text."""


@dataclass(slots=True)
class Scores:
    """Token scores of one set, a page an item."""

    f1: list[float] = field(default_factory=list)
    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    all_text: list[float] = field(default_factory=list)
    best_lines: list[float] = field(default_factory=list)
    languages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    pages: list[tuple[float, float, float, str]] = field(default_factory=list)
    cpu_seconds: float = 0.0


def visible_text(payload: bytes, *, tight: bool = False) -> str:
    """A page's visible text, a line a block.

    Args:
        payload: the page's bytes.
        tight: no blank lines, where a browser would show a margin.

    Returns:
        Text without markup; paragraphs, headings, lists and figures are set off by blank lines.

    """
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=False)
    root = html.document_fromstring(decode(payload, None).encode("utf-8", "replace"), parser)
    lines: list[str] = []
    run: list[str] = []

    def flush() -> None:
        text = " ".join("".join(run).split())
        run.clear()
        if text:
            lines.append(text)

    def gap() -> None:
        flush()
        if lines and lines[-1] and not tight:
            lines.append("")

    for event, element in _walk(root):
        tag = element.tag
        if event == "tail":
            run.append(element.tail or "")
            continue
        if tag == "br":
            flush()
        elif tag not in _INLINE:
            gap() if tag in _APART else flush()
        if event == "start":
            run.append(element.text or "")
    flush()
    return "\n".join(lines)


def _walk(root: Any) -> Iterator[tuple[str, Any]]:
    """Shown elements: their start, their end and, shown or not, the text after them."""
    stack: list[tuple[str, Any]] = [("start", root)]
    while stack:
        event, element = stack.pop()
        if event == "start":
            if not isinstance(element.tag, str) or element.tag in _UNSEEN or _hidden(element):
                continue
            stack.append(("end", element))
            for child in reversed(element):
                stack += [("tail", child), ("start", child)]
        yield event, element


def _hidden(element: Any) -> bool:
    if element.tag in {"html", "body"}:
        return False  # hidden only until a script shows the page
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style


def read_text(text: str, url: str | None, fetched_at: datetime) -> Article | None:
    """The text through our reader as a ``.txt`` file; None where it is skipped."""
    capture = Capture("eval", "eval", url, "text/plain", "utf-8", text.encode(), fetched_at)
    article = extract(capture)
    return article if isinstance(article, Article) else None


def score_set(root: Path, name: str, *, tight: bool) -> Scores:
    """Scores on ``extraction/<name>``."""
    load = load_module(root / "eval" / "load.py")
    measures = load_module(root / "eval" / "measures.py")
    scores = Scores()
    for _, payload, truth, row in load.pages(root / "eval", name):
        if not truth.get("body"):
            continue
        text = visible_text(payload, tight=tight)
        begun = time.process_time()
        article = read_text(text, None, _LATE)
        scores.cpu_seconds += time.process_time() - begun
        body = article.article_body if article else ""
        _add(scores, truth["body"], body, text, row, measures)
    return scores


def _add(
    scores: Scores, true: str, body: str, text: str, row: dict[str, Any], measures: ModuleType
) -> None:
    token = measures.CJK_OR_WORD
    wanted, found = (Counter(token.findall(t.lower())) for t in (true, body))
    hits = sum((wanted & found).values())
    precision, recall = hits / (sum(found.values()) or 1), hits / (sum(wanted.values()) or 1)
    f1 = measures.token_f1(true, body)
    scores.f1.append(f1)
    scores.precision.append(precision)
    scores.recall.append(recall)
    scores.languages[row.get("lang") or "?"].append(f1)
    scores.pages.append((f1, precision, recall, str(row["id"])))
    scores.all_text.append(measures.token_f1(true, text))
    grams = set(measures.shingles(true.lower(), n=3, token=token))
    best = [line for line in text.split("\n") if _mostly(line, grams, measures)]
    scores.best_lines.append(measures.token_f1(true, "\n".join(best)))


def _mostly(line: str, grams: set[tuple[str, ...]], measures: ModuleType) -> bool:
    own = measures.shingles(line.lower(), n=3, token=measures.CJK_OR_WORD)
    return bool(sum(n for gram, n in own.items() if gram in grams) > 0.5 * sum(own.values()))


def print_set(name: str, scores: Scores, worst: int) -> None:
    """One set's table."""
    mean = statistics.mean
    print(
        f"[{name}] {len(scores.f1)} pages  token F1 {mean(scores.f1):.4f}"
        f"  P {mean(scores.precision):.4f}  R {mean(scores.recall):.4f}"
        f"  median {statistics.median(scores.f1):.4f}"
        f"  | all text {mean(scores.all_text):.4f}  best lines {mean(scores.best_lines):.4f}"
        f"  | {1000 * scores.cpu_seconds / len(scores.f1):.1f} ms a page"
    )
    print(
        "  "
        + "  ".join(
            f"{language} {mean(values):.3f} ({len(values)})"
            for language, values in sorted(scores.languages.items())
        )
    )
    for f1, precision, recall, page in sorted(scores.pages)[:worst]:
        print(f"  {f1:.3f}  P {precision:.3f}  R {recall:.3f}  {page}")


def dump(root: Path, page: str, *, tight: bool) -> None:
    """Prints one page's ledger, the true body's lines marked by ``=``."""
    load = load_module(root / "eval" / "load.py")
    measures = load_module(root / "eval" / "measures.py")
    for name in SETS:
        for _, payload, truth, row in load.pages(root / "eval", name):
            if str(row["id"]) != page:
                continue
            article = read_text(visible_text(payload, tight=tight), None, _LATE)
            grams = set(measures.shingles(truth["body"].lower(), n=3, token=measures.CJK_OR_WORD))
            for block in article.blocks if article else ():
                true = "=" if _mostly(block.text, grams, measures) else " "
                kept = "+" if block.is_body else " "
                print(f"{true}{kept} {block.rule_id:24} {block.text[:150]}")


def main(arguments: list[str] | None = None) -> int:
    """Print the tables. Exit code 2 where the evaluation data is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.text_lines_eval", description="Plain text pages, measured."
    )
    parser.add_argument("--set", dest="sets", action="append", choices=SETS)
    parser.add_argument("--worst", type=int, default=0, help="list so many of the worst a set")
    parser.add_argument("--tight", action="store_true", help="render without blank lines")
    parser.add_argument("--dump", metavar="PAGE", help="print one page's ledger instead")
    options = parser.parse_args(arguments)
    root = shared_folder()
    if not (root / "eval" / "measures.py").is_file():
        print(f"no evaluation data at {root}; set NEWSLEDGER_SHARED", file=sys.stderr)
        return 2
    if options.dump:
        dump(root, options.dump, tight=options.tight)
        return 0
    for name in options.sets or SETS:
        print_set(name, score_set(root, name, tight=options.tight), options.worst)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
