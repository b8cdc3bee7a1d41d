"""The real documents beside the checkout, through the whole line, against their labels."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime

import pytest

from evals import warehouse
from tests.factories import newsledger, query

pytestmark = pytest.mark.needs_shared


@pytest.fixture(scope="module")
def seeds(tmp_path_factory, shared_root):
    home = tmp_path_factory.mktemp("seeds") / "home"
    result = newsledger(home, "ingest", str(shared_root / "seeds"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "captured            5\n  kept                5" in result.stdout
    gold = dict(warehouse.gold_seeds(shared_root))
    articles = warehouse.articles_by_file(home / "published" / "news.duckdb")
    return home, gold, articles, warehouse.measures(shared_root)


class TestSeeds:
    def test_headlines_and_bodies(self, seeds):
        _, gold, articles, scores = seeds
        assert set(articles) == set(gold)
        for file, truth in gold.items():
            assert articles[file]["headline"] == truth["title"]
            assert scores.token_f1(truth["body"], articles[file]["article_body"]) >= 0.97, file

    def test_names_that_only_teasers_carry_are_no_mentions(self, seeds):
        home, *_ = seeds
        assert (
            query(
                home,
                "SELECT * FROM mentions WHERE exact ILIKE '%maduro%' OR exact ILIKE '%dean cain%'",
            )
            == []
        )

    def test_publishers_and_dates(self, seeds):
        _, _, articles, _ = seeds
        by_number = {file[:3]: article for file, article in articles.items()}
        assert by_number["001"]["publisher_name"] == "Al Jazeera"
        assert by_number["003"]["publisher_name"] == "Tempo"
        dates = {
            n: (a["date_published"], a["date_published_precision"], a["date_published_source"])
            for n, a in by_number.items()
        }
        assert dates["000"] == (datetime(2025, 8, 8, tzinfo=UTC), "day", "text")
        assert dates["003"] == (datetime(2025, 8, 9, 11, 39, tzinfo=UTC), "minute", "text")
        assert {dates[n] for n in ("001", "002", "004")} == {(None, None, None)}

    def test_mentions(self, seeds):
        _, gold, articles, scores = seeds
        true, found = set(), set()
        for file, truth in gold.items():
            expected, spans = warehouse.span_sets(file, truth, articles[file])
            true |= expected
            found |= spans
        assert scores.span_f1(true, found)["f1"] >= 0.90

    def test_three_presidents_are_one_entity_each_however_they_are_named(self, seeds):
        _, _, articles, _ = seeds
        ids = defaultdict(set)
        files = defaultdict(set)
        for file, article in articles.items():
            for mention in article["mentions"]:
                if mention["type"] == "person":
                    ids[mention["text"]].add(mention["entity_id"])
                    files[mention["entity_id"]].add(file)
        for names, wikidata_id in (
            (("Xi", "Xi Jinping"), "Q15031"),
            (("Putin", "Vladimir Putin"), "Q7747"),
            (("Trump", "Donald Trump"), "Q22686"),
        ):
            assert {i for name in names for i in ids[name]} == {wikidata_id}, names
            assert len(files[wikidata_id]) == 5


def test_a_hundred_real_pages_in_one_command(tmp_path, shared_root):
    pages = shared_root / "eval" / "extraction" / "publishers"
    home = tmp_path / "home"
    result = newsledger(home, "ingest", str(pages), "--manifest", "pages.jsonl")
    assert "Traceback" not in result.stderr
    assert result.returncode == 0, result.stdout
    rows = query(home, "SELECT fate, count(*) AS n FROM mart.capture_fates GROUP BY ALL")
    assert sum(row["n"] for row in rows) == 102
    assert {row["fate"] for row in rows} <= {"kept", "quarantined", "skipped"}
    scores = warehouse.measures(shared_root)
    articles = warehouse.articles_by_file(home / "published" / "news.duckdb")
    values = []
    for line in (pages / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        body = articles[page["file"]]["article_body"] if page["file"] in articles else ""
        values.append(scores.token_f1(page["truth"].get("body") or "", body))
    assert sum(values) / len(values) >= 0.944, "trafilatura's own default on these pages"
    (spans,) = query(
        home,
        "SELECT count(*) AS n FROM mentions AS m JOIN articles AS a USING (article_id, version)"
        " WHERE substring(if(in_headline, headline, article_body), start_char + 1,"
        " end_char - start_char) <> exact",
    )
    assert spans["n"] == 0
