"""The shell of ``newsledger sql``: statements and dot commands, from a terminal or a pipe."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.printable import printable
from pipelines.results import OutputError, show, whole_file, write_file
from pipelines.warehouse.query import QueryError, SnapshotError, snapshot
from pipelines.warehouse.stemming import mentions_stems

PROMPT, GOES_ON = "newsledger> ", "       ...> "
ENDS = (".quit", ".exit")
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass
class Session:
    """What dot commands set, and the snapshot that the last statement saw."""

    path: Path
    pager: bool = False
    output_format: str = "table"
    output: Path | None = None
    timing: bool = False
    seen: tuple[int, int] | None = field(default=None)

    def newer(self) -> bool:
        """Whether another file was published since the last look."""
        before, self.seen = self.seen, identity(self.path)
        return before is not None and self.seen is not None and before != self.seen


def identity(path: Path) -> tuple[int, int] | None:
    """What tells one published file from the next. None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def shell(path: Path, *, pager: bool = False) -> bool:
    """Reads statements until the end of input. Each one sees the newest snapshot.

    Errors of a statement are told on standard error, and the shell goes on. False where one was
    met in statements that are piped in.
    """
    session = Session(path, pager=pager)
    session.newer()
    if not sys.stdin.isatty():
        inputs = _plain_inputs(prompted=False)
    elif os.environ.get("TERM", "dumb") == "dumb" or not sys.stdout.isatty():
        _greet(session)
        inputs = _plain_inputs(prompted=True)
    else:
        from pipelines.shell_prompt import prompted_inputs

        _greet(session)
        inputs = prompted_inputs(path)
    went_well = True
    for text in inputs:
        if text.strip().rstrip(";") in ENDS:
            break
        went_well &= answer(session, text)
    return went_well or sys.stdin.isatty()


def _greet(session: Session) -> None:
    from pipelines.shell_commands import about_snapshot

    sys.stdout.write(f"{about_snapshot(session)}\nRead-only. .help for help, .quit ends.\n")


def _plain_inputs(*, prompted: bool) -> Iterator[str]:
    """Dot commands and statements, from lines; Ctrl-C drops what was begun."""
    pending: list[str] = []
    while True:
        try:
            line = input((GOES_ON if pending else PROMPT) if prompted else "")
        except EOFError:
            break
        except KeyboardInterrupt:
            if not prompted:
                raise
            pending.clear()
            sys.stdout.write("\n")
            continue
        pending.append(line)
        text = "\n".join(pending)
        if not text.strip():
            pending.clear()
        elif is_whole(text):
            pending.clear()
            yield text
    if any(line.strip() for line in pending):
        yield "\n".join(pending)


def is_whole(text: str) -> bool:
    """Whether a text can be run: a dot command, or ends with a semicolon outside quotes."""
    if text.lstrip().startswith("."):
        return True
    bare = _QUOTED.sub(lambda match: "" if match[0][0] in "-/" else "x", text).rstrip()
    return bare.endswith(";") and "'" not in bare and '"' not in bare and "/*" not in bare


def answer(session: Session, text: str) -> bool:
    """Runs a dot command or statements; what goes wrong is told, not raised. False where it did."""
    begun, went_well = time.monotonic(), False
    try:
        if session.newer():
            sys.stderr.write("a newer snapshot was published: from here on answers are from it\n")
        if text.lstrip().startswith("."):
            from pipelines.shell_commands import obey

            obey(session, text.strip())
            return True
        _run(session, text)
        went_well = True
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped\n")
    except (QueryError, SnapshotError, OutputError) as error:
        tell(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stderr.write(f"{printable(str(error.filename or 'output'))}: {error.strerror}\n")
    if session.timing:
        sys.stderr.write(f"{time.monotonic() - begun:.3f} s\n")
    return went_well


def _run(session: Session, sql: str) -> None:
    stems = mentions_stems(sql)
    if session.output is None:
        with snapshot(session.path, with_search=stems) as connection:
            show(connection, sql, session.output_format, pager=session.pager)
        return
    with whole_file(session.output, never=session.path) as part:
        may_write = part if session.output_format == "parquet" else None
        with snapshot(session.path, may_write=may_write, with_search=stems) as connection:
            write_file(connection, sql, session.output_format, part)
    sys.stdout.write(f"written to {printable(str(session.output))}\n")


def tell(error: Exception) -> None:
    """An error on standard error, each line made safe."""
    for line in str(error).splitlines():
        sys.stderr.write(f"{printable(line)}\n")
