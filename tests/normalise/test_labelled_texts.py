"""Floors on hand-labelled texts. The full table: ``python -m evals.mentions``."""

from __future__ import annotations

from itertools import islice

import pytest

from evals import mentions
from pipelines.normalise.annotate import annotate

pytestmark = [pytest.mark.needs_shared, pytest.mark.usefixtures("english_model")]

LEADERS = {"Xi": "Q15031", "Putin": "Q7747", "Trump": "Q22686"}


@pytest.mark.parametrize("headlines", [False, True])
def test_spans_and_types_of_the_seeds(shared_root, headlines):
    seeds = list(mentions.seeds(shared_root))
    _, _, ours = mentions.score(seeds, mentions.ours, typed=True, headlines=headlines)
    _, _, bare = mentions.score(seeds, mentions.bare, typed=True, headlines=headlines)
    assert ours >= 0.96
    assert ours > bare


def test_leaders_are_one_entity_in_every_seed_by_full_name_and_surname(shared_root):
    for document in mentions.seeds(shared_root):
        for mention in annotate(document.text).mentions:
            for surname, qid in LEADERS.items():
                if surname in mention.exact.split() and mention.mention_type == "person":
                    assert mention.entity is not None
                    assert mention.entity.wikidata_id == qid


def test_links_of_the_seeds_are_right(shared_root):
    links = mentions.link_precision(mentions.seeds(shared_root))
    assert links.wrong == []
    assert links.comparable > 250


def test_rules_written_on_the_seeds_do_not_hurt_other_texts(shared_root):
    paragraphs = list(islice(mentions.linked(shared_root, "news_paragraphs"), 20))
    local = list(islice(mentions.local_news(shared_root), 30))
    for documents, only in ((paragraphs, None), (local, "place")):
        *_, ours = mentions.score(documents, mentions.ours, typed=False, only=only)
        *_, bare = mentions.score(documents, mentions.bare, typed=False, only=only)
        assert ours > bare + 0.03
