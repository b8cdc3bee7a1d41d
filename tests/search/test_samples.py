"""A run indexes what it publishes: words in any form, in six languages, find the sample articles."""

from __future__ import annotations

import pytest

from pipelines.search import find, look_up
from pipelines.warehouse.query import snapshot


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("schiff", "de"),
        ("négociation", "fr"),
        ("зерновой", "ru"),
        ("القمح", "ar"),
        ("puerto", "es"),
        ("cabos", "pt"),
        ("icebreaker", "en"),
    ],
)
def test_the_samples_can_be_searched_in_their_languages(sample_home, word, language):
    with snapshot(sample_home / "published" / "news.duckdb", with_search=True) as connection:
        hits = find(connection, look_up(connection, [word]))
        assert language in {hit.in_language for hit in hits}


def test_every_current_article_is_indexed_once(sample_home):
    with snapshot(sample_home / "published" / "news.duckdb") as connection:
        missing = "SELECT count(*) FROM {} ANTI JOIN {} USING (article_id, version)"
        for left, right in (("articles", "search.documents"), ("search.documents", "articles")):
            assert connection.execute(missing.format(left, right)).fetchone() == (0,)
        rows = "SELECT count(*), count(DISTINCT article_id) FROM search.documents"
        assert connection.execute(rows).fetchone() == (16, 16)
