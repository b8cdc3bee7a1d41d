"""Fits the confidence of spans to labelled news and says how far it holds.

Run ``python -m evals.fit_confidence``: fits on one half of each set's documents, prints the
reliability on the other half and the expected calibration error. With ``--write`` it then fits on
all documents and writes ``pipelines/normalise/data/confidence.csv``.

* seeds: type and exact span. paragraphs: exact span; the type where the label's entity has one of
  ours. local: exact spans of places, among the spans that are called places.
* Sentences and KORE50 are left out: their labels leave names out that are right.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from evals.names.documents import Document, Place, linked, local_news, rows, seeds
from evals.pages import shared_folder
from pipelines.normalise import confidence, model
from pipelines.normalise.annotate import language_of
from pipelines.normalise.catalogue import default_catalogue
from pipelines.normalise.consistency import consistent
from pipelines.normalise.recognise import Passage, recognise
from pipelines.normalise.records import Text
from pipelines.normalise.rule_words import DATA

# Wikidata classes of the labels, and which of our types name such a thing.
_TYPES = {
    "Q215627": {"person"},
    "Q27096213": {"place", "nationality"},
    "Q43229": {"organization"},
    "Q1656682": {"event"},
}
_UNTYPED = "OTHER"

Labelled = tuple[confidence.Bucket, bool]
Counts = dict[confidence.Bucket, tuple[int, int]]


def labelled(root: Path) -> Iterator[tuple[str, list[Labelled]]]:
    """Each document's name and its spans: their buckets, and whether they are right."""
    for document in seeds(root / "seeds_gold"):
        yield f"seeds/{document.key}", list(_judged(document, None))
    paragraphs = root / "eval" / "entities" / "news_paragraphs.jsonl"
    types = _paragraph_types(paragraphs)
    for document in linked(paragraphs):
        yield f"paragraphs/{document.key}", list(_judged(document, types))
    for document in local_news(root / "eval" / "places" / "local_news.jsonl"):
        found = [one for one in _judged(document, None) if one[0][1] == "place"]
        yield f"local/{document.key}", found


def counted(spans: Iterable[Labelled]) -> Counts:
    """Right and all spans of each bucket and each of its beginnings."""
    counts: dict[confidence.Bucket, list[int]] = defaultdict(lambda: [0, 0])
    for bucket, right in spans:
        for level in range(1, len(bucket) + 1):
            counts[bucket[:level]][0] += right
            counts[bucket[:level]][1] += 1
    return {bucket: (right, total) for bucket, (right, total) in sorted(counts.items())}


def reliability(
    spans: Iterable[Labelled], counts: Counts, bins: int = 10
) -> tuple[list[tuple[float, float, int]], float]:
    """Mean confidence, share right and number of each bin; the expected calibration error."""
    found: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for bucket, right in spans:
        share = confidence.probability(bucket, counts)
        found[min(int(share * bins), bins - 1)].append((share, right))
    rows = [
        (sum(s for s, _ in one) / len(one), sum(r for _, r in one) / len(one), len(one))
        for one in found
        if one
    ]
    total = sum(number for *_, number in rows) or 1
    return rows, sum(abs(said - right) * number for said, right, number in rows) / total


def main() -> int:
    """Print the reliability on the held-out halves; 2 where the evaluation data is absent."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--write", action="store_true", help="fit on all and write the table")
    options = parser.parse_args()
    root = shared_folder()
    if not (root / "eval").is_dir():
        print(f"no evaluation data at {root}; set NEWSLEDGER_SHARED", file=sys.stderr)
        return 2
    documents = list(labelled(root))
    halves: tuple[list[Labelled], list[Labelled]] = [], []
    for name, spans in documents:
        halves[hashlib.sha256(name.encode()).digest()[0] % 2].extend(spans)
    for fitted, held_out in (halves, halves[::-1]):
        rows, error = reliability(held_out, counted(fitted))
        print(f"\nfitted on {len(fitted)} spans, checked on {len(held_out)}")
        print("confidence  right  spans")
        for said, right, number in rows:
            print(f"{said:10.3f} {right:6.3f} {number:6}")
        print(f"expected calibration error {error:.3f}")
    if options.write:
        _write(counted([*halves[0], *halves[1]]), DATA / "confidence.csv")
    return 0


def _judged(document: Document, types: dict[Place, set[str]] | None) -> Iterator[Labelled]:
    for passage in _passages(document.text):
        for span in passage.spans:
            place = document.key, passage.in_headline, span.start, span.end
            if not document.labelled(place):
                continue
            gold = document.gold.get(place)
            right = gold is not None and (not gold or gold == span.entity_type)
            if right and types is not None:
                right = span.entity_type in types.get(place, {span.entity_type})
            yield confidence.bucket(span, passage), right


def _passages(text: Text) -> list[Passage]:
    """The spans of a text as ``annotate`` finds them."""
    catalogue, language = default_catalogue(), language_of(text)
    return consistent(
        [
            recognise(
                part,
                catalogue,
                model.read(part, language),
                english=language == "en",
                in_headline=in_headline,
            )
            for part, in_headline in ((text.headline or "", True), (text.article_body, False))
        ],
        catalogue,
    )


def _paragraph_types(path: Path) -> dict[Place, set[str]]:
    """Our types for each label whose entity's class is known."""
    found = {}
    for row in rows(path):
        for label in row["labels"]:
            if label["type"] != _UNTYPED:
                classes = label["type"].split("|")
                types = set().union(*(_TYPES.get(each, set()) for each in classes))
                found[str(row["id"]), False, *label["span"]] = types
    return found


def _write(counts: Counts, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["bucket", "right", "total", "provenance"])
        for bucket, (right, total) in counts.items():
            writer.writerow(["|".join(bucket), right, total, "evals.fit_confidence"])


if __name__ == "__main__":
    raise SystemExit(main())
