"""Runs what a page shows, as a reader in a checkout would: the samples' home is ``data`` there."""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from pipelines.project import ROOT

COLUMNS = "100"
"""How wide the terminal of the pages is, in characters."""

READ = ("samples", "sql", "sources.yaml", "expectations", "docs", "README.md", "pyproject.toml")
"""What lies beside ``data`` in a checkout, and commands of the pages read."""

_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


@dataclass(frozen=True)
class Printed:
    """What a command printed, standard output and error as a terminal mixes them."""

    output: str
    code: int


@dataclass
class Checkout:
    """A folder like a reader's checkout after the first run, and what a page exported."""

    folder: Path
    exported: dict[str, str] = field(default_factory=dict)

    @property
    def snapshot(self) -> Path:
        return self.folder / "data" / "published" / "news.duckdb"


def checkout(sample_home: Path, folder: Path) -> Checkout:
    """Makes one around a copy of the samples' home."""
    folder.mkdir(parents=True)
    shutil.copytree(sample_home, folder / "data", symlinks=True)
    for name in READ:
        (folder / name).symlink_to(ROOT / name)
    shim = folder / "bin"
    shim.mkdir()
    for name, module in (("newsledger", "-P -m pipelines.cli"), ("python", "")):
        (shim / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
        (shim / name).chmod(0o755)
    return Checkout(folder)


def run_line(at: Checkout, line: str) -> Printed:
    """A command line of a page. ``export`` sets a variable for what follows on the page.

    ``newsledger`` alone runs in this process, which takes a tenth of the time; what has pipes, and
    whatever starts processes of its own, in a shell.
    """
    words = shlex.split(line, comments=True)
    if words and words[0] == "export":
        at.exported |= dict(word.split("=", 1) for word in words[1:])
        return Printed("", 0)
    if words[:1] == ["newsledger"] and words[1:2] != ["run"]:
        with contextlib.suppress(_ShellNeededError):
            return _in_process(at, line)
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=at.folder,
        env=_environment(at),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    return Printed(_told(at, done.stdout), done.returncode)


class _ShellNeededError(Exception):
    """The line has more than one command, or a redirection."""


def _in_process(at: Checkout, line: str) -> Printed:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|<>;&")
    lexer.whitespace_split = True
    words = list(lexer)
    given, target = "", None
    while len(words) > 2 and words[-2] in ("<", ">"):
        if words[-2] == "<":
            given = (at.folder / words[-1]).read_text(encoding="utf-8")
        else:
            target = at.folder / words[-1]
        words = words[:-2]
    # A quoted ";" or "|" comes back alone as well: the shell then tells them apart.
    if any(set(word) <= set("|<>;&") for word in words if word) or "$(" in line:
        raise _ShellNeededError
    printed = in_process(at, words[1:], given, mixed=target is None)
    if target is None:
        return printed
    target.write_text(printed.output, encoding="utf-8")
    return Printed("", printed.code)


def in_process(
    at: Checkout, arguments: list[str], given: str = "", *, mixed: bool = True
) -> Printed:
    """``newsledger ARGUMENTS`` with text on standard input, its entry point called here."""
    from pipelines.cli import main

    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    errors = out if mixed else io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    code: object = 0
    with (
        _standing_in(at),
        mock.patch.object(sys, "argv", ["newsledger", *arguments]),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8")),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        except Exception:  # noqa: BLE001  # as the interpreter does: what a reader would see
            traceback.print_exc()
            code = 1
    out.flush()
    assert isinstance(out.buffer, io.BytesIO)
    text = out.buffer.getvalue().decode()
    return Printed(_told(at, text), code if isinstance(code, int) else 1)


def run_python(at: Checkout, source: str, variables: dict[str, object]) -> str:
    """A Python block, with the variables that earlier blocks of the page left; what it printed."""
    out = io.StringIO()
    with _standing_in(at), contextlib.redirect_stdout(out):
        exec(compile(source, "<a block of the page>", "exec"), variables)
    return _told(at, out.getvalue())


def run_sql(at: Checkout, statements: str) -> Printed:
    """A SQL block: by ``newsledger sql``; one that attaches files, in a DuckDB of its own."""
    if not re.search(r"^\s*ATTACH\b", statements, re.IGNORECASE | re.MULTILINE):
        return in_process(at, ["sql", statements])
    import duckdb

    from pipelines.warehouse.query import write_table

    shown: list[str] = []
    with _standing_in(at), duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        relation = connection.sql(statements)
        if relation is not None:
            write_table(relation, None, shown.append)
    return Printed(_told(at, "".join(shown)), 0)


def masked(lines: list[str]) -> list[str]:
    """Printed lines with an elision for what differs from run to run: run ids, times of today."""
    today = datetime.datetime.now(datetime.UTC).date()
    days = "|".join(str(today - datetime.timedelta(days=n)) for n in range(3))
    times = re.compile(
        rf"\b(?:{days})(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+]\d\d(?::\d\d)?|Z)?)?"
    )
    return [_elided(times, _elided(_UUID, line)) for line in lines]


def _elided(pattern: re.Pattern[str], line: str) -> str:
    # As wide as what it stands for where a table's frame follows, so that columns stay aligned.
    return pattern.sub(lambda m: "…" + " " * (len(m[0]) - 1) * (" │" in line[m.end() :]), line)


def _told(at: Checkout, text: str) -> str:
    """Output with paths as a reader sees them who stands in a folder named ``newsledger``."""
    return text.replace(f"{at.folder}/", "").replace(str(at.folder), ".")


def _environment(at: Checkout) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSLEDGER_", "DAGSTER_"))}
    return kept | {
        "COLUMNS": COLUMNS,
        "NEWSLEDGER_WORKERS": "1",
        "PATH": f"{at.folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "USER": "ada",
        "LOGNAME": "ada",
        **at.exported,
    }


@contextlib.contextmanager
def _standing_in(at: Checkout) -> Iterator[None]:
    """The checkout as working folder, with a reader's environment, for the block."""
    before = Path.cwd()
    with mock.patch.dict(os.environ, _environment(at), clear=True):
        os.chdir(at.folder)
        try:
            yield
        finally:
            os.chdir(before)
