"""Runs the measures of names over every set that is there, and gives sets of scores and tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evals.bootstrap import Contribution
from evals.names import calibration, clusters, languages, links, spans
from evals.names.across import FILES, KINDS, Case, read_cases
from evals.names.canonical import canonical_scores, wrong_names
from evals.names.cost import cost_digest, dev_texts, score_cost
from evals.names.documents import LINKED_SETS, Document, Place, linked, local_news, seeds
from evals.names.ledger import Found, LedgerError, found_in
from evals.pages import Folders, PageSet, digest_of, read_set, set_names
from evals.readers import OURS
from evals.scores import Scored

PARTS = ("spans", "links", "clusters", "calibration", "languages", "cost")
LANGUAGE_SET = "publishers"
"""The set of pages in many languages."""
LOCAL_SET = "local_news"
"""Its labels are places alone."""
Figures = dict[str, dict[str, float]]


@dataclass(slots=True)
class Table:
    """Figures without intervals: a row a figure, columns by name."""

    digest: str
    values: Figures
    judged: bool = False
    """Whether floors hold newsledger's column."""


@dataclass(slots=True)
class Results:
    """What was measured."""

    sets: list[Scored] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    """Lines about single mistakes, by set; of held out sets none."""


@dataclass(slots=True)
class Labelled:
    """One set of labelled texts."""

    name: str
    documents: list[Document]
    digest: str


def measure(folders: Folders, parts: Sequence[str] = PARTS) -> Results:
    """Measures all that the data allows; what is missing is in the notes, nothing without labels.

    Args:
        folders: where the data lies.
        parts: some of ``PARTS``.

    Raises:
        NoModelError: spaCy's English model is not installed.

    """
    results = Results()
    sets = _labelled(folders, results)
    if not sets:
        return results
    pages = [read_set(folders.evaluation, name) for name in set_names(folders.evaluation)]
    steps: dict[str, Callable[[], None]] = {
        "spans": lambda: _spans(results, sets),
        "links": lambda: _links(results, sets),
        "clusters": lambda: _clusters(results, sets),
        "calibration": lambda: _calibration(results, sets),
        "languages": lambda: _languages(results, pages),
        "cost": lambda: _cost(results, folders.evaluation, pages),
    }
    for part in PARTS:
        if part in parts:
            print(f"names: {part} ...", file=sys.stderr, flush=True)
            try:
                steps[part]()
            except LedgerError as error:
                results.notes.append(f"mentions: {error}")
    return results


def _labelled(folders: Folders, results: Results) -> dict[str, Labelled]:
    sets: dict[str, Labelled] = {}
    gold = list(folders.gold.glob("*.json"))
    if gold:
        sets["seeds"] = Labelled("seeds", list(seeds(folders.gold)), digest_of(gold))
    else:
        results.notes.append(f"mentions: no labelled seeds at {folders.gold}")
    for name in (*LINKED_SETS, LOCAL_SET):
        folder, read = ("places", local_news) if name == LOCAL_SET else ("entities", linked)
        path = folders.evaluation / folder / f"{name}.jsonl"
        if path.is_file():
            sets[name] = Labelled(name, list(read(path)), digest_of([path]))
        else:
            results.notes.append(f"mentions: no {path}")
    return sets


def _spans(results: Results, sets: Mapping[str, Labelled]) -> None:
    for name, labelled in sets.items():
        typed, only = name == "seeds", "place" if name == LOCAL_SET else None
        stored = _stored(results, labelled) if typed else None
        scored = Scored(f"names/{name}", labelled.digest)
        for document in labelled.documents:
            found = {
                reader: spans.span_scores(document, said, typed=typed, only=only)
                for reader, said in spans.readings(document).items()
            }
            if stored is not None:
                for reader, canonical in canonical_scores(document, stored).items():
                    found[reader] |= canonical
                results.wrong.setdefault("canonical", []).extend(wrong_names(document, stored))
            scored.add(document.key, "en", found)
        results.sets.append(scored)


def _stored(results: Results, labelled: Labelled) -> Mapping[Place, Found] | None:
    try:
        return found_in(labelled.documents)
    except LedgerError as error:
        results.notes.append(f"mentions: {error}")
        return None


def _links(results: Results, sets: Mapping[str, Labelled]) -> None:
    table: Figures = {}
    for name in ("seeds", *LINKED_SETS):
        if name not in sets:
            continue
        scored = Scored(f"links/{name}", sets[name].digest)
        compared: dict[str, list[Mapping[str, links.Links]]] = {}
        for document in sets[name].documents:
            found = {}
            for reader, said in links.readings(document).items():
                one = links.compare(document, said)
                compared.setdefault(reader, []).append(one)
                found[reader] = links.by_type([one])["all"].scores()
            scored.add(document.key, "en", found)
        results.sets.append(scored)
        totals = {reader: links.by_type(every) for reader, every in compared.items()}
        for kind, ours in totals[OURS].items():
            alone = totals[links.NAMES_ALONE].get(kind, links.Links())
            if ours.linked or alone.linked:
                table[f"{name}, {kind}"] = _link_row(ours, alone)
        results.wrong[f"links/{name}"] = totals[OURS]["all"].wrong
    digest = "".join(sets[name].digest[:16] for name in sets)
    results.tables["links by type of mention"] = Table(digest, table)


def _link_row(ours: links.Links, alone: links.Links) -> dict[str, float]:
    row: dict[str, float] = {"linked": ours.linked, "right": ours.right}
    if ours.linked:
        row["precision"] = ours.right / ours.linked
    row |= {"stand-ins": ours.stand_ins, "labelled as unknown": ours.unknown}
    if alone.linked:
        row |= {f"{links.NAMES_ALONE}: linked": alone.linked, "right ": alone.right}
        row["precision "] = alone.right / alone.linked
    return row


def _clusters(results: Results, sets: Mapping[str, Labelled]) -> None:
    for name in ("seeds", "news_paragraphs", "rss_sentences"):
        if name in sets:
            _clusters_of(results, sets[name])
    for name, path in FILES.items():
        cases = read_cases(path)
        found = clusters.clustered(
            [a for case in cases for a in case.articles],
            {p: thing for case in cases for p, thing in case.things.items()},
        )
        digest = digest_of([path])
        groups = {case.key: list(case.things) for case in cases}
        results.sets.append(_bcubed(name, digest, found, groups))
        results.tables[f"{name} by kind"] = Table(digest, _by_kind(cases, found))
        if "held" not in name:
            results.wrong[f"clusters/{name}"] = [
                f"{case.key}: {line}"
                for case in cases
                for line in clusters.mistakes(found, case.things)
            ]


def _clusters_of(results: Results, labelled: Labelled) -> None:
    """Clusters over the texts of a set whose labels say what is meant."""
    documents = labelled.documents
    true = {p: thing for d in documents for p in d.gold if (thing := _thing(d, p))}
    found = clusters.clustered(documents, true)
    groups = {d.key: [p for p in true if p[0] == d.key] for d in documents}
    groups = {key: places for key, places in groups.items() if places}
    results.sets.append(_bcubed(labelled.name, labelled.digest, found, groups))
    results.wrong[f"clusters/{labelled.name}"] = clusters.mistakes(found, true)


def _thing(document: Document, place: Place) -> str | None:
    """What a label means: its Wikidata id; in the seeds else its type and canonical name."""
    if place in document.optional:
        return None
    meant = document.canonical.get(place)
    named = f"{document.gold[place]}|{meant.name}" if meant else None
    return document.links.get(place) or named


def _bcubed(
    name: str, digest: str, found: clusters.Clustered, groups: Mapping[str, Sequence[Place]]
) -> Scored:
    """Scores of one set; its articles are resampled by these groups."""
    scored = Scored(f"clusters/{name}", digest)
    shares = {reader: found.shares(reader) for reader in clusters.KEYS}
    for key, places in groups.items():
        hits = float(sum(place in found.found for place in places))
        row: dict[str, dict[str, Contribution]] = {}
        for reader, by_place in shares.items():
            own, n = [by_place[place] for place in places], float(len(places))
            precision = (sum(s.precision for s in own), n)
            recall = (sum(s.recall for s in own), n)
            row[reader] = {
                "bcubed_f1": (*precision, *recall),
                "bcubed_precision": precision,
                "bcubed_recall": recall,
            }
        row[OURS]["found"] = (hits, float(len(places)))
        scored.add(key, "en", row)
    return scored


def _by_kind(cases: Sequence[Case], found: clusters.Clustered) -> Figures:
    table: Figures = {}
    shares = {reader: found.shares(reader) for reader in clusters.KEYS}
    shares[clusters.BEST_JOINING] = found.best_shares()
    for kind in (*KINDS, "all"):
        of_kind = [case for case in cases if kind in (case.kind, "all")]
        places = [place for case in of_kind for place in case.things]
        row: dict[str, float] = {
            "articles": sum(len(case.articles) for case in of_kind),
            "mentions": len(places),
        }
        for reader, by_place in shares.items():
            row[reader] = clusters.f1(by_place[place] for place in places)
        table[kind] = row
    return table


def _calibration(results: Results, sets: Mapping[str, Labelled]) -> None:
    bins: Figures = {}
    errors: Figures = {}
    for name in ("seeds", "news_paragraphs", LOCAL_SET):
        if name not in sets:
            continue
        typed, only = name == "seeds", "place" if name == LOCAL_SET else None
        sure: dict[str, list[calibration.Sure]] = {}
        for document in sets[name].documents:
            for reader, mentions in calibration.judged(document, typed=typed, only=only).items():
                sure.setdefault(reader, []).extend(mentions)
        for reader, mentions in sure.items():
            found = calibration.reliability(mentions)
            error = calibration.calibration_error(found)
            errors.setdefault(f"{name}: expected calibration error", {})[reader] = error
            for one in found:
                row: dict[str, float] = {"mentions": one.mentions}
                row |= {"stated": one.stated, "right": one.right}
                bins[f"{name}, {reader}, {one.low:.2f} to {one.high:.2f}"] = row
    digest = "".join(sets[name].digest[:16] for name in sets)
    results.tables["confidence"] = Table(digest, errors)
    results.tables["confidence: stated and right"] = Table(digest, bins)


def _languages(results: Results, sets: Sequence[PageSet]) -> None:
    pages = next((s for s in sets if s.name == LANGUAGE_SET), None)
    if pages is None:
        results.notes.append(f"mentions: no pages of {LANGUAGE_SET}")
        return
    found = languages.tallies(pages.pages)
    total = sum(t.pages for t in found.values())
    mentions = sum(t.mentions for t in found.values())
    failures = [line for t in found.values() for line in t.failures]
    broken = sum(t.broken for t in found.values())
    results.tables["languages"] = Table(
        pages.digest,
        {
            "pages that do not fail": {OURS: 1 - len(failures) / (total or 1)},
            "spans that are exact": {OURS: 1 - broken / (mentions or 1)},
            "languages with mentions": {
                OURS: sum(t.mentions > 0 for t in found.values()) / (len(found) or 1)
            },
        },
        judged=True,
    )
    results.tables["mentions by language"] = Table(
        pages.digest,
        {
            language: {
                "pages": tally.pages,
                "mentions a page": tally.mentions / tally.pages,
                "of known entities": tally.linked / tally.pages,
            }
            for language, tally in found.items()
        },
    )
    results.wrong["languages"] = failures


def _cost(results: Results, evaluation: Path, sets: Sequence[PageSet]) -> None:
    texts = dev_texts(evaluation, sets)
    if not texts:
        results.notes.append(f"mentions: no English texts at {evaluation}")
        return
    results.sets.append(score_cost(texts, cost_digest(evaluation, sets)))
