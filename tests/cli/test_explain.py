"""``newsledger explain``: a page as kept and cut, on the samples and on a page that fights back."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.warehouse.marts import build_marts
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema
from tests.factories import DAY, NOON, environment, fetch_row

STYLE = re.compile(r"\x1b\[[0-9;]*m")
"""The escape sequences that colours and weights are made of."""
HOSTILE = (
    "Pilots\x1b[2J\x1b]8;;https://evil.example\x07 sign\x9b31m [red]or[/red] [link=x]not[/link]"
    "\r\nspoof \u202eesrever\u202c \x00\x7f :smile: “quoted”"
)
FERRY = "https://www.harbour-herald.example/shipping/2026/03/02/ferry-coaster-collide-gothenburg"


def explained(home: Path, *arguments: str, **environment: str) -> Result:
    return CliRunner(
        env={"NEWSLEDGER_HOME": str(home), "COLUMNS": "140", "NO_COLOR": None} | environment
    ).invoke(app, ["explain", *arguments])


def described(home: Path, *arguments: str) -> dict[str, Any]:
    result = explained(home, *arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    record: dict[str, Any] = json.loads(result.stdout)
    return record


def version_row(article: str, version: int, fetch: str, **columns: Any) -> dict[str, Any]:
    body = columns.get("article_body", "Pilots sign.")
    return {
        "article_id": article,
        "version": version,
        "source_id": "harbour",
        "url": "https://harbour.example/pilots",
        "headline": "Pilots sign a roster",
        "authors": ["Ingrid Solheim", "Per Vik"],
        "date_published": NOON,
        "date_published_precision": "day",
        "date_published_source": "json_ld",
        "article_body": body,
        "word_count": 2,
        "content_sha256": f"content {version}",
        "fetch_id": fetch,
        "fetch_date": DAY,
        "extractor": "html",
        "extractor_version": "1+x",
        "change_kind": "first" if version == 1 else "publisher_edit",
        "valid_from": NOON,
    } | columns


def extraction(fetch: str, outcome: str, **columns: Any) -> dict[str, Any]:
    return {
        "fetch_id": fetch,
        "fetch_date": DAY,
        "fetched_at": NOON,
        "extractor_version": "1+x",
        "outcome": outcome,
        "extracted_at": NOON,
    } | columns


def block(number: int, role: str, text: str, *, kept: bool = False, rule: str = "html.tag.nav"):
    place = {"start_char": 0, "end_char": len(text)} if kept else {}
    return {
        "article_id": "a1f0",
        "version": 1,
        "block_no": number,
        "role": role,
        "is_body": kept,
        "block_text": text,
        "rule_id": rule,
        "confidence": 0.7,
        **place,
    }


def statement(number: int, name: str, value: str, *, chosen: bool, rule: str) -> dict[str, Any]:
    return {
        "article_id": "a1f0",
        "version": 1,
        "evidence_no": number,
        "field": name,
        "value_text": value,
        "source": "json_ld" if chosen else "title",
        "detail": "NewsArticle.headline" if chosen else None,
        "rule_id": rule,
        "is_chosen": chosen,
        "confidence": 0.9 if chosen else 0.2,
    }


def published(home: Path, headline: str = "Pilots sign a roster") -> Path:
    """A snapshot of one article with evidence, one held page and one that was skipped."""
    path = home / "published" / "news.duckdb"
    path.parent.mkdir(parents=True)
    pages = {"page": "text/html", "held": "text/html", "style": "text/css"}
    fetches = [
        fetch_row(name, target_uri=f"https://harbour.example/{name}", content_type=kind)
        for name, kind in pages.items()
    ]
    menu = [block(n, "navigation", f"Entry {n}") for n in range(1, 10)]
    with duckdb.connect(str(path)) as connection:
        apply_schema(connection)
        build_marts(connection)
        insert_rows(connection, "raw.fetches", fetches)
        insert_rows(
            connection, "article_versions", [version_row("a1f0", 1, "page", headline=headline)]
        )
        insert_rows(
            connection,
            "article_blocks",
            [
                block(0, "headline", headline, rule="html.headline"),
                *menu,
                block(10, "body", "Pilots sign.", kept=True, rule="html.body"),
            ],
        )
        insert_rows(
            connection,
            "article_evidence",
            [
                statement(0, "headline", f"{headline} | Harbour", chosen=False, rule="title.site"),
                statement(1, "headline", headline, chosen=True, rule="headline.agreed"),
                statement(2, "agencies", "NTB", chosen=False, rule="agency.unsure"),
            ],
        )
        insert_rows(
            connection,
            "ops.extractions",
            [
                extraction("page", "kept", article_id="a1f0", content_sha256="content 1"),
                extraction("held", "quarantined", article_id="b2", outcome_reason="body_is_prose"),
                extraction("style", "skipped", outcome_reason="unsupported_type: text/css"),
            ],
        )
        held = {
            "asset_key": "extracted_articles",
            "row_key": "held",
            "reason": "body_is_prose",
            "detail": None,
            "fetch_id": "held",
            "fetch_date": DAY,
            "run_id": "run",
            "created_at": NOON,
        }
        insert_rows(connection, "ops.quarantine", [held])
    path.chmod(0o444)
    return home


class TestAnArticle:
    def test_the_page_is_shown_in_order_as_kept_and_cut(self, sample_home):
        record = described(sample_home, FERRY)
        article, blocks = record["article"], record["blocks"]
        assert [b["block_no"] for b in blocks] == list(range(len(blocks)))
        shown = explained(sample_home, FERRY, "--all").stdout
        page = shown[shown.index("\npage: ") :].splitlines()[2:]
        starts = [m for line in page if (m := re.match(r" *(\d+) ([+-]) (\w+)", line))]
        assert [(int(m[1]), m[2] == "+", m[3]) for m in starts] == [
            (b["block_no"], b["is_body"], b["role"]) for b in blocks
        ]
        assert all(b["rule_id"] in shown for b in blocks)
        assert shown.splitlines()[0] == article["headline"]
        for fact in (
            article["article_id"],
            record["capture"]["payload_sha256"],
            "2026-03-03 10:30:00 UTC",
        ):
            assert fact in shown
        assert record["capture"]["archive_path"] in shown
        assert "version 2 of 2, publisher edit" in shown

    def test_kept_and_cut_together_are_the_page(self, sample_home):
        every = described(sample_home, FERRY)["blocks"]
        kept = described(sample_home, FERRY, "--kept")["blocks"]
        cut = described(sample_home, FERRY, "--cut")["blocks"]
        assert sorted(kept + cut, key=lambda b: b["block_no"]) == every
        assert all(b["is_body"] for b in kept)
        assert kept
        assert not any(b["is_body"] for b in cut)
        text = explained(sample_home, FERRY, "--kept").stdout
        assert kept[0]["block_text"][:40] in text
        assert not re.search(r"^ *\d+ - ", text, re.MULTILINE)

    def test_the_kept_blocks_are_the_body(self, sample_home):
        kept = described(sample_home, FERRY, "--kept")["blocks"]
        result = CliRunner(env={"NEWSLEDGER_HOME": str(sample_home)}).invoke(
            app,
            ["sql", f"SELECT article_body FROM articles WHERE url = '{FERRY}'", "--format", "json"],
        )
        (row,) = json.loads(result.stdout)
        assert "\n\n".join(b["block_text"] for b in kept) == row["article_body"]

    def test_an_older_version_is_shown_with_its_own_capture(self, sample_home):
        new, old = described(sample_home, FERRY), described(sample_home, FERRY, "--version", "1")
        assert (old["article"]["version"], new["article"]["version"]) == (1, 2)
        assert old["capture"]["fetch_id"] != new["capture"]["fetch_id"]
        assert "41 hurt" in explained(sample_home, FERRY, "--version", "1").stdout.splitlines()[0]
        missing = explained(sample_home, FERRY, "--version", "3")
        assert missing.exit_code == 2
        assert "has no version 3; it has 1, 2" in missing.stderr

    def test_evidence_stands_under_its_field_the_chosen_first(self, tmp_path):
        home = published(tmp_path)
        shown = explained(home, "a1f0").stdout
        lines = shown[shown.index("\nfields") : shown.index("\npage: ")].splitlines()
        headline = next(n for n, line in enumerate(lines) if line.strip().startswith("headline"))
        assert "Pilots sign a roster" in lines[headline]
        assert re.search(
            r"\+ +json_ld NewsArticle.headline .*headline.agreed 0.90", lines[headline + 1]
        )
        assert re.search(r"- +title .*\| Harbour .*title.site 0.20", lines[headline + 2])
        assert re.search(r"authors +Ingrid Solheim; Per Vik", shown)
        assert "2026-03-02 12:00:00 UTC (day, json_ld)" in shown
        assert re.search(r"agencies +none\n +- +title +NTB", shown), "a loser without a winner"

    def test_a_long_run_of_cut_blocks_is_folded_unless_all_are_asked_for(self, tmp_path):
        home = published(tmp_path)
        folded = explained(home, "a1f0").stdout
        assert "… 5 more of navigation, html.tag.nav (--all shows them)" in folded
        assert "Entry 4" in folded
        assert "Entry 5" not in folded
        assert "Entry 9" in explained(home, "a1f0", "--all").stdout

    @pytest.mark.parametrize("columns", ["40", "80", "99", "100", "200"])
    def test_lines_keep_to_the_width(self, sample_home, columns):
        result = explained(sample_home, FERRY, COLUMNS=columns)
        widths = [len(line) for line in result.stdout.splitlines()]
        assert max(widths) <= int(columns)
        assert not re.search(r" $", result.stdout, re.MULTILINE)


class TestWhatIsMeant:
    def test_an_id_its_beginning_an_address_in_any_spelling_and_a_capture(self, sample_home):
        whole = described(sample_home, FERRY)
        article = whole["article"]["article_id"]
        for name in (
            article,
            article.upper(),
            article[:12],
            whole["capture"]["fetch_id"],
            whole["capture"]["fetch_id"][:12],
            FERRY.replace("https://www.", "http://") + "/?utm_source=letter#top",
            FERRY.removeprefix("https://"),
            "13_ferry_collision_v2.html",
        ):
            assert described(sample_home, name)["article"] == whole["article"], name

    def test_an_address_is_where_a_page_lay_before_what_it_calls_itself(self, sample_home):
        copy = "https://newsbasket.example/s/9f3c1b/ferry-and-coaster-collide"
        assert described(sample_home, copy)["article"]["source_id"] == "newsbasket.example"
        assert described(sample_home, FERRY)["article"]["source_id"] == "harbour-herald.example"

    def test_a_capture_that_said_nothing_new_leads_to_the_version_with_its_content(
        self, sample_home
    ):
        record = described(sample_home, "14_same_bytes_as_02.html")
        assert record["asked"]["location"] == "14_same_bytes_as_02.html"
        assert record["capture"]["location"] == "02_cholera_vaccine_nairobi.html"
        shown = explained(sample_home, "14_same_bytes_as_02.html").stdout
        assert "skipped: duplicate_payload; its content is that of version 1" in " ".join(
            shown.split()
        )

    def test_what_is_ambiguous_lists_the_candidates(self, sample_home):
        ids = [
            row["article_id"]
            for row in json.loads(
                CliRunner(env={"NEWSLEDGER_HOME": str(sample_home)})
                .invoke(app, ["sql", "SELECT article_id FROM articles", "--format", "json"])
                .stdout
            )
        ]
        first = next(c for c in "0123456789abcdef" if sum(i[0] == c for i in ids) > 1)
        result = explained(sample_home, first)
        assert result.exit_code == 2
        assert "give more of the id" in result.stderr
        assert all(i in result.stderr for i in ids if i[0] == first)

    def test_what_is_unknown_names_what_is_near(self, sample_home):
        article = described(sample_home, FERRY)["article"]["article_id"]
        wrong = article[:16] + ("0" if article[16] != "0" else "1") + article[17:]
        for name, near in ((wrong, article), (FERRY + "-2", article), ("coaster collide", article)):
            result = explained(sample_home, name)
            assert result.exit_code == 2
            assert near in result.stderr, name
            assert result.stdout == ""
        nothing = explained(sample_home, "zzzz")
        assert nothing.exit_code == 2
        assert "give an article's id or the beginning of one" in nothing.stderr

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["x", "--format", "xml"], "use text or json"),
            (["x", "--kept", "--cut"], "use one of them"),
            (["  "], "give an article's id"),
            (["held", "--version", "1"], "no article came of it"),
        ],
    )
    def test_wrong_use_ends_with_2(self, tmp_path, arguments, message):
        result = explained(published(tmp_path), *arguments)
        assert result.exit_code == 2
        assert message in result.stderr


class TestWhatIsNoArticle:
    def test_a_held_page_says_which_rule_held_it_and_what_the_rule_is(self, tmp_path):
        home = published(tmp_path)
        record = described(home, "https://harbour.example/held")
        assert record["article"] is None
        assert record["capture"]["fate"] == "quarantined"
        (held,) = record["quarantine"]
        shown = " ".join(explained(home, "b2").stdout.split())
        assert "no article came of this capture: quarantined: body_is_prose" in shown
        assert held["rule"].startswith("The text is prose")
        assert f"held body_is_prose: {held['rule'][:60]}" in shown
        assert record["capture"]["archive_path"] in shown

    def test_what_is_only_flagged_and_what_people_decided_is_shown(self, tmp_path):
        home = published(tmp_path)
        path = home / "published" / "news.duckdb"
        path.chmod(0o644)
        flagged = {
            "asset_key": "mentions",
            "reason": "spans_exact",
            "effect": "flagged",
            "article_id": "a1f0",
            "run_id": "run",
            "created_at": NOON,
        }
        decided = {
            "decision_id": "d1",
            "asset_key": "extracted_articles",
            "row_key": "held",
            "reason": "body_is_prose",
            "decision": "release",
            "note": "a poem",
            "decided_by": "ada",
            "decided_at": NOON,
        }
        with duckdb.connect(str(path)) as connection:
            insert_rows(
                connection, "ops.quarantine", [flagged | {"row_key": key} for key in ("m1", "m2")]
            )
            insert_rows(connection, "ops.row_decisions", [decided])
        shown = " ".join(explained(home, "a1f0").stdout.split())
        assert "flagged spans_exact: " in shown
        assert " 2 rows" in shown
        shown = " ".join(explained(home, "held").stdout.split())
        assert "decided release from body_is_prose: a poem ada, 2026-03-02 12:00:00 UTC" in shown

    def test_a_skipped_capture_says_why(self, tmp_path):
        shown = explained(published(tmp_path), "style").stdout
        assert "no article came of this capture: skipped: unsupported_type: text/css" in shown
        assert "fields" not in shown

    def test_a_page_held_later_is_told_apart_from_its_article(self, tmp_path):
        home = published(tmp_path)
        path = home / "published" / "news.duckdb"
        path.chmod(0o644)
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                "UPDATE ops.extractions SET article_id = 'a1f0' WHERE fetch_id = 'held'"
            )
        assert described(home, "held")["article"] is None
        record = described(home, "a1f0")
        assert record["article"]["version"] == 1
        assert {c["fate"] for c in record["captures"]} == {"kept", "quarantined"}


class TestWhatThePageSays:
    @pytest.mark.parametrize("more", [{}, {"FORCE_COLOR": "1"}, {"COLUMNS": "60"}])
    def test_nothing_of_a_page_reaches_the_terminal_but_text(self, tmp_path, more):
        home = published(tmp_path, HOSTILE)
        shown = explained(home, "a1f0", "--all", **more).stdout
        plain = STYLE.sub("", shown)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", plain)
        assert "<U+001B>]8;;https://evil.example<U+0007>" in "".join(plain.split("\n")[0:2])
        assert "[red]or[/red] [link=x]not[/link]" in " ".join(plain.split())
        assert ":smile: “quoted”" in plain
        assert not re.search(r"^spoof", plain, re.MULTILINE)
        if "FORCE_COLOR" not in more:
            assert plain == shown, "no colour where the output is no terminal"

    def test_json_keeps_every_character_as_an_escape(self, tmp_path):
        home = published(tmp_path, HOSTILE)
        text = explained(home, "a1f0", "--format", "json").stdout
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
        assert json.loads(text)["article"]["headline"] == HOSTILE

    def test_nor_does_what_is_said_of_candidates(self, tmp_path):
        home = published(tmp_path, HOSTILE)
        for name in ("Pilots", "\x1b[31mx"):
            result = explained(home, name)
            assert result.exit_code == 2
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", result.stderr)

    def test_colours_are_for_terminals_that_want_them(self, tmp_path):
        home = published(tmp_path)
        assert STYLE.search(explained(home, "a1f0", FORCE_COLOR="1").stdout)
        assert not STYLE.search(explained(home, "a1f0", "--no-color", FORCE_COLOR="1").stdout)


class TestTheSnapshot:
    def test_it_is_only_read(self, tmp_path):
        home = published(tmp_path)
        path = home / "published" / "news.duckdb"
        before = (path.read_bytes(), path.stat().st_mtime_ns)
        explained(home, "a1f0")
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before
        assert [p.name for p in path.parent.iterdir()] == ["news.duckdb"]

    def test_none_says_how_to_have_one(self, tmp_path):
        result = explained(tmp_path / "none", "x")
        assert result.exit_code == 2
        assert "newsledger run makes the first snapshot" in result.stderr

    def test_reading_it_loads_nothing_heavy(self, tmp_path):
        home = published(tmp_path)
        code = (
            "import json, sys; from pipelines.cli import app; "
            "app(['explain', 'https://harbour.example/page', '--kept'], standalone_mode=False); "
            "print(json.dumps(sorted(sys.modules)))"
        )
        result = subprocess.run(
            [sys.executable, "-c", code],
            env=environment(home),
            capture_output=True,
            text=True,
            check=True,
        )
        assert "Pilots sign." in result.stdout
        loaded = {name.partition(".")[0] for name in json.loads(result.stdout.splitlines()[-1])}
        # pandas and numpy DuckDB loads by itself, as soon as a query has a parameter.
        assert not loaded & {"dagster", "great_expectations", "lxml", "trafilatura", "spacy"}

    def test_one_of_before_evidence_was_kept_still_explains(self, tmp_path):
        home = published(tmp_path)
        path = home / "published" / "news.duckdb"
        path.chmod(0o644)
        with duckdb.connect(str(path)) as connection:
            connection.execute("DROP VIEW articles; DROP TABLE article_evidence")
            for column in ("agencies", "dateline_place", "text_direction"):
                connection.execute(f"ALTER TABLE article_versions DROP COLUMN {column}")
        shown = explained(home, "a1f0")
        assert shown.exit_code == 0, shown.stderr
        assert "this snapshot is of a time before evidence was kept" in shown.stdout
        assert "Pilots sign a roster" in shown.stdout
        assert described(home, "a1f0")["has_evidence"] is False

    def test_one_that_lacks_a_table_says_so(self, tmp_path):
        home = published(tmp_path)
        path = home / "published" / "news.duckdb"
        path.chmod(0o644)
        with duckdb.connect(str(path)) as connection:
            connection.execute("DROP TABLE ops.extractions")
        result = explained(home, "a1f0")
        assert result.exit_code == 2
        assert "an older newsledger published it" in result.stderr

    def test_one_that_cannot_be_opened_says_so(self, tmp_path):
        path = tmp_path / "published" / "news.duckdb"
        path.parent.mkdir()
        path.write_bytes(b"no database" * 1000)
        result = explained(tmp_path, "a1f0")
        assert result.exit_code == 2
        assert str(path) in result.stderr
