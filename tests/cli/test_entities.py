"""``newsledger entities``: who is who, and the judgements that correct it, seen after the next run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.normalise.judged import split_off_id
from pipelines.normalise.names import local_id
from pipelines.settings import Settings
from tests.cast import Part, play

INGRID, SOLHEIM = local_id("person", "Ingrid Solheim"), local_id("person", "Ingrid Solheimsen")
PORT = local_id("organization", "Port Authority")
ADA = local_id("person", "Ada Lund")
CAST = {
    "a1f0aaaa": [
        Part("Ingrid Solheim", forms=("Ingrid Solheim", "Solheim"), role="traffic chief"),
        Part("Port Authority", "organization"),
        Part("Norway", "place", known="Q20"),
    ],
    "a1f0bbbb": [
        Part("Ingrid Solheimsen"),
        Part("Port Authority", "organization"),
        Part("Georgia", "place", candidates=("Q230", "Q1428")),
    ],
    "a3": [Part("Ada Lund", context=("with:Q20", "role:pilot")), Part("Norway", "place", known="Q20")],
    "a4": [Part("Ada Lund", context=("with:Q230", "role:singer")), Part("Georgia", "place", known="Q230")],
    "a5": [Part("Ada Lund", context=("with:Q230", "role:singer")), Part("Georgia state", "place", known="Q1428")],
    "a6": [Part("Port Authority", "place")],
}  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home")
    play(settings, CAST)
    return settings


def called(settings: Settings, *arguments: str, columns: str = "140") -> Result:
    runner = CliRunner(
        env={
            "NEWSLEDGER_HOME": str(settings.home),
            "COLUMNS": columns,
            "USER": "ada",
            "LOGNAME": "ada",
        }
    )
    return runner.invoke(app, ["entities", *arguments])


def done(settings: Settings, *arguments: str) -> str:
    result = called(settings, *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def record(settings: Settings, *arguments: str) -> Any:
    return json.loads(done(settings, *arguments, "--format", "json"))


def refused(settings: Settings, *arguments: str) -> str:
    ledger = settings.judgements_file
    before = ledger.read_bytes() if ledger.exists() else b""
    result = called(settings, *arguments)
    assert result.exit_code == 2, result.stdout
    assert (ledger.read_bytes() if ledger.exists() else b"") == before
    return result.stderr


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.published_file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def where_named(settings: Settings) -> dict[tuple[str, str], str]:
    """The entity of each mention of the snapshot, by article and name."""
    found = rows(settings, "SELECT article_id, exact, entity_id FROM mentions ORDER BY ALL")
    return {(article, exact): entity_id for article, exact, entity_id in found}


class TestSearch:
    @pytest.mark.parametrize("text", ["ingrid solheim", "SOLHEIM ingrid", "Ingríd Solh"])
    def test_by_words_of_a_name_whatever_case_accents_and_order(self, settings, text) -> None:
        found = record(settings, "search", text)
        assert found[0]["name"] == "Ingrid Solheim"
        assert {row["entity_id"] for row in found} == {INGRID, SOLHEIM}
        assert (found[0]["mentions"], found[0]["articles"], found[0]["entity_type"]) == (
            2,
            1,
            "person",
        )

    def test_by_id_and_its_beginning_and_by_type(self, settings) -> None:
        assert [row["entity_id"] for row in record(settings, "search", INGRID)] == [INGRID]
        digits = INGRID.removeprefix("local:")[:6]
        assert [row["entity_id"] for row in record(settings, "search", digits)] == [INGRID]
        kinds = {r["entity_type"] for r in record(settings, "search", "port", "--type", "place")}
        assert kinds == {"place"}

    def test_what_is_not_there_is_said(self, settings) -> None:
        assert "nothing in the snapshot goes by 'xyz'" in done(settings, "search", "xyz")
        assert record(settings, "search", "xyz") == []
        assert "use text or json" in refused(settings, "search", "x", "--format", "csv")
        assert "use one of person" in refused(settings, "search", "x", "--type", "animal")

    def test_without_a_snapshot_it_says_what_to_do(self, tmp_path) -> None:
        result = called(Settings(home=tmp_path), "search", "x")
        assert result.exit_code == 2
        assert "newsledger run" in result.stderr


class TestShow:
    def test_everything_about_one_entity(self, settings) -> None:
        shown = record(settings, "show", INGRID)
        assert shown["entity"]["name"] == "Ingrid Solheim"
        assert {(n["name"], n["mentions"]) for n in shown["names"]} == {
            ("Ingrid Solheim", 1),
            ("Solheim", 1),
        }
        assert shown["roles"][0]["role_text"] == "traffic chief"
        assert [a["article_id"] for a in shown["articles"]] == ["a1f0aaaa"]
        assert {b["entity_id"] for b in shown["beside"]} == {PORT, "Q20"}
        assert shown["referents"][0]["reason"] == "local"
        text = done(settings, "show", INGRID)
        for words in (
            "Ingrid Solheim",
            "traffic chief",
            "What was said on day 0",
            "Port Authority",
        ):
            assert words in text

    def test_the_open_names_that_may_be_it(self, settings) -> None:
        (name,) = record(settings, "show", "Q230")["open_names"]
        assert (name["name"], name["reason"], name["example_article_id"]) == (
            "Georgia",
            "ambiguous",
            "a1f0bbbb",
        )

    def test_an_unknown_id_is_refused_with_what_is_near(self, settings) -> None:
        assert "newsledger entities search NAME" in refused(settings, "show", "zzz")
        assert INGRID in refused(settings, "show", "Ingrid")
        assert INGRID in refused(settings, "show", INGRID[:-1] + "x")

    def test_ids_may_be_abbreviated_where_they_are_unique(self, settings) -> None:
        assert record(settings, "show", INGRID[6:12])["entity"]["entity_id"] == INGRID
        assert "may be any of" in refused(settings, "show", "local:")
        assert "no entity" in refused(settings, "show", INGRID[6:8])


class TestMerge:
    def test_after_the_next_run_they_are_one_and_the_other_id_leads_there(self, settings) -> None:
        said = done(settings, "merge", INGRID, SOLHEIM, "--reason", "her married name")
        assert f"Ingrid Solheim ({INGRID}) is one with Ingrid Solheimsen ({SOLHEIM})" in said
        assert "newsledger run" in said
        (waiting,) = record(settings, "judgements")
        assert waiting["state"] == "waits for the next run"
        assert (waiting["user"], waiting["reason"]) == ("ada", "her married name")
        play(settings, {})
        assert where_named(settings)["a1f0bbbb", "Ingrid Solheimsen"] == INGRID
        assert rows(settings, "SELECT old_id, entity_id, reason FROM entity_redirects") == [
            (SOLHEIM, INGRID, "judgement")
        ]
        assert rows(settings, f"SELECT entity_id FROM entity_ids WHERE any_id = '{SOLHEIM}'") == [
            (INGRID,)
        ]
        assert rows(
            settings, "SELECT left_id, right_id, judgement, user FROM entity_judgements"
        ) == [(INGRID, SOLHEIM, "positive", "ada")]
        assert record(settings, "judgements")[0]["state"] == "in force"
        shown = record(settings, "show", SOLHEIM)
        assert shown["entity"]["entity_id"] == INGRID, "an id of before goes on working"
        assert {n["name"] for n in shown["names"]} == {
            "Ingrid Solheim",
            "Ingrid Solheimsen",
            "Solheim",
        }
        assert shown["judgements"][0]["reason"] == "her married name"
        assert [r["old_id"] for r in shown["redirects"]] == [SOLHEIM]

    def test_applies_to_what_comes_later(self, settings) -> None:
        done(settings, "merge", INGRID, SOLHEIM)
        play(settings, {"a9": [Part("Ingrid Solheimsen")]})
        assert where_named(settings)["a9", "Ingrid Solheimsen"] == INGRID

    def test_several_at_once_and_through_steps(self, settings) -> None:
        done(settings, "merge", INGRID, SOLHEIM)
        done(settings, "merge", ADA, SOLHEIM, "--user", "bo")
        play(settings, {})
        assert len({where_named(settings)[key] for key in (
            ("a1f0aaaa", "Ingrid Solheim"), ("a1f0bbbb", "Ingrid Solheimsen"), ("a3", "Ada Lund"),
        )}) == 1  # fmt: skip
        assert {r["user"] for r in record(settings, "judgements")} == {"ada", "bo"}

    def test_a_known_id_stays(self, settings) -> None:
        place = local_id("place", "Port Authority")
        done(settings, "merge", place, "Q20")
        play(settings, {})
        assert where_named(settings)["a6", "Port Authority"] == "Q20"
        ((name, origin),) = rows(
            settings, "SELECT name, origin FROM entities WHERE entity_id = 'Q20'"
        )
        assert (name, origin) == ("Norway", "catalogue")

    def test_what_cannot_be_is_refused(self, settings) -> None:
        assert "give two or more" in refused(settings, "merge", INGRID)
        assert "one already" in refused(settings, "merge", INGRID, INGRID[6:])
        said = refused(settings, "merge", INGRID, PORT)
        assert "person" in said
        assert "--force" in said
        done(settings, "merge", INGRID, SOLHEIM)
        said = refused(settings, "merge", SOLHEIM, INGRID)
        assert "one already by judgement" in said
        assert "next run" in said

    def test_types_may_differ_where_it_is_meant(self, settings) -> None:
        done(settings, "merge", PORT, local_id("place", "Port Authority"), "--force")
        play(settings, {})
        assert where_named(settings)["a6", "Port Authority"] == PORT

    def test_what_was_judged_apart_is_refused_with_the_reason(self, settings) -> None:
        done(settings, "split", INGRID, ADA, "--reason", "met both")
        done(settings, "merge", SOLHEIM, ADA)
        said = refused(settings, "merge", INGRID, SOLHEIM)
        assert "met both" in said
        assert "undo" in said


class TestSplit:
    def test_articles_become_an_entity_of_their_own(self, settings) -> None:
        said = done(settings, "split", ADA, "--article", "a4", "--article", "a5")
        assert "article a4 is taken out of Ada Lund" in said
        play(settings, {})
        named = where_named(settings)
        new = split_off_id(record(settings, "judgements")[0]["judgement_id"])
        assert [named[article, "Ada Lund"] for article in ("a3", "a4", "a5")] == [ADA, new, new]
        assert record(settings, "show", new)["entity"]["name"] == "Ada Lund"

    def test_what_comes_later_follows_its_context(self, settings) -> None:
        done(settings, "split", ADA, "--article", "a4")
        singer, pilot = ("role:singer", "with:Q230"), ("role:pilot", "with:Q20")
        play(
            settings,
            {"a8": [Part("Ada Lund", context=singer)], "a9": [Part("Ada Lund", context=pilot)]},
        )
        named = where_named(settings)
        assert named["a8", "Ada Lund"] == named["a4", "Ada Lund"]
        assert named["a9", "Ada Lund"] == named["a3", "Ada Lund"] == ADA
        assert named["a5", "Ada Lund"] == ADA, "it was seen and left in"

    def test_a_printed_name_is_taken_out_now_and_later(self, settings) -> None:
        done(settings, "merge", INGRID, SOLHEIM)
        play(settings, {})
        done(settings, "split", INGRID, "--name", "ingrid solheimsen")
        play(settings, {"a9": [Part("Ingrid Solheimsen")]})
        named = where_named(settings)
        assert named["a1f0bbbb", "Ingrid Solheimsen"] == named["a9", "Ingrid Solheimsen"] != INGRID
        assert named["a1f0aaaa", "Ingrid Solheim"] == INGRID

    def test_two_are_kept_apart(self, settings) -> None:
        said = done(settings, "split", INGRID, SOLHEIM)
        assert "is not" in said
        assert "kept apart already" in refused(settings, "split", SOLHEIM, "--from", INGRID)

    def test_what_cannot_be_is_refused(self, settings) -> None:
        assert "give what is split off" in refused(settings, "split", ADA)
        assert "give what is split off" in refused(settings, "split", ADA, INGRID, "--name", "x")
        assert "does not name" in refused(settings, "split", ADA, "--article", "a1f0aaaa")
        assert "may be any of" in refused(settings, "split", PORT, "--article", "a1f0")
        assert "that is all of" in refused(settings, "split", INGRID, "--article", "a1f0aaaa")
        assert "'Ada Lund'" in refused(settings, "split", ADA, "--name", "Ada Vik")
        assert "are one" in refused(settings, "split", ADA, ADA)
        done(settings, "merge", INGRID, SOLHEIM)
        assert "undo" in refused(settings, "split", INGRID, SOLHEIM)

    def test_before_the_next_run_the_new_one_is_not_there(self, settings) -> None:
        (row,) = record(settings, "split", ADA, "--article", "a4")
        assert "after the next run" in " ".join(
            refused(settings, "show", row["split_off_id"]).split()
        )


class TestUndo:
    def test_restores_the_former_state(self, settings) -> None:
        before = where_named(settings)
        (merged,) = record(settings, "merge", INGRID, SOLHEIM)
        (parted,) = record(settings, "split", ADA, "--article", "a4")
        play(settings, {})
        assert where_named(settings) != before
        new = parted["split_off_id"]
        assert "undone: " in done(settings, "undo", merged["judgement_id"][:5])
        assert record(settings, "undo", "--last")["undone"] == parted["judgement_id"]
        assert {r["state"] for r in record(settings, "judgements")} == {
            "undone, waits for the next run"
        }
        play(settings, {})
        assert where_named(settings) == before
        assert {r["state"] for r in record(settings, "judgements")} == {"undone"}
        assert rows(settings, "SELECT old_id, entity_id FROM entity_redirects") == [(new, ADA)], (
            "what was saved while it was there goes on working"
        )

    def test_what_cannot_be_is_refused(self, settings) -> None:
        assert "--last" in refused(settings, "undo")
        assert "no judgement is in force" in refused(settings, "undo", "--last")
        (row,) = record(settings, "merge", INGRID, SOLHEIM)
        assert "no judgement has the id" in refused(settings, "undo", "ffffff")
        done(settings, "undo", row["judgement_id"])
        assert "undone already" in refused(settings, "undo", row["judgement_id"])


class TestReview:
    def test_offers_what_is_alike_with_reasons_places_and_commands(self, settings) -> None:
        pairs = record(settings, "review")
        offered = {frozenset((p["left"]["entity_id"], p["right"]["entity_id"])): p for p in pairs}
        spelled = offered[frozenset((INGRID, SOLHEIM))]
        assert "spelled nearly alike" in spelled["reasons"]
        assert "Ingrid Solheim" in spelled["left"]["example"]
        typed = offered[frozenset((PORT, local_id("place", "Port Authority")))]
        assert typed["reasons"][0] == "the same name, read as organization and as place"
        assert typed["merge_command"].endswith("--force")
        left_open = offered[frozenset(("Q230", "Q1428"))]
        assert "'Georgia' is left open between them in 1 article" in left_open["reasons"]
        text = done(settings, "review", columns := "--limit", "20")
        assert columns
        assert spelled["merge_command"] in text
        assert spelled["apart_command"] in text

    def test_what_was_judged_is_not_offered_again(self, settings) -> None:
        def offered(*options: str) -> set[frozenset[str]]:
            pairs = record(settings, "review", "--limit", "99", *options)
            return {frozenset((p["left"]["entity_id"], p["right"]["entity_id"])) for p in pairs}

        assert {frozenset((INGRID, SOLHEIM)), frozenset(("Q230", "Q1428"))} <= offered()
        done(settings, "merge", INGRID, SOLHEIM)
        assert frozenset((INGRID, SOLHEIM)) not in offered()
        done(settings, "split", "Q230", "Q1428")
        assert frozenset(("Q230", "Q1428")) not in offered()
        port = frozenset((PORT, local_id("place", "Port Authority")))
        done(settings, "merge", *sorted(port), "--unsure")
        assert port not in offered()
        assert port in offered("--unsure")
        play(settings, {})
        assert not {frozenset((INGRID, SOLHEIM)), frozenset(("Q230", "Q1428")), port} & offered()

    def test_of_one_type_only(self, settings) -> None:
        kinds = {
            side["entity_type"]
            for pair in record(settings, "review", "--type", "person")
            for side in (pair["left"], pair["right"])
        }
        assert kinds == {"person"}


def test_a_damaged_ledger_is_said_with_file_and_line(settings) -> None:
    done(settings, "merge", INGRID, SOLHEIM)
    text = settings.judgements_file.read_text()
    settings.judgements_file.write_text("{cut\n" + text)
    assert f"{settings.judgements_file}:1:" in refused(settings, "judgements")
    assert f"{settings.judgements_file}:1:" in refused(settings, "undo", "--last")


def test_a_page_cannot_drive_the_terminal(settings) -> None:
    play(settings, {"evil": [Part("Ada\x1b[2J Lund [red]"), Part("Ada\x1b[2J Lund [red]x")]})
    for arguments in (["search", "ada"], ["review", "--limit", "50"]):
        assert "\x1b[2J" not in done(settings, *arguments)
