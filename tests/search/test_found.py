"""What a question finds, in which order, in which languages."""

from __future__ import annotations

import random
from datetime import date

import pytest

from pipelines.asking import QuestionError
from pipelines.search import Wanted, find, found_words, look_up, sql_of, unknown_words
from pipelines.warehouse.stemming import extension_file, load_stemmer
from tests.search.corpus import FILLER, found, put, refreshed, search, warehouse

TEXTS = {
    "en": ("Voters wait", "The elections were fair, said a former prime minister. " + FILLER),
    "en2": ("Election day", "Polls opened early. " + FILLER),
    "en3": (
        None,
        "The minister of fisheries was prime among them; O’Brien’s well-known ferry sank.",
    ),
    "de": ("Die Wahl", "Bei den Wahlen gewann niemand. Die Straße nach Köln blieb leer."),
    "fr": ("À l’Élysée", "L’élection présidentielle a été annoncée hier."),
    "ru": ("Выборы", "На выборах победил новичок. Ещё вчера никто о нём не знал."),
    "ar": ("الانتخابات", "أعلنت نتائج الانتخابات مُحَمَّد يوم الثلاثاء."),
    "zh": ("选举委员会", "中央选举委员会周二公布结果。美国代表出席。"),
    "ja": ("港の発表", "横浜港の新しい規則が発表された。コーヒーの輸入も増えた。"),
    "th": ("การเลือกตั้ง", "ผลการเลือกตั้งจะประกาศในวันอังคาร"),
    "ko": ("선거", "대통령이 선거 결과를 발표했다."),
    "hi": ("चुनाव", "चुनावों के नतीजे आए। की का"),
    "tr": ("Seçim", "İstanbul'da seçimler yapıldı."),
}
FIRST_DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def library():
    connection = warehouse()
    for number, (article, (headline, body)) in enumerate(TEXTS.items()):
        put(connection, article, headline, body, article[:2], day=1 + number)
    refreshed(connection)
    load_stemmer(connection, extension=extension_file())
    return connection


@pytest.mark.parametrize(
    ("words", "articles"),
    [
        (["elections"], {"en", "en2", "fr"}),
        (["ELECTION"], {"en", "en2", "fr"}),
        (["Wahl"], {"de"}),
        (["koln"], {"de"}),
        (["strasse"], {"de"}),
        (["elysee"], {"fr"}),
        (["Élysée"], {"fr"}),
        (["l'élysée"], {"fr"}),
        (["annoncées"], {"fr"}),
        (["выборы"], {"ru"}),
        (["еще"], {"ru"}),
        (["الانتخابات"], {"ar"}),
        (["محمد"], {"ar"}),
        (["选举"], {"zh"}),
        (["中央选举"], {"zh"}),
        (["选举中央"], set()),
        (["美"], {"zh"}),
        (["横浜港"], {"ja"}),
        (["コーヒー"], {"ja"}),
        (["เลือกตั้ง"], {"th"}),
        (["대통령"], {"ko"}),
        (["चुनाव"], {"hi"}),
        (["istanbul"], {"tr"}),
        (["prime minister"], {"en"}),
        (['"Prime  MINISTER."'], {"en"}),
        (["prime", "minister"], {"en", "en3"}),
        (["minister", "-former"], {"en3"}),
        (["minister", '-"prime minister"'], {"en3"}),
        (["voters", "breakwater", "-former"], set()),
        (["well-known"], {"en3"}),
        (["known-well"], set()),
        (["O'Brien"], {"en3"}),
        (["fisher*"], {"en3"}),
        (["élec*"], {"en", "en2", "fr"}),
        (["nobody-prints-this"], set()),
        (["elections", "wahlen"], set()),
        (["die straße nach koln"], {"de"}),
    ],
)
def test_words_find_their_articles(library, words, articles):
    assert set(found(library, *words)) == articles


@pytest.mark.parametrize(
    ("wanted", "articles"),
    [
        (Wanted(in_language="en"), {"en", "en2"}),
        (Wanted(in_language="fr"), {"fr"}),
        (Wanted(first_day=date(2026, 3, 2)), {"en2", "fr"}),
        (Wanted(last_day=FIRST_DAY), {"en"}),
        (Wanted(field="headline"), {"en2"}),
        (Wanted(field="body"), {"en", "fr"}),
        (Wanted(outlet_id="elsewhere"), set()),
        (Wanted(outlet_id="harbour", in_language="fr"), {"fr"}),
        (Wanted(entity_id="Q1"), set()),
    ],
)
def test_what_is_wanted_narrows_what_is_found(library, wanted, articles):
    assert set(found(library, "election", wanted=wanted)) == articles


def test_an_entity_narrows_to_the_current_versions_that_name_it():
    connection = warehouse()
    for article in ("a", "b"):
        put(connection, article, None, "Pilots wait.")
    put(connection, "b", None, "Pilots wait again.", version=2, day=3)
    for article in ("a", "b"):
        connection.execute(
            "INSERT INTO article_entities BY NAME SELECT ? AS article_id, 1 AS version,"
            " 'r' AS referent_id, 'Q1' AS entity_id, 'place' AS entity_type, 'Oslo' AS name,"
            " 'oslo' AS name_key, 'name' AS reason, 1 AS mention_count, FALSE AS in_headline,"
            " '1' AS recognizer_version",
            [article],
        )
    refreshed(connection)
    assert found(connection, "pilots", wanted=Wanted(entity_id="Q1")) == ["a"]


def test_the_best_comes_first():
    connection = warehouse()
    put(connection, "headline", "Pilots wait", FILLER * 4)
    put(connection, "passing", None, FILLER * 4 + " Pilots.")
    put(connection, "throughout", None, "Pilots. " * 6 + FILLER * 4)
    put(connection, "long", None, "Pilots wait. " + FILLER * 40)
    put(connection, "both", None, "Pilots and a breakwater. " + FILLER * 3)
    refreshed(connection)
    assert found(connection, "pilot") == ["throughout", "headline", "both", "passing", "long"]
    assert found(connection, "pilot", "breakwater") == ["both"]


def test_of_equals_the_newest_comes_first_then_the_smaller_id():
    connection = warehouse()
    for article, day in (("c", 2), ("a", 2), ("b", 3)):
        put(connection, article, None, "Pilots wait.", day=day)
    refreshed(connection)
    assert found(connection, "pilot") == ["b", "a", "c"]
    assert found(connection, "pilot", limit=2) == ["b", "a"]


def test_a_phrase_is_found_behind_many_articles_that_have_only_its_words():
    connection = warehouse()
    for number in range(40):
        put(connection, f"near{number}", None, "Guard of the coast, coast of the guard.")
    put(connection, "it", None, "Seen by the coast-guard. " + FILLER * 9)
    refreshed(connection)
    assert found(connection, "coast guard") == ["it"]


@pytest.mark.parametrize("seed", range(2))
def test_positions_leave_out_no_article_that_prints_the_phrase(seed):
    """Against the texts themselves, which are read for every article that has the words."""
    dice = random.Random(seed)
    words = ["to", "be", "or", "not", "l'été", "co-operate", "Fähren", "U.S.", "—", "港務局", "3,5"]
    connection = warehouse()
    for number in range(40):
        language = dice.choice(["en", "de", "fr", "zh", None])
        texts = [" ".join(dice.choices(words, k=dice.randrange(12))) for _ in range(2)]
        put(connection, str(number), *texts, language, day=1 + number % 20)
    refreshed(connection)
    load_stemmer(connection, extension=extension_file())
    answered = 0
    for _ in range(16):
        phrases = [" ".join(dice.choices(words, k=dice.randrange(1, 5))) for _ in range(2)]
        asked = [f'"{phrase}"' for phrase in phrases[: dice.randrange(1, 3)]]
        try:
            lookup = look_up(connection, asked)
        except QuestionError:
            continue
        by_positions = find(connection, lookup, limit=100)
        lookup.steps.clear()
        assert by_positions == find(connection, lookup, limit=100)
        answered += bool(by_positions)
    assert answered > 2


def test_texts_are_read_where_the_words_stand_in_a_row_only():
    """A phrase of words that all articles have, and none in this order, costs no reading."""
    connection = warehouse()
    for number in range(30):
        put(connection, str(number), None, f"Not the guard of the coast {number}.")
    put(connection, "it", None, "The coast guard of the guard of not the coast.")
    refreshed(connection)
    connection.execute("UPDATE article_versions SET article_body = 'The coast guard'")
    assert found(connection, "coast guard", limit=50) == ["it"]


def test_a_phrase_does_not_run_from_headline_into_body():
    connection = warehouse()
    put(connection, "a", "Pilots of the coast", "guard the quay.")
    refreshed(connection)
    assert found(connection, "coast guard") == []
    assert found(connection, "guard the quay") == ["a"]


def test_a_phrase_begins_and_ends_with_whole_words():
    connection = warehouse()
    put(connection, "a", None, "An oversea port; no port by the sea. The sea portal.")
    refreshed(connection)
    assert found(connection, "sea port") == []


@pytest.mark.parametrize(
    "words",
    [
        ["';", "DROP", "TABLE", "search.words;--", "pilots"],
        ["%", "_", "pilots", "\\", "[a-z]+", "(", "$1", "{}"],
        ["pilots\0", "\x1b[31m", "\udce9"],
        ['"', '"pilots', '"(*'],
        ["pilots", "-", "*", "-*", "--"],
        ["pilots*" * 5],
        ['"a+b.c? pilots"'],
    ],
)
def test_hostile_questions_are_words_and_nothing_else(library, words):
    search(library, *words)
    lookup = look_up(library, words)
    unknown_words(library, lookup)
    library.execute(sql_of(lookup, Wanted(outlet_id="o'clock"), 3)).fetchall()
    assert found(library, "wahl") == ["de"]


@pytest.mark.parametrize(
    "words", [[], [""], ["..."], ["-pilots"], ['-"a phrase"'], ["x"] * 10_000, ["x" * 10_000]]
)
def test_a_question_that_cannot_be_looked_up_is_refused_in_words(library, words):
    with pytest.raises(QuestionError):
        look_up(library, words)


@pytest.mark.parametrize(
    "words", [["elections"], ["prime minister"], ["中央选举"], ["minister", "-former"], ["fisher*"]]
)
def test_the_printed_query_gives_the_same_in_a_session_that_knows_nothing(library, words):
    wanted = Wanted(first_day=FIRST_DAY)
    lookup = look_up(library, words, wanted)
    hits = find(library, lookup, wanted, 5)
    printed = sql_of(lookup, wanted, 5)
    assert "stem(" not in printed
    assert "without_accents(" not in printed
    rows = library.execute(printed).fetchall()
    assert [(row[0], row[4]) for row in rows] == [(hit.score, hit.article_id) for hit in hits]
    assert rows


def test_words_that_nothing_prints_are_named_with_what_is_near(library):
    lookup = look_up(library, ["electoins", "elections", "fishe", "qqqq"])
    assert unknown_words(library, lookup) == {
        "electoins": ["elections", "election"],
        "fishe": ["fisheries"],
        "qqqq": [],
    }


def test_what_is_found_can_be_marked(library):
    assert found_words(library, look_up(library, ["election"])) == {"election", "elections"}


def test_without_the_extension_forms_that_are_printed_still_find_each_other(tmp_path):
    connection = warehouse()
    put(connection, "a", None, "Two elections were held.")
    put(connection, "b", None, "An election was held.")
    refreshed(connection)
    without = warehouse()
    for table in ("article_versions", "search.documents", "search.words", "search.postings"):
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
        without.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    bogus = tmp_path / "fts.duckdb_extension"
    bogus.write_bytes(b"no extension")
    assert not load_stemmer(without, extension=bogus)
    lookup = look_up(without, ["elections"])
    assert (lookup.stemmed, lookup.index_stemmed) == (False, True)
    assert {hit.article_id for hit in find(without, lookup)} == {"a", "b"}
    assert find(without, look_up(without, ["electing"])) == []
    assert set(found(connection, "electing")) == {"a", "b"}
