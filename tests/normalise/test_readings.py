"""The kept readings: found again, bounded, and never a reason for a run to fail."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalise.model import LONGEST_PIECE, Reading
from pipelines.normalise.readings import KEPT_DAYS, Readings, open_readings, pack, unpack
from pipelines.normalise.records import ENTITY_TYPES
from pipelines.normalise.spans import Span

DAY = date(2026, 3, 2)
PARAGRAPH = "The harbour board met in Porto."
PACKED = pack(Reading((Span(25, 30, "place", "spacy", 0.9),), (0,)))

places = st.integers(0, LONGEST_PIECE)
spans = st.builds(
    Span,
    places,
    places,
    st.sampled_from(ENTITY_TYPES),
    st.just("spacy"),
    st.integers(0, 1000).map(lambda thousandths: thousandths / 1000),
)
readings = st.builds(
    Reading,
    st.lists(spans, max_size=5).map(tuple),
    st.sets(places, max_size=5).map(lambda starts: tuple(sorted({0, *starts}))),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "work" / "readings.duckdb"


def found(path: Path, *paragraphs: str, day: date = DAY, language="en", model="m1"):
    with open_readings(path, day) as kept:
        return kept.find(language, model, paragraphs)


def keep(path: Path, *paragraphs: str, day: date = DAY, language="en", model="m1") -> None:
    with open_readings(path, day) as kept:
        kept.add(language, model, dict.fromkeys(paragraphs, PACKED))


@given(readings)
def test_a_reading_comes_back_as_it_was(reading):
    assert unpack(pack(reading)) == reading


@pytest.mark.parametrize(
    "damaged", [b"", b"H", PACKED[:-1], b"x" + PACKED[1:], b"\xff\x00", b"H\x09\x00"]
)
def test_what_is_no_reading_is_told(damaged):
    with pytest.raises(ValueError, match="no reading"):
        unpack(damaged)


def test_what_was_kept_is_found_by_text_language_and_model(path):
    keep(path, PARAGRAPH, "Another.")
    assert found(path, PARAGRAPH, "A third.") == {PARAGRAPH: PACKED}
    assert found(path, PARAGRAPH, language="fr") == {}
    assert found(path, PARAGRAPH, model="m2") == {}
    assert found(path) == {}


def test_thousands_of_paragraphs_come_back_each_with_its_own(path):
    own = {f"Paragraph {n}.": pack(Reading((), (0, n + 1))) for n in range(3000)}
    with open_readings(path, DAY) as kept:
        kept.add("en", "m1", own)
    assert found(path, *own, "none") == own


def test_a_lone_surrogate_is_a_text_like_others(path):
    keep(path, "a \ud800 b")
    assert found(path, "a \ud800 b", "a ? b", "a \ufffd b") == {"a \ud800 b": PACKED}


def test_what_is_used_stays_and_the_rest_goes_in_time(path):
    keep(path, PARAGRAPH, "Never again.")
    late = DAY + timedelta(days=KEPT_DAYS)
    assert found(path, PARAGRAPH, day=late)
    for day, left in ((late, {PARAGRAPH, "Never again."}), (late + timedelta(days=1), {PARAGRAPH})):
        with open_readings(path, day) as kept:
            kept.drop_unused({"en": "m1"})
        with open_readings(path, late) as kept:
            assert kept.find("en", "m1", [PARAGRAPH]).keys() == {PARAGRAPH} & left
    assert found(path, "Never again.", day=late) == {}


def test_readings_of_models_that_are_not_in_force_go(path):
    keep(path, PARAGRAPH)
    keep(path, PARAGRAPH, model="m2")
    keep(path, PARAGRAPH, language="fr")
    with open_readings(path, DAY) as kept:
        kept.drop_unused({"en": "m2", "fr": None})
    assert [found(path, PARAGRAPH, model=model) != {} for model in ("m1", "m2")] == [False, True]
    assert found(path, PARAGRAPH, language="fr") == {}


@pytest.mark.parametrize("content", [b"no database", b"", b"\x00" * 20_000])
def test_a_damaged_file_is_made_anew(path, caplog, content):
    path.parent.mkdir()
    path.write_bytes(content)
    assert found(path, PARAGRAPH) == {}
    keep(path, PARAGRAPH)
    assert found(path, PARAGRAPH) == {PARAGRAPH: PACKED}
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_file_damaged_in_its_middle_is_made_anew(path, caplog):
    keep(path, *(f"Paragraph {n}." for n in range(5000)))
    whole = bytearray(path.read_bytes())
    whole[8192:] = b"\x7f" * (len(whole) - 8192)
    path.write_bytes(whole)
    assert found(path, "Paragraph 1.") == {}
    assert "made anew" in caplog.text
    keep(path, PARAGRAPH)
    assert found(path, PARAGRAPH) == {PARAGRAPH: PACKED}


def test_a_file_with_other_tables_is_made_anew(path, caplog):
    import duckdb

    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE readings (sentence VARCHAR)")
    assert found(path, PARAGRAPH) == {}
    assert "made anew" in caplog.text
    keep(path, PARAGRAPH)
    assert found(path, PARAGRAPH) == {PARAGRAPH: PACKED}


def test_a_file_that_another_process_holds_is_left_alone(path, caplog):
    keep(path, PARAGRAPH)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import duckdb; c = duckdb.connect({str(path)!r}); print('open', flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "open\n"
        with open_readings(path, DAY) as kept:
            assert kept.find("en", "m1", [PARAGRAPH]) == {}
            kept.add("en", "m1", {PARAGRAPH: PACKED})
            kept.drop_unused({})
    finally:
        holder.communicate("\n")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert found(path, PARAGRAPH) == {PARAGRAPH: PACKED}


def test_where_no_file_can_be_the_run_goes_on_without(tmp_path, caplog):
    (tmp_path / "work").write_text("a file where the folder should be")
    kept = Readings(tmp_path / "work" / "readings.duckdb", DAY)
    assert kept.find("en", "m1", [PARAGRAPH]) == {}
    kept.add("en", "m1", {PARAGRAPH: PACKED})
    kept.close()
    assert len(caplog.records) == 1
