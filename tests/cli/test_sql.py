"""``newsledger sql``: tables, files, terminals. Refusals: test_sql_refusals.py; its shell: test_shell.py."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from pipelines import results
from pipelines.command import published_file
from pipelines.settings import Settings
from pipelines.warehouse.result_table import Rows, as_markdown, as_table, cells_wide
from tests.factories import environment


def test_the_snapshots_place_is_that_of_the_settings(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for value in (None, "elsewhere", "~/news", str(tmp_path)):
        monkeypatch.delenv("NEWSLEDGER_HOME", raising=False)
        if value is not None:
            monkeypatch.setenv("NEWSLEDGER_HOME", value)
        assert published_file() == Settings().published_file


class TestTable:
    def test_columns_are_aligned_numbers_to_the_right_and_null_is_visible(self, run_sql):
        out = run_sql(
            "SELECT * FROM (VALUES (1, 'a', NULL), (200, 'bcd', 'x')) AS t (n, s, u)"
        ).output
        assert out.splitlines() == [
            "  n  s    u",
            "───  ───  ────",
            "  1  a    NULL",
            "200  bcd  x",
            "(2 rows)",
        ]

    def test_what_a_page_wrote_cannot_drive_the_terminal(self, run_sql):
        out = run_sql("SELECT name FROM sources WHERE source_id = 'b'").output
        assert "\x1b" not in out
        assert "<U+001B>[2Jgone" in out
        assert "\x1b" not in run_sql('SELECT 1 AS "a\x1b[2J"').output

    def test_wide_characters_take_two_columns(self):
        rows = Rows(["name", "n"], [False, True], [["港湾日報", "1"], ["abc", "22"]], False)
        lines = list(as_table(rows))
        assert len({cells_wide(line) for line in lines[1:4]}) == 1

    def test_long_texts_are_clipped_to_the_terminal_and_numbers_never(self):
        rows = Rows(["text", "n"], [False, True], [["x" * 300, "123456789012345678"]], False)
        lines = list(as_table(rows, width=40))
        assert max(map(cells_wide, lines[:3])) <= 40
        assert "x…" in lines[2]
        assert lines[2].endswith("123456789012345678")

    @pytest.mark.parametrize("width", [20, 33, 80, 200])
    def test_a_table_fits_whatever_the_width_and_names_what_it_left_out(self, width):
        names = [f"column_{i}" for i in range(9)]
        rows = Rows(names, [False] * 9, [["長い値" * (i + 1) for i in range(9)]], False)
        *table, note = lines = list(as_table(rows, width=width))
        assert all(cells_wide(line) <= width for line in lines[:3])
        hidden = [name for name in names if name not in table[0] and name[:7] not in table[0]]
        assert all(name in note for name in hidden)

    def test_what_is_cut_says_so(self):
        rows = Rows(["n"], [True], [[str(i)] for i in range(200)], False)
        *lines, note = as_table(rows, at_most=60)
        assert len(lines) == 62
        assert note.startswith("60 of 200 rows; --output")
        assert (
            "more than 200 rows"
            in list(as_table(Rows(["n"], [True], rows.cells, True), at_most=60))[-1]
        )

    def test_a_pipe_gets_all_of_it(self, run_sql):
        out = run_sql("SELECT range AS n, repeat('y', 500) AS t FROM range(3000)").output
        assert len(out.splitlines()) == 3003
        assert "y" * 500 in out

    def test_markdown_escapes_what_would_act(self):
        rows = Rows(["a|b"], [False], [["<script>*x*|`"]], False)
        assert list(as_markdown(rows)) == [
            "| a\\|b |", "| --- |", "| &lt;script&gt;\\*x\\*\\|\\` |",
        ]  # fmt: skip

    def test_several_statements_give_a_table_each_and_no_other_format(self, run_sql):
        out = run_sql("SELECT 1 AS first; SELECT 2 AS second").output
        assert out.index("first") < out.index("second")
        refused = run_sql("SELECT 1; SELECT 2", "--format", "json")
        assert refused.exit_code == 2
        assert "json takes one statement, here are 2" in refused.output

    def test_a_pivot_is_a_query(self, run_sql):
        result = run_sql("PIVOT (SELECT 1 AS a, 2 AS b) ON a USING sum(b)")
        assert result.exit_code == 0, result.output

    def test_a_pivot_among_others_stays_a_pivot(self, run_sql):
        out = run_sql(
            "SELECT 'a;b' AS x; PIVOT (SELECT 'p' AS a, 2 AS b) ON a USING sum(b); SELECT 3"
        ).output
        assert out.split("\n")[4:7] == ["p", "─", "2"]

    def test_a_plan_has_its_lines(self, run_sql):
        assert len(run_sql("EXPLAIN FROM sources").output.splitlines()) > 5


class TestInput:
    def test_a_file_standard_input_and_a_comment(self, run_sql, tmp_path):
        path = tmp_path / "q.sql"
        path.write_text("\ufeff-- how many\nSELECT count(*) AS n FROM sources;\n", encoding="utf-8")
        for result in (
            run_sql("-f", str(path), "--format", "jsonl"),
            run_sql("-", "--format", "jsonl", input=path.read_text()),
            run_sql("--format", "jsonl", input=path.read_text()),
            run_sql("-- c\nSELECT count(*) AS n FROM sources", "--format", "jsonl"),
        ):
            assert (result.exit_code, result.output) == (0, '{"n": 3}\n')

    def test_wrong_use_is_named(self, run_sql, tmp_path):
        for arguments, message in (
            (["SELECT 1", "-f", "x.sql"], "not both"),
            (["SELECT '\udcff'"], "not UTF-8"),
            (["-- nothing", "--format", "json"], "here is none"),
            (["-f", str(tmp_path / "none.sql")], "none.sql: No such file"),
            (["SELECT 1", "--output", str(tmp_path / "x.xlsx")], "no format has the ending '.xlsx'"),
            (["SELECT 1", "--output", str(tmp_path)], "is a folder"),
            (["SELECT 1", "--output", str(tmp_path / "no" / "x.csv")], "no such folder"),
        ):  # fmt: skip
            result = run_sql(*arguments)
            assert result.exit_code == 2, result.output
            assert message in result.output


class TestOutput:
    @pytest.mark.parametrize(
        ("name", "read"),
        [
            ("o.csv", lambda p: duckdb.read_csv(str(p)).fetchall()),
            ("o.parquet", lambda p: duckdb.read_parquet(str(p)).fetchall()),
            ("o.json", lambda p: [tuple(r.values()) for r in json.loads(p.read_text())]),
            ("o.jsonl", lambda p: [tuple(json.loads(x).values()) for x in p.open()]),
        ],
    )
    def test_the_ending_says_the_format_and_values_come_back(self, run_sql, tmp_path, name, read):
        target = tmp_path / name
        target.write_text("what was there before")
        result = run_sql(
            "SELECT source_id, name FROM sources ORDER BY ALL", "--output", str(target)
        )
        assert (result.exit_code, result.output) == (0, "")
        assert read(target) == [("a", "Harbour Herald"), ("b", "\x1b[2Jgone"), ("c", "港湾日報")]
        assert [p.name for p in tmp_path.iterdir()] == [name]

    @pytest.mark.parametrize("name", ["o.csv", "o.parquet", "o.json", "o.md"])
    def test_an_error_on_the_way_leaves_the_old_file_alone(self, run_sql, tmp_path, name):
        target = tmp_path / name
        target.write_text("old")
        failing = (
            "SELECT CASE WHEN range = 99999 THEN error('late') ELSE range END FROM range(100000)"
        )
        result = run_sql(failing, "--output", str(target))
        assert result.exit_code == 2
        assert "late" in result.output
        assert target.read_text() == "old"
        assert [p.name for p in tmp_path.iterdir()] == [name]

    def test_the_snapshot_itself_is_never_replaced(self, run_sql, small_home):
        before = published_file().read_bytes()
        result = run_sql("SELECT 1", "--output", str(published_file()), "--format", "csv")
        assert result.exit_code == 2
        assert "is the snapshot itself" in result.output
        assert published_file().read_bytes() == before

    def test_a_link_stays_and_its_file_is_written(self, run_sql, tmp_path):
        (tmp_path / "real.csv").write_text("old")
        (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
        assert run_sql("SELECT 1 AS n", "--output", str(tmp_path / "link.csv")).exit_code == 0
        assert (tmp_path / "link.csv").is_symlink()
        assert (tmp_path / "real.csv").read_text() == "n\n1\n"


CTRL_C = "\x03"


def terminal(home: Path, arguments: list[str], typed: list[tuple[str, str]], **more: str) -> str:
    """What a terminal shows: waits for each text, then types the answer; until the program ends.

    Ctrl-C is pressed again where nothing follows: one that comes just before the program begins to
    wait for a line is only noticed when that wait ends.
    """
    pid, handle = pty.fork()
    if pid == 0:  # pragma: no cover  # the child
        os.execve(
            sys.executable,
            [sys.executable, "-m", "pipelines.cli", "sql", *arguments],
            environment(home, TERM="dumb", **more),
        )
    shown, at, last, limit = b"", 0, "", time.monotonic() + 60
    pending = list(typed)
    while True:
        if time.monotonic() > limit:
            os.kill(pid, signal.SIGKILL)
            break
        if not select.select([handle], [], [], 1)[0]:
            if last == CTRL_C:
                os.write(handle, CTRL_C.encode())
            continue
        try:
            got = os.read(handle, 65536)
        except OSError:
            break
        if not got:
            break
        shown += got
        while pending and pending[0][0].encode() in shown[at:]:
            at = len(shown)
            last = pending.pop(0)[1]
            os.write(handle, last.encode())
    _, status = os.waitpid(pid, 0)
    os.close(handle)
    return shown.decode() + f"\nexit {os.waitstatus_to_exitcode(status)}"


class TestTerminal:
    def test_a_simple_terminal_has_the_shell_too_and_ctrl_c_clears(self, small_home):
        shown = terminal(
            small_home, [],
            [("newsledger> ", "SELECT 6 *\n"), ("...> ", CTRL_C), ("newsledger> ", "SELECT 6 * 7 AS n;\n"),
             ("42", ".quit\n")],
        )  # fmt: skip
        assert "published by newsledger 0.1.2" in shown
        assert "42" in shown
        assert "Traceback" not in shown
        assert shown.endswith("exit 0")

    def test_ctrl_c_ends_a_long_query_cleanly(self, small_home):
        script = """
import os, signal, sys, threading, time

def interrupt():
    names = set()
    while "show" not in names:
        time.sleep(0.1)
        frame, names = sys._current_frames()[threading.main_thread().ident], set()
        while frame:
            names.add(frame.f_code.co_name)
            frame = frame.f_back
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGINT)

sys.argv = ["newsledger", "sql", "SELECT count(*) FROM range(1000000) AS a,"
    " range(1000000) AS b WHERE a.range * b.range % 7 = 3"]
threading.Thread(target=interrupt, daemon=True).start()
from pipelines.cli import main
main()
"""
        result = subprocess.run(
            [sys.executable, "-c", script], env=environment(small_home), capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert result.returncode == 1
        assert result.stderr == "newsledger: stopped\n"

    def test_a_reader_that_goes_away_is_no_error(self, small_home):
        process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", "sql", "FROM range(90000)", "--format", "csv"],
            env=environment(small_home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout.readline() == "range\n"
        process.stdout.close()
        process.wait(60)
        assert process.stderr.read() == ""
        process.stderr.close()

    def test_a_full_disk_is_told(self, small_home):
        with Path("/dev/full").open("w") as full:
            result = subprocess.run(
                [sys.executable, "-m", "pipelines.cli", "questions"], env=environment(small_home),
                stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
        assert (result.returncode, result.stderr) == (
            1, "newsledger: output: No space left on device\n",
        )  # fmt: skip

    def test_a_long_result_goes_through_the_pager(self, monkeypatch, tmp_path):
        pager = tmp_path / "pager"
        pager.write_text(
            f"#!/bin/sh\nprintf '%s\\n' \"$LESS\" > {tmp_path}/args\ncat > {tmp_path}/shown\n"
        )
        pager.chmod(0o755)
        monkeypatch.setenv("PAGER", str(pager))
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("LESS", raising=False)
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setenv("LINES", "24")
        screen = Screen()
        results.write(duckdb.sql("SELECT range AS n FROM range(500)"), "table", screen, pager=True)
        assert screen.getvalue() == ""
        assert len((tmp_path / "shown").read_text().splitlines()) == 503
        assert (tmp_path / "args").read_text() == "-SRFX\n"
        results.write(duckdb.sql("SELECT range AS n FROM range(500)"), "table", screen, pager=False)
        assert "60 of 500 rows" in screen.getvalue()

    @pytest.mark.parametrize(
        "setting", [{"PAGER": "cat"}, {"PAGER": ""}, {"TERM": "dumb"}, {"PAGER": "no-such-pager"}]
    )
    def test_without_a_pager_the_screen_is_enough(self, monkeypatch, setting):
        monkeypatch.setenv("TERM", "xterm")
        for name, value in setting.items():
            monkeypatch.setenv(name, value)
        assert results.pager_command() is None


class Screen(io.StringIO):
    """A terminal, to what writes on it."""

    def isatty(self) -> bool:
        return True


def test_csv_keeps_every_digit_and_json_every_column():
    out = io.StringIO()
    long = "12345678901234567890123456789"
    results.write(duckdb.sql(f"SELECT {long}::DECIMAL(38, 0) AS n, 'nan'::DOUBLE AS x"), "csv", out)
    assert out.getvalue() == f"n,x\n{long},nan\n"
    out = io.StringIO()
    results.write(duckdb.sql("SELECT 1 AS n, 2 AS n, [1.5] AS l"), "jsonl", out)
    assert json.loads(out.getvalue()) == {"n": 1, "n_1": 2, "l": [1.5]}


def test_csv_on_a_terminal_is_safe_to_show():
    screen = Screen()
    results.write(duckdb.sql("SELECT chr(27) || '[2J' AS t"), "csv", screen)
    assert screen.getvalue() == "t\n<U+001B>[2J\n"


def test_json_carries_no_control_characters_and_loses_nothing():
    out = io.StringIO()
    results.write(duckdb.sql("SELECT chr(27) || chr(155) || chr(8238) AS t"), "jsonl", out)
    assert out.getvalue().isascii()
    assert json.loads(out.getvalue())["t"] == "\x1b\x9b\u202e"
