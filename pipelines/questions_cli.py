"""``newsledger questions``: lists what analysts ask, and asks it on the snapshot.

Light to start: what the command needs is imported when it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from pipelines.command import FAILED, NoPager, ResultFile, ResultFormat, fail, published_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from pipelines.questions import Question, Value


def questions(
    name: Annotated[
        str | None, typer.Argument(help="The question to ask; without it, all are listed.")
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; as often as needed."),
    ] = None,
    output_format: ResultFormat = None,
    output: ResultFile = None,
    describe: Annotated[
        bool, typer.Option("--describe", help="Its words, parameters and SQL; nothing is asked.")
    ] = False,
    show_sql: Annotated[
        bool,
        typer.Option("--sql", help="Print the statement with the values in it, ready to paste."),
    ] = False,
    no_pager: NoPager = False,
) -> None:
    """Lists the questions that analysts ask, or asks one of the published snapshot.

    newsledger questions who_is_in_the_news --set type=person --set since=2026-03-01
    """
    if describe and show_sql:
        fail("use --describe or --sql, not both")
    from pipelines.questions import QuestionFileError
    from pipelines.results import OutputError, format_for
    from pipelines.warehouse.query import QueryError, SnapshotError

    try:
        chosen = format_for(output_format, output)
        if name is None:
            if values or describe or show_sql or output:
                fail("--set, --describe, --sql and --output need the NAME of a question")
            _list(chosen)
            return
        question, given = _question(name, values or [])
        if describe:
            _describe(question, chosen)
        elif show_sql:
            _print_sql(question, given)
        else:
            _ask(question, given, chosen, output, pager=not no_pager)
    except (OutputError, QueryError, QuestionFileError, SnapshotError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("stopped", FAILED)
    except BrokenPipeError:
        _end_quietly()
    except OSError as error:
        fail(f"{output or 'output'}: {error.strerror or error}", FAILED)


def _question(name: str, texts: list[str]) -> tuple[Question, dict[str, Value]]:
    from pipelines.questions import (
        ParameterError,
        UnknownQuestionError,
        find_question,
        given_values,
    )

    try:
        question = find_question(name)
    except UnknownQuestionError as error:
        fail(str(error))
    try:
        return question, given_values(question, texts)
    except ParameterError as error:
        fail(f"{error}\n{_parameter_lines(question)}")


def _print_sql(question: Question, values: dict[str, Value]) -> None:
    from pipelines.questions import filled

    for line in (question.words, *_wrapped(question.notes)):
        typer.echo(f"-- {line}")
    typer.echo(filled(question, values))


def _list(output_format: str) -> None:
    from pipelines.questions import TOPICS, load_questions

    found = load_questions()
    if output_format == "json":
        _json([_record(question) for question in found])
        return
    if output_format != "table":
        fail("the list is printed as table or json; give the NAME of a question for its answer")
    width = max(len(question.name) for question in found)
    for topic, heading in TOPICS.items():
        typer.echo(f"{heading}")
        for question in found:
            if question.topic == topic:
                typer.echo(f"  {question.name:{width}}  {question.words}")
        typer.echo()
    typer.echo("newsledger questions NAME asks one; with --describe it says what can be set.")


def _describe(question: Question, output_format: str) -> None:
    if output_format == "json":
        _json(_record(question))
        return
    for line in (question.words, *_wrapped(question.notes), ""):
        typer.echo(line)
    typer.echo(_parameter_lines(question))
    typer.echo()
    typer.echo(f"{question.sql};")


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, 100)


def _parameter_lines(question: Question) -> str:
    if not question.parameters:
        return "Parameters: none."
    lines = ["Parameters (--set NAME=VALUE):"]
    width = max(len(p.name) for p in question.parameters)
    for p in question.parameters:
        default = "not set" if p.default == "NULL" else p.default
        lines.append(f"  {p.name:{width}}  {p.kind}: {p.words} Default: {default}.")
    return "\n".join(lines)


def _ask(
    question: Question,
    values: dict[str, Value],
    output_format: str,
    output: Path | None,
    *,
    pager: bool,
) -> None:
    from pipelines.questions import bound_values, run
    from pipelines.results import explained, whole_file, write
    from pipelines.warehouse.query import snapshot, write_parquet

    path = published_file()
    with ExitStack() as stack:
        part = stack.enter_context(whole_file(output, never=path)) if output else None
        may_write = part if output_format == "parquet" else None
        connection = stack.enter_context(snapshot(path, may_write=may_write))
        relation = run(connection, question, values)
        stack.enter_context(explained(connection, question.sql))
        if part is not None and output_format == "parquet":
            write_parquet(relation, part)
            return
        counted = _Counted(relation)
        answer = cast("DuckDBPyRelation", counted)
        if part is None:
            write(answer, output_format, sys.stdout, pager=pager)
        else:
            with part.open("w", encoding="utf-8", newline="") as file:
                write(answer, output_format, file)
        if not counted.rows:
            _say_what_was_asked(bound_values(connection, question, values))


class _Counted:
    """A result that is read in batches, and counts its rows: to ask again for them takes time."""

    def __init__(self, relation: DuckDBPyRelation) -> None:
        self.relation, self.rows = relation, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.relation, name)

    def fetchmany(self, size: int) -> list[Any]:
        batch = self.relation.fetchmany(size)
        self.rows += len(batch)
        return batch


def _say_what_was_asked(values: Mapping[str, object]) -> None:
    """An empty answer may be right or a slip: the values, defaults included, tell."""
    from pipelines.printable import printable

    asked = ", ".join(f"{name}={value}" for name, value in values.items() if value is not None)
    if asked:
        typer.echo(f"newsledger: nothing found with {printable(asked)}", err=True)


def _record(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "question": question.words,
        "notes": question.notes,
        "topic": question.topic,
        "parameters": [
            {"name": p.name, "type": p.kind, "default": p.default, "description": p.words}
            | ({"choices": p.choices} if p.choices else {})
            for p in question.parameters
        ],
        "sql": question.sql,
    }


def _json(value: Any) -> None:
    from pipelines.printable import printable_json

    typer.echo(printable_json(value))


def _end_quietly() -> None:
    """The reader of the pipe has seen enough; Python must not complain while it ends."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(FAILED)
