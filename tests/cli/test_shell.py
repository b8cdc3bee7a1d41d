"""The shell of ``newsledger sql``: its commands, completion and prompt."""

from __future__ import annotations

import io
import re
import stat
from pathlib import Path

import duckdb
import pytest

from pipelines import shell
from pipelines.completion import choices
from tests.cli.small_snapshot import publish_small


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home with a small snapshot; read it only."""
    return publish_small(tmp_path_factory.mktemp("sql") / "home")


class TestShell:
    @pytest.fixture
    def say(self, home, capsys):
        session = shell.Session(home / "published" / "news.duckdb")
        session.newer()

        def answer(text: str) -> str:
            shell.answer(session, text)
            shown = capsys.readouterr()
            return shown.out + shown.err

        return answer

    @pytest.mark.parametrize(
        ("text", "whole"),
        [
            ("SELECT 1;", True), ("SELECT 1", False), ("SELECT ';", False), ("SELECT ';'", False),
            ("SELECT ';';", True), ("SELECT 1; -- done", True), ("SELECT 1 -- ;", False), ("/* ; */", False),
            (".tables", True), ('SELECT "a;', False),
        ],
    )  # fmt: skip
    def test_a_statement_ends_with_a_semicolon_outside_quotes(self, text, whole):
        assert shell.is_whole(text) == whole

    def test_dot_commands(self, say, tmp_path):
        assert "ops.runs" in say(".tables ops")
        assert "ops.runs" not in say(".tables *article*")
        assert "ops.runs" in say(".tables ops.r%")
        assert "ops.audits" not in say(".tables ops.r%")
        assert "no table or view matches nope" in say(".tables nope")
        assert "One row a span" in say(".describe mentions")
        assert "never NULL" in say(".describe mentions.exact")
        assert "did you mean mentions" in say(".describe mentoins")
        assert "who_is_in_the_news" in say(".questions")
        assert "did you mean" in say(".question who_is_in_the_new")
        assert ".question NAME" in say(".question")
        assert "publishers" in say(".question who_is_in_the_news")
        assert "0.1.2" in say(".snapshot")
        assert "did you mean .tables" in say(".table")
        assert ".timing on|off" in say(".help")

    def test_timing_and_formats_hold_until_they_are_changed(self, say):
        say(".timing on")
        say(".format jsonl")
        assert re.fullmatch(r'\{"n": 1\}\n\d+\.\d{3} s\n', say("SELECT 1 AS n;"))
        say(".timing off")
        assert say("SELECT 2 AS n;") == '{"n": 2}\n'
        assert "use table, csv" in say(".format xml")

    def test_results_go_to_a_file_until_output_is_off(self, say, tmp_path):
        target = tmp_path / "o.csv"
        say(f".output {target}")
        assert "written to" in say("SELECT 3 AS n;")
        assert target.read_text() == "n\n3\n"
        assert "only read" in say("DROP TABLE sources;")
        assert target.read_text() == "n\n3\n"
        say(".output off")
        assert "3" in say("SELECT 3 AS n;")
        assert "is a folder" in say(f".output {tmp_path}")

    def test_errors_are_told_and_the_shell_goes_on(self, say):
        assert "lists its columns" in say("SELECT nope FROM sources;")
        assert "(1 row)" in say("SELECT 1;")

    def test_piped_statements_that_fail_are_told_by_the_exit(self, home, monkeypatch, capsys):
        path = home / "published" / "news.duckdb"
        for text, went_well in (("SELECT 1;\n.tables\n", True), ("SELECT x;\nSELECT 2;\n", False)):
            monkeypatch.setattr("sys.stdin", io.StringIO(text))
            assert shell.shell(path) is went_well
        assert "2\n(1 row)" in capsys.readouterr().out

    def test_a_newer_snapshot_is_seen_and_said(self, tmp_path, home, capsys):
        path = tmp_path / "news.duckdb"
        path.write_bytes((home / "published" / "news.duckdb").read_bytes())
        session = shell.Session(path)
        session.newer()
        shell.answer(session, "SELECT count(*) AS n FROM sources;")
        assert "newer" not in capsys.readouterr().err
        fresh = tmp_path / "fresh"
        fresh.write_bytes(path.read_bytes())
        with duckdb.connect(str(fresh)) as c:
            c.execute("DELETE FROM sources")
        fresh.replace(path)
        shell.answer(session, "SELECT count(*) AS n FROM sources;")
        shown = capsys.readouterr()
        assert "a newer snapshot was published" in shown.err
        assert shown.out.splitlines()[2] == "0"


class TestCompletion:
    @pytest.fixture
    def complete(self):
        from pipelines.describe import declared_catalogue
        from pipelines.shell_commands import COMMANDS

        def of(text: str) -> list[str]:
            before, _, after = text.partition("|")
            found = choices(
                before + after, len(before), declared_catalogue(),
                commands=list(COMMANDS), keywords=["select", "from", "having"], questions=["who_is_new"],
            )  # fmt: skip
            return [before[: len(before) - choice.replaces] + choice.text for choice in found]

        return of

    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("SELECT * FROM ment|", "SELECT * FROM mentions"),
            ("SELECT * FROM mart.entity_d|", "SELECT * FROM mart.entity_daily"),
            ("SELECT headl| FROM articles", "SELECT headline"),
            ("SELECT a.headl| FROM articles AS a", "SELECT a.headline"),
            ("SELECT m.exa| FROM mentions m", "SELECT m.exact"),
            ("SEL|", "SELECT"),
            ("hav|", "having"),
            (".des|", ".describe"),
            (".describe mentions.exa|", ".describe mentions.exact"),
            (".question who|", ".question who_is_new"),
        ],
    )
    def test_the_likeliest_comes_first(self, complete, typed, first):
        assert complete(typed)[0] == first

    def test_columns_of_named_tables_come_before_others_and_nothing_inside_quotes(self, complete):
        named = complete("SELECT in_| FROM mentions")
        assert named[0] == "SELECT in_headline"
        assert complete("SELECT 'ment|") == []
        assert complete("SELECT |") == []


class TestPrompt:
    @pytest.fixture(autouse=True)
    def state(self, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def typed(self, home: Path, keys: str) -> list[str]:
        from prompt_toolkit.input import create_pipe_input
        from prompt_toolkit.output import DummyOutput

        from pipelines.shell_prompt import prompted_inputs

        with create_pipe_input() as reader:
            reader.send_text(keys)
            path = home / "published" / "news.duckdb"
            return list(prompted_inputs(path, reader=reader, screen=DummyOutput()))

    def test_statements_over_several_lines_and_ctrl_d(self, home):
        assert self.typed(home, "SELECT 1\r+ 1;\r.tables\r\x04") == ["SELECT 1\n+ 1;", ".tables"]

    def test_ctrl_c_clears_what_was_begun(self, home):
        assert self.typed(home, "SELECT nonsense\x03SELECT 2;\r\x04") == ["SELECT 2;"]

    def test_the_history_is_kept_privately_and_comes_back(self, home):
        from pipelines.shell_prompt import history_file

        self.typed(home, "SELECT 'kept';\r\x04")
        assert stat.S_IMODE(history_file().stat().st_mode) == 0o600
        assert self.typed(home, "\x1b[A\r\x04") == ["SELECT 'kept';"]

    def test_completions_come_from_the_snapshot(self, home):
        from prompt_toolkit.completion import CompleteEvent
        from prompt_toolkit.document import Document

        from pipelines.shell_prompt import SqlCompleter, _known

        completer = SqlCompleter(*_known(home / "published" / "news.duckdb"))

        def first(text: str) -> str:
            found = completer.get_completions(Document(text), complete_event=CompleteEvent())
            return next(iter(found)).text

        assert first("SELECT * FROM sour") == "sources"
        assert first(".tim") == ".timing"
        assert first(".question who_is_in_the") == "who_is_in_the_news"
        assert first("SEL") == "SELECT"

    def test_a_state_folder_that_cannot_be_made_costs_the_history_only(
        self, home, tmp_path, monkeypatch
    ):
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
        assert self.typed(home, "SELECT 2;\r\x04") == ["SELECT 2;"]

    def test_colours_cover_the_line_whatever_is_typed(self):
        from pipelines.shell_prompt import coloured

        for line in ("SELECT 'a', 1 -- x", "", "   ", ".tables", "SELECT 'open", "港 湾", '"x'):
            assert "".join(text for _, text in coloured(line)) == line
        assert ("class:keyword", "SELECT ") in coloured("SELECT 1")
