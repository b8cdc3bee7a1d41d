"""Invented articles in which people have alike names, read for the tests of clusters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.normalise.annotate import annotate
from pipelines.normalise.clusters import Appearance
from pipelines.normalise.names import entity_key
from pipelines.normalise.records import LOCAL, Text
from pipelines.normalise.store import referent_id

ARTICLES = Path(__file__).parent / "articles.txt"
START = datetime(2026, 3, 1, tzinfo=UTC)


def articles(path: Path = ARTICLES) -> Iterator[tuple[dict[str, str], str]]:
    """Each article: the thing of each name by its key, and the text."""
    for block in path.read_text("utf-8").split("\n\n"):
        lines = [line for line in block.strip().splitlines() if not line.startswith("#")]
        if lines:
            known = dict(line.split(" = ") for line in lines[:-1])
            yield {entity_key("person", name): thing for name, thing in known.items()}, lines[-1]


def appearances(path: Path = ARTICLES) -> tuple[list[Appearance], dict[str, str]]:
    """All local things of the articles, and the things known of them by referent."""
    found: list[Appearance] = []
    gold: dict[str, str] = {}
    for number, (known, text) in enumerate(articles(path)):
        annotation = annotate(Text(f"a{number}", 1, None, text, "en"))
        for referent in dict.fromkeys(m.referent for m in annotation.mentions):
            if referent.reason != LOCAL:
                continue
            id_ = referent_id(f"a{number}", referent)
            found.append(
                Appearance(
                    id_,
                    referent.entity_type,
                    referent.name,
                    frozenset(referent.context),
                    START + timedelta(hours=number),
                )
            )
            key = entity_key("person", referent.name)
            if referent.entity_type == "person" and key in known:
                gold[id_] = known[key]
    return found, gold


def b_cubed(found: Mapping[str, str], gold: Mapping[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the items that have a known thing (Bagga and Baldwin 1998)."""
    both = Counter((found[item], gold[item]) for item in gold)
    clusters = Counter(found[item] for item in gold)
    things = Counter(gold.values())
    precision = sum(n * n / clusters[c] for (c, _), n in both.items()) / len(gold)
    recall = sum(n * n / things[t] for (_, t), n in both.items()) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def wrong(found: Mapping[str, str], gold: Mapping[str, str]) -> list[str]:
    """Things in several clusters and clusters of several things, to read."""
    by_thing: dict[str, set[str]] = defaultdict(set)
    by_cluster: dict[str, set[str]] = defaultdict(set)
    for item, thing in gold.items():
        by_thing[thing].add(found[item])
        by_cluster[found[item]].add(thing)
    split = [f"split: {t}" for t, clusters in sorted(by_thing.items()) if len(clusters) > 1]
    merged = [f"merged: {sorted(ts)}" for ts in by_cluster.values() if len(ts) > 1]
    return split + sorted(merged)
