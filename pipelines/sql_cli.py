"""``newsledger sql``: queries on the published snapshot."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from pipelines.command import FAILED, NoPager, ResultFile, ResultFormat, fail, published_file


def sql(
    query: Annotated[
        str | None, typer.Argument(help="SQL, - for standard input; without it, a shell.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="Read the SQL from this file.")
    ] = None,
    output_format: ResultFormat = None,
    output: ResultFile = None,
    no_pager: NoPager = False,
) -> None:
    """Queries the published snapshot. Nothing can be written, and no run is in the way.

    Without a query on a terminal: a shell with history and completion; .help says more there.
    """
    from pipelines.results import OutputError, format_for
    from pipelines.warehouse.query import QueryError, SnapshotError

    if query is not None and file is not None:
        fail("give the query or --file, not both")
    try:
        chosen = format_for(output_format, output)
        text = _query_text(query, file, is_plain=output is None and output_format is None)
        if text is None:
            _shell(pager=not no_pager)
        else:
            _answer(text, chosen, output, pager=not no_pager)
    except (OutputError, QueryError, SnapshotError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("stopped", FAILED)
    except BrokenPipeError:
        _end_quietly()
    except OSError as error:
        fail(f"{output or file or 'output'}: {error.strerror or error}", FAILED)


def _query_text(query: str | None, file: Path | None, *, is_plain: bool) -> str | None:
    """The SQL to run; None for a shell. Statements that are piped in plainly are a shell's too."""
    if file is not None and str(file) != "-":
        try:
            return file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            fail(f"{file}: not UTF-8 text")
        except OSError as error:
            fail(f"{file}: {error.strerror or error}")
    if query == "-" or file is not None:
        return sys.stdin.read()
    if query is None and not sys.stdin.isatty() and not is_plain:
        return sys.stdin.read()
    try:
        (query or "").encode()
    except UnicodeEncodeError:
        fail("the query is not UTF-8 text")
    return query


def _answer(text: str, output_format: str, output: Path | None, *, pager: bool) -> None:
    from pipelines.results import show, whole_file, write_file
    from pipelines.warehouse.query import snapshot
    from pipelines.warehouse.stemming import mentions_stems

    path, stems = published_file(), mentions_stems(text)
    with ExitStack() as stack:
        if output is None:
            connection = stack.enter_context(snapshot(path, with_search=stems))
            show(connection, text, output_format, pager=pager)
            return
        part = stack.enter_context(whole_file(output, never=path))
        may_write = part if output_format == "parquet" else None
        connection = stack.enter_context(snapshot(path, may_write=may_write, with_search=stems))
        write_file(connection, text, output_format, part)


def _shell(*, pager: bool) -> None:
    from pipelines.shell import shell

    if not shell(published_file(), pager=pager):
        raise typer.Exit(FAILED)


def _end_quietly() -> None:
    """The reader of the pipe has seen enough; Python must not complain while it ends."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(FAILED)
