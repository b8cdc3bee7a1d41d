"""Floors on hand-labelled texts. The full tables: ``python -m evals.names``."""

from __future__ import annotations

from itertools import islice

import pytest

from evals.names import documents, links, spans
from evals.names.bare import BARE_SPACY
from evals.readers import OURS

pytestmark = [pytest.mark.needs_shared, pytest.mark.usefixtures("english_model")]

LEADERS = {"Xi": "Q15031", "Putin": "Q7747", "Trump": "Q22686"}


@pytest.fixture(scope="module")
def seeds(shared_root):
    return list(documents.seeds(shared_root / "seeds_gold"))


def test_spans_and_types_of_the_seeds(seeds):
    ours, bare = (spans.f1(seeds, reader, typed=True) for reader in (OURS, BARE_SPACY))
    assert ours >= 0.96
    assert ours > bare


def test_leaders_are_one_entity_in_every_seed_by_full_name_and_surname(seeds):
    for document in seeds:
        for mention in document.annotation.mentions:
            for surname, qid in LEADERS.items():
                if surname in mention.exact.split() and mention.mention_type == "person":
                    assert mention.entity is not None
                    assert mention.entity.wikidata_id == qid


def test_links_of_the_seeds_are_right(seeds):
    found = [links.compare(document, links.readings(document)[OURS]) for document in seeds]
    total = links.by_type(found)["all"]
    assert total.wrong == []
    assert total.linked > 250


def test_rules_written_on_the_seeds_do_not_hurt_other_texts(shared_root):
    folder = shared_root / "eval"
    paragraphs = list(islice(documents.linked(folder / "entities/news_paragraphs.jsonl"), 20))
    local = list(islice(documents.local_news(folder / "places/local_news.jsonl"), 30))
    for texts, only in ((paragraphs, None), (local, "place")):
        ours = spans.f1(texts, OURS, typed=False, only=only)
        bare = spans.f1(texts, BARE_SPACY, typed=False, only=only)
        assert ours > bare + 0.03
