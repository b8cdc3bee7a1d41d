"""The hand-labelled plain text documents: headline, body, date, every line's role, mentions.

A folder of ``.txt`` files and, beside it, one named ``<folder>_gold`` with a JSON file a document:
``file, title, published, language, body, mentions, optional_spans`` and ``lines``, each raw line with
its ``label``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from evals import measures
from evals.bootstrap import Contribution
from evals.extraction import contributions
from evals.pages import LATE, Folders, Page, PagesError, digest_of
from evals.readers import BARE, OURS, article_of, quiet, read_trafilatura, reading_of
from evals.scores import Scored
from evals.warehouse import span_sets
from pipelines.clean.records import Article, Block

NAME = "seeds"
_BODY = frozenset({"body", "list_item", "quote", "standfirst", "table", "heading"})
LEDGER_ROLES: dict[str, frozenset[str]] = {
    "title": frozenset({"headline"}),
    "body": _BODY - {"heading"},
    "heading": frozenset({"heading"}),
    "caption": frozenset({"caption"}),
    "credit": frozenset({"credit"}),
    "byline": frozenset({"byline"}),
    "date": frozenset({"date"}),
    "dateline": frozenset({"dateline"}),
    "section": frozenset({"section"}),
    "outlet": frozenset({"outlet"}),
    # All of another piece: its title, summary and age alike.
    "related": frozenset({"teaser"}),
    "chrome": frozenset(
        {"paywall", "share", "navigation", "note", "comment", "placeholder", "teaser", "outlet",
         "other"}
    ),
}  # fmt: skip
"""Which ledger roles are right for a labelled line."""
KEPT_LABELS = frozenset({"body", "heading"})
"""Labels of lines that belong to the body; all others are to be left out."""
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_REACH = 2_000
"""Letters of the ledger within which a line's place is looked for, from the last one on."""


def gold_documents(folders: Folders) -> list[dict[str, Any]]:
    """Labels of each document, in file order.

    Raises:
        PagesError: a label file is no JSON object or its document is missing.

    """
    documents = []
    for path in sorted(folders.gold.glob("*.json")):
        try:
            gold = json.loads(path.read_text(encoding="utf-8"))
            (folders.seeds / gold["file"]).stat()
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise PagesError(f"{path}: {error!r}") from error
        documents.append(gold)
    return documents


def score_seeds(folders: Folders) -> Scored:
    """Scores of the working tree on each document, trafilatura's beside them."""
    gold = gold_documents(folders)
    files = [folders.seeds / g["file"] for g in gold] + list(folders.gold.glob("*.json"))
    scored = Scored(NAME, digest_of(files))
    for labels in gold:
        page = _page(folders.seeds / labels["file"], labels)
        article = article_of(page, "text/plain")
        with quiet():
            bare = read_trafilatura(page)
        ours = contributions(reading_of(article), page.truth)
        ours |= _date(labels, reading_of(article).published)
        ours |= line_scores(labels["lines"], article.blocks if article else ())
        ours["mentions"] = _mentions(labels, article)
        theirs = contributions(bare, page.truth) | _date(labels, bare.published)
        scored.add(page.id, page.language, {OURS: ours, BARE: theirs})
    return scored


def _page(path: Path, gold: dict[str, Any]) -> Page:
    truth = {label: gold[label] for label in ("title", "body")}
    return Page(path.name, None, path.read_bytes(), gold["language"], LATE, truth)


def _date(gold: dict[str, Any], found: str | None) -> dict[str, Contribution]:
    """Where the document states no date, none is the right answer."""
    stated = gold.get("published")
    right = found is None if stated is None else measures.same_day(stated, found or "")
    return {"date": (float(right), 1.0)}


def line_scores(
    lines: Sequence[dict[str, Any]], blocks: Sequence[Block]
) -> dict[str, Contribution]:
    """Lines with letters or digits whose role is right, and those rightly kept or left out."""
    roles = kept = asked = 0
    for line, block in lines_with_blocks(lines, blocks):
        asked += 1
        in_body = block is not None and block.is_body
        is_kept = in_body is (line["label"] in KEPT_LABELS)
        kept += is_kept
        roles += is_kept and block is not None and block.role in LEDGER_ROLES[line["label"]]
    return {"line_roles": (float(roles), float(asked)), "line_kept": (float(kept), float(asked))}


def lines_with_blocks(
    lines: Iterable[dict[str, Any]], blocks: Sequence[Block]
) -> list[tuple[dict[str, Any], Block | None]]:
    """Each labelled line with the ledger block it went into; None: the ledger lost it.

    Compared by letters and digits alone, link targets aside. Lines that a fixed width broke share a
    block; lines without a letter or digit are left out.
    """
    stream, owners = "", []
    for number, block in enumerate(blocks):
        key = _key(block.text)
        stream += key
        owners += [number] * len(key)
    pairs: list[tuple[dict[str, Any], Block | None]] = []
    place = 0
    for line in lines:
        key = _key(line["text"])
        if not key or line["label"] == "blank":
            continue
        at = stream.find(key, place, place + len(key) + _REACH)
        pairs.append((line, None if at < 0 else blocks[owners[at]]))
        place = place if at < 0 else at + len(key)
    return pairs


def _key(text: str) -> str:
    text = unicodedata.normalize("NFC", _LINK.sub(r"\1", text))
    return "".join(c for c in text if c.isalnum())


def _mentions(gold: dict[str, Any], article: Article | None) -> Contribution:
    """Exact span and type in the body as it was read, against the labels."""
    from pipelines.normalise.annotate import annotate
    from pipelines.normalise.records import Text

    row: dict[str, Any] = {"article_body": "", "mentions": []}
    if article is not None:
        text = Text(gold["file"], 1, article.headline, article.article_body, article.in_language)
        row["article_body"] = article.article_body
        row["mentions"] = [
            {"type": m.mention_type, "start": m.start_char, "end": m.end_char,
             "in_headline": m.in_headline}
            for m in annotate(text).mentions
        ]  # fmt: skip
    true, said = span_sets(gold["file"], gold, row)
    return (2.0 * len(true & said), float(len(true) + len(said)))
