"""The dot commands of the shell."""

from __future__ import annotations

import fnmatch
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.printable import printable
from pipelines.results import ENDINGS, FORMATS, OutputError, format_for, write
from pipelines.warehouse.query import QueryError, snapshot

if TYPE_CHECKING:
    from pipelines.shell import Session


def obey(session: Session, line: str) -> None:
    """Runs a dot command. Raises QueryError, SnapshotError and OutputError."""
    name, _, argument = line.rstrip(";").partition(" ")
    command = COMMANDS.get(name)
    if command is None:
        from pipelines.describe import nearest

        hint = nearest(name, COMMANDS) or ".help lists the commands"
        raise QueryError(f"there is no command {name}; {hint}")
    command[2](session, argument.strip())


def _help(_session: Session, _argument: str) -> None:
    wide = max(len(usage) for usage, _, _ in COMMANDS.values())
    sys.stdout.write("A statement ends with a semicolon; it may take several lines.\n")
    for usage, words, _ in COMMANDS.values():
        sys.stdout.write(f"{usage:{wide}}  {words}\n")


def _tables(session: Session, pattern: str) -> None:
    from pipelines.describe import catalogue_of
    from pipelines.describe_view import list_lines

    with snapshot(session.path) as connection:
        catalogue = catalogue_of(connection)
    if pattern:
        # As in a file name, or as LIKE has it; a mere part of a name will do.
        wanted = pattern.lower().replace("%", "*")
        wanted = wanted if any(c in wanted for c in "*?[") else f"*{wanted}*"
        catalogue = {n: t for n, t in catalogue.items() if fnmatch.fnmatch(n.lower(), wanted)}
        if not catalogue:
            raise QueryError(f"no table or view matches {pattern}; .tables lists all")
    _say(*list_lines(catalogue))


def _describe(session: Session, name: str) -> None:
    from pipelines.describe import UnknownNameError, catalogue_of, find
    from pipelines.describe_cli import text_of
    from pipelines.quality.suites import SuiteError

    with snapshot(session.path) as connection:
        catalogue = catalogue_of(connection)
        try:
            found = find(catalogue, name) if name else None
            _say(*text_of(found, catalogue, connection))
        except (UnknownNameError, SuiteError) as error:
            raise QueryError(str(error)) from error


def _questions(_session: Session, _argument: str) -> None:
    from pipelines.questions import QuestionFileError, load_questions

    try:
        found = load_questions()
    except QuestionFileError as error:
        raise QueryError(str(error)) from error
    wide = max((len(question.name) for question in found), default=0)
    _say(*(f"{question.name:{wide}}  {question.words}" for question in found))


def _question(session: Session, argument: str) -> None:
    import shlex

    from pipelines.questions import (
        ParameterError,
        QuestionFileError,
        UnknownQuestionError,
        find_question,
        given_values,
        run,
    )
    from pipelines.results import explained, whole_file

    try:
        name, *values = shlex.split(argument)
        question = find_question(name)
        given = given_values(question, values)
    except ValueError as error:
        if isinstance(error, ParameterError | QuestionFileError):
            raise QueryError(str(error)) from error
        raise QueryError(".question NAME [name=value ...]; .questions lists them") from error
    except UnknownQuestionError as error:
        raise QueryError(str(error)) from error
    if session.output is None:
        with snapshot(session.path) as connection, explained(connection, question.sql):
            relation = run(connection, question, given)
            write(relation, session.output_format, sys.stdout, pager=session.pager)
        return
    if session.output_format == "parquet":
        raise QueryError(".question writes no parquet; use newsledger questions --output")
    with (
        whole_file(session.output, never=session.path) as part,
        snapshot(session.path) as connection,
        explained(connection, question.sql),
        part.open("w", encoding="utf-8", newline="") as file,
    ):
        write(run(connection, question, given), session.output_format, file)
    _say(f"written to {printable(str(session.output))}")


def _timing(session: Session, argument: str) -> None:
    if argument not in ("on", "off", ""):
        raise QueryError(".timing on or .timing off")
    session.timing = argument == "on" or (argument == "" and not session.timing)
    _say(f"timing is {'on' if session.timing else 'off'}")


def _format(session: Session, argument: str) -> None:
    if argument not in FORMATS:
        raise QueryError(f".format: use {', '.join(FORMATS)}; it is {session.output_format}")
    if argument == "parquet" and session.output is None:
        raise QueryError("parquet goes to a file: .output FILE.parquet first")
    session.output_format = argument


def _output(session: Session, argument: str) -> None:
    if argument in ("", "off"):
        session.output = None
        if session.output_format == "parquet":
            session.output_format = "table"
        return
    path = Path(argument).expanduser()
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; name a file in it")
    ending = path.suffix.lower()
    session.output_format = format_for(ENDINGS.get(ending, session.output_format), path)
    session.output = path
    _say(f"each result replaces {printable(str(path))} ({session.output_format}); .output off ends")


def _snapshot(session: Session, _argument: str) -> None:
    _say(about_snapshot(session))


def about_snapshot(session: Session) -> str:
    """Which snapshot answers, of when, by whom. Raises SnapshotError."""
    from pipelines.warehouse.refusals import published_by

    with snapshot(session.path) as connection:
        version = published_by(connection)
    modified = datetime.fromtimestamp(session.path.stat().st_mtime, UTC)
    minutes = (datetime.now(UTC) - modified).total_seconds() / 60
    age = f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.0f} hours"
    if minutes >= 72 * 60:
        age = f"{minutes / 1440:.0f} days"
    return (
        f"{printable(str(session.path))}: the newest snapshot, of {modified:%Y-%m-%d %H:%M} UTC,"
        f" {age} old, published by newsledger {version}"
    )


def _quit(_session: Session, _argument: str) -> None:
    """The loop ends before it comes here; named for .help and completion."""


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


Command = tuple[str, str, Callable[["Session", str], None]]

COMMANDS: dict[str, Command] = {
    ".tables": (".tables [PATTERN]", "tables and views, with what a row is", _tables),
    ".describe": (".describe TABLE[.COLUMN]", "what a table or a column holds", _describe),
    ".questions": (".questions", "questions that are ready to ask", _questions),
    ".question": (".question NAME [name=value ...]", "asks one of them", _question),
    ".timing": (".timing on|off", "seconds that a statement took", _timing),
    ".format": (".format FORMAT", f"{', '.join(FORMATS)}", _format),
    ".output": (".output FILE|off", "results go to a file; the ending says the format", _output),
    ".snapshot": (".snapshot", "which snapshot answers, and how old it is", _snapshot),
    ".help": (".help", "this list", _help),
    ".quit": (".quit", "ends, as does Ctrl-D", _quit),
}
"""Usage, words and function of each command."""
