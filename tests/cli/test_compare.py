"""``newsledger compare``: what a change of the code would change, and nothing written."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipelines import compute
from pipelines.archive import Archive
from pipelines.clean import extract as reader
from pipelines.clean import stage
from pipelines.clean.ledger import Judged, build
from pipelines.clean.records import Article, Skip
from pipelines.cli import app
from pipelines.differences import body_change
from pipelines.quality.validate import validate_staged
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.marts import build_marts
from pipelines.warehouse.publish import publish_file
from pipelines.warehouse.rows import insert_rows
from tests.factories import fetch_row, page
from tests.in_process import InProcess

PLACES = ("Bergen", "Hamburg", "Gdansk", "Riga", "Turku", "Narvik")
DAYS = (datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC))
MENU = b"<html><head><title>Menu</title></head><body><nav><a href='/'>Home</a></nav></body></html>"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six articles, one of them edited, one captured twice, and a page that is held: read it only."""
    home = tmp_path_factory.mktemp("compare") / "home"
    settings = Settings(home=home)
    archive = Archive(settings.archive_root)
    pages = [
        (f"p{n}", page(f"Port of {place} shares its pilots", place), DAYS[n % 2])
        for n, place in enumerate(PLACES)
    ]
    pages.append(("p0", page("Port of Bergen keeps its pilots", "Bergen"), DAYS[1]))
    pages.append(("p2", pages[2][1], DAYS[1]))
    pages.append(("menu", MENU, DAYS[1]))
    rows = []
    for number, (name, content, at) in enumerate(pages):
        kept = archive.put(io.BytesIO(content), 10**6)
        rows.append(
            fetch_row(
                f"{number}{name}",
                source_id="north" if name in ("p1", "menu") else "south",
                target_uri=f"https://harbour.example/{name}",
                content_type="text/html",
                payload_sha256=kept.sha256,
                archive_path=kept.path,
                fetched_at=at + timedelta(minutes=number),
            )
        )
    with writing(settings) as connection:
        insert_rows(connection, "raw.fetches", rows)
        for at in DAYS:
            stage.extract_pending(connection, archive, InProcess(), day=at.date(), run_id="first")
            validate_staged(connection, day=at.date(), run_id="first")
        build_marts(connection)
        connection.execute("CHECKPOINT")
    publish_file(settings)
    return home


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Article], Any]], None]:
    """Has extraction run in this process, and changes what it makes of each article."""
    monkeypatch.setattr(compute, "Compute", lambda *_: InProcess())

    def otherwise(edit: Callable[[Article], Any]) -> None:
        before = reader.extract

        def edited(*arguments: Any) -> Any:
            result = before(*arguments)
            return edit(result) if isinstance(result, Article) else result

        monkeypatch.setattr(reader, "extract", edited)

    return otherwise


def compared(home: Path, *arguments: str, **environment: str) -> Result:
    result = CliRunner(
        env={"NEWSLEDGER_HOME": str(home), "COLUMNS": "140", "NO_COLOR": None} | environment
    ).invoke(app, ["compare", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def counted(home: Path, *arguments: str) -> dict[str, Any]:
    result = compared(home, *arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    record: dict[str, Any] = json.loads(result.stdout)
    return record


BOTH = ("--from", "2026-03-01", "--to", "2026-03-02")


def with_body(article: Article, *paragraphs: str) -> Article:
    """The article with other paragraphs, its ledger in agreement."""
    body, blocks = build(Judged(text, "body", "test", 1.0, keep=True) for text in paragraphs)
    return dataclasses.replace(article, article_body=body, blocks=blocks)


class TestWhatIsRead:
    def test_the_same_code_changes_nothing(self, stored, reads):
        found = counted(stored, *BOTH)
        assert (found["captures"], found["unchanged"], found["changed"]) == (7, 7, 0)
        assert (found["versions"], found["hash_only"], found["changes"]) == (0, 0, [])
        assert found["stored_by"] == {reader.EXTRACTOR_VERSION: 6}

    def test_the_default_is_the_latest_day_with_articles(self, stored, reads):
        found = counted(stored)
        assert found["days"] == ["2026-03-02"]
        assert found["captures"] == 6, "p1, p3, p5, p0 edited, p2 once more, and the held page"
        earlier = counted(stored, "--date", "2026-03-01")
        assert earlier["captures"] == 1, "of p0 and p2 there are later captures"

    def test_a_snapshot_of_an_older_schema(self, stored, reads, tmp_path):
        shutil.copytree(stored / "archive", tmp_path / "archive")
        (tmp_path / "published").mkdir()
        older = tmp_path / "published" / "news.duckdb"
        shutil.copyfile(stored / "published" / "news.duckdb", older)
        with duckdb.connect(str(older)) as connection:
            connection.execute(
                "DROP VIEW articles; DROP TABLE ops.learnt_lines; DELETE FROM ops.schema_state"
            )
            for column in ("agencies", "text_direction"):
                connection.execute(f"ALTER TABLE article_versions DROP COLUMN {column}")
            connection.execute(
                "CREATE VIEW articles AS FROM article_versions WHERE valid_to IS NULL"
            )
        before = older.read_bytes()
        found = counted(tmp_path, *BOTH)
        assert older.read_bytes() == before
        assert [p.name for p in older.parent.iterdir()] == ["news.duckdb"]
        assert set(found["fields"]) == {"text_direction"}, "no agencies then, none now"
        assert found["fields"]["text_direction"]["added"] == 6

    def test_a_source_and_a_sample(self, stored, reads):
        assert counted(stored, *BOTH, "--source", "north")["captures"] == 2
        first = counted(stored, "--sample", "2")
        assert first["captures"] == 2
        assert first == counted(stored, "--sample", "2")

    def test_on_the_samples_by_worker_processes_nothing_is_written(self, sample_home):
        def state() -> dict[str, tuple[int, int, bytes]]:
            return {
                str(p): (p.stat().st_mtime_ns, p.stat().st_size, p.read_bytes())
                for part in ("work", "published", "archive")
                for p in sorted((sample_home / part).rglob("*"))
                if p.is_file()
            }

        before = state()
        found = counted(sample_home, "--from", "2026-03-01", "--to", "2026-12-31")
        assert state() == before
        assert found["captures"] >= 16
        assert (found["changed"], found["versions"]) == (0, 0), "what reads the same is the same"

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--date", "2026-03-05"], "there are some of 2 days, 2026-03-01 to 2026-03-02"),
            (["--source", "west"], "no captures of source 'west'"),
            (["--date", "2026-03-01", "--to", "2026-03-02"], "--date stands alone"),
            (["--format", "csv"], "use text or json"),
        ],
    )
    def test_what_cannot_be_compared_says_why(self, stored, arguments, message):
        result = compared(stored, *arguments)
        assert result.exit_code == 2
        assert message in result.stderr

    def test_without_a_snapshot(self, tmp_path):
        result = compared(tmp_path / "none")
        assert result.exit_code == 2
        assert "newsledger run makes the first snapshot" in result.stderr
        assert not (tmp_path / "none").exists()


class TestWhatWouldChange:
    def test_values_are_counted_by_what_happens_to_them(self, stored, reads):
        def edit(article: Article) -> Article:
            if "Hamburg" in article.article_body:
                return dataclasses.replace(article, byline="By Per Vik", published=None)
            if "Riga" in article.article_body:
                return dataclasses.replace(article, headline="Riga, too")
            return article

        reads(edit)
        found = counted(stored, *BOTH)
        counts = {
            name: (counts["added"], counts["removed"], counts["changed"])
            for name, counts in found["fields"].items()
        }
        assert counts == {
            "byline": (1, 0, 0),
            "date_published": (0, 1, 0),
            "date_published_precision": (0, 1, 0),
            "date_published_source": (0, 1, 0),
            "headline": (0, 0, 1),
        }
        assert (found["changed"], found["versions"], found["unchanged"]) == (2, 2, 5)
        (example,) = found["fields"]["headline"]["examples"]
        assert example["place"] == "https://harbour.example/p3"
        assert (example["before"], example["after"]) == (
            "Port of Riga shares its pilots",
            "Riga, too",
        )
        shown = compared(stored, *BOTH).stdout
        assert "headline: Port of Riga shares its pilots -> Riga, too" in shown
        assert "date_published: 2026-03-02T08:00:00+00:00 -> NULL" in shown
        assert "raise it, or runs will not read these captures again" in shown

    def test_bodies_are_compared_word_by_word_the_largest_change_first(self, stored, reads):
        def edit(article: Article) -> Article:
            first, *rest = article.article_body.split("\n\n")
            if "Turku" in article.article_body:
                return with_body(article, first.replace("one roster", "a single roster"), *rest)
            if "Narvik" in article.article_body:
                return with_body(article, first, *rest[1:], "Subscribe to our morning letter.")
            return article

        reads(edit)
        found = counted(stored, *BOTH)
        narvik, turku = found["changes"]
        assert (narvik["place"], turku["place"]) == (
            "https://harbour.example/p5",
            "https://harbour.example/p4",
        )
        assert (turku["body"]["words_added"], turku["body"]["words_removed"]) == (2, 1)
        assert narvik["body"]["words_added"] == 5
        assert narvik["body"]["words_removed"] > 30
        assert found["words_added"] == 7
        assert found["similarity"]["least"] == narvik["body"]["similarity"] < 0.8
        assert turku["body"]["similarity"] > 0.95
        shown = " ".join(compared(stored, *BOTH).stdout.split())
        assert "will work under [-one-] {+a single+} roster from April" in shown
        assert "{+¶Subscribe to our morning letter.+}" in shown
        (only,) = counted(stored, *BOTH, "--limit", "1")["changes"]
        assert only == narvik

    def test_another_fate_counts_before_any_change_of_words(self, stored, reads):
        def edit(article: Article) -> Article | Skip:
            if "Hamburg" in article.article_body:
                return Skip("listing", "12 teasers")
            if "Riga" in article.article_body:
                return with_body(article, "Too short.")
            if "Narvik" in article.article_body:
                raise ValueError("a defect of the new code")
            if "Home" in article.article_body or not article.article_body:
                return with_body(article, *(["This is a sentence of some eight words. " * 5] * 3))
            return dataclasses.replace(article, headline="Another " * 40)

        reads(edit)
        found = counted(stored, *BOTH)
        fates = {(f["before"], f["after"]): f["captures"] for f in found["fates"]}
        held = next(before for before, after in fates if after == "kept")
        assert held.startswith("quarantined: body_")
        assert fates == {
            ("kept", "skipped: listing"): 1,
            ("kept", "quarantined: body_is_prose, body_present"): 1,
            ("kept", "quarantined: extraction_succeeded"): 1,
            (held, "kept"): 1,
        } or fates == {
            ("kept", "skipped: listing"): 1,
            ("kept", "quarantined: body_present"): 1,
            ("kept", "quarantined: extraction_succeeded"): 1,
            (held, "kept"): 1,
        }
        first = found["changes"][:4]
        assert all(change["before"] != change["after"] for change in first)
        assert all(change["before"] == change["after"] for change in found["changes"][4:])
        assert {"kept", "skipped: listing: 12 teasers"} <= {change["after"] for change in first}
        assert "a defect of the new code" in " ".join(change["after"] for change in first)
        assert found["versions"] == 4, "three headlines, and the page that is held no longer"
        shown = " ".join(compared(stored, *BOTH).stdout.split())
        assert "1 kept -> skipped: listing" in shown

    def test_an_article_that_would_be_another_one(self, stored, reads):
        url = "https://harbour.example/elsewhere"
        reads(
            lambda article: (
                dataclasses.replace(article, canonical_url=url)
                if "Riga" in article.article_body
                else article
            )
        )
        found = counted(stored, *BOTH)
        assert set(found["fields"]) == {"article_id", "canonical_url"}
        assert found["versions"] == 1

    def test_values_that_no_version_is_written_for_are_said_to_be_such(self, stored, reads):
        url = "http://www.harbour.example/p3/"
        reads(
            lambda article: (
                dataclasses.replace(article, canonical_url=url)
                if "Riga" in article.article_body
                else article
            )
        )
        found = counted(stored, *BOTH)
        assert set(found["fields"]) == {"canonical_url"}
        assert (found["versions"], found["changed"]) == (0, 1)
        assert "writes no version" in compared(stored, *BOTH).stdout

    def test_the_words_of_pages_drive_no_terminal(self, stored, reads):
        reads(lambda article: dataclasses.replace(article, headline="\x1b[2J[red]x\x9b31m\u202ey"))
        for arguments in ((), ("--format", "json")):
            shown = compared(stored, *BOTH, *arguments).stdout
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
        assert "<U+001B>[2J[red]x" in compared(stored, *BOTH).stdout


class TestBodies:
    def test_equal_bodies_do_not_differ(self):
        assert body_change("One.\n\nTwo.", "One.\n\nTwo.") is None

    def test_breaks_alone_add_and_remove_no_word(self):
        change = body_change("One two. Three four five six.", "One two.\n\nThree four five six.")
        assert change is not None
        assert (change.words_added, change.words_removed, change.similarity) == (0, 0, 1.0)
        assert ("added", "¶") in change.passages[0]

    def test_scripts_without_spaces_are_compared_by_character(self):
        change = body_change("港口領航員將共用名單", "港口領航員將合用名單")
        assert change is not None
        assert (change.words_added, change.words_removed) == (1, 1)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("a b " * 20_000, "b c " * 20_000),
            ("x " * 30_000, "y " * 30_000),
            ("same\n\n" * 20_000, "same\n\nnot\n\n" * 10_000),
            (" ".join(map(str, range(40_000))), " ".join(map(str, range(39_999, -1, -1)))),
        ],
    )
    def test_no_page_makes_it_slow(self, before, after):
        begin = datetime.now(UTC)
        assert body_change(before, after) is not None
        assert datetime.now(UTC) - begin < timedelta(seconds=5)

    def test_what_is_shown_of_one_change_is_bounded(self):
        change = body_change("x", "x " + "word " * 10_000)
        assert change is not None
        assert sum(len(text) for _, text in change.passages[0]) < 500
        assert change.words_added == 10_000
