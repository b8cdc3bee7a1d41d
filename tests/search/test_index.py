"""The index holds the words of the current articles, whatever became of them, and nothing else."""

from __future__ import annotations

import random

import pytest

from pipelines.warehouse import search as indexing
from pipelines.warehouse.stemming import STEMMERS, extension_file, load_stemmer
from tests.search.corpus import counted, found, index, put, refreshed, warehouse

WORDS = (
    *("harbour", "pilots", "pilot", "tide", "tides", "2026", "1,5", "crew’s", "co-operate"),
    *(
        "Zürich",
        "naïve",
        "über",
        "ferry",
        "ferries",
        "the",
        "of",
        "a",
        "U.S.",
        "don't",
        "quay—side",
    ),
)


def sentence(dice: random.Random) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randrange(40))) + dice.choice(["", ".", "\n\nEnd"])


def test_counts_are_those_of_a_plain_count_of_words():
    connection = warehouse()
    body = "Ferries wait.\n\nA ferry's crew, 12 strong, waits: the FERRY waits — 3.5 hours; quay-side-quay."
    put(connection, "a", "Ferry waits", body, None)
    assert refreshed(connection) == 1
    rows = connection.execute(
        "SELECT w.term, p.body_count, p.headline_count FROM search.postings AS p"
        " JOIN search.words AS w USING (term_id)"
    ).fetchall()
    assert {term: n for term, n, _ in rows if n} == counted(body)
    assert {term: n for term, _, n in rows if n} == {"ferry": 1, "waits": 1}
    lengths = connection.execute("SELECT headline_words, body_words FROM search.documents")
    assert lengths.fetchall() == [(2, counted(body).total())]


def test_postings_have_the_stems_that_the_extension_gives():
    connection = warehouse()
    dice = random.Random(3)
    bodies = {str(n): sentence(dice).replace("ü", "u").replace("ï", "i") for n in range(30)}
    for article, body in bodies.items():
        put(connection, article, None, body)
    refreshed(connection)
    for article, body in bodies.items():
        stems: dict[str, int] = {}
        for word, times in counted(body).items():
            row = connection.execute("SELECT stem(?, 'english')", [word]).fetchone()
            assert row
            stems[row[0]] = stems.get(row[0], 0) + times
        rows = connection.execute(
            "SELECT DISTINCT w.term, p.body_count FROM search.postings AS p"
            " JOIN search.words AS w USING (term_id) JOIN search.documents AS d USING (doc_no)"
            " WHERE d.article_id = ?",
            [article],
        ).fetchall()
        assert dict(rows) == stems


def test_positions_are_those_of_the_words_in_the_text():
    connection = warehouse()
    put(
        connection,
        "a",
        "The ferry — waits",
        "A ferry's  crew;\n\n- quay-side, the FERRY waits",
        None,
    )
    refreshed(connection)
    rows = connection.execute(
        "SELECT w.word, p.positions FROM search.postings AS p JOIN search.words AS w USING (term_id)"
    ).fetchall()
    words = ["the", "ferry", "waits", None, "a", "ferry", "s", "crew", "quay", "side", "the"]
    words += ["ferry", "waits"]
    placed: dict[str, list[int]] = {}
    for place, word in enumerate(words, start=1):
        if word:
            placed.setdefault(word, []).append(place)
    assert dict(rows) == placed


@pytest.mark.parametrize("seed", range(3))
def test_kept_bit_by_bit_it_is_what_indexing_all_at_once_gives(seed, monkeypatch):
    monkeypatch.setattr(indexing, "SLICE", 300)
    dice = random.Random(seed)
    connection = warehouse()
    versions: dict[str, int] = {}
    for _ in range(6):
        for _ in range(dice.randrange(1, 9)):
            article = str(dice.randrange(12))
            versions[article] = versions.get(article, 0) + 1
            language = dice.choice(["en", "de", "fr", "zz", None])
            put(
                connection,
                article,
                sentence(dice),
                sentence(dice),
                language,
                day=1 + versions[article],
                version=versions[article],
            )
        if dice.random() < 0.5:
            gone = dice.choice(list(versions))
            connection.execute("DELETE FROM article_versions WHERE article_id = ?", [gone])
            del versions[gone]
        refreshed(connection)
    kept = index(connection)
    numbers = connection.execute("SELECT count(*), count(DISTINCT doc_no) FROM search.documents")
    assert numbers.fetchall() == [(len(versions), len(versions))]
    for table in ("documents", "words", "postings"):
        connection.execute(f"DELETE FROM search.{table}")
    assert refreshed(connection) == len(versions)
    assert index(connection) == kept


def test_nothing_is_done_where_nothing_changed():
    connection = warehouse()
    put(connection, "a", "Pilots wait", "A long wait.")
    assert [refreshed(connection), refreshed(connection)] == [1, 0]


def test_what_was_indexed_before_positions_were_kept_is_indexed_again():
    connection = warehouse()
    for article in ("a", "b"):
        put(connection, article, "Pilots wait", f"A long wait of {article}.")
    refreshed(connection)
    kept = index(connection)
    connection.execute("ALTER TABLE search.postings DROP positions")
    connection.execute("ALTER TABLE search.postings ADD COLUMN positions INTEGER[]")
    assert found(connection, "pilots wait") == []
    assert [refreshed(connection), refreshed(connection)] == [2, 0]
    assert index(connection) == kept
    assert found(connection, "pilots wait") == ["a", "b"]


def test_an_edit_replaces_the_words_of_the_version_before():
    connection = warehouse()
    put(connection, "a", "Pilots wait", "The breakwater is closed.")
    refreshed(connection)
    put(connection, "a", "Pilots sail", "The lighthouse is open.", version=2, day=3)
    assert refreshed(connection) == 1
    assert (found(connection, "breakwater"), found(connection, "lighthouse")) == ([], ["a"])
    day = connection.execute("SELECT day::VARCHAR FROM search.documents").fetchall()
    assert day == [("2026-03-02",)], "the day of the first capture"


def test_of_what_is_taken_down_no_word_stays():
    connection = warehouse()
    put(connection, "a", "Pilots wait", "Ottilie Brandvold waits.")
    put(connection, "b", "Pilots sail", "The crew waits.")
    refreshed(connection)
    connection.execute("DELETE FROM article_versions WHERE article_id = 'a'")
    refreshed(connection)
    words = {word for (word,) in connection.execute("SELECT word FROM search.words").fetchall()}
    assert not words & {"ottilie", "brandvold"}
    assert {"pilots", "crew", "waits"} <= words
    assert connection.execute("SELECT article_id FROM search.documents").fetchall() == [("b",)]


def test_a_crash_within_a_slice_leaves_the_slices_before_and_the_next_call_goes_on(monkeypatch):
    monkeypatch.setattr(indexing, "SLICE", 20)
    connection = warehouse()
    for n in range(4):
        put(connection, str(n), None, f"Pilots wait number {n} at sea.")
    text = indexing.project.sql_text
    broken = iter(["", "SELECT error('the power is gone');"])
    monkeypatch.setattr(
        indexing.project,
        "sql_text",
        lambda name: text(name) + (next(broken, "") if "slice" in name else ""),
    )
    with pytest.raises(Exception, match="power"):
        refreshed(connection)
    done = connection.execute("SELECT count(*) FROM search.documents").fetchone()
    assert done
    assert 0 < done[0] < 4
    assert refreshed(connection) == 4 - done[0]
    assert len(found(connection, "pilot")) == 4


def test_without_the_extension_words_stay_whole_and_with_it_they_are_indexed_again(tmp_path):
    connection = warehouse()
    put(connection, "a", None, "Two elections were held.")
    put(connection, "z", None, "Two elections were held.", "zz")
    no_extension = tmp_path / "fts.duckdb_extension"
    no_extension.write_bytes(b"made for another machine")
    assert refreshed(connection, extension=no_extension) == 2
    stemmers = "SELECT article_id, stemmer FROM search.documents ORDER BY ALL"
    assert connection.execute(stemmers).fetchall() == [("a", "none"), ("z", "none")]
    fresh = duckdb_copy(connection)
    assert refreshed(fresh) == 1
    assert fresh.execute(stemmers).fetchall() == [("a", "english"), ("z", "none")]
    assert refreshed(fresh, extension=None) == 0, "what is stemmed stays so"


def duckdb_copy(connection):
    """Another session over the same articles and index: macros of a session hide functions."""
    copy = warehouse()
    for table in ("article_versions", "search.documents", "search.words", "search.postings"):
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
        marks = ", ".join("?" * len(rows[0]))
        copy.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    return copy


def test_every_stemmer_is_one_that_the_extension_has():
    connection = warehouse()
    assert load_stemmer(connection, extension=extension_file())
    for stemmer in {*STEMMERS.values(), "none"}:
        connection.execute("SELECT stem('word', ?)", [stemmer]).fetchall()


def test_an_endless_word_is_not_indexed_and_a_long_chinese_text_is():
    connection = warehouse()
    put(connection, "a", None, "x" * 100_000 + " pilots " + "港口" * 20_000, "zh")
    refreshed(connection)
    rows = connection.execute("SELECT w.word FROM search.words AS w ORDER BY 1").fetchall()
    assert rows == [("pilots",), ("口港",), ("港口",)]
