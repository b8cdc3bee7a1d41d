"""A newer extractor writes a version only where something changed, and says that we changed it."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import project
from pipelines.clean import extract as reader
from pipelines.clean import stage
from pipelines.clean.records import Article
from pipelines.quality.validate import validate_staged
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.publish import publish_file
from tests.factories import newsledger, query
from tests.in_process import InProcess

NEXT = "3+next"
Edit = Callable[[Article], Article]


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    """The samples as the command line ingested them, to be written to."""
    for part in ("work", "archive"):
        shutil.copytree(sample_home / part, tmp_path / "home" / part)
    return tmp_path / "home"


@contextmanager
def newer_extractor(version: str, edit: Edit) -> Iterator[None]:
    """The extraction code as a change of it would leave it: another version, another result."""
    before = reader.extract

    def edited(*arguments: Any) -> Any:
        result = before(*arguments)
        return edit(result) if isinstance(result, Article) else result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "extract", edited)
        patch.setattr(stage, "EXTRACTOR_VERSION", version)
        yield


def run(home: Path, version: str = NEXT, edit: Edit = lambda article: article) -> int:
    """Extraction and validation of every day that is pending. Returns how many captures were read."""
    settings = Settings(home=home)
    read = 0
    with newer_extractor(version, edit), writing(settings) as connection:
        days = connection.execute(
            project.sql_text("load/pending_days.sql"),
            {"extractor_version": version, "recognizer_version": "any"},
        ).fetchall()
        for (day,) in sorted(set(days)):
            archive = stage.Archive(settings.archive_root)
            report = stage.extract_pending(
                connection, archive, InProcess(), day=day, run_id=f"{version} {day}"
            )
            validate_staged(connection, day=day, run_id=f"{version} {day}")
            read += report.pending
        connection.execute("CHECKPOINT")
    publish_file(settings)
    return read


def versions(home: Path) -> dict[tuple[str, int], tuple[Any, ...]]:
    with duckdb.connect(str(home / "work" / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "SELECT article_id, version, headline, change_kind, extractor_version, fetch_id,"
            " valid_from, valid_to IS NULL FROM article_versions"
        ).fetchall()
    return {(row[0], row[1]): row[2:] for row in rows}


def about_grain(article: Article) -> Article:
    """The change that the newer extractor makes: one headline in a few."""
    if article.headline and "grain" in article.headline.lower():
        return dataclasses.replace(article, headline=f"{article.headline} (revised)")
    return article


def test_what_reads_the_same_gets_no_version(home: Path) -> None:
    before = versions(home)
    assert run(home) >= 16, "every article's latest capture is read again"
    assert versions(home) == before
    assert run(home) == 0, "and once only"


def test_what_reads_otherwise_gets_the_next_version_as_a_re_extraction(home: Path) -> None:
    before = versions(home)
    run(home, edit=about_grain)
    after = versions(home)
    written = {key: row for key, row in after.items() if key not in before}
    current = {key[0]: (key[1], row) for key, row in sorted(before.items())}
    assert {key[0] for key in written} == {
        article for article, (_, row) in current.items() if "grain" in row[0].lower()
    }
    assert written
    for (article, number), (headline, kind, extractor, fetch_id, _, is_current) in written.items():
        last, old = current[article]
        assert number == last + 1
        assert (headline, kind, extractor) == (f"{old[0]} (revised)", "re_extraction", NEXT)
        assert fetch_id == old[3], "the same bytes, read otherwise"
        assert is_current
        assert not after[article, last][-1]
    untouched = {key for key in before if key[0] not in {article for article, _ in written}}
    assert {key: after[key] for key in untouched} == {key: before[key] for key in untouched}


def test_each_reading_has_a_fate_and_no_capture_loses_its_own(home: Path) -> None:
    fates = "SELECT fetch_id, fate, reason FROM mart.capture_fates ORDER BY fetch_id"
    publish_file(Settings(home=home))
    before = query(home, fates)
    run(home, edit=about_grain)
    readings = query(
        home,
        f"SELECT outcome, outcome_reason AS reason, count(*) AS n FROM ops.extractions"
        f" WHERE extractor_version = '{NEXT}' GROUP BY ALL",
    )
    counted = {(row["outcome"], row["reason"]): row["n"] for row in readings}
    assert counted["kept", None] == 1
    assert counted["skipped", "same_reading"] >= 14
    assert query(home, fates) == before


def test_it_is_told_by_explain(home: Path) -> None:
    run(home, edit=about_grain)
    (row,) = query(home, "SELECT article_id FROM articles WHERE change_kind = 're_extraction'")
    shown = newsledger(home, "explain", row["article_id"]).stdout
    assert "version 2 of 2, re extraction" in shown
    assert "(revised)" in shown
    assert (
        "(revised)" not in newsledger(home, "explain", row["article_id"], "--version", "1").stdout
    )
