"""Recognition over the warehouse: each paragraph read once, each failure its article's alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from pipelines.compute import Compute
from pipelines.normalise import model, read, readings, stage, version
from pipelines.normalise.records import Text
from pipelines.normalise.stage import RecognitionError, RecognitionReport, recognise_pending
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.rows import insert_rows
from tests.in_process import InProcess

pytestmark = pytest.mark.usefixtures("english_model")

DAY = date(2026, 3, 2)
AGENCY = "The harbour board met in Lisbon on Tuesday, said Carlos Monteiro, its head."
OWN = "Mayor Ines Duarte of Porto declined to comment on what the board of the harbour did."


def bodies(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def article(name: str, body: str, day: date = DAY, **changes: Any) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return {
        "article_id": name,
        "version": 1,
        "source_id": "harbour",
        "headline": f"Report {name}",
        "in_language": "en",
        "article_body": body,
        "content_sha256": name,
        "fetch_id": name,
        "fetch_date": day,
        "extractor": "html",
        "extractor_version": "1",
        "change_kind": "first",
        "valid_from": at,
    } | changes


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def connection(settings: Settings) -> Iterator[DuckDBPyConnection]:
    with writing(settings) as connection:
        yield connection


class Counting(InProcess):
    """Notes which paragraphs go to a model."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def run(self, task, items, warm_up=None):
        for outcome in super().run(task, items, warm_up):
            if isinstance(outcome.item, list):
                self.read += outcome.item
            yield outcome


def recognised(
    connection: DuckDBPyConnection, settings: Settings, compute: Any, day: date = DAY
) -> RecognitionReport:
    return recognise_pending(connection, compute, settings, day=day, run_id="run")


def mentions(connection: DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "SELECT article_id, in_headline, start_char, exact, mention_type, confidence, sentence_no"
        " FROM mentions ORDER BY ALL"
    ).fetchall()


def test_syndicated_copy_is_read_once_in_a_run_and_across_runs(connection, settings):
    later = date(2026, 3, 3)
    insert_rows(
        connection,
        "article_versions",
        [
            article("a", bodies(AGENCY, OWN)),
            article("b", bodies(OWN, AGENCY)),
            article("c", bodies(AGENCY, "Nobody else spoke."), later),
        ],
    )
    first, second = Counting(), Counting()
    report = recognised(connection, settings, first)
    assert sorted(first.read) == sorted(["Report a", "Report b", AGENCY, OWN])
    assert (report.pending, report.reading.paragraphs, report.reading.read) == (2, 4, 4)
    report = recognised(connection, settings, second, later)
    assert sorted(second.read) == ["Nobody else spoke.", "Report c"]
    assert (report.reading.paragraphs, report.reading.read) == (3, 2)
    found = {row[0] for row in mentions(connection) if row[3] == "Carlos Monteiro"}
    assert found == {"a", "b", "c"}


def test_new_rules_and_a_new_catalogue_read_nothing_again(connection, settings, monkeypatch):
    insert_rows(connection, "article_versions", [article("a", bodies(AGENCY, OWN))])
    recognised(connection, settings, Counting())
    before = mentions(connection)
    monkeypatch.setattr(version, "RULES_VERSION", "later")
    again = Counting()
    assert recognised(connection, settings, again).pending == 1
    assert again.read == []
    assert mentions(connection) == before


def test_another_version_of_the_model_reads_everything_again(connection, settings, monkeypatch):
    insert_rows(connection, "article_versions", [article("a", AGENCY)])
    recognised(connection, settings, Counting())
    monkeypatch.setattr(version, "READER_VERSION", "later")
    again = Counting()
    recognised(connection, settings, again)
    assert sorted(again.read) == sorted(["Report a", AGENCY])


def test_without_the_kept_readings_the_result_is_the_same(connection, settings, monkeypatch):
    insert_rows(connection, "article_versions", [article("a", bodies(AGENCY, OWN))])
    recognised(connection, settings, Counting())
    before = mentions(connection)
    (settings.home / "work" / "readings.duckdb").write_bytes(b"damaged")
    monkeypatch.setattr(version, "RULES_VERSION", "later")
    again = Counting()
    recognised(connection, settings, again)
    assert len(again.read) == 3
    assert mentions(connection) == before


def test_one_damaged_reading_is_read_again(connection, settings, monkeypatch):
    insert_rows(connection, "article_versions", [article("a", AGENCY)])
    monkeypatch.setattr(read, "pack", lambda reading: b"damaged")
    recognised(connection, settings, Counting())
    monkeypatch.undo()
    assert "Carlos Monteiro" in {row[3] for row in mentions(connection)}


def test_a_paragraph_that_no_model_can_read_fails_its_articles_alone(
    connection, settings, monkeypatch
):
    insert_rows(
        connection,
        "article_versions",
        [
            article("a", bodies(AGENCY, OWN)),
            article("b", bodies("poison", OWN)),
            article("c", bodies(OWN, "poison")),
            article("d", OWN),
        ],
    )
    real = model.read_paragraphs

    def spoilt(language, texts):
        if "poison" in texts:
            raise RuntimeError("no good")
        return real(language, texts)

    monkeypatch.setattr(model, "read_paragraphs", spoilt)
    compute = Counting()
    with pytest.raises(RecognitionError) as error:
        recognised(connection, settings, compute)
    assert str(error.value) == (
        "recognition failed: b version 1: RuntimeError: no good; c version 1: RuntimeError: no good"
    )
    assert {row[0] for row in mentions(connection)} == {"a", "d"}
    # Only they are tried again, and nothing else of theirs is read again.
    monkeypatch.undo()
    again = Counting()
    assert recognised(connection, settings, again).pending == 2
    assert again.read == ["poison"]


def test_more_texts_than_a_transaction_holds(connection, settings, monkeypatch):
    monkeypatch.setattr(stage, "BATCH", 2)
    insert_rows(
        connection,
        "article_versions",
        [article(name, bodies(AGENCY, f"And {name}.")) for name in "abcde"],
    )
    compute = Counting()
    assert recognised(connection, settings, compute).pending == 5
    assert compute.read.count(AGENCY) == 1
    assert {row[0] for row in mentions(connection)} == set("abcde")
    assert recognised(connection, settings, compute).pending == 0


def test_a_day_with_nothing_new_opens_no_file_and_starts_no_worker(connection, settings):
    compute = Compute()
    assert recognised(connection, settings, compute).pending == 0
    assert compute._pool is None
    assert not (settings.home / "work" / "readings.duckdb").exists()


def test_languages_without_a_model_are_not_read_and_not_kept(connection, settings):
    body = "Der Hafenrat tagte in Deutschland."
    insert_rows(
        connection,
        "article_versions",
        [article("a", body, in_language="de"), article("b", body, in_language="xx")],
    )
    compute = Counting()
    recognised(connection, settings, compute)
    assert compute.read == []
    assert {row[3] for row in mentions(connection)} == {"Deutschland"}


def fatal(language: str, texts: list[str]) -> Iterator[model.Reading]:
    """In the worker: what takes its process away."""
    if "poison" in texts:
        os._exit(9)
    return iter([model.Reading((), (0,)) for _ in texts])


def poisoned(language: str, paragraphs: list[str]) -> list[bytes]:
    return [readings.pack(reading) for reading in fatal(language, paragraphs)]


def nothing(language: str) -> None:
    """In the worker: no model is needed."""


def test_a_paragraph_that_kills_its_worker_is_alone_in_failing(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "_packed", poisoned)
    monkeypatch.setattr(model, "warm_up", nothing)
    texts = [Text(name, 1, None, body, "en") for name, body in (("a", OWN), ("b", "poison"))]
    compute = Compute(workers=1)
    try:
        with readings.open_readings(tmp_path / "readings.duckdb", DAY) as kept:
            got = read.read_texts(compute, kept, texts, read.ReadingReport())
    finally:
        compute.close()
    assert [one.error and one.error.split(":")[0] for one in got] == [None, "worker_died"]
    assert got[0].readings() == {OWN: model.Reading((), (0,))}
