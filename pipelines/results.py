"""Where a result goes: a terminal, through a pager; a pipe; or a file, whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pipelines.warehouse import query as queries
from pipelines.warehouse import refusals

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

FORMATS = ("table", "csv", "json", "jsonl", "parquet", "markdown")
ENDINGS = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".md": "markdown",
    ".txt": "table",
    "": "table",
}
"""Formats by the ending of the file's name."""

IN_PAGER = 10_000
"""Rows that a pager is given."""
PAGER_CLIP = 200
"""Columns of a value in a pager, which scrolls sideways."""


class OutputError(ValueError):
    """The file or the format cannot be used; the message says what can."""


def format_for(output_format: str | None, output: Path | None) -> str:
    """The format asked for, else the one that the file's ending names. Raises OutputError."""
    if output_format is None:
        ending = output.suffix.lower() if output else ""
        if ending not in ENDINGS:
            raise OutputError(f"{output}: no format has the ending {ending!r}; say --format")
        output_format = ENDINGS[ending]
    if output_format not in FORMATS:
        raise OutputError(
            f"--format {output_format!r}: use {', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
        )
    if output_format == "parquet" and output is None:
        raise OutputError("--format parquet needs --output FILE")
    return output_format


@contextmanager
def whole_file(target: Path, *, never: Path | None = None) -> Iterator[Path]:
    """A file to write beside ``target``, which takes its place at the end; gone on an error.

    ``never`` is a file that may not be replaced: the snapshot. What is no regular file (a named
    pipe, /dev/stdout) is written as it is. Raises OutputError and OSError.
    """
    target = target.expanduser().resolve()
    if target.is_dir():
        raise OutputError(f"{target}: is a folder; name a file in it")
    if not target.parent.is_dir():
        raise OutputError(f"{target.parent}: there is no such folder; make it first")
    if never is not None and never.exists() and target.exists() and target.samefile(never):
        raise OutputError(f"{target}: is the snapshot itself; name another file")
    if target.exists() and not target.is_file():
        yield target
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def show(
    connection: DuckDBPyConnection,
    sql: str,
    output_format: str,
    *,
    file: TextIO | None = None,
    pager: bool = False,
) -> None:
    """Runs one statement or several and writes what they give, on standard output by default.

    A table is written for each statement, any other format takes one. Raises QueryError, and
    KeyboardInterrupt where the query is stopped.
    """
    for statement in _statements(connection, sql, output_format):
        relation = queries.run_query(connection, statement)
        if relation is not None:
            with explained(connection, statement):
                write(relation, output_format, file or sys.stdout, pager=pager)


def _statements(connection: DuckDBPyConnection, sql: str, output_format: str) -> list[str]:
    """The statements, each alone; a format other than table takes one."""
    several = refusals.readable_statements(connection, sql)
    if len(several) != 1 and output_format != "table":
        raise queries.QueryError(
            f"{output_format} takes one statement, here "
            + (f"are {len(several)}" if several else "is none")
        )
    return several


@contextmanager
def explained(connection: DuckDBPyConnection, sql: str) -> Iterator[None]:
    """Errors of a query that is under way, as QueryError; a stop as KeyboardInterrupt."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise queries.QueryError(refusals.why_refused(connection, sql, error)) from error
    except RuntimeError as error:
        refusals.stopped_or_raise(error)


def write_file(connection: DuckDBPyConnection, sql: str, output_format: str, part: Path) -> None:
    """The same into a file; Parquet needs a connection that may write ``part``."""
    if output_format == "parquet":
        (statement,) = _statements(connection, sql, output_format)
        relation = queries.run_query(connection, statement)
        if relation is not None:
            with explained(connection, statement):
                queries.write_parquet(relation, part)
        return
    with part.open("w", encoding="utf-8", newline="") as file:
        show(connection, sql, output_format, file=file)


def write(
    relation: DuckDBPyRelation, output_format: str, file: TextIO, *, pager: bool = False
) -> None:
    """A result as text. A table is as wide as the terminal, and in full elsewhere."""
    if output_format == "csv":
        queries.write_csv(relation, file)
    elif output_format == "json":
        queries.write_json(relation, file)
    elif output_format == "jsonl":
        queries.write_json_lines(relation, file)
    elif output_format == "markdown":
        from pipelines.warehouse.result_table import as_markdown, read_rows

        file.writelines(f"{line}\n" for line in as_markdown(read_rows(relation)))
    else:
        _write_table(relation, file, pager=pager)


def _write_table(relation: DuckDBPyRelation, file: TextIO, *, pager: bool) -> None:
    from pipelines.warehouse.result_table import KEPT_ROWS, ON_SCREEN, as_table, read_rows

    if relation.columns == ["explain_key", "explain_value"]:
        from pipelines.printable import printable

        plans = [plan for _, plan in relation.fetchall()]
        file.writelines(f"{printable(line)}\n" for plan in plans for line in plan.splitlines())
        return
    if not file.isatty():
        file.writelines(f"{line}\n" for line in as_table(read_rows(relation, KEPT_ROWS)))
        return
    import shutil

    size = shutil.get_terminal_size()
    rows = read_rows(relation, IN_PAGER)
    command = pager_command() if pager and len(rows.cells) + 4 > size.lines else None
    if command and _paged(command, "\n".join(as_table(rows, clip=PAGER_CLIP))):
        return
    lines = as_table(rows, width=size.columns, at_most=ON_SCREEN)
    file.writelines(f"{line}\n" for line in lines)


def pager_command() -> list[str] | None:
    """The reader's pager: $PAGER, else less. None without one or without a screen."""
    import shlex
    import shutil

    if os.environ.get("TERM", "dumb") == "dumb":
        return None
    try:
        words = shlex.split(os.environ.get("PAGER", "less"))
    except ValueError:
        return None
    return words if words and words[0] != "cat" and shutil.which(words[0]) else None


def _paged(command: list[str], text: str) -> bool:
    """Shows a text in a pager. False where it cannot be started."""
    import subprocess

    # -S: long lines are cut, not wrapped; -R: colours; -F: no wait on one screen; -X: it stays.
    environment = {"LESS": "-SRFX", "LESSSECURE": "1", "LESSCHARSET": "utf-8"} | os.environ
    try:
        reader = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603
    except OSError:
        return False
    with suppress(BrokenPipeError, KeyboardInterrupt):
        reader.communicate(f"{text}\n".encode())
    reader.wait()
    return True
