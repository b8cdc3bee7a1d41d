"""CPU seconds of ``annotate`` against those of bare spaCy's ``ner`` over the same texts in the same run.

One process each, both loaded and warm, taking turns: a round is a few texts, read by one and then by the
other, who comes first changes. No text comes twice, so neither gains by having seen it. The ratio is that
of the sums; its interval is over rounds. Only the ratio says something about code.
"""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from evals.names.bare import BARE_SPACY, pipeline
from evals.names.documents import rows
from evals.pages import PageSet, digest_of
from evals.readers import OURS
from evals.scores import Scored
from pipelines.normalise import model
from pipelines.normalise.annotate import annotate
from pipelines.normalise.records import Text

TEXTS = 1_000
"""Of the development texts, as the project's goal for cost counts them."""
ROUNDS = 12
_A_ROUND = 12
_BARE_BATCH = 8
"""Texts: of several sizes the fastest for bare spaCy (``benchmarks/recognition.py``)."""
FILES = (
    "entities/news_paragraphs", "places/local_news", "quotes/attributions", "clusters/topics",
    "entities/rss_sentences",
)  # fmt: skip
"""English texts, after the labelled bodies of pages."""


def dev_texts(evaluation: Path, sets: Sequence[PageSet] = ()) -> list[Text]:
    """English news texts: bodies of pages, then the labelled texts of ``FILES``, 1,000 at most.

    Args:
        evaluation: holds ``entities``, ``places`` and so on; files that are not there are left out.
        sets: of pages.

    """
    return list(islice(_texts(evaluation, sets), TEXTS))


def cost_digest(evaluation: Path, sets: Sequence[PageSet] = ()) -> str:
    """Which texts ``dev_texts`` is about."""
    files = [path for name in FILES if (path := evaluation / f"{name}.jsonl").is_file()]
    return "".join(digest[:16] for digest in (*(s.digest for s in sets), digest_of(files)))


def _texts(evaluation: Path, sets: Sequence[PageSet]) -> Iterator[Text]:
    for page_set in sets:
        for page in page_set.pages:
            if page.language == "en" and "body" in page.truth:
                yield Text(page.id, 1, page.truth.get("title"), page.truth["body"], "en")
    for name in FILES:
        path = evaluation / f"{name}.jsonl"
        if path.is_file():
            for number, row in enumerate(rows(path)):
                yield Text(f"{name}/{number}", 1, None, row["text"], "en")


def score_cost(texts: Sequence[Text], digest: str) -> Scored:
    """CPU seconds and thousands of words of each round; the texts spread evenly over the sets."""
    scored = Scored("cost", digest)
    step = max(1, len(texts) // (ROUNDS * _A_ROUND))
    chosen = texts[::step]
    with _worker(_annotate_all) as ours, _worker(_ner_alone) as bare:
        readers = {OURS: ours, BARE_SPACY: bare}
        for number in range(ROUNDS):
            batch = chosen[number::ROUNDS]
            if not batch:
                break
            words = sum(len(_whole(text).split()) for text in batch) / 1_000
            order = list(readers) if number % 2 == 0 else list(readers)[::-1]
            seconds = {reader: readers[reader](batch) for reader in order}
            found = {reader: {"cost": (seconds[reader], words)} for reader in readers}
            scored.add(f"round {number + 1}", "en", found)
    return scored


def _whole(text: Text) -> str:
    return f"{text.headline}\n\n{text.article_body}" if text.headline else text.article_body


def _annotate_all(texts: Sequence[Text]) -> None:
    """As a run of the pipeline does: the model reads all paragraphs, then each text is annotated."""
    if not hasattr(model, "read_paragraphs"):
        # A commit that --against evaluates may be of before paragraphs were read by themselves.
        for text in texts:
            annotate(text)
        return
    parts = [part for text in texts for part in (text.headline or "", text.article_body)]
    wanted = list(dict.fromkeys(piece for part in parts for _, piece in model.paragraphs(part)))
    readings = dict(zip(wanted, model.read_paragraphs("en", wanted), strict=True))
    for text in texts:
        annotate(text, None, readings)


def _ner_alone(texts: Sequence[Text]) -> None:
    nlp = pipeline()
    with nlp.memory_zone():
        for _ in nlp.pipe([_whole(text) for text in texts], batch_size=_BARE_BATCH):
            pass


Read = Callable[[Sequence[Text]], None]


@contextmanager
def _worker(read: Read) -> Iterator[Callable[[Sequence[Text]], float]]:
    """A process that reads batches and answers with the CPU seconds that each took."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, read), daemon=True)
    process.start()
    there.close()

    def ask(batch: Sequence[Text]) -> float:
        here.send(list(batch))
        return float(here.recv())

    try:
        ask([Text("", 0, None, "Ada Bell spoke in Paris on Monday.", "en")])
        yield ask
    finally:
        here.close()
        process.join()


def _serve(connection: Connection, read: Read) -> None:
    while True:
        try:
            batch = connection.recv()
        except EOFError:
            return
        gc.collect()
        begun = time.process_time()
        read(batch)
        connection.send(time.process_time() - begun)
